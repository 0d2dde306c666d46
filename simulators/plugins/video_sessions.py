"""Meetings by video: planned, held, ended; who is connected, and what travel they spare."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ioc.core.words import Text
from simulators.cases import NEVER, WEEK, by_week, counted, standing, total
from simulators.desks import Cases, Desk, Leg, hours
from simulators.levels import HOUR, share
from simulators.noise import DAY, Noise, Times, Values
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

DAILY = 0.72
"""The province's meetings on a working day: 180 in 2021 (S2)."""

WORKING_DAYS = 5
STARTS = (8 * 3_600, 14 * 3_600)
_LOCAL = 7 * 3_600


def arrivals(
    week: int, draw: np.random.Generator, noise: Noise, thing: Subject, world: World
) -> Times:
    """Meetings are planned an hour and more before eight in the morning or two in the afternoon.

    ``weekly`` of them are briefings, held without fail on the week's first working morning.
    """
    del noise
    days = np.arange(7) * DAY + week * WEEK - _LOCAL + DAY
    weekly = int(thing.number("weekly", 0))
    mean = max(DAILY * thing.number("share", 0.1) - weekly / WORKING_DAYS, 0.0) / len(STARTS)
    working = world.calendar.working_day(days)
    counts = draw.poisson(mean, (7, len(STARTS))) * working[:, None]
    counts[np.flatnonzero(working)[:1], 0] += weekly
    starts = np.repeat((days[:, None] + np.array(STARTS)).ravel(), counts.ravel())
    return np.asarray(starts - HOUR - (draw.random(len(starts)) * 300).astype(np.int64))


def tells(cases: Cases, row: int, thing: Subject) -> Mapping[str, Any]:
    """Tell how many places are asked, and from which level it is held."""
    del thing
    levels = ("central", "province", "province", "district")
    return {
        "endpoints": _endpoints(cases)[row].item(),
        "from": levels[int(cases.chance[row, 1] * 4)],
    }


def _endpoints(cases: Cases) -> Times:
    return 4 + (cases.chance[:, 0] ** 2 * 125).astype(np.int64)


DESK = Desk(
    type="meeting",
    path=(
        Leg("scheduled"),
        Leg("started", HOUR + 240.0, 0.06, exit="cancelled", leaves=0.04),
        Leg("ended", 7_200.0, 0.4),
    ),
    arrivals=arrivals,
    limit=hours(24.0),
    tells=tells,
    office=False,
    weeks=1,
)
STREAMS = (
    stream(
        "sessions", "1", every=HOUR, between=(0, 200), resolution=1,
        vi="Cuộc họp trực tuyến bắt đầu", en="Video meetings begun",
    ),
    stream(
        "sessions-running", "1", every=HOUR, between=(0, 200), resolution=1,
        vi="Cuộc họp đang diễn ra", en="Video meetings under way",
    ),
    stream(
        "endpoints-joined", "1", every=HOUR, between=(0, 2000), resolution=1,
        vi="Lượt điểm cầu tham gia", en="Places that joined",
    ),
    stream(
        "travel-saved", "km", every=HOUR, between=(0, 1000000), resolution=1,
        vi="Quãng đường tiết kiệm (ước tính)", en="Travel spared (an estimate)",
    ),
    stream(
        "endpoints-ready", "%", every=HOUR, between=(0, 100), resolution=0.1,
        vi="Điểm cầu sẵn sàng", en="Places ready to join",
    ),
)  # fmt: skip


@simulator(
    kind="video-sessions",
    name=Text("Họp trực tuyến", "Video meetings"),
    streams=STREAMS,
    records=(DESK.declared(vi="Cuộc họp trực tuyến", en="Video meeting"),),
)
def video_sessions(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Counters cut from the meetings its records tell.

    Settings: ``share`` (of the province's meetings), ``weekly`` (how many of them are briefings
    of each week), ``distance_km`` (one way, of a place).
    """
    far = 2.0 * thing.number("distance_km", 55.0)

    def told(week: int, times: Times) -> dict[str, Values]:
        cases = DESK.of_week(week, thing, world)
        started, ended = cases.reached["started"], cases.reached["ended"]
        joined = total(times, HOUR, started, np.rint(0.96 * _endpoints(cases)))
        return {
            "sessions": counted(times, HOUR, np.sort(started[started < NEVER])),
            "sessions-running": standing(times, started, ended),
            "endpoints-joined": joined,
            "travel-saved": far * joined,
        }

    found = by_week(at, tuple(one.name for one in STREAMS[:4]), told)
    return found | {"endpoints-ready": share(at, noise, "ready", 97.0, 2.0)}
