"""What the indicators are made of at one instant: the things' datastreams, looked up once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ioc.centre.ports import Store
from ioc.core.formulas import Hours, outcome
from ioc.core.indicators import (
    EVERY,
    OF_HOURS,
    OF_QUALITY,
    Definition,
    Formula,
    Inputs,
    Outcome,
    Summary,
    Window,
    window_start,
)
from ioc.core.words import HOUR, PROVINCE, SECOND, Datastream, Instant, Origin, Thing

Key = tuple[str, str]
"""An indicator and an area."""

_ALARM: Final = "alarm-"
_ROLLING: Final = frozenset([Window.DAY, Window.WEEK, Window.LATEST])


@dataclass(frozen=True, slots=True)
class Stream:
    """One numbered or merely described datastream, with what the formulas need to know of it."""

    number: int | None
    thing: Thing
    described: Datastream


class Registry:
    """The things known now, by what indicators ask for."""

    def __init__(self, things: Sequence[Thing], numbers: Mapping[tuple[str, str], int]) -> None:
        """Look through the things once."""
        self.size = len(numbers)
        self.areas = frozenset(thing.area for thing in things) - {PROVINCE}
        self._of: dict[tuple[str, str], list[Stream]] = defaultdict(list)
        self._origins: dict[str, set[tuple[str, Origin]]] = defaultdict(set)
        for thing in things:
            self._origins[thing.kind].add((thing.area, thing.origin))
            for name, described in thing.datastreams.items():
                stream = Stream(numbers.get((thing.id, name)), thing, described)
                self._of[thing.kind, name].append(stream)

    def of(self, inputs: Inputs) -> list[Stream]:
        """Give the datastreams of an input, over all areas."""
        if EVERY not in (inputs.kind, inputs.datastream):
            return self._of.get((inputs.kind, inputs.datastream), [])
        return [
            stream
            for (kind, name), streams in self._of.items()
            if inputs.kind in (EVERY, kind) and inputs.datastream in (EVERY, name)
            for stream in streams
        ]

    def numbers(self, inputs: Iterable[Inputs]) -> list[int]:
        """Give the numbers of all datastreams of some inputs."""
        return sorted(
            {
                stream.number
                for one in set(inputs)
                if not one.record
                for stream in self.of(one)
                if stream.number is not None
            }
        )

    def areas_of(self, definition: Definition) -> list[str]:
        """Give the areas an indicator is computed for."""
        if not definition.each:
            return [PROVINCE]
        found: set[str] = set()
        for one in definition.inputs:
            areas = self.areas if one.record else {s.thing.area for s in self.of(one)}
            found |= areas
        return [PROVINCE, *sorted(found - {PROVINCE})]

    def origin(self, definition: Definition, area: str) -> Origin:
        """Give the least real origin of an indicator's things; a reference is real."""
        kinds = {one.kind for one in definition.inputs}
        if EVERY in kinds or any(one.record for one in definition.inputs):
            kinds |= self._origins.keys()
        found = {
            origin
            for kind in kinds
            for place, origin in self._origins.get(kind, ())
            if area in (PROVINCE, place)
        }
        for origin in (Origin.EXERCISE, Origin.SIMULATED, Origin.REPLAY):
            if origin in found:
                return origin
        return Origin.REAL


