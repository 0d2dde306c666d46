"""Incidents and tasks: what people handle, who owes it, until when."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal, TypeVar

from fastapi import Query, Response
from pydantic import Field, StringConstraints

from ioc.centre.casedesk import UnknownIncidentError, UnknownTaskError
from ioc.centre.desk import (
    RefusedStepError,
    Request,
    StaleVersionError,
    UnknownAlertError,
    UnknownError,
)
from ioc.core.history import Said
from ioc.core.incidents import Incident, IncidentState, IncidentStep
from ioc.core.legal import HANDLE, publish_limit, report_limits
from ioc.core.tasks import Task, TaskStep
from ioc.core.words import PROVINCE, Instant, Origin, Severity, Text, instant
from ioc.http import shapes
from ioc.http.access import Permission, Principal
from ioc.http.here import API, Api, Here, answer
from ioc.http.inputs import (
    DEFAULT_LIMIT,
    AreaName,
    Body,
    Caller,
    Cursor,
    Limit,
    Line,
    RequestId,
    Word,
    moment,
    page,
    read_cursor,
    write_cursor,
)
from ioc.http.ports import CaseFilter, Json
from ioc.http.privacy import impersonal
from ioc.http.problems import Problem, invalid, unknown

_MOST_ALERTS: Final = 1000
_Given = TypeVar("_Given")
_REPORT: Final = "service-request"
_Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,200}$")]
_Ids = Annotated[list[_Id], Field(max_length=_MOST_ALERTS)]
_Owner = Annotated[Line, StringConstraints(min_length=1, max_length=120)]
_Days = Annotated[int, Field(ge=1, le=250)]
_Time = Annotated[Line, StringConstraints(max_length=40)]
_Version = Annotated[int, Field(ge=0, le=2**31)]

INCIDENT_STEPS: Final[Mapping[IncidentStep, Permission]] = {
    IncidentStep.VERIFY: Permission.DISPATCH,
    IncidentStep.SUPPLEMENT: Permission.DISPATCH,
    IncidentStep.ASSIGN: Permission.DISPATCH,
    IncidentStep.START: Permission.HANDLE,
    IncidentStep.PROGRESS: Permission.HANDLE,
    IncidentStep.DONE: Permission.HANDLE,
    IncidentStep.RETURN: Permission.HANDLE,
    IncidentStep.CLOSE: Permission.DISPATCH,
    IncidentStep.COMMENT: Permission.COMMENT,
    IncidentStep.SEEN: Permission.SEE,
}
TASK_STEPS: Final[Mapping[TaskStep, Permission]] = {
    TaskStep.ASSIGN: Permission.GIVE,
    TaskStep.ACCEPT: Permission.HANDLE,
    TaskStep.PROGRESS: Permission.HANDLE,
    TaskStep.DONE: Permission.HANDLE,
    TaskStep.RETURN: Permission.TASKS,
    TaskStep.CLOSE: Permission.GIVE,
    TaskStep.COMMENT: Permission.COMMENT,
    TaskStep.SEEN: Permission.SEE,
}


class Phrase(Body):
    """One phrase in both languages; one may be left out."""

    vi: Line = ""
    en: Line = ""


class NewIncident(Body):
    """An incident opened by hand: of alerts, of a citizen's report, or of what somebody said."""

    title: Annotated[Line, StringConstraints(min_length=1)] | Phrase | None = None
    area: _Id | None = None
    severity: Annotated[int, Field(ge=1, le=5)] | None = None
    alerts: _Ids = Field(default_factory=list)
    record: _Id | None = None
    note: Line = ""
    request: RequestId = None


class IncidentTaken(Body):
    """A person's step on the incident they saw at ``version``."""

    version: _Version
    note: Line = ""
    owner: _Owner | None = None
    due: _Time | None = None
    days: _Days | None = Field(default=None, description="working days, instead of `due`")
    reason: Literal["true", "false", "duplicate", "test"] | None = None
    request: RequestId = None


class Gathered(Body):
    """Alerts to take in, or to part."""

    version: _Version
    alerts: Annotated[list[_Id], Field(min_length=1, max_length=_MOST_ALERTS)]
    note: Line = ""
    request: RequestId = None


class Merged(Body):
    """Which incident this one is a duplicate of."""

    version: _Version
    into: _Id
    note: Line = ""
    request: RequestId = None


