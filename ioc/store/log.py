"""The event log's writing side, which every transaction that concludes something stands on.

``seq`` is drawn under one advisory lock that is held to the commit. Whoever draws later commits
later, so the log grows at its end only, and a reader that has seen ``seq`` N has seen everything
up to N (docs/decisions/0004).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

import orjson
from psycopg2.extras import execute_values

from ioc.centre.ports import Event
from ioc.core import audit
from ioc.core.history import Entry
from ioc.core.words import Instant, rfc3339
from ioc.store.connection import Connection
from ioc.store.trail import EVENT_LOCK, append

CHANNEL: Final = "ioc_event"


class Stepped(Protocol):
    """Whatever has a history of steps."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def version(self) -> int:
        """Raised by each step."""

    @property
    def steps(self) -> tuple[Entry, ...]:
        """Its whole history, oldest first."""

    @property
    def reason(self) -> str | None:
        """Why it was closed."""


class LogTransaction:
    """Writes events, and the audit trail, through an open transaction."""

    def __init__(self, connection: Connection) -> None:
        """Write through an open transaction."""
        self._connection = connection
        self._cursor = connection.cursor()
        self._audited: list[audit.Entry] = []

    def audit(self, who: str, action: str, subject: str, detail: Mapping[str, Any]) -> None:
        """Put a step into the audit trail; kept, in this order, with the rest or not at all."""
        self._audited.append(audit.entry(who, action, subject, detail))

    def finish(self) -> None:
        """Write what waited for the end: the audit trail is locked as briefly as can be."""
        append(self._cursor, self._audited)
        self._audited.clear()

    def _audit_steps(self, table: str, ones: Sequence[Stepped]) -> None:
        """Put every step that is new into the trail: here no step can pass by it."""
        self._cursor.execute(
            "select id, jsonb_array_length(body -> 'steps')"  # noqa: S608 - our own words
            f" from {table} where id = any(%s)",
            ([one.id for one in ones],),
        )
        known: dict[str, int] = dict(self._cursor.fetchall())
        for one in ones:
            for done in one.steps[known.get(one.id, 0) :]:
                detail = {"at": rfc3339(done.at), "note": done.note, "version": one.version}
                if one.reason is not None:
                    detail["reason"] = str(one.reason)
                self.audit(done.by, f"{table}.{done.step}", one.id, detail)

    def tell(self, events: Sequence[Event], at: Instant) -> list[int]:
        """Put events into the log; returns their numbers, in the order of commit."""
        if not events:
            return []
        seqs = self._draw(len(events))
        self._log(seqs, events, at)
        return seqs

    def _draw(self, count: int) -> list[int]:
        self._cursor.execute("select pg_advisory_xact_lock(%s)", (EVENT_LOCK,))
        self._cursor.execute("select nextval('event_seq') from generate_series(1, %s)", (count,))
        return [seq for (seq,) in self._cursor.fetchall()]

    def _log(self, seqs: Sequence[int], events: Sequence[Event], at: Instant) -> None:
        if not seqs:
            return
        execute_values(
            self._cursor,
            "insert into event (seq, at, kind, subject, area, body) values %s",
            [
                (
                    seq,
                    rfc3339(at),
                    event.kind,
                    event.subject,
                    event.area,
                    orjson.dumps(event.body).decode(),
                )
                for seq, event in zip(seqs, events, strict=True)
            ],
        )
        self._cursor.execute(f"notify {CHANNEL}")
