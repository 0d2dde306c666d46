"""One-stop shops: dossiers received and finished, the people waiting, what is overdue."""

import numpy as np

from ioc.core.words import Text
from simulators.calendar import local_day, local_hour, weekday
from simulators.noise import DAY, Noise, Times, Values, binomial, exponential, gamma, poisson
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

PERIOD = 900
SLOTS = DAY // PERIOD
OPEN_SLOTS = 30.0
"""Quarter hours of an office day (7.5 hours)."""

ON_TIME = 0.9663
ONLINE = 0.25
ONLINE_AFTER_HOURS = 0.15
"""Part of what is filed online that comes while the offices are closed."""

DAILY = 390.0
"""The province's dossiers a working day: 96 thousand a year."""

VISITS = 8.0
"""People at the counters for each dossier brought there: they ask, pay, certify, collect."""

PATIENT = 40.0
"""Scale of the queue that makes newcomers turn away."""

TURN_S = 600.0
"""Seconds a counter spends on one of them."""

LOOK_AHEAD = 8
OVERDUE_DAYS = 2.2
MOST_OVERDUE_DAYS = 7.0


@simulator(
    kind="one-stop-shop",
    name=Text("Bộ phận một cửa", "One-stop shop"),
    streams=(
        stream(
            "received", "1", every=PERIOD, between=(0, 2000), resolution=1,
            vi="Hồ sơ tiếp nhận", en="Dossiers received",
        ),
        stream(
            "finished", "1", every=PERIOD, between=(0, 2000), resolution=1,
            vi="Hồ sơ đã giải quyết", en="Dossiers finished",
        ),
        stream(
            "on-time", "1", every=PERIOD, between=(0, 2000), resolution=1,
            vi="Hồ sơ giải quyết đúng hạn", en="Dossiers finished on time",
        ),
        stream(
            "online", "1", every=PERIOD, between=(0, 2000), resolution=1,
            vi="Hồ sơ nộp trực tuyến", en="Dossiers filed online",
        ),
        stream(
            "waiting", "1", every=PERIOD, between=(0, 1000), resolution=1,
            vi="Người đang chờ", en="People waiting",
        ),
        stream(
            "overdue", "1", every=PERIOD, between=(0, 5000), resolution=1,
            vi="Hồ sơ đang quá hạn", en="Dossiers overdue",
        ),
    ),
)  # fmt: skip
def one_stop_shop(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Counts of the quarter hour that ends at the time; the queue empties overnight.

    What is overdue now is exactly what will be finished late: late ones are drawn when they are
    finished, with how long they were overdue by then.

    Settings: ``share`` (of the province's dossiers), ``counters``.
    """
    received = _received(at, noise, thing, world)
    finished, on_time = _finished(at, noise, thing, world)
    hours = world.calendar.open_share(at, PERIOD) > 0.0
    in_hours = ONLINE * (1.0 - ONLINE_AFTER_HOURS) / (1.0 - ONLINE * ONLINE_AFTER_HOURS)
    share = np.where(hours, in_hours, 1.0)
    return {
        "received": received,
        "finished": finished,
        "on-time": on_time,
        "online": binomial(noise.uniform(at, "online", PERIOD), received, share),
        "waiting": _waiting(at, noise, thing, world),
        "overdue": _overdue(at, noise, thing, world),
    }


def _daily(thing: Subject) -> float:
    return DAILY * thing.number("share", 0.03)


def _office(at: Times, thing: Subject, world: World, morning: float) -> Values:
    """Give the part of a working day's business that falls into each quarter hour."""
    early = local_hour(at - 1) < 12.5
    afternoon = (OPEN_SLOTS - 16.0 * morning) / 14.0
    week = np.array([1.14, 1.02, 1.0, 0.96, 0.88, 0.0, 0.0])[weekday(local_day(at - 1))]
    lit = np.where(world.mains_lost(at, thing.place) > 0.0, 0.3, 1.0)
    part = world.calendar.open_share(at, PERIOD) / OPEN_SLOTS
    return np.asarray(part * np.where(early, morning, afternoon) * week * lit)


def _received(at: Times, noise: Noise, thing: Subject, world: World) -> Values:
    daily = _daily(thing)
    brought = 1.0 - ONLINE * ONLINE_AFTER_HOURS
    mean = _office(at, thing, world, 1.18) * world.crowd(at, thing.place) * brought
    mean = mean * gamma(noise.normal(at, "day", DAY), 40.0, 1.0)
    closed = world.calendar.open_share(at, PERIOD) <= 0.0
    quiet = np.where(closed, ONLINE * ONLINE_AFTER_HOURS / (SLOTS * 7 / 5 - OPEN_SLOTS), 0.0)
    quiet = np.where(world.bus("lgsp", at).up, quiet, 0.0)
    return poisson(noise.uniform(at, "received", PERIOD), daily * (mean + quiet))


def _finished(at: Times, noise: Noise, thing: Subject, world: World) -> tuple[Values, Values]:
    """Give the dossiers finished, and how many of them on time."""
    able = np.where(world.bus("lgsp", at).up, 1.0, 0.25)
    mean = _daily(thing) * _office(at, thing, world, 0.86) * able
    finished = poisson(noise.uniform(at, "finished", PERIOD), mean)
    usual = ON_TIME + 0.008 * (noise.constant("on-time") - 0.5)
    share = usual + 0.006 * noise.wave(at, "care", ((2 * DAY, 1.0),))
    return finished, binomial(noise.uniform(at, "in time", PERIOD), finished, share)


def _waiting(at: Times, noise: Noise, thing: Subject, world: World) -> Values:
    """Run the counters' queue over each whole day: what stays is what came before its turn."""
    usual = _daily(thing) * (1.0 - ONLINE) * VISITS
    counters = thing.number("counters", 3.0)
    days, back = np.unique(at // DAY, return_inverse=True)
    grid = days[:, None] * DAY + np.arange(SLOTS) * PERIOD + thing.phase
    times = grid.ravel()
    come = usual * _office(times, thing, world, 1.18) * world.crowd(times, thing.place)
    people = poisson(noise.uniform(times, "people", PERIOD), come)
    opened = world.calendar.open_share(times, PERIOD)
    served = counters * PERIOD / TURN_S * opened
    more = np.cumsum((people - served).reshape(grid.shape), axis=1)
    left = (more - np.minimum(np.minimum.accumulate(more, axis=1), 0.0)).ravel()
    closed = opened <= 0.0
    lunch = closed & (local_hour(times) < 14.0)
    left = np.where(closed, np.where(lunch, 0.3 * left, 0.0), left)
    left = left / (1.0 + left / (PATIENT + 15.0 * counters))
    return np.asarray(left.reshape(grid.shape)[back, at % DAY // PERIOD])


def _overdue(at: Times, noise: Noise, thing: Subject, world: World) -> Values:
    """Count the late dossiers not yet finished, from those finished late in the coming days."""
    overdue = np.zeros(len(at))
    day = at // DAY
    blocks = np.unique(day)
    needed = np.unique(blocks[:, None] + np.arange(LOOK_AHEAD))
    times = (needed[:, None] * DAY + np.arange(SLOTS) * PERIOD + thing.phase).ravel()
    finished, on_time = _finished(times, noise, thing, world)
    late = finished - on_time
    length = exponential(noise.uniform(times, "overdue", PERIOD), OVERDUE_DAYS * DAY)
    since = times - np.minimum(length, MOST_OVERDUE_DAYS * DAY)
    for block, first in zip(blocks.tolist(), np.searchsorted(needed, blocks) * SLOTS, strict=True):
        some = first + np.flatnonzero(late[first : first + SLOTS * LOOK_AHEAD])
        here = day == block
        now = at[here][:, None]
        overdue[here] = ((now >= since[some]) & (now < times[some])) @ late[some]
    return overdue
