"""Faults of sensors and of the way from them: drawn like everything else, and each one labelled.

::

    clean values ─felt─▶ bias, drift, noise, spike, stuck, dropout     (what the sensor says)
    told values ─delivered─▶ skew, late, disorder, burst, duplicate    (when and as what it arrives)

A fault is a pure function of (seed, thing, datastream, day): the same one live, in a back-fill and
in any sharding. None happens unless it is asked for: by a thing's ``settings.faults`` in the
site's data, such as ``"default"`` or ``"stuck=0.5 spike=0.02"``, or by a file of its own::

    [faults]                          # every simulated thing
    use = "default"                   # the rates of `RATES`; left out: none

    [faults.kind.rain-gauge]          # then its kind, then itself
    spike = 0.02

    [faults.thing.rain-muong-ang-01]
    use = "none"
    stuck = 0.5

    [[faults.script]]                 # this one, then and there
    thing = "river-nam-ang-01"
    datastream = "level"
    kind = "stuck"
    from = 2026-11-22T07:00:00+07:00
    until = 2026-11-22T13:00:00+07:00

The labels are the truth a drill or a detector is scored against. They go to a file the centre is
never told of, and never over the broker.
"""

import math
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import numpy as np

from ioc.core.words import SECOND, SLUG, Datastream, rfc3339
from simulators.noise import DAY, Noise, Times, Values

HOUR: Final = 3_600


class FaultKind(StrEnum):
    """What may go wrong; the first six with the sensor, the others on the way."""

    BIAS = "bias"
    DRIFT = "drift"
    NOISE = "noise"
    SPIKE = "spike"
    STUCK = "stuck"
    DROPOUT = "dropout"
    SKEW = "skew"
    BURST = "burst"
    DUPLICATE = "duplicate"
    LATE = "late"
    DISORDER = "disorder"


OF_A_STREAM: Final = (
    FaultKind.BIAS,
    FaultKind.DRIFT,
    FaultKind.NOISE,
    FaultKind.SPIKE,
    FaultKind.STUCK,
)
"""In the order they are felt: each works on what the one before it left."""

OF_A_THING: Final = (FaultKind.DROPOUT, FaultKind.SKEW, FaultKind.BURST)
OF_A_MESSAGE: Final = (FaultKind.DUPLICATE, FaultKind.LATE, FaultKind.DISORDER)

RATES: Final[Mapping[FaultKind, float]] = MappingProxyType(
    {
        FaultKind.BIAS: 1.0 / 365.0,
        FaultKind.DRIFT: 0.002,
        FaultKind.NOISE: 0.002,  # assumed; the others are those of field experience
        FaultKind.SPIKE: 0.006,
        FaultKind.STUCK: 0.004,
        FaultKind.DROPOUT: 0.0042,
        FaultKind.SKEW: 0.0005,
        FaultKind.BURST: 0.0018,  # three in ten silences end in everything at once
        FaultKind.DUPLICATE: 0.005,
        FaultKind.LATE: 1.0,
        FaultKind.DISORDER: 0.002,  # assumed
    }
)
"""Faults a datastream-day (bias to stuck) or a thing-day (dropout, skew, burst); else the share of
messages it befalls."""

_HOURS: Final[Mapping[FaultKind, tuple[float, float]]] = MappingProxyType(
    {
        FaultKind.BIAS: (120.0, 720.0),
        FaultKind.DRIFT: (48.0, 144.0),
        FaultKind.NOISE: (6.0, 24.0),
        FaultKind.DROPOUT: (1.0, 8.0),
        FaultKind.SKEW: (6.0, 72.0),
        FaultKind.BURST: (1.0, 8.0),
    }
)
_SIZE: Final[Mapping[FaultKind, tuple[float, float]]] = MappingProxyType(
    {
        FaultKind.BIAS: (0.01, 0.05),
        FaultKind.DRIFT: (0.03, 0.10),
        FaultKind.NOISE: (0.005, 0.02),
        FaultKind.SPIKE: (0.05, 0.20),
    }
)
"""Parts of the full scale; a hundredth of it stands for one standard deviation."""

