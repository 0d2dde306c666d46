"""Traffic counters."""

import numpy as np

from ioc.core.calendar import weekday
from ioc.core.words import Text
from simulators.calendar import local_day, local_hour
from simulators.noise import Noise, Times, gamma
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

# Share of a day's vehicles in an hour: early peaks, a long noon, quiet nights.
HOURS = np.array([
    .4, .3, .3, .4, 1., 3., 7.2, 8., 6., 5.6, 5.8, 6.4, 4.2, 5.2, 5.6, 5.8, 7.4, 8.4, 6.4, 4.6,
    3.4, 2.4, 1.4, .8, .4,
])  # fmt: skip
SHARE = HOURS / HOURS[:24].sum()

VEHICLE_M = 3.2
"""Mean length: most are motorbikes."""

LANE = 900.0
"""Vehicles an hour a lane takes."""

FULL = 2.5
"""Vehicles for a unit of capacity beyond which no more fit."""


@simulator(
    kind="traffic-counter",
    name=Text("Điểm đếm giao thông", "Traffic counter"),
    gaps=0.006,
    streams=(
        stream(
            "flow", "veh/h", every=300, between=(0, 6000), resolution=12,
            vi="Lưu lượng xe", en="Flow",
        ),
        stream(
            "speed", "km/h", every=300, between=(0, 130), resolution=0.1,
            vi="Tốc độ trung bình", en="Mean speed",
        ),
        stream(
            "occupancy", "%", every=300, between=(0, 100), resolution=0.1,
            vi="Độ chiếm dụng", en="Occupancy",
        ),
    ),
)  # fmt: skip
def traffic_counter(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Vehicles of five minutes, and how fast they go by the road's load (the BPR curve).

    Settings: ``daily_vehicles``, ``lanes``, ``limit_kmh`` (speed without a queue).
    """
    daily = thing.number("daily_vehicles", 3_500.0 + 6_000.0 * noise.constant("daily"))
    free = thing.number("limit_kmh", 34.0 + 18.0 * noise.constant("free"))
    sunday = np.where(weekday(local_day(at)) == 6, 0.86, 1.0)
    off = np.where(world.calendar.working_day(at), 1.0, 0.93)
    wet = 1.0 - 0.25 * np.tanh(world.rain(at, thing.place) / 15.0)
    usual = np.interp(local_hour(at), np.arange(25.0), SHARE) * daily * sunday * off * wet
    lost = world.capacity_lost(at, thing.place)
    room = thing.number("lanes", 2.0) * LANE * (1.0 - lost)
    mean = np.minimum(usual, 1.15 * room) / 12.0 * gamma(noise.normal(at, "mix", 300), 20.0, 1.0)
    count = np.rint(np.maximum(mean + np.sqrt(mean) * noise.normal(at, "count", 300), 0.0))
    load = np.minimum(usual / room, FULL)
    speed = free / (1.0 + 0.15 * load**4) * (0.8 + 0.2 * wet)
    speed = speed * np.exp(0.05 * noise.normal(at, "pace", 300))
    occupancy = count * 12.0 * VEHICLE_M / (speed * 10.0) * (1.0 + 4.0 * lost)
    return {"flow": count * 12.0, "speed": speed, "occupancy": occupancy}
