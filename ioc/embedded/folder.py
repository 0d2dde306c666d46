"""The data folder of one centre: whose it is, who uses it, and what it keeps to itself.

::

    DIR/            0700  made here; never one that others already use
      lock          0600  flock'ed while a supervisor runs; holds its pid
      secrets.json  0600  generated passwords and keys, kept for ever
      ports.json    0600  the free ports that were taken last time
      processes.json 0600 what runs now, by pid and start time
      demo.json     0600  how scripts find everything, while it runs
      log/          0700  one bounded file a child
      broker/ database/   what the engines keep
"""

import fcntl
import json
import os
import secrets
import socket
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

_SECRET_BYTES: Final = 24
_LOWEST_PORT: Final = 10240
_FOREIGN: Final = frozenset({"lost+found"})
_TRIES: Final = 200


class DataFolderError(Exception):
    """The folder given for the data cannot be used; the text says why and what to do."""


class PortTakenError(Exception):
    """A port that was asked for belongs to somebody else."""


def write_private(path: Path, text: str) -> None:
    """Replace a file as a whole; at no time can anybody else read it.

    Raises:
        OSError: the disk refuses it; the old file stands.
    """
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object kept in the folder; one that is not there is empty.

    Raises:
        DataFolderError: it is no JSON object.
    """
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as broken:
        raise DataFolderError(f"{path} is damaged: {broken}") from broken
    if not isinstance(kept, dict):
        raise DataFolderError(f"{path} is damaged: it holds no JSON object")
    return kept


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Replace a private file by a JSON object.

    Raises:
        OSError: the disk refuses it; the old file stands.
    """
    write_private(path, json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _make(path: Path) -> None:
    """Make the folder, or see that an existing one may be used as one."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    seen = path.stat()
    if not stat.S_ISDIR(seen.st_mode):
        raise DataFolderError(f"{path} is not a folder")
    if seen.st_uid != os.geteuid():
        raise DataFolderError(
            f"{path} belongs to uid {seen.st_uid}, this is uid {os.geteuid()}: "
            "run it as that user, or name another folder with --data"
        )
    if not stat.S_IMODE(seen.st_mode) & 0o077:
        return
    others = {entry.name for entry in path.iterdir()} - _FOREIGN
    if (others and "lock" not in others) or seen.st_mode & stat.S_ISVTX:
        # Closing somebody's home or /tmp to all others would be the worst of surprises.
        raise DataFolderError(
            f"{path} is open to other users and holds other files: name a folder of its own"
        )
    path.chmod(0o700)


@dataclass(slots=True)
class DataFolder:
    """A data folder in use by this process. Close it to let another use it."""

    path: Path
    lock: int
    kept: dict[str, str] = field(default_factory=dict)

    @classmethod
    def take(cls, path: Path) -> "DataFolder":
        """Make the folder if need be and lock it for this process.

        Raises:
            DataFolderError: it is in use, another's, or damaged.
        """
        path = path.absolute()
        try:
            _make(path)
            path = path.resolve()
            lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except FileExistsError as other:
            raise DataFolderError(f"{path} is not a folder") from other
        except OSError as refused:
            raise DataFolderError(f"{path} cannot be used: {refused}") from refused
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            holder = os.pread(lock, 32, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(lock)
            raise DataFolderError(f"{path} is in use by process {holder}") from held
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode("ascii"), 0)
        folder = cls(path, lock)
        try:
            folder.kept = {str(k): str(v) for k, v in read_json(path / "secrets.json").items()}
            (path / "log").mkdir(mode=0o700, exist_ok=True)
        except BaseException:
            folder.close()
            raise
        return folder

    def close(self) -> None:
        """Let go of the folder."""
        if self.lock >= 0:
            os.ftruncate(self.lock, 0)
            os.close(self.lock)
            self.lock = -1

    def secret(self, name: str) -> str:
        """Give the secret of this name: 24 random bytes, made once, kept in ``secrets.json``."""
        if name not in self.kept:
            self.kept[name] = secrets.token_urlsafe(_SECRET_BYTES)
            write_json(self.path / "secrets.json", self.kept)
        return self.kept[name]

    def port(self, name: str, host: str, wanted: int) -> int:
        """Give the port a server shall use.

        Args:
            name: what it is for; a free one is remembered by it and used again next time.
            host: the address it will listen at.
            wanted: the port, or 0 for a free one.

        Raises:
            PortTakenError: the wanted one cannot be had.
        """
        if wanted:
            refusal = bind_refusal(host, wanted)
            if refusal is not None:
                raise PortTakenError(
                    f"port {wanted} of {host} ({name}) cannot be used: {refusal}; "
                    "give another, or 0 for a free one"
                )
            return wanted
        kept = read_json(self.path / "ports.json")
        last = kept.get(name)
        if isinstance(last, int) and 0 < last < 65536 and bind_refusal(host, last) is None:
            return last
        taken = frozenset(port for port in kept.values() if isinstance(port, int))
        port = free_port(host, avoid=taken)
        write_json(self.path / "ports.json", {**kept, name: port})
        return port


def bind_refusal(host: str, port: int) -> str | None:
    """Tell why a server could not listen there, or None when it could."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do
        try:
            trial.bind((host, port))
        except OSError as refused:
            return refused.strerror or str(refused)
    return None


def free_port(host: str, avoid: frozenset[int] = frozenset()) -> int:
    """Find a free port below those the kernel hands to outgoing connections.

    A client that keeps calling a dead server on a port of that range can be given that very port,
    talk to itself, and keep the server from ever coming back.

    Raises:
        PortTakenError: no free one was met.
    """
    text = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii")
    highest = max(int(text.split()[0]), _LOWEST_PORT + 1000)
    for _ in range(_TRIES):
        port = _LOWEST_PORT + secrets.randbelow(highest - _LOWEST_PORT)
        if port not in avoid and bind_refusal(host, port) is None:
            return port
    raise PortTakenError(f"no free port on {host}")
