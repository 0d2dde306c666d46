"""What makes an indicator's number of its inputs: one pure function a formula."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from ioc.core import air_quality
from ioc.core.fire_danger import WET_MM, Day, fire_index
from ioc.core.indicators import (
    OF_HOURS,
    OF_QUALITY,
    Definition,
    Formula,
    Inputs,
    Outcome,
    Summary,
    Take,
    Window,
    parts_of,
)
from ioc.core.scoring import Score, evaluate
from ioc.core.words import DAY, HOUR, SECOND, Instant

_VIETNAM: Final = 7 * HOUR
_ONE_O_CLOCK: Final = 13 * HOUR
_FIRE_DAYS: Final = 30
_RUN_DAYS: Final = 35
_FRESH_PERIODS: Final = 3.0
_FRESH_LEAST_S: Final = 30.0

Seen = Mapping[str, Sequence[Summary]]
"""By the inputs' part of the formula: a summary for each datastream, present or not."""


@dataclass(frozen=True, slots=True)
class Hours:
    """One datastream by whole hours.

    Attributes:
        part: which input of the formula it is.
        thing: its thing.
        means, greatest: by the instant an hour begins.
    """

    part: str
    thing: str
    means: Mapping[Instant, float]
    greatest: Mapping[Instant, float]


@dataclass(frozen=True, slots=True)
class Fourfold:
    """Data quality, "đúng, đủ, sạch, sống", each a share of 0 to 1; None where nothing tells.

    Attributes:
        right: of what was received, believable and not doubtful.
        complete: of what the period promises, received.
        clean: of the messages, not refused.
        live: 1 where the newest is no older than three periods (30 s at the least), else 0.
    """

    right: float | None
    complete: float | None
    clean: float | None
    live: float | None

    @property
    def score(self) -> float | None:
        """The mean of those known, of 100."""
        known = [one for one in self.parts if one is not None]
        return 100 * fmean(known) if known else None

    @property
    def parts(self) -> tuple[float | None, ...]:
        """The four, in their order."""
        return self.right, self.complete, self.clean, self.live


def fourfold(seen: Sequence[Summary], now: Instant) -> Fourfold:
    """Judge the data of some datastreams over a window that ends now."""
    received = doubtful = refused = periodic = living = 0
    expected = counted = 0.0
    for one in seen:  # one pass: all datastreams of a province are looked at, for every area
        came = one.count + one.bad
        received += came
        doubtful += one.suspect + one.bad
        refused += one.refused
        if one.expected:
            expected += one.expected
            counted += came if came < one.expected else one.expected
        if one.rate:
            periodic += 1
            living += is_live(one, now)
    return Fourfold(
        right=1 - doubtful / received if received else None,
        complete=min(1.0, counted / expected) if expected else None,
        clean=received / (received + refused) if received + refused else None,
        live=living / periodic if periodic else None,
    )


def is_live(seen: Summary, now: Instant) -> bool:
    """Tell whether a datastream's newest observation is no older than three of its periods."""
    patience = max(_FRESH_PERIODS * seen.rate * HOUR, _FRESH_LEAST_S * SECOND)
    return seen.at is not None and now - seen.at <= patience


def compute(definition: Definition, of: Sequence[Summary], over: Sequence[Summary] = ()) -> Outcome:
    """Compute an indicator of one or two inputs; see `outcome` for all others."""
    return outcome(definition, {"of": of, "over": over}, 0)


def outcome(
    definition: Definition, seen: Seen, now: Instant, hours: Sequence[Hours] = ()
) -> Outcome:
    """Compute an indicator.

    Args:
        definition: what to compute.
        seen: summaries of the window, by part.
        now: when the window ends.
        hours: for the formulas of `OF_HOURS`, the hours before now.
    """
    found = _outcome(definition, seen, now, hours)
    if definition.bands is None:
        value = found.value
        if value is not None:
            value = round(value, definition.decimals)
        return Outcome(value, round(found.coverage, 4), found.oldest)
    level = definition.bands.of(found.value)
    measure = None if found.value is None else round(found.value, definition.decimals)
    return Outcome(
        None if level is None else float(level), round(found.coverage, 4), found.oldest, measure
    )


