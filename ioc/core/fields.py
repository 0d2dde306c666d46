"""Reading the values of a row of settings: each says what would be right."""

import re
from collections.abc import Mapping
from typing import Any, Final

from ioc.core.settings_error import SettingsError
from ioc.core.words import SECOND, SLUG, Text

_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)(s|m|h|d)")
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_ANY: Final = "*"


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


def number(row: Mapping[str, Any], key: str, absent: float | None) -> float:
    """Read a finite number."""
    told = row.get(key, absent)
    if isinstance(told, bool) or not isinstance(told, int | float) or not abs(told) < float("inf"):
        raise SettingsError("must be a number", key=key, value=told)
    return float(told)


def not_negative(row: Mapping[str, Any], key: str, absent: float) -> float:
    """Read a finite number that is nought or more."""
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
    return _ANY if row.get(key) == _ANY else slug(row, key)


def text(row: Mapping[str, Any], key: str) -> Text:
    """Read a phrase in both languages."""
    told = row.get(key)
    if not isinstance(told, Mapping) or not told.get("vi") or not told.get("en"):
        raise SettingsError('must be { vi = "…", en = "…" }', key=key, value=told)
    return Text(told["vi"], told["en"])
