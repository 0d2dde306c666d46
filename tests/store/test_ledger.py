"""What the ledger promises of everything that is kept, on each engine."""

import struct
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import count

import psycopg2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ioc.centre.ports import Event, NotAloneError, StoreAwayError
from ioc.core.wire import Reason, Record, Refusal
from ioc.core.words import DAY, MINUTE, SECOND, Datastream, Instant, Origin, Text, Thing, rfc3339
from ioc.store.ledger import Ledger, LedgerTransaction
from tests.store.conftest import START, Store, alert, eventually, of, rows, together

PG_EPOCH = 946_684_800 * SECOND
VALUES = (
    0.0,
    -0.0,
    5e-324,
    -5e-324,
    2.225073858507201e-308,
    2.2250738585072014e-308,
    1.7976931348623157e308,
    -1.7976931348623157e308,
    0.1,
    1.0000000000000002,
    9007199254740993.0,
)
TIMES = (
    START,
    START + 1,
    START + 123_457,
    START + DAY - 1,
    PG_EPOCH - 1,
    PG_EPOCH,
    PG_EPOCH + 1,
    1,
    0,
    -1,
    -1_234_567,
    -DAY,
)


class OursError(Exception):
    """Something went wrong that has nothing to do with the store."""


def fail() -> None:
    """Go wrong."""
    raise OursError


def fail_after(store: Store, work: Callable[[LedgerTransaction], object]) -> None:
    """Do something in a transaction that then goes wrong."""
    with suppress(OursError), store.ledger.transaction() as tx:
        work(tx)
        fail()


def bits(value: float) -> bytes:
    return struct.pack(">d", value)


# ------------------------------------------------------------------ observations


@pytest.mark.parametrize("merge", [False, True], ids=["insert", "merge"])
def test_values_come_back_bit_for_bit(store: Store, merge: bool) -> None:
    told = [(1, START + place, value) for place, value in enumerate(VALUES)]
    store.keep(rows(*told), merge=merge)
    assert [bits(value) for _, _, value, _ in store.observations()] == [
        bits(value) for _, _, value in told
    ]


@pytest.mark.parametrize("merge", [False, True], ids=["insert", "merge"])
def test_times_come_back_to_the_microsecond_also_before_1970(store: Store, merge: bool) -> None:
    for at in TIMES:
        store.keep(rows((1, at, float(at))), merge=merge)
    assert [(at, value) for _, at, value, _ in store.observations()] == [
        (at, float(at)) for at in sorted(TIMES)
    ]


def test_the_greatest_numbers_and_every_quality_come_back(store: Store) -> None:
    told = [(2**31 - 1, START, 1.0, 2), (1, START, 1.0, 0), (0, START, 1.0, 1)]
    store.keep(rows(*told))
    assert store.observations() == sorted(told)


def test_an_empty_batch_is_kept_too(store: Store) -> None:
    with store.ledger.transaction() as tx:
        tx.insert(rows())
        merged = tx.merge(rows())
    assert (len(merged.kept), len(merged.conflicting)) == (0, 0)
    assert store.observations() == []


def test_an_insert_of_what_is_there_says_so_and_keeps_nothing_of_its_batch(store: Store) -> None:
    store.keep(rows((1, START, 1.0)))
    with pytest.raises(StoreAwayError, match="duplicate key"), store.ledger.transaction() as tx:
        tx.insert(rows((2, START, 1.0), (1, START, 1.0), (3, START, 1.0)))
    assert store.observations() == [(1, START, 1.0, 0)]
    store.keep(rows((2, START, 1.0)))
    assert len(store.observations()) == 2


def test_merging_keeps_the_first_value_and_tells_new_equal_and_different_apart(
    store: Store,
) -> None:
    store.keep(rows((1, START, 1.0), (2, START, 0.0)))
    told = [
        (1, START, 1.0, False, False),  # there, equal
        (1, START, 2.0, False, True),  # there, different
        (3, START + 5, 9.0, True, False),  # new: the first of its batch stands
        (3, START + 5, 9.0, False, False),
        (3, START + 5, 1.0, False, True),  # smaller, and second
        (1, START + 1, 1.0, True, False),
        (2, START, -0.0, False, False),  # zero is zero
    ]
    with store.ledger.transaction() as tx:
        merged = tx.merge(rows(*[(number, at, value) for number, at, value, _, _ in told]))
    assert merged.kept.tolist() == [kept for *_, kept, _ in told]
    assert merged.conflicting.tolist() == [conflicting for *_, conflicting in told]
    assert store.observations() == [
        (1, START, 1.0, 0),
        (1, START + 1, 1.0, 0),
        (2, START, 0.0, 0),
        (3, START + 5, 9.0, 0),
    ]


