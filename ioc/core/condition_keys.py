"""How conditions are written: one key of a ``[[rule]]``, with its options beside or inside it.

``above = 50``, ``baseline = 4``, ``burn = { slo = 99 }``: each is read into the values of
`ioc.core.conditions`, or refused with what would be right.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from ioc.core.conditions import (
    ANY,
    Burn,
    Chart,
    Combination,
    Condition,
    Deadline,
    Doubt,
    Expiry,
    Forecast,
    Likelihood,
    Part,
    Rise,
    Routed,
    Season,
    Settings,
)
from ioc.core.fields import duration, not_negative, number, slug, slug_or_any
from ioc.core.settings_error import SettingsError
from ioc.core.words import DAY, HOUR, MINUTE, SLUG

ARL_SLACK: Final = 0.5
_CLOCK_PARTS: Final = 2


@dataclass(frozen=True, slots=True)
class Read:
    """A condition as read.

    Attributes:
        limits: what is compared with, lowest level first; numbers, or names of the thing's own.
        severities: of each level; empty where the row has one severity.
        keys: of the row that belong to it.
    """

    limits: tuple[float | str, ...]
    settings: Settings = None
    severities: tuple[int, ...] = ()
    below: bool = False


def limit(row: Mapping[str, Any], key: str) -> float | str:
    """Read a number, or the name of a limit or level."""
    told = row[key]
    if isinstance(told, str) and SLUG.fullmatch(told):
        return told
    return number(row, key, None)


def _plain(row: Mapping[str, Any], key: str) -> Read:
    return Read((limit(row, key),), below=key == Condition.BELOW)


def _flag(row: Mapping[str, Any], key: str) -> Read:
    if row[key] is not True:
        raise SettingsError("must be true", key=key, value=row[key])
    return Read((0.0,))


def _levels(row: Mapping[str, Any], key: str) -> Read:
    told = row[key]
    if not isinstance(told, list) or not told or not all(isinstance(one, Mapping) for one in told):
        raise SettingsError("must be a list of { above = …, severity = … }", key=key, value=told)
    sides = {side for one in told for side in ("above", "below") if side in one}
    if len(sides) != 1 or any(len(one) != 2 or "severity" not in one for one in told):
        raise SettingsError(
            "each level has a severity, and above in all or below in all", key=key, value=told
        )
    side = sides.pop()
    limits = tuple(limit(one, side) for one in told)
    numbers = [one for one in limits if not isinstance(one, str)]
    if numbers != sorted(numbers, reverse=side == "below") or len(set(numbers)) != len(numbers):
        raise SettingsError("must go from the mildest level to the gravest", key=key, value=told)
    return Read(
        limits, None, tuple(int(number(one, "severity", None)) for one in told), side == "below"
    )


def _rise(row: Mapping[str, Any], key: str) -> Read:
    over = duration(row, "over")
    if over <= 0:
        raise SettingsError('must say within what time, e.g. "30m"', key="over")
    return Read((number(row, key, None),), Rise(over, _gate(row)))


def _gate(row: Mapping[str, Any]) -> float | str | None:
    return limit(row, "only_above") if "only_above" in row else None


def _doubtful(row: Mapping[str, Any], key: str) -> Read:
    told = _table(row, key, ("stuck", "usual", "spike", "except"))
    stuck = duration(told, "stuck") or None
    exempt = told.get("except", [])
    exempt = exempt if isinstance(exempt, list) else [exempt]
    doubt = Doubt(
        stuck,
        not_negative(told, "usual", 0.0) or None,
        not_negative(told, "spike", 0.0) or None,
        tuple(number({"except": one}, "except", None) for one in exempt),
    )
    return Read((1.0,), doubt)


def _season(row: Mapping[str, Any]) -> Season:
    told = row.get("season", "week")
    side = row.get("side", "both")
    sides = {"above": 1, "below": -1, "both": 0}
    if told not in ("week", "day"):
        raise SettingsError('must be "week" or "day"', key="season", value=told)
    if side not in sides:
        raise SettingsError('must be "above", "below" or "both"', key="side", value=side)
    return Season(told == "week", sides[side], round(not_negative(row, "warm", 8)))


def _baseline(row: Mapping[str, Any], key: str) -> Read:
    return Read((number(row, key, None),), _season(row))


def _ewma(row: Mapping[str, Any], key: str) -> Read:
    return Read((number(row, key, None),), _chart(row, not_negative(row, "weight", 0.2)))


def _cusum(row: Mapping[str, Any], key: str) -> Read:
    """Read h, or the mean run between false alarms it is to have (Siegmund's approximation)."""
    slack = not_negative(row, "slack", ARL_SLACK)
    told = row[key]
    if isinstance(told, Mapping):
        told = _table(row, key, ("arl",))
        height = cusum_limit(number(told, "arl", None), slack)
    else:
        height = number(row, key, None)
    return Read((height,), _chart(row, slack))


def _chart(row: Mapping[str, Any], weight: float) -> Chart:
    mean = number(row, "mean", None) if "mean" in row else None
    sigma = number(row, "sigma", None) if "sigma" in row else None
    if (mean is None) != (sigma is None) or (sigma is not None and sigma <= 0):
        raise SettingsError("mean and sigma (above nought) are told together", key="mean")
    return Chart(mean, sigma, weight)


def cusum_arl(height: float, slack: float) -> float:
    """Give the mean run length of a two-sided CUSUM without a change (Siegmund 1985)."""
    reach = height + 1.166
    drift = 2.0 * slack
    if not slack:
        return reach**2 / 2.0
    return (math.exp(drift * reach) - drift * reach - 1.0) / drift / slack / 2.0


def cusum_limit(arl: float, slack: float) -> float:
    """Give the height at which false alarms are that many observations apart."""
    low, high = 0.0, 50.0
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if cusum_arl(middle, slack) < arl else (low, middle)
    return round(high, 4)


def _likelihood(row: Mapping[str, Any], key: str) -> Read:
    short = not_negative(row, "short", 8)
    half_life = not_negative(row, "half_life", 1000)
    return Read((number(row, key, None),), Likelihood(max(short, 1.0), max(half_life, 1.0)))


def _part(row: Mapping[str, Any]) -> Part:
    known = {
        "kind",
        "datastream",
        "above",
        "below",
        "equals",
        "where",
        "within_km",
        "at_least",
        "not",
    }
    for stray in row.keys() - known:
        raise SettingsError(f"is no key of a part; known are {', '.join(sorted(known))}", key=stray)
    test = _test(row)
    where = row.get("where", "thing")
    if where not in ("thing", "area", "near"):
        raise SettingsError('must be "thing", "area" or "near"', key="where", value=where)
    return Part(
        slug_or_any(row, "kind") if "kind" in row else ANY,
        slug(row, "datastream"),
        test,
        limit(row, test.value),
        where,
        not_negative(row, "within_km", 25.0),
        round(not_negative(row, "at_least", 1)),
        bool(row.get("not", False)),
    )


def _test(row: Mapping[str, Any]) -> Condition:
    tests = [one for one in (Condition.ABOVE, Condition.BELOW, Condition.EQUALS) if one in row]
    if len(tests) != 1:
        raise SettingsError("has exactly one of above, below, equals", key="above")
    return tests[0]


def _combination(row: Mapping[str, Any], key: str) -> Read:
    told = row[key]
    if not isinstance(told, list) or not told or not all(isinstance(one, Mapping) for one in told):
        raise SettingsError("must be a list of { datastream = …, above = … }", key=key, value=told)
    parts = tuple(_part(one) for one in told)
    return Read((0.5,), Combination(parts, key == Condition.ALL, _fresh(row)))


def _fresh(row: Mapping[str, Any]) -> int:
    return duration(row, "fresh") or HOUR


def _neighbours(row: Mapping[str, Any], key: str) -> Read:
    """Read k of the n of its kind within R km, itself among them and over the limit too."""
    told = _table(row, key, ("above", "below", "equals", "at_least", "within_km", "within"))
    test = _test(told)
    kind, datastream = slug(row, "kind"), slug(row, "datastream")
    least = round(not_negative(told, "at_least", 2))
    within = duration(told, "within") or HOUR
    compared = limit(told, test.value)
    near = Part(
        kind, datastream, test, compared, "near",
        not_negative(told, "within_km", 25.0), least, negated=False,
    )  # fmt: skip
    own = Part(kind, datastream, test, compared, "thing", 0.0, 1, negated=False)
    return Read((least - 0.5,), Combination((near, own), every=True, fresh=within, counts=True))


def _burn(row: Mapping[str, Any], key: str) -> Read:
    told = _table(row, key, ("slo", "above", "below", "equals", "speed"))
    slo = number(told, "slo", None)
    if not 0 < slo < 100:
        raise SettingsError("must be a share in per cent below 100", key="slo", value=slo)
    speed = told.get("speed", "quick")
    if speed not in ("quick", "slow"):
        raise SettingsError('must be "quick" or "slow"', key="speed", value=speed)
    test = _test(told)
    return Read((1.0,), Burn(1 - slo / 100, test, limit(told, test.value), speed == "quick"))


def _forecast(row: Mapping[str, Any], key: str) -> Read:
    told = _table(row, key, ("above", "below", "ahead", "level", "trend", "season"))
    test = _test(told)
    forecast = Forecast(
        duration(told, "ahead"),
        not_negative(told, "level", 0.5),
        not_negative(told, "trend", 0.3),
        not_negative(told, "season", 0.0),
        _gate(row),
    )
    return Read((limit(told, test.value),), forecast, below=test is Condition.BELOW)


def _routed(row: Mapping[str, Any], key: str) -> Read:
    told = _table(
        row,
        key,
        ("above", "kind", "datastream", "within_km", "ahead", "runoff", "shape", "scale"),
    )
    routed = Routed(
        slug(told, "kind"),
        slug(told, "datastream"),
        not_negative(told, "within_km", 25.0),
        duration(told, "ahead"),
        not_negative(told, "runoff", 0.6),
        not_negative(told, "shape", 3.0),
        (duration(told, "scale") or 27 * MINUTE) / HOUR,
    )
    return Read((limit(told, "above") if "above" in told else 1.0,), routed)


def _deadline(row: Mapping[str, Any], key: str) -> Read:
    told = row[key]
    parts = told.split(":") if isinstance(told, str) else []
    if len(parts) != _CLOCK_PARTS or not all(part.isdigit() for part in parts):
        raise SettingsError('must be a time of day such as "17:00"', key=key, value=told)
    hour, minute = (int(part) for part in parts)
    if hour > 23 or minute > 59:
        raise SettingsError('must be a time of day such as "17:00"', key=key, value=told)
    days = row.get("days", "working")
    if days not in ("working", "all"):
        raise SettingsError('must be "working" or "all"', key="days", value=days)
    return Read((0.0,), Deadline(hour * 3600 + minute * 60, days == "working"))


def _expires(row: Mapping[str, Any], key: str) -> Read:
    within = duration(row, key)
    return Read((within / DAY,), Expiry(within))


def _table(row: Mapping[str, Any], key: str, known: tuple[str, ...]) -> Mapping[str, Any]:
    told = row[key]
    if told is True:
        return {}
    if not isinstance(told, Mapping):
        raise SettingsError(f"must be a table of {', '.join(known)}", key=key, value=told)
    for stray in told.keys() - set(known):
        raise SettingsError(f"is no key of it; known are {', '.join(known)}", key=f"{key}.{stray}")
    return told


_Reader = Callable[[Mapping[str, Any], str], Read]

READERS: Final[Mapping[Condition, _Reader]] = MappingProxyType(
    {
        Condition.ABOVE: _plain,
        Condition.BELOW: _plain,
        Condition.EQUALS: _plain,
        Condition.LEVELS: _levels,
        Condition.SILENT: _flag,
        Condition.OFFLINE: _flag,
        Condition.RISING: _rise,
        Condition.FALLING: _rise,
        Condition.DOUBTFUL: _doubtful,
        Condition.BASELINE: _baseline,
        Condition.EWMA: _ewma,
        Condition.CUSUM: _cusum,
        Condition.LIKELIHOOD: _likelihood,
        Condition.NEIGHBOURS: _neighbours,
        Condition.ALL: _combination,
        Condition.ANY: _combination,
        Condition.BURN: _burn,
        Condition.FORECAST: _forecast,
        Condition.ROUTED: _routed,
        Condition.DEADLINE: _deadline,
        Condition.EXPIRES: _expires,
    }
)

BESIDE: Final = frozenset(
    [
        "over",
        "only_above",
        "season",
        "side",
        "warm",
        "weight",
        "slack",
        "mean",
        "sigma",
        "short",
        "half_life",
        "fresh",
        "days",
        "records",
    ]
)
"""Options that stand beside a condition in its row."""
