"""A part of a site's things, so that several processes may play one site.

Who plays a thing is told by its id alone, so a shard never moves when things come or go; and what
a thing says depends on nobody else, so any sharding gives the same observations.
"""

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

_TOLD: Final = re.compile(r"(\d{1,3})/(\d{1,3})")


@dataclass(frozen=True, slots=True)
class Shard:
    """One of ``parts`` parts, counted from 1."""

    part: int
    parts: int

    def takes(self, thing: str) -> bool:
        """Tell whether this part plays a thing."""
        drawn = int.from_bytes(blake2b(thing.encode(), digest_size=8).digest(), "little")
        return drawn % self.parts == self.part - 1

    def named(self, gateway: str) -> str:
        """Name the gateway of this part: a process that dies takes only its own things along."""
        return gateway if self.part == 1 else f"{gateway}-{self.part}"


WHOLE: Final = Shard(1, 1)


def read_shard(told: str) -> Shard:
    """Read ``2/4``: the second of four.

    Raises:
        ValueError: it is no such pair, or the part is none of the parts.
    """
    found = _TOLD.fullmatch(told)
    part, parts = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= part <= parts:
        raise ValueError(f"a shard is I/N with I from 1 to N, such as 2/4, not {told!r}")
    return Shard(part, parts)
