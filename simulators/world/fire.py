"""Fire: drought dries the forest, people burn fields, some of it gets away, and all of it smokes.

::

    days without rain ─▶ P index ─▶ level ─▶ hot-spots ─▶ forest fires
                                     └▶ ban ──┘   └▶ smoke ─▶ dust
"""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import numpy as np

from simulators.calendar import OFFSET, local_day, local_hour, seasonal
from simulators.incidents import Incident, Place
from simulators.noise import DAY, Noise, Times, Truths, Values, exponential, lognormal
from simulators.world.weather import Weather

NOON: Final = 13 * 3_600
"""Local seconds at which the day's danger is measured."""

LEVELS: Final = (1_000.0, 2_500.0, 5_000.0, 10_000.0)
"""P index from which danger is of level II, III, IV and V (Phạm Ngọc Hưng's table)."""

WET_MM: Final = 5.0
"""Rain of a day that starts the sum of the P index anew."""

BAN_AFTER: Final = 5
"""Days of level IV or V after which burning is forbidden."""

BANNED: Final = 56 / 319
"""What is left of it then: hot-spots a day in the province before and after the ban of 2024."""

TO_FOREST: Final = 2 / 1_594
"""Forest fires for a hot-spot (two in five days of 1,594)."""

_BY_LEVEL: Final = np.array([0.1, 0.35, 0.8, 1.0, 1.0])
_DANGEROUS: Final = 3
_IN_SEASON: Final = 0.05
"""Part of the season's burning below which drought makes no fires."""

_BLOCK_DAYS: Final = 32
_MEMORY_BLOCKS: Final = 3
"""Blocks of days a drought is followed back."""

_PLUME_KM: Final = 25.0
_BY_HOUR: Final = np.interp(np.arange(24) + 0.5, (0, 9, 11, 14, 17, 19, 24), (0, 0, 2, 4, 2, 0, 0))


