"""A web portal as its visitors see it: visits, look-ups, whether its pages are what they were."""

import numpy as np

from ioc.core.words import Text
from simulators.levels import HOUR, events
from simulators.noise import Noise, Times
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World


@simulator(
    kind="web-portal",
    name=Text("Cổng thông tin điện tử", "Web portal"),
    streams=(
        stream(
            "visits", "1", every=HOUR, between=(0, 1000000), resolution=1,
            vi="Lượt truy cập", en="Visits",
        ),
        stream(
            "searches", "1", every=HOUR, between=(0, 100000), resolution=1,
            vi="Lượt tra cứu thông tin", en="Searches",
        ),
        stream(
            "page-integrity", every=HOUR, levels=("intact", "changed"),
            vi="Toàn vẹn trang", en="Page integrity",
        ),
    ),
)  # fmt: skip
def web_portal(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Visits and searches with the load of the day.

    Once in a long while a page is changed by a stranger.

    Settings: ``busy``.
    """
    load = world.calendar.activity(at) * world.overload(at, "web")
    up = ~world.down(f"web/{thing.id}", at, mtbf_h=720.0, mttr_h=0.75)
    visits = events(
        at, noise, "visits", np.minimum(220.0 * thing.number("busy", 1.0) * load, 900.0)
    )
    changed = world.down(f"defaced/{thing.id}", at, mtbf_h=9_000.0, mttr_h=3.0)
    return {
        "visits": np.where(up, visits, 0.0),
        "searches": np.where(up, np.rint(0.17 * visits), 0.0),
        "page-integrity": np.where(changed, 1.0, 0.0),
    }
