"""What waits for observations that may come before it.

Rules of one lateness wait together. What is younger than the newest of its datastream less the
lateness may still be overtaken; the rest is judged in the order of its own times. Without
lateness nothing waits.
"""

from collections.abc import Sequence

import numpy as np

from ioc.core.engine.columns import NEVER, NOTHING, Floats, Ints, Mask
from ioc.core.engine.lanes import Lane
from ioc.core.engine.phases import Change


class Group:
    """The lanes of the rules that wait equally long."""

    def __init__(self, lateness: int, lanes: Sequence[Lane]) -> None:
        """Wait for nothing yet."""
        self.lateness = lateness
        self.lanes = tuple(lanes)
        self.judged = NOTHING
        self.row, self.time, self.value = NOTHING, NOTHING, np.zeros(0)

    def sort(self, streams: int) -> None:
        """Find the bindings of each datastream, and how far they have judged."""
        self.judged = np.full(streams, NEVER, np.int64)
        for lane in self.lanes:
            lane.sort(streams)
            table = lane.table
            of = table["row"][: table.size]
            bound = of >= 0
            np.maximum.at(self.judged, of[bound], table["judged"][: table.size][bound])

    def binds(self, row: Ints) -> Mask:
        """Tell which rows some rule of this lateness judges."""
        bound = np.zeros(len(row), np.bool_)
        for lane in self.lanes:
            bound |= lane.binds(row)
        return bound

    def defer(self, row: Ints, time: Ints, value: Floats) -> None:
        """Take rows in; of two of one time the first stands, what comes too late is not judged."""
        wanted = self.binds(row) & (time > self.judged[row])
        if not wanted.any():
            return
        row = np.concatenate([self.row, row[wanted]])
        time = np.concatenate([self.time, time[wanted]])
        order = np.lexsort((time, row))
        row, time = row[order], time[order]
        first = np.r_[True, (row[1:] != row[:-1]) | (time[1:] != time[:-1])][: len(row)]
        self.row, self.time = row[first], time[first]
        self.value = np.concatenate([self.value, value[wanted]])[order][first]

    def drop(self, rows: set[int]) -> None:
        """Forget what waits of some datastreams."""
        kept = ~np.isin(self.row, list(rows))
        self.row, self.time, self.value = self.row[kept], self.time[kept], self.value[kept]

    def settle(self, until: Ints, gap: Ints) -> list[Change]:
        """Judge what stands up to a time of each datastream."""
        if not len(self.row):
            return []
        ready = self.time <= until[self.row]
        if not ready.any():
            return []
        row, time, value = self.row[ready], self.time[ready], self.value[ready]
        self.row, self.time, self.value = self.row[~ready], self.time[~ready], self.value[~ready]
        changes: list[Change] = []
        for lane in self.lanes:
            changes += lane.judge(row, time, value, self.judged, gap)
        self.judged[row] = time  # ascending: the last one stays
        for lane in self.lanes:
            table = lane.table
            of = table["row"][: table.size]
            judged = np.flatnonzero(np.isin(of, row))
            table["judged"][judged] = self.judged[of[judged]]
            table.changed[judged] = True
        return changes
