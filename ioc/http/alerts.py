"""Alerts: reading them, and taking people's steps to the desk."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Final, Literal

from fastapi import Query, Response
from pydantic import Field, StringConstraints

from ioc.centre.desk import RefusedStepError, StaleVersionError, UnknownAlertError
from ioc.core.alerts import Step
from ioc.core.words import Instant, instant
from ioc.http import shapes
from ioc.http.access import LONGEST_OPERATOR_SHELF, Permission, Principal
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
    Step.CLOSE: Permission.CLOSE,
}


class Taken(Body):
    """A person's step on the alert they saw at ``version``."""

    note: Line = ""
    version: Annotated[int, Field(ge=0, le=2**31)]
    until: Annotated[Line, StringConstraints(max_length=40)] | None = None
    reason: Annotated[Line, StringConstraints(max_length=200)] | None = None


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

    @api.get(f"{API}/alerts/{{alert}}", Permission.ALERTS, shapes.Alert, 404)
    async def alert(caller: Caller, alert: str) -> Response:
        """Give one alert with its whole history."""
        return answer(_shown(caller, [await _alert(here, caller, alert)])[0])

    for step, permission in STEPS.items():
        path = f"{API}/alerts/{{alert}}/{step.value}"
        api.post(path, permission, shapes.Alert, 404, 409)(_step(here, step))


def _step(here: Here, step: Step) -> Endpoint:
    async def take(caller: Caller, alert: str, taken: Taken) -> Response:
        now = here.now()
        until = moment("until", taken.until)
        if step is Step.SHELVE:
            _check_shelf(caller, until, now)
        await _alert(here, caller, alert)
        return answer(await _taken(here, caller, step, alert, taken, now, until))

    take.__name__ = f"{step.value}_alert"
    take.__doc__ = f"Take the step: {step.value}."
    return take


async def _taken(  # noqa: PLR0913 - a step of a person is all of these
    here: Here,
    caller: Principal,
    step: Step,
    alert: str,
    taken: Taken,
    now: Instant,
    until: Instant | None,
) -> Json:
    by = caller.username or caller.role.value

    def at_desk() -> Json:
        return here.ports.desk.step(
            alert,
            step,
            by=by,
            at=now,
            note=taken.note,
            version=taken.version,
            until=until,
            reason=taken.reason,
        )

    try:
        return await here.desk(at_desk)
    except UnknownAlertError as wrong:
        raise unknown("alert") from wrong
    except (StaleVersionError, RefusedStepError) as wrong:
        raise Problem(HTTPStatus.CONFLICT, str(wrong), {"current": dict(wrong.current)}) from wrong


def _check_shelf(caller: Principal, until: Instant | None, now: Instant) -> None:
    if until is None:
        raise invalid("until", "must say when the alert comes back")
    if until <= now:
        raise invalid("until", "must lie ahead of the site's clock")
    if until - now > LONGEST_OPERATOR_SHELF and not caller.may(Permission.SHELVE_LONG):
        raise Problem(
            HTTPStatus.FORBIDDEN, f"the role {caller.role.value} may shelve for 8 hours at most"
        )


async def _alert(here: Here, caller: Principal, alert: str) -> Json:
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
