"""The clock of a site: one line through real time, the same for every process.

Data, rules and deadlines use the site's clock; logins, audit and delivery use real time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ioc.core.words import Instant, instant, rfc3339


@dataclass(frozen=True, slots=True)
class SiteClock:
    """``epoch + (now - start) * speed``, or ``epoch`` while it is paused.

    Attributes:
        epoch: the site's time at ``start``.
        start: the real time at which the site's clock showed ``epoch``.
        speed: site seconds in one real second.
        paused: whether it stands still.
    """

    epoch: Instant
    start: Instant
    speed: float = 1.0
    paused: bool = False

    def at(self, now: Instant) -> Instant:
        """Give the site's time at a real time."""
        if self.paused:
            return self.epoch
        return self.epoch + round((now - self.start) * self.speed)

    def real(self, at: Instant) -> Instant:
        """Give the real time at which the site's clock shows (or showed) ``at``."""
        return self.start + round((at - self.epoch) / self.speed)

    def to_json(self) -> dict[str, Any]:
        """Give the payload of ``_centre/clock``."""
        return {
            "epoch": rfc3339(self.epoch),
            "start": rfc3339(self.start),
            "speed": self.speed,
            "paused": self.paused,
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "SiteClock":
        """Read the payload of ``_centre/clock``.

        Raises:
            ValueError: a time is no RFC 3339 time, or the speed is not above nought.
        """
        speed = float(told.get("speed", 1))
        if not 0 < speed <= 3600:
            raise ValueError(f"speed {speed} is outside 0..3600")
        return cls(
            epoch=instant(told["epoch"]),
            start=instant(told["start"]),
            speed=speed,
            paused=bool(told.get("paused", False)),
        )
