"""Holt-Winters: level, trend and perhaps the hour's own part, and what they come to ahead."""

from typing import Final

import numpy as np

from ioc.core.calendar import OFFSET, WorkingCalendar
from ioc.core.conditions import Forecast
from ioc.core.engine.columns import NEVER, Floats, Ints, Table, fixed
from ioc.core.engine.lanes import Bound
from ioc.core.words import DAY, HOUR, SECOND

_HOURS: Final = 24
_STEADY: Final = 6
"""Observations before the trend is believed."""


class Trend:
    """Scores: the value expected ahead; the value itself where the gate is shut."""

    kept = fixed(
        {
            "level_at": ("<f8", 0.0),
            "slope": ("<f8", 0.0),
            "newest": ("<i8", NEVER),
            "n": ("<i4", 0),
        }
    )
    cells = fixed({"hour": ("<f8", 0.0)})
    width = _HOURS
    extra = fixed(
        {
            "ahead": ("<i8", 0),
            "gap": ("<i8", 2**62),
            "alpha": ("<f8", 0.5),
            "beta": ("<f8", 0.3),
            "gamma": ("<f8", 0.0),
            "gate": ("<f8", -np.inf),
        }
    )
    alone = plain = doubts = False

    def bind(self, table: Table, index: int, bound: Bound, calendar: WorkingCalendar) -> None:
        """Set weights, the time ahead and the gate."""
        told, stream = bound.rule.settings, bound.stream
        assert isinstance(told, Forecast)  # noqa: S101 - for the type checker
        table["ahead"][index] = told.ahead
        table["alpha"][index], table["beta"][index] = told.level, told.trend
        table["gamma"][index] = told.season
        if stream.period is not None:
            table["gap"][index] = max(round(6 * stream.period * SECOND), 60 * SECOND)
        gate = bound.thing.limits.get(told.gate) if isinstance(told.gate, str) else told.gate
        table["gate"][index] = -np.inf if gate is None else gate

    def step(self, table: Table, index: Ints, time: Ints, value: Floats) -> Floats:
        """Learn the observation and look ahead."""
        newest, n = table["newest"][index], table["n"][index]
        anew = (newest == NEVER) | (time - newest > table["gap"][index])
        since = np.where(anew, 1.0, (time - np.where(anew, time - SECOND, newest)) / SECOND)
        hour = (time + OFFSET) % DAY // HOUR
        own = table["hour"][index, hour]
        level, slope = table["level_at"][index], table["slope"][index]
        alpha, beta = table["alpha"][index], table["beta"][index]
        foreseen = level + slope * since
        off = value - own - foreseen
        level = np.where(anew, value - own, foreseen + alpha * off)
        slope = np.where(anew, 0.0, slope + alpha * beta * off / since)
        gamma = table["gamma"][index]
        table["hour"][index, hour] = own + np.where(anew, 0.0, gamma * (value - level - own))
        if gamma.any():
            table.touch(index, hour)
        n = np.where(anew, 1, np.minimum(n + 1, 1_000))
        table["level_at"][index], table["slope"][index] = level, slope
        table["newest"][index], table["n"][index] = time, n
        ahead = table["ahead"][index]
        then = (time + ahead + OFFSET) % DAY // HOUR
        expected = level + slope * (ahead / SECOND) + table["hour"][index, then]
        open_gate = (value >= table["gate"][index]) & (n >= _STEADY)
        return np.where(open_gate, expected, value)
