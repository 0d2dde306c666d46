"""The desk: where people's steps on alerts meet the store, one compare-and-set each.

A step with a request number is taken once: asked again, the same person gets the same answer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from ioc.centre.ports import Bus, Store, Transaction
from ioc.core.alerts import Alert, Step, raised_by_hand, take_step
from ioc.core.history import NotAllowedError, Said
from ioc.core.quiet import Window, ended
from ioc.core.site import Site
from ioc.core.telling import inside_of, owed
from ioc.core.words import Instant, Origin, Severity, Text


class UnknownError(Exception):
    """There is no such thing to take a step on."""


class UnknownAlertError(UnknownError):
    """There is no such alert."""


class StaleVersionError(Exception):
    """Somebody else was faster; ``current`` is how it is now."""

    def __init__(self, current: Mapping[str, Any]) -> None:
        """Carry what the step was taken on, as it is."""
        super().__init__(f"it is at version {current['version']} now")
        self.current = current


class RefusedStepError(Exception):
    """The state does not allow the step; ``current`` is how it is now."""

    def __init__(self, text: str, current: Mapping[str, Any]) -> None:
        """Carry what the step was taken on, as it is."""
        super().__init__(text)
        self.current = current


@dataclass(frozen=True, slots=True)
class Request:
    """A number somebody gave to what they ask, so that asking twice does it once.

    Attributes:
        by: who asks.
        id: the number; None when they gave none.
        at: real time.
    """

    by: str
    id: str | None
    at: Instant


def once(
    tx: Transaction, request: Request, work: Callable[[], dict[str, Any]]
) -> tuple[dict[str, Any], bool]:
    """Do work once a request; gives its answer, and whether it was done now."""
    if request.id is None:
        return work(), True
    told = tx.answered(request.by, request.id, request.at)
    if told is not None:
        return told, False
    made = work()
    tx.answer(request.by, request.id, made)
    return made, True


@dataclass(frozen=True, slots=True)
class Call:
    """What a person was told of, by a caller or in an official bulletin."""

    id: str
    area: str
    severity: Severity
    origin: Origin
    message: Text
    response: Text
    thing: str = ""


Owe = Callable[[Transaction, Sequence[Alert]], None]


def owe_nobody(_: Transaction, __: Sequence[Alert]) -> None:
    """Tell nobody: for a site without routes."""


def owing(site: Site, now: Callable[[], Instant]) -> Owe:
    """Give what puts down whom to tell along a site's routes; ``now`` is real time."""
    inside = inside_of({area.id: area.parent for area in site.areas})

    def owe(tx: Transaction, alerts: Sequence[Alert]) -> None:
        at = now()
        tx.owe(owed(alerts, site.routes, at, inside), at)

    return owe


