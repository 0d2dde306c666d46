"""What others may read of incidents, tasks and maintenance: one question, one statement.

A filter that is not used is handed over as null, as in `ioc.store.archive`.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, Protocol

from ioc.core.words import Instant, rfc3339
from ioc.store.pool import Pool

Json = dict[str, Any]

ORDERS: Final[Mapping[str, str]] = {"incident": "received_at", "task": "given_at"}

REACH: Final = """
    (case when %(agency)s is null
          then %(areas)s is null or area = any(%(areas)s::text[])
          else owner = %(agency)s or (%(areas)s is not null and area = any(%(areas)s::text[]))
     end)
"""
"""Somebody bound to an agency reaches what it owes, and what lies in their own areas."""


_REVIEW: Final[Mapping[str, str]] = {
    "assigned": "(body ->> 'given_at')::timestamptz > %(since)s::timestamptz"
    " and (body ->> 'given_at')::timestamptz <= %(until)s::timestamptz",
    "late": "closed_at is null and (body ->> 'late')::boolean",
    "open": "closed_at is null",
}


class CaseFilter(Protocol):
    """Which incidents or tasks: every part that is not None narrows."""

    @property
    def state(self) -> str | None:
        """A state."""

    @property
    def open(self) -> bool | None:
        """True for those not closed."""

    @property
    def areas(self) -> Collection[str] | None:
        """Areas."""

    @property
    def agency(self) -> str | None:
        """The agency somebody is bound to."""

    @property
    def owner(self) -> str | None:
        """Who owes it."""

    @property
    def late(self) -> bool | None:
        """Whether it is late."""


class Casebook:
    """Reads what people handle."""

    def __init__(self, pool: Pool) -> None:
        """Read through a pool; the database has been migrated."""
        self._pool = pool

    def many(
        self, kind: str, wanted: CaseFilter, before: tuple[Instant, str] | None, limit: int
    ) -> Sequence[Json]:
        """Give incidents or tasks, newest first, behind a place in that order."""
        order = ORDERS[kind]
        return self._bodies(
            f"""
            select body from {kind}
            where {REACH}
              and (%(state)s is null or state = %(state)s)
              and (%(open)s is null or (closed_at is null) = %(open)s)
              and (%(owner)s is null or owner = %(owner)s)
              and (%(late)s is null or (body ->> 'late')::boolean = %(late)s)
              and (%(before)s is null
                   or ({order}, id) < (%(before)s::timestamptz, %(before_id)s))
            order by {order} desc, id desc limit %(limit)s
            """,  # noqa: S608 - our own words
            {
                "state": wanted.state,
                "open": wanted.open,
                "owner": wanted.owner,
                "late": wanted.late,
                "areas": None if wanted.areas is None else sorted(wanted.areas),
                "agency": wanted.agency,
                "before": None if before is None else rfc3339(before[0]),
                "before_id": None if before is None else before[1],
                "limit": limit,
            },
        )

    def one(self, kind: str, id_: str) -> Json | None:
        """Give one incident or task."""
        found = self._bodies(
            f"select body from {_known(kind)} where id = %(id)s",  # noqa: S608 - our own words
            {"id": id_},
        )
        return found[0] if found else None

    def review(
        self, since: Instant, until: Instant, areas: Collection[str] | None, limit: int
    ) -> Mapping[str, Any]:
        """Give the incidents and tasks assigned in between, those late, and those open.

        Each part comes with how many there are in all; at most ``limit`` of a kind are listed.
        """
        asked = {
            "since": rfc3339(since),
            "until": rfc3339(until),
            "areas": None if areas is None else sorted(areas),
            "limit": limit,
        }
        found: dict[str, Any] = {}
        for part, condition in _REVIEW.items():
            for kind in ORDERS:
                rows = self._rows(
                    f"""
                    select body, count(*) over () from {kind} where {condition}
                      and (%(areas)s is null or area = any(%(areas)s::text[]))
                    order by {ORDERS[kind]} desc, id desc limit %(limit)s
                    """,  # noqa: S608 - our own words
                    asked,
                )
                found.setdefault(part, []).extend({"kind": kind, **row[0]} for row in rows)
                name = f"{part}_count"
                found[name] = found.get(name, 0) + (rows[0][1] if rows else 0)
        return found

    def record(self, id_: str) -> Json | None:
        """Give a record as it was at its first step: from there the law counts."""
        found = self._bodies(
            "select body from record where id = %(id)s order by at limit 1", {"id": id_}
        )
        return found[0] if found else None

    def windows(
        self,
        areas: Collection[str] | None,
        now: Instant | None,
        before: tuple[Instant, str] | None,
        limit: int,
    ) -> Sequence[Json]:
        """Give maintenance windows, the last to begin first; with ``now`` those not over."""
        return self._bodies(
            """
            select body from maintenance
            where (%(areas)s is null or coalesce(body ->> 'area', 'province') = 'province'
                   or body ->> 'area' = any(%(areas)s::text[]))
              and (%(now)s is null or (ends > %(now)s::timestamptz and not cancelled))
              and (%(before)s is null
                   or (starts, id) < (%(before)s::timestamptz, %(before_id)s))
            order by starts desc, id desc limit %(limit)s
            """,
            {
                "areas": None if areas is None else sorted(areas),
                "now": None if now is None else rfc3339(now),
                "before": None if before is None else rfc3339(before[0]),
                "before_id": None if before is None else before[1],
                "limit": limit,
            },
        )

    def window(self, id_: str) -> Json | None:
        """Give one maintenance window."""
        found = self._bodies("select body from maintenance where id = %(id)s", {"id": id_})
        return found[0] if found else None

    def _bodies(self, sql: str, asked: Mapping[str, Any]) -> list[Json]:
        return [body for (body,) in self._rows(sql, asked)]

    def _rows(self, sql: str, asked: Mapping[str, Any]) -> list[Any]:
        with self._pool.lease() as connection, connection.cursor() as cursor:
            cursor.execute(sql, asked)
            return cursor.fetchall()


def _known(kind: str) -> str:
    if kind not in ORDERS:
        raise ValueError(kind)
    return kind
