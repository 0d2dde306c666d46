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

from ioc.centre.ports import Bus, Event, Rows, Say, Store, Transaction
from ioc.core.alerts import (
    CENTRE_NAME,
    Alert,
    Done,
    State,
    Step,
    abandoned,
    alert_id,
    turn,
    unshelved,
)
from ioc.core.clock import SiteClock
from ioc.core.engine import Change, Engine, Ints, Judged, Turn
from ioc.core.rules import Condition, Rule
from ioc.core.wire import (
    About,
    Columns,
    Heard,
    Leaf,
    Message,
    Reader,
    Reason,
    Record,
    Refusal,
    Source,
    Topic,
    keep,
    refuse,
)
from ioc.core.words import (
    DAY,
    MINUTE,
    PROVINCE,
    QUALITY_WORDS,
    SECOND,
    Area,
    Datastream,
    Instant,
    Origin,
    Text,
    Thing,
    rfc3339,
)

UNDESCRIBED: Final = "undescribed"
"""Kind of a thing that sends data but was never described."""

_UNRESOLVED: Final = -1
_REFUSED: Final = {-2: Reason.IDENTITY, -3: Reason.UNIT, -4: Reason.CLOCK}
_WHOLE_EVERY: Final = 256
_LONGEST: Final = 500
_EARLY: Final = 10_000
"""Statuses of things nobody described yet that are remembered."""

_KEPT_REFUSALS: Final = 200
"""Refusals of one batch that are kept; the rest of a flood is only counted."""

_PAUSE: Final = 15 * MINUTE
"""A centre that was away for longer comes back to a past it did not watch."""

