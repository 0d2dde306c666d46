"""Reading what is kept: from a real PostgreSQL, also when it goes away or freezes."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass

import psycopg2
import pytest

from ioc.centre.ports import Event, StoreAwayError
from ioc.clock import now as real_now
from ioc.core.clock import SiteClock
from ioc.core.words import DAY, MINUTE, SECOND, Instant
from ioc.store.accounts import AccountError, Accounts, Visitor
from ioc.store.archive import Archive, Bell
from ioc.store.connection import connect
from ioc.store.ledger import Ledger
from ioc.store.migrate import prepare_days
from ioc.store.pool import Pool

START: Instant = 1_795_305_600 * SECOND


@dataclass
class Store:
    """A migrated database and the ways to read it."""

    url: str
    pool: Pool
    archive: Archive
    ledger: Ledger

    def run(self, sql: str, *values: object) -> None:
        with closing(psycopg2.connect(self.url)) as connection, connection:
            connection.cursor().execute(sql, values)

    def observe(self, key: tuple[str, str], *rows: tuple[Instant, float, int]) -> None:
        with self.ledger.transaction() as tx:
            (number,) = tx.datastreams([key])
        for at, value, quality in rows:
            self.run(
                "insert into observation values (%s, timestamptz 'epoch'"
                " + %s * interval '1 microsecond', %s, %s)",
                number,
                at,
                value,
                quality,
            )


@pytest.fixture
def store(migrated_url: str) -> Iterator[Store]:
    with closing(connect(migrated_url, name="test")) as connection:
        prepare_days(connection, START - 2 * DAY, START + DAY)
    pool = Pool(
        lambda: connect(migrated_url, name="test", statement_timeout_ms=1000),
        size=2,
        patience_s=0.3,
        deadline_s=1.5,
    )
    ledger = Ledger(migrated_url, "test")
    yield Store(migrated_url, pool, Archive(pool), ledger)
    pool.close()
    ledger.close()


def eventually(true: Callable[[], object]) -> None:
    pause = threading.Event()
    for _ in range(500):
        with suppress(StoreAwayError):
            if true():
                return
        pause.wait(0.02)
    raise AssertionError("it never came true")


def backends(store: Store, name: str = "ioc test") -> list[int]:
    with closing(psycopg2.connect(store.url)) as connection:
        cursor = connection.cursor()
        cursor.execute(
            "select pid from pg_stat_activity where application_name = %s"
            " and datname = current_database()",
            (name,),
        )
        return [pid for (pid,) in cursor.fetchall()]


# ------------------------------------------------------------------ what is read


def test_an_empty_store_says_nothing(store):
    archive = store.archive
    archive.ping()
    assert archive.clock() is None
    assert archive.bounds() == (0, 0)
    assert list(archive.events(0, 10)) == []
    assert archive.newest() == {}
    assert archive.picture().seq == 0
    assert archive.thing("none") is None
    assert archive.alert("none") is None
    assert archive.indicator("none", "province") is None


def test_the_clock_is_the_one_that_was_kept(store):
    clock = SiteClock(START, START + MINUTE, speed=10.0)
    with store.ledger.transaction() as tx:
        tx.set("clock", clock.to_json())
    assert store.archive.clock() == clock


def test_newest_is_the_newest_of_each_datastream_over_all_partitions(store):
    store.observe(("a", "x"), (START - DAY, 1.0, 0), (START, 2.0, 2), (START - MINUTE, 3.0, 0))
    store.observe(("b", "x"), (START - 2 * DAY, 4.0, 1))
    store.observe(("c", "x"))
    assert store.archive.newest() == {"a/x": (START, 2.0, 2), "b/x": (START - 2 * DAY, 4.0, 1)}


def test_events_come_in_order_behind_a_place(store):
    with store.ledger.transaction() as tx:
        told = [Event("thing", f"t{n}", "muong-ang", {"id": f"t{n}"}) for n in range(5)]
        seqs = tx.tell(told, START)
    events = store.archive.events(seqs[1], 2)
    assert [(one.seq, one.subject, one.at) for one in events] == [
        (seqs[2], "t2", START),
        (seqs[3], "t3", START),
    ]
    assert store.archive.bounds() == (seqs[0], seqs[-1])
    assert store.archive.picture().seq == seqs[-1]


def test_microseconds_survive_the_way_out(store):
    at = START + 123_457
    store.observe(("a", "x"), (at, 1.5, 0))
    period = type("Open", (), {"start": at, "end": at})()
    assert store.archive.observations(("a", "x"), period, None, 10) == [(at, 1.5, 0)]


def test_hostile_text_is_only_text(store):
    hostile = "'; drop table thing; --"
    assert store.archive.thing(hostile) is None
    assert list(store.archive.things([hostile], hostile, hostile, 5)) == []
    assert store.archive.newest() == {}


# ------------------------------------------------------------------ the server goes


def test_idle_connections_that_a_restart_has_cut_are_replaced_unnoticed(store):
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda _: store.archive.ping(), range(8)))
    for pid in backends(store):
        store.run("select pg_terminate_backend(%s)", pid)
    eventually(lambda: not backends(store))
    store.archive.ping()
    store.archive.ping()


def test_a_connection_cut_in_the_middle_is_said_and_the_next_question_is_answered(store):
    store.archive.ping()

    def cut_in_the_middle() -> None:
        with store.pool.lease() as connection:
            store.run("select pg_terminate_backend(%s)", connection.info.backend_pid)
            connection.cursor().execute("select 1")

    with pytest.raises(StoreAwayError):
        cut_in_the_middle()
    store.archive.ping()


def test_a_server_that_is_not_there_is_said_at_once(migrated_url):
    gone = migrated_url.rsplit(":", 1)[0] + ":1/ioc"
    pool = Pool(lambda: connect(gone, name="test"))
    with pytest.raises(StoreAwayError):
        Archive(pool).ping()
    pool.close()


def test_a_locked_table_is_given_up(store):
    with closing(psycopg2.connect(store.url)) as locking:
        locking.cursor().execute("lock table alert in access exclusive mode")
        with pytest.raises(StoreAwayError, match="timeout"):
            store.archive.alert("x")
    assert store.archive.alert("x") is None


def test_a_frozen_server_is_given_up_by_the_watchdog(store):
    """SIGSTOP of the backend: no timeout of libpq notices (reliability, finding 8)."""
    store.archive.ping()
    (pid,) = backends(store)
    try:
        os.kill(pid, signal.SIGSTOP)
    except PermissionError:
        pytest.skip("the backend belongs to another user")
    try:
        with pytest.raises(StoreAwayError):
            store.archive.ping()
        assert store.pool.cuts == 1
        store.archive.ping()
    finally:
        os.kill(pid, signal.SIGCONT)


def test_who_finds_every_connection_taken_does_not_wait_for_ever(store):
    with (
        store.pool.lease(),
        store.pool.lease(),
        pytest.raises(StoreAwayError, match="in use"),
    ):
        store.archive.ping()
    store.archive.ping()


def test_an_error_of_ours_is_no_outage_and_leaves_the_connection_whole(store):
    with pytest.raises(psycopg2.errors.UndefinedTable), store.pool.lease() as connection:
        connection.cursor().execute("select * from nowhere")
    store.archive.ping()
    assert len(backends(store)) == 1


# ------------------------------------------------------------------ the bell


def test_the_bell_rings_when_an_event_is_written_and_after_a_restart_again(store):
    bell = Bell(lambda: connect(store.url, name="bell"))
    rung = threading.Event()
    stop = threading.Event()

    def listen() -> None:
        while not stop.is_set():
            bell.wait(600)
            rung.set()

    def write() -> None:
        with store.ledger.transaction() as tx:
            tx.tell([Event("thing", "t", "muong-ang", {"id": "t"})], START)

    listening = threading.Thread(target=listen)
    listening.start()
    try:
        assert rung.wait(10), "it looks once when it begins to listen"
        eventually(lambda: backends(store, "ioc bell"))
        rung.clear()
        write()
        assert rung.wait(10)
        (before,) = backends(store, "ioc bell")
        store.run("select pg_terminate_backend(%s)", before)
        eventually(lambda: set(backends(store, "ioc bell")) - {before})
        rung.clear()

        def rings() -> bool:
            write()
            return rung.wait(0.1)

        eventually(rings)
    finally:
        stop.set()
        bell.wake()
        listening.join(10)
        assert not listening.is_alive()
        bell.close()


# ------------------------------------------------------------------ accounts


def test_accounts_are_made_listed_changed_and_removed(store):
    accounts = Accounts(store.pool)
    accounts.add("lan", "operator", "mat khau dai", areas=["tua-chua", "muong-ang"], agency="so")
    accounts.add("an", "leader", "mat khau dai")
    assert [(one.username, one.role, list(one.areas)) for one in accounts.all()] == [
        ("an", "leader", []),
        ("lan", "operator", ["muong-ang", "tua-chua"]),
    ]
    lan = accounts.account("lan")
    assert lan is not None
    hashed = lan.password_hash
    assert hashed.startswith("$argon2id$")
    assert accounts.matches(hashed, "mat khau dai")
    assert not accounts.matches(hashed, "mat khau")
    assert not accounts.matches(None, "mat khau dai")
    assert not accounts.matches("broken", "mat khau dai")
    assert accounts.remove("lan")
    assert not accounts.remove("lan")
    assert accounts.account("lan") is None


@pytest.mark.parametrize(
    ("username", "role", "password"),
    [
        ("Lan", "operator", "mat khau dai"),
        ("", "operator", "mat khau dai"),
        ("lan'--", "operator", "mat khau dai"),
        ("lan", "display", "mat khau dai"),
        ("lan", "root", "mat khau dai"),
        ("lan", "operator", "ngan"),
        ("lan", "operator", "x" * 257),
    ],
)
def test_an_account_that_cannot_be_is_refused(store, username, role, password):
    accounts = Accounts(store.pool)
    with pytest.raises(AccountError):
        accounts.add(username, role, password)
    assert list(accounts.all()) == []


def test_tokens_stand_until_they_expire_or_are_revoked_and_are_never_kept(store):
    accounts, now = Accounts(store.pool), real_now()
    accounts.add("lan", "operator", "mat khau dai", areas=["tua-chua"])
    login, display = accounts.open("lan", "operator", now + DAY), accounts.mint_display()
    assert accounts.visitor(login, now) == Visitor("lan", "operator", ["tua-chua"], None, now + DAY)
    assert accounts.visitor(login, now + DAY) is None
    wall = Visitor(None, "display", [], None, None)
    assert accounts.visitor(display, now + 4000 * DAY) == wall
    assert set(accounts.valid([login, display, "other"], now)) == {login, display}
    assert list(accounts.valid([], now)) == []
    with closing(psycopg2.connect(store.url)) as connection:
        cursor = connection.cursor()
        cursor.execute("select session::text from session")
        assert not [row for (row,) in cursor.fetchall() if login in row or display in row]
    assert accounts.revoke_displays(now) == 1
    assert accounts.visitor(display, now) is None
    assert accounts.mint_display(display) == display
    assert accounts.visitor(display, now) == wall
    accounts.close(login, now)
    assert set(accounts.valid([login, display], now)) == {display}
