"""Certificates of an area's officials: how many, how many run out soon, who has them."""

from typing import Final

import numpy as np

from ioc.core.words import Text
from simulators.calendar import local_day
from simulators.levels import HOUR, share, stock
from simulators.noise import Noise, Times, Values
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

LIFE: Final = 3 * 365
HORIZON: Final = 60
RENEWED: Final = 0.93
CLUMPS: Final = 9
"""Batches in which three in four were issued."""

NOTED: Final = 0.05
"""The share of a store's certificates that makes what is left of a batch worth telling."""


def unrenewed(days: Values) -> Values:
    """Give the share of what ends that soon that nobody has renewed yet."""
    gone = (HORIZON - days) / HORIZON
    return np.asarray(1.0 - (RENEWED + 0.05 * gone) * gone)


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
            "days-left", "d", every=HOUR, between=(0, LIFE), resolution=1,
            vi="Số ngày đến đợt hết hạn chưa gia hạn", en="Days to the next batch not renewed",
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

    def expiring(days: int) -> Values:
        steady = 0.25 * days / LIFE
        soon = (np.where(left < days, weight, 0.0)).sum(axis=1) + steady
        return np.asarray(np.rint(size * soon * unrenewed(np.array(float(days)))))

    def nearest() -> Values:
        noted = weight * unrenewed(np.minimum(left, HORIZON)) >= NOTED
        return np.asarray(np.where(noted, left, LIFE).min(axis=1).astype(np.float64))

    return {
        "certificates": stock(at, noise, "certificates", size),
        "expiring-60": expiring(60),
        "expiring-30": expiring(30),
        "expiring-7": expiring(7),
        "days-left": nearest(),
        "agencies-covered": share(at, noise, "covered", 99.4, 0.6),
    }
