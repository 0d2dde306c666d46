"""Indicators: their value, their past, and what they are made of."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import Response

from ioc.core.formulas import score
from ioc.core.indicators import EVERY, Definition, Formula, Inputs
from ioc.core.indicators import Summary as Told
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
    Formula.COUNT: "count({of})",
    Formula.COUNT_ABOVE: "count(newest({of}) > {level})",
    Formula.GREATEST_TOTAL: "max over things(sum({of}) * period)",
    Formula.ALARM_LEVEL: "max over things(count(newest({of}) >= own alarm levels))",
    Formula.RUN_ABOVE: "days in a row(max({of}) > {level})",
    Formula.REFERENCE: "official value of the year",
    Formula.SCORE: "sum over groups of min(max, sum(max * numerator / denominator / cap))",
    Formula.AQI_HOUR: "max over stations(VN_AQI of the hour)",
    Formula.AQI_DAY: "max over stations(VN_AQI of 24 hours)",
    Formula.FIRE_INDEX: "sum over days since rain > 5 mm(t13 * d13)",
    Formula.QUALITY: "100 * mean(right, complete, clean, live) of {of}",
    Formula.QUALITY_RIGHT: "100 * (1 - (suspect + bad) / received) of {of}",
    Formula.QUALITY_COMPLETE: "100 * received / expected of {of}",
    Formula.QUALITY_CLEAN: "100 * received / (received + refused) of {of}",
    Formula.QUALITY_LIVE: "100 * share of {of} no older than three periods",
}
_MOST_INPUTS: Final = 2_000


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
        definition = here.definitions.get(body["id"])
        if definition is not None and definition.history:
            return answer({**body, "trend": _years(definition, asked)})
        trend = await here.reading(archive.trend, body["id"], body["area"], Period(*ends), limit)
        return answer({**body, "trend": [[at / SECOND, *rest] for at, *rest in trend]})

    @api.get(f"{API}/indicators/{{indicator}}/lineage", Permission.INDICATORS, shapes.Lineage, 404)
    async def lineage(caller: Caller, indicator: str, area: AreaName = None) -> Response:
        """Give an indicator's formula and the datastreams it is made of."""
        body = await _indicator(here, caller, indicator, area)
        definition = here.definitions.get(body["id"])
        if definition is None:
            raise unknown("indicator's definition")
        return answer(await _lineage(here, definition, body))


async def _lineage(here: Here, definition: Definition, body: Json) -> Json:
    inputs: list[Json] = []
    seen: dict[str, Sequence[Summary]] = {}
    for part, wanted in definition.named.items():
        if wanted.record or EVERY in (wanted.kind, wanted.datastream):
            continue
        seen[part] = await _summaries(here, body, wanted)
        inputs += await _inputs(here, definition, body, part, seen[part])
    shown = (
        "id", "area", "name", "period", "value", "unit", "coverage", "oldest_input", "owner",
        "source",
    )  # fmt: skip
    return {
        **{key: body[key] for key in shown},
        "formula": _written(definition),
        "method": definition.formula.value,
        "window": definition.window.value,
        "standard_ref": definition.standard_ref,
        "records": _records(definition),
        "history": _history(definition),
        **_parts(definition, seen),
        "inputs": inputs[:_MOST_INPUTS],
    }


async def _indicator(here: Here, caller: Principal, indicator: str, area: str | None) -> Json:
    named = area or here.home(caller)
    if not caller.sees(named):
        raise unknown("indicator")
    body = await here.reading(here.ports.archive.indicator, slug("indicator", indicator), named)
    if body is None:
        raise unknown("indicator")
    return body


def _years(definition: Definition, asked: Period) -> list[list[float]]:
    """Give a reference's trend: each year's value at the year's end, whole unless narrowed."""
    return [
        [one.period[1] / SECOND, one.value, 1.0]
        for one in definition.history
        if (asked.start is None or one.period[1] >= asked.start)
        and (asked.end is None or one.period[0] <= asked.end)
    ]


def _history(definition: Definition) -> list[Json]:
    """Give the official values a reference is."""
    return [
        {"year": one.year, "value": one.value, "rank": one.rank, "derived": one.derived}
        for one in definition.history
    ]


def _records(definition: Definition) -> list[Json]:
    """Give the inputs that are steps of records."""
    return [
        {"part": part, "type": one.record, "state": one.state, "on_time": one.on_time}
        for part, one in definition.named.items()
        if one.record
    ]


def _parts(definition: Definition, seen: Mapping[str, Sequence[Summary]]) -> Json:
    """Give a score's parts, each with what it was made of and what it came to."""
    if definition.table is None:
        return {"parts": []}
    found = score(definition, {part: [_told(one) for one in each] for part, each in seen.items()})
    return {
        "table": definition.table.id,
        "known": round(found.known, 4),
        "points": None if found.value is None else round(found.value, 4),
        "groups": [
            {"code": one.code, "name": {"vi": one.name.vi, "en": one.name.en}, "max": one.max}
            for one in definition.table.groups
        ],
        "parts": [one.to_json() for one in found.parts],
    }


def _told(one: Summary) -> Told:
    at, last = (None, None) if one.newest is None else one.newest
    return Told(one.count, 0.0, one.total, one.greatest, last, at)


async def _summaries(here: Here, body: Json, wanted: Inputs) -> Sequence[Summary]:
    start, end = (instant(time) for time in body["period"])
    areas = None if body["area"] == PROVINCE else frozenset({body["area"]})
    return await here.reading(
        here.ports.archive.summaries, wanted.kind, wanted.datastream, areas, (start, end)
    )


async def _inputs(
    here: Here, definition: Definition, body: Json, part: str, summaries: Sequence[Summary]
) -> list[Json]:
    archive = here.ports.archive
    wanted = definition.named[part]
    areas = None if body["area"] == PROVINCE else frozenset({body["area"]})
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
    values: dict[str, Any] = {
        "of": "" if definition.of is None else str(definition.of),
        "over": "" if definition.over is None else str(definition.over),
        "level": definition.level,
    }
    written = _WRITTEN[definition.formula].format(**values)
    if definition.formula is Formula.REFERENCE:
        return written
    return f"{written} over {definition.window.value}"
