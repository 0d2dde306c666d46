"""Rain over the province: a spatial Neyman-Scott process of rectangular pulses.

Storms arrive by day; each brings cells over the whole map, each cell a disc that rains evenly for
a while. A storm day is a canonical block, and the rain at a place is the exact overlap of its
cells with the time asked, so there is no grid and no state. Monthly means are met in closed form.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from simulators.calendar import OFFSET, month
from simulators.incidents import Kind, Place, Programme
from simulators.noise import DAY, Noise, Times, Values, exponential, weibull

_STORMS: Final = (
    0.006, 0.006, 0.009, 0.014, 0.018, 0.021, 0.022, 0.020, 0.013, 0.009, 0.007, 0.006,
)  # fmt: skip
"""Storms an hour, by month."""

_CELLS: Final = 5.0
"""Cells of a storm that reach a given place."""

_LASTS_H: Final = 1.0
_DELAY_H: Final = 4.0
_BURST: Final = 0.70
"""Shape of the intensities' Weibull law."""

_RADIUS_KM: Final = 9.0
_PAD_KM: Final = 30.0
_HOURS_MONTH: Final = 730.5
_REACH_DAYS: Final = 2
"""A cell ends within this many days of its storm's; the few longer ones are cut."""

_WEEKS_MONTH: Final = 365.25 / 12 / 7
_WHOLE_AND_MIDDLE: Final = 0.35 + 0.6 * 0.65
"""Part of its peak that a shower brings in the mean of its time."""

_AROUND_KM: Final = 8.5
"""Deviation of a place and a shower, each way, from the centre of the area they are in."""

_LEAST_SHARE: Final = 0.25
"""Part of a month's rain that comes with storms at the least."""

_KM_DEGREE: Final = 111.2
_MINUTE_SHARE: Final = 0.55 + 0.45 * np.cos(
    2.0 * np.pi * (np.arange(1_440) / 60.0 + OFFSET / 3_600.0 - 2.0) / 24.0
)
"""Storms prefer the small hours; by minute of the UTC day."""

_BY_MINUTE: Final = np.concatenate(([0.0], np.cumsum(_MINUTE_SHARE))) / _MINUTE_SHARE.sum()


class _Pulses(NamedTuple):
    """Pulses of rain, in order of the draw: start and end in seconds, intensity in mm/h."""

    start: Values
    end: Values
    intensity: Values


class _Cells(NamedTuple):
    east: Values
    north: Values
    radius: Values
    pulses: _Pulses


