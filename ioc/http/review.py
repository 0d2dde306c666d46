"""The review: what happened since a leader last looked, what is open, who has it, what is late."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import Response
from pydantic import StringConstraints

from ioc.core.words import DAY, PROVINCE, Area, Instant, rfc3339
from ioc.http import shapes
from ioc.http.access import Permission, Principal
from ioc.http.cases import at_desk
from ioc.http.here import API, Api, Here, answer
from ioc.http.inputs import Body, Caller, Line, moment
from ioc.http.ports import Json
from ioc.http.problems import Problem, invalid

_MOST: Final = 1000
_GRAVE: Final = 3
"""From this severity on an open alert or incident concerns the people of its area."""


class Looked(Body):
    """Until when somebody has looked; now, unless given."""

    at: Annotated[Line, StringConstraints(max_length=40)] | None = None


def add_review(api: Api, here: Here) -> None:
    """Put the routes."""
    ports = here.ports

    @api.get(f"{API}/review", Permission.REVIEW, shapes.Review)
    async def review(caller: Caller, since: str | None = None) -> Response:
        """Give what happened since then, else since you last looked, else in the last day."""
        until = here.now()
        looked = await here.reading(ports.rota.last_look, caller.username or "")
        start = moment("since", since)
        if start is None:
            start = until - DAY if looked is None or looked > until else looked
        if start > until:
            raise invalid("since", "must not lie ahead of the site's clock")
        alerts = await here.reading(ports.archive.review, start, until, caller.areas, _MOST)
        cases = await here.reading(ports.cases.review, start, until, caller.areas, _MOST)
        return answer(_review(here, (start, until), looked, alerts, cases))

    @api.post(f"{API}/review/seen", Permission.REVIEW, shapes.Looked)
    async def looked(caller: Caller, told: Looked) -> Response:
        """Remember that you have looked: the next review begins there."""
        at = moment("at", told.at) or here.now()
        if at > here.now():
            raise invalid("at", "must not lie ahead of the site's clock")
        await _remember(here, caller, at)
        return answer({"looked_at": rfc3339(at)})


async def _remember(here: Here, caller: Principal, at: Instant) -> None:
    username = caller.username
    if username is None:
        raise Problem(HTTPStatus.FORBIDDEN, "a display does not look")
    await at_desk(here, lambda: here.ports.duty_desk.looked(username, at))


def _review(
    here: Here,
    stretch: tuple[Instant, Instant],
    looked: Instant | None,
    alerts: Mapping[str, Any],
    cases: Mapping[str, Any],
) -> Json:
    concerned = _concerned(here.content.site.areas, [*alerts["open"], *cases["open"]])
    return {
        "since": rfc3339(stretch[0]),
        "until": rfc3339(stretch[1]),
        "raised": alerts["raised"],
        "cleared": alerts["cleared"],
        "assigned": cases["assigned"],
        "late": cases["late"],
        "open": alerts["open"],
        "owed": cases["open"],
        "owners": Counter(one["owner"] for one in cases["open"] if one["owner"]),
        "areas": [
            {
                "id": area.id,
                "population": area.population,
                "population_source": area.population_source,
            }
            for area in concerned
        ],
        "people": sum(area.population or 0 for area in concerned),
        "looked_at": None if looked is None else rfc3339(looked),
        "counts": {
            "raised": alerts["raised_count"],
            "cleared": alerts["cleared_count"],
            "assigned": cases["assigned_count"],
            "late": cases["late_count"],
            "open": alerts["open_count"],
            "owed": cases["open_count"],
        },
    }


def _concerned(areas: Collection[Area], open_: Iterable[Json]) -> list[Area]:
    """Give the areas something grave is open in, none of them inside another of them."""
    named = {one["area"] for one in open_ if one.get("severity", 0) >= _GRAVE}
    parents = {area.id: area.parent for area in areas}

    def inside_another(area: str) -> bool:
        above = parents.get(area)
        while above is not None:
            if above in named:
                return True
            above = parents.get(above)
        return False

    outermost = {area for area in named if not inside_another(area)}
    if PROVINCE in outermost:
        outermost = {area.id for area in areas if area.parent is None}
    return [area for area in areas if area.id in outermost]
