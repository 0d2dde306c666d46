"""The audit trail: who did what, as a chain in which no row can be changed or left out unseen.

Each row carries ``SHA-256(hash of the row before it ‖ canonical form of this one)``; before the
first stand 32 zero bytes. The canonical form is a JSON array, UTF-8, without spaces and without
escapes beyond those JSON demands::

    [seq,at,"who","action","subject","detail"]

``at`` is microseconds since 1970, ``detail`` the text of a JSON object exactly as it is kept. The
chain alone does not show that its tail was cut off: an `Anchor` kept elsewhere does.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ioc.core.words import Instant

FIRST: Final = bytes(32)
"""What stands before the first row."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One step, before it has its place in the chain.

    Attributes:
        who: a user's name; ``centre`` for what the data do, ``command line`` for the verbs.
        action: what was done, e.g. ``alert.acknowledge`` or ``login.refused``.
        subject: the id of what it was done to.
        detail: the text of a JSON object.
    """

    who: str
    action: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the chain; ``at`` is real time."""

    seq: int
    at: Instant
    entry: Entry
    hash: bytes


@dataclass(frozen=True, slots=True)
class Anchor:
    """The head of the chain at some time, to be kept where the database's keeper cannot reach."""

    seq: int
    hash: bytes

    def to_json(self) -> dict[str, Any]:
        """Give what is written to a file."""
        return {"seq": self.seq, "hash": self.hash.hex()}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Anchor":
        """Read back what `to_json` gave.

        Raises:
            ValueError: it is no anchor; says what is wrong with it.
        """
        seq, text = told.get("seq"), told.get("hash")
        if not isinstance(seq, int) or not isinstance(text, str):
            raise ValueError(f"an anchor has a seq and a hash, not {dict(told)!r}")  # noqa: TRY004
        digest = bytes.fromhex(text)
        if len(digest) != len(FIRST):
            raise ValueError(f"a hash has 64 hexadecimal digits, not {text!r}")
        return cls(seq, digest)


def entry(who: str, action: str, subject: str, detail: Mapping[str, Any]) -> Entry:
    """Make an entry of anything; what a database's text cannot hold is written out."""
    written = json.dumps(dict(detail), ensure_ascii=False, sort_keys=True, default=str)
    return Entry(_kept(who), _kept(action), _kept(subject), _kept(written))


def chained(seq: int, at: Instant, made: Entry, before: bytes) -> Row:
    """Give an entry its place behind the row with hash ``before``."""
    told = [seq, at, made.who, made.action, made.subject, made.detail]
    canonical = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return Row(seq, at, made, hashlib.sha256(before + canonical).digest())


class Verifier:
    """Reads the chain from its beginning and says where it does not hold."""

    def __init__(self, anchors: Sequence[Anchor] = ()) -> None:
        """Hold the chain against anchors too, whatever their order."""
        self._anchored = {anchor.seq: anchor.hash for anchor in anchors}
        self._agreed = len(self._anchored) == len(set(anchors))
        self.seq = 0
        self.hash = FIRST

    def read(self, row: Row) -> Iterator[str]:
        """Read the next row; gives what is wrong with it.

        A row that does not fit is named once: reading goes on from its own hash.
        """
        if row.seq != self.seq + 1:
            yield f"rows {self.seq + 1} to {row.seq - 1} are missing"
        elif chained(row.seq, row.at, row.entry, self.hash).hash != row.hash:
            yield f"row {row.seq} was changed, or what stands before it"
        anchored = self._anchored.pop(row.seq, row.hash)
        if anchored != row.hash:
            yield f"row {row.seq} is not the one that was anchored"
        self.seq, self.hash = row.seq, row.hash

    def end(self) -> Iterator[str]:
        """Say what is missing behind the last row, and what of the anchors cannot be."""
        if not self._agreed:
            yield "the anchors contradict one another"
        for seq in sorted(self._anchored):
            yield f"row {seq} was anchored and is missing: the chain ends at {self.seq}"


def _kept(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")
