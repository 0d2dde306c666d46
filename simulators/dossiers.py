"""Dossiers of a one-stop shop, from the applicant's number to the result in hand.

::

    filed ─▶ counter (c desks) ─▶ accepted ─▶ in process ─▶ finished ─▶ returned
      └─▶ refused                  due: so many working days after it

Everything is reckoned in the shop's pace: the working seconds a desk really gets done, fewer while
the mains or the LGSP are away and in the first days after a long holiday. A dossier takes
SLA · m · exp(σ z) of them with m = exp(-1.83 σ), so that Φ(1.83) = 96.64 % would be on time at full
pace; what is lost to slower hours is made good by a slightly smaller m. Deadlines run in nominal
working time, and stand still while the applicant owes papers.

A week of filings is a canonical block. What happens in a week comes from the blocks of the quarter
before it, which the longest limits reach.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import partial
from heapq import heapreplace
from typing import Any, Final, NamedTuple

import numpy as np

from ioc.core.calendar import WORKDAY, weekday
from simulators.calendar import Calendar, local_day, local_hour
from simulators.cases import NEVER, WEEK, identity, remembered
from simulators.noise import DAY, Noise, Times, Truths, Values, gamma, poisson
from simulators.records import Step
from simulators.registry import Subject
from simulators.world import World

SLOT: Final = 900
SLOTS: Final = WEEK // SLOT
OPEN_SLOTS: Final = WORKDAY / SLOT

YEARLY: Final = 96_000.0
"""The province's dossiers of 2020 (S3)."""

GROWTH: Final = 1.0514
"""A year: so that the 16 months from 2021 to 30 April 2022 give S2's 133,370. When S2's count
begins is not said; that it is 2021 is an assumption."""

_GROWS: Final = (18_262, 19_112)
"""1 January 2020 and 30 April 2022: from where to where the volume grows."""

WORKING_DAYS: Final = 252.0
"""Of a year."""

BUSY: Final = 1.05
"""What days of campaigns and deadlines add to the year's volume."""

ONLINE: Final = 0.25
"""Part of the dossiers accepted that was filed online (S2, levels 3 and 4)."""

AFTER_HOURS: Final = 0.15
"""Part of what is filed online that comes while the offices are closed."""

BY_POST: Final = 0.03
REFUSED_ONLINE: Final = 0.03
REFUSED_AT_THE_DESK: Final = 0.01
WITHDRAWN: Final = 0.006
STOPPED: Final = 0.004
SUPPLEMENTED: Final = 0.04
PAYS_LATER: Final = 0.35
"""Part of the dossiers with a fee that learn of it only in process."""

SIGMA: Final = 0.5
ON_TIME: Final = 1.83
"""Standard deviations between the usual duration and the limit: Φ(1.83) = 96.64 %."""

SPARED: Final = 0.08
"""By how many of them desks are quicker, for what slow hours cost."""

VISITS: Final = 8.0
"""People at the counters for each dossier brought there: they ask, pay, certify, collect."""

TURN_S: Final = 600.0
"""Seconds a counter spends on one of them."""

PATIENCE_S: Final = 7_200.0
"""Mean working seconds after which those who brought no dossier turn away."""

AWAY: Final = -1
"""The turn of one who did not stay."""

STAFF: Final = 0.96
"""Part of the officials who are at work on a usual day: the pace desks have is theirs."""

LOOK_BACK: Final = 13
"""Weeks a dossier lasts at the most."""

_MOST_LATE_DAYS: Final = 10.0
_MORNING: Final = 1.18
_WEEKDAYS: Final = np.array([1.14, 1.02, 1.0, 0.96, 0.88, 0.0, 0.0])


class Procedure(NamedTuple):
    """A group of procedures with one limit; fees and eligibility are illustrative."""

    field: str
    days: float
    weight: float
    fee: float
    eligible: float


