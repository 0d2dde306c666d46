"""Working time: the seconds offices have been open, and back.

``W(t)`` counts open seconds from the beginning of the table; ``Winv(w)`` is the instant by which w
of them have passed. Segments are kept as they are and searched, never interpolated: a deadline
that falls on the last second of an afternoon stays there, and none falls on a day off.
"""

from heapq import heapreplace
from typing import Final

import numpy as np

from simulators.calendar import AFTERNOON, MORNING, OFFSET, Calendar
from simulators.noise import DAY, Times

WORKDAY: Final = round((MORNING[1] - MORNING[0] + AFTERNOON[1] - AFTERNOON[0]) * 3_600)
"""Open seconds of a working day."""

_FIRST: Final = 16_071
"""1 January 2014."""

_LAST: Final = 33_238
"""1 January 2061."""

AWAY: Final = -1
"""The turn of one who did not stay."""


class WorkingTime:
    """Open seconds of a calendar, as whole numbers."""

    def __init__(self, calendar: Calendar) -> None:
        """Lay out the office hours of every working day of the table."""
        days = np.arange(_FIRST, _LAST)
        days = days[calendar.working_day(days * DAY - OFFSET)]
        hours = np.rint(np.array([MORNING, AFTERNOON]) * 3_600.0).astype(np.int64)
        self._starts = (days[:, None] * DAY - OFFSET + hours[:, 0]).ravel()
        self._lengths = np.tile(hours[:, 1] - hours[:, 0], len(days))
        self._passed = np.concatenate([[0], np.cumsum(self._lengths)])

    def worked(self, at: Times) -> Times:
        """Give W: the open seconds before each instant."""
        row = np.maximum(np.searchsorted(self._starts, at, side="right") - 1, 0)
        since = np.clip(at - self._starts[row], 0, self._lengths[row])
        return np.asarray(self._passed[row] + since)

    def reached(self, worked: Times) -> Times:
        """Give Winv: the first instant by which so many open seconds have passed."""
        row = np.searchsorted(self._passed, worked, side="left") - 1
        row = np.clip(row, 0, len(self._starts) - 1)
        return np.asarray(self._starts[row] + (worked - self._passed[row]))


def by_turns(came: Times, lasts: Times, patience: Times, counters: int) -> Times:
    """Serve people first come, first served, at ``counters`` counters.

    Args:
        came: working seconds of each arrival, in order.
        lasts: working seconds each takes at the counter.
        patience: working seconds of waiting above which each turns away.
        counters: how many counters.

    Returns:
        When each one's turn begins, in working seconds; `AWAY` for those who turned away.
    """
    free = [0] * max(counters, 1)
    turns = []
    for at, long, most in zip(came.tolist(), lasts.tolist(), patience.tolist(), strict=True):
        begins = max(at, free[0])
        if begins - at > most:
            turns.append(AWAY)
            continue
        heapreplace(free, begins + long)
        turns.append(begins)
    return np.array(turns, np.int64)
