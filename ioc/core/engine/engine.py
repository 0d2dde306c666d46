"""The engine: a fold of observations into changes of condition, over columns.

It never asks for the time and never sees the store. Its state is tables of numbers, one of
datastreams and one of bindings (a rule over a datastream) for each sort of detector, so that a
batch is judged by array arithmetic and only the few bindings whose condition moves are walked one
by one. Whatever changed leaves as bytes for the batch's own transaction, and comes back from them
after a restart: the same observations give the same changes wherever the process was killed.

::

    batch ─▶ known? ─┬─▶ watches      silence, deadline, expiry
                     ├─▶ lanes        judged at once, in the order of arrival
                     ├─▶ groups       lanes that wait for late data, in the order of time
                     └─▶ gatherings   rules over several datastreams, likewise

Missing data freezes a measuring rule: a gap longer than the datastream's grace starts its hold
anew, and neither raises nor clears. Silence is a rule of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from ioc.core.calendar import WorkingCalendar
from ioc.core.conditions import ANY, Condition, Deadline, Expiry
from ioc.core.engine.columns import (
    ENDLESS,
    NEVER,
    NOTHING,
    Floats,
    Ints,
    Kept,
    Mask,
    Shape,
    Table,
    runs,
)
from ioc.core.engine.detectors.burn import BurnRate
from ioc.core.engine.detectors.charts import Cusum, Ewma
from ioc.core.engine.detectors.doubt import Doubtful
from ioc.core.engine.detectors.rise import Change as ChangeWithin
from ioc.core.engine.detectors.season import Baseline, Unlikely
from ioc.core.engine.detectors.threshold import Equality, Threshold
from ioc.core.engine.detectors.trend import Trend
from ioc.core.engine.gatherings import Gathering, Known, Rainfall, Together, around
from ioc.core.engine.lanes import Bindings, Bound, Detector, Lane, levels_of
from ioc.core.engine.phases import Change
from ioc.core.engine.waiting import Group
from ioc.core.engine.watches import Watches
from ioc.core.rules import RECORDS, Rule
from ioc.core.words import SECOND, Datastream, Instant, Quality, Thing

_FORM: Final = b"ioc3"
"""Marks how the saved state is framed; what is in a frame has its own mark, `Shape.layout`."""

_MARK: Final = len(_FORM)
_HEAD: Final = 4
"""Bytes of a length."""

DETECTORS: Final[Mapping[Condition, type[Detector]]] = MappingProxyType(
    {
        Condition.ABOVE: Threshold,
        Condition.BELOW: Threshold,
        Condition.LEVELS: Threshold,
        Condition.EQUALS: Equality,
        Condition.RISING: ChangeWithin,
        Condition.FALLING: ChangeWithin,
        Condition.DOUBTFUL: Doubtful,
        Condition.BASELINE: Baseline,
        Condition.EWMA: Ewma,
        Condition.CUSUM: Cusum,
        Condition.LIKELIHOOD: Unlikely,
        Condition.BURN: BurnRate,
        Condition.FORECAST: Trend,
    }
)
"""What scores the observations of one datastream for each condition."""

JOINTS: Final[Mapping[Condition, type[Together | Rainfall]]] = MappingProxyType(
    {
        Condition.NEIGHBOURS: Together,
        Condition.ALL: Together,
        Condition.ANY: Together,
        Condition.ROUTED: Rainfall,
    }
)
"""What makes one score of several datastreams'."""

_WATCHED: Final = frozenset([Condition.SILENT, Condition.DEADLINE, Condition.EXPIRES])
_HALF: Final = 0.5
STREAMS: Final = "streams"
"""The table of datastreams: what is newest of each."""

_STREAM: Final = Shape(
    {
        "newest": ("<i8", NEVER),  # time of the newest observation
        "value": ("<f8", np.nan),  # its value
        "judged": ("<i8", NEVER),  # time of the newest good one
    },
    {},
    0,
    {
        "low": ("<f8", -np.inf),
        "high": ("<f8", np.inf),
        "gap": ("<i8", ENDLESS),
        "heard": ("<i8", 0),
        "hushed": ("<i8", NEVER),
    },
    {},
)


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
class _Rows:
    """Observations in order of datastream and time."""

    row: Ints
    time: Ints
    value: Floats

    def of(self, mask: Mask) -> "_Rows":
        return _Rows(self.row[mask], self.time[mask], self.value[mask])


