"""What the centre needs of the world, said in its own words; the edges provide it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ioc.core.alerts import Alert
from ioc.core.duty import Handover, Person, Roster, Shift
from ioc.core.engine import Change
from ioc.core.incidents import Incident
from ioc.core.indicators import Summary
from ioc.core.quiet import Window
from ioc.core.tasks import Task
from ioc.core.telling import Fate, Letter, Notice
from ioc.core.wire import Message, Record, Refusal
from ioc.core.words import Instant, Text, Thing


class StoreAwayError(Exception):
    """The store did not answer. Nothing of the open transaction is known to be kept."""


class NotAloneError(Exception):
    """Somebody else is the active one now; whoever meets this must let go of everything."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing the centre concluded, in order; ``body`` is the contract's shape of its kind."""

    kind: str
    subject: str
    area: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """Observations on their way to the store, as columns of equal length."""

    datastream: npt.NDArray[np.int32]
    time: npt.NDArray[np.int64]
    value: npt.NDArray[np.float64]
    quality: npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of rows that might have been there: one mask over them each."""

    kept: npt.NDArray[np.bool_]
    conflicting: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a restarted centre goes on from."""

    things: Sequence[tuple[Thing, str, Instant | None]]
    datastreams: Mapping[tuple[str, str], int]
    checkpoint: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class GatheredAlert:
    """What grouping needs of an alert that has its incident."""

    alert: str
    thing: str
    raised_at: Instant
    area: str
    message: Text


@dataclass(frozen=True, slots=True)
class Gathered:
    """An open incident with its alerts."""

    incident: Incident
    members: Sequence[GatheredAlert]


