"""Whom a route tells, when, and in which words."""

from dataclasses import replace

import pytest

from ioc.core.alerts import State
from ioc.core.due import Passed
from ioc.core.duty import Person, Roster, Shift, Wanted
from ioc.core.history import Entry
from ioc.core.settings_error import SettingsError
from ioc.core.telling import (
    MOST_TRIES,
    inside_of,
    is_told,
    owed,
    owed_of_marks,
    parse_route,
    retry_at,
    unanswered,
    written,
    written_of_mark,
)
from ioc.core.words import HOUR, MINUTE, SECOND, Origin, Severity, Text, instant
from ioc.words import read_phrases
from tests.core.test_alerts import OPEN
from tests.samples import an_incident

NOW = instant("2026-11-22T09:00:00+07:00")
ROW = {"id": "duty", "severity": 3, "role": "operator", "to": "sms", "repeat": "15m"}
INSIDE = inside_of({"province": None, "muong-ang": "province", "ang-nua": "muong-ang"})


def raised(**changes):
    base = replace(
        OPEN,
        area="muong-ang",
        severity=Severity.VERY_HIGH,
        state=State.UNACKNOWLEDGED,
        active=True,
        closed_at=None,
        history=False,
        incident="i1",
        steps=(Entry(NOW, "centre", "raise"),),
    )
    return replace(base, **changes)


def told(alert, **route):
    return owed([alert], [parse_route({**ROW, **route})], NOW, INSIDE)


def test_an_alert_of_the_routes_severity_area_and_hours_is_owed_a_message_after_the_wait():
    (notice,) = told(raised(), wait="30s")
    assert (notice.incident, notice.to, notice.due) == ("i1", "sms", NOW + 30 * SECOND)
    assert told(raised(), severity=5) == []
    assert told(raised(area="ang-nua"), areas=["muong-ang"])
    assert told(raised(area="province"), areas=["muong-ang"]) == []
    assert told(raised(), hours="07:00-19:00")
    assert told(raised(), hours="19:00-07:00") == []
    assert told(raised(), hours="19:00-09:01"), "over midnight"


def test_a_graver_level_is_told_and_a_lesser_one_is_not():
    def level(note):
        return raised(steps=(Entry(NOW, "centre", "raise"), Entry(NOW, "centre", "level", note)))

    assert is_told(level("3 -> 4"))
    assert not is_told(level("4 -> 3"))


def test_each_row_of_the_escalation_table_is_owed_later():
    rows = [
        {"after": "15m", "role": "supervisor", "to": "mail"},
        {"after": "1h", "role": "leader", "to": "phone"},
    ]
    notices = told(raised(), wait="0s", escalate=rows)
    assert [(one.level, one.role, one.due - NOW) for one in notices] == [
        (0, "operator", 0),
        (1, "supervisor", 15 * MINUTE),
        (2, "leader", HOUR),
    ]


MARK_ROW = {"id": "late", "severity": 3, "marks": ["late"], "role": "supervisor", "to": "sms"}
LATE = Passed(
    task=False, id="i1", area="ang-nua", severity=4, step="late", term="refuse", since=NOW
)


def marks_owed(passed, **route):
    return owed_of_marks([passed], [parse_route({**MARK_ROW, **route})], NOW, INSIDE)


def test_a_mark_is_owed_by_the_routes_of_its_step_severity_area_and_hours():
    (notice,) = marks_owed(LATE)
    assert (notice.passed, notice.due, notice.role) == (LATE, NOW, "supervisor")
    assert marks_owed(LATE, areas=["muong-ang"])
    elsewhere: list[dict[str, object]] = [
        {"marks": ["remind"]},
        {"severity": 5},
        {"areas": ["province"], "hours": "19:00-07:00"},
        {"marks": []},
    ]
    for other in elsewhere:
        assert marks_owed(LATE, **other) == []
    assert marks_owed(replace(LATE, task=True, severity=None), severity=5), "a task has none"
    assert owed([raised()], [parse_route(MARK_ROW)], NOW, INSIDE) == [], "no route of alerts"


@pytest.mark.parametrize("step", ["remind", "late", "escalate"])
def test_a_mark_says_first_that_it_is_not_real_then_what_is_due_and_who_owes_it(step):
    case = replace(INCIDENT, owner="so-gtvt", limits={"refuse": NOW})
    letter = written_of_mark(case, step, "refuse", read_phrases())
    for text, first in ((letter.title.vi, "[MÔ PHỎNG]"), (letter.body.en, "[SIMULATED]")):
        assert text.startswith(first)
    assert "hạn từ chối" in letter.body.vi
    assert "09:00 22/11/2026" in letter.body.vi
    assert "so-gtvt" in letter.body.vi


LAN = Person("Lan", "0215 1", "lead", "lan", email="lan@example.vn")
BINH = Person("Bình", "0215 2", "fire", "", "so-tnmt")
HOA = Person("Hoa", "0215 3", "", "hoa", "so-tnmt", "hoa@example.vn")
SHIFTS = (
    Shift("s1", "province", NOW, NOW + HOUR, (LAN,)),
    Shift("s2", "muong-ang", NOW, NOW + HOUR, (BINH, replace(HOA, email=""))),
)
ROSTER = Roster(SHIFTS, (HOA, Person("Sở Y tế", "0215 9", agency="so-yt")), {"lan": "operator"})
PARENTS = {"province": None, "muong-ang": "province", "ang-nua": "muong-ang"}


