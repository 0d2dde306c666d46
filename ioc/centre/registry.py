"""Who may speak, and what is known of whom: the things, their datastreams, and who is gone.

The registry turns what was heard into rows of the engine. What speaks for a thing of another area,
in another unit or at an unbelievable time is refused here, with its reason.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from ioc.centre.ports import Remembered, Transaction
from ioc.core.absences import Absences, absence
from ioc.core.clock import SiteClock
from ioc.core.engine import Change, Engine, Ints, Turn
from ioc.core.rules import Condition, Rule, of_record
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
from ioc.core.words import DAY, MINUTE, Datastream, Instant, Origin, Text, Thing, rfc3339

UNDESCRIBED: Final = "undescribed"
"""Kind of a thing that sends data but was never described."""

Known = tuple[Thing, str]
"""A thing as it is described, and its status as it was last told."""

Changed = dict[str, Known | None]
"""What one batch taught of things; None for one that was taken away."""

_UNRESOLVED: Final = -1
_REFUSED: Final = {-2: Reason.IDENTITY, -3: Reason.UNIT, -4: Reason.CLOCK}
_EARLY: Final = 10_000
"""Statuses of things nobody described yet that are remembered."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Which times are believed, against the site's clock (contract, section 2)."""

    past: int = 7 * DAY
    future: int = 5 * MINUTE


