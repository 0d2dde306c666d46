"""Alerts: a standing record that a rule is broken and someone owes an answer.

Everything that may happen to an alert's state stands in `TRANSITIONS`, after ISA-18.2; a step
that is not there is not allowed and changes nothing. The condition belongs to the data, the state
to the people; neither overwrites the other.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from ioc.core.engine import Change, Turn
from ioc.core.history import CENTRE_NAME, Entry, NotAllowedError, Said, read, written
from ioc.core.words import Instant, Origin, Severity, Text, instant, rfc3339


class State(StrEnum):
    """Where people stand with an alert."""

    UNACKNOWLEDGED = "unacknowledged"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned"
    NORMAL = "normal"


class Step(StrEnum):
    """What can happen to an alert."""

    RAISE = "raise"
    CLEAR = "clear"
    LEVEL = "level"
    ACKNOWLEDGE = "acknowledge"
    CLOSE = "close"
    SHELVE = "shelve"
    UNSHELVE = "unshelve"
    COMMENT = "comment"
    SUPPRESS = "suppress"
    UNSUPPRESS = "unsuppress"
    OUT_OF_SERVICE = "out-of-service"
    IN_SERVICE = "in-service"
    ANNOTATE = "annotate"
    LINK = "link"
    SEEN = "seen"


TRANSITIONS: Final[Mapping[tuple[State, Step], State]] = MappingProxyType(
    {
        (State.UNACKNOWLEDGED, Step.ACKNOWLEDGE): State.ACKNOWLEDGED,
        (State.UNACKNOWLEDGED, Step.CLEAR): State.RETURNED,
        (State.ACKNOWLEDGED, Step.CLEAR): State.NORMAL,
        (State.RETURNED, Step.ACKNOWLEDGE): State.NORMAL,
        (State.RETURNED, Step.RAISE): State.UNACKNOWLEDGED,
        (State.RETURNED, Step.CLOSE): State.NORMAL,
    }
)
"""State and step -> next state; NORMAL closes the alert. Every other step leaves it."""

_OF_DATA: Final = frozenset({Step.RAISE, Step.CLEAR, Step.LEVEL})
MANUAL: Final = "manual"
"""The rule of an alert that a person raised: no data clear it, and a person ends it."""

_SHELVING: Final = frozenset({Step.SHELVE, Step.UNSHELVE})
_REMARKS: Final = frozenset({Step.COMMENT, Step.SEEN})
_HIDES: Final = frozenset({Step.SUPPRESS, Step.OUT_OF_SERVICE})
_MOST_ANNOTATIONS: Final = 20
_TO: Final = " -> "


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert with its whole history; the attributes are the contract's (design, section 4).

    Attributes:
        suppressed_by: the open alert of what it depends on, which explains it.
        maintenance: the window that has taken it out of service.
        incident: that gathers it.
    """

    id: str
    version: int
    seq: int
    rule: str
    thing: str
    datastream: str
    area: str
    severity: Severity
    active: bool
    state: State
    origin: Origin
    history: bool
    raised_at: Instant
    detected_at: Instant
    cleared_at: Instant | None
    closed_at: Instant | None
    shelved_until: Instant | None
    reason: str | None
    value: float
    limit: float
    unit: str
    message: Text
    response: Text
    steps: tuple[Entry, ...]
    suppressed_by: str | None = None
    maintenance: str | None = None
    incident: str | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What there is at most one open alert of."""
        return self.rule, self.thing, self.datastream

    @property
    def announced(self) -> bool:
        """Whether people are to hear of it: open, of now, and nothing explains or hides it."""
        hidden = (self.shelved_until, self.suppressed_by, self.maintenance, self.closed_at)
        return not self.history and all(one is None for one in hidden)

    def to_json(self) -> dict[str, Any]:
        """Give the contract's shape."""
        return {
            "id": self.id,
            "version": self.version,
            "seq": self.seq,
            "rule": self.rule,
            "thing": self.thing,
            "datastream": self.datastream,
            "area": self.area,
            "severity": int(self.severity),
            "condition": "active" if self.active else "cleared",
            "state": self.state.value,
            "shelved_until": written(self.shelved_until),
            "suppressed_by": self.suppressed_by,
            "maintenance": self.maintenance,
            "announced": self.announced,
            "origin": self.origin.value,
            "history": self.history,
            "raised_at": rfc3339(self.raised_at),
            "detected_at": rfc3339(self.detected_at),
            "cleared_at": written(self.cleared_at),
            "closed_at": written(self.closed_at),
            "reason": self.reason,
            "value": self.value,
            "limit": self.limit,
            "unit": self.unit,
            "message": {"vi": self.message.vi, "en": self.message.en},
            "response": {"vi": self.response.vi, "en": self.response.en},
            "incident": self.incident,
            "steps": [done.to_json() for done in self.steps],
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Alert":
        """Read back what `to_json` gave."""
        return cls(
            id=body["id"],
            version=body["version"],
            seq=body["seq"],
            rule=body["rule"],
            thing=body["thing"],
            datastream=body["datastream"],
            area=body["area"],
            severity=Severity(body["severity"]),
            active=body["condition"] == "active",
            state=State(body["state"]),
            origin=Origin(body["origin"]),
            history=body["history"],
            raised_at=instant(body["raised_at"]),
            detected_at=instant(body["detected_at"]),
            cleared_at=read(body["cleared_at"]),
            closed_at=read(body["closed_at"]),
            shelved_until=read(body["shelved_until"]),
            reason=body["reason"],
            value=body["value"],
            limit=body["limit"],
            unit=body["unit"],
            message=Text(**body["message"]),
            response=Text(**body["response"]),
            steps=tuple(Entry.from_json(entry) for entry in body["steps"]),
            suppressed_by=body["suppressed_by"],
            maintenance=body.get("maintenance"),
            incident=body["incident"],
        )


def alert_id(change: Change) -> str:
    """Name an alert by what raised it: judged again, it is the same alert."""
    told = f"{change.rule.id}\n{change.thing}\n{change.datastream}\n{change.at}"
    return hashlib.blake2b(told.encode(), digest_size=10).hexdigest()


def turn(alert: Alert, change: Change, now: Instant, *, history: bool) -> Alert:
    """Apply a change of condition to an open alert.

    A change the alert has already seen (the same turn again) leaves it as it is. Another level is
    another severity of the same alert, a step in its history.
    """
    if change.turn is Turn.LEVEL:
        return _levelled(alert, change)
    if (change.turn is Turn.RAISE) == alert.active:
        return alert
    step = Step.RAISE if change.turn is Turn.RAISE else Step.CLEAR
    state = TRANSITIONS[alert.state, step]
    reason = alert.reason
    if step is Step.CLEAR and alert.history and history:
        state, reason = State.NORMAL, "history"
    elif step is Step.CLEAR and _never_told(alert):
        state, reason = State.NORMAL, "maintenance" if alert.maintenance else "suppressed"
    return replace(
        alert,
        version=alert.version + 1,
        active=step is Step.RAISE,
        state=state,
        value=change.value if step is Step.RAISE else alert.value,
        severity=change.severity if step is Step.RAISE else alert.severity,
        limit=change.limit if step is Step.RAISE else alert.limit,
        history=alert.history and history,
        cleared_at=None if step is Step.RAISE else change.at,
        closed_at=now if state is State.NORMAL else None,
        reason=reason,
        steps=(*alert.steps, Entry(change.at, CENTRE_NAME, step)),
    )


def worsened(entry: Entry) -> bool:
    """Tell whether a step made an alert graver."""
    before, arrow, after = entry.note.partition(_TO)
    return entry.step == Step.LEVEL and bool(arrow) and after > before


def _levelled(alert: Alert, change: Change) -> Alert:
    if not alert.active or change.severity is alert.severity:
        return alert
    note = f"{int(alert.severity)}{_TO}{int(change.severity)}"
    # Whoever acknowledged the lesser level has not seen the graver one: it asks again.
    asks = change.severity > alert.severity and alert.state is State.ACKNOWLEDGED
    return replace(
        alert,
        version=alert.version + 1,
        state=State.UNACKNOWLEDGED if asks else alert.state,
        severity=change.severity,
        value=change.value,
        limit=change.limit,
        steps=(*alert.steps, Entry(change.at, CENTRE_NAME, Step.LEVEL.value, note)),
    )


def take_step(  # noqa: PLR0913 - a step of a person is all of these
    alert: Alert,
    step: Step,
    *,
    by: str,
    at: Instant,
    note: str = "",
    until: Instant | None = None,
    reason: str | None = None,
) -> Alert:
    """Apply a person's step.

    Args:
        alert: as it is now.
        step: what the person does; `RAISE` and `CLEAR` are the data's.
        by: who.
        at: the site's time of it.
        note: what they say about it.
        until: for shelving, when the alert comes back by itself.
        reason: for closing.

    Raises:
        NotAllowedError: the state does not allow it; nothing has changed.
    """
    done = (*alert.steps, Entry(at, by, step, note))
    if step in _REMARKS:
        return replace(alert, version=alert.version + 1, steps=done)
    if alert.closed_at is not None:
        raise NotAllowedError(f"the alert was closed at {rfc3339(alert.closed_at)}")
    if step in _SHELVING:
        return replace(_shelved(alert, step, at, until), steps=done)
    if step is Step.CLOSE and alert.rule == MANUAL and alert.active:
        alert = replace(alert, active=False, cleared_at=at, state=State.RETURNED)
    state = TRANSITIONS.get((alert.state, step))
    if state is None or step in _OF_DATA:
        raise NotAllowedError(f"cannot {step.value} an alert that is {alert.state.value}")
    return replace(
        alert,
        version=alert.version + 1,
        state=state,
        closed_at=at if state is State.NORMAL else None,
        reason=reason if step is Step.CLOSE else alert.reason,
        steps=done,
    )


def _shelved(alert: Alert, step: Step, at: Instant, until: Instant | None) -> Alert:
    if step is Step.SHELVE and (until is None or until <= at):
        raise NotAllowedError("shelving needs a time in the future at which it ends")
    if step is Step.UNSHELVE and alert.shelved_until is None:
        raise NotAllowedError("the alert is not shelved")
    ends = until if step is Step.SHELVE else None
    return replace(alert, version=alert.version + 1, shelved_until=ends)


def raised_by_hand(  # noqa: PLR0913 - everything a person says of it
    id_: str,
    said: Said,
    *,
    area: str,
    severity: Severity,
    origin: Origin,
    message: Text,
    response: Text,
    thing: str = "",
) -> Alert:
    """Make an alert of what a person was told: by a caller, or in an official bulletin.

    It has no datastream; its own id stands there, so that two callers make two alerts.
    """
    return Alert(
        id=id_,
        version=1,
        seq=0,
        rule=MANUAL,
        thing=thing,
        datastream=id_,
        area=area,
        severity=severity,
        active=True,
        state=State.UNACKNOWLEDGED,
        origin=origin,
        history=False,
        raised_at=said.at,
        detected_at=said.at,
        cleared_at=None,
        closed_at=None,
        shelved_until=None,
        reason=None,
        value=0.0,
        limit=0.0,
        unit="",
        message=message,
        response=response,
        steps=(Entry(said.at, said.by, Step.RAISE, said.note),),
    )


def annotated(alert: Alert, note: str, now: Instant) -> Alert:
    """Say beside an alert what came too late to be judged; neither its state nor its times change.

    After twenty such remarks no more are added.
    """
    said = sum(entry.step == Step.ANNOTATE for entry in alert.steps)
    if said >= _MOST_ANNOTATIONS:
        return alert
    entry = Entry(now, CENTRE_NAME, Step.ANNOTATE, note)
    return replace(alert, version=alert.version + 1, steps=(*alert.steps, entry))


def gathered(alert: Alert, incident: str | None, said: Said) -> Alert:
    """Put an alert into an incident, or take it out."""
    if alert.incident == incident:
        return alert
    entry = Entry(said.at, said.by, Step.LINK, incident or "")
    return replace(alert, version=alert.version + 1, incident=incident, steps=(*alert.steps, entry))


def _never_told(alert: Alert) -> bool:
    """Tell whether nobody owes an answer: it was hidden from the start, and still is."""
    hidden = alert.suppressed_by is not None or alert.maintenance is not None
    return hidden and any(
        entry.step in _HIDES and entry.at <= alert.detected_at for entry in alert.steps[:2]
    )


def abandoned(alert: Alert, now: Instant) -> Alert:
    """Clear an alert that no rule speaks for any more: it was changed, or taken away."""
    state = TRANSITIONS[alert.state, Step.CLEAR]
    done = Entry(now, CENTRE_NAME, Step.CLEAR, "the rule that raised it has changed or is gone")
    return replace(
        alert,
        version=alert.version + 1,
        active=False,
        state=state,
        cleared_at=now,
        closed_at=now if state is State.NORMAL else None,
        steps=(*alert.steps, done),
    )


def unshelved(alert: Alert, now: Instant) -> Alert:
    """Bring an alert back whose shelving has ended."""
    return replace(
        alert,
        version=alert.version + 1,
        shelved_until=None,
        steps=(*alert.steps, Entry(now, CENTRE_NAME, Step.UNSHELVE)),
    )
