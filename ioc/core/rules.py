"""Rules: the condition, how long it must hold, and what someone is to do about it.

Rules are data (``rules/*.toml`` of a site). They bind by kind and datastream name, so a hand-made
thing of a known kind is judged like any other. The types of condition stand in
`ioc.core.conditions`, how they are written in `ioc.core.condition_keys`.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ioc.core.condition_keys import BESIDE, READERS, Read
from ioc.core.conditions import ANY, UNITS, Condition, Settings
from ioc.core.fields import duration, not_negative, number, slug, slug_or_any, text
from ioc.core.settings_error import SettingsError
from ioc.core.words import MINUTE, SECOND, Datastream, Severity, Text, Thing

__all__ = ["ANY", "Condition", "Rule", "number", "parse_rule", "slug", "text"]

LEAST_SILENCE: Final = 30 * SECOND
SILENCE_PERIODS: Final = 3.0
BUDGET: Final = 6.0
"""Alerts a day a rule may raise over the whole site unless it says otherwise; a rule over its
budget is not silenced, it is shown to those who keep the rules."""

GATHERED: Final = frozenset([Condition.NEIGHBOURS, Condition.ALL, Condition.ANY, Condition.ROUTED])
"""Conditions over several datastreams: they wait for one another's observations."""

GATHER_WAIT: Final = 10 * MINUTE
"""The lateness of a gathered rule that tells none."""

RECORDS: Final = "records-"
"""What the records of a type, or their steps into a state, begin with where they are judged like a
datastream: see `of_record`."""

