"""A site: one province as data, and what makes its files right.

A site is a folder of TOML: ``site.toml``, ``areas.toml``, and folders of any number of files,
``things/``, ``rules/``, ``indicators/``, ``boards/`` and ``rows/``; perhaps a GeoJSON of its own.
What all sites share comes beside it under ``common/``: a site takes it with ``common = true``,
replaces an entry by one of its own with the same id, and goes without what speaks of kinds it has
not. Here the files' texts become one frozen `Site`, or every mistake in them at once; who reads
the files is somebody else's matter.
"""

import json
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from ioc.core.boards import Board, Shown, read_board
from ioc.core.brief_plan import Plan, parse_plan
from ioc.core.geometry import Box, in_box, read_geojson, schematic
from ioc.core.indicators import Definition, parse_indicator
from ioc.core.links import Link, Links, Node
from ioc.core.mission import Answers, MissionRow, read_mission
from ioc.core.own import KIND
from ioc.core.rules import ANY, Condition, Rule, parse_rule
from ioc.core.scoring import parse_table
from ioc.core.settings_error import SettingsError
from ioc.core.settings_row import SHARED, Row, SettingsFile, attempt, nearest, settled, unique
from ioc.core.site_links import read_links
from ioc.core.site_things import GATEWAY, LEVELS, Land, SiteThing, location, read_things
from ioc.core.telling import Route, check_areas, parse_route
from ioc.core.words import PROVINCE, Area, Origin, Text

__all__ = ["GATEWAY", "Site", "SiteThing", "check_site", "parse_site"]

TIMEZONE: Final = "Asia/Ho_Chi_Minh"
FILES: Final = ("site.toml", "areas.toml")
FOLDERS: Final = (
    "things", "rules", "indicators", "boards", "rows", "links", "routes", "scores", "stories",
    "briefs",
)  # fmt: skip
"""What a site's folder may hold; scores and stories of rules are read by those who use them."""

_MOST_KM2: Final = 400_000


