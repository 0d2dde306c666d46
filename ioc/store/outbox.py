"""Messages that are owed to people: put down with what they are about, taken up when it is time."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from ioc.centre.ports import Due, Settled
from ioc.core.alerts import Alert
from ioc.core.incidents import Incident
from ioc.core.telling import Fate, Notice
from ioc.core.words import SECOND, Instant, rfc3339
from ioc.store.log import LogTransaction

_OWE = """
    insert into notification
        (incident, route, level, turn, role, channel, created_at, due_at, state)
    select %(incident)s, %(route)s, %(level)s, coalesce(max(turn) + 1, 0), %(role)s, %(channel)s,
        %(now)s, greatest(%(due)s::timestamptz,
            max(settled_at) filter (where state in ('sent', 'recorded'))
            + %(window)s * interval '1 second'), 'waiting'
    from notification
    where incident = %(incident)s and route = %(route)s and level = %(level)s
    on conflict (incident, route, level) where state = 'waiting'
    do update set due_at = least(notification.due_at, excluded.due_at)
"""


class OutboxTransaction(LogTransaction):
    """See `ioc.centre.ports.Transaction`: its part for what people are told."""

    def owe(self, notices: Sequence[Notice], now: Instant) -> None:
        """Put down messages that are owed; one that waits already comes no later than before."""
        for notice in notices:
            self._cursor.execute(
                _OWE,
                {
                    "incident": notice.incident,
                    "route": notice.route,
                    "level": notice.level,
                    "role": notice.role,
                    "channel": notice.to,
                    "now": rfc3339(now),
                    "due": rfc3339(notice.due),
                    "window": notice.window / SECOND,
                },
            )

    def due_messages(self, now: Instant, limit: int) -> list[Due]:
        """Give the messages whose time has come, those due first at first."""
        self._cursor.execute(
            "select n.id, n.route, n.level, n.turn, n.role, n.channel, n.tries, i.body,"
            " (select coalesce(jsonb_agg(a.body order by a.severity desc, a.raised_at), '[]')"
            "  from alert a where a.id in (select jsonb_array_elements_text(i.body -> 'alerts')))"
            " from notification n join incident i on i.id = n.incident"
            " where n.state = 'waiting' and n.due_at <= %s order by n.due_at, n.id limit %s",
            (rfc3339(now), limit),
        )
        return [
            Due(*row[:7], Incident.from_json(row[7]), _alerts(row[8]))  # type: ignore[call-arg]
            for row in self._cursor.fetchall()
        ]

    def settle(self, settled: Settled, now: Instant) -> None:
        """Keep what became of a message; one that is to be tried again waits on."""
        body: Any = None
        if settled.letter is not None:
            letter = settled.letter
            body = orjson.dumps(
                {
                    "title": {"vi": letter.title.vi, "en": letter.title.en},
                    "body": {"vi": letter.body.vi, "en": letter.body.en},
                    "alerts": list(settled.alerts),
                }
            ).decode()
        again = settled.fate is Fate.WAITING
        self._cursor.execute(
            "update notification set state = %s, tries = tries + %s, error = %s,"
            " due_at = coalesce(%s, due_at), settled_at = %s, body = coalesce(%s, body)"
            " where id = %s and state = 'waiting'",
            (
                settled.fate.value,
                int(settled.fate in (Fate.WAITING, Fate.FAILED, Fate.SENT)),
                settled.error,
                None if settled.again is None else rfc3339(settled.again),
                None if again else rfc3339(now),
                body,
                settled.id,
            ),
        )


def _alerts(bodies: Sequence[Mapping[str, Any]]) -> list[Alert]:
    return [Alert.from_json(body) for body in bodies]
