"""What supervisors ask of what is kept: how the alert system does, and what people were told."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from ioc.core.alerts import Alert
from ioc.core.words import Instant, rfc3339
from ioc.store.pool import Pool

Json = dict[str, Any]

_MICROS: Final = "(extract(epoch from {}) * 1000000)::bigint"


class Oversight:
    """Reads the database of one centre; see `ioc.http.ports.Oversight`."""

    def __init__(self, pool: Pool) -> None:
        """Read through a pool; the database has been migrated."""
        self._pool = pool

    def alerts_within(
        self, start: Instant, end: Instant, areas: Collection[str] | None, limit: int
    ) -> list[Alert]:
        """Give the alerts that were open at some time in between, newest first."""
        rows = self._rows(
            "select body from alert where raised_at < %s"
            " and (closed_at is null or closed_at >= %s)"
            " and (%s::text[] is null or area = any(%s::text[]))"
            " order by raised_at desc, id desc limit %s",
            (rfc3339(end), rfc3339(start), *[_list(areas)] * 2, limit),
        )
        return [Alert.from_json(body) for (body,) in rows]

    def notifications(
        self,
        areas: Collection[str] | None,
        state: str | None,
        incident: str | None,
        before: int | None,
        limit: int,
    ) -> Sequence[Json]:
        """Give messages about incidents of areas, newest first, behind a place in that order."""
        rows = self._rows(
            f"select id, incident, task, mark, term, people, route, level, turn, role, channel,"  # noqa: S608
            f" state, tries, error, {_MICROS.format('created_at')}, {_MICROS.format('due_at')},"
            f" {_MICROS.format('settled_at')}, body from notification"
            " where (%(areas)s is null or incident in"
            " (select i.id from incident i where i.area = any(%(areas)s::text[]))"
            " or task in (select t.id from task t where t.area = any(%(areas)s::text[])))"
            " and (%(state)s is null or state = %(state)s)"
            " and (%(incident)s is null or incident = %(incident)s)"
            " and (%(before)s is null or id < %(before)s::bigint)"
            " order by id desc limit %(limit)s",
            {
                "areas": _list(areas),
                "state": state,
                "incident": incident,
                "before": before,
                "limit": limit,
            },
        )
        return [_notification(*row) for row in rows]

    def _rows(self, sql: str, asked: Sequence[Any] | Mapping[str, Any]) -> list[Any]:
        with self._pool.lease() as connection, connection.cursor() as cursor:
            cursor.execute(sql, asked)
            return cursor.fetchall()


def _notification(  # noqa: PLR0913 - the columns
    number: int,
    incident: str | None,
    task: str | None,
    mark: str,
    term: str,
    people: Sequence[str],
    route: str,
    level: int,
    turn: int,
    role: str,
    to: str,
    state: str,
    tries: int,
    error: str | None,
    created: Instant,
    due: Instant,
    settled: Instant | None,
    body: Json | None,
) -> Json:
    said = body or {}
    return {
        "id": str(number),
        "incident": incident,
        "task": task,
        "mark": mark,
        "term": term,
        "people": list(people),
        "route": route,
        "level": level,
        "turn": turn,
        "role": role,
        "to": to,
        "state": state,
        "tries": tries,
        "error": error,
        "created_at": rfc3339(created),
        "due_at": rfc3339(due),
        "settled_at": None if settled is None else rfc3339(settled),
        "title": said.get("title"),
        "body": said.get("body"),
        "alerts": said.get("alerts", []),
    }


def _list(values: Collection[str] | None) -> list[str] | None:
    return None if values is None else sorted(values)
