"""The site's time, as the centre tells it: retained on ``ioc/<site>/_centre/clock``."""

import threading
from collections.abc import Callable
from typing import Final

import orjson
import structlog

from ioc.core.clock import SiteClock
from ioc.core.words import SECOND, Instant
from simulators.link import Link

_WAIT_S: Final = 3.0

log = structlog.get_logger("simulators")


class SiteTime:
    """Follows the site's clock; until one is told, the one given, else real time."""

    def __init__(self, site: str, now: Callable[[], Instant], clock: SiteClock | None) -> None:
        """Start from ``clock``; real time is read through ``now`` only."""
        self._topic = f"ioc/{site}/_centre/clock"
        self._now = now
        self._given = clock is not None
        self._clock = clock or SiteClock(epoch=now(), start=now())
        self._told = threading.Event()

    @property
    def clock(self) -> SiteClock:
        """Give the clock that holds now."""
        return self._clock

    def follow(self, link: Link) -> None:
        """Hear the centre's clock over a link that is not started yet."""
        link.hear(self._topic, self._hear)

    def settle(self) -> None:
        """Wait shortly for the centre to tell its clock, unless one was given."""
        if not self._given and not self._told.wait(_WAIT_S):
            log.warning("the centre told no clock: real time is the site's time")

    def instant(self) -> Instant:
        """Give the site's time in microseconds."""
        return self._clock.at(self._now())

    def seconds(self) -> int:
        """Give the whole second the site's time has reached."""
        return self.instant() // SECOND

    def real_until(self, at: Instant) -> float:
        """Give the real seconds until the site's time is ``at``; infinite while it is paused."""
        if self._clock.paused:
            return float("inf")
        return (at - self.instant()) / SECOND / self._clock.speed

    def _hear(self, payload: bytes) -> None:
        try:
            self._clock = SiteClock.from_json(orjson.loads(payload))
        except (KeyError, TypeError, ValueError) as error:
            log.warning("the centre told no clock", error=str(error), head=payload[:80])
            return
        self._told.set()
