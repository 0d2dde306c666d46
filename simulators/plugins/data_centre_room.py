"""Rooms of the data centre."""

import numpy as np

from ioc.core.words import Text
from simulators.calendar import local_hour
from simulators.noise import DAY, Noise, Times, Values
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import ROOM_SET, World

RECHARGE_S = 300
RECHARGE_STEPS = 24
RECHARGE = 6.0
"""Per cent gained in ``RECHARGE_S``."""


@simulator(
    kind="data-centre-room",
    name=Text("Phòng máy trung tâm dữ liệu", "Data-centre room"),
    streams=(
        stream(
            "temperature", "Cel", every=30, between=(0, 80), resolution=0.1,
            vi="Nhiệt độ phòng máy", en="Room temperature",
        ),
        stream(
            "humidity", "%RH", every=30, between=(0, 100), resolution=0.1,
            vi="Độ ẩm phòng máy", en="Room humidity",
        ),
        stream(
            "load", "kW", every=30, between=(0, 200), resolution=0.1,
            vi="Công suất tiêu thụ", en="Load",
        ),
        stream(
            "ups-charge", "%", every=30, between=(0, 100), resolution=0.1,
            vi="Dung lượng UPS", en="UPS charge",
        ),
        stream(
            "storage", "%", every=30, between=(0, 100), resolution=0.01,
            vi="Lưu trữ đã dùng", en="Storage used",
        ),
    ),
)  # fmt: skip
def data_centre_room(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """A room that warms by half a degree a minute without cooling, and a UPS under it.

    Settings: ``room`` (``primary`` or ``standby``), ``load_kw``,
    ``storage_percent`` (used at its emptiest), ``ups_minutes`` (a full battery at that load).
    """
    second = "standby" if thing.id.endswith("-02") else "primary"
    room = second if "room" not in thing.settings else thing.word("room", "primary", "standby")
    rise = world.room_rise(at, room)
    running = np.where(world.room_up(at, room), 1.0, 0.35)
    work = world.calendar.activity(at) * (1.0 if room == "primary" else 0.3)
    usual = thing.number("load_kw", 24.0 if room == "primary" else 15.0)
    load = usual * (0.93 + 0.12 * work) * running * (1.0 + 0.012 * noise.normal(at, "load", 30))
    grown = (at / DAY + 120.0 * noise.constant("storage")) % 120.0
    backup = np.clip(2.0 - np.abs(local_hour(at) - 2.5), 0.0, 1.0)
    return {
        "temperature": ROOM_SET + rise + 0.35 * noise.wave(at, "air") + 0.8 * work,
        "humidity": 47.0 - 1.1 * rise + 2.5 * noise.wave(at, "damp"),
        "load": load,
        "ups-charge": 100.0 - _drained(at, thing, world),
        "storage": thing.number("storage_percent", 62.0) + 0.1 * grown + 1.5 * backup,
    }


def _drained(at: Times, thing: Subject, world: World) -> Values:
    """Give what is missing in the battery: lost without mains, won back afterwards."""
    full = 60.0 * thing.number("ups_minutes", 15.0)
    worst = np.zeros(len(at))
    for step in range(RECHARGE_STEPS):
        then = at - step * RECHARGE_S
        carried = world.on_battery(then, thing.place)
        worst = np.maximum(worst, np.minimum(carried / full, 1.0) * 100.0 - step * RECHARGE)
    return worst
