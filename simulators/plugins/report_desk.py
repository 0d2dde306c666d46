"""Daily reports of an area's units: due by 17:00 of every working day."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ioc.core.words import Text
from simulators.calendar import OFFSET, Calendar, local_day
from simulators.cases import WEEK, by_week
from simulators.desks import Cases, Desk, Leg, at_five
from simulators.levels import HOUR
from simulators.noise import DAY, Noise, Times, Values
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

OPENS_S = 27_000
"""07:30, when a day's reports are asked for."""


def arrivals(
    week: int, draw: np.random.Generator, noise: Noise, thing: Subject, world: World
) -> Times:
    """Every unit owes one each working day; they are asked for within a few minutes."""
    del noise
    days = np.arange(7) + week * WEEK // DAY
    days = days[world.calendar.working_day(days * DAY - OFFSET + OPENS_S)]
    units = round(thing.number("units", 4.0))
    asked = np.repeat(days * DAY - OFFSET + OPENS_S, units)
    return np.asarray(asked + (draw.random(len(asked)) * 600).astype(np.int64))


def by_five(began: Times, chance: Values, calendar: Calendar) -> Times:
    """Give 17:00 of the day."""
    del chance, calendar
    return at_five(local_day(began))


def tells(cases: Cases, row: int, thing: Subject) -> Mapping[str, Any]:
    """Tell of which field the report is."""
    del thing
    fields = ("socio-economy", "public-services", "disaster", "security")
    return {"field": fields[int(cases.chance[row, 0] * len(fields))]}


DESK = Desk(
    type="report",
    path=(
        Leg("requested"),
        Leg("submitted", 15_500.0, 0.29),
        Leg("accepted", 3_000.0, 0.6, exit="returned", leaves=0.03),
    ),
    arrivals=arrivals,
    limit=by_five,
    tells=tells,
    weeks=2,
    done="submitted",
)
STREAMS = (
    stream(
        "reports-due", "1", every=HOUR, between=(0, 1000), resolution=1,
        vi="Báo cáo phải gửi", en="Reports asked for",
    ),
    stream(
        "reports-submitted", "1", every=HOUR, between=(0, 1000), resolution=1,
        vi="Báo cáo đã gửi", en="Reports submitted",
    ),
    stream(
        "reports-on-time", "1", every=HOUR, between=(0, 1000), resolution=1,
        vi="Báo cáo gửi trước 17 giờ", en="Reports submitted by 17:00",
    ),
    stream(
        "reports-missing", "1", every=HOUR, between=(0, 1000), resolution=1,
        vi="Báo cáo quá 17 giờ chưa gửi", en="Reports missing after 17:00",
    ),
)  # fmt: skip


@simulator(
    kind="report-desk",
    name=Text("Hệ thống thông tin báo cáo", "Reporting system"),
    streams=STREAMS,
    records=(DESK.declared(vi="Báo cáo định kỳ", en="Periodic report"),),
)
def report_desk(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Counters cut from the reports its records tell; few miss 17:00, and come the next morning.

    Settings: ``units`` (how many owe a report), ``agency``.
    """
    del noise  # the reports are drawn from the thing's

    def told(week: int, times: Times) -> dict[str, Values]:
        counts = DESK.counters(times, HOUR, DESK.of_week(week, thing, world))
        return {
            "reports-due": counts["begun"],
            "reports-submitted": counts["done"],
            "reports-on-time": counts["in-time"],
            "reports-missing": counts["overdue"],
        }

    return by_week(at, tuple(one.name for one in STREAMS), told)
