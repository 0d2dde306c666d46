"""Water-quality stations on rivers and lakes."""

import numpy as np

from ioc.core.words import Text
from simulators.calendar import local_hour
from simulators.noise import Noise, Times
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

PERIOD = 900


@simulator(
    kind="water-station",
    name=Text("Trạm quan trắc nước mặt", "Water-quality station"),
    gaps=0.006,
    streams=(
        stream(
            "ph", "", every=PERIOD, between=(0, 14), resolution=0.01,
            vi="Độ pH", en="pH",
        ),
        stream(
            "oxygen", "mg/L", every=PERIOD, between=(0, 20), resolution=0.01,
            vi="Ô-xy hòa tan", en="Dissolved oxygen",
        ),
        stream(
            "turbidity", "NTU", every=PERIOD, between=(0, 4000), resolution=0.1,
            vi="Độ đục", en="Turbidity",
        ),
        stream(
            "temperature", "Cel", every=PERIOD, between=(0, 45), resolution=0.1,
            vi="Nhiệt độ nước", en="Water temperature",
        ),
    ),
)  # fmt: skip
def water_station(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Warm water holds less oxygen, algae give some by day, floods bring mud and sour it."""
    air = world.temperature(at - 3 * 3_600, thing.place, world.climate.elevation)
    warm = 6.0 + 0.72 * air + 0.3 * noise.wave(at, "water")
    high = world.flood(at, thing.place)
    mud = 12.0 + 900.0 * np.minimum(high, 3.0) ** 1.6
    full = 14.6 - 0.41 * warm + 0.008 * warm**2 - 0.000078 * warm**3
    algae = 0.5 * np.cos(2.0 * np.pi * (local_hour(at) - 15.0) / 24.0)
    return {
        "ph": 7.3 + 0.15 * algae - 0.25 * np.tanh(high) + 0.08 * noise.wave(at, "ph"),
        "oxygen": full * 0.9 + algae - 0.6 * np.tanh(high) + 0.15 * noise.wave(at, "oxygen"),
        "turbidity": mud * np.exp(0.25 * noise.wave(at, "mud")),
        "temperature": warm,
    }
