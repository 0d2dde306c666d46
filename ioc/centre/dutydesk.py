"""The desk for duty: shifts, telephone numbers, handovers, and who looked when."""

from collections.abc import Mapping
from typing import Any

from ioc.centre.desk import RefusedStepError, Request, StaleVersionError, UnknownError, once
from ioc.centre.ports import Store
from ioc.core.duty import Handover, Shift, confirmed
from ioc.core.history import NotAllowedError, Said
from ioc.core.words import Instant

Json = dict[str, Any]


class DutyDesk:
    """Takes people's steps on duty; each stands in the audit trail.

    Every method raises `ioc.centre.ports.StoreAwayError` when the store does not answer.
    """

    def __init__(self, store: Store) -> None:
        """Work on one store; one caller at a time."""
        self._store = store

    def plan(self, shift: Shift, request: Request) -> Json:
        """Keep a shift."""

        def work() -> Json:
            tx.save_shift(shift)
            tx.audit(request.by, "shift.plan", shift.id, {"area": shift.area})
            return shift.to_json()

        with self._store.transaction() as tx:
            body, _ = once(tx, request, work)
        return body

    def drop(self, shift_id: str, by: str) -> None:
        """Take a shift away.

        Raises:
            UnknownError: there is none.
        """
        with self._store.transaction() as tx:
            if not tx.remove_shift(shift_id):
                raise UnknownError(shift_id)
            tx.audit(by, "shift.remove", shift_id, {})

    def note_contact(self, contact_id: str, area: str, body: Mapping[str, Any], by: str) -> Json:
        """Keep a telephone number, or a new one of somebody who is there."""
        with self._store.transaction() as tx:
            tx.save_contact(contact_id, area, body)
            tx.audit(by, "contact.save", contact_id, {"area": area})
        return dict(body)

    def drop_contact(self, contact_id: str, by: str) -> None:
        """Take a telephone number away.

        Raises:
            UnknownError: there is none.
        """
        with self._store.transaction() as tx:
            if not tx.remove_contact(contact_id):
                raise UnknownError(contact_id)
            tx.audit(by, "contact.remove", contact_id, {})

    def hand_over(self, handover: Handover, request: Request) -> Json:
        """Hand a shift over."""

        def work() -> Json:
            tx.save_handover(handover)
            detail = {"to": handover.taker, "open": dict(handover.open)}
            tx.audit(handover.giver, "shift.hand-over", handover.id, detail)
            return handover.to_json()

        with self._store.transaction() as tx:
            body, _ = once(tx, request, work)
        return body

    def confirm(self, handover_id: str, version: int, said: Said) -> Json:
        """Take a shift over.

        Raises:
            UnknownError: there is no such handover.
            StaleVersionError: it has changed since that version.
            RefusedStepError: it was taken already, or is for somebody else.
        """
        with self._store.transaction() as tx:
            handover = tx.handover(handover_id)
            if handover is None:
                raise UnknownError(handover_id)
            if handover.version != version:
                raise StaleVersionError(handover.to_json())
            try:
                after = confirmed(handover, said)
            except NotAllowedError as error:
                raise RefusedStepError(str(error), handover.to_json()) from None
            tx.save_handover(after)
            tx.audit(said.by, "shift.take-over", handover_id, {})
        return after.to_json()

    def looked(self, username: str, at: Instant) -> None:
        """Remember when somebody looked."""
        with self._store.transaction() as tx:
            tx.looked(username, at)
