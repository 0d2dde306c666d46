"""What depends on what: the graph along which one cause becomes many alerts.

A site says it in ``links/``, by kinds (each service depends on the platform it needs) or by a chain
of things (a river's gauges, downstream). Parents come first: what fails there is felt below. The
graph is made of the things there are, so a thing nobody listed has its place in it too.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

KM_A_DEGREE: Final = 111.2
"""Of latitude; of longitude it is as much less as the place lies from the equator."""


class Where(StrEnum):
    """Which parents of a kind a thing depends on."""

    EVERY = "every"
    AREA = "area"
    NEAREST = "nearest"
    SETTING = "setting"


@dataclass(frozen=True, slots=True)
class Link:
    """One row of a site's links: things of a kind depend on things of another, or a chain.

    Attributes:
        parent, child: kinds; empty for a chain.
        where: which of the parents.
        within_km: how far the nearest may be.
        settings: the parent's and the child's setting that must agree.
        chain: things, each depending on the one before.
    """

    parent: str = ""
    child: str = ""
    where: Where = Where.EVERY
    within_km: float = math.inf
    settings: tuple[str, str] = ("", "")
    chain: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """A thing as the graph sees it.

    Attributes:
        location: longitude and latitude in degrees.
        via: the gateway that speaks for it.
    """

    id: str
    kind: str
    area: str
    location: tuple[float, float] | None = None
    via: str | None = None
    settings: Mapping[str, float | str | bool] = field(default_factory=dict)


class Links:
    """The graph; asked for alerts only, so it is worked out where it is asked."""

    def __init__(self, links: Iterable[Link], nodes: Iterable[Node] = ()) -> None:
        """Stand on the rows of a site, and the things known so far."""
        self._into: dict[str, list[Link]] = defaultdict(list)
        self._before: dict[str, set[str]] = defaultdict(set)
        for link in links:
            if link.chain:
                for parent, child in zip(link.chain, link.chain[1:], strict=False):
                    self._before[child].add(parent)
            else:
                self._into[link.child].append(link)
        self._nodes: dict[str, Node] = {}
        self._of_kind: dict[str, dict[str, Node]] = defaultdict(dict)
        self._known: dict[str, tuple[str, ...]] = {}
        self._above: dict[tuple[str, int | None], dict[str, int]] = {}
        self._children: Counter[str] | None = None
        for node in nodes:
            self.learn(node)

    def learn(self, node: Node) -> None:
        """Take in a thing as it is described now."""
        old = self._nodes.get(node.id)
        if old == node:
            return
        if old is not None:
            del self._of_kind[old.kind][old.id]
        self._nodes[node.id] = self._of_kind[node.kind][node.id] = node
        self._changed()

    def forget(self, thing: str) -> None:
        """Take a thing away."""
        old = self._nodes.pop(thing, None)
        if old is not None:
            del self._of_kind[old.kind][old.id]
            self._changed()

    def parents(self, thing: str) -> tuple[str, ...]:
        """Give what a thing depends on directly, without its gateway."""
        found = self._known.get(thing)
        if found is None:
            found = self._known[thing] = tuple(sorted(set(self._found(thing)) - {thing}))
        return found

    def ancestors(self, thing: str, depth: int | None = None) -> Mapping[str, int]:
        """Give what a thing depends on, with how far up each is; the thing itself is at 0."""
        known = self._above.get((thing, depth))
        if known is not None:
            return known
        found, row, level = {thing: 0}, [thing], 0
        while row and (depth is None or level < depth):
            level += 1
            row = [up for one in row for up in self.parents(one)]
            row = [up for up in dict.fromkeys(row) if up not in found]
            found.update(dict.fromkeys(row, level))
        self._above[thing, depth] = found
        return found

    def count(self, thing: str) -> int:
        """Count what depends on a thing directly."""
        if self._children is None:
            self._children = Counter(up for one in self._nodes for up in self.parents(one))
        return self._children[thing]

    def settings(self, thing: str) -> Mapping[str, float | str | bool]:
        """Give the settings of a thing the site lists; none of any other."""
        node = self._nodes.get(thing)
        return {} if node is None else node.settings

    def gateway(self, thing: str) -> str | None:
        """Give what speaks for a thing: gone, it explains that the thing is silent."""
        node = self._nodes.get(thing)
        return None if node is None else node.via

    def km(self, one: str, other: str) -> float:
        """Give the distance between two things; infinite where one has no place."""
        first, second = self._nodes.get(one), self._nodes.get(other)
        if first is None or second is None or not first.location or not second.location:
            return math.inf
        return _km(first.location, second.location)

    def _changed(self) -> None:
        self._known.clear()
        self._above.clear()
        self._children = None

    def _found(self, thing: str) -> Iterator[str]:
        yield from (parent for parent in self._before.get(thing, ()) if parent in self._nodes)
        node = self._nodes.get(thing)
        if node is not None:
            for link in self._into.get(node.kind, ()):
                yield from self._among(link, node)

    def _among(self, link: Link, node: Node) -> Iterable[str]:
        candidates = self._of_kind.get(link.parent, {})
        if link.where is Where.EVERY:
            return candidates
        if link.where is Where.AREA:
            return [one.id for one in candidates.values() if one.area == node.area]
        if link.where is Where.SETTING:
            ours, theirs = link.settings
            wanted = node.settings.get(theirs)
            return [
                one.id
                for one in candidates.values()
                if wanted is not None and one.settings.get(ours) == wanted
            ]
        return _nearest(node, list(candidates.values()), link.within_km)


def explained(thing: str, active: Mapping[str, str], links: Links) -> str | None:
    """Give the alert that explains a thing's own: that of the nearest thing it depends on.

    Suppression by design: what is down above is handled, and what follows below is only kept.

    Args:
        thing: whose alert may be explained.
        active: the alert standing at each thing that is down altogether, by the thing's id.
        links: the graph.
    """
    gateway = links.gateway(thing)
    if gateway is not None and gateway in active:
        return active[gateway]
    above = ((level, up) for up, level in links.ancestors(thing).items() if level and up in active)
    nearest = min(above, default=None)
    return None if nearest is None else active[nearest[1]]


def _nearest(node: Node, candidates: Sequence[Node], within_km: float) -> list[str]:
    if node.location is None:
        return []
    placed = [
        (_km(node.location, one.location), one.id)
        for one in candidates
        if one.location is not None and one.id != node.id
    ]
    nearest = min(placed, default=(math.inf, ""))
    return [nearest[1]] if nearest[0] <= within_km and nearest[1] else []


def _km(one: tuple[float, float], other: tuple[float, float]) -> float:
    east = (one[0] - other[0]) * math.cos(math.radians((one[1] + other[1]) / 2))
    return KM_A_DEGREE * math.hypot(east, one[1] - other[1])
