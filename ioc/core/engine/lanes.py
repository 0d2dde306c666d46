"""Lanes: the bindings of one sort of detector, judged side by side.

A lane asks its detector what each observation comes to (its score), and takes the scores through
the levels of each binding's rule. A detector sees one observation of each binding at a time, and
never two of one, so that it is plain array arithmetic over its own columns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

import numpy as np

from ioc.core.calendar import WorkingCalendar
from ioc.core.engine.columns import (
    NEVER,
    NOTHING,
    Column,
    Floats,
    Ints,
    Kept,
    Mask,
    Shape,
    Table,
    runs,
    waves,
)
from ioc.core.engine.phases import HEAD, MOST_LEVELS, Change, Reached, Scored, Turn, advance
from ioc.core.rules import Rule
from ioc.core.words import Datastream, Instant, Thing

_SET: Final[Mapping[str, Column]] = {
    "row": ("<i8", -1),  # of the datastream; -1 once nothing is bound any more
    "sign": ("<f8", 1),
    "hold": ("<i8", 0),
    "clear_hold": ("<i8", 0),
}


@dataclass(frozen=True, slots=True)
class Bound:
    """A rule over one datastream.

    Attributes:
        limits: what is told as the limit, by level.
        compared: what scores are compared with, by level, where that is something else.
    """

    rule: Rule
    thing: Thing
    stream: Datastream
    limits: tuple[float, ...]
    compared: tuple[float, ...] | None = None

    def change(self, turn: Turn, at: Instant, value: float, level: int) -> Change:
        """Write a change of this binding's condition."""
        place = max(level, 1) - 1
        limit, severity = self.limits[place], self.rule.severities[place]
        rule, thing, name = self.rule, self.thing.id, self.stream.name
        return Change(turn, rule, thing, name, at, value, limit, severity)


class Detector(Protocol):
    """What observations of one datastream come to.

    Attributes:
        kept, cells, width, extra: the columns of its own, see `Shape`.
        alone: it judges each value by itself and remembers nothing.
        plain: the value itself is told, not the score.
        doubts: it is shown values outside their range too.
    """

    kept: Mapping[str, Column]
    cells: Mapping[str, Column]
    width: int
    extra: Mapping[str, Column]
    alone: bool
    plain: bool
    doubts: bool

    def bind(self, table: Table, index: int, bound: Bound, calendar: WorkingCalendar) -> None:
        """Set the columns of a binding from its rule, thing and datastream."""

    def step(self, table: Table, index: Ints, time: Ints, value: Floats) -> Floats:
        """Score one observation of each of some bindings; NaN where nothing can be said yet."""


@runtime_checkable
class Resting(Protocol):
    """A detector that can tell, of whole runs at once, which need not be walked."""

    def rest(self, table: Table, starts: Ints, told: "Run") -> Mask:
        """Take in the runs in which nothing happens, and tell which they are; they score nought.

        What is left behind is the same as after a `step` for each of their observations.

        Args:
            table: of the bindings.
            starts: where the run of each binding begins.
            told: the observations, in order of binding and time.
        """


@dataclass(frozen=True, slots=True)
class Run:
    """Observations in order of binding and time."""

    index: Ints
    time: Ints
    value: Floats

    def of(self, places: Ints) -> "Run":
        """Give some of them."""
        return Run(self.index[places], self.time[places], self.value[places])


def set_levels(table: Table, index: int, bound: Bound) -> None:
    """Set what a binding's scores are compared with, and how long they must hold."""
    rule = bound.rule
    sign = -1.0 if rule.below else 1.0
    compared = bound.compared or bound.limits
    table["sign"][index] = sign
    table["limit"][index] = table["band"][index] = np.inf
    for level, limit in enumerate(compared):
        table["limit"][index, level] = limit * sign
        table["band"][index, level] = limit * sign - rule.deadband
    table["hold"][index], table["clear_hold"][index] = rule.hold, rule.clear_hold


def levels_of(rules: Sequence[Rule]) -> int:
    """Give the most levels any rule has."""
    return max([1, *(min(len(rule.limits), MOST_LEVELS) for rule in rules)])


class Bindings:
    """A table of bindings with their rules, their levels and what they tell."""

    def __init__(self, shape: Shape, kept: Kept) -> None:
        """Bind nothing."""
        self.table = Table(shape, kept)
        self.bounds: list[Bound] = []
        self.of: dict[int, dict[int, int]] = {}

    def hold(self, row: int, number: int, bound: Bound) -> int:
        """Bind a rule to a datastream, or renew its binding."""
        mark = bound.rule.mark
        of_row = self.of.setdefault(row, {})
        index = of_row.get(mark)
        if index is None:
            index = of_row[mark] = self.table.add(number, mark)
            self.bounds.append(bound)
        self.bounds[index] = bound
        self.table["row"][index] = row
        return index

    def drop(self, row: int, marks: set[int], now: Instant) -> list[Change]:
        """Let go of a datastream's bindings other than of some rules; clears what stood broken."""
        changes: list[Change] = []
        table = self.table
        for mark, index in self.of.get(row, {}).items():
            if mark in marks or table["row"][index] < 0:
                continue
            table["row"][index] = -1
            level = int(table["level"][index])
            if level:
                bound = self.bounds[index]
                changes.append(bound.change(Turn.CLEAR, now, bound.limits[level - 1], level))
            table["level"][index] = table["move"][index] = 0
            table.changed[index] = True
        return changes

    def standing(self) -> list[Bound]:
        """Give the bindings that stand broken."""
        table = self.table
        broken = (table["level"][: table.size] > 0) & (table["row"][: table.size] >= 0)
        return [self.bounds[index] for index in np.flatnonzero(broken).tolist()]

    def told(self, reached: Sequence[Reached]) -> list[Change]:
        """Write what was reached as changes."""
        return [
            self.bounds[one.index].change(one.turn, one.at, one.value, one.after or one.before)
            for one in reached
        ]


