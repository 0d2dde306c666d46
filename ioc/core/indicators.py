"""Indicators: computed numbers somebody is answerable for.

An indicator says how much it knows (coverage, oldest input) beside what it says, so that it
degrades before it lies: below its floor it has no standing and takes no rank. Definitions are data
(``ioc/sites/<site>/indicators/*.toml``); `ioc.core.formulas` computes them.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, TypeVar

from ioc.core.rules import number, slug, text
from ioc.core.scoring import ScoreTable, parse_table
from ioc.core.settings_error import SettingsError
from ioc.core.words import DAY, HOUR, SECOND, VIETNAM, Instant, Text

_KEYS: Final = frozenset(
    [
        "id", "name", "unit", "formula", "of", "over", "level", "window", "target", "at_risk",
        "direction", "areas", "owner", "source", "decimals", "floor", "bands", "history", "rank",
        "derived", "table", "bind", "note", "standard_ref",
    ]
)  # fmt: skip
_VIETNAM: Final = 7 * HOUR
_Word = TypeVar("_Word", bound=StrEnum)
FLOOR: Final = 0.5
"""Coverage below which an indicator has no standing, unless its row says another."""

EVERY: Final = "*"
"""For the formulas of data quality: of all kinds, or of all datastreams."""


class Formula(StrEnum):
    """How the inputs become one number."""

    SHARE = "share"
    SUM = "sum"
    MEAN = "mean"
    MAX = "max"
    COUNT = "count"
    COUNT_EQUALS = "count-equals"
    COUNT_ABOVE = "count-above"
    LATEST_MEAN = "latest-mean"
    GREATEST_TOTAL = "greatest-total"
    ALARM_LEVEL = "alarm-level"
    REFERENCE = "reference"
    SCORE = "score"
    AQI_HOUR = "vn-aqi-hour"
    AQI_DAY = "vn-aqi-day"
    FIRE_INDEX = "fire-index"
    RUN_ABOVE = "run-above"
    QUALITY = "quality"
    QUALITY_RIGHT = "quality-right"
    QUALITY_COMPLETE = "quality-complete"
    QUALITY_CLEAN = "quality-clean"
    QUALITY_LIVE = "quality-live"


OF_QUALITY: Final = frozenset(
    [
        Formula.QUALITY,
        Formula.QUALITY_RIGHT,
        Formula.QUALITY_COMPLETE,
        Formula.QUALITY_CLEAN,
        Formula.QUALITY_LIVE,
    ]
)
OF_HOURS: Final = MappingProxyType(
    {
        Formula.AQI_HOUR: 13 * HOUR,
        Formula.AQI_DAY: 25 * HOUR,
        Formula.FIRE_INDEX: 31 * DAY,
        Formula.RUN_ABOVE: 36 * DAY,
    }
)
"""Formulas that look at every hour by itself, and how far back."""

_BOUND: Final = frozenset([Formula.SCORE, Formula.AQI_HOUR, Formula.AQI_DAY, Formula.FIRE_INDEX])
"""Formulas whose inputs have names of their own, told under ``bind``."""

_ROLES: Final = MappingProxyType(
    {
        Formula.AQI_HOUR: frozenset(["pm25", "pm10", "o3", "no2", "so2", "co"]),
        Formula.AQI_DAY: frozenset(["pm25", "pm10", "o3", "no2", "so2", "co"]),
        Formula.FIRE_INDEX: frozenset(["temperature", "humidity", "rain"]),
    }
)
_MANNERS: Final = frozenset(["take", "less"])
_WITH_LEVEL: Final = frozenset([Formula.COUNT_EQUALS, Formula.COUNT_ABOVE, Formula.RUN_ABOVE])


class Window(StrEnum):
    """Which time the inputs are of, by the site's clock and Vietnam's days."""

    TODAY = "today"
    DAY = "24h"
    WEEK = "7d"
    MONTH = "month"
    LATEST = "latest"


class Take(StrEnum):
    """What a score's quantity is of its datastreams."""

    SUM = "sum"
    MEAN = "mean"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Inputs:
    """The datastreams of one name over all things of one kind, or steps of records.

    Attributes:
        record: the records' type; then ``kind`` and ``datastream`` are empty.
        state: of records, the step that counts; any where empty.
        on_time: of records, only steps taken before they were due.
        take: for scores, how many values become one; None leaves it to the window.
        less: for scores, it is taken off what is added up beside it.
    """

    kind: str = ""
    datastream: str = ""
    record: str = ""
    state: str = ""
    on_time: bool = False
    take: Take | None = None
    less: bool = False

    def __str__(self) -> str:
        """Write it as a formula shows it."""
        if self.record:
            state = f"[{self.state}]" if self.state else ""
            return f"records {self.record}{state}{' on time' if self.on_time else ''}"
        return f"{self.kind}/{self.datastream}"


