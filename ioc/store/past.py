"""What was open and known at an earlier instant of the site's clock.

Alerts, incidents, tasks and things are read off the event log, which holds every version whole.
Of an alert the log knows nothing of, its own history is asked (`ioc.core.past`). Values are the
newest observation of each datastream that is not after the instant; one that arrived late stands
where its own time puts it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from psycopg2.extensions import cursor as Cursor  # noqa: N812 - psycopg2's own name is lower case

from ioc.core.alerts import Alert
from ioc.core.past import alert_as_it_stood
from ioc.core.words import Instant, instant, rfc3339

Json = dict[str, Any]
_MICROS: Final = "(extract(epoch from {}) * 1000000)::bigint"
_STOOD: Final = """
    select o.body, e.body from {table} o left join lateral (
        select body from event
        where kind = '{table}' and subject = o.id and at <= %(at)s::timestamptz
        order by seq desc limit 1
    ) e on true
    where o.{begun} <= %(at)s::timestamptz
      and (o.closed_at is null or o.closed_at > %(at)s::timestamptz) {more}
    order by o.{begun} desc, o.id desc limit 10000
"""
_NOT_OVER: Final = """
    and not (coalesce((o.body ->> 'history')::boolean, false)
             and coalesce((o.body ->> 'cleared_at')::timestamptz <= %(at)s::timestamptz, false))
"""
"""What was judged as the past is closed long after its condition was over."""


@dataclass
class Past:
    """What was open and known at an instant.

    Attributes:
        newest: by ``thing/datastream``: time, value, quality.
        values: of each indicator and area: time, value, coverage.
        exact: False when something had to be read off its own history, or could not be told.
    """

    newest: Mapping[str, tuple[Instant, float, int]]
    values: Mapping[tuple[str, str], tuple[Instant, float | None, float]]
    indicators: list[Json] = field(default_factory=list)
    alerts: list[Json] = field(default_factory=list)
    incidents: list[Json] = field(default_factory=list)
    tasks: list[Json] = field(default_factory=list)
    things: list[Json] = field(default_factory=list)
    exact: bool = True


def read_past(cursor: Cursor, at: Instant, today: Iterable[Json]) -> Past | None:
    """Read how everything stood, inside a transaction; None where nothing had been observed yet.

    Args:
        cursor: of the transaction.
        at: the site's time.
        today: the things as they are described now, for what was before the log began.
    """
    asked = {"at": rfc3339(at)}
    newest = _newest(cursor, asked)
    if not newest:
        return None
    past = Past(newest, _values(cursor, asked))
    cursor.execute("select body from indicator order by id, area")
    past.indicators = [body for (body,) in cursor.fetchall()]
    cursor.execute("select at from event order by seq limit 1")
    found = cursor.fetchone()
    logged = found is not None and instant(found[0].isoformat()) <= at
    past.exact = logged
    _add_alerts(cursor, asked, at, past)
    for table, when, into in (
        ("incident", "received_at", past.incidents),
        ("task", "given_at", past.tasks),
    ):
        cursor.execute(_STOOD.format(table=table, begun=when, more=""), asked)
        told = [stood for _, stood in cursor.fetchall()]
        into += [one for one in told if one is not None and one["state"] != "closed"]
        past.exact = past.exact and None not in told
    past.things = _things(cursor, asked, past.newest, () if logged else today)
    return past


def _newest(cursor: Cursor, asked: Mapping[str, str]) -> Mapping[str, tuple[Instant, float, int]]:
    cursor.execute(
        f"""
        select d.thing || '/' || d.name, {_MICROS.format("o.time")}, o.value, o.quality
        from datastream d cross join lateral (
            select time, value, quality from observation
            where datastream = d.id and time <= %(at)s::timestamptz order by time desc limit 1
        ) o
        """,  # noqa: S608 - our own words
        asked,
    )
    return {key: (at, value, quality) for key, at, value, quality in cursor.fetchall()}


def _values(
    cursor: Cursor, asked: Mapping[str, str]
) -> Mapping[tuple[str, str], tuple[Instant, float | None, float]]:
    cursor.execute(
        f"""
        select i.id, i.area, {_MICROS.format("v.at")}, v.value, v.coverage
        from indicator i cross join lateral (
            select at, value, coverage from indicator_value
            where id = i.id and area = i.area and at <= %(at)s::timestamptz
            order by at desc limit 1
        ) v
        """,  # noqa: S608 - our own words
        asked,
    )
    return {(id_, area): (at, value, known) for id_, area, at, value, known in cursor.fetchall()}


def _add_alerts(cursor: Cursor, asked: Mapping[str, str], at: Instant, past: Past) -> None:
    """Add the alerts that were open.

    One that the centre learned of only later was on nobody's wall, unless it is of the past the
    centre judged for itself: that is what a replay of it is to show.
    """
    cursor.execute(_STOOD.format(table="alert", begun="raised_at", more=_NOT_OVER), asked)
    for body, stood in cursor.fetchall():
        if stood is not None:
            if stood["closed_at"] is None:
                past.alerts.append(stood)
            continue
        alert = Alert.from_json(body)
        if alert.detected_at > at and not alert.history:
            continue
        then = alert_as_it_stood(alert, at)
        if then is not None:
            past.alerts.append(then.to_json())
            past.exact = False


def _things(
    cursor: Cursor, asked: Mapping[str, str], newest: Iterable[str], today: Iterable[Json]
) -> list[Json]:
    """Give the things there were as logged, and those of ``today`` before the log began."""
    cursor.execute(
        "select distinct on (subject) subject, body from event"
        " where kind = 'thing' and at <= %(at)s::timestamptz order by subject, seq desc",
        asked,
    )
    found: dict[str, Json] = dict(cursor.fetchall())
    names: dict[str, list[str]] = {}
    for key in newest:
        thing, _, name = key.partition("/")
        names.setdefault(thing, []).append(name)
    for body in today:
        found.setdefault(body["id"], {**body, "status": "online"})
    there = (body for _, body in sorted(found.items()) if not body.get("removed"))
    return [_with_all_sent(body, names.get(body["id"], ())) for body in there]


def _with_all_sent(body: Json, names: Iterable[str]) -> Json:
    """Add to a thing the datastreams it sent without describing them."""
    told = body.get("datastreams", [])
    known = {one["name"] for one in told}
    sent = [{"name": name, "unit": "", "period": None} for name in names if name not in known]
    return {**body, "datastreams": [*told, *sent]} if sent else body
