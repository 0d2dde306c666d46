"""An alert, an incident and a task as the centre makes them; tests change what they must."""

from dataclasses import replace
from typing import Any

from ioc.core.alerts import Alert, State
from ioc.core.incidents import Incident, IncidentState
from ioc.core.tasks import Task
from ioc.core.words import HOUR, SECOND, Instant, Origin, Severity, Text


def an_alert(at: Instant, **changes: Any) -> Alert:
    """Make the alert of a rain gauge, raised at ``at``, found a second later and still open."""
    made = Alert(
        id="a1",
        version=1,
        seq=0,
        rule="rain-heavy",
        thing="rain-1",
        datastream="rainfall",
        area="muong-ang",
        severity=Severity.HIGH,
        active=True,
        state=State.UNACKNOWLEDGED,
        origin=Origin.SIMULATED,
        history=False,
        raised_at=at,
        detected_at=at + SECOND,
        cleared_at=None,
        closed_at=None,
        shelved_until=None,
        reason=None,
        value=52.4,
        limit=50.0,
        unit="mm/h",
        message=Text("Mưa to", "Heavy rain"),
        response=Text("Gọi xã", "Call the commune"),
        steps=(),
    )
    return replace(made, **changes)


def an_incident(at: Instant, **changes: Any) -> Incident:
    """Make an incident received at ``at`` that nobody has yet."""
    made = Incident(
        id="i1",
        version=1,
        seq=0,
        state=IncidentState.RECEIVED,
        severity=Severity.HIGH,
        area="muong-ang",
        origin=Origin.SIMULATED,
        title=Text("Ngập", "Flood"),
        received_at=at,
        alerts=("a1",),
    )
    return replace(made, **changes)


def a_task(at: Instant, **changes: Any) -> Task:
    """Make a task given at ``at``, due four hours later."""
    made = Task(
        id="t1",
        version=1,
        seq=0,
        incident=None,
        title="Kiểm tra",
        giver="chair",
        owner="so-gtvt",
        area="muong-ang",
        origin=Origin.SIMULATED,
        given_at=at,
        due=at + 4 * HOUR,
    )
    return replace(made, **changes)
