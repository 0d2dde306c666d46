"""What hides alerts: who is explained by whom, what lies in a window, and what comes back."""

from dataclasses import replace

import pytest

from ioc.core.alerts import Alert, State, Step, annotated, raised_by_hand, take_step, turn
from ioc.core.engine import Change, Turn
from ioc.core.history import NotAllowedError, Said
from ioc.core.quiet import Quiet, Window, ended
from ioc.core.words import HOUR, MINUTE, PROVINCE, Origin, Severity, Text
from tests.centre.conftest import rule
from tests.core.test_alerts import NOW, OPEN

PARENTS = {PROVINCE: None, "muong-ang": PROVINCE, "tua-chua": PROVINCE, "ang-to": "muong-ang"}
UPSTREAM = {"station": ("feeder",), "gauge": ("station",)}
WINDOW = Window("w", 1, None, None, None, NOW, NOW + HOUR, "lan", "work on the line")
SILENT = replace(OPEN, rule="silent", seq=0)


def explain(thing, down):
    for above in UPSTREAM.get(thing, ()):
        found = down.get(above) or explain(above, down)
        if found:
            return found
    return None


def quiet(*windows: Window, **down: str) -> Quiet:
    return Quiet(windows, PARENTS, down, frozenset({"silent", "offline"}), explain)


def cleared(alert: Alert) -> Alert:
    at = NOW + HOUR
    change = Change(Turn.CLEAR, rule(), alert.thing, alert.datastream, at, 0, 0, alert.severity)
    return turn(alert, change, at, history=False)


def test_a_silent_gauge_behind_a_feeder_that_is_down_is_kept_and_not_announced():
    hidden = quiet(feeder="f").over(replace(SILENT, thing="gauge"), NOW)
    assert (hidden.suppressed_by, hidden.announced, hidden.version) == ("f", False, 1)
    assert hidden.steps[-1].step == Step.SUPPRESS


def test_a_flood_is_not_hidden_because_a_line_is_down():
    flood = replace(OPEN, thing="gauge", rule="flood")
    assert quiet(feeder="f").over(flood, NOW) is flood


def test_when_the_feeder_works_again_what_still_fails_is_announced_again():
    hidden = replace(quiet(feeder="f").over(replace(SILENT, thing="gauge"), NOW), seq=7)
    back = quiet().over(hidden, NOW + HOUR)
    assert (back.suppressed_by, back.announced, back.version) == (None, True, hidden.version + 1)
    assert back.steps[-1].step == Step.UNSUPPRESS


def test_an_alert_does_not_explain_itself():
    alert = replace(SILENT, thing="feeder", id="f")
    assert quiet(feeder="f").over(alert, NOW) is alert


@pytest.mark.parametrize(
    ("window", "inside"),
    [
        ({}, True),
        ({"area": "muong-ang"}, True),
        ({"area": PROVINCE}, True),
        ({"area": "tua-chua"}, False),
        ({"thing": "t"}, True),
        ({"thing": "u"}, False),
        ({"rule": "r"}, True),
        ({"rule": "r", "thing": "u"}, False),
    ],
)
def test_a_window_covers_an_area_with_what_is_inside_a_thing_or_a_rule(window, inside):
    alert = replace(OPEN, area="ang-to")
    hidden = quiet(replace(WINDOW, **window)).over(alert, NOW)
    assert hidden.maintenance == ("w" if inside else None)
    assert hidden.announced is not inside


def test_what_is_still_active_at_the_end_of_maintenance_is_announced_again():
    hidden = quiet(WINDOW).over(OPEN, NOW)
    back = quiet().over(hidden, NOW + HOUR)
    assert (back.maintenance, back.announced) == (None, True)
    assert [one.step for one in back.steps] == [Step.OUT_OF_SERVICE, Step.IN_SERVICE]


def test_of_what_began_and_ended_under_cover_nobody_owes_an_answer():
    born = raised(quiet(WINDOW))
    assert (cleared(born).state, cleared(born).reason) == (State.NORMAL, "maintenance")
    told_before = quiet(WINDOW).over(raised(quiet()), NOW + MINUTE)
    assert cleared(told_before).state is State.RETURNED


def raised(cover: Quiet) -> Alert:
    said = Said("centre", NOW)
    alert = raised_by_hand(
        "m",
        said,
        area="muong-ang",
        severity=Severity.HIGH,
        origin=Origin.SIMULATED,
        message=Text("vi", "en"),
        response=Text("vi", "en"),
    )
    return cover.over(alert, NOW)


def test_maintenance_ends_now_or_is_taken_back_and_not_twice():
    now = ended(WINDOW, Said("lan", NOW + MINUTE))
    assert (now.ends, now.cancelled, now.version) == (NOW + MINUTE, False, 2)
    assert not now.open_at(NOW + MINUTE)
    early = ended(WINDOW, Said("lan", NOW - MINUTE))
    assert early.cancelled
    for over in (now, early):
        with pytest.raises(NotAllowedError):
            ended(over, Said("lan", NOW + 2 * MINUTE))
    assert Window.from_json(now.to_json()) == now


def test_an_alert_raised_by_hand_is_closed_by_a_person_while_no_data_can_clear_it():
    alert = raised(quiet())
    assert (alert.rule, alert.state, alert.announced) == ("manual", State.UNACKNOWLEDGED, True)
    closed = take_step(alert, Step.CLOSE, by="lan", at=NOW + MINUTE, reason="true")
    assert (closed.state, closed.active, closed.cleared_at) == (State.NORMAL, False, NOW + MINUTE)


def test_what_came_late_is_said_beside_and_changes_neither_state_nor_times():
    after = annotated(OPEN, "late: 12 mm/h", NOW + HOUR)
    assert replace(after, version=1, steps=()) == OPEN
    for _ in range(30):
        after = annotated(after, "late", NOW)
    assert len(after.steps) == 20
