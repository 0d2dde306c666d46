"""Maintenance: what is out of service, from when to when, by whom and why."""

import secrets
from typing import Annotated

from fastapi import Query, Response
from pydantic import Field, StringConstraints

from ioc.core.history import Said
from ioc.core.quiet import Window
from ioc.core.words import DAY, Instant, instant
from ioc.http import shapes
from ioc.http.access import Permission, Principal
from ioc.http.cases import asked, check_area, name_of, taken
from ioc.http.here import API, Api, Here, answer
from ioc.http.inputs import (
    DEFAULT_LIMIT,
    Body,
    Caller,
    Cursor,
    Limit,
    Line,
    RequestId,
    moment,
    page,
    read_cursor,
    write_cursor,
)
from ioc.http.ports import Json
from ioc.http.problems import invalid, unknown

_LONGEST = 90 * DAY
_Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,200}$")]


class NewWindow(Body):
    """What is taken out of service; at least one of area, thing and rule."""

    area: _Id | None = None
    thing: _Id | None = None
    rule: _Id | None = None
    start: Annotated[Line, StringConstraints(max_length=40)] | None = Field(
        default=None, alias="from", description="now, unless given"
    )
    to: Annotated[Line, StringConstraints(max_length=40)]
    note: Annotated[Line, StringConstraints(min_length=1)]
    request: RequestId = None


class Ended(Body):
    """The end of a window they saw at ``version``."""

    version: Annotated[int, Field(ge=0, le=2**31)]
    note: Line = ""


def add_maintenance(api: Api, here: Here) -> None:
    """Put the routes."""

    @api.get(f"{API}/maintenance", Permission.MAINTENANCE, shapes.Windows)
    async def maintenance(
        caller: Caller,
        all: Annotated[bool, Query(description="also those that are over")] = False,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """Give maintenance windows, the last to begin first."""
        place = read_cursor(cursor, int, str)
        now = None if all else here.now()
        found = await here.reading(here.ports.cases.windows, caller.areas, now, place, limit + 1)
        last = None
        if len(found) > limit:
            last = write_cursor(instant(found[limit - 1]["from"]), found[limit - 1]["id"])
        return answer(page(found, limit, last))

    @api.post(f"{API}/maintenance", Permission.MAINTAIN, shapes.Window, 404)
    async def plan_maintenance(caller: Caller, told: NewWindow) -> Response:
        """Take an area, a thing or a rule out of service for a time."""
        now = here.now()
        window = await _window(here, caller, told, now)
        request = asked(here, caller, told.request)
        return await taken(here, lambda: here.ports.desk.begin_maintenance(window, request))

    @api.post(f"{API}/maintenance/{{id}}/end", Permission.MAINTAIN, shapes.Window, 404, 409)
    async def end_maintenance(caller: Caller, id: str, told: Ended) -> Response:
        """End a window now, or take back one that has not begun."""
        known = await here.reading(here.ports.cases.window, id)
        if known is None or not _may_touch(caller, known):
            raise unknown("maintenance")
        said = Said(name_of(caller), here.now(), told.note)
        return await taken(here, lambda: here.ports.desk.end_maintenance(id, told.version, said))


async def _window(here: Here, caller: Principal, told: NewWindow, now: Instant) -> Window:
    if told.area is None and told.thing is None and told.rule is None:
        raise invalid("area", "is missing, and so are thing and rule: name what is out of service")
    starts = moment("from", told.start) or now
    ends = moment("to", told.to) or now
    if ends <= max(starts, now):
        raise invalid("to", "must lie ahead of the site's clock and of from")
    if ends - starts > _LONGEST:
        raise invalid("to", f"must be at most {_LONGEST // DAY} days after from")
    area = told.area
    if told.thing is not None:
        thing = await here.reading(here.ports.archive.thing, told.thing)
        if thing is None or not caller.sees(thing["area"]):
            raise unknown("thing")
        area = area or thing["area"]
    elif area is None:
        area = here.home(caller)
    if area is not None:
        check_area(here, caller, area)
    return Window(
        id=secrets.token_hex(10),
        version=1,
        area=area,
        thing=told.thing,
        rule=told.rule,
        starts=starts,
        ends=ends,
        by=name_of(caller),
        note=told.note,
    )


def _may_touch(caller: Principal, window: Json) -> bool:
    return window["area"] is None or caller.sees(window["area"])
