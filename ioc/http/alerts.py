"""Alerts: reading them, and taking people's steps to the desk."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Final, Literal

from fastapi import Query, Response
from pydantic import Field, StringConstraints

from ioc.centre.desk import Call
from ioc.core.alerts import MANUAL, Step
from ioc.core.history import Said
from ioc.core.words import Instant, Origin, Severity, Text, instant
from ioc.http import shapes
from ioc.http.access import LONGEST_OPERATOR_SHELF, Permission, Principal
from ioc.http.cases import Phrase, asked, at_desk, check_area, name_of, taken
from ioc.http.here import API, Api, Endpoint, Here, answer
from ioc.http.inputs import (
    DEFAULT_LIMIT,
    AreaName,
    Body,
    Caller,
    Cursor,
    From,
    Limit,
    Line,
    RequestId,
    To,
    moment,
    page,
    period,
    read_cursor,
    write_cursor,
)
from ioc.http.ports import AlertFilter, Json
from ioc.http.privacy import impersonal
from ioc.http.problems import Problem, invalid, unknown

MOST_AT_ONCE: Final = 1000
_ID: Final = re.compile(r"[A-Za-z0-9_.:-]{1,200}")

State = Literal[
    "unacknowledged",
    "acknowledged",
    "returned",
    "normal",
    "open",
    "closed",
    "active",
    "cleared",
    "shelved",
]
_PARTS: Final[Mapping[str, AlertFilter]] = {
    "open": AlertFilter(open=True),
    "closed": AlertFilter(open=False),
    "active": AlertFilter(active=True),
    "cleared": AlertFilter(active=False),
}

STEPS: Final[Mapping[Step, Permission]] = {
    Step.ACKNOWLEDGE: Permission.ACKNOWLEDGE,
    Step.SHELVE: Permission.SHELVE,
    Step.UNSHELVE: Permission.SHELVE,
    Step.COMMENT: Permission.COMMENT,
    Step.CLOSE: Permission.RAISE,
    Step.SEEN: Permission.SEE,
}
"""Closing asks for `Permission.CLOSE` too, but for an alert that was raised by hand."""


class Taken(Body):
    """A person's step on the alert they saw at ``version``."""

    note: Line = ""
    version: Annotated[int, Field(ge=0, le=2**31)]
    until: Annotated[Line, StringConstraints(max_length=40)] | None = None
    reason: Annotated[Line, StringConstraints(max_length=200)] | None = None
    request: RequestId = None


class Shelved(Body):
    """An alert to shelve, until when and why."""

    alert: Annotated[Line, StringConstraints(max_length=200)]
    version: Annotated[int, Field(ge=0, le=2**31)]
    until: Annotated[Line, StringConstraints(max_length=40)]
    note: Annotated[Line, StringConstraints(min_length=1)]
    request: RequestId = None


class SeenAlert(Body):
    """An alert, as it was seen."""

    id: Annotated[Line, StringConstraints(max_length=200)]
    version: Annotated[int, Field(ge=0, le=2**31)]


class ManyTaken(Body):
    """Alerts to acknowledge at once, each at the version they saw."""

    ids: Annotated[list[SeenAlert], Field(min_length=1, max_length=MOST_AT_ONCE)]
    note: Line = ""


class NewAlert(Body):
    """What a person was told of, by a caller or in an official bulletin."""

    area: Annotated[Line, StringConstraints(max_length=64)]
    severity: Annotated[int, Field(ge=1, le=5)]
    message: Annotated[Line, StringConstraints(min_length=1)] | Phrase
    response: Line | Phrase = ""
    thing: Annotated[Line, StringConstraints(max_length=64)] | None = None
    note: Line = ""
    request: RequestId = None


