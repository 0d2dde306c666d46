"""Electronic boards on which people look procedures up."""

import numpy as np

from ioc.core.words import Text
from simulators.levels import HOUR, events, office_hour
from simulators.noise import Noise, Times
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World


@simulator(
    kind="kiosk",
    name=Text("Bảng điện tử tra cứu", "Look-up kiosk"),
    streams=(
        stream(
            "lookups", "1", every=HOUR, between=(0, 2000), resolution=1,
            vi="Lượt tra cứu", en="Look-ups",
        ),
        stream(
            "kiosk-status", every=HOUR, levels=("offline", "online"),
            vi="Trạng thái", en="Status",
        ),
    ),
)  # fmt: skip
def kiosk(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Look-ups by the hour, and whether the board answers.

    It is dark when the mains or the fibre are away.

    Settings: ``busy``.
    """
    there = (world.mains_lost(at, thing.place) <= 0.0) & (world.fibre_lost(at, thing.place) <= 0.0)
    there &= ~world.down(f"kiosk/{thing.id}", at, mtbf_h=900.0, mttr_h=7.0)
    means = 30.0 * office_hour(at, world) * thing.number("busy", 1.0)
    return {
        "lookups": np.where(there, events(at, noise, "lookups", means), 0.0),
        "kiosk-status": np.where(there, 1.0, 0.0),
    }
