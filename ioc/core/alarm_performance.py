"""How the alert system itself does, after ISA-18.2 / IEC 62682 and EEMUA 191.

Counted is what people were shown: every raise of an alert of now; history is no operator's load.
Rates are per operator and 10 minutes, over stretches aligned to the clock, empty ones included.
Targets: about 1 on average and 2 at the most; less than 1 % of the time in flood (a flood begins
above 10 and ends below 5); fewer than 5 stale; nothing that chatters; about 80/15/5 per cent of
low, medium and high priority; the ten most frequent no more than 5 % of all.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from ioc.core.alerts import Alert
from ioc.core.words import DAY, MINUTE, SECOND, Instant, rfc3339

BIN: Final = 10 * MINUTE
FLOOD_BEGINS: Final = 10
FLOOD_ENDS: Final = 5
STALE: Final = DAY
CHATTER: Final = 3
CHATTER_WITHIN: Final = 60 * SECOND
TOP: Final = 10
PRIORITY: Final[Mapping[int, str]] = {1: "low", 2: "low", 3: "medium", 4: "high", 5: "high"}
"""Severity -> priority. Five levels onto the standard's three; the cut is the project's."""

TARGETS: Final[Mapping[str, float]] = {
    "mean_per_10_min": 1.0,
    "most_per_10_min": 2.0,
    "flood_percent": 1.0,
    "stale": 5,
    "chattering": 0,
    "top_ten_percent": 5.0,
    "low_percent": 80.0,
    "medium_percent": 15.0,
    "high_percent": 5.0,
}


@dataclass(frozen=True, slots=True)
class Raise:
    """One time an alert was shown to people."""

    at: Instant
    rule: str
    thing: str
    datastream: str
    severity: int


def raises(alerts: Iterable[Alert], start: Instant, end: Instant) -> list[Raise]:
    """Give every raise within [start, end), oldest first; an alert may rise again and again."""
    found = [
        Raise(step.at, one.rule, one.thing, one.datastream, int(one.severity))
        for one in alerts
        if not one.history
        for step in one.steps
        if step.step == "raise" and start <= step.at < end
    ]
    return sorted(found, key=lambda one: one.at)


def performance(
    alerts: Sequence[Alert], start: Instant, end: Instant, operators: int = 1
) -> dict[str, Any]:
    """Measure a stretch of time.

    Args:
        alerts: all that were open at some time of it.
        start: inclusive.
        end: exclusive; what is stale is judged then.
        operators: who shared the load.
    """
    shown = raises(alerts, start, end)
    bins = load(shown, start, end, max(1, operators))
    flooded = flood(bins)
    tops = Counter((one.rule, one.thing) for one in shown).most_common(TOP)
    priorities = Counter(PRIORITY[one.severity] for one in shown)
    answers = _answers(alerts, start, end)
    return {
        "from": rfc3339(start),
        "to": rfc3339(end),
        "operators": max(1, operators),
        "raises": len(shown),
        "per_10_min": {
            "mean": round(sum(bins) / max(1, len(bins)), 3),
            "p99": _at_share(bins, 0.99),
            "most": max(bins, default=0.0),
        },
        "flood": {
            "percent": _percent(sum(flooded), len(flooded)),
            "floods": sum(now and not before for before, now in _pairs(flooded)),
        },
        "stale": _stale(alerts, end),
        "chattering": chattering(shown),
        "top_ten": {
            "percent": _percent(sum(count for _, count in tops), len(shown)),
            "items": [
                {"rule": rule, "thing": thing, "raises": count} for (rule, thing), count in tops
            ],
        },
        "priorities": {
            name: {"raises": priorities[name], "percent": _percent(priorities[name], len(shown))}
            for name in ("low", "medium", "high")
        },
        "acknowledge_s": {
            "answered": len(answers),
            "median": None if not answers else round(median(answers), 1),
            "p90": None if not answers else _at_share(answers, 0.9),
        },
        "targets": dict(TARGETS),
    }


def load(shown: Sequence[Raise], start: Instant, end: Instant, operators: int) -> list[float]:
    """Count raises by aligned 10 minutes, per operator; stretches without any count too."""
    first, last = start // BIN, math.ceil(end / BIN)
    counts = Counter(one.at // BIN for one in shown)
    return [counts[number] / operators for number in range(first, last)]


def flood(bins: Sequence[float]) -> list[bool]:
    """Tell of each stretch whether it lies in a flood: above 10 begins one, below 5 ends it."""
    found: list[bool] = []
    inside = False
    for rate in bins:
        inside = rate >= FLOOD_ENDS if inside else rate > FLOOD_BEGINS
        found.append(inside)
    return found


def chattering(shown: Sequence[Raise]) -> list[dict[str, Any]]:
    """Give what rose three times or more within 60 s, with how often in all."""
    times: dict[tuple[str, str, str], list[Instant]] = {}
    for one in shown:
        times.setdefault((one.rule, one.thing, one.datastream), []).append(one.at)
    return [
        {"rule": rule, "thing": thing, "datastream": datastream, "raises": len(of)}
        for (rule, thing, datastream), of in sorted(times.items())
        if any(
            late - early <= CHATTER_WITHIN
            for early, late in zip(of, of[CHATTER - 1 :], strict=False)
        )
    ]


def _stale(alerts: Iterable[Alert], now: Instant) -> list[dict[str, Any]]:
    """Give what has been active for more than a day, oldest first."""
    found = [
        one
        for one in alerts
        if one.active and one.closed_at is None and now - one.raised_at > STALE
    ]
    return [
        {"alert": one.id, "rule": one.rule, "thing": one.thing, "raised_at": rfc3339(one.raised_at)}
        for one in sorted(found, key=lambda one: (one.raised_at, one.id))
    ]


def _answers(alerts: Iterable[Alert], start: Instant, end: Instant) -> list[float]:
    """Give the seconds from being shown to being acknowledged, of what was raised in between."""
    found: list[float] = []
    for one in alerts:
        step = next((step for step in one.steps if step.step == "acknowledge"), None)
        if step is not None and not one.history and start <= one.raised_at < end:
            found.append(max(0, step.at - one.detected_at) / SECOND)
    return found


def _at_share(values: Sequence[float], share: float) -> float:
    """Give the value below or at which that share of them lies (nearest rank)."""
    if not values:
        return 0.0
    return round(sorted(values)[max(0, math.ceil(share * len(values)) - 1)], 3)


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 2) if whole else 0.0


def _pairs(flags: Sequence[bool]) -> Iterable[tuple[bool, bool]]:
    return zip([False, *flags], flags, strict=False)
