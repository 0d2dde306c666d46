"""Base stations of mobile operators."""

import numpy as np

from ioc.core.words import Text
from simulators.calendar import local_hour
from simulators.noise import Noise, Times
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

DOWN, BATTERY, UP = 0.0, 1.0, 2.0

# Load by local hour: people talk and watch in the evening.
HOURS = np.array([
    18, 13, 10, 9, 10, 15, 26, 38, 45, 48, 50, 52, 50, 46, 45, 47, 50, 55, 62, 70, 74, 66, 46, 28,
    18,
])  # fmt: skip


@simulator(
    kind="telecom-station",
    name=Text("Trạm phát sóng di động", "Mobile base station"),
    streams=(
        stream(
            "status", every=300, levels=("down", "battery", "up"),
            vi="Trạng thái", en="Status",
        ),
        stream(
            "load", "%", every=300, between=(0, 100), resolution=0.1,
            vi="Tải", en="Load",
        ),
    ),
)  # fmt: skip
def telecom_station(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """On mains, then on a battery for four to eight hours; a ring saves most from one torn cable.

    Settings: ``battery_h``.
    """
    hours = thing.number("battery_h", 4.0 + 4.0 * noise.constant("battery"))
    dark = world.mains_lost(at, thing.place)
    cut = (world.fibre_lost(at, thing.place) > 0.0) & (noise.constant("ring") < 0.35)
    broken = world.down(f"station/{thing.id}", at, mtbf_h=900.0, mttr_h=1.0)
    down = cut | broken | (dark > hours * 3_600.0)
    status = np.where(down, DOWN, np.where(dark > 0.0, BATTERY, UP))
    usual = np.interp(local_hour(at), np.arange(25.0), HOURS) * (
        0.75 + 0.4 * noise.constant("size")
    )
    load = usual * (1.0 + 0.06 * noise.wave(at, "crowd")) + 2.0 * noise.normal(at, "load", 300)
    return {"status": status, "load": np.where(down, 0.0, load)}
