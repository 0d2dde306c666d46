"""Watches: what must come, or be renewed, by a time; judged by the clock as well as by data.

Silence falls due a grace after the newest observation, a deadline at its time of a later day, an
expiry when what is left has run down. Whether the clock or a later observation finds it, it was
broken from the moment it was due.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

import numpy as np

from ioc.core.calendar import OFFSET, WorkingCalendar
from ioc.core.conditions import Deadline, Expiry
from ioc.core.engine.columns import ENDLESS, NEVER, Column, Floats, Ints, Kept, Shape
from ioc.core.engine.lanes import NO_COLUMNS, Bindings, Bound
from ioc.core.engine.phases import HEAD, Change, Turn
from ioc.core.words import DAY, MINUTE, Instant

_SECONDS: Final = 86_400
_FARTHEST: Final = 36_500.0
"""Days ahead that are told apart."""


class Sort(IntEnum):
    """What is watched."""

    SILENCE = 0
    DEADLINE = 1
    EXPIRY = 2


_SET: Final[Mapping[str, Column]] = {
    "row": ("<i8", -1),
    "sort": ("<i1", 0),
    "grace": ("<i8", ENDLESS),  # of silence; how long a deadline waits for the late; of expiry
    "at": ("<i8", 0),  # a deadline's seconds after midnight
    "working": ("?", True),
}


class Watches(Bindings):
    """See the module."""

    def __init__(self, kept: Kept, calendar: WorkingCalendar) -> None:
        """Watch nothing."""
        super().__init__(Shape(dict(HEAD), NO_COLUMNS, 0, _SET, {}), kept)
        self._calendar = calendar
        self._passes: list[Ints] = []

    def bind(self, row: int, number: int, bound: Bound, grace: int) -> None:
        """Watch a datastream."""
        index = self.hold(row, number, bound)
        table, told = self.table, bound.rule.settings
        sort = Sort.SILENCE
        if isinstance(told, Deadline):
            sort = Sort.DEADLINE
            table["at"][index], table["working"][index] = told.at, told.working
        elif isinstance(told, Expiry):
            sort = Sort.EXPIRY
        table["sort"][index], table["grace"][index] = sort, grace

    def sort(self, streams: int) -> None:
        """Make each datastream find its watches."""
        table = self.table
        of = table["row"][: table.size]
        self._passes = []
        left = np.flatnonzero(of >= 0)
        while len(left):
            at = np.full(streams, -1, np.int64)
            at[of[left]] = left
            self._passes.append(at)
            left = left[at[of[left]] != left]

    def watched(self, row: int) -> list[int]:
        """Give the watches of a datastream."""
        return [int(at[row]) for at in self._passes if at[row] >= 0]

    def due(self, index: Ints, time: Ints, value: Floats) -> Ints:
        """Give when each watch is broken, if nothing comes after an observation."""
        table = self.table
        sort, grace = table["sort"][index], table["grace"][index]
        due: Ints = time + grace
        expiring = np.flatnonzero(sort == Sort.EXPIRY)
        if len(expiring):
            days = np.nan_to_num(np.clip(value[expiring], -_FARTHEST, _FARTHEST), nan=_FARTHEST)
            due[expiring] = time[expiring] + (days * DAY).astype(np.int64) - grace[expiring]
        timed = np.flatnonzero(sort == Sort.DEADLINE)
        if len(timed):
            due[timed] = self._deadlines(index[timed], time[timed])
        return due

    def _deadlines(self, index: Ints, time: Ints) -> Ints:
        """Give the next deadlines; there are few days and few times of day in a batch."""
        at, working = self.table["at"][index], self.table["working"][index]
        key = ((time + OFFSET) // DAY * _SECONDS + at) * 2 + working
        each, place = np.unique(key, return_inverse=True)
        due = [
            self._calendar.deadline(
                one // 2 // _SECONDS * DAY - OFFSET, one // 2 % _SECONDS, working=bool(one % 2)
            )
            for one in each.tolist()
        ]
        return np.array(due, np.int64)[place.ravel()]

    def observe(
        self, row: Ints, time: Ints, value: Floats, before: tuple[Ints, Floats], hushed: Ints
    ) -> list[Change]:
        """Judge observations in order of datastream and time.

        Args:
            row: datastream of each.
            time: of each.
            value: of each.
            before: time and value of the observation before each; `NEVER` where there is none.
            hushed: until when silence is explained, by row.
        """
        changes: list[Change] = []
        for at in self._passes:
            index = at[row]
            bound = np.flatnonzero(index >= 0)
            if not len(bound):
                continue
            index, seen, result = index[bound], time[bound], value[bound]
            time_before, value_before = before[0][bound], before[1][bound]
            due = self.due(index, np.maximum(time_before, -DAY), value_before)
            known = time_before != NEVER
            silence = self.table["sort"][index] == Sort.SILENCE
            known &= ~silence | (due > hushed[row[bound]])
            missed = known & (seen > due)
            next_due = self.due(index, seen, result)
            broken = self.table["level"][index] > 0
            for place in np.flatnonzero(missed | broken | (next_due <= seen)).tolist():
                ran_out = int(due[place]) if missed[place] else None
                part = (int(index[place]), int(seen[place]), float(result[place]))
                changes += self._met(part, ran_out, int(next_due[place]))
        return changes

    def _met(
        self, part: tuple[int, Instant, float], ran_out: Instant | None, next_due: Instant
    ) -> list[Change]:
        """Take one watch through one observation."""
        index, seen, value = part
        table, changes = self.table, []
        if ran_out is not None and not table["level"][index]:
            changes.append(self._turn(Turn.RAISE, index, ran_out))
        if table["level"][index] and next_due > seen:
            since = int(table["since"][index])
            changes.append(self._turn(Turn.CLEAR, index, max(seen, since)))
        elif not table["level"][index] and next_due <= seen:
            changes.append(self._turn(Turn.RAISE, index, seen, value))
        return changes

    def _turn(self, turn: Turn, index: int, at: Instant, value: float | None = None) -> Change:
        table, bound = self.table, self.bounds[index]
        table["level"][index] = 1 if turn is Turn.RAISE else 0
        if turn is Turn.RAISE:
            table["since"][index] = at
        table.changed[index] = True
        told = bound.limits[0] if value is None else value
        return bound.change(turn, at, told, 1)

    def tick(
        self, now: Instant, newest: tuple[Ints, Floats], heard: Ints, hushed: Ints
    ) -> list[Change]:
        """Tell what has fallen due by now.

        Args:
            now: the site's clock.
            newest: time and value of the newest observation, by row; `NEVER` for none.
            heard: the site's time at which something new was last heard, by row.
            hushed: rows whose silence is explained.
        """
        table = self.table
        index = np.flatnonzero(
            (table["row"][: table.size] >= 0) & (table["level"][: table.size] == 0)
        )
        if not len(index):
            return []
        row, sort = table["row"][index], table["sort"][index]
        time, value = newest[0][row], newest[1][row]
        since = np.where(time == NEVER, heard[row], time)
        due = self.due(index, since, np.where(time == NEVER, np.inf, value))
        # Whoever was heard of lately may be telling its history: it is not silent yet.
        patience = np.where(sort == Sort.SILENCE, table["grace"][index], MINUTE)
        over = (now > due) & (now - heard[row] > patience)
        late = sort == Sort.DEADLINE
        over[late] &= now - due[late] >= table["grace"][index[late]]
        over &= ~((sort == Sort.SILENCE) & np.isin(row, hushed))
        over &= ~((sort == Sort.EXPIRY) & (time == NEVER))
        return [
            self._turn(Turn.RAISE, int(index[place]), int(due[place]))
            for place in np.flatnonzero(over).tolist()
        ]
