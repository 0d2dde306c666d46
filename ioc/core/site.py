"""A site: one province as data, and what makes its files right.

A site is a folder of TOML: ``site.toml``, ``areas.toml``, ``things.toml``, ``rules.toml``,
``indicators.toml`` and ``boards/*.toml``, perhaps a GeoJSON of its own. Here their texts become
one frozen `Site`, or every mistake in them at once; who reads the files is somebody else's matter.
"""

import json
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from ioc.core.geometry import Box, in_box, read_geojson, schematic
from ioc.core.indicators import Definition, parse_indicator
from ioc.core.rules import ANY, Condition, Rule, parse_rule
from ioc.core.settings_error import SettingsError
from ioc.core.settings_row import Row, SettingsFile, attempt, nearest, unique
from ioc.core.words import PROVINCE, Area, Origin, Text

GATEWAY: Final = "gateway"
"""The kind of things that speak for others and have no datastreams of their own."""

TIMEZONE: Final = "Asia/Ho_Chi_Minh"
LEVELS: Final = ("province", "district", "commune")
PANELS: Final = MappingProxyType(
    {
        "map": (),
        "alerts": (),
        "feed": (),
        "freshness": (),
        "indicator": ("indicator",),
        "indicators": ("indicators",),
        "chart": ("datastreams", "hours"),
        "status": ("kind",),
    }
)
"""The types of panels, and the keys each of them needs beside its place."""

FILES: Final = ("site.toml", "areas.toml", "things.toml", "rules.toml", "indicators.toml")
BOARDS: Final = "boards/"
_MOST_HOURS: Final = 24 * 31
_MOST_CELLS: Final = 96
_MOST_KM2: Final = 400_000
_NUMBERED: Final = "-"


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
    location: tuple[float, float]
    via: str | None
    limits: Mapping[str, float]
    settings: Mapping[str, float | str | bool]


@dataclass(frozen=True, slots=True)
class Panel:
    """One piece of a board.

    Attributes:
        x, y, w, h: its place on the board's grid, in columns and rows from the top left.
        row: the whole row of the file, as the wall gets it.
    """

    id: str
    type: str
    x: int
    y: int
    w: int
    h: int
    title: Text | None
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Board:
    """A page of the wall: panels on a grid of ``columns`` by ``rows``."""

    id: str
    title: Text
    columns: int
    rows: int
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """One province, whole.

    Attributes:
        origin: where the listed things' data comes from.
        bbox: west, south, east, north in degrees.
        seed: what the simulators' chance is drawn from.
        tree_as_of: the time the areas stand for, with ``tree_note`` saying what changed since.
        things: in the file's order; `kinds` also has those that come without being listed.
        geometry: a GeoJSON geometry for each area that has one, by its id.
        rule_rows: the rows of ``rules.toml``, each accepted by `ioc.core.rules.parse_rule`.
        indicator_rows: the rows of ``indicators.toml``, likewise by `parse_indicator`.
    """

    id: str
    name: Text
    origin: Origin
    timezone: str
    bbox: Box
    seed: int
    tree_as_of: str
    tree_note: Text
    kinds: frozenset[str]
    areas: tuple[Area, ...]
    things: tuple[SiteThing, ...]
    boards: tuple[Board, ...]
    geometry: Mapping[str, Mapping[str, Any]]
    rule_rows: tuple[Mapping[str, Any], ...]
    indicator_rows: tuple[Mapping[str, Any], ...]


def parse_site(name: str, files: Mapping[str, str]) -> Site:
    """Make a site of its files' texts.

    Args:
        name: the folder's name, which is the site's id.
        files: the text of each file by its name inside the folder, e.g. ``boards/wall.toml``.

    Raises:
        SettingsError: the first mistake; its notes count the others.
    """
    reading = _Reading(name, files)
    site = reading.site()
    problems = reading.problems()
    if problems:
        first = problems[0]
        if len(problems) > 1:
            first.add_note(f"and {len(problems) - 1} more; `ioc check` lists them all")
        raise first
    return site


def check_site(name: str, files: Mapping[str, str]) -> tuple[SettingsError, ...]:
    """Give every mistake in a site's files, file by file and line by line."""
    reading = _Reading(name, files)
    reading.site()
    return reading.problems()


