"""The loop of `ioc ingest`: take, fold, commit, acknowledge, tell; and let time pass."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog

from ioc.centre.ingest import Ingest
from ioc.centre.ports import Delivery, NotAloneError, Source, StoreAwayError
from ioc.core.own import EVERY_S
from ioc.core.wire import Message

_VALUES_S: Final = 0.05
_IDLE_S: Final = 0.2
_BACK_OFF_S: Final = (0.1, 0.2, 0.5, 1.0, 2.0)

log = structlog.get_logger("ingest")


@dataclass(slots=True)
class _Every:
    """Something to do again and again."""

    seconds: float
    done_at: float = float("-inf")

    def due(self, now: float) -> bool:
        if now - self.done_at < self.seconds:
            return False
        self.done_at = now
        return True


@dataclass(slots=True)
class Loop:
    """Drives one `Ingest` from one source; see the module.

    Attributes:
        stopped: whether to end.
        wait: sleeps for seconds, or shorter when stopped.
        monotonic: seconds that never step.
        connected: called after each new connection to the broker.
        hourly: housekeeping of the store.
    """

    ingest: Ingest
    source: Source
    stopped: Callable[[], bool]
    wait: Callable[[float], object]
    monotonic: Callable[[], float]
    connected: Callable[[], None]
    hourly: Callable[[], None]
    _connections: int = 0
    _lag: float = 0.0
    _tick: _Every = field(default_factory=lambda: _Every(1.0))
    _health: _Every = field(default_factory=lambda: _Every(2.0))
    _hour: _Every = field(default_factory=lambda: _Every(3600.0))
    _own: _Every = field(default_factory=lambda: _Every(EVERY_S))
    _values: _Every = field(default_factory=lambda: _Every(_VALUES_S))

    def run(self) -> None:
        """Run until stopped."""
        while not self.stopped():
            self._fold(self.source.take(self._patience()))
            now = self.monotonic()
            if self.ingest.values_wait and self._values.due(now):
                self.ingest.flush_values()
            try:
                self._let_time_pass(now)
            except StoreAwayError as error:
                log.warning("the store is away", error=str(error))
                self._recover()

    def _patience(self) -> float:
        """Wait for messages only as long as nothing else falls due."""
        return _VALUES_S if self.ingest.values_wait else _IDLE_S

    def _fold(self, delivery: Delivery) -> None:
        """Fold a batch until it is kept. It is never given up: it was not acknowledged yet."""
        if not delivery.messages:
            if not self.source.waiting():
                self._lag = 0.0
            return
        if self._folded(delivery.messages):
            self.source.acknowledge(delivery)
            self._lag = max(0.0, self.ingest.lag(delivery.messages[0].received))

    def _folded(self, messages: list[Message]) -> bool:
        """Fold until it is kept; tell whether it is. Only being stopped keeps it from that.

        What the centre stumbles over would come first again after a restart, for ever. So the
        batch is halved until the message that does it stands alone; that one is refused as a
        fault of ours, loudly, and the rest goes on.
        """
        while not self.stopped():
            try:
                self.ingest.batch(messages)
            except StoreAwayError as error:
                log.warning("the store is away; the batch waits", error=str(error))
                self._recover()
            except (NotAloneError, MemoryError):
                raise
            except Exception as error:
                log.exception("stumbled over a batch", messages=len(messages))
                self._recover()
                if len(messages) > 1:
                    half = len(messages) // 2
                    return self._folded(messages[:half]) and self._folded(messages[half:])
                return self._refused(messages[0], error)
            else:
                return True
        return False

    def _refused(self, message: Message, error: Exception) -> bool:
        while not self.stopped():
            try:
                self.ingest.quarantine(message, error)
            except StoreAwayError:
                self._recover()
            else:
                return True
        return False

    def _let_time_pass(self, now: float) -> None:
        if self.source.connects != self._connections:
            connections = self.source.connects
            self.connected()
            self._connections = connections
        if self._tick.due(now):
            self.ingest.tick()
        if self._hour.due(now):
            self.hourly()
        if self._health.due(now):
            if self.source.dropped:
                self.ingest.tally.dropped["messages"] = self.source.dropped
            self.ingest.tell_health(self._lag)
        if self._own.due(now):
            self.ingest.tell_own(self._lag, now)

    def _recover(self) -> None:
        """Wait for the store, and take everything from it again."""
        tries = 0
        while not self.stopped():
            self.wait(_BACK_OFF_S[min(tries, len(_BACK_OFF_S) - 1)])
            tries += 1
            try:
                self.ingest.recover()
            except StoreAwayError:
                continue
            log.info("the store is back", tries=tries)
            return
