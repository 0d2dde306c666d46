"""The working calendar: when offices are open, when the next deadline falls, how long work lasts.

Vietnam keeps UTC+7 all year, so a local day is a shifted UTC day. Holidays are data
(``ioc/sites/holidays.toml``), one table for the centre and for the simulators.
"""

import tomllib
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ioc.core.words import DAY, HOUR, SECOND, Instant

Days = npt.NDArray[np.int64]

OFFSET: Final = 7 * HOUR
_EPOCH: Final = date(1970, 1, 1)
_THURSDAY: Final = 3
_SUNDAY: Final = 6
_WORKDAYS: Final = 5
_FIRST_YEAR: Final = 2015
_LAST_YEAR: Final = 2060
_LONGEST_BREAK: Final = 21
_OFFICE_ENDS: Final = 17 * HOUR

MORNING: Final = (7.5, 11.5)
AFTERNOON: Final = (13.5, 17.0)
"""Office hours (local, decimal)."""

WORKDAY: Final = round((MORNING[1] - MORNING[0] + AFTERNOON[1] - AFTERNOON[0]) * 3_600)
"""Open seconds of a working day."""


class WorkingCalendar:
    """Days on which offices are open: Monday to Friday but for holidays."""

    def __init__(self, holidays: Iterable[int] = ()) -> None:
        """Take the holidays, as local days since 1970-01-01."""
        self.holidays: Days = np.array(sorted(set(holidays)), np.int64)

    def works(self, day: Days) -> npt.NDArray[np.bool_]:
        """Tell which local days are working days."""
        return (weekday(day) < _WORKDAYS) & ~self.rests(day)

    def rests(self, day: Days) -> npt.NDArray[np.bool_]:
        """Tell which local days are public holidays."""
        if not len(self.holidays):
            return np.zeros(np.shape(day), np.bool_)
        place = np.minimum(np.searchsorted(self.holidays, day), len(self.holidays) - 1)
        return np.asarray(self.holidays[place] == day)

    def deadline(self, after: Instant, at: int, *, working: bool) -> Instant:
        """Give the first deadline whose own day begins after an instant.

        What was heard on the day of a deadline meets it; so after an observation the next one
        to be missed is that of a later day.

        Args:
            after: the newest observation.
            at: seconds after local midnight.
            working: whether only working days have one.
        """
        day = local_day(after) + 1
        days = np.arange(day, day + _LONGEST_BREAK, dtype=np.int64)
        open_days = days[self.works(days)] if working else days
        first = int(open_days[0]) if len(open_days) else day
        return first * DAY - OFFSET + at * SECOND

    def closing(self, after: Instant, days: int) -> Instant:
        """Give the end of office hours on the n-th working day after an instant's own day.

        Args:
            after: from when it is counted; its own day does not count.
            days: how many working days, 1 or more.
        """
        day = local_day(after)
        span = np.arange(day + 1, day + 2 * days + 3 * _LONGEST_BREAK, dtype=np.int64)
        open_days = span[self.works(span)]
        return int(open_days[days - 1]) * DAY - OFFSET + _OFFICE_ENDS

    def hour_of_week(self, time: Days) -> Days:
        """Give the hour of the week, 0 to 167 from Monday; a holiday is a Sunday."""
        local = time + OFFSET
        day = local // DAY
        of_week = np.where(self.rests(day), _SUNDAY, weekday(day))
        return np.asarray(of_week * 24 + local % DAY // HOUR)


class WorkingTime:
    """The seconds offices have been open, and back.

    ``W(t)`` counts open seconds from the beginning of the table; ``Winv(w)`` is the first instant
    by which w of them have passed. Segments are kept as they are and searched, never interpolated:
    a deadline that falls on the last second of an afternoon stays there, and none falls on a day
    off. Times are whole seconds since 1970.
    """

    def __init__(self, calendar: WorkingCalendar) -> None:
        """Lay out the office hours of every working day of the table."""
        first, last = (date(year, 1, 1) - _EPOCH for year in (_FIRST_YEAR, _LAST_YEAR))
        days = np.arange(first.days, last.days)
        days = days[calendar.works(days)]
        hours = np.rint(np.array([MORNING, AFTERNOON]) * 3_600.0).astype(np.int64)
        self._starts = ((days[:, None] * DAY - OFFSET) // SECOND + hours[:, 0]).ravel()
        self._lengths = np.tile(hours[:, 1] - hours[:, 0], len(days))
        self._passed = np.concatenate([[0], np.cumsum(self._lengths)])

    def worked(self, at: Days) -> Days:
        """Give W: the open seconds before each instant."""
        row = np.maximum(np.searchsorted(self._starts, at, side="right") - 1, 0)
        since = np.clip(at - self._starts[row], 0, self._lengths[row])
        return np.asarray(self._passed[row] + since)

    def reached(self, worked: Days) -> Days:
        """Give Winv: the first instant by which so many open seconds have passed."""
        row = np.searchsorted(self._passed, worked, side="left") - 1
        row = np.clip(row, 0, len(self._starts) - 1)
        return np.asarray(self._starts[row] + (worked - self._passed[row]))


def local_day(at: Instant) -> int:
    """Give the local day, counted from 1970-01-01."""
    return (at + OFFSET) // DAY


def weekday(day: Days) -> Days:
    """Give the day of the week of a local day, Monday nought."""
    return (day + _THURSDAY) % 7


def parse_holidays(text: str) -> list[int]:
    """Read the table of holidays: ``fixed`` (month-day), ``tet`` (first days), ``hung_kings``.

    Returns:
        Local days since 1970-01-01.
    """
    table: dict[str, Any] = tomllib.loads(text)
    days: set[date] = set(table["hung_kings"])
    for year in range(_FIRST_YEAR, _LAST_YEAR):
        days.update(date.fromisoformat(f"{year}-{day}") for day in table["fixed"])
    for first in table["tet"]:
        days.update(first + timedelta(days=n) for n in range(-1, 4))
    return sorted((day - _EPOCH).days for day in days)


def parse_new_years(text: str) -> list[int]:
    """Read the first days of the lunar years, as local days since 1970-01-01."""
    return sorted((day - _EPOCH).days for day in tomllib.loads(text)["tet"])
