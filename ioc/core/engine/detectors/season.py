"""What is usual at this hour, and how unusual what was lately unusual is.

The level and spread of each part of a day or week are kept robustly: what is far off is clipped
before it is learned.
"""

from typing import Final

import numpy as np

from ioc.core.calendar import OFFSET, WorkingCalendar
from ioc.core.conditions import Likelihood, Season
from ioc.core.engine.columns import Floats, Ints, Table, fixed
from ioc.core.engine.lanes import NO_COLUMNS, Bound
from ioc.core.words import DAY, HOUR, MINUTE

_HALF_HOUR: Final = 30 * MINUTE
_CLIP: Final = 4.0
_SLOW: Final = 0.02
"""Weight of the newest of many observations of a part."""

_WARM: Final = 3
_SCALE: Final = 1.25
"""Standard deviation over mean absolute deviation of a normal variable."""

_MOST: Final = 60_000
WEEK_PARTS: Final = 168
DAY_PARTS: Final = 24
_STEADIEST: Final = 0.5
_MOST_UNUSUAL: Final = 20.0
"""What a single value counts at the most, so that one spike is not an hour of trouble."""


def deviation(table: Table, index: Ints, part: Ints, value: Floats, warm: Ints | int) -> Floats:
    """Give how far values are from what is usual of their part, in its spread; learns on."""
    seen = table["seen"][index, part].astype(np.float64)
    level = table["level_of"][index, part].astype(np.float64)
    spread = table["spread_of"][index, part].astype(np.float64)
    least = np.maximum(table["least"][index], 1e-3 * np.abs(level))
    sigma = np.maximum(spread, least)
    off = value - level
    known = seen >= warm
    z = np.where(known, off / sigma, np.nan)
    weight = np.maximum(1.0 / (seen + 1.0), _SLOW)
    clipped = np.where(known, np.clip(off, -_CLIP * sigma, _CLIP * sigma), off)
    table["level_of"][index, part] = level + weight * clipped
    grown = spread + weight * (_SCALE * np.abs(clipped) - spread)
    table["spread_of"][index, part] = np.where(seen > 0, grown, 0.0)
    table["seen"][index, part] = np.minimum(seen + 1, _MOST)
    table.touch(index, part)
    return z


def _usual_spread(table: Table, index: Ints) -> Floats:
    """Give the mean spread over the parts seen so far."""
    known = table["seen"][index] > 1
    whole = np.where(known, table["spread_of"][index], np.float32(0.0)).sum(
        axis=1, dtype=np.float64
    )
    return np.asarray(whole / np.maximum(known.sum(axis=1), 1))


class Baseline:
    """Scores: deviations from what is usual at this hour of the week, or half-hour of the day."""

    kept = NO_COLUMNS
    cells = fixed({"seen": ("<u2", 0), "level_of": ("<f4", 0.0), "spread_of": ("<f4", 0.0)})
    width = WEEK_PARTS
    extra = fixed(
        {
            "week": ("?", True),
            "side": ("<f8", 0.0),
            "warm": ("<i8", 8),
            "least": ("<f8", 1e-9),
        }
    )
    alone = plain = doubts = False

    def __init__(self) -> None:
        """Know no holidays before anything is bound."""
        self._calendar = WorkingCalendar()

    def bind(self, table: Table, index: int, bound: Bound, calendar: WorkingCalendar) -> None:
        """Set the parts and the side."""
        season = bound.rule.settings
        assert isinstance(season, Season)  # noqa: S101 - for the type checker
        self._calendar = calendar
        table["week"][index] = season.week
        table["side"][index] = season.side
        table["warm"][index] = season.warm
        table["least"][index] = max(bound.stream.resolution or 0.0, 1e-9)

    def step(self, table: Table, index: Ints, time: Ints, value: Floats) -> Floats:
        """Give the deviation on the side that counts."""
        week = table["week"][index]
        part = half_hour(time)
        if week.any():
            part = np.where(week, self._calendar.hour_of_week(time), part)
        z = deviation(table, index, part, value, table["warm"][index])
        side = table["side"][index]
        return np.where(side == 0, np.abs(z), z * side)


def half_hour(time: Ints) -> Ints:
    """Give the half-hour of the local day, 0 to 47."""
    return (time + OFFSET) % DAY // _HALF_HOUR


class Unlikely:
    """Scores: how far the short mean of deviations stands from their long mean, in their spread."""

    kept = fixed(
        {
            "short": ("<f8", 0.0),
            "mean": ("<f8", 0.0),
            "variance": ("<f8", 1.0),
            "n": ("<i4", 0),
        }
    )
    cells = Baseline.cells
    width = DAY_PARTS
    extra = fixed(
        {
            "quick": ("<f8", 0.1),
            "slow": ("<f8", 3e-4),
            "least": ("<f8", 1e-9),
            "finest": ("<f8", 1e-9),
        }
    )
    alone = plain = doubts = False

    def bind(self, table: Table, index: int, bound: Bound, calendar: WorkingCalendar) -> None:
        """Set both memories."""
        told = bound.rule.settings
        assert isinstance(told, Likelihood)  # noqa: S101 - for the type checker
        table["quick"][index] = 1.0 / told.short
        table["slow"][index] = 1.0 - 0.5 ** (1.0 / told.half_life)
        table["finest"][index] = max(bound.stream.resolution or 0.0, 1e-9)

    def step(self, table: Table, index: Ints, time: Ints, value: Floats) -> Floats:
        """Give |short - mean| in deviations."""
        hour = (time + OFFSET) % DAY // HOUR
        # A quiet hour is no reason to be told of every stir in it.
        steadiest = _STEADIEST * _usual_spread(table, index)
        table["least"][index] = np.maximum(table["finest"][index], steadiest)
        z = deviation(table, index, hour, value, _WARM)
        known = ~np.isnan(z)
        z = np.where(known, np.minimum(np.abs(z), _MOST_UNUSUAL), 0.0)
        n, mean, variance = table["n"][index], table["mean"][index], table["variance"][index]
        short = table["short"][index]
        short = short + np.where(known, table["quick"][index] * (z - short), 0.0)
        score = np.abs(short - mean) / np.sqrt(np.maximum(variance, 1e-12))
        weight = np.maximum(1.0 / (n + 1.0), table["slow"][index])
        off = np.where(known, z - mean, 0.0)
        table["mean"][index] = mean + weight * off
        table["variance"][index] = np.where(
            known, (1.0 - weight) * (variance + weight * off * off), variance
        )
        table["short"][index] = short
        table["n"][index] = n + known
        return np.where(known & (n >= 100), score, np.nan)