class Desk:
    """Takes people's steps on alerts, and their maintenance windows."""

    def __init__(self, site: str, store: Store, bus: Bus, owe: Owe = owe_nobody) -> None:
        """Work on one store and tell on one bus.

        Args:
            site: its id.
            store: where alerts are kept; one caller at a time.
            bus: where they are told.
            owe: puts down whom to tell of alerts, in the transaction that keeps them.
        """
        self._owe = owe
        self._site = site
        self._store = store
        self._bus = bus

    def step(  # noqa: PLR0913 - a step of a person is all of these
        self,
        alert_id: str,
        step: Step,
        *,
        by: str,
        at: Instant,
        note: str = "",
        version: int | None = None,
        until: Instant | None = None,
        reason: str | None = None,
        request: Request | None = None,
    ) -> dict[str, Any]:
        """Take a step and return the alert as it is after it.

        Args:
            alert_id: of the alert.
            step: what the person does.
            by: who.
            at: the site's time of it.
            note: what they say about it.
            version: of the alert they saw; None steps on whatever it is.
            until: for shelving.
            reason: for closing.
            request: its number; asked again with it, the answer is the same.

        Raises:
            UnknownAlertError: there is no such alert.
            StaleVersionError: the alert has changed since that version.
            RefusedStepError: its state does not allow the step.
            StoreAwayError: the store did not answer.
        """

        def take() -> dict[str, Any]:
            alert = tx.alert(alert_id)
            if alert is None:
                raise UnknownAlertError(alert_id)
            if version is not None and version != alert.version:
                raise StaleVersionError(alert.to_json())
            try:
                after = take_step(alert, step, by=by, at=at, note=note, until=until, reason=reason)
            except NotAllowedError as error:
                raise RefusedStepError(str(error), alert.to_json()) from None
            (kept,) = tx.save_alerts([after], at)
            if step is Step.UNSHELVE:
                self._owe(tx, [kept])
            return kept.to_json()

        with self._store.transaction() as tx:
            body, _ = once(tx, request or Request(by, None, at), take)
        self._tell(body)
        return body

    def acknowledge_many(
        self, wanted: Mapping[str, int], said: Said
    ) -> dict[str, tuple[str, dict[str, Any] | None]]:
        """Acknowledge many alerts; gives what became of each.

        All that nobody else works on are taken in one transaction, which never waits for a row;
        the others follow one by one.

        Args:
            wanted: the version of each alert they saw, by its id.
            said: by whom, when and why.

        Returns:
            By id ``taken``, ``stale``, ``refused`` or ``unknown``, with the alert as it is then.
        """
        found: dict[str, tuple[str, dict[str, Any] | None]] = {}
        with self._store.transaction() as tx:
            taken: list[Alert] = []
            for alert in tx.free_alerts(list(wanted)):
                outcome, after = self._acknowledged(alert, wanted[alert.id], said)
                found[alert.id] = (outcome, alert.to_json())
                if after is not None:
                    taken.append(after)
            for kept in tx.save_alerts(taken, said.at):
                found[kept.id] = ("taken", kept.to_json())
        for outcome, body in found.values():
            if outcome == "taken" and body is not None:
                self._tell(body)
        for alert_id in sorted(wanted.keys() - found.keys()):
            found[alert_id] = self._acknowledge_one(alert_id, wanted[alert_id], said)
        return found

    def _acknowledge_one(
        self, alert_id: str, version: int, said: Said
    ) -> tuple[str, dict[str, Any] | None]:
        try:
            body = self.step(
                alert_id, Step.ACKNOWLEDGE, by=said.by, at=said.at, note=said.note, version=version
            )
        except UnknownAlertError:
            return "unknown", None
        except StaleVersionError as stale:
            return "stale", dict(stale.current)
        except RefusedStepError as refused:
            return "refused", dict(refused.current)
        return "taken", body

    @staticmethod
    def _acknowledged(alert: Alert, version: int, said: Said) -> tuple[str, Alert | None]:
        if alert.version != version:
            return "stale", None
        try:
            after = take_step(alert, Step.ACKNOWLEDGE, by=said.by, at=said.at, note=said.note)
        except NotAllowedError:
            return "refused", None
        return "taken", after

    def raise_by_hand(self, call: Call, said: Said, request: Request) -> dict[str, Any]:
        """Raise an alert of what a person was told, and return it."""

        def take() -> dict[str, Any]:
            made = raised_by_hand(
                call.id,
                said,
                area=call.area,
                severity=call.severity,
                origin=call.origin,
                message=call.message,
                response=call.response,
                thing=call.thing,
            )
            (kept,) = tx.save_alerts([made], said.at)
            return kept.to_json()

        with self._store.transaction() as tx:
            body, _ = once(tx, request, take)
        self._tell(body)
        return body

    def begin_maintenance(self, window: Window, request: Request) -> dict[str, Any]:
        """Keep a maintenance window; within a second it hides what lies in it."""

        def take() -> dict[str, Any]:
            tx.save_window(window)
            tx.audit(window.by, "maintenance.plan", window.id, window.to_json())
            return window.to_json()

        with self._store.transaction() as tx:
            body, _ = once(tx, request, take)
        return body

    def end_maintenance(self, window_id: str, version: int, said: Said) -> dict[str, Any]:
        """End a maintenance window now, or take back one that has not begun.

        Raises:
            UnknownError: there is no such window.
            StaleVersionError: it has changed since that version.
            RefusedStepError: it is over.
        """
        with self._store.transaction() as tx:
            window = tx.window(window_id)
            if window is None:
                raise UnknownError(window_id)
            if window.version != version:
                raise StaleVersionError(window.to_json())
            try:
                after = ended(window, said)
            except NotAllowedError as error:
                raise RefusedStepError(str(error), window.to_json()) from None
            tx.save_window(after)
            tx.audit(said.by, "maintenance.end", window_id, {"note": said.note})
        return after.to_json()

    def tell(self, bodies: Sequence[Mapping[str, Any]]) -> None:
        """Tell alerts on the bus, as they are after a step taken elsewhere."""
        for body in bodies:
            self._tell(body)

    def _tell(self, body: Mapping[str, Any]) -> None:
        payload = orjson.dumps(body) if body["closed_at"] is None else b""
        topic = f"ioc/{self._site}/_centre/alerts/{body['id']}"
        self._bus.publish(topic, payload, qos=1, retain=True)
