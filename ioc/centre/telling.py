"""Delivers what is owed to people: at least once, written when it is sent.

A message is settled after its channel took it. A process killed in between sends it once more;
nobody is left untold.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import structlog

from ioc.centre.ports import Due, Post, Say, Settled, Store, Transaction, UndeliverableError
from ioc.core.history import CENTRE_NAME
from ioc.core.telling import Fate, Notice, Route, retry_at, unanswered, written
from ioc.core.words import Instant

_BATCH = 20
_LONGEST = 500

log = structlog.get_logger("telling")


class Telling:
    """Takes up what is due, one message at a time. One thread calls it.

    Attributes:
        tally: messages by what became of them, since the start.
    """

    def __init__(
        self,
        routes: Sequence[Route],
        *,
        store: Store,
        post: Post,
        say: Say,
        now: Callable[[], Instant],
    ) -> None:
        """Deliver along a site's routes.

        Args:
            routes: of the site.
            store: where messages are kept; a connection of its own.
            post: the channels.
            say: words for people.
            now: real time.
        """
        self._routes = {route.id: route for route in routes}
        self._store = store
        self._post = post
        self._say = say
        self._now = now
        self.tally: Counter[str] = Counter()

    def go(self) -> int:
        """Deliver what is due now; gives how many messages were taken up.

        Raises:
            StoreAwayError: the store did not answer; what was sent may be sent again.
        """
        with self._store.transaction() as tx:
            found = tx.due_messages(self._now(), _BATCH)
        for due in found:
            try:
                settled = self._settled(due)
            except Exception as error:  # one that we stumble over must not keep the others waiting
                log.exception("stumbled over a message", to=due.to, incident=due.incident.id)
                settled = self._again(due, f"{type(error).__name__}: {error}"[:_LONGEST])
            self.tally[settled.fate.value] += 1
            with self._store.transaction() as tx:
                tx.settle(settled, self._now())
                self._follow(tx, due, settled.fate)
                tx.audit(
                    CENTRE_NAME,
                    f"notification.{settled.fate.value}",
                    due.incident.id,
                    {
                        "route": due.route,
                        "level": due.level,
                        "turn": due.turn,
                        "role": due.role,
                        "to": due.to,
                        "alerts": list(settled.alerts),
                        "error": settled.error,
                    },
                )
        return len(found)

    def _settled(self, due: Due) -> Settled:
        alerts = unanswered(due.alerts)
        if not alerts or due.incident.closed_at is not None:
            return Settled(due.id, Fate.ANSWERED)
        letter = written(due.incident, alerts, due.turn, self._say)
        ids = tuple(alert.id for alert in alerts)
        if not self._post.knows(due.to):
            return Settled(due.id, Fate.RECORDED, letter, ids)
        try:
            self._post.deliver(due.to, letter)
        except UndeliverableError as error:
            log.warning("not delivered", to=due.to, error=str(error), tries=due.tries + 1)
            return replace(self._again(due, str(error)), letter=letter, alerts=ids)
        return Settled(due.id, Fate.SENT, letter, ids)

    def _again(self, due: Due, error: str) -> Settled:
        again = retry_at(due.tries + 1, self._now())
        fate = Fate.FAILED if again is None else Fate.WAITING
        return Settled(due.id, fate, None, (), error, again)

    def _follow(self, tx: Transaction, due: Due, fate: Fate) -> None:
        """Owe the reminder, which is answered by itself when somebody acknowledges first."""
        route = self._routes.get(due.route)
        if route is None or not route.repeat or due.level or fate not in (Fate.SENT, Fate.RECORDED):
            return
        now = self._now()
        again = Notice(
            due.incident.id, due.route, due.level, due.role, due.to, now + route.repeat, 0
        )
        tx.owe([again], now)
