"""Tasks the chairman gives to departments and districts: accepted, done, closed, by a due date."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ioc.core.calendar import WORKDAY
from ioc.core.words import Text
from simulators.calendar import Calendar
from simulators.cases import NEVER, by_week, standing
from simulators.desks import Cases, Desk, Leg, at_five, office_slots, scattered
from simulators.levels import HOUR
from simulators.noise import DAY, Noise, Times, Values
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

DAILY = 14.0
"""The province's tasks on a working day (assumed)."""

LIMITS = (5, 7, 10, 15, 20)
"""Working days given, each as often."""

USUAL = 0.52
"""Part of its time a task usually takes."""


def arrivals(
    week: int, draw: np.random.Generator, noise: Noise, thing: Subject, world: World
) -> Times:
    """Tasks are given in office hours."""
    del noise
    return scattered(week, DAILY * thing.number("share", 0.05) * office_slots(week, world), draw)


def due(began: Times, chance: Values, calendar: Calendar) -> Times:
    """Give 17:00 of the working day that many working days on."""
    days = np.array(LIMITS)[(chance[:, 0] * len(LIMITS)).astype(int)]
    reached = calendar.reached(calendar.worked(began) + days * WORKDAY)
    return at_five((reached + 7 * HOUR - 1) // DAY)


def tells(cases: Cases, row: int, thing: Subject) -> Mapping[str, Any]:
    """Tell who gave it, and in what matter."""
    del thing
    matters = ("economy", "public-services", "construction", "disaster", "society", "reports")
    return {
        "given_by": "chairman" if cases.chance[row, 1] < 0.7 else "vice-chairman",
        "matter": matters[int(cases.chance[row, 2] * len(matters))],
    }


DESK = Desk(
    type="task",
    path=(
        Leg("assigned"),
        Leg("accepted", 0.25 * WORKDAY, 0.7),
        Leg("done", 5.0 * WORKDAY, 0.5, exit="withdrawn", leaves=0.02),
        Leg("closed", 0.8 * WORKDAY, 0.6),
    ),
    arrivals=arrivals,
    limit=due,
    tells=tells,
    weeks=8,
    done="done",
)
STREAMS = (
    stream(
        "tasks-assigned", "1", every=HOUR, between=(0, 1000), resolution=1,
        vi="Nhiệm vụ giao", en="Tasks given",
    ),
    stream(
        "tasks-done", "1", every=HOUR, between=(0, 1000), resolution=1,
        vi="Nhiệm vụ hoàn thành", en="Tasks done",
    ),
    stream(
        "tasks-on-time", "1", every=HOUR, between=(0, 1000), resolution=1,
        vi="Nhiệm vụ hoàn thành đúng hạn", en="Tasks done in time",
    ),
    stream(
        "tasks-open", "1", every=HOUR, between=(0, 10000), resolution=1,
        vi="Nhiệm vụ đang thực hiện", en="Tasks in hand",
    ),
    stream(
        "tasks-overdue", "1", every=HOUR, between=(0, 10000), resolution=1,
        vi="Nhiệm vụ quá hạn", en="Tasks overdue",
    ),
    stream(
        "tasks-due-soon", "1", every=HOUR, between=(0, 10000), resolution=1,
        vi="Nhiệm vụ đến hạn trong 3 ngày", en="Tasks due within 3 days",
    ),
)  # fmt: skip


@simulator(
    kind="task-tracker",
    name=Text("Theo dõi nhiệm vụ", "Task tracking"),
    streams=STREAMS,
    records=(DESK.declared(vi="Nhiệm vụ được giao", en="Task given"),),
)
def task_tracker(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Counters cut from the tasks its records tell.

    Settings: ``share`` (of the province's tasks), ``agency``.
    """
    del noise  # the tasks are drawn from the thing's

    def told(week: int, times: Times) -> dict[str, Values]:
        cases = DESK.of_week(week, thing, world)
        counts = DESK.counters(times, HOUR, cases)
        over = np.minimum(cases.ended("done", "withdrawn"), cases.due)
        soon = np.where(over < NEVER, np.maximum(cases.began, cases.due - 3 * DAY), NEVER)
        return {
            "tasks-assigned": counts["begun"],
            "tasks-done": counts["done"],
            "tasks-on-time": counts["in-time"],
            "tasks-open": counts["open"],
            "tasks-overdue": counts["overdue"],
            "tasks-due-soon": standing(times, soon, over),
        }

    return by_week(at, tuple(one.name for one in STREAMS), told)
