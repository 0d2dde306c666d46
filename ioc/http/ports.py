"""What the web edge needs of the rest, as Protocols: whatever fits may be handed in.

Every method here may block; it is called on a worker thread, never on the event loop.
`ioc.centre.ports.StoreAwayError` means that the database is away or too slow: the request becomes
a 503.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ioc.centre.briefing import BriefDesk, Briefing
from ioc.centre.casedesk import CaseDesk
from ioc.centre.desk import Desk
from ioc.centre.dutydesk import DutyDesk
from ioc.core.alerts import Alert
from ioc.core.words import Instant

Json = dict[str, Any]
Areas = Collection[str] | None
"""The areas somebody may see or asks for; None for all of them."""

Newest = Mapping[str, tuple[Instant, float, int]]
"""By ``thing/datastream``: time, value, quality (`ioc.core.words.Quality`)."""


class Event(Protocol):
    """One row of the event log; ``body`` is the contract's shape of its kind."""

    @property
    def seq(self) -> int:
        """Its place in the order of commits."""

    @property
    def at(self) -> Instant:
        """The site's time of it."""

    @property
    def kind(self) -> str:
        """``alert``, ``indicator``, ``incident``, ``task``, ``thing``, ``record`` or ``drill``."""

    @property
    def subject(self) -> str:
        """The id of what it is about."""

    @property
    def area(self) -> str:
        """Where it belongs."""

    @property
    def body(self) -> Json:
        """What it is about, as it stood then."""


class Picture(Protocol):
    """Everything a fresh wall needs, read in one transaction."""

    @property
    def seq(self) -> int:
        """The newest event the rest already holds; 0 when there is none."""

    @property
    def alerts(self) -> Sequence[Json]:
        """The alerts that are not closed, newest first."""

    @property
    def indicators(self) -> Sequence[Json]:
        """All indicators."""

    @property
    def incidents(self) -> Sequence[Json]:
        """The incidents that are not closed, newest first."""

    @property
    def tasks(self) -> Sequence[Json]:
        """The tasks that are not closed, newest first."""

    @property
    def things(self) -> Sequence[Json]:
        """All things, as last described, without their newest values."""


class Past(Protocol):
    """Everything a wall needs that shows an earlier instant."""

    @property
    def newest(self) -> Newest:
        """The newest observation of each datastream that is not after the instant."""

    @property
    def values(self) -> Mapping[tuple[str, str], tuple[Instant, float | None, float]]:
        """By indicator and area: when it was computed, its value, its coverage."""

    @property
    def indicators(self) -> Sequence[Json]:
        """All indicators as they are now."""

    @property
    def alerts(self) -> Sequence[Json]:
        """The alerts that were open then, as they stood, newest first."""

    @property
    def incidents(self) -> Sequence[Json]:
        """The incidents that were open then, as they stood, newest first."""

    @property
    def tasks(self) -> Sequence[Json]:
        """The tasks that were open then, as they stood, newest first."""

    @property
    def things(self) -> Sequence[Json]:
        """The things there were, as they had been described."""

    @property
    def exact(self) -> bool:
        """Whether all but the indicators is as it was logged then."""


class Received(Protocol):
    """What came of one datastream in a window."""

    thing: str
    kind: str
    area: str
    datastream: str
    period: float | None
    count: int
    suspect: int
    bad: int
    refused: int
    at: Instant | None


