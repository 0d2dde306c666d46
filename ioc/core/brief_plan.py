"""When briefs are made and what they speak of: a site's data, and the one that is due.

A brief reports on the time since the one before it, by the site's clock: at seven on the last day,
at the end of a shift on that shift. After a while away only the newest one is made: nobody reads
five old ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ioc.core.fields import duration, slug, text
from ioc.core.settings_error import SettingsError
from ioc.core.words import DAY, HOUR, MINUTE, SECOND, VIETNAM, Instant, Text

_KEYS: Final = frozenset(("id", "name", "at", "trend", "section"))
_OFFSET: Final = 7 * HOUR
_MOST_A_DAY: Final = 24


@dataclass(frozen=True, slots=True)
class Section:
    """A table of indicators under a heading; what a site has not is left out."""

    id: str
    name: Text
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """One kind of brief.

    Attributes:
        at: minutes of the local day at which one is made; each reports on the time since the last.
        trend: how far back the small charts of indicators go, in microseconds.
    """

    id: str
    name: Text
    at: tuple[int, ...]
    trend: int
    sections: tuple[Section, ...]

    @property
    def indicators(self) -> tuple[str, ...]:
        """All indicators it speaks of, each once."""
        return tuple(dict.fromkeys(one for part in self.sections for one in part.indicators))


@dataclass(frozen=True, slots=True)
class Occasion:
    """One brief to be made.

    Attributes:
        plan: its kind.
        start: inclusive, by the site's clock.
        end: exclusive.
    """

    plan: str
    start: Instant
    end: Instant

    @property
    def id(self) -> str:
        """Name it by what it reports on: made again, it is the same one."""
        return f"{self.plan}-{local(self.end):%Y%m%d-%H%M}"

    @property
    def before(self) -> tuple[Instant, Instant]:
        """The stretch before it, as long, to compare with."""
        return self.start - (self.end - self.start), self.start


def local(at: Instant) -> datetime:
    """Give the local time of an instant, to the second."""
    return datetime.fromtimestamp(at // SECOND, VIETNAM)


def midnight(at: Instant) -> Instant:
    """Give the beginning of an instant's local day."""
    return (at + _OFFSET) // DAY * DAY - _OFFSET


def parse_plan(row: Mapping[str, Any]) -> Plan:
    """Make a plan of a row of ``briefs/``.

    Raises:
        SettingsError: it says something that cannot be.
    """
    for key in row.keys() - _KEYS:
        raise SettingsError(f"is no key of a brief; there are {', '.join(sorted(_KEYS))}", key=key)
    told = row.get("at")
    if not isinstance(told, list) or not 0 < len(told) <= _MOST_A_DAY:
        raise SettingsError('must be a list like ["07:00", "19:00"]', key="at", value=told)
    sections = row.get("section", [])
    if not isinstance(sections, list) or not all(isinstance(one, dict) for one in sections):
        raise SettingsError("must be a list of tables", key="section", value=sections)
    trend = duration(row, "trend") or 7 * DAY
    return Plan(
        slug(row, "id"),
        text(row, "name"),
        tuple(sorted({_minute(one) for one in told})),
        trend,
        tuple(_section(one) for one in sections),
    )


def newest(plan: Plan, now: Instant) -> Occasion:
    """Give the occasion whose end was the last to pass."""
    ends = sorted(
        midnight(now) + day * DAY + minute * MINUTE for day in (-2, -1, 0) for minute in plan.at
    )
    passed = [end for end in ends if end <= now]
    return Occasion(plan.id, passed[-2], passed[-1])


def since_last(plan: Plan, now: Instant) -> Occasion:
    """Give what has passed since the last occasion: what the button makes."""
    last = newest(plan, now)
    start = last.end if now - last.end >= MINUTE else last.start
    return Occasion(plan.id, start, now)


def owed(plans: Iterable[Plan], made: Mapping[str, Instant], now: Instant) -> list[Occasion]:
    """Give the briefs that are due and not made: of each plan at most the newest.

    Args:
        plans: of the site.
        made: the end of the newest scheduled one of each plan.
        now: by the site's clock.
    """
    found = [newest(plan, now) for plan in plans]
    return [one for one in found if made.get(one.plan, -1) < one.end]


def _minute(told: object) -> int:
    try:
        at = datetime.strptime(str(told), "%H:%M")  # noqa: DTZ007 - a time of day
    except ValueError:
        raise SettingsError('must be like "07:00"', key="at", value=told) from None
    return at.hour * 60 + at.minute


def _section(row: Mapping[str, Any]) -> Section:
    for key in row.keys() - {"id", "name", "indicators"}:
        raise SettingsError("is no key of a section: id, name, indicators", key=f"section.{key}")
    told = row.get("indicators")
    if not isinstance(told, list) or not told or not all(isinstance(one, str) for one in told):
        raise SettingsError("must be a list of indicators", key="section.indicators", value=told)
    return Section(slug(row, "id"), text(row, "name"), tuple(told))
