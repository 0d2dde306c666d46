"""The working calendar of a Vietnamese office: which hours of which days people work.

Local time is UTC+7 all year, so a UTC day (07:00 to 07:00) holds one whole office day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt

from ioc.core.calendar import parse_holidays, parse_new_years
from simulators.noise import DAY, Times, Truths, Values

OFFSET: Final = 7 * 3_600
"""Seconds Vietnam is ahead of UTC."""

MORNING: Final = (7.5, 11.5)
AFTERNOON: Final = (13.5, 17.0)
"""Office hours (local, decimal)."""

_EPOCH: Final = date(1970, 1, 1)
_THURSDAY: Final = 3
_FIRST_YEAR: Final = 2015
_LAST_YEAR: Final = 2060

# Load of what people use, by local hour 0..24: an office day and a day off.
_OFFICE_DAY: Final = np.array([
    .03, .02, .02, .02, .03, .06, .16, .55, .95, 1., .95, .70, .30, .55, .92, .95, .85, .45,
    .25, .26, .24, .18, .10, .05, .03,
])  # fmt: skip
_DAY_OFF: Final = np.array([
    .03, .02, .02, .02, .02, .04, .08, .12, .16, .18, .17, .14, .11, .12, .15, .16, .15, .14,
    .16, .18, .17, .13, .08, .05, .03,
])  # fmt: skip
_HOURS: Final = np.arange(25.0)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days off and office hours.

    Attributes:
        holidays: local days since 1970, in order.
        new_years: the first day of each lunar year, likewise.
    """

    holidays: npt.NDArray[np.int64]
    new_years: npt.NDArray[np.int64]

    def working_day(self, at: Times) -> Truths:
        """Tell whether the local day is one on which offices are open."""
        day = local_day(at)
        return (weekday(day) < 5) & ~self._holiday(day)

    def open(self, at: Times) -> Truths:
        """Tell whether offices are open at the instant."""
        hour = local_hour(at)
        morning = (hour >= MORNING[0]) & (hour < MORNING[1])
        afternoon = (hour >= AFTERNOON[0]) & (hour < AFTERNOON[1])
        return (morning | afternoon) & self.working_day(at)

    def open_share(self, at: Times, span: int) -> Values:
        """Give the part of the ``span`` seconds before each instant that offices were open."""
        end = local_hour(at - 1) + 1.0 / 3_600.0
        start = end - span / 3_600.0
        overlap = np.zeros(len(at))
        for opened, closed in (MORNING, AFTERNOON):
            overlap += np.clip(np.minimum(end, closed) - np.maximum(start, opened), 0.0, None)
        return overlap * 3_600.0 / span * self.working_day(at - 1)

    def activity(self, at: Times) -> Values:
        """Give the load of what people use, 0 to 1; highest on Monday mornings."""
        hour = local_hour(at)
        office = np.interp(hour, _HOURS, _OFFICE_DAY)
        monday = (weekday(local_day(at)) == 0) & (hour < 11.0)
        busy = office * np.where(monday, 1.0, 0.85)
        return np.asarray(np.where(self.working_day(at), busy, np.interp(hour, _HOURS, _DAY_OFF)))

    def from_tet(self, at: Times) -> Times:
        """Give the local days since the nearest first day of a lunar year; before it, negative."""
        day = local_day(at)
        after = np.clip(np.searchsorted(self.new_years, day), 1, len(self.new_years) - 1)
        late, early = day - self.new_years[after - 1], day - self.new_years[after]
        return np.asarray(np.where(late <= -early, late, early))

    def worked(self, at: Times | Values) -> Values:
        """Give the seconds of office hours between the calendar's first day and each instant."""
        starts, ends, before = _segments(self.holidays.tobytes())
        row = np.maximum(np.searchsorted(starts, at, side="right") - 1, 0)
        return np.asarray(before[row] + np.clip(at - starts[row], 0, ends[row] - starts[row]))

    def when_worked(self, seconds: Values) -> Values:
        """Give the instant at which so many seconds of office hours are over: inverts `worked`.

        Work that fills a half day ends when the office closes, not when it opens again.
        """
        starts, ends, before = _segments(self.holidays.tobytes())
        row = np.searchsorted(before + (ends - starts), seconds, side="left")
        row = np.minimum(row, len(starts) - 1)
        return np.asarray(starts[row] + np.maximum(seconds - before[row], 0.0))

    def _holiday(self, day: Times) -> Truths:
        place = np.minimum(np.searchsorted(self.holidays, day), len(self.holidays) - 1)
        return np.asarray(self.holidays[place] == day)


def read_calendar() -> Calendar:
    """Read the calendar from the one table of holidays, which the centre judges by too."""
    table = (files("ioc") / "sites" / "holidays.toml").read_text("utf-8")
    new_years = np.array(parse_new_years(table), np.int64)
    return Calendar(np.array(parse_holidays(table), np.int64), new_years)


@lru_cache(maxsize=4)
def _segments(holidays: bytes) -> tuple[Times, Times, Values]:
    """Give beginnings and ends of all half days of work, and the seconds worked before each."""
    first, last = date(_FIRST_YEAR, 1, 1) - _EPOCH, date(_LAST_YEAR, 1, 1) - _EPOCH
    days = np.arange(first.days, last.days)
    days = days[(weekday(days) < 5) & ~np.isin(days, np.frombuffer(holidays, np.int64))]
    midnight = days * DAY - OFFSET
    hours = np.array([MORNING, AFTERNOON])
    starts = (midnight[:, None] + (hours[:, 0] * 3_600.0).astype(np.int64)).ravel()
    ends = (midnight[:, None] + (hours[:, 1] * 3_600.0).astype(np.int64)).ravel()
    return starts, ends, np.concatenate(([0.0], np.cumsum(ends - starts)[:-1]))


def local_day(at: Times) -> Times:
    """Give the local day, counted from 1970-01-01."""
    return (at + OFFSET) // DAY


def local_hour(at: Times) -> Values:
    """Give the local time of day as hours, 0 to 24."""
    return ((at + OFFSET) % DAY) / 3_600.0


def weekday(day: Times) -> Times:
    """Give the day of the week of a local day, Monday nought."""
    return (day + _THURSDAY) % 7


def month(at: Times) -> Times:
    """Give the local month, January nought."""
    days = local_day(at).astype("datetime64[D]")
    return days.astype("datetime64[M]").astype(np.int64) % 12


def each_day(of: Callable[[Times], Values], days: Times) -> Values:
    """Work out each day once, however many instants ask for it; ``of`` may give several rows."""
    if not len(days):
        return np.asarray(of(days))
    first, last = int(days.min()), int(days.max())
    if last - first <= 4 * len(days):
        return np.asarray(of(np.arange(first, last + 1))[..., days - first])
    known, back = np.unique(days, return_inverse=True)
    return np.asarray(of(known)[..., back])


def seasonal(at: Times, monthly: Values) -> Values:
    """Interpolate twelve monthly values, each standing in the middle of its month."""
    return each_day(lambda days: _seasonal_on(days, monthly), local_day(at))


def _seasonal_on(local: Times, monthly: Values) -> Values:
    days = local.astype("datetime64[D]")
    first = days.astype("datetime64[M]")
    index = first.astype(np.int64) % 12
    part = (days - first.astype("datetime64[D]")).astype(np.float64) / 30.4 - 0.5
    other = np.where(part < 0, (index - 1) % 12, (index + 1) % 12)
    weight = np.abs(part)
    return np.asarray(monthly[index] * (1.0 - weight) + monthly[other] * weight)
