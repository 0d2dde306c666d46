"""Control charts: EWMA and CUSUM over a standardised value.

A chart is told mean and deviation of the good state, or learns them slowly, clipping what is far
off so that a fault does not become the usual.
"""

from typing import Final

import numpy as np

from ioc.core.calendar import WorkingCalendar
from ioc.core.conditions import Chart
from ioc.core.engine.columns import Column, Floats, Ints, Table, fixed
from ioc.core.engine.lanes import NO_COLUMNS, Bound

WARM: Final = 50
"""Observations before a learned mean says anything."""

_SLOW: Final = 0.002
_CLIP: Final = 4.0
_LEARNED: Final[dict[str, Column]] = {"n": ("<i4", 0), "mean": ("<f8", 0.0), "spread": ("<f8", 0.0)}
_TOLD: Final[dict[str, Column]] = {
    "told_mean": ("<f8", np.nan),
    "told_sigma": ("<f8", 1.0),
    "weight": ("<f8", 0.2),
    "least": ("<f8", 1e-9),
}


def _tell(table: Table, index: int, bound: Bound) -> None:
    chart = bound.rule.settings
    assert isinstance(chart, Chart)  # noqa: S101 - for the type checker
    table["told_mean"][index] = np.nan if chart.mean is None else chart.mean
    table["told_sigma"][index] = chart.sigma or 1.0
    table["weight"][index] = chart.weight
    table["least"][index] = max(bound.stream.resolution or 0.0, 1e-9)


def standardised(table: Table, index: Ints, value: Floats) -> Floats:
    """Give (value - mean) / sigma, NaN while these are still being learned; learns on."""
    told = table["told_mean"][index]
    n, mean, variance = table["n"][index], table["mean"][index], table["spread"][index]
    sigma = np.maximum(np.sqrt(variance), table["least"][index])
    warm = n >= WARM
    off = value - mean
    z = np.where(warm, off / sigma, np.nan)
    weight = np.maximum(1.0 / (n + 1.0), _SLOW)
    clipped = np.where(warm, np.clip(off, -_CLIP * sigma, _CLIP * sigma), off)
    clipped = np.where(n, clipped, off)
    table["mean"][index] = mean + weight * clipped
    grown = (1.0 - weight) * (variance + weight * clipped * clipped)
    table["spread"][index] = np.where(n, grown, 0.0)
    table["n"][index] = np.minimum(n + 1, 1_000_000)
    return np.where(np.isnan(told), z, (value - told) / table["told_sigma"][index])


class Ewma:
    """Scores: how many of its own standard deviations the moving average is off."""

    kept = fixed({**_LEARNED, "average": ("<f8", 0.0)})
    cells = NO_COLUMNS
    width = 0
    extra = fixed(_TOLD)
    alone = plain = doubts = False

    def bind(self, table: Table, index: int, bound: Bound, calendar: WorkingCalendar) -> None:
        """Set mean, sigma and weight."""
        _tell(table, index, bound)

    def step(self, table: Table, index: Ints, time: Ints, value: Floats) -> Floats:
        """Give |average| in deviations."""
        z = standardised(table, index, value)
        weight, average = table["weight"][index], table["average"][index]
        known = ~np.isnan(z)
        moved = np.where(known, average + weight * (np.where(known, z, 0.0) - average), average)
        table["average"][index] = moved
        return np.where(known, np.abs(moved) / np.sqrt(weight / (2.0 - weight)), np.nan)


class Cusum:
    """Scores: the larger of the two sums; k is the chart's weight, h the rule's limit."""

    kept = fixed({**_LEARNED, "above": ("<f8", 0.0), "below": ("<f8", 0.0)})
    cells = NO_COLUMNS
    width = 0
    extra = fixed(_TOLD)
    alone = plain = doubts = False

    def bind(self, table: Table, index: int, bound: Bound, calendar: WorkingCalendar) -> None:
        """Set mean, sigma and slack."""
        _tell(table, index, bound)

    def step(self, table: Table, index: Ints, time: Ints, value: Floats) -> Floats:
        """Give the larger sum."""
        z = standardised(table, index, value)
        known = ~np.isnan(z)
        z0, slack = np.where(known, z, 0.0), table["weight"][index]
        above = np.maximum(0.0, table["above"][index] + np.where(known, z0 - slack, 0.0))
        below = np.maximum(0.0, table["below"][index] - np.where(known, z0 + slack, 0.0))
        table["above"][index], table["below"][index] = above, below
        return np.where(known, np.maximum(above, below), np.nan)