_MOST: Final = 0.5

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
        }


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Which times are believed, against the site's clock (contract, section 2)."""

    past: int = 7 * DAY
    future: int = 5 * MINUTE


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
        """
        self._site = site
        self._rules = tuple(rules)
        self._store = store
        self._bus = bus
        self._say = say
        self._clock = clock
        self._real_now = now
        self._acceptance = acceptance or Acceptance()
        self._reader = Reader(site, areas)
        self._things: dict[str, tuple[Thing, str]] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        self._resolved = np.full(1024, _UNRESOLVED, np.int64)
        self._engine = Engine(rules)
        self._drains = 0
        self._offline_since: dict[str, Instant] = {}
        self._reconciled = False
        self._missed: set[tuple[str, str]] = set()
        self._back: set[str] = set()
        self._hushed: Ints | None = None
        self._watched_since: Instant = clock.epoch
        self._began = False
        self._caught_up = False
        self._early_statuses: dict[str, str] = {}
        self._values: dict[str, tuple[float, float, str]] = {}
        self.tally = Tally()

    # -- starting, and starting again ------------------------------------------------------

    def recover(self) -> None:
        """Take everything from the store, as it is there.

        Raises:
            StoreAwayError: the store did not answer.
        """
        remembered = self._store.remember()
        now = self.site_now()
        self._things = {thing.id: (thing, status) for thing, status, _ in remembered.things}
        self._numbers = dict(remembered.datastreams)
        self._engine = Engine(self._rules)
        self._engine.restore(remembered.checkpoint)
        for (thing_id, name), number in self._numbers.items():
            known = self._things.get(thing_id)
            if known is not None:
                self._engine.attach(known[0], name, number, now)
        waiting = self._store.observations(self._engine.unsettled())
        row_of = {int(number): row for row, number in enumerate(self._engine.ids)}
        rows = np.array([row_of[int(number)] for number in waiting.datastream], np.int64)
        self._engine.refill(rows, waiting.time, waiting.value)
        self._resolved[:] = _UNRESOLVED
        self._drains = 0
        self._reconciled = False
        self._hushed = None
        self._offline_since = {
            thing.id: now if since is None else since
            for thing, status, since in remembered.things
            if status == "offline"
        }
        # What was missed before the restart may be back: its clearing is told again, once.
        self._missed.clear()
        self._back = {thing for thing, (_, status) in self._things.items() if status != "offline"}
        horizon = self._engine.horizon()
        if not self._began and horizon is not None and now - horizon > _PAUSE:
            self._watched_since = now
        self._began = True

    def retell(
        self, alerts: Sequence[Mapping[str, Any]], told: Sequence[Mapping[str, Any]]
    ) -> None:
        """Publish again what is retained: open alerts and indicators (at least once)."""
        for body in alerts:
            self._tell_alert(body)
        for body in told:
            self.tell_indicator(body)
        self._bus.publish(self._topic("clock"), orjson.dumps(self._clock.to_json()), retain=True)

    def site_now(self) -> Instant:
        """Give the site's time."""
        return self._clock.at(self._real_now())

    def registry(self) -> tuple[list[Thing], dict[tuple[str, str], int]]:
        """Give what is known now, for those who look from another thread."""
        return [thing for thing, _ in list(self._things.values())], dict(self._numbers)

    def caught_up(self) -> bool:
        """Tell whether what comes in is of now, and no history any more."""
        self._caught_up = self._caught_up or self._engine.fresh_share(self.site_now()) > _MOST
        return self._caught_up

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
            self._resolved[:] = _UNRESOLVED
        heard = self._reader.read(messages)
        changed: dict[str, tuple[Thing, str] | None] = {}
        changes = self._learn(heard, changed)
        unknown = self._resolve(heard, changed) | self._promised(changed)
        columns = self._accept(heard, messages, now)
        if len(columns):
            self._store.prepare(int(columns.time.min()), int(columns.time.max()))
        tally = Tally()
        with self._store.transaction() as tx:
            if unknown:
                self._number(tx, list(unknown))
                columns = self._known_rows(columns)
            if len(columns):
                changes += self._judge(tx, heard, messages, columns, now, tally)
            turned = self._turn(tx, changes, now)
            records = tx.save_records(self._own_records(heard)) if heard.records else []
            # Rows are locked before the log, here and at the desk, or the two would deadlock.
            self._save_things(tx, changed, now)
            alerts = tx.save_alerts(turned, now)
            tx.tell([Event("record", one.id, one.area, one.to_json()) for one in records], now)
            if heard.refusals:
                tx.refuse(heard.refusals[:_KEPT_REFUSALS], now)
            self._checkpoint(tx)
        tally.messages, tally.observations = len(messages), len(columns)
        tally.records, tally.events = len(records), len(records) + len(alerts)
        self._count(heard, tally)
        for alert in alerts:
            self._tell_alert(alert.to_json())

    def _learn(self, heard: Heard, changed: dict[str, tuple[Thing, str] | None]) -> list[Change]:
        changes: list[Change] = []
        for about in heard.abouts:
            changes += self._describe(about, changed, heard)
        for topic, status in heard.statuses:
            self._status(topic, status, changed, heard)
        return changes

    def _own(self, topic: str) -> bool:
        return topic.startswith(f"ioc/{self._site}/_centre/")

    def tick(self) -> None:
        """Let time pass: silence, and shelves that end.

        Raises:
            StoreAwayError: as for `batch`.
        """
        now = self.site_now()
        changes = self._engine.tick(now, self._explained()) + self._absences(now)
        with self._store.transaction() as tx:
            turned = {alert.id: alert for alert in self._turn(tx, changes, now)}
            for alert in tx.shelved(now):
                turned[alert.id] = unshelved(turned.get(alert.id, alert), now)
            if not self._reconciled:
                for alert in self._abandoned(tx):
                    latest = turned.get(alert.id, alert)
                    if latest.active:
                        turned[alert.id] = abandoned(latest, now)
            alerts = tx.save_alerts(list(turned.values()), now)
            if changes:
                self._checkpoint(tx)
        self._reconciled = True
        for alert in alerts:
            self._tell_alert(alert.to_json())

    def _abandoned(self, tx: Transaction) -> list[Alert]:
        """Find, once after a start, what no rule of today would ever clear."""
        standing = self._engine.standing()
        standing |= {
            (rule.id, thing_id, "")
            for thing_id in self._offline_since
            for rule in self._of_absence(thing_id)
        }
        return [alert for alert in tx.active_alerts() if alert.key not in standing]

    def quarantine(self, message: Message, error: Exception) -> None:
        """Refuse the one message we stumble over, as our own fault.

        Raises:
            StoreAwayError: as for `batch`.
        """
        refusal = refuse(message, Reason.FAULT, f"{type(error).__name__}: {error}"[:_LONGEST])
        with self._store.transaction() as tx:
            tx.refuse([refusal], self.site_now())
        self.tally.refused[Reason.FAULT.value] += 1

    def _explained(self) -> Ints:
        """Give the datastreams whose silence is explained: what speaks for them is offline."""
        if self._hushed is None:
            self._hushed = self._engine.rows_of(
                thing.id for thing, status in self._things.values() if status == "offline"
            )
        return self._hushed

    def _absences(self, now: Instant) -> list[Change]:
        """Find the things that have been offline for as long as a rule holds, or are back."""
        changes: list[Change] = []
        for thing_id, since in self._offline_since.items():
            for rule in self._of_absence(thing_id):
                if (rule.id, thing_id) not in self._missed and now - since >= rule.hold:
                    self._missed.add((rule.id, thing_id))
                    at = since + rule.hold
                    changes.append(Change(Turn.RAISE, rule, thing_id, "", at, 0.0, 0.0))
        for thing_id in self._back:
            for rule in self._of_absence(thing_id):
                self._missed.discard((rule.id, thing_id))
                changes.append(Change(Turn.CLEAR, rule, thing_id, "", now, 0.0, 0.0))
        self._back.clear()
        return changes

    def _of_absence(self, thing_id: str) -> list[Rule]:
        """Give the rules that miss a thing; one that is spoken for is missed by its speaker."""
        known = self._things.get(thing_id)
        if known is None or known[0].via is not None:
            return []
        return [
            rule
            for rule in self._rules
            if rule.condition is Condition.OFFLINE and rule.binds(known[0], "")
        ]

    # -- the registry ----------------------------------------------------------------------

    def _describe(
        self, about: About, changed: dict[str, tuple[Thing, str] | None], heard: Heard
    ) -> list[Change]:
        """Learn, or forget, a thing; what stood open of a forgotten one is cleared."""
        thing_id = about.topic.thing
        known = self._things.get(thing_id)
        claimed = known is not None and known[0].described
        if known is not None and claimed and known[0].area != about.topic.area:
            heard.refusals.append(self._foreign(about.topic, known[0]))
            return []
        if about.thing is None:
            return [] if known is None else self._forget(known[0], changed)
        if known is not None and known[0] == about.thing:
            return []
        speaker = self._things.get(about.thing.via or "")
        status = "online" if speaker is None else speaker[1]
        status = self._early_statuses.pop(thing_id, status)
        if status == "offline":
            self._offline_since.setdefault(thing_id, self.site_now())
        if known is not None:
            status = known[1]
        self._hushed = None
        self._things[thing_id] = changed[thing_id] = (about.thing, status)
        self._resolved[:] = _UNRESOLVED
        now = self.site_now()
        dropped = known[0].datastreams if known is not None else {}
        for name in {**about.thing.datastreams, **dropped}:
            number = self._numbers.get((thing_id, name))
            if number is not None:
                self._engine.attach(about.thing, name, number, now)
        return []

    def _forget(self, thing: Thing, changed: dict[str, tuple[Thing, str] | None]) -> list[Change]:
        """Let go of a thing that was taken away, and clear what stood open of it."""
        now = self.site_now()
        del self._things[thing.id]
        self._offline_since.pop(thing.id, None)
        self._hushed = None
        changed[thing.id] = None
        self._resolved[:] = _UNRESOLVED
        missed = [
            Change(Turn.CLEAR, rule, thing.id, "", now, 0.0, 0.0)
            for rule in self._rules
            if rule.condition is Condition.OFFLINE and rule.binds(thing, "")
        ]
        return self._engine.detach(thing.id, now) + missed

    def _promised(
        self, changed: Mapping[str, tuple[Thing, str] | None]
    ) -> dict[tuple[str, str], None]:
        """Give the described datastreams that shall be heard of but have no number yet.

        They are missed from now on, though nothing ever came of them.
        """
        return {
            (thing_id, name): None
            for thing_id, pair in changed.items()
            if pair is not None
            for name, stream in pair[0].datastreams.items()
            if stream.period is not None and (thing_id, name) not in self._numbers
        }

    def _status(
        self,
        topic: Topic,
        status: str,
        changed: dict[str, tuple[Thing, str] | None],
        heard: Heard,
    ) -> None:
        """Take a thing's word that it is there or gone; a gateway speaks for its things."""
        known = self._things.get(topic.thing)
        if known is not None and known[0].area != topic.area:
            heard.refusals.append(self._foreign(topic, known[0]))
            return
        if known is None:
            if len(self._early_statuses) < _EARLY:
                self._early_statuses[topic.thing] = status
            return
        spoken_for = [known] + [
            pair for pair in self._things.values() if pair[0].via == topic.thing
        ]
        for thing, before in spoken_for:
            if before != status:
                self._things[thing.id] = changed[thing.id] = (thing, status)
                self._hushed = None
                if status == "offline":
                    self._offline_since[thing.id] = self.site_now()
                    self._back.discard(thing.id)
                else:
                    self._offline_since.pop(thing.id, None)
                    self._back.add(thing.id)

    def _foreign(self, topic: Topic, owner: Thing) -> Refusal:
        text = f"thing {topic.thing!r} belongs to area {owner.area!r}"
        spoken = f"ioc/{self._site}/{topic.area}/{topic.thing}/{topic.leaf}"
        return Refusal(spoken, Reason.IDENTITY, text, 0, b"")

    @staticmethod
    def _undescribed(area: str, thing: str) -> Thing:
        return Thing(
            thing, area, UNDESCRIBED, Text(thing, thing), None, Origin.REAL, {}, described=False
        )

    def _resolve(
        self, heard: Heard, changed: dict[str, tuple[Thing, str] | None]
    ) -> dict[tuple[str, str], None]:
        """Find the engine's row of every source used; returns datastreams without a number."""
        sources = self._reader.sources
        if len(sources) > len(self._resolved):
            more = np.full(len(sources), _UNRESOLVED, np.int64)
            self._resolved = np.concatenate([self._resolved, more])
        used = heard.columns.source
        unknown: dict[tuple[str, str], None] = {}
        for index in np.unique(used[self._resolved[used] == _UNRESOLVED]).tolist():
            source = sources[index]
            refused = self._admit(source, changed)
            if refused:
                self._resolved[index] = refused
                continue
            number = self._numbers.get((source.thing, source.name))
            if number is None:
                unknown[source.thing, source.name] = None
                continue
            self._resolved[index] = self._attach(source.thing, source.name, number)
        return unknown

    def _admit(self, source: Source, changed: dict[str, tuple[Thing, str] | None]) -> int:
        """Hold a source against the registry; 0 when it may speak."""
        known = self._things.get(source.thing)
        if known is None:
            known = (self._undescribed(source.area, source.thing), "online")
            self._things[source.thing] = changed[source.thing] = known
        thing, status = known
        if thing.area != source.area:
            return -2
        described = thing.datastreams.get(source.name)
        if described is None:
            stream = Datastream(source.name, unit=source.unit)
            thing = replace(thing, datastreams={**thing.datastreams, source.name: stream})
            self._things[thing.id] = changed[thing.id] = (thing, status)
        elif source.unit and described.unit and source.unit != described.unit:
            return -3
        if thing.origin is Origin.REAL and self._clock.speed != 1:
            return -4
        return 0

    def _attach(self, thing_id: str, name: str, number: int) -> int:
        return self._engine.attach(self._things[thing_id][0], name, number, self.site_now())

    def _number(self, tx: Transaction, unknown: Sequence[tuple[str, str]]) -> None:
        numbers = tx.datastreams(unknown)
        for (thing, name), number in zip(unknown, numbers, strict=True):
            self._numbers[thing, name] = number
            self._attach(thing, name, number)
        wanted = set(unknown)
        for index, source in enumerate(self._reader.sources):
            if self._resolved[index] == _UNRESOLVED and (source.thing, source.name) in wanted:
                number = self._numbers[source.thing, source.name]
                self._resolved[index] = self._attach(source.thing, source.name, number)

    def _known_rows(self, columns: Columns) -> Columns:
        return keep(columns, self._resolved[columns.source] >= 0)

    # -- what may come in ------------------------------------------------------------------

    def _accept(self, heard: Heard, messages: Sequence[Message], now: Instant) -> Columns:
        """Leave out what is refused row by row, with its reason."""
        columns = heard.columns
        if not len(columns):
            return columns
        resolved = self._resolved[columns.source]
        early = columns.time < now - self._acceptance.past
        ahead = columns.time > now + self._acceptance.future
        bad = early | ahead | (resolved < _UNRESOLVED)
        bad |= self._by_level(heard, columns)
        if not bad.any():
            return columns
        for row in np.flatnonzero(bad).tolist():
            message = messages[int(columns.message[row])]
            code = int(resolved[row])
            source = self._reader.sources[int(columns.source[row])]
            if code in _REFUSED:
                reason = _REFUSED[code]
                text = {
                    Reason.IDENTITY: f"{source.thing!r} belongs to another area",
                    Reason.UNIT: f"unit {source.unit!r} is not the described one",
                    Reason.CLOCK: "real data while the site's clock does not run at speed 1",
                }[reason]
            elif early[row] or ahead[row]:
                reason = Reason.TIME
                text = f"{_written(int(columns.time[row]))} is too far from {rfc3339(now)}"
            else:
                reason, text = Reason.SHAPE, f"{source.name!r} has no such level"
            heard.refusals.append(refuse(message, reason, text))
        return keep(columns, ~bad)

    def _by_level(self, heard: Heard, columns: Columns) -> npt.NDArray[np.bool_]:
        """Turn results told by a level's name into its index; mark those without one."""
        unknown = np.zeros(len(columns), np.bool_)
        for row, level in columns.levels.items():
            source = self._reader.sources[int(columns.source[row])]
            known = self._things.get(source.thing)
            stream = known[0].datastreams.get(source.name) if known is not None else None
            levels = stream.levels if stream is not None else ()
            if level in levels:
                heard.columns.value[row] = levels.index(level)
            else:
                unknown[row] = True
        return unknown

    # -- keeping ---------------------------------------------------------------------------

    def _save_things(
        self, tx: Transaction, changed: Mapping[str, tuple[Thing, str] | None], now: Instant
    ) -> None:
        events: list[Event] = []
        for thing_id, pair in changed.items():
            if pair is None:
                tx.remove_thing(thing_id)
                gone = {"id": thing_id, "removed": True}
                events.append(Event("thing", thing_id, PROVINCE, gone))
                continue
            thing, status = pair
            tx.save_thing(thing, status, self._offline_since.get(thing_id, now))
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
        rows = self._resolved[columns.source]
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
        for row in np.flatnonzero(conflicting).tolist():
            text = f"{columns.value[row]!r} contradicts what is kept of that time"
            message = messages[int(columns.message[row])]
            heard.refusals.append(refuse(message, Reason.CONFLICT, text))
        tally.stored = stored
        tally.duplicates = len(columns) - stored - int(conflicting.sum())
        self._newest(columns, rows, judged)
        return judged.changes

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
            elif change.turn is Turn.RAISE and change.thing in self._things:
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
        thing, _ = self._things[change.thing]
        described = thing.datastreams.get(change.datastream)
        rule = change.rule
        unit = described.unit if described is not None else ""
        if rule.condition is Condition.SILENT:
            unit = "s"
        return Alert(
            id=alert_id(change),
            version=1,
            seq=0,
            rule=rule.id,
            thing=thing.id,
            datastream=change.datastream,
            area=thing.area,
            severity=rule.severity,
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
            steps=(Done(change.at, CENTRE_NAME, Step.RAISE),),
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

    def _checkpoint(self, tx: Transaction) -> None:
        whole = self._drains % _WHOLE_EVERY == 0
        tx.checkpoint(self._engine.whole() if whole else self._engine.drain(), whole=whole)
        self._drains += 1

    def _own_records(self, heard: Heard) -> list[Record]:
        """Leave out the records that speak for a thing of another area."""
        own: list[Record] = []
        for record in heard.records:
            known = self._things.get(record.thing)
            if known is None or known[0].area == record.area:
                own.append(record)
            else:
                topic = Topic(record.area, record.thing, Leaf.RECORDS)
                heard.refusals.append(self._foreign(topic, known[0]))
        return own

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


def _written(at: Instant) -> str:
    try:
        return rfc3339(at)
    except OverflowError:
        return f"{at} µs"
