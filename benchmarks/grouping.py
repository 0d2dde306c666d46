"""Grouping alone: cascades of known causes over provinces of chance, and how they are told apart.

Each seed makes a province of about 230 things (substations, feeders, masts, roads, gauges along
rivers, rooms, platforms, services) and weeks of causes in it. A cause may be seen at its origin or
not, is felt below it with a chance and a delay of its own, some things flap, storms break what only
their place has in common, and single alerts of no cause at all lie in between. Judged is every pair
of alerts, of one incident or not against of one cause or not: precision, recall, harmonic mean.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from ioc.core.grouping import Bounds, Group, Grouping, Member
from ioc.core.links import Link, Links, Node, Where
from ioc.core.words import DAY, MINUTE, SECOND, Instant

TUNED_ON: Final = range(1, 6)
"""Seeds the bounds were chosen on; never reported."""

SEEDS: Final = range(101, 121)
LOADS: Final = (50, 230, 514)
_ALONE, _STORMS, _UNSEEN, _FLAPS = 0.35, 0.08, 0.1, 0.08
"""Shares: of causes that are single alerts, and storms; of origins nobody saw; of alerts that come
again."""

_WEEKS: Final = {50: 4, 230: 2, 514: 1}

LINKS: Final = (
    Link(parent="substation", child="feeder", where=Where.NEAREST),
    Link(parent="feeder", child="telecom-station", where=Where.NEAREST, within_km=20),
    Link(parent="feeder", child="pump", where=Where.NEAREST, within_km=20),
    Link(parent="feeder", child="data-centre-power", where=Where.NEAREST),
    Link(parent="data-centre-power", child="data-centre-cooling"),
    Link(parent="data-centre-power", child="data-centre-room"),
    Link(parent="data-centre-cooling", child="data-centre-room"),
    Link(parent="data-centre-room", child="platform"),
    Link(parent="platform", child="service", where=Where.SETTING, settings=("role", "needs")),
    Link(parent="fibre", child="telecom-station", where=Where.AREA),
    Link(parent="rain-gauge", child="river-gauge", where=Where.NEAREST, within_km=15),
    Link(parent="river-gauge", child="road", where=Where.NEAREST, within_km=8),
)


@dataclass(frozen=True, slots=True)
class Alerted:
    """An alert of a made province, and the number of its cause."""

    member: Member
    cause: int


def province(chance: np.random.Generator) -> tuple[Links, list[Node]]:
    """Make a province of about 230 things and what depends on what in it."""
    nodes: list[Node] = []

    def add(kind: str, many: int, **settings: str) -> list[Node]:
        made = [
            Node(
                f"{kind}-{no:03}",
                kind,
                f"area-{chance.integers(10)}",
                (float(102.2 + 1.3 * chance.random()), float(21.0 + 1.4 * chance.random())),
                settings=settings,
            )
            for no in range(many)
        ]
        nodes.extend(made)
        return made

    add("substation", int(chance.integers(4, 8)))
    add("feeder", int(chance.integers(20, 32)))
    add("telecom-station", int(chance.integers(50, 80)))
    add("pump", int(chance.integers(10, 20)))
    add("fibre", 10)
    nodes[-10:] = [replace(one, area=f"area-{no}") for no, one in enumerate(nodes[-10:])]
    for kind in ("data-centre-power", "data-centre-cooling", "data-centre-room"):
        add(kind, 1)
    platforms = [
        replace(one, settings={"role": one.id})
        for one in add("platform", int(chance.integers(3, 6)))
    ]
    services = add("service", int(chance.integers(12, 24)))
    needs = chance.integers(len(platforms), size=len(services))
    nodes[-len(platforms) - len(services) :] = [
        *platforms,
        *(
            replace(one, settings={"needs": platforms[of].id})
            for one, of in zip(services, needs, strict=True)
        ),
    ]
    add("rain-gauge", int(chance.integers(20, 30)))
    rivers = add("river-gauge", int(chance.integers(15, 25)))
    add("road", int(chance.integers(12, 20)))
    order = [one.id for one in rivers]
    cuts = sorted(chance.choice(np.arange(1, len(order)), size=4, replace=False).tolist())
    chains = [order[a:b] for a, b in zip([0, *cuts], [*cuts, len(order)], strict=True)]
    links = [*LINKS, *(Link(chain=tuple(chain)) for chain in chains if len(chain) > 1)]
    return Links(links, nodes), nodes


def history(
    links: Links, nodes: Sequence[Node], load: float, days: int, chance: np.random.Generator
) -> list[Alerted]:
    """Make days of alerts, about ``load`` a day, in order."""
    children: dict[str, list[str]] = defaultdict(list)
    for node in nodes:
        for up in links.parents(node.id):
            children[up].append(node.id)
    things = [node.id for node in nodes]
    weights = np.array([1.0 + 2.0 * min(3, len(children[thing])) for thing in things])
    weights /= weights.sum()
    found: list[Alerted] = []
    cause = 0
    while len(found) < load * days:
        cause += 1
        began = int(chance.random() * days * DAY)
        kind = chance.random()
        if kind < _ALONE:
            felt = {str(chance.choice(things)): began}
        elif kind < _ALONE + _STORMS:
            felt = _storm(links, things, began, children, chance)
        else:
            felt = _failure(str(chance.choice(things, p=weights)), began, children, chance)
        found += _flapping(felt, cause, chance)
    return sorted(found, key=lambda one: (one.member.at, one.member.alert))


def told_apart(alerts: Iterable[Alerted], grouping: Grouping) -> list[tuple[int, str]]:
    """Group alerts as they come; gives (cause, incident) of each."""
    groups: dict[str, Group] = {}
    said: list[tuple[int, str]] = []
    for one in alerts:
        member = one.member
        near = [
            group
            for group in groups.values()
            if member.at - group.members[-1].at <= grouping.window
        ]
        groups = {group.id: group for group in near}
        chosen = grouping.choose(member, near) or member.alert
        known = groups.get(chosen, Group(chosen, ()))
        groups[chosen] = replace(known, members=(*known.members, member))
        said.append((one.cause, chosen))
    return said


def pair_f1(said: Sequence[tuple[int, str]]) -> dict[str, float]:
    """Judge all pairs: precision, recall and F1 of being together."""

    def pairs(counts: Iterable[int]) -> int:
        return sum(math.comb(count, 2) for count in counts)

    both = pairs(Counter(said).values())
    together = pairs(Counter(incident for _, incident in said).values())
    truly = pairs(Counter(cause for cause, _ in said).values())
    precision, recall = both / max(1, together), both / max(1, truly)
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / max(1e-9, precision + recall),
        "alerts": len(said),
        "incidents": len({incident for _, incident in said}),
        "causes": len({cause for cause, _ in said}),
    }


def run(load: float, seeds: Iterable[int], bounds: Bounds) -> list[dict[str, float]]:
    """Judge one load over provinces of chance, one a seed."""
    figures = []
    for seed in seeds:
        chance = np.random.default_rng([seed, round(load)])
        links, nodes = province(chance)
        days = 7 * _WEEKS.get(round(load), 1)
        alerts = history(links, nodes, load, days, chance)
        figures.append(pair_f1(told_apart(alerts, Grouping(links, bounds))))
    return figures


def grouping(scale: float) -> dict[str, Any]:
    """Measure pair-F1 by load, and what other depths and ways would give."""
    seeds = SEEDS[: max(2, round(len(SEEDS) * scale))]
    found: dict[str, Any] = {"seeds": [seeds[0], seeds[-1]], "loads": {}}
    for load in LOADS:
        found["loads"][load] = {
            name: _summary(run(load, seeds, bounds)) for name, bounds in _ways().items()
        }
    return found


def _ways() -> dict[str, Bounds]:
    kept = Bounds()
    ways = {f"depth {depth}": replace(kept, depth=depth) for depth in (1, 2, 3)}
    ways["place alone"] = replace(kept, depth=0, near_km=12.0, near_window=kept.window)
    ways["time alone"] = replace(kept, depth=0, near_km=1e9, near_window=kept.window)
    return ways


def _summary(figures: Sequence[dict[str, float]]) -> dict[str, float]:
    f1 = [one["f1"] for one in figures]
    return {
        "f1_mean": round(float(np.mean(f1)), 4),
        "f1_least": round(min(f1), 4),
        "precision": round(float(np.mean([one["precision"] for one in figures])), 4),
        "recall": round(float(np.mean([one["recall"] for one in figures])), 4),
        "alerts": int(sum(one["alerts"] for one in figures)),
        "incidents": int(sum(one["incidents"] for one in figures)),
        "causes": int(sum(one["causes"] for one in figures)),
    }


def _cascade(
    origin: str, began: Instant, children: dict[str, list[str]], chance: np.random.Generator
) -> dict[str, Instant]:
    """Let a failure be felt below, each child with the cause's own chance and a delay."""
    felt, row, share = {origin: began}, [origin], 0.5 + 0.45 * chance.random()
    while row:
        below = []
        for thing in row:
            for child in children[thing]:
                if child not in felt and chance.random() < share:
                    felt[child] = felt[thing] + _delay(chance, 2.0)
                    below.append(child)
        row = below
    return felt


