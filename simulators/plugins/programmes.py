"""Programmes and people's training: what moves by the week."""

import numpy as np

from ioc.core.words import Text
from simulators.noise import DAY, Noise, Times, binomial, poisson
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

HOUR = 3_600
YEAR_S = 365.25 * DAY


@simulator(
    kind="programme",
    name=Text("Chương trình, kế hoạch", "Programme"),
    streams=(
        stream(
            "progress", "%", every=HOUR, between=(0, 100), resolution=0.1,
            vi="Tiến độ", en="Progress",
        ),
        stream(
            "milestones-late", "1", every=HOUR, between=(0, 1000), resolution=1,
            vi="Mốc chậm", en="Milestones late",
        ),
    ),
)  # fmt: skip
def programme(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Milestones done, of all due by the programme's end; those behind the plan are late.

    Progress keeps to working time: nothing is done over Tết. Illustrative.

    Settings: ``from_year``, ``to_year``, ``milestones``, ``pace`` (1 is as planned).
    """
    first = (thing.number("from_year", 2021.0) - 1970.0) * YEAR_S
    last = (thing.number("to_year", 2030.0) - 1970.0) * YEAR_S
    past = np.clip((at - first) / (last - first), 0.0, 1.0)
    worked = world.calendar.worked(at) - world.calendar.worked(np.asarray(at) - 30 * DAY)
    month = worked / (22.0 * 8.0 * HOUR)  # 1 in a usual month
    pace = thing.number("pace", 0.96) * (0.98 + 0.02 * np.clip(month, 0.0, 1.2))
    done = np.clip(past * pace + 0.005 * noise.wave(at, "done"), 0.0, 1.0)
    behind = np.clip(past - done, 0.0, 1.0) * thing.number("milestones", 60.0)
    return {"progress": 100.0 * done, "milestones-late": np.floor(behind)}


@simulator(
    kind="training",
    name=Text("Đào tạo kỹ năng số", "Digital-skills training"),
    streams=(
        stream(
            "learners", "1", every=HOUR, between=(0, 100_000), resolution=1,
            vi="Lượt học viên", en="Learners",
        ),
        stream(
            "passed", "1", every=HOUR, between=(0, 100_000), resolution=1,
            vi="Lượt đạt", en="Passed",
        ),
    ),
)  # fmt: skip
def training(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Courses for residents and officials: who sat in the hour that ends at the time, who passed.

    Settings: ``learners_a_day``. Illustrative.
    """
    rate = thing.number("learners_a_day", 90.0) / 8.0 * world.calendar.open_share(at, HOUR)
    learners = poisson(noise.uniform(at, "learners", HOUR), rate)
    skill = 0.86 + 0.03 * noise.wave(at, "skill")
    return {
        "learners": learners,
        "passed": binomial(noise.uniform(at, "passed", HOUR), learners, np.clip(skill, 0.0, 1.0)),
    }
