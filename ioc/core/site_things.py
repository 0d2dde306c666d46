"""The things a site lists: one by one, or one for each of its areas.

A template, ``[[each]]``, is what lets three provinces share one file: it names a level of areas
instead of a place, and its numbers may follow the people who live there.
"""

import hashlib
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ioc.core.geometry import KM_A_DEGREE, Box, Point, in_box
from ioc.core.settings_row import Row, SettingsFile, nearest, settled, unlike
from ioc.core.words import SLUG, Area, Text

GATEWAY: Final = "gateway"
"""The kind of things that speak for others and have no datastreams of their own."""

LEVELS: Final = ("province", "district", "commune")

Settings = Mapping[str, float | str | bool]
"""What whoever plays a thing is told about it."""

_NUMBERED: Final = "-"
_TEMPLATE_AREAS: Final = MappingProxyType(
    {"province": "province", "districts": "district", "communes": "commune"}
)
_MOST_COPIES: Final = 99
_DIGITS: Final = 9
_ROOM: Final = 0.2
_BREADTH: Final = 0.24
_LEAST_KM: Final = 1.0
_MOST_KM: Final = 12.0
_MIDDLE: Final = 0.25
_LEVEL_WORDS: Final = (("Huyện ", "huyện "), ("Thị xã ", "thị xã "), ("Tỉnh ", "tỉnh "))
_MEASURES: Final[Mapping[str, Callable[[Area], float]]] = MappingProxyType(
    {
        "population": lambda area: float(area.population or 0),
        "communes": lambda area: float(area.communes),
        "km2": lambda area: area.km2 or 0.0,
    }
)
"""What a template's numbers may follow."""


@dataclass(frozen=True, slots=True)
class SiteThing:
    """A thing the site lists: what a simulator is to play, or an installation is to expect.

    Attributes:
        location: longitude and latitude in degrees.
        via: the gateway that speaks for it, or None.
        limits: its own named limits, such as ``alarm-1``.
        settings: numbers, words and switches for whoever plays it.
    """

    id: str
    kind: str
    area: str
    name: Text
    location: Point
    via: str | None
    limits: Mapping[str, float]
    settings: Settings


@dataclass(frozen=True, slots=True)
class Land:
    """Where a site's things may stand.

    Attributes:
        areas: the areas that could be read.
        known: their ids, to hold others against; anything is known where the file is unreadable.
    """

    bbox: Box
    areas: Sequence[Area]
    known: Collection[str]


def read_things(
    files: Iterable[SettingsFile], land: Land, without: Collection[str]
) -> tuple[SiteThing, ...]:
    """Read the things of a folder's files; the site's own replace the shared ones of their id.

    Args:
        files: shared ones first.
        land: where they may stand.
        without: kinds whose shared things this site does not take.
    """
    listed = list(files)
    read = [pair for source in listed for pair in _things(source, land)]
    read = [(row, one) for row, one in read if not (row.source.shared and one.kind in without)]
    kept = settled(read, lambda thing: thing.id, "thing")
    gateways = {thing.id for _, thing in kept if thing.kind == GATEWAY}
    used = {id(row) for row, _ in kept}
    for source in listed:
        top = source.top()
        _spoken_for(top, gateways)
        for row, thing in read:
            if row.source is source and id(row) in used:
                _spoken_for(row, gateways)
                if thing.kind == GATEWAY and thing.via is not None:
                    row.refuse("must not be given by a gateway: it speaks for itself", "via")
        top.asked.update(("thing", "each", "via"))
        top.finish()
    return tuple(thing for _, thing in kept)


def _spoken_for(row: Row, gateways: Collection[str]) -> None:
    via = row.table.get("via")
    if isinstance(via, str) and via not in gateways:
        row.refuse(f"is no gateway of this site{nearest(via, gateways)}", "via")


def _things(source: SettingsFile, land: Land) -> Iterator[tuple[Row, SiteThing]]:
    spoken_for = source.top().slug("via", required=False) or None
    for row in source.rows("each"):
        for thing in _each(row, land, spoken_for):
            yield row, thing
    for row in source.rows("thing"):
        yield row, _thing(row, land, spoken_for)