@dataclass(frozen=True, slots=True)
class Due:
    """A message whose time has come, and what it is about as that stands now.

    Attributes:
        mark: the mark it tells of; empty when it tells of an incident's alerts.
        term: the limit of the law it is a mark of, or empty.
        since: from when that time counts.
        people: those on duty whom it reached already.
        task: what it is about instead of an incident.
    """

    id: int
    route: str
    level: int
    turn: int
    role: str
    to: str
    tries: int
    mark: str
    term: str
    since: Instant | None
    people: Sequence[str]
    incident: Incident | None
    task: Task | None
    alerts: Sequence[Alert]

    @property
    def subject(self) -> Incident | Task:
        """What it is about."""
        found = self.task or self.incident
        if found is None:
            raise ValueError(f"message {self.id} is about nothing")
        return found


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a message.

    Attributes:
        letter: what was said; None when nothing was.
        alerts: ids of what it spoke of.
        again: for one that waits on, when it is tried again, in real time.
        people: those on duty whom it reached now.
    """

    id: int
    fate: Fate
    letter: Letter | None = None
    alerts: Sequence[str] = ()
    error: str | None = None
    again: Instant | None = None
    people: Sequence[str] = ()


class Transaction(Protocol):
    """Writes that are kept together or not at all."""

    def insert(self, rows: Rows) -> None:
        """Keep observations that are surely new."""

    def merge(self, rows: Rows) -> Merged:
        """Keep those observations that are not there yet; the first value stands."""

    def datastreams(self, names: Sequence[tuple[str, str]]) -> list[int]:
        """Give the number of each (thing, datastream), making what is missing."""

    def save_thing(self, thing: Thing, status: str, since: Instant) -> None:
        """Keep a thing as it is described now, and since when it has that status."""

    def remove_thing(self, thing: str) -> str | None:
        """Take a thing away; its observations stay. Gives where it was, None if it was not kept."""

    def shelved(self, until: Instant) -> list[Alert]:
        """Give the open alerts whose shelving ends by then, locked until the end."""

    def ungathered(self) -> list[Alert]:
        """Give the open alerts people raised that have no incident yet, locked until the end."""

    def active_alerts(self) -> list[Alert]:
        """Give the alerts whose condition stands, locked until the end."""

    def every_open_alert(self) -> list[Alert]:
        """Give all alerts that are not closed, locked until the end."""

    def alerts_during(
        self, spans: Mapping[tuple[str, str], tuple[Instant, Instant]]
    ) -> list[Alert]:
        """Give the alerts of (thing, datastream) that stood within a stretch of time, locked."""

    def alerts_of(self, incidents: Collection[str]) -> list[Alert]:
        """Give the alerts that incidents gather, locked until the end."""

    def free_alerts(self, ids: Collection[str]) -> list[Alert]:
        """Give those alerts that nobody else has locked, locked until the end: it never waits."""

    def windows(self, now: Instant) -> list[Window]:
        """Give the maintenance windows that are not over."""

    def window(self, window_id: str) -> Window | None:
        """Give one maintenance window, locked until the end."""

    def save_window(self, window: Window) -> None:
        """Keep a maintenance window."""

    def open_alerts(self, keys: Iterable[tuple[str, str, str]]) -> list[Alert]:
        """Give the open alerts of (rule, thing, datastream), locked until the end."""

    def alert(self, alert_id: str) -> Alert | None:
        """Give one alert, locked until the end."""

    def taken(self, ids: Sequence[str]) -> set[str]:
        """Give those of the ids that an alert has already."""

    def save_alerts(self, alerts: Sequence[Alert], at: Instant) -> list[Alert]:
        """Keep alerts and tell of them; returns them with their ``seq``."""

    def incident(self, incident_id: str) -> Incident | None:
        """Give one incident, locked until the end. Lock alerts before, tasks after."""

    def incidents(self, ids: Collection[str]) -> list[Incident]:
        """Give incidents by id, locked until the end."""

    def open_incidents(self) -> list[Incident]:
        """Give the incidents that are not closed, locked until the end."""

    def gathered(self, first: Instant, last: Instant) -> list[Gathered]:
        """Give the open incidents with an alert raised in between, locked until the end."""

    def owe(self, notices: Sequence[Notice], now: Instant) -> None:
        """Put down messages that are owed; one that waits already comes no later than before.

        A mark that was told of, or is waiting to be, is not told again.
        """

    def due_messages(self, now: Instant, limit: int) -> list[Due]:
        """Give the messages whose time has come, those due first at first."""

    def roster(self, now: Instant) -> Roster:
        """Give who is on duty at a moment of the site's clock, and what is known of people."""

    def settle(self, settled: Settled, now: Instant) -> None:
        """Keep what became of a message; one that is to be tried again waits on."""

    def due_incidents(self, now: Instant) -> list[Incident]:
        """Give the incidents a mark of whose time is reached, locked until the end."""

    def save_incidents(self, incidents: Sequence[Incident], at: Instant) -> list[Incident]:
        """Keep incidents and tell of them; returns them with their ``seq``."""

    def task(self, task_id: str) -> Task | None:
        """Give one task, locked until the end."""

    def due_tasks(self, now: Instant) -> list[Task]:
        """Give the tasks a mark of whose time is reached, locked until the end."""

    def save_tasks(self, tasks: Sequence[Task], at: Instant) -> list[Task]:
        """Keep tasks and tell of them; returns them with their ``seq``."""

    def save_shift(self, shift: Shift) -> None:
        """Keep a shift."""

    def remove_shift(self, shift_id: str) -> bool:
        """Take a shift away; tell whether there was one."""

    def save_contact(self, contact_id: str, area: str, body: Mapping[str, Any]) -> None:
        """Keep a telephone number."""

    def remove_contact(self, contact_id: str) -> bool:
        """Take a telephone number away; tell whether there was one."""

    def handover(self, handover_id: str) -> Handover | None:
        """Give one handover, locked until the end."""

    def save_handover(self, handover: Handover) -> None:
        """Keep a handover."""

    def looked(self, username: str, at: Instant) -> None:
        """Remember when somebody looked; never an earlier time than before."""

    def answered(self, by: str, request: str, at: Instant) -> dict[str, Any] | None:
        """Give the answer a request has had already, or claim the request and give None."""

    def answer(self, by: str, request: str, answer: dict[str, Any]) -> None:
        """Keep the answer of a request that was claimed in this transaction."""

    def save_indicators(self, bodies: Sequence[Mapping[str, Any]], at: Instant) -> None:
        """Keep indicators as they are now, and in their history."""

    def save_past(
        self, values: Sequence[tuple[str, str, float | None, float]], at: Instant
    ) -> None:
        """Keep (indicator, area, value, coverage) of an instant in their history."""

    def save_records(self, records: Sequence[Record]) -> list[Record]:
        """Keep steps of business that are not there yet, and return those."""

    def record_owners(self, ids: Collection[str]) -> Mapping[str, str]:
        """Give the thing that first told of each record that is kept."""

    def save_shadows(self, changes: Sequence[Change]) -> None:
        """Count what rules in shadow would have raised; what is counted already stays once."""

    def refuse(self, refusals: Sequence[Refusal], at: Instant) -> None:
        """Keep what was refused."""

    def audit(self, who: str, action: str, subject: str, detail: Mapping[str, Any]) -> None:
        """Put a step into the audit trail, with the rest of the transaction or not at all.

        Alerts, incidents and tasks need no word here: keeping them tells of every new step.
        """

    def save_brief(self, body: Mapping[str, Any], *, scheduled: bool) -> bool:
        """Keep a brief; tell whether there was none of that id yet. The first one stands."""

    def checkpoint(self, body: bytes, *, whole: bool) -> None:
        """Keep the engine's state; a whole one replaces all before it."""

    def tell(self, events: Sequence[Event], at: Instant) -> list[int]:
        """Put events into the log; returns their numbers, in the order of commit."""


