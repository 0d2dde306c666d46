"""Schools: who is there and who reports, and learning over the network."""

import numpy as np

from ioc.core.calendar import weekday
from ioc.core.words import Text
from simulators.calendar import local_day, local_hour, month
from simulators.noise import DAY, Noise, Times, Truths, binomial, gamma
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

PERIOD = 900
COLD = 10.0
"""Degrees of the morning under which pupils stay at home."""

BEGIN = 7.0
REPORTED_BY = 9.0
"""Local hours between which schools are to tell their attendance, one after the other."""

HOLIDAY_MONTHS = (5, 6, 7)
"""June to August, January nought."""


@simulator(
    kind="school-cluster",
    name=Text("Cụm trường học", "School cluster"),
    streams=(
        stream(
            "schools", "1", every=PERIOD, between=(0, 500), resolution=1,
            vi="Trường đến hạn báo cáo", en="Schools due to report",
        ),
        stream(
            "schools-reporting", "1", every=PERIOD, between=(0, 500), resolution=1,
            vi="Trường đã báo cáo", en="Schools that reported",
        ),
        stream(
            "attendance", "%", every=PERIOD, between=(0, 100), resolution=0.1,
            vi="Chuyên cần", en="Attendance",
        ),
    ),
)  # fmt: skip
def school_cluster(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """A district's schools: fewer come when it is cold, roads are shut or people are ill.

    A school is due to report from its own time of the morning on; before the first of them, and
    on days without school, the last school day's figures stand as they are usual: all reported.
    Settings: ``schools``.
    """
    hour = local_hour(at)
    taught = _school_day(at, world) & (hour >= BEGIN)
    passed = np.where(taught, np.clip((hour - BEGIN) / (REPORTED_BY - BEGIN), 0.0, 1.0), 1.0)
    due = np.maximum(np.rint(thing.number("schools", 48.0) * passed), 1.0)
    morning = local_day(at) * DAY
    cold = world.temperature(morning, thing.place, world.climate.elevation)
    away = np.clip(0.02 * (COLD + 4.0 - cold), 0.0, 0.2)
    away = away + np.where(world.road_closed(morning + 3_600, thing.place), 0.12, 0.0)
    away = away + 1.2 * world.epidemic(morning).ill
    usual = 97.6 + 0.5 * noise.normal(at, "day", DAY)
    told = np.where(world.fibre_lost(at, thing.place) > 0.0, 0.8, 1.0) * 0.997
    missing = binomial(noise.uniform(at, "late", DAY), due, np.where(taught, 1.0 - told, 0.0))
    return {
        "schools": due,
        "schools-reporting": due - missing,
        "attendance": np.where(taught, usual * (1.0 - np.minimum(away, 0.6)), usual),
    }


@simulator(
    kind="e-learning",
    name=Text("Nền tảng học trực tuyến", "E-learning platform"),
    streams=(
        stream(
            "learners", "1", every=300, between=(0, 200_000), resolution=1,
            vi="Người đang học", en="Learners",
        ),
        stream(
            "errors", "%", every=300, between=(0, 100), resolution=0.01,
            vi="Tỷ lệ lỗi", en="Errors",
        ),
        stream(
            "latency", "ms", every=300, between=(0, 60_000), resolution=1,
            vi="Thời gian đáp ứng", en="Latency",
        ),
    ),
)  # fmt: skip
def e_learning(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Learners after school, and all day when an epidemic shuts it; errors when there are many.

    Settings: ``pupils``, ``capacity`` (learners at once).
    """
    hour, shut = local_hour(at), np.minimum(8.0 * world.epidemic(at).ill, 1.0)
    evening = np.exp(-0.5 * ((hour - 20.0) / 1.3) ** 2)
    day = np.where(_school_day(at, world) & (hour > 7.0) & (hour < 17.0), 1.0, 0.02)
    share = 0.012 * evening + (0.004 + 0.35 * shut) * day
    usual = thing.number("pupils", 200_000.0) * share
    learners = usual * gamma(noise.normal(at, "learners", 300), 60.0, 1.0)
    load = np.minimum(usual / thing.number("capacity", 12_000.0), 0.97)
    up = world.room_up(at) & ~world.down(f"service/{thing.id}", at, mtbf_h=720.0, mttr_h=0.75)
    errors = (0.15 + 6.0 * load**6) * np.exp(0.3 * noise.normal(at, "errors", 300))
    latency = 220.0 / (1.0 - load) * np.exp(0.12 * noise.normal(at, "latency", 300))
    return {
        "learners": np.where(up, learners, 0.0),
        "errors": np.where(up, np.minimum(errors, 100.0), 100.0),
        "latency": np.where(up, latency, 15.0),
    }


def _school_day(at: Times, world: World) -> Truths:
    """Tell whether there is school: Monday to Saturday, no holidays, not in the summer."""
    open_ = world.calendar.working_day(at) | (weekday(local_day(at)) == 5)
    since = world.calendar.from_tet(at)
    feast = (since >= -5) & (since <= 7)
    return np.asarray(open_ & ~feast & ~np.isin(month(at), HOLIDAY_MONTHS))
