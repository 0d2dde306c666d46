"""Channels to people: e-mail, SMS, Zalo, webhooks and a hundred more, all through apprise."""

import re
from collections.abc import Mapping
from urllib.parse import quote

from apprise import Apprise, NotifyFormat

from ioc.centre.ports import UndeliverableError
from ioc.core.duty import Person
from ioc.core.telling import Letter


class Mailbag:
    """See `ioc.centre.ports.Post`: addresses by name, one delivery after another."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        """Know addresses as apprise writes them, e.g. ``mailto://user:password@host``."""
        self._addresses = dict(addresses)

    def knows(self, to: str) -> bool:
        """Tell whether an address of that name is known."""
        return to in self._addresses

    def deliver(self, to: str, letter: Letter, person: Person | None = None) -> None:
        """Deliver in Vietnamese, the English behind it.

        Args:
            to: the name of an address; ``{phone}`` and ``{email}`` in it are the person's.
            letter: what is said.
            person: somebody on duty.

        Raises:
            UndeliverableError: the address is none, wants what is not known of the person, or the
                channel did not take it.
        """
        channel = Apprise()
        if not channel.add(_addressed(to, self._addresses[to], person)):
            raise UndeliverableError(f"the address of {to!r} is none apprise understands")
        body = f"{letter.body.vi}\n\n{letter.body.en}"
        taken = channel.notify(body=body, title=letter.title.vi, body_format=NotifyFormat.TEXT)
        if not taken:
            raise UndeliverableError(f"the channel {to!r} did not take it")


def _addressed(to: str, address: str, person: Person | None) -> str:
    """Put somebody's number or e-mail into an address; a telephone has its digits only."""
    known = {} if person is None else {"phone": person.phone, "email": person.email}
    for name in ("phone", "email"):
        slot = f"{{{name}}}"
        if slot not in address:
            continue
        value = known.get(name, "")
        if not value:
            whom = "nobody on duty" if person is None else person.name
            raise UndeliverableError(f"the address {to!r} wants a {name}, and {whom} has none")
        value = re.sub(r"[^0-9+]", "", value) if name == "phone" else value
        address = address.replace(slot, quote(value, safe="@"))
    return address
