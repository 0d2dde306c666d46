"""The process of one plug-in: it loads it, and answers what it observes when asked.

It is started by `simulators.guests` as ``python -m simulators.guest``, with an environment that
names neither database nor broker. Requests come on standard input and answers leave on what was
standard output, each a line of JSON and perhaps columns of bytes behind it; what the plug-in
prints goes where errors go, is counted there and dropped.

The bounds below keep accidents from the others: memory, time of the processor, open files, and no
network, no programs and no writing. They are no prison for code that means harm.
"""

import ctypes
import importlib.util
import math
import os
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import orjson

from simulators.incidents import Place
from simulators.kit import ENTRY_POINTS, described
from simulators.noise import Noise
from simulators.registry import Simulator, Subject, simulators_of
from simulators.world import World

MEMORY: Final = 1 << 30
"""Bytes of address space."""

FILES: Final = 64
CPU_S: Final = 10
"""Seconds of the processor for one answer."""

_DIES_WITH_PARENT: Final = 1
_FORBIDDEN: Final = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
    "os.kill",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.mkdir",
    "shutil.",
)
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


@dataclass(frozen=True, slots=True)
class _Area:
    id: str
    location: tuple[float, float]
    parent: str | None
    population: int | None


def main() -> None:
    """Serve one plug-in until nobody asks any more."""
    ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGKILL)
    os.nice(5)
    asked, answered = _private_channels()
    _bound()
    hello = _read_line(asked)
    if hello is None:
        return
    areas = [_Area(area, (lon, lat), *rest) for area, lon, lat, *rest in hello["areas"]]
    world_of = lru_cache(maxsize=2)(lambda seed: World(seed, areas, site=hello["site"]))
    world_of(hello["seed"])
    sys.dont_write_bytecode = True
    sys.addaudithook(_watch)
    _allow_time()
    played = {player.kind: player for player in load(hello["source"])}
    _answer(answered, {"simulators": [described(player) for player in played.values()]})
    while (told := _read_line(asked)) is not None:
        at = np.frombuffer(_read(asked, 8 * int(told["count"])), np.int64)
        _allow_time()
        if "records" in told:
            _record(played, told, world_of(told["seed"]), answered)
        else:
            _observe(played, told, at, world_of(told["seed"]), answered)


def load(source: Mapping[str, str]) -> list[Simulator]:
    """Load the simulators of a file (``path``) or an entry point (``entry``).

    Raises:
        ImportError: there are none.
    """
    if "entry" in source:
        found = EntryPoint("plugin", source["entry"], ENTRY_POINTS).load()
        players = [found] if isinstance(found, Simulator) else simulators_of(found)
        where = source["entry"]
    else:
        path = Path(source["path"])
        name = f"plugin_{path.stem.replace('-', '_')}"
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise ImportError(f"{path.name} is no Python file")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        players = simulators_of(module)
        where = path.name
    if not players:
        raise ImportError(f"{where} declares no simulator: decorate a function with @sensor")
    return players


def _observe(
    played: Mapping[str, Simulator],
    told: Mapping[str, Any],
    at: np.typing.NDArray[np.int64],
    world: World,
    answered: BinaryIO,
) -> None:
    player, subject = played[told["kind"]], _subject(told["subject"])
    seen = player.observe(at, Noise(world.seed, subject.id), subject, world)
    columns = []
    for stream in player.streams:
        values = np.asarray(seen[stream.name], np.float64)
        if values.shape not in ((), at.shape):
            raise ValueError(
                f"{stream.name}: {values.shape} values for {len(at)} times; give one for each"
            )
        columns.append(np.ascontiguousarray(np.broadcast_to(values, at.shape)).tobytes())
    _answer(answered, {"columns": len(columns)}, *columns)


def _record(
    played: Mapping[str, Simulator], told: Mapping[str, Any], world: World, answered: BinaryIO
) -> None:
    subject = _subject(told["subject"])
    business = played[told["kind"]].records[told["records"]]
    noise = Noise(world.seed, subject.id)
    steps = business.of_day(int(told["day"]), noise, subject, world)
    rows = orjson.dumps([asdict(step) for step in steps])
    _answer(answered, {"bytes": len(rows)}, rows)


def _subject(row: Mapping[str, Any]) -> Subject:
    return Subject(
        row["id"], row["area"], Place(*row["place"]), row["phase"], row["limits"], row["settings"]
    )


def _private_channels() -> tuple[BinaryIO, BinaryIO]:
    """Take the two channels for ourselves; who reads input finds none, who prints is counted."""
    asked = os.fdopen(os.dup(0), "rb")
    answered = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    return asked, answered


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _allow_time() -> None:
    """Allow some seconds of the processor more than were used so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = math.ceil(used.ru_utime + used.ru_stime) + CPU_S
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (most, hard))


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if event == "open":
        flags = args[2] if len(args) > 2 and isinstance(args[2], int) else 0
        if flags & _WRITING:
            raise PermissionError(f"a plug-in writes no files: {args[0]!r}")
    elif event.startswith(_FORBIDDEN):
        raise PermissionError(f"a plug-in has no network and starts no programs: {event}")


def _read_line(asked: BinaryIO) -> dict[str, Any] | None:
    line = asked.readline()
    return dict(orjson.loads(line)) if line else None


def _read(asked: BinaryIO, count: int) -> bytes:
    return asked.read(count)


def _answer(answered: BinaryIO, told: Mapping[str, Any], *columns: bytes) -> None:
    write: Callable[[bytes], int] = answered.write
    write(orjson.dumps(told) + b"\n")
    for column in columns:
        write(column)
    answered.flush()


if __name__ == "__main__":
    main()