@dataclass(frozen=True, slots=True)
class Bands:
    """Edges that make a category of a number: above ``edges[i]`` begins ``levels[i + 1]``."""

    edges: tuple[float, ...]
    levels: tuple[Text, ...]
    source: str | None

    def of(self, measure: float | None) -> int | None:
        """Give the place of a number's level, from 0."""
        return None if measure is None else bisect_left(self.edges, measure)


@dataclass(frozen=True, slots=True)
class Yearly:
    """An official value of one year; ``derived`` where it was computed from other figures."""

    year: int
    value: float
    rank: int | None
    derived: bool

    @property
    def period(self) -> tuple[Instant, Instant]:
        """The year's first and last instant, in Vietnam."""
        return _new_year(self.year), _new_year(self.year + 1) - SECOND


@dataclass(frozen=True, slots=True)
class Definition:
    """What an indicator is: see the contract, section 4, for what it says.

    Attributes:
        of: the inputs; None where ``bind`` names them, and for a reference.
        bind: inputs that are added up, or a fixed number, by the name the formula knows them by.
        level: for ``count-equals``, the name of the level that counts (as a share); for
            ``count-above``, the number or the name of the thing's own limit it must exceed
            (as a count of things); for ``run-above``, what a day's greatest value must exceed.
        each: computed for every district beside the province.
        source: where the target or figure comes from; None marks an illustrative one.
        floor: coverage below which there is no standing and no rank.
        bands: makes a category of the number; its value is then the level's place.
        history: of a reference, the official values, oldest first.
        table: of a score.
        note: what a reader must know of it, such as that it stands in for another.
    """

    id: str
    name: Text
    unit: str
    formula: Formula
    of: Inputs | None
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
    bind: Mapping[str, tuple[Inputs, ...] | float] = field(default_factory=dict)
    floor: float = FLOOR
    bands: Bands | None = None
    history: tuple[Yearly, ...] = ()
    table: ScoreTable | None = None
    note: Text | None = None
    standard_ref: str | None = None

    @property
    def named(self) -> Mapping[str, Inputs]:
        """All inputs by their part of the formula, the numerator first."""
        found = {"of": self.of, "over": self.over}
        for name, told in self.bind.items():
            if not isinstance(told, float):
                found |= dict(zip(parts_of(name, told), told, strict=True))
        return {name: told for name, told in found.items() if told is not None}

    @property
    def inputs(self) -> tuple[Inputs, ...]:
        """All inputs, the numerator first."""
        return tuple(self.named.values())


def parts_of(name: str, inputs: Sequence[Inputs]) -> list[str]:
    """Give a part's name to each of the inputs that are added up under one name."""
    return [name if place == 0 else f"{name}.{place + 1}" for place in range(len(inputs))]


@dataclass(frozen=True, slots=True)
class Summary:
    """What one datastream did in a window.

    Attributes:
        count: believable observations.
        expected: how many observations its period promises there; 0 when it has no period.
        last: newest value, also from before the window for ``latest``; None for none.
        at: time of ``last``.
        level: the value to compare with, for the counts; None where the thing lacks it.
        suspect: those among ``count`` that are doubtful.
        bad: observations that are not believable, beside ``count``.
        refused: messages of its thing that were refused.
        rate: share of an hour that one observation stands for; 0 when it has no period.
        alarms: the thing's own alarm levels, ascending.
    """

    count: int
    expected: float
    total: float
    greatest: float | None
    last: float | None
    at: Instant | None
    level: float | None = None
    suspect: int = 0
    bad: int = 0
    refused: int = 0
    rate: float = 0.0
    alarms: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """An indicator's number, with how much of its inputs there were.

    Attributes:
        value: None when nothing is known; of a category, the place of its level.
        coverage: share of the expected inputs, 0 to 1.
        oldest: the least recent of the inputs' newest times.
        measure: of a category, the number it was made of.
    """

    value: float | None
    coverage: float
    oldest: Instant | None
    measure: float | None = None


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
        return month_before(now)
    return now - DAY


