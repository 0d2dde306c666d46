"""Who is told of what, how, and how often: notification routes, and what becomes of a message.

A route says from which severity on, for which areas and at which hours whom to tell, over which
channel; how long to wait so that a cascade is one message; how often again until somebody has
acknowledged; and to whom next when nobody does. Another kind of route tells of the marks of the
time that incidents and tasks have, each once. Whom may be an address, or whoever is on duty when
the message is sent. Routes are a site's data; addresses never are.
Times here are real times: people are told in their own time, however fast the site's clock runs.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from ioc.core.alerts import Alert, State, worsened
from ioc.core.due import MARKS, Passed
from ioc.core.duty import Wanted
from ioc.core.fields import duration, slug
from ioc.core.incidents import Incident
from ioc.core.settings_error import SettingsError
from ioc.core.tasks import Task
from ioc.core.words import MINUTE, PROVINCE, SECOND, VIETNAM, Instant, Origin, Text

SPEAKS: Final = frozenset({"raise", "unshelve", "unsuppress", "in-service"})
"""Steps after which an alert that is announced is told of: it is new, or no longer hidden. A
graver level is told of too."""

BACK_OFF: Final = (10, 30, 60, 120, 300, 600)
"""Seconds before a message that could not be delivered is tried again; then always the last."""

MOST_TRIES: Final = 150
"""About a day; then it has failed for good, which is counted and shown."""

_LISTED: Final = 5
_OF_ALERTS: Final = frozenset(("window", "repeat", "escalate"))
_KEYS: Final = _OF_ALERTS | frozenset(
    ("id", "severity", "areas", "hours", "role", "to", "on_duty", "wait", "marks")
)
_MARKS: Final = tuple(mark.step for mark in MARKS)


class Fate(StrEnum):
    """What became of a message.

    Attributes:
        WAITING: not its time yet, or tried and to be tried again.
        SENT: the channel has taken it.
        RECORDED: its channel has no address here: it is kept, and nothing left the machine.
        ANSWERED: when its time came nobody had to be told any more.
        FAILED: given up.
    """

    WAITING = "waiting"
    SENT = "sent"
    RECORDED = "recorded"
    ANSWERED = "answered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Whoever is on duty when a message is sent.

    Attributes:
        by: the name of the address that takes their telephone number or e-mail.
        wanted: whom of those on duty.
    """

    by: str
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Level:
    """One row of the escalation table; the first says whom to tell at once.

    Attributes:
        after: microseconds since the alert.
        role: who is told.
        to: the name of the address, which the installation knows.
        on_duty: who is told instead, if there is somebody.
    """

    after: int
    role: str
    to: str
    on_duty: OnDuty | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """Whom to tell of what.

    Attributes:
        severity: the least; tasks have none, and pass.
        marks: of the time of incidents and tasks it tells of; empty for a route of alerts.
        areas: with everything inside them; empty for all.
        hours: minutes of the local day from and to, over midnight too; None for always.
        wait: microseconds to gather alerts of one incident in one message.
        window: at most one message of an incident in so long.
        repeat: how often again until acknowledged; 0 for never.
        levels: whom; those behind the first are told when nobody acknowledged until then.
    """

    id: str
    severity: int
    marks: frozenset[str]
    areas: frozenset[str]
    hours: tuple[int, int] | None
    wait: int
    window: int
    repeat: int
    levels: tuple[Level, ...]

    def takes(self, alert: Alert, now: Instant, inside: Callable[[str, str], bool]) -> bool:
        """Tell whether an alert goes this way now.

        Args:
            alert: that somebody is to hear of.
            now: real time.
            inside: whether an area is another one, or inside it.
        """
        return not self.marks and self._reaches(alert.severity, alert.area, now, inside)

    def takes_mark(self, passed: Passed, now: Instant, inside: Callable[[str, str], bool]) -> bool:
        """Tell whether a mark that was passed goes this way now; see `takes`."""
        severity = self.severity if passed.severity is None else passed.severity
        return passed.step in self.marks and self._reaches(severity, passed.area, now, inside)

    def _reaches(
        self, severity: int, area: str, now: Instant, inside: Callable[[str, str], bool]
    ) -> bool:
        return (
            severity >= self.severity
            and (not self.areas or any(inside(area, outer) for outer in self.areas))
            and (self.hours is None or _at_hours(self.hours, now))
        )


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that is owed, before it is written: it is written when its time comes.

    Attributes:
        incident: of which it will tell what then stands open; of a mark, empty.
        level: of the route's.
        due: real time.
        window: at most one message of the incident this way in so long.
        passed: the mark it tells of instead.
    """

    incident: str
    route: str
    level: int
    role: str
    to: str
    due: Instant
    window: int
    passed: Passed | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A written message."""

    title: Text
    body: Text


