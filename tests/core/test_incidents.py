"""The tables of incidents and tasks, walked whole, and the clock of what is owed."""

from dataclasses import replace

import pytest

from ioc.core.history import NotAllowedError, Said
from ioc.core.incidents import (
    BESIDE,
    TRANSITIONS,
    Incident,
    IncidentState,
    IncidentStep,
    Reason,
    linked,
    marked,
    marks_passed,
    merged,
    parted,
    received,
    take_incident_step,
)
from ioc.core.tasks import TRANSITIONS as TASK_TRANSITIONS
from ioc.core.tasks import Task, TaskState, TaskStep, given, marked_task, take_task_step
from ioc.core.words import HOUR, Severity
from tests.samples import a_task, an_incident

NOW = 1_795_305_600 * 1_000_000
NEW = received(
    an_incident(NOW, id="i", seq=1, root=("a1", "rain-01"), alerts=("a1", "a2")),
    "lan",
)
GIVEN = given(a_task(NOW, id="t", seq=1, due=NOW + 10 * HOUR))
SAID = Said("lan", NOW + HOUR, "note", owner="so-gtvt", due=NOW + 11 * HOUR, reason="true")


def in_state(state: IncidentState) -> Incident:
    owner = "" if state in (IncidentState.RECEIVED, IncidentState.VERIFIED) else "so-gtvt"
    closed = NOW if state is IncidentState.CLOSED else None
    return replace(NEW, state=state, owner=owner, closed_at=closed)


@pytest.mark.parametrize("state", list(IncidentState))
@pytest.mark.parametrize("step", sorted(set(IncidentStep) - BESIDE))
def test_a_step_on_an_incident_does_what_the_table_says_or_nothing(
    state: IncidentState, step: IncidentStep
) -> None:
    incident = replace(in_state(state), record="pakn-1")
    after = TRANSITIONS.get((state, step))
    if after is None:
        with pytest.raises(NotAllowedError):
            take_incident_step(incident, step, SAID)
        return
    done = take_incident_step(incident, step, SAID)
    assert (done.state, done.version) == (after, incident.version + 1)
    assert (done.closed_at is not None) == (after is IncidentState.CLOSED)
    assert (done.steps[-1].by, done.steps[-1].step) == ("lan", step)


@pytest.mark.parametrize("state", list(TaskState))
@pytest.mark.parametrize("step", list(TaskStep))
def test_a_step_on_a_task_does_what_the_table_says_or_nothing(
    state: TaskState, step: TaskStep
) -> None:
    task = replace(GIVEN, state=state)
    beside = step in (TaskStep.COMMENT, TaskStep.SEEN)
    after = state if beside else TASK_TRANSITIONS.get((state, step))
    if after is None:
        with pytest.raises(NotAllowedError):
            take_task_step(task, step, SAID)
        return
    done = take_task_step(task, step, SAID)
    assert (done.state, done.version) == (after, task.version + 1)
    assert (done.steps[-1].by, done.steps[-1].step) == ("lan", step)


def test_every_incident_can_reach_its_end_and_nothing_leaves_it() -> None:
    reached = {IncidentState.RECEIVED}
    for _ in IncidentState:
        reached |= {after for (before, _), after in TRANSITIONS.items() if before in reached}
    assert reached == set(IncidentState)
    assert not [before for before, _ in TRANSITIONS if before is IncidentState.CLOSED]


def test_assigning_needs_an_owner_and_a_time_ahead() -> None:
    verified = in_state(IncidentState.VERIFIED)
    for wrong in (replace(SAID, owner=None), replace(SAID, due=SAID.at)):
        with pytest.raises(NotAllowedError):
            take_incident_step(verified, IncidentStep.ASSIGN, wrong)


@pytest.mark.parametrize("reason", [None, "", "because"])
def test_closing_needs_one_of_four_reasons(reason: str | None) -> None:
    assert {one.value for one in Reason} == {"true", "false", "duplicate", "test"}
    with pytest.raises(NotAllowedError, match="reason"):
        take_incident_step(
            in_state(IncidentState.DONE), IncidentStep.CLOSE, replace(SAID, reason=reason)
        )


def test_returned_before_it_is_done_an_incident_has_no_owner_and_after_it_keeps_it() -> None:
    taken = in_state(IncidentState.VERIFIED)
    taken = take_incident_step(taken, IncidentStep.ASSIGN, SAID)
    back = take_incident_step(taken, IncidentStep.RETURN, SAID)
    assert (back.state, back.owner, back.due) == (IncidentState.VERIFIED, "", None)
    for step in (IncidentStep.START, IncidentStep.DONE, IncidentStep.RETURN):
        taken = take_incident_step(taken, step, SAID)
    assert (taken.state, taken.owner) == (IncidentState.IN_PROGRESS, "so-gtvt")
    assert (back.returned, taken.returned) == (1, 1)