@dataclass(frozen=True, slots=True)
class Site:
    """One province, whole.

    Attributes:
        origin: where the listed things' data comes from.
        bbox: west, south, east, north in degrees.
        seed: what the simulators' chance is drawn from.
        tree_as_of: the time the areas stand for, with ``tree_note`` saying what changed since.
        things: in the files' order; `kinds` also has those that come without being listed.
        geometry: a GeoJSON geometry for each area that has one, by its id.
        rule_rows: the rows of ``rules/``, each accepted by `ioc.core.rules.parse_rule`.
        indicator_rows: the rows of ``indicators/``, likewise by `parse_indicator`.
        links: what depends on what, the rows of ``links/``.
        routes: who is told of what, the rows of ``routes/``.
        plans: when briefs are made and of what, the rows of ``briefs/``.
        mission: the rows of the sources that speak of this site.
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
    links: tuple[Link, ...]
    routes: tuple[Route, ...]
    plans: tuple[Plan, ...]
    mission: tuple[MissionRow, ...] = ()

    def graph(self) -> Links:
        """Give the graph of the listed things; things that come later are learnt by it."""
        return Links(
            self.links,
            (
                Node(one.id, one.kind, one.area, one.location, one.via, one.settings)
                for one in self.things
            ),
        )


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
        for file in FILES:
            self.files[file] = (
                SettingsFile.parse(file, self.texts[file])
                if file in self.texts
                else SettingsFile.absent(file, "is missing")
            )
        shared = self.files["site.toml"].document.get("common") is True
        for folder in FOLDERS:
            for start in (f"{SHARED}{folder}/", f"{folder}/")[0 if shared else 1 :]:
                for file in sorted(filter(_toml, self.texts)):
                    if file.startswith(start):
                        self.files[file] = SettingsFile.parse(file, self.texts[file])
        for stray in sorted(filter(_toml, self.texts)):
            if stray not in self.files and not _among(stray.removeprefix(SHARED)):
                self.files[stray] = SettingsFile.absent(stray, _astray(stray))

    def problems(self) -> tuple[SettingsError, ...]:
        """Give what was refused, in the order of files and lines."""
        return tuple(
            problem
            for file in self.files.values()
            for problem in sorted(file.problems, key=lambda wrong: wrong.line or 0)
        )

    def within(self, folder: str) -> list[SettingsFile]:
        """Give the files of a folder, the shared ones first."""
        return [
            source
            for file, source in self.files.items()
            if file.removeprefix(SHARED).startswith(f"{folder}/")
        ]

    def known(self, sources: Iterable[SettingsFile], ids: Iterable[str]) -> Collection[str]:
        """Give the ids some files define, to hold others against."""
        return frozenset(ids) if all(one.readable for one in sources) else _Whatever()

    def site(self) -> Site:
        top = self.files["site.toml"].top()
        bbox = _bbox(top)
        top.flag("common")
        areas = self.areas(bbox)
        known = self.known([self.files["areas.toml"]], (area.id for area in areas))
        without, more = (
            _words(top, key, told)
            for key, told in (
                ("without", "kinds of things and indicators"),
                ("kinds", "kinds of things"),
            )
        )
        things = read_things(self.within("things"), Land(bbox, areas, known), without)
        kinds = frozenset({thing.kind for thing in things} | {*more, KIND})
        tree = top.table_at("tree", required=True)
        as_of, note = _tree(tree) if tree else ("", Text("", ""))
        judged = self.known(self.within("things"), kinds)
        indicators = self.indicators(judged, without)
        rules = self.rules(judged, things)
        shown = self.shown(things, judged, indicators)
        boards = self.boards(shown)
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
            boards=boards,
            geometry=MappingProxyType(self.geometry(top, areas, bbox)),
            rule_rows=rules,
            indicator_rows=indicators,
            routes=self.routes(known),
            plans=self.plans(),
            links=read_links(
                self.rows("links", "link"),
                judged,
                self.known(self.within("things"), (thing.id for thing in things)),
            ),
            mission=self.mission(_words(top, "sources", "sources"), shown, boards, rules),
        )
        if top.slug("id") not in ("", self.name):
            top.refuse(f'must be the folder\'s name, "{self.name}"', "id")
        top.finish()
        return found

    def shown(
        self,
        things: Iterable[SiteThing],
        kinds: Collection[str],
        indicators: Iterable[Mapping[str, Any]],
    ) -> Shown:
        """Give what the boards may show."""
        of_kind: dict[str, list[str]] = {}
        for thing in things:
            of_kind.setdefault(thing.kind, []).append(thing.id)
        return Shown(
            things=self.known(self.within("things"), (thing.id for thing in things)),
            kinds=kinds,
            indicators=self.known(
                self.within("indicators"), (str(row.get("id")) for row in indicators)
            ),
            of_kind=of_kind,
        )

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
        kept = []
        for row in self.rows("rules", "rule"):
            rule = attempt(row, parse_rule)
            if rule is None or rule.kind in (ANY, *kinds) or not row.source.shared:
                kept.append(row)
                if rule is not None:
                    _bound(row, rule, kinds, things)
        return tuple(MappingProxyType(dict(row.table)) for row in kept)

    def indicators(
        self, kinds: Collection[str], without: Collection[str]
    ) -> tuple[Mapping[str, Any], ...]:
        kept = []
        tables = self.tables()
        for row in self.rows("indicators", "indicator"):
            if row.source.shared and row.table.get("id") in without:
                continue
            named = row.table.get("table")
            if isinstance(named, str) and named in tables:
                row = replace(row, table={**row.table, "table": tables[named]})
            indicator = attempt(row, parse_indicator)
            if indicator is None or _fed(indicator, kinds) or not row.source.shared:
                kept.append(row)
                if indicator is not None:
                    _aimed(row, indicator, kinds)
        return tuple(MappingProxyType(dict(row.table)) for row in kept)

    def tables(self) -> Mapping[str, Mapping[str, Any]]:
        """Give the scoring tables by id; of each the site's own."""
        found: dict[str, Mapping[str, Any]] = {}
        for source in self.within("scores"):
            attempt(source.top(), parse_table)
            found[str(source.document.get("id", ""))] = source.document
        return found

    def routes(self, areas: Collection[str]) -> tuple[Route, ...]:
        read = [(row, attempt(row, parse_route)) for row in self.rows("routes", "route")]
        for row, route in read:
            stray = None if route is None else check_areas(route, areas)
            if stray is not None:
                row.refuse(f'has no area "{stray}"{nearest(stray, areas)}', "areas")
        return tuple(route for _, route in read if route is not None)

    def plans(self) -> tuple[Plan, ...]:
        read = (attempt(row, parse_plan) for row in self.rows("briefs", "brief"))
        return tuple(plan for plan in read if plan is not None)

    def boards(self, shown: Shown) -> tuple[Board, ...]:
        named = {
            source.name.removeprefix(SHARED): source  # the site's own come after the shared ones
            for source in self.within("boards")
        }
        read = [
            (source, read_board(source, file.removeprefix("boards/").removesuffix(".toml"), shown))
            for file, source in named.items()
        ]
        # A shared board that shows nothing this site has is no board of it.
        kept = [board for source, board in read if board.panels or not source.shared]
        return tuple(sorted(kept, key=lambda board: (board.order, board.id)))

    def mission(
        self,
        sources: Collection[str],
        shown: Shown,
        boards: Iterable[Board],
        rules: Iterable[Mapping[str, Any]],
    ) -> tuple[MissionRow, ...]:
        """Give the rows of the site's own sources."""
        answers = Answers(
            things=shown.things,
            kinds=shown.kinds,
            indicators=shown.indicators,
            rules=self.known(self.within("rules"), (str(rule.get("id")) for rule in rules)),
            boards={board.id: board for board in boards},
        )
        return read_mission(self.rows("rows", "row"), sources, answers)

    def rows(self, folder: str, table: str) -> list[Row]:
        """Give a folder's rows, of each id the site's own."""
        sources = self.within(folder)
        for source in sources:
            _only(source, table)
        found = [(row, row.table) for source in sources for row in source.rows(table)]
        return [row for row, _ in settled(found, _id, table)]


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


