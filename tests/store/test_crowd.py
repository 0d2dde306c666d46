"""Ten thousand steps at once from several connections: none doubled, none lost.

Several judges raise, clear and raise again while several people acknowledge the same alerts, each
with the version they saw and again and again, as programs do that had no answer.
"""

import random

import pytest

from ioc.centre.desk import Desk, RefusedStepError, Request, StaleVersionError
from ioc.centre.ports import StoreAwayError
from ioc.core.alerts import State, Step
from ioc.core.history import Said
from ioc.store.ledger import Ledger
from tests.store.conftest import START, Store, alert, of, together
from tests.store.test_desk import SITE, Told

ALERTS = 1250
PEOPLE = 4
JUDGES = 4


def raise_all(ledger: Ledger, numbers: list[int]) -> int:
    """Raise as ingest does: after a contradiction read again what is there; count the new."""
    batch = [alert(no) for no in numbers]
    while True:
        try:
            with ledger.transaction() as tx:
                known = tx.taken([one.id for one in batch])
                new = [one for one in batch if one.id not in known]
                return len(tx.save_alerts(new, START))
        except StoreAwayError as error:
            assert "not as we remember it" in str(error)  # noqa: PT017 - and never a deadlock


def test_ten_thousand_acknowledgements_and_raises_leave_one_alert_and_one_step_each(
    store: Store,
) -> None:
    """1,250 alerts, each raised by 4 judges and acknowledged by 4 people: 10,000 in all."""
    ledgers = [store.another("judge") for _ in range(JUDGES)]
    desks = [Desk(SITE, store.another("desk"), Told()) for _ in range(PEOPLE)]

    def judge(number: int) -> int:
        order = list(range(ALERTS))
        random.Random(number).shuffle(order)
        return sum(raise_all(ledgers[number], order[at : at + 25]) for at in range(0, ALERTS, 25))

    def person(number: int) -> dict[str, int]:
        order = list(range(ALERTS))
        random.Random(100 + number).shuffle(order)
        outcomes = {"taken": 0, "refused": 0, "stale": 0, "unknown": 0}
        wanted = {f"{no:020x}": 1 for no in order}
        while wanted:
            part = dict(list(wanted.items())[:200])
            told = desks[number].acknowledge_many(part, Said(f"person-{number}", START))
            for id_, (outcome, _) in told.items():
                outcomes[outcome] += outcome != "unknown"
                if outcome != "unknown":  # unknown: nobody raised it yet, so ask again
                    del wanted[id_]
        return outcomes

    found = together(
        *[lambda number=number: person(number) for number in range(PEOPLE)],
        *[lambda number=number: judge(number) for number in range(JUDGES)],
    )
    taken = [one for one in found[:PEOPLE] if isinstance(one, dict)]
    assert (len(taken), of(int, found)) == (PEOPLE, JUDGES), found
    assert sum(one["taken"] for one in taken) == ALERTS
    assert sum(sum(one.values()) for one in taken) == ALERTS * PEOPLE
    assert sum(one for one in found[PEOPLE:] if isinstance(one, int)) == ALERTS
    assert store.rows(
        "select count(*), count(distinct id), min(state), max(state),"
        " min(jsonb_array_length(body -> 'steps')), max(jsonb_array_length(body -> 'steps'))"
        " from alert"
    ) == [(ALERTS, ALERTS, State.ACKNOWLEDGED, State.ACKNOWLEDGED, 1, 1)]
    assert store.rows("select count(*) from audit where action = 'alert.acknowledge'") == [
        (ALERTS,)
    ]


def test_eight_people_commenting_at_once_with_their_numbers_twice_leave_one_comment_each(
    store: Store,
) -> None:
    (one,) = store.raise_alert(alert(1))
    desks = [Desk(SITE, store.another("desk"), Told()) for _ in range(8)]

    def comment(number: int) -> int:
        steps = 0
        for turn in range(20):
            for _ in range(2):
                request = Request(f"p{number}", f"r{turn}", START)
                body = desks[number].step(
                    one.id, Step.COMMENT, by=f"p{number}", at=START, request=request
                )
                steps = body["version"]
        return steps

    found = together(*[lambda number=number: comment(number) for number in range(8)])
    assert of(int, found) == 8, found
    assert store.rows("select (body ->> 'version')::int from alert") == [(1 + 8 * 20,)]


def test_who_is_late_is_told_how_it_is_and_takes_no_step(store: Store) -> None:
    (one,) = store.raise_alert(alert(1))
    desk = Desk(SITE, store.ledger, Told())
    said = Said("lan", START)
    assert desk.acknowledge_many({one.id: 1, "none": 1}, said)["none"] == ("unknown", None)
    outcome, current = desk.acknowledge_many({one.id: 1}, said)[one.id]
    assert (outcome, current and current["state"]) == ("stale", "acknowledged")
    assert desk.acknowledge_many({one.id: 2}, said)[one.id][0] == "refused"
    for wrong, version in ((StaleVersionError, 1), (RefusedStepError, 2)):
        try:
            desk.step(one.id, Step.ACKNOWLEDGE, by="lan", at=START, version=version)
        except wrong:
            continue
        raise AssertionError(wrong)


def test_an_alert_read_before_somebody_elses_step_is_not_written_over_it(store: Store) -> None:
    (old,) = store.raise_alert(alert(1))
    acknowledged = Desk(SITE, store.another("desk"), Told()).step(
        old.id, Step.ACKNOWLEDGE, by="lan", at=START
    )
    with pytest.raises(StoreAwayError, match="changed since it was read"):
        store.raise_alert(old)
    assert store.rows("select body from alert") == [(acknowledged,)]
