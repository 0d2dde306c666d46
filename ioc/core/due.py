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


def marks_reached(
    marks: int, given: Instant | None, due: Instant | None, now: Instant
) -> tuple[Entry, ...]:
    """Give the steps of the centre for the marks reached since ``marks`` of them were passed."""
    entries: list[Entry] = []
    while (at := mark_at(marks + len(entries), given, due)) is not None and at <= now:
        mark = MARKS[marks + len(entries)]
        entries.append(Entry(now, CENTRE_NAME, mark.step, mark.tells))
    return tuple(entries)
