"""What breaks a rule, type by type, and the settings each needs, as frozen values.

How they are written in a ``[[rule]]`` is `ioc.core.condition_keys`; what they mean to observations
is the detectors' matter (`ioc.core.engine`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

ANY: Final = "*"


class Condition(StrEnum):
    """What breaks a rule; each is a key of its row."""

    ABOVE = "above"
    BELOW = "below"
    EQUALS = "equals"
    LEVELS = "levels"
    SILENT = "silent"
    OFFLINE = "offline"
    RISING = "rising"
    FALLING = "falling"
    DOUBTFUL = "doubtful"
    BASELINE = "baseline"
    EWMA = "ewma"
    CUSUM = "cusum"
    LIKELIHOOD = "likelihood"
    NEIGHBOURS = "neighbours"
    ALL = "all"
    ANY = "any"
    BURN = "burn"
    FORECAST = "forecast"
    ROUTED = "routed"
    DEADLINE = "deadline"
    EXPIRES = "expires"


@dataclass(frozen=True, slots=True)
class Rise:
    """A change within a time.

    Attributes:
        over: microseconds.
        gate: values below it (a number or a limit of the thing) count as no change; None: all do.
    """

    over: int
    gate: float | str | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """When a value is not believed.

    Attributes:
        stuck: microseconds without any change, or None.
        usual: how many times its usual run without a change, or None.
        spike: a single value further than that from both its neighbours, or None.
        exempt: values that may stand as long as they like (no rain).
    """

    stuck: int | None
    usual: float | None
    spike: float | None
    exempt: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A control chart.

    Attributes:
        mean: of the good state; None learns it.
        sigma: its standard deviation; None learns it.
        weight: of the newest value, for EWMA; the slack k, for CUSUM.
    """

    mean: float | None
    sigma: float | None
    weight: float


@dataclass(frozen=True, slots=True)
class Season:
    """A usual value for each part of a day or a week.

    Attributes:
        week: 168 hours of a week, holidays as Sundays; else 48 half-hours of a day.
        side: 1 counts what is above, -1 what is below, 0 both.
        warm: observations of a part before it is judged.
    """

    week: bool
    side: int
    warm: int


@dataclass(frozen=True, slots=True)
class Likelihood:
    """How unusual the lately unusual is.

    Attributes:
        short: observations the lately is made of.
        half_life: observations after which half of what is usual is forgotten.
    """

    short: float
    half_life: float


@dataclass(frozen=True, slots=True)
class Part:
    """One comparison of a combination, over the datastreams it finds around the thing.

    Attributes:
        kind: of thing, ``*`` for any.
        test: `Condition.ABOVE`, `BELOW` or `EQUALS`.
        limit: a number, or a limit or level of the thing compared.
        where: ``thing``, ``area`` or ``near``.
        within_km: for ``near``.
        at_least: how many must be so.
        negated: whether it must not be so.
    """

    kind: str
    datastream: str
    test: Condition
    limit: float | str
    where: str
    within_km: float
    at_least: int
    negated: bool


@dataclass(frozen=True, slots=True)
class Combination:
    """Several parts at once.

    Attributes:
        every: all must hold, or any one.
        fresh: microseconds a value counts after its own time.
        counts: the first part's number is what is told, for neighbours.
    """

    parts: tuple[Part, ...]
    every: bool
    fresh: int
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Burn:
    """How fast a service spends what it may fail.

    Attributes:
        allowed: share of failures the objective allows.
        test: which values are failures.
        limit: of the test.
        page: the quick pairs of windows count; else the slow ones.
    """

    allowed: float
    test: Condition
    limit: float | str
    page: bool


@dataclass(frozen=True, slots=True)
class Forecast:
    """A value some time ahead, by level, trend and perhaps the hour of the day.

    Attributes:
        ahead: microseconds.
        level, trend, season: weights of the newest observation.
        gate: the value itself must be above it (a number or a limit of the thing); None: any is.
    """

    ahead: int
    level: float
    trend: float
    season: float
    gate: float | str | None


@dataclass(frozen=True, slots=True)
class Routed:
    """Rain led down a valley by a unit hydrograph.

    Attributes:
        kind, datastream, within_km: the gauges that measure the rain, mm/h.
        ahead: microseconds.
        runoff: share of the rain that runs off.
        shape: number of reservoirs of the gamma hydrograph.
        scale_h: hours of each.
    """

    kind: str
    datastream: str
    within_km: float
    ahead: int
    runoff: float
    shape: float
    scale_h: float


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something must have come by a time of day.

    Attributes:
        at: seconds after local midnight.
        working: on working days only.
    """

    at: int
    working: bool


@dataclass(frozen=True, slots=True)
class Expiry:
    """What is left (in days, told by the value) must not fall below this many microseconds."""

    within: int


Settings = (
    Rise
    | Doubt
    | Chart
    | Season
    | Likelihood
    | Combination
    | Burn
    | Forecast
    | Routed
    | Deadline
    | Expiry
    | None
)

UNITS: Final[Mapping[Condition, str]] = MappingProxyType(
    {
        Condition.SILENT: "s",
        Condition.EXPIRES: "d",
        Condition.ROUTED: "m3/s/km2",
        Condition.DOUBTFUL: "",
        Condition.BASELINE: "",
        Condition.EWMA: "",
        Condition.CUSUM: "",
        Condition.LIKELIHOOD: "",
        Condition.NEIGHBOURS: "",
        Condition.ALL: "",
        Condition.ANY: "",
        Condition.BURN: "",
        Condition.DEADLINE: "",
    }
)
"""The unit of an alert's value and limit where it is not the datastream's own."""
