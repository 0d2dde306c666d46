"""The centre's fold with its edges on: messages in, one transaction a batch, then told.

::

    messages ─▶ Reader ─▶ registry ─▶ Engine ─▶ alerts ─▶ one transaction ─▶ commit
                   │          │                                                │
                   └─ refused ┘                          acknowledged, told ◀──┘

What is acknowledged is kept. When the store goes away in the middle, nothing of the batch is
known: everything remembered is read again from the store and the batch is folded once more;
whatever of it was kept after all is recognised.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import orjson
import structlog

from ioc.centre.gathering import Gathering
from ioc.centre.hiding import Hiding
from ioc.centre.ports import Bus, Event, Rows, Say, Store, Transaction
from ioc.centre.registry import Acceptance, Changed, Known, Registry
from ioc.core import own
from ioc.core.alerts import (
    MANUAL,
    Alert,
    State,
    Step,
    abandoned,
    alert_id,
    annotated,
    turn,
    unshelved,
)
from ioc.core.calendar import WorkingCalendar
from ioc.core.clock import SiteClock
from ioc.core.due import Passed
from ioc.core.engine import STREAMS, Change, Engine, Judged, Turn
from ioc.core.history import CENTRE_NAME, Entry
from ioc.core.incidents import Incident, marked, marks_passed
from ioc.core.links import Links
from ioc.core.rules import Rule
from ioc.core.tasks import Task, marked_task, task_marks_passed
from ioc.core.telling import Route, inside_of, owed, owed_of_marks
from ioc.core.wire import (
    Columns,
    Heard,
    Message,
    Reader,
    Reason,
    Record,
    refuse,
)
from ioc.core.words import (
    MINUTE,
    QUALITY_WORDS,
    SECOND,
    Area,
    Instant,
    Text,
    Thing,
    rfc3339,
)

_WHOLE_EVERY: Final = 256
_LONGEST: Final = 500
_KEPT_REFUSALS: Final = 200
"""Refusals of one batch that are kept; the rest of a flood is only counted."""

_PAUSE: Final = 15 * MINUTE
"""A centre that was away for longer comes back to a past it did not watch."""

_MOST: Final = 0.5
_OF_NOW: Final = 15 * MINUTE
_ON_ITS_WAY: Final = 10 * SECOND
"""Real time an observation may take to us; at a fast clock that is much of the site's time."""

_BETWEEN: Final = MINUTE
"""Real time after which a history that no longer comes is over."""


log = structlog.get_logger("ingest")


