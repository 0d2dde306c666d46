"""Shifts, handovers and telephone numbers: written in a transaction, read through a pool."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson

from ioc.core.duty import Handover, Shift
from ioc.core.words import Instant, instant, rfc3339
from ioc.store.log import LogTransaction
from ioc.store.pool import Pool

Json = dict[str, Any]


class DutyTransaction(LogTransaction):
    """See `ioc.centre.ports.Transaction`: its part for who is on duty."""

    def save_shift(self, shift: Shift) -> None:
        """Keep a shift."""
        self._cursor.execute(
            "insert into shift (id, area, starts, ends, body) values (%s, %s, %s, %s, %s)",
            (
                shift.id,
                shift.area,
                rfc3339(shift.starts),
                rfc3339(shift.ends),
                orjson.dumps(shift.to_json()).decode(),
            ),
        )

    def remove_shift(self, shift_id: str) -> bool:
        """Take a shift away; tell whether there was one."""
        self._cursor.execute("delete from shift where id = %s", (shift_id,))
        return self._cursor.rowcount > 0

    def save_contact(self, contact_id: str, area: str, body: Mapping[str, Any]) -> None:
        """Keep a telephone number."""
        self._cursor.execute(
            "insert into contact (id, area, body) values (%s, %s, %s)"
            " on conflict (id) do update set area = excluded.area, body = excluded.body",
            (contact_id, area, orjson.dumps(body).decode()),
        )

    def remove_contact(self, contact_id: str) -> bool:
        """Take a telephone number away; tell whether there was one."""
        self._cursor.execute("delete from contact where id = %s", (contact_id,))
        return self._cursor.rowcount > 0

    def handover(self, handover_id: str) -> Handover | None:
        """Give one handover, locked until the end."""
        self._cursor.execute("select body from handover where id = %s for update", (handover_id,))
        found = self._cursor.fetchone()
        return None if found is None else Handover.from_json(found[0])

    def save_handover(self, handover: Handover) -> None:
        """Keep a handover."""
        self._cursor.execute(
            "insert into handover (id, at, body) values (%s, %s, %s)"
            " on conflict (id) do update set body = excluded.body",
            (handover.id, rfc3339(handover.at), orjson.dumps(handover.to_json()).decode()),
        )

    def looked(self, username: str, at: Instant) -> None:
        """Remember when somebody looked; never an earlier time than before."""
        self._cursor.execute(
            "insert into looked values (%s, %s) on conflict (username) do update"
            " set at = greatest(looked.at, excluded.at)",
            (username, rfc3339(at)),
        )


class Rota:
    """Reads who is on duty."""

    def __init__(self, pool: Pool) -> None:
        """Read through a pool; the database has been migrated."""
        self._pool = pool

    def shifts(
        self, first: Instant, last: Instant, areas: Collection[str] | None, limit: int
    ) -> Sequence[Json]:
        """Give the shifts that touch a stretch of time, the first to begin first."""
        return self._bodies(
            "select body from shift where starts <= %(last)s::timestamptz"
            " and ends > %(first)s::timestamptz"
            " and (%(areas)s is null or area = 'province' or area = any(%(areas)s::text[]))"
            " order by starts, id limit %(limit)s",
            {
                "first": rfc3339(first),
                "last": rfc3339(last),
                "areas": None if areas is None else sorted(areas),
                "limit": limit,
            },
        )

    def shift(self, shift_id: str) -> Json | None:
        """Give one shift."""
        found = self._bodies("select body from shift where id = %(id)s", {"id": shift_id})
        return found[0] if found else None

    def contacts(self, areas: Collection[str] | None, limit: int) -> Sequence[Json]:
        """Give the telephone numbers, by id."""
        return self._bodies(
            "select body from contact"
            " where %(areas)s is null or area = 'province' or area = any(%(areas)s::text[])"
            " order by id limit %(limit)s",
            {"areas": None if areas is None else sorted(areas), "limit": limit},
        )

    def contact(self, contact_id: str) -> Json | None:
        """Give one telephone number."""
        found = self._bodies("select body from contact where id = %(id)s", {"id": contact_id})
        return found[0] if found else None

    def handovers(self, areas: Collection[str] | None, limit: int) -> Sequence[Json]:
        """Give handovers, the newest first."""
        return self._bodies(
            "select body from handover"
            " where %(areas)s is null or body ->> 'area' = 'province'"
            " or body ->> 'area' = any(%(areas)s::text[])"
            " order by at desc, id desc limit %(limit)s",
            {"areas": None if areas is None else sorted(areas), "limit": limit},
        )

    def counts(self, areas: Collection[str] | None) -> dict[str, int]:
        """Count what is open, and what of it is late."""
        asked = {"areas": None if areas is None else sorted(areas)}
        inside = "(%(areas)s is null or area = any(%(areas)s::text[]))"
        with self._pool.lease() as connection, connection.cursor() as cursor:
            cursor.execute(
                f"""
                select (select count(*) from alert where closed_at is null and {inside}),
                       (select count(*) from incident where closed_at is null and {inside}),
                       (select count(*) from task where closed_at is null and {inside}),
                       (select count(*) from incident where closed_at is null and {inside}
                           and (body ->> 'late')::boolean)
                     + (select count(*) from task where closed_at is null and {inside}
                           and (body ->> 'late')::boolean)
                """,  # noqa: S608 - our own words
                asked,
            )
            [row] = cursor.fetchall()
        return dict(zip(("alerts", "incidents", "tasks", "late"), row, strict=True))

    def last_look(self, username: str) -> Instant | None:
        """Tell when somebody last looked."""
        with self._pool.lease() as connection, connection.cursor() as cursor:
            cursor.execute("select at from looked where username = %s", (username,))
            found = cursor.fetchone()
        return None if found is None else instant(found[0].isoformat())

    def _bodies(self, sql: str, asked: Mapping[str, Any]) -> list[Json]:
        with self._pool.lease() as connection, connection.cursor() as cursor:
            cursor.execute(sql, asked)
            return [body for (body,) in cursor.fetchall()]
