"""People: feasts and visitors, an epidemic, who is at work, and who suffers from what."""

from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np

from ioc.core.calendar import weekday
from simulators.calendar import OFFSET, each_day, local_day, local_hour, seasonal
from simulators.epidemic import outbreak
from simulators.incidents import Place
from simulators.noise import DAY, Noise, Times, Values
from simulators.world.lines import Lines

REPRODUCTION: Final = 2.5
"""People one ill person would infect where nobody is immune."""

REPORTED: Final = 0.135
"""Part of the infections that is tested and reported."""

_CUT_OFF: Final = 16 * 3_600
"""Local seconds at which the day's cases are told."""

_TESTED_AFTER: Final = 2
_IN_HOSPITAL: Final = 0.08
_HOSPITAL_DAYS: Final = 8
_SEASON_DAYS: Final = 366
_SEASON_STARTS: Final = "07-01"
_WEEK: Final = np.array([1.1, 1.05, 1.0, 1.0, 1.0, 0.95, 0.9])
_TRAVEL: Final = np.array([0.85, 0.8, 0.85, 0.95, 1.15, 1.3, 1.1])
_SQUARE_KM: Final = 6.0


class Epidemic(NamedTuple):
    """How an epidemic stands.

    Attributes:
        cases: reported in the province on the last day that was told (at 16:00).
        ill: part of the people who are infectious.
        in_hospital: people in the province's hospitals because of it.
    """

    cases: Values
    ill: Values
    in_hospital: Values


class Affected(NamedTuple):
    """Parts of the people around a place, 0 to 1, who suffer from each trouble."""

    power: Values
    signal: Values
    road: Values
    flood: Values
    smoke: Values

    @property
    def share(self) -> Values:
        """Give the part that suffers from any of them."""
        spared = np.ones(len(self.power))
        for part in self:
            spared = spared * (1.0 - part)
        return np.asarray(1.0 - spared)


