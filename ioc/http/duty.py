"""Duty: who is on shift, whom to call, and how a shift is handed over."""

import secrets
from typing import Annotated, Any, Final

from fastapi import Response
from pydantic import Field, StringConstraints

from ioc.core.duty import Handover, Person, Shift
from ioc.core.history import Said
from ioc.core.words import DAY, Instant, rfc3339
from ioc.http import shapes
from ioc.http.access import Permission, Principal
from ioc.http.cases import asked, at_desk, check_area, name_of, taken
from ioc.http.here import API, Api, Here, answer
from ioc.http.inputs import (
    DEFAULT_LIMIT,
    Body,
    Caller,
    From,
    Limit,
    Line,
    RequestId,
    To,
    bounded,
    moment,
    period,
)
from ioc.http.problems import invalid, unknown

_LONGEST_SHIFT: Final = 7 * DAY
_LONGEST_LOOK: Final = 400 * DAY
_Short = Annotated[Line, StringConstraints(max_length=120)]
_Name = Annotated[Line, StringConstraints(min_length=1, max_length=120)]
_Phone = Annotated[Line, StringConstraints(pattern=r"^[0-9+() .-]{3,32}$")]
_Email = Annotated[
    Line, StringConstraints(max_length=120, pattern=r"^([A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+)?$")
]
_Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")]
_Time = Annotated[Line, StringConstraints(max_length=40)]


class OnDuty(Body):
    """Somebody on a shift."""

    name: _Name
    phone: _Phone
    duty: _Short = ""
    username: _Short = ""
    agency: _Short = ""
    email: _Email = ""


class NewShift(Body):
    """A shift to plan."""

    area: _Slug | None = None
    start: _Time = Field(alias="from")
    to: _Time
    people: Annotated[list[OnDuty], Field(min_length=1, max_length=50)]
    note: Line = ""
    request: RequestId = None


class Contact(OnDuty):
    """Somebody to call, under an id of one's own choosing."""

    id: _Slug
    area: _Slug | None = None


class HandedOver(Body):
    """A shift handed to somebody."""

    to: _Slug
    area: _Slug | None = None
    note: Annotated[Line, StringConstraints(min_length=1)]
    request: RequestId = None


class TakenOver(Body):
    """A handover confirmed, as it was seen."""

    version: Annotated[int, Field(ge=0, le=2**31)]


def add_duty(api: Api, here: Here) -> None:
    """Put the routes."""
    _add_reading(api, here)
    _add_shifts(api, here)
    _add_handover(api, here)


async def on_duty(here: Here, caller: Principal) -> list[dict[str, Any]]:
    """Give the shifts of now."""
    now = here.now()
    found = await here.reading(here.ports.rota.shifts, now, now, caller.areas, DEFAULT_LIMIT)
    return list(found)


def _add_reading(api: Api, here: Here) -> None:
    rota = here.ports.rota

    @api.get(f"{API}/duty", Permission.DUTY, shapes.Duty)
    async def duty(caller: Caller) -> Response:
        """Tell who is on duty now, and how the shift was last handed over."""
        shifts = await on_duty(here, caller)
        handovers = await here.reading(rota.handovers, caller.areas, 1)
        return answer(
            {
                "now": rfc3339(here.now()),
                "shifts": shifts,
                "handover": handovers[0] if handovers else None,
            }
        )

    @api.get(f"{API}/shifts", Permission.DUTY, shapes.Shifts)
    async def shifts(
        caller: Caller, start: From = None, to: To = None, limit: Limit = DEFAULT_LIMIT
    ) -> Response:
        """Give the shifts of a stretch of time, else of the week around now."""
        now = here.now()
        first, last = bounded(period(start, to), now + 7 * DAY, 14 * DAY, _LONGEST_LOOK)
        found = await here.reading(rota.shifts, first, last, caller.areas, limit)
        return answer({"items": found, "next": None})

    @api.get(f"{API}/roster", Permission.DUTY, shapes.Anything)
    async def roster(caller: Caller, limit: Limit = 1000) -> Response:
        """Give the telephone numbers."""
        found = await here.reading(rota.contacts, caller.areas, limit)
        return answer({"items": found, "next": None})

    @api.get(f"{API}/handovers", Permission.DUTY, shapes.Handovers)
    async def handovers(caller: Caller, limit: Limit = DEFAULT_LIMIT) -> Response:
        """Give handovers, the newest first."""
        found = await here.reading(rota.handovers, caller.areas, limit)
        return answer({"items": found, "next": None})


