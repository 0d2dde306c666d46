"""When something owed is remembered, late and told further: one table for incidents and tasks.

Half of the time given: whoever owes it is reminded. All of it: it is late, and the supervisor is
told. Half as much again: the leader is told.
"""

from dataclasses import dataclass
from typing import Final

from ioc.core.history import CENTRE_NAME, Entry
from ioc.core.words import Instant


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of the time given.

    Attributes:
        step: how it stands in the history.
        share: of the time given.
        tells: the role that is told; ``owner`` is whoever owes it.
    """

    step: str
    share: float
    tells: str


MARKS: Final = (
    Mark("remind", 0.5, "owner"),
    Mark("late", 1.0, "supervisor"),
    Mark("escalate", 1.5, "leader"),
)
LATE: Final = 2
"""From so many marks passed on it is late."""


def mark_at(number: int, given: Instant | None, due: Instant | None) -> Instant | None:
    """Tell when a mark is reached; None when there is no such mark or nothing is due."""
    if given is None or due is None or number >= len(MARKS):
        return None
    return given + round((due - given) * MARKS[number].share)


@dataclass(frozen=True, slots=True)
class Passed:
    """A mark that was passed: people are told of it, once.

    Attributes:
        task: whether it is a task's; else it is an incident's.
        id: of that.
        severity: of an incident; a task has none.
        step: of the mark.
        term: the limit of the law it is a mark of; empty for the time its owner was given.
        since: from when that time counts; given anew, its marks are others.
    """

    task: bool
    id: str
    area: str
    severity: int | None
    step: str
    term: str
    since: Instant


def marks_reached(
    marks: int, given: Instant | None, due: Instant | None, now: Instant, term: str = ""
) -> tuple[Entry, ...]:
    """Give the steps of the centre for the marks reached since ``marks`` of them were passed.

    Args:
        marks: how many were passed.
        given: from when the time counts.
        due: when it is over.
        now: the site's time.
        term: the limit of the law they are marks of; their note, instead of the role.
    """
    entries: list[Entry] = []
    while (at := mark_at(marks + len(entries), given, due)) is not None and at <= now:
        mark = MARKS[marks + len(entries)]
        entries.append(Entry(now, CENTRE_NAME, mark.step, term or mark.tells))
    return tuple(entries)
