"""The brief: what happened in a stretch of time, for whoever answers for the province.

It says how things stood at its end, not when it is read: what came later is left out, so a brief
made late says the same. It is a document of plain values in both languages; `ioc.core.sheet` lays
it out. What is not real says so, and so does the whole when any part is not.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final

from ioc.core.alerts import Alert
from ioc.core.brief_plan import Occasion, Plan, midnight
from ioc.core.due import LATE, MARKS
from ioc.core.history import Entry, written
from ioc.core.incidents import Incident
from ioc.core.indicators import Definition, Formula, Window, standing, window_before
from ioc.core.site import Site
from ioc.core.tasks import Task
from ioc.core.words import DAY, HOUR, MINUTE, PROVINCE, SECOND, Instant, Origin, Text, rfc3339

Json = dict[str, Any]

LISTED: Final = 12
"""Alerts, incidents and tasks shown one by one; the rest is counted."""

TREND_POINTS: Final = 28
_LEVELS: Final = range(1, 6)
_LONG: Final = 3 * DAY
_SAME: Final = 0.005
"""A change of less than so much of the value before is none."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An indicator as it was at the instants asked for.

    Attributes:
        body: as the interface gives it now: its name, owner, words of levels.
        values: value and coverage by instant; an instant without any is missing.
    """

    body: Mapping[str, Any]
    values: Mapping[Instant, tuple[float | None, float]]


@dataclass(frozen=True, slots=True)
class Found:
    """What is kept of a stretch of time and of the one before.

    Attributes:
        alerts: that were open at some time of it.
        incidents: likewise.
        tasks: likewise.
        readings: by indicator, of the brief's area.
        shifts: as the interface gives them.
        handovers: likewise, of this stretch.
    """

    alerts: Sequence[Alert] = ()
    incidents: Sequence[Incident] = ()
    tasks: Sequence[Task] = ()
    readings: Mapping[str, Reading] = field(default_factory=dict)
    shifts: Sequence[Mapping[str, Any]] = ()
    handovers: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose brief it is.

    Attributes:
        area: with everything inside it.
        definitions: of the site's indicators.
    """

    site: Site
    area: str
    definitions: Mapping[str, Definition]


@dataclass(frozen=True, slots=True)
class Making:
    """Who made a brief, when by the site's clock, and with which version of the program."""

    id: str
    by: str
    at: Instant
    version: str


