"""Rain gauges."""

import numpy as np

from ioc.core.words import Text
from simulators.calendar import local_hour
from simulators.noise import Noise, Times, gamma
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

TIP_MM = 0.2


@simulator(
    kind="rain-gauge",
    name=Text("Trạm đo mưa", "Rain gauge"),
    gaps=0.006,
    streams=(
        stream(
            "rainfall", "mm/h", every=600, between=(0, 400), resolution=0.2,
            vi="Cường độ mưa", en="Rainfall",
        ),
        stream(
            "battery", "V", every=600, between=(0, 16), resolution=0.01,
            vi="Điện áp ắc quy", en="Battery",
        ),
    ),
)  # fmt: skip
def rain_gauge(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Tipping bucket on a solar battery: the rain over its place, unevenly caught, in tips."""
    falling = world.rain(at, thing.place)
    caught = falling * gamma(noise.normal(at, "catch", 600), shape=16.0, mean=1.0)
    tips = np.floor(caught / (6.0 * TIP_MM) + noise.uniform(at, "bucket", 600))
    sun = np.maximum(np.cos(2.0 * np.pi * (local_hour(at) - 13.0) / 24.0), 0.0)
    cloud = 1.0 - 0.7 * np.tanh(falling / 4.0)
    charge = 12.35 + 0.9 * sun * cloud + 0.12 * noise.wave(at, "battery")
    return {"rainfall": tips * TIP_MM * 6.0, "battery": charge}