def test_a_merge_after_a_merge_and_after_a_failure_starts_from_nothing(store: Store) -> None:
    store.ledger.prepare(START, START)
    with store.ledger.transaction() as tx:
        assert tx.merge(rows((1, START, 1.0))).kept.tolist() == [True]
        assert tx.merge(rows((1, START, 1.0), (2, START, 1.0))).kept.tolist() == [False, True]
    fail_after(store, lambda tx: tx.merge(rows((3, START, 1.0))))
    with store.ledger.transaction() as tx:
        assert tx.merge(rows((3, START, 2.0))).kept.tolist() == [True]
    assert [number for number, *_ in store.observations()] == [1, 2, 3]


_DATASTREAMS = count(1)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    batches=st.lists(
        st.lists(
            st.tuples(st.integers(0, 3), st.sampled_from([-1.5, 0.0, 2.0])), min_size=1, max_size=8
        ),
        min_size=1,
        max_size=4,
    )
)
def test_merging_any_batches_is_keeping_whatever_came_first(
    store: Store, batches: list[list[tuple[int, float]]]
) -> None:
    number = next(_DATASTREAMS)
    store.ledger.prepare(START, START)
    expected: dict[int, float] = {}
    for batch in batches:
        with store.ledger.transaction() as tx:
            merged = tx.merge(rows(*[(number, START + at, value) for at, value in batch]))
        for (at, value), kept, conflicting in zip(
            batch, merged.kept, merged.conflicting, strict=True
        ):
            assert kept == (at not in expected)
            expected.setdefault(at, value)
            assert conflicting == (expected[at] != value)
    assert {
        at - START: value for one, at, value, _ in store.observations() if one == number
    } == expected


def test_two_that_merge_the_same_at_once_keep_it_once(store: Store) -> None:
    told = rows(*[(1, START + place, 1.0) for place in range(500)])
    store.ledger.prepare(START, START)

    def work(ledger: Ledger) -> int:
        with ledger.transaction() as tx:
            return int(tx.merge(told).kept.sum())

    ledgers = [store.another() for _ in range(4)]
    found = together(*[lambda ledger=ledger: work(ledger) for ledger in ledgers])
    assert sum(int(str(kept)) for kept in found) == 500
    assert len(store.observations()) == 500


# ------------------------------------------------------------------ numbers, things, the rest


def test_a_datastream_has_one_number_whoever_asks(store: Store) -> None:
    names = [(f"rain-{no:03}", "rainfall") for no in range(150)]  # more than one page of values
    ledgers = [store.another() for _ in range(4)]

    def number(ledger: Ledger, asked: Sequence[tuple[str, str]]) -> list[int]:
        with ledger.transaction() as tx:
            return tx.datastreams(asked)

    first, *others = together(*[lambda one=one: number(one, names) for one in ledgers])
    assert isinstance(first, list)
    assert others == [first] * 3
    assert len(set(first)) == 150
    assert number(store.ledger, names[::-1]) == first[::-1]
    assert store.ledger.remember().datastreams == dict(zip(names, first, strict=True))


def gauge(**changes: object) -> Thing:
    told: dict[str, object] = {
        "id": "rain-01",
        "area": "muong-ang",
        "kind": "rain-gauge",
        "name": Text("Trạm 'mưa' \\ \"Ảng\"; --", "Gauge"),
        "location": (103.25, 21.5),
        "origin": Origin.REAL,
        "datastreams": {
            "rainfall": Datastream("rainfall", "mm/h", period=600.0, span=(0.0, 400.0)),
            "status": Datastream("status", levels=("down", "up")),
        },
        "limits": {"alarm-1": 1.5},
        **changes,
    }
    return Thing(**told)  # type: ignore[arg-type]


def test_a_thing_is_remembered_as_it_was_last_described_until_it_is_removed(store: Store) -> None:
    for thing, status, since in (
        (gauge(), "online", START),
        (gauge(area="tua-chua"), "offline", START + 1),
    ):
        with store.ledger.transaction() as tx:
            tx.save_thing(thing, status, since)
        assert store.another().remember().things == [(thing, status, since)]
    with store.ledger.transaction() as tx:
        tx.remove_thing("rain-01")
    assert store.ledger.remember().things == []


def test_a_whole_checkpoint_replaces_all_before_it(store: Store) -> None:
    for body, whole in ((b"a", True), (b"b", False), (b"\x00\xff", False)):
        with store.ledger.transaction() as tx:
            tx.checkpoint(body, whole=whole)
    assert store.ledger.remember().checkpoint == [b"a", b"b", b"\x00\xff"]
    with store.ledger.transaction() as tx:
        tx.checkpoint(b"c", whole=True)
    assert store.ledger.remember().checkpoint == [b"c"]


