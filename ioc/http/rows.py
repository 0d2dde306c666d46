"""The mission's table: every row of the site's sources, and whether it lives now."""

from collections.abc import Collection
from typing import Final

from fastapi import Response

from ioc.core.mission import MissionRow, Present, row_document
from ioc.core.words import DAY, instant
from ioc.http import shapes
from ioc.http.access import Permission
from ioc.http.here import API, Api, Here, answer
from ioc.http.inputs import MOST_ITEMS, Caller

_RECENT: Final = 7 * DAY


def add_rows(api: Api, here: Here) -> None:
    """Put the route."""

    @api.get(f"{API}/rows", Permission.SITE, shapes.Rows)
    async def rows(_: Caller) -> Response:
        """Give the mission's table, and whether each row lives now."""
        listed = here.content.site.mission
        if not listed:
            return answer({"items": [], "next": None})
        present = _present(here, await _recent(here, listed), await _valued(here))
        site = here.content.site.id
        return answer(
            {"items": [dict(row_document(row, site, present)) for row in listed], "next": None}
        )


def _present(here: Here, recent: Collection[str], valued: Collection[str]) -> Present:
    live, now = here.hub.live, here.now()
    by_kind: dict[tuple[str, str], list[str]] = {}
    for id_, thing in live.things.items():
        for name in thing.periods:
            by_kind.setdefault((thing.kind, name), []).append(f"{id_}/{name}")

    def of_kind(kind: str, name: str) -> list[str]:
        if kind in live.things:  # a thing's own id
            return [f"{kind}/{name}"]
        return sorted(by_kind.get((kind, name), ()))

    return Present(of_kind, lambda key: live.is_fresh(key, now), recent, valued)


async def _valued(here: Here) -> Collection[str]:
    """Name the indicators that have a value, of the province or of any of its areas."""
    bodies = await here.reading(here.ports.archive.indicators, None, None, MOST_ITEMS)
    return {body["id"] for body in bodies if body["value"] is not None}


async def _recent(here: Here, rows: Collection[MissionRow]) -> Collection[str]:
    """Name the types of records of which one was told in the last days."""
    found: set[str] = set()
    for type_ in sorted({name for row in rows for name in row.records}):
        newest = await here.reading(
            here.ports.archive.records, type_=type_, state=None, areas=None, before=None, limit=1
        )
        if newest and here.now() - instant(newest[0]["at"]) <= _RECENT:
            found.add(type_)
    return found
