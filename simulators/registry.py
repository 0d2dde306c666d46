"""What a simulator is, how one is declared, and how all of them are found.

A kind of thing is one file with one decorated pure function::

    @simulator(
        kind="rain-gauge",
        name=Text("Trạm đo mưa", "Rain gauge"),
        streams=(stream("rainfall", "mm/h", every=600, between=(0, 400), resolution=0.2, …),),
    )
    def rain_gauge(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
        \"\"\"Tipping bucket: the rain over its place, unevenly caught.\"\"\"
        return {"rainfall": world.rain(at, thing.place) * …}

The declaration carries what a machine must know, the docstring what a person must know. The frame
clips to the range, rounds to the resolution, drops declared gaps (NaN) and now and then a whole
stretch, and picks each datastream at its own period. Nothing is registered anywhere: the
decorator returns a value, and `discover` collects the values of the modules it walks.
"""

import importlib
import math
import pkgutil
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType, ModuleType
from typing import Any, Final, NamedTuple, Protocol

import numpy as np

from ioc.core.words import PROVINCE, Datastream, Text
from simulators.faults import LONGEST_WAY_S, Ailing, Fault, FaultKind, FaultPlan
from simulators.incidents import Place
from simulators.noise import DAY, Noise, Times, Values
from simulators.records import Business, Step
from simulators.world import World

Observed = Mapping[str, Values]
"""Values by the datastream's name; NaN is a declared gap."""

Observe = Callable[[Times, Noise, "Subject", World], Observed]

_GAP_HOURS: Final = (1.0, 8.0)
_WEEK_DAYS: Final = 7
"""Days observed at once at the most, where they are going to be asked for."""


class ThingLike(Protocol):
    """What a simulator must know of a site's thing."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def kind(self) -> str:
        """Its kind."""

    @property
    def area(self) -> str:
        """Its area's id."""

    @property
    def name(self) -> Text:
        """Its name."""

    @property
    def location(self) -> tuple[float, float]:
        """Longitude and latitude."""

    @property
    def via(self) -> str | None:
        """The gateway that speaks for it."""

    @property
    def limits(self) -> Mapping[str, float]:
        """Its named limits."""

    @property
    def settings(self) -> Mapping[str, float | str | bool]:
        """What a simulator may be told about it."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing as its simulator sees it.

    Attributes:
        phase: seconds past a multiple of a period at which it observes.
    """

    id: str
    area: str
    place: Place
    phase: int
    limits: Mapping[str, float]
    settings: Mapping[str, float | str | bool]

    def number(self, name: str, default: float) -> float:
        """Give a numeric setting."""
        value = self.settings.get(name, default)
        return float(value) if isinstance(value, int | float) else default

    def word(self, name: str, *known: str) -> str:
        """Give a setting that is one of the known words; else the word its id contains.

        The first known word stands in when neither tells.
        """
        told = self.settings.get(name)
        if told in known:
            return str(told)
        return next((word for word in known if word in self.id), known[0])


