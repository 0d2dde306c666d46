"""Rivers: wet ground, flow, floods."""

from functools import lru_cache
from typing import Any, Final

import numpy as np

from simulators.incidents import Place
from simulators.noise import DAY, Times, Values
from simulators.world.fire import Fire

STEP: Final = 600
"""Seconds of the river's grid."""

FLOOD_FLOW: Final = 1.7
"""Flow that makes flood alarm level 1, m³/s for a km²."""

_SLOTS: Final = DAY // STEP
_HOURS: Final = 24
_WARM_DAYS: Final = 30
"""Days of rain the wetness and the slow flow remember."""

_KEPT: Final = 0.92
"""Share of the wetness index left after a day."""

_SLOW_H: Final = 240.0
_QUICK_H: Final = 0.45
_TAPS: Final = 72
_DRY_FLOW: Final = 0.004
"""Flow without rain, m³/s for a km²."""

_VALLEY_KM2: Final = 40.0
"""The valley beside a place, where nothing is said about it."""


class Rivers(Fire):
    """Rivers, from the rain of their valleys."""

    def __init__(self, *args: Any, **parts: Any) -> None:  # noqa: ANN401 - as the causes
        """Make the rivers; the arguments are those of the causes."""
        super().__init__(*args, **parts)
        self._rain_day = lru_cache(maxsize=4_096)(self._rained)
        self._wetness = lru_cache(maxsize=4_096)(self._wet)
        self._hourly = lru_cache(maxsize=4_096)(self._rained_hourly)
        self._flow_day = lru_cache(maxsize=4_096)(self._routed)

    def flood(self, at: Times, place: Place) -> Values:
        """Give how high the stream beside a place is: from 1 it is over flood alarm level 1."""
        return self.flow(at, place, _VALLEY_KM2) / (FLOOD_FLOW * _VALLEY_KM2)

    def flow(self, at: Times, place: Place, km2: float) -> Values:
        """Give a river's flow in m³/s: wet ground, unit hydrograph, slow water, dam releases.

        Args:
            at: instants.
            place: where the gauge stands; the rain of its valley is the rain there.
            km2: area of the catchment.
        """
        flow = np.empty(len(at))
        day = at // DAY
        for block in np.unique(day).tolist():
            here = day == block
            grid, routed = self._flow_day(place, block)
            flow[here] = np.interp(at[here], grid, routed)
        flow = km2 * (flow + _DRY_FLOW)
        for release in self._during("release", at, before=9_000):
            if release.reaches(place):
                late = release.start + round(90.0 * release.place.km_to(place))
                length = release.end - release.start
                rise = np.clip((at - late) / 1_200.0, 0.0, 1.0)
                fall = np.clip((late + length + 3_600 - at) / 3_600.0, 0.0, 1.0)
                flow += FLOOD_FLOW * km2 * release.size * np.minimum(rise, fall)
        return flow

    def _routed(self, place: Place, day: int) -> tuple[Values, Values]:
        """Give one day's flow for a km², on the grid from its first instant to its last."""
        quick = np.concatenate([self._running(place, day - 1)[-_TAPS:], self._running(place, day)])
        lags = (np.arange(_TAPS) + 0.5) * STEP / 3_600.0
        unit = lags**2 * np.exp(-lags / _QUICK_H)
        routed = np.convolve(quick, unit / unit.sum(), "valid")
        soaked = np.concatenate(
            [
                self._hourly(place, block) * (1.0 - self._wetness(place, block))
                for block in range(day - _WARM_DAYS, day + 1)
            ]
        )
        hours = np.arange(_WARM_DAYS * _HOURS)
        drain = 0.45 / _SLOW_H * np.exp(-hours / _SLOW_H) * (1.0 - hours / len(hours))
        slow = np.convolve(soaked, drain, "valid")
        grid = day * DAY + np.arange(_SLOTS + 1) * STEP
        by_hour = day * DAY + np.arange(len(slow)) * 3_600
        return grid.astype(np.float64), (routed + np.interp(grid, by_hour, slow)) / 3.6

    def _running(self, place: Place, day: int) -> Values:
        """Give the rain that runs off, mm/h by slot."""
        return self._rain_day(place, day) * np.repeat(self._wetness(place, day), 6)

    def _wet(self, place: Place, day: int) -> Values:
        """Give the part of the rain that runs off, by hour, from the wetness of 30 days."""
        fallen = np.concatenate(
            [self._hourly(place, block) for block in range(day - _WARM_DAYS, day + 1)]
        )
        hours = np.arange(_WARM_DAYS * _HOURS)
        index = np.convolve(fallen, _KEPT ** (hours / _HOURS), "valid")[-_HOURS:]
        return np.asarray(0.08 + 0.52 / (1.0 + np.exp(-(index - 90.0) / 22.0)))

    def _rained_hourly(self, place: Place, day: int) -> Values:
        return np.asarray(self._rain_day(place, day).reshape(_HOURS, -1).mean(axis=1))

    def _rained(self, place: Place, day: int) -> Values:
        ends = day * DAY + (np.arange(_SLOTS) + 1) * STEP
        return self.rain(ends - 1, place, STEP)
