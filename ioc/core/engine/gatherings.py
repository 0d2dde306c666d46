"""Gatherings: rules over several datastreams at once.

Their observations come on their own ways, so a gathering waits as long as its lateness and then
takes them in the order of their own times: all of one instant, then a judgement. Which datastreams
belong to one is found anew whenever things change; what is remembered of each goes by its number.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import Final, Protocol

import numpy as np

from ioc.core.calendar import WorkingCalendar
from ioc.core.conditions import ANY, Combination, Condition, Part, Routed
from ioc.core.engine.columns import (
    ENDLESS,
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
from ioc.core.engine.lanes import Bindings, Bound, set_levels
from ioc.core.engine.phases import HEAD, Change, Scored, advance
from ioc.core.rules import resolved
from ioc.core.words import DAY, HOUR, MINUTE, Instant, Thing

MOST_MEMBERS: Final = 24
"""Datastreams of one gathering; of more the nearest are taken."""

_MOST_PARTS: Final = 8
_KM_PER_DEGREE: Final = 111.2
_TESTS: Final = {Condition.ABOVE: 1, Condition.BELOW: -1, Condition.EQUALS: 0}


@dataclass(frozen=True, slots=True)
class Member:
    """A datastream as seen by a gathering.

    Attributes:
        part: which part of the rule it belongs to.
        limit: of that part, for this thing.
    """

    row: int
    number: int
    part: int
    limit: float


@dataclass(frozen=True, slots=True)
class Known:
    """A datastream that is attached, for gatherings to find their members among."""

    row: int
    number: int
    thing: Thing
    name: str


Around = Mapping[tuple[str, str], Sequence[Known]]
"""Datastreams by kind of thing and name; those of any kind under ``*``."""


def around(known: Sequence[Known]) -> Around:
    """Sort datastreams so that members are not sought among all of them."""
    found: dict[tuple[str, str], list[Known]] = defaultdict(list)
    for one in known:
        found[one.thing.kind, one.name].append(one)
        found[ANY, one.name].append(one)
    return found


class Joint(Protocol):
    """What a gathering makes of its members' observations.

    Attributes:
        cells, width, extra: columns of its own, see `Shape`.
        rows: columns with a number for each member.
    """

    cells: Mapping[str, Column]
    width: int
    extra: Mapping[str, Column]
    rows: Mapping[str, tuple[Column, int]]

    def members(self, bound: Bound, known: Around) -> list[Member]:
        """Find the datastreams that belong to a binding."""

    def bind(self, table: Table, index: int, bound: Bound, members: Sequence[Member]) -> None:
        """Set the columns of a binding."""

    def put(self, table: Table, index: Ints, member: Ints, time: Ints, value: Floats) -> None:
        """Take one observation of each of some bindings in."""

    def score(self, table: Table, index: Ints, time: Ints) -> Floats:
        """Score bindings at an instant all of whose observations are in."""


def km(one: tuple[float, float] | None, other: tuple[float, float] | None) -> float:
    """Give the distance of two places in km; endless where one is unknown."""
    if one is None or other is None:
        return float("inf")
    east = (one[0] - other[0]) * cos(radians((one[1] + other[1]) / 2))
    return hypot(east, one[1] - other[1]) * _KM_PER_DEGREE


class Together:
    """Parts over a thing and what is around it: all of them, any, or how many neighbours."""

    cells: Mapping[str, Column] = {
        "of": ("<i4", -1),
        "time": ("<i8", NEVER),
        "value": ("<f8", 0.0),
    }
    width = MOST_MEMBERS
    extra: Mapping[str, Column] = {
        "every": ("?", True),
        "counts": ("?", False),
        "fresh": ("<i8", ENDLESS),
        "parts": ("<i8", 1),
    }
    rows: Mapping[str, tuple[Column, int]] = {
        "part": (("<i1", -1), MOST_MEMBERS),
        "wanted": (("<f8", 0.0), MOST_MEMBERS),
        "test": (("<i1", 0), MOST_MEMBERS),
        "at_least": (("<i8", 1), _MOST_PARTS),
        "negated": (("?", False), _MOST_PARTS),
    }

    def members(self, bound: Bound, known: Around) -> list[Member]:
        """Find what each part compares, nearest first."""
        told = bound.rule.settings
        assert isinstance(told, Combination)  # noqa: S101 - for the type checker
        found: list[tuple[float, str, Member]] = []
        for number, part in enumerate(told.parts[:_MOST_PARTS]):
            for one in known.get((part.kind, part.datastream), ()):
                if not _belongs(part, bound.thing, one.thing):
                    continue
                limit = resolved(part.limit, part.test, one.thing, one.thing.datastreams[one.name])
                if limit is not None:
                    distance = km(bound.thing.location, one.thing.location)
                    member = Member(one.row, one.number, number, limit)
                    found.append((distance, one.thing.id, member))
        found.sort(key=lambda one: (one[0], one[1], one[2].part))
        return [member for _, _, member in found[:MOST_MEMBERS]]

    def bind(self, table: Table, index: int, bound: Bound, members: Sequence[Member]) -> None:
        """Set parts and limits."""
        told = bound.rule.settings
        assert isinstance(told, Combination)  # noqa: S101 - for the type checker
        table["every"][index], table["counts"][index] = told.every, told.counts
        table["fresh"][index], table["parts"][index] = told.fresh, len(told.parts)
        table["part"][index] = -1
        for place, member in enumerate(members):
            part = told.parts[member.part]
            table["part"][index, place] = member.part
            table["wanted"][index, place] = member.limit
            table["test"][index, place] = _TESTS[part.test]
        for number, part in enumerate(told.parts[:_MOST_PARTS]):
            table["at_least"][index, number] = part.at_least
            table["negated"][index, number] = part.negated

    def put(self, table: Table, index: Ints, member: Ints, time: Ints, value: Floats) -> None:
        """Remember the newest of each member."""
        table["time"][index, member], table["value"][index, member] = time, value
        table.touch(index, member)

    def score(self, table: Table, index: Ints, time: Ints) -> Floats:
        """Count what holds in each part."""
        value, wanted, test = table["value"][index], table["wanted"][index], table["test"][index]
        age = time[:, None] - table["time"][index]
        seen = (age >= 0) & (age <= table["fresh"][index][:, None])
        so = np.where(test == 0, value == wanted, (value - wanted) * test > 0) & seen
        part, parts = table["part"][index], table["parts"][index]
        every, some = np.ones(len(index), np.bool_), np.zeros(len(index), np.bool_)
        first = np.zeros(len(index))
        for number in range(int(parts.max(initial=0))):
            of = part == number
            count = (so & of).sum(axis=1)
            holds = count >= table["at_least"][index, number]
            negated = table["negated"][index, number]
            holds = np.where(negated, ~holds & (seen & of).any(axis=1), holds)
            asked = parts > number
            every &= holds | ~asked
            some |= holds & asked
            if number == 0:
                first = count.astype(np.float64)
        whole = np.where(table["every"][index], every, some)
        return np.where(table["counts"][index], np.where(whole, first, 0.0), whole)


def _belongs(part: Part, thing: Thing, other: Thing) -> bool:
    if part.where == "thing":
        return other.id == thing.id
    if part.where == "area":
        return other.area == thing.area
    return other.id == thing.id or km(thing.location, other.location) <= part.within_km


_STEP: Final = 10 * MINUTE
_STEPS: Final = 72
_FINE: Final = 20


class Rainfall:
    """Rain of gauges around, led down the valley: the flow it comes to some time ahead."""

    cells: Mapping[str, Column] = {
        "no": ("<i8", -1),
        "sum": ("<f8", 0.0),
        "count": ("<f8", 0.0),
    }
    width = _STEPS
    extra: Mapping[str, Column] = {}
    rows: Mapping[str, tuple[Column, int]] = {"tail": (("<f8", 0.0), _STEPS)}

    def members(self, bound: Bound, known: Around) -> list[Member]:
        """Find the rain gauges of the valley, nearest first."""
        told = bound.rule.settings
        assert isinstance(told, Routed)  # noqa: S101 - for the type checker
        found = [
            (km(bound.thing.location, one.thing.location), one.thing.id, one)
            for one in known.get((told.kind, told.datastream), ())
        ]
        near = sorted(
            (at, name, one.row, one.number) for at, name, one in found if at <= told.within_km
        )
        return [Member(row, number, 0, 0.0) for _, _, row, number in near[:MOST_MEMBERS]]

    def bind(self, table: Table, index: int, bound: Bound, members: Sequence[Member]) -> None:
        """Set the ordinates of the hydrograph that are still to come ``ahead`` from now."""
        told = bound.rule.settings
        assert isinstance(told, Routed)  # noqa: S101 - for the type checker
        shift = round(told.ahead / _STEP)
        ordinates = hydrograph(told.shape, told.scale_h, _STEPS + shift)
        # mm/h over a km² that runs off at once is 1/3.6 m³/s
        table["tail"][index] = ordinates[shift : shift + _STEPS] * told.runoff / 3.6

    def put(self, table: Table, index: Ints, member: Ints, time: Ints, value: Floats) -> None:
        """Add to the rain of ten minutes."""
        no = (time - 1) // _STEP
        place = no % _STEPS
        again = table["no"][index, place] == no
        table["sum"][index, place] = np.where(again, table["sum"][index, place], 0.0) + value
        table["count"][index, place] = np.where(again, table["count"][index, place], 0.0) + 1.0
        table["no"][index, place] = no
        table.touch(index, place)

    def score(self, table: Table, index: Ints, time: Ints) -> Floats:
        """Give the flow to come, m³/s for a km²."""
        now = (time - 1) // _STEP
        age = now[:, None] - table["no"][index]
        there = (age >= 0) & (age < _STEPS) & (table["no"][index] >= 0)
        mean = table["sum"][index] / np.maximum(table["count"][index], 1.0)
        tail = np.take_along_axis(table["tail"][index], np.where(there, age, 0), axis=1)
        return np.asarray(np.where(there, mean * tail, 0.0).sum(axis=1))


def hydrograph(shape: float, scale_h: float, steps: int) -> Floats:
    """Give the ordinates of a gamma unit hydrograph, by ten minutes; they sum to one at most."""
    step_h = _STEP / HOUR
    middle = (np.arange(steps * _FINE) + 0.5) * step_h / _FINE
    density = middle ** (shape - 1.0) * np.exp(-middle / scale_h)
    longest = (np.arange(8 * DAY // _STEP * _FINE) + 0.5) * step_h / _FINE
    whole = (longest ** (shape - 1.0) * np.exp(-longest / scale_h)).sum()
    return np.asarray(density.reshape(steps, _FINE).sum(axis=1) / whole)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Observations that wait for the others, once for each binding they belong to."""

    index: Ints
    time: Ints
    member: Ints
    value: Floats

    def of(self, mask: Mask) -> "_Waiting":
        return _Waiting(self.index[mask], self.time[mask], self.member[mask], self.value[mask])

    def with_more(self, more: "_Waiting") -> "_Waiting":
        return _Waiting(
            np.concatenate([self.index, more.index]),
            np.concatenate([self.time, more.time]),
            np.concatenate([self.member, more.member]),
            np.concatenate([self.value, more.value]),
        )

    def ordered(self) -> "_Waiting":
        """By binding, time and member; of two of one time the first to come stands."""
        order = np.lexsort((self.member, self.time, self.index))
        index, time, member = self.index[order], self.time[order], self.member[order]
        first = np.ones(len(order), np.bool_)
        first[1:] = (index[1:] != index[:-1]) | (time[1:] != time[:-1])
        first[1:] |= member[1:] != member[:-1]
        return _Waiting(index[first], time[first], member[first], self.value[order][first])


