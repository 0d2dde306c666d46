"""Keeps the processes of one data folder running, and leaves none behind.

::

    with Supervisor(data, say=print) as supervisor:
        supervisor.start(broker.child())       # returns once it is ready
        supervisor.start(database.child())
        ...                                    # migrate, make users
        supervisor.start(ChildSpec("ingest", …))
        supervisor.describe({"url": …})        # from now on demo.json tells what runs
        supervisor.watch()                     # until Ctrl-C or SIGTERM
                                               # all of it ended in reverse order

One thread, no threads beside it: children are tied to the thread that started them, and signals
reach the main thread. A child that dies is started again by the account in ``restart``. The first
Ctrl-C ends children in reverse order, each in its own time; a second one hurries them.

Nothing outlives the supervisor, however it ends:

1. leaving the ``with`` block ends every child, kills what does not end, and waits for all;
2. if the supervisor is killed, the kernel signals each child (``launch``), and
3. the ``guardian`` ends what the signal did not, and the children of PostgreSQL;
4. if all of that was killed too, the next start on the folder ends, by pid and start time, what
   ``processes.json`` names before it starts anything.

Root and ordinary users: see ``ioc.embedded``.
"""

import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Final, Self

from ioc.embedded import guardian
from ioc.embedded.children import (
    Child,
    ChildSpec,
    EngineError,
    StartError,
    appended,
    bound,
    tail,
)
from ioc.embedded.folder import DataFolder, DataFolderError, write_json
from ioc.embedded.processes import Process, Roster, find, kill_working_in, runs
from ioc.embedded.restart import LOUD_AFTER, Kind, Record, after_death

_STEP_S: Final = 0.05
_IDLE_S: Final = 2.0
_LOG_CHECK_S: Final = 5.0
_GUARDIAN_PAUSE_S: Final = 1.0
_HURRIED_WITHIN_S: Final = 5.0
_SECOND_SIGNAL_S: Final = 1.0
"""What comes sooner is the same Ctrl-C again: a terminal sends it to everybody, and ``make`` or
``uv`` pass on what they got."""

_ASKS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_OneOrMore = int | list[int]


class Stopped(Exception):  # noqa: N818 - being asked to stop is no error
    """A signal asked for the end while something was being started."""


@dataclass(slots=True)
class _Seat:
    """The place of one child, whichever run of it is alive."""

    spec: ChildSpec
    log: Path
    child: Child | None = None
    pid: int = 0  # of its newest run, alive or not
    record: Record = field(default_factory=Record)
    due: float = 0.0
    ready: bool = False
    proven: bool = False  # it has been ready once


def _silent(_: str) -> None:
    return


def _status(status: int) -> str:
    if status >= 0:
        return f"with status {status}"
    with suppress(ValueError):
        return f"by {signal.Signals(-status).name}"
    return f"by signal {-status}"