class Summary(Protocol):
    """What one datastream gave to an indicator, and its newest observation."""

    @property
    def thing(self) -> str:
        """The thing's id."""

    @property
    def datastream(self) -> str:
        """The datastream's name."""

    @property
    def newest(self) -> tuple[Instant, float] | None:
        """Time and value of its newest observation that is not bad; None without any."""

    @property
    def count(self) -> int:
        """How many observations of the window that are not bad."""

    @property
    def total(self) -> float:
        """Their sum."""

    @property
    def greatest(self) -> float | None:
        """The greatest of them; None without any."""


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time, both ends in it; None leaves an end open."""

    start: Instant | None
    end: Instant | None


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """Which alerts: every part that is not None narrows.

    Attributes:
        states: of `ioc.core.alerts.State`.
        open: True for those not closed, False for those closed.
        active: by the condition.
        shelved_at: shelved beyond this time.
        raised: by the time they were raised.
    """

    states: Collection[str] | None = None
    open: bool | None = None
    active: bool | None = None
    shelved_at: Instant | None = None
    severities: Collection[int] | None = None
    areas: Areas = None
    raised: Period = Period(None, None)


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which rows of the audit trail: every part that is not None narrows.

    Attributes:
        action: in full, or its part before the dot.
        at: real time.
    """

    who: str | None = None
    action: str | None = None
    subject: str | None = None
    at: Period = Period(None, None)


class Archive(Protocol):
    """The questions the web edge asks of what is kept."""

    def ping(self) -> None:
        """Ask the database for nothing, to learn that it answers."""

    def bounds(self) -> tuple[int, int]:
        """Give the least and the greatest ``seq`` of the event log; 0, 0 when it is empty."""

    def events(self, after: int, limit: int) -> Sequence[Event]:
        """Give the events behind ``after`` in order."""

    def picture(self) -> Picture:
        """Read what a fresh wall needs."""

    def past(self, at: Instant) -> Past | None:
        """Read what a wall needs of an earlier instant; None before anything was observed."""

    def newest(self) -> Newest:
        """Read every datastream's newest observation."""

    def things(self, areas: Areas, kind: str | None, after: str, limit: int) -> Sequence[Json]:
        """Give things by id, behind ``after``."""

    def thing(self, thing: str) -> Json | None:
        """Give one thing."""

    def observations(
        self, key: tuple[str, str], period: Period, after: Instant | None, limit: int
    ) -> Sequence[tuple[Instant, float, int]] | None:
        """Give a datastream's observations, oldest first; None for an unknown datastream."""

    def reduced(
        self, key: tuple[str, str], start: Instant, end: Instant, points: int
    ) -> Sequence[tuple[Instant, float, float, float, int]] | None:
        """Give time, least, mean, greatest, count of at most ``points`` equal stretches."""

    def alerts(
        self, wanted: AlertFilter, before: tuple[Instant, str] | None, limit: int
    ) -> Sequence[Json]:
        """Give alerts, newest first, behind a place in that order."""

    def alert_areas(self, ids: Collection[str]) -> Mapping[str, str]:
        """Give the area of each of these alerts that there is."""

    def alert(self, alert: str) -> Json | None:
        """Give one alert."""

    def indicators(self, areas: Areas, after: tuple[str, str] | None, limit: int) -> Sequence[Json]:
        """Give indicators by id and area, behind a place in that order."""

    def indicator(self, indicator: str, area: str) -> Json | None:
        """Give one indicator of one area."""

    def trend(
        self, indicator: str, area: str, period: Period, limit: int
    ) -> Sequence[tuple[Instant, float | None, float]]:
        """Give an indicator's newest values (time, value, coverage), oldest first."""

    def summaries(
        self, kind: str, datastream: str, areas: Areas, period: tuple[Instant, Instant]
    ) -> Sequence[Summary]:
        """Sum up a datastream over the things of a kind, for an indicator's lineage."""

    def received(
        self, areas: Areas, kind: str | None, period: tuple[Instant, Instant]
    ) -> Sequence[Received]:
        """Count what came of every described datastream, for its data quality."""

    def records(
        self,
        *,
        type_: str | None,
        state: str | None,
        areas: Areas,
        before: tuple[Instant, str] | None,
        limit: int,
    ) -> Sequence[Json]:
        """Give the newest step of each record, newest first, behind a place in that order."""

    def record_counts(self, areas: Areas) -> Sequence[Json]:
        """Count the records that stand in each state: ``type``, ``state``, ``count``."""

    def refused(
        self, areas: Areas, reason: str | None, before: int | None, limit: int
    ) -> Sequence[Json]:
        """Give refused input, newest first, behind a place in that order."""

    def audit(self, wanted: AuditFilter, before: int | None, limit: int) -> Sequence[Json]:
        """Give the audit trail, newest first, behind a place in that order."""

    def rule_counts(self, now: Instant) -> Mapping[str, Json]:
        """Count each rule's alerts and what it raised in shadow, of a day and a week."""

    def review(self, since: Instant, until: Instant, areas: Areas, limit: int) -> Mapping[str, Any]:
        """Give what was raised and cleared since then, and what is open."""