class Store(Protocol):
    """Where everything is kept."""

    def remember(self) -> Remembered:
        """Read what to go on from."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begin; leaving it commits, an exception rolls back.

        Raises:
            StoreAwayError: the store did not answer.
        """

    def observations(self, after: Mapping[int, Instant]) -> Rows:
        """Give the believable observations behind a time of each datastream."""

    def newest(self) -> Rows:
        """Give the newest observation of each datastream of a thing that is there."""

    def prepare(self, first: Instant, last: Instant) -> None:
        """Make room for observations of these times."""

    def roll(self, most: int = 50_000) -> int:
        """Bring the rollups up to what is kept; returns how many hours were made again."""

    def summaries(
        self, datastreams: Sequence[int], start: Instant, end: Instant, *, rolled: bool = False
    ) -> Mapping[int, Summary]:
        """Summarise datastreams over [start, end]; those without an observation are left out.

        With ``rolled`` the rollups were just made and ``end`` is now: nothing else is read.
        """

    def hours(
        self, datastreams: Sequence[int], start: Instant, end: Instant
    ) -> Mapping[int, Mapping[Instant, tuple[float, float]]]:
        """Give each hour's mean and greatest value, by the instant it begins."""

    def beginning(self) -> Instant | None:
        """Give about when the first observation was; None for none at all."""

    def steps(
        self, types: Sequence[str], start: Instant, end: Instant
    ) -> Sequence[tuple[str, str, str, bool, int, Instant]]:
        """Count steps of records by type, state, area and whether they were in time."""

    def refusals(self, start: Instant, end: Instant) -> Mapping[str, int]:
        """Count what was refused of each thing, by its topic."""

    def told_at(self, instants: Sequence[Instant]) -> set[tuple[str, Instant]]:
        """Give the indicators that have a value of these instants."""


class UndeliverableError(Exception):
    """A channel did not take a message; it may the next time."""


class Post(Protocol):
    """Delivers messages over the channels an installation has."""

    def knows(self, to: str) -> bool:
        """Tell whether an address of that name is known."""

    def deliver(self, to: str, letter: Letter, person: Person | None = None) -> None:
        """Deliver, or raise.

        Args:
            to: the name of an address.
            letter: what is said.
            person: whose telephone number or e-mail the address wants.

        Raises:
            UndeliverableError: the channel did not take it, or it lacks what it wants of whom.
        """


class Bus(Protocol):
    """Where the centre tells what it judged."""

    def publish(self, topic: str, payload: bytes, *, qos: int = 0, retain: bool = False) -> bool:
        """Tell; returns False where the broker is away and nothing was taken."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Messages in order of arrival, with what is needed to acknowledge them.

    Attributes:
        mids: the broker's numbers of those that want an acknowledgement.
        connection: which connection delivered them; to another one the numbers mean nothing.
    """

    messages: list[Message]
    mids: list[int]
    connection: int


class Source(Protocol):
    """Where messages come from."""

    def take(self, timeout: float, most: int = 20_000) -> Delivery:
        """Wait at most ``timeout`` seconds, and take what is there."""

    def acknowledge(self, delivery: Delivery) -> None:
        """Say that these need not come again."""

    def waiting(self) -> int:
        """Count the messages not taken yet."""

    dropped: int
    """Messages let go for want of room."""

    connects: int
    """Connections made so far."""


class Say(Protocol):
    """Words for people, from the catalogue."""

    def __call__(self, message: str, fallback: str, args: Mapping[str, Any]) -> Text:
        """Render a message in both languages."""
