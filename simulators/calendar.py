"""What people do by the hour and the day: office hours, the load of what they use, Tết.

Which days are working days, and what working time is, the centre's calendar says
(`ioc.core.calendar`); here it is asked by arrays of seconds. Local time is UTC+7 all year, so a UTC
day (07:00 to 07:00) holds one whole office day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt

from ioc.core.calendar import (
    AFTERNOON,
    MORNING,
    WorkingCalendar,
    WorkingTime,
    parse_holidays,
    parse_new_years,
    weekday,
)
from simulators.noise import DAY, Times, Truths, Values

OFFSET: Final = 7 * 3_600
"""Seconds Vietnam is ahead of UTC."""

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
        days: which of them are working days.
        time: the seconds offices are open.
        new_years: the first day of each lunar year, as local days since 1970, in order.
    """

    days: WorkingCalendar
    time: WorkingTime
    new_years: npt.NDArray[np.int64]

    def working_day(self, at: Times) -> Truths:
        """Tell whether the local day is one on which offices are open."""
        return self.days.works(local_day(at))

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

    def worked(self, at: Times) -> Times:
        """Give the seconds of office hours before each instant."""
        return self.time.worked(at)

    def reached(self, worked: Times) -> Times:
        """Give the instant at which so many seconds of office hours are over: inverts `worked`.

        Work that fills a half day ends when the office closes, not when it opens again.
        """
        return self.time.reached(worked)


def read_calendar() -> Calendar:
    """Read the calendar from the one table of holidays, which the centre judges by too."""
    table = (files("ioc") / "sites" / "holidays.toml").read_text("utf-8")
    new_years = np.array(parse_new_years(table), np.int64)
    days = WorkingCalendar(parse_holidays(table))
    return Calendar(days, WorkingTime(days), new_years)


def local_day(at: Times) -> Times:
    """Give the local day, counted from 1970-01-01."""
    return (at + OFFSET) // DAY


def local_hour(at: Times) -> Values:
    """Give the local time of day as hours, 0 to 24."""
    return ((at + OFFSET) % DAY) / 3_600.0


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
