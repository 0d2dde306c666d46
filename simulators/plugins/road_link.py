"""Roads between towns: open, slow or shut, and how long they take."""

import numpy as np

from ioc.core.words import Text
from simulators.noise import Noise, Times
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

CLOSED, SLOW, OPEN = 0.0, 1.0, 2.0
DETOUR = 2.2
"""Factor on the time while the way round is taken."""

SLUGGISH = 1.4


@simulator(
    kind="road-link",
    name=Text("Tuyến đường", "Road link"),
    streams=(
        stream(
            "status", every=300, levels=("closed", "slow", "open"),
            vi="Trạng thái", en="Status",
        ),
        stream(
            "travel-time", "min", every=300, between=(0, 900), resolution=1,
            vi="Thời gian đi", en="Travel time",
        ),
    ),
)  # fmt: skip
def road_link(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """A road of a district: slides and fords shut it; rain, crashes and feasts slow it.

    Settings: ``length_km``, ``limit_kmh``.
    """
    shut = world.road_closed(at, thing.place)
    wet = 0.3 * np.tanh(world.rain(at, thing.place) / 15.0)
    crash = world.capacity_lost(at, thing.place)
    feast = 0.25 * (world.gathering(at, thing.place) - 1.0)
    busy = 0.1 * world.calendar.activity(at)
    factor = 1.0 + wet + crash + feast + busy + 0.03 * noise.wave(at, "pace")
    hours = thing.number("length_km", 45.0) / thing.number("limit_kmh", 42.0)
    return {
        "status": np.where(shut, CLOSED, np.where(factor > SLUGGISH, SLOW, OPEN)),
        "travel-time": 60.0 * hours * np.where(shut, DETOUR * factor, factor),
    }
