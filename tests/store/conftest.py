"""The store on each engine it promises to stand on: embedded PostgreSQL, and TimescaleDB if given.

A test that asks for ``url`` runs on both. TimescaleDB comes from no package registry, so it is the
server ``IOC_TEST_TIMESCALE_URL`` names (``postgresql://user:password@host:port/database``); its
user must be allowed to make databases. Every test gets a database of its own.
"""

import os
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import psycopg2
import pytest
from psycopg2 import sql

from ioc.centre.ports import Rows
from ioc.core.alerts import Alert
from ioc.core.words import MINUTE, SECOND, Instant
from ioc.embedded.postgres import of_database
from ioc.store.connection import connect
from ioc.store.ledger import Ledger
from ioc.store.migrate import migrate
from tests.samples import an_alert

START: Instant = 1_795_305_600 * SECOND  # 2026-11-22T00:00:00Z
RETENTION_DAYS = 400


SERVER = os.environ.get("IOC_TEST_TIMESCALE_URL", "")
NONE_GIVEN = pytest.mark.skip(reason="IOC_TEST_TIMESCALE_URL names no TimescaleDB server")
ON_TIMESCALE = [pytest.mark.scale] if SERVER else [pytest.mark.scale, NONE_GIVEN]


@pytest.fixture
def timescale_url() -> Iterator[str]:
    """Give a database of one's own on the TimescaleDB of the environment, empty."""
    name = f"test_{secrets.token_hex(6)}"
    with closing(psycopg2.connect(SERVER)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
            yield of_database(SERVER, name)
            dropping = sql.SQL("drop database {} with (force)").format(sql.Identifier(name))
            eventually(lambda: _done(cursor, dropping))


def _done(cursor: Any, asked: sql.Composed) -> bool:
    """Try; TimescaleDB's own workers run as superuser, and go when nobody uses the database."""
    try:
        cursor.execute(asked)
    except (psycopg2.errors.InsufficientPrivilege, psycopg2.errors.ObjectInUse):
        return False
    return True


@pytest.fixture(
    params=["database_url", pytest.param("timescale_url", marks=ON_TIMESCALE)],
    ids=["embedded", "timescale"],
)
def url(request: pytest.FixtureRequest) -> str:
    """Give an empty database on each of the engines."""
    found: str = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def migrated_timescale_url(timescale_url: str) -> str:
    """Give a database of one's own on that TimescaleDB, with all its tables."""
    with closing(connect(timescale_url, name="test")) as connection:
        migrate(connection, RETENTION_DAYS)
    return timescale_url


@dataclass
class Store:
    """A migrated database: ledgers on it, each a connection, and a look at what is kept."""

    url: str
    ledgers: list[Ledger] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ledger = self.another()

    def another(self, name: str = "test", exclusive: int | None = None) -> Ledger:
        """Make one more ledger, as another process has one."""
        self.ledgers.append(Ledger(self.url, name, exclusive=exclusive))
        return self.ledgers[-1]

    def rows(self, asked: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask, on a connection of one's own."""
        with closing(psycopg2.connect(self.url)) as connection, connection.cursor() as cursor:
            cursor.execute(asked, values)
            return cursor.fetchall()

    def run(self, asked: str, *values: object) -> None:
        """Change something, on a connection of one's own."""
        with closing(psycopg2.connect(self.url)) as connection:
            connection.autocommit = True
            connection.cursor().execute(asked, values)

    def observations(self) -> list[tuple[int, Instant, float, int]]:
        """Read all observations back, their times in whole microseconds."""
        found = self.rows(
            "select datastream, (extract(epoch from time) * 1000000)::bigint, value, quality"
            " from observation order by datastream, time"
        )
        return [(number, int(at), value, quality) for number, at, value, quality in found]

    def keep(self, rows: Rows, *, merge: bool = False) -> None:
        """Keep observations in one transaction, as ingest does."""
        self.ledger.prepare(int(rows.time.min()), int(rows.time.max()))
        with self.ledger.transaction() as tx:
            if merge:
                tx.merge(rows)
            else:
                tx.insert(rows)

    def raise_alert(self, *alerts: Alert) -> list[Alert]:
        """Keep alerts in one transaction."""
        with self.ledger.transaction() as tx:
            return tx.save_alerts(alerts, START)

    def backends(self, name: str = "ioc test") -> list[int]:
        """Give the server processes of a name's connections."""
        found = self.rows(
            "select pid from pg_stat_activity where application_name = %s"
            " and datname = current_database()",
            name,
        )
        return [pid for (pid,) in found]

    def hang_up(self, name: str = "ioc test") -> None:
        """End the connections of a name at the server, as a restart of it does."""
        for pid in self.backends(name):
            self.run("select pg_terminate_backend(%s)", pid)
        eventually(lambda: not self.backends(name))


@pytest.fixture(
    params=["migrated_url", pytest.param("migrated_timescale_url", marks=ON_TIMESCALE)],
    ids=["embedded", "timescale"],
)
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A migrated store on each of the engines."""
    made = Store(request.getfixturevalue(request.param))
    yield made
    for ledger in made.ledgers:
        ledger.close()


def rows(*observations: tuple[int, Instant, float] | tuple[int, Instant, float, int]) -> Rows:
    """Make columns of (datastream, time, value[, quality])."""
    return Rows(
        np.array([one[0] for one in observations], np.int32),
        np.array([one[1] for one in observations], np.int64),
        np.array([one[2] for one in observations], np.float64),
        np.array([one[3] if len(one) > 3 else 0 for one in observations], np.int16),
    )


def alert(no: int, **changes: Any) -> Alert:
    """Make the alert of thing ``no``, changed where a test needs it."""
    told: dict[str, Any] = {
        "id": f"{no:020x}",
        "rule": "heavy-rain",
        "thing": f"rain-{no:02}",
    }
    return an_alert(START + no * MINUTE, **told | changes)


def together(*works: Callable[[], object]) -> list[object]:
    """Run all at the same moment, each on a thread of its own; give what each gave or raised."""
    start = threading.Barrier(len(works))
    found: list[object] = [None] * len(works)

    def run(place: int, work: Callable[[], object]) -> None:
        start.wait()
        try:
            found[place] = work()
        except Exception as error:  # noqa: BLE001 - what it raised is what is looked at
            found[place] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "somebody still waits"
    return found


def of(kind: type, found: Sequence[object]) -> int:
    """Count those of a kind."""
    return sum(isinstance(one, kind) for one in found)


def eventually(true: Callable[[], object]) -> None:
    """Wait until something is so."""
    pause = threading.Event()
    for _ in range(500):
        with suppress(psycopg2.OperationalError):
            if true():
                return
        pause.wait(0.02)
    raise AssertionError("it never came true")
