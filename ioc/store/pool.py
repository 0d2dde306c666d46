"""A few connections shared by many threads, none of which ever waits for a dead server.

A server that was stopped does not always say so: a frozen one answers nothing at all, and no
timeout of libpq notices while a query runs. So every lease has a deadline, and a watchdog cuts the
socket of whoever overstays it; the thread that waits then gets its error at once.
"""

import contextlib
import os
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import orjson
import psycopg2
from psycopg2.extras import register_default_jsonb

from ioc.centre.ports import StoreAwayError
from ioc.store.connection import Connection

_WATCH_S: Final = 0.25


@dataclass(eq=False, slots=True)
class _Lease:
    """A connection in somebody's hands; ``deadline`` is of the monotonic clock."""

    descriptor: int
    deadline: float
    cut: bool = False


class Pool:
    """At most ``size`` connections, opened when needed and replaced when broken.

    Attributes:
        cuts: how many queries the watchdog ended.
    """

    def __init__(
        self,
        connect: Callable[[], Connection],
        *,
        size: int = 8,
        patience_s: float = 2.0,
        deadline_s: float = 6.0,
    ) -> None:
        """Prepare; nothing is opened before the first lease.

        Args:
            connect: opens a connection; must itself give up after a while.
            size: connections at most.
            patience_s: how long a thread waits for one to come free.
            deadline_s: how long a lease may last.
        """
        self.cuts = 0
        self._connect = connect
        self._patience_s = patience_s
        self._deadline_s = deadline_s
        self._free = threading.BoundedSemaphore(size)
        self._lock = threading.Lock()
        self._idle: list[Connection] = []
        self._leases: set[_Lease] = set()
        self._closed = threading.Event()
        self._watchdog: threading.Thread | None = None

    @contextlib.contextmanager
    def lease(self) -> Iterator[Connection]:
        """Lend a connection in autocommit mode.

        Raises:
            StoreAwayError: no connection could be had, or it broke, or it took too long.
        """
        if not self._free.acquire(timeout=self._patience_s):
            raise StoreAwayError("all database connections are in use")
        try:
            connection = self._take()
            lease = _Lease(connection.fileno(), time.monotonic() + self._deadline_s)
            self._watch(lease)
            try:
                yield connection
            except (psycopg2.OperationalError, psycopg2.InterfaceError) as wrong:
                raise StoreAwayError(_first_line(wrong)) from wrong
            finally:
                with self._lock:
                    self._leases.discard(lease)
                self._give_back(connection, lease)
        finally:
            self._free.release()

    def close(self) -> None:
        """Close what is idle; what is lent is closed when it comes back."""
        self._closed.set()
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
        if self._watchdog is not None:
            self._watchdog.join()

    def _take(self) -> Connection:
        while True:
            with self._lock:
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                return self._open()
            if _silent(connection):
                return connection
            connection.close()

    def _open(self) -> Connection:
        if self._closed.is_set():
            raise StoreAwayError("the pool is closed")
        try:
            connection = self._connect()
            connection.autocommit = True
            register_default_jsonb(connection, loads=orjson.loads)
        except psycopg2.OperationalError as wrong:
            raise StoreAwayError(_first_line(wrong)) from wrong
        return connection

    def _give_back(self, connection: Connection, lease: _Lease) -> None:
        with contextlib.suppress(psycopg2.Error):
            if not connection.closed and not lease.cut:
                if (
                    connection.info.transaction_status
                    != psycopg2.extensions.TRANSACTION_STATUS_IDLE
                ):
                    connection.rollback()
                with self._lock:
                    if not self._closed.is_set():
                        self._idle.append(connection)
                        return
        connection.close()

    def _watch(self, lease: _Lease) -> None:
        with self._lock:
            self._leases.add(lease)
            if self._watchdog is None:
                self._watchdog = threading.Thread(
                    target=self._cut_overdue, name="pool watchdog", daemon=True
                )
                self._watchdog.start()

    def _cut_overdue(self) -> None:
        while not self._closed.wait(_WATCH_S):
            now = time.monotonic()
            with self._lock:
                for lease in self._leases:
                    if lease.deadline < now and not lease.cut:
                        lease.cut = True
                        self.cuts += 1
                        cut(lease.descriptor)


def cut(descriptor: int) -> None:
    """End a connection under whoever waits on it, without closing its descriptor."""
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as end:
        end.shutdown(socket.SHUT_RDWR)


def _silent(connection: Connection) -> bool:
    """Tell whether an idle connection has nothing to say: else it was closed by the server."""
    if connection.closed:
        return False
    readable, _, _ = select.select([connection.fileno()], [], [], 0)
    return not readable


def _first_line(wrong: Exception) -> str:
    return str(wrong).strip().partition("\n")[0] or type(wrong).__name__
