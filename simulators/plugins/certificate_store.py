"""Certificates of an area's officials: how many, how many run out soon, who has them."""

import numpy as np

from ioc.core.words import Text
from simulators.calendar import local_day
from simulators.levels import HOUR, share, stock
from simulators.noise import Noise, Times, Values
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

LIFE = 3 * 365
CLUMPS = 9
"""Batches in which three in four were issued."""


@simulator(
    kind="certificate-store",
    name=Text("Chứng thư số", "Digital certificates"),
    streams=(
        stream(
            "certificates", "1", every=HOUR, between=(0, 20000), resolution=1,
            vi="Chứng thư số đang dùng", en="Certificates in use",
        ),
        stream(
            "expiring-60", "1", every=HOUR, between=(0, 20000), resolution=1,
            vi="Hết hạn trong 60 ngày", en="Expiring within 60 days",
        ),
        stream(
            "expiring-30", "1", every=HOUR, between=(0, 20000), resolution=1,
            vi="Hết hạn trong 30 ngày", en="Expiring within 30 days",
        ),
        stream(
            "expiring-7", "1", every=HOUR, between=(0, 20000), resolution=1,
            vi="Hết hạn trong 7 ngày", en="Expiring within 7 days",
        ),
        stream(
            "agencies-covered", "%", every=HOUR, between=(0, 100), resolution=0.1,
            vi="Cơ quan có chữ ký số", en="Agencies with signatures",
        ),
    ),
)  # fmt: skip
def certificate_store(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Certificates last three years and were issued in clumps.

    A renewal needs sixty days before the end.

    Settings: ``certificates`` (about 2,300 in the province, S3).
    """
    del world  # a statistic of the desk, not of the weather
    size = thing.number("certificates", 200.0)
    clumps = noise.block("clumps", 0).random((CLUMPS, 2))
    weight = clumps[:, 1] ** 2
    weight = 0.75 * weight / weight.sum()
    ends = (clumps[:, 0] * LIFE).astype(np.int64)
    day = local_day(at)[:, None]
    left = (ends - day) % LIFE
    renewed = 0.93

    def expiring(days: int) -> Values:
        steady = 0.25 * days / LIFE
        soon = (np.where(left < days, weight, 0.0)).sum(axis=1) + steady
        keen = renewed if days == 60 else renewed + 0.05 * (60 - days) / 60
        return np.asarray(np.rint(size * soon * (1.0 - keen * (60 - days) / 60)))

    return {
        "certificates": stock(at, noise, "certificates", size),
        "expiring-60": expiring(60),
        "expiring-30": expiring(30),
        "expiring-7": expiring(7),
        "agencies-covered": share(at, noise, "covered", 99.4, 0.6),
    }
