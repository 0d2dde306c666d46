"""Pieces of business as columns: what both the counters and the records of a kind are cut from.

A kind draws its cases by canonical blocks; each state of a case has the second it is reached, or
`NEVER`. Counts of a quarter hour and the steps of a day are then two views of the same columns,
so that a counter can never say what its records do not.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

import numpy as np

from simulators.noise import DAY, Times, Truths, Values
from simulators.registry import Subject
from simulators.world import World

NEVER: Final = 1 << 60
"""The second of a state that is not reached."""

WEEK: Final = 7 * DAY
"""Seconds of a canonical block of cases: the weeks the programme of incidents is drawn by."""

_MOST_KEPT: Final = 4_096

_T = TypeVar("_T")

_kept: WeakKeyDictionary[World, OrderedDict[Any, Any]] = WeakKeyDictionary()


def remembered(world: World, key: tuple[object, ...], make: Callable[[], _T]) -> _T:
    """Give what was made of a world before, or make it; the key must say all it depends on."""
    kept = _kept.setdefault(world, OrderedDict())
    if key in kept:
        kept.move_to_end(key)
        found: _T = kept[key]
        return found
    made = kept[key] = make()
    while len(kept) > _MOST_KEPT:
        kept.popitem(last=False)
    return made


def identity(thing: Subject) -> tuple[object, ...]:
    """Give what cases of a thing depend on beside the world."""
    return (thing.id, thing.place, repr(sorted(thing.settings.items())))


def counted(at: Times, span: int, moments: Times) -> Values:
    """Count the moments in the ``span`` seconds that end at each instant.

    Args:
        at: instants.
        span: seconds.
        moments: in order.
    """
    upto = np.searchsorted(moments, at, side="right")
    before = np.searchsorted(moments, at - span, side="right")
    return np.asarray(upto - before, np.float64)


def standing(at: Times, since: Times, until: Times) -> Values:
    """Count what stands at each instant: begun then or before, and not over."""
    lasts = until > since
    begun = np.searchsorted(np.sort(since[lasts]), at, side="right")
    over = np.searchsorted(np.sort(until[lasts]), at, side="right")
    return np.asarray(begun - over, np.float64)


def total(at: Times, span: int, moments: Times, amounts: Values) -> Values:
    """Sum the amounts of the moments in the ``span`` seconds that end at each instant."""
    order = np.argsort(moments, kind="stable")
    moments = moments[order]
    summed = np.concatenate([[0.0], np.cumsum(amounts[order])])
    upto = np.searchsorted(moments, at, side="right")
    before = np.searchsorted(moments, at - span, side="right")
    return np.asarray(summed[upto] - summed[before])


def when(moments: Times, chosen: Truths) -> Times:
    """Give the moments that were chosen and are reached, in order."""
    return np.sort(moments[chosen & (moments < NEVER)])


def by_week(
    at: Times, names: tuple[str, ...], tell: Callable[[int, Times], Mapping[str, Values]]
) -> dict[str, Values]:
    """Tell instants week by week, each from the columns of its own."""
    found = {name: np.empty(len(at)) for name in names}
    week = at // WEEK
    for block in np.unique(week).tolist():
        here = week == block
        told = tell(block, at[here])
        for name in names:
            found[name][here] = told[name]
    return found
