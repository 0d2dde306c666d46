"""A child process: what it is as plain data, and one that runs.

A child leads a session and a process group of its own, so Ctrl-C in a terminal reaches the
supervisor alone, and is started through ``launch`` so that the kernel ends it with its parent. Its
output goes to a bounded file.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from ioc.embedded.launch import Identity, wrapped
from ioc.embedded.processes import Process, Strays, find, kill_group
from ioc.embedded.restart import Kind

LOG_BYTES: Final = 8 << 20
"""Size at which a log is turned over; one older file of it is kept."""

_STEP_S: Final = 0.03
_TAIL_BYTES: Final = 4096


class EngineError(Exception):
    """An engine cannot be had or brought up here; the text says why."""


class StartError(Exception):
    """A child did not come up; the text holds the end of its log."""


def _nothing() -> None:
    return


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """What a child is.

    Attributes:
        name: unique; names its log and its place in ``demo.json``.
        argv: the program by its full path, and its arguments. Never a secret: others can read it.
        env: its whole environment (``{**os.environ, …}`` where it shall inherit).
        ready: asked a few times a second after a start, from the caller's thread, until it says
            True; returns within about two seconds. None: ready once it runs.
        before: called before every start; clears what a killed predecessor left behind.
        role: its key in ``demo.json``; several children may share one. Empty: the name.
        kind: how it is retried when it dies.
        stop: the signal that asks it to end; also what it gets when the supervisor dies.
        hurry: the signal for a second Ctrl-C.
        stop_within: seconds from ``stop`` until it is killed.
        ready_within: seconds the first start may take.
        identity: who it runs as.
        strays: how to know the children it has in sessions of their own.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    ready: Callable[[], bool] | None = None
    before: Callable[[], None] = _nothing
    role: str = ""
    kind: Kind = Kind.PROGRAM
    stop: signal.Signals = signal.SIGTERM
    hurry: signal.Signals = signal.SIGKILL
    stop_within: float = 15.0
    ready_within: float = 60.0
    identity: Identity = Identity.OWN
    strays: Strays | None = None


@dataclass(slots=True)
class Child:
    """One run of a child. Made by ``start`` in the thread that shall own it.

    The kernel's tie is to that *thread*: end it and the child ends.
    """

    spec: ChildSpec
    popen: subprocess.Popen[bytes]
    process: Process | None
    since: float

    @classmethod
    def start(cls, spec: ChildSpec, log: Path) -> "Child":
        """Start a child, its output going to the end of ``log``.

        Raises:
            OSError: it cannot be started or its log not be opened.
            EngineError: ``before`` failed.
        """
        spec.before()
        with appended(log) as out:
            popen = subprocess.Popen(
                wrapped(spec.argv, parent=os.getpid(), death=spec.stop, identity=spec.identity),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=dict(spec.env),
                start_new_session=True,
            )
        return cls(spec, popen, find(spec.name, popen.pid, spec.stop), time.monotonic())

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.popen.pid

    def died(self) -> int | None:
        """Give the exit status, negative for a signal, or None while it runs.

        What a dead child leaves of its process group is killed.
        """
        if self.popen.returncode is None:
            flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
            if os.waitid(os.P_PID, self.popen.pid, flags) is None:
                return None
            kill_group(self.popen.pid)  # before it is reaped: until then the number is its own
        return self.popen.poll()

    def ask(self, number: signal.Signals) -> None:
        """Send it a signal; one that is gone is no error."""
        with suppress(ProcessLookupError):
            self.popen.send_signal(number)
            if number != signal.SIGKILL:
                self.popen.send_signal(signal.SIGCONT)  # a stopped one would not hear it

    def end(self) -> None:
        """Ask it to end, wait, and kill it with its group when it does not."""
        self.ask(self.spec.stop)
        until = time.monotonic() + self.spec.stop_within
        while self.died() is None:
            if time.monotonic() > until:
                self.ask(signal.SIGKILL)
            time.sleep(_STEP_S)


def appended(log: Path) -> BinaryIO:
    """Open a log for a child to append to; nobody else may read it.

    Raises:
        OSError: it cannot be opened.
    """
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
    return os.fdopen(os.open(log, flags, 0o600), "ab")


def tail(log: Path) -> str:
    """Give the last lines of a log, to be shown to a person."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - _TAIL_BYTES))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError as unreadable:
        return f"({log} cannot be read: {unreadable})"
    return "\n".join(lines[-15:])


def bound(log: Path, most: int = LOG_BYTES) -> None:
    """Turn a log over once it is too large: copy it to ``NAME.1``, then empty it.

    Children append to a file they hold open, and go on when their supervisor is gone, so the file
    stays the same one; a line written between the copy and the cut is lost.
    """
    with suppress(FileNotFoundError):
        if log.stat().st_size <= most:
            return
        with suppress(OSError):  # with the disk full, what is old must go all the same
            shutil.copy(log, log.with_name(log.name + ".1"))  # copies the mode, too
        os.truncate(log, 0)


@contextmanager
def running(spec: ChildSpec, log: Path) -> Iterator[Child]:
    """Run one child without a supervisor: ready inside, gone after.

    Raises:
        StartError: it ended or was not ready in time.
    """
    child = Child.start(spec, log)
    try:
        until = child.since + spec.ready_within
        while spec.ready is not None and not spec.ready():
            status = child.died()
            if status is not None:
                raise StartError(f"{spec.name} ended with {status}:\n{tail(log)}")
            if time.monotonic() > until:
                raise StartError(
                    f"{spec.name} was not ready within {spec.ready_within:g} s:\n{tail(log)}"
                )
            time.sleep(_STEP_S)
        yield child
    finally:
        child.end()
