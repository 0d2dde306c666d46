"""The desk: where people's steps meet the store, one compare-and-set each."""

from collections.abc import Mapping
from typing import Any

import orjson

from ioc.centre.ports import Bus, Store
from ioc.core.alerts import Step, take_step
from ioc.core.history import NotAllowedError
from ioc.core.words import Instant


class UnknownAlertError(Exception):
    """There is no such alert."""


class StaleVersionError(Exception):
    """Somebody else was faster; ``current`` is how the alert is now."""

    def __init__(self, current: Mapping[str, Any]) -> None:
        """Carry the alert as it is."""
        super().__init__(f"the alert is at version {current['version']} now")
        self.current = current


class RefusedStepError(Exception):
    """The alert's state does not allow the step; ``current`` is how it is now."""

    def __init__(self, text: str, current: Mapping[str, Any]) -> None:
        """Carry the alert as it is."""
        super().__init__(text)
        self.current = current


class Desk:
    """Takes people's steps on alerts."""

    def __init__(self, site: str, store: Store, bus: Bus) -> None:
        """Work on one store and tell on one bus.

        Args:
            site: its id.
            store: where alerts are kept; one caller at a time.
            bus: where they are told.
        """
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

        Raises:
            UnknownAlertError: there is no such alert.
            StaleVersionError: the alert has changed since that version.
            RefusedStepError: its state does not allow the step.
            StoreAwayError: the store did not answer.
        """
        with self._store.transaction() as tx:
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
        body = kept.to_json()
        payload = orjson.dumps(body) if kept.closed_at is None else b""
        topic = f"ioc/{self._site}/_centre/alerts/{kept.id}"
        self._bus.publish(topic, payload, qos=1, retain=True)
        return body
