"""Briefs: what was made, as a document, as a page and as PDF, and made anew by a button."""

from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

from fastapi import Query, Response
from pydantic import Field, StringConstraints

from ioc.core.brief_plan import Occasion, since_last
from ioc.core.words import DAY, MINUTE
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
    Word,
    moment,
    page,
    read_cursor,
    write_cursor,
)
from ioc.http.ports import Json
from ioc.http.problems import invalid, unknown

LATEST: Final = "latest"
_LONGEST: Final = 31 * DAY
_FOR_A_DAY: Final = "public, max-age=86400"
_Time = Annotated[Line, StringConstraints(max_length=40)]

Language = Annotated[Literal["vi", "en"], Query(alias="lang", description="vi unless told")]


class NewBrief(Body):
    """A brief to make: of the time since the last scheduled one of its kind, unless told."""

    kind: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")] = "daily"
    start: _Time | None = Field(default=None, alias="from")
    to: _Time | None = None
    area: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")] | None = None
    request: RequestId = None


def add_briefs(api: Api, here: Here) -> None:
    """Put the routes."""
    _add_documents(api, here)
    _add_forms(api, here)


def _add_documents(api: Api, here: Here) -> None:
    @api.get(f"{API}/briefs", Permission.BRIEFS, shapes.BriefHeads)
    async def briefs(
        caller: Caller, kind: Word = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> Response:
        """Give the briefs that were made, newest first, without what they say."""
        place = read_cursor(cursor, int, str)
        found = await here.reading(here.ports.briefs.many, kind, caller.areas, place, limit + 1)
        last = None
        if len(found) > limit:
            end = moment("period", found[limit - 1]["period"][1])
            last = write_cursor(end or 0, found[limit - 1]["id"])
        return answer(page(found, limit, last))

    @api.post(f"{API}/briefs", Permission.BRIEF, shapes.Brief)
    async def make_brief(caller: Caller, told: NewBrief) -> Response:
        """Make one now."""
        area = told.area or here.home(caller)
        check_area(here, caller, area)
        occasion = _occasion(here, told)
        inside = here.tree.within([area])
        by, now = name_of(caller), here.now()
        briefing, desk = here.ports.briefing, here.ports.brief_desk

        def make() -> Json:
            return briefing.asked(occasion, area, inside, by, now)

        request = asked(here, caller, told.request)
        return await taken(here, lambda: desk.keep(make, request))

    @api.get(f"{API}/briefs/{{id}}", Permission.BRIEFS, shapes.Brief, 404)
    async def brief(caller: Caller, id: str) -> Response:
        """Give one, whole; `latest` is the newest."""
        return answer(await _brief(here, caller, id))


def _add_forms(api: Api, here: Here) -> None:
    press = here.ports.press

    @api.get(f"{API}/briefs/{{id}}/pdf", Permission.BRIEFS, None, 404)
    async def brief_pdf(caller: Caller, id: str, lang: Language = "vi") -> Response:
        """Give one as PDF, in Vietnamese unless told."""
        found = await _brief(here, caller, id)
        made = await here.reading(press.pdf, found, lang)
        headers = {
            "content-disposition": f'inline; filename="{found["id"]}-{lang}.pdf"',
            "cache-control": "no-store",
        }
        return Response(made, HTTPStatus.OK, headers, "application/pdf")

    @api.get("/brief", Permission.BRIEFS, None, 404)
    async def latest_page(caller: Caller, lang: Language = "vi") -> Response:
        """Give the newest as a page."""
        return await _page(here, caller, LATEST, lang)

    @api.get("/brief/asset/{name}", Permission.OPEN, None, 404)
    async def brief_asset(name: str) -> Response:
        """Give one of the page's own files: its style and its typeface."""
        found = press.asset(name)
        if found is None:
            raise unknown("file")
        return Response(found[0], HTTPStatus.OK, {"cache-control": _FOR_A_DAY}, found[1])

    @api.get("/brief/{id}", Permission.BRIEFS, None, 404)
    async def brief_page(caller: Caller, id: str, lang: Language = "vi") -> Response:
        """Give one as a page that prints well."""
        return await _page(here, caller, id, lang)


async def _page(here: Here, caller: Principal, id_: str, language: str) -> Response:
    found = await _brief(here, caller, id_)
    text = await here.reading(here.ports.press.page, found, language)
    headers = {"cache-control": "no-store"}
    return Response(text, HTTPStatus.OK, headers, "text/html; charset=utf-8")


async def _brief(here: Here, caller: Principal, id_: str) -> dict[str, Any]:
    """Find a brief the caller may see.

    Raises:
        Problem: 404, there is none, or it is of more than their areas.
    """
    if id_ == LATEST:
        heads = await here.reading(here.ports.briefs.many, None, caller.areas, None, 1)
        if not heads:
            raise unknown("brief")
        id_ = str(heads[0]["id"])
    found = None if "\x00" in id_ else await here.reading(here.ports.briefs.one, id_)
    if found is None or not caller.sees(found["area"]):
        raise unknown("brief")
    return dict(found)


def _occasion(here: Here, told: NewBrief) -> Occasion:
    plan = here.ports.briefing.plans.get(told.kind)
    if plan is None:
        raise invalid("kind", "is no kind of brief of this site")
    usual = since_last(plan, here.now())
    start = moment("from", told.start)
    end = moment("to", told.to)
    end = usual.end if end is None else end
    start = min(usual.start, end - MINUTE) if start is None else start
    if not 0 < end - start <= _LONGEST:
        raise invalid("from", "must lie before `to`, by 31 days at the most")
    if end > here.now():
        raise invalid("to", "must not lie ahead of the site's clock")
    return Occasion(plan.id, start, end)
