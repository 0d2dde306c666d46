"""What the wall shows: boards of panels, on grids that no two panels share a cell of."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from ioc.core.settings_row import Row, SettingsFile, nearest, unique
from ioc.core.words import Text

PANELS: Final = MappingProxyType(
    {
        "map": ("indicator?", "reports?"),
        "alerts": (),
        "console": (),
        "duty": (),
        "held": (),
        "performance": (),
        "notifications": (),
        "refused": (),
        "feed": (),
        "freshness": (),
        "indicator": ("indicator",),
        "indicators": ("indicators", "heads?"),
        "chart": ("datastreams", "hours"),
        "status": ("kind",),
        "ranking": ("indicators", "heads?"),
        "table": ("kind", "columns", "most?", "heads?"),
        "levels": ("kind", "datastream", "most?"),
        "matrix": ("kinds",),
        "severities": (),
        "trend": ("indicator", "days"),
        "years": ("indicators",),
        "incidents": ("most?", "alerts?"),
        "tasks": ("most?",),
        "records": ("record", "most?"),
        "review": (),
        "briefs": (),
        "note": ("text",),
    }
)
"""The types of panels, and the keys each of them takes beside its place; one with ``?`` may be
left out. docs/panels.md says what each shows."""

_LAST: Final = 100
_STANDS_S: Final = 30.0
_LEAST_S: Final = 5.0
_MOST_S: Final = 3600.0
_MOST_ROWS: Final = 200
_MOST_DAYS: Final = 1830
_MOST_HOURS: Final = 24 * 31
_MOST_CELLS: Final = 96
_LINES: Final = 4
_MOST_LINES: Final = 24
_A_DATASTREAM: Final = (
    'must be a list of datastreams, "thing/datastream", or "kind/datastream" for some of a kind'
)


@dataclass(frozen=True, slots=True)
class Panel:
    """One piece of a board.

    Attributes:
        x, y, w, h: its place on the board's grid, in columns and rows from the top left.
        row: the whole row of the file, as the wall gets it; a kind's datastreams stand in it
            as those of its things.
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
    """A page of the wall: panels on a grid of ``columns`` by ``rows``.

    Attributes:
        order: its place among the boards, the least first.
        screens: names of the screens that show it in turn with others that name them.
        seconds: how long it then stands.
    """

    id: str
    title: Text
    columns: int
    rows: int
    panels: tuple[Panel, ...]
    order: int = _LAST
    screens: tuple[str, ...] = ()
    seconds: float = _STANDS_S


@dataclass(frozen=True, slots=True)
class Shown:
    """What a board may show.

    Attributes:
        things: ids of the site's things; anything is known where they could not be read.
        kinds: likewise.
        indicators: likewise.
        of_kind: the things of each kind, in the files' order.
    """

    things: Collection[str]
    kinds: Collection[str]
    indicators: Collection[str]
    of_kind: Mapping[str, Sequence[str]]

    def has_source(self, datastream: object) -> bool:
        """Tell whether the site has the thing or the kind a datastream is named by."""
        name = str(datastream).partition("/")[0]
        return name in self.things or name in self.kinds


def read_board(source: SettingsFile, name: str, shown: Shown) -> Board:
    """Read one board's file; panels of a shared one that show what the site has not are left out.

    Args:
        source: the file.
        name: the file's own name, which is the board's id.
        shown: what there is to show.
    """
    top = source.top()
    if top.slug("id") not in ("", name):
        top.refuse(f'must be the file\'s name, "{name}"', "id")
    columns = top.whole("columns", least=1, most=_MOST_CELLS, default=24)
    rows = top.whole("rows", least=1, most=_MOST_CELLS, default=14)
    kept = [row for row in map(shown_part(shown), source.rows("panel")) if row is not None]
    read = [(row, _panel(row, columns, rows, shown)) for row in kept]
    unique(((row, panel.id) for row, panel in read), "panel")
    _apart(read, columns, rows)
    top.asked.add("panel")
    board = Board(
        id=name,
        title=top.phrase("title") or Text(name, name),
        columns=columns,
        rows=rows,
        panels=tuple(panel for _, panel in read),
        order=top.whole("order", least=0, most=_LAST, default=_LAST),
        screens=_screens(top),
        seconds=top.number("seconds", least=_LEAST_S, most=_MOST_S, default=_STANDS_S),
    )
    top.finish()
    return board


def shown_part(shown: Shown) -> Callable[[Row], Row | None]:
    """Give what narrows a shared panel to what the site has; None for one it has nothing of.

    ``lacks`` names a kind or an indicator in whose stead the panel stands: it is left out where
    the site has that one, so that two panels may share a place.
    """
    known: Mapping[str, Callable[[object], bool]] = {
        "kind": lambda name: name in shown.kinds,
        "kinds": lambda name: name in shown.kinds,
        "indicator": lambda name: name in shown.indicators,
        "indicators": lambda name: name in shown.indicators,
        "datastreams": shown.has_source,
    }

    def narrowed(row: Row) -> Row | None:
        if not row.source.shared:
            return row
        table = dict(row.table)
        lacks = table.pop("lacks", None)
        if lacks in shown.kinds or lacks in shown.indicators:
            return None
        for key, has in known.items():
            told = table.get(key)
            if isinstance(told, list):
                table[key] = [name for name in told if not isinstance(name, str) or has(name)]
                if told and not table[key]:
                    return None
            elif isinstance(told, str) and not has(told):
                return None
        return Row(row.source, row.path, table)

    return narrowed


