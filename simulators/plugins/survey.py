"""What citizens answer when asked how they were served."""

from ioc.core.words import Text
from simulators.levels import HOUR, events, office_hour
from simulators.noise import Noise, Times, binomial
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World


@simulator(
    kind="survey",
    name=Text("Khảo sát hài lòng", "Satisfaction survey"),
    streams=(
        stream(
            "answers", "1", every=HOUR, between=(0, 5000), resolution=1,
            vi="Phiếu trả lời", en="Answers",
        ),
        stream(
            "answers-content", "1", every=HOUR, between=(0, 5000), resolution=1,
            vi="Phiếu hài lòng", en="Answers that are content",
        ),
        stream(
            "content-rate", "%", every=HOUR, between=(0, 100), resolution=0.1,
            vi="Tỷ lệ hài lòng", en="Share content",
        ),
    ),
)  # fmt: skip
def survey(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Answers at an area's counters and on the portal, and how many are content.

    Long queues cost some.

    Settings: ``share`` (of the province's answers).
    """
    means = 55.0 * thing.number("share", 0.1) * office_hour(at, world)
    answers = events(at, noise, "answers", means)
    busy = world.crowd(at, thing.place)
    usual = 0.925 + 0.03 * (noise.constant("content") - 0.5) - 0.04 * (busy - 1.0)
    drift = 0.01 * noise.wave(at, "mood")
    return {
        "content-rate": 100.0 * (usual + drift),
        "answers": answers,
        "answers-content": binomial(noise.uniform(at, "content", HOUR), answers, usual),
    }