class Oversight(Protocol):
    """What supervisors ask of what is kept."""

    def alerts_within(
        self, start: Instant, end: Instant, areas: Areas, limit: int
    ) -> Sequence[Alert]:
        """Give the alerts that were open at some time in between, newest first."""

    def notifications(
        self,
        areas: Areas,
        state: str | None,
        incident: str | None,
        before: int | None,
        limit: int,
    ) -> Sequence[Json]:
        """Give messages about incidents of areas, newest first, behind a place in that order."""


class Briefs(Protocol):
    """The briefs that were made."""

    def many(
        self, kind: str | None, areas: Areas, before: tuple[Instant, str] | None, limit: int
    ) -> Sequence[Json]:
        """Give the heads of briefs, newest first, behind a place in that order."""

    def one(self, id_: str) -> Json | None:
        """Give one brief."""


class Press(Protocol):
    """Gives a brief a form; ``language`` is ``vi`` or ``en``."""

    def pdf(self, brief: Mapping[str, Any], language: str) -> bytes:
        """Give it as PDF."""

    def page(self, brief: Mapping[str, Any], language: str) -> str:
        """Give it as an HTML page."""

    def asset(self, name: str) -> tuple[bytes, str] | None:
        """Give one of the page's own files and its media type; None for no such file."""


class Bell(Protocol):
    """Rings when an event was written."""

    def wait(self, seconds: float) -> None:
        """Return when it rings, at the latest after ``seconds``; never raises."""

    def wake(self) -> None:
        """Wake whoever waits, for good; from any thread."""

    def close(self) -> None:
        """Let go of the connection, once nobody waits any more."""


class Account(Protocol):
    """Somebody who may log in."""

    @property
    def username(self) -> str:
        """The name, unique."""

    @property
    def role(self) -> str:
        """One of `ioc.http.access.Role`."""

    @property
    def areas(self) -> Sequence[str]:
        """The areas the account is bound to; empty for all."""

    @property
    def agency(self) -> str | None:
        """The agency it belongs to."""

    @property
    def password_hash(self) -> str:
        """As `Accounts.matches` wants it."""


class Visitor(Protocol):
    """Whom a token stands for. ``username`` is None for a display."""

    @property
    def username(self) -> str | None:
        """The account's name."""

    @property
    def role(self) -> str:
        """One of `ioc.http.access.Role`."""

    @property
    def areas(self) -> Sequence[str]:
        """The areas the account is bound to; empty for all."""

    @property
    def agency(self) -> str | None:
        """The agency it belongs to."""

    @property
    def expires_at(self) -> Instant | None:
        """Real time; None for never."""


