"""Business of any kind at a desk: requests, calls, papers, tasks, each led along a path of states.

::

    arrivals of a week ─▶ path: leg by leg, in office hours or around the clock ─▶ columns
                                  └─▶ now and then out by an exit

`Desk` is the declaration of one such business; its steps and its counters are cut from the same
columns (`simulators.cases`). Dossiers have a module of their own: the law knows their states.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np

from ioc.core.calendar import WORKDAY
from simulators.calendar import OFFSET, Calendar
from simulators.cases import NEVER, WEEK, counted, identity, remembered, standing, when
from simulators.noise import DAY, Noise, Times, Values, poisson
from simulators.records import Business, Step, business
from simulators.registry import Subject
from simulators.world import World
from simulators.world.people import Affected

SLOT: Final = 900
SLOTS: Final = WEEK // SLOT
CHANCES: Final = 8
"""Uniform numbers each case has for what its kind decides about it."""

_KM_DEGREE: Final = 111.0


class Leg(NamedTuple):
    """One state of a path.

    Attributes:
        state: the state reached.
        median: seconds since the state before; of office hours where the desk keeps them.
        sigma: of their logarithm.
        exit: the state some reach instead, and go no further.
        leaves: chance of that.
    """

    state: str
    median: float = 0.0
    sigma: float = 0.6
    exit: str = ""
    leaves: float = 0.0


class Cases(NamedTuple):
    """Cases as columns, a row each: seconds, or `NEVER`.

    Attributes:
        number: counted within the week they began in.
        week: that week.
        reached: when each state was, by the state's name.
        due: by when the last leg must be reached.
        chance: uniform numbers, a row of `CHANCES` each.
    """

    number: Times
    week: Times
    reached: Mapping[str, Times]
    due: Times
    chance: Values

    @property
    def began(self) -> Times:
        """Give when each began."""
        return next(iter(self.reached.values()))

    def ended(self, *states: str) -> Times:
        """Give when each reached the first of some states."""
        found = np.full(len(self.number), NEVER)
        for state in states:
            found = np.minimum(found, self.reached[state])
        return found


Arrivals = Callable[[int, np.random.Generator, Noise, Subject, World], Times]
"""Gives the beginnings drawn for a week, in any order; some may fall into the next."""

Told = Callable[[Cases, int, Subject], Mapping[str, Any]]
"""Gives what a record tells of a case beside its states."""

Limit = Callable[[Times, Values, Calendar], Times]
"""Gives the deadlines of cases by their beginnings and chances."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The declaration of a business; see the module.

    Attributes:
        type: of its records.
        path: its legs, the first being how a case begins.
        arrivals: draws the beginnings of a week.
        limit: gives the deadlines.
        tells: what a record tells beside.
        office: whether legs are reckoned in office hours.
        weeks: how many weeks a case lasts at the most.
        spread_km: how far around its thing a case has its place; nought: it has none.
        done: the state by which the deadline must be met; the path's end where none is named.
    """

    type: str
    path: tuple[Leg, ...]
    arrivals: Arrivals
    limit: Limit
    tells: Told = lambda cases, row, thing: {}
    office: bool = True
    weeks: int = 4
    spread_km: float = 0.0
    done: str = ""

    @property
    def states(self) -> tuple[str, ...]:
        """Give all states, the beginning first."""
        exits = [leg.exit for leg in self.path if leg.exit]
        return tuple(dict.fromkeys([*(leg.state for leg in self.path), *exits]))

    @property
    def finish(self) -> str:
        """Give the state in which a case is done."""
        return self.done or self.path[-1].state

    def follows(self) -> dict[str, tuple[str, ...]]:
        """Give which states may come after each."""
        table: dict[str, tuple[str, ...]] = dict.fromkeys(self.states, ())
        for before, leg in zip(self.path, self.path[1:], strict=False):
            table[before.state] = (leg.state, leg.exit) if leg.exit else (leg.state,)
        return table

    def declared(self, *, vi: str, en: str) -> Business:
        """Give the declaration of its records."""
        return business(self.type, vi=vi, en=en, follows=self.follows(), steps=self.steps)

    def of_week(self, week: int, thing: Subject, world: World) -> Cases:
        """Give the cases that may still move in a week."""
        key = ("cases", self.type, week, *identity(thing))
        return remembered(world, key, lambda: self._joined(week, thing, world))

    def steps(self, day: int, noise: Noise, thing: Subject, world: World) -> Iterable[Step]:
        """Give the steps that fall into a UTC day."""
        del noise  # the columns are drawn from the thing's
        cases = self.of_week(day * DAY // WEEK, thing, world)
        for state, moments in cases.reached.items():
            inside = (moments >= day * DAY) & (moments < (day + 1) * DAY)
            for row in np.flatnonzero(inside).tolist():
                yield self._step(cases, row, int(moments[row]), state, thing)

    def counters(self, at: Times, span: int, cases: Cases) -> dict[str, Values]:
        """Give what most kinds count: begun, done, done in time, open, overdue."""
        done = cases.reached[self.finish]
        over = cases.ended(self.finish, *(leg.exit for leg in self.path if leg.exit))
        return {
            "begun": counted(at, span, np.sort(cases.began)),
            "done": counted(at, span, when(done, done > 0)),
            "in-time": counted(at, span, when(done, done <= cases.due)),
            "open": standing(at, cases.began, over),
            "overdue": standing(at, np.where(cases.due < over, cases.due, NEVER), over),
        }

    def _joined(self, week: int, thing: Subject, world: World) -> Cases:
        blocks = [self._block(one, thing, world) for one in range(week - self.weeks, week + 1)]
        reached = {
            state: np.concatenate([one.reached[state] for one in blocks]) for state in self.states
        }
        parts = zip(*((one.number, one.week, one.due, one.chance) for one in blocks), strict=True)
        number, weeks, due, chance = (np.concatenate(part) for part in parts)
        return Cases(number, weeks, reached, due, chance)

    def _block(self, week: int, thing: Subject, world: World) -> Cases:
        key = ("desk", self.type, week, *identity(thing))
        return remembered(world, key, partial(self._drawn, week, thing, world))

    def _drawn(self, week: int, thing: Subject, world: World) -> Cases:
        noise = Noise(world.seed, thing.id)
        draw = noise.block(self.type, week)
        began = np.sort(self.arrivals(week, draw, noise, thing, world).astype(np.int64))
        count = len(began)
        chance = draw.random((count, CHANCES))
        reached = {state: np.full(count, NEVER) for state in self.states}
        reached[self.path[0].state] = began
        clock, at, goes_on = world.calendar, began, np.ones(count, np.bool_)
        for leg in self.path[1:]:
            lasts = 1 + (leg.median * np.exp(leg.sigma * draw.standard_normal(count))).astype(
                np.int64
            )
            at = _later(clock, at, lasts) if self.office else at + lasts
            leaves = goes_on & (draw.random(count) < leg.leaves)
            if leg.exit:
                reached[leg.exit] = np.where(leaves, at, reached[leg.exit])
            goes_on &= ~leaves
            reached[leg.state] = np.where(goes_on, at, NEVER)
        return Cases(
            number=np.arange(1, count + 1),
            week=np.full(count, week),
            reached=reached,
            due=self.limit(began, chance, clock),
            chance=chance,
        )

    def _step(self, cases: Cases, row: int, at: int, state: str, thing: Subject) -> Step:
        day = date(1970, 1, 1) + timedelta(days=int(cases.week[row]) * 7)
        due = int(cases.due[row])
        return Step(
            id=f"{self.type}-{thing.id}-{day:%y%m%d}-{int(cases.number[row]):04d}",
            at=at,
            state=state,
            agency=str(thing.settings.get("agency", thing.id)),
            due=due if due < NEVER else None,
            location=self._place(cases, row, thing),
            data=self.tells(cases, row, thing),
        )

    def _place(self, cases: Cases, row: int, thing: Subject) -> tuple[float, float] | None:
        if not self.spread_km:
            return None
        turn, far = 2.0 * np.pi * cases.chance[row, 0], self.spread_km * cases.chance[row, 1] ** 0.5
        return (
            round(thing.place.lon + float(far * np.cos(turn)) / _KM_DEGREE, 5),
            round(thing.place.lat + float(far * np.sin(turn)) / _KM_DEGREE, 5),
        )


def _later(calendar: Calendar, at: Times, lasts: Times) -> Times:
    """Give the instants so many office seconds later; strictly later."""
    return np.maximum(calendar.reached(calendar.worked(at) + lasts), at + 1)


def working_days(days: int) -> Limit:
    """Give deadlines of so many working days."""

    def limit(began: Times, chance: Values, calendar: Calendar) -> Times:
        del chance
        return calendar.reached(calendar.worked(began) + days * WORKDAY)

    return limit


def hours(most: float) -> Limit:
    """Give deadlines of so many hours around the clock."""

    def limit(began: Times, chance: Values, calendar: Calendar) -> Times:
        del chance, calendar
        return began + round(most * 3_600)

    return limit


def ends_of(week: int) -> Times:
    """Give the ends of a week's slots."""
    return week * WEEK + (np.arange(SLOTS) + 1) * SLOT


