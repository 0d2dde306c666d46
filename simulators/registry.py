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
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType, ModuleType
from typing import Any, Final, Protocol

import numpy as np

from ioc.core.words import Datastream, Text
from simulators.incidents import Place
from simulators.noise import DAY, Noise, Times, Values
from simulators.world import World

Observed = Mapping[str, Values]
"""Values by the datastream's name; NaN is a declared gap."""

Observe = Callable[[Times, Noise, "Subject", World], Observed]

_GAP_HOURS: Final = (1.0, 8.0)


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
class Simulator:
    """One kind of thing, and how it behaves.

    Attributes:
        explains: what a person should know of it.
        streams: its datastreams, in the order they are told.
        gaps: stretches a day in which it observes nothing (a dead radio, a flat battery).
    """

    kind: str
    name: Text
    streams: tuple[Datastream, ...]
    gaps: float
    explains: str
    observe: Observe

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
            values = _told(stream, seen[stream.name])
            found[stream.name] = values if lost is None else np.where(lost, np.nan, values)
        return found

    def about(self, thing: ThingLike, via: str | None) -> dict[str, Any]:
        """Give the retained description of a thing; see the contract's section 2."""
        about: dict[str, Any] = {
            "kind": self.kind,
            "name": {"vi": thing.name.vi, "en": thing.name.en},
            "location": list(thing.location),
            "origin": "simulated",
            "datastreams": {stream.name: _described(stream) for stream in self.streams},
        }
        if via is not None:
            about["via"] = via
        if thing.limits:
            about["limits"] = dict(thing.limits)
        return about


class Days:
    """Whole canonical days of things, remembered: what live and back-fill both cut from."""

    def __init__(self, world: World, simulators: Mapping[str, Simulator], things: int) -> None:
        """Remember about three days of ``things`` things."""
        self._world = world
        self._simulators = simulators
        self._day = lru_cache(maxsize=max(16, 3 * things))(self._observed)
        self._subjects: dict[str, tuple[Simulator, Subject]] = {}

    def add(self, thing: ThingLike) -> None:
        """Take a thing up.

        Raises:
            KeyError: no simulator plays its kind.
        """
        player = self._simulators[thing.kind]
        self._subjects[thing.id] = (player, player.subject(self._world.seed, thing))

    def next_due(self, thing: str, after: int) -> int:
        """Give the first time after ``after`` at which a thing observes anything."""
        player, subject = self._subjects[thing]
        period = player.periods[0]
        return ((after - subject.phase) // period + 1) * period + subject.phase

    def between(self, thing: str, first: int, last: int) -> list[tuple[Datastream, Times, Values]]:
        """Give a thing's observations in (first, last], by datastream, gaps left out."""
        found: list[tuple[Datastream, Times, Values]] = []
        for day in range((first + 1) // DAY, last // DAY + 1):
            for stream, at, values in self._day(thing, day):
                start, end = np.searchsorted(at, (first, last), side="right")
                if start < end:
                    found.append((stream, at[start:end], values[start:end]))
        return found

    def _observed(self, thing: str, day: int) -> tuple[tuple[Datastream, Times, Values], ...]:
        player, subject = self._subjects[thing]
        found = []
        for period in player.periods:
            at = player.due(subject, period, day * DAY - 1, day * DAY + DAY - 1)
            values = player.values(at, subject, self._world)
            for stream in player.streams:
                if stream.period == period:
                    there = ~np.isnan(values[stream.name])
                    found.append((stream, at[there], values[stream.name][there]))
        order = {stream.name: place for place, stream in enumerate(player.streams)}
        return tuple(sorted(found, key=lambda told: order[told[0].name]))


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


def simulator(
    *, kind: str, name: Text, streams: tuple[Datastream, ...], gaps: float = 0.0
) -> Callable[[Observe], Simulator]:
    """Declare a pure function as the simulator of a kind.

    Args:
        kind: slug of the kind of things it plays.
        name: what such a thing is called.
        streams: what it observes; the function gives one array for each.
        gaps: stretches a day in which it observes nothing.
    """

    def declare(observe: Observe) -> Simulator:
        explains = (observe.__doc__ or "").strip()
        if not explains:
            raise ValueError(f"the simulator of {kind!r} does not explain itself")
        return Simulator(kind, name, streams, gaps, explains, observe)

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


def _told(stream: Datastream, values: Values) -> Values:
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
        chance, start, length = noise.block("gap", block).random(3)
        if chance < gaps:
            seconds = 3_600.0 * (_GAP_HOURS[0] + (_GAP_HOURS[1] - _GAP_HOURS[0]) * length)
            begin = block * DAY + start * (DAY - seconds)
            lost |= (at >= begin) & (at < begin + seconds)
    return lost


def _described(stream: Datastream) -> dict[str, Any]:
    label = stream.label or Text(stream.name, stream.name)
    told: dict[str, Any] = {
        "unit": stream.unit,
        "name": {"vi": label.vi, "en": label.en},
        "period": stream.period,
    }
    if stream.span is not None:
        told["range"] = list(stream.span)
    if stream.resolution is not None and math.isfinite(stream.resolution):
        told["resolution"] = stream.resolution
    if stream.levels:
        told["levels"] = list(stream.levels)
    return told