class Registry:
    """The things of a site and their datastreams; see the module.

    Attributes:
        things: by id, each with its status.
        numbers: the store's number of each (thing, datastream).
        absences: the things that told they are gone.
    """

    def __init__(  # noqa: PLR0913 - what it stands on, handed in at one place
        self,
        site: str,
        rules: Sequence[Rule],
        reader: Reader,
        *,
        clock: SiteClock,
        now: Callable[[], Instant],
        acceptance: Acceptance,
    ) -> None:
        """Know nothing before `recall`.

        Args:
            site: its id.
            rules: for those that miss a thing.
            reader: whose sources are resolved here.
            clock: of the site.
            now: the site's time.
            acceptance: which times are believed.
        """
        self._site = site
        self._rules = tuple(rules)
        self._reader = reader
        self._clock = clock
        self._now = now
        self._acceptance = acceptance
        self._engine = Engine(rules)
        self.things: dict[str, Known] = {}
        self.numbers: dict[tuple[str, str], int] = {}
        self.absences = Absences(self.of_absence)
        self._resolved = np.full(1024, _UNRESOLVED, np.int64)
        self._hushed: Ints | None = None
        self._early_statuses: dict[str, str] = {}

    def recall(self, remembered: Remembered, engine: Engine) -> None:
        """Take everything from what the store remembers, and make it known to an engine."""
        now = self._now()
        self._engine = engine
        self.things = {thing.id: (thing, status) for thing, status, _ in remembered.things}
        self.numbers = dict(remembered.datastreams)
        for (thing_id, name), number in self.numbers.items():
            known = self.things.get(thing_id)
            if known is not None:
                engine.attach(known[0], name, number, now)
        self.forget_sources()
        self._hushed = None
        gone = {
            thing.id: now if since is None else since
            for thing, status, since in remembered.things
            if status == "offline"
        }
        self.absences.recall(gone, self.things.keys() - gone.keys())

    def forget_sources(self) -> None:
        """Resolve every source anew: the reader has forgotten its own, or a thing has changed."""
        self._resolved[:] = _UNRESOLVED

    def rows(self, columns: Columns) -> Ints:
        """Give the engine's row of each observation; negative for one that has none."""
        return self._resolved[columns.source]

    def known_rows(self, columns: Columns) -> Columns:
        """Leave out what has no row."""
        return keep(columns, self.rows(columns) >= 0)

    def learn(self, heard: Heard, changed: Changed) -> list[Change]:
        """Take in what things say of themselves; what it changed is added to ``changed``."""
        changes: list[Change] = []
        for about in heard.abouts:
            changes += self._describe(about, changed, heard)
        for topic, status in heard.statuses:
            self._status(topic, status, changed, heard)
        return changes

    def explained(self) -> Ints:
        """Give the datastreams whose silence is explained: what speaks for them is offline."""
        if self._hushed is None:
            self._hushed = self._engine.rows_of(
                thing.id for thing, status in self.things.values() if status == "offline"
            )
        return self._hushed

    def of_absence(self, thing_id: str) -> list[Rule]:
        """Give the rules that miss a thing; one that is spoken for is missed by its speaker."""
        known = self.things.get(thing_id)
        if known is None or known[0].via is not None:
            return []
        return [
            rule
            for rule in self._rules
            if rule.condition is Condition.OFFLINE and rule.binds(known[0], "")
        ]

    def _describe(self, about: About, changed: Changed, heard: Heard) -> list[Change]:
        """Learn, or forget, a thing; what stood open of a forgotten one is cleared."""
        thing_id = about.topic.thing
        known = self.things.get(thing_id)
        claimed = known is not None and known[0].described
        if known is not None and claimed and known[0].area != about.topic.area:
            heard.refusals.append(self._foreign(about.topic, known[0]))
            return []
        if about.thing is None:
            return [] if known is None else self._forget(known[0], changed)
        if known is not None and known[0] == about.thing:
            return []
        speaker = self.things.get(about.thing.via or "")
        status = "online" if speaker is None else speaker[1]
        status = self._early_statuses.pop(thing_id, status)
        if status == "offline":
            self.absences.since.setdefault(thing_id, self._now())
        if known is not None:
            status = known[1]
        self._hushed = None
        self.things[thing_id] = changed[thing_id] = (about.thing, status)
        self.forget_sources()
        now = self._now()
        recorded = dict.fromkeys(self._records_of(about.thing))
        dropped = known[0].datastreams if known is not None else {}
        for name in {**about.thing.datastreams, **dropped, **recorded}:
            number = self.numbers.get((thing_id, name))
            if number is not None:
                self._engine.attach(about.thing, name, number, now)
        return []

    def _forget(self, thing: Thing, changed: Changed) -> list[Change]:
        """Let go of a thing that was taken away, and clear what stood open of it."""
        now = self._now()
        del self.things[thing.id]
        self.absences.forget(thing.id)
        self._hushed = None
        changed[thing.id] = None
        self.forget_sources()
        missed = [
            absence(Turn.CLEAR, rule, thing.id, now)
            for rule in self._rules
            if rule.condition is Condition.OFFLINE and rule.binds(thing, "")
        ]
        return self._engine.detach(thing.id, now) + missed

    def _promised(self, changed: Mapping[str, Known | None]) -> dict[tuple[str, str], None]:
        """Give the described datastreams that shall be heard of but have no number yet.

        They are missed from now on, though nothing ever came of them.
        """
        promised = {
            (thing_id, name): None
            for thing_id, pair in changed.items()
            if pair is not None
            for name, stream in pair[0].datastreams.items()
            if stream.period is not None
        }
        promised |= {
            (thing_id, name): None
            for thing_id, pair in changed.items()
            if pair is not None
            for name in self._records_of(pair[0])
        }
        return {key: None for key in promised if key not in self.numbers}

    def _records_of(self, thing: Thing) -> list[str]:
        """Name the records of a thing that some rule waits for, as the engine calls them."""
        return sorted({rule.datastream for rule in self._rules if rule.of_records(thing)})

    def rows_of_records(self, records: Sequence[Record]) -> tuple[Ints, Ints]:
        """Give the engine's row and the time of each record some rule waits for."""
        rows, times = [], []
        for record in records:
            for name in (of_record(record.type), of_record(record.type, record.state)):
                row = self._engine.row(record.thing, name)
                if row is not None:
                    rows.append(row)
                    times.append(record.at)
        return np.array(rows, np.int64), np.array(times, np.int64)

    def _status(
        self,
        topic: Topic,
        status: str,
        changed: Changed,
        heard: Heard,
    ) -> None:
        """Take a thing's word that it is there or gone; a gateway speaks for its things."""
        known = self.things.get(topic.thing)
        if known is not None and known[0].area != topic.area:
            heard.refusals.append(self._foreign(topic, known[0]))
            return
        if known is None:
            if len(self._early_statuses) < _EARLY:
                self._early_statuses[topic.thing] = status
            return
        spoken_for = [known] + [pair for pair in self.things.values() if pair[0].via == topic.thing]
        for thing, before in spoken_for:
            if before != status:
                self.things[thing.id] = changed[thing.id] = (thing, status)
                self._hushed = None
                if status == "offline":
                    self.absences.gone(thing.id, self._now())
                else:
                    self.absences.back(thing.id)

    def _foreign(self, topic: Topic, owner: Thing) -> Refusal:
        text = f"thing {topic.thing!r} belongs to area {owner.area!r}"
        spoken = f"ioc/{self._site}/{topic.area}/{topic.thing}/{topic.leaf}"
        return Refusal(spoken, Reason.IDENTITY, text, 0, b"")

    @staticmethod
    def _undescribed(area: str, thing: str) -> Thing:
        return Thing(
            thing, area, UNDESCRIBED, Text(thing, thing), None, Origin.REAL, {}, described=False
        )

    def resolve(self, heard: Heard, changed: Changed) -> dict[tuple[str, str], None]:
        """Find the engine's row of every source used; gives the datastreams without a number."""
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
            number = self.numbers.get((source.thing, source.name))
            if number is None:
                unknown[source.thing, source.name] = None
                continue
            self._resolved[index] = self._attach(source.thing, source.name, number)
        return unknown | self._promised(changed)

    def _admit(self, source: Source, changed: Changed) -> int:
        """Hold a source against the registry; 0 when it may speak."""
        known = self.things.get(source.thing)
        if known is None:
            known = (self._undescribed(source.area, source.thing), "online")
            self.things[source.thing] = changed[source.thing] = known
        thing, status = known
        if thing.area != source.area:
            return -2
        described = thing.datastreams.get(source.name)
        if described is None:
            stream = Datastream(source.name, unit=source.unit)
            thing = replace(thing, datastreams={**thing.datastreams, source.name: stream})
            self.things[thing.id] = changed[thing.id] = (thing, status)
        elif source.unit and described.unit and source.unit != described.unit:
            return -3
        if thing.origin is Origin.REAL and self._clock.speed != 1:
            return -4
        return 0

    def _attach(self, thing_id: str, name: str, number: int) -> int:
        return self._engine.attach(self.things[thing_id][0], name, number, self._now())

    def number(self, tx: Transaction, unknown: Sequence[tuple[str, str]]) -> None:
        """Have the store number what is new, and make it known to the engine."""
        numbers = tx.datastreams(unknown)
        for (thing, name), number in zip(unknown, numbers, strict=True):
            self.numbers[thing, name] = number
            self._attach(thing, name, number)
        wanted = set(unknown)
        for index, source in enumerate(self._reader.sources):
            if self._resolved[index] == _UNRESOLVED and (source.thing, source.name) in wanted:
                number = self.numbers[source.thing, source.name]
                self._resolved[index] = self._attach(source.thing, source.name, number)

    def accept(self, heard: Heard, messages: Sequence[Message], now: Instant) -> Columns:
        """Leave out what is refused row by row, with its reason."""
        columns = heard.columns
        if not len(columns):
            return columns
        resolved = self.rows(columns)
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
        if not columns.levels:
            return unknown
        rows = np.fromiter(columns.levels, np.int64, len(columns.levels))
        told = list(zip(columns.source[rows].tolist(), columns.levels.values(), strict=True))
        index = {one: self._level(*one) for one in set(told)}
        values = np.array([index[one] for one in told])
        heard.columns.value[rows] = values
        unknown[rows[np.isnan(values)]] = True
        return unknown

    def _level(self, source_index: int, level: str) -> float:
        """Give the index of a level's name; NaN where the datastream has no such level."""
        source = self._reader.sources[source_index]
        known = self.things.get(source.thing)
        stream = known[0].datastreams.get(source.name) if known is not None else None
        levels = stream.levels if stream is not None else ()
        return float(levels.index(level)) if level in levels else math.nan

    def own_records(
        self,
        heard: Heard,
        now: Instant,
        owners: Callable[[Collection[str]], Mapping[str, str]],
    ) -> list[Record]:
        """Leave out the records that speak for another thing, or of what is to come.

        A record is the thing's that first told of it; no other adds a step to it. A step of
        tomorrow would stand as the newest until then, whatever really happens.

        Args:
            heard: what came; refusals are added to it.
            now: the site's time.
            owners: ids of records -> the thing of each that is kept.
        """
        owner = dict(owners({record.id for record in heard.records}))
        latest = now + self._acceptance.future
        own: list[Record] = []
        for record in heard.records:
            known = self.things.get(record.thing)
            topic = Topic(record.area, record.thing, Leaf.RECORDS)
            spoken = f"ioc/{self._site}/{record.area}/{record.thing}/{Leaf.RECORDS}"
            if known is not None and known[0].area != record.area:
                heard.refusals.append(self._foreign(topic, known[0]))
            elif record.at > latest:
                text = f"{record.id!r} at {rfc3339(record.at)} is ahead of {rfc3339(now)}"
                heard.refusals.append(Refusal(spoken, Reason.TIME, text, 0, b""))
            elif owner.setdefault(record.id, record.thing) != record.thing:
                text = f"record {record.id!r} is of thing {owner[record.id]!r}"
                heard.refusals.append(Refusal(spoken, Reason.IDENTITY, text, 0, b""))
            else:
                own.append(record)
        return own


def _written(at: Instant) -> str:
    try:
        return rfc3339(at)
    except OverflowError:
        return f"{at} µs"