class Lane(Bindings):
    """See the module."""

    def __init__(self, detector: Detector, kept: Kept, levels: int) -> None:
        """Bind nothing."""
        limits: Column = ("<f8", np.inf)
        shape = Shape(
            {**HEAD, **detector.kept},
            detector.cells,
            detector.width,
            {**_SET, **detector.extra},
            {"limit": (limits, levels), "band": (limits, levels)},
        )
        super().__init__(shape, kept)
        self.detector = detector
        self._passes: list[Ints] = []

    def bind(self, row: int, number: int, bound: Bound, calendar: WorkingCalendar) -> None:
        """Bind a rule to a datastream."""
        index = self.hold(row, number, bound)
        set_levels(self.table, index, bound)
        self.detector.bind(self.table, index, bound, calendar)

    def sort(self, streams: int) -> None:
        """Make each datastream find its bindings: a pass for the first of each, and so on."""
        of = self.table["row"][: self.table.size]
        bound = np.flatnonzero(of >= 0)
        order = bound[np.argsort(of[bound], kind="stable")]
        starts = runs(of[order])
        self._passes = []
        for places in waves(starts, len(order)):
            at = np.full(streams, -1, np.int64)
            at[of[order[places]]] = order[places]
            self._passes.append(at)

    def binds(self, row: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Tell which rows have a binding here."""
        if not self._passes:
            return np.zeros(len(row), np.bool_)
        return np.asarray(self._passes[0][row] >= 0)

    def judge(self, row: Ints, time: Ints, value: Floats, before: Ints, gap: Ints) -> list[Change]:
        """Judge observations that stand in order of datastream and time.

        Args:
            row: datastream of each.
            time: of each.
            value: of each.
            before: time of the observation judged before, by datastream.
            gap: microseconds after which a hold starts anew, by datastream.
        """
        changes: list[Change] = []
        for at in self._passes:
            index = at[row]
            bound = np.flatnonzero(index >= 0)
            if not len(bound):
                continue
            if len(bound) == len(row):
                of, seen, result = row, time, value
            else:
                of, seen, result, index = row[bound], time[bound], value[bound], index[bound]
            starts = runs(index)
            score = self._scores(starts, index, seen, result)
            told = Scored(starts, index, seen, score, result, before, gap)
            changes += self._advance(of, told)
        return changes

    def _scores(self, starts: Ints, index: Ints, time: Ints, value: Floats) -> Floats:
        if self.detector.alone:
            return self.detector.step(self.table, index, time, value)
        if len(starts) == len(index):
            score = self.detector.step(self.table, index, time, value)
        else:
            score = self._walked(starts, Run(index, time, value))
        self.table.changed[index] = True
        return score

    def _walked(self, starts: Ints, told: Run) -> Floats:
        """Score runs, one observation of each after the other; those at rest all at once."""
        detector, size = self.detector, len(told.index)
        score = np.zeros(size)
        if isinstance(detector, Resting):
            counts = np.diff(np.r_[starts, size])
            resting = np.repeat(detector.rest(self.table, starts, told), counts)
            left = np.flatnonzero(~resting)
        else:
            left = np.arange(size)
        for wave in waves(runs(told.index[left]), len(left)):
            places = left[wave]
            one = told.of(places)
            score[places] = detector.step(self.table, one.index, one.time, one.value)
        return score

    def _advance(self, row: Ints, told: Scored) -> list[Change]:
        starts, index, time = told.starts, told.index, told.time
        score, value = told.score, told.value
        if not self.detector.alone:
            said = np.flatnonzero(~np.isnan(score))
            if not len(said):
                return []
            if len(said) < len(score):
                index, time, score = index[said], time[said], score[said]
                row, value = row[said], value[said]
                starts = runs(index)
        of = row[starts]
        shown = value if self.detector.plain else score
        before, gap = told.before[of], told.gap[of]
        judged = Scored(starts, index, time, score, shown, before, gap)
        return self.told(advance(self.table, judged))


NO_COLUMNS: Final[Mapping[str, Column]] = {}

__all__ = ["NEVER", "NOTHING", "NO_COLUMNS", "Bindings", "Bound", "Detector", "Lane"]