def month_before(now: Instant) -> Instant:
    """Give the same day and time of the month before, or that month's last day."""
    moment = datetime.fromtimestamp(now // SECOND, VIETNAM)
    last = moment.replace(day=1) - timedelta(days=1)
    earlier = last.replace(day=min(moment.day, last.day))
    return int(earlier.timestamp()) * SECOND + now % SECOND


def year_before(now: Instant) -> Instant:
    """Give the same day and time of the year before (28 February for a leap day)."""
    moment = datetime.fromtimestamp(now // SECOND, VIETNAM)
    day = 28 if (moment.month, moment.day) == (2, 29) else moment.day
    earlier = moment.replace(year=moment.year - 1, day=day)
    return int(earlier.timestamp()) * SECOND + now % SECOND


def _new_year(year: int) -> Instant:
    return int(datetime(year, 1, 1, tzinfo=VIETNAM).astimezone(UTC).timestamp()) * SECOND


def standing(definition: Definition, value: float | None, coverage: float = 1.0) -> str:
    """Hold a value against its target; what knows too little has no standing."""
    if value is None or definition.target is None or coverage < definition.floor:
        return "unknown"
    ahead = value - definition.target if definition.upward else definition.target - value
    if ahead >= 0:
        return "on-target"
    if definition.at_risk is None:
        return "off-target"
    margin = value - definition.at_risk if definition.upward else definition.at_risk - value
    return "at-risk" if margin >= 0 else "off-target"


def ranks(definition: Definition, outcomes: Mapping[str, Outcome]) -> dict[str, int]:
    """Rank areas, the best 1; equal ones share a rank, and what knows too little has none."""
    known = {
        area: outcome.value
        for area, outcome in outcomes.items()
        if outcome.value is not None and outcome.coverage >= definition.floor
    }
    sign = 1 if definition.upward else -1
    return {
        area: 1 + sum(sign * other > sign * value for other in known.values())
        for area, value in known.items()
    }


def parse_indicator(row: Mapping[str, Any]) -> Definition:
    """Read one ``[[indicator]]``.

    Raises:
        SettingsError: which key, which value, and what would be right.
    """
    for key in sorted(row.keys() - _KEYS):
        known = ", ".join(sorted(_KEYS))
        raise SettingsError(f"is no key of an indicator; known are {known}", key=key)
    formula = _one_of(row, "formula", Formula)
    _fitting(row, formula)
    direction = row.get("direction", "up")
    if direction not in ("up", "down"):
        raise SettingsError('must be "up" or "down"', key="direction", value=direction)
    areas = row.get("areas", "province")
    if areas not in ("each", "province"):
        raise SettingsError('must be "each" or "province"', key="areas", value=areas)
    floor = number(row, "floor", FLOOR)
    if not 0 <= floor <= 1:
        raise SettingsError("must be a share, 0 to 1", key="floor", value=floor)
    reference = formula is Formula.REFERENCE
    table = _table(row) if formula is Formula.SCORE else None
    return Definition(
        id=slug(row, "id"),
        name=text(row, "name"),
        unit=str(row.get("unit", "")),
        formula=formula,
        of=_inputs(row, "of") if "of" in row else None,
        over=_inputs(row, "over") if "over" in row else None,
        level=row.get("level"),
        window=Window.LATEST if reference else _one_of(row, "window", Window),
        target=number(row, "target", None) if "target" in row else None,
        at_risk=number(row, "at_risk", None) if "at_risk" in row else None,
        upward=direction == "up",
        each=areas == "each",
        owner=str(row.get("owner", "")),
        source=row.get("source"),
        decimals=int(number(row, "decimals", 2)),
        bind=MappingProxyType(_bind(row, formula, table)),
        floor=floor,
        bands=_bands(row) if "bands" in row else None,
        history=_history(row) if reference else (),
        table=table,
        note=text(row, "note") if "note" in row else None,
        standard_ref=row.get("standard_ref"),
    )


def _fitting(row: Mapping[str, Any], formula: Formula) -> None:
    """Refuse keys that do not go with the formula, and the want of those that must."""
    reference, bound = formula is Formula.REFERENCE, formula in _BOUND
    for key, wanted, goes_with in (
        ("of", not (reference or bound), "all formulas but reference and those that bind"),
        ("over", formula is Formula.SHARE, "formula share"),
        ("level", formula in _WITH_LEVEL, "count-equals, count-above and run-above"),
        ("window", not reference, "all formulas but reference"),
        ("history", reference, "formula reference"),
        ("bind", bound, "score, vn-aqi-hour, vn-aqi-day and fire-index"),
        ("table", formula is Formula.SCORE, "formula score"),
    ):
        if wanted != (key in row):
            raise SettingsError(f"goes with {goes_with}, and only with it", key=key)
    for key in ("rank", "derived"):
        if key in row and not reference:
            raise SettingsError("goes with formula reference only", key=key)


def _one_of(row: Mapping[str, Any], key: str, words: type[_Word]) -> _Word:
    told = row.get(key)
    if told not in tuple(words):
        raise SettingsError(f"must be one of {', '.join(words)}", key=key, value=told)
    return words(told)


def _inputs(row: Mapping[str, Any], key: str) -> Inputs:
    told = row.get(key)
    if isinstance(told, Mapping) and "record" in told:
        return _records(told, key)
    if not isinstance(told, Mapping) or set(told) - _MANNERS != {"kind", "datastream"}:
        right = 'must be { kind = "…", datastream = "…" } or { record = "…", state = "…" }'
        raise SettingsError(right, key=key, value=told)
    return Inputs(
        _slug_or_every(told, "kind"),
        _slug_or_every(told, "datastream"),
        take=_one_of(told, "take", Take) if "take" in told else None,
        less=told.get("less") is True,
    )


def _slug_or_every(row: Mapping[str, Any], key: str) -> str:
    return EVERY if row.get(key) == EVERY else slug(row, key)


def _records(told: Mapping[str, Any], key: str) -> Inputs:
    for stray in sorted(told.keys() - {"record", "state", "on_time"}):
        raise SettingsError("is no key of records: record, state, on_time", key=f"{key}.{stray}")
    state = slug(told, "state") if "state" in told else ""
    on_time = told.get("on_time", False)
    if not isinstance(on_time, bool):
        raise SettingsError("must be true or false", key=f"{key}.on_time", value=on_time)
    return Inputs(record=slug(told, "record"), state=state, on_time=on_time)


def _table(row: Mapping[str, Any]) -> ScoreTable:
    told = row["table"]
    if not isinstance(told, Mapping):
        raise SettingsError("is no scoring table of this site", key="table", value=told)
    return parse_table(told)


def _bind(
    row: Mapping[str, Any], formula: Formula, table: ScoreTable | None
) -> dict[str, tuple[Inputs, ...] | float]:
    told = row.get("bind", {})
    if not isinstance(told, Mapping):
        raise SettingsError("must be a table of inputs by name", key="bind", value=told)
    roles = table.quantities if table is not None else _ROLES.get(formula, frozenset())
    bound: dict[str, tuple[Inputs, ...] | float] = {}
    for name, inputs in told.items():
        if name not in roles:
            right = f"is no input of this formula: {', '.join(sorted(roles))}"
            raise SettingsError(right, key=f"bind.{name}")
        if isinstance(inputs, int | float):
            bound[name] = number(told, name, None)
        else:
            listed = inputs if isinstance(inputs, list) else [inputs]
            bound[name] = tuple(_inputs({name: one}, name) for one in listed)
    return bound


def _bands(row: Mapping[str, Any]) -> Bands:
    told = row["bands"]
    if not isinstance(told, Mapping) or not {"above", "levels"} <= told.keys():
        right = "must be { above = [5000, …], levels = [{ vi = …, en = … }, …], source = … }"
        raise SettingsError(right, key="bands", value=told)
    edges = tuple(number({"above": edge}, "above", None) for edge in told["above"])
    levels = tuple(text({"levels": level}, "levels") for level in told["levels"])
    if len(levels) != len(edges) + 1 or list(edges) != sorted(set(edges)):
        right = "must have rising edges, and one level more than edges"
        raise SettingsError(right, key="bands", value=told["above"])
    return Bands(edges, levels, told.get("source"))


def _history(row: Mapping[str, Any]) -> tuple[Yearly, ...]:
    values, placed = _by_year(row, "history"), _by_year(row, "rank")
    if not values:
        raise SettingsError("must be [[year, value], …]", key="history", value=row["history"])
    derived = row.get("derived", [])
    for year in [*placed, *derived]:
        if year not in values:
            raise SettingsError("has no value in history", key="rank", value=year)
    return tuple(
        Yearly(year, value, int(placed[year]) if year in placed else None, year in derived)
        for year, value in sorted(values.items())
    )


def _by_year(row: Mapping[str, Any], key: str) -> dict[int, float]:
    told = row.get(key, [])
    if not isinstance(told, list) or not all(
        isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], int) for pair in told
    ):
        raise SettingsError("must be [[year, value], …]", key=key, value=told)
    return {pair[0]: number({key: pair[1]}, key, None) for pair in told}
