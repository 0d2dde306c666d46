"""Duty: who is on shift with which telephone, and how a shift is handed over.

A handover says what is open and what there is to know; it stands when both have confirmed it: the
one who goes by writing it, the one who comes by confirming.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ioc.core.history import NotAllowedError, Said, read, written
from ioc.core.words import Instant, instant, rfc3339


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to call.

    Attributes:
        duty: what they are on the shift for, e.g. ``lead``.
        username: their account; empty for somebody without one.
    """

    name: str
    phone: str
    duty: str = ""
    username: str = ""
    agency: str = ""

    def to_json(self) -> dict[str, Any]:
        """Give it as the interface does."""
        return {
            "name": self.name,
            "phone": self.phone,
            "duty": self.duty,
            "username": self.username,
            "agency": self.agency,
        }


@dataclass(frozen=True, slots=True)
class Shift:
    """Who is on duty for an area, from when to when."""

    id: str
    area: str
    starts: Instant
    ends: Instant
    people: tuple[Person, ...]
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """Give it as the interface does."""
        return {
            "id": self.id,
            "area": self.area,
            "from": rfc3339(self.starts),
            "to": rfc3339(self.ends),
            "people": [person.to_json() for person in self.people],
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Handover:
    """What whoever goes tells whoever comes.

    Attributes:
        giver: the account of the one who goes.
        taker: the account of the one who comes.
        open: how many of what is open, and what is late, at that time.
    """

    id: str
    version: int
    area: str
    giver: str
    taker: str
    at: Instant
    note: str
    open: Mapping[str, int]
    confirmed_at: Instant | None = None

    def to_json(self) -> dict[str, Any]:
        """Give it as the interface does."""
        return {
            "id": self.id,
            "version": self.version,
            "area": self.area,
            "from": self.giver,
            "to": self.taker,
            "at": rfc3339(self.at),
            "note": self.note,
            "open": dict(self.open),
            "confirmed_at": written(self.confirmed_at),
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Handover":
        """Read back what `to_json` gave."""
        return cls(
            id=body["id"],
            version=body["version"],
            area=body["area"],
            giver=body["from"],
            taker=body["to"],
            at=instant(body["at"]),
            note=body["note"],
            open=body["open"],
            confirmed_at=read(body["confirmed_at"]),
        )


def confirmed(handover: Handover, said: Said) -> Handover:
    """Take a shift over.

    Raises:
        NotAllowedError: it was taken already, or it is not for this person.
    """
    if handover.confirmed_at is not None:
        raise NotAllowedError("the shift was taken over already")
    if said.by != handover.taker:
        raise NotAllowedError(f"the shift was handed to {handover.taker}")
    return replace(handover, version=handover.version + 1, confirmed_at=said.at)
