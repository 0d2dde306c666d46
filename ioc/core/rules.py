"""Rules: the condition, how long it must hold, and what someone is to do about it.

Rules are data (``rules/*.toml`` of a site). They bind by kind and datastream name, so a
hand-made thing of a known kind is judged like any other.
"""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from ioc.core.settings_error import SettingsError
from ioc.core.words import SECOND, SLUG, Datastream, Severity, Text, Thing

ANY: Final = "*"
LEAST_SILENCE: Final = 30 * SECOND
SILENCE_PERIODS: Final = 3.0

_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)(s|m|h|d)")
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_KEYS: Final = frozenset(
    [
        "id",
        "kind",
        "datastream",
        "above",
        "below",
        "equals",
        "silent",
        "offline",
        "hold",
        "clear_hold",
        "deadband",
        "severity",
        "lateness",
        "periods",
        "name",
        "response",
        "source",
    ]
)


class Condition(StrEnum):
    """What breaks a rule."""

    ABOVE = "above"
    BELOW = "below"
    EQUALS = "equals"
    SILENT = "silent"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition over the datastreams of one kind of thing.

    Attributes:
        limit: a number, or the name of one of the thing's own limits or of a level.
        hold: microseconds the condition must stand, shown by observations, before it raises.
        clear_hold: the same for clearing.
        deadband: how far back over the limit a value must come to clear, in its unit.
        lateness: microseconds an observation may arrive out of order and still be judged.
        periods: for silence, how many periods without an observation.
        response: what the operator is to do (ISA-18.2: no response, no alert).
        source: where the limit comes from; None marks an illustrative one.
    """

    id: str
    kind: str
    datastream: str
    condition: Condition
    limit: float | str
    hold: int
    clear_hold: int
    deadband: float
    severity: Severity
    lateness: int
    periods: float
    name: Text
    response: Text
    source: str | None

    @property
    def mark(self) -> int:
        """A number that changes when anything that bears on judging changes.

        A rule's saved state means something only to the very rule that made it.
        """
        judging = (
            self.id,
            self.kind,
            self.datastream,
            self.condition.value,
            self.limit,
            self.hold,
            self.clear_hold,
            self.deadband,
            self.periods,
        )
        return zlib.crc32(repr(judging).encode())

    def binds(self, thing: Thing, name: str) -> bool:
        """Tell whether the rule speaks of this datastream."""
        return self.kind in (ANY, thing.kind) and self.datastream in (ANY, name)

    def limit_for(self, thing: Thing, datastream: Datastream) -> float | None:
        """Give the number to compare with, or None where the thing has no such limit or level."""
        if not isinstance(self.limit, str):
            return self.limit
        if self.condition is Condition.EQUALS:
            levels = datastream.levels
            return float(levels.index(self.limit)) if self.limit in levels else None
        return thing.limits.get(self.limit)

    def grace(self, datastream: Datastream) -> int | None:
        """Give the microseconds of silence that break the rule, or None without a period."""
        if datastream.period is None:
            return None
        return max(round(self.periods * datastream.period * SECOND), LEAST_SILENCE)


def parse_rule(row: Mapping[str, Any]) -> Rule:
    """Read one ``[[rule]]``.

    Raises:
        SettingsError: which key, which value, and what would be right.
    """
    for key in row.keys() - _KEYS:
        raise SettingsError(
            f"is not a key of a rule; known are {', '.join(sorted(_KEYS))}", key=key
        )
    condition, limit = _condition(row)
    severity = number(row, "severity", None)
    if severity not in tuple(Severity):
        raise SettingsError("must be 1 to 5", key="severity", value=row.get("severity"))
    return Rule(
        id=slug(row, "id"),
        kind=slug_or_any(row, "kind"),
        datastream=slug_or_any(row, "datastream"),
        condition=condition,
        limit=limit,
        hold=duration(row, "hold"),
        clear_hold=duration(row, "clear_hold"),
        deadband=_not_negative(row, "deadband", 0.0),
        severity=Severity(int(severity)),
        lateness=duration(row, "lateness"),
        periods=_not_negative(row, "periods", SILENCE_PERIODS),
        name=text(row, "name"),
        response=text(row, "response"),
        source=row.get("source"),
    )


def duration(row: Mapping[str, Any], key: str) -> int:
    """Read ``"10m"``, ``"90s"``, ``"1h30m"`` as microseconds; nought when absent.

    Raises:
        SettingsError: it is no duration.
    """
    told = row.get(key, "0s")
    if not isinstance(told, str) or not told or _DURATION.sub("", told):
        raise SettingsError(
            'must be a duration such as "90s", "10m" or "1h30m"', key=key, value=told
        )
    return round(
        sum(float(count) * _UNITS[unit] for count, unit in _DURATION.findall(told)) * SECOND
    )


def _condition(row: Mapping[str, Any]) -> tuple[Condition, float | str]:
    told = [condition for condition in Condition if condition.value in row]
    if len(told) != 1:
        raise SettingsError(
            "a rule has exactly one of above, below, equals, silent, offline", key="above"
        )
    condition = told[0]
    limit = row[condition.value]
    if condition in (Condition.SILENT, Condition.OFFLINE):
        if limit is not True:
            raise SettingsError("must be true", key=condition.value, value=limit)
        return condition, 0.0
    if isinstance(limit, str) and SLUG.fullmatch(limit):
        return condition, limit
    return condition, number(row, condition.value, None)


def number(row: Mapping[str, Any], key: str, absent: float | None) -> float:
    """Read a finite number."""
    told = row.get(key, absent)
    if isinstance(told, bool) or not isinstance(told, int | float) or not abs(told) < float("inf"):
        raise SettingsError("must be a number", key=key, value=told)
    return float(told)


def _not_negative(row: Mapping[str, Any], key: str, absent: float) -> float:
    told = number(row, key, absent)
    if told < 0:
        raise SettingsError("must not be negative", key=key, value=told)
    return told


def slug(row: Mapping[str, Any], key: str) -> str:
    """Read a word of [a-z0-9_-]."""
    told = row.get(key)
    if not isinstance(told, str) or not SLUG.fullmatch(told):
        raise SettingsError("must be of [a-z0-9_-]", key=key, value=told)
    return told


def slug_or_any(row: Mapping[str, Any], key: str) -> str:
    """Read such a word, or ``*``."""
    return ANY if row.get(key) == ANY else slug(row, key)


def text(row: Mapping[str, Any], key: str) -> Text:
    """Read a phrase in both languages."""
    told = row.get(key)
    if not isinstance(told, Mapping) or not told.get("vi") or not told.get("en"):
        raise SettingsError('must be { vi = "…", en = "…" }', key=key, value=told)
    return Text(told["vi"], told["en"])
