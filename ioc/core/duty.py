"""Duty: who is on shift with which telephone, and how a shift is handed over.

A handover says what is open and what there is to know; it stands when both have confirmed it: the
one who goes by writing it, the one who comes by confirming.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

from ioc.core.history import NotAllowedError, Said, read, written
from ioc.core.words import PROVINCE, Instant, instant, rfc3339

OWNER: Final = "owner"
"""In `Wanted.agency`: whoever owes what is told of."""

_AT_THE_CONSOLE: Final = frozenset({"operator", "supervisor"})


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
    email: str = ""

    def to_json(self) -> dict[str, Any]:
        """Give it as the interface does."""
        return {
            "name": self.name,
            "phone": self.phone,
            "duty": self.duty,
            "username": self.username,
            "agency": self.agency,
            "email": self.email,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Person":
        """Read back what `to_json` gave."""
        told = {key: body[key] for key in ("name", "phone", "duty", "username", "agency")}
        return cls(**told, email=body.get("email", ""))


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

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Shift":
        """Read back what `to_json` gave."""
        return cls(
            id=body["id"],
            area=body["area"],
            starts=instant(body["from"]),
            ends=instant(body["to"]),
            people=tuple(Person.from_json(person) for person in body["people"]),
            note=body["note"],
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom of those on duty; each part that is not empty narrows.

    Attributes:
        role: of their account; of somebody without one, what they are on the shift for.
        duty: what they are on the shift for.
        agency: theirs; `OWNER` for that of whoever owes what is told of.
        area: whose shift; empty for the area of what is told of.
    """

    role: str = ""
    duty: str = ""
    agency: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is on duty at one moment, and what is known of people.

    Attributes:
        contacts: the telephone list.
        roles: of each account.
    """

    shifts: Sequence[Shift]
    contacts: Sequence[Person]
    roles: Mapping[str, str]

    def on_call(
        self, wanted: Wanted, area: str, owner: str, parents: Mapping[str, str | None]
    ) -> list[Person]:
        """Give whom to tell: of the shift nearest to an area that has somebody who is wanted.

        An agency nobody of which is on shift is reached by the telephone list.

        Args:
            wanted: whom.
            area: of what is told of.
            owner: the agency that owes it, or empty.
            parents: the area each area lies in.
        """
        agency = owner if wanted.agency == OWNER else wanted.agency
        if wanted.agency and not agency:
            return []
        at: str | None = wanted.area or area
        while at is not None:
            people = [one for shift in self.shifts if shift.area == at for one in shift.people]
            found = [one for one in people if self._is(one, wanted, agency)]
            if found:
                return _each_once(self._completed(one) for one in found)
            at = None if at == PROVINCE else parents.get(at, PROVINCE)
        if not agency:
            return []
        return _each_once(one for one in self.contacts if self._is(one, wanted, agency))

    def _is(self, person: Person, wanted: Wanted, agency: str) -> bool:
        role = self.roles.get(person.username, "") if person.username else person.duty
        return (
            (not wanted.role or role == wanted.role)
            and (not wanted.duty or person.duty == wanted.duty)
            and (not agency or person.agency == agency)
        )

    def _completed(self, person: Person) -> Person:
        """Give somebody with what the telephone list knows and the shift does not say."""
        for one in self.contacts:
            same = one.username == person.username if person.username else one.name == person.name
            if same:
                return replace(
                    person, phone=person.phone or one.phone, email=person.email or one.email
                )
        return person


def operators_on_duty(
    shifts: Iterable[Shift], roles: Mapping[str, str], start: Instant, end: Instant
) -> int:
    """Give how many shared the console over a stretch of time: its mean, and never none.

    Whoever has no account that acknowledges is somebody to call, and no operator.

    Args:
        shifts: that touch it.
        roles: of each account.
        start: of the stretch.
        end: of the stretch, after its start.
    """
    stretches = [
        (max(shift.starts, start), min(shift.ends, end), person.username)
        for shift in shifts
        for person in shift.people
        if roles.get(person.username) in _AT_THE_CONSOLE
    ]
    edges = sorted({start, end, *(at for first, last, _ in stretches for at in (first, last))})
    shared = sum(
        (after - at) * max(1, len({who for first, last, who in stretches if first <= at < last}))
        for at, after in pairwise(edges)
        if start <= at < end
    )
    return max(1, (2 * shared + (end - start)) // (2 * (end - start)))


def _each_once(people: Iterable[Person]) -> list[Person]:
    return list(dict.fromkeys(people))


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