_STUCK_MEAN_H: Final = 12.0
_STUCK_MOST_H: Final = 96.0
_REACH_DAYS: Final = 30
"""No fault lasts longer: how far back a look must reach."""

_ZONE_S: Final = 7 * HOUR
_YEAR_2000: Final = 946_684_800
_PPM: Final = 20e-6
_LATE_MEDIAN_S: Final = 0.4
_LATE_SIGMA: Final = 1.2
_LATE_MOST_S: Final = 600.0
_LATE_NAMED_S: Final = 10.0
"""Delays of at least this are labelled; shorter ones are how networks are."""

_DISORDER_MOST_S: Final = 3 * HOUR
_BURST_S: Final = 30.0
"""Seconds a store-and-forward burst takes."""

_AGAIN_S: Final = 120.0
_HELD_S: Final = 9 * HOUR
"""How far back a stuck sensor looks for what it holds: longer than any silence."""

LONGEST_WAY_S: Final = DAY // 2
"""No observation arrives later than this after its time."""

_SCRIPTED: Final = (*OF_A_STREAM, *OF_A_THING)

Rates = Mapping[FaultKind, float]


class FaultsError(ValueError):
    """The faults asked for make no sense; the text says where, and what would."""


class Fault(NamedTuple):
    """One fault, which is also its label.

    Attributes:
        thing: whose.
        datastream: of which datastream; empty for all of the thing's.
        start: its first second.
        end: the second it is over; that of the observation when it befalls a single one.
        size: of the full scale, signed; seconds, for a skew; else nought.
        luck: a uniform number of its own, for what else is decided about it.
    """

    thing: str
    datastream: str
    kind: FaultKind
    start: int
    end: int
    size: float = 0.0
    luck: float = 0.0

    def label(self) -> dict[str, Any]:
        """Give the line of the truth file."""
        return {
            "stream": f"{self.thing}/{self.datastream or '*'}",
            "kind": self.kind.value,
            "from": rfc3339(self.start * SECOND),
            "until": rfc3339(self.end * SECOND),
            "size": round(self.size, 6),
        }


class Delivery(NamedTuple):
    """How observations arrive: which, told as of when, and when; in order of arrival."""

    rows: Times
    told: Times
    arrival: Values


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """What is asked for: rates of all things, by kind and by thing, and single faults."""

    every: Rates = field(default_factory=dict)
    by_kind: Mapping[str, Rates] = field(default_factory=dict)
    by_thing: Mapping[str, Rates] = field(default_factory=dict)
    script: tuple[Fault, ...] = ()

    def ailing(
        self, seed: int, thing: str, kind: str, told: object, gaps: float = 0.0
    ) -> "Ailing | None":
        """Give what ails one thing, or None when nothing ever does.

        Args:
            seed: the world's seed.
            thing: its id.
            kind: its kind.
            told: its ``settings.faults``, or None.
            gaps: silences a day its simulator has by itself; they count among the dropouts.

        Raises:
            FaultsError: ``settings.faults`` cannot be read.
        """
        rates = {**self.every, **self.by_kind.get(kind, {}), **self.by_thing.get(thing, {})}
        if told is not None:
            rates.update(read_words(told, f"{thing}: settings.faults"))
        if FaultKind.DROPOUT in rates:
            rates[FaultKind.DROPOUT] = max(rates[FaultKind.DROPOUT] - gaps, 0.0)
        rates = {kind: rate for kind, rate in rates.items() if rate > 0.0}
        script = tuple(fault for fault in self.script if fault.thing == thing)
        return Ailing(seed, thing, rates, script) if rates or script else None


