"""Indicators: their value, their past, and what they are made of."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import Response

from ioc.core.indicators import Definition, Formula, Inputs
from ioc.core.words import DAY, PROVINCE, SECOND, instant, rfc3339
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
    bounded,
    page,
    period,
    read_cursor,
    slug,
    write_cursor,
)
from ioc.http.ports import Json, Period, Summary
from ioc.http.problems import unknown

_TREND: Final = 7 * DAY
_LONGEST_TREND: Final = 1830 * DAY
_WRITTEN: Final[Mapping[Formula, str]] = {
    Formula.SHARE: "100 * sum({of}) / sum({over})",
    Formula.SUM: "sum({of})",
    Formula.MEAN: "mean({of})",
    Formula.MAX: "max({of})",
    Formula.COUNT_EQUALS: "100 * count(newest({of}) = {level}) / count(newest({of}))",
    Formula.LATEST_MEAN: "mean(newest({of}))",
}


def add_indicators(api: Api, here: Here) -> None:
    """Put the routes."""
    archive = here.ports.archive

    @api.get(f"{API}/indicators", Permission.INDICATORS, shapes.Indicators)
    async def indicators(
        caller: Caller, area: AreaName = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> Response:
        """Give indicators by id and area; ``area=province`` gives those of the whole site."""
        place = read_cursor(cursor, str, str)
        found = await here.reading(
            archive.indicators, here.one_area(caller, area), place, limit + 1
        )
        last = None
        if len(found) > limit:
            last = write_cursor(found[limit - 1]["id"], found[limit - 1]["area"])
        return answer(page(found, limit, last))

    @api.get(f"{API}/indicators/{{indicator}}", Permission.INDICATORS, shapes.IndicatorHistory, 404)
    async def indicator(  # noqa: PLR0913 - each is one of the contract's parameters
        caller: Caller,
        indicator: str,
        area: AreaName = None,
        start: From = None,
        to: To = None,
        limit: Limit = MOST_ITEMS,
    ) -> Response:
        """Give one indicator with its past; an open start means a week."""
        asked = period(start, to)
        body = await _indicator(here, caller, indicator, area)
        ends = bounded(asked, here.now(), _TREND, _LONGEST_TREND)
        trend = await here.reading(archive.trend, body["id"], body["area"], Period(*ends), limit)
        return answer({**body, "trend": [[at / SECOND, *rest] for at, *rest in trend]})

    @api.get(f"{API}/indicators/{{indicator}}/lineage", Permission.INDICATORS, shapes.Lineage, 404)
    async def lineage(caller: Caller, indicator: str, area: AreaName = None) -> Response:
        """Give an indicator's formula and the datastreams it is made of."""
        body = await _indicator(here, caller, indicator, area)
        definition = here.definitions.get(body["id"])
        if definition is None:
            raise unknown("indicator's definition")
        parts = {"of": definition.of}
        if definition.over is not None:
            parts["over"] = definition.over
        inputs: list[Json] = []
        for part, wanted in parts.items():
            inputs += await _inputs(here, definition, body, part, wanted)
        return answer(
            {
                "id": body["id"],
                "area": body["area"],
                "name": body["name"],
                "formula": _written(definition),
                "method": definition.formula.value,
                "window": definition.window.value,
                "period": body["period"],
                "value": body["value"],
                "unit": body["unit"],
                "coverage": body["coverage"],
                "oldest_input": body["oldest_input"],
                "owner": body["owner"],
                "source": body["source"],
                "inputs": inputs,
            }
        )


async def _indicator(here: Here, caller: Principal, indicator: str, area: str | None) -> Json:
    named = area or here.home(caller)
    if not caller.sees(named):
        raise unknown("indicator")
    body = await here.reading(here.ports.archive.indicator, slug("indicator", indicator), named)
    if body is None:
        raise unknown("indicator")
    return body


async def _inputs(
    here: Here, definition: Definition, body: Json, part: str, wanted: Inputs
) -> list[Json]:
    archive = here.ports.archive
    start, end = (instant(time) for time in body["period"])
    areas = None if body["area"] == PROVINCE else frozenset({body["area"]})
    summaries = await here.reading(
        archive.summaries, wanted.kind, wanted.datastream, areas, (start, end)
    )
    levels: Mapping[str, float | None] = {}
    if definition.formula is Formula.COUNT_EQUALS:
        things = await here.reading(archive.things, areas, wanted.kind, "", MOST_ITEMS)
        levels = {thing["id"]: _level(thing, wanted.datastream, definition) for thing in things}
    shares = _shares(definition.formula, summaries, levels)
    return [
        {
            "thing": one.thing,
            "datastream": one.datastream,
            "part": part,
            "newest": None if one.newest is None else rfc3339(one.newest[0]),
            "value": None if one.newest is None else one.newest[1],
            "count": one.count,
            "total": one.total,
            "contribution": None if share is None else round(share, 6),
        }
        for one, share in zip(summaries, shares, strict=True)
    ]


def _shares(
    formula: Formula, summaries: Sequence[Summary], levels: Mapping[str, float | None]
) -> list[float | None]:
    """Give each input's share of the number, 0 to 1; None where it says nothing."""
    weights: list[float | None]
    if formula in (Formula.SHARE, Formula.SUM):
        weights = [one.total if one.count else None for one in summaries]
        whole = sum(weight or 0.0 for weight in weights)
    elif formula is Formula.MEAN:
        weights = [float(one.count) if one.count else None for one in summaries]
        whole = sum(weight or 0.0 for weight in weights)
    elif formula is Formula.MAX:
        greatest = max(
            (one.greatest for one in summaries if one.greatest is not None), default=None
        )
        weights = [
            None if one.greatest is None else float(one.greatest == greatest) for one in summaries
        ]
        whole = 1.0
    else:
        known = [one for one in summaries if one.newest is not None]
        whole = float(len(known))
        counts = formula is Formula.COUNT_EQUALS
        weights = [
            None
            if one.newest is None
            else float(not counts or one.newest[1] == levels.get(one.thing))
            for one in summaries
        ]
    return [None if weight is None or not whole else weight / whole for weight in weights]


def _level(thing: Json, datastream: str, definition: Definition) -> float | None:
    for told in thing.get("datastreams", ()):
        if told["name"] == datastream and definition.level in told.get("levels", ()):
            return float(told["levels"].index(definition.level))
    return None


def _written(definition: Definition) -> str:
    def name(inputs: Inputs | None) -> str:
        return "" if inputs is None else f"{inputs.kind}/{inputs.datastream}"

    values: dict[str, Any] = {
        "of": name(definition.of),
        "over": name(definition.over),
        "level": definition.level,
    }
    return f"{_WRITTEN[definition.formula].format(**values)} over {definition.window.value}"
