"""How fast the simulators make observations, beside how fast numpy makes bare random numbers."""

import time
from dataclasses import replace
from typing import Any, Final

import numpy as np

from ioc.core.words import Text
from ioc.sites import read_site
from simulators.calendar import local_hour
from simulators.check import sample
from simulators.noise import DAY, Noise, Times
from simulators.registry import (
    Days,
    Observed,
    Simulator,
    Subject,
    ThingLike,
    discover,
    simulator,
    stream,
)
from simulators.world import World

FIRST_DAY: Final = 20_651
"""Friday 17 July 2026, UTC: in the wet months, when there is most to work out."""

MINUTE: Final = 60
GOAL: Final = 8e6
"""Observations aimed at for minute series, in a second of a core (of processor time)."""

_DRAWS: Final = 1 << 22
_REPEATS: Final = 3


@simulator(
    kind="plain-series",
    name=Text("Chuỗi đơn giản", "Plain series"),
    streams=(
        stream(
            "value",
            "Cel",
            every=MINUTE,
            between=(-50, 100),
            resolution=0.1,
            vi="Giá trị",
            en="Value",
        ),
    ),
)
def plain(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """A daily course with a scatter of its own: the least a simulator does."""
    daily = np.cos(2.0 * np.pi * (local_hour(at) - 14.0) / 24.0)
    return {"value": 22.0 + 5.0 * daily + noise.normal(at, "scatter", MINUTE)}


def generator(scale: float) -> dict[str, Any]:
    """Measure bare random numbers, a plain minute series, and every shipped kind by the minute."""
    things, days = max(8, round(200 * scale)), 28
    bare = _bare()
    rates = [_rate(plain, things, days) for _ in range(_REPEATS)]
    site = read_site("dien-bien")
    world = World(site.seed, site.areas, site=site.id)
    shipped = {}
    observed = seconds = 0.0
    for kind, player in sorted(discover().items()):
        by_minute = replace(
            player, streams=tuple(replace(one, period=MINUTE) for one in player.streams)
        )
        made, took = _played(by_minute, sample(player, site.things, world), world, 7)
        shipped[kind] = made / took
        observed, seconds = observed + made, seconds + took
    return {
        "bare": bare,
        "plain": max(rates),
        "plain_spread": [round(rate) for rate in rates],
        "plain_ratio": max(rates) / bare,
        "shipped": observed / seconds,
        "shipped_ratio": observed / seconds / bare,
        "kinds": shipped,
    }


def _bare() -> float:
    """Give the normals a second of one generator, keyed once and drawn in one piece."""
    best = 0.0
    draw = Noise(1, "bare").block("numbers", 0)
    for _ in range(_REPEATS):
        started = time.process_time()
        draw.standard_normal(_DRAWS)
        best = max(best, _DRAWS / (time.process_time() - started))
    return best


def _rate(player: Simulator, things: int, days: int) -> float:
    site = read_site("dien-bien")
    world = World(site.seed, site.areas, site=site.id)
    listed = sample(player, (), world)
    played = Days(world, {player.kind: player}, things)
    played.foresee((FIRST_DAY + days) * DAY)
    named = [replace(listed, id=f"plain-{number}") for number in range(things)]  # type: ignore[type-var]
    for thing in named:
        played.add(thing)
    made = 0
    started = time.process_time()
    for thing in named:
        told = played.between(thing.id, FIRST_DAY * DAY - 1, (FIRST_DAY + days) * DAY - 1)
        made += sum(len(at) for _, at, _ in told)
    return made / (time.process_time() - started)


def _played(player: Simulator, thing: ThingLike, world: World, days: int) -> tuple[int, float]:
    """Play a thing for days the world has seen once: what a province of them costs each."""
    made, took = 0, 0.0
    for turn in range(2):
        played = Days(world, {player.kind: player}, 1)
        played.foresee((FIRST_DAY + days) * DAY)
        played.add(thing)
        started = time.process_time()
        told = played.between(thing.id, FIRST_DAY * DAY - 1, (FIRST_DAY + days) * DAY - 1)
        took = time.process_time() - started
        made = sum(len(at) for _, at, _ in told) if turn else 0
    return made, took