class People(Lines):
    """The province's people and those who come to see it."""

    def __init__(self, *args: Any, **parts: Any) -> None:  # noqa: ANN401 - as the causes
        """Make the people; the arguments are those of the causes."""
        super().__init__(*args, **parts)
        self._seasons = lru_cache(maxsize=8)(self._season)

    def visitors(self, at: Times) -> Values:
        """Give the visitors who are in the province."""
        day, part = local_day(at), local_hour(at) / 24.0
        stay = self.society.stay_days
        present = self.arrivals(day) * part + self.arrivals(day - stay) * (1.0 - part)
        for back in range(1, stay):
            present = present + self.arrivals(day - back)
        return np.asarray(present)

    def arrivals(self, day: Times) -> Values:
        """Give the visitors who arrive on a local day: season, weekend, feasts, fear of illness."""
        return each_day(self._arriving, day)

    def _arriving(self, day: Times) -> Values:
        at = np.asarray(day * DAY - OFFSET + DAY // 2)
        usual = self.society.arrivals * seasonal(at, np.array(self.society.months))
        usual = usual * _TRAVEL[weekday(day)] * np.exp(0.12 * self._noise.wave(at, "travel"))
        return np.asarray(usual * self._feast(day) * np.exp(-25.0 * self.epidemic(at).ill))

    def gathering(self, at: Times, place: Place) -> Values:
        """Give the factor on what moves and calls at a place: the opening evening of a feast."""
        factor = np.ones(len(at))
        near = np.exp(-0.5 * (self.seat.km_to(place) / _SQUARE_KM) ** 2)
        day, hour = local_day(at), local_hour(at)
        for feast in self.society.festivals:
            if feast.opening < 0:
                continue
            begins, ends = feast.evening
            inside = np.minimum(hour - begins + 1.5, ends + 0.75 - hour)
            swell = np.clip(inside / 0.75, 0.0, 1.0)
            here = np.isin(day, _begins(feast.first, day) + feast.opening)
            factor = factor + np.where(here, (feast.crowd - 1.0) * swell * near, 0.0)
        return factor

    def epidemic(self, at: Times) -> Epidemic:
        """Give how the epidemic of the season stands; see `Epidemic`."""
        return Epidemic(*each_day(self._told_on, local_day(at - _CUT_OFF)))

    def _told_on(self, day: Times) -> Values:
        """Give what is told on local days; rows as those of a season."""
        found = np.zeros((3, len(day)))
        season = _season_of(day)
        for year in np.unique(season).tolist():
            here = season == year
            row = np.minimum(day[here] - _first_day(year), _SEASON_DAYS - 1)
            found[:, here] = self._seasons(year)[:, row]
        return found

    def staff(self, at: Times, place: Place) -> Values:
        """Give the part of the officials who are at work while their office is open."""
        away = np.abs(self.calendar.from_tet(at) + 0.5)
        leave = 0.3 * np.clip(1.0 - (away - 4.0) / 8.0, 0.0, 1.0)
        stuck = np.where(self.road_closed(at, place), 0.25, 0.0)
        well = 1.0 - np.minimum(1.5 * self.epidemic(at).ill, 0.4)
        return np.asarray(0.96 * (1.0 - leave) * (1.0 - stuck) * well)

    def affected(self, at: Times, place: Place) -> Affected:
        """Give who around a place suffers from what; see `Affected`."""
        return Affected(
            power=np.where(self.mains_lost(at, place) > 0.0, 0.8, 0.0),
            signal=np.where(self.fibre_lost(at, place) > 0.0, 0.4, 0.0),
            road=np.where(self.road_closed(at, place), 0.3, 0.0),
            flood=np.clip(0.5 * (self.flood(at, place) - 1.0), 0.0, 0.6),
            smoke=np.clip((self.dust(at, place) - 100.0) / 300.0, 0.0, 0.5),
        )

    def crowd(self, at: Times, place: Place) -> Values:
        """Give the factor on the people who come to the counters."""
        factor = np.ones(len(at))
        for busy in self._during("busy-counters", at):
            if busy.reaches(place):
                factor += (busy.size - 1.0) * busy.shape(at, 0.15)
        return factor

    def _feast(self, day: Times) -> Values:
        """Give the factor on arrivals: the province's feasts, and the days around Tết."""
        factor = np.ones(len(day))
        for feast in self.society.festivals:
            first = _begins(feast.first, day)
            factor = np.where((day >= first) & (day < first + feast.days), feast.visitors, factor)
        since = self.calendar.from_tet(day * DAY - OFFSET)
        return np.where((since >= 1) & (since <= 6), 1.8 * factor, factor)

    def _season(self, year: int) -> Values:
        """Run one season's epidemic whole; rows: cases reported, part ill, people in hospital."""
        draw = Noise(self.seed, "world/epidemic").block("season", year)
        when, how_many = draw.random(2)
        start, share = int(80 + 150 * when), 0.01 + 0.05 * how_many
        first = _first_day(year)
        for told, reach in self.society.waves.items():
            known = int(np.datetime64(told, "D").astype(np.int64)) - first
            if 0 <= known < _SEASON_DAYS:
                start, share = known, reach
        people = round(self.society.people * share)
        new, ill = outbreak(draw, people, max(people // 10_000, 3), _SEASON_DAYS, REPRODUCTION)
        week = _WEEK[weekday(np.arange(first, first + _SEASON_DAYS))]
        found = draw.binomial(_later(new, start + _TESTED_AFTER), np.minimum(REPORTED * week, 1.0))
        stays = np.convolve(found, np.ones(_HOSPITAL_DAYS))[:_SEASON_DAYS] * _IN_HOSPITAL
        return np.array([found, _later(ill, start) / self.society.people, stays])


def _later(series: Times, days: int) -> Times:
    return np.concatenate([np.zeros(days, np.int64), series])[: len(series)]


def _begins(month_day: str, day: Times) -> Times:
    """Give the local day of a date in each day's own year."""
    years = day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    known, back = np.unique(years, return_inverse=True)
    first = [int(np.datetime64(f"{year}-{month_day}", "D").astype(np.int64)) for year in known]
    return np.array(first, np.int64)[back]


def _first_day(year: int) -> int:
    return int(np.datetime64(f"{year}-{_SEASON_STARTS}", "D").astype(np.int64))


def _season_of(day: Times) -> Times:
    years = day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return np.asarray(np.where(day >= _begins(_SEASON_STARTS, day), years, years - 1))