def test_a_step_of_business_is_one_record_however_often_it_is_told(store: Store) -> None:
    def step(state: str, at: Instant, **data: object) -> Record:
        return Record("d-1", "dossier", at, state, "muong-ang", "shop-01", "", None, None, data)

    received, done = step("received", START, no=1), step("done", START + 1)
    with store.ledger.transaction() as tx:
        assert tx.save_records([received, received]) == [received]
    with store.ledger.transaction() as tx:
        assert tx.save_records([step("received", START, no=2), done]) == [done]
    bodies = [body for (body,) in store.rows("select body from record order by at")]
    assert bodies == [received.to_json(), done.to_json()]


def test_what_was_refused_is_kept_whatever_bytes_it_is_made_of(store: Store) -> None:
    told = Refusal("ioc/\x00/'; --", Reason.UTF8, "no UTF-8", 7, b"\x00\xff'\\%s{")
    with store.ledger.transaction() as tx:
        tx.refuse([told], START)
    assert store.rows("select topic, reason, bytes, head from refused") == [
        ("ioc/\\x00/'; --", "utf8", 7, "\\x00\\xff'\\%s{ — no UTF-8")
    ]


def test_a_setting_is_what_it_was_last_set_to(store: Store) -> None:
    assert store.ledger.setting("clock") is None
    for value in ({"speed": 1.5}, [1, None, "ả"]):
        with store.ledger.transaction() as tx:
            tx.set("clock", value)
        assert store.another().setting("clock") == value


def test_summaries_leave_out_what_is_bad_and_what_lies_outside(store: Store) -> None:
    store.keep(
        rows(
            (1, START - 1, 100.0),
            (1, START, 1.0),  # both ends of the window are in it
            (1, START + 2, 4.0, 1),
            (1, START + 3, 1000.0, 2),
            (1, START + 4, 2.0),
            (1, START + 5, 100.0),
        )
    )
    (found,) = store.ledger.summaries([1, 2, 3], START, START + 4).items()
    number, summary = found
    assert number == 1
    assert (summary.count, summary.total, summary.greatest) == (3, 7.0, 4.0)
    assert (summary.suspect, summary.bad) == (1, 1)
    assert (summary.last, summary.at) == (2.0, START + 4)


def test_old_events_and_refusals_are_trimmed_from_their_beginning(store: Store) -> None:
    with store.ledger.transaction() as tx:
        tx.tell([Event("thing", f"t{no}", "muong-ang", {}) for no in range(10)], START)
        tx.refuse([Refusal("t", Reason.JSON, "", 0, str(no).encode()) for no in range(10)], START)
    store.ledger.trim(refusals=3, events=4)
    events = [subject for (subject,) in store.rows("select subject from event order by seq")]
    heads = [head[0] for (head,) in store.rows("select head from refused order by id")]
    assert (events[-1], heads[-1]) == ("t9", "9")
    assert (len(events), len(heads)) == (5, 4), "the newest, and what lies as far behind as asked"


def test_old_answers_and_logins_that_ended_are_let_go(store: Store) -> None:
    store.run(
        "insert into request values ('lan', 'old', now() - interval '8 days'),"
        " ('lan', 'new', now());"
        " insert into session (token_hash, role, expires_at) values"
        " ('a', 'operator', now() - interval '2 days'), ('b', 'display', null)"
    )
    store.ledger.trim()
    for table in ("request", "session"):
        assert store.rows(f"select count(*) from {table}") == [(1,)], table


# ------------------------------------------------------------------ alerts


def test_alerts_come_back_as_they_were_kept(store: Store) -> None:
    kept = store.raise_alert(*[alert(no) for no in range(120)])  # more than one page of values
    assert [one.seq for one in kept] == sorted({one.seq for one in kept})
    with store.ledger.transaction() as tx:
        assert sorted(tx.open_alerts([one.key for one in kept]), key=lambda one: one.seq) == kept
        assert tx.alert(kept[7].id) == kept[7]
        assert tx.alert("none") is None
    told = store.rows("select seq, kind, subject, area, body from event order by seq")
    assert told == [(one.seq, "alert", one.id, one.area, one.to_json()) for one in kept]


