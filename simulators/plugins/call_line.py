"""Calls to 1022, 113, 114 and 115: each brings others, and troubles of the place bring them all."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from ioc.core.words import Text
from simulators.cases import NEVER, by_week, counted, total, when
from simulators.desks import SLOT, Cases, Desk, Leg, clustered, ends_of, hours, scattered, suffering
from simulators.noise import DAY, Noise, Times, Values
from simulators.records import business
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

EACH = 0.35
"""Calls a call brings (a crowd at the same place)."""

BETWEEN_S = 2_400.0
"""Mean seconds until it does: β = 1.5 an hour."""

DAILY = {"1022": 22.0, "113": 9.0, "114": 3.5, "115": 7.0}
"""The province's first calls a day; with those they bring, 63.8 calls."""

TROUBLE = {"1022": 25.0, "113": 6.0, "114": 10.0, "115": 8.0}
"""Factor on them where everybody suffers from something."""

_DAY = np.array([
    .35, .3, .25, .25, .3, .5, .8, 1.1, 1.4, 1.5, 1.5, 1.3, 1., 1.1, 1.4, 1.5, 1.5, 1.4, 1.3, 1.3,
    1.2, 1., .7, .5, .35,
])  # fmt: skip
"""Calls by the local hour."""

MEAN_HOUR = float(np.interp(np.arange(0.0, 24.0, 0.25), np.arange(25.0), _DAY).mean())


def arrivals(  # noqa: PLR0913 - a line, and what arrivals are drawn from
    line: str, week: int, draw: np.random.Generator, noise: Noise, thing: Subject, world: World
) -> Times:
    """First calls by the hour and by who suffers, then the calls they bring."""
    del noise
    ends = ends_of(week)
    suffer = suffering(week, thing, world)
    share = suffer.flood if line == "114" else suffer.share
    hour = np.interp((ends + 7 * 3_600) % DAY / 3_600.0, np.arange(25.0), _DAY)
    crowd = world.gathering(ends, thing.place)
    usual = DAILY[line] * thing.number("share", 0.1) / 96.0 * hour / MEAN_HOUR
    means = usual * (1.0 + TROUBLE[line] * share) * crowd**0.5
    return clustered(scattered(week, means, draw), EACH, BETWEEN_S, draw)


def tells(line: str, cases: Cases, row: int, thing: Subject) -> Mapping[str, Any]:
    """Tell which line was called, and how pressing it is."""
    del thing
    return {"line": line, "urgency": 1 + int(cases.chance[row, 2] * 3)}


def desk(line: str, on_scene_s: float, closes_s: float) -> Desk:
    """Give the desk of a line: calls taken within a minute or so, a team sent, and closed."""
    return Desk(
        type=f"call-{line}",
        path=(
            Leg("received"),
            Leg("answered", 12.0, 0.7, exit="abandoned", leaves=0.04),
            Leg("dispatched", 240.0, 0.6, exit="advised", leaves=0.45 if line == "1022" else 0.15),
            Leg("on-scene", on_scene_s, 0.5),
            Leg("closed", closes_s, 0.6),
        ),
        arrivals=partial(arrivals, line),
        limit=hours(0.5 if line != "1022" else 24.0),
        tells=partial(tells, line),
        office=False,
        weeks=1,
        spread_km=9.0,
        done="on-scene",
    )


DESKS = {
    "1022": desk("1022", 7_200.0, 14_400.0),
    "113": desk("113", 1_100.0, 3_600.0),
    "114": desk("114", 1_200.0, 5_400.0),
    "115": desk("115", 1_000.0, 2_700.0),
}
NAMES = {
    "1022": ("Cuộc gọi 1022", "Call to 1022, information and reports"),
    "113": ("Cuộc gọi 113 (công an)", "Call to 113, the police"),
    "114": ("Cuộc gọi 114 (cứu hỏa, cứu nạn)", "Call to 114, fire and rescue"),
    "115": ("Cuộc gọi 115 (cấp cứu)", "Call to 115, ambulance"),
}
STREAMS = (
    *(
        stream(
            f"calls-{line}", "1", every=SLOT, between=(0, 1000), resolution=1, vi=vi, en=en,
        )
        for line, (vi, en) in NAMES.items()
    ),
    stream(
        "calls-open", "1", every=SLOT, between=(0, 5000), resolution=1,
        vi="Cuộc gọi đang xử lý", en="Calls being handled",
    ),
    stream(
        "calls-abandoned", "1", every=SLOT, between=(0, 1000), resolution=1,
        vi="Cuộc gọi nhỡ", en="Calls abandoned",
    ),
    stream(
        "answer-time", "s", every=SLOT, between=(0, 600), resolution=1,
        vi="Thời gian chờ máy trung bình ngày", en="Mean wait of a day's calls",
    ),
    stream(
        "arrival-time", "min", every=SLOT, between=(0, 600), resolution=0.1,
        vi="Thời gian đến hiện trường trung bình ngày", en="Mean minutes to the scene, of a day",
    ),
)  # fmt: skip


@simulator(
    kind="call-line",
    name=Text("Tổng đài 1022, 113, 114, 115", "Call lines 1022, 113, 114, 115"),
    streams=STREAMS,
    records=tuple(
        business(
            one.type, vi=NAMES[line][0], en=NAMES[line][1], follows=one.follows(), steps=one.steps
        )
        for line, one in DESKS.items()
    ),
)
def call_line(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Calls of a district on four lines, a Hawkes process in cluster form coupled to its troubles.

    Settings: ``share`` (of the province's calls), ``agency``.
    """
    del noise  # the calls are drawn from the thing's

    def told(week: int, times: Times) -> dict[str, Values]:
        found = {"calls-open": np.zeros(len(times)), "calls-abandoned": np.zeros(len(times))}
        waits: list[tuple[Times, Values]] = []
        ways: list[tuple[Times, Values]] = []
        for line, one in DESKS.items():
            cases = one.of_week(week, thing, world)
            counts = one.counters(times, SLOT, cases)
            gone = cases.reached["abandoned"]
            found[f"calls-{line}"] = counts["begun"]
            found["calls-open"] += counts["open"]
            found["calls-abandoned"] += counted(times, SLOT, when(gone, gone > 0))
            waits.append(_lasted(cases.began, cases.reached["answered"]))
            if line != "1022":
                ways.append(_lasted(cases.began, cases.reached["on-scene"]))
        return found | {"answer-time": _mean(times, waits), "arrival-time": _mean(times, ways) / 60}

    return by_week(at, tuple(one.name for one in STREAMS), told)


def _lasted(since: Times, until: Times) -> tuple[Times, Values]:
    there = until < NEVER
    return until[there], (until - since)[there].astype(np.float64)


def _mean(at: Times, parts: list[tuple[Times, Values]]) -> Values:
    """Give the mean of the last day; nought where there was none."""
    moments, lasted = (np.concatenate(part) for part in zip(*parts, strict=True))
    count = counted(at, DAY, np.sort(moments))
    return np.asarray(total(at, DAY, moments, lasted) / np.maximum(count, 1.0))
