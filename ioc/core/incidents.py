"""Incidents: what people handle. One gathers alerts, a citizen's report, or what a caller said.

Everything that may happen to an incident's state stands in `TRANSITIONS`; what is not there is not
allowed and changes nothing. Alerts are linked and parted while it is open; that, comments and the
marks of its time leave the state. An incident that is merged into another is closed as its
duplicate and its alerts go with it.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from ioc.core.due import LATE, MARKS, Passed, mark_at, marks_reached
from ioc.core.history import CENTRE_NAME, Entry, NotAllowedError, Said, read, written
from ioc.core.legal import REFUSE, SUPPLEMENT
from ioc.core.words import Instant, Origin, Severity, Text, instant, rfc3339


class IncidentState(StrEnum):
    """How far an incident is."""

    RECEIVED = "received"
    VERIFIED = "verified"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in-progress"
    DONE = "done"
    CLOSED = "closed"


class IncidentStep(StrEnum):
    """What can happen to an incident."""

    RECEIVE = "receive"
    VERIFY = "verify"
    SUPPLEMENT = "supplement"
    ASSIGN = "assign"
    START = "start"
    PROGRESS = "progress"
    DONE = "done"
    RETURN = "return"
    CLOSE = "close"
    LINK = "link"
    SPLIT = "split"
    COMMENT = "comment"
    SEEN = "seen"


class Reason(StrEnum):
    """Why an incident is closed."""

    TRUE = "true"
    FALSE = "false"
    DUPLICATE = "duplicate"
    TEST = "test"


_S, _T = IncidentState, IncidentStep

TRANSITIONS: Final[Mapping[tuple[IncidentState, IncidentStep], IncidentState]] = MappingProxyType(
    {
        (_S.RECEIVED, _T.VERIFY): _S.VERIFIED,
        (_S.RECEIVED, _T.SUPPLEMENT): _S.RECEIVED,
        (_S.RECEIVED, _T.CLOSE): _S.CLOSED,
        (_S.VERIFIED, _T.SUPPLEMENT): _S.VERIFIED,
        (_S.VERIFIED, _T.ASSIGN): _S.ASSIGNED,
        (_S.VERIFIED, _T.CLOSE): _S.CLOSED,
        (_S.ASSIGNED, _T.ASSIGN): _S.ASSIGNED,
        (_S.ASSIGNED, _T.START): _S.IN_PROGRESS,
        (_S.ASSIGNED, _T.RETURN): _S.VERIFIED,
        (_S.ASSIGNED, _T.CLOSE): _S.CLOSED,
        (_S.IN_PROGRESS, _T.ASSIGN): _S.ASSIGNED,
        (_S.IN_PROGRESS, _T.PROGRESS): _S.IN_PROGRESS,
        (_S.IN_PROGRESS, _T.DONE): _S.DONE,
        (_S.IN_PROGRESS, _T.RETURN): _S.VERIFIED,
        (_S.DONE, _T.RETURN): _S.IN_PROGRESS,
        (_S.DONE, _T.CLOSE): _S.CLOSED,
    }
)
"""State and step -> next state. Returned before it is done, it lacks an owner again; returned
after, the check found it wanting and its owner goes on."""

BESIDE: Final = frozenset({_T.LINK, _T.SPLIT, _T.COMMENT, _T.SEEN})
"""Steps that leave the state; a closed incident takes comments and is seen, nothing more."""

_MET_BY: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        REFUSE: frozenset({_T.VERIFY, _T.ASSIGN, _T.SUPPLEMENT}),
        SUPPLEMENT: frozenset({_T.ASSIGN, _T.SUPPLEMENT}),
    }
)
"""What keeps a limit the law sets a report before anybody owes it, beside closing: whoever verifies
it does not refuse it, and whoever assigns it wants no supplement."""

_MARKS: Final = frozenset(mark.step for mark in MARKS)

_UNOWNED: Final = frozenset({_S.RECEIVED, _S.VERIFIED})
_UNANSWERED: Final = frozenset({_S.ASSIGNED, _S.IN_PROGRESS})


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident with its whole history; the attributes are the contract's, and further ones.

    Attributes:
        root: the alert everything of it comes from, and its thing; both empty without alerts.
        owner: the agency that owes the answer; empty while nobody does.
        given_at: when the owner was given it: reminders count from there.
        marks: how many of `ioc.core.due.MARKS` are passed.
        returned: how often it was returned.
        record: the citizen's report it was made of.
        reported_at: when the citizen reported: from there the law counts.
        limits: named times the law sets for it.
        merged_into: the incident whose duplicate it is.
    """

    id: str
    version: int
    seq: int
    state: IncidentState
    severity: Severity
    area: str
    origin: Origin
    title: Text
    received_at: Instant
    root: tuple[str, str] = ("", "")
    alerts: tuple[str, ...] = ()
    owner: str = ""
    given_at: Instant | None = None
    due: Instant | None = None
    marks: int = 0
    returned: int = 0
    reason: Reason | None = None
    merged_into: str | None = None
    record: str | None = None
    reported_at: Instant | None = None
    limits: Mapping[str, Instant] = field(default_factory=dict)
    closed_at: Instant | None = None
    steps: tuple[Entry, ...] = ()

    @property
    def awaited(self) -> bool:
        """Whether somebody owes something: the answer, or that a report's is published."""
        return self.state in _UNANSWERED or (
            self.state is IncidentState.DONE and self.record is not None
        )

    @property
    def late(self) -> bool:
        """Whether its time is over and what is owed was not given, by its owner or to the law."""
        return (self.awaited and self.marks >= LATE) or any(
            self.marks_of(term) >= LATE for term in self.terms
        )

    @property
    def terms(self) -> tuple[str, ...]:
        """The limits of the law that nobody has kept yet, of those before it has an owner."""
        if not self.limits or self.state is IncidentState.CLOSED:
            return ()
        taken = {entry.step for entry in self.steps}
        return tuple(
            term for term, steps in _MET_BY.items() if term in self.limits and not steps & taken
        )

    @property
    def law_since(self) -> Instant:
        """From when the law counts."""
        return self.received_at if self.reported_at is None else self.reported_at

    def marks_of(self, term: str) -> int:
        """Count the marks of a limit of the law that are passed."""
        return sum(_is_mark(entry) and entry.note == term for entry in self.steps)

    def owes(self, term: str, since: Instant) -> bool:
        """Tell whether what a mark was passed of is still owed, and as it was given then."""
        if term:
            return term in self.terms
        return self.awaited and self.given_at == since

    @property
    def next_mark(self) -> Instant | None:
        """When it is to be looked at next; None when nothing is awaited."""
        marks = [
            mark_at(self.marks_of(term), self.law_since, self.limits[term]) for term in self.terms
        ]
        if self.awaited:
            marks.append(mark_at(self.marks, self.given_at, self.due))
        return min((at for at in marks if at is not None), default=None)

    def to_json(self) -> dict[str, Any]:
        """Give the contract's shape."""
        return {
            "id": self.id,
            "version": self.version,
            "seq": self.seq,
            "state": self.state.value,
            "severity": int(self.severity),
            "area": self.area,
            "origin": self.origin.value,
            "title": {"vi": self.title.vi, "en": self.title.en},
            "received_at": rfc3339(self.received_at),
            "root": {"alert": self.root[0], "thing": self.root[1]},
            "alerts": list(self.alerts),
            "owner": self.owner,
            "given_at": written(self.given_at),
            "due": written(self.due),
            "late": self.late,
            "marks": self.marks,
            "returned": self.returned,
            "reason": None if self.reason is None else self.reason.value,
            "merged_into": self.merged_into,
            "record": self.record,
            "reported_at": written(self.reported_at),
            "limits": {name: rfc3339(at) for name, at in self.limits.items()},
            "closed_at": written(self.closed_at),
            "steps": [entry.to_json() for entry in self.steps],
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Incident":
        """Read back what `to_json` gave."""
        reason = body["reason"]
        return cls(
            id=body["id"],
            version=body["version"],
            seq=body["seq"],
            state=IncidentState(body["state"]),
            severity=Severity(body["severity"]),
            area=body["area"],
            origin=Origin(body["origin"]),
            title=Text(**body["title"]),
            received_at=instant(body["received_at"]),
            root=(body["root"]["alert"], body["root"]["thing"]),
            alerts=tuple(body["alerts"]),
            owner=body["owner"],
            given_at=read(body["given_at"]),
            due=read(body["due"]),
            marks=body["marks"],
            returned=body["returned"],
            reason=None if reason is None else Reason(reason),
            merged_into=body["merged_into"],
            record=body["record"],
            reported_at=read(body.get("reported_at")),
            limits={name: instant(at) for name, at in body["limits"].items()},
            closed_at=read(body["closed_at"]),
            steps=tuple(Entry.from_json(entry) for entry in body["steps"]),
        )


def incident_id(*told: object) -> str:
    """Name an incident by what it was made of: made again, it is the same one."""
    text = "\n".join(str(part) for part in told)
    return hashlib.blake2b(text.encode(), digest_size=10).hexdigest()


def received(incident: Incident, by: str, note: str = "") -> Incident:
    """Put the first step into the history of a new incident."""
    entry = Entry(incident.received_at, by, _T.RECEIVE, note)
    return replace(incident, steps=(entry, *incident.steps))


def take_incident_step(incident: Incident, step: IncidentStep, said: Said) -> Incident:
    """Apply a person's step; `link` and `split` have functions of their own.

    Raises:
        NotAllowedError: the state does not allow it, or something the step needs is missing.
    """
    if step in (_T.COMMENT, _T.SEEN):
        return _stepped(incident, step, said)
    state = _next_state(incident, step)
    if step is _T.ASSIGN:
        return _assigned(incident, said)
    if step is _T.CLOSE:
        return _closed(incident, said)
    if step is _T.RETURN:
        incident = replace(incident, returned=incident.returned + 1)
    if step is _T.DONE and said.due is not None:
        incident = replace(incident, given_at=said.at, due=said.due, marks=0)
    if state in _UNOWNED:
        incident = replace(incident, owner="", given_at=None, due=None, marks=0)
    return _stepped(replace(incident, state=state), step, said)


def linked(incident: Incident, alerts: Iterable[str], said: Said) -> Incident:
    """Take alerts in; those it has already are no matter.

    Raises:
        NotAllowedError: it is closed.
    """
    _must_be_open(incident)
    new = [one for one in dict.fromkeys(alerts) if one not in incident.alerts]
    if not new:
        return incident
    told = replace(said, note=said.note or " ".join(new))
    return _stepped(replace(incident, alerts=(*incident.alerts, *new)), _T.LINK, told)


def parted(incident: Incident, alerts: Collection[str], said: Said) -> Incident:
    """Let alerts go; without its root it has the first of those left as root.

    Raises:
        NotAllowedError: it is closed, or has not all of these alerts.
    """
    _must_be_open(incident)
    foreign = sorted(set(alerts) - set(incident.alerts))
    if foreign:
        raise NotAllowedError(f"the incident has no alert {foreign[0]}")
    left = tuple(one for one in incident.alerts if one not in alerts)
    root = incident.root if incident.root[0] not in alerts else (left[0] if left else "", "")
    told = replace(said, note=said.note or " ".join(sorted(alerts)))
    return _stepped(replace(incident, alerts=left, root=root), _T.SPLIT, told)


def merged(incident: Incident, into: Incident, said: Said) -> tuple[Incident, Incident]:
    """Close an incident as a duplicate of another, which takes its alerts; gives both.

    Raises:
        NotAllowedError: one of them is closed, or they are the same.
    """
    if incident.id == into.id:
        raise NotAllowedError("an incident is no duplicate of itself")
    _must_be_open(incident)
    taken = linked(into, incident.alerts, said)
    severity = max(taken.severity, incident.severity)
    told = replace(said, reason=Reason.DUPLICATE.value, note=said.note or into.id)
    closed = _closed(replace(incident, merged_into=into.id), told)
    return closed, replace(taken, severity=severity)


def marked(incident: Incident, now: Instant) -> Incident:
    """Pass the marks of its time that are reached; each is a step of the centre."""
    entries: list[Entry] = []
    for term in incident.terms:
        limit, passed = incident.limits[term], incident.marks_of(term)
        entries += marks_reached(passed, incident.law_since, limit, now, term)
    own = (
        marks_reached(incident.marks, incident.given_at, incident.due, now)
        if incident.awaited
        else ()
    )
    if not entries and not own:
        return incident
    return replace(
        incident,
        version=incident.version + 1,
        marks=incident.marks + len(own),
        steps=(*incident.steps, *entries, *own),
    )


def marks_passed(before: Incident, after: Incident) -> list[Passed]:
    """Give the marks `marked` passed, which people are to be told of."""
    found: list[Passed] = []
    for entry in after.steps[len(before.steps) :]:
        term = entry.note if entry.note in after.limits else ""
        since = after.law_since if term else after.given_at
        if _is_mark(entry) and since is not None:
            severity = int(after.severity)
            found.append(Passed(False, after.id, after.area, severity, entry.step, term, since))
    return found


def _is_mark(entry: Entry) -> bool:
    return entry.by == CENTRE_NAME and entry.step in _MARKS


def _next_state(incident: Incident, step: IncidentStep) -> IncidentState:
    state = TRANSITIONS.get((incident.state, step))
    if state is None:
        raise NotAllowedError(f"cannot {step.value} an incident that is {incident.state.value}")
    if step is _T.SUPPLEMENT and incident.record is None:
        raise NotAllowedError("only a citizen's report can be supplemented")
    return state


def _assigned(incident: Incident, said: Said) -> Incident:
    if not said.owner:
        raise NotAllowedError("assigning needs an owner")
    due = said.due if said.due is not None else incident.due
    if due is not None and due <= said.at:
        raise NotAllowedError("the time it is due must lie ahead")
    given = replace(
        incident,
        state=_S.ASSIGNED,
        owner=said.owner,
        given_at=said.at,
        due=due,
        marks=0,
    )
    return _stepped(given, _T.ASSIGN, replace(said, note=said.note or said.owner))


def _closed(incident: Incident, said: Said) -> Incident:
    if said.reason not in tuple(Reason):
        raise NotAllowedError(f"closing needs a reason: {', '.join(Reason)}")
    closed = replace(incident, state=_S.CLOSED, reason=Reason(said.reason), closed_at=said.at)
    return _stepped(closed, _T.CLOSE, said)


def _must_be_open(incident: Incident) -> None:
    if incident.state is _S.CLOSED:
        raise NotAllowedError("the incident is closed")


def _stepped(incident: Incident, step: IncidentStep, said: Said) -> Incident:
    entry = Entry(said.at, said.by, step.value, said.note)
    return replace(incident, version=incident.version + 1, steps=(*incident.steps, entry))