def add_alerts(api: Api, here: Here) -> None:
    """Put the routes."""
    archive = here.ports.archive

    @api.get(f"{API}/alerts", Permission.ALERTS, shapes.Alerts)
    async def alerts(  # noqa: PLR0913 - each is one of the contract's filters
        caller: Caller,
        state: Annotated[State | None, Query()] = None,
        severity: Annotated[list[Annotated[int, Field(ge=1, le=5)]] | None, Query()] = None,
        area: AreaName = None,
        start: From = None,
        to: To = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """Give alerts, newest first, by the time they were raised.

        Beside the four states there are ``open``, ``closed``, ``active``, ``cleared``, ``shelved``.
        """
        place = read_cursor(cursor, int, str)
        wanted = replace(
            _filter(state, here.now()),
            severities=None if severity is None else frozenset(severity),
            areas=here.areas(caller, area),
            raised=period(start, to),
        )
        found = await here.reading(archive.alerts, wanted, place, limit + 1)
        return answer(page(_shown(caller, found), limit, _place(found, limit)))

    @api.get(f"{API}/shelves", Permission.SHELVES, shapes.Alerts)
    async def shelves(
        caller: Caller, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> Response:
        """Give the alerts that are shelved now."""
        place = read_cursor(cursor, int, str)
        wanted = AlertFilter(open=True, shelved_at=here.now(), areas=caller.areas)
        found = await here.reading(archive.alerts, wanted, place, limit + 1)
        return answer(page(_shown(caller, found), limit, _place(found, limit)))

    _add_raising(api, here)

    @api.get(f"{API}/alerts/{{alert}}", Permission.ALERTS, shapes.Alert, 404)
    async def alert(caller: Caller, alert: str) -> Response:
        """Give one alert with its whole history."""
        return answer(_shown(caller, [await alert_body(here, caller, alert)])[0])

    for step, permission in STEPS.items():
        path = f"{API}/alerts/{{alert}}/{step.value}"
        api.post(path, permission, shapes.Alert, 404, 409)(_step(here, step))


def _add_raising(api: Api, here: Here) -> None:
    @api.post(f"{API}/alerts", Permission.RAISE, shapes.Alert, 404)
    async def raise_alert(caller: Caller, told: NewAlert) -> Response:
        """Raise an alert by hand: from a call, or an official bulletin."""
        check_area(here, caller, told.area)
        if told.thing is not None:
            thing = await here.reading(here.ports.archive.thing, told.thing)
            if thing is None or not caller.sees(thing["area"]):
                raise unknown("thing")
        call = Call(
            id=secrets.token_hex(10),
            area=told.area,
            severity=Severity(told.severity),
            origin=Origin(here.content.site.origin),
            message=_text("message", told.message),
            response=_text("", told.response),
            thing=told.thing or "",
        )
        said = Said(name_of(caller), here.now(), told.note)
        request = asked(here, caller, told.request)
        return await taken(here, lambda: here.ports.desk.raise_by_hand(call, said, request))

    @api.post(f"{API}/alerts/acknowledge", Permission.ACKNOWLEDGE, shapes.Outcomes)
    async def acknowledge_alerts(caller: Caller, told: ManyTaken) -> Response:
        """Acknowledge many alerts at once; each has its own outcome."""
        wanted = {one.id: one.version for one in told.ids}
        areas = await here.reading(here.ports.archive.alert_areas, list(wanted))
        seen = {id_: wanted[id_] for id_, area in areas.items() if caller.sees(area)}
        said = Said(name_of(caller), here.now(), told.note)
        found = await at_desk(
            here, lambda: here.ports.desk.acknowledge_many(seen, said) if seen else {}
        )
        items = []
        for id_ in wanted:
            outcome, body = found.get(id_, ("unknown", None))
            items.append({"id": id_, "outcome": outcome, "alert": body})
        return answer({"items": items})

    @api.post(f"{API}/shelves", Permission.SHELVE, shapes.Alert, 404, 409)
    async def shelve(caller: Caller, told: Shelved) -> Response:
        """Shelve an alert for a time; it comes back by itself."""
        now = here.now()
        until = moment("until", told.until)
        _check_shelf(caller, until, now)
        await alert_body(here, caller, told.alert)
        as_step = Taken(
            note=told.note, version=told.version, until=told.until, request=told.request
        )
        return await _taken(here, caller, Step.SHELVE, told.alert, as_step, now, until)


def _text(what: str, told: str | Phrase) -> Text:
    if isinstance(told, str):
        return Text(told, told)
    if what and not (told.vi or told.en):
        raise invalid(what, "is empty")
    return Text(told.vi, told.en)


def _step(here: Here, step: Step) -> Endpoint:
    async def take(caller: Caller, alert: str, told: Taken) -> Response:
        now = here.now()
        until = moment("until", told.until)
        if step is Step.SHELVE:
            _check_shelf(caller, until, now)
            _check_why(told)
        if step is Step.CLOSE and not caller.may(Permission.CLOSE):
            await _check_by_hand(here, caller, alert)
        await alert_body(here, caller, alert)
        return await _taken(here, caller, step, alert, told, now, until)

    take.__name__ = f"{step.value}_alert"
    take.__doc__ = f"Take the step: {step.value}."
    return take


async def _taken(  # noqa: PLR0913 - a step of a person is all of these
    here: Here,
    caller: Principal,
    step: Step,
    alert: str,
    told: Taken,
    now: Instant,
    until: Instant | None,
) -> Response:
    by = name_of(caller)
    request = asked(here, caller, told.request)

    def take() -> Json:
        return here.ports.desk.step(
            alert,
            step,
            by=by,
            at=now,
            note=told.note,
            version=told.version,
            until=until,
            reason=told.reason,
            request=request,
        )

    return await taken(here, take)


def _check_why(told: Taken) -> None:
    if not (told.note or told.reason):
        raise invalid("note", "must say why it is shelved")


async def _check_by_hand(here: Here, caller: Principal, alert: str) -> None:
    """Let somebody close an alert that a person raised, and no other."""
    body = await here.reading(here.ports.archive.alert, alert) if _ID.fullmatch(alert) else None
    if body is not None and body["rule"] != MANUAL:
        raise Problem(
            HTTPStatus.FORBIDDEN,
            f"the role {caller.role.value} may close what was raised by hand",
        )


def _check_shelf(caller: Principal, until: Instant | None, now: Instant) -> None:
    if until is None:
        raise invalid("until", "must say when the alert comes back")
    if until <= now:
        raise invalid("until", "must lie ahead of the site's clock")
    if until - now > LONGEST_OPERATOR_SHELF and not caller.may(Permission.SHELVE_LONG):
        raise Problem(
            HTTPStatus.FORBIDDEN, f"the role {caller.role.value} may shelve for 8 hours at most"
        )


async def alert_body(here: Here, caller: Principal, alert: str) -> Json:
    """Give an alert that the caller may see, or answer that there is none."""
    if not _ID.fullmatch(alert):
        raise unknown("alert")
    body = await here.reading(here.ports.archive.alert, alert)
    if body is None or not caller.sees(body["area"]):
        raise unknown("alert")
    return body


def _filter(state: str | None, now: Instant) -> AlertFilter:
    if state is None:
        return AlertFilter()
    if state == "shelved":
        return AlertFilter(open=True, shelved_at=now)
    return _PARTS.get(state) or AlertFilter(states=frozenset({state}))


def _shown(caller: Principal, bodies: Sequence[Json]) -> list[Json]:
    return [impersonal("alert", body) for body in bodies] if caller.impersonal else list(bodies)


def _place(found: Sequence[Json], limit: int) -> str | None:
    if len(found) <= limit:
        return None
    last = found[limit - 1]
    return write_cursor(instant(last["raised_at"]), last["id"])
