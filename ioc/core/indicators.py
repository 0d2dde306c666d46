"""Indicators: computed numbers somebody is answerable for.

An indicator says how much it knows (coverage, oldest input) beside what it says, so that it
degrades before it lies. Definitions are data (``indicators/*.toml`` of a site).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

from ioc.core.rules import number, slug, text
from ioc.core.settings_error import SettingsError
from ioc.core.words import DAY, HOUR, SECOND, VIETNAM, Instant, Text

_KEYS: Final = frozenset(
    [
        "id",
        "name",
        "unit",
        "formula",
        "of",
        "over",
        "level",
        "window",
        "target",
        "at_risk",
        "direction",
        "areas",
        "owner",
        "source",
        "decimals",
    ]
)
_VIETNAM: Final = 7 * HOUR
_Word = TypeVar("_Word", bound=StrEnum)


class Formula(StrEnum):
    """How the inputs become one number."""

    SHARE = "share"
    SUM = "sum"
    MEAN = "mean"
    MAX = "max"
    COUNT_EQUALS = "count-equals"
    COUNT_ABOVE = "count-above"
    LATEST_MEAN = "latest-mean"


class Window(StrEnum):
    """Which time the inputs are of, by the site's clock and Vietnam's days."""

    TODAY = "today"
    DAY = "24h"
    WEEK = "7d"
    MONTH = "month"
    LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Inputs:
    """The datastreams of one name over all things of one kind."""

    kind: str
    datastream: str


@dataclass(frozen=True, slots=True)
class Definition:
    """What an indicator is: see the contract, section 4, for what it says.

    Attributes:
        level: for ``count-equals``, the name of the level that counts (as a share); for
            ``count-above``, the number or the name of the thing's own limit it must exceed
            (as a count of things).
        each: computed for every district beside the province.
        source: where the target or figure comes from; None marks an illustrative one.
    """

    id: str
    name: Text
    unit: str
    formula: Formula
    of: Inputs
    over: Inputs | None
    level: str | float | None
    window: Window
    target: float | None
    at_risk: float | None
    upward: bool
    each: bool
    owner: str
    source: str | None
    decimals: int

    @property
    def inputs(self) -> tuple[Inputs, ...]:
        """All inputs, the numerator first."""
        return (self.of,) if self.over is None else (self.of, self.over)


@dataclass(frozen=True, slots=True)
class Summary:
    """What one datastream did in a window.

    Attributes:
        expected: how many observations its period promises there; 0 when it has no period.
        last: newest value, also from before the window for ``latest``; None for none.
        at: time of ``last``.
        level: the value to compare with, for the counts; None where the thing lacks it.
    """

    count: int
    expected: float
    total: float
    greatest: float | None
    last: float | None
    at: Instant | None
    level: float | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """An indicator's number, with how much of its inputs there were.

    Attributes:
        value: None when nothing is known.
        coverage: share of the expected inputs, 0 to 1.
        oldest: the least recent of the inputs' newest times.
    """

    value: float | None
    coverage: float
    oldest: Instant | None


def window_start(window: Window, now: Instant) -> Instant:
    """Give the beginning of a window that ends now."""
    if window is Window.DAY:
        return now - DAY
    if window is Window.WEEK:
        return now - 7 * DAY
    if window is Window.LATEST:
        return now - 3 * HOUR
    midnight = (now + _VIETNAM) // DAY * DAY - _VIETNAM
    if window is Window.TODAY:
        return midnight
    return midnight - (day_of_month(now) - 1) * DAY


def day_of_month(now: Instant) -> int:
    """Give the day of the month in Vietnam."""
    return datetime.fromtimestamp(now / SECOND, VIETNAM).day


def window_before(window: Window, now: Instant) -> Instant:
    """Give the instant at which the same window one period earlier ended."""
    if window is Window.WEEK:
        return now - 7 * DAY
    if window is Window.MONTH:
        return now - 28 * DAY
    return now - DAY


def compute(definition: Definition, of: Sequence[Summary], over: Sequence[Summary] = ()) -> Outcome:
    """Compute an indicator.

    Args:
        definition: what to compute.
        of: a summary for each datastream of the numerator, present or not.
        over: the same for the denominator.
    """
    inputs = [*of, *over]
    seen = [summary for summary in inputs if summary.at is not None]
    oldest = min((summary.at for summary in seen if summary.at is not None), default=None)
    if definition.window is Window.LATEST:
        coverage = len([one for one in inputs if one.count]) / len(inputs) if inputs else 0.0
    else:
        expected = sum(one.expected for one in inputs)
        counted = sum(one.count for one in inputs)
        coverage = min(1.0, counted / expected) if expected else float(bool(counted))
    formula = _VALUES[definition.formula]
    if definition.window is Window.LATEST:
        formula = _OF_NEWEST.get(definition.formula, formula)
    value = formula(of, over)
    if value is not None:
        value = round(value, definition.decimals)
    return Outcome(value, round(coverage, 4), oldest)


def standing(definition: Definition, value: float | None) -> str:
    """Hold a value against its target."""
    if value is None or definition.target is None:
        return "unknown"
    ahead = value - definition.target if definition.upward else definition.target - value
    if ahead >= 0:
        return "on-target"
    if definition.at_risk is None:
        return "off-target"
    margin = value - definition.at_risk if definition.upward else definition.at_risk - value
    return "at-risk" if margin >= 0 else "off-target"


def _share(of: Sequence[Summary], over: Sequence[Summary]) -> float | None:
    whole = sum(one.total for one in over)
    return 100 * sum(one.total for one in of) / whole if whole else None


def _sum(of: Sequence[Summary], _: Sequence[Summary]) -> float | None:
    return sum(one.total for one in of) if any(one.count for one in of) else None


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


def _count_equals(of: Sequence[Summary], _: Sequence[Summary]) -> float | None:
    known = [one for one in of if one.last is not None]
    return 100 * sum(one.last == one.level for one in known) / len(known) if known else None


def _count_above(of: Sequence[Summary], _: Sequence[Summary]) -> float | None:
    known = [(one.last, one.level) for one in of if one.last is not None]
    return sum(level is not None and last > level for last, level in known) if known else None


def _latest_mean(of: Sequence[Summary], _: Sequence[Summary]) -> float | None:
    known = [one.last for one in of if one.last is not None]
    return sum(known) / len(known) if known else None


_VALUES: Final = {
    Formula.SHARE: _share,
    Formula.SUM: _sum,
    Formula.MEAN: _mean,
    Formula.MAX: _max,
    Formula.COUNT_EQUALS: _count_equals,
    Formula.COUNT_ABOVE: _count_above,
    Formula.LATEST_MEAN: _latest_mean,
}


_OF_NEWEST: Final = {
    Formula.SUM: _latest_sum,
    Formula.MEAN: _latest_mean,
    Formula.MAX: _latest_max,
}
"""Over the window ``latest`` only the newest value of each datastream counts."""


def parse_indicator(row: Mapping[str, Any]) -> Definition:
    """Read one ``[[indicator]]``.

    Raises:
        SettingsError: which key, which value, and what would be right.
    """
    for key in row.keys() - _KEYS:
        known = ", ".join(sorted(_KEYS))
        raise SettingsError(f"is no key of an indicator; known are {known}", key=key)
    formula = _one_of(row, "formula", Formula)
    if (formula is Formula.SHARE) != ("over" in row):
        raise SettingsError("goes with formula share, and only with it", key="over")
    if (formula in (Formula.COUNT_EQUALS, Formula.COUNT_ABOVE)) != ("level" in row):
        raise SettingsError("goes with count-equals and count-above only", key="level")
    direction = row.get("direction", "up")
    if direction not in ("up", "down"):
        raise SettingsError('must be "up" or "down"', key="direction", value=direction)
    areas = row.get("areas", "province")
    if areas not in ("each", "province"):
        raise SettingsError('must be "each" or "province"', key="areas", value=areas)
    return Definition(
        id=slug(row, "id"),
        name=text(row, "name"),
        unit=str(row.get("unit", "")),
        formula=formula,
        of=_inputs(row, "of"),
        over=_inputs(row, "over") if "over" in row else None,
        level=row.get("level"),
        window=_one_of(row, "window", Window),
        target=number(row, "target", None) if "target" in row else None,
        at_risk=number(row, "at_risk", None) if "at_risk" in row else None,
        upward=direction == "up",
        each=areas == "each",
        owner=str(row.get("owner", "")),
        source=row.get("source"),
        decimals=int(number(row, "decimals", 2)),
    )


def _one_of(row: Mapping[str, Any], key: str, words: type[_Word]) -> _Word:
    told = row.get(key)
    if told not in tuple(words):
        raise SettingsError(f"must be one of {', '.join(words)}", key=key, value=told)
    return words(told)


def _inputs(row: Mapping[str, Any], key: str) -> Inputs:
    told = row.get(key)
    if not isinstance(told, Mapping) or set(told) != {"kind", "datastream"}:
        raise SettingsError('must be { kind = "…", datastream = "…" }', key=key, value=told)
    return Inputs(slug(told, "kind"), slug(told, "datastream"))