def _outcome(definition: Definition, seen: Seen, now: Instant, hours: Sequence[Hours]) -> Outcome:
    formula = definition.formula
    if formula is Formula.REFERENCE:
        newest = definition.history[-1]
        return Outcome(newest.value, 1.0, None)
    if formula in OF_HOURS:
        return _OF_HOURS[formula](definition, hours, now)
    inputs = [one for part in seen.values() for one in part]
    coverage, oldest = _coverage(definition, inputs), _oldest(inputs)
    if formula is Formula.SCORE:
        scored = score(definition, seen)
        return Outcome(scored.of_known, coverage * scored.known, oldest)
    if formula in OF_QUALITY:
        return Outcome(_quality(formula, fourfold(seen["of"], now)), 1.0 if inputs else 0.0, oldest)
    value = _VALUES[formula]
    if definition.window is Window.LATEST:
        value = _OF_NEWEST.get(formula, value)
    return Outcome(value(seen.get("of", ()), seen.get("over", ())), coverage, oldest)


def _coverage(definition: Definition, inputs: Sequence[Summary]) -> float:
    if definition.window is Window.LATEST:
        return len([one for one in inputs if one.count]) / len(inputs) if inputs else 0.0
    expected = sum(one.expected for one in inputs)
    counted = sum(one.count for one in inputs)
    return min(1.0, counted / expected) if expected else float(bool(counted))


def _oldest(inputs: Sequence[Summary]) -> Instant | None:
    return min((one.at for one in inputs if one.at is not None), default=None)


def score(definition: Definition, seen: Seen) -> Score:
    """Evaluate a score's table over what its quantities came to."""
    if definition.table is None:
        raise ValueError(f"{definition.id} has no scoring table")
    quantities: dict[str, float | None] = {}
    for name, bound in definition.bind.items():
        if isinstance(bound, float):
            quantities[name] = bound
        else:
            told = [
                _quantity(definition, one, seen.get(part, ()))
                for part, one in zip(parts_of(name, bound), bound, strict=True)
            ]
            known = [one for one in told if one is not None]
            quantities[name] = sum(known) if len(known) == len(told) else None
    return evaluate(definition.table, quantities)


def _quantity(definition: Definition, one: Inputs, seen: Sequence[Summary]) -> float | None:
    newest = definition.window is Window.LATEST
    told = _QUANTITIES[one.take or (Take.NEWEST if newest else Take.SUM)](seen, ())
    return -told if told is not None and one.less else told


def _quality(formula: Formula, found: Fourfold) -> float | None:
    if formula is Formula.QUALITY:
        return found.score
    part = dict(zip(_QUALITY_PARTS, found.parts, strict=True))[formula]
    return None if part is None else 100 * part


_QUALITY_PARTS: Final = (
    Formula.QUALITY_RIGHT,
    Formula.QUALITY_COMPLETE,
    Formula.QUALITY_CLEAN,
    Formula.QUALITY_LIVE,
)


# ------------------------------------------------------------------ of a window as a whole


def _share(of: Sequence[Summary], over: Sequence[Summary]) -> float | None:
    whole = sum(one.total for one in over)
    return 100 * sum(one.total for one in of) / whole if whole else None


def _sum(of: Sequence[Summary], _: Sequence[Summary]) -> float | None:
    """Sum up; a window younger than every input's period, as just after midnight, holds nought."""
    begun = all(0 < one.expected < 1 for one in of)
    return sum(one.total for one in of) if of and (begun or any(one.count for one in of)) else None


