"""A sector's database and the national one it is kept equal with."""

import numpy as np

from ioc.core.words import Text
from simulators.calendar import local_hour
from simulators.levels import HOUR, events
from simulators.noise import Noise, Times, binomial
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

LONGEST_H = 36
"""Hours of an outage that are counted."""


@simulator(
    kind="database-sync",
    name=Text("Đồng bộ cơ sở dữ liệu", "Database synchronisation"),
    streams=(
        stream(
            "records-synced", "1", every=HOUR, between=(0, 100000), resolution=1,
            vi="Bản ghi đồng bộ", en="Records synchronised",
        ),
        stream(
            "sync-lag", "h", every=HOUR, between=(0, 1000), resolution=0.1,
            vi="Độ trễ đồng bộ", en="Lag",
        ),
        stream(
            "sync-conflicts", "1", every=HOUR, between=(0, 10000), resolution=1,
            vi="Bản ghi xung đột", en="Conflicting records",
        ),
    ),
)  # fmt: skip
def database_sync(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Records sent by the hour; while the national bus is away or slow the lag grows.

    And conflicts with it.

    Settings: ``busy``, ``nightly``.
    """
    name = f"sync/{thing.id}"
    bus = world.bus("ngsp", at)
    down = world.down(name, at, mtbf_h=500.0, mttr_h=9.0) | ~bus.up
    waited, still = np.zeros(len(at)), down.copy()
    for back in range(1, LONGEST_H):
        waited += still
        still &= world.down(name, at - back * HOUR, mtbf_h=500.0, mttr_h=9.0)
    busy = thing.number("busy", 1.0) * 240.0 * world.calendar.activity(at)
    sent = np.where(down, 0.0, events(at, noise, "records", busy))
    nightly = (local_hour(at) + 24.0 - 1.0) % 24.0 if thing.settings.get("nightly") else 0.2
    return {
        "records-synced": sent,
        "sync-lag": nightly + waited + 0.1 * (bus.slow - 1.0),
        "sync-conflicts": binomial(noise.uniform(at, "conflicts", HOUR), sent, 0.004),
    }