def _toml(file: str) -> bool:
    return file.endswith(".toml")


def _among(file: str) -> bool:
    """Tell whether a file is in one of the folders of a site."""
    return file.count("/") == 1 and file.partition("/")[0] in FOLDERS


def _astray(file: str) -> str:
    """Say what is wrong with a file that nobody reads."""
    folder = nearest(file.partition("/")[0].removesuffix(".toml"), FOLDERS)
    if not folder:
        return f"is no file of a site{nearest(file, FILES)}"
    return f"is no file of a site{folder.replace('?', '/….toml?')}"


def _id(table: Mapping[str, Any]) -> str:
    return str(table.get("id", ""))


def _fed(indicator: Definition, kinds: Collection[str]) -> bool:
    """Tell whether a site has what feeds an indicator all sites share; of many inputs, any."""
    fed = [bool(one.record) or one.kind in (ANY, *kinds) for one in indicator.inputs]
    return any(fed) if indicator.bind else all(fed)


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


def _words(top: Row, key: str, what: str) -> tuple[str, ...]:
    if not top.has(key):
        return ()
    return tuple(top.list_at(key, (str,), f"must be a list of {what}"))


def _tree(row: Row) -> tuple[str, Text]:
    as_of, note = row.string("as_of"), row.phrase("note")
    row.finish()
    return as_of, note or Text("", "")


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
        location=location(row, bbox),
        communes=row.whole("communes", least=0, default=0),
        km2=row.number("km2", least=0.01, most=_MOST_KM2) if has_size else None,
        population=row.whole("population", least=0) if has_people else None,
        population_source=row.string("population_source", default="") or None,
        valid_from=start,
        valid_to=end,
        tile=(tile[0], tile[1]) if tile else None,
        successor=row.string("successor", default="") or None,
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
    for part, inputs in indicator.named.items():
        key = part if part in ("of", "over") else f"bind.{part}"
        spared = inputs.record or inputs.kind == ANY or (indicator.bind and row.source.shared)
        if not spared and inputs.kind not in kinds:
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
