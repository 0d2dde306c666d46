"""Read one table of a site's file, key by key, collecting what is wrong instead of stopping at it.

Every reader gives back something usable even where the file is wrong, so that one pass finds
every mistake; what was refused is on the file's list, and whoever reads decides whether to go on.
"""

import difflib
import math
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final, TypeVar

from ioc.core.settings_error import Path, SettingsError
from ioc.core.toml_lines import lines_of
from ioc.core.words import SLUG, Text

SHARED: Final = "common/"
"""What the names of files start with that all sites share."""

_TOML_PLACE: Final = re.compile(r"^(.*?) \(at line (\d+), column \d+\)$")
_Read = TypeVar("_Read")
_Entry = TypeVar("_Entry")
_EMPTY: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass
class SettingsFile:
    """One parsed file and what is wrong with it.

    Attributes:
        name: its name inside the site's folder.
        document: what it says.
        lines: the line of every key.
        problems: what was refused, in the order met.
        readable: False when it is missing or no TOML, so that nothing in it can be judged.
    """

    name: str
    document: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[Path, int] = field(default_factory=dict)
    problems: list[SettingsError] = field(default_factory=list)
    readable: bool = True

    @classmethod
    def parse(cls, name: str, text: str) -> "SettingsFile":
        """Parse a TOML text; what is no TOML becomes the file's one problem."""
        try:
            return cls(name, tomllib.loads(text), lines_of(text))
        except tomllib.TOMLDecodeError as wrong:
            found = _TOML_PLACE.match(str(wrong))
            problem = SettingsError(
                f"is no valid TOML: {found[1] if found else wrong}",
                file=name,
                line=int(found[2]) if found else text.count("\n") + 1,
            )
            return cls(name, problems=[problem], readable=False)

    @classmethod
    def absent(cls, name: str, why: str) -> "SettingsFile":
        """Stand for a file that is not there, or should not be."""
        return cls(name, problems=[SettingsError(why, file=name)], readable=False)

    @property
    def shared(self) -> bool:
        """Tell whether it is one of those all sites share."""
        return self.name.startswith(SHARED)

    def refuse(self, problem: SettingsError) -> None:
        """Put a problem on the list, with its line and the value that stands there."""
        if self.readable:
            self.problems.append(problem.located(self.name, self.lines, self.document))

    def top(self) -> "Row":
        """Give the file's own keys."""
        return Row(self, (), self.document)

    def rows(self, table: str) -> Iterator["Row"]:
        """Give each item of a list of tables, ``[[table]]`` or ``table = [{…}, …]``."""
        listed = self.document.get(table, [])
        if not isinstance(listed, list):
            self.refuse(SettingsError(f"must be a list: write [[{table}]]", path=(table,)))
            return
        for number, row in enumerate(listed):
            if isinstance(row, dict):
                yield Row(self, (table, number), row)
            else:
                self.refuse(SettingsError("must be a table", path=(table, number)))


