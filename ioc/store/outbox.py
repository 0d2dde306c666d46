"""Messages that are owed to people: put down with what they are about, taken up when it is time."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from ioc.centre.ports import Due, Settled
from ioc.core.alerts import Alert
from ioc.core.due import Passed
from ioc.core.duty import Person, Roster, Shift
from ioc.core.incidents import Incident
from ioc.core.tasks import Task
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
    where incident = %(incident)s and route = %(route)s and level = %(level)s and mark = ''
    on conflict (incident, route, level) where state = 'waiting' and mark = ''
    do update set due_at = least(notification.due_at, excluded.due_at)
"""

_OWE_MARK = """
    insert into notification
        (incident, task, mark, term, since, route, level, turn, role, channel, created_at, due_at,
         state)
    values (%(incident)s, %(task)s, %(mark)s, %(term)s, %(since)s, %(route)s, %(level)s, 0,
        %(role)s, %(channel)s, %(now)s, %(due)s, 'waiting')
    on conflict do nothing
"""


class OutboxTransaction(LogTransaction):
    """See `ioc.centre.ports.Transaction`: its part for what people are told."""

    def owe(self, notices: Sequence[Notice], now: Instant) -> None:
        """Put down messages that are owed; one that waits already comes no later than before.

        A mark that was told of, or is waiting to be, is not told again.
        """
        for notice in notices:
            passed = notice.passed
            mark = {} if passed is None else _mark(passed)
            self._cursor.execute(
                _OWE_MARK if mark else _OWE,
                {
                    "incident": notice.incident,
                    "route": notice.route,
                    "level": notice.level,
                    "role": notice.role,
                    "channel": notice.to,
                    "now": rfc3339(now),
                    "due": rfc3339(notice.due),
                    "window": notice.window / SECOND,
                    **mark,
                },
            )

    def due_messages(self, now: Instant, limit: int) -> list[Due]:
        """Give the messages whose time has come, those due first at first."""
        self._cursor.execute(
            "select n.id, n.route, n.level, n.turn, n.role, n.channel, n.tries, n.mark, n.term,"
            " (extract(epoch from n.since) * 1000000)::bigint, n.people, i.body, t.body,"
            " (select coalesce(jsonb_agg(a.body order by a.severity desc, a.raised_at), '[]')"
            "  from alert a where a.id in (select jsonb_array_elements_text(i.body -> 'alerts')))"
            " from notification n left join incident i on i.id = n.incident"
            " left join task t on t.id = n.task"
            " where coalesce(i.id, t.id) is not null and n.state = 'waiting'"
            " and n.due_at <= %s order by n.due_at, n.id limit %s",
            (rfc3339(now), limit),
        )
        return [
            Due(  # type: ignore[call-arg]
                *row[:10],
                tuple(row[10]),
                None if row[11] is None else Incident.from_json(row[11]),
                None if row[12] is None else Task.from_json(row[12]),
                _alerts(row[13]),
            )
            for row in self._cursor.fetchall()
        ]

    def roster(self, now: Instant) -> Roster:
        """Give who is on duty at a moment of the site's clock, and what is known of people."""
        at = rfc3339(now)
        shifts = self._all(
            "select body from shift where starts <= %s and ends > %s order by starts, id", at, at
        )
        contacts = self._all("select body from contact order by id")
        roles = self._all("select jsonb_build_array(username, role) from account")
        return Roster(
            [Shift.from_json(body) for body in shifts],
            [Person.from_json(body) for body in contacts],
            dict(roles),
        )

    def _all(self, sql: str, *asked: object) -> list[Any]:
        self._cursor.execute(sql, asked)
        return [found for (found,) in self._cursor.fetchall()]

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
            " due_at = coalesce(%s, due_at), settled_at = %s, body = coalesce(%s, body),"
            " people = people || %s::text[]"
            " where id = %s and state = 'waiting'",
            (
                settled.fate.value,
                int(settled.fate in (Fate.WAITING, Fate.FAILED, Fate.SENT)),
                settled.error,
                None if settled.again is None else rfc3339(settled.again),
                None if again else rfc3339(now),
                body,
                list(settled.people),
                settled.id,
            ),
        )


def _mark(passed: Passed) -> dict[str, Any]:
    return {
        "incident": None if passed.task else passed.id,
        "task": passed.id if passed.task else None,
        "mark": passed.step,
        "term": passed.term,
        "since": rfc3339(passed.since),
    }


def _alerts(bodies: Sequence[Mapping[str, Any]]) -> list[Alert]:
    return [Alert.from_json(body) for body in bodies]
