"""What others may read of what is kept: one question, one statement.

A filter that is not used is handed over as null; psycopg2 writes values into the statement, so
the planner sees ``null is null`` and drops the condition. Bodies are the contract's shapes as they
were written; what depends on the time of asking is added by who asks.
"""

import contextlib
import select
import socket
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import orjson
import psycopg2

from ioc.core.clock import SiteClock
from ioc.core.words import DAY, Instant, rfc3339
from ioc.store import rollups
from ioc.store.connection import Connection
from ioc.store.past import Past, read_past
from ioc.store.pool import Pool

Json = dict[str, Any]
Areas = Collection[str] | None

_MICROS: Final = "(extract(epoch from {}) * 1000000)::bigint"
_RECONNECT_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the event log."""

    seq: int
    at: Instant
    kind: str
    subject: str
    area: str
    body: Json


@dataclass(frozen=True, slots=True)
class Picture:
    """What is open and known as of event ``seq``."""

    seq: int
    alerts: Sequence[Json]
    indicators: Sequence[Json]
    things: Sequence[Json]
    incidents: Sequence[Json] = ()
    tasks: Sequence[Json] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """What one datastream gave to a window, and its newest observation that is not bad."""

    thing: str
    datastream: str
    newest: tuple[Instant, float] | None
    count: int
    total: float
    greatest: float | None


@dataclass(slots=True)
class Received:
    """What came of one datastream in a window; ``at`` is its newest believable time in there."""

    thing: str
    kind: str
    area: str
    datastream: str
    period: float | None
    count: int
    suspect: int
    bad: int
    refused: int
    at: Instant | None


class Period(Protocol):
    """A stretch of time, both ends in it; None leaves an end open."""

    @property
    def start(self) -> Instant | None:
        """The first instant."""

    @property
    def end(self) -> Instant | None:
        """The last instant."""


class AlertFilter(Protocol):
    """Which alerts: every part that is not None narrows."""

    @property
    def states(self) -> Collection[str] | None:
        """States of `ioc.core.alerts.State`."""

    @property
    def open(self) -> bool | None:
        """True for those not closed, False for those closed."""

    @property
    def active(self) -> bool | None:
        """By the condition."""

    @property
    def shelved_at(self) -> Instant | None:
        """Shelved beyond this time."""

    @property
    def severities(self) -> Collection[int] | None:
        """Severities, 1 to 5."""

    @property
    def areas(self) -> Areas:
        """Areas."""

    @property
    def raised(self) -> Period:
        """When they were raised."""


class AuditFilter(Protocol):
    """Which rows of the audit trail: every part that is not None narrows."""

    @property
    def who(self) -> str | None:
        """Who did it."""

    @property
    def action(self) -> str | None:
        """What was done, in full or its part before the dot."""

    @property
    def subject(self) -> str | None:
        """What it was done to."""

    @property
    def at(self) -> Period:
        """When, in real time."""


class Archive:
    """Reads the database of one centre."""

    def __init__(self, pool: Pool) -> None:
        """Read through a pool; the database has been migrated."""
        self._pool = pool

    def ping(self) -> None:
        """Ask for nothing.

        Raises:
            StoreAwayError: there is no answer.
        """
        self._rows("select 1", {})

    def clock(self) -> SiteClock | None:
        """Give the site's clock as it was last kept; None before the first ingest."""
        rows = self._rows("select value from setting where name = 'clock'", {})
        return SiteClock.from_json(rows[0][0]) if rows else None

    def bounds(self) -> tuple[int, int]:
        """Give the least and the greatest ``seq`` of the event log; 0, 0 when it is empty."""
        rows = self._rows(
            "select coalesce((select seq from event order by seq limit 1), 0),"
            " coalesce((select seq from event order by seq desc limit 1), 0)",
            {},
        )
        return rows[0][0], rows[0][1]

    def events(self, after: int, limit: int) -> Sequence[Event]:
        """Give the events behind ``after`` in order."""
        rows = self._rows(
            f"select seq, {_MICROS.format('at')}, kind, subject, area, body from event"  # noqa: S608
            " where seq > %(after)s order by seq limit %(limit)s",
            {"after": after, "limit": limit},
        )
        return [Event(*row) for row in rows]

    def picture(self) -> Picture:
        """Read what a fresh wall needs, all of one instant."""
        with self._pool.lease() as connection, connection.cursor() as cursor:
            cursor.execute("begin transaction isolation level repeatable read read only")
            cursor.execute("select coalesce(max(seq), 0) from event")
            [(seq,)] = cursor.fetchall()
            cursor.execute(
                "select body from alert where closed_at is null order by raised_at desc, id desc"
            )
            alerts = [row[0] for row in cursor.fetchall()]
            cursor.execute("select body from indicator order by id, area")
            indicators = [row[0] for row in cursor.fetchall()]
            cursor.execute(_THINGS, {"areas": None, "kind": None, "after": "", "limit": None})
            things = [_thing(*row) for row in cursor.fetchall()]
            cursor.execute(
                "select body from incident where closed_at is null"
                " order by received_at desc, id desc"
            )
            incidents = [row[0] for row in cursor.fetchall()]
            cursor.execute(
                "select body from task where closed_at is null order by given_at desc, id desc"
            )
            tasks = [row[0] for row in cursor.fetchall()]
            cursor.execute("commit")
        return Picture(seq, alerts, indicators, things, incidents, tasks)

    def past(self, at: Instant) -> Past | None:
        """Read what was open and known at an instant; None before anything was observed."""
        with self._pool.lease() as connection, connection.cursor() as cursor:
            cursor.execute("begin transaction isolation level repeatable read read only")
            cursor.execute(_THINGS, {"areas": None, "kind": None, "after": "", "limit": None})
            past = read_past(cursor, at, [_thing(*row) for row in cursor.fetchall()])
            cursor.execute("commit")
        return past

    def newest(self) -> Mapping[str, tuple[Instant, float, int]]:
        """Read every datastream's newest observation: time, value, quality."""
        rows = self._rows(
            f"""
            select d.thing || '/' || d.name, {_MICROS.format("o.time")}, o.value, o.quality
            from datastream d cross join lateral (
                select time, value, quality from observation
                where datastream = d.id order by time desc limit 1
            ) o
            """,  # noqa: S608
            {},
        )
        return {key: (at, value, quality) for key, at, value, quality in rows}

    def things(self, areas: Areas, kind: str | None, after: str, limit: int) -> Sequence[Json]:
        """Give things by id, behind ``after``."""
        asked = {"areas": _list(areas), "kind": kind, "after": after, "limit": limit}
        return [_thing(*row) for row in self._rows(_THINGS, asked)]

    def thing(self, thing: str) -> Json | None:
        """Give one thing."""
        rows = self._rows(
            "select body, status, described, origin, area, kind,"
            " array(select name from datastream where thing = t.id order by name)"
            " from thing t where id = %(thing)s",
            {"thing": thing},
        )
        return _thing(*rows[0]) if rows else None

    def observations(
        self, key: tuple[str, str], period: Period, after: Instant | None, limit: int
    ) -> Sequence[tuple[Instant, float, int]] | None:
        """Give a datastream's observations, oldest first; None for an unknown datastream."""
        datastream = self._datastream(key)
        if datastream is None:
            return None
        return self._rows(
            f"""
            select {_MICROS.format("time")}, value, quality from observation
            where datastream = %(datastream)s
              and (%(start)s is null or time >= %(start)s::timestamptz)
              and (%(end)s is null or time <= %(end)s::timestamptz)
              and (%(after)s is null or time > %(after)s::timestamptz)
            order by time limit %(limit)s
            """,  # noqa: S608
            {
                "datastream": datastream,
                "start": _time(period.start),
                "end": _time(period.end),
                "after": _time(after),
                "limit": limit,
            },
        )

    def reduced(
        self, key: tuple[str, str], start: Instant, end: Instant, points: int
    ) -> Sequence[tuple[Instant, float, float, float, int]] | None:
        """Give time, least, mean, greatest, count of at most ``points`` equal stretches.

        Bad observations are left out: one impossible value would flatten the whole chart.
        """
        datastream = self._datastream(key)
        if datastream is None:
            return None
        with self._pool.lease() as connection, connection.cursor() as cursor:
            return rollups.reduced(cursor, datastream, start, end, points)

    def alerts(
        self, wanted: AlertFilter, before: tuple[Instant, str] | None, limit: int
    ) -> Sequence[Json]:
        """Give alerts, newest first, behind a place in that order."""
        rows = self._rows(
            """
            select body from alert
            where (%(states)s is null or state = any(%(states)s::text[]))
              and (%(open)s is null or (closed_at is null) = %(open)s)
              and (%(condition)s is null or condition = %(condition)s)
              and (%(shelved)s is null
                   or (body->>'shelved_until')::timestamptz > %(shelved)s::timestamptz)
              and (%(severities)s is null or severity = any(%(severities)s::int[]))
              and (%(areas)s is null or area = any(%(areas)s::text[]))
              and (%(start)s is null or raised_at >= %(start)s::timestamptz)
              and (%(end)s is null or raised_at <= %(end)s::timestamptz)
              and (%(before)s is null
                   or (raised_at, id) < (%(before)s::timestamptz, %(before_id)s))
            order by raised_at desc, id desc limit %(limit)s
            """,
            {
                "states": _list(wanted.states),
                "open": wanted.open,
                "condition": _condition(wanted.active),
                "shelved": _time(wanted.shelved_at),
                "severities": _list(wanted.severities),
                "areas": _list(wanted.areas),
                "start": _time(wanted.raised.start),
                "end": _time(wanted.raised.end),
                "before": None if before is None else _time(before[0]),
                "before_id": None if before is None else before[1],
                "limit": limit,
            },
        )
        return [row[0] for row in rows]

    def alert_areas(self, ids: Collection[str]) -> Mapping[str, str]:
        """Give the area of each of these alerts that there is."""
        return dict(
            self._rows("select id, area from alert where id = any(%(ids)s)", {"ids": sorted(ids)})
        )

    def alert(self, alert: str) -> Json | None:
        """Give one alert."""
        rows = self._rows("select body from alert where id = %(alert)s", {"alert": alert})
        return rows[0][0] if rows else None

    def indicators(self, areas: Areas, after: tuple[str, str] | None, limit: int) -> Sequence[Json]:
        """Give indicators by id and area, behind a place in that order."""
        rows = self._rows(
            """
            select body from indicator
            where (%(areas)s is null or area = any(%(areas)s::text[]))
              and (%(id)s is null or (id, area) > (%(id)s, %(area)s))
            order by id, area limit %(limit)s
            """,
            {
                "areas": _list(areas),
                "id": None if after is None else after[0],
                "area": None if after is None else after[1],
                "limit": limit,
            },
        )
        return [row[0] for row in rows]

    def indicator(self, indicator: str, area: str) -> Json | None:
        """Give one indicator of one area."""
        rows = self._rows(
            "select body from indicator where id = %(id)s and area = %(area)s",
            {"id": indicator, "area": area},
        )
        return rows[0][0] if rows else None

    def trend(
        self, indicator: str, area: str, period: Period, limit: int
    ) -> Sequence[tuple[Instant, float | None, float]]:
        """Give an indicator's newest values (time, value, coverage), oldest first."""
        rows = self._rows(
            f"""
            select {_MICROS.format("at")}, value, coverage from indicator_value
            where id = %(id)s and area = %(area)s
              and (%(start)s is null or at >= %(start)s::timestamptz)
              and (%(end)s is null or at <= %(end)s::timestamptz)
            order by at desc limit %(limit)s
            """,  # noqa: S608
            {
                "id": indicator,
                "area": area,
                "start": _time(period.start),
                "end": _time(period.end),
                "limit": limit,
            },
        )
        return rows[::-1]

    def summaries(
        self, kind: str, datastream: str, areas: Areas, period: tuple[Instant, Instant]
    ) -> Sequence[Summary]:
        """Sum up a datastream over the things of a kind; bad observations count for nothing."""
        streams = self._rows(
            f"""
            select d.id, d.thing, d.name, {_MICROS.format("last.time")}, last.value
            from datastream d
            join thing t on t.id = d.thing and t.kind = %(kind)s
            left join lateral (
                select time, value from observation
                where datastream = d.id and quality < 2 order by time desc limit 1
            ) last on true
            where d.name = %(name)s and (%(areas)s is null or t.area = any(%(areas)s::text[]))
            order by d.thing
            """,  # noqa: S608
            {"kind": kind, "name": datastream, "areas": _list(areas)},
        )
        numbers = [number for number, *_ in streams]
        with self._pool.lease() as connection, connection.cursor() as cursor:
            seen = rollups.summaries(cursor, numbers, *period, rolled=False)
        found: list[Summary] = []
        for number, thing, name, at, last in streams:
            one = seen.get(number)
            newest = None if at is None else (at, last)
            counted = (0, 0.0, None) if one is None else (one.count, one.total, one.greatest)
            found.append(Summary(thing, name, newest, *counted))
        return found

    def received(
        self, areas: Areas, kind: str | None, period: tuple[Instant, Instant]
    ) -> Sequence[Received]:
        """Count what came of every described datastream, for its data quality."""
        streams = self._rows(
            """
            select d.id, t.id, t.kind, t.area, told ->> 'name', (told ->> 'period')::float8
            from thing t cross join jsonb_array_elements(t.body -> 'datastreams') told
            left join datastream d on d.thing = t.id and d.name = told ->> 'name'
            where (%(areas)s is null or t.area = any(%(areas)s::text[]))
              and (%(kind)s is null or t.kind = %(kind)s)
            """,
            {"areas": _list(areas), "kind": kind},
        )
        refused = dict(
            self._rows(
                "select split_part(topic, '/', 4), count(*) from refused"
                " where at >= %(start)s and at <= %(end)s group by 1",
                {"start": _Moment(period[0]), "end": _Moment(period[1])},
            )
        )
        numbers = [number for number, *_ in streams if number is not None]
        with self._pool.lease() as connection, connection.cursor() as cursor:
            seen = rollups.summaries(cursor, numbers, *period, rolled=False)
        found: list[Received] = []
        for number, thing, of_kind, area, name, every in streams:
            one = seen.get(number)
            counted = (0, 0, 0) if one is None else (one.count, one.suspect, one.bad)
            at = None if one is None else one.at
            found.append(
                Received(thing, of_kind, area, name, every, *counted, refused.get(thing, 0), at)
            )
        return found

    def records(
        self,
        *,
        type_: str | None,
        state: str | None,
        areas: Areas,
        before: tuple[Instant, str] | None,
        limit: int,
    ) -> Sequence[Json]:
        """Give the newest step of each record, newest first, behind a place in that order."""
        rows = self._rows(
            """
            select body from record r
            where not exists (select from record n
                              where n.id = r.id and (n.at, n.state) > (r.at, r.state))
              and (%(type)s is null or type = %(type)s)
              and (%(state)s is null or state = %(state)s)
              and (%(areas)s is null or area = any(%(areas)s::text[]))
              and (%(before)s is null or (at, id) < (%(before)s::timestamptz, %(before_id)s))
            order by at desc, id desc limit %(limit)s
            """,
            {
                "type": type_,
                "state": state,
                "areas": _list(areas),
                "before": None if before is None else _time(before[0]),
                "before_id": None if before is None else before[1],
                "limit": limit,
            },
        )
        return [row[0] for row in rows]

    def record_counts(self, areas: Areas) -> Sequence[Json]:
        """Count the records that stand in each state, by type."""
        rows = self._rows(
            """
            select type, state, count(*) from record r
            where not exists (select from record n
                              where n.id = r.id and (n.at, n.state) > (r.at, r.state))
              and (%(areas)s is null or area = any(%(areas)s::text[]))
            group by type, state order by type, state
            """,
            {"areas": _list(areas)},
        )
        return [{"type": type_, "state": state, "count": count} for type_, state, count in rows]

    def refused(
        self, areas: Areas, reason: str | None, before: int | None, limit: int
    ) -> Sequence[Json]:
        """Give refused input, newest first; its area is the topic's third segment."""
        rows = self._rows(
            f"""
            select id, {_MICROS.format("at")}, topic, reason, bytes, head from refused
            where (%(areas)s is null or split_part(topic, '/', 3) = any(%(areas)s::text[]))
              and (%(reason)s is null or reason = %(reason)s)
              and (%(before)s is null or id < %(before)s::bigint)
            order by id desc limit %(limit)s
            """,  # noqa: S608
            {"areas": _list(areas), "reason": reason, "before": before, "limit": limit},
        )
        return [
            {
                "id": str(number),
                "at": rfc3339(at),
                "topic": topic,
                "reason": why,
                "bytes": size,
                "head": head,
            }
            for number, at, topic, why, size, head in rows
        ]

    def audit(self, wanted: AuditFilter, before: int | None, limit: int) -> Sequence[Json]:
        """Give the audit trail, newest first; an action is named in full or by its first part."""
        rows = self._rows(
            f"""
            select seq, {_MICROS.format("at")}, who, action, subject, detail, hash from audit
            where (%(who)s is null or who = %(who)s)
              and (%(action)s is null or action = %(action)s
                   or split_part(action, '.', 1) = %(action)s)
              and (%(subject)s is null or subject = %(subject)s)
              and (%(start)s is null or at >= %(start)s::timestamptz)
              and (%(end)s is null or at <= %(end)s::timestamptz)
              and (%(before)s is null or seq < %(before)s::bigint)
            order by seq desc limit %(limit)s
            """,  # noqa: S608
            {
                "who": wanted.who,
                "action": wanted.action,
                "subject": wanted.subject,
                "start": _time(wanted.at.start),
                "end": _time(wanted.at.end),
                "before": before,
                "limit": limit,
            },
        )
        return [
            {
                "seq": seq,
                "at": rfc3339(at),
                "who": who,
                "action": action,
                "subject": subject,
                "detail": _object(detail),
                "hash": bytes(digest).hex(),
            }
            for seq, at, who, action, subject, detail, digest in rows
        ]

    def review(self, since: Instant, until: Instant, areas: Areas, limit: int) -> Mapping[str, Any]:
        """Give the alerts raised and cleared in between, and those open now, newest first.

        Each of the three comes with how many there are in all; at most ``limit`` are listed.
        """
        asked = {
            "since": _Moment(since),
            "until": _Moment(until),
            "areas": _list(areas),
            "limit": limit,
        }
        found: dict[str, Any] = {}
        for part, condition in _REVIEW.items():
            rows = self._rows(
                f"select body, count(*) over () from alert where {condition}"  # noqa: S608
                " and (%(areas)s is null or area = any(%(areas)s::text[]))"
                " order by raised_at desc, id desc limit %(limit)s",
                asked,
            )
            found[part] = [row[0] for row in rows]
            found[f"{part}_count"] = rows[0][1] if rows else 0
        return found

    def rule_counts(self, now: Instant) -> Mapping[str, Json]:
        """Count each rule's alerts, and what it would have raised in shadow, of a day and a week.

        Args:
            now: the site's time.
        """
        counted: dict[str, Json] = {}
        for prefix, table, at in (("", "alert", "raised_at"), ("shadow_", "shadow", "at")):
            rows = self._rows(
                f"select rule, count(*) filter (where {at} > %(day)s),"  # noqa: S608
                f" count(*) from {table} where {at} > %(week)s and {at} <= %(now)s group by rule",
                {"now": _Moment(now), "day": _Moment(now - DAY), "week": _Moment(now - 7 * DAY)},
            )
            for rule, day, week in rows:
                told = {f"{prefix}last_day": day, f"{prefix}last_week": week}
                counted.setdefault(rule, {}).update(told)
        return counted

    def _datastream(self, key: tuple[str, str]) -> int | None:
        rows = self._rows(
            "select id from datastream where thing = %(thing)s and name = %(name)s",
            {"thing": key[0], "name": key[1]},
        )
        return rows[0][0] if rows else None

    def _rows(self, sql: str, asked: Mapping[str, Any]) -> list[Any]:
        with self._pool.lease() as connection, connection.cursor() as cursor:
            cursor.execute(sql, asked)
            return cursor.fetchall()


