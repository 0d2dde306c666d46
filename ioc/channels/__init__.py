"""Channels to people: e-mail, SMS, Zalo, webhooks and a hundred more, all through apprise."""

from collections.abc import Mapping

from apprise import Apprise, NotifyFormat

from ioc.centre.ports import UndeliverableError
from ioc.core.telling import Letter


class Mailbag:
    """See `ioc.centre.ports.Post`: addresses by name, one delivery after another."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        """Know addresses as apprise writes them, e.g. ``mailto://user:password@host``."""
        self._addresses = dict(addresses)

    def knows(self, to: str) -> bool:
        """Tell whether an address of that name is known."""
        return to in self._addresses

    def deliver(self, to: str, letter: Letter) -> None:
        """Deliver in Vietnamese, the English behind it.

        Raises:
            UndeliverableError: the address is none, or the channel did not take it.
        """
        channel = Apprise()
        if not channel.add(self._addresses[to]):
            raise UndeliverableError(f"the address of {to!r} is none apprise understands")
        body = f"{letter.body.vi}\n\n{letter.body.en}"
        taken = channel.notify(body=body, title=letter.title.vi, body_format=NotifyFormat.TEXT)
        if not taken:
            raise UndeliverableError(f"the channel {to!r} did not take it")
