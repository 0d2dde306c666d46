"""An alert as it stood at an earlier instant, read off its own history.

The event log holds each version whole, and where it reaches it is believed. Here is what is left
where it does not: before a centre's first day (the past that was judged at its start), and of what
the log has let go. The steps say when and what; they do not keep the value and limit of each
moment, so those are the newest of the alert.
"""

from dataclasses import replace
from typing import Any, Final

from ioc.core.alerts import TRANSITIONS, Alert, State, Step, worsened
from ioc.core.history import Entry
from ioc.core.words import Instant, Severity

_OF_STATE: Final = frozenset({Step.RAISE, Step.CLEAR, Step.ACKNOWLEDGE, Step.CLOSE})


def alert_as_it_stood(alert: Alert, at: Instant) -> Alert | None:
    """Give an alert as it stood at an instant; None when it was not open then.

    Args:
        alert: with its whole history, whatever became of it since.
        at: the site's time.
    """
    if alert.raised_at > at:
        return None
    taken = tuple(entry for entry in alert.steps if entry.at <= at)
    stood = replace(
        alert,
        version=max(1, len(taken)),
        severity=_first_severity(alert),
        active=True,
        state=State.UNACKNOWLEDGED,
        cleared_at=None,
        closed_at=None,
        shelved_until=None,
        suppressed_by=None,
        maintenance=None,
        incident=None,
        reason=None,
        steps=taken,
    )
    for entry in taken:
        stood = _after(stood, entry, alert)
    if stood.state is State.NORMAL or (alert.history and not stood.active):
        return None  # what was judged as the past was over with its condition
    return stood


def _first_severity(alert: Alert) -> Severity:
    for entry in alert.steps:
        if entry.step == Step.LEVEL and entry.note[:1].isdigit():
            return Severity(int(entry.note[0]))
    return alert.severity


def _after(stood: Alert, entry: Entry, whole: Alert) -> Alert:
    """Apply one step as far as the history tells what it did."""
    if entry.step in _OF_STATE:
        return _moved(stood, entry)
    if entry.step == Step.LEVEL and entry.note[-1:].isdigit():
        asks = worsened(entry) and stood.state is State.ACKNOWLEDGED
        state = State.UNACKNOWLEDGED if asks else stood.state
        return replace(stood, state=state, severity=Severity(int(entry.note[-1])))
    return replace(stood, **_put(entry, whole))


def _moved(stood: Alert, entry: Entry) -> Alert:
    step = Step(entry.step)
    if step is Step.CLOSE and stood.active:
        return replace(stood, active=False, cleared_at=entry.at, state=State.NORMAL)
    state = TRANSITIONS.get((stood.state, step), stood.state)
    if step is Step.RAISE:
        return replace(stood, state=state, active=True, cleared_at=None)
    if step is Step.CLEAR:
        return replace(stood, state=state, active=False, cleared_at=entry.at)
    return replace(stood, state=state)


def _put(entry: Entry, whole: Alert) -> dict[str, Any]:
    """Give what a step sets beside the state: the alert's fields and their values."""
    told = entry.note or None
    match entry.step:
        case Step.SHELVE:
            return {"shelved_until": _shelf_end(entry, whole)}
        case Step.UNSHELVE:
            return {"shelved_until": None}
        case Step.SUPPRESS | Step.UNSUPPRESS:
            return {"suppressed_by": told if entry.step == Step.SUPPRESS else None}
        case Step.OUT_OF_SERVICE | Step.IN_SERVICE:
            return {"maintenance": told if entry.step == Step.OUT_OF_SERVICE else None}
        case Step.LINK:
            return {"incident": told}
        case _:
            return {}


def _shelf_end(entry: Entry, whole: Alert) -> Instant | None:
    """Give until when an alert was shelved: until it came back, else as long as it still is."""
    back = [one.at for one in whole.steps if one.step == Step.UNSHELVE and one.at > entry.at]
    return min(back, default=whole.shelved_until)