class Bell:
    """Listens for ``NOTIFY ioc_event`` on a connection of its own.

    It only wakes: what was written is read from the log, so a missed ring costs a moment and
    never an event. With the database away it rests and rings nothing.
    """

    def __init__(self, connect: Callable[[], Connection]) -> None:
        """Prepare; the connection is opened by the thread that waits."""
        self._connect = connect
        self._connection: Connection | None = None
        self._closed = threading.Event()
        self._end, self._other_end = socket.socketpair()

    def wait(self, seconds: float) -> None:
        """Return when it rings, at the latest after ``seconds``."""
        connection = self._connection
        try:
            if connection is None:
                self._listen()
                return  # what was written before listening has not rung: look now
            readable, _, _ = select.select(
                [connection.fileno(), self._end.fileno()], [], [], seconds
            )
            if connection.fileno() in readable:
                connection.poll()
                connection.notifies.clear()
        except (psycopg2.Error, OSError, ValueError):
            self._drop()
            self._closed.wait(min(seconds, _RECONNECT_S))

    def wake(self) -> None:
        """Wake whoever waits, for good; from any thread."""
        self._closed.set()
        with contextlib.suppress(OSError):
            self._other_end.send(b"\0")

    def close(self) -> None:
        """Let go of the connection, once nobody waits any more."""
        self._drop()
        self._end.close()
        self._other_end.close()

    def _listen(self) -> None:
        connection = self._connect()
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("listen ioc_event")
        self._connection = connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(psycopg2.Error):
                connection.close()