def test_a_closed_alert_is_no_open_one_and_the_next_may_be_raised(store: Store) -> None:
    (first,) = store.raise_alert(alert(1))
    store.raise_alert(alert(1, seq=first.seq, closed_at=START + DAY, version=2))
    with store.ledger.transaction() as tx:
        assert tx.open_alerts([first.key]) == []
        assert tx.taken([first.id, "f" * 20]) == {first.id}
    (second,) = store.raise_alert(alert(1, id="f" * 20))
    with store.ledger.transaction() as tx:
        assert tx.open_alerts([first.key]) == [second]


def test_told_again_are_the_open_alerts_and_those_closed_of_late(store: Store) -> None:
    store.raise_alert(
        alert(1),
        alert(2, closed_at=START + 9 * DAY),
        alert(3, closed_at=START + 8 * DAY + 1),
        alert(4, closed_at=START + 8 * DAY),
    )
    told = {body["thing"] for body in store.ledger.open_bodies("alert")}
    assert told == {"rain-01", "rain-02", "rain-03"}


def test_of_many_that_raise_the_same_at_once_the_database_lets_one(store: Store) -> None:
    ledgers = [store.another() for _ in range(8)]

    def work(no: int, ledger: Ledger) -> None:
        with ledger.transaction() as tx:
            tx.save_alerts([alert(1, id=f"{no:020}")], START)

    found = together(*[lambda pair=pair: work(*pair) for pair in enumerate(ledgers)])
    assert (found.count(None), of(StoreAwayError, found)) == (1, 7), found
    assert len(store.rows("select 1 from alert where closed_at is null")) == 1
    assert len(store.rows("select 1 from event")) == 1, "who lost has told nothing"


def test_no_hand_can_open_a_second_alert_of_one_datastream(store: Store) -> None:
    store.raise_alert(alert(1))
    with pytest.raises(psycopg2.errors.UniqueViolation):
        store.run(
            "insert into alert select 'other', seq, rule, thing, datastream, area, severity,"
            " condition, state, raised_at, null, body from alert"
        )


def test_shelves_that_end_are_found_by_their_own_time(store: Store) -> None:
    store.raise_alert(
        alert(1, shelved_until=START),
        alert(2, shelved_until=START + 1),
        alert(3),
        alert(4, shelved_until=START, closed_at=START),
    )
    with store.ledger.transaction() as tx:
        assert [one.thing for one in tx.shelved(START)] == ["rain-01"]
        assert len(tx.shelved(START + 1)) == 2


def test_indicators_are_as_they_were_last_told_and_their_history_stays(store: Store) -> None:
    for minute, value in enumerate((1.0, None, 3.0, 3.5)):
        body = {"id": "rain", "area": "province", "value": value, "coverage": 0.5}
        with store.ledger.transaction() as tx:
            tx.save_indicators([body], START + min(minute, 2) * MINUTE)
    assert store.ledger.open_bodies("indicator") == [body]
    assert store.rows("select value from indicator_value order by at") == [(1.0,), (None,), (3.5,)]


# ------------------------------------------------------------------ the order of events


def test_who_reads_behind_the_last_event_never_misses_one(store: Store) -> None:
    """Writers race, wait with their numbers drawn, and roll back; the reader keeps one number."""
    writers, each = 6, 40
    done = threading.Event()
    pause = threading.Event()

    def write(writer: int, ledger: Ledger) -> None:
        for turn in range(each):
            told = [
                Event("thing", f"{writer}-{turn}-{part}", "muong-ang", {"turn": turn})
                for part in range(1 + turn % 3)
            ]
            try:
                with ledger.transaction() as tx:
                    if turn % 4 == 0:
                        key = writer * each + turn
                        tx.save_alerts([alert(key)], START)
                    tx.tell(told, START)
                    pause.wait((writer + turn) % 4 / 1000)
                    if turn % 5 == 0:
                        fail()
            except OursError:
                continue

    seen: list[tuple[int, str]] = []

    def read() -> None:
        connection = psycopg2.connect(store.url)
        connection.autocommit = True
        with connection.cursor() as cursor:
            last = 0
            while True:
                finished = done.is_set()
                cursor.execute(
                    "select seq, subject from event where seq > %s order by seq", (last,)
                )
                found = cursor.fetchall()
                seen.extend(found)
                last = found[-1][0] if found else last
                if finished:
                    break
        connection.close()

    reader = threading.Thread(target=read)
    reader.start()
    ledgers = [store.another() for _ in range(writers)]
    assert together(*[lambda pair=pair: write(*pair) for pair in enumerate(ledgers)]) == (
        [None] * writers
    )
    done.set()
    reader.join(60)
    kept = store.rows("select seq, subject from event order by seq")
    assert len(kept) > writers * each
    assert seen == kept


