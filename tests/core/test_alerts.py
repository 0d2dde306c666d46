"""The alert's table, walked whole."""

from dataclasses import replace

import pytest

from ioc.core.alerts import TRANSITIONS, Alert, State, Step, take_step, turn, unshelved
from ioc.core.engine import Change, Turn
from ioc.core.history import NotAllowedError
from ioc.core.rules import parse_rule
from ioc.core.words import HOUR, Severity
from tests.samples import an_alert

NOW = 1_795_305_600 * 1_000_000
OPEN = an_alert(NOW, id="a", rule="r", thing="t", datastream="d", seq=1, detected_at=NOW)
RULE = parse_rule(
    {
        "id": "r",
        "kind": "k",
        "datastream": "d",
        "above": 5,
        "severity": 3,
        "name": {"vi": "r", "en": "r"},
        "response": {"vi": "r", "en": "r"},
    }
)
CLOSED = replace(OPEN, state=State.NORMAL, active=False, closed_at=NOW)


def as_(state: State) -> Alert:
    active = state in (State.UNACKNOWLEDGED, State.ACKNOWLEDGED)
    return CLOSED if state is State.NORMAL else replace(OPEN, state=state, active=active)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("step", [Step.ACKNOWLEDGE, Step.CLOSE, Step.RAISE, Step.CLEAR])
def test_a_person_s_step_does_what_the_table_says_or_nothing(state: State, step: Step):
    alert = as_(state)
    after = TRANSITIONS.get((state, step))
    if after is None or step in (Step.RAISE, Step.CLEAR):
        with pytest.raises(NotAllowedError):
            take_step(alert, step, by="lan", at=NOW)
        return
    done = take_step(alert, step, by="lan", at=NOW, note="seen", reason="true")
    assert (done.state, done.version) == (after, alert.version + 1)
    assert (done.closed_at is not None) == (after is State.NORMAL)
    assert (done.steps[-1].by, done.steps[-1].note) == ("lan", "seen")


def test_an_active_alert_cannot_be_closed():
    with pytest.raises(NotAllowedError, match="unacknowledged"):
        take_step(OPEN, Step.CLOSE, by="lan", at=NOW)


def test_shelving_needs_an_end_and_comes_back_by_itself():
    with pytest.raises(NotAllowedError):
        take_step(OPEN, Step.SHELVE, by="lan", at=NOW, until=NOW)
    shelved = take_step(OPEN, Step.SHELVE, by="lan", at=NOW, until=NOW + HOUR)
    assert shelved.state is State.UNACKNOWLEDGED
    back = unshelved(shelved, NOW + HOUR)
    assert (back.shelved_until, back.steps[-1].by) == (None, "centre")


def test_a_closed_alert_takes_comments_and_nothing_else():
    assert take_step(CLOSED, Step.COMMENT, by="lan", at=NOW, note="late").steps[-1].note == "late"
    with pytest.raises(NotAllowedError):
        take_step(CLOSED, Step.ACKNOWLEDGE, by="lan", at=NOW)


@pytest.mark.parametrize("alert", [OPEN, CLOSED, take_step(OPEN, Step.COMMENT, by="x", at=NOW)])
def test_an_alert_comes_back_from_json_as_it_went(alert: Alert):
    assert Alert.from_json(alert.to_json()) == alert


@pytest.mark.parametrize(
    ("state", "severity", "after"),
    [
        (State.ACKNOWLEDGED, 4, State.UNACKNOWLEDGED),
        (State.ACKNOWLEDGED, 2, State.ACKNOWLEDGED),
        (State.UNACKNOWLEDGED, 4, State.UNACKNOWLEDGED),
        (State.UNACKNOWLEDGED, 2, State.UNACKNOWLEDGED),
    ],
)
def test_a_graver_level_asks_whoever_acknowledged_the_lesser_one_again(state, severity, after):
    alert = replace(OPEN, active=True, severity=Severity.HIGH, state=state, closed_at=None)
    change = Change(
        Turn.LEVEL, RULE, alert.thing, alert.datastream, 1, 9.0, 5.0, Severity(severity)
    )
    assert turn(alert, change, 2, history=False).state is after