def test_half_the_time_reminds_all_of_it_is_late_and_half_as_much_again_tells_the_leader() -> None:
    taken = take_incident_step(in_state(IncidentState.VERIFIED), IncidentStep.ASSIGN, SAID)
    begun = SAID.at
    told = []
    for hour in range(16):
        after = marked(taken, begun + hour * HOUR)
        told += [(hour, one.step, one.note) for one in after.steps[len(taken.steps) :]]
        taken = after
        assert taken.late == (hour >= 10)
    assert told == [(5, "remind", "owner"), (10, "late", "supervisor"), (15, "escalate", "leader")]
    assert taken.next_mark is None


def test_the_laws_limits_before_a_report_has_an_owner_are_watched_and_kept_by_what_people_do() -> (
    None
):
    limits = {"refuse": NOW + 2 * HOUR, "supplement": NOW + 10 * HOUR, "handle": NOW + 30 * HOUR}
    report = replace(NEW, record="pakn-1", reported_at=NOW, limits=limits)
    assert report.next_mark == NOW + HOUR

    def passed(before: Incident, hours: float) -> list[tuple[str, str]]:
        after = marked(before, NOW + round(hours * HOUR))
        return [(one.step, one.term) for one in marks_passed(before, after)]

    assert passed(report, 1) == [("remind", "refuse")]
    late = marked(report, NOW + 2 * HOUR)
    assert late.late
    assert passed(late, 2.5) == [], "each mark once"
    assert passed(late, 5) == [("escalate", "refuse"), ("remind", "supplement")]
    verified = take_incident_step(late, IncidentStep.VERIFY, SAID)
    assert not verified.late, "who verifies a report does not refuse it"
    assert passed(verified, 10) == [("remind", "supplement"), ("late", "supplement")]
    for kept in (IncidentStep.SUPPLEMENT, IncidentStep.ASSIGN):
        done = take_incident_step(verified, kept, replace(SAID, due=NOW + 30 * HOUR))
        assert ("late", "supplement") not in passed(done, 11)
        assert done.terms == ()
    assert marked(replace(report, state=IncidentState.CLOSED), NOW + 99 * HOUR).steps == NEW.steps
    with pytest.raises(NotAllowedError, match="report"):
        take_incident_step(NEW, IncidentStep.SUPPLEMENT, SAID)


def test_marks_missed_while_nobody_looked_are_all_passed_at_once_and_only_once() -> None:
    task = marked_task(GIVEN, NOW + 100 * HOUR)
    assert [one.step for one in task.steps[1:]] == ["remind", "late", "escalate"]
    assert task.late
    assert marked_task(task, NOW + 200 * HOUR) is task


def test_what_is_done_is_neither_late_nor_reminded_of() -> None:
    task = replace(GIVEN, state=TaskState.DONE)
    assert marked_task(task, NOW + 100 * HOUR) is task
    assert task.next_mark is None


def test_given_to_somebody_else_the_time_begins_again() -> None:
    late = marked_task(GIVEN, NOW + 100 * HOUR)
    again = take_task_step(late, TaskStep.ASSIGN, Said("chair", NOW + HOUR, owner="so-xd"))
    assert (again.owner, again.late, again.marks, again.given_at) == ("so-xd", False, 0, NOW + HOUR)


def test_merging_closes_the_one_as_a_duplicate_and_gives_its_alerts_to_the_other() -> None:
    worse = replace(NEW, id="j", alerts=("a2", "a3"), severity=Severity.DISASTER)
    closed, into = merged(worse, NEW, SAID)
    assert (closed.state, closed.reason, closed.merged_into) == ("closed", "duplicate", "i")
    assert into.alerts == ("a1", "a2", "a3")
    assert into.severity is Severity.DISASTER
    with pytest.raises(NotAllowedError):
        merged(NEW, NEW, SAID)
    with pytest.raises(NotAllowedError):
        merged(NEW, closed, SAID)


def test_parted_from_its_root_an_incident_takes_the_next_alert_as_root() -> None:
    left = parted(NEW, ["a1"], SAID)
    assert (left.alerts, left.root) == (("a2",), ("a2", ""))
    assert parted(NEW, ["a2"], SAID).root == ("a1", "rain-01")
    with pytest.raises(NotAllowedError, match="a9"):
        parted(NEW, ["a9"], SAID)


def test_an_alert_linked_twice_is_there_once_and_changes_nothing_the_second_time() -> None:
    once = linked(NEW, ["a3", "a3"], SAID)
    assert once.alerts == ("a1", "a2", "a3")
    assert linked(once, ["a3"], SAID) is once


@pytest.mark.parametrize(
    "incident",
    [NEW, take_incident_step(in_state(IncidentState.DONE), IncidentStep.CLOSE, SAID)],
)
def test_an_incident_comes_back_from_json_as_it_went(incident: Incident) -> None:
    assert Incident.from_json(incident.to_json()) == incident


def test_a_task_comes_back_from_json_as_it_went() -> None:
    assert Task.from_json(GIVEN.to_json()) == GIVEN
