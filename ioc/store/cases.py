"""Incidents and tasks in a transaction: read under a lock, kept with their event.

Rows are locked in one order everywhere, or two would wait for each other: alerts, incidents,
tasks, and the log last.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import orjson
from psycopg2.extras import execute_values

from ioc.centre.ports import Event, Gathered, GatheredAlert
from ioc.core.history import written
from ioc.core.incidents import Incident
from ioc.core.quiet import Window
from ioc.core.tasks import Task
from ioc.core.words import Instant, Text, rfc3339
from ioc.store.outbox import OutboxTransaction


class CaseTransaction(OutboxTransaction):
    """See `ioc.centre.ports.Transaction`: its part for what people handle."""

    def incident(self, incident_id: str) -> Incident | None:
        """Give one incident, locked until the end."""
        found = self.incidents([incident_id])
        return found[0] if found else None

    def incidents(self, ids: Collection[str]) -> list[Incident]:
        """Give incidents by id, locked until the end."""
        return self._incidents("id = any(%s)", sorted(ids))

    def open_incidents(self) -> list[Incident]:
        """Give the incidents that are not closed, locked until the end."""
        return self._incidents("closed_at is null")

    def gathered(self, first: Instant, last: Instant) -> list[Gathered]:
        """Give the open incidents with an alert raised in between, locked until the end."""
        self._cursor.execute(
            "select distinct body ->> 'incident' from alert where raised_at between %s and %s"
            " and body ->> 'incident' is not null",
            (rfc3339(first), rfc3339(last)),
        )
        near = self.incidents([incident for (incident,) in self._cursor.fetchall()])
        standing = [one for one in near if one.closed_at is None]
        self._cursor.execute(
            "select id, thing, (extract(epoch from raised_at) * 1000000)::bigint, area,"
            " body -> 'message' from alert where id = any(%s)",
            ([alert for one in standing for alert in one.alerts],),
        )
        known = {
            alert: GatheredAlert(alert, thing, at, area, Text(**message))
            for alert, thing, at, area, message in self._cursor.fetchall()
        }
        return [
            Gathered(one, [known[alert] for alert in one.alerts if alert in known])
            for one in standing
        ]

    def due_incidents(self, now: Instant) -> list[Incident]:
        """Give the incidents a mark of whose time is reached, locked until the end."""
        return self._incidents("next_mark <= %s", rfc3339(now))

    def save_incidents(self, incidents: Sequence[Incident], at: Instant) -> list[Incident]:
        """Keep incidents and tell of them; returns them with their ``seq``."""
        if not incidents:
            return []
        self._audit_steps("incident", incidents)
        seqs = self._draw(len(incidents))
        told = [replace(one, seq=seq) for one, seq in zip(incidents, seqs, strict=True)]
        events = [Event("incident", one.id, one.area, one.to_json()) for one in told]
        execute_values(
            self._cursor,
            "insert into incident (id, seq, state, severity, area, owner, due, next_mark,"
            " received_at, closed_at, body) values %s on conflict (id) do update set"
            " seq = excluded.seq, state = excluded.state, severity = excluded.severity,"
            " area = excluded.area, owner = excluded.owner, due = excluded.due,"
            " next_mark = excluded.next_mark, closed_at = excluded.closed_at,"
            " body = excluded.body",
            [
                (
                    one.id,
                    one.seq,
                    one.state.value,
                    int(one.severity),
                    one.area,
                    one.owner,
                    written(one.due),
                    written(one.next_mark),
                    rfc3339(one.received_at),
                    written(one.closed_at),
                    orjson.dumps(event.body).decode(),
                )
                for one, event in zip(told, events, strict=True)
            ],
        )
        self._log(seqs, events, at)
        return told

    def task(self, task_id: str) -> Task | None:
        """Give one task, locked until the end."""
        found = self._tasks("id = %s", task_id)
        return found[0] if found else None

    def due_tasks(self, now: Instant) -> list[Task]:
        """Give the tasks a mark of whose time is reached, locked until the end."""
        return self._tasks("next_mark <= %s", rfc3339(now))

    def save_tasks(self, tasks: Sequence[Task], at: Instant) -> list[Task]:
        """Keep tasks and tell of them; returns them with their ``seq``."""
        if not tasks:
            return []
        self._audit_steps("task", tasks)
        seqs = self._draw(len(tasks))
        told = [replace(one, seq=seq) for one, seq in zip(tasks, seqs, strict=True)]
        events = [Event("task", one.id, one.area, one.to_json()) for one in told]
        execute_values(
            self._cursor,
            "insert into task (id, seq, incident, state, area, owner, due, next_mark, given_at,"
            " closed_at, body) values %s on conflict (id) do update set seq = excluded.seq,"
            " state = excluded.state, owner = excluded.owner, due = excluded.due,"
            " next_mark = excluded.next_mark, closed_at = excluded.closed_at,"
            " body = excluded.body",
            [
                (
                    one.id,
                    one.seq,
                    one.incident,
                    one.state.value,
                    one.area,
                    one.owner,
                    rfc3339(one.due),
                    written(one.next_mark),
                    rfc3339(one.given_at),
                    written(one.closed_at),
                    orjson.dumps(event.body).decode(),
                )
                for one, event in zip(told, events, strict=True)
            ],
        )
        self._log(seqs, events, at)
        return told

    def windows(self, now: Instant) -> list[Window]:
        """Give the maintenance windows that are not over."""
        self._cursor.execute(
            "select body from maintenance where not cancelled and ends > %s order by id",
            (rfc3339(now),),
        )
        return [Window.from_json(body) for (body,) in self._cursor.fetchall()]

    def window(self, window_id: str) -> Window | None:
        """Give one maintenance window, locked until the end."""
        self._cursor.execute("select body from maintenance where id = %s for update", (window_id,))
        found = self._cursor.fetchone()
        return None if found is None else Window.from_json(found[0])

    def save_window(self, window: Window) -> None:
        """Keep a maintenance window."""
        self._cursor.execute(
            "insert into maintenance (id, starts, ends, cancelled, body)"
            " values (%s, %s, %s, %s, %s) on conflict (id) do update set"
            " ends = excluded.ends, cancelled = excluded.cancelled, body = excluded.body",
            (
                window.id,
                rfc3339(window.starts),
                rfc3339(window.ends),
                window.cancelled,
                orjson.dumps(window.to_json()).decode(),
            ),
        )

    def answered(self, by: str, request: str, at: Instant) -> dict[str, Any] | None:
        """Give the answer a request has had already, or claim the request and give None.

        Args:
            by: who asks; two people's numbers are two requests.
            request: its number.
            at: real time.
        """
        self._cursor.execute(
            "insert into request (by, id, at) values (%s, %s, %s) on conflict do nothing",
            (by, request, rfc3339(at)),
        )
        if self._cursor.rowcount:
            return None
        self._cursor.execute("select answer from request where by = %s and id = %s", (by, request))
        ((answer,),) = self._cursor.fetchall()
        found: dict[str, Any] = answer
        return found

    def answer(self, by: str, request: str, answer: dict[str, Any]) -> None:
        """Keep the answer of a request that was claimed in this transaction."""
        self._cursor.execute(
            "update request set answer = %s where by = %s and id = %s",
            (orjson.dumps(answer).decode(), by, request),
        )

    def _incidents(self, where: str, *asked: object) -> list[Incident]:
        self._cursor.execute(
            f"select body from incident where {where} order by id for update",  # noqa: S608
            asked,
        )
        return [Incident.from_json(body) for (body,) in self._cursor.fetchall()]

    def _tasks(self, where: str, *asked: object) -> list[Task]:
        self._cursor.execute(
            f"select body from task where {where} order by id for update",  # noqa: S608
            asked,
        )
        return [Task.from_json(body) for (body,) in self._cursor.fetchall()]