@dataclass(slots=True)
class Tally:
    """What came in and what became of it, since the start of the process."""

    messages: int = 0
    observations: int = 0
    stored: int = 0
    duplicates: int = 0
    late: int = 0
    records: int = 0
    events: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Add what another one counted."""
        self.messages += other.messages
        self.observations += other.observations
        self.stored += other.stored
        self.duplicates += other.duplicates
        self.late += other.late
        self.records += other.records
        self.events += other.events

    def to_json(self) -> dict[str, Any]:
        """Give the counters of ``_centre/health``."""
        return {
            "messages": self.messages,
            "observations": self.observations,
            "stored": self.stored,
            "duplicates": self.duplicates,
            "late": self.late,
            "records": self.records,
            "events": self.events,
            "refused": dict(self.refused),
            "dropped": dict(self.dropped),
            "told": dict(self.told),
        }


class Ingest:
    """Judges, keeps and tells; see the module. One thread calls it."""

    def __init__(  # noqa: PLR0913 - everything it stands on, handed in at one place
        self,
        site: str,
        areas: Sequence[Area],
        rules: Sequence[Rule],
        *,
        store: Store,
        bus: Bus,
        say: Say,
        clock: SiteClock,
        now: Callable[[], Instant],
        acceptance: Acceptance | None = None,
        calendar: WorkingCalendar | None = None,
        links: Links | None = None,
        routes: Sequence[Route] = (),
    ) -> None:
        """Stand ready to `recover`.

        Args:
            site: its id.
            areas: of its tree.
            rules: to judge by.
            store: where everything is kept.
            bus: where it is told.
            say: words for alerts.
            clock: of the site.
            now: real time.
            acceptance: which times are believed.
            calendar: of the offices, for deadlines.
            links: what depends on what, for gathering alerts into incidents.
            routes: who is told of what.
        """
        self._site = site
        self._rules = tuple(rules)
        self._store = store
        self._bus = bus
        self._say = say
        self._clock = clock
        self._real_now = now
        self._reader = Reader(site, areas)
        self._registry = Registry(
            site,
            rules,
            self._reader,
            clock=clock,
            now=self.site_now,
            acceptance=acceptance or Acceptance(),
        )
        self._calendar = calendar
        self._gathering = Gathering(links)
        self._routes = tuple(routes)
        self._inside = inside_of({area.id: area.parent for area in areas})
        self._engine = Engine(rules, calendar)
        self._hiding = Hiding(areas, rules, self._gathering.explain)
        self._drains = 0
        self._reconciled = False
        self._watched_since: Instant = clock.epoch
        self._began = False
        self._caught_up = False
        self._old_until: Instant | None = None
        self._values: dict[str, tuple[float, float, str]] = {}
        self._late: dict[tuple[str, str], list[tuple[Instant, float]]] = {}
        self._measured: tuple[float, int] | None = None
        self._introduced = False
        self.tally = Tally()

    # -- starting, and starting again ------------------------------------------------------

    def recover(self) -> None:
        """Take everything from the store, as it is there.

        Raises:
            StoreAwayError: the store did not answer.
        """
        remembered = self._store.remember()
        now = self.site_now()
        self._engine = Engine(self._rules, self._calendar)
        foreign = self._engine.restore(remembered.checkpoint)
        self._registry.recall(remembered, self._engine)
        for thing, _ in self._registry.things.values():
            self._gathering.learn(thing)
        if foreign:
            log.warning("kept by another version; these begin anew", tables=sorted(foreign))
        if STREAMS in foreign:
            newest = self._store.newest()
            self._engine.recall(self._rows_of(newest), newest.time, newest.value)
        waiting = self._store.observations(self._engine.unsettled())
        self._engine.refill(self._rows_of(waiting), waiting.time, waiting.value)
        self._drains = 0
        self._reconciled = False
        self._hiding.forget()
        horizon = self._engine.horizon()
        if not self._began and horizon is not None and now - horizon > _PAUSE:
            self._watched_since = now
        self._began = True

    def _rows_of(self, kept: Rows) -> npt.NDArray[np.int64]:
        """Give the engine's row of each kept observation of what is attached."""
        row_of = {int(number): row for row, number in enumerate(self._engine.ids)}
        return np.array([row_of[int(number)] for number in kept.datastream], np.int64)

    def retell(
        self, alerts: Sequence[Mapping[str, Any]], told: Sequence[Mapping[str, Any]]
    ) -> None:
        """Publish again what is retained: open alerts and indicators (at least once)."""
        for body in alerts:
            self._tell_alert(body)
        for body in told:
            self.tell_indicator(body)
        self._bus.publish(self._topic("clock"), orjson.dumps(self._clock.to_json()), retain=True)
        self._introduced = False

    def site_now(self) -> Instant:
        """Give the site's time."""
        return self._clock.at(self._real_now())

    def registry(self) -> tuple[list[Thing], dict[tuple[str, str], int]]:
        """Give what is known now, for those who look from another thread."""
        known = self._registry
        return [thing for thing, _ in list(known.things.values())], dict(known.numbers)

    def caught_up(self) -> bool:
        """Tell whether what comes in is of now, and no history any more."""
        if self._caught_up or self._behind():
            return self._caught_up
        share = self._engine.fresh_share(self.site_now())
        self._caught_up = share is not None and share > _MOST
        return self._caught_up or share is None

    def _behind(self) -> bool:
        """Tell whether a history is coming in: nothing is silent then, it has yet to speak."""
        return self._old_until is not None and self._real_now() < self._old_until

    def _dated(self, columns: Columns, now: Instant) -> None:
        """Note whether a batch is of now or of the past."""
        youngest = now - _OF_NOW - round(_ON_ITS_WAY * self._clock.speed)
        past = float((columns.time < youngest).mean()) > _MOST
        self._old_until = self._real_now() + _BETWEEN if past else None

    def horizon(self) -> Instant | None:
        """Give the time of the newest observation."""
        return self._engine.horizon()

    # -- one batch -------------------------------------------------------------------------

    def batch(self, messages: Sequence[Message]) -> None:
        """Fold a batch in, keep it, tell it.

        Raises:
            StoreAwayError: nothing of it is known to be kept; `recover`, then fold it again.
        """
        now = self.site_now()
        messages = [message for message in messages if not self._own(message.topic)]
        if not messages:
            return
        if self._reader.forget():
            self._registry.forget_sources()
        heard = self._reader.read(messages)
        changed: Changed = {}
        changes = self._registry.learn(heard, changed)
        unknown = self._registry.resolve(heard, changed)
        columns = self._registry.accept(heard, messages, now)
        if len(columns):
            self._dated(columns, now)
            self._store.prepare(int(columns.time.min()), int(columns.time.max()))
        tally = Tally()
        self._late.clear()
        with self._store.transaction() as tx:
            if unknown:
                self._registry.number(tx, list(unknown))
                columns = self._registry.known_rows(columns)
            if len(columns):
                changes += self._judge(tx, heard, messages, columns, now, tally)
            spoken = self._registry.own_records(heard, now, tx.record_owners)
            records = tx.save_records(spoken) if spoken else []
            changes += self._judge_records(records, now)
            turned = self._annotate(tx, self._turn(tx, changes, now), now)
            turned = self._hiding.over(tx, turned, now)
            # Rows are locked before the log, here and at the desk, or the two would deadlock.
            self._save_things(tx, changed, now)
            turned, incidents = self._gathering.gather(tx, turned, now)
            alerts = tx.save_alerts(turned, now)
            tx.save_incidents(incidents, now)
            self._owe(tx, alerts)
            tx.tell([Event("record", one.id, one.area, one.to_json()) for one in records], now)
            if heard.refusals:
                tx.refuse(heard.refusals[:_KEPT_REFUSALS], now)
            self._checkpoint(tx)
        tally.messages, tally.observations = len(messages), len(columns)
        tally.records, tally.events = len(records), len(records) + len(alerts)
        self._count(heard, tally)
        for alert in alerts:
            self._tell_alert(alert.to_json())

    def _own(self, topic: str) -> bool:
        return topic.startswith(f"ioc/{self._site}/_centre/")

    def tick(self) -> None:
        """Let time pass: silence, shelves that end, and what is due from people.

        Raises:
            StoreAwayError: as for `batch`.
        """
        now = self.site_now()
        every = np.arange(len(self._engine.ids))
        hushed = every if self._behind() else self._registry.explained()
        changes = self._engine.tick(now, hushed) + self._registry.absences.due(now)
        with self._store.transaction() as tx:
            stirred = [*tx.ungathered(), *self._turn(tx, changes, now)]
            turned = {alert.id: alert for alert in stirred}
            for alert in tx.shelved(now):
                turned[alert.id] = unshelved(turned.get(alert.id, alert), now)
            if not self._reconciled:
                for alert in self._abandoned(tx):
                    latest = turned.get(alert.id, alert)
                    if latest.active:
                        turned[alert.id] = abandoned(latest, now)
            self._hiding.look(tx, now)
            covered = self._hiding.over(tx, list(turned.values()), now)
            raised, gathered = self._gathering.gather(tx, covered, now)
            incidents = {one.id: one for one in gathered}
            tasks, passed = self._pass_marks(tx, incidents, now)
            alerts = tx.save_alerts(raised, now)
            tx.save_incidents(list(incidents.values()), now)
            tx.save_tasks(tasks, now)
            self._owe(tx, alerts, passed)
            if changes:
                self._checkpoint(tx)
        self._reconciled = True
        for alert in alerts:
            self._tell_alert(alert.to_json())

    @staticmethod
    def _pass_marks(
        tx: Transaction, incidents: dict[str, Incident], now: Instant
    ) -> tuple[list[Task], list[Passed]]:
        """Pass the marks that are reached; gives the tasks with one, and the marks.

        Args:
            tx: the incidents and tasks are locked in it.
            incidents: that have changed already; those with a mark are put there.
            now: the site's time.
        """
        passed: list[Passed] = []
        for one in tx.due_incidents(now):
            before = incidents.get(one.id, one)
            incidents[one.id] = marked(before, now)
            passed += marks_passed(before, incidents[one.id])
        tasks: list[Task] = []
        for task in tx.due_tasks(now):
            tasks.append(marked_task(task, now))
            passed += task_marks_passed(task, tasks[-1])
        return tasks, passed

    def _abandoned(self, tx: Transaction) -> list[Alert]:
        """Find, once after a start, what no rule of today would ever clear."""
        standing = self._engine.standing()
        standing |= {
            (rule.id, thing_id, "")
            for thing_id in self._registry.absences.since
            for rule in self._registry.of_absence(thing_id)
        }
        return [
            alert
            for alert in tx.active_alerts()
            if alert.rule != MANUAL and alert.key not in standing
        ]

    def quarantine(self, message: Message, error: Exception) -> None:
        """Refuse the one message we stumble over, as our own fault.

        Raises:
            StoreAwayError: as for `batch`.
        """
        refusal = refuse(message, Reason.FAULT, f"{type(error).__name__}: {error}"[:_LONGEST])
        with self._store.transaction() as tx:
            tx.refuse([refusal], self.site_now())
        self.tally.refused[Reason.FAULT.value] += 1

    # -- keeping ---------------------------------------------------------------------------

    def _save_things(
        self, tx: Transaction, changed: Mapping[str, Known | None], now: Instant
    ) -> None:
        events: list[Event] = []
        for thing_id, pair in changed.items():
            if pair is None:
                area = tx.remove_thing(thing_id)
                self._gathering.forget(thing_id)
                if area is None:  # described and removed in one batch: nobody has heard of it
                    continue
                gone = {"id": thing_id, "removed": True}
                events.append(Event("thing", thing_id, area, gone))
                continue
            thing, status = pair
            self._gathering.learn(thing)
            tx.save_thing(thing, status, self._registry.absences.since.get(thing_id, now))
            events.append(Event("thing", thing_id, thing.area, thing.to_json(status)))
        tx.tell(events, now)

    def _judge(  # noqa: PLR0913 - one batch, what is known of it and what it came to
        self,
        tx: Transaction,
        heard: Heard,
        messages: Sequence[Message],
        columns: Columns,
        now: Instant,
        tally: Tally,
    ) -> list[Change]:
        """Judge the observations and keep those that are new."""
        rows = self._registry.rows(columns)
        judged = self._engine.judge(rows, columns.time, columns.value, now)
        numbers = self._engine.ids[rows]

        def of(mask: npt.NDArray[np.bool_]) -> Rows:
            return Rows(
                numbers[mask], columns.time[mask], columns.value[mask], judged.quality[mask]
            )

        if judged.fresh.any():
            tx.insert(of(judged.fresh))
        conflicting = judged.conflicting
        late = ~(judged.fresh | judged.repeated | judged.conflicting)
        stored = int(judged.fresh.sum())
        if late.any():
            merged = tx.merge(of(late))
            conflicting = conflicting.copy()
            conflicting[np.flatnonzero(late)[merged.conflicting]] = True
            stored += int(merged.kept.sum())
            tally.late = int(merged.kept.sum())
            self._note_late(columns, rows, np.flatnonzero(late)[merged.kept])
        for row in np.flatnonzero(conflicting).tolist():
            text = f"{columns.value[row]!r} contradicts what is kept of that time"
            message = messages[int(columns.message[row])]
            heard.refusals.append(refuse(message, Reason.CONFLICT, text))
        tally.stored = stored
        tally.duplicates = len(columns) - stored - int(conflicting.sum())
        self._newest(columns, rows, judged)
        return judged.changes

    def _judge_records(self, records: Sequence[Record], now: Instant) -> list[Change]:
        """Let the rules that wait for records of a type know that one came."""
        rows, times = self._registry.rows_of_records(records)
        if not len(rows):
            return []
        return self._engine.judge(rows, times, np.ones(len(rows)), now).changes

    def _note_late(
        self, columns: Columns, rows: npt.NDArray[np.int64], late: npt.NDArray[np.int64]
    ) -> None:
        """Note what was kept and came behind its datastream's newest."""
        for place in late.tolist():
            seen = self._late.setdefault(self._engine.name(int(rows[place])), [])
            seen.append((int(columns.time[place]), float(columns.value[place])))

    def _annotate(self, tx: Transaction, turned: list[Alert], now: Instant) -> list[Alert]:
        """Say beside alerts what came too late for their rule to judge it; nothing is rewritten."""
        if not self._late:
            return turned
        found = {alert.id: alert for alert in turned}
        lateness = {rule.id: rule.lateness for rule in self._rules}
        spans = {key: (min(seen)[0], max(seen)[0]) for key, seen in self._late.items()}
        for alert in tx.alerts_during(spans):
            missed = [
                (at, value)
                for at, value in self._late[alert.thing, alert.datastream]
                if at < now - lateness.get(alert.rule, 0) and at >= alert.raised_at
            ]
            if missed and not alert.history:
                latest = found.get(alert.id, alert)
                found[alert.id] = annotated(latest, _late_note(missed, alert.unit), now)
        return list(found.values())

    def _newest(self, columns: Columns, rows: npt.NDArray[np.int64], judged: Judged) -> None:
        """Note the newest value of each datastream that has a new one."""
        fresh = np.flatnonzero(judged.fresh)
        order = fresh[np.lexsort((columns.time[fresh], rows[fresh]))]
        of = rows[order]
        lasts = order[np.r_[of[1:] != of[:-1], True]] if len(order) else order
        for place in lasts.tolist():
            thing, name = self._engine.name(int(rows[place]))
            self._values[f"{thing}/{name}"] = (
                int(columns.time[place]) / SECOND,
                float(columns.value[place]),
                QUALITY_WORDS[int(judged.quality[place])],
            )

    def _turn(self, tx: Transaction, changes: Sequence[Change], now: Instant) -> list[Alert]:
        """Apply changes of condition to the alerts, at most one open a (rule, datastream)."""
        shadows = [change for change in changes if change.rule.shadow]
        if shadows:
            tx.save_shadows([change for change in shadows if change.turn is Turn.RAISE])
            changes = [change for change in changes if not change.rule.shadow]
        if not changes:
            return []
        keys = {(change.rule.id, change.thing, change.datastream) for change in changes}
        standing = {alert.key: alert for alert in tx.open_alerts(keys)}
        touched: dict[str, Alert] = {}
        for change in changes:
            key = (change.rule.id, change.thing, change.datastream)
            history = change.at < self._watched_since
            alert = standing.get(key)
            if alert is not None:
                after = turn(alert, change, now, history=history)
            elif change.turn is Turn.RAISE and change.thing in self._registry.things:
                after = self._raise(change, now, history=history)
            else:
                continue
            if after is alert:
                continue
            touched[after.id] = after
            if after.closed_at is None:
                standing[key] = after
            else:
                del standing[key]
        return self._renamed(tx, list(touched.values()))

    @staticmethod
    def _renamed(tx: Transaction, alerts: list[Alert]) -> list[Alert]:
        """Give a new alert another id where a closed one has its own already."""
        new = [alert.id for alert in alerts if alert.seq == 0]
        taken = tx.taken(new) if new else set()
        return [
            replace(alert, id=f"{alert.id}-{alert.detected_at:x}") if alert.id in taken else alert
            for alert in alerts
        ]

    def _raise(self, change: Change, now: Instant, *, history: bool) -> Alert:
        thing, _ = self._registry.things[change.thing]
        described = thing.datastreams.get(change.datastream)
        rule = change.rule
        unit = rule.unit(described)
        return Alert(
            id=alert_id(change),
            version=1,
            seq=0,
            rule=rule.id,
            thing=thing.id,
            datastream=change.datastream,
            area=thing.area,
            severity=change.severity,
            active=True,
            state=State.UNACKNOWLEDGED,
            origin=thing.origin,
            history=history,
            raised_at=change.at,
            detected_at=now,
            cleared_at=None,
            closed_at=None,
            shelved_until=None,
            reason=None,
            value=change.value,
            limit=change.limit,
            unit=unit,
            message=self._message(change, thing, unit),
            response=rule.response,
            steps=(Entry(change.at, CENTRE_NAME, Step.RAISE),),
        )

    def _message(self, change: Change, thing: Thing, unit: str) -> Text:
        rule = change.rule
        described = thing.datastreams.get(change.datastream)
        label = described.label if described is not None and described.label else None
        return self._say(
            f"alert-{rule.id}",
            f"alert-{rule.condition.value}",
            {
                "thing": thing.name,
                "datastream": label or Text(change.datastream, change.datastream),
                "value": change.value,
                "limit": change.limit,
                "unit": unit,
                "rule": rule.name,
            },
        )

    def _owe(self, tx: Transaction, alerts: Sequence[Alert], passed: Sequence[Passed] = ()) -> None:
        """Put down what people are to be told, in the transaction that makes it true."""
        now = self._real_now()
        notices = owed(alerts, self._routes, now, self._inside)
        tx.owe([*notices, *owed_of_marks(passed, self._routes, now, self._inside)], now)

    def _checkpoint(self, tx: Transaction) -> None:
        whole = self._drains % _WHOLE_EVERY == 0
        tx.checkpoint(self._engine.whole() if whole else self._engine.drain(), whole=whole)
        self._drains += 1

    def _count(self, heard: Heard, tally: Tally) -> None:
        """Count a batch, once it is kept."""
        self.tally.add(tally)
        for refusal in heard.refusals:
            self.tally.refused[refusal.reason.value] += 1
        if heard.refusals:
            first = heard.refusals[0]
            log.warning(
                "refused",
                count=len(heard.refusals),
                topic=first.topic,
                reason=first.reason.value,
                why=first.text,
            )

    # -- telling ---------------------------------------------------------------------------

    @property
    def values_wait(self) -> bool:
        """Whether there are newest values to tell."""
        return bool(self._values)

    def lag(self, received: Instant) -> float:
        """Give the real seconds since a receipt."""
        return (self.site_now() - received) / SECOND / self._clock.speed

    def flush_values(self) -> None:
        """Tell the newest values noted since the last time."""
        body = {"at": rfc3339(self.site_now()), "data": self._values}
        self._values = {}
        if not self._bus.publish(self._topic("values"), orjson.dumps(body)):
            self.tally.dropped["values"] += 1

    def tell_health(self, lag: float) -> None:
        """Tell how we are."""
        horizon = self.horizon()
        body = {
            "now": rfc3339(self.site_now()),
            "lag": round(lag, 3),
            "caught_up": self.caught_up(),
            "horizon": None if horizon is None else rfc3339(horizon),
            "counters": self.tally.to_json(),
        }
        self._bus.publish(self._topic("health"), orjson.dumps(body))

    def tell_own(self, lag: float, now: float) -> None:
        """Tell what we measure of ourselves, as the site's own thing and through the front door.

        Not while a history comes in: what we say would pass for the present. And not at a fast
        clock, where nothing real is taken; what an earlier run said of us is then taken back.

        Args:
            lag: real seconds the last batch took from its receipt to its commit.
            now: seconds that never step.
        """
        before, self._measured = self._measured, (now, self.tally.observations)
        real = self._clock.speed == 1 and not self._clock.paused
        if before is None or (real and not self._caught_up):
            return
        if not self._introduced:
            about = own.about() if real else b""
            topic = own.topic(self._site, "about")
            self._introduced = self._bus.publish(topic, about, qos=1, retain=True)
        if real:
            rate = (self.tally.observations - before[1]) / (now - before[0])
            told = own.pack({own.RATE: round(rate, 2), own.LAG: round(lag, 3)})
            self._bus.publish(own.topic(self._site, "data"), told)

    def tell_indicator(self, body: Mapping[str, Any]) -> None:
        """Tell an indicator, retained."""
        topic = self._topic(f"indicators/{body['id']}/{body['area']}")
        self._bus.publish(topic, orjson.dumps(body), qos=1, retain=True)

    def _tell_alert(self, body: Mapping[str, Any]) -> None:
        """Tell an alert, retained while it is open."""
        payload = orjson.dumps(body) if body["closed_at"] is None else b""
        self._bus.publish(self._topic(f"alerts/{body['id']}"), payload, qos=1, retain=True)

    def _topic(self, rest: str) -> str:
        return f"ioc/{self._site}/_centre/{rest}"


def _late_note(missed: Sequence[tuple[Instant, float]], unit: str) -> str:
    (first, value), (last, _) = min(missed), max(missed)
    if len(missed) == 1:
        return f"late: {value:g} {unit} of {rfc3339(first)}"
    return f"late: {len(missed)} observations of {rfc3339(first)} to {rfc3339(last)}"
