"""Briefs: what they are made of, read in one transaction, and what was made, kept."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import orjson
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - psycopg2's own name is lower case
from psycopg2.extras import execute_values

from ioc.core.alerts import Alert
from ioc.core.brief import Found, Reading
from ioc.core.incidents import Incident
from ioc.core.tasks import Task
from ioc.core.words import Instant, instant, rfc3339
from ioc.store.log import LogTransaction
from ioc.store.pool import Pool

Json = dict[str, Any]

_MOST: Final = 50_000
_MICROS: Final = "(extract(epoch from {}) * 1000000)::bigint"
_FRESH: Final = "4 hours"
"""An indicator's value is believed for so long: trends of the past have a point every three."""

_INSIDE: Final = "(%(areas)s::text[] is null or area = any(%(areas)s::text[]))"


class BriefTransaction(LogTransaction):
    """See `ioc.centre.ports.Transaction`: its part for briefs."""

    def save_brief(self, body: Mapping[str, Any], *, scheduled: bool) -> bool:
        """Keep a brief; tell whether there was none of that id yet. The first one stands."""
        self._cursor.execute(
            "insert into brief (id, kind, area, starts, ends, scheduled, body)"
            " values (%s, %s, %s, %s, %s, %s, %s) on conflict (id) do nothing",
            (
                body["id"],
                body["kind"],
                body["area"],
                *body["period"],
                scheduled,
                orjson.dumps(body).decode(),
            ),
        )
        return self._cursor.rowcount > 0


class Briefs:
    """Reads what briefs are made of, and the briefs."""

    def __init__(self, pool: Pool) -> None:
        """Read through a pool; the database has been migrated."""
        self._pool = pool

    def found(
        self,
        stretch: tuple[Instant, Instant],
        since: Instant,
        areas: Collection[str] | None,
        area: str,
        asked: Mapping[str, Sequence[Instant]],
    ) -> Found:
        """Read what is kept of a stretch of time.

        Args:
            stretch: its start and its end.
            since: the start of the one before it.
            areas: None for all.
            area: whose indicators.
            asked: by indicator, the instants it is asked for.
        """
        args = {
            "start": rfc3339(stretch[0]),
            "end": rfc3339(stretch[1]),
            "since": rfc3339(since),
            "areas": None if areas is None else sorted(areas),
            "most": _MOST,
        }
        with self._reading() as cursor:
            return Found(
                alerts=[Alert.from_json(one) for one in _open(cursor, "alert", "raised_at", args)],
                incidents=[
                    Incident.from_json(one)
                    for one in _open(cursor, "incident", "received_at", args)
                ],
                tasks=[Task.from_json(one) for one in _open(cursor, "task", "given_at", args)],
                readings=_readings(cursor, area, asked),
                shifts=_bodies(
                    cursor,
                    "select body from shift where starts < %(end)s::timestamptz"  # noqa: S608
                    " and ends > %(start)s::timestamptz and (area = 'province' or"
                    f" {_INSIDE}) order by starts, id limit 100",
                    args,
                ),
                handovers=_bodies(
                    cursor,
                    "select body from handover where at >= %(start)s::timestamptz"
                    " and at < %(end)s::timestamptz and (%(areas)s::text[] is null"
                    " or body ->> 'area' = any(%(areas)s::text[])) order by at, id limit 100",
                    args,
                ),
            )

    def made(self) -> Mapping[str, Instant]:
        """Give the end of the newest scheduled brief of each kind."""
        with self._pool.lease() as connection, connection.cursor() as cursor:
            cursor.execute(
                f"select kind, {_MICROS.format('max(ends)')} from brief where scheduled"  # noqa: S608
                " group by kind"
            )
            return dict(cursor.fetchall())

    def many(
        self,
        kind: str | None,
        areas: Collection[str] | None,
        before: tuple[Instant, str] | None,
        limit: int,
    ) -> Sequence[Json]:
        """Give the heads of briefs, newest first, behind a place in that order."""
        asked = {
            "kind": kind,
            "areas": None if areas is None else sorted(areas),
            "at": None if before is None else rfc3339(before[0]),
            "id": None if before is None else before[1],
            "limit": limit,
        }
        sql = f"""
            select body - 'alerts' - 'incidents' - 'tasks' - 'sections' - 'shifts' - 'handovers'
                || jsonb_build_object('scheduled', scheduled)
            from brief
            where (%(kind)s::text is null or kind = %(kind)s) and {_INSIDE}
              and (%(at)s::text is null or (ends, id) < (%(at)s::timestamptz, %(id)s))
            order by ends desc, id desc limit %(limit)s
            """  # noqa: S608 - our own words
        with self._pool.lease() as connection, connection.cursor() as cursor:
            return _bodies(cursor, sql, asked)

    def one(self, id_: str) -> Json | None:
        """Give one brief."""
        with self._pool.lease() as connection, connection.cursor() as cursor:
            found = _bodies(cursor, "select body from brief where id = %(id)s", {"id": id_})
        return found[0] if found else None

    @contextmanager
    def _reading(self) -> Iterator[Cursor]:
        """Read everything as of one moment."""
        with self._pool.lease() as connection, connection.cursor() as cursor:
            cursor.execute("begin isolation level repeatable read read only")
            try:
                yield cursor
            finally:
                cursor.execute("rollback")


def _open(cursor: Cursor, table: str, began: str, args: Mapping[str, Any]) -> list[Json]:
    """Give what was open at some time of both stretches, the newest first."""
    return _bodies(
        cursor,
        f"select body from {table} where {began} < %(end)s::timestamptz"  # noqa: S608
        " and (closed_at is null or closed_at >= %(since)s::timestamptz)"
        f" and {_INSIDE} order by {began} desc, id limit %(most)s",
        args,
    )


def _readings(
    cursor: Cursor, area: str, asked: Mapping[str, Sequence[Instant]]
) -> dict[str, Reading]:
    """Give each indicator's value at each instant it is asked for."""
    cursor.execute(
        "select id, body from indicator where area = %s and id = any(%s)", (area, list(asked))
    )
    bodies = dict(cursor.fetchall())
    values: dict[str, dict[Instant, tuple[float | None, float]]] = {id_: {} for id_ in bodies}
    wanted = [(id_, at, rfc3339(at)) for id_ in bodies for at in dict.fromkeys(asked[id_])]
    found = execute_values(
        cursor,
        cursor.mogrify(
            "select w.id, w.asked, v.value, v.coverage from (values %%s) as w (id, asked, at)"  # noqa: S608
            " cross join lateral (select value, coverage from indicator_value i"
            " where i.id = w.id and i.area = %s and i.at <= w.at::timestamptz"
            f" and i.at > w.at::timestamptz - interval '{_FRESH}'"
            " order by i.at desc limit 1) v",
            (area,),
        ).decode(),
        wanted,
        page_size=max(1, len(wanted)),
        fetch=True,
    )
    for id_, at, value, coverage in found:
        values[id_][at] = value, coverage
    return {id_: Reading(bodies[id_], values[id_]) for id_ in bodies}


def _bodies(cursor: Cursor, sql: str, args: Mapping[str, Any]) -> list[Json]:
    cursor.execute(sql, args)
    return [body for (body,) in cursor.fetchall()]


def place_of(brief: Mapping[str, Any]) -> tuple[Instant, str]:
    """Give a brief's place in the list."""
    return instant(brief["period"][1]), brief["id"]
