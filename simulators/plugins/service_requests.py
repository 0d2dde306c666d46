"""Citizens' reports and petitions (phản ánh, kiến nghị): received, handled, published, rated."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ioc.core.calendar import WORKDAY
from ioc.core.words import Text
from simulators.cases import by_week, counted, when
from simulators.desks import SLOT, Cases, Desk, Leg, ends_of, scattered, suffering, working_days
from simulators.noise import Noise, Times, Values
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

PERIOD = 900
DAILY = 42.0
"""The province's reports a day (assumed)."""

TROUBLE = 14.0
"""Factor on them where everybody suffers from something."""

FIELDS = ("environment", "roads", "power", "water", "public-order", "land", "procedures", "staff")
WEIGHTS = (0.24, 0.22, 0.12, 0.08, 0.12, 0.1, 0.09, 0.03)
CONTENT = 0.9
"""Part of those handled whose sender is content."""


def arrivals(
    week: int, draw: np.random.Generator, noise: Noise, thing: Subject, world: World
) -> Times:
    """Reports come by day, and more where power, signal, road or air fail people."""
    del noise
    ends = ends_of(week)
    suffer = suffering(week, thing, world).share
    usual = DAILY * thing.number("share", 0.1) / 96.0 * 2.4 * world.calendar.activity(ends)
    return scattered(week, usual * (1.0 + TROUBLE * suffer), draw)


def tells(cases: Cases, row: int, thing: Subject) -> Mapping[str, Any]:
    """Tell the field, the way it came, and whether the sender was content."""
    del thing
    chance = cases.chance[row]
    told: dict[str, Any] = {
        "field": FIELDS[int(field_of(chance[2:3])[0])],
        "channel": ("app", "hotline-1022", "portal", "social")[int(chance[3] * 4)],
    }
    return told


def field_of(chance: Values) -> Times:
    """Give the number of the field of each."""
    return np.minimum(np.searchsorted(np.cumsum(WEIGHTS), chance), len(FIELDS) - 1)


DESK = Desk(
    type="service-request",
    path=(
        Leg("received"),
        Leg("verified", 3_600.0, 0.8, exit="refused", leaves=0.05),
        Leg("assigned", 4_000.0, 0.8),
        Leg("in-progress", 0.5 * WORKDAY, 0.7),
        Leg("done", 5.0 * WORKDAY, 0.5),
        Leg("published", 0.5 * WORKDAY, 0.5),
    ),
    arrivals=arrivals,
    limit=working_days(15),
    tells=tells,
    weeks=6,
    spread_km=7.0,
    done="done",
)
"""Handled within 15 working days, published within two more (domain.md 1.4)."""

STREAMS = (
    stream(
        "petitions-received", "1", every=PERIOD, between=(0, 1000), resolution=1,
        vi="Phản ánh, kiến nghị tiếp nhận", en="Reports and petitions received",
    ),
    stream(
        "petitions-open", "1", every=PERIOD, between=(0, 20000), resolution=1,
        vi="Phản ánh, kiến nghị đang xử lý", en="Reports and petitions open",
    ),
    stream(
        "petitions-overdue", "1", every=PERIOD, between=(0, 20000), resolution=1,
        vi="Phản ánh, kiến nghị quá hạn", en="Reports and petitions overdue",
    ),
    stream(
        "petitions", "1", every=3600, between=(0, 1000), resolution=1,
        vi="Phản ánh, kiến nghị đã xử lý", en="Reports and petitions handled",
    ),
    stream(
        "petitions-on-time", "1", every=3600, between=(0, 1000), resolution=1,
        vi="Phản ánh, kiến nghị xử lý đúng hạn", en="Reports and petitions handled in time",
    ),
    stream(
        "petitions-content", "1", every=3600, between=(0, 1000), resolution=1,
        vi="Phản ánh, kiến nghị được hài lòng", en="Reports and petitions found satisfactory",
    ),
    stream(
        "petitions-procedure", "1", every=3600, between=(0, 1000), resolution=1,
        vi="Phản ánh về thủ tục hành chính", en="Reports on procedures",
    ),
    stream(
        "petitions-staff", "1", every=3600, between=(0, 1000), resolution=1,
        vi="Phản ánh về cán bộ", en="Reports on staff",
    ),
)  # fmt: skip


@simulator(
    kind="service-requests",
    name=Text("Phản ánh hiện trường", "Citizens' reports"),
    streams=STREAMS,
    records=(DESK.declared(vi="Phản ánh, kiến nghị", en="Report or petition"),),
)
def service_requests(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Counters cut from the reports its records tell; troubles of the place bring more of them.

    Settings: ``share`` (of the province's reports), ``agency``.
    """
    usual = CONTENT + 0.06 * (noise.constant("content") - 0.5)

    def told(week: int, times: Times) -> dict[str, Values]:
        cases = DESK.of_week(week, thing, world)
        slot, hour = DESK.counters(times, SLOT, cases), DESK.counters(times, 3_600, cases)
        done, field = cases.reached["done"], field_of(cases.chance[:, 2])
        chosen = {
            "petitions-content": (done <= cases.due) & (cases.chance[:, 4] < usual),
            "petitions-procedure": field == FIELDS.index("procedures"),
            "petitions-staff": field == FIELDS.index("staff"),
        }
        return {
            "petitions-received": slot["begun"],
            "petitions-open": slot["open"],
            "petitions-overdue": slot["overdue"],
            "petitions": hour["done"],
            "petitions-on-time": hour["in-time"],
            **{name: counted(times, 3_600, when(done, mask)) for name, mask in chosen.items()},
        }

    return by_week(at, tuple(one.name for one in STREAMS), told)
