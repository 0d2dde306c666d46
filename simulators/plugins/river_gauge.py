"""River gauges."""

import numpy as np

from ioc.core.words import Text
from simulators.noise import Noise, Times
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import FLOOD_FLOW, World

CURVE = 1.8
"""Exponent of the rating curve."""

TIDE_S = 89_428
"""The Gulf of Tonkin's tide is mainly diurnal: one lunar day."""


@simulator(
    kind="river-gauge",
    name=Text("Trạm thủy văn", "River gauge"),
    gaps=0.006,
    streams=(
        stream(
            "level", "m", every=600, between=(-1, 20), resolution=0.01,
            vi="Mực nước", en="Water level",
        ),
        stream(
            "flow", "m3/s", every=600, between=(0, 20_000), resolution=0.01,
            vi="Lưu lượng", en="Flow",
        ),
    ),
)  # fmt: skip
def river_gauge(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Level over a rating curve pinned to the gauge's own flood alarm level 1.

    Settings: ``catchment_km2``, ``base_m`` (the level of no flow), ``tide_m``.
    """
    km2 = thing.number("catchment_km2", 25.0 + 35.0 * noise.constant("catchment"))
    alarm = thing.limits.get("alarm-1", 3.0)
    base = thing.number("base_m", 0.15 * alarm)
    flow = world.flow(at, thing.place, km2)
    stage = base + (alarm - base) * (flow / (FLOOD_FLOW * km2)) ** (1.0 / CURVE)
    tide = thing.number("tide_m", 0.0) * np.cos(2.0 * np.pi * at / TIDE_S)
    ripple = 0.012 * noise.normal(at, "ripple", 600)
    meter = 1.0 + 0.02 * noise.wave(at, "meter")
    return {"level": stage + tide + ripple, "flow": flow * meter}