class Fire(Weather):
    """Drought, burning and smoke."""

    def __init__(self, *args: Any, **parts: Any) -> None:  # noqa: ANN401 - as the causes
        """Make the fires; the arguments are those of the causes."""
        super().__init__(*args, **parts)
        self._burning_monthly = np.array(self.society.burning_months)
        self._seasonal_burning = lru_cache(maxsize=4_096)(
            lambda day: seasonal(np.array([day * DAY]), self._burning_monthly)[0]
        )
        self._noons = lru_cache(maxsize=4_096)(self._noon)
        self._indices = lru_cache(maxsize=16_384)(self._summed)
        self._burnt = lru_cache(maxsize=16_384)(self._burnt_on)
        self._hung = lru_cache(maxsize=16_384)(self._smoke_on)
        self._burnt_by_day = lru_cache(maxsize=256)(self._burnt_in_year)
        self._fires_on = lru_cache(maxsize=1_024)(self._drawn_fires)

    def noon(self, at: Times, place: Place) -> tuple[Values, Values, Values]:
        """Give what the last 13:00 measured: °C, saturation deficit in hPa, mm of 24 hours."""
        days = local_day(at - NOON)
        known, back = np.unique(days, return_inverse=True)
        found = np.array([self._noon_of(place, day) for day in known.tolist()]).reshape(-1, 3)
        return found[back, 0], found[back, 1], found[back, 2]

    def fire_index(self, at: Times, place: Place) -> Values:
        """Give the P index of the last 13:00: temperature times deficit, summed since rain."""
        return _by_day(self._indices, place, local_day(at - NOON))

    def burning(self, at: Times, place: Place) -> Values:
        """Give the hot-spots an hour to expect in the area a place lies in."""
        area = self.area(place)
        daily = _by_day(self._burnt, area, local_day(at))
        hour = local_hour(at).astype(np.int64)
        return np.asarray(daily * _BY_HOUR[hour] / _BY_HOUR.sum())

    def burning_banned(self, at: Times, place: Place) -> Truths:
        """Tell whether burning is forbidden in the area a place lies in."""
        area = self.area(place)
        return _by_day(self._banned, area, local_day(at)) > 0.0

    def forest_fires(self, first: int, last: int) -> list[Incident]:
        """Give the forest fires that touch [first, last]; their size is in hectares."""
        days = range((first + OFFSET) // DAY - 2, (last + OFFSET) // DAY + 1)
        return [
            fire
            for day in days
            for fire in self._fires_on(day)
            if fire.end > first and fire.start <= last
        ]

    def burnt_forest(self, at: Times, place: Place) -> Values:
        """Give the hectares of forest that burnt in a place's area since New Year."""
        area, day = self.area(place), local_day(at)
        new_year = day.astype("datetime64[D]").astype("datetime64[Y]").astype("datetime64[D]")
        row = day - new_year.astype(np.int64)
        burnt = np.zeros(len(at))
        for first in np.unique(new_year.astype(np.int64)).tolist():
            here = new_year.astype(np.int64) == first
            burnt[here] = self._burnt_by_day(area, first)[row[here]]
        return burnt

    def smoke(self, at: Times, place: Place) -> Values:
        """Give the hot-spots of the last days whose smoke hangs over a place."""
        since = at + OFFSET - NOON
        part = (since % DAY) / DAY
        day = since // DAY
        before, today = _by_day(self._hung, place, day - 1), _by_day(self._hung, place, day)
        return before + (today - before) * part

    def dust(self, at: Times, place: Place) -> Values:
        """Give fine dust (PM2.5) in µg/m³: season, rush and stoves, smoke, and what rain left."""
        hour = local_hour(at)
        rush = np.exp(-((hour - 7.5) ** 2) / 4.5) + np.exp(-((hour - 19.5) ** 2) / 6.0)
        log = np.log(seasonal(at, self._monthly["dust"])) + 0.35 * (rush - 0.4)
        log += 0.38 * self._noise.wave(at, "dust")
        log -= self.rain(at, place, 10_800) * (3.0 / 15.0)
        for smoke in self._during("smoke", at):
            log += smoke.size * smoke.bell(place) * smoke.shape(at, 0.3)
        log += 1.1 * np.tanh(self.smoke(at, place) / 40.0)
        return np.exp(log)

    def _noon(self, place: Place, block: int) -> Values:
        """Measure the noons of a block of days: °C, hPa, mm by row."""
        days = block * _BLOCK_DAYS + np.arange(_BLOCK_DAYS)
        at = days * DAY + NOON - OFFSET
        warm, damp = self.air(at, place, self.climate.elevation)
        full = 6.112 * np.exp(17.62 * warm / (243.12 + warm))
        missing = full * (1.0 - damp / 100.0)
        return np.array([warm, missing, self.rain(at, place, DAY) * 24.0])

    def _noon_of(self, place: Place, day: int) -> Values:
        return np.asarray(self._noons(place, day // _BLOCK_DAYS)[:, day % _BLOCK_DAYS])

    def _summed(self, place: Place, day: int) -> float:
        """Sum the days since the last wet one."""
        block = day // _BLOCK_DAYS
        noons = [self._noons(place, one) for one in range(block - _MEMORY_BLOCKS, block + 1)]
        warm, missing, fallen = np.concatenate(noons, axis=1)[
            :, : _MEMORY_BLOCKS * _BLOCK_DAYS + day % _BLOCK_DAYS + 1
        ]
        wet = np.flatnonzero(fallen > WET_MM)
        since = int(wet[-1]) + 1 if len(wet) else 0
        return float(np.sum(warm[since:] * missing[since:]))

    def _banned(self, area: Place, day: int) -> bool:
        return all(self._indices(area, day - back) > LEVELS[2] for back in range(1, BAN_AFTER + 1))

    def _burnt_on(self, area: Place, day: int) -> float:
        """Give the hot-spots of a local day to expect in an area; today's index is yesterday's."""
        season = float(self._seasonal_burning(day))
        usual = self.society.burning / len(self.areas) * season
        if season < _IN_SEASON:
            return usual * float(_BY_LEVEL[0])
        level = int(np.searchsorted(LEVELS, self._indices(area, day - 1)))
        banned = level >= _DANGEROUS and self._banned(area, day)
        return usual * float(_BY_LEVEL[level]) * (BANNED if banned else 1.0)

    def _burnt_in_year(self, area: Place, new_year: int) -> Values:
        """Give the hectares burnt before each day of a year."""
        burnt = np.zeros(367)
        for row in range(366):
            for fire in self._fires_on(new_year + row):
                burnt[row + 1] += fire.size if self.area(fire.place) == area else 0.0
        return np.cumsum(burnt)

    def _smoke_on(self, place: Place, day: int) -> float:
        return sum(
            self._burnt(area, day) * math.exp(-0.5 * (area.km_to(place) / _PLUME_KM) ** 2)
            for area in self.areas
        )

    def _drawn_fires(self, day: int) -> tuple[Incident, ...]:
        """Draw which of a local day's hot-spots get away into the forest."""
        noise = Noise(self.seed, "world/forest-fires").block("fires", day)
        areas = self.areas
        chance, size = noise.random((len(areas), 6)), noise.standard_normal(len(areas))
        found = []
        for area, row, normal in zip(areas, chance, size, strict=True):
            if row[0] >= 1.0 - math.exp(-self._burnt(area, day) * TO_FOREST):
                continue
            start = day * DAY - OFFSET + round(3_600.0 * (12.0 + 8.0 * row[1]))
            length = 3.0 + float(exponential(row[2:3], 6.0)[0])
            away, turn = 0.06 * math.sqrt(row[3]), 2.0 * math.pi * row[4]
            where = Place(area.lon + away * math.cos(turn), area.lat + away * math.sin(turn))
            hectares = float(lognormal(np.array([normal]), 2.0, 0.9)[0])
            end = start + round(3_600.0 * min(length, 40.0))
            found.append(Incident("forest-fire", start, end, where, 5.0, hectares, float(row[5])))
        return tuple(found)


def _by_day(of: Callable[[Place, int], float], place: Place, days: Times) -> Values:
    """Look each day up once, however many instants ask for it."""
    known, back = np.unique(days, return_inverse=True)
    return np.array([float(of(place, day)) for day in known.tolist()])[back]