def parse_route(row: Mapping[str, Any]) -> Route:
    """Make a route of a row of ``routes/``.

    Raises:
        SettingsError: it says something that cannot be.
    """
    for key in row.keys() - _KEYS:
        raise SettingsError(f"is no key of a route; there are {', '.join(sorted(_KEYS))}", key=key)
    severity = row.get("severity", 1)
    if isinstance(severity, bool) or severity not in range(1, 6):
        raise SettingsError("must be 1 to 5", key="severity", value=severity)
    areas = row.get("areas", [])
    if not isinstance(areas, list) or not all(isinstance(area, str) for area in areas):
        raise SettingsError("must be a list of areas", key="areas", value=areas)
    first = Level(0, slug(row, "role"), slug(row, "to"), _on_duty(row))
    marks = _marks(row)
    return Route(
        id=slug(row, "id"),
        severity=severity,
        marks=marks,
        areas=frozenset(areas),
        hours=_hours(row),
        wait=duration(row, "wait") if "wait" in row else (0 if marks else 10 * SECOND),
        window=duration(row, "window") if "window" in row else 5 * MINUTE,
        repeat=duration(row, "repeat"),
        levels=(first, *_escalation(row)),
    )


def owed(
    alerts: Iterable[Alert],
    routes: Sequence[Route],
    now: Instant,
    inside: Callable[[str, str], bool],
) -> list[Notice]:
    """Give the messages that alerts make owed, one an incident, route and level.

    Args:
        alerts: as they are kept with a batch; most of them nobody is told of.
        routes: of the site.
        now: real time.
        inside: whether an area is another one, or inside it.
    """
    found: dict[tuple[str, str, int], Notice] = {}
    for alert in filter(is_told, alerts):
        for route in routes:
            if alert.incident is not None and route.takes(alert, now, inside):
                for number, level in enumerate(route.levels):
                    due = now + (level.after if number else route.wait)
                    found.setdefault(
                        (alert.incident, route.id, number),
                        Notice(
                            alert.incident,
                            route.id,
                            number,
                            level.role,
                            level.to,
                            due,
                            route.window,
                        ),
                    )
    return list(found.values())


def owed_of_marks(
    passed: Iterable[Passed],
    routes: Sequence[Route],
    now: Instant,
    inside: Callable[[str, str], bool],
) -> list[Notice]:
    """Give the messages that marks make owed, one a mark and route.

    Args:
        passed: as they are kept with a transaction; each comes once.
        routes: of the site.
        now: real time.
        inside: whether an area is another one, or inside it.
    """
    return [
        Notice("", route.id, 0, level.role, level.to, now + route.wait, 0, mark)
        for mark in passed
        for route in routes
        if route.takes_mark(mark, now, inside)
        for level in route.levels[:1]
    ]


def is_told(alert: Alert) -> bool:
    """Tell whether people hear of an alert because of its last step."""
    return (
        alert.active
        and alert.announced
        and alert.state is State.UNACKNOWLEDGED
        and bool(alert.steps)
        and (alert.steps[-1].step in SPEAKS or worsened(alert.steps[-1]))
    )


def unanswered(alerts: Iterable[Alert]) -> list[Alert]:
    """Give the alerts somebody still has to acknowledge and nothing hides."""
    waiting = (State.UNACKNOWLEDGED, State.RETURNED)
    return [alert for alert in alerts if alert.announced and alert.state in waiting]


def written(
    incident: Incident,
    alerts: Sequence[Alert],
    turn: int,
    say: Callable[[str, str, Mapping[str, Any]], Text],
) -> Letter:
    """Write a message: the first word says when it is not real.

    Args:
        incident: the message is of.
        alerts: of it that are unanswered; not none.
        turn: how many went before to the same.
        say: words for people.
    """
    root = next((one for one in alerts if one.id == incident.root[0]), alerts[0])
    origin = _least_real(alerts)
    severity = max(alerts, key=lambda one: one.severity).severity
    args = {
        "origin": origin.value,
        "severity": say(f"severity-{int(severity)}", "severity-1", {}),
        "message": root.message,
        "turn": turn,
        "count": len(alerts),
        "more": max(0, len(alerts) - _LISTED),
        "response": root.response,
        "incident": incident.id,
    }
    title = say("notification-title", "notification-title", args)
    lines = [
        say("notification-line", "notification-line", {"message": one.message, "at": _clock(one)})
        for one in alerts[:_LISTED]
    ]
    head = say("notification-head", "notification-head", args)
    tail = say("notification-tail", "notification-tail", args)
    return Letter(title, _joined([head, *lines, tail]))


