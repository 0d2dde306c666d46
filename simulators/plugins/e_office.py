"""The e-office of an area: agencies on it, those active today, accounts, what is still paper."""

import numpy as np

from ioc.core.words import Text
from simulators.calendar import local_hour
from simulators.levels import HOUR, share, stock
from simulators.noise import Noise, Times
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World


@simulator(
    kind="e-office",
    name=Text("Văn phòng điện tử", "Electronic office"),
    streams=(
        stream(
            "agencies", "1", every=HOUR, between=(0, 2000), resolution=1,
            vi="Cơ quan tham gia", en="Agencies on it",
        ),
        stream(
            "agencies-active", "1", every=HOUR, between=(0, 2000), resolution=1,
            vi="Cơ quan có hoạt động trong ngày", en="Agencies active today",
        ),
        stream(
            "office-accounts", "1", every=HOUR, between=(0, 50000), resolution=1,
            vi="Tài khoản", en="Accounts",
        ),
        stream(
            "office-coverage", "%", every=HOUR, between=(0, 100), resolution=0.1,
            vi="Cơ quan dùng nền tảng", en="Agencies on the platform",
        ),
        stream(
            "paper-share", "%", every=HOUR, between=(0, 100), resolution=0.1,
            vi="Văn bản còn dùng giấy", en="Documents still on paper",
        ),
    ),
)  # fmt: skip
def e_office(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Agencies that sent or received a document today; in the morning few have yet.

    Settings: ``agencies``.
    """
    agencies = np.rint(thing.number("agencies", 60.0))
    hour = local_hour(at)
    begun = np.clip((hour - 7.0) / 3.0, 0.0, 1.0) * world.calendar.working_day(at)
    usual = share(at, noise, "active", 97.0, 2.0) / 100.0
    return {
        "agencies": agencies + 0.0 * hour,
        "agencies-active": np.rint(agencies * usual * np.maximum(begun, 0.06)),
        "office-accounts": stock(at, noise, "accounts", 10.6 * agencies, 0.01),
        "office-coverage": share(at, noise, "coverage", 99.8, 0.2),
        "paper-share": share(at, noise, "paper", 7.0, 3.0),
    }
