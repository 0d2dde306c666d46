"""People's steps on alerts when several of them act at once: the database decides who was first."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from ioc.centre.desk import Desk, RefusedStepError, StaleVersionError, UnknownAlertError
from ioc.centre.ports import StoreAwayError
from ioc.core.alerts import Alert, State, Step
from ioc.core.words import MINUTE
from tests.store.conftest import START, Store, alert, eventually, of, together

SITE = "dien-bien"


@dataclass
class Told:
    """A bus that remembers."""

    topics: list[str] = field(default_factory=list)

    def publish(self, topic: str, payload: bytes, *, qos: int = 0, retain: bool = False) -> bool:
        self.topics.append(topic)
        return True


def desks(store: Store, count: int) -> list[Desk]:
    """Give the desks of as many `ioc serve`, each with a connection of its own."""
    return [Desk(SITE, store.another("desk"), Told()) for _ in range(count)]


def acknowledge(desk: Desk, one: Alert, by: str, version: int | None = None) -> dict[str, Any]:
    return desk.step(one.id, Step.ACKNOWLEDGE, by=by, at=START, version=version)


def kept(store: Store, one: Alert) -> dict[str, Any]:
    ((body,),) = store.rows("select body from alert where id = %s", one.id)
    return dict(body)


def test_of_eight_that_acknowledge_the_same_alert_one_succeeds_and_the_rest_are_told_how_it_is(
    store: Store,
) -> None:
    (one,) = store.raise_alert(alert(1))
    found = together(
        *[
            lambda desk=desk, by=f"person-{no}": acknowledge(desk, one, by, version=one.version)
            for no, desk in enumerate(desks(store, 8))
        ]
    )
    (won,) = [body for body in found if isinstance(body, dict)]
    stale = [error for error in found if isinstance(error, StaleVersionError)]
    assert len(stale) == 7, found
    assert kept(store, one) == won
    assert (won["version"], won["state"]) == (2, "acknowledged")
    assert [step["step"] for step in won["steps"]] == ["acknowledge"]
    assert all(error.current == won for error in stale)
    events = store.rows("select seq, body ->> 'version' from event order by seq")
    assert [version for _, version in events] == ["1", "2"]
    assert events[-1][0] == won["seq"]


def test_without_a_version_the_state_still_lets_one_acknowledge(store: Store) -> None:
    (one,) = store.raise_alert(alert(1))
    found = together(*[lambda desk=desk: acknowledge(desk, one, "lan") for desk in desks(store, 8)])
    assert (of(dict, found), of(RefusedStepError, found)) == (1, 7), found


def test_comments_of_many_at_once_are_all_kept(store: Store) -> None:
    (one,) = store.raise_alert(alert(1))

    def comment(desk: Desk, no: int) -> dict[str, Any]:
        return desk.step(one.id, Step.COMMENT, by=f"person-{no}", at=START, note=str(no))

    found = together(
        *[lambda pair=pair: comment(pair[1], pair[0]) for pair in enumerate(desks(store, 8))]
    )
    assert of(dict, found) == 8, found
    body = kept(store, one)
    assert body["version"] == 9
    assert sorted(step["note"] for step in body["steps"]) == [str(no) for no in range(8)]
    versions = store.rows("select (body ->> 'version')::int from event order by seq")
    assert [version for (version,) in versions] == list(range(1, 10))


def test_people_and_the_data_turn_the_same_alerts_without_a_deadlock(store: Store) -> None:
    """Ingest locks many alerts and a desk one of them, each before the log."""
    alerts = store.raise_alert(*[alert(no) for no in range(6)])

    def judge() -> int:
        turns = 0
        for turn in range(30):
            with store.ledger.transaction() as tx:
                standing = tx.open_alerts([one.key for one in alerts])
                turns += len(tx.save_alerts(standing, START + turn * MINUTE))
        return turns

    def comment(desk: Desk) -> int:
        for turn in range(30):
            one = alerts[turn % len(alerts)]
            desk.step(one.id, Step.COMMENT, by="lan", at=START)
        return 30

    found = together(judge, *[lambda desk=desk: comment(desk) for desk in desks(store, 4)])
    assert found == [180, 30, 30, 30, 30]
    seqs = [seq for (seq,) in store.rows("select seq from event order by seq")]
    assert len(seqs) == 6 + 180 + 120


def test_an_unknown_alert_is_said_and_nothing_is_told(store: Store) -> None:
    (desk,) = desks(store, 1)
    with pytest.raises(UnknownAlertError):
        desk.step("none", Step.COMMENT, by="lan", at=START)
    assert store.rows("select 1 from event") == []


def test_a_step_cut_off_in_the_middle_is_said_to_have_failed_and_is_not_taken(
    store: Store,
) -> None:
    (one,) = store.raise_alert(alert(1))
    (desk,) = desks(store, 1)

    def cut_off() -> None:
        with store.ledger.transaction() as tx:
            tx.alert(one.id)  # the step waits for this row
            eventually(lambda: store.rows("select 1 from pg_locks where not granted"))
            store.hang_up("ioc desk")

    found = together(lambda: acknowledge(desk, one, "lan"), cut_off)
    assert (of(StoreAwayError, found), found[1]) == (1, None), found
    assert kept(store, one)["state"] == State.UNACKNOWLEDGED
    assert acknowledge(desk, one, "lan")["state"] == State.ACKNOWLEDGED