class NewTask(Body):
    """An instruction."""

    title: Annotated[Line, StringConstraints(min_length=1)]
    owner: _Owner
    due: _Time | None = None
    days: _Days | None = Field(default=None, description="working days, instead of `due`")
    area: _Id | None = None
    incident: _Id | None = None
    note: Line = ""
    request: RequestId = None


class TaskTaken(Body):
    """A person's step on the task they saw at ``version``."""

    version: _Version
    note: Line = ""
    owner: _Owner | None = None
    due: _Time | None = None
    days: _Days | None = Field(default=None, description="working days, instead of `due`")
    request: RequestId = None


@dataclass(frozen=True, slots=True)
class _Kind:
    """What incidents and tasks differ in, for the routes that read them."""

    name: str
    permission: Permission
    shape: type[shapes.Shape]
    page: type[shapes.Shape]
    states: tuple[str, ...]
    order: str


_INCIDENT: Final = _Kind(
    "incident",
    Permission.INCIDENTS,
    shapes.Incident,
    shapes.Incidents,
    tuple(IncidentState),
    "received_at",
)
_TASK: Final = _Kind("task", Permission.TASKS, shapes.Task, shapes.Tasks, (), "given_at")


def add_cases(api: Api, here: Here) -> None:
    """Put the routes."""
    for kind in (_INCIDENT, _TASK):
        _add_reading(api, here, kind)
    _add_incident_steps(api, here)
    _add_gathering(api, here)
    _add_task_steps(api, here)