@dataclass
class _Reading:
    """One pass over a site's files."""

    name: str
    texts: Mapping[str, str]
    files: dict[str, SettingsFile] = field(default_factory=dict)

    def __post_init__(self) -> None:
        boards = sorted(file for file in self.texts if file.startswith(BOARDS))
        for file in (*FILES, *boards):
            self.files[file] = (
                SettingsFile.parse(file, self.texts[file])
                if file in self.texts
                else SettingsFile.absent(file, "is missing")
            )
        for stray in sorted(file for file in self.texts if file.endswith(".toml")):
            if stray not in self.files:
                why = f"is no file of a site{nearest(stray, FILES)}"
                self.files[stray] = SettingsFile.absent(stray, why)

    def problems(self) -> tuple[SettingsError, ...]:
        """Give what was refused, in the order of files and lines."""
        return tuple(
            problem
            for file in self.files.values()
            for problem in sorted(file.problems, key=lambda wrong: wrong.line or 0)
        )

    def known(self, file: str, ids: Iterable[str]) -> Collection[str]:
        """Give the ids a file defines, to hold others against."""
        return frozenset(ids) if self.files[file].readable else _Whatever()

    def site(self) -> Site:
        top = self.files["site.toml"].top()
        bbox = _bbox(top)
        areas = self.areas(bbox)
        things = self.things(bbox, self.known("areas.toml", (area.id for area in areas)))
        kinds = frozenset({thing.kind for thing in things} | set(_more_kinds(top)))
        tree = top.table_at("tree", required=True)
        as_of, note = _tree(tree) if tree else ("", Text("", ""))
        judged = self.known("things.toml", kinds)
        indicators = self.indicators(judged)
        named = (str(row.get("id")) for row in indicators)
        shown = _Shown(
            things=self.known("things.toml", (thing.id for thing in things)),
            kinds=judged,
            indicators=self.known("indicators.toml", named),
        )
        found = Site(
            id=self.name,
            name=top.phrase("name") or Text(self.name, self.name),
            origin=Origin(_origin(top)),
            timezone=top.choice("timezone", (TIMEZONE,)),
            bbox=bbox,
            seed=top.whole("seed", least=0, most=2**63 - 1),
            tree_as_of=as_of,
            tree_note=note,
            kinds=kinds,
            areas=areas,
            things=things,
            boards=self.boards(shown),
            geometry=MappingProxyType(self.geometry(top, areas, bbox)),
            rule_rows=self.rules(judged, things),
            indicator_rows=indicators,
        )
        if top.slug("id") not in ("", self.name):
            top.refuse(f'must be the folder\'s name, "{self.name}"', "id")
        top.finish()
        return found

    def areas(self, bbox: Box) -> tuple[Area, ...]:
        source = self.files["areas.toml"]
        rows = list(source.rows("area"))
        read = [(row, _area(row, bbox)) for row in rows]
        unique(((row, area.id) for row, area in read), "area")
        parents = {area.id: area.parent for _, area in read}
        for row, area in read:
            if (area.parent is None) != (area.id == PROVINCE):
                row.refuse(f'must be given by all areas but "{PROVINCE}"', "parent")
            elif area.parent is not None and area.parent not in parents:
                row.refuse(f"is no area of this site{nearest(area.parent, parents)}", "parent")
            elif _circles(area.id, parents):
                row.refuse("goes round in a circle", "parent")
        if PROVINCE not in parents:
            source.refuse(SettingsError(f'must have an area "{PROVINCE}"', path=("area",)))
        _only(source, "area")
        return tuple(area for _, area in read)

    def things(self, bbox: Box, areas: Collection[str]) -> tuple[SiteThing, ...]:
        source = self.files["things.toml"]
        top = source.top()
        spoken_for = top.slug("via", required=False) or None
        read = [(row, _thing(row, bbox, areas, spoken_for)) for row in source.rows("thing")]
        unique(((row, thing.id) for row, thing in read), "thing")
        gateways = {thing.id for _, thing in read if thing.kind == GATEWAY}
        for row, thing in read:
            if thing.kind == GATEWAY and thing.via is not None:
                row.refuse("must not be given by a gateway: it speaks for itself", "via")
        for place in (top, *(row for row, _ in read)):
            via = place.table.get("via")
            if isinstance(via, str) and via not in gateways:
                place.refuse(f"is no gateway of this site{nearest(via, gateways)}", "via")
        _only(source, "thing", "via")
        return tuple(thing for _, thing in read)

    def geometry(
        self, top: Row, areas: tuple[Area, ...], bbox: Box
    ) -> Mapping[str, Mapping[str, Any]]:
        if not top.has("geometry"):
            return {} if self.problems() else schematic(areas, bbox)  # of sound areas only
        file = top.string("geometry")
        if file not in self.texts:
            top.refuse("is no file of this site's folder", "geometry")
            return {}
        source = self.files.setdefault(file, SettingsFile(file))
        try:
            return read_geojson(json.loads(self.texts[file]), areas, bbox)
        except json.JSONDecodeError as wrong:
            source.refuse(SettingsError(f"is no valid JSON: {wrong.msg}", line=wrong.lineno))
        except SettingsError as wrong:
            source.refuse(wrong)
        return {}

    def rules(
        self, kinds: Collection[str], things: Iterable[SiteThing]
    ) -> tuple[Mapping[str, Any], ...]:
        source = self.files["rules.toml"]
        rows = list(source.rows("rule"))
        unique(((row, str(row.table.get("id", ""))) for row in rows), "rule")
        for row in rows:
            rule = attempt(row, parse_rule)
            if rule is not None:
                _bound(row, rule, kinds, things)
        _only(source, "rule")
        return tuple(MappingProxyType(dict(row.table)) for row in rows)

    def indicators(self, kinds: Collection[str]) -> tuple[Mapping[str, Any], ...]:
        source = self.files["indicators.toml"]
        rows = list(source.rows("indicator"))
        unique(((row, str(row.table.get("id", ""))) for row in rows), "indicator")
        for row in rows:
            indicator = attempt(row, parse_indicator)
            if indicator is not None:
                _aimed(row, indicator, kinds)
        _only(source, "indicator")
        return tuple(MappingProxyType(dict(row.table)) for row in rows)

    def boards(self, shown: "_Shown") -> tuple[Board, ...]:
        return tuple(
            _board(source, file, shown)
            for file, source in self.files.items()
            if file.startswith(BOARDS)
        )


