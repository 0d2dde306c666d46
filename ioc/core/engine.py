"""The engine: a fold of observations into changes of condition, over columns.

It never asks for the time and never sees the store. Its state is two tables of numbers, one row
a datastream and one row a binding (a rule over a datastream), so that a batch is judged by array
arithmetic and only the few bindings whose condition moves are walked one by one. Whatever
changed leaves as bytes for the batch's own transaction, and comes back from them after a
restart: the same observations give the same changes wherever the process was killed.

Missing data freezes a measuring rule: a gap longer than the datastream's grace starts its hold
anew, and neither raises nor clears. Silence is a rule of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ioc.core.rules import ANY, Condition, Rule
from ioc.core.words import SECOND, Datastream, Instant, Quality, Thing

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

NEVER: Final = -(2**62)
_ENDLESS: Final = 2**62
_NO_COUNT: Final = np.zeros(0, np.int64)
_FORM: Final = b"ioc1"
"""Marks the form of the saved state; another layout below means another mark."""


class Phase(IntEnum):
    """Where a binding stands."""

    NORMAL = 0
    PENDING = 1  # broken, but not yet for as long as `hold`
    ACTIVE = 2
    CLEARING = 3  # back, but not yet for as long as `clear_hold`


_SIGN: Final = {Condition.ABOVE: 1, Condition.BELOW: -1, Condition.EQUALS: 0}

_STREAM = np.dtype(
    [
        ("id", "<i4"),  # the store's number of the datastream
        ("newest", "<i8"),  # time of the newest observation
        ("value", "<f8"),  # its value
        ("judged", "<i8"),  # time of the newest good one
    ]
)
_BINDING = np.dtype(
    [
        ("stream", "<i4"),  # the store's number of the datastream
        ("mark", "<u4"),  # the rule that made this state
        ("phase", "<i1"),
        ("since", "<i8"),  # start of the hold, or time of the raise
        ("judged", "<i8"),  # for rules that wait for late data: time up to which they have judged
    ]
)


_NEXT: Final[Mapping[tuple[Phase, int], Phase]] = MappingProxyType(
    {
        (Phase.NORMAL, 2): Phase.PENDING,
        (Phase.PENDING, 1): Phase.NORMAL,
        (Phase.PENDING, 0): Phase.NORMAL,
        (Phase.ACTIVE, 0): Phase.CLEARING,
        (Phase.CLEARING, 1): Phase.ACTIVE,
        (Phase.CLEARING, 2): Phase.ACTIVE,
    }
)
"""Phase and standing (2 over the limit, 1 within the deadband, 0 back) -> next phase. The rest
is a matter of time: PENDING becomes ACTIVE, and CLEARING NORMAL, when it has stood long enough."""


class Turn(IntEnum):
    """Which way a condition changed."""

    RAISE = 1
    CLEAR = 2


@dataclass(frozen=True, slots=True)
class Change:
    """A rule began, or ceased, to be broken.

    Attributes:
        at: the observation's own time; for silence, when the grace ran out.
        value: the observation's value; for silence, the seconds of grace.
    """

    turn: Turn
    rule: Rule
    thing: str
    datastream: str
    at: Instant
    value: float
    limit: float


@dataclass(frozen=True, slots=True)
class Judged:
    """What one batch came to. The masks are over the batch's rows, in their order.

    Attributes:
        quality: `Quality` of each row.
        fresh: rows newer than anything kept of their datastream; they cannot be there yet.
        repeated: rows equal to one that is kept.
        conflicting: rows that contradict one that is kept.
        changes: changes of condition, in order of time.

    What is neither fresh, repeated nor conflicting is late: only the store can tell.
    """

    quality: npt.NDArray[np.int16]
    fresh: Mask
    repeated: Mask
    conflicting: Mask
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class _Bound:
    rule: Rule
    limit: float


class _Group:
    """The bindings of the rules that wait equally long for late data, by datastream.

    What may still be overtaken waits here, and is judged in order of time once nothing within
    the lateness can come before it. Without lateness nothing waits.
    """

    def __init__(self, lateness: int) -> None:
        self.lateness = lateness
        self.by_stream = _NO_COUNT
        self.first = self.count = _NO_COUNT
        self.judged = _NO_COUNT
        self.row, self.time, self.value = _NO_COUNT, _NO_COUNT, np.zeros(0)

    def wait(self, row: Ints, time: Ints, value: Floats) -> None:
        """Take rows in; of two of one time the first stands."""
        row = np.concatenate([self.row, row])
        time = np.concatenate([self.time, time])
        order = np.lexsort((time, row))
        row, time = row[order], time[order]
        first = np.r_[True, (row[1:] != row[:-1]) | (time[1:] != time[:-1])][: len(row)]
        self.row, self.time = row[first], time[first]
        self.value = np.concatenate([self.value, value])[order][first]

    def drop(self, row: int) -> None:
        """Forget what waits of a datastream."""
        kept = self.row != row
        self.row, self.time, self.value = self.row[kept], self.time[kept], self.value[kept]

    def release(self, until: Ints) -> tuple[Ints, Ints, Floats]:
        """Let go of what stands up to a time of each datastream."""
        ready = self.time <= until[self.row]
        freed = self.row[ready], self.time[ready], self.value[ready]
        self.row, self.time, self.value = self.row[~ready], self.time[~ready], self.value[~ready]
        return freed


class _Table:
    """A growing structured array that remembers which rows changed."""

    def __init__(self, dtype: np.dtype[Any], extra: dict[str, Any]) -> None:
        self.rows = np.zeros(256, dtype)
        self.extra = {name: np.zeros(256, kind) for name, kind in extra.items()}
        self.changed = np.zeros(256, np.bool_)
        self.size = 0

    def add(self) -> int:
        if self.size == len(self.rows):
            self.rows = np.concatenate([self.rows, np.zeros_like(self.rows)])
            self.changed = np.concatenate([self.changed, np.zeros_like(self.changed)])
            for name, column in self.extra.items():
                self.extra[name] = np.concatenate([column, np.zeros_like(column)])
        self.size += 1
        return self.size - 1

    def drain(self) -> bytes:
        rows = np.flatnonzero(self.changed[: self.size])
        self.changed[rows] = False
        return self.rows[rows].tobytes()

    def whole(self) -> bytes:
        self.changed[: self.size] = False
        return self.rows[: self.size].tobytes()


class Engine:
    """Judges observations against rules; see the module."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        """Start with no datastream and no state."""
        self._rules = tuple(rules)
        self._streams = _Table(
            _STREAM,
            {"low": np.float64, "high": np.float64, "gap": np.int64, "grace": np.int64}
            | {"heard": np.int64, "silent": np.int64, "hushed": np.int64},
        )
        self._bindings = _Table(
            _BINDING,
            {"stream_row": np.int64, "group": np.int64}
            | {"limit": np.float64, "sign": np.int8, "deadband": np.float64}
            | {"hold": np.int64, "clear_hold": np.int64},
        )
        self._bound: list[_Bound] = []
        self._names: list[tuple[str, str]] = []
        self._row_of: dict[tuple[str, str], int] = {}
        self._saved: dict[tuple[int, int], np.void] = {}
        self._saved_streams: dict[int, np.void] = {}
        self._binding_of: list[dict[int, int]] = []
        self._groups = [_Group(wait) for wait in sorted({0} | {rule.lateness for rule in rules})]
        self._unsorted = False
        self._loose: list[Change] = []

    # -- what is known of datastreams ------------------------------------------------------

    def row(self, thing: str, name: str) -> int | None:
        """Give the row of a datastream, or None before it was attached."""
        return self._row_of.get((thing, name))

    def name(self, row: int) -> tuple[str, str]:
        """Give thing and datastream of a row."""
        return self._names[row]

    def id(self, row: int) -> int:
        """Give the store's number of a row's datastream."""
        return int(self._streams.rows["id"][row])

    @property
    def ids(self) -> npt.NDArray[np.int32]:
        """The store's numbers, by row."""
        ids: npt.NDArray[np.int32] = self._streams.rows["id"][: self._streams.size]
        return ids

    def newest(self, row: int) -> tuple[Instant, float] | None:
        """Give time and value of the newest observation, or None."""
        at = int(self._streams.rows["newest"][row])
        return None if at == NEVER else (at, float(self._streams.rows["value"][row]))

    def horizon(self) -> Instant | None:
        """Give the time of the newest observation of all, or None."""
        if not self._streams.size:
            return None
        newest = int(self._streams.rows["newest"][: self._streams.size].max())
        return None if newest == NEVER else newest

    def standing(self) -> set[tuple[str, str, str]]:
        """Give what stands broken now, as (rule, thing, datastream)."""
        bindings = self._bindings
        phase = bindings.rows["phase"][: bindings.size]
        bound = bindings.extra["group"][: bindings.size] >= 0
        of_silence = self._streams.extra["silent"][: self._streams.size]
        bound[of_silence[of_silence >= 0]] = True
        active = bound & ((phase == Phase.ACTIVE) | (phase == Phase.CLEARING))
        return {
            (self._bound[index].rule.id, *self._names[int(bindings.extra["stream_row"][index])])
            for index in np.flatnonzero(active).tolist()
        }

    def fresh_share(self, now: Instant) -> float:
        """Give the share of datastreams with a period whose newest observation is of now.

        While a history comes in it is near nought, and near one when the history is done.
        """
        size = self._streams.size
        gap = self._streams.extra["gap"][:size]
        periodic = gap < _ENDLESS
        if not periodic.any():
            return 1.0
        age = now - self._streams.rows["newest"][:size]
        return float((age <= gap)[periodic].mean())

    def attach(self, thing: Thing, name: str, number: int, now: Instant) -> int:
        """Make a datastream known, or learn its new description, and bind the rules to it.

        Args:
            thing: the thing as it is described now.
            name: the datastream, described or not.
            number: the store's number of it.
            now: silence counts from here while nothing has been heard.
        """
        streams = self._streams
        row = self._row_of.get((thing.id, name))
        if row is None:
            row = streams.add()
            self._row_of[thing.id, name] = row
            self._names.append((thing.id, name))
            self._binding_of.append({})
            saved = self._saved_streams.pop(number, None)
            streams.rows[row] = (number, NEVER, np.nan, NEVER) if saved is None else saved
            streams.extra["silent"][row] = -1
            streams.extra["heard"][row] = now
            streams.extra["hushed"][row] = NEVER
        described = thing.datastreams.get(name)
        span = described.span if described is not None else None
        low, high = span if span is not None else (-np.inf, np.inf)
        streams.extra["low"][row], streams.extra["high"][row] = low, high
        period = described.period if described is not None else None
        streams.extra["gap"][row] = _ENDLESS if period is None else max(3e6 * period, 30e6)
        self._bind(thing, name, row, number, now)
        return row

    def detach(self, thing: str, now: Instant) -> list[Change]:
        """Stop judging a thing that was taken away, and clear what stood broken of it."""
        streams, bindings = self._streams, self._bindings
        changes: list[Change] = []
        for (owner, _), row in self._row_of.items():
            if owner != thing:
                continue
            streams.extra["silent"][row] = -1
            streams.extra["gap"][row] = _ENDLESS
            for index in self._binding_of[row].values():
                if bindings.rows["phase"][index] in (Phase.ACTIVE, Phase.CLEARING):
                    changes.append(self._change(Turn.CLEAR, index, now, None))
                bindings.rows["phase"][index] = Phase.NORMAL
                bindings.changed[index] = True
                bindings.extra["group"][index] = -1
            for group in self._groups[1:]:
                group.drop(row)
        self._unsorted = True
        return changes

    def _take_loose(self) -> list[Change]:
        loose, self._loose = self._loose, []
        return loose

    def _bind(self, thing: Thing, name: str, row: int, number: int, now: Instant) -> None:
        bindings = self._bindings
        described = thing.datastreams.get(name)
        rules = [rule for rule in self._rules if described and rule.binds(thing, name)]
        kept = self._bind_silence(rules, described, row, number)
        for rule in rules:
            if described is None or rule.condition not in _SIGN:
                continue
            limit = rule.limit_for(thing, described)
            if limit is not None:
                self._bind_condition(_Bound(rule, limit), row, number)
                kept.add(rule.mark)
        for mark, index in self._binding_of[row].items():
            if mark not in kept:
                bindings.extra["group"][index] = -1
                self._let_go(index, now)
        self._unsorted = True

    def _let_go(self, index: int, now: Instant) -> None:
        """Clear a binding that no longer binds; the change is told with the next ones."""
        bindings = self._bindings
        if bindings.rows["phase"][index] in (Phase.ACTIVE, Phase.CLEARING):
            self._loose.append(self._change(Turn.CLEAR, index, now, None))
        if bindings.rows["phase"][index] != Phase.NORMAL:
            bindings.rows["phase"][index] = Phase.NORMAL
            bindings.changed[index] = True

    def _bind_silence(
        self, rules: Sequence[Rule], described: Datastream | None, row: int, number: int
    ) -> set[int]:
        """Bind the one rule of silence that speaks most closely of the thing's kind."""
        streams = self._streams
        streams.extra["grace"][row], streams.extra["silent"][row] = _ENDLESS, -1
        silent = [rule for rule in rules if rule.condition is Condition.SILENT]
        if described is None or described.period is None or not silent:
            return set()
        rule = max(silent, key=lambda one: one.kind != ANY)
        grace = rule.grace(described)
        if grace is None:
            return set()
        index = self._binding(_Bound(rule, grace / SECOND), row, number)
        self._bindings.extra["group"][index] = -1  # never judged by value
        streams.extra["silent"][row], streams.extra["grace"][row] = index, grace
        return {rule.mark}

    def _bind_condition(self, bound: _Bound, row: int, number: int) -> None:
        rule = bound.rule
        index = self._binding(bound, row, number)
        extra = self._bindings.extra  # a new row may have made room for itself
        waits = [group.lateness for group in self._groups]
        extra["group"][index] = waits.index(rule.lateness)
        extra["limit"][index] = bound.limit
        extra["sign"][index] = _SIGN[rule.condition]
        extra["deadband"][index] = rule.deadband
        extra["hold"][index] = rule.hold
        extra["clear_hold"][index] = rule.clear_hold

    def _binding(self, bound: _Bound, row: int, number: int) -> int:
        bindings, mark = self._bindings, bound.rule.mark
        of_row = self._binding_of[row]
        index = of_row.get(mark)
        if index is None:
            index = of_row[mark] = bindings.add()
            self._bound.append(bound)
            saved = self._saved.pop((number, mark), None)
            bindings.rows[index] = (
                (number, mark, Phase.NORMAL, 0, NEVER) if saved is None else saved
            )
        self._bound[index] = bound
        bindings.extra["stream_row"][index] = row
        return index

    def _sort(self) -> None:
        """Order the judged bindings by datastream, so that a row finds its own as one slice."""
        bindings, streams = self._bindings, self._streams
        of_group = bindings.extra["group"][: bindings.size]
        for number, group in enumerate(self._groups):
            judged = np.flatnonzero(of_group == number)
            of = bindings.extra["stream_row"][judged]
            order = np.argsort(of, kind="stable")
            group.by_stream = judged[order]
            group.count = np.bincount(of, minlength=streams.size)
            group.first = np.cumsum(group.count) - group.count
            group.judged = np.full(streams.size, NEVER, np.int64)
            np.maximum.at(group.judged, of, bindings.rows["judged"][judged])
        self._unsorted = False

    # -- the fold --------------------------------------------------------------------------

    def judge(self, row: Ints, time: Ints, value: Floats, now: Instant) -> Judged:
        """Fold a batch in.

        Args:
            row: datastream of each observation (see `row`).
            time: microseconds since 1970 UTC.
            value: results.
            now: the site's clock, for silence only.
        """
        if self._unsorted:
            self._sort()
        streams = self._streams
        quality = np.zeros(len(row), np.int16)
        span = (value < streams.extra["low"][row]) | (value > streams.extra["high"][row])
        quality[span] = Quality.BAD
        order = np.lexsort((time, row))
        by_row, by_time, by_value = row[order], time[order], value[order]
        newest = streams.rows["newest"][by_row]
        same_row = np.zeros(len(row), np.bool_)
        same_row[1:] = by_row[1:] == by_row[:-1]
        twin = np.zeros(len(row), np.bool_)  # stands twice in this very batch
        twin[1:] = same_row[1:] & (by_time[1:] == by_time[:-1])
        fresh = (by_time > newest) & ~twin
        known = by_time == newest
        meets = twin | known
        first = np.maximum.accumulate(np.where(twin, 0, np.arange(len(row))))
        against = np.where(known, streams.rows["value"][by_row], by_value[first])
        repeated = meets & (by_value == against)
        conflicting = meets & ~repeated
        changes = self._take_loose()
        if fresh.any():
            self._advance(
                by_row[fresh], by_time[fresh], by_value[fresh], quality[order][fresh], changes
            )
        streams.extra["heard"][by_row[~meets]] = now
        for group in self._groups[1:]:
            wanted = (quality[order] != Quality.BAD) & ~twin
            self._defer(group, by_row[wanted], by_time[wanted], by_value[wanted])
            self._settle(group, streams.rows["newest"][: streams.size] - group.lateness, changes)
        return Judged(
            quality,
            _unsort(fresh, order),
            _unsort(repeated, order),
            _unsort(conflicting, order),
            sorted(changes, key=lambda change: change.at),
        )

    def _advance(
        self,
        row: Ints,
        time: Ints,
        value: Floats,
        quality: npt.NDArray[np.int16],
        changes: list[Change],
    ) -> None:
        """Fold rows in that are new and stand in order of datastream and time."""
        streams = self._streams
        starts = np.flatnonzero(np.r_[True, row[1:] != row[:-1]])
        self._silences(row, time, starts, changes)
        good = quality != Quality.BAD
        if good.any():
            self._conditions(self._groups[0], row[good], time[good], value[good], changes)
        lasts = np.r_[starts[1:], len(row)] - 1
        heard = row[lasts]
        streams.rows["newest"][heard] = time[lasts]
        streams.rows["value"][heard] = value[lasts]
        streams.changed[heard] = True
        judged = row[good]
        streams.rows["judged"][judged] = time[good]  # ascending: the last one stays

    def _silences(self, row: Ints, time: Ints, starts: Ints, changes: list[Change]) -> None:
        """Find gaps longer than the grace, and the end of those already told by `tick`."""
        streams, bindings = self._streams, self._bindings
        before = np.r_[NEVER, time[:-1]]
        before[starts] = streams.rows["newest"][row[starts]]
        silent = streams.extra["silent"][row]
        known = (silent >= 0) & (before != NEVER)
        told = np.zeros(len(row), np.bool_)
        told[starts] = (silent[starts] >= 0) & (
            bindings.rows["phase"][silent[starts]] == Phase.ACTIVE
        )
        ran_out = before + streams.extra["grace"][row]
        gap = known & (time > ran_out) & (ran_out > streams.extra["hushed"][row])
        for at in np.flatnonzero(gap | told).tolist():
            index = int(silent[at])
            if told[at]:
                since = int(bindings.rows["since"][index])
                bindings.rows["phase"][index] = Phase.NORMAL
                bindings.changed[index] = True
            else:
                since = int(before[at] + streams.extra["grace"][row[at]])
                changes.append(self._change(Turn.RAISE, index, since, None))
            changes.append(self._change(Turn.CLEAR, index, max(int(time[at]), since), None))

    def rows_of(self, things: Iterable[str]) -> Ints:
        """Give the rows of some things' datastreams."""
        wanted = set(things)
        rows = [row for row, (thing, _) in enumerate(self._names) if thing in wanted]
        return np.array(rows, np.int64)

    def tick(self, now: Instant, hushed: Ints = _NO_COUNT) -> list[Change]:
        """Tell of the datastreams whose grace has run out by now.

        A datastream that was heard of lately is never silent, however old what it said: it
        may be telling its history.

        Args:
            now: the site's clock.
            hushed: rows that are left alone, because it is known why they say nothing.
        """
        if self._unsorted:
            self._sort()
        streams, bindings = self._streams, self._bindings
        size = streams.size
        streams.extra["hushed"][hushed] = now
        silent = streams.extra["silent"][:size]
        newest = streams.rows["newest"][:size]
        heard = streams.extra["heard"][:size]
        grace = streams.extra["grace"][:size]
        since = np.maximum(newest, np.where(newest == NEVER, heard, NEVER))
        over = (silent >= 0) & (now - np.maximum(since, heard) > grace)
        over[hushed] = False
        over[over] &= bindings.rows["phase"][silent[over]] == Phase.NORMAL
        changes = self._take_loose()
        for group in self._groups[1:]:
            quiet = now - heard >= group.lateness  # whatever was under way has come by now
            self._settle(group, np.where(quiet, newest, newest - group.lateness), changes)
        for row in np.flatnonzero(over).tolist():
            index = int(silent[row])
            at = int(since[row] + grace[row])
            bindings.rows["phase"][index] = Phase.ACTIVE
            bindings.rows["since"][index] = at
            bindings.changed[index] = True
            changes.append(self._change(Turn.RAISE, index, at, None))
        return sorted(changes, key=lambda change: change.at)

    def _defer(self, group: _Group, row: Ints, time: Ints, value: Floats) -> None:
        """Let rows wait for what may come before them; what comes after its time is not judged."""
        wanted = (group.count[row] > 0) & (time > group.judged[row])
        if wanted.any():
            group.wait(row[wanted], time[wanted], value[wanted])

    def _settle(self, group: _Group, until: Ints, changes: list[Change]) -> None:
        """Judge what has waited long enough."""
        if not len(group.row):
            return
        row, time, value = group.release(until)
        if not len(row):
            return
        self._conditions(group, row, time, value, changes)
        group.judged[row] = time  # ascending: the last one stays
        for stream in np.unique(row).tolist():
            first = int(group.first[stream])
            of = group.by_stream[first : first + int(group.count[stream])]
            self._bindings.rows["judged"][of] = group.judged[stream]
            self._bindings.changed[of] = True

    def unsettled(self) -> dict[int, Instant]:
        """Give, by the store's number, the time behind which kept observations still wait.

        After a restart they are read from the store and given back by `refill`.
        """
        if self._unsorted:
            self._sort()
        newest = self._streams.rows["newest"][: self._streams.size]
        after: dict[int, Instant] = {}
        for group in self._groups[1:]:
            for row in np.flatnonzero((group.count > 0) & (newest != NEVER)).tolist():
                since = max(int(group.judged[row]), int(newest[row]) - group.lateness)
                number = self.id(row)
                after[number] = min(since, after.get(number, since))
        return after

    def refill(self, row: Ints, time: Ints, value: Floats) -> None:
        """Take back observations that waited before the restart."""
        for group in self._groups[1:]:
            self._defer(group, row, time, value)

    def _conditions(
        self, group: _Group, row: Ints, time: Ints, value: Floats, changes: list[Change]
    ) -> None:
        """Judge by value: spread rows over their bindings, and walk the few that may change."""
        bindings = self._bindings
        count = group.count[row]
        if not count.any():
            return
        judged = group.judged if group.lateness else self._streams.rows["judged"]
        spread = np.repeat(np.arange(len(row)), count)
        within = np.arange(len(spread)) - np.repeat(np.cumsum(count) - count, count)
        index = group.by_stream[group.first[row[spread]] + within]
        order = np.argsort(index, kind="stable")
        index, spread = index[order], spread[order]
        result = value[spread]
        limit, sign = bindings.extra["limit"][index], bindings.extra["sign"][index]
        excess = np.where(sign == 0, np.where(result == limit, 1.0, -1.0), (result - limit) * sign)
        band = np.where(sign == 0, 0.0, bindings.extra["deadband"][index])
        standing = np.where(excess > 0, 2, np.where(excess <= -band, 0, 1)).astype(np.int8)
        starts = np.flatnonzero(np.r_[True, index[1:] != index[:-1]])
        of = index[starts]
        phase = bindings.rows["phase"][of]
        most = np.maximum.reduceat(standing, starts)
        least = np.minimum.reduceat(standing, starts)
        moving = np.where(
            phase == Phase.NORMAL,
            most == 2,
            np.where(phase == Phase.ACTIVE, least == 0, True),
        )
        ends = np.r_[starts[1:], len(index)]
        for place in np.flatnonzero(moving).tolist():
            part = slice(int(starts[place]), int(ends[place]))
            before = int(judged[row[spread[part.start]]])
            seen = np.r_[before, time[spread[part]]]
            self._walk(int(of[place]), seen, result[part], standing[part], changes)

    def _walk(
        self,
        index: int,
        seen: Ints,
        value: Floats,
        standing: npt.NDArray[np.int8],
        changes: list[Change],
    ) -> None:
        """Take one binding through its observations, run by run of equal standing.

        ``seen`` is the time of the observation judged before these, followed by theirs.
        """
        time = seen[1:]
        bindings, streams = self._bindings, self._streams
        stream = int(bindings.extra["stream_row"][index])
        hold = int(bindings.extra["hold"][index])
        clear_hold = int(bindings.extra["clear_hold"][index])
        phase = Phase(int(bindings.rows["phase"][index]))
        since = int(bindings.rows["since"][index])
        frozen = np.diff(seen) > streams.extra["gap"][stream]
        cuts = np.flatnonzero(np.r_[True, (standing[1:] != standing[:-1]) | frozen[1:]])
        ends = [*cuts[1:].tolist(), len(time)]
        for start, end in zip(cuts.tolist(), ends, strict=True):
            before = phase
            phase = _NEXT.get((phase, int(standing[start])), phase)
            waiting = phase in (Phase.PENDING, Phase.CLEARING)
            if waiting and (phase is not before or frozen[start]):
                since = int(time[start])
            if not waiting:
                continue
            held = hold if phase is Phase.PENDING else clear_hold
            at = start + int(np.searchsorted(time[start:end], since + held))
            if at < end:
                turn = Turn.RAISE if phase is Phase.PENDING else Turn.CLEAR
                phase = Phase.ACTIVE if turn is Turn.RAISE else Phase.NORMAL
                changes.append(self._change(turn, index, int(time[at]), float(value[at])))
        bindings.rows["phase"][index] = phase
        bindings.rows["since"][index] = since
        bindings.changed[index] = True

    def _change(self, turn: Turn, index: int, at: Instant, value: float | None) -> Change:
        bound = self._bound[index]
        thing, name = self._names[int(self._bindings.extra["stream_row"][index])]
        result = bound.limit if value is None else value
        return Change(turn, bound.rule, thing, name, at, result, bound.limit)

    # -- what survives a restart -----------------------------------------------------------

    def drain(self) -> bytes:
        """Give what changed since the last `drain` or `whole`, to be kept with the batch."""
        return _framed(self._streams.drain(), self._bindings.drain())

    def whole(self) -> bytes:
        """Give all of the state; it replaces everything given before."""
        streams = np.array(list(self._saved_streams.values()), _STREAM).tobytes()
        bindings = np.array(list(self._saved.values()), _BINDING).tobytes()
        return _framed(self._streams.whole() + streams, self._bindings.whole() + bindings)

    def restore(self, kept: Iterable[bytes]) -> None:
        """Take back what was given, oldest first; each datastream finds its own when attached."""
        for blob in kept:
            of_streams, of_bindings = _unframed(blob)
            for state in np.frombuffer(of_streams, _STREAM):
                self._saved_streams[int(state["id"])] = state
            for state in np.frombuffer(of_bindings, _BINDING):
                self._saved[int(state["stream"]), int(state["mark"])] = state


def _unsort(mask: Mask, order: Ints) -> Mask:
    back = np.empty_like(mask)
    back[order] = mask
    return back


def _framed(streams: bytes, bindings: bytes) -> bytes:
    return _FORM + len(streams).to_bytes(4, "little") + streams + bindings


def _unframed(blob: bytes) -> tuple[bytes, bytes]:
    if blob[:4] != _FORM:
        raise ValueError(f"a checkpoint of another version: {blob[:4]!r}, not {_FORM!r}")
    size = int.from_bytes(blob[4:8], "little")
    return blob[8 : 8 + size], blob[8 + size :]
