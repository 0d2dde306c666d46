"""An alert as it stood: told by its steps where no log does."""

from dataclasses import replace

import pytest

from ioc.core.alerts import Alert, State, Step, take_step
from ioc.core.history import CENTRE_NAME, Entry
from ioc.core.past import alert_as_it_stood
from ioc.core.words import MINUTE, Severity
from tests.core.test_alerts import NOW, OPEN

NONE = None
"""Nothing of it was on the wall."""


def at(minutes: float) -> int:
    return NOW + round(minutes * MINUTE)


def history(*steps: tuple[float, Step, str]) -> tuple[Entry, ...]:
    return tuple(Entry(at(minute), CENTRE_NAME, step, note) for minute, step, note in steps)


RAISE = (0, Step.RAISE, "")
ACKED = (10, Step.ACKNOWLEDGE, "seen")
CLEARED = (20, Step.CLEAR, "")
LIVED = replace(
    OPEN,
    version=9,
    severity=Severity(5),
    active=False,
    state=State.NORMAL,
    cleared_at=at(50),
    closed_at=at(60),
    incident="i",
    steps=history(
        RAISE,
        ACKED,
        (15, Step.LINK, "i"),
        (20, Step.LEVEL, "3 -> 5"),
        (30, Step.SHELVE, "quiet"),
        (40, Step.UNSHELVE, ""),
        (50, Step.CLEAR, ""),
        (60, Step.ACKNOWLEDGE, ""),
    ),
)


def seen(alert: Alert | None) -> tuple[State, int, bool, str | None] | None:
    if alert is None:
        return None
    return alert.state, int(alert.severity), alert.active, alert.incident


@pytest.mark.parametrize(
    ("minute", "stood"),
    [
        (-1, NONE),
        (0, (State.UNACKNOWLEDGED, 3, True, None)),
        (9.9, (State.UNACKNOWLEDGED, 3, True, None)),
        (10, (State.ACKNOWLEDGED, 3, True, None)),
        (15, (State.ACKNOWLEDGED, 3, True, "i")),
        (20, (State.UNACKNOWLEDGED, 5, True, "i")),
        (50, (State.RETURNED, 5, False, "i")),
        (60, NONE),
        (600, NONE),
    ],
)
def test_an_alert_stood_as_its_steps_up_to_then_say(minute, stood):
    assert seen(alert_as_it_stood(LIVED, at(minute))) == stood


@pytest.mark.parametrize(("minute", "until"), [(29, None), (30, 40), (39, 40), (40, None)])
def test_it_was_shelved_until_it_came_back(minute, until):
    stood = alert_as_it_stood(LIVED, at(minute))
    assert stood is not None
    assert stood.shelved_until == (None if until is None else at(until))


def test_one_that_is_still_shelved_was_shelved_for_as_long_as_it_is():
    shelved = take_step(
        replace(OPEN, steps=history(RAISE)), Step.SHELVE, by="lan", at=at(5), until=at(90)
    )
    stood = alert_as_it_stood(shelved, at(6))
    assert stood is not None
    assert stood.shelved_until == at(90)


def test_what_hid_it_is_told_while_it_hid_it():
    steps = [(1, Step.SUPPRESS, "b"), (2, Step.UNSUPPRESS, "b"), (3, Step.OUT_OF_SERVICE, "w")]
    alert = replace(OPEN, steps=history(RAISE, *steps, (4, Step.IN_SERVICE, "w")))
    hidden = []
    for minute in range(5):
        stood = alert_as_it_stood(alert, at(minute))
        assert stood is not None
        hidden.append((stood.suppressed_by, stood.maintenance))
    assert hidden == [(None, None), ("b", None), (None, None), (None, "w"), (None, None)]


def test_what_was_judged_as_the_past_is_over_with_its_condition():
    alert = replace(OPEN, history=True, steps=history(RAISE, CLEARED))
    assert seen(alert_as_it_stood(alert, at(19))) == (State.UNACKNOWLEDGED, 3, True, None)
    assert alert_as_it_stood(alert, at(20)) is None
    assert seen(alert_as_it_stood(replace(alert, history=False), at(20))) is not None


def test_raised_again_it_stands_again():
    alert = replace(OPEN, steps=history(RAISE, CLEARED, (30, Step.RAISE, "")))
    stood = alert_as_it_stood(alert, at(30))
    assert stood is not None
    assert (stood.state, stood.active, stood.cleared_at) == (State.UNACKNOWLEDGED, True, None)


def test_closed_by_hand_while_its_condition_held_it_is_over():
    alert = replace(OPEN, steps=history(RAISE, (5, Step.CLOSE, "")))
    assert alert_as_it_stood(alert, at(4)) is not None
    assert alert_as_it_stood(alert, at(5)) is None


def test_what_becomes_of_it_later_does_not_change_how_it_stood():
    before = alert_as_it_stood(replace(LIVED, closed_at=None, steps=LIVED.steps[:4]), at(12))
    assert before is not None
    after = alert_as_it_stood(LIVED, at(12))
    assert after is not None
    assert after == before