def instants(definition: Definition, plan: Plan, end: Instant, start: Instant) -> list[Instant]:
    """Give the instants at which an indicator is asked for: its own, the one before, its trend.

    What counts a day is asked for at the last midnight of the stretch: at seven in the morning
    today's count says little, yesterday's says all.
    """
    at = as_of(definition, start, end)
    step = DAY if definition.window is Window.TODAY else max(MINUTE, plan.trend // TREND_POINTS)
    count = 14 if definition.window is Window.TODAY else TREND_POINTS
    return [at, window_before(definition.window, at), *(at - step * n for n in range(1, count))]


def as_of(definition: Definition, start: Instant, end: Instant) -> Instant:
    """Give the instant an indicator's value is of."""
    turn = midnight(end)
    return turn - SECOND if definition.window is Window.TODAY and turn > start else end


def compose(plan: Plan, occasion: Occasion, subject: Subject, found: Found, making: Making) -> Json:
    """Make the document.

    Args:
        plan: its kind.
        occasion: the stretch it reports on.
        subject: whose it is.
        found: what is kept.
        making: who made it.
    """
    alerts = _alerts(found.alerts, occasion, subject)
    cases = _incidents(found, occasion)
    sections = _sections(plan, occasion, subject, found.readings)
    return {
        "id": making.id,
        "kind": plan.id,
        "name": _text(plan.name),
        "area": subject.area,
        "place": _text(_place(subject)),
        "site": {"id": subject.site.id, "name": _text(subject.site.name)},
        "period": [rfc3339(occasion.start), rfc3339(occasion.end)],
        "before": [rfc3339(at) for at in occasion.before],
        "made_at": rfc3339(making.at),
        "by": making.by,
        "version": making.version,
        "origin": _origins(found, occasion, sections, subject.site.origin),
        "alerts": alerts,
        "incidents": cases,
        "tasks": _tasks(found.tasks, occasion),
        "sections": sections,
        "shifts": [dict(one) for one in found.shifts],
        "handovers": [dict(one) for one in found.handovers],
    }


# -- alerts ----------------------------------------------------------------------------------


def _alerts(alerts: Sequence[Alert], occasion: Occasion, subject: Subject) -> Json:
    start, end = occasion.start, occasion.end
    shown = [one for one in alerts if not one.history and one.raised_at < end]
    new = [one for one in shown if start <= one.raised_at]
    earlier = [one for one in shown if occasion.before[0] <= one.raised_at < start]
    open_ = [one for one in shown if _still(one.closed_at, end)]
    answers = [
        (at - one.detected_at) / SECOND
        for one in new
        if (at := _first(one.steps, {"acknowledge"}, end)) is not None
    ]
    return {
        "raised": len(new),
        "before": len(earlier),
        "severities": _by_level(new),
        "severities_before": _by_level(earlier),
        "cleared": sum(_within(one.cleared_at, start, end) for one in shown),
        "closed": sum(_within(one.closed_at, start, end) for one in shown),
        "open": len(open_),
        "unanswered": sum(_unanswered(one.steps, end) for one in open_),
        "history": sum(one.history and start <= one.raised_at < end for one in alerts),
        "acknowledge_s": _middle(answers),
        "step": _step(occasion),
        "load": _load(new, occasion),
        "areas": _by_area(new, subject),
        "worst": [_told(one, subject, end) for one in _worst(new, open_, end)],
    }


def _worst(new: Sequence[Alert], open_: Sequence[Alert], end: Instant) -> list[Alert]:
    """Give what to read first: the gravest, those still active before those over, newest first."""
    known = {one.id: one for one in [*new, *(one for one in open_ if one.severity >= 4)]}
    return sorted(
        known.values(),
        key=lambda one: (-one.severity, one.id not in _ids(open_), -one.raised_at, one.id),
    )[:LISTED]


def _ids(alerts: Iterable[Alert]) -> set[str]:
    return {one.id for one in alerts}


def _told(alert: Alert, subject: Subject, end: Instant) -> Json:
    return {
        "id": alert.id,
        "severity": int(alert.severity),
        "message": _text(alert.message),
        "response": _text(alert.response),
        "area": alert.area,
        "place": _text(_name(subject.site, alert.area)),
        "origin": alert.origin.value,
        "raised_at": rfc3339(alert.raised_at),
        "acknowledged_at": written(_first(alert.steps, {"acknowledge"}, end)),
        "cleared_at": written(_until(alert.cleared_at, end)),
        "open": _still(alert.closed_at, end),
        "incident": alert.incident,
    }


def _by_level(alerts: Iterable[Alert]) -> list[int]:
    counts = Counter(int(one.severity) for one in alerts)
    return [counts[level] for level in _LEVELS]


def _step(occasion: Occasion) -> int:
    """Give the seconds one column of the chart stands for."""
    return (DAY if occasion.end - occasion.start > _LONG else HOUR) // SECOND


def _load(new: Iterable[Alert], occasion: Occasion) -> list[Json]:
    step = _step(occasion) * SECOND
    first = midnight(occasion.start) if step == DAY else occasion.start // step * step
    columns: dict[Instant, list[int]] = {at: [0] * 5 for at in range(first, occasion.end, step)}
    for one in new:
        columns[first + (one.raised_at - first) // step * step][one.severity - 1] += 1
    return [{"at": rfc3339(at), "severities": counts} for at, counts in columns.items()]


def _by_area(new: Iterable[Alert], subject: Subject) -> list[Json]:
    """Count by the units right below the brief's own; what names none of them stands for all."""
    parents = {area.id: area.parent for area in subject.site.areas}
    top = _top(subject)
    groups: dict[str, list[Alert]] = {}
    for one in new:
        groups.setdefault(_below(one.area, top, parents), []).append(one)
    found: list[Json] = [
        {
            "area": area,
            "name": _text(_name(subject.site, area)),
            "severities": _by_level(of),
            "raised": len(of),
        }
        for area, of in groups.items()
    ]
    return sorted(found, key=lambda one: (-one["raised"], one["area"]))


def _below(area: str, top: str, parents: Mapping[str, str | None]) -> str:
    at: str | None = area
    while at is not None and parents.get(at) != top:
        at = parents.get(at)
    return at or top


def _top(subject: Subject) -> str:
    """Give the unit a brief is of, as the tree knows it."""
    if subject.area != PROVINCE:
        return subject.area
    return next((one.id for one in subject.site.areas if one.parent is None), PROVINCE)


# -- incidents and tasks -----------------------------------------------------------------------


def _incidents(found: Found, occasion: Occasion) -> Json:
    start, end = occasion.start, occasion.end
    alerts: dict[str, list[Alert]] = {}
    for alert in found.alerts:
        if alert.incident is not None:
            alerts.setdefault(alert.incident, []).append(alert)
    known = [one for one in found.incidents if one.received_at < end]
    items = [_case(one, alerts.get(one.id, []), occasion) for one in known]
    new = [one for one in items if one["received_at"] >= rfc3339(start)]
    open_ = [one for one in items if one["open"]]
    return {
        "received": len(new),
        "before": sum(_within(one.received_at, *occasion.before) for one in known),
        "done": sum(_within(_last(one.steps, {"done"}, end), start, end) for one in known),
        "closed": sum(_within(one.closed_at, start, end) for one in known),
        "open": len(open_),
        "late": sum(one["late"] for one in open_),
        "unowned": sum(not one["owner"] for one in open_),
        "response_s": {
            step: _middle([one["seconds"][step] for one in new if one["seconds"][step] is not None])
            for step in ("acknowledged", "assigned", "done")
        },
        "items": sorted(
            (one for one in items if one["open"] or one["touched"]),
            key=lambda one: (not one["late"], -one["severity"], not one["open"], one["raised_at"]),
        )[:LISTED],
    }


def _case(incident: Incident, alerts: Sequence[Alert], occasion: Occasion) -> Json:
    """Give an incident with its times: raised, acknowledged, assigned, done."""
    start, end = occasion.start, occasion.end
    raised = min([incident.received_at, *(one.detected_at for one in alerts)])
    times = {
        "acknowledged": _earliest(
            [
                _first(incident.steps, {"verify"}, end),
                *(_first(one.steps, {"acknowledge"}, end) for one in alerts),
            ]
        ),
        "assigned": _first(incident.steps, {"assign"}, end),
        "done": _last(incident.steps, {"done"}, end),
    }
    steps = [entry for entry in incident.steps if entry.at < end]
    return {
        "id": incident.id,
        "title": _text(incident.title),
        "severity": int(incident.severity),
        "area": incident.area,
        "origin": incident.origin.value,
        "owner": incident.owner,
        "due": written(incident.due),
        "alerts": len(incident.alerts),
        "received_at": rfc3339(incident.received_at),
        "raised_at": rfc3339(raised),
        **{f"{name}_at": written(at) for name, at in times.items()},
        "closed_at": written(_until(incident.closed_at, end)),
        "open": _still(incident.closed_at, end),
        "late": _late(steps, {"assign", "return", "done", "close"}),
        "touched": any(entry.at >= start for entry in steps),
        "seconds": {
            name: None if at is None else max(0, (at - raised) // SECOND)
            for name, at in times.items()
        },
    }


def _tasks(tasks: Sequence[Task], occasion: Occasion) -> Json:
    start, end = occasion.start, occasion.end
    known = [one for one in tasks if one.steps and one.steps[0].at < end]
    items = [
        {
            "id": one.id,
            "title": one.title,
            "from": one.giver,
            "owner": one.owner,
            "area": one.area,
            "origin": one.origin.value,
            "due": rfc3339(one.due),
            "incident": one.incident,
            "open": _still(one.closed_at, end) and _last(one.steps, {"done"}, end) is None,
            "late": _late([step for step in one.steps if step.at < end], {"assign", "done"}),
            "over_s": max(0, end - one.due) // SECOND,
        }
        for one in known
    ]
    late = sorted((one for one in items if one["open"] and one["late"]), key=_by_due)
    coming = sorted(
        (one for one in items if one["open"] and not one["late"] and one["over_s"] == 0),
        key=_by_due,
    )
    return {
        "given": sum(_within(one.steps[0].at, start, end) for one in known),
        "done": sum(_within(_last(one.steps, {"done"}, end), start, end) for one in known),
        "open": sum(bool(one["open"]) for one in items),
        "late": len(late),
        "late_items": late[:LISTED],
        "coming_items": coming[: LISTED // 2],
    }


def _by_due(item: Json) -> tuple[str, str]:
    return item["due"], item["id"]


def _late(steps: Iterable[Entry], ends: Collection[str]) -> bool:
    """Tell whether what was owed was late and not given after the last of these steps."""
    late = False
    for entry in steps:
        if entry.step == MARKS[LATE - 1].step:
            late = True
        elif entry.step in ends:
            late = False
    return late


# -- indicators --------------------------------------------------------------------------------


def _sections(
    plan: Plan, occasion: Occasion, subject: Subject, readings: Mapping[str, Reading]
) -> list[Json]:
    found = []
    for section in plan.sections:
        items = [
            _indicator(subject.definitions[id_], readings[id_], plan, occasion)
            for id_ in section.indicators
            if id_ in subject.definitions and id_ in readings
        ]
        if items:
            found.append({"id": section.id, "name": _text(section.name), "items": items})
    return found


def _indicator(definition: Definition, reading: Reading, plan: Plan, occasion: Occasion) -> Json:
    body = reading.body
    at, before, *trend = instants(definition, plan, occasion.end, occasion.start)
    value, coverage = reading.values.get(at, (None, 0.0))
    previous = reading.values.get(before, (None, 0.0))[0]
    if definition.formula is Formula.REFERENCE:
        value, coverage, previous = body["value"], body["coverage"], body["previous"]
    points = [
        [rfc3339(time), known]
        for time in sorted({*trend, at})
        if (known := reading.values.get(time, (None, 0.0))[0]) is not None
    ]
    return {
        "id": definition.id,
        "name": _text(definition.name),
        "value": value,
        "unit": definition.unit,
        "decimals": definition.decimals,
        "word": _word(body, value),
        "target": definition.target,
        "target_word": _word(body, definition.target),
        "direction": "up" if definition.upward else "down",
        "standing": standing(definition, value, coverage),
        "previous": previous,
        "previous_word": _word(body, previous),
        "change": _change(value, previous, upward=definition.upward),
        "trend": points,
        "as_of": rfc3339(at),
        "window": definition.window.value,
        "coverage": round(coverage, 3),
        "owner": definition.owner,
        "source": definition.source,
        "origin": body["origin"],
    }


def _word(body: Mapping[str, Any], value: float | None) -> Json | None:
    """Give the name of a category's level."""
    levels = body.get("levels")
    if not levels or value is None or not 0 <= int(value) < len(levels):
        return None
    return dict(levels[int(value)])


def _change(value: float | None, previous: float | None, *, upward: bool) -> str:
    """Say which way it went: better, worse, same, or unknown."""
    if value is None or previous is None:
        return "unknown"
    if abs(value - previous) <= _SAME * abs(previous):
        return "same"
    return "better" if (value > previous) == upward else "worse"


# -- times and names ---------------------------------------------------------------------------


def _origins(found: Found, occasion: Occasion, sections: Iterable[Json], site: Origin) -> list[str]:
    """Give every origin anything of it has, the least real first."""
    seen = {one.origin for one in found.alerts if one.raised_at < occasion.end}
    seen |= {one.origin for one in found.incidents} | {one.origin for one in found.tasks}
    seen |= {Origin(item["origin"]) for section in sections for item in section["items"]}
    return [one.value for one in Origin if one in (seen or {site})]


def _first(steps: Iterable[Entry], wanted: Collection[str], end: Instant) -> Instant | None:
    return next((one.at for one in steps if one.step in wanted and one.at < end), None)


def _last(steps: Sequence[Entry], wanted: Collection[str], end: Instant) -> Instant | None:
    return _first(reversed(steps), wanted, end)


def _unanswered(steps: Iterable[Entry], end: Instant) -> bool:
    """Tell whether nobody had acknowledged the last time it was raised."""
    last = [one.step for one in steps if one.at < end and one.step in ("raise", "acknowledge")]
    return not last or last[-1] == "raise"


def _earliest(times: Iterable[Instant | None]) -> Instant | None:
    return min((at for at in times if at is not None), default=None)


def _within(at: Instant | None, start: Instant, end: Instant) -> bool:
    return at is not None and start <= at < end


def _until(at: Instant | None, end: Instant) -> Instant | None:
    return at if at is not None and at < end else None


def _still(closed: Instant | None, end: Instant) -> bool:
    return closed is None or closed >= end


def _middle(values: Sequence[float]) -> float | None:
    return round(median(values), 1) if values else None


def _name(site: Site, area: str) -> Text:
    return next((one.name for one in site.areas if one.id == area), site.name)


def _place(subject: Subject) -> Text:
    return _name(subject.site, subject.area)


def _text(told: Text) -> Json:
    return {"vi": told.vi, "en": told.en}
