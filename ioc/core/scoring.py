"""Scores made of parts: a versioned table as data, evaluated the same way for whoever is scored.

A part is worth ``max`` points times a ratio of two quantities; full at the ratio ``cap``. Parts
make groups, a group is clamped to its own maximum, the groups make the score. The table says of
each part how sure we are of it (``fit``: reproduces what was observed; ``text``: only read).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ioc.core.rules import number, slug, text
from ioc.core.settings_error import SettingsError
from ioc.core.words import Text

STATUSES: Final = ("fit", "text", "illustrative")
Quantities = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a scoring table.

    Attributes:
        numerator: names of quantities that are added up, after which ``less`` is taken off.
        denominator: names of quantities; the largest of them counts.
        cap: the ratio at which the part is full.
        limit: the most the part may give; its ``max`` unless the table says otherwise.
        when_empty: points when the denominator is 0 (known to be nothing); None: not known.
        status: one of `STATUSES`.
    """

    code: str
    group: str
    name: Text
    max: float
    numerator: tuple[str, ...]
    less: tuple[str, ...]
    denominator: tuple[str, ...]
    cap: float
    limit: float
    when_empty: float | None
    status: str


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that are clamped together."""

    code: str
    name: Text
    max: float


@dataclass(frozen=True, slots=True)
class Grade:
    """A word for scores from ``least`` on, with how sure we are of it."""

    least: float
    name: Text
    source: str | None


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """A whole scoring table; a changed one is another id, and the old one stays."""

    id: str
    name: Text
    source: str | None
    groups: tuple[Group, ...]
    parts: tuple[Part, ...]
    grades: tuple[Grade, ...]

    @property
    def max(self) -> float:
        """The most points there are."""
        return sum(group.max for group in self.groups)

    @property
    def quantities(self) -> frozenset[str]:
        """Names of all quantities the parts ask for."""
        return frozenset(
            name for part in self.parts for name in (*part.numerator, *part.less, *part.denominator)
        )

    def grade(self, score: float | None) -> Grade | None:
        """Give the grade of a score; None for no score, or a table without grades."""
        if score is None:
            return None
        return next((grade for grade in self.grades if score >= grade.least), None)


@dataclass(frozen=True, slots=True)
class PartScore:
    """What one part came to; ``value`` is None where its quantities are not known."""

    part: Part
    numerator: float | None
    denominator: float | None
    value: float | None

    def to_json(self) -> dict[str, Any]:
        """Give the shape of a lineage's part."""
        return {
            "code": self.part.code,
            "group": self.part.group,
            "name": {"vi": self.part.name.vi, "en": self.part.name.en},
            "max": self.part.max,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "value": None if self.value is None else round(self.value, 4),
            "status": self.part.status,
        }


@dataclass(frozen=True, slots=True)
class Score:
    """An evaluated table.

    Attributes:
        value: points of the known parts; None when none is known.
        known: the share of all points whose parts are known, 0 to 1.
    """

    value: float | None
    known: float
    parts: tuple[PartScore, ...]

    @property
    def of_known(self) -> float | None:
        """The points as if the unknown parts were like the known ones; exact when all are known.

        Counting unknown parts as nothing would call a unit weak for data that nobody sends.
        """
        return self.value / self.known if self.value is not None and self.known else None


def evaluate(table: ScoreTable, quantities: Quantities) -> Score:
    """Score one unit by what is known of it; an unknown part gives nothing and lowers ``known``."""
    parts = tuple(_part(part, quantities) for part in table.parts)
    points = 0.0
    for group in table.groups:
        inside = [one.value or 0.0 for one in parts if one.part.group == group.code]
        points += min(group.max, sum(inside))
    worth = sum(one.part.max for one in parts)
    known = sum(one.part.max for one in parts if one.value is not None)
    found = any(one.value is not None for one in parts)
    return Score(points if found else None, known / worth if worth else 0.0, parts)