def _apart(read: Iterable[tuple[Row, Panel]], columns: int, rows: int) -> None:
    """Refuse a panel that lies over another."""
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


def _panel(row: Row, columns: int, rows: int, shown: Shown) -> Panel:
    kind = row.choice("type", tuple(PANELS))
    place = {
        "x": row.whole("x", least=0, most=columns - 1),
        "y": row.whole("y", least=0, most=rows - 1),
        "w": row.whole("w", least=1, most=columns),
        "h": row.whole("h", least=1, most=rows),
    }
    if place["x"] + place["w"] > columns:
        row.refuse(f"reaches over the board's {columns} columns", "w")
    if place["y"] + place["h"] > rows:
        row.refuse(f"reaches over the board's {rows} rows", "h")
    told = dict(row.table)
    for said in PANELS.get(kind, ()):
        key = said.removesuffix("?")
        if key == said or row.has(key):
            told[key] = _CONTENT[key](row, shown)
    panel = Panel(
        id=row.slug("id"),
        type=kind,
        **place,
        title=row.phrase("title", required=False),
        row=MappingProxyType(told),
    )
    if kind in PANELS:
        row.finish()
    return panel


def _shows_indicator(row: Row, shown: Shown) -> object:
    return row.known("indicator", "indicator", shown.indicators)


def _shows_indicators(row: Row, shown: Shown) -> object:
    names = row.list_at("indicators", (str,), "must be a list of indicators")
    for name in names:
        if name not in shown.indicators:
            row.refuse(
                f"has {name}, which is no indicator of this site{nearest(name, shown.indicators)}",
                "indicators",
            )
    return list(names)


def _shows_datastreams(row: Row, shown: Shown) -> object:
    """Read the lines of a chart; ``kind/datastream`` stands for at most ``most`` things of it."""
    most = row.whole("most", least=1, most=_MOST_LINES, default=_LINES)
    found: list[str] = []
    for name in row.list_at("datastreams", (str,), _A_DATASTREAM):
        thing, slash, datastream = name.partition("/")
        if not slash or not datastream:
            row.refuse(_A_DATASTREAM, "datastreams")
        elif thing in shown.things:
            found.append(name)
        elif thing in shown.kinds:
            found += [f"{one}/{datastream}" for one in _spread(shown.of_kind.get(thing, ()), most)]
        else:
            row.refuse(
                f"has {name}: there is no such thing{nearest(thing, shown.things)}", "datastreams"
            )
    return found


def _spread(things: Sequence[str], most: int) -> list[str]:
    """Choose at most so many of a list, evenly: neighbours in it tend to be neighbours outside."""
    if len(things) <= most:
        return list(things)
    return [things[number * len(things) // most] for number in range(most)]


def _shows_hours(row: Row, shown: Shown) -> object:
    del shown
    return row.number("hours", least=0.1, most=_MOST_HOURS, default=24)


def _shows_kind(row: Row, shown: Shown) -> object:
    return row.known("kind", "kind", shown.kinds)


def _shows_kinds(row: Row, shown: Shown) -> object:
    names = row.list_at("kinds", (str,), "must be a list of kinds of things")
    for name in names:
        if name not in shown.kinds:
            row.refuse(
                f"has {name}, which is no kind of this site{nearest(name, shown.kinds)}", "kinds"
            )
    return list(names)


def _shows_columns(row: Row, shown: Shown) -> object:
    del shown
    names = row.list_at("columns", (str,), "must be a list of datastreams of the kind")
    return list(names)


def _shows_datastream(row: Row, shown: Shown) -> object:
    del shown
    return row.string("datastream")


def _shows_heads(row: Row, shown: Shown) -> object:
    """Read the short words that head a table's columns, by what stands in them."""
    del shown
    inner = row.table_at("heads")
    if inner is None:
        return {}
    heads = {key: inner.phrase(key) or Text(key, key) for key in inner.table}
    return {key: {"vi": told.vi, "en": told.en} for key, told in heads.items()}


def _shows_most(row: Row, shown: Shown) -> object:
    del shown
    return row.whole("most", least=1, most=_MOST_ROWS)


def _shows_days(row: Row, shown: Shown) -> object:
    del shown
    return row.number("days", least=1, most=_MOST_DAYS, default=7)


def _shows_record(row: Row, shown: Shown) -> object:
    del shown
    return row.slug("record")


def _shows_whether(key: str) -> Callable[[Row, Shown], object]:
    def shows(row: Row, shown: Shown) -> object:
        del shown
        return row.flag(key)

    return shows


def _shows_text(row: Row, shown: Shown) -> object:
    del shown
    text = row.phrase("text") or Text("", "")
    return {"vi": text.vi, "en": text.en}


def _screens(top: Row) -> tuple[str, ...]:
    if not top.has("screens"):
        return ()
    return tuple(top.list_at("screens", (str,), "must be a list of names of screens"))


_CONTENT: Final[Mapping[str, Callable[[Row, Shown], object]]] = MappingProxyType(
    {
        "indicator": _shows_indicator,
        "indicators": _shows_indicators,
        "datastreams": _shows_datastreams,
        "hours": _shows_hours,
        "kind": _shows_kind,
        "kinds": _shows_kinds,
        "columns": _shows_columns,
        "datastream": _shows_datastream,
        "heads": _shows_heads,
        "most": _shows_most,
        "days": _shows_days,
        "record": _shows_record,
        "text": _shows_text,
        "reports": _shows_whether("reports"),
        "alerts": _shows_whether("alerts"),
    }
)