class Ailing:
    """The faults of one thing, past and to come.

    Attributes:
        on_the_way: whether its messages fare otherwise than arriving at once and once.
    """

    def __init__(self, seed: int, thing: str, rates: Rates, script: Sequence[Fault]) -> None:
        """Draw from ``seed`` at these rates, beside what is scripted."""
        self._thing = thing
        self._rates = rates
        self._script = tuple(script)
        self._noise = Noise(seed, f"faults/{thing}")
        self._seed = seed
        self._day = lru_cache(maxsize=512)(self._drawn)
        transport = {FaultKind.SKEW, FaultKind.BURST, *OF_A_MESSAGE}
        self.on_the_way = any(kind in transport for kind in rates) or any(
            fault.kind in transport for fault in script
        )

    def felt(
        self, stream: Datastream, at: Times, values: Values, clean: Callable[[Times], Values]
    ) -> Values:
        """Give what the sensor says instead of what is so; NaN where it says nothing.

        Args:
            stream: which datastream.
            at: instants, rising.
            values: its values then.
            clean: gives its values at any other instants.
        """
        if not len(at):
            return values
        first, last = int(at[0]), int(at[-1])
        for kind in OF_A_STREAM:
            for fault in self._during(stream.name, kind, first, last):
                start, end = np.searchsorted(at, (fault.start, _over(fault, stream)))
                if start < end:
                    values = values.copy()
                    part = slice(start, end)
                    values[part] = self._ill(fault, stream, at[part], values[part], clean)
        for fault in self._during("", FaultKind.DROPOUT, first, last):
            values = np.where((at >= fault.start) & (at < fault.end), np.nan, values)
        return values

    def delivered(self, at: Times, period: int) -> Delivery:
        """Give how observations of some instants, rising, arrive.

        Args:
            at: instants.
            period: the thing's shortest; what it observes at one instant shares a message.
        """
        rows = np.arange(len(at))
        if not len(at):
            return Delivery(rows, at, np.empty(0))
        first, last = int(at[0]), int(at[-1])
        told = at
        for fault in self._during("", FaultKind.SKEW, first, last):
            told = np.where((at >= fault.start) & (at < fault.end), _skewed(fault, at), told)
        arrival = at + self._delays(at, period)
        for fault in self._during("", FaultKind.BURST, first, last):
            part = (at - fault.start) / (fault.end - fault.start)
            kept = (at >= fault.start) & (at < fault.end)
            arrival = np.where(kept, fault.end + _BURST_S * part, arrival)
        again = np.flatnonzero(self._befallen(FaultKind.DUPLICATE, at, period))
        if len(again):
            after = 1.0 + _AGAIN_S * self._noise.uniform(at[again], "again", period)
            rows = np.concatenate((rows, again))
            told = np.concatenate((told, told[again]))
            arrival = np.concatenate((arrival, arrival[again] + after))
        order = np.argsort(arrival, kind="stable")
        return Delivery(rows[order], told[order], arrival[order])

    def labels(
        self, streams: Sequence[Datastream], at: Times, first: int, last: int
    ) -> list[Fault]:
        """Give the faults that begin in (first, last].

        Args:
            streams: the thing's datastreams.
            at: when it observes in that time, at its shortest period.
            first: a second.
            last: a second.
        """
        found = [fault for fault in self._script if first < fault.start <= last]
        for name in ("", *(stream.name for stream in streams)):
            for day in range((first + 1) // DAY, last // DAY + 1):
                found += [fault for fault in self._day(name, day) if first < fault.start <= last]
        by_name = {stream.name: stream for stream in streams}
        found = [
            fault._replace(end=_over(fault, by_name[fault.datastream]))
            if fault.datastream
            else fault
            for fault in found
            if not fault.datastream or _touches(fault, by_name.get(fault.datastream))
        ]
        if len(at):
            found += self._of_messages(at, streams)
        return sorted(found)

    def under_way(self, streams: Sequence[Datastream], now: int) -> list[Fault]:
        """Give the faults that began at ``now`` or before and are not over."""
        none = np.empty(0, np.int64)
        since = self.labels(streams, none, now - _REACH_DAYS * DAY, now)
        return [fault for fault in since if fault.end > now]

    def _of_messages(self, at: Times, streams: Sequence[Datastream]) -> list[Fault]:
        period = min(int(stream.period or DAY) for stream in streams)
        found = []
        for kind in (FaultKind.DUPLICATE, FaultKind.DISORDER):
            for when in at[self._befallen(kind, at, period)].tolist():
                found.append(Fault(self._thing, "", kind, when, when))
        if FaultKind.LATE in self._rates:
            delays = self._late(at, period)
            for row in np.flatnonzero(delays >= _LATE_NAMED_S).tolist():
                when, delay = int(at[row]), float(delays[row])
                found.append(Fault(self._thing, "", FaultKind.LATE, when, when, delay))
        return found

    def _delays(self, at: Times, period: int) -> Values:
        delays = self._late(at, period)
        behind = self._befallen(FaultKind.DISORDER, at, period)
        if behind.any():
            turns = 1.0 + np.floor(2.0 * self._noise.uniform(at, "turns", period)) + 0.05
            delays = np.where(behind, np.minimum(turns * period, _DISORDER_MOST_S), delays)
        return delays

    def _late(self, at: Times, period: int) -> Values:
        slow = self._befallen(FaultKind.LATE, at, period)
        if not slow.any():
            return np.zeros(len(at))
        drawn = _LATE_MEDIAN_S * np.exp(_LATE_SIGMA * self._noise.normal(at, "late", period))
        return np.where(slow, np.minimum(drawn, _LATE_MOST_S), 0.0)

    def _befallen(self, kind: FaultKind, at: Times, period: int) -> np.typing.NDArray[np.bool_]:
        rate = self._rates.get(kind, 0.0)
        if rate <= 0.0:
            return np.zeros(len(at), np.bool_)
        return np.asarray(self._noise.uniform(at, kind.value, period) < rate)

    def _during(self, name: str, kind: FaultKind, first: int, last: int) -> list[Fault]:
        """Give the faults of a kind that touch [first, last], in order of their beginning."""
        found = [
            fault for fault in self._script if fault.kind is kind and fault.datastream in ("", name)
        ]
        if kind in self._rates:
            reach = 1 + math.ceil(_longest_h(kind) / 24.0)
            for day in range(first // DAY - reach, last // DAY + 1):
                found += [fault for fault in self._day(name, day) if fault.kind is kind]
        return [fault for fault in found if fault.end > first and fault.start <= last]

    def _drawn(self, name: str, day: int) -> tuple[Fault, ...]:
        """Draw what begins on one day, for one datastream or (without a name) the thing."""
        kinds = OF_A_STREAM if name else OF_A_THING
        chance = Noise(self._seed, f"faults/{self._thing}/{name}").block("day", day)
        found = []
        for kind, row in zip(kinds, chance.random((len(kinds), 5)).tolist(), strict=True):
            if row[0] < self._rates.get(kind, 0.0):
                start = day * DAY + int(row[1] * DAY)
                end = start + max(round(HOUR * _lasts_h(kind, row[2])), 1)
                found.append(
                    Fault(self._thing, name, kind, start, end, _drawn_size(kind, *row[3:]), row[4])
                )
        return tuple(found)

    def _ill(
        self,
        fault: Fault,
        stream: Datastream,
        at: Times,
        values: Values,
        clean: Callable[[Times], Values],
    ) -> Values:
        if fault.kind is FaultKind.STUCK:
            return np.full(len(at), self._held(fault, at, stream, clean))
        if stream.levels or stream.span is None:
            return values
        by = fault.size * (stream.span[1] - stream.span[0])
        if fault.kind is FaultKind.DRIFT:
            return values + by * ((at - fault.start) / (fault.end - fault.start))
        if fault.kind is FaultKind.NOISE:
            extra = self._noise.normal(at, f"noise/{stream.name}", int(stream.period or 1))
            return values + by * extra
        return values + by

    def _held(
        self, fault: Fault, at: Times, stream: Datastream, clean: Callable[[Times], Values]
    ) -> float:
        """Give the last value before a stuck sensor stuck; its first one where there is none."""
        period = int(stream.period or 1)
        before = int(at[0]) - ((int(at[0]) - fault.start) // period + 1) * period
        times = np.arange(before - _HELD_S // period * period, before + 1, period)
        past = clean(times)
        there = past[~np.isnan(past)]
        return float(there[-1]) if len(there) else math.nan


def read_plan(text: str, name: str = "faults") -> FaultPlan:
    """Read a file of faults; see the module.

    Raises:
        FaultsError: something in it is wrong; says where.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FaultsError(f"{name}: {error}") from None
    table = document.pop("faults", {})
    if document or not isinstance(table, dict):
        raise FaultsError(f"{name}: must have a table [faults] and nothing beside it")
    table = dict(table)
    by_kind = _tables(table.pop("kind", {}), f"{name}: faults.kind")
    by_thing = _tables(table.pop("thing", {}), f"{name}: faults.thing")
    script = table.pop("script", [])
    if not isinstance(script, list):
        raise FaultsError(f"{name}: must be a list: write [[faults.script]]")
    return FaultPlan(
        _rates(table, f"{name}: faults"),
        by_kind,
        by_thing,
        tuple(_scripted(row, f"{name}: faults.script {n}") for n, row in enumerate(script, 1)),
    )


def read_words(told: object, where: str) -> dict[FaultKind, float]:
    """Read ``settings.faults`` of a thing: ``"default"``, ``"none"``, ``"stuck=0.5 spike=0.02"``.

    Raises:
        FaultsError: it is something else.
    """
    if not isinstance(told, str):
        raise FaultsError(f'{where} = {told!r} must be a text such as "stuck=0.5 spike=0.02"')
    table: dict[str, Any] = {}
    for word in told.replace(",", " ").split():
        name, equals, rate = word.partition("=")
        if not equals:
            table["use"] = word
            continue
        try:
            table[name] = float(rate)
        except ValueError:
            raise FaultsError(f"{where}: {word!r} has no number behind its =") from None
    return _rates(table, where)


def _tables(told: object, where: str) -> dict[str, Rates]:
    if not isinstance(told, dict):
        raise FaultsError(f"{where} must be a table of tables")
    found: dict[str, Rates] = {}
    for name, table in told.items():
        if not isinstance(table, dict):
            raise FaultsError(f"{where}.{name} must be a table")
        found[name] = _rates(table, f"{where}.{name}")
    return found


def _rates(table: Mapping[str, Any], where: str) -> dict[FaultKind, float]:
    use = table.get("use", "")
    if use not in ("", "default", "none"):
        raise FaultsError(f'{where}: use = {use!r} must be "default" or "none"')
    start = {"default": RATES, "none": dict.fromkeys(FaultKind, 0.0)}.get(use, {})
    found = dict(start)
    for name, rate in table.items():
        if name == "use":
            continue
        if name not in tuple(FaultKind):
            raise FaultsError(f"{where}: {name!r} is no fault; there are {', '.join(FaultKind)}")
        if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate <= 1:
            raise FaultsError(f"{where}: {name} = {rate!r} must be a chance between 0 and 1")
        found[FaultKind(name)] = float(rate)
    return found


def _scripted(row: object, where: str) -> Fault:
    if not isinstance(row, dict):
        raise FaultsError(f"{where} must be a table")
    strange = sorted(set(row) - {"thing", "datastream", "kind", "from", "until", "size"})
    if strange:
        raise FaultsError(f"{where}: {strange[0]!r} is no key here")
    thing, datastream = row.get("thing", ""), row.get("datastream", "")
    for key, value in (("thing", thing), ("datastream", datastream or "x")):
        if not isinstance(value, str) or not SLUG.fullmatch(value):
            raise FaultsError(f"{where}: {key} = {value!r} is no id")
    if row.get("kind") not in tuple(_SCRIPTED):
        right = ", ".join(_SCRIPTED)
        raise FaultsError(f"{where}: kind = {row.get('kind')!r} must be one of {right}")
    kind = FaultKind(row["kind"])
    if bool(datastream) == (kind in OF_A_THING):
        right = "befalls the whole thing" if datastream else "needs a datastream"
        raise FaultsError(f"{where}: {kind} {right}")
    start, end = _interval(row, kind, where)
    size = row.get("size", -_ZONE_S if kind is FaultKind.SKEW else _SIZE.get(kind, (0.0, 0.0))[1])
    if isinstance(size, bool) or not isinstance(size, int | float) or not math.isfinite(size):
        raise FaultsError(f"{where}: size = {size!r} must be a number")
    return Fault(thing, datastream, kind, start, end, float(size), _ZONE_LUCK)


def _interval(row: Mapping[str, Any], kind: FaultKind, where: str) -> tuple[int, int]:
    start, end = (_second(row.get(key), f"{where}: {key}") for key in ("from", "until"))
    if start >= end:
        raise FaultsError(f"{where}: must end after it begins")
    if end - start > _REACH_DAYS * DAY:
        raise FaultsError(f"{where}: must not last longer than {_REACH_DAYS} days")
    stored_h = LONGEST_WAY_S // HOUR - 1
    if kind is FaultKind.BURST and end - start > stored_h * HOUR:
        raise FaultsError(f"{where}: nothing is stored longer than {stored_h} hours")
    return start, end


def _second(value: object, where: str) -> int:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise FaultsError(f"{where} must be a time with an offset: 2026-11-22T07:00:00+07:00")
    return round(value.timestamp())


def _longest_h(kind: FaultKind) -> float:
    if kind is FaultKind.STUCK:
        return _STUCK_MOST_H
    return _HOURS.get(kind, (0.0, 24.0))[1]


def _lasts_h(kind: FaultKind, luck: float) -> float:
    if kind is FaultKind.STUCK:
        return min(-math.log1p(-luck) * _STUCK_MEAN_H, _STUCK_MOST_H)
    if kind is FaultKind.SPIKE:
        return 24.0  # of it the first observation alone; see `felt`
    least, most = _HOURS[kind]
    return least + (most - least) * luck


_SKEWS: Final = (0.5, 0.8, 0.95)
"""Up to these, by luck: a clock that is off and runs off, a wrong zone, a clock set to the year
2000; above them one that stands still."""

_ZONE_LUCK: Final = 0.65


def _over(fault: Fault, stream: Datastream) -> int:
    """Give the second a fault of a datastream is over: a spike is one observation long."""
    return fault.start + int(stream.period or 1) if fault.kind is FaultKind.SPIKE else fault.end


def _touches(fault: Fault, stream: Datastream | None) -> bool:
    """Tell whether a datastream can have a fault: a category only sticks."""
    return stream is not None and (fault.kind is FaultKind.STUCK or not stream.levels)


def _drawn_size(kind: FaultKind, size: float, luck: float) -> float:
    if kind is FaultKind.SKEW:
        sign = 1.0 if size < 0.5 else -1.0
        return 240.0 * (size - 0.5) if luck < _SKEWS[0] else sign * _ZONE_S
    if kind not in _SIZE:
        return 0.0
    least, most = _SIZE[kind]
    part = 2.0 * size - 1.0
    return math.copysign(least + (most - least) * abs(part), part)


def _skewed(fault: Fault, at: Times) -> Times:
    since = at - fault.start
    if fault.luck < _SKEWS[0]:
        return np.asarray(at + np.rint(fault.size + _PPM * since).astype(np.int64))
    if fault.luck < _SKEWS[1]:
        return at + round(fault.size)
    if fault.luck < _SKEWS[2]:
        return _YEAR_2000 + since
    return np.full(len(at), fault.start, np.int64)