class Supervisor:
    """Owns a data folder and the processes that run on it. Use it in the main thread."""

    def __init__(
        self, data: Path, *, say: Callable[[str], None] = _silent, patience: float = 5.0
    ) -> None:
        """Prepare; nothing happens before ``with``.

        Args:
            data: the data folder; made when it is not there.
            say: told one line whenever something happens that a person should know.
            patience: seconds children may take to end by themselves when the supervisor was killed.
        """
        self._patience = patience
        self._wanted = data
        self._say = say
        self._folder: DataFolder | None = None
        self._seats: dict[str, _Seat] = {}
        self._facts: Mapping[str, Any] | None = None
        self._guardian: subprocess.Popen[bytes] | None = None
        self._guardian_due = 0.0
        self._logs_due = 0.0
        self._asked_at: float | None = None
        self._hurry = False
        self._wake: socket.socket | None = None
        self._undo = ExitStack()

    # -- the folder -------------------------------------------------------------------------

    @property
    def folder(self) -> DataFolder:
        """The data folder, locked.

        Raises:
            RuntimeError: asked outside the ``with`` block.
        """
        if self._folder is None:
            raise RuntimeError("the supervisor holds its folder inside 'with' only")
        return self._folder

    @property
    def data(self) -> Path:
        """The data folder's resolved path."""
        return self.folder.path

    def secret(self, name: str) -> str:
        """Give the secret of this name, made at the first start, the same ever after."""
        return self.folder.secret(name)

    def port(self, name: str, host: str, wanted: int) -> int:
        """Give the port for a server: the wanted one, or for 0 a free one, kept if it stays free.

        Raises:
            PortTakenError: the wanted one belongs to somebody else.
        """
        return self.folder.port(name, host, wanted)

    # -- life -------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        """Take the folder, end what an earlier run left, and listen for signals.

        Raises:
            DataFolderError: the folder is in use (the text names the process) or unfit.
        """
        with ExitStack() as undo:
            self._folder = DataFolder.take(self._wanted)
            undo.callback(self._release)
            self._sweep()
            self._listen(undo)
            self._start_guardian()
            undo.callback(self._end_guardian)
            self._record()
            self._undo = undo.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """End every child in reverse order and let the folder go.

        ``Stopped`` ends here: being asked to stop is a good end.
        """
        with self._undo:
            self._end_children()
        return isinstance(error, Stopped)

    def _release(self) -> None:
        if self._folder is not None:
            self._folder.close()
            self._folder = None

    def _sweep(self) -> None:
        (self.data / "demo.json").unlink(missing_ok=True)
        left = guardian.read_roster(self.data)
        if left is None:
            return
        if left.supervisor.pid != os.getpid() and runs(left.supervisor):
            raise DataFolderError(f"{self.data} is in use by process {left.supervisor.pid}")
        found = left.end(within=self._patience)
        if found:
            self._tell(f"ended {found} processes of an earlier run that was killed")

    def _listen(self, undo: ExitStack) -> None:
        """Let signals wake ``_pause`` up; put everything back at the end."""
        ours, theirs = socket.socketpair()
        for end in (ours, theirs):
            undo.callback(end.close)
            end.setblocking(False)
        self._wake = ours
        undo.callback(signal.set_wakeup_fd, signal.set_wakeup_fd(theirs.fileno()))
        for number in (*_ASKS, signal.SIGCHLD):
            before = signal.getsignal(number)
            if number == signal.SIGHUP and before is signal.SIG_IGN:
                continue  # under nohup it stays ignored
            handler = self._noticed if number == signal.SIGCHLD else self._asked
            undo.callback(signal.signal, number, before)
            signal.signal(number, handler)

    def _asked(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if self._asked_at is None:
            self._asked_at = now
        elif now - self._asked_at >= _SECOND_SIGNAL_S:
            self._hurry = True

    def _noticed(self, number: int, frame: FrameType | None) -> None:
        """A child ended: being called is all it takes to wake up."""

    @property
    def stopping(self) -> bool:
        """Whether a signal has asked for the end."""
        return self._asked_at is not None

    def stop(self) -> None:
        """Ask for the end, as Ctrl-C does."""
        self._asked_at = self._asked_at or time.monotonic()

    def _tell(self, line: str) -> None:
        with suppress(OSError):  # whoever read along has gone; the work goes on
            self._say(line)

    def _pause(self, seconds: float) -> None:
        """Sleep until a signal comes, at most that long."""
        if self._wake is None:
            raise RuntimeError("the supervisor runs inside 'with' only")
        if select.select([self._wake], [], [], seconds)[0]:
            with suppress(BlockingIOError):
                self._wake.recv(4096)

    # -- children ---------------------------------------------------------------------------

    def start(self, spec: ChildSpec, *more: ChildSpec) -> int:
        """Start children side by side and return the first one's pid once all are ready.

        Those started before are kept alive meanwhile.

        Raises:
            StartError: one keeps ending, or is not ready in time; holds the end of its log.
            EngineError: an engine cannot be had here.
            OSError: it cannot be started.
            ValueError: there is a child of that name already.
            Stopped: a signal asked for the end.
        """
        seats = [self._seated(one) for one in (spec, *more)]
        began = time.monotonic()
        for seat in seats:
            while not self._is_ready(seat):
                self._pause(_STEP_S)
                if self.stopping:
                    raise Stopped
                self._tend()
                self._check(seats, time.monotonic() - began)
        return seats[0].pid

    def _seated(self, spec: ChildSpec) -> _Seat:
        if spec.name in self._seats:
            raise ValueError(f"there is a child {spec.name!r} already")
        if self.stopping:
            raise Stopped
        seat = _Seat(spec, self.data / "log" / f"{spec.name}.log")
        self._seats[spec.name] = seat
        self._launch(seat)
        return seat

    @staticmethod
    def _check(seats: Sequence[_Seat], waited: float) -> None:
        """Give up on what will not be ready any more."""
        for seat in seats:
            name, within = seat.spec.name, seat.spec.ready_within
            if seat.record.failing:
                raise StartError(f"{name} does not start:\n{tail(seat.log)}")
            if waited > within and not seat.ready:
                raise StartError(f"{name} was not ready within {within:g} s:\n{tail(seat.log)}")

    def describe(self, facts: Mapping[str, Any]) -> None:
        """Write ``demo.json``, and again whenever a process is replaced.

        Args:
            facts: what it holds besides ``pid``, ``processes`` and ``failing``.

        Raises:
            OSError: it cannot be written.
        """
        self._facts = dict(facts)
        write_json(self.data / "demo.json", self._description())

    def watch(self) -> None:
        """Keep the children running until a signal asks for the end."""
        while not self.stopping:
            self._tend()
            busy = not all(seat.ready for seat in self._seats.values())
            self._pause(_STEP_S if busy else _IDLE_S)

    def pids(self) -> dict[str, _OneOrMore]:
        """Give the processes as ``demo.json`` has them.

        Engines by their pid, programs by the list of the pids of their role. One that died is
        named until it is replaced, so that who reads along never meets a gap.
        """
        pids: dict[str, _OneOrMore] = {}
        for seat in self._seats.values():
            role = seat.spec.role or seat.spec.name
            if seat.spec.kind is Kind.ENGINE:
                pids[role] = seat.pid
                continue
            listed = pids.setdefault(role, [])
            if isinstance(listed, list):
                listed.append(seat.pid)
        return pids

    def failing(self) -> list[str]:
        """Name the children that die young again and again."""
        return [name for name, seat in self._seats.items() if seat.record.failing]

    def _description(self) -> dict[str, Any]:
        return {
            **(self._facts or {}),
            "pid": os.getpid(),
            "processes": self.pids(),
            "failing": self.failing(),
        }

    def _launch(self, seat: _Seat) -> None:
        seat.child = Child.start(seat.spec, seat.log)
        seat.pid = seat.child.pid
        seat.ready = False
        self._record()

    def _is_ready(self, seat: _Seat) -> bool:
        """Ask a running child whether it is ready, until it once is."""
        if seat.child is None:
            return False
        if not seat.ready and (seat.spec.ready is None or seat.spec.ready()):
            if seat.proven:
                self._tell(f"{seat.spec.name} is back as process {seat.child.pid}")
            seat.ready = seat.proven = True
        return seat.ready

    def _tend(self) -> None:
        """Notice what died, start what is due, watch the logs and the guardian."""
        now = time.monotonic()
        for seat in self._seats.values():
            if seat.child is not None:
                status = seat.child.died()
                if status is not None:
                    self._lost(seat, seat.child, _status(status))
                elif seat.proven:
                    self._reprove(seat)
            elif now >= seat.due:
                self._revive(seat)
        self._keep_guardian(now)
        if now >= self._logs_due:
            self._logs_due = now + _LOG_CHECK_S
            for log in (self.data / "log").glob("*.log"):
                bound(log)

    def _reprove(self, seat: _Seat) -> None:
        try:
            self._is_ready(seat)
        except EngineError as refused:
            self._tell(f"{seat.spec.name}: {refused}")

    def _revive(self, seat: _Seat) -> None:
        try:
            self._launch(seat)
        except (OSError, EngineError) as refused:
            self._account(seat, 0.0, f"cannot be started: {refused}")

    def _lost(self, seat: _Seat, child: Child, how: str) -> None:
        seat.child = None
        lived = time.monotonic() - child.since
        self._account(seat, lived, f"(process {child.pid}) ended {how} after {lived:.1f} s")
        self._record()

    def _account(self, seat: _Seat, lived: float, what: str) -> None:
        was_failing = seat.record.failing
        seat.record, wait = after_death(seat.record, seat.spec.kind, lived)
        seat.ready = False
        seat.due = time.monotonic() + wait
        self._tell(f"{seat.spec.name} {what}; starting it again in {wait:g} s")
        if seat.record.failing and not was_failing and seat.proven:
            self._tell(
                f"{seat.spec.name} HAS FAILED {LOUD_AFTER} TIMES IN A ROW, which is a bug, a wrong "
                "setting or a lack of disk. It is tried again, ever more rarely. "
                f"The end of {seat.log}:\n{tail(seat.log)}"
            )

    def _record(self) -> None:
        """Write down what runs: for the next start, the guardian, and in ``demo.json``.

        A full disk must not end the supervisor, so it only complains: the kernel's tie holds.
        """
        seats = [seat for seat in self._seats.values() if seat.child is not None]
        processes = [seat.child.process for seat in seats if seat.child is not None]
        if self._guardian is not None:
            processes.append(find("guardian", self._guardian.pid))
        me = find("supervisor", os.getpid()) or Process("supervisor", os.getpid(), 0, "")
        roster = Roster(
            me,
            tuple(process for process in processes if process is not None),
            tuple(seat.spec.strays for seat in self._seats.values() if seat.spec.strays),
        )
        try:
            write_json(self.data / "processes.json", roster.to_json())
            if self._facts is not None:
                write_json(self.data / "demo.json", self._description())
        except OSError as refused:
            self._tell(f"what runs cannot be written down in {self.data}: {refused}")

    # -- the end ----------------------------------------------------------------------------

    def _end_children(self) -> None:
        """End children in reverse order, each in its own time unless hurried."""
        for seat in reversed(self._seats.values()):
            if seat.child is not None:
                self._end_child(seat, seat.child)
        for seat in self._seats.values():
            if seat.spec.strays is not None:
                kill_working_in(seat.spec.strays.folder, seat.spec.strays.program)
        self._seats.clear()
        self._facts = None
        self._record()
        (self.data / "demo.json").unlink(missing_ok=True)

    def _end_child(self, seat: _Seat, child: Child) -> None:
        child.ask(seat.spec.stop)
        until = time.monotonic() + seat.spec.stop_within
        hurried = False
        while child.died() is None:
            if self._hurry and not hurried:
                hurried = True
                until = min(until, time.monotonic() + _HURRIED_WITHIN_S)
                child.ask(seat.spec.hurry)
            if time.monotonic() > until:
                self._tell(f"{seat.spec.name} does not end and is killed")
                child.ask(signal.SIGKILL)
                until = time.monotonic() + _HURRIED_WITHIN_S
            self._pause(_STEP_S)
        seat.child = None

    # -- the guardian -----------------------------------------------------------------------

    def _start_guardian(self) -> None:
        with appended(self.data / "log" / "guardian.log") as out:
            self._guardian = subprocess.Popen(
                guardian.command(self.data, os.getpid(), self._patience),
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd="/",
                start_new_session=True,
            )

    def _keep_guardian(self, now: float) -> None:
        if self._guardian is None or self._guardian.poll() is None or now < self._guardian_due:
            return
        self._guardian_due = now + _GUARDIAN_PAUSE_S
        self._tell("the guardian was ended by somebody; starting another")
        if self._guardian.stdin is not None:
            self._guardian.stdin.close()
        self._start_guardian()
        self._record()

    def _end_guardian(self) -> None:
        """Let it see the end of its input; it finds nothing left to do."""
        if self._guardian is None:
            return
        if self._guardian.stdin is not None:
            self._guardian.stdin.close()
        try:
            self._guardian.wait(_HURRIED_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._guardian.kill()
            self._guardian.wait()
        self._guardian = None
