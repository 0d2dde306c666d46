"""Data quality, "đúng, đủ, sạch, sống": of every datastream, or of kinds and areas together."""

from collections import defaultdict
from typing import Annotated, Final, Literal

from fastapi import Query, Response

from ioc.core.formulas import fourfold
from ioc.core.indicators import Summary
from ioc.core.words import DAY, HOUR, SECOND, rfc3339
from ioc.http import shapes
from ioc.http.access import Permission
from ioc.http.here import API, Api, Here, answer
from ioc.http.inputs import (
    DEFAULT_LIMIT,
    AreaName,
    Caller,
    Cursor,
    Limit,
    Word,
    page,
    read_cursor,
    write_cursor,
)
from ioc.http.ports import Json, Received

_WINDOW: Final = DAY
By = Annotated[Literal["datastream", "thing", "kind", "area"], Query()]


def add_quality(api: Api, here: Here) -> None:
    """Put the route."""

    @api.get(f"{API}/quality", Permission.THINGS, shapes.Qualities)
    async def quality(  # noqa: PLR0913 - each narrows or groups
        caller: Caller,
        by: By = "kind",
        area: AreaName = None,
        kind: Word = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """Give the four measures of the last 24 hours, each 0 to 1, and their mean of 100."""
        now = here.now()
        place = read_cursor(cursor, str)
        received = await here.reading(
            here.ports.archive.received, here.areas(caller, area), kind, (now - _WINDOW, now)
        )
        groups: dict[str, list[Summary]] = defaultdict(list)
        for one in received:
            groups[_group(one, by)].append(_summary(one))
        names = sorted(name for name in groups if place is None or name > place[0])
        found: list[Json] = []
        for name in names[: limit + 1]:
            told = fourfold(groups[name], now)
            score = told.score
            found.append(
                {
                    by: name,
                    "score": None if score is None else round(score, 2),
                    **dict(zip(("right", "complete", "clean", "live"), told.parts, strict=True)),
                    "datastreams": len(groups[name]),
                    "period": [rfc3339(now - _WINDOW), rfc3339(now)],
                }
            )
        last = write_cursor(names[limit - 1]) if len(found) > limit else None
        return answer(page(found, limit, last))


def _group(one: Received, by: str) -> str:
    if by == "datastream":
        return f"{one.thing}/{one.datastream}"
    return {"thing": one.thing, "kind": one.kind, "area": one.area}[by]


def _summary(one: Received) -> Summary:
    period = one.period
    return Summary(
        count=one.count,
        expected=_WINDOW / SECOND / period if period else 0.0,
        total=0.0,
        greatest=None,
        last=None,
        at=one.at,
        suspect=one.suspect,
        bad=one.bad,
        refused=one.refused,
        rate=period * SECOND / HOUR if period else 0.0,
    )