def _failure(
    origin: str, began: Instant, children: dict[str, list[str]], chance: np.random.Generator
) -> dict[str, Instant]:
    """Let something fail, now and then unseen itself."""
    felt = _cascade(origin, began, children, chance)
    if len(felt) > 1 and chance.random() < _UNSEEN:
        del felt[origin]
    return felt


def _flapping(
    felt: dict[str, Instant], cause: int, chance: np.random.Generator
) -> Iterator[Alerted]:
    """Raise what is felt, some of it again and again."""
    for thing, at in felt.items():
        again = at
        yield _alerted(thing, again, cause)
        while chance.random() < _FLAPS:
            again += _delay(chance, 3.0)
            yield _alerted(thing, again, cause)


def _storm(
    links: Links,
    things: Sequence[str],
    began: Instant,
    children: dict[str, list[str]],
    chance: np.random.Generator,
) -> dict[str, Instant]:
    """Break some of what lies near one place, and what hangs on it."""
    eye = str(chance.choice(list(things)))
    hit = [one for one in things if links.km(eye, one) < 2.0 and chance.random() < 0.6] or [eye]
    felt = {one: began + _delay(chance, 1.5) for one in hit}
    for one in hit:
        felt = _cascade(one, felt[one], children, chance) | felt
    return felt


def _delay(chance: np.random.Generator, minutes: float) -> Instant:
    return SECOND + int(chance.exponential(minutes) * MINUTE)


def _alerted(thing: str, at: Instant, cause: int) -> Alerted:
    return Alerted(Member(f"{thing}@{at}", thing, at), cause)