@dataclass
class Row:
    """One table of a file, and the keys of it somebody asked for."""

    source: SettingsFile
    path: Path
    table: Mapping[str, Any]
    asked: set[str] = field(default_factory=set)

    def refuse(self, message: str, key: str = "") -> None:
        """Say that a key of this row (or the row itself) is wrong."""
        inner = tuple(key.split(".")) if key else ()
        self.source.refuse(SettingsError(message, path=(*self.path, *inner)))

    def refuse_as(self, problem: SettingsError) -> None:
        """Take on a problem somebody else found in this row."""
        self.source.refuse(problem.within(*self.path))

    def has(self, key: str) -> bool:
        """Tell whether the row says anything at a key, and count the key as known."""
        self.asked.add(key)
        return key in self.table

    def _found(self, key: str, kinds: tuple[type, ...], right: str, *, required: bool) -> Any:  # noqa: ANN401 - TOML: the kinds asked for say what it is
        self.asked.add(key)
        value = self.table.get(key)
        if value is None:
            if required:
                self.refuse(f"is missing; it {right}", key)
            return None
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            self.refuse(right, key)
            return None
        return value

    def string(self, key: str, *, default: str | None = None) -> str:
        """Give a text; one without default must be there and not be empty."""
        value = self._found(key, (str,), "must be a text", required=default is None)
        if value is not None and not value.strip():
            self.refuse("must not be empty", key)
        return value if isinstance(value, str) else default or ""

    def slug(self, key: str, *, required: bool = True) -> str:
        """Give an id fit for a topic: small letters, digits, ``-`` and ``_``."""
        value = self._found(key, (str,), "must be a text", required=required)
        if value is not None and not SLUG.fullmatch(value):
            self.refuse("must be of a-z, 0-9, - and _ alone, at most 64", key)
        return value or ""

    def choice(self, key: str, allowed: Collection[str], *, default: str | None = None) -> str:
        """Give one of the words allowed, suggesting the nearest to one that is not."""
        value = self._found(key, (str,), "must be a text", required=default is None)
        if value is not None and value not in allowed:
            self.refuse(unlike(value, allowed), key)
        return value if isinstance(value, str) else default or ""

    def known(self, key: str, what: str, allowed: Collection[str]) -> str:
        """Give the id of something that must exist, such as an area."""
        value = self.slug(key)
        if value and SLUG.fullmatch(value) and value not in allowed:
            self.refuse(f"is no {what} of this site{nearest(value, allowed)}", key)
        return value

    def flag(self, key: str) -> bool:
        """Give true or false; false where nothing is said."""
        value = self._found(key, (bool,), "must be true or false", required=False)
        return bool(value)

    def number(
        self, key: str, *, least: float = -math.inf, most: float = math.inf,
        default: float | None = None,
    ) -> float:  # fmt: skip
        """Give a finite number between two others."""
        value = self._found(key, (int, float), "must be a number", required=default is None)
        if value is None:
            return default or 0.0
        return float(value) if self.judge(value, key, least=least, most=most) else default or 0.0

    def whole(
        self, key: str, *, least: float = -math.inf, most: float = math.inf,
        default: int | None = None,
    ) -> int:  # fmt: skip
        """Give a whole number between two others."""
        value = self._found(key, (int,), "must be a whole number", required=default is None)
        if value is None:
            return default or 0
        return int(value) if self.judge(value, key, least=least, most=most) else default or 0

    def judge(
        self, value: float, key: str, *, least: float = -math.inf, most: float = math.inf
    ) -> bool:
        """Refuse a number that is no number (nan, inf) or lies outside; tell whether it is fine."""
        if not math.isfinite(value):
            self.refuse("must be a finite number", key)
        elif value < least:
            self.refuse(f"must be {least:g} or more", key)
        elif value > most:
            self.refuse(f"must be {most:g} or less", key)
        else:
            return True
        return False

    def day(self, key: str) -> str | None:
        """Give a day as ``2025-06-30``, or None where nothing is said."""
        value = self._found(key, (str, date), "must be a day such as 2025-06-30", required=False)
        if value is None:
            return None
        try:
            return date.fromisoformat(str(value)).isoformat()
        except ValueError:
            self.refuse("must be a day such as 2025-06-30", key)
            return None

    def phrase(self, key: str, *, required: bool = True) -> Text | None:
        """Give a text in both languages, ``{ vi = "…", en = "…" }``; Vietnamese is a must."""
        inner = self.table_at(key, required=required, right='must be { vi = "…", en = "…" }')
        if inner is None:
            return None
        spoken = Text(vi=inner.string("vi"), en=inner.string("en", default=""))
        inner.finish()
        return spoken

    def table_at(
        self, key: str, *, required: bool = False, right: str = "must be a table"
    ) -> "Row | None":
        """Give a table inside this one, as a row of its own."""
        value = self._found(key, (dict,), right, required=required)
        return None if value is None else Row(self.source, (*self.path, key), value)

    def list_at(self, key: str, kinds: tuple[type, ...], right: str) -> Sequence[Any]:
        """Give a list whose items are all of the kinds; an empty one where it is wrong."""
        value = self._found(key, (list,), right, required=True)
        if value is None:
            return ()
        if any(not isinstance(item, kinds) or isinstance(item, bool) for item in value):
            self.refuse(right, key)
            return ()
        return tuple(value)

    def named_numbers(self, key: str) -> Mapping[str, float]:
        """Give a table of finite numbers by name, such as a gauge's limits."""
        inner = self.table_at(key)
        if inner is None:
            return _EMPTY
        found: dict[str, float] = {}
        for name in inner.table:
            if not SLUG.fullmatch(name):
                inner.refuse("must be named with a-z, 0-9, - and _ alone", name)
            found[name] = inner.number(name)
        return MappingProxyType(found)

    def finish(self) -> None:
        """Refuse every key nobody asked for."""
        for key in self.table:
            if key not in self.asked:
                self.refuse(f"is no key here{nearest(key, self.asked)}", key)


def unique(rows: Iterable[tuple[Row, str]], what: str) -> None:
    """Refuse the second and later of rows that share an id."""
    first: dict[str, Row] = {}
    for row, name in rows:
        if not name:
            continue
        if name in first:
            source = first[name].source
            where = "on" if source is row.source else f"in {source.name} on"
            row.refuse(
                f"is taken by the {what} {where} line {source.lines[first[name].path]}", "id"
            )
        else:
            first[name] = row


def settled(
    read: Iterable[tuple[Row, _Entry]], named: Callable[[_Entry], str], what: str
) -> list[tuple[Row, _Entry]]:
    """Let a site's own entries stand in for the shared ones of their id.

    Args:
        read: each entry with the row it was read from.
        named: gives an entry's id.
        what: the word for an entry, to say which one has taken an id.

    Returns:
        The shared entries in their order, each replaced where the site has its own; then the rest
        of the site's.
    """
    listed = list(read)
    shared = [(row, one) for row, one in listed if row.source.shared]
    own = [(row, one) for row, one in listed if not row.source.shared]
    for part in (shared, own):
        unique(((row, named(one)) for row, one in part), what)
    left = {named(one): (row, one) for row, one in own}
    kept = [left.pop(named(one), (row, one)) for row, one in shared]
    return [*kept, *left.values()]


def unlike(value: str, allowed: Collection[str]) -> str:
    """Say which words are allowed, and which one was probably meant."""
    words = ", ".join(sorted(allowed))
    return f"must be one of {words}{nearest(value, allowed)}"


def nearest(value: str, allowed: Collection[str]) -> str:
    """Suggest the word that was probably meant, or nothing."""
    close = difflib.get_close_matches(value, sorted(allowed), n=1)
    return f" (did you mean {close[0]}?)" if close else ""


def attempt(row: Row, parse: Callable[[Mapping[str, Any]], _Read]) -> _Read | None:
    """Let another reader make something of the whole row, and take on what it refuses."""
    try:
        return parse(row.table)
    except SettingsError as wrong:
        row.refuse_as(wrong)
        return None