PROCEDURES: Final = (
    Procedure("certification", 0.5, 0.13, 0.90, 0.55),
    Procedure("civil-status", 0.5, 0.09, 0.35, 0.95),
    Procedure("residence", 1.0, 0.12, 0.30, 0.95),
    Procedure("household-business", 1.0, 0.08, 0.80, 0.95),
    Procedure("enterprise", 3.0, 0.08, 0.75, 0.97),
    Procedure("transport", 3.0, 0.10, 0.85, 0.85),
    Procedure("social-protection", 5.0, 0.12, 0.00, 0.75),
    Procedure("labour", 7.0, 0.08, 0.10, 0.85),
    Procedure("health", 10.0, 0.04, 0.55, 0.70),
    Procedure("education", 10.0, 0.04, 0.05, 0.85),
    Procedure("land", 15.0, 0.07, 0.70, 0.45),
    Procedure("construction", 20.0, 0.03, 0.65, 0.70),
    Procedure("land-certificate", 30.0, 0.02, 0.75, 0.35),
)
"""The limits have the shares of simulation.md 1.12; the fields are examples of each."""

_DAYS: Final = np.array([one.days for one in PROCEDURES])
_WEIGHTS: Final = np.cumsum([one.weight for one in PROCEDURES])
_FEES: Final = np.array([one.fee for one in PROCEDURES])
_ELIGIBLE: Final = np.array([one.eligible for one in PROCEDURES])

DESK, ONLINE_CHANNEL, POST = 1, 2, 3
"""Channels, as the national portal numbers them."""

CODES: Final = {
    "registered": 1,
    "accepted": 2,
    "refused": 3,
    "in-process": 4,
    "supplement-asked": 5,
    "payment-due": 6,
    "withdrawn": 7,
    "stopped": 8,
    "finished": 9,
    "returned": 10,
}
"""The national codes of a dossier's states."""

FOLLOWS: Final[Mapping[str, tuple[str, ...]]] = {
    "registered": ("accepted", "refused", "withdrawn"),
    "accepted": ("in-process", "withdrawn"),
    "refused": (),
    "in-process": ("supplement-asked", "payment-due", "stopped", "finished", "withdrawn"),
    "supplement-asked": ("in-process", "withdrawn", "stopped"),
    "payment-due": ("in-process", "stopped"),
    "withdrawn": (),
    "stopped": (),
    "finished": ("returned",),
    "returned": (),
}
"""The legal transitions: 1→2|3, 2→4, 4→5|6|8|9, 5→4|7|8, 6→4|8, 9→10, {1,2,4}→7."""

MOMENTS: Final = (
    ("filed", "registered"),
    ("accepted", "accepted"),
    ("refused", "refused"),
    ("started", "in-process"),
    ("asked", "supplement-asked"),
    ("supplied", "in-process"),
    ("billed", "payment-due"),
    ("paid", "in-process"),
    ("withdrawn", "withdrawn"),
    ("stopped", "stopped"),
    ("finished", "finished"),
    ("returned", "returned"),
)
"""Columns of a dossier, in order, and the state each leads to."""

QUALITIES: Final = {
    "electronic": 0.72,
    "digitised": 0.70,
    "reused": 0.34,
    "stored": 0.12,
    "synced": 0.985,
    "linked": 0.62,
    "certified": 0.55,
    "rated": 0.45,
    "satisfied": 0.955,
    "pays-online": 0.48,
    "full-online": 0.90,
}
"""Chances of what the public-service index asks about; illustrative, ±6 points by shop."""