def scattered(week: int, means: Values, draw: np.random.Generator) -> Times:
    """Draw beginnings of given means by slot, each anywhere within its slot."""
    counts = poisson(draw.random(SLOTS), means).astype(np.int64)
    starts = np.repeat(ends_of(week) - SLOT, counts)
    return np.asarray(starts + (draw.random(len(starts)) * SLOT).astype(np.int64))


def clustered(first: Times, each: float, mean_s: float, draw: np.random.Generator) -> Times:
    """Add the calls that calls bring: a Hawkes process by generations of children.

    Args:
        first: the immigrants.
        each: mean number of children of a call, below 1; the mean of all is that of the
            immigrants divided by (1 - each).
        mean_s: mean seconds between a call and its child.
        draw: what to draw from.
    """
    found, parents = [first], first
    while len(parents):
        children = np.repeat(parents, draw.poisson(each, len(parents)))
        parents = children + 1 + draw.exponential(mean_s, len(children)).astype(np.int64)
        found.append(parents)
    return np.concatenate(found)


def office_slots(week: int, world: World) -> Values:
    """Give the part of a working day that falls into each slot of a week."""
    return np.asarray(world.calendar.open_share(ends_of(week), SLOT) * SLOT / WORKDAY)


def at_five(day: Times) -> Times:
    """Give 17:00 of local days."""
    return np.asarray(day * DAY - OFFSET + 17 * 3_600)


def suffering(week: int, thing: Subject, world: World) -> Affected:
    """Give who around a thing suffers from what, by the slots of a week."""
    key = ("suffering", week, thing.place)
    return remembered(world, key, lambda: world.affected(ends_of(week), thing.place))