@pytest.mark.parametrize(
    ("wanted", "owner", "names"),
    [
        (Wanted(), "", ["Bình", "Hoa"]),
        (Wanted(role="operator"), "", ["Lan"]),
        (Wanted(role="fire"), "", ["Bình"]),
        (Wanted(duty="lead"), "", ["Lan"]),
        (Wanted(area="province"), "", ["Lan"]),
        (Wanted(agency="owner"), "so-tnmt", ["Bình", "Hoa"]),
        (Wanted(agency="owner"), "so-yt", ["Sở Y tế"]),
        (Wanted(agency="owner"), "", []),
        (Wanted(role="leader"), "", []),
    ],
)
def test_the_nearest_shift_with_somebody_wanted_is_on_call(wanted, owner, names):
    found = ROSTER.on_call(wanted, "ang-nua", owner, PARENTS)
    assert [one.name for one in found] == names


def test_what_a_shift_does_not_say_of_somebody_the_telephone_list_does():
    found = ROSTER.on_call(Wanted(agency="so-tnmt"), "muong-ang", "", PARENTS)
    assert [one.email for one in found] == ["", "hoa@example.vn"]


@pytest.mark.parametrize(
    "hidden",
    [
        {"history": True},
        {"shelved_until": NOW + HOUR},
        {"suppressed_by": "a2"},
        {"maintenance": "m1"},
        {"state": State.ACKNOWLEDGED},
        {"active": False, "state": State.RETURNED},
        {"closed_at": NOW},
        {"steps": (Entry(NOW, "centre", "raise"), Entry(NOW, "lan", "comment"))},
        {"incident": None},
    ],
    ids=str,
)
def test_nobody_is_told_of_what_is_hidden_past_or_answered(hidden):
    assert told(raised(**hidden)) == []


def test_what_comes_out_of_hiding_is_told():
    for step in ("unshelve", "unsuppress", "in-service"):
        assert is_told(raised(steps=(Entry(NOW, "centre", step),)))


def test_an_alert_that_cleared_unseen_still_wants_an_answer():
    assert unanswered([raised(active=False, state=State.RETURNED)])
    assert not unanswered([raised(state=State.ACKNOWLEDGED)])


INCIDENT = an_incident(
    NOW, severity=Severity.VERY_HIGH, title=Text("Lũ", "Flood"), root=("a2", "river-01"), alerts=()
)


@pytest.mark.parametrize(
    ("origin", "vi", "en"),
    [
        (Origin.SIMULATED, "[MÔ PHỎNG]", "[SIMULATED]"),
        (Origin.EXERCISE, "[DIỄN TẬP]", "[EXERCISE]"),
        (Origin.REPLAY, "[PHÁT LẠI]", "[REPLAY]"),
    ],
)
def test_the_first_word_says_that_it_is_not_real(origin, vi, en):
    alerts = [raised(origin=Origin.REAL), raised(id="a2", origin=origin)]
    letter = written(INCIDENT, alerts, 0, read_phrases())
    for text in (letter.title, letter.body):
        assert text.vi.startswith(vi)
        assert text.en.startswith(en)


def test_a_real_message_begins_with_how_grave_it_is_and_names_root_count_and_what_to_do():
    alerts = [
        raised(id=f"a{number}", origin=Origin.REAL, message=Text(f"Tin {number}", f"News {number}"))
        for number in range(1, 8)
    ]
    letter = written(INCIDENT, alerts, 2, read_phrases())
    assert letter.title.vi == "Cấp 4 – rất lớn: Tin 2"
    assert letter.body.en.startswith("Reminder 2, alerts still not acknowledged: 7")
    assert letter.body.vi.count("\n- ") == 5
    assert "và 2 cảnh báo khác" in letter.body.vi
    assert alerts[0].response.vi in letter.body.vi


def test_what_could_not_be_delivered_is_tried_again_later_and_later_then_given_up():
    waits = [(retry_at(tries, 0) or 0) // SECOND for tries in range(1, 9)]
    assert waits == [10, 30, 60, 120, 300, 600, 600, 600]
    assert retry_at(MOST_TRIES, 0) is None


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"severity": 6}, "severity"),
        ({"areas": "muong-ang"}, "areas"),
        ({"hours": "7-19"}, "hours"),
        ({"wait": "soon"}, "wait"),
        ({"to": "https://example.vn/secret"}, "to"),
        ({"chanel": "sms"}, "chanel"),
        ({"escalate": [{"after": "0s", "role": "leader", "to": "mail"}]}, "escalate"),
        ({"marks": ["tardy"]}, "marks"),
        ({"marks": ["late"]}, "repeat"),
        ({"on_duty": {"role": "operator"}}, "by"),
        ({"on_duty": {"by": "sms", "who": "lan"}}, "on_duty"),
    ],
)
def test_what_is_wrong_with_a_route_is_said_by_its_key(changes, key):
    with pytest.raises(SettingsError) as wrong:
        parse_route({**ROW, **changes})
    assert key in str(wrong.value)
