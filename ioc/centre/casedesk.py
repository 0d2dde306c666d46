"""The desk for incidents and tasks: people's steps on them, one compare-and-set each.

Alerts are locked before incidents, incidents before tasks, and the log last: so do all who write.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from ioc.centre.desk import (
    Desk,
    RefusedStepError,
    Request,
    StaleVersionError,
    UnknownAlertError,
    UnknownError,
    once,
)
from ioc.centre.ports import Store, Transaction
from ioc.core.alerts import Alert, gathered
from ioc.core.history import NotAllowedError, Said
from ioc.core.incidents import (
    Incident,
    IncidentStep,
    linked,
    merged,
    parted,
    received,
    take_incident_step,
)
from ioc.core.tasks import Task, TaskStep, given, take_task_step

Json = dict[str, Any]
_Made = TypeVar("_Made")


class UnknownIncidentError(UnknownError):
    """There is no such incident."""


class UnknownTaskError(UnknownError):
    """There is no such task."""


class CaseDesk:
    """Takes people's steps on incidents and tasks.

    Every method raises `ioc.centre.ports.StoreAwayError` when the store does not answer, and where
    it takes a version, `StaleVersionError` when somebody was faster and `RefusedStepError` when
    the state does not allow the step.
    """

    def __init__(self, store: Store, desk: Desk) -> None:
        """Work on one store; ``desk`` tells of the alerts that are touched."""
        self._store = store
        self._desk = desk

    # -- incidents -------------------------------------------------------------------------

    def open_incident(self, incident: Incident, said: Said, request: Request) -> Json:
        """Open an incident by hand, with the alerts it names; those leave the one they were in.

        Raises:
            UnknownAlertError: there is no such alert.
        """

        def make(tx: Transaction) -> tuple[list[Incident], list[Alert]]:
            alerts = _alerts(tx, incident.alerts)
            left = self._leave(tx, alerts, incident.id, said)
            root = (alerts[0].id, alerts[0].thing) if alerts else ("", "")
            opened = received(replace(incident, root=root), said.by, said.note)
            return [opened, *left], [gathered(one, incident.id, said) for one in alerts]

        return self._kept(make, said, request)

    def step(
        self, incident_id: str, step: IncidentStep, version: int, said: Said, request: Request
    ) -> Json:
        """Take a step that touches the incident alone."""

        def make(tx: Transaction) -> tuple[list[Incident], list[Alert]]:
            incident = _incident(tx, incident_id, version)
            return [_allowed(lambda: take_incident_step(incident, step, said), incident)], []

        return self._kept(make, said, request)

    def link(
        self,
        incident_id: str,
        alerts: Iterable[str],
        version: int,
        said: Said,
        request: Request,
    ) -> Json:
        """Take alerts into an incident; they leave the one they were in."""
        wanted = list(alerts)

        def make(tx: Transaction) -> tuple[list[Incident], list[Alert]]:
            found = _alerts(tx, wanted)
            left = self._leave(tx, found, incident_id, said)
            incident = _incident(tx, incident_id, version)
            taken = _allowed(lambda: linked(incident, [one.id for one in found], said), incident)
            return [taken, *left], [gathered(one, incident_id, said) for one in found]

        return self._kept(make, said, request)

    def split(  # noqa: PLR0913 - a step of a person is all of these
        self,
        incident_id: str,
        alerts: Iterable[str],
        new: Incident,
        version: int,
        said: Said,
        request: Request,
    ) -> Json:
        """Part alerts from an incident into a new one; gives the new one.

        Args:
            incident_id: that has them now.
            alerts: their ids.
            new: what becomes of them; its severity and area are theirs.
            version: of the incident they saw.
            said: by whom, when and why.
            request: its number.
        """
        wanted = list(alerts)

        def make(tx: Transaction) -> tuple[list[Incident], list[Alert]]:
            found = _alerts(tx, wanted)
            incident = _incident(tx, incident_id, version)
            left = _allowed(lambda: parted(incident, wanted, said), incident)
            worst = max(found, key=lambda one: (one.severity, one.id))
            opened = received(
                replace(
                    new,
                    area=worst.area,
                    severity=worst.severity,
                    title=worst.message,
                    origin=worst.origin,
                    root=(worst.id, worst.thing),
                    alerts=tuple(wanted),
                ),
                said.by,
                said.note or incident_id,
            )
            return [opened, left], [gathered(one, new.id, said) for one in found]

        return self._kept(make, said, request)

    def merge(
        self, incident_id: str, into_id: str, version: int, said: Said, request: Request
    ) -> Json:
        """Close an incident as a duplicate of another, which takes its alerts; gives it closed."""

        def make(tx: Transaction) -> tuple[list[Incident], list[Alert]]:
            alerts = tx.alerts_of([incident_id])
            found = {one.id: one for one in tx.incidents([incident_id, into_id])}
            if into_id not in found or incident_id not in found:
                raise UnknownIncidentError(incident_id if into_id in found else into_id)
            incident = found[incident_id]
            if incident.version != version:
                raise StaleVersionError(incident.to_json())
            closed, into = _allowed(lambda: merged(incident, found[into_id], said), incident)
            return [closed, into], [gathered(one, into_id, said) for one in alerts]

        return self._kept(make, said, request)

    def _kept(
        self,
        make: Callable[[Transaction], tuple[list[Incident], list[Alert]]],
        said: Said,
        request: Request,
    ) -> Json:
        """Keep what a step makes, the asked incident first; gives that one."""
        touched: list[Alert] = []

        def work() -> Json:
            incidents, alerts = make(tx)
            touched.extend(tx.save_alerts(alerts, said.at))
            return tx.save_incidents(incidents, said.at)[0].to_json()

        with self._store.transaction() as tx:
            body, _ = once(tx, request, work)
        self._desk.tell([alert.to_json() for alert in touched])
        return body

    @staticmethod
    def _leave(tx: Transaction, alerts: Iterable[Alert], new: str, said: Said) -> list[Incident]:
        """Part alerts from the open incidents they are in."""
        by_incident: dict[str, list[str]] = {}
        for alert in alerts:
            if alert.incident is not None and alert.incident != new:
                by_incident.setdefault(alert.incident, []).append(alert.id)
        return [
            parted(one, set(by_incident[one.id]) & set(one.alerts), said)
            for one in tx.incidents(by_incident.keys())
            if one.closed_at is None
        ]

    # -- tasks -----------------------------------------------------------------------------

    def give_task(self, task: Task, said: Said, request: Request) -> Json:
        """Give a task.

        Raises:
            RefusedStepError: it has no owner or is due before it is given.
            UnknownIncidentError: it belongs to an incident that does not exist.
        """

        def work() -> Json:
            if task.incident is not None and tx.incident(task.incident) is None:
                raise UnknownIncidentError(task.incident)
            try:
                made = given(task, said.note)
            except NotAllowedError as error:
                raise RefusedStepError(str(error), task.to_json()) from None
            return tx.save_tasks([made], said.at)[0].to_json()

        with self._store.transaction() as tx:
            body, _ = once(tx, request, work)
        return body

    def task_step(
        self, task_id: str, step: TaskStep, version: int, said: Said, request: Request
    ) -> Json:
        """Take a step on a task.

        Raises:
            UnknownTaskError: there is no such task.
        """

        def work() -> Json:
            task = tx.task(task_id)
            if task is None:
                raise UnknownTaskError(task_id)
            if task.version != version:
                raise StaleVersionError(task.to_json())
            after = _allowed(lambda: take_task_step(task, step, said), task)
            return tx.save_tasks([after], said.at)[0].to_json()

        with self._store.transaction() as tx:
            body, _ = once(tx, request, work)
        return body


def _incident(tx: Transaction, incident_id: str, version: int) -> Incident:
    incident = tx.incident(incident_id)
    if incident is None:
        raise UnknownIncidentError(incident_id)
    if incident.version != version:
        raise StaleVersionError(incident.to_json())
    return incident


def _alerts(tx: Transaction, wanted: Iterable[str]) -> list[Alert]:
    """Give alerts in the order named, locked in the order of their ids."""
    names = list(dict.fromkeys(wanted))
    found: Mapping[str, Alert] = {
        alert.id: alert for name in sorted(names) if (alert := tx.alert(name)) is not None
    }
    for name in names:
        if name not in found:
            raise UnknownAlertError(name)
    return [found[name] for name in names]


def _allowed(make: Callable[[], _Made], current: Incident | Task) -> _Made:
    try:
        return make()
    except NotAllowedError as error:
        raise RefusedStepError(str(error), current.to_json()) from None