def _thing(row: Row, land: Land, spoken_for: str | None) -> SiteThing:
    kind = row.slug("kind")
    thing = SiteThing(
        id=row.slug("id"),
        kind=kind,
        area=row.known("area", "area", land.known),
        name=row.phrase("name") or Text("", ""),
        location=location(row, land.bbox),
        via=_via(row, kind, spoken_for),
        limits=_limits(row),
        settings=_settings(row),
    )
    row.finish()
    return thing


def location(row: Row, bbox: Box) -> Point:
    """Read a place inside a box; its middle where the place is wrong."""
    middle = (bbox[0] + bbox[2]) / 2, (bbox[1] + bbox[3]) / 2
    told = row.list_at("location", (int, float), "must be [longitude, latitude] in degrees")
    if not told:
        return middle
    if not in_box(told, bbox):
        row.refuse(
            "must be [longitude, latitude] inside the site's bbox "
            f"{bbox[0]:g}..{bbox[2]:g}, {bbox[1]:g}..{bbox[3]:g}",
            "location",
        )
        return middle
    return float(told[0]), float(told[1])


def _via(row: Row, kind: str, spoken_for: str | None) -> str | None:
    return row.slug("via", required=False) or (None if kind == GATEWAY else spoken_for)


def _limits(row: Row) -> Mapping[str, float]:
    """Read named limits; ``alarm-2`` must be above ``alarm-1``: those with numbers rise."""
    limits = row.named_numbers("limits")
    for name, limit in limits.items():
        stem, dash, number = name.rpartition(_NUMBERED)
        below = f"{stem}{dash}{int(number) - 1}" if stem and number.isdigit() else ""
        if below in limits and limit <= limits[below]:
            row.refuse(f"must be above {below} = {limits[below]:g}", f"limits.{name}")
    return limits


def _settings(row: Row) -> Settings:
    inner = row.table_at("settings")
    if inner is None:
        return MappingProxyType({})
    for key, value in inner.table.items():
        if not isinstance(value, int | float | str):
            inner.refuse("must be a number, a text, true or false", key)
        elif isinstance(value, float):
            inner.judge(value, key)
    return MappingProxyType(dict(inner.table))


def _each(row: Row, land: Land, spoken_for: str | None) -> list[SiteThing]:
    """Make one thing for each area a template names, or ``count`` of them."""
    kind, pattern = row.slug("kind"), row.string("id")
    areas = _areas(row, land)
    count = row.whole("count", least=1, most=_MOST_COPIES, default=1)
    name, limits, settings = row.phrase("name") or Text("", ""), _limits(row), _settings(row)
    factors = {area.id: _Factors(row, area, areas, count) for area in areas}
    via = _via(row, kind, spoken_for)
    row.finish()
    made = [
        SiteThing(
            id=(named := _filled(pattern, area, number, area.name.vi)),
            kind=kind,
            area=area.id,
            name=_named(name, area, number),
            location=_beside(area, named, land),
            via=via,
            limits=limits,
            settings=factors[area.id].applied(settings),
        )
        for area in areas
        for number in range(1, count + 1)
    ]
    _told_apart(row, made)
    return made


def _areas(row: Row, land: Land) -> list[Area]:
    """Give the areas a template names: a level's, or those of a list."""
    if not isinstance(row.table.get("areas"), list):
        level = _TEMPLATE_AREAS.get(row.choice("areas", tuple(_TEMPLATE_AREAS)))
        return [area for area in land.areas if area.level == level]
    wanted = row.list_at("areas", (str,), "must be a list of areas")
    for name in wanted:
        if name not in land.known:
            row.refuse(f"has {name}, which is no area of this site", "areas")
    return [area for area in land.areas if area.id in wanted]


def _told_apart(row: Row, made: Sequence[SiteThing]) -> None:
    """Refuse a template whose things are not told apart, or are named what no topic may be."""
    for thing in made:
        if not SLUG.fullmatch(thing.id):
            row.refuse(f"makes {thing.id}: it must be of a-z, 0-9, - and _ alone, at most 64", "id")
            return
        if "{" in thing.name.vi + thing.name.en:
            row.refuse("must have no braces but {name}, {place}, {area}, {code} and {n}", "name")
            return
    if len({thing.id for thing in made}) < len(made):
        row.refuse("must have {area}, and {n} where count is above 1: its things share an id", "id")


