"""Air-quality stations, with the hourly VN_AQI they publish themselves."""

import numpy as np

from ioc.core.air_quality import NOWCAST_HOURS, hourly_index
from ioc.core.words import Text
from simulators.calendar import local_hour
from simulators.noise import Noise, Times, Values
from simulators.registry import Observed, Subject, on_step, simulator, stream
from simulators.world import World

HOUR = 3_600
PERIOD = 300


@simulator(
    kind="air-station",
    name=Text("Trạm quan trắc không khí", "Air-quality station"),
    gaps=0.006,
    streams=(
        stream(
            "pm25", "ug/m3", every=300, between=(0, 1000), resolution=0.1,
            vi="Bụi mịn PM2,5", en="Fine dust PM2.5",
        ),
        stream(
            "pm10", "ug/m3", every=300, between=(0, 1500), resolution=0.1,
            vi="Bụi PM10", en="Dust PM10",
        ),
        stream(
            "o3", "ug/m3", every=300, between=(0, 1500), resolution=0.1,
            vi="Ô-dôn O3", en="Ozone O3",
        ),
        stream(
            "no2", "ug/m3", every=300, between=(0, 4000), resolution=0.1,
            vi="Ni-tơ đi-ô-xít NO2", en="Nitrogen dioxide NO2",
        ),
        stream(
            "aqi", "", every=3600, between=(0, 500), resolution=1,
            vi="Chỉ số VN_AQI giờ", en="Hourly VN_AQI",
        ),
    ),
)  # fmt: skip
def air_station(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Dust, ozone and nitrogen dioxide, and the index of the last whole hour computed from them.

    Settings: ``traffic`` (0 open country to 1 beside a busy road).
    """
    hours, back = np.unique(at // HOUR, return_inverse=True)
    return {**_air(at, noise, thing, world), "aqi": _aqi(hours, noise, thing, world)[back]}


def _air(at: Times, noise: Noise, thing: Subject, world: World) -> dict[str, Values]:
    """Give the concentrations as they are published, in steps of 0.1 µg/m³."""
    road = thing.number("traffic", 0.5)
    local = 0.82 + 0.2 * road + 0.16 * noise.constant("site")
    fine = world.dust(at, thing.place) * local
    fine = fine * np.exp(0.06 * noise.normal(at, "fine", PERIOD))
    coarse = fine * (1.6 + 0.12 * noise.wave(at, "coarse"))
    sun = np.maximum(np.cos(2.0 * np.pi * (local_hour(at) - 14.0) / 24.0), 0.0)
    ozone = (28.0 + 62.0 * sun) * np.exp(0.25 * noise.wave(at, "ozone"))
    fumes = (5.0 + (8.0 + 36.0 * road) * world.calendar.activity(at)) * np.exp(
        0.3 * noise.wave(at, "fumes")
    )
    found = {"pm25": fine, "pm10": coarse, "o3": ozone, "no2": fumes}
    return {name: on_step(values, 0.1) for name, values in found.items()}


def _aqi(hours: Times, noise: Noise, thing: Subject, world: World) -> Values:
    """Give the index of the hour that ended with each of the given hours, as they begin."""
    needed = np.unique(hours[:, None] - 1 - np.arange(NOWCAST_HOURS))
    times = needed[:, None] * HOUR + thing.phase % PERIOD + np.arange(0, HOUR, PERIOD)
    air = _air(times.ravel(), noise, thing, world)
    mean = {name: values.reshape(times.shape).mean(axis=1) for name, values in air.items()}
    last = np.searchsorted(needed, hours[:, None] - 1 - np.arange(NOWCAST_HOURS))
    newest_first = {name: values[last] for name, values in mean.items()}
    return hourly_index(newest_first)
