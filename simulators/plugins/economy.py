"""Firms and capital, as the registry counts them."""

from ioc.core.words import Text
from simulators.calendar import local_day
from simulators.levels import HOUR, events, office_hour
from simulators.noise import Noise, Times, lognormal
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World


@simulator(
    kind="economy",
    name=Text("Kinh tế - xã hội", "Economy"),
    streams=(
        stream(
            "new-firms", "1", every=HOUR, between=(0, 1000), resolution=1,
            vi="Doanh nghiệp thành lập mới", en="New firms",
        ),
        stream(
            "new-capital", "GVND", every=HOUR, between=(0, 100000), resolution=0.1,
            vi="Vốn đăng ký mới", en="Capital registered",
        ),
        stream(
            "firms-stopped", "1", every=HOUR, between=(0, 1000), resolution=1,
            vi="Doanh nghiệp tạm ngừng, giải thể", en="Firms that stopped",
        ),
        stream(
            "budget-revenue", "%", every=HOUR, between=(0, 200), resolution=0.1,
            vi="Thu ngân sách so với dự toán", en="Revenue against the plan",
        ),
    ),
)  # fmt: skip
def economy(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """New firms by the hour of a working day, their capital, firms that stop; a spring of many.

    Settings: ``firms`` (of a working day).
    """
    part = office_hour(at, world)
    firms = events(at, noise, "firms", thing.number("firms", 1.0) * part)
    each = lognormal(noise.normal(at, "capital", HOUR), 3.2, 0.9)
    year = (local_day(at) % 365.25) / 365.25
    return {
        "new-firms": firms,
        "new-capital": firms * each,
        "firms-stopped": events(at, noise, "stopped", 0.55 * thing.number("firms", 1.0) * part),
        "budget-revenue": 103.0 * year**0.95 + 0.8 * noise.wave(at, "revenue"),
    }