class Engine:
    """Judges observations against rules; see the module."""

    def __init__(self, rules: Sequence[Rule], calendar: WorkingCalendar | None = None) -> None:
        """Start with no datastream and no state.

        Args:
            rules: to judge by.
            calendar: whose working days deadlines keep to; without one, no day is a holiday.
        """
        self._rules = tuple(rules)
        self._calendar = calendar or WorkingCalendar()
        self._kept: dict[str, Kept] = defaultdict(Kept)
        self._streams = Table(_STREAM, self._kept[STREAMS])
        self._known: dict[int, Known] = {}
        self._names: list[tuple[str, str]] = []
        self._row_of: dict[tuple[str, str], int] = {}
        self._watches = Watches(self._kept["watches"], self._calendar)
        self._lanes: dict[tuple[type[Detector], int], Lane] = {}
        self._gatherings: dict[tuple[type[Together | Rainfall], int], Gathering] = {}
        for rule in self._rules:
            self._provide(rule)
        waits = sorted({0} | {lateness for _, lateness in self._lanes})
        self._groups = [
            Group(wait, [lane for (_, late), lane in self._lanes.items() if late == wait])
            for wait in waits
        ]
        self._unsorted = False
        self._loose: list[Change] = []

    def _provide(self, rule: Rule) -> None:
        """Make room for a rule's sort of bindings."""
        if (made := DETECTORS.get(rule.condition)) is not None:
            key = made, rule.lateness
            if key not in self._lanes:
                self._lanes[key] = Lane(made(), self._kept[made.__name__], self._levels(made))
        elif (joint := JOINTS.get(rule.condition)) is not None:
            at = joint, rule.lateness
            if at not in self._gatherings:
                kept, levels = self._kept[joint.__name__], self._levels(joint)
                self._gatherings[at] = Gathering(joint(), rule.lateness, kept, levels)

    def _levels(self, made: type[Detector] | type[Together | Rainfall]) -> int:
        """Give the most levels of the rules that something judges; levels cost each row."""
        judge = {**DETECTORS, **JOINTS}
        return levels_of([rule for rule in self._rules if judge.get(rule.condition) is made])

    # -- what is known of datastreams ------------------------------------------------------

    def row(self, thing: str, name: str) -> int | None:
        """Give the row of a datastream, or None before it was attached."""
        return self._row_of.get((thing, name))

    def name(self, row: int) -> tuple[str, str]:
        """Give thing and datastream of a row."""
        return self._names[row]

    def id(self, row: int) -> int:
        """Give the store's number of a row's datastream."""
        return int(self._streams.stream[row])

    @property
    def ids(self) -> npt.NDArray[np.int32]:
        """The store's numbers, by row."""
        return self._streams.stream[: self._streams.size]

    @property
    def footprint(self) -> int:
        """What the state takes in memory."""
        return self._streams.footprint + sum(one.table.footprint for one in self._bindings())

    @property
    def waiting(self) -> int:
        """How many observations wait for later or other ones, once for each rule they wait for."""
        groups = sum(len(group.row) for group in self._groups)
        return groups + sum(one.waiting for one in self._gatherings.values())

    def newest(self, row: int) -> tuple[Instant, float] | None:
        """Give time and value of the newest observation, or None."""
        at = int(self._streams["newest"][row])
        return None if at == NEVER else (at, float(self._streams["value"][row]))

    def horizon(self) -> Instant | None:
        """Give the time of the newest observation of all, or None."""
        if not self._streams.size:
            return None
        newest = int(self._streams["newest"][: self._streams.size].max())
        return None if newest == NEVER else newest

    def standing(self) -> set[tuple[str, str, str]]:
        """Give what stands broken now, as (rule, thing, datastream)."""
        return {
            (bound.rule.id, bound.thing.id, bound.stream.name)
            for bindings in self._bindings()
            for bound in bindings.standing()
        }

    def fresh_share(self, now: Instant) -> float | None:
        """Give the share of datastreams with a period whose newest observation is of now.

        While a history comes in it is near nought, and near one when the history is done. None
        while no such datastream is known: then nothing can be said of what is to come.
        """
        size = self._streams.size
        gap = self._streams["gap"][:size]
        periodic = gap < ENDLESS
        if not periodic.any():
            return None
        age = now - self._streams["newest"][:size]
        return float((age <= gap)[periodic].mean())

    def _bindings(self) -> Iterator[Bindings]:
        yield self._watches
        yield from self._lanes.values()
        yield from self._gatherings.values()

    # -- binding ---------------------------------------------------------------------------

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
            row = self._row_of[thing.id, name] = streams.add(number, 0)
            self._names.append((thing.id, name))
            streams["heard"][row] = now
        described = thing.datastreams.get(name)
        if described is None and name.startswith(RECORDS):
            described = Datastream(name)  # judged by when it came, whatever it says
        low, high = (described.span if described else None) or (-np.inf, np.inf)
        streams["low"][row], streams["high"][row] = low, high
        period = described.period if described is not None else None
        streams["gap"][row] = ENDLESS if period is None else max(3e6 * period, 30e6)
        self._known.pop(row, None)
        marks: set[int] = set()
        if described is not None:
            self._known[row] = Known(row, number, thing, name)
            marks = self._bind(thing, described, row, number)
        for bindings in self._bindings():
            self._loose += bindings.drop(row, marks, now)
        self._unsorted = True
        return row

    def detach(self, thing: str, now: Instant) -> list[Change]:
        """Stop judging a thing that was taken away, and clear what stood broken of it."""
        rows = {row for (owner, _), row in self._row_of.items() if owner == thing}
        changes: list[Change] = []
        for row in rows:
            self._streams["gap"][row] = ENDLESS
            self._known.pop(row, None)
            for bindings in self._bindings():
                changes += bindings.drop(row, set(), now)
        for group in self._groups:
            group.drop(rows)
        self._unsorted = True
        return changes

    def _take_loose(self) -> list[Change]:
        loose, self._loose = self._loose, []
        return loose

    def _bind(self, thing: Thing, stream: Datastream, row: int, number: int) -> set[int]:
        """Bind the rules that speak of a datastream; returns their marks."""
        rules = [rule for rule in self._rules if rule.binds(thing, stream.name)]
        silent = [rule for rule in rules if rule.condition is Condition.SILENT]
        if silent:  # only the one that speaks most closely of the thing's kind
            kept = max(silent, key=lambda one: one.kind != ANY)
            rules = [rule for rule in rules if rule not in silent or rule is kept]
        return {rule.mark for rule in rules if self._bound(rule, thing, stream, (row, number))}

    def _bound(self, rule: Rule, thing: Thing, stream: Datastream, place: tuple[int, int]) -> bool:
        """Bind one rule; tells whether it binds."""
        if rule.condition in _WATCHED:
            return self._watch(rule, thing, stream, place)
        limits = rule.limits_for(thing, stream)
        if limits is None:
            return False
        if rule.condition in JOINTS:
            bound = Bound(rule, thing, stream, limits)
            gathering = self._gatherings[JOINTS[rule.condition], rule.lateness]
            gathering.bind(*place, bound, self._calendar)
            return True
        made = DETECTORS.get(rule.condition)
        if made is None:
            return False
        equal = rule.condition is Condition.EQUALS
        bound = Bound(rule, thing, stream, limits, (_HALF,) if equal else None)
        self._lanes[made, rule.lateness].bind(*place, bound, self._calendar)
        return True

    def _watch(self, rule: Rule, thing: Thing, stream: Datastream, place: tuple[int, int]) -> bool:
        told = rule.settings
        if isinstance(told, Deadline):
            limit, grace = told.at / 3600, rule.lateness
        elif isinstance(told, Expiry):
            limit, grace = float(rule.limit), told.within
        else:
            silence = rule.grace(stream)
            if silence is None:
                return False
            limit, grace = silence / SECOND, silence
        self._watches.bind(*place, Bound(rule, thing, stream, (limit,)), grace)
        return True

    def _sort(self) -> None:
        """Make datastreams find their bindings, after things or rules changed."""
        size = self._streams.size
        self._watches.sort(size)
        for group in self._groups:
            group.sort(size)
        known = around(list(self._known.values()))
        for gathering in self._gatherings.values():
            gathering.sort(size, known)
        self._unsorted = False

    # -- the fold --------------------------------------------------------------------------

    def judge(self, row: Ints, time: Ints, value: Floats, now: Instant) -> Judged:
        """Fold a batch in.

        Args:
            row: datastream of each observation (see `row`).
            time: microseconds since 1970 UTC.
            value: results.
            now: the site's clock, for what did not come only.
        """
        if self._unsorted:
            self._sort()
        streams = self._streams
        order = np.lexsort((time, row))
        told = _Rows(row[order], time[order], value[order])
        bad = (told.value < streams["low"][told.row]) | (told.value > streams["high"][told.row])
        newest = streams["newest"][told.row]
        twin = np.zeros(len(row), np.bool_)  # stands twice in this very batch
        twin[1:] = (told.row[1:] == told.row[:-1]) & (told.time[1:] == told.time[:-1])
        fresh = (told.time > newest) & ~twin
        known = told.time == newest
        meets = twin | known
        first = np.maximum.accumulate(np.where(twin, 0, np.arange(len(row))))
        against = np.where(known, streams["value"][told.row], told.value[first])
        repeated = meets & (told.value == against)
        changes = self._take_loose()
        if fresh.all():
            changes += self._advance(told, bad)
        elif fresh.any():
            changes += self._advance(told.of(fresh), bad[fresh])
        streams["heard"][told.row[~meets]] = now
        changes += self._wait(told.of(~bad & ~twin))
        return Judged(
            np.where(_unsort(bad, order), np.int16(Quality.BAD), np.int16(Quality.GOOD)),
            _unsort(fresh, order),
            _unsort(repeated, order),
            _unsort(meets & ~repeated, order),
            sorted(changes, key=lambda change: change.at),
        )

    def _advance(self, told: _Rows, bad: Mask) -> list[Change]:
        """Fold rows in that are new and stand in order of datastream and time."""
        streams = self._streams
        starts = runs(told.row)
        changes = self._watches.observe(
            told.row, told.time, told.value, self._before(told, starts), streams["hushed"]
        )
        good = told if not bad.any() else told.of(~bad)
        for lane in self._groups[0].lanes:
            seen = told if lane.detector.doubts else good
            if len(seen.row):
                judged, gap = streams["judged"], streams["gap"]
                changes += lane.judge(seen.row, seen.time, seen.value, judged, gap)
        lasts = np.r_[starts[1:], len(told.row)] - 1
        heard = told.row[lasts]
        streams["newest"][heard] = told.time[lasts]
        streams["value"][heard] = told.value[lasts]
        streams.changed[heard] = True
        streams["judged"][good.row] = good.time  # ascending: the last one stays
        return changes

    def _before(self, told: _Rows, starts: Ints) -> tuple[Ints, Floats]:
        """Give time and value of the observation before each."""
        time, value = np.r_[NEVER, told.time[:-1]], np.r_[np.nan, told.value[:-1]]
        time[starts] = self._streams["newest"][told.row[starts]]
        value[starts] = self._streams["value"][told.row[starts]]
        return time, value

    def _wait(self, told: _Rows) -> list[Change]:
        """Let rows wait for the late, and judge what has waited long enough."""
        changes: list[Change] = []
        streams = self._streams
        for group in self._groups[1:]:
            group.defer(told.row, told.time, told.value)
            newest = streams["newest"][: streams.size]
            changes += group.settle(newest - group.lateness, streams["gap"])
        for gathering in self._gatherings.values():
            gathering.defer(told.row, told.time, told.value)
            changes += gathering.settle(streams["heard"], None)
        return changes

    def rows_of(self, things: Iterable[str]) -> Ints:
        """Give the rows of some things' datastreams."""
        wanted = set(things)
        rows = [row for row, (thing, _) in enumerate(self._names) if thing in wanted]
        return np.array(rows, np.int64)

    def tick(self, now: Instant, hushed: Ints = NOTHING) -> list[Change]:
        """Tell what has fallen due by now, and judge what nothing late can overtake any more.

        A datastream that was heard of lately is never silent, however old what it said: it
        may be telling its history.

        Args:
            now: the site's clock.
            hushed: rows that are left alone, because it is known why they say nothing.
        """
        if self._unsorted:
            self._sort()
        streams, size = self._streams, self._streams.size
        streams["hushed"][hushed] = now
        newest, heard = streams["newest"][:size], streams["heard"][:size]
        changes = self._take_loose()
        for group in self._groups[1:]:
            quiet = now - heard >= group.lateness  # whatever was under way has come by now
            until = np.where(quiet, newest, newest - group.lateness)
            changes += group.settle(until, streams["gap"])
        for gathering in self._gatherings.values():
            changes += gathering.settle(heard, now)
        changes += self._watches.tick(now, (newest, streams["value"][:size]), heard, hushed)
        return sorted(changes, key=lambda change: change.at)

    # -- what survives a restart -----------------------------------------------------------

    def unsettled(self) -> dict[int, Instant]:
        """Give, by the store's number, the time behind which kept observations still wait.

        After a restart they are read from the store and given back by `refill`.
        """
        if self._unsorted:
            self._sort()
        size = self._streams.size
        newest = self._streams["newest"][:size]
        after: dict[int, Instant] = {}
        for group in self._groups[1:]:
            waits = group.binds(np.arange(size)) & (newest != NEVER)
            for row in np.flatnonzero(waits).tolist():
                since = max(int(group.judged[row]), int(newest[row]) - group.lateness)
                number = self.id(row)
                after[number] = min(since, after.get(number, since))
        for gathering in self._gatherings.values():
            for number, since in gathering.unsettled(self._streams["judged"][:size]).items():
                after[number] = min(since, after.get(number, since))
        return after

    def refill(self, row: Ints, time: Ints, value: Floats) -> None:
        """Take back observations that waited before the restart."""
        for group in self._groups[1:]:
            group.defer(row, time, value)
        for gathering in self._gatherings.values():
            gathering.defer(row, time, value)

    def drain(self) -> bytes:
        """Give what changed since the last `drain` or `whole`, to be kept with the batch."""
        return self._framed((name, table.drain()) for name, table in self._tables())

    def whole(self) -> bytes:
        """Give all of the state; it replaces everything given before."""
        made = [(name, table.whole()) for name, table in self._tables()]
        return self._framed([*made, *self._left_over()])

    def _left_over(self) -> Iterator[tuple[str, tuple[bytes, bytes]]]:
        """Give what an earlier run kept of datastreams that have not been attached yet."""
        marks = {0} | {rule.mark for rule in self._rules}
        for name, kept in self._kept.items():
            yield name, kept.left(marks)

    def _tables(self) -> Iterator[tuple[str, Table]]:
        yield STREAMS, self._streams
        yield "watches", self._watches.table
        for (made, _), lane in self._lanes.items():
            yield made.__name__, lane.table
        for (joint, _), gathering in self._gatherings.items():
            yield joint.__name__, gathering.table

    def restore(self, kept: Iterable[bytes]) -> set[str]:
        """Take back what was given, oldest first; each datastream finds its own when attached.

        Returns:
            The tables that were kept in another layout than today's. They begin anew: a new
            version may forget what a detector had learned, but must not be kept from starting.
        """
        shapes = {name: table.shape for name, table in self._tables()}
        foreign: set[str] = set()
        for blob in kept:
            if blob[:_MARK] != _FORM:
                foreign |= shapes.keys()
                continue
            for name, layout, rows, cells in _unframed(blob):
                if name not in shapes:
                    continue
                if layout != shapes[name].layout:
                    foreign.add(name)
                    continue
                self._kept[name].take_rows(rows, shapes[name])
                self._kept[name].take_cells(cells, shapes[name])
        for one in self._kept.values():
            one.settle()
        return foreign

    def recall(self, row: Ints, time: Ints, value: Floats) -> None:
        """Learn the newest observation of rows from the store, where no checkpoint tells it."""
        streams = self._streams
        streams["newest"][row], streams["value"][row], streams["judged"][row] = time, value, time
        streams.changed[row] = True

    def _framed(self, parts: Iterable[tuple[str, tuple[bytes, bytes]]]) -> bytes:
        """Write named parts, each length before its bytes."""
        layouts = {name: table.shape.layout for name, table in self._tables()}
        told = [_FORM]
        for name, packed in parts:
            if name in layouts and (packed[0] or packed[1]):
                for one in (name.encode(), layouts[name], *packed):
                    told += [len(one).to_bytes(_HEAD, "little"), one]
        return b"".join(told)


def _unsort(mask: Mask, order: Ints) -> Mask:
    back = np.empty_like(mask)
    back[order] = mask
    return back


def _unframed(blob: bytes) -> Iterator[tuple[str, bytes, bytes, bytes]]:
    at = _MARK
    while at < len(blob):
        told: list[bytes] = []
        for _ in range(4):
            size = int.from_bytes(blob[at : at + _HEAD], "little")
            told.append(blob[at + _HEAD : at + _HEAD + size])
            at += _HEAD + size
        yield told[0].decode(), told[1], told[2], told[3]
