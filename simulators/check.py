"""Judges a simulator: whether its author kept the contract every one of them must keep.

Each check is a promise somebody relies on: the back-fill that it says the same as live, the shard
that neighbours do not matter, the wall that there are labels. The grade sums them up::

    fail     a promise is broken that values rest on
    bronze   the values can be relied on
    silver   and people can read what they are, in both languages
    gold     and a province of them costs next to nothing
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final

import numpy as np

from ioc.core.words import PROVINCE, Datastream, Text
from simulators.noise import DAY, Noise, Times, Values
from simulators.records import Business, Step, illegal, told_steps
from simulators.registry import Days, Simulator, Subject, ThingLike, on_step
from simulators.world import World

FIRST_DAY: Final = 20_651
"""Friday 17 July 2026, UTC: in the wet months, so that there is something to observe."""

_DAYS: Final = 2
_FAST_DAYS: Final = 28
_TIMED: Final = 3
_DRAWS: Final = 1 << 21
_CLIPPED: Final = 0.02
"""Part of the values a simulator may leave to the frame to bring into range."""

_SILENT: Final = 0.2
"""Part of the times at which it may have nothing to say."""

_ALONE: Final = 6
"""Instants asked one at a time."""

FAST: Final = 0.001
"""Values a second as a part of bare random numbers a second of the same run, from which a
simulator is fast enough."""

_LONG_ENOUGH: Final = 20
_RECORD_DAYS: Final = 13
_LARGEST: Final = 48_000
"""Bytes of a message that every broker takes."""


class Grade(StrEnum):
    """What the checks come to."""

    FAIL = "fail"
    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"


@dataclass(frozen=True, slots=True)
class Check:
    """One promise, and whether it is kept."""

    name: str
    passed: bool
    detail: str

    def to_json(self) -> dict[str, Any]:
        """Give it as the contract's section 1 has it."""
        return {"name": self.name, "passed": self.passed, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class Verdict:
    """All checks of a simulator."""

    kind: str
    checks: tuple[Check, ...]

    @property
    def grade(self) -> Grade:
        """Sum them up."""
        failed = {check.name for check in self.checks if not check.passed}
        if failed - {"labels", "fast"}:
            return Grade.FAIL
        if "labels" in failed:
            return Grade.BRONZE
        return Grade.SILVER if "fast" in failed else Grade.GOLD

    def to_json(self) -> dict[str, Any]:
        """Give it as the contract's section 1 has it."""
        return {
            "grade": self.grade.value,
            "checks": [check.to_json() for check in self.checks],
            "kind": self.kind,
        }


@dataclass(frozen=True, slots=True)
class SampleThing:
    """A thing to judge a simulator by, where no site lists one of its kind."""

    id: str
    kind: str
    area: str
    name: Text
    location: tuple[float, float]
    via: str | None
    limits: Mapping[str, float]
    settings: Mapping[str, float | str | bool]


@dataclass(frozen=True, slots=True)
class Bench:
    """What a simulator is judged with.

    Attributes:
        world: makes the world of a seed, each time afresh.
        seed: the site's.
        again: gives the same simulator once more, of another process where it has one.
        tick: seconds of a clock that only ever rises, to time it by.
    """

    world: Callable[[int], World]
    seed: int
    again: Callable[[], Simulator]
    tick: Callable[[], float]


def unloadable(name: str, why: str) -> Verdict:
    """Give the verdict on what could not even be loaded."""
    return Verdict(name, (Check("loads", passed=False, detail=why),))


def sample(player: Simulator, things: Sequence[ThingLike], world: World) -> ThingLike:
    """Give the thing to judge by: the first the site lists, else one the simulator brings."""
    listed = next((thing for thing in things if thing.kind == player.kind), None)
    if listed is not None:
        return listed
    brought = player.things[0] if player.things else None
    where = brought.location if brought and brought.location else (world.seat.lon, world.seat.lat)
    return SampleThing(
        (brought.id if brought else "") or f"{player.kind}-01",
        player.kind,
        brought.area if brought else PROVINCE,
        player.name,
        where,
        None,
        {},
        brought.settings if brought else {},
    )


def judge(player: Simulator, thing: ThingLike, bench: Bench) -> Verdict:
    """Check every promise of a simulator, by one of its things."""
    world = bench.world(bench.seed)  # of the checks that look at values and compare none
    return Verdict(
        player.kind,
        (
            Check("loads", passed=True, detail=f"{len(player.streams)} datastreams"),
            _repeatable(player, thing, bench),
            _independent(player, thing, bench),
            _any_order(player, thing, bench),
            _any_sharding(player, thing, bench),
            _in_range(player, thing, world),
            _on_resolution(player, thing, world),
            _at_its_rate(player, thing, world),
            *_records(player, thing, bench),
            _labelled(player),
            _fast(player, thing, bench),
        ),
    )


def _repeatable(player: Simulator, thing: ThingLike, bench: Bench) -> Check:
    at, subject = _asked(player, thing, bench.seed)
    world = bench.world(bench.seed)
    first = player.values(at, subject, world)
    differs = _unlike(first, player.values(at, subject, world))
    if differs:
        return Check("repeatable", passed=False, detail=f"{differs} differs when asked twice")
    differs = _unlike(first, bench.again().values(at, subject, bench.world(bench.seed)))
    if differs:
        return Check("repeatable", passed=False, detail=f"{differs} differs in another run")
    other = bench.seed + 1
    there = player.values(at, player.subject(other, thing), bench.world(other))
    if not _unlike(first, there):
        return Check(
            "repeatable", passed=False, detail="another seed says just the same: draw from noise"
        )
    return Check(
        "repeatable", passed=True, detail="twice, in another run, and unlike another seed's"
    )


def _independent(player: Simulator, thing: ThingLike, bench: Bench) -> Check:
    at, subject = _asked(player, thing, bench.seed)
    alone = player.values(at, subject, bench.world(bench.seed))
    world, other = bench.world(bench.seed), bench.again()
    others = [_neighbour(subject, number) for number in range(1, 4)]
    neighbours = [other.values(at, near, world) for near in others]
    differs = _unlike(alone, other.values(at, subject, world))
    if differs:
        return Check(
            "independent",
            passed=False,
            detail=f"{differs} differs after three neighbours were asked",
        )
    back = [other.values(at, near, world) for near in reversed(others)]
    for before, after in zip(neighbours, reversed(back), strict=True):
        differs = _unlike(before, after)
        if differs:
            return Check(
                "independent", passed=False, detail=f"{differs} of a neighbour differs by the order"
            )
    return Check("independent", passed=True, detail="the same alone and among three neighbours")


def _any_order(player: Simulator, thing: ThingLike, bench: Bench) -> Check:
    at, subject = _asked(player, thing, bench.seed)
    world = bench.world(bench.seed)
    whole = player.values(at, subject, world)
    mixed = np.argsort(Noise(7, player.kind).normal(at, "shuffle", player.periods[0]))
    shuffled = player.values(at[mixed], subject, world)
    differs = _unlike({name: values[mixed] for name, values in whole.items()}, shuffled)
    if differs:
        return Check(
            "any order", passed=False, detail=f"{differs} differs when the times are shuffled"
        )
    for row in np.linspace(0, len(at) - 1, _ALONE).astype(int).tolist():
        one = player.values(at[row : row + 1], subject, world)
        differs = _unlike({name: values[row : row + 1] for name, values in whole.items()}, one)
        if differs:
            return Check(
                "any order", passed=False, detail=f"{differs} differs when a time is asked alone"
            )
    return Check(
        "any order", passed=True, detail=f"shuffled, and {_ALONE} times alone as live asks"
    )


def _any_sharding(player: Simulator, thing: ThingLike, bench: Bench) -> Check:
    first, last = FIRST_DAY * DAY + 1_234, (FIRST_DAY + _DAYS) * DAY + 777
    cuts = [first, first + 1, first + 40_000, first + 40_900, last - 5, last]
    days, more = (Days(bench.world(bench.seed), {thing.kind: player}, 3) for _ in range(2))
    days.add(thing)
    more.add(thing)
    whole = _joined([days.between(thing.id, first, last)])
    parts = _joined([more.between(thing.id, *cut) for cut in reversed(list(pairwise(cuts)))])
    for name, pairs in whole.items():
        if pairs != parts.get(name):
            return Check(
                "any sharding", passed=False, detail=f"{name} differs when it is cut into slices"
            )
    return Check(
        "any sharding", passed=True, detail=f"{len(cuts) - 1} slices in reverse are the whole"
    )


def _in_range(player: Simulator, thing: ThingLike, world: World) -> Check:
    at, subject = _asked(player, thing, world.seed)
    raw = player.observe(at, Noise(world.seed, subject.id), subject, world)
    worst, most = "", 0.0
    for stream in player.streams:
        low, high = stream.span or (0.0, len(stream.levels) - 1.0)
        slack = (stream.resolution or 1.0) / 2.0
        values = np.asarray(raw[stream.name], np.float64)
        if np.isinf(values).any():
            return Check("in range", passed=False, detail=f"{stream.name} is infinite at times")
        values = values[~np.isnan(values)]
        outside = (values < low - slack) | (values > high + slack)
        share = float(outside.mean()) if len(values) else 0.0
        if share > most:
            worst, most = stream.name, share
    if most > _CLIPPED:
        return Check(
            "in range",
            passed=False,
            detail=f"{worst} is outside its range {100 * most:.1f} % of times",
        )
    return Check(
        "in range", passed=True, detail=f"at most {100 * most:.2g} % had to be brought into range"
    )


def _on_resolution(player: Simulator, thing: ThingLike, world: World) -> Check:
    at, subject = _asked(player, thing, world.seed)
    found = player.values(at, subject, world)
    for stream in player.streams:
        values = found[stream.name]
        values = values[~np.isnan(values)]
        if not np.array_equal(values, on_step(values, stream.resolution or 1.0)):
            return Check(
                "on resolution", passed=False, detail=f"{stream.name} lies between its steps"
            )
    varied = [stream.name for stream in player.streams if len(np.unique(found[stream.name])) > 1]
    if not varied:
        return Check(
            "on resolution",
            passed=False,
            detail="nothing ever changes: the resolution is too coarse",
        )
    return Check(
        "on resolution", passed=True, detail=f"whole steps; {len(varied)} datastreams move"
    )


def _at_its_rate(player: Simulator, thing: ThingLike, world: World) -> Check:
    subject = player.subject(world.seed, thing)
    told = 0
    for period in player.periods:
        start = FIRST_DAY * DAY
        at = player.due(subject, period, start - 1, start + DAY - 1)
        if len(at) != DAY // period:
            return Check(
                "at its rate",
                passed=False,
                detail=f"{len(at)} times a day for a period of {period} s",
            )
        found = player.values(at, subject, world)
        for stream in player.streams:
            if stream.period == period:
                silent = float(np.isnan(found[stream.name]).mean())
                told += round(len(at) * (1.0 - silent))
                if silent > _SILENT:
                    why = f"{stream.name} has no value {100 * silent:.0f} % of times"
                    return Check("at its rate", passed=False, detail=why)
    return Check("at its rate", passed=True, detail=f"{told} observations a day")


def _records(player: Simulator, thing: ThingLike, bench: Bench) -> list[Check]:
    """Check the business records of a simulator that tells some."""
    if not player.records:
        return []
    subject = player.subject(bench.seed, thing)
    world = bench.world(bench.seed)
    days = range(FIRST_DAY - _RECORD_DAYS, FIRST_DAY + 1)
    try:
        backwards = [player.steps(day, subject, world) for day in reversed(days)]
        again, afresh = bench.again(), bench.world(bench.seed)
        forwards = [again.steps(day, subject, afresh) for day in days]
    except ValueError as error:
        return [Check("records", passed=False, detail=str(error))]
    whole = [[steps for _, steps in told] for told in forwards]
    if whole != [[steps for _, steps in told] for told in reversed(backwards)]:
        return [Check("records", passed=False, detail="they differ in another run or order")]
    told = 0
    for place, business in enumerate(player.records):
        steps = [step for day in whole for step in day[place]]
        wrong = illegal(business.follows, steps) or _unfit(business, steps)
        if wrong:
            return [Check("records", passed=False, detail=wrong)]
        told += len(steps)
    if not told:
        why = f"it tells no record in {len(days)} days"
        return [Check("records", passed=False, detail=why)]
    detail = f"{told} steps in {len(days)} days, each state follows the one before it"
    return [Check("records", passed=True, detail=detail)]


def _unfit(business: Business, steps: Sequence[Step]) -> str:
    """Say which step the contract would refuse, or nothing."""
    for step in steps:
        if personal := {"name", "phone", "email", "address", "applicant"} & set(step.data):
            return f"{step.id} tells a person's {min(personal)}"
    seen = {(step.id, step.at, step.state) for step in steps}
    if len(seen) < len(steps):
        return f"a step of a {business.type} is told twice"
    largest = max((len(pack) for pack, _ in told_steps(business.type, steps)), default=0)
    return f"a message of {largest} bytes" if largest > _LARGEST else ""


def _labelled(player: Simulator) -> Check:
    if len(player.explains) < _LONG_ENOUGH:
        return Check("labels", passed=False, detail="its docstring does not say what it is")
    named = [("its name", player.name), *((told.name, told.label) for told in player.streams)]
    named += [(told.type, told.label) for told in player.records]
    for what, label in named:
        if label is None or not (label.vi.strip() and label.en.strip()):
            return Check("labels", passed=False, detail=f"{what} is not said")
        if label.vi == label.en:  # one stands in where the other was left out
            return Check("labels", passed=False, detail=f"{what} is said in one language only")
    return Check("labels", passed=True, detail=f"{len(named)} labels in vi and en")


def _fast(player: Simulator, thing: ThingLike, bench: Bench) -> Check:
    subject = player.subject(bench.seed, thing)
    world = bench.world(bench.seed)
    bare = least = float("inf")
    for run in range(_TIMED):
        began = bench.tick()
        Noise(bench.seed, "check").block("speed", run).standard_normal(_DRAWS)
        bare = min(bare, bench.tick() - began)
        first = (FIRST_DAY + 3 + run * _FAST_DAYS) * DAY
        at = player.due(subject, player.periods[0], first - 1, first + _FAST_DAYS * DAY - 1)
        began = bench.tick()
        player.values(at, subject, world)
        least = min(least, (bench.tick() - began) / (len(at) * len(player.streams)))
    rate, drawn = 1.0 / least, _DRAWS / bare
    detail = f"{rate / 1e6:.2f} M values/s, {rate / drawn:.4f} of bare random numbers"
    return Check("fast", passed=rate / drawn >= FAST, detail=f"{detail} (at least {FAST})")


def _asked(player: Simulator, thing: ThingLike, seed: int) -> tuple[Times, Subject]:
    subject = player.subject(seed, thing)
    start = FIRST_DAY * DAY
    return player.due(subject, player.periods[0], start - 1, start + _DAYS * DAY - 1), subject


def _neighbour(subject: Subject, number: int) -> Subject:
    name = f"{subject.id}-neighbour-{number}"
    return Subject(
        name, subject.area, subject.place, subject.phase, subject.limits, subject.settings
    )


def _unlike(one: Mapping[str, Values], other: Mapping[str, Values]) -> str:
    """Name the first datastream in which two tellings differ, or nothing."""
    return next(
        (name for name in one if not np.array_equal(one[name], other[name], equal_nan=True)), ""
    )


def _joined(
    tellings: Sequence[Sequence[tuple[Datastream, Times, Values]]],
) -> dict[str, list[tuple[int, float]]]:
    found: dict[str, list[tuple[int, float]]] = {}
    for telling in tellings:
        for stream, at, values in telling:
            pairs = zip(at.tolist(), values.tolist(), strict=True)
            found.setdefault(stream.name, []).extend(pairs)
    return {name: sorted(pairs) for name, pairs in found.items()}
