"""The mission's table: what the sources ask of an operations centre, row by row, and what answers.

A row says in whose words a figure is told, and names the datastreams, records, indicators, rules
and the panel that make it live here. It names kinds, so one table serves all provinces; a site
shows the rows of its own sources (``sources`` in ``site.toml``).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from ioc.core.boards import Board
from ioc.core.settings_row import Row, nearest
from ioc.core.words import Text

_BETWEEN: Final = "/"
_AN_INPUT: Final = 'must be a list of "kind/datastream" or "thing/datastream"'


@dataclass(frozen=True, slots=True)
class MissionRow:
    """One row of the table.

    Attributes:
        id: its number in the sources' table, from 1.
        source: the sources it is told in, e.g. ``S0/S2``.
        year: when it was told, as the source has it.
        figure: the figure as the source tells it; None where it tells none, so that every number
            shown for it is illustrative.
        inputs: ``kind/datastream``, or one thing's ``thing/datastream``.
        records: the types of records it is made of.
        board, panel: where the wall shows it.
    """

    id: int
    title: Text
    source: str
    year: str
    figure: Text | None
    inputs: tuple[str, ...]
    records: tuple[str, ...]
    indicators: tuple[str, ...]
    rules: tuple[str, ...]
    board: str
    panel: str

    @property
    def sources(self) -> frozenset[str]:
        """The sources one by one."""
        return frozenset(self.source.split(_BETWEEN))


@dataclass(frozen=True, slots=True)
class Answers:
    """What a row may name; of a file that could not be read anything is known."""

    things: Collection[str]
    kinds: Collection[str]
    indicators: Collection[str]
    rules: Collection[str]
    boards: Mapping[str, Board]


def read_mission(
    rows: Iterable[Row], sources: Collection[str], answers: Answers
) -> tuple[MissionRow, ...]:
    """Read the rows of a site's sources, in the order of their numbers; others are left out."""
    kept = [row for row in rows if _told_in(row, sources)]
    return tuple(sorted((_mission_row(row, answers) for row in kept), key=lambda one: one.id))


def _told_in(row: Row, sources: Collection[str]) -> bool:
    told = row.table.get("source")
    return not isinstance(told, str) or any(source in sources for source in told.split(_BETWEEN))


def _mission_row(row: Row, answers: Answers) -> MissionRow:
    read = MissionRow(
        id=row.whole("id", least=1, most=9999),
        title=row.phrase("title") or Text("", ""),
        source=row.string("source"),
        year=row.string("year", default=""),
        figure=row.phrase("figure", required=False),
        inputs=_inputs(row, answers),
        records=_names(row, "records", None),
        indicators=_names(row, "indicators", answers.indicators),
        rules=_names(row, "rules", answers.rules),
        board=row.known("board", "board", answers.boards),
        panel=row.slug("panel"),
    )
    board = answers.boards.get(read.board)
    shown = [panel.id for panel in board.panels] if board is not None else []
    if board is not None and read.panel not in shown:
        row.refuse(f"is no panel of {board.id}{nearest(read.panel, shown)}", "panel")
    row.finish()
    return read


def _names(row: Row, key: str, known: Collection[str] | None) -> tuple[str, ...]:
    if not row.has(key):
        return ()
    names = row.list_at(key, (str,), "must be a list of names")
    for name in names:
        if known is not None and name not in known:
            row.refuse(f"has {name}, which this site has not{nearest(name, known)}", key)
    return tuple(names)


def _inputs(row: Row, answers: Answers) -> tuple[str, ...]:
    if not row.has("inputs"):
        return ()
    names = row.list_at("inputs", (str,), _AN_INPUT)
    for name in names:
        source, slash, datastream = name.partition("/")
        if not slash or not datastream:
            row.refuse(_AN_INPUT, "inputs")
        elif source not in answers.kinds and source not in answers.things:
            row.refuse(
                f"has {name}, and this site has no such kind{nearest(source, answers.kinds)}",
                "inputs",
            )
    return tuple(names)


# Whether a row lives.

FRESH_SHARE: Final = 0.8
"""The part of an input's things that must have a fresh value."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a row, and whether it lives.

    Attributes:
        part: ``input``, ``record``, ``indicator`` or ``panel``.
        why: what is missing; empty while it lives.
    """

    part: str
    name: str
    live: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Present:
    """What can be told of the present.

    Attributes:
        of_kind: the things of a kind that have a datastream, as ``thing/datastream``.
        is_fresh: whether a datastream's newest value is recent.
        recent: the types of records of which one is recent.
        valued: the indicators that have a value.
    """

    of_kind: Callable[[str, str], Sequence[str]]
    is_fresh: Callable[[str], bool]
    recent: Collection[str]
    valued: Collection[str]


def datastreams(row: MissionRow, present: Present) -> list[str]:
    """Give every datastream a row stands on, as ``thing/datastream``."""
    return list(
        dict.fromkeys(key for one in row.inputs for key in present.of_kind(*one.split("/", 1)))
    )


def parts(row: MissionRow, present: Present) -> list[Part]:
    """Judge every part of a row; it lives while all of them do."""
    judged = [_input(name, present) for name in row.inputs]
    for part, names, known, why in (
        ("record", row.records, present.recent, "no record of the last days"),
        ("indicator", row.indicators, present.valued, "no value"),
    ):
        judged += [Part(part, name, name in known, "" if name in known else why) for name in names]
    return judged


def _input(name: str, present: Present) -> Part:
    keys = present.of_kind(*name.split("/", 1))
    fresh = sum(map(present.is_fresh, keys))
    if keys and fresh >= FRESH_SHARE * len(keys):
        return Part("input", name, live=True)
    return Part("input", name, live=False, why=f"{fresh} of {len(keys)} fresh")


def row_document(row: MissionRow, site: str, present: Present) -> Mapping[str, Any]:
    """Give a row as the contract has it, with what is not live and why."""
    streams = datastreams(row, present)
    dead = [one for one in parts(row, present) if not one.live]
    return MappingProxyType(
        {
            "id": row.id,
            "title": _text(row.title),
            "source": row.source,
            "year": row.year,
            "figure": None if row.figure is None else _text(row.figure),
            "illustrative": row.figure is None,
            "site": site,
            "things": list(dict.fromkeys(key.partition("/")[0] for key in streams)),
            "datastreams": streams,
            "records": list(row.records),
            "indicators": list(row.indicators),
            "rules": list(row.rules),
            "board": row.board,
            "panel": row.panel,
            "live": not dead,
            "missing": [{"part": one.part, "name": one.name, "why": one.why} for one in dead],
        }
    )


def _text(told: Text) -> dict[str, str]:
    return {"vi": told.vi, "en": told.en}
