"""Delivers what is owed to people: at least once, written when it is sent.

A message is settled after its channel took it. A process killed in between sends it once more;
nobody is left untold.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import structlog

from ioc.centre.ports import Due, Post, Say, Settled, Store, Transaction, UndeliverableError
from ioc.core.alerts import Alert
from ioc.core.duty import Person, Roster
from ioc.core.history import CENTRE_NAME
from ioc.core.tasks import Task
from ioc.core.telling import (
    Fate,
    Letter,
    Notice,
    OnDuty,
    Route,
    retry_at,
    unanswered,
    written,
    written_of_mark,
)
from ioc.core.words import Instant

_BATCH = 20
_LONGEST = 500

log = structlog.get_logger("telling")


class Telling:
    """Takes up what is due, one message at a time. One thread calls it.

    Attributes:
        tally: messages by what became of them, since the start.
    """

    def __init__(  # noqa: PLR0913 - everything it stands on, handed in at one place
        self,
        routes: Sequence[Route],
        *,
        store: Store,
        post: Post,
        say: Say,
        now: Callable[[], Instant],
        site_now: Callable[[], Instant],
        parents: Mapping[str, str | None],
    ) -> None:
        """Deliver along a site's routes.

        Args:
            routes: of the site.
            store: where messages are kept; a connection of its own.
            post: the channels.
            say: words for people.
            now: real time.
            site_now: the site's, by which shifts are planned.
            parents: the area each area lies in.
        """
        self._site_now = site_now
        self._parents = parents
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
            roster = tx.roster(self._site_now()) if found else None
        for due in found:
            try:
                settled = self._settled(due, roster)
            except Exception as error:  # one that we stumble over must not keep the others waiting
                log.exception("stumbled over a message", to=due.to, subject=due.subject.id)
                settled = self._again(due, f"{type(error).__name__}: {error}"[:_LONGEST])
            self.tally[settled.fate.value] += 1
            with self._store.transaction() as tx:
                tx.settle(settled, self._now())
                self._follow(tx, due, settled.fate)
                tx.audit(
                    CENTRE_NAME,
                    f"notification.{settled.fate.value}",
                    due.subject.id,
                    {
                        "route": due.route,
                        "mark": due.mark,
                        "term": due.term,
                        "people": list(settled.people),
                        "level": due.level,
                        "turn": due.turn,
                        "role": due.role,
                        "to": due.to,
                        "alerts": list(settled.alerts),
                        "error": settled.error,
                    },
                )
        return len(found)

    def _settled(self, due: Due, roster: Roster | None) -> Settled:
        alerts = unanswered(due.alerts)
        letter = self._letter(due, alerts)
        if letter is None:
            return Settled(due.id, Fate.ANSWERED)
        ids = () if due.mark else tuple(alert.id for alert in alerts)
        duty = self._duty(due)
        people = [] if duty is None or roster is None else self._people(due, duty, roster)
        if duty is None or not people:
            return replace(self._by_address(due, letter), alerts=ids)
        return replace(self._by_people(due, duty, people, letter), alerts=ids)

    def _letter(self, due: Due, alerts: Sequence[Alert]) -> Letter | None:
        """Write what is still to be said; None when nobody has to be told any more."""
        if not due.mark:
            incident = due.incident
            if incident is None or not alerts or incident.closed_at is not None:
                return None
            return written(incident, alerts, due.turn, self._say)
        since = due.since or 0
        case = due.subject
        owed = case.owes(since) if isinstance(case, Task) else case.owes(due.term, since)
        return written_of_mark(case, due.mark, due.term, self._say) if owed else None

    def _duty(self, due: Due) -> OnDuty | None:
        route = self._routes.get(due.route)
        if route is None or due.level >= len(route.levels):
            return None
        return route.levels[due.level].on_duty

    def _people(self, due: Due, duty: OnDuty, roster: Roster) -> list[Person]:
        case = due.subject
        return roster.on_call(duty.wanted, case.area, case.owner, self._parents)

    def _by_address(self, due: Due, letter: Letter) -> Settled:
        if not self._post.knows(due.to):
            return Settled(due.id, Fate.RECORDED, letter)
        try:
            self._post.deliver(due.to, letter)
        except UndeliverableError as error:
            log.warning("not delivered", to=due.to, error=str(error), tries=due.tries + 1)
            return replace(self._again(due, str(error)), letter=letter)
        return Settled(due.id, Fate.SENT, letter)

    def _by_people(
        self, due: Due, duty: OnDuty, people: Sequence[Person], letter: Letter
    ) -> Settled:
        """Tell those on duty whom it has not reached yet; what fails for one is tried again."""
        waiting = [one for one in people if one.name not in due.people]
        if not self._post.knows(duty.by):
            names = tuple(one.name for one in waiting)
            return Settled(due.id, Fate.RECORDED, letter, people=names)
        reached: list[str] = []
        errors: list[str] = []
        for person in waiting:
            try:
                self._post.deliver(duty.by, letter, person)
            except UndeliverableError as error:
                log.warning("not delivered", to=duty.by, error=str(error), tries=due.tries + 1)
                errors.append(str(error))
            else:
                reached.append(person.name)
        if errors:
            failed = self._again(due, "; ".join(errors)[:_LONGEST])
            return replace(failed, letter=letter, people=tuple(reached))
        return Settled(due.id, Fate.SENT, letter, people=tuple(reached))

    def _again(self, due: Due, error: str) -> Settled:
        again = retry_at(due.tries + 1, self._now())
        fate = Fate.FAILED if again is None else Fate.WAITING
        return Settled(due.id, fate, None, (), error, again)

    def _follow(self, tx: Transaction, due: Due, fate: Fate) -> None:
        """Owe the reminder, which is answered by itself when somebody acknowledges first."""
        route = self._routes.get(due.route)
        told = fate in (Fate.SENT, Fate.RECORDED)
        if route is None or not route.repeat or due.level or due.mark or not told:
            return
        now = self._now()
        again = Notice(
            due.subject.id, due.route, due.level, due.role, due.to, now + route.repeat, 0
        )
        tx.owe([again], now)
