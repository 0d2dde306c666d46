"""The round of the indicators alone: a province with a week of history, everything looked at.

The things are those a site lists, each datastream with a value every ten minutes (or its period,
where that is longer); told are the seconds of bringing the rollups up to a week at once, of the
first round with all its comparisons, of a later one, and of one that fills the past.
"""

import time
from contextlib import closing
from typing import Any, Final

import numpy as np

from benchmarks.engines import Engines
from ioc.centre.ports import Rows
from ioc.centre.round import Round
from ioc.core.indicators import parse_indicator
from ioc.core.words import DAY, SECOND, Datastream, Instant, Origin, Thing
from ioc.sites import read_site
from ioc.store.connection import connect
from ioc.store.ledger import Ledger
from ioc.store.migrate import migrate
from simulators.registry import discover

SITE: Final = "dien-bien"
NOW: Final[Instant] = 1_795_500_000 * SECOND
DAYS: Final = 7
LEAST_S: Final = 600
TURNS: Final = 12


def rounds(bench: Engines) -> dict[str, Any]:
    """Measure; the database is the bench's own."""
    with closing(connect(bench.database, name="bench")) as connection:
        migrate(connection, retention_days=400)
    ledger = Ledger(bench.database, "bench")
    definitions = [parse_indicator(row) for row in read_site(SITE).indicator_rows]
    things = _things()
    names = [(thing.id, name) for thing in things for name in thing.datastreams]
    with ledger.transaction() as tx:
        numbers = dict(zip(names, tx.datastreams(names), strict=True))
    observations = _fill(ledger, things, numbers)
    rolled = _timed(lambda: _roll(ledger))
    made = Round(definitions, ledger, lambda: (things, numbers))
    first = _timed(lambda: made.go(NOW))
    later = [_timed(lambda turn=turn: made.go(NOW + turn * 5 * SECOND)) for turn in range(1, TURNS)]
    ledger.close()
    return {
        "indicators": len(definitions),
        "datastreams": len(names),
        "observations": observations,
        "rollups_s": rolled,
        "first_s": first,
        "later_s": sorted(later)[len(later) // 2],
        "slowest_s": max(later),
    }


def _things() -> list[Thing]:
    played = discover()
    return [
        Thing(
            one.id,
            one.area,
            one.kind,
            one.name,
            one.location,
            Origin.SIMULATED,
            {stream.name: stream for stream in played[one.kind].streams},
            limits=one.limits,
        )
        for one in read_site(SITE).things
        if one.kind in played
    ]


def _fill(ledger: Ledger, things: list[Thing], numbers: dict[tuple[str, str], int]) -> int:
    chance = np.random.default_rng(1)
    count = 0
    ledger.prepare(NOW - DAYS * DAY, NOW)
    for thing in things:
        with ledger.transaction() as tx:
            for name, stream in thing.datastreams.items():
                times = np.arange(NOW - DAYS * DAY, NOW, _step(stream), dtype=np.int64)
                tx.insert(
                    Rows(
                        np.full(len(times), numbers[thing.id, name], np.int32),
                        times,
                        chance.random(len(times)),
                        np.zeros(len(times), np.int16),
                    )
                )
                count += len(times)
    return count


def _step(stream: Datastream) -> int:
    return round(max(LEAST_S, stream.period or LEAST_S) * SECOND)


def _roll(ledger: Ledger) -> None:
    while ledger.roll():
        pass


def _timed(work: Any) -> float:  # noqa: ANN401 - whatever it gives is not looked at
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
