"""Processes by pid *and* start time, so that a pid used again is never taken for ours.

Everything is read from ``/proc``. A signal goes through a pidfd that was checked after it was
opened, so that it cannot hit a process that took the number in between.
"""

import os
import signal
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_STEP_S: Final = 0.02


@dataclass(frozen=True, slots=True)
class Process:
    """One process of this boot.

    Attributes:
        name: what it is to us.
        pid: its number, which is also its process group where we started it.
        born: clock ticks between boot and its start.
        boot: identity of the boot that ``born`` counts from.
        stop: the signal that asks it to end.
    """

    name: str
    pid: int
    born: int
    boot: str
    stop: int = signal.SIGTERM

    def to_json(self) -> dict[str, Any]:
        """Give what is kept in ``processes.json``."""
        return {
            "name": self.name,
            "pid": self.pid,
            "born": self.born,
            "boot": self.boot,
            "stop": self.stop,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Process":
        """Read what ``to_json`` gave.

        Raises:
            KeyError, TypeError, ValueError: it did not.
        """
        return cls(
            str(kept["name"]),
            int(kept["pid"]),
            int(kept["born"]),
            str(kept["boot"]),
            int(kept["stop"]),
        )


def boot() -> str:
    """Give the identity of this boot of the machine."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def _pids() -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            yield int(entry.name)


def _stat(pid: int) -> list[str]:
    """Give the fields of ``/proc/PID/stat`` from the third (its state) on."""
    text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    return text.rpartition(")")[2].split()  # the name before it may hold spaces and brackets


def find(name: str, pid: int, stop: int = signal.SIGTERM) -> Process | None:
    """Recognise a running process, or give None when there is none (a zombie is none)."""
    try:
        fields = _stat(pid)
    except OSError:
        return None
    if fields[0] in {"Z", "X"}:
        return None
    return Process(name, pid, int(fields[19]), boot(), stop)


def runs(process: Process) -> bool:
    """Tell whether this very process still runs."""
    return find(process.name, process.pid, process.stop) == process


def tell(process: Process, number: int) -> None:
    """Send a signal to this very process; one that is gone is no error."""
    with suppress(ProcessLookupError):
        handle = os.pidfd_open(process.pid)
        try:
            if runs(process):
                signal.pidfd_send_signal(handle, number)
        finally:
            os.close(handle)


def kill_group(pid: int) -> None:
    """Kill the process group a child of ours leads; it is not reaped yet, so the number holds."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def end(processes: Sequence[Process], *, within: float) -> int:
    """Ask processes to end, wait, then kill those that did not and what their groups hold.

    Args:
        processes: whom, in any order; those no longer running are left alone.
        within: seconds they have to end by themselves.

    Returns:
        How many were found running.
    """
    living = [process for process in processes if runs(process)]
    for process in living:
        tell(process, process.stop)
        tell(process, signal.SIGCONT)  # a stopped one would never hear the first signal
    _gone(living, within)
    left = [member for process in processes for member in _group(process)]
    for member in left:
        tell(member, signal.SIGKILL)
    _gone(left, within)
    return len({process.pid for process in (*living, *left)})


def _group(leader: Process) -> list[Process]:
    """Find who is in the group a process led, itself included, also when it is gone.

    While a group has members its number is given to nobody else, so only a number that is another
    process's by now tells that the group had ended.
    """
    there = find(leader.name, leader.pid, leader.stop)
    if leader.boot != boot() or (there is not None and there != leader):
        return []
    members: list[Process] = []
    for pid in _pids():
        with suppress(OSError):
            fields = _stat(pid)
            if fields[2] == fields[3] == str(leader.pid):  # its group and its session
                members += filter(None, [find(leader.name, pid)])
    return members


def _gone(processes: Iterable[Process], within: float) -> None:
    until = time.monotonic() + within
    while any(runs(process) for process in processes) and time.monotonic() < until:
        time.sleep(_STEP_S)


def working_in(folder: Path, program: str) -> Iterator[Process]:
    """Find the processes of one program whose working folder is ``folder``.

    That is how PostgreSQL's own children are known: each leads a session and a group of its own,
    so neither the parent's group nor its pid reaches them once it is gone.

    Args:
        folder: resolved path.
        program: the file name of the executable, such as ``postgres``.
    """
    for pid in _pids():
        entry = Path(f"/proc/{pid}")
        try:
            here = (entry / "cwd").readlink() == folder
            # A replaced file shows as "postgres (deleted)".
            same = here and (entry / "exe").readlink().name.split(" ")[0] == program
        except OSError:  # it ended meanwhile, or is another user's
            continue
        found = find(program, pid) if same else None
        if found is not None:
            yield found


def kill_working_in(folder: Path, program: str, *, within: float = 5.0) -> int:
    """Kill those processes and give their number."""
    found = list(working_in(folder, program))
    for process in found:
        tell(process, signal.SIGKILL)
    _gone(found, within)
    return len(found)


@dataclass(frozen=True, slots=True)
class Strays:
    """How to know the descendants of a child that left its process group: see ``working_in``."""

    folder: Path
    program: str


@dataclass(frozen=True, slots=True)
class Roster:
    """What a supervisor has running: kept in ``processes.json`` for whoever must end it.

    Attributes:
        supervisor: who started all of them.
        processes: in the order of their start.
        strays: of those processes.
    """

    supervisor: Process
    processes: tuple[Process, ...] = ()
    strays: tuple[Strays, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give what is kept in ``processes.json``."""
        return {
            "supervisor": self.supervisor.to_json(),
            "processes": [process.to_json() for process in self.processes],
            "strays": [
                {"folder": str(stray.folder), "program": stray.program} for stray in self.strays
            ],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Roster":
        """Read what ``to_json`` gave.

        Raises:
            KeyError, TypeError, ValueError: it did not.
        """
        return cls(
            Process.from_json(kept["supervisor"]),
            tuple(Process.from_json(one) for one in kept["processes"]),
            tuple(Strays(Path(one["folder"]), str(one["program"])) for one in kept["strays"]),
        )

    def end(self, *, within: float) -> int:
        """End everything in it but the asking process; give how many were found running.

        Args:
            within: seconds they have to end by themselves.
        """
        found = end([one for one in self.processes if one.pid != os.getpid()], within=within)
        for stray in self.strays:
            found += kill_working_in(stray.folder, stray.program)
        return found
