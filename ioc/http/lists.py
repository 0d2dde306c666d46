"""Lists for people: records, what was refused, the rules.

Drills and scores are lists of what does not exist yet in a centre:
they are empty, which is the truth, and nothing can be put into them here.
"""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Response

from ioc.core.rules import parse_rule
from ioc.core.words import instant
from ioc.http import shapes
from ioc.http.access import Permission
from ioc.http.here import API, Api, Endpoint, Here, answer
from ioc.http.inputs import (
    DEFAULT_LIMIT,
    AreaName,
    Caller,
    Cursor,
    From,
    Limit,
    Name,
    To,
    Word,
    page,
    period,
    read_cursor,
    write_cursor,
)
from ioc.http.ports import AuditFilter, Json
from ioc.http.site_document import plain

_EMPTY: Final = {
    "drills": Permission.DRILLS,
    "scores": Permission.SCORES,
}


def add_lists(api: Api, here: Here) -> None:
    """Put the routes."""
    archive = here.ports.archive

    @api.get(f"{API}/records", Permission.RECORDS, shapes.Records)
    async def records(  # noqa: PLR0913 - each is one of the contract's filters
        caller: Caller,
        type: Word = None,
        state: Word = None,
        area: AreaName = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """Give records as they stand, those that moved last first."""
        place = read_cursor(cursor, int, str)
        found = await here.reading(
            archive.records,
            type_=type,
            state=state,
            areas=here.areas(caller, area),
            before=place,
            limit=limit + 1,
        )
        last = None
        if len(found) > limit:
            last = write_cursor(instant(found[limit - 1]["at"]), found[limit - 1]["id"])
        return answer(page(found, limit, last))

    @api.get(f"{API}/records/counts", Permission.RECORDS, shapes.RecordCounts)
    async def record_counts(caller: Caller, area: AreaName = None) -> Response:
        """Count the records that stand in each state, by type."""
        found = await here.reading(archive.record_counts, here.areas(caller, area))
        return answer({"items": found, "next": None})

    @api.get(f"{API}/refused", Permission.REFUSED, shapes.RefusedInput)
    async def refused(
        caller: Caller, reason: Word = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> Response:
        """Give refused input, newest first."""
        place = read_cursor(cursor, int)
        found = await here.reading(
            archive.refused, caller.areas, reason, place[0] if place else None, limit + 1
        )
        last = write_cursor(int(found[limit - 1]["id"])) if len(found) > limit else None
        return answer(page(found, limit, last))

    @api.get(f"{API}/audit", Permission.AUDIT, shapes.AuditTrail)
    async def audit(  # noqa: PLR0913 - each narrows the list
        caller: Caller,
        who: Name = None,
        action: Word = None,
        subject: Name = None,
        start: From = None,
        to: To = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """Give who did what, newest first; ``from`` and ``to`` are real time."""
        place = read_cursor(cursor, int)
        wanted = AuditFilter(who, action, subject, period(start, to))
        found = await here.reading(archive.audit, wanted, place[0] if place else None, limit + 1)
        last = write_cursor(int(found[limit - 1]["seq"])) if len(found) > limit else None
        return answer(page(found, limit, last))


def add_site_lists(api: Api, here: Here) -> None:
    """Put the routes of what the site's files say, and of what there is none of yet."""

    @api.get(f"{API}/rules", Permission.RULES, shapes.Anything)
    async def rules(_: Caller) -> Response:
        """Give the rules as the site's files have them, and how each does.

        ``over_budget`` says that a rule raised more in the last day than it may: nothing is kept
        back for that, but whoever keeps the rules owes it a look.
        """
        counts = await here.reading(here.ports.archive.rule_counts, here.now())
        items = [
            _rule(row, counts.get(str(row["id"]), {}), here.content.stories)
            for row in here.content.site.rule_rows
        ]
        return answer({"items": items, "next": None})

    for name, permission in _EMPTY.items():
        api.get(f"{API}/{name}", permission, shapes.Anything)(_nothing(name))


def _rule(row: Mapping[str, Any], counted: Json, stories: Mapping[str, int]) -> Json:
    rule = parse_rule(row)
    alerts = {key: counted.get(key, 0) for key in ("last_day", "last_week")}
    return {
        **plain(row),
        "condition": rule.condition.value,
        "shadow": rule.shadow,
        "budget": rule.budget,
        "stories": stories.get(rule.id, 0),
        "alerts": alerts,
        "shadow_alerts": {key: counted.get(f"shadow_{key}", 0) for key in alerts},
        "over_budget": alerts["last_day"] > rule.budget,
    }


def _nothing(name: str) -> Endpoint:
    async def empty(_: Caller) -> Response:
        return answer({"items": [], "next": None})

    empty.__name__ = name
    empty.__doc__ = f"Give the {name}: there are none yet."
    return empty
