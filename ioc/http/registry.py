"""The site, its things and what was observed of them."""

from typing import Annotated, Any, Final, Literal

from fastapi import Query, Response

from ioc.core.words import DAY, QUALITY_WORDS, SECOND
from ioc.http import shapes
from ioc.http.access import Permission, Principal
from ioc.http.here import API, Api, Here, answer
from ioc.http.inputs import (
    DEFAULT_LIMIT,
    MOST_ITEMS,
    AreaName,
    Caller,
    Cursor,
    From,
    Limit,
    To,
    Word,
    bounded,
    page,
    period,
    read_cursor,
    slug,
    write_cursor,
)
from ioc.http.ports import Areas, Json
from ioc.http.problems import unknown
from ioc.http.site_document import clock_document, site_document

LONGEST_CHART: Final = 1830 * DAY
_BATCH: Final = 500

Status = Annotated[Literal["online", "offline", "silent"] | None, Query()]
Points = Annotated[
    int | None, Query(ge=1, le=MOST_ITEMS, description="reduce to this many [t,min,mean,max,n]")
]


def add_registry(api: Api, here: Here) -> None:
    """Put the routes."""
    document = site_document(here.content.site)
    archive = here.ports.archive

    @api.get(f"{API}/site", Permission.SITE, shapes.Site)
    async def site(_: Caller) -> Response:
        """Give the site: its areas, boards, rules, locales and clock."""
        clock = clock_document(here.hub.live.clock, here.ports.now())
        return answer({**document, "clock": clock})

    @api.get(f"{API}/things", Permission.THINGS, shapes.Things)
    async def things(  # noqa: PLR0913 - each is one of the contract's filters
        caller: Caller,
        area: AreaName = None,
        kind: Word = None,
        status: Status = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """Give things by id, with their newest values and what may be believed of them."""
        place = read_cursor(cursor, str)
        areas = here.areas(caller, area)
        found = await _things(here, areas, kind, status, (place[0] if place else "", limit + 1))
        last = write_cursor(found[limit - 1]["id"]) if len(found) > limit else None
        return answer(page(found, limit, last))

    @api.get(f"{API}/things/{{thing}}", Permission.THINGS, shapes.Thing, 404)
    async def thing(caller: Caller, thing: str) -> Response:
        """Give one thing."""
        return answer(here.hub.live.view(await _thing(here, caller, thing), here.now()))

    @api.get(
        f"{API}/things/{{thing}}/datastreams/{{name}}/observations",
        Permission.THINGS,
        shapes.Observations,
        404,
    )
    async def observations(  # noqa: PLR0913 - each is one of the contract's parameters
        caller: Caller,
        thing: str,
        name: str,
        start: From = None,
        to: To = None,
        points: Points = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """Give observations, oldest first: as kept, or reduced to ``points`` for a chart.

        Reduced, an open start means a day; bad observations are left out of the reduction.
        """
        wanted = period(start, to)
        place = read_cursor(cursor, int)
        key = (slug("thing", thing), slug("datastream", name))
        body = await _thing(here, caller, thing)
        named = any(stream["name"] == name for stream in body["datastreams"])
        if points is not None:
            ends = bounded(wanted, here.now(), DAY, LONGEST_CHART)
            reduced = await here.reading(archive.reduced, key, *ends, points)
            if reduced is None and not named:
                raise unknown("datastream")
            means = [[at / SECOND, *rest] for at, *rest in reduced or ()]
            return answer(page(means, points, None))
        after = place[0] if place else None
        kept = await here.reading(archive.observations, key, wanted, after, limit + 1)
        if kept is None and not named:
            raise unknown("datastream")
        rows = kept or []
        last = write_cursor(rows[limit - 1][0]) if len(rows) > limit else None
        items = [[at / SECOND, value, QUALITY_WORDS[quality]] for at, value, quality in rows]
        return answer(page(items, limit, last))


async def _things(
    here: Here, areas: Areas, kind: str | None, status: str | None, place: tuple[str, int]
) -> list[dict[str, Any]]:
    """Give the things after ``place`` that fit, as many as it says: a status is read off time."""
    after, wanted = place
    found: list[dict[str, Any]] = []
    while len(found) < wanted:
        batch = wanted if status is None else max(wanted, _BATCH)
        bodies = await here.reading(here.ports.archive.things, areas, kind, after, batch)
        now = here.now()
        views = [here.hub.live.view(body, now) for body in bodies]
        found += [view for view in views if status is None or view["status"] == status]
        if len(bodies) < batch:
            break
        after = bodies[-1]["id"]
    return found[:wanted]


async def _thing(here: Here, caller: Principal, thing: str) -> Json:
    """Give a thing that the caller may see.

    Raises:
        Problem: 404, there is none.
    """
    body = await here.reading(here.ports.archive.thing, slug("thing", thing))
    if body is None or not caller.sees(body["area"]):
        raise unknown("thing")
    return body
