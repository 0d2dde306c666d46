"""A site as the wall gets it: the parts of its files that a browser needs, as JSON."""

from typing import Any

from ioc.core.clock import SiteClock
from ioc.core.rules import Rule, parse_rule
from ioc.core.site import Site
from ioc.core.words import Area, Instant, Text, rfc3339

LOCALES = ("vi", "en")
_APART_KM = 0.5
_TOGETHER_KM = 25.0
_MOST_LINKS = 600


def site_document(site: Site) -> dict[str, Any]:
    """Give ``GET /api/v1/site`` without its clock, which is never the same twice."""
    return {
        "id": site.id,
        "name": text(site.name),
        "origin": site.origin.value,
        "timezone": site.timezone,
        "locales": list(LOCALES),
        "bbox": list(site.bbox),
        "tree": {"as_of": site.tree_as_of, "note": text(site.tree_note)},
        "areas": [{**_area(area), "geometry": site.geometry.get(area.id)} for area in site.areas],
        "boards": [
            {
                "id": board.id,
                "title": text(board.title),
                "columns": board.columns,
                "rows": board.rows,
                "screens": list(board.screens),
                "seconds": board.seconds,
                "panels": [plain(panel.row) for panel in board.panels],
            }
            for board in site.boards
        ],
        "rules": [_rule(parse_rule(row)) for row in site.rule_rows],
        "links": links_document(site),
        "words": {locale: f"/words/{locale}.ftl" for locale in LOCALES},
    }


def links_document(site: Site) -> list[dict[str, str]]:
    """Give the links a map can draw: between listed things that lie apart, each once.

    ``chain`` is a river's way down; the others are what one thing depends on another for.
    """
    graph = site.graph()
    chains = {
        pair
        for link in site.links
        for pair in zip(link.chain, link.chain[1:], strict=False)  # each with the next
    }
    found = [
        {"from": parent, "to": thing.id, "as": "chain" if (parent, thing.id) in chains else "need"}
        for thing in site.things
        for parent in graph.parents(thing.id)
        if _APART_KM < graph.km(parent, thing.id) < _TOGETHER_KM or (parent, thing.id) in chains
    ]
    return found[:_MOST_LINKS]


def clock_document(clock: SiteClock, now: Instant) -> dict[str, Any]:
    """Give a site's clock with what it shows at real time ``now``."""
    return {**clock.to_json(), "now": rfc3339(clock.at(now))}


def text(told: Text) -> dict[str, str]:
    """Give a phrase in both languages."""
    return {"vi": told.vi, "en": told.en}


def plain(told: Any) -> Any:  # noqa: ANN401 - whatever TOML holds
    """Give TOML's values as JSON's: mappings and sequences copied, times as their text."""
    if isinstance(told, Text):
        return text(told)
    if hasattr(told, "items"):
        return {key: plain(value) for key, value in told.items()}
    if isinstance(told, list | tuple):
        return [plain(value) for value in told]
    if told is None or isinstance(told, str | int | float):
        return told
    return str(told)


def _rule(rule: Rule) -> dict[str, Any]:
    """Give what a wall says of a rule; its severity is that of its mildest level."""
    return {
        "id": rule.id,
        "name": text(rule.name),
        "severity": int(rule.severity),
        "kind": rule.kind,
        "datastream": rule.datastream,
        "source": rule.source,
    }


def _area(area: Area) -> dict[str, Any]:
    return {
        "id": area.id,
        "code": area.code,
        "name": text(area.name),
        "level": area.level,
        "parent": area.parent,
        "location": list(area.location),
        "communes": area.communes,
        "km2": area.km2,
        "population": area.population,
        "population_source": area.population_source,
        "valid_from": area.valid_from,
        "valid_to": area.valid_to,
        "successor": area.successor,
        "tile": None if area.tile is None else list(area.tile),
    }