class Gathering(Bindings):
    """The bindings of one joint and one lateness; see the module."""

    def __init__(self, joint: Joint, lateness: int, kept: Kept, levels: int) -> None:
        """Bind nothing."""
        limits: Column = ("<f8", np.inf)
        own: dict[str, Column] = {"row": ("<i8", -1), "sign": ("<f8", 1.0)}
        own |= {"hold": ("<i8", 0), "clear_hold": ("<i8", 0), "horizon": ("<i8", NEVER)}
        shape = Shape(
            dict(HEAD),
            joint.cells,
            joint.width,
            {**own, **joint.extra},
            {"limit": (limits, levels), "band": (limits, levels), **joint.rows},
        )
        super().__init__(shape, kept)
        self.joint, self.lateness = joint, lateness
        self.members: dict[int, list[Member]] = {}
        self._row: Ints = NOTHING
        self._of: Ints = NOTHING
        self._member: Ints = NOTHING
        self._first: Ints = NOTHING
        self._count: Ints = NOTHING
        self._latest: Ints = NOTHING
        self._waiting = _Waiting(NOTHING, NOTHING, NOTHING, np.zeros(0))

    @property
    def waiting(self) -> int:
        """How many observations wait, once for each binding they belong to."""
        return len(self._waiting.index)

    def bind(self, row: int, number: int, bound: Bound, calendar: WorkingCalendar) -> None:
        """Bind a rule to the datastream it is told of."""
        del calendar
        set_levels(self.table, self.hold(row, number, bound), bound)

    def sort(self, streams: int, known: Around) -> None:
        """Find every binding's members, and every datastream's bindings."""
        pairs: list[tuple[int, int, int]] = []
        self.members = {}
        table = self.table
        for index in np.flatnonzero(table["row"][: table.size] >= 0).tolist():
            bound = self.bounds[index]
            members = self.joint.members(bound, known)
            self._settle_cells(index, members)
            self.joint.bind(table, index, bound, members)
            self.members[index] = members
            pairs += [(member.row, index, place) for place, member in enumerate(members)]
        told = np.array(sorted(pairs), np.int64).reshape(-1, 3)
        self._row, self._of, self._member = told.T.copy()
        self._count = np.bincount(self._row, minlength=streams)
        self._first = np.cumsum(self._count) - self._count
        new = np.full(streams - len(self._latest), NEVER, np.int64)
        self._latest = np.concatenate([self._latest, new])
        still = np.isin(self._waiting.index, np.array(list(self.members), np.int64))
        self._waiting = self._waiting.of(still)

    def _settle_cells(self, index: int, members: Sequence[Member]) -> None:
        """Let what is remembered of a member follow it to its place."""
        if not isinstance(self.joint, Together):
            return
        table = self.table
        numbers = [member.number for member in members]
        numbers += [-1] * (MOST_MEMBERS - len(numbers))
        before = table["of"][index].tolist()
        if before == numbers:
            return
        old = {
            number: (table["time"][index, place], table["value"][index, place])
            for place, number in enumerate(before)
            if number >= 0
        }
        for place, number in enumerate(numbers):
            time, value = old.get(number, (NEVER, 0.0))
            table["of"][index, place] = number
            table["time"][index, place], table["value"][index, place] = time, value
        table.touch(np.full(MOST_MEMBERS, index), np.arange(MOST_MEMBERS))

    def defer(self, row: Ints, time: Ints, value: Floats) -> None:
        """Let observations wait for the others."""
        if not len(self._of):
            return
        heard = np.flatnonzero(self._count[row])
        if not len(heard):
            return
        row, time, value = row[heard], time[heard], value[heard]
        again = bool((time <= self._latest[row]).any())
        np.maximum.at(self._latest, row, time)
        count = self._count[row]
        spread = np.repeat(np.arange(len(row)), count)
        within = np.arange(len(spread)) - np.repeat(np.cumsum(count) - count, count)
        place = self._first[row[spread]] + within
        index, member = self._of[place], self._member[place]
        wanted = time[spread] > self.table["judged"][index]
        index, member, spread = index[wanted], member[wanted], spread[wanted]
        np.maximum.at(self.table["horizon"], index, time[spread])
        new = _Waiting(index, time[spread], member, value[spread])
        self._waiting = self._waiting.with_more(new)
        if again:  # only what is not newer than all before it can have come before
            self._waiting = self._waiting.ordered()

    def settle(self, heard: Ints, now: Instant | None) -> list[Change]:
        """Judge what nothing can come before any more.

        Args:
            heard: when something was last heard of each datastream.
            now: the site's clock, when it is the clock that moved.
        """
        waiting = self._waiting
        if not len(waiting.index):
            return []
        horizon = self.table["horizon"]
        until = horizon - self.lateness
        if now is not None:
            last = np.full(len(horizon), NEVER, np.int64)
            np.maximum.at(last, self._of, heard[self._row])
            until = np.where(now - last >= self.lateness, horizon, until)
        ready = waiting.time <= until[waiting.index]
        if not ready.any():
            return []
        self._waiting = waiting.of(~ready)
        return self._judge(waiting.of(ready).ordered())

    def _judge(self, told: "_Waiting") -> list[Change]:
        table = self.table
        index, time, member, value = told.index, told.time, told.member, told.value
        last = np.r_[(index[1:] != index[:-1]) | (time[1:] != time[:-1]), True]
        score = np.full(len(index), np.nan)
        for wave in waves(runs(index), len(index)):
            of = index[wave]
            self.joint.put(table, of, member[wave], time[wave], value[wave])
            whole: Mask = last[wave]
            if whole.any():
                score[wave[whole]] = self.joint.score(table, of[whole], time[wave][whole])
        index, time, score = index[last], time[last], score[last]
        starts = runs(index)
        of = index[starts]
        endless = np.full(len(of), ENDLESS, np.int64)
        before = table["judged"][of].copy()
        table["judged"][index] = time
        table.changed[of] = True
        scored = Scored(starts, index, time, score, score, before, endless)
        return self.told(advance(table, scored))

    def unsettled(self, judged: Ints) -> dict[int, Instant]:
        """Give, by number, the time behind which kept observations still wait.

        Args:
            judged: time of the newest good observation, by row.
        """
        after: dict[int, Instant] = {}
        for index, members in self.members.items():
            times = [int(judged[member.row]) for member in members]
            horizon = max(times, default=NEVER)
            if horizon == NEVER:
                continue
            self.table["horizon"][index] = horizon
            since = max(int(self.table["judged"][index]), horizon - self.lateness)
            for member in members:
                after[member.number] = min(since, after.get(member.number, since))
        return after
