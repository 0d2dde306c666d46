"""Tasks: an instruction of a leader with an owner and a due date.

Everything that may happen to a task's state stands in `TRANSITIONS`. A task is returned by its
owner, who cannot do it, or by its giver, who finds it not done; it is then accepted again or given
to somebody else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from ioc.core.due import LATE, Passed, mark_at, marks_reached
from ioc.core.history import Entry, NotAllowedError, Said, read, written
from ioc.core.words import Instant, Origin, instant, rfc3339


class TaskState(StrEnum):
    """How far a task is."""

    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    DONE = "done"
    RETURNED = "returned"
    CLOSED = "closed"


class TaskStep(StrEnum):
    """What can happen to a task."""

    GIVE = "give"
    ASSIGN = "assign"
    ACCEPT = "accept"
    PROGRESS = "progress"
    DONE = "done"
    RETURN = "return"
    CLOSE = "close"
    COMMENT = "comment"
    SEEN = "seen"


_S, _T = TaskState, TaskStep

TRANSITIONS: Final[Mapping[tuple[TaskState, TaskStep], TaskState]] = MappingProxyType(
    {
        (_S.ASSIGNED, _T.ASSIGN): _S.ASSIGNED,
        (_S.ASSIGNED, _T.ACCEPT): _S.ACCEPTED,
        (_S.ASSIGNED, _T.RETURN): _S.RETURNED,
        (_S.ASSIGNED, _T.CLOSE): _S.CLOSED,
        (_S.ACCEPTED, _T.ASSIGN): _S.ASSIGNED,
        (_S.ACCEPTED, _T.PROGRESS): _S.ACCEPTED,
        (_S.ACCEPTED, _T.DONE): _S.DONE,
        (_S.ACCEPTED, _T.RETURN): _S.RETURNED,
        (_S.DONE, _T.RETURN): _S.RETURNED,
        (_S.DONE, _T.CLOSE): _S.CLOSED,
        (_S.RETURNED, _T.ACCEPT): _S.ACCEPTED,
        (_S.RETURNED, _T.ASSIGN): _S.ASSIGNED,
        (_S.RETURNED, _T.CLOSE): _S.CLOSED,
    }
)
"""State and step -> next state; comments and being seen leave it."""

_UNANSWERED: Final = frozenset({_S.ASSIGNED, _S.ACCEPTED, _S.RETURNED})


@dataclass(frozen=True, slots=True)
class Task:
    """One task with its whole history; the attributes are the contract's, and further ones.

    Attributes:
        giver: who gave it (``from`` in the contract).
        owner: the agency that owes it.
        given_at: when the owner was given it: reminders count from there.
        marks: how many of `ioc.core.due.MARKS` are passed.
    """

    id: str
    version: int
    seq: int
    incident: str | None
    title: str
    giver: str
    owner: str
    area: str
    origin: Origin
    given_at: Instant
    due: Instant
    state: TaskState = TaskState.ASSIGNED
    marks: int = 0
    closed_at: Instant | None = None
    steps: tuple[Entry, ...] = ()

    @property
    def reason(self) -> str | None:
        """Why it was closed: a task says that in the note of its last step."""
        return None

    @property
    def late(self) -> bool:
        """Whether its time is over and it is not done."""
        return self.state in _UNANSWERED and self.marks >= LATE

    @property
    def next_mark(self) -> Instant | None:
        """When it is to be looked at next; None when nothing is awaited."""
        if self.state not in _UNANSWERED:
            return None
        return mark_at(self.marks, self.given_at, self.due)

    def owes(self, since: Instant) -> bool:
        """Tell whether what a mark was passed of is still owed, and as it was given then."""
        return self.state in _UNANSWERED and self.given_at == since

    def to_json(self) -> dict[str, Any]:
        """Give the contract's shape."""
        return {
            "id": self.id,
            "version": self.version,
            "seq": self.seq,
            "incident": self.incident,
            "title": self.title,
            "from": self.giver,
            "owner": self.owner,
            "area": self.area,
            "origin": self.origin.value,
            "given_at": rfc3339(self.given_at),
            "due": rfc3339(self.due),
            "state": self.state.value,
            "late": self.late,
            "marks": self.marks,
            "closed_at": written(self.closed_at),
            "steps": [entry.to_json() for entry in self.steps],
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Task":
        """Read back what `to_json` gave."""
        return cls(
            id=body["id"],
            version=body["version"],
            seq=body["seq"],
            incident=body["incident"],
            title=body["title"],
            giver=body["from"],
            owner=body["owner"],
            area=body["area"],
            origin=Origin(body["origin"]),
            given_at=instant(body["given_at"]),
            due=instant(body["due"]),
            state=TaskState(body["state"]),
            marks=body["marks"],
            closed_at=read(body["closed_at"]),
            steps=tuple(Entry.from_json(entry) for entry in body["steps"]),
        )


def given(task: Task, note: str = "") -> Task:
    """Put the first step into the history of a new task.

    Raises:
        NotAllowedError: it has no owner, or is due before it is given.
    """
    if not task.owner:
        raise NotAllowedError("a task needs an owner")
    if task.due <= task.given_at:
        raise NotAllowedError("the time it is due must lie ahead")
    return replace(task, steps=(Entry(task.given_at, task.giver, _T.GIVE, note), *task.steps))


def take_task_step(task: Task, step: TaskStep, said: Said) -> Task:
    """Apply a person's step.

    Raises:
        NotAllowedError: the state does not allow it, or something the step needs is missing.
    """
    if step in (_T.COMMENT, _T.SEEN):
        return _stepped(task, step, said)
    state = TRANSITIONS.get((task.state, step))
    if state is None:
        raise NotAllowedError(f"cannot {step.value} a task that is {task.state.value}")
    if step is _T.ASSIGN:
        task, said = _given_to(task, said)
    closed_at = said.at if state is _S.CLOSED else None
    return _stepped(replace(task, state=state, closed_at=closed_at), step, said)


def marked_task(task: Task, now: Instant) -> Task:
    """Pass the marks of its time that are reached; each is a step of the centre."""
    if task.state not in _UNANSWERED:
        return task
    entries = marks_reached(task.marks, task.given_at, task.due, now)
    if not entries:
        return task
    return replace(
        task,
        version=task.version + 1,
        marks=task.marks + len(entries),
        steps=(*task.steps, *entries),
    )


def task_marks_passed(before: Task, after: Task) -> list[Passed]:
    """Give the marks `marked_task` passed, which people are to be told of."""
    entries = after.steps[len(before.steps) :]
    return [
        Passed(True, after.id, after.area, None, entry.step, "", after.given_at)
        for entry in entries
    ]


def _given_to(task: Task, said: Said) -> tuple[Task, Said]:
    due = said.due if said.due is not None else task.due
    if due <= said.at:
        raise NotAllowedError("the time it is due must lie ahead")
    owner = said.owner or task.owner
    task = replace(task, owner=owner, given_at=said.at, due=due, marks=0)
    return task, replace(said, note=said.note or owner)


def _stepped(task: Task, step: TaskStep, said: Said) -> Task:
    entry = Entry(said.at, said.by, step.value, said.note)
    return replace(task, version=task.version + 1, steps=(*task.steps, entry))