class _Whatever(Collection[str]):
    """The ids of a file that could not be read: nothing can be said against any."""

    def __contains__(self, _: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a board may show."""

    things: Collection[str]
    kinds: Collection[str]
    indicators: Collection[str]


def _only(source: SettingsFile, *tables: str) -> None:
    """Refuse top-level keys other than the file's own tables."""
    top = source.top()
    top.asked.update(tables)
    top.finish()


def _origin(top: Row) -> str:
    told = top.choice("origin", tuple(Origin), default=Origin.SIMULATED)
    return told if told in tuple(Origin) else Origin.SIMULATED


def _bbox(top: Row) -> Box:
    right = "must be [west, south, east, north] in degrees"
    told = top.list_at("bbox", (int, float), right)
    world: Box = (-180.0, -90.0, 180.0, 90.0)
    if not told:
        return world
    if len(told) != len(world) or not all(map(math.isfinite, told)):
        top.refuse(right, "bbox")
        return world
    west, south, east, north = (float(edge) for edge in told)
    if not (in_box((west, south), world) and in_box((east, north), world)):
        top.refuse(right, "bbox")
        return world
    if west >= east or south >= north:
        top.refuse(f"{right}: west before east, south before north", "bbox")
        return world
    return west, south, east, north


def _more_kinds(top: Row) -> tuple[str, ...]:
    if not top.has("kinds"):
        return ()
    return tuple(top.list_at("kinds", (str,), "must be a list of kinds of things"))


def _tree(row: Row) -> tuple[str, Text]:
    as_of, note = row.string("as_of"), row.phrase("note")
    row.finish()
    return as_of, note or Text("", "")


def _location(row: Row, bbox: Box) -> tuple[float, float]:
    told = row.list_at("location", (int, float), "must be [longitude, latitude] in degrees")
    if not told:
        return (bbox[0] + bbox[2]) / 2, (bbox[1] + bbox[3]) / 2
    if not in_box(told, bbox):
        row.refuse(
            "must be [longitude, latitude] inside the site's bbox "
            f"{bbox[0]:g}..{bbox[2]:g}, {bbox[1]:g}..{bbox[3]:g}",
            "location",
        )
        return (bbox[0] + bbox[2]) / 2, (bbox[1] + bbox[3]) / 2
    return float(told[0]), float(told[1])


def _area(row: Row, bbox: Box) -> Area:
    start, end = row.day("valid_from"), row.day("valid_to")
    if start and end and end < start:
        row.refuse("must not be before valid_from", "valid_to")
    tile = row.list_at("tile", (int,), "must be [row, column]") if row.has("tile") else ()
    if tile and (len(tile) != 2 or min(tile) < 0):
        row.refuse("must be [row, column], from 0", "tile")
        tile = ()
    has_people, has_size = row.has("population"), row.has("km2")
    area = Area(
        id=row.slug("id"),
        code=row.string("code"),
        name=row.phrase("name") or Text("", ""),
        level=row.choice("level", LEVELS),
        parent=row.slug("parent", required=False) or None,
        location=_location(row, bbox),
        communes=row.whole("communes", least=0, default=0),
        km2=row.number("km2", least=0.01, most=_MOST_KM2) if has_size else None,
        population=row.whole("population", least=0) if has_people else None,
        population_source=row.string("population_source", default="") or None,
        valid_from=start,
        valid_to=end,
        tile=(tile[0], tile[1]) if tile else None,
    )
    row.finish()
    return area


def _circles(area: str, parents: Mapping[str, str | None]) -> bool:
    above = parents.get(area)
    for _ in parents:
        if above is None:
            return False
        if above == area:
            return True
        above = parents.get(above)
    return False


def _thing(row: Row, bbox: Box, areas: Collection[str], spoken_for: str | None) -> SiteThing:
    kind = row.slug("kind")
    via = row.slug("via", required=False) or (None if kind == GATEWAY else spoken_for)
    limits = row.named_numbers("limits")
    _rising(row, limits)
    thing = SiteThing(
        id=row.slug("id"),
        kind=kind,
        area=row.known("area", "area", areas),
        name=row.phrase("name") or Text("", ""),
        location=_location(row, bbox),
        via=via,
        limits=limits,
        settings=_settings(row),
    )
    row.finish()
    return thing


def _rising(row: Row, limits: Mapping[str, float]) -> None:
    """Refuse ``alarm-2`` that is not above ``alarm-1``: limits with numbers rise with them."""
    for name, limit in limits.items():
        stem, dash, number = name.rpartition(_NUMBERED)
        below = f"{stem}{dash}{int(number) - 1}" if stem and number.isdigit() else ""
        if below in limits and limit <= limits[below]:
            row.refuse(f"must be above {below} = {limits[below]:g}", f"limits.{name}")


def _settings(row: Row) -> Mapping[str, float | str | bool]:
    inner = row.table_at("settings")
    if inner is None:
        return MappingProxyType({})
    for key, value in inner.table.items():
        if not isinstance(value, int | float | str):
            inner.refuse("must be a number, a text, true or false", key)
        elif isinstance(value, float):
            inner.judge(value, key)
    return MappingProxyType(dict(inner.table))


def _bound(row: Row, rule: Rule, kinds: Collection[str], things: Iterable[SiteThing]) -> None:
    """Refuse a rule that no thing of the site could ever break."""
    if rule.kind != ANY and rule.kind not in kinds:
        row.refuse(f"is no kind of this site{nearest(rule.kind, kinds)}", "kind")
    if rule.condition is Condition.SILENT or not isinstance(rule.limit, str):
        return
    if rule.condition is Condition.EQUALS:
        return  # a level: only the thing's own description knows its levels
    lacking = [
        thing.id
        for thing in things
        if rule.kind in (ANY, thing.kind) and rule.limit not in thing.limits
    ]
    if lacking:
        row.refuse(
            f"must be a number or a limit of every {rule.kind}; {lacking[0]} has none of that name",
            rule.condition.value,
        )


def _aimed(row: Row, indicator: Definition, kinds: Collection[str]) -> None:
    """Refuse an indicator nothing of the site feeds, or whose marks are the wrong way round."""
    for key, inputs in (("of", indicator.of), ("over", indicator.over)):
        if inputs is not None and inputs.kind not in kinds:
            row.refuse(f"is no kind of this site{nearest(inputs.kind, kinds)}", f"{key}.kind")
    target, at_risk = indicator.target, indicator.at_risk
    if at_risk is None:
        return
    if target is None:
        row.refuse("needs a target beside it", "at_risk")
    elif indicator.upward and at_risk > target:
        row.refuse(f"must not be above the target, {target:g}: the direction is up", "at_risk")
    elif not indicator.upward and at_risk < target:
        row.refuse(f"must not be below the target, {target:g}: the direction is down", "at_risk")


def _board(source: SettingsFile, file: str, shown: _Shown) -> Board:
    top = source.top()
    name = file.removeprefix(BOARDS).removesuffix(".toml")
    if top.slug("id") not in ("", name):
        top.refuse(f'must be the file\'s name, "{name}"', "id")
    columns = top.whole("columns", least=1, most=_MOST_CELLS, default=24)
    rows = top.whole("rows", least=1, most=_MOST_CELLS, default=14)
    read = [(row, _panel(row, columns, rows, shown)) for row in source.rows("panel")]
    unique(((row, panel.id) for row, panel in read), "panel")
    taken: dict[tuple[int, int], str] = {}
    for row, panel in read:
        cells = [
            (x, y)
            for x in range(panel.x, min(panel.x + panel.w, columns))
            for y in range(panel.y, min(panel.y + panel.h, rows))
        ]
        under = next((taken[cell] for cell in cells if cell in taken), None)
        if under is not None:
            row.refuse(f"lies over the panel {under}")
        taken.update(dict.fromkeys(cells, panel.id))
    top.asked.add("panel")
    board = Board(
        id=name,
        title=top.phrase("title") or Text(name, name),
        columns=columns,
        rows=rows,
        panels=tuple(panel for _, panel in read),
    )
    top.finish()
    return board


def _panel(row: Row, columns: int, rows: int, shown: _Shown) -> Panel:
    kind = row.choice("type", tuple(PANELS))
    panel = Panel(
        id=row.slug("id"),
        type=kind,
        x=row.whole("x", least=0, most=columns - 1),
        y=row.whole("y", least=0, most=rows - 1),
        w=row.whole("w", least=1, most=columns),
        h=row.whole("h", least=1, most=rows),
        title=row.phrase("title", required=False),
        row=MappingProxyType(dict(row.table)),
    )
    if panel.x + panel.w > columns:
        row.refuse(f"reaches over the board's {columns} columns", "w")
    if panel.y + panel.h > rows:
        row.refuse(f"reaches over the board's {rows} rows", "h")
    for key in PANELS.get(kind, ()):
        _CONTENT[key](row, shown)
    if kind in PANELS:
        row.finish()
    return panel


def _shows_indicator(row: Row, shown: _Shown) -> None:
    row.known("indicator", "indicator", shown.indicators)


def _shows_indicators(row: Row, shown: _Shown) -> None:
    for name in row.list_at("indicators", (str,), "must be a list of indicators"):
        if name not in shown.indicators:
            row.refuse(
                f"has {name}, which is no indicator of this site{nearest(name, shown.indicators)}",
                "indicators",
            )


def _shows_datastreams(row: Row, shown: _Shown) -> None:
    right = 'must be a list of datastreams, "thing/datastream"'
    for name in row.list_at("datastreams", (str,), right):
        thing, slash, datastream = name.partition("/")
        if not slash or not datastream:
            row.refuse(right, "datastreams")
        elif thing not in shown.things:
            row.refuse(
                f"has {name}: there is no such thing{nearest(thing, shown.things)}", "datastreams"
            )


def _shows_hours(row: Row, shown: _Shown) -> None:
    del shown
    row.number("hours", least=0.1, most=_MOST_HOURS, default=24)


def _shows_kind(row: Row, shown: _Shown) -> None:
    row.known("kind", "kind", shown.kinds)


_CONTENT: Final[Mapping[str, Callable[[Row, _Shown], None]]] = MappingProxyType(
    {
        "indicator": _shows_indicator,
        "indicators": _shows_indicators,
        "datastreams": _shows_datastreams,
        "hours": _shows_hours,
        "kind": _shows_kind,
    }
)