def _filled(pattern: str, area: Area, number: int, name: str) -> str:
    words = {
        "{area}": area.id,
        "{code}": area.code,
        "{n}": f"{number:02d}",
        "{name}": name,
        "{place}": _place(name),
    }
    for mark, word in words.items():
        pattern = pattern.replace(mark, word)
    return pattern


def _named(name: Text, area: Area, number: int) -> Text:
    """Write a template's name for an area; a level's word is small inside a phrase."""
    vi = area.name.vi
    if not name.vi.startswith("{name}"):
        for word, small in _LEVEL_WORDS:
            vi = small + vi.removeprefix(word) if vi.startswith(word) else vi
    return Text(_filled(name.vi, area, number, vi), _filled(name.en, area, number, area.name.en))


def _place(name: str) -> str:
    """Give an area's name without its level: ``Mường Ảng`` of ``Huyện Mường Ảng``."""
    for word in ("Huyện ", "huyện ", "Thị xã ", "thị xã ", "Tỉnh ", "tỉnh ", "TP ", "TX "):
        name = name.removeprefix(word)
    for word in (" District", " Town", " City", " Province"):
        name = name.removesuffix(word)
    return name


class _Factors:
    """What a template's numbers are multiplied by in one area.

    ``split`` names settings that are the whole's and are shared out; ``per`` names those told for
    one inhabitant, commune or square kilometre.
    """

    def __init__(self, row: Row, area: Area, areas: Sequence[Area], count: int) -> None:
        self._by_setting: dict[str, float] = {}
        for key in ("split", "per"):
            inner = row.table_at(key)
            for setting in inner.table if inner is not None else ():
                told = str(inner.table[setting]) if inner is not None else ""
                measure = _MEASURES.get(told)
                if measure is None:
                    row.refuse(unlike(told, _MEASURES), f"{key}.{setting}")
                    continue
                share = measure(area) / count
                if key == "split":
                    share /= sum(map(measure, areas)) or 1.0
                self._by_setting[setting] = share
                given = row.table.get("settings")
                if not isinstance(given, dict) or not _is_number(given.get(setting)):
                    row.refuse("must be one of the settings, and a number", f"{key}.{setting}")

    def applied(
        self, settings: Mapping[str, float | str | bool]
    ) -> Mapping[str, float | str | bool]:
        return MappingProxyType(
            {
                key: float(f"{value * self._by_setting[key]:.{_DIGITS}g}")
                if key in self._by_setting and isinstance(value, int | float)
                else value
                for key, value in settings.items()
            }
        )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _beside(area: Area, name: str, land: Land) -> Point:
    """Place a thing near its area's centre: where its own name says, so that no other moves it."""
    drawn = hashlib.blake2b(name.encode(), digest_size=8).digest()
    turn, reach = (int.from_bytes(part, "big") / 2**32 for part in (drawn[:4], drawn[4:]))
    km = _room_km(area, land.areas) * (_MIDDLE + (1 - _MIDDLE) * math.sqrt(reach))
    north = km * math.sin(2 * math.pi * turn) / KM_A_DEGREE
    east = (
        km * math.cos(2 * math.pi * turn) / (KM_A_DEGREE * math.cos(math.radians(area.location[1])))
    )
    west, south, far_east, far_north = land.bbox
    return (
        round(min(max(area.location[0] + east, west), far_east), 4),
        round(min(max(area.location[1] + north, south), far_north), 4),
    )


def _room_km(area: Area, areas: Iterable[Area]) -> float:
    """Give how far from its centre an area's things may stand without reaching its neighbours."""
    away = [_km(area.location, other.location) for other in areas]
    room = _ROOM * min((km for km in away if km > _LEAST_KM), default=_LEAST_KM)
    if area.km2:
        room = min(room, _BREADTH * math.sqrt(area.km2 / math.pi))
    return min(room, _MOST_KM)


def _km(one: Point, other: Point) -> float:
    east = (one[0] - other[0]) * math.cos(math.radians(one[1]))
    return KM_A_DEGREE * math.hypot(east, one[1] - other[1])
