"""Tables of numbers that grow, remember which rows changed, and outlive a restart.

A column is a plain array, so that judging is array arithmetic. What is kept leaves as packed
records, each beginning with its key: the store's number of the datastream and the mark of the
rule. Cells are many numbers of one row (a season's hours, a window's minutes); only those that
changed are kept again.
"""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

NEVER: Final = -(2**62)
ENDLESS: Final = 2**62
NOTHING: Final = np.zeros(0, np.int64)
_FIRST_ROOM: Final = 64

Column = tuple[str, float]
"""The type of a column and what a new row has in it."""


def fixed(columns: Mapping[str, Column]) -> Mapping[str, Column]:
    """Give columns that nobody changes."""
    return MappingProxyType(dict(columns))


@dataclass(frozen=True)
class Shape:
    """What a table is made of.

    Attributes:
        kept: columns that outlive a restart.
        cells: columns of ``width`` numbers a row that outlive it too.
        extra: columns that are made anew when a row is bound.
        rows: columns of so many numbers a row that are made anew, with their width.
    """

    kept: Mapping[str, Column]
    cells: Mapping[str, Column]
    width: int
    extra: Mapping[str, Column]
    rows: Mapping[str, tuple[Column, int]]

    @cached_property
    def record(self) -> np.dtype[Any]:
        """The packed form of a row."""
        columns = [(name, kind) for name, (kind, _) in self.kept.items()]
        return np.dtype([("stream", "<i4"), ("mark", "<u4"), *columns])

    @cached_property
    def cell(self) -> np.dtype[Any]:
        """The packed form of a cell."""
        columns = [(name, kind) for name, (kind, _) in self.cells.items()]
        return np.dtype([("stream", "<i4"), ("mark", "<u4"), ("place", "<u2"), *columns])

    @cached_property
    def layout(self) -> bytes:
        """Four bytes that tell this packed form from any other."""
        told = repr((self.record.descr, self.cell.descr, self.width))
        return zlib.crc32(told.encode()).to_bytes(4, "little")


class Kept:
    """What a checkpoint held of one sort of table, until each row's datastream is attached."""

    def __init__(self) -> None:
        """Hold nothing."""
        self.rows: dict[tuple[int, int], np.void] = {}
        self.cells: dict[tuple[int, int], npt.NDArray[np.void]] = {}
        self._loose: list[npt.NDArray[np.void]] = []

    def take_rows(self, packed: bytes, shape: Shape) -> None:
        """Take records in; later ones replace earlier ones."""
        for row in np.frombuffer(packed, shape.record):
            self.rows[int(row["stream"]), int(row["mark"])] = row

    def take_cells(self, packed: bytes, shape: Shape) -> None:
        """Take cells in, oldest first."""
        if packed:
            self._loose.append(np.frombuffer(packed, shape.cell))

    def left(self, marks: set[int]) -> tuple[bytes, bytes]:
        """Give what nobody asked for yet, of the rules that are still there."""
        rows = [row.tobytes() for (_, mark), row in self.rows.items() if mark in marks]
        cells = [part.tobytes() for (_, mark), part in self.cells.items() if mark in marks]
        return b"".join(rows), b"".join(cells)

    def settle(self) -> None:
        """Sort the cells taken in by their row."""
        if not self._loose:
            return
        told = np.concatenate([*self.cells.values(), *self._loose])
        self._loose = []
        order = np.lexsort((told["mark"], told["stream"]))  # stable: the newest stays last
        told = told[order]
        same = (told["stream"][1:] == told["stream"][:-1]) & (told["mark"][1:] == told["mark"][:-1])
        cuts = np.flatnonzero(np.r_[True, ~same])
        ends = np.r_[cuts[1:], len(told)]
        self.cells = {
            (int(told["stream"][start]), int(told["mark"][start])): told[start:end]
            for start, end in zip(cuts.tolist(), ends.tolist(), strict=True)
        }


