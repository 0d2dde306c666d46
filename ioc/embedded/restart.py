"""When a child that died is started again: a pure account of its deaths.

A child that lived long enough starts afresh. One that dies young again and again waits twice as
long each time, and from the fifth time on counts as failing, which is said loudly. What stops an
engine (a full disk, a lock another process still holds) passes, so it is tried every few seconds
for ever; a program that keeps dying young most likely has a bug or a wrong setting, so it comes
down to one try a minute.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

YOUNG_S: Final = 10.0
"""A life shorter than this counts as a failed start."""

LOUD_AFTER: Final = 5
"""That many young deaths in a row are no accident."""


class Kind(StrEnum):
    """What a child is, which decides how it is retried."""

    ENGINE = "engine"
    PROGRAM = "program"


_FIRST_S: Final = 0.1
_MOST_S: Final = {Kind.ENGINE: 5.0, Kind.PROGRAM: 60.0}


@dataclass(frozen=True, slots=True)
class Record:
    """The young deaths of a child, counted since it last lived long enough."""

    young: int = 0

    @property
    def failing(self) -> bool:
        """Whether it dies young again and again."""
        return self.young >= LOUD_AFTER


def after_death(record: Record, kind: Kind, lived: float) -> tuple[Record, float]:
    """Enter a death.

    Args:
        record: of the child so far.
        kind: what the child is.
        lived: seconds between start and death.

    Returns:
        The record and the seconds to wait before the next start.
    """
    record = Record(record.young + 1 if lived < YOUNG_S else 0)
    doublings = min(record.young, 16)
    return record, min(_MOST_S[kind], _FIRST_S * 2.0 ** (doublings - 1))