def _part(part: Part, quantities: Quantities) -> PartScore:
    below = _largest(part.denominator, quantities)
    above = _sum(part.numerator, part.less, quantities)
    if below is None or (above is None and below > 0):
        return PartScore(part, above, below, None)
    if below <= 0 or above is None:
        return PartScore(part, above, below, part.when_empty)
    value = part.max * (above / below) / part.cap
    return PartScore(part, above, below, min(part.limit, max(0.0, value)))


def _largest(names: Sequence[str], quantities: Quantities) -> float | None:
    known = [told for name in names if (told := quantities.get(name)) is not None]
    return max(known, default=None)


def _sum(names: Sequence[str], less: Sequence[str], quantities: Quantities) -> float | None:
    added = [quantities.get(name) for name in names]
    taken = [quantities.get(name) for name in less]
    if None in added or None in taken:
        return None
    return sum(one or 0.0 for one in added) - sum(one or 0.0 for one in taken)


_TABLE_KEYS: Final = frozenset(["id", "name", "source", "group", "part", "grade"])
_PART_KEYS: Final = frozenset(
    [
        "code", "group", "name", "max", "numerator", "less", "denominator", "cap", "limit",
        "when_empty", "status",
    ]
)  # fmt: skip


def parse_table(table: Mapping[str, Any]) -> ScoreTable:
    """Read a scoring table.

    Raises:
        SettingsError: which key, which value, and what would be right.
    """
    _known(table, _TABLE_KEYS, "a scoring table")
    groups = tuple(
        Group(slug(row, "code"), text(row, "name"), number(row, "max", 0.0))
        for row in _rows(table, "group")
    )
    codes = {group.code for group in groups}
    parts = tuple(parse_part(row, codes) for row in _rows(table, "part"))
    if not groups or not parts:
        raise SettingsError("must have groups and parts", key="part")
    grades = sorted(
        (
            Grade(number(row, "from", 0.0), text(row, "name"), row.get("source"))
            for row in _rows(table, "grade")
        ),
        key=lambda grade: -grade.least,
    )
    return ScoreTable(
        id=slug(table, "id"),
        name=text(table, "name"),
        source=table.get("source"),
        groups=groups,
        parts=parts,
        grades=tuple(grades),
    )


def parse_part(row: Mapping[str, Any], groups: set[str]) -> Part:
    """Read one part.

    Raises:
        SettingsError: which key, which value, and what would be right.
    """
    _known(row, _PART_KEYS, "a part of a score")
    if row.get("group") not in groups:
        raise SettingsError("is no group of this table", key="group", value=row.get("group"))
    status = row.get("status")
    if status not in STATUSES:
        raise SettingsError(f"must be one of {', '.join(STATUSES)}", key="status", value=status)
    most, cap = number(row, "max", 0.0), number(row, "cap", 1.0)
    if cap <= 0:
        raise SettingsError("must be above 0", key="cap", value=cap)
    return Part(
        code=str(row.get("code", "")),
        group=row["group"],
        name=text(row, "name"),
        max=most,
        numerator=_names(row, "numerator"),
        less=_names(row, "less"),
        denominator=_names(row, "denominator"),
        cap=cap,
        limit=number(row, "limit", most),
        when_empty=number(row, "when_empty", 0.0) if "when_empty" in row else None,
        status=status,
    )


def _rows(table: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    told = table.get(key, [])
    if not isinstance(told, list) or not all(isinstance(row, Mapping) for row in told):
        raise SettingsError(f"must be a list of tables: write [[{key}]]", key=key)
    return told


def _names(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    told = row.get(key, [])
    names = [told] if isinstance(told, str) else told
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise SettingsError("must be the name of a quantity, or a list", key=key, value=told)
    return tuple(names)


def _known(row: Mapping[str, Any], keys: frozenset[str], what: str) -> None:
    for key in sorted(row.keys() - keys):
        raise SettingsError(f"is no key of {what}; known are {', '.join(sorted(keys))}", key=key)