_KEYS: Final = BESIDE | {condition.value for condition in Condition} | {
    "id",
    "kind",
    "state",
    "datastream",
    "hold",
    "clear_hold",
    "deadband",
    "severity",
    "lateness",
    "periods",
    "name",
    "response",
    "source",
    "shadow",
    "outage",
    "budget",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition over the datastreams of one kind of thing.

    Attributes:
        limits: what is compared with, mildest level first: numbers, or names of the thing's own
            limits or of a level.
        severities: of each level.
        below: whether less is worse.
        settings: what the condition's type needs beside.
        hold: microseconds the condition must stand, shown by observations, before it raises.
        clear_hold: the same for clearing.
        deadband: how far back over the limit a value must come to clear, in its unit.
        lateness: microseconds an observation may arrive out of order and still be judged.
        periods: for silence, how many periods without an observation.
        response: what the operator is to do (ISA-18.2: no response, no alert).
        source: where the limit comes from; None marks an illustrative one.
        shadow: judged and counted, but raises nothing.
        outage: a thing that breaks it does not work: what depends on that thing is explained.
        budget: alerts a day over the whole site it may raise.
    """

    id: str
    kind: str
    datastream: str
    condition: Condition
    limits: tuple[float | str, ...]
    severities: tuple[Severity, ...]
    below: bool
    settings: Settings
    hold: int
    clear_hold: int
    deadband: float
    lateness: int
    periods: float
    name: Text
    response: Text
    source: str | None
    shadow: bool = False
    outage: bool = False
    budget: float = BUDGET

    def of_records(self, thing: Thing) -> bool:
        """Tell whether the rule is over the thing's records of a type."""
        return self.datastream.startswith(RECORDS) and self.kind in (ANY, thing.kind)

    @property
    def limit(self) -> float | str:
        """The mildest level's limit."""
        return self.limits[0]

    @property
    def severity(self) -> Severity:
        """The mildest level's severity."""
        return self.severities[0]

    @property
    def mark(self) -> int:
        """A number that changes when anything that bears on judging changes.

        A rule's saved state means something only to the very rule that made it.
        """
        judging = (
            self.id,
            self.kind,
            self.datastream,
            self.condition.value,
            self.limits,
            self.settings,
            self.hold,
            self.clear_hold,
            self.deadband,
            self.periods,
        )
        return zlib.crc32(repr(judging).encode())

    def binds(self, thing: Thing, name: str) -> bool:
        """Tell whether the rule speaks of this datastream."""
        if self.kind not in (ANY, thing.kind):
            return False
        return self.datastream == name or (self.datastream == ANY and not name.startswith(RECORDS))

    def limits_for(self, thing: Thing, datastream: Datastream) -> tuple[float, ...] | None:
        """Give the numbers to compare with, or None where the thing lacks such a limit or level."""
        found = [resolved(one, self.condition, thing, datastream) for one in self.limits]
        numbers = tuple(one for one in found if one is not None)
        return numbers if len(numbers) == len(found) else None

    def unit(self, datastream: Datastream | None) -> str:
        """Give the unit of an alert's value and limit."""
        return UNITS.get(self.condition, datastream.unit if datastream is not None else "")

    def grace(self, datastream: Datastream) -> int | None:
        """Give the microseconds of silence that break the rule, or None without a period."""
        if datastream.period is None:
            return None
        return max(round(self.periods * datastream.period * SECOND), LEAST_SILENCE)


def of_record(record: str, state: str | None = None) -> str:
    """Name the records of a type, or their steps into a state, as the engine knows them."""
    return RECORDS + (record if state is None else f"{record}-{state}")


def resolved(
    limit: float | str, condition: Condition, thing: Thing, datastream: Datastream
) -> float | None:
    """Give the number behind a limit's name: a level's index, or the thing's own limit."""
    if not isinstance(limit, str):
        return limit
    if condition is Condition.EQUALS:
        levels = datastream.levels
        return float(levels.index(limit)) if limit in levels else None
    return thing.limits.get(limit)


def parse_rule(row: Mapping[str, Any]) -> Rule:
    """Read one ``[[rule]]``.

    Raises:
        SettingsError: which key, which value, and what would be right.
    """
    for key in row.keys() - _KEYS:
        raise SettingsError(
            f"is not a key of a rule; known are {', '.join(sorted(_KEYS))}", key=key
        )
    condition, read = _condition(row)
    return Rule(
        id=slug(row, "id"),
        kind=slug_or_any(row, "kind"),
        datastream=_judged(row),
        condition=condition,
        limits=read.limits,
        severities=_severities(row, read),
        below=read.below,
        settings=read.settings,
        hold=duration(row, "hold"),
        clear_hold=duration(row, "clear_hold"),
        deadband=not_negative(row, "deadband", 0.0),
        lateness=_lateness(row, condition),
        periods=not_negative(row, "periods", SILENCE_PERIODS),
        name=text(row, "name"),
        response=text(row, "response"),
        source=row.get("source"),
        shadow=_switch(row, "shadow"),
        outage=_switch(row, "outage"),
        budget=not_negative(row, "budget", BUDGET),
    )


def _judged(row: Mapping[str, Any]) -> str:
    """Give the datastream's name, or what the records of a type are called."""
    if "records" in row:
        if "datastream" in row:
            raise SettingsError("a rule is over a datastream or over records", key="records")
        return of_record(slug(row, "records"), slug(row, "state") if "state" in row else None)
    if "state" in row:
        raise SettingsError("is of records", key="state", value=row["state"])
    return slug_or_any(row, "datastream")


def _severities(row: Mapping[str, Any], read: Read) -> tuple[Severity, ...]:
    if read.severities:
        told: tuple[float, ...] = read.severities
        if "severity" in row:
            raise SettingsError("each level has its own", key="severity", value=row["severity"])
    else:
        told = (number(row, "severity", None),)
    for one in told:
        if one not in tuple(Severity):
            raise SettingsError("must be 1 to 5", key="severity", value=row.get("severity", one))
    return tuple(Severity(int(one)) for one in told)


def _lateness(row: Mapping[str, Any], condition: Condition) -> int:
    told = duration(row, "lateness")
    if told and condition is Condition.DOUBTFUL:
        raise SettingsError("a doubt is judged at once, in the order of arrival", key="lateness")
    return told or (GATHER_WAIT if condition in GATHERED else 0)


def _switch(row: Mapping[str, Any], key: str) -> bool:
    told = row.get(key, False)
    if not isinstance(told, bool):
        raise SettingsError("must be true or false", key=key, value=told)
    return told


def _condition(row: Mapping[str, Any]) -> tuple[Condition, Read]:
    told = [condition for condition in Condition if condition.value in row]
    if len(told) != 1:
        names = ", ".join(condition.value for condition in Condition)
        raise SettingsError(f"a rule has exactly one of {names}", key="above")
    return told[0], READERS[told[0]](row, told[0].value)