_THINGS: Final = """
    select body, status, described, origin, area, kind,
           array(select name from datastream where thing = t.id order by name)
    from thing t
    where (%(areas)s is null or area = any(%(areas)s::text[]))
      and (%(kind)s is null or kind = %(kind)s)
      and id > %(after)s
    order by id limit %(limit)s
"""

_REVIEW: Final = {
    "raised": "raised_at > %(since)s and raised_at <= %(until)s",
    "cleared": "(body->>'cleared_at')::timestamptz > %(since)s"
    " and (body->>'cleared_at')::timestamptz <= %(until)s",
    "open": "closed_at is null",
}


@dataclass(frozen=True, slots=True)
class _Moment:
    """An instant as a typed literal, where a bare string would not tell the server its type."""

    at: Instant

    def __conform__(self, _: object) -> "_Moment":
        """Tell psycopg2 that it can write itself."""
        return self

    def getquoted(self) -> bytes:
        """Write the literal."""
        return f"timestamptz '{rfc3339(self.at)}'".encode()


def _thing(  # noqa: PLR0913 - the columns
    body: Json,
    status: str,
    described: bool,
    origin: str,
    area: str,
    kind: str,
    names: list[str],
) -> Json:
    """Join a thing's columns with its body; an undescribed one has whatever it has sent."""
    thing = {
        **body,
        "status": status,
        "described": described,
        "origin": origin,
        "area": area,
        "kind": kind,
    }
    if not described:
        told = {datastream["name"] for datastream in thing.get("datastreams", ())}
        thing["datastreams"] = [
            *thing.get("datastreams", ()),
            *({"name": name, "unit": "", "period": None} for name in names if name not in told),
        ]
    return thing


def _time(at: Instant | None) -> str | None:
    return None if at is None else rfc3339(at)


def _object(text: str) -> Json:
    """Read what should be the text of an object; somebody may have been at it."""
    with contextlib.suppress(orjson.JSONDecodeError):
        told = orjson.loads(text)
        if isinstance(told, dict):
            return told
    return {"text": text}


def _list(values: Collection[Any] | None) -> list[Any] | None:
    return None if values is None else sorted(values)


def _condition(active: bool | None) -> str | None:
    if active is None:
        return None
    return "active" if active else "cleared"
