"""Investment dossiers through the interlinked one-stop: days spent against the legal limit."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ioc.core.calendar import WORKDAY
from ioc.core.words import Text
from simulators.cases import NEVER, by_week, counted, total
from simulators.desks import Cases, Desk, Leg, office_slots, scattered, working_days
from simulators.levels import HOUR
from simulators.noise import DAY, Noise, Times, Values
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

DAILY = 0.9
"""The province's investment dossiers on a working day (assumed)."""

LIMIT_DAYS = 35
"""Working days the law gives (assumed); the aim is to save 50 to 75 % of them (S4)."""

MEAN = 60 * DAY
"""Seconds over which the saving is averaged."""


def arrivals(
    week: int, draw: np.random.Generator, noise: Noise, thing: Subject, world: World
) -> Times:
    """They are filed in office hours."""
    del noise
    return scattered(week, DAILY * thing.number("share", 1.0) * office_slots(week, world), draw)


def tells(cases: Cases, row: int, thing: Subject) -> Mapping[str, Any]:
    """Tell the field and the capital, in billions of dong."""
    del thing
    fields = ("energy", "agriculture", "tourism", "industry", "housing", "services")
    chance = cases.chance[row]
    return {
        "field": fields[int(chance[0] * len(fields))],
        "capital_gvnd": round(float(5.0 * np.exp(4.0 * chance[1])), 1),
    }


DESK = Desk(
    type="investment",
    path=(
        Leg("received"),
        Leg("appraised", 6.0 * WORKDAY, 0.4, exit="refused", leaves=0.08),
        Leg("decided", 6.5 * WORKDAY, 0.4),
        Leg("licensed", 1.0 * WORKDAY, 0.5),
    ),
    arrivals=arrivals,
    limit=working_days(LIMIT_DAYS),
    tells=tells,
    weeks=14,
)
STREAMS = (
    stream(
        "investments-received", "1", every=HOUR, between=(0, 200), resolution=1,
        vi="Hồ sơ đầu tư tiếp nhận", en="Investment dossiers received",
    ),
    stream(
        "investments-licensed", "1", every=HOUR, between=(0, 200), resolution=1,
        vi="Hồ sơ đầu tư đã cấp phép", en="Investments licensed",
    ),
    stream(
        "investments-open", "1", every=HOUR, between=(0, 2000), resolution=1,
        vi="Hồ sơ đầu tư đang giải quyết", en="Investment dossiers open",
    ),
    stream(
        "investment-days", "d", every=HOUR, between=(0, 200), resolution=0.1,
        vi="Ngày làm việc để cấp phép, bình quân", en="Working days to a licence, mean",
    ),
    stream(
        "investment-days-saved", "%", every=HOUR, between=(0, 100), resolution=0.1,
        vi="Thời gian cắt giảm so với quy định", en="Time saved against the legal limit",
    ),
)  # fmt: skip


@simulator(
    kind="investment-desk",
    name=Text("Một cửa liên thông đầu tư", "Investment one-stop"),
    streams=STREAMS,
    records=(DESK.declared(vi="Hồ sơ đầu tư", en="Investment dossier"),),
)
def investment_desk(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Counters cut from the dossiers its records tell.

    Settings: ``share`` (of the province's investment dossiers), ``agency``.
    """
    del noise  # the dossiers are drawn from the thing's

    def told(week: int, times: Times) -> dict[str, Values]:
        cases = DESK.of_week(week, thing, world)
        counts = DESK.counters(times, HOUR, cases)
        licensed = cases.reached["licensed"]
        there = licensed < NEVER
        worked = world.calendar.worked
        days = (worked(licensed[there]) - worked(cases.began[there])) / WORKDAY
        number = counted(times, MEAN, np.sort(licensed[there]))
        mean = total(times, MEAN, licensed[there], days) / np.maximum(number, 1.0)
        return {
            "investments-received": counts["begun"],
            "investments-licensed": counts["done"],
            "investments-open": counts["open"],
            "investment-days": mean,
            "investment-days-saved": np.where(number > 0, 100.0 * (1.0 - mean / LIMIT_DAYS), 0.0),
        }

    return by_week(at, tuple(one.name for one in STREAMS), told)
