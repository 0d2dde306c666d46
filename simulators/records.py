"""Business records of a simulator: the steps of dossiers, calls, meetings, tasks.

They are declared as datastreams are, and kept to the same promise: the steps of a UTC day are a
pure function of (seed, thing, day), so that live, back-fill, any sharding and a restart say the
same. A declaration names the states and which may follow which; `ioc sim check` holds it to them.
A record never names a person.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final

import orjson

from ioc.core.words import SLUG, Text
from simulators.noise import DAY, Noise

if TYPE_CHECKING:
    from simulators.registry import Subject
    from simulators.world import World

MOST_STEPS: Final = 20_000
"""Steps of one thing on one day."""

PACK: Final = 60
"""Steps of a message at the most; a longest one stays far below 48 kB."""

_LOCAL: Final = timezone(timedelta(hours=7))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a piece of business.

    Attributes:
        id: of the piece of business, the same for all its steps.
        at: seconds since 1970.
        state: one of those declared.
        agency: who has it now, a slug or nothing.
        due: by when it must be finished, seconds since 1970.
        location: longitude and latitude.
        data: what else is known of it; no names of people.
    """

    id: str
    at: int
    state: str
    agency: str = ""
    due: int | None = None
    location: tuple[float, float] | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


Steps = Callable[[int, Noise, "Subject", "World"], Iterable[Step]]
"""Gives the steps that fall into a UTC day, in any order."""


@dataclass(frozen=True, slots=True)
class Business:
    """One type of record a simulator tells.

    Attributes:
        type: slug of the type.
        label: what such a piece of business is called.
        follows: by state, the states that may come next; the first state listed begins.
        steps: gives a day's steps.
    """

    type: str
    label: Text
    follows: Mapping[str, Sequence[str]]
    steps: Steps

    @property
    def begins(self) -> str:
        """Give the state every piece of business begins in."""
        return next(iter(self.follows))

    def of_day(self, day: int, noise: Noise, thing: "Subject", world: "World") -> list[Step]:
        """Give the steps of a UTC day in order; what the author dates elsewhere is an error.

        Raises:
            ValueError: a step is of another day, of an unknown state, or there are too many.
        """
        found = sorted(
            self.steps(day, noise, thing, world), key=lambda step: (step.at, step.id, step.state)
        )
        if len(found) > MOST_STEPS:
            raise ValueError(f"{len(found)} {self.type} steps of {thing.id} on one day")
        for step in found:
            if step.at // DAY != day:
                raise ValueError(f"{step.id} {step.state} is not of day {day}")
            if step.state not in self.follows:
                raise ValueError(f"{step.id}: {step.state!r} is no state of a {self.type}")
        return found


def business(
    type: str,
    *,
    vi: str,
    en: str,
    follows: Mapping[str, Sequence[str]],
    steps: Steps,
) -> Business:
    """Declare a type of record of a simulated kind.

    Args:
        type: its slug.
        vi: what it is called in Vietnamese.
        en: what it is called in English.
        follows: by state, those that may come next; the first one begins.
        steps: gives the steps that fall into a UTC day.

    Raises:
        ValueError: a word is no slug, or a state leads where none is.
    """
    for slug in (type, *follows):
        if not SLUG.fullmatch(slug):
            raise ValueError(f"{slug!r} is not of a-z, 0-9, - and _")
    for state, after in follows.items():
        if unknown := set(after) - set(follows):
            raise ValueError(f"{type}: {state} leads to {min(unknown)}, which is no state")
    return Business(type, Text(vi, en), follows, steps)


def illegal(follows: Mapping[str, Sequence[str]], steps: Sequence[Step]) -> str:
    """Name the first step that may not follow the one before it, or nothing.

    Args:
        follows: the declaration's table.
        steps: in order of time; a piece of business may have begun before the first of them.
    """
    last: dict[str, Step] = {}
    for step in steps:
        before = last.get(step.id)
        if before is not None and step.state not in follows[before.state]:
            return f"{step.id}: {step.state} after {before.state}"
        if before is not None and step.at <= before.at:
            return f"{step.id}: {step.state} no later than {before.state}"
        last[step.id] = step
    return ""


def told_steps(type: str, steps: Sequence[Step]) -> Iterator[tuple[bytes, int]]:
    """Write steps as messages of the contract's records leaf, each with its count."""
    for start in range(0, len(steps), PACK):
        some = steps[start : start + PACK]
        yield orjson.dumps([_wired(type, step) for step in some]), len(some)


def _wired(type: str, step: Step) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": step.id,
        "type": type,
        "at": _written(step.at),
        "state": step.state,
    }
    if step.agency:
        told["agency"] = step.agency
    if step.due is not None:
        told["due"] = _written(step.due)
    if step.location is not None:
        told["location"] = step.location
    if step.data:
        told["data"] = step.data
    return told


def _written(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).astimezone(_LOCAL).isoformat()
