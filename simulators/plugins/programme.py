"""A programme of the province: milestones, budget, plans of its agencies."""

import numpy as np

from ioc.core.words import Text
from simulators.calendar import local_day
from simulators.levels import HOUR, progress, share
from simulators.noise import Noise, Times
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World


@simulator(
    kind="programme",
    name=Text("Chương trình, đề án", "Programme"),
    streams=(
        stream(
            "milestones-done", "%", every=HOUR, between=(0, 100), resolution=0.1,
            vi="Mốc đã hoàn thành", en="Milestones reached",
        ),
        stream(
            "milestones-due", "%", every=HOUR, between=(0, 100), resolution=0.1,
            vi="Mốc phải hoàn thành theo kế hoạch", en="Milestones due by now",
        ),
        stream(
            "milestones-late", "1", every=HOUR, between=(0, 500), resolution=1,
            vi="Mốc chậm", en="Milestones late",
        ),
        stream(
            "budget-spent", "%", every=HOUR, between=(0, 100), resolution=0.1,
            vi="Kinh phí đã giải ngân", en="Budget spent",
        ),
        stream(
            "plans-issued", "%", every=HOUR, between=(0, 100), resolution=0.1,
            vi="Đơn vị đã có kế hoạch", en="Agencies with a plan",
        ),
    ),
)  # fmt: skip
def programme(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """An S-curve between its years, a little behind; what is late, what is spent.

    Which agencies have a plan.

    Settings: ``first_year``, ``last_year``, ``milestones``.
    """
    del world  # a statistic of the desk, not of the weather
    years = (thing.number("first_year", 2021.0), thing.number("last_year", 2030.0))
    now = 1_970.0 + local_day(at) / 365.25
    part = np.clip((now - years[0]) / (years[1] - years[0]), 0.0, 1.0)
    due = 100.0 * part * part * (3.0 - 2.0 * part)
    done = progress(at, noise, "milestones", years)
    return {
        "milestones-done": done,
        "milestones-due": due,
        "milestones-late": np.rint(thing.number("milestones", 40.0) * (due - done) / 100.0),
        "budget-spent": np.clip(0.92 * done + 0.6 * noise.wave(at, "budget"), 0.0, 100.0),
        "plans-issued": share(at, noise, "plans", 99.0, 1.0),
    }