class Dossiers(NamedTuple):
    """Dossiers as columns, a row each: seconds, or `NEVER`."""

    number: Times
    procedure: Times
    channel: Times
    filed: Times
    accepted: Times
    refused: Times
    started: Times
    asked: Times
    supplied: Times
    billed: Times
    paid: Times
    withdrawn: Times
    stopped: Times
    finished: Times
    returned: Times
    first_due: Times
    due: Times
    fee: Truths
    eligible: Truths
    chance: Values

    @property
    def ended(self) -> Times:
        """Give when each left the desks, for whatever reason."""
        return np.minimum(np.minimum(self.finished, self.stopped), self.withdrawn)

    @property
    def on_time(self) -> Truths:
        """Tell which were finished by their deadline."""
        return (self.finished < NEVER) & (self.finished <= self.due)

    def has(self, quality: str) -> Truths:
        """Tell which have a quality of `QUALITIES`."""
        return self.chance[:, list(QUALITIES).index(quality)] > 0.0


class Counters(NamedTuple):
    """People of a week at the counters: when each came, and when their turn was (seconds)."""

    came: Times
    turn: Times


def volume(at: Times) -> Values:
    """Give the province's dossiers of a working day."""
    years = (np.clip(local_day(at), *_GROWS) - _GROWS[0] - 183.0) / 365.25
    return np.asarray(YEARLY / (WORKING_DAYS * BUSY) * GROWTH**years)


def of_week(week: int, thing: Subject, world: World) -> Dossiers:
    """Give the dossiers that may still move in a week: those filed in it and before."""
    blocks = range(week - LOOK_BACK, week + 1)

    def joined() -> Dossiers:
        parts = [filed_in(block, thing, world)[0] for block in blocks]
        return Dossiers(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))

    return remembered(world, ("dossiers", week, *identity(thing)), joined)


def filed_in(week: int, thing: Subject, world: World) -> tuple[Dossiers, Counters]:
    """Give the dossiers filed in a week, and the people at the counters; a canonical block."""
    key = ("filed", week, *identity(thing))
    return remembered(world, key, partial(_drawn, week, thing, world))


