"""What people say with a step, and how a step stands in the history of what it was taken on.

Alerts, incidents and tasks keep their whole history: who, when, what, and what they said about it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ioc.core.words import Instant, instant, rfc3339

CENTRE_NAME: Final = "centre"
"""Who does what the data and the clock do."""


class NotAllowedError(Exception):
    """A person's step that the state of what it is taken on does not allow."""


@dataclass(frozen=True, slots=True)
class Said:
    """A person's step, beside which step it is.

    Attributes:
        by: who.
        at: the site's time of it.
        note: what they say about it.
        owner: for assigning, the agency that owes the answer now.
        due: for assigning, until when; for done, until when that is to be published.
        reason: for closing.
    """

    by: str
    at: Instant
    note: str = ""
    owner: str | None = None
    due: Instant | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One step of a history."""

    at: Instant
    by: str
    step: str
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """Give the contract's shape."""
        return {"at": rfc3339(self.at), "by": self.by, "step": self.step, "note": self.note}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Entry":
        """Read back what `to_json` gave."""
        return cls(instant(body["at"]), body["by"], body["step"], body["note"])


def written(at: Instant | None) -> str | None:
    """Write a time that may be missing."""
    return None if at is None else rfc3339(at)


def read(text: str | None) -> Instant | None:
    """Read a time that may be missing."""
    return None if text is None else instant(text)