def _latest_share(of: Sequence[Summary], over: Sequence[Summary]) -> float | None:
    part, whole = _latest_sum(of, ()), _latest_sum(over, ())
    return 100 * part / whole if part is not None and whole else None


def _latest_sum(of: Sequence[Summary], _: Sequence[Summary]) -> float | None:
    known = [one.last for one in of if one.last is not None]
    return sum(known) if known else None


def _latest_max(of: Sequence[Summary], _: Sequence[Summary]) -> float | None:
    return max((one.last for one in of if one.last is not None), default=None)


def _mean(of: Sequence[Summary], _: Sequence[Summary]) -> float | None:
    count = sum(one.count for one in of)
    return sum(one.total for one in of) / count if count else None


def _max(of: Sequence[Summary], _: Sequence[Summary]) -> float | None:
    return max((one.greatest for one in of if one.greatest is not None), default=None)


def _count(of: Sequence[Summary], _: Sequence[Summary]) -> float | None:
    return float(sum(one.count > 0 for one in of)) if of else None


def _count_equals(of: Sequence[Summary], _: Sequence[Summary]) -> float | None:
    known = [one for one in of if one.last is not None]
    return 100 * sum(one.last == one.level for one in known) / len(known) if known else None


def _count_above(of: Sequence[Summary], _: Sequence[Summary]) -> float | None:
    known = [(one.last, one.level) for one in of if one.last is not None]
    return sum(level is not None and last > level for last, level in known) if known else None


def _latest_mean(of: Sequence[Summary], _: Sequence[Summary]) -> float | None:
    known = [one.last for one in of if one.last is not None]
    return sum(known) / len(known) if known else None


def _greatest_total(of: Sequence[Summary], _: Sequence[Summary]) -> float | None:
    """Sum a rate by the hour, such as mm/h, up for each thing; the greatest of these counts."""
    return max((one.total * one.rate for one in of if one.count), default=None)


def _alarm_level(of: Sequence[Summary], _: Sequence[Summary]) -> float | None:
    """Give how many of its own alarm levels the worst thing has reached."""
    reached = [
        sum(one.last >= alarm for alarm in one.alarms)
        for one in of
        if one.last is not None and one.alarms
    ]
    return float(max(reached)) if reached else None


_Value = Callable[[Sequence[Summary], Sequence[Summary]], float | None]
_VALUES: Final[Mapping[Formula, _Value]] = MappingProxyType(
    {
        Formula.SHARE: _share,
        Formula.SUM: _sum,
        Formula.MEAN: _mean,
        Formula.MAX: _max,
        Formula.COUNT: _count,
        Formula.COUNT_EQUALS: _count_equals,
        Formula.COUNT_ABOVE: _count_above,
        Formula.LATEST_MEAN: _latest_mean,
        Formula.GREATEST_TOTAL: _greatest_total,
        Formula.ALARM_LEVEL: _alarm_level,
    }
)
_OF_NEWEST: Final[Mapping[Formula, _Value]] = MappingProxyType(
    {
        Formula.SHARE: _latest_share,
        Formula.SUM: _latest_sum,
        Formula.MEAN: _latest_mean,
        Formula.MAX: _latest_max,
    }
)
"""Over the window ``latest`` only the newest value of each datastream counts."""

_QUANTITIES: Final[Mapping[Take, _Value]] = MappingProxyType(
    {Take.SUM: _sum, Take.MEAN: _mean, Take.NEWEST: _latest_sum}
)


# ------------------------------------------------------------------ hour by hour