class Table:
    """Rows of one shape; see the module."""

    def __init__(self, shape: Shape, kept: Kept) -> None:
        """Start empty, before what an earlier run kept."""
        self.shape = shape
        self.size = 0
        self.stream = np.zeros(_FIRST_ROOM, np.int32)
        self.mark = np.zeros(_FIRST_ROOM, np.uint32)
        self.changed = np.zeros(_FIRST_ROOM, np.bool_)
        self._kept = kept
        self._columns: dict[str, tuple[npt.NDArray[Any], float]] = {}
        single = {**shape.kept, **shape.extra}
        for name, (kind, fill) in single.items():
            self._columns[name] = np.full(_FIRST_ROOM, fill, kind), fill
        for name, (kind, fill) in shape.cells.items():
            self._columns[name] = np.full((_FIRST_ROOM, shape.width), fill, kind), fill
        for name, ((kind, fill), width) in shape.rows.items():
            self._columns[name] = np.full((_FIRST_ROOM, width), fill, kind), fill
        self._touched = np.zeros(_FIRST_ROOM * shape.width, np.bool_)
        self._touches: list[Ints] = []

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        """Give a column, with room behind its last row."""
        return self._columns[name][0]

    def add(self, stream: int, mark: int) -> int:
        """Make a row, as it was kept or new, and give its place."""
        if self.size == len(self.stream):
            self._grow()
        index = self.size
        self.size += 1
        self.stream[index], self.mark[index] = stream, mark
        self._recall(index, (stream, mark))
        return index

    def touch(self, index: Ints, place: Ints) -> None:
        """Note cells as changed; none of them twice in one call."""
        cell = index * self.shape.width + place
        cell = cell[~self._touched[cell]]
        self._touched[cell] = True
        self._touches.append(cell)

    def drain(self) -> tuple[bytes, bytes]:
        """Give the rows and cells that changed since the last time."""
        rows = np.flatnonzero(self.changed[: self.size])
        packed = self._pack(rows)
        self.changed[rows] = False
        if not self.shape.cells:
            return packed, b""
        return packed, self._pack_cells(*np.divmod(self._untouch(), self.shape.width))

    def _untouch(self) -> Ints:
        """Give the cells that were noted, and forget that they were."""
        cell = np.concatenate([NOTHING, *self._touches])
        self._touched[cell] = False
        self._touches = []
        return cell

    def whole(self) -> tuple[bytes, bytes]:
        """Give every row, and the cells that ever held anything."""
        self.changed[: self.size] = False
        packed = self._pack(np.arange(self.size))
        if not self.shape.cells:
            return packed, b""
        self._untouch()
        used = np.zeros((self.size, self.shape.width), np.bool_)
        for name, (_, fill) in self.shape.cells.items():
            column = self[name][: self.size]
            used |= (column != fill) & ~((column != column) & (fill != fill))
        return packed, self._pack_cells(*np.nonzero(used))

    @property
    def footprint(self) -> int:
        """What all of it takes in memory, without the room behind the last row."""
        columns = sum(column[: self.size].nbytes for column, _ in self._columns.values())
        return columns + self.size * (4 + 4 + 1 + self.shape.width)

    def _pack(self, rows: Ints) -> bytes:
        records = np.empty(len(rows), self.shape.record)
        records["stream"], records["mark"] = self.stream[rows], self.mark[rows]
        for name in self.shape.kept:
            records[name] = self[name][rows]
        return records.tobytes()

    def _pack_cells(self, index: Ints, place: Ints) -> bytes:
        records = np.empty(len(index), self.shape.cell)
        records["stream"], records["mark"] = self.stream[index], self.mark[index]
        records["place"] = place
        for name in self.shape.cells:
            records[name] = self[name][index, place]
        return records.tobytes()

    def _recall(self, index: int, key: tuple[int, int]) -> None:
        row = self._kept.rows.pop(key, None)
        if row is not None:
            for name in self.shape.kept:
                self[name][index] = row[name]
        cells = self._kept.cells.pop(key, None)
        if cells is not None:
            for name in self.shape.cells:
                self[name][index, cells["place"]] = cells[name]

    def _grow(self) -> None:
        for name, (column, fill) in self._columns.items():
            more = np.full_like(column, fill)
            self._columns[name] = np.concatenate([column, more]), fill
        for name in ("stream", "mark", "changed", "_touched"):
            column = getattr(self, name)
            setattr(self, name, np.concatenate([column, np.zeros_like(column)]))


def runs(keys: Ints) -> Ints:
    """Give where each run of equal keys begins."""
    begins = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=begins[1:])
    return np.flatnonzero(begins)


def waves(starts: Ints, size: int) -> Iterator[Ints]:
    """Give the places of the first of each run, then of the second ones, and so on.

    What depends on the observation before is computed so: all datastreams side by side, one
    observation after the other.

    Args:
        starts: where the runs begin.
        size: where the last one ends.
    """
    counts = np.diff(np.r_[starts, size])
    if not len(counts):
        return
    if counts.max() == 1:
        yield starts
        return
    order = np.argsort(-counts, kind="stable")
    longest, ascending = starts[order], -counts[order]
    for depth in range(int(counts.max())):
        yield longest[: int(np.searchsorted(ascending, -depth))] + depth