def written_of_mark(
    case: Incident | Task,
    step: str,
    term: str,
    say: Callable[[str, str, Mapping[str, Any]], Text],
) -> Letter:
    """Write a message of a mark; the first word says when it is not real.

    Args:
        case: whose time it is.
        step: of the mark.
        term: the limit of the law it is a mark of; empty for the time its owner was given.
        say: words for people.
    """
    due = case.due if isinstance(case, Task) or not term else case.limits.get(term)
    args = {
        "origin": case.origin.value,
        "mark": step,
        "term": term or "given",
        "case": "task" if isinstance(case, Task) else "incident",
        "title": Text(case.title, case.title) if isinstance(case, Task) else case.title,
        "owner": case.owner or "-",
        "due": "-" if due is None else f"{_local(due):%H:%M %d/%m/%Y}",
        "id": case.id,
    }
    title = say("notification-mark-title", "notification-mark-title", args)
    return Letter(title, say("notification-mark-body", "notification-mark-body", args))


def retry_at(tries: int, now: Instant) -> Instant | None:
    """Tell when to try again after so many failures; None when it is given up."""
    if tries >= MOST_TRIES:
        return None
    return now + BACK_OFF[min(tries, len(BACK_OFF)) - 1] * SECOND


def inside_of(parents: Mapping[str, str | None]) -> Callable[[str, str], bool]:
    """Give the question whether an area is another one or inside it."""

    def inside(area: str, outer: str) -> bool:
        at: str | None = area
        while at is not None and at != outer:
            at = parents.get(at)
        return at == outer or outer == PROVINCE

    return inside


def check_areas(route: Route, known: Collection[str]) -> str | None:
    """Give the first area of a route that there is not."""
    duties = [level.on_duty.wanted.area for level in route.levels if level.on_duty is not None]
    named = route.areas | {area for area in duties if area}
    return min((area for area in named if area not in known), default=None)


def _least_real(alerts: Iterable[Alert]) -> Origin:
    """Give what a message must warn of: nothing only where all of it is real."""
    unreal = [one.origin for one in alerts if one.origin is not Origin.REAL]
    return unreal[0] if unreal else Origin.REAL


def _joined(parts: Sequence[Text]) -> Text:
    return Text("\n".join(one.vi for one in parts), "\n".join(one.en for one in parts))


def _clock(alert: Alert) -> str:
    return f"{_local(alert.raised_at):%H:%M %d/%m}"


def _local(at: Instant) -> datetime:
    return datetime(1970, 1, 1, tzinfo=VIETNAM) + timedelta(hours=7, microseconds=at)


def _at_hours(hours: tuple[int, int], now: Instant) -> bool:
    local = _local(now)
    minute, (start, end) = local.hour * 60 + local.minute, hours
    return start <= minute < end if start < end else minute >= start or minute < end


def _hours(row: Mapping[str, Any]) -> tuple[int, int] | None:
    told = row.get("hours")
    if told is None:
        return None
    try:
        start, end = (datetime.strptime(part, "%H:%M") for part in str(told).split("-"))  # noqa: DTZ007 - a time of day
    except ValueError:
        raise SettingsError('must be like "19:00-07:00"', key="hours", value=told) from None
    return start.hour * 60 + start.minute, end.hour * 60 + end.minute


def _escalation(row: Mapping[str, Any]) -> Iterable[Level]:
    told = row.get("escalate", [])
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        raise SettingsError("must be a list of { after, role, to }", key="escalate", value=told)
    before = 0
    for one in told:
        level = Level(duration(one, "after"), slug(one, "role"), slug(one, "to"), _on_duty(one))
        if level.after <= before or one.keys() - {"after", "role", "to", "on_duty"}:
            raise SettingsError(
                "must be { after, role, to, on_duty? }, later and later", key="escalate"
            )
        before = level.after
        yield level


def _marks(row: Mapping[str, Any]) -> frozenset[str]:
    told = row.get("marks", [])
    if not isinstance(told, list) or any(one not in _MARKS for one in told):
        raise SettingsError(f"must be a list of {', '.join(_MARKS)}", key="marks", value=told)
    if told:
        for key in sorted(_OF_ALERTS & row.keys()):
            raise SettingsError("is for alerts: a mark is told once", key=key, value=row[key])
    return frozenset(told)


def _on_duty(row: Mapping[str, Any]) -> OnDuty | None:
    told = row.get("on_duty")
    if told is None:
        return None
    names = ("role", "duty", "agency", "area")
    if not isinstance(told, dict) or told.keys() - {"by", *names}:
        raise SettingsError(
            "must be { by, role?, duty?, agency?, area? }", key="on_duty", value=told
        )
    for name in names:
        if not isinstance(told.get(name, ""), str):
            raise SettingsError("must be a word", key=f"on_duty.{name}", value=told[name])
    return OnDuty(slug(told, "by"), Wanted(**{name: told.get(name, "") for name in names}))