@dataclass(slots=True)
class Look:
    """All definitions at one instant, each datastream and window read once.

    Attributes:
        now: the instant the windows end.
        rolled: it is the present, and the rollups are up to it.
    """

    registry: Registry
    store: Store
    definitions: Sequence[Definition]
    now: Instant
    rolled: bool
    _windows: dict[Window, Mapping[int, Summary]] = field(default_factory=dict)
    _seen: dict[tuple[Window, bool, Inputs], dict[str, list[Summary]]] = field(default_factory=dict)
    _hours: Mapping[int, Mapping[Instant, tuple[float, float]]] | None = None
    _halves: dict[int, tuple[dict[Instant, float], dict[Instant, float]]] = field(
        default_factory=dict
    )
    _refused: Mapping[str, int] | None = None

    def outcomes(self) -> dict[Key, Outcome]:
        """Compute every indicator for every area of its own."""
        return {
            (definition.id, area): self.outcome(definition, area)
            for definition in self.definitions
            for area in self.registry.areas_of(definition)
        }

    def outcome(self, definition: Definition, area: str) -> Outcome:
        """Compute one indicator of one area."""
        if definition.formula in OF_HOURS:
            return outcome(definition, {}, self.now, self._by_hour(definition, area))
        seen = {
            part: self._in(definition, inputs, area) for part, inputs in definition.named.items()
        }
        return outcome(definition, seen, self.now)

    def _in(self, definition: Definition, inputs: Inputs, area: str) -> Sequence[Summary]:
        key = (definition.window, definition.formula in OF_QUALITY, inputs)
        if key not in self._seen:
            self._seen[key] = self._filled(definition.window, inputs, definition)
        found = self._seen[key].get(area, [])
        if definition.level is None:
            return found
        return self._levelled(definition, inputs, area, found)

    def _filled(
        self, window: Window, inputs: Inputs, definition: Definition
    ) -> dict[str, list[Summary]]:
        if inputs.record:
            return self._steps(window, inputs)
        seen = self._window(window)
        length = self.now - window_start(window, self.now)
        refused = self._refusals() if definition.formula in OF_QUALITY else {}
        found: dict[str, list[Summary]] = defaultdict(list)
        for stream in self.registry.of(inputs):
            summary = _summary(stream, seen, length, refused)
            found[stream.thing.area].append(summary)
            if stream.thing.area != PROVINCE:
                found[PROVINCE].append(summary)
        return found

    def _levelled(
        self, definition: Definition, inputs: Inputs, area: str, found: Sequence[Summary]
    ) -> list[Summary]:
        streams = [s for s in self.registry.of(inputs) if area in (PROVINCE, s.thing.area)]
        return [
            replace(summary, level=_level(definition, stream))
            for summary, stream in zip(found, streams, strict=True)
        ]

    def _window(self, window: Window) -> Mapping[int, Summary]:
        if window not in self._windows:
            wanted = self.registry.numbers(
                inputs
                for definition in self.definitions
                if definition.window is window and definition.formula not in OF_HOURS
                for inputs in definition.inputs
            )
            start = window_start(window, self.now)
            if window in _ROLLING:
                start += 1  # one that ends the window before is not counted in both
            self._windows[window] = self.store.summaries(
                wanted, start, self.now, rolled=self.rolled
            )
        return self._windows[window]

    def _refusals(self) -> Mapping[str, int]:
        if self._refused is None:
            start = window_start(Window.DAY, self.now)
            self._refused = self.store.refusals(start, self.now)
        return self._refused

    def _steps(self, window: Window, inputs: Inputs) -> dict[str, list[Summary]]:
        """Count steps by area; none at all of a type says that nobody tells of them."""
        start = window_start(window, self.now)
        steps = self.store.steps([inputs.record], start, self.now)
        if not steps:
            return {}
        newest = max(at for *_, at in steps)
        counts: dict[str, int] = dict.fromkeys([PROVINCE, *self.registry.areas], 0)
        for _, state, area, in_time, count, _ in steps:
            if inputs.state in ("", state) and (in_time or not inputs.on_time):
                counts[PROVINCE] += count
                if area != PROVINCE:
                    counts[area] = counts.get(area, 0) + count
        return {
            area: [Summary(max(count, 1), 0.0, float(count), None, float(count), newest)]
            for area, count in counts.items()
        }

    def _by_hour(self, definition: Definition, area: str) -> list[Hours]:
        if self._hours is None:
            hourly = [one for one in self.definitions if one.formula in OF_HOURS]
            back = max(OF_HOURS[one.formula] for one in hourly)
            wanted = self.registry.numbers(inputs for one in hourly for inputs in one.inputs)
            self._hours = self.store.hours(wanted, self.now - back, self.now)
        return [
            Hours(part, stream.thing.id, *self._split(stream.number or 0))
            for part, inputs in definition.named.items()
            for stream in self.registry.of(inputs)
            if area in (PROVINCE, stream.thing.area)
        ]

    def _split(self, number: int) -> tuple[dict[Instant, float], dict[Instant, float]]:
        """Give a datastream's means and greatest values by hour, made once for all its areas."""
        if number not in self._halves:
            told = (self._hours or {}).get(number, {})
            means = {hour: mean for hour, (mean, _) in told.items()}
            self._halves[number] = (means, {hour: most for hour, (_, most) in told.items()})
        return self._halves[number]


def _summary(
    stream: Stream, seen: Mapping[int, Summary], length: int, refused: Mapping[str, int]
) -> Summary:
    found = None if stream.number is None else seen.get(stream.number)
    period = stream.described.period
    alarms = sorted(v for name, v in stream.thing.limits.items() if name.startswith(_ALARM))
    return Summary(
        count=0 if found is None else found.count,
        expected=length / SECOND / period if period else 0.0,
        total=0.0 if found is None else found.total,
        greatest=None if found is None else found.greatest,
        last=None if found is None else found.last,
        at=None if found is None else found.at,
        suspect=0 if found is None else found.suspect,
        bad=0 if found is None else found.bad,
        refused=refused.get(stream.thing.id, 0),
        rate=period * SECOND / HOUR if period else 0.0,
        alarms=tuple(alarms),
    )


def _level(definition: Definition, stream: Stream) -> float | None:
    """Give the number a count compares with, as this thing has it."""
    wanted = definition.level
    if not isinstance(wanted, str):
        return wanted
    if definition.formula is Formula.COUNT_ABOVE:
        return stream.thing.limits.get(wanted)
    levels = stream.described.levels
    return float(levels.index(wanted)) if wanted in levels else None