class Accounts(Protocol):
    """Logins and tokens."""

    def account(self, username: str) -> Account | None:
        """Find an account."""

    def all(self) -> Sequence[Account]:
        """Give all accounts by name."""

    def add(  # noqa: PLR0913 - an account's parts, and who makes it
        self,
        username: str,
        role: str,
        password: str,
        *,
        areas: Collection[str] = (),
        agency: str | None = None,
        by: str = ...,
    ) -> None:
        """Make an account."""

    def remove(self, username: str, *, by: str = ...) -> bool:
        """Remove an account and its logins; tell whether there was one."""

    def set_password(self, username: str, password: str, *, by: str = ...) -> bool:
        """Give an account another password and end its logins; tell whether there is one."""

    def mint_display(
        self,
        token: str | None = None,
        *,
        label: str = "",
        now: Instant | None = None,
        by: str = ...,
    ) -> str:
        """Give a display token that stands until it is revoked."""

    def displays(self) -> Sequence[Mapping[str, str | None]]:
        """Give the displays that may show the wall: id, label and since when."""

    def revoke_display(self, id_: str, now: Instant, *, by: str = ...) -> bool:
        """Revoke the display of an id; tell whether there was one."""

    def matches(self, password_hash: str | None, password: str) -> bool:
        """Tell whether the password is right; takes as long when there is no hash."""

    def open(self, username: str, role: str, expires_at: Instant, address: str) -> str:
        """Open a login, come from an address, and give its token."""

    def refuse(self, username: str, address: str) -> None:
        """Note that somebody tried to log in with a name or password that is wrong."""

    def close(self, token: str, now: Instant, by: str) -> None:
        """Revoke a token, at somebody's wish."""

    def visitor(self, token: str, now: Instant) -> Visitor | None:
        """Tell whom a token stands for; None when unknown, revoked or expired."""

    def valid(self, tokens: Collection[str], now: Instant) -> Collection[str]:
        """Give those of the tokens that still stand."""


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which incidents or tasks: every part that is not None narrows.

    Attributes:
        agency: the agency somebody is bound to: they reach what it owes, and their own areas.
    """

    state: str | None = None
    open: bool | None = None
    areas: Areas = None
    agency: str | None = None
    owner: str | None = None
    late: bool | None = None


class Rota(Protocol):
    """The questions the web edge asks of who is on duty."""

    def shifts(self, first: Instant, last: Instant, areas: Areas, limit: int) -> Sequence[Json]:
        """Give the shifts that touch a stretch of time, the first to begin first."""

    def shift(self, shift_id: str) -> Json | None:
        """Give one shift."""

    def contacts(self, areas: Areas, limit: int) -> Sequence[Json]:
        """Give the telephone numbers, by id."""

    def contact(self, contact_id: str) -> Json | None:
        """Give one telephone number."""

    def handovers(self, areas: Areas, limit: int) -> Sequence[Json]:
        """Give handovers, the newest first."""

    def counts(self, areas: Areas) -> dict[str, int]:
        """Count what is open, and what of it is late."""

    def last_look(self, username: str) -> Instant | None:
        """Tell when somebody last looked."""


class Cases(Protocol):
    """The questions the web edge asks of what people handle."""

    def many(
        self, kind: str, wanted: CaseFilter, before: tuple[Instant, str] | None, limit: int
    ) -> Sequence[Json]:
        """Give incidents or tasks, newest first, behind a place in that order."""

    def one(self, kind: str, id_: str) -> Json | None:
        """Give one incident or task."""

    def review(self, since: Instant, until: Instant, areas: Areas, limit: int) -> Mapping[str, Any]:
        """Give the incidents and tasks assigned in between, those late, and those open."""

    def record(self, id_: str) -> Json | None:
        """Give a record as it was at its first step."""

    def windows(
        self,
        areas: Areas,
        now: Instant | None,
        before: tuple[Instant, str] | None,
        limit: int,
    ) -> Sequence[Json]:
        """Give maintenance windows, the last to begin first; with ``now`` those not over."""

    def window(self, id_: str) -> Json | None:
        """Give one maintenance window."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The rest of the centre, as the web edge gets it.

    Attributes:
        now: real time in microseconds since 1970.
        checks: further dependencies for ``/readyz``, by name: each gives None when all is well,
            else what is wrong. They are called on the event loop and must not block.
    """

    archive: Archive
    oversight: Oversight
    accounts: Accounts
    cases: Cases
    desk: Desk
    case_desk: CaseDesk
    rota: Rota
    duty_desk: DutyDesk
    briefs: Briefs
    briefing: Briefing
    brief_desk: BriefDesk
    press: Press
    bell: Bell
    now: Callable[[], Instant]
    checks: Mapping[str, Callable[[], str | None]]