@dataclass(frozen=True, slots=True)
class Sited:
    """A thing a simulator brings along, for where no site lists one of its kind.

    Attributes:
        id: empty: made of the kind.
        name: None: the kind's.
        location: None: the middle of the site.
    """

    id: str = ""
    name: Text | None = None
    area: str = PROVINCE
    location: tuple[float, float] | None = None
    settings: Mapping[str, float | str | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Simulator:
    """One kind of thing, and how it behaves.

    Attributes:
        explains: what a person should know of it.
        streams: its datastreams, in the order they are told.
        gaps: stretches a day in which it observes nothing (a dead radio, a flat battery).
        things: what a plug-in brings along; one thing where it names none.
        records: the types of business records it tells.
    """

    kind: str
    name: Text
    streams: tuple[Datastream, ...]
    gaps: float
    explains: str
    observe: Observe
    things: tuple[Sited, ...] = ()
    records: tuple[Business, ...] = ()

    @property
    def periods(self) -> tuple[int, ...]:
        """Give the periods of its datastreams, shortest first."""
        return tuple(sorted({int(stream.period or 0) for stream in self.streams}))

    def subject(self, seed: int, thing: ThingLike) -> Subject:
        """Give a thing's view for the simulator, with its phase."""
        phase = int(Noise(seed, thing.id).constant("phase") * self.periods[0])
        return Subject(
            thing.id, thing.area, Place(*thing.location), phase, thing.limits, thing.settings
        )

    def due(self, subject: Subject, period: int, first: int, last: int) -> Times:
        """Give the times in (first, last] at which datastreams of a period are observed."""
        start = (first - subject.phase) // period + 1
        end = (last - subject.phase) // period + 1
        return np.arange(start, end, dtype=np.int64) * period + subject.phase

    def values(self, at: Times, subject: Subject, world: World) -> dict[str, Values]:
        """Observe at some times, in any order: clipped, rounded, gaps as NaN."""
        noise = Noise(world.seed, subject.id)
        seen = self.observe(at, noise, subject, world)
        lost = _lost(noise, at, self.gaps) if self.gaps else None
        found = {}
        for stream in self.streams:
            values = told(stream, seen[stream.name])
            found[stream.name] = values if lost is None else np.where(lost, np.nan, values)
        return found

    def steps(self, day: int, subject: Subject, world: World) -> list[tuple[Business, list[Step]]]:
        """Give the business records of a UTC day, by type, in order of time.

        Raises:
            ValueError: the simulator breaks its own declaration; says how.
        """
        noise = Noise(world.seed, subject.id)
        return [(told, told.of_day(day, noise, subject, world)) for told in self.records]

    def about(self, thing: ThingLike, via: str | None) -> dict[str, Any]:
        """Give the retained description of a thing; see the contract's section 2."""
        about: dict[str, Any] = {
            "kind": self.kind,
            "name": {"vi": thing.name.vi, "en": thing.name.en},
            "location": list(thing.location),
            "origin": "simulated",
            "datastreams": {stream.name: stream.to_about() for stream in self.streams},
        }
        if via is not None:
            about["via"] = via
        if thing.limits:
            about["limits"] = dict(thing.limits)
        return about


class Days:
    """Whole canonical days of things, remembered: what live and back-fill both cut from."""

    def __init__(
        self,
        world: World,
        simulators: Mapping[str, Simulator],
        things: int,
        faults: FaultPlan | None = None,
    ) -> None:
        """Remember about a week of ``things`` things, with their faults."""
        self._world = world
        self._simulators = simulators
        self._faults = faults or FaultPlan()
        self._kept: OrderedDict[tuple[str, int], tuple[_Told, ...]] = OrderedDict()
        self._most = max(64, (_WEEK_DAYS + 2) * things)
        self._horizon = 0
        self._way = lru_cache(maxsize=max(16, 3 * things))(self._arriving)
        self._steps = lru_cache(maxsize=max(64, 3 * things))(self._stepped)
        self._subjects: dict[str, _Played] = {}

    def add(self, thing: ThingLike) -> None:
        """Take a thing up.

        Raises:
            KeyError: no simulator plays its kind.
            FaultsError: its ``settings.faults`` cannot be read.
        """
        player = self._simulators[thing.kind]
        seed = self._world.seed
        told = thing.settings.get("faults")
        ailing = self._faults.ailing(seed, thing.id, thing.kind, told, player.gaps)
        self._subjects[thing.id] = _Played(player, player.subject(seed, thing), ailing)

    def foresee(self, until: int) -> None:
        """Expect to be asked for everything up to a time: days are then observed by the week."""
        self._horizon = until

    def next_due(self, thing: str, after: int) -> int:
        """Give the first time after ``after`` at which anything of a thing arrives."""
        player, subject, ailing = self._subjects[thing]
        period = player.periods[0]
        due = ((after - subject.phase) // period + 1) * period + subject.phase
        due = min(due, self._next_step(thing, after, due))
        if ailing is None or not ailing.on_the_way:
            return due
        for day in range((after - LONGEST_WAY_S) // DAY, after // DAY + 1):
            for arrived in self._way(thing, day):
                place = int(np.searchsorted(arrived.arrival, after, side="right"))
                if place < len(arrived.arrival):
                    due = min(due, math.ceil(arrived.arrival[place]))
        return due

    def between(self, thing: str, first: int, last: int) -> list[tuple[Datastream, Times, Values]]:
        """Give what arrives of a thing in (first, last], by datastream, gaps left out."""
        ailing = self._subjects[thing].ailing
        found: list[tuple[Datastream, Times, Values]] = []
        if ailing is not None and ailing.on_the_way:
            for day in range((first + 1 - LONGEST_WAY_S) // DAY, last // DAY + 1):
                for stream, at, values, arrival in self._way(thing, day):
                    start, end = np.searchsorted(arrival, (first, last), side="right")
                    if start < end:
                        found.append((stream, at[start:end], values[start:end]))
            return found
        for day in range((first + 1) // DAY, last // DAY + 1):
            for stream, at, values in self._day(thing, day):
                start, end = np.searchsorted(at, (first, last), side="right")
                if start < end:
                    found.append((stream, at[start:end], values[start:end]))
        return found

    def steps(self, thing: str, first: int, last: int) -> list[tuple[Business, list[Step]]]:
        """Give the business records of a thing in (first, last], by type, in order of time."""
        found: list[tuple[Business, list[Step]]] = []
        if not self._subjects[thing].player.records:
            return found
        for day in range((first + 1) // DAY, last // DAY + 1):
            for told, steps in self._steps(thing, day):
                start = bisect_right(steps, first, key=_at)
                end = bisect_right(steps, last, key=_at)
                if start < end:
                    found.append((told, steps[start:end]))
        return found

    def _next_step(self, thing: str, after: int, due: int) -> int:
        """Give the time of the first record after ``after``, or ``due`` where that is sooner."""
        if not self._subjects[thing].player.records:
            return due
        for day in range((after + 1) // DAY, due // DAY + 1):
            for _, steps in self._steps(thing, day):
                place = bisect_right(steps, after, key=_at)
                if place < len(steps):
                    due = min(due, steps[place].at)
        return due

    def _stepped(self, thing: str, day: int) -> list[tuple[Business, list[Step]]]:
        player, subject, _ = self._subjects[thing]
        return player.steps(day, subject, self._world)

    def labels(self, thing: str, first: int, last: int) -> list[Fault]:
        """Give the faults of a thing that begin in (first, last], silences among them."""
        player, subject, ailing = self._subjects[thing]
        found = []
        if ailing is not None:
            at = player.due(subject, player.periods[0], first, last)
            found = ailing.labels(player.streams, at, first, last)
        return found + self._silences(thing, (first + 1) // DAY, first, last)

    def under_way(self, thing: str, now: int) -> list[Fault]:
        """Give the faults of a thing that began at ``now`` or before and are not over."""
        player, _, ailing = self._subjects[thing]
        found = [] if ailing is None else ailing.under_way(player.streams, now)
        day = now // DAY
        return found + [
            fault for fault in self._silences(thing, day, day * DAY - 1, now) if fault.end > now
        ]

    def _silences(self, thing: str, day: int, first: int, last: int) -> list[Fault]:
        player = self._subjects[thing].player
        noise = Noise(self._world.seed, thing)
        found = []
        for block in range(day, last // DAY + 1) if player.gaps else ():
            gap = _gap(noise, block, player.gaps)
            if gap is not None and first < math.ceil(gap[0]) <= last:
                start, end = math.ceil(gap[0]), math.ceil(gap[1])
                found.append(Fault(thing, "", FaultKind.DROPOUT, start, end))
        return found

    def _day(self, thing: str, day: int) -> tuple["_Told", ...]:
        """Give a day's observations by datastream, in the order they are declared."""
        kept = self._kept.get((thing, day))
        if kept is not None:
            return kept
        # Not into the next week: the programme of incidents is drawn by the week, and a longer
        # look would see one of the next week's that begins in this one's last night.
        ahead = min((day // _WEEK_DAYS + 1) * _WEEK_DAYS, self._horizon // DAY + 1)
        days = self._observed(thing, day, max(ahead, day + 1))
        for number, told_that_day in enumerate(days, day):
            self._kept[thing, number] = told_that_day
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return days[0]

    def _observed(self, thing: str, first: int, end: int) -> list[tuple["_Told", ...]]:
        """Observe whole days at once, which gives what each would give alone, sooner."""
        player, subject, ailing = self._subjects[thing]
        found: dict[str, list[_Told]] = {}
        edges = np.arange(first, end + 1) * DAY
        for period in player.periods:
            at = player.due(subject, period, first * DAY - 1, end * DAY - 1)
            values = player.values(at, subject, self._world)
            for stream in player.streams:
                if stream.period == period:
                    seen = values[stream.name]
                    if ailing is not None:
                        seen = self._ill(ailing, stream, at, seen, thing)
                    there = ~np.isnan(seen)
                    when, what = at[there], seen[there]
                    cuts = np.searchsorted(when, edges).tolist()
                    found[stream.name] = [
                        _Told(stream, when[start:stop], what[start:stop])
                        for start, stop in pairwise(cuts)
                    ]
        by_stream = [found[stream.name] for stream in player.streams]
        return list(zip(*by_stream, strict=True))

    def _ill(
        self, ailing: Ailing, stream: Datastream, at: Times, seen: Values, thing: str
    ) -> Values:
        player, subject, _ = self._subjects[thing]

        def clean(times: Times) -> Values:
            return player.values(times, subject, self._world)[stream.name]

        felt = ailing.felt(stream, at, seen, clean)
        return seen if felt is seen else told(stream, felt)

    def _arriving(self, thing: str, day: int) -> tuple["_Arrived", ...]:
        """Give a day's observations in order of their arrival, told as they arrive."""
        player, _, ailing = self._subjects[thing]
        if ailing is None:
            return ()
        found = []
        for stream, at, values in self._day(thing, day):
            rows, told_at, arrival = ailing.delivered(at, player.periods[0])
            found.append(_Arrived(stream, told_at, values[rows], arrival))
        return tuple(found)


class _Played(NamedTuple):
    player: Simulator
    subject: Subject
    ailing: Ailing | None


class _Told(NamedTuple):
    stream: Datastream
    at: Times
    values: Values


class _Arrived(NamedTuple):
    stream: Datastream
    at: Times
    values: Values
    arrival: Values


def _at(step: Step) -> int:
    return step.at


def stream(  # noqa: PLR0913 - a declaration: every part has its name where it is used
    name: str,
    unit: str = "",
    *,
    every: int,
    vi: str,
    en: str,
    between: tuple[float, float] | None = None,
    resolution: float | None = None,
    levels: tuple[str, ...] = (),
) -> Datastream:
    """Declare a datastream of a simulated kind.

    Args:
        name: its slug.
        unit: UCUM or SenML; empty for a bare number.
        every: period in seconds; it divides a day.
        vi: what it is called in Vietnamese.
        en: what it is called in English.
        between: least and greatest value.
        resolution: the step it is rounded to.
        levels: names of its values, for a category.

    Raises:
        ValueError: the period does not divide a day, or it is neither a number nor a category.
    """
    if DAY % every:
        raise ValueError(f"{name}: a period of {every} s does not divide a day")
    if bool(levels) == (between is not None and resolution is not None):
        raise ValueError(f"{name}: give either levels, or between and resolution")
    return Datastream(name, unit, Text(vi, en), every, between, resolution, levels)


def simulator(  # noqa: PLR0913 - a declaration: every part has its name where it is used
    *,
    kind: str,
    name: Text,
    streams: tuple[Datastream, ...],
    gaps: float = 0.0,
    things: tuple[Sited, ...] = (),
    records: tuple[Business, ...] = (),
) -> Callable[[Observe], Simulator]:
    """Declare a pure function as the simulator of a kind.

    Args:
        kind: slug of the kind of things it plays.
        name: what such a thing is called.
        streams: what it observes; the function gives one array for each.
        gaps: stretches a day in which it observes nothing.
        things: what a plug-in brings along where no site lists things of its kind.
        records: the types of business records it tells; see `simulators.records`.
    """

    def declare(observe: Observe) -> Simulator:
        explains = (observe.__doc__ or "").strip()
        if not explains:
            raise ValueError(f"the simulator of {kind!r} does not explain itself")
        return Simulator(kind, name, streams, gaps, explains, observe, things, records)

    return declare


def discover(package: str = "simulators.plugins") -> Mapping[str, Simulator]:
    """Import a package's modules and collect their simulators by kind.

    Raises:
        ValueError: two of them play the same kind.
    """
    found: dict[str, Simulator] = {}
    parent = importlib.import_module(package)
    for module in pkgutil.iter_modules(parent.__path__):
        for player in simulators_of(importlib.import_module(f"{package}.{module.name}")):
            if player.kind in found:
                raise ValueError(f"{package}.{module.name} plays {player.kind!r} once more")
            found[player.kind] = player
    return MappingProxyType(found)


def simulators_of(module: ModuleType) -> list[Simulator]:
    """Give the simulators a module declares."""
    return [value for value in vars(module).values() if isinstance(value, Simulator)]


def told(stream: Datastream, values: Values) -> Values:
    """Bring values into a datastream's range and onto its resolution."""
    if stream.levels:
        return np.clip(np.rint(values), 0, len(stream.levels) - 1)
    if stream.span is None or stream.resolution is None:
        return values
    return np.clip(on_step(values, stream.resolution), *stream.span)


def on_step(values: Values, resolution: float) -> Values:
    """Round to whole steps, to the double nearest the decimal one would write down."""
    steps = 1.0 / resolution
    if abs(steps - round(steps)) < 1e-9 * steps:
        return np.rint(values * round(steps)) / round(steps) + 0.0
    return np.rint(values / resolution) * resolution + 0.0


def _lost(noise: Noise, at: Times, gaps: float) -> np.typing.NDArray[np.bool_]:
    """Tell which times fall into a day's gap (one a day at the most, within the UTC day)."""
    day = at // DAY
    lost = np.zeros(len(at), np.bool_)
    for block in np.unique(day).tolist():
        gap = _gap(noise, block, gaps)
        if gap is not None:
            lost |= (at >= gap[0]) & (at < gap[1])
    return lost


def _gap(noise: Noise, day: int, gaps: float) -> tuple[float, float] | None:
    """Give the beginning and end of a day's gap, or None on most days."""
    chance, start, length = noise.block("gap", day).random(3)
    if chance >= gaps:
        return None
    seconds = 3_600.0 * (_GAP_HOURS[0] + (_GAP_HOURS[1] - _GAP_HOURS[0]) * length)
    begin = day * DAY + start * (DAY - seconds)
    return begin, begin + seconds