def _add_shifts(api: Api, here: Here) -> None:
    desk = here.ports.duty_desk

    @api.post(f"{API}/shifts", Permission.SHIFTS, shapes.Shift)
    async def plan_shift(caller: Caller, told: NewShift) -> Response:
        """Plan a shift."""
        shift = _shift(here, caller, told)
        request = asked(here, caller, told.request)
        return await taken(here, lambda: desk.plan(shift, request))

    @api.delete(f"{API}/shifts/{{id}}", Permission.SHIFTS, None, 404)
    async def remove_shift(caller: Caller, id: str) -> Response:
        """Take a shift away."""
        known = await here.reading(here.ports.rota.shift, id)
        if known is None or not caller.sees(known["area"]):
            raise unknown("shift")
        await at_desk(here, lambda: desk.drop(id, name_of(caller)))
        return Response(status_code=204)

    @api.post(f"{API}/roster", Permission.SHIFTS, shapes.Contact, 404)
    async def note_contact(caller: Caller, told: Contact) -> Response:
        """Note a telephone number, or change one."""
        area = told.area or here.home(caller)
        check_area(here, caller, area)
        await _own_contact(here, caller, told.id, new=True)
        body = {"id": told.id, "area": area, **_person(told).to_json()}
        return await taken(here, lambda: desk.note_contact(told.id, area, body, name_of(caller)))

    @api.delete(f"{API}/roster/{{id}}", Permission.SHIFTS, None, 404)
    async def remove_contact(caller: Caller, id: str) -> Response:
        """Take a telephone number away."""
        await _own_contact(here, caller, id)
        await at_desk(here, lambda: desk.drop_contact(id, name_of(caller)))
        return Response(status_code=204)


async def _own_contact(here: Here, caller: Principal, id_: str, *, new: bool = False) -> None:
    """Make sure that a telephone number is the caller's to change: nobody else's is."""
    known = await here.reading(here.ports.rota.contact, id_)
    if not (new if known is None else caller.sees(known["area"])):
        raise unknown("contact")


def _add_handover(api: Api, here: Here) -> None:
    desk = here.ports.duty_desk

    @api.post(f"{API}/shifts/handover", Permission.HAND_OVER, shapes.Handover, 404)
    async def hand_over(caller: Caller, told: HandedOver) -> Response:
        """Hand the shift to somebody: what is open is counted here; the notes are yours."""
        taker = await here.reading(here.ports.accounts.account, told.to)
        if taker is None:
            raise unknown("user")
        if told.to == name_of(caller):
            raise invalid("to", "must be somebody else")
        area = told.area or here.home(caller)
        check_area(here, caller, area)
        handover = Handover(
            id=secrets.token_hex(10),
            version=1,
            area=area,
            giver=name_of(caller),
            taker=told.to,
            at=here.now(),
            note=told.note,
            open=await here.reading(here.ports.rota.counts, here.areas(caller, area)),
        )
        request = asked(here, caller, told.request)
        return await taken(here, lambda: desk.hand_over(handover, request))

    @api.post(
        f"{API}/shifts/handover/{{id}}/confirm", Permission.HAND_OVER, shapes.Handover, 404, 409
    )
    async def confirm_handover(caller: Caller, id: str, told: TakenOver) -> Response:
        """Take the shift over: only whom it was handed to may."""
        said = Said(name_of(caller), here.now())
        return await taken(here, lambda: desk.confirm(id, told.version, said))


def _shift(here: Here, caller: Principal, told: NewShift) -> Shift:
    starts, ends = _time("from", told.start), _time("to", told.to)
    if not starts < ends <= starts + _LONGEST_SHIFT:
        raise invalid("to", f"must be after from, and at most {_LONGEST_SHIFT // DAY} days")
    area = told.area or here.home(caller)
    check_area(here, caller, area)
    return Shift(
        id=secrets.token_hex(10),
        area=area,
        starts=starts,
        ends=ends,
        people=tuple(_person(one) for one in told.people),
        note=told.note,
    )


def _person(told: OnDuty) -> Person:
    return Person(told.name, told.phone, told.duty, told.username, told.agency, told.email)


def _time(where: str, text: str) -> Instant:
    at = moment(where, text)
    if at is None:
        raise invalid(where, "is missing")
    return at