def steps(day: int, noise: Noise, thing: Subject, world: World) -> Iterable[Step]:
    """Give the steps of a UTC day; a dossier is known by its shop, its day and its number."""
    del noise  # the columns are drawn from the thing's
    dossiers = of_week(day * DAY // WEEK, thing, world)
    first, last = day * DAY, (day + 1) * DAY
    for column, state in MOMENTS:
        moments: Times = getattr(dossiers, column)
        for row in np.flatnonzero((moments >= first) & (moments < last)).tolist():
            yield _step(dossiers, row, int(moments[row]), state, thing)


# -- the shop's pace -----------------------------------------------------------------------------


class _Pace:
    """Working seconds really got done since the beginning of a week, in whole numbers."""

    def __init__(self, week: int, thing: Subject, world: World) -> None:
        weeks = range(week, week + LOOK_BACK + 1)
        self._start = week * WEEK
        self._done = np.concatenate([_done(one, thing, world) for one in weeks])
        self._passed = np.concatenate([[0], np.cumsum(self._done)])

    def at(self, moment: Times) -> Times:
        """Give what has been done by each instant."""
        since = moment - self._start
        slot = np.clip(since // SLOT, 0, len(self._done) - 1)
        part = np.clip(since - slot * SLOT, 0, SLOT)
        return np.asarray(self._passed[slot] + self._done[slot] * part // SLOT)

    def reached(self, done: Times) -> Times:
        """Give the first instant by which so much has been done; inside office hours."""
        slot = np.searchsorted(self._passed, np.minimum(done, self._passed[-1]), side="left") - 1
        slot = np.maximum(slot, 0)
        rest = np.minimum(done, self._passed[-1]) - self._passed[slot]
        rate = np.maximum(self._done[slot], 1)
        return np.asarray(self._start + slot * SLOT + -(-rest * SLOT // rate))


def _done(week: int, thing: Subject, world: World) -> Times:
    """Give the working seconds got done in each slot of a week."""

    def drawn() -> Times:
        ends = week * WEEK + (np.arange(SLOTS) + 1) * SLOT
        speed = np.where(world.mains_lost(ends, thing.place) > 0.0, 0.3, 1.0)
        speed = speed * _shared_speed(week, world) * world.staff(ends, thing.place) / STAFF
        return np.rint(world.calendar.open_share(ends, SLOT) * SLOT * speed).astype(np.int64)

    return remembered(world, ("pace", week, thing.place), drawn)


def _shared_speed(week: int, world: World) -> Values:
    def drawn() -> Values:
        ends = week * WEEK + (np.arange(SLOTS) + 1) * SLOT
        return np.where(world.bus("lgsp", ends).up, 1.0, 0.25)

    return remembered(world, ("shared pace", week), drawn)


# -- a week of filings ---------------------------------------------------------------------------


def _drawn(week: int, thing: Subject, world: World) -> tuple[Dossiers, Counters]:
    noise = Noise(world.seed, thing.id)
    pace = _Pace(week, thing, world)
    filed, channel = _filings(week, noise, thing, world)
    chance = noise.block("dossiers", week).random((len(filed), 10))
    normal = noise.block("durations", week).standard_normal((len(filed), 4))
    desk = channel == DESK
    counters, served = _queue(week, filed[desk], noise, thing, world, pace)
    quick = 0.06 * (noise.constant("quick") - 0.5)
    checked = pace.at(filed) + _seconds(np.where(channel == POST, 7_200.0, 3_600.0), normal[:, 0])
    checked[desk] = served
    refuse = np.where(channel == ONLINE_CHANNEL, REFUSED_ONLINE, REFUSED_AT_THE_DESK)
    out = chance[:, 0] < refuse
    dossiers = _processed(filed, channel, checked, out, quick, chance, normal, pace, world.calendar)
    qualities = noise.block("qualities", week).random((len(filed), len(QUALITIES)))
    usual = np.array(list(QUALITIES.values()))
    own = np.array([noise.constant(f"quality/{name}") - 0.5 for name in QUALITIES])
    level = np.clip(usual + 0.12 * own * np.minimum(1.0, 8.0 * (1.0 - usual)), 0.0, 1.0)
    days = filed // DAY
    number = np.arange(len(filed)) - np.searchsorted(days, days, side="left") + 1
    return dossiers._replace(number=number, chance=level - qualities), counters


def _filings(week: int, noise: Noise, thing: Subject, world: World) -> tuple[Times, Times]:
    """Draw when and how dossiers are filed, in order of time."""
    starts = week * WEEK + np.arange(SLOTS) * SLOT
    ends = starts + SLOT
    daily = volume(ends) * thing.number("share", 0.03)
    office, busy = _office(ends, world), gamma(noise.normal(starts, "day", DAY), 40.0, 1.0)
    crowd = world.crowd(ends, thing.place)
    online = ONLINE / (1.0 - REFUSED_ONLINE)
    brought = (1.0 - ONLINE) / (1.0 - REFUSED_AT_THE_DESK)
    closed = world.calendar.open_share(ends, SLOT) <= 0.0
    quiet = AFTER_HOURS * np.where(closed, 1.0 / (SLOTS / 5.0 - OPEN_SLOTS), 0.0)
    means = np.stack([
        daily * office * busy * crowd * brought * (1.0 - BY_POST),
        daily * online * (office * busy * crowd * (1.0 - AFTER_HOURS) + quiet),
        daily * office * busy * brought * BY_POST,
    ])  # fmt: skip
    draw = noise.block("filings", week)
    counts = np.stack([poisson(draw.random(SLOTS), mean) for mean in means]).astype(np.int64)
    filed = np.repeat(np.tile(starts, 3), counts.ravel())
    filed = filed + (draw.random(len(filed)) * SLOT).astype(np.int64)
    channel = np.repeat(np.array([DESK, ONLINE_CHANNEL, POST]), counts.sum(axis=1))
    order = np.argsort(filed, kind="stable")
    return filed[order], channel[order]


def _office(ends: Times, world: World) -> Values:
    """Give the part of a working day's business that falls into each slot."""
    early = local_hour(ends - 1) < 12.5
    afternoon = (OPEN_SLOTS - 16.0 * _MORNING) / 14.0
    week = _WEEKDAYS[weekday(local_day(ends - 1))]
    part = world.calendar.open_share(ends, SLOT) / OPEN_SLOTS
    return np.asarray(part * np.where(early, _MORNING, afternoon) * week)


def _queue(  # noqa: PLR0913 - a week of a shop, and who brings dossiers
    week: int, filed: Times, noise: Noise, thing: Subject, world: World, pace: _Pace
) -> tuple[Counters, Times]:
    """Serve those who bring dossiers among all who come; gives what was done when each was served.

    The queue begins empty with the week (a Thursday at seven).
    """
    starts = week * WEEK + np.arange(SLOTS) * SLOT
    draw = noise.block("visitors", week)
    others = volume(starts) * thing.number("share", 0.03) * (1.0 - ONLINE) * (VISITS - 1.0)
    others = others * _office(starts + SLOT, world) * world.crowd(starts + SLOT, thing.place)
    counts = poisson(draw.random(SLOTS), others).astype(np.int64)
    visits = np.repeat(starts, counts)
    visits = visits + (draw.random(len(visits)) * SLOT).astype(np.int64)
    came = np.concatenate([filed, visits])
    order = np.argsort(came, kind="stable")
    came = came[order]
    brings = order < len(filed)
    lasts = 1 + (TURN_S * draw.standard_exponential(len(came))).astype(np.int64)
    patience = (PATIENCE_S * draw.standard_exponential(len(came))).astype(np.int64)
    patience[brings] = NEVER
    turns = by_turns(pace.at(came), lasts, patience, round(thing.number("counters", 3.0)))
    stayed = turns != AWAY
    served = np.empty(len(filed), np.int64)
    served[order[brings]] = (turns + lasts)[brings]
    return Counters(came[stayed], pace.reached(turns[stayed])), served


def by_turns(came: Times, lasts: Times, patience: Times, counters: int) -> Times:
    """Serve people first come, first served, at ``counters`` counters.

    Args:
        came: working seconds of each arrival, in order.
        lasts: working seconds each takes at the counter.
        patience: working seconds of waiting above which each turns away.
        counters: how many counters.

    Returns:
        When each one's turn begins, in working seconds; `AWAY` for those who turned away.
    """
    free = [0] * max(counters, 1)
    turns = []
    for at, long, most in zip(came.tolist(), lasts.tolist(), patience.tolist(), strict=True):
        begins = max(at, free[0])
        if begins - at > most:
            turns.append(AWAY)
            continue
        heapreplace(free, begins + long)
        turns.append(begins)
    return np.array(turns, np.int64)


def _processed(  # noqa: PLR0913 - the columns drawn for a dossier
    filed: Times,
    channel: Times,
    checked: Times,
    out: Truths,
    quick: float,
    chance: Values,
    normal: Values,
    pace: _Pace,
    clock: Calendar,
) -> Dossiers:
    """Lead every dossier through its states, in the shop's pace; see `FOLLOWS`."""
    procedure = np.minimum(
        np.searchsorted(_WEIGHTS, chance[:, 1], side="right"), len(PROCEDURES) - 1
    )
    limit = (_DAYS[procedure] * WORKDAY).astype(np.int64)
    usual = np.exp(-(ON_TIME + SPARED) * SIGMA + SIGMA * normal[:, 1] + quick)
    usual = np.minimum(usual, 1.0 + _MOST_LATE_DAYS / np.maximum(_DAYS[procedure], 1.0))
    lasts = np.maximum((limit * usual).astype(np.int64), 60)
    calm = ~out & (usual < 0.8)
    leaves = calm & (chance[:, 2] < WITHDRAWN)
    stops = calm & ~leaves & (chance[:, 2] < WITHDRAWN + STOPPED)
    goes_on = ~out & ~leaves & ~stops
    fee = chance[:, 3] < _FEES[procedure]
    lacks = goes_on & (chance[:, 4] < SUPPLEMENTED) & (limit >= WORKDAY)
    bills = goes_on & fee & (chance[:, 5] < PAYS_LATER) & (limit >= WORKDAY)

    accepted = pace.reached(checked)
    started = checked + np.maximum(lasts * (3 + (10 * chance[:, 6]).astype(np.int64)) // 100, 1)
    asked = checked + lasts * 3 // 10 + 1
    owed = np.minimum(_seconds(1.5 * WORKDAY, normal[:, 2]), 5 * WORKDAY)
    supplied = pace.reached(asked + owed)
    pause = np.where(lacks, owed, 0)
    still = np.where(lacks, clock.worked(supplied) - clock.worked(pace.reached(asked)), 0)
    finished = checked + lasts + pause
    first_due = clock.reached(clock.worked(accepted) + limit)
    collects = np.where(channel == ONLINE_CHANNEL, 600.0, np.where(channel == POST, 30_000.0, 9e3))
    collected = finished + np.minimum(_seconds(collects, normal[:, 3]), 3 * WORKDAY)

    def moment(done: Times, chosen: Truths) -> Times:
        return np.where(chosen, pace.reached(done), NEVER)

    none = np.full(len(filed), NEVER)
    return Dossiers(
        number=none,
        procedure=procedure,
        channel=channel,
        filed=filed,
        accepted=np.where(out, NEVER, accepted),
        refused=moment(checked, out),
        started=moment(started, ~out),
        asked=moment(asked, lacks),
        supplied=moment(asked + owed, lacks),
        billed=moment(finished - lasts * 20 // 100, bills),
        paid=moment(finished - lasts * 10 // 100, bills),
        withdrawn=moment(checked + lasts * 20 // 100 + 1, leaves),
        stopped=moment(checked + lasts * 60 // 100 + 1, stops),
        finished=moment(finished, goes_on),
        returned=moment(collected, goes_on),
        first_due=np.where(out, NEVER, first_due),
        due=np.where(out, NEVER, clock.reached(clock.worked(accepted) + limit + still)),
        fee=fee,
        eligible=chance[:, 7] < _ELIGIBLE[procedure],
        chance=chance,
    )


def _seconds(median: float | Values, normal: Values) -> Times:
    """Give lognormal working seconds, one at least."""
    return np.asarray(1 + (median * np.exp(0.6 * normal)).astype(np.int64))


def _step(dossiers: Dossiers, row: int, at: int, state: str, thing: Subject) -> Step:
    procedure = PROCEDURES[int(dossiers.procedure[row])]
    supplied = at >= int(dossiers.supplied[row])
    due = int(dossiers.due[row] if supplied else dossiers.first_due[row])
    data: dict[str, Any] = {
        "code": CODES[state],
        "channel": int(dossiers.channel[row]),
        "field": procedure.field,
        "limit_days": procedure.days,
        "fee": bool(dossiers.fee[row]),
    }
    if state in ("finished", "returned"):
        data["outcome"] = _outcome(int(dossiers.finished[row]), int(dossiers.due[row]))
    known = due < NEVER and state not in ("registered", "refused")
    return Step(
        id=f"{thing.id}-{_date(int(dossiers.filed[row]))}-{int(dossiers.number[row]):04d}",
        at=at,
        state=state,
        agency=str(thing.settings.get("agency", thing.id)),
        due=due if known else None,
        data=data,
    )


def early(finished: Times, due: Times) -> Truths:
    """Tell what was finished on a day before the one it was due."""
    return np.asarray((finished < NEVER) & (local_day(finished) < local_day(due)))


def _outcome(finished: int, due: int) -> str:
    if finished > due:
        return "late"
    before = early(np.array([finished]), np.array([due]))
    return "early" if before[0] else "on-time"


def _date(at: int) -> str:
    """Write the day of a UTC block."""
    return (date(1970, 1, 1) + timedelta(days=at // DAY)).strftime("%y%m%d")
