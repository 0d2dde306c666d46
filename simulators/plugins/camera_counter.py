"""Cameras that count: vehicles, violations, people on the square."""

import numpy as np

from ioc.core.words import Text
from simulators.calendar import local_hour
from simulators.noise import Noise, Times, gamma, poisson
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

PERIOD = 300

# Share of a day's vehicles in an hour.
HOURS = np.array([
    .4, .3, .3, .4, 1., 3., 7.2, 8., 6., 5.6, 5.8, 6.4, 4.2, 5.2, 5.6, 5.8, 7.4, 8.4, 6.4, 4.6,
    3.4, 2.4, 1.4, .8, .4,
])  # fmt: skip
VIOLATIONS = 0.004
"""Violations for a vehicle; more at night, fewer in rain."""


@simulator(
    kind="camera-counter",
    name=Text("Ca-mê-ra AI đếm", "Counting camera"),
    gaps=0.004,
    streams=(
        stream(
            "vehicles", "1", every=PERIOD, between=(0, 5000), resolution=1,
            vi="Phương tiện", en="Vehicles",
        ),
        stream(
            "violations", "1", every=PERIOD, between=(0, 500), resolution=1,
            vi="Vi phạm giao thông", en="Traffic violations",
        ),
        stream(
            "people", "1", every=PERIOD, between=(0, 100_000), resolution=1,
            vi="Người trong khung hình", en="People in view",
        ),
        stream(
            "status", every=PERIOD, levels=("offline", "online"),
            vi="Trạng thái", en="Status",
        ),
    ),
)  # fmt: skip
def camera_counter(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """What a camera counts in five minutes; dark without mains, crowded on a feast's evening.

    Settings: ``daily_vehicles``, ``people`` (in view at a busy hour).
    """
    dark = (world.mains_lost(at, thing.place) > 0.0) | (world.fibre_lost(at, thing.place) > 0.0)
    broken = world.down(f"camera/{thing.id}", at, mtbf_h=1_000.0, mttr_h=3.0)
    there = ~(dark | broken)
    hour, crowd = local_hour(at), world.gathering(at, thing.place)
    share = np.interp(hour, np.arange(25.0), HOURS) / HOURS[:24].sum()
    wet = 1.0 - 0.25 * np.tanh(world.rain(at, thing.place) / 15.0)
    mean = thing.number("daily_vehicles", 6_000.0) * share / 12.0 * wet * crowd
    vehicles = poisson(noise.uniform(at, "vehicles", PERIOD), mean)
    night = np.where((hour > 21.0) | (hour < 5.0), 2.0, 1.0)
    fined = poisson(noise.uniform(at, "violations", PERIOD), VIOLATIONS * vehicles * night * wet)
    around = thing.number("people", 25.0) * share * 16.0 * wet * crowd**3
    people = around * gamma(noise.normal(at, "people", PERIOD), 12.0, 1.0)
    return {
        "vehicles": np.where(there, vehicles, 0.0),
        "violations": np.where(there, fined, 0.0),
        "people": np.where(there, people, 0.0),
        "status": np.where(there, 1.0, 0.0),
    }
