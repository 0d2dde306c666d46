"""Incidents and tasks in the database: kept with their event, found when their time comes."""

from dataclasses import replace

import pytest

from ioc.core.history import Said
from ioc.core.incidents import (
    IncidentState,
    IncidentStep,
    marked,
    received,
    take_incident_step,
)
from ioc.core.tasks import given
from ioc.core.words import HOUR
from tests.samples import a_task, an_incident
from tests.store.conftest import START, Store, together

NEW = received(an_incident(START, state=IncidentState.VERIFIED), "lan")
TASK = given(a_task(START, incident="i1", due=START + 10 * HOUR))


def test_incidents_and_tasks_are_kept_with_their_event_in_the_order_of_commit(store: Store) -> None:
    with store.ledger.transaction() as tx:
        (incident,) = tx.save_incidents([NEW], START)
        (task,) = tx.save_tasks([TASK], START)
    with store.ledger.transaction() as tx:
        assert (tx.incident("i1"), tx.task("t1")) == (incident, task)
        assert tx.open_incidents() == [incident]
        assert tx.incident("i2") is None
    assert store.rows("select kind, subject, seq from event order by seq") == [
        ("incident", "i1", incident.seq),
        ("task", "t1", task.seq),
    ]


def test_what_is_due_is_found_when_its_time_comes_and_not_before(store: Store) -> None:
    said = Said("lan", START, owner="so-gtvt", due=START + 10 * HOUR)
    with store.ledger.transaction() as tx:
        tx.save_incidents([take_incident_step(NEW, IncidentStep.ASSIGN, said)], START)
        tx.save_tasks([TASK], START)
    found = []
    for hour in (4, 5, 6, 10, 11, 15, 16):
        with store.ledger.transaction() as tx:
            due = tx.due_incidents(START + hour * HOUR)
            tx.save_incidents([marked(one, START + hour * HOUR) for one in due], START)
            found.append((hour, len(due)))
    assert found == [(4, 0), (5, 1), (6, 0), (10, 1), (11, 0), (15, 1), (16, 0)]


def test_a_transaction_that_is_given_up_keeps_neither_incident_nor_event(store: Store) -> None:
    def fail() -> None:
        with store.ledger.transaction() as tx:
            tx.save_incidents([NEW], START)
            raise RuntimeError("given up")

    with pytest.raises(RuntimeError):
        fail()
    assert store.rows("select 1 from incident union all select 1 from event") == []


def test_a_request_sent_eight_times_at_once_is_done_once_and_answered_alike(store: Store) -> None:
    ledgers = [store.another() for _ in range(8)]

    def ask(number: int) -> dict[str, object]:
        with ledgers[number].transaction() as tx:
            told = tx.answered("lan", "r1", START)
            if told is None:
                (kept,) = tx.save_incidents([replace(NEW, id=f"i{number}")], START)
                told = {"id": kept.id}
                tx.answer("lan", "r1", told)
            return told

    found = together(*[lambda number=number: ask(number) for number in range(8)])
    assert len({str(one) for one in found}) == 1, found
    assert store.rows("select count(*) from incident") == [(1,)]