def _aqi(
    definition: Definition,
    hours: Sequence[Hours],
    now: Instant,
    count: int,
    index: Callable[[Mapping[str, npt.NDArray[np.float64]]], npt.NDArray[np.float64]],
) -> Outcome:
    """Give the worst station's index over the ``count`` hours that ended last, newest first."""
    ended = now // HOUR * HOUR
    wanted = [ended - (back + 1) * HOUR for back in range(count)]
    stations = sorted({one.thing for one in hours})
    parts = sorted({one.part for one in hours})
    if not stations:
        return Outcome(None, 0.0, None)
    grid = {part: np.full((len(stations), count), np.nan) for part in parts}
    for one in hours:
        row = grid[one.part][stations.index(one.thing)]
        row[:] = [one.means.get(hour, np.nan) for hour in wanted]
    found = index(grid)
    coverage = float(np.mean([np.isfinite(values).mean() for values in grid.values()]))
    value = float(np.nanmax(found)) if np.isfinite(found).any() else None
    return Outcome(value, coverage, _newest_of_each(hours))


def _aqi_hour(definition: Definition, hours: Sequence[Hours], now: Instant) -> Outcome:
    count = air_quality.NOWCAST_HOURS
    return _aqi(definition, hours, now, count, air_quality.hourly_index)


def _aqi_day(definition: Definition, hours: Sequence[Hours], now: Instant) -> Outcome:
    return _aqi(
        definition,
        hours,
        now,
        24,
        lambda grid: air_quality.daily_index({name: row[:, ::-1] for name, row in grid.items()}),
    )


def _fire_index(_: Definition, hours: Sequence[Hours], now: Instant) -> Outcome:
    """Sum P over the days whose 13:00 is over; coverage counts from the last wet day."""
    midnight = (now + _VIETNAM) // DAY * DAY - _VIETNAM
    last = midnight if now - midnight >= _ONE_O_CLOCK + HOUR else midnight - DAY
    told: dict[str, list[Mapping[Instant, float]]] = {}
    for one in hours:
        told.setdefault(one.part, []).append(one.means)
    days = [_weather(told, last - back * DAY) for back in reversed(range(_FIRE_DAYS))]
    since = 0
    for place, day in enumerate(days):
        if day.rain is not None and day.rain > WET_MM:
            since = place
    dry = days[since:]
    measured = sum(day.temperature is not None or (day is dry[0] and since > 0) for day in dry)
    return Outcome(fire_index(days), measured / len(dry), _newest_of_each(hours))


def _weather(told: Mapping[str, Sequence[Mapping[Instant, float]]], midnight: Instant) -> Day:
    def mean(part: str, hour: Instant) -> float | None:
        known = [means[hour] for means in told.get(part, ()) if hour in means]
        return fmean(known) if known else None

    rain = [mean("rain", midnight + hour * HOUR) for hour in range(24)]
    fallen = [one for one in rain if one is not None]
    noon = midnight + _ONE_O_CLOCK
    return Day(mean("temperature", noon), mean("humidity", noon), sum(fallen) if fallen else None)


def _run_above(definition: Definition, hours: Sequence[Hours], now: Instant) -> Outcome:
    """Count the days in a row up to today or yesterday whose greatest value is above a level."""
    limit = float(definition.level or 0.0)
    today = (now + _VIETNAM) // DAY
    greatest: dict[int, float] = {}
    for one in hours:
        for hour, value in one.greatest.items():
            day = (hour + _VIETNAM) // DAY
            greatest[day] = max(value, greatest.get(day, value))
    if not greatest:
        return Outcome(None, 0.0, None)
    day = today if greatest.get(today, limit) > limit else today - 1
    run = 0
    while run < _RUN_DAYS and greatest.get(day - run, limit) > limit:
        run += 1
    known = sum(today - back in greatest for back in range(7))
    return Outcome(float(run), known / 7, _newest_of_each(hours))


def _newest_of_each(hours: Sequence[Hours]) -> Instant | None:
    """Give the least recent of the newest hours' ends."""
    return min((max(one.means) + HOUR for one in hours if one.means), default=None)


_OF_HOURS: Final = MappingProxyType(
    {
        Formula.AQI_HOUR: _aqi_hour,
        Formula.AQI_DAY: _aqi_day,
        Formula.FIRE_INDEX: _fire_index,
        Formula.RUN_ABOVE: _run_above,
    }
)
