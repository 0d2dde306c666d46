"""Which incident an alert belongs to: by what things depend on, then by place; time only limits.

An alert joins the incident one of whose alerts stands nearest to it in the graph: the same thing,
what it depends on, what depends on it, or something that depends on the same. Only where the graph
says nothing is place asked. Alerts further apart in time than the window have nothing to do with
one another. The choice is a pure function of the alerts kept so far: a restart changes nothing.
"""

import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ioc.core.links import Links
from ioc.core.words import MINUTE, Instant

_MOST_COMPARED: Final = 100
"""Alerts one is compared with; more stand within reach in a flood only."""

_SIBLING: Final = 0.5
"""A common cause that nobody saw weighs as so much more distance."""

_TIME: Final = 4.0
"""A whole window of time weighs as so much distance."""

_BY_PLACE: Final = 100.0
"""What is only near stands behind everything the graph knows."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far apart alerts of one incident may be.

    Attributes:
        window: in time, to the nearest alert of the incident.
        depth: levels up in the graph.
        siblings: how many things may hang on a common cause that has no alert itself; what more
            depend on (the province's power, say) would else make one incident of everything.
        beside: in time, for two things with a common cause of which neither is the other's.
        near_km: where the graph says nothing.
        near_window: in time, where only the place speaks.
    """

    window: Instant = 15 * MINUTE
    depth: int = 2
    siblings: int = 40
    beside: Instant = 3 * MINUTE
    near_km: float = 2.0
    near_window: Instant = 5 * MINUTE


@dataclass(frozen=True, slots=True)
class Member:
    """An alert, as grouping sees it; ``at`` is when it was raised."""

    alert: str
    thing: str
    at: Instant


@dataclass(frozen=True, slots=True)
class Group:
    """An incident that may still take alerts."""

    id: str
    members: tuple[Member, ...]


class Grouping:
    """Chooses incidents; see the module."""

    def __init__(self, links: Links, bounds: Bounds | None = None) -> None:
        """Group along a graph."""
        self._links = links
        self._bounds = bounds or Bounds()

    @property
    def window(self) -> Instant:
        """How far back incidents are looked for."""
        return self._bounds.window

    def choose(self, new: Member, groups: Iterable[Group]) -> str | None:
        """Give the incident an alert joins; None when it opens one of its own."""
        best: tuple[float, Instant, str] | None = None
        for group in self._within_reach(new, groups):
            found = self._nearest(new, group)
            if found is not None and (best is None or (*found, group.id) < best):
                best = (*found, group.id)
        return None if best is None else best[2]

    def _within_reach(self, new: Member, groups: Iterable[Group]) -> list[Group]:
        """Leave out, in a flood, all but the nearest in time.

        A thousand alerts compared with each other take longer than the alerts may wait; what an
        alert's own thing depends on is found all the same.
        """
        listed = list(groups)
        near = [
            (abs(new.at - member.at), place, member)
            for place, group in enumerate(listed)
            for member in group.members
            if abs(new.at - member.at) <= self._bounds.window
        ]
        if len(near) <= _MOST_COMPARED:
            return listed
        above = self._links.ancestors(new.thing, self._bounds.depth)
        related = [one for one in near if one[2].thing in above]
        nearest = heapq.nsmallest(_MOST_COMPARED, near, key=lambda one: (one[0], one[1]))
        near = [*related[:_MOST_COMPARED], *nearest]
        members: dict[int, list[Member]] = {}
        for _, place, member in near:
            members.setdefault(place, []).append(member)
        return [Group(listed[place].id, tuple(some)) for place, some in sorted(members.items())]

    def root(self, members: Sequence[Member]) -> Member:
        """Give the alert all the others come from, as far as the graph says.

        It is the one with the fewest alerts above it; of those, the one with most below it, then
        the first.
        """
        things = {member.thing for member in members}
        above = {
            thing: self._links.ancestors(thing).keys() & (things - {thing}) for thing in things
        }
        below = {thing: sum(thing in ups for ups in above.values()) for thing in things}
        return min(
            members,
            key=lambda one: (len(above[one.thing]), -below[one.thing], one.at, one.alert),
        )

    def _nearest(self, new: Member, group: Group) -> tuple[float, Instant] | None:
        """Give how far an alert stands from an incident, and how long from its nearest alert."""
        things = {member.thing for member in group.members}
        found: tuple[float, Instant] | None = None
        for member in group.members:
            apart = abs(new.at - member.at)
            if apart <= self._bounds.window:
                distance = self._distance(new.thing, member.thing, apart, things)
                distance += apart / self._bounds.window * _TIME
                if distance < math.inf and (found is None or (distance, apart) < found):
                    found = (distance, apart)
        return found

    def _distance(self, one: str, other: str, apart: Instant, alerted: set[str]) -> float:
        if one == other:
            return 0.0
        ours = self._links.ancestors(one, self._bounds.depth)
        theirs = self._links.ancestors(other, self._bounds.depth)
        if other in ours:
            return ours[other]
        if one in theirs:
            return theirs[one]
        found = math.inf
        if apart <= self._bounds.beside:
            shared = [
                ours[up] + theirs[up] + (0.0 if up in alerted else _SIBLING)
                for up in ours.keys() & theirs.keys()
                if up in alerted or self._links.count(up) <= self._bounds.siblings
            ]
            found = min(shared, default=math.inf)
        if found == math.inf and apart <= self._bounds.near_window:
            found = self._by_place(one, other)
        return found

    def _by_place(self, one: str, other: str) -> float:
        km = self._links.km(one, other)
        return _BY_PLACE + km if km <= self._bounds.near_km else math.inf
