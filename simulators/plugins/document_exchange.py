"""Electronic documents of an agency: sent, signed, received, and how fast they arrive."""

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np

from ioc.core.words import Text
from simulators.calendar import local_hour
from simulators.noise import DAY, Noise, Times, binomial, gamma, lognormal, poisson
from simulators.records import Step, business
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

PERIOD = 900
OPEN_SLOTS = 30.0
SIGNED = 0.962
"""Part of the documents sent that is signed while the certificates answer."""

OUTGOING = 1_200.0
INCOMING = 3_200.0
"""The province's documents a working day (assumed from a ward's 80 sent and 300 received)."""

MOST = 60
"""Documents of a quarter hour that are told one by one at the most."""


def documents(day: int, noise: Noise, thing: Subject, world: World) -> Iterable[Step]:
    """Tell of every document the counters count: when it left, whether signed, when it came."""
    for block in (day - 1, day, day + 1):  # a day at a time, as the counters are told
        ends = np.arange(DAY // PERIOD) * PERIOD + block * DAY + thing.phase
        told = document_exchange.values(ends, thing, world)
        part = noise.block("documents", block).random((len(ends), MOST))
        for row in np.flatnonzero(told["outgoing"]).tolist():
            sent, signed = int(told["outgoing"][row]), int(told["signed"][row])
            slot, wait = int(ends[row]) - PERIOD, round(60.0 * told["delivery-time"][row])
            for number in range(min(sent, MOST)):
                at = slot + 1 + int(part[row, number] * (PERIOD - 1))
                name = f"{thing.id}-{_date(block)}-{row:02d}-{number + 1:02d}"
                data = {"signed": number < signed, "direction": "out"}
                for when, state in ((at, "sent"), (at + max(wait, 1), "delivered")):
                    if when // DAY == day:
                        yield Step(f"document-{name}", when, state, data=data)


def _date(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=day)).strftime("%y%m%d")


@simulator(
    kind="document-exchange",
    name=Text("Liên thông văn bản", "Document exchange"),
    streams=(
        stream(
            "outgoing", "1", every=PERIOD, between=(0, 5000), resolution=1,
            vi="Văn bản đi", en="Documents sent",
        ),
        stream(
            "signed", "1", every=PERIOD, between=(0, 5000), resolution=1,
            vi="Văn bản đi đã ký số", en="Documents signed",
        ),
        stream(
            "incoming", "1", every=PERIOD, between=(0, 5000), resolution=1,
            vi="Văn bản đến", en="Documents received",
        ),
        stream(
            "delivery-time", "min", every=PERIOD, between=(0, 1440), resolution=0.1,
            vi="Thời gian gửi nhận", en="Delivery time",
        ),
    ),
    records=(
        business(
            "document",
            vi="Văn bản điện tử",
            en="Electronic document",
            follows={"sent": ("delivered",), "delivered": ()},
            steps=documents,
        ),
    ),
)  # fmt: skip
def document_exchange(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Counts of the quarter hour that ends at the time, and the median delivery of its documents.

    Settings: ``share`` (of the province's documents).
    """
    part = world.calendar.open_share(at, PERIOD) / OPEN_SLOTS
    late = np.where(local_hour(at - 1) > 15.5, 1.3, 0.93)
    share = part * late * gamma(noise.normal(at, "day", DAY), 25.0, 1.0)
    axis = world.bus("axis", at)
    size = thing.number("share", 0.05)
    sent = OUTGOING * size * share * np.where(axis.up, 1.0, 0.1)
    come = INCOMING * size * share * np.where(axis.up, 1.0, 0.1)
    outgoing = poisson(noise.uniform(at, "outgoing", PERIOD), sent)
    usual = SIGNED + 0.02 * (noise.constant("signed") - 0.5)
    signed = binomial(
        noise.uniform(at, "signed", PERIOD), outgoing, usual * (1.0 - world.unsigned(at))
    )
    again = 1.0 + 2.0 * (axis.errors > 0.1)
    wait = np.where(axis.up, 2.5 * axis.slow**0.6 * again, 25.0)
    return {
        "outgoing": outgoing,
        "signed": signed,
        "incoming": poisson(noise.uniform(at, "incoming", PERIOD), come),
        "delivery-time": lognormal(noise.normal(at, "delivery", PERIOD), wait, 0.3),
    }
