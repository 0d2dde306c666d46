"""Citizens received, and their complaints and denunciations (khiếu nại, tố cáo)."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ioc.core.calendar import WORKDAY
from ioc.core.words import Text
from simulators.cases import by_week
from simulators.desks import Cases, Desk, Leg, office_slots, scattered, working_days
from simulators.levels import HOUR, events, office_hour
from simulators.noise import Noise, Times, Values
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

DAILY = 5.0
"""The province's complaints on a working day (assumed)."""


def arrivals(
    week: int, draw: np.random.Generator, noise: Noise, thing: Subject, world: World
) -> Times:
    """They are brought in office hours."""
    del noise
    return scattered(week, DAILY * thing.number("share", 0.1) * office_slots(week, world), draw)


def tells(cases: Cases, row: int, thing: Subject) -> Mapping[str, Any]:
    """Tell what it is, of what field, and whether many bring it together."""
    del thing
    chance = cases.chance[row]
    kinds = ("complaint", "complaint", "petition", "denunciation")
    fields = ("land", "land", "compensation", "policy", "officials")
    return {
        "kind": kinds[int(chance[0] * 4)],
        "field": fields[int(chance[1] * 5)],
        "crowd": bool(chance[2] < 0.04),
    }


DESK = Desk(
    type="complaint",
    path=(
        Leg("received"),
        Leg("accepted", 3.0 * WORKDAY, 0.5, exit="referred", leaves=0.35),
        Leg("verifying", 2.0 * WORKDAY, 0.5),
        Leg("answered", 13.0 * WORKDAY, 0.4, exit="withdrawn", leaves=0.05),
    ),
    arrivals=arrivals,
    limit=working_days(30),
    tells=tells,
    weeks=11,
)
STREAMS = (
    stream(
        "complaints-received", "1", every=HOUR, between=(0, 500), resolution=1,
        vi="Đơn thư tiếp nhận", en="Complaints received",
    ),
    stream(
        "complaints-answered", "1", every=HOUR, between=(0, 500), resolution=1,
        vi="Đơn thư đã giải quyết", en="Complaints answered",
    ),
    stream(
        "complaints-open", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="Đơn thư đang giải quyết", en="Complaints open",
    ),
    stream(
        "complaints-overdue", "1", every=HOUR, between=(0, 5000), resolution=1,
        vi="Đơn thư quá hạn", en="Complaints overdue",
    ),
    stream(
        "citizens-received", "1", every=HOUR, between=(0, 500), resolution=1,
        vi="Lượt tiếp công dân", en="Citizens received",
    ),
)  # fmt: skip


@simulator(
    kind="complaints-desk",
    name=Text("Tiếp công dân, đơn thư", "Complaints and denunciations"),
    streams=STREAMS,
    records=(DESK.declared(vi="Đơn thư khiếu nại, tố cáo", en="Complaint or denunciation"),),
)
def complaints_desk(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Counters cut from the complaints its records tell, and those who come to be heard.

    Settings: ``share`` (of the province's complaints), ``agency``.
    """
    come = 2.5 * DAILY * thing.number("share", 0.1) * office_hour(at, world)

    def told(week: int, times: Times) -> dict[str, Values]:
        counts = DESK.counters(times, HOUR, DESK.of_week(week, thing, world))
        return {
            "complaints-received": counts["begun"],
            "complaints-answered": counts["done"],
            "complaints-open": counts["open"],
            "complaints-overdue": counts["overdue"],
        }

    found = by_week(at, tuple(one.name for one in STREAMS[:4]), told)
    return found | {"citizens-received": events(at, noise, "citizens", np.asarray(come))}
