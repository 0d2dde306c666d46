"""Reservoirs of hydroelectric dams."""

import numpy as np

from ioc.core.words import Text
from simulators.calendar import local_hour
from simulators.noise import DAY, Noise, Times, Values
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

MEMORY_DAYS = 120
"""Days of rain that still stand in the lake: a dam with one filling a year."""

FADES_DAYS = 50.0
FILLS_MM = 330.0
"""Rain in the memory that fills two thirds of the lake. All of this is illustrative."""

FULL = 0.94
"""From here on the gates are open: part of the live storage."""


@simulator(
    kind="reservoir",
    name=Text("Hồ chứa thủy điện", "Hydroelectric reservoir"),
    gaps=0.002,
    streams=(
        stream(
            "level", "m", every=3600, between=(0, 500), resolution=0.01,
            vi="Mực nước hồ", en="Reservoir level",
        ),
        stream(
            "live-storage", "%", every=3600, between=(0, 110), resolution=0.1,
            vi="Dung tích hữu ích", en="Live storage",
        ),
        stream(
            "inflow", "m3/s", every=3600, between=(0, 20_000), resolution=0.1,
            vi="Lưu lượng đến", en="Inflow",
        ),
        stream(
            "outflow", "m3/s", every=3600, between=(0, 20_000), resolution=0.1,
            vi="Lưu lượng xả", en="Outflow",
        ),
    ),
)  # fmt: skip
def reservoir(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """A lake that the wet season fills and the turbines empty; what is above the top is let go.

    Settings: ``dead_m`` and ``normal_m`` (levels of an empty and a full live storage),
    ``catchment_km2``, ``turbine_m3s``. All are illustrative.
    """
    dead, normal = thing.number("dead_m", 100.0), thing.number("normal_m", 110.0)
    storage = _storage(at, thing, world)
    inflow = world.flow(at, thing.place, thing.number("catchment_km2", 200.0))
    evening = np.exp(-(((local_hour(at) - 18.5) / 3.0) ** 2))
    turbines = thing.number("turbine_m3s", 60.0) * (0.35 + 0.65 * evening) * np.sqrt(storage)
    gates = inflow * np.clip((storage - FULL) / (1.0 - FULL), 0.0, 1.2)
    wind = 0.02 * noise.normal(at, "waves", 3_600)
    return {
        "level": dead + (normal - dead) * storage**0.8 + wind,
        "live-storage": 100.0 * storage,
        "inflow": inflow,
        "outflow": turbines + gates,
    }


def _storage(at: Times, thing: Subject, world: World) -> Values:
    """Give the part of the live storage that is full, from the rain of the last months."""
    first, last = int(at.min() // DAY), int(at.max() // DAY) + 1
    ends = np.arange(first - MEMORY_DAYS, last + 1) * DAY
    rain = 24.0 * world.rain(ends, thing.place, DAY)
    fading = np.exp(-np.arange(MEMORY_DAYS) / FADES_DAYS)
    windows = np.lib.stride_tricks.sliding_window_view(rain[1:], MEMORY_DAYS)[:, ::-1]
    held = (windows * fading).sum(axis=1)
    by_day = 1.0 - np.exp(-held / FILLS_MM)
    return np.asarray(np.interp(at, np.arange(first, last + 1) * DAY, by_day))