def test_events_of_a_transaction_that_fails_are_never_seen(store: Store) -> None:
    fail_after(store, lambda tx: tx.tell([Event("thing", "t", "muong-ang", {})], START))
    assert store.rows("select 1 from event") == []


def test_a_listener_is_rung_after_the_commit_and_not_before(store: Store) -> None:
    listening = psycopg2.connect(store.url)
    listening.autocommit = True
    with listening.cursor() as cursor:
        cursor.execute("listen ioc_event")
        with store.ledger.transaction() as tx:
            tx.tell([Event("thing", "t", "muong-ang", {})], START)
            cursor.execute("select 1")
            assert listening.notifies == []

        def rung() -> bool:
            cursor.execute("select 1")
            return bool(listening.notifies)

        eventually(rung)
        cursor.execute("select subject from event")
        assert cursor.fetchall() == [("t",)]
    listening.close()


# ------------------------------------------------------------------ one of several


def test_a_second_one_stands_by_and_takes_over_when_the_firsts_connection_dies(
    store: Store,
) -> None:
    first, second = store.another("first", exclusive=77), store.another("second", exclusive=77)
    first.setting("any")
    with pytest.raises(NotAloneError, match="another second is active"):
        second.setting("any")
    with pytest.raises(NotAloneError), second.transaction() as tx:
        tx.set("any", 1)
    store.hang_up("ioc first")
    second.setting("any")  # it is the one now
    with pytest.raises(StoreAwayError, match="what we remember may be old"):
        first.setting("any")  # told once, so that it reads everything again should it come back
    for _ in range(2):
        with pytest.raises(NotAloneError, match="another first is active"):
            first.setting("any")  # who may not come back while the other is there
    second.close()
    eventually(lambda: not store.backends("ioc second"))
    first.setting("any")


def test_of_many_that_start_at_once_one_is_active(store: Store) -> None:
    ledgers = [store.another("ingest", exclusive=77) for _ in range(8)]
    found = together(*[lambda one=one: one.setting("any") for one in ledgers])
    assert (found.count(None), of(NotAloneError, found)) == (1, 7), found


def test_who_is_not_exclusive_waits_for_nobody(store: Store) -> None:
    store.another("ingest", exclusive=77).setting("any")
    store.another("other site", exclusive=78).setting("any")
    store.another("serve").setting("any")


# ------------------------------------------------------------------ the server goes


BIG = rows(*[(2, START + place, 1.0) for place in range(50_000)])


@pytest.mark.parametrize("when", ["before", "between", "copy", "merge", "commit"])
def test_a_connection_lost_in_the_middle_is_said_and_nothing_is_kept(
    store: Store, when: str
) -> None:
    store.keep(rows((1, START, 1.0)))

    def lose() -> None:
        with store.ledger.transaction() as tx:
            if when == "before":
                store.hang_up()
            tx.insert(rows((1, START + 1, 1.0)))
            tx.tell([Event("thing", "t", "muong-ang", {})], START)
            tx.save_alerts([alert(1)], START)
            store.hang_up()
            if when == "copy":
                tx.insert(BIG)
            elif when == "merge":
                tx.merge(BIG)
            elif when == "between":
                tx.set("any", 1)

    with pytest.raises(StoreAwayError):
        lose()
    assert store.observations() == [(1, START, 1.0, 0)]
    assert store.rows("select (select count(*) from event), (select count(*) from alert)") == [
        (0, 0)
    ]
    store.keep(rows((1, START + 1, 1.0)))  # the same ledger, on a new connection
    assert len(store.observations()) == 2


def test_a_server_that_is_not_there_is_said(store: Store) -> None:
    nowhere = Ledger(store.url.rpartition(":")[0] + ":1/ioc", "test")
    with pytest.raises(StoreAwayError):
        nowhere.setting("clock")
    with pytest.raises(StoreAwayError), nowhere.transaction():
        pass


def test_an_exception_of_ours_rolls_back_and_leaves_the_connection_whole(store: Store) -> None:
    store.ledger.setting("any")
    before = store.backends()
    fail_after(store, lambda tx: tx.set("any", 1))
    assert store.ledger.setting("any") is None
    assert store.backends() == before


def test_what_is_kept_is_written_in_the_time_of_the_site_and_read_as_the_same(
    store: Store,
) -> None:
    with store.ledger.transaction() as tx:
        tx.tell([Event("thing", "t", "muong-ang", {"at": rfc3339(START + 1)})], START + 1)
    ((at, body),) = store.rows("select at, body from event")
    assert (at.timestamp(), body) == (
        (START + 1) / SECOND,
        {"at": "2026-11-22T07:00:00.000001+07:00"},
    )