def _add_reading(api: Api, here: Here, kind: _Kind) -> None:
    async def many(  # noqa: PLR0913 - each is a filter
        caller: Caller,
        state: Word = None,
        area: AreaName = None,
        owner: Annotated[str | None, Query(max_length=120)] = None,
        late: bool | None = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        place = read_cursor(cursor, int, str)
        wanted = CaseFilter(
            state=None if state in ("open", None) else state,
            open=True if state == "open" else None,
            areas=here.areas(caller, area),
            agency=caller.bound_agency,
            owner=owner,
            late=late,
        )
        found = await here.reading(here.ports.cases.many, kind.name, wanted, place, limit + 1)
        shown = [_shown(caller, kind.name, body) for body in found]
        last = None
        if len(found) > limit:
            last = write_cursor(instant(found[limit - 1][kind.order]), found[limit - 1]["id"])
        return answer(page(shown, limit, last))

    async def one(caller: Caller, id: str) -> Response:
        return answer(_shown(caller, kind.name, await _found(here, caller, kind.name, id)))

    many.__name__, many.__doc__ = (
        f"{kind.name}s",
        f"Give {kind.name}s, newest first; ``state=open`` gives those not closed.",
    )
    one.__name__, one.__doc__ = kind.name, f"Give one {kind.name} with its whole history."
    api.get(f"{API}/{kind.name}s", kind.permission, kind.page)(many)
    api.get(f"{API}/{kind.name}s/{{id}}", kind.permission, kind.shape, 404)(one)


def _add_incident_steps(api: Api, here: Here) -> None:
    desk = here.ports.case_desk

    @api.post(f"{API}/incidents", Permission.DISPATCH, shapes.Incident, 404, 409)
    async def open_incident(caller: Caller, told: NewIncident) -> Response:
        """Open an incident by hand; of a citizen's report it has the times the law sets."""
        now = here.now()
        incident = await _new_incident(here, caller, told, now)
        said = Said(name_of(caller), now, told.note)
        request = asked(here, caller, told.request)
        return await taken(here, lambda: desk.open_incident(incident, said, request))

    def put(step: IncidentStep, permission: Permission) -> None:
        async def take(caller: Caller, id: str, told: IncidentTaken) -> Response:
            now = here.now()
            body = await _found(here, caller, "incident", id)
            said = Said(
                by=name_of(caller),
                at=now,
                note=told.note,
                owner=told.owner,
                due=_incident_due(here, step, body, told, now),
                reason=told.reason,
            )
            request = asked(here, caller, told.request)
            return await taken(here, lambda: desk.step(id, step, told.version, said, request))

        take.__name__ = f"{step.value}_incident"
        take.__doc__ = f"Take the step: {step.value}."
        path = f"{API}/incidents/{{id}}/{step.value}"
        api.post(path, permission, shapes.Incident, 404, 409)(take)

    for step, permission in INCIDENT_STEPS.items():
        put(step, permission)


def _add_gathering(api: Api, here: Here) -> None:
    desk = here.ports.case_desk

    @api.post(f"{API}/incidents/{{id}}/link", Permission.DISPATCH, shapes.Incident, 404, 409)
    async def link_alerts(caller: Caller, id: str, told: Gathered) -> Response:
        """Take alerts in; they leave the incident they were in."""
        await _found(here, caller, "incident", id)
        await _seen(here, caller, told.alerts)
        said = Said(name_of(caller), here.now(), told.note)
        request = asked(here, caller, told.request)
        return await taken(here, lambda: desk.link(id, told.alerts, told.version, said, request))

    @api.post(f"{API}/incidents/{{id}}/split", Permission.DISPATCH, shapes.Incident, 404, 409)
    async def split_incident(caller: Caller, id: str, told: Gathered) -> Response:
        """Part alerts into an incident of their own, and give that one."""
        await _found(here, caller, "incident", id)
        now = here.now()
        new = _blank(here, Text("-", "-"), PROVINCE, Severity.LOW, now)
        said = Said(name_of(caller), now, told.note)
        request = asked(here, caller, told.request)
        return await taken(
            here, lambda: desk.split(id, told.alerts, new, told.version, said, request)
        )

    @api.post(f"{API}/incidents/{{id}}/merge", Permission.DISPATCH, shapes.Incident, 404, 409)
    async def merge_incident(caller: Caller, id: str, told: Merged) -> Response:
        """Close it as a duplicate of another, which takes its alerts."""
        await _found(here, caller, "incident", id)
        await _found(here, caller, "incident", told.into)
        said = Said(name_of(caller), here.now(), told.note)
        request = asked(here, caller, told.request)
        return await taken(here, lambda: desk.merge(id, told.into, told.version, said, request))


def _add_task_steps(api: Api, here: Here) -> None:
    desk = here.ports.case_desk

    @api.post(f"{API}/tasks", Permission.GIVE, shapes.Task, 404, 409)
    async def give_task(caller: Caller, told: NewTask) -> Response:
        """Give a task, of an incident or by itself."""
        now = here.now()
        due = _due(here, told.due, told.days, now)
        if due is None or due <= now:
            raise invalid("due", "must lie ahead of the site's clock; or give days")
        area = told.area or here.home(caller)
        if told.incident is not None:
            area = told.area or (await _found(here, caller, "incident", told.incident))["area"]
        check_area(here, caller, area)
        task = Task(
            id=secrets.token_hex(10),
            version=1,
            seq=0,
            incident=told.incident,
            title=told.title,
            giver=name_of(caller),
            owner=told.owner,
            area=area,
            origin=Origin(here.content.site.origin),
            given_at=now,
            due=due,
        )
        said = Said(name_of(caller), now, told.note)
        request = asked(here, caller, told.request)
        return await taken(here, lambda: desk.give_task(task, said, request))

    def put(step: TaskStep, permission: Permission) -> None:
        async def take(caller: Caller, id: str, told: TaskTaken) -> Response:
            now = here.now()
            await _found(here, caller, "task", id)
            due = _due(here, told.due, told.days, now)
            said = Said(name_of(caller), now, told.note, told.owner, due)
            request = asked(here, caller, told.request)
            return await taken(here, lambda: desk.task_step(id, step, told.version, said, request))

        take.__name__ = f"{step.value}_task"
        take.__doc__ = f"Take the step: {step.value}."
        api.post(f"{API}/tasks/{{id}}/{step.value}", permission, shapes.Task, 404, 409)(take)

    for step, permission in TASK_STEPS.items():
        put(step, permission)


def asked(here: Here, caller: Principal, number: str | None) -> Request:
    """Name what somebody asks, so that asking twice does it once."""
    return Request(name_of(caller), number, here.ports.now())


async def taken(here: Here, work: Callable[[], Any]) -> Response:
    """Take a step at the desk and answer with what it is taken on, or say why not.

    Raises:
        Problem: 404, there is no such thing; 409, somebody was faster or the state forbids it.
    """
    return answer(await at_desk(here, work))


async def at_desk(here: Here, work: Callable[[], _Given]) -> _Given:
    """Take a step at the desk and give what it gives.

    Raises:
        Problem: 404, there is no such thing; 409, somebody was faster or the state forbids it.
    """
    try:
        return await here.desk(work)
    except UnknownError as wrong:
        raise unknown(_UNKNOWN.get(type(wrong), "thing")) from wrong
    except (StaleVersionError, RefusedStepError) as wrong:
        raise Problem(HTTPStatus.CONFLICT, str(wrong), {"current": dict(wrong.current)}) from wrong


_UNKNOWN: Final[Mapping[type[UnknownError], str]] = {
    UnknownAlertError: "alert",
    UnknownIncidentError: "incident",
    UnknownTaskError: "task",
    UnknownError: "maintenance",
}


async def _new_incident(here: Here, caller: Principal, told: NewIncident, now: Instant) -> Incident:
    alerts = await _seen(here, caller, told.alerts)
    record = None if told.record is None else await _report(here, caller, told.record)
    worst = max(alerts, key=lambda one: one["severity"], default=None)
    area = told.area or (record or worst or {"area": here.home(caller)})["area"]
    check_area(here, caller, area)
    severity = told.severity or (2 if worst is None else worst["severity"])
    incident = _blank(here, _title(told, worst, record), area, Severity(severity), now)
    reported = None if record is None else instant(record["at"])
    calendar = here.content.calendar
    limits = {} if reported is None else report_limits(reported, calendar)
    return Incident(
        id=incident.id,
        version=1,
        seq=0,
        state=incident.state,
        severity=incident.severity,
        area=area,
        origin=incident.origin,
        title=incident.title,
        received_at=now,
        alerts=tuple(told.alerts),
        record=told.record,
        reported_at=reported,
        limits=limits,
    )


def _blank(here: Here, title: Text, area: str, severity: Severity, now: Instant) -> Incident:
    return Incident(
        id=secrets.token_hex(10),
        version=1,
        seq=0,
        state=IncidentState.RECEIVED,
        severity=severity,
        area=area,
        origin=Origin(here.content.site.origin),
        title=title,
        received_at=now,
    )


def _title(told: NewIncident, worst: Json | None, record: Json | None) -> Text:
    if isinstance(told.title, str):
        return Text(told.title, told.title)
    if told.title is not None and (told.title.vi or told.title.en):
        return Text(told.title.vi, told.title.en)
    if worst is not None:
        return Text(**worst["message"])
    if record is not None:
        return Text(f"Phản ánh {record['id']}", f"Report {record['id']}")
    raise invalid("title", "is missing; without alerts an incident needs one")


async def _report(here: Here, caller: Principal, id_: str) -> Json:
    body: Json | None = await here.reading(here.ports.cases.record, id_)
    if body is None or not caller.sees(body["area"]):
        raise unknown("record")
    if body["type"] != _REPORT:
        raise invalid("record", f"is a {body['type']}; only a {_REPORT} becomes an incident")
    return body


async def _seen(here: Here, caller: Principal, ids: Sequence[str]) -> list[Json]:
    """Give alerts, each of which the caller may see."""
    found: list[Json] = []
    for id_ in ids:
        body = await here.reading(here.ports.archive.alert, id_)
        if body is None or not caller.sees(body["area"]):
            raise unknown("alert")
        found.append(body)
    return found


async def _found(here: Here, caller: Principal, kind: str, id_: str) -> Json:
    body: Json | None = await here.reading(here.ports.cases.one, kind, id_)
    if body is None or not caller.reaches(body["area"], body["owner"]):
        raise unknown(kind)
    return body


def _shown(caller: Principal, kind: str, body: Json) -> Json:
    return impersonal(kind, body) if caller.impersonal else body


def name_of(caller: Principal) -> str:
    """Give the name a step is kept under."""
    return caller.username or caller.role.value


def _due(here: Here, due: str | None, days: int | None, now: Instant) -> Instant | None:
    if due is not None:
        return moment("due", due)
    return None if days is None else here.content.calendar.closing(now, days)


def _incident_due(
    here: Here, step: IncidentStep, body: Json, told: IncidentTaken, now: Instant
) -> Instant | None:
    """Give the time an incident is due; a report's is that of the law unless another is given."""
    due = _due(here, told.due, told.days, now)
    if step is IncidentStep.DONE:
        return publish_limit(now, here.content.calendar) if body["record"] else None
    handle = body["limits"].get(HANDLE)
    if due is None and step is IncidentStep.ASSIGN and handle is not None:
        return max(instant(handle), now + 1)
    return due


def check_area(here: Here, caller: Principal, area: str) -> None:
    """Make sure of an area somebody names.

    Raises:
        Problem: 422, it is none of the site's; 403, it lies outside theirs.
    """
    if area not in here.tree:
        raise invalid("area", "is none of the site's")
    if not caller.sees(area):
        raise Problem(HTTPStatus.FORBIDDEN, "the area lies outside yours")