class Rain:
    """The rain field of one world."""

    def __init__(
        self, seed: int, places: Sequence[Place], monthly_mm: Sequence[float], programme: Programme
    ) -> None:
        """Rain over the box around some places.

        Args:
            seed: the world's seed.
            places: centres of the areas; the box reaches somewhat beyond them.
            monthly_mm: what falls in each month, January first.
            programme: for its showers.
        """
        self._noise = Noise(seed, "world/rain")
        self._programme = programme
        self._west = min(place.lon for place in places)
        self._south = min(place.lat for place in places)
        self._shrink = math.cos(math.radians(self._south))
        self._east_km = (max(p.lon for p in places) - self._west) * self._shrink * _KM_DEGREE
        self._north_km = (max(p.lat for p in places) - self._south) * _KM_DEGREE
        density = _CELLS / (2.0 * math.pi * _RADIUS_KM**2)
        area = (self._east_km + 2 * _PAD_KM) * (self._north_km + 2 * _PAD_KM)
        self._cells_each = density * area
        shower = _shower_mm(places, programme.kind("shower"))
        self._mean = [
            max(mm - part * shower, _LEAST_SHARE * mm) / _HOURS_MONTH / (storms * _CELLS * _LASTS_H)
            for mm, part, storms in zip(
                monthly_mm, programme.kind("shower").months, _STORMS, strict=True
            )
        ]
        self._day = lru_cache(maxsize=256)(self._drawn)
        self._felt = lru_cache(maxsize=8_192)(self._reaching)

    def rate(self, at: Times, place: Place, span: int = 600) -> Values:
        """Give the mean rain in mm/h over the ``span`` seconds before each instant."""
        fallen = np.zeros(len(at))
        if not len(at):
            return fallen
        day = at // DAY
        first, last = int(day.min()), int(day.max())
        reach = _REACH_DAYS - (-span // DAY)
        for block in _blocks(day, reach):
            pulses = self._felt(place, block)
            if not len(pulses.start):
                continue
            # Block by block for all instants at once: each sums its own in the same order,
            # whoever it is asked with.
            if first == last:
                fallen += _overlap(pulses, at, span)
            else:
                here = (day >= block) & (day <= block + reach)
                fallen[here] += _overlap(pulses, at[here], span)
        return fallen

    def _reaching(self, place: Place, day: int) -> _Pulses:
        """Cut a storm day's cells, and its showers, down to those felt at a place."""
        cells = self._day(day)
        east = (place.lon - self._west) * self._shrink * _KM_DEGREE
        north = (place.lat - self._south) * _KM_DEGREE
        near = np.hypot(cells.east - east, cells.north - north) < cells.radius
        start, end, intensity = (column[near] for column in cells.pulses)
        extra: list[tuple[float, float, float]] = []
        for shower in self._programme.during("shower", day * DAY, day * DAY + DAY - 1):
            peak = shower.size * shower.bell(place)
            if shower.start // DAY == day and peak > 1.0:
                length = shower.end - shower.start
                extra.append((shower.start, shower.end, 0.35 * peak))
                extra.append((shower.start + 0.2 * length, shower.end - 0.2 * length, 0.65 * peak))
        if not extra:
            return _Pulses(start, end, intensity)
        more = np.array(extra).T
        return _Pulses(
            np.concatenate((start, more[0])),
            np.concatenate((end, more[1])),
            np.concatenate((intensity, more[2])),
        )

    def _drawn(self, day: int) -> _Cells:
        draw = self._noise.block("cells", day)
        of_month = int(month(np.array([day * DAY]))[0])
        storms = int(draw.poisson(24.0 * _STORMS[of_month]))
        begins = np.interp(draw.random(storms), _BY_MINUTE, np.arange(1_441.0)) * 60.0
        counts = draw.poisson(self._cells_each, storms)
        total = int(counts.sum())
        chance = draw.random((6, total))
        start = day * DAY + np.repeat(begins, counts) + exponential(chance[0], _DELAY_H * 3_600.0)
        latest = (day + _REACH_DAYS) * DAY
        end = np.minimum(start + exponential(chance[1], _LASTS_H * 3_600.0), latest)
        return _Cells(
            chance[2] * (self._east_km + 2 * _PAD_KM) - _PAD_KM,
            chance[3] * (self._north_km + 2 * _PAD_KM) - _PAD_KM,
            exponential(chance[4], _RADIUS_KM),
            _Pulses(
                np.minimum(start, latest), end, weibull(chance[5], _BURST, self._mean[of_month])
            ),
        )


def _shower_mm(places: Sequence[Place], shower: Kind) -> float:
    """Give what the programme's showers bring a place in a month in which none is left out."""
    part = np.linspace(0.0, 1.0, 11)
    size = shower.size[0] + (shower.size[1] - shower.size[0]) * part
    radius = shower.radius_km[0] + (shower.radius_km[1] - shower.radius_km[0]) * part
    away = np.array([[one.km_to(other) for one in places] for other in places])
    spread = radius**2 + _AROUND_KM**2
    bell = radius**2 / spread * np.exp(-0.5 * away[..., None] ** 2 / spread)
    hours = (shower.minutes[1] - shower.minutes[0]) / 60.0
    hours /= math.log(shower.minutes[1] / shower.minutes[0])
    each = _WHOLE_AND_MIDDLE * hours * float((size * bell).mean())
    return (shower.at_least + shower.extra) * _WEEKS_MONTH * each


def _blocks(day: Times, reach: int) -> list[int]:
    """Give the storm days, earliest first, whose rain may be felt on some days."""
    first, last = int(day.min()), int(day.max())
    if last - first <= reach:
        return list(range(first - reach, last + 1))
    found: list[int] = np.unique(np.unique(day)[:, None] - np.arange(reach + 1)).tolist()
    return found


def _overlap(pulses: _Pulses, at: Times, span: int) -> Values:
    """Give the mean of the pulses over the span before each instant, pulse by pulse."""
    total = np.zeros(len(at))
    first, last = int(at.min()) - span, int(at.max())
    for start, end, intensity in zip(*(column.tolist() for column in pulses), strict=True):
        if start < last and end > first:
            wet = np.minimum(at, end) - np.maximum(at - span, start)
            total += np.maximum(wet, 0.0) * (intensity / span)
    return total
