"""Plug-ins from a folder, or installed: each in a process of its own, and none in another's way.

::

    folder, every half second ─▶ Guests ─▶ one Host (thread) a file ─▶ Guest (process)
                                               │ a Player like the shipped ones'
                                               ▼ a connection and a gateway thing of its own

A plug-in that raises, hangs, floods or prints loses its own process and nothing else: its gateway
``plugin-<name>`` goes offline, and with it, on the wall, its things. It is started again after one
second, two, four …, and after five crashes left alone until its file changes. A file that changes
is loaded again, one that goes away takes its things with it; nothing is ever restarted for it.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
import orjson
import structlog

from ioc.core.words import PROVINCE, SECOND, SLUG, Datastream, Instant, Text
from simulators.guest import CPU_S
from simulators.kit import ENTRY_POINTS, read_described
from simulators.link import Link, Stopped, Will
from simulators.noise import DAY, Noise, Times
from simulators.pace import (
    GATEWAY_KIND,
    Cast,
    Pace,
    Player,
    SiteLike,
    gateway_about,
    play,
)
from simulators.records import Step, Steps
from simulators.registry import Observed, Simulator, Sited, Subject, ThingLike, discover
from simulators.world import AreaLike, World

CRASHES: Final = 5
"""Crashes after which a plug-in is left alone until its file changes."""

MOST_THINGS: Final = 50
MOST_STREAMS: Final = 32
MOST_RATE: Final = 50.0
"""Observations a second a plug-in may declare, all its things together."""

MOST_PRINTED: Final = 64 << 20
"""Bytes one process may print before it is ended."""

_LOOK_S: Final = 0.5
_ANSWER_S: Final = 15.0
"""Real seconds for an answer; the processor's limit comes first unless it sleeps."""

_LAST_WORDS_S: Final = 2.0
_LONGEST_WAIT_S: Final = 16.0
_FORGIVEN: Final = 3_600 * SECOND
_TAIL: Final = 4_096
_MOST_LINE: Final = 1 << 18
_MOST_ROWS: Final = 8 << 20
_HISTORY_S: Final = DAY

log = structlog.get_logger("simulators")


class GuestError(Exception):
    """A plug-in failed; the text says how, in one line."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a plug-in comes from.

    Attributes:
        name: a slug: the file's name, or the entry point's.
        told: what its process is told to load.
        version: unlike another one's when it changed.
    """

    name: str
    told: Mapping[str, str]
    version: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class GuestThing:
    """A thing of a plug-in, or the gateway that stands for the plug-in itself."""

    id: str
    kind: str
    area: str
    name: Text
    location: tuple[float, float]
    via: str | None
    limits: Mapping[str, float]
    settings: Mapping[str, float | str | bool]


class Guest:
    """One run of a plug-in's process.

    Attributes:
        printed: bytes it printed, all of them dropped.
    """

    def __init__(self, source: Source, site: str, seed: int, areas: Iterable[AreaLike]) -> None:
        """Start the process; the thread that does must outlive it.

        Raises:
            GuestError: there is no process to be had.
        """
        self._hello: dict[str, Any] = {
            "source": dict(source.told),
            "site": site,
            "seed": seed,
            "areas": [[area.id, *area.location, area.parent, area.population] for area in areas],
        }
        self._tail = b""
        self._why = ""
        self.printed = 0
        try:
            self._popen = subprocess.Popen(
                [sys.executable, "-P", "-m", "simulators.guest"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=_environment(),
                cwd="/",
                start_new_session=True,
            )
        except OSError as error:
            raise GuestError(f"no process: {error}") from None
        self._drain = threading.Thread(target=self._swallow, daemon=True)
        self._drain.start()

    def simulators(self) -> dict[str, Simulator]:
        """Have it load; gives its simulators, whose observing is done over there.

        Raises:
            GuestError: it cannot be loaded, or declares what makes no sense.
        """
        told = self._ask(self._hello, b"")
        try:
            players = [self._player(row) for row in told["simulators"]]
        except (KeyError, TypeError, ValueError) as error:
            raise GuestError(f"its declaration makes no sense: {error}") from None
        return {player.kind: player for player in players}

    def kill(self, why: str = "") -> None:
        """End the process at once; whoever waits for it is told why."""
        self._why = self._why or why
        self._popen.kill()

    def close(self) -> None:
        """End the process and let go of its channels."""
        self._popen.kill()
        self._popen.wait()
        self._drain.join(2.0)
        for channel in (self._popen.stdin, self._popen.stdout, self._popen.stderr):
            if channel is not None:
                try:
                    channel.close()
                except OSError:  # what was still to be written has nobody to read it
                    continue

    def _player(self, row: Mapping[str, Any]) -> Simulator:
        def recorded(place: int) -> Steps:
            states = {str(state) for state, _ in row["records"][place]["follows"]}

            def steps(day: int, noise: Noise, thing: Subject, world: World) -> list[Step]:
                del noise  # it makes its own, of the same seed
                found = self._steps(kind, place, day, thing, world.seed)
                if any(step.state not in states or step.at // DAY != day for step in found):
                    raise GuestError("it told records of another day, or of no state it declared")
                return found

            return steps

        told = read_described(dict(row), recorded)
        kind: str = told["kind"]
        slugs = [kind, *(stream.name for stream in told["streams"])]
        slugs += [sited.id for sited in told["things"] if sited.id]
        for slug in slugs:
            if not SLUG.fullmatch(slug):
                raise ValueError(f"{slug!r} is not of a-z, 0-9, - and _")

        def observe(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
            del noise  # it makes its own, of the same seed
            return self._observed(told["streams"], kind, at, thing, world.seed)

        return Simulator(observe=observe, **told)

    def _observed(
        self, streams: Sequence[Datastream], kind: str, at: Times, thing: Subject, seed: int
    ) -> Observed:
        asked = {"kind": kind, "count": len(at), "subject": _told_subject(thing), "seed": seed}
        times = np.ascontiguousarray(at).tobytes()
        names = [stream.name for stream in streams]
        return self._ask(asked, times, names, len(at))

    def _steps(self, kind: str, place: int, day: int, thing: Subject, seed: int) -> list[Step]:
        asked = {
            "kind": kind,
            "count": 0,
            "records": place,
            "day": day,
            "subject": _told_subject(thing),
            "seed": seed,
        }
        rows = self._ask(asked, b"")["rows"]
        try:
            return [_step(row) for row in orjson.loads(rows)]
        except (KeyError, TypeError, ValueError) as error:
            raise GuestError(f"its records make no sense: {error}") from None

    def _ask(
        self, told: Mapping[str, Any], more: bytes, names: Iterable[str] = (), count: int = 0
    ) -> dict[str, Any]:
        """Ask and wait for the answer, not for ever."""
        reads, writes = self._channels()
        limit = threading.Timer(
            _ANSWER_S, self.kill, (f"it did not answer within {_ANSWER_S:g} s",)
        )
        limit.daemon = True
        limit.start()
        try:
            writes.write(orjson.dumps(told) + b"\n" + more)
            writes.flush()
            line = reads.readline(_MOST_LINE)
            answer = orjson.loads(line) if line.endswith(b"\n") else None
            columns = {name: _column(reads, count) for name in names}
            if isinstance(answer, dict) and "records" in told:
                answer["rows"] = _rows(reads, int(answer["bytes"]))
        except (OSError, KeyError, ValueError) as error:
            raise self._failed(str(error)) from None
        finally:
            limit.cancel()
        if not isinstance(answer, dict):
            long = len(line) >= _MOST_LINE
            raise self._failed(f"it declares more than {_MOST_LINE >> 10} KiB" if long else "")
        return columns or answer

    def _channels(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._popen.stdout is None or self._popen.stdin is None:
            raise GuestError("its channels are gone")
        return self._popen.stdout, self._popen.stdin

    def _failed(self, otherwise: str) -> GuestError:
        """Say how it ended: our own reason, its last words, or its signal."""
        try:
            status = self._popen.wait(_LAST_WORDS_S)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            status = self._popen.wait()
        self._drain.join(_LAST_WORDS_S)
        words = self._tail.decode("utf-8", "replace").strip().splitlines()
        if self._why:
            return GuestError(self._why)
        if status == -signal.SIGXCPU:
            return GuestError(f"it used more than {CPU_S} s of the processor for one answer")
        if words and status > 0:
            return GuestError(_blamed(words, self._hello["source"].get("path", "")))
        return GuestError(otherwise or f"its process ended with {status}")

    def _swallow(self) -> None:
        source = self._popen.stderr
        if source is None:
            return
        while data := os.read(source.fileno(), 65_536):
            self.printed += len(data)
            self._tail = (self._tail + data)[-_TAIL:]
            if self.printed > MOST_PRINTED:
                self.kill(f"it printed more than {MOST_PRINTED >> 20} MiB")


class Guests:
    """All plug-ins of a process: those of a folder, watched, and those installed."""

    def __init__(
        self,
        site: SiteLike,
        pace: Pace,
        *,
        now: Callable[[], Instant],
        stop: threading.Event,
    ) -> None:
        """Prepare; nothing is started before ``start``."""
        self._site = site
        self._pace = pace
        self._now = now
        self._stop = stop
        self._lock = threading.Lock()
        played = {*discover(), GATEWAY_KIND}
        self._taken = {thing.id: "the site" for thing in site.things if thing.kind in played}
        self._hosts: dict[str, Host] = {}
        self._thread = threading.Thread(target=self._watch, name="plug-ins")

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def close(self) -> None:
        """Wait until all have gone; the event they were given must be set."""
        self._thread.join()

    def _watch(self) -> None:
        installed = {
            _slug(entry.name): Source(_slug(entry.name), {"entry": entry.value})
            for entry in entry_points(group=ENTRY_POINTS)
        }
        while not self._stop.is_set():
            self._settle(installed | _files(self._pace.plugins))
            self._stop.wait(_LOOK_S)
        for host in self._hosts.values():
            host.end()
        for host in self._hosts.values():
            host.join()

    def _settle(self, found: Mapping[str, Source]) -> None:
        for name, source in found.items():
            host = self._hosts.get(name)
            if host is None:
                host = Host(source, self._site, self._pace, now=self._now, claim=self._claim)
                self._hosts[name] = host
                host.start()
            else:
                host.update(source)
        for name in [name for name in self._hosts if name not in found]:
            host = self._hosts.pop(name)
            host.remove()
            host.join()
            self._claim(name, ())

    def _claim(self, name: str, things: Iterable[str]) -> None:
        """Give a plug-in the ids it wants, and take its others back.

        Raises:
            GuestError: one is somebody else's.
        """
        with self._lock:
            for thing in [thing for thing, owner in self._taken.items() if owner == name]:
                del self._taken[thing]
            for thing in things:
                if thing in self._taken:
                    raise GuestError(f"the thing {thing} is that of {self._taken[thing]}")
                self._taken[thing] = name


class Host:
    """Plays one plug-in, through all its crashes and changes, on a thread of its own."""

    def __init__(
        self,
        source: Source,
        site: SiteLike,
        pace: Pace,
        *,
        now: Callable[[], Instant],
        claim: Callable[[str, Iterable[str]], None],
    ) -> None:
        """Prepare to play ``source``; ids of things are claimed through ``claim``."""
        self._source = source
        self._site = site
        self._pace = pace
        self._now = now
        self._claim = claim
        self._news = threading.Event()
        self._ended = False
        self._removed = False
        self._playing = threading.Event()
        self._guest: Guest | None = None
        self._crashes = 0
        self._topics: set[str] = set()
        places = {area.id: area.location for area in site.areas}
        middle = places.get(PROVINCE) or next(iter(places.values()))
        self._places = places
        self._gateway = GuestThing(
            f"plugin-{source.name}"[:64],
            GATEWAY_KIND,
            PROVINCE,
            Text(f"Bộ mô phỏng {source.name}", f"Plug-in {source.name}"),
            middle,
            None,
            {},
            {},
        )
        self._thread = threading.Thread(target=self._run, name=f"plug-in {source.name}")

    def start(self) -> None:
        """Begin to play."""
        self._thread.start()

    def join(self) -> None:
        """Wait for the end."""
        self._thread.join()

    def update(self, source: Source) -> None:
        """Load again where the file changed."""
        if source.version != self._source.version:
            self._source = source
            self._interrupt()

    def remove(self) -> None:
        """Stop, and take the things away."""
        self._removed = True
        self.end()

    def end(self) -> None:
        """Stop."""
        self._ended = True
        self._interrupt()

    def _interrupt(self) -> None:
        self._news.set()
        self._playing.set()
        guest = self._guest
        if guest is not None:
            guest.kill("interrupted")

    def _run(self) -> None:
        while True:
            self._playing = threading.Event()
            self._news.clear()
            if self._ended:  # asked for after the event it would have set was thrown away
                break
            began, version = self._now(), self._source.version
            try:
                self._play()
            except GuestError as error:
                if self._now() - began > _FORGIVEN or version != self._source.version:
                    self._crashes = 0
                if not self._news.is_set():
                    self._crashed(error)
            else:
                self._crashes = 0
        if self._removed:
            self._retract(self._topics)

    def _play(self) -> None:
        """Load and play until interrupted.

        Raises:
            GuestError: the plug-in failed.
        """
        source = self._source
        seed = self._site.seed if self._pace.seed is None else self._pace.seed
        guest = self._guest = Guest(source, self._site.id, seed, self._site.areas)
        try:
            simulators = guest.simulators()
            things = self._things(simulators)
            self._claim(source.name, [thing.id for thing in things])
            self._described(things)
            stage = _Stage(self._site.id, self._site.seed, self._site.areas, things)
            slowest = max(period for player in simulators.values() for period in player.periods)
            pace = replace(
                self._pace,
                state=self._pace.state.with_name(f"{self._pace.state.stem}-plugins")
                / f"{source.name}.json",
                history_s=max(min(self._pace.history_s, _HISTORY_S), 2 * slowest),
            )
            cast = Cast(simulators, self._gateway)
            player = Player(stage, pace, now=self._now, stop=self._playing, cast=cast)
            log.info("plug-in loaded", plugin=source.name, things=[thing.id for thing in things])
            play(player)
        finally:
            self._guest = None
            guest.close()
            if guest.printed:
                log.info("plug-in printed", plugin=source.name, bytes_dropped=guest.printed)

    def _crashed(self, error: GuestError) -> None:
        """Say so, show it, and wait: longer each time, and after too many for a change."""
        self._crashes += 1
        disabled = self._crashes >= CRASHES
        wait = min(2.0 ** (self._crashes - 1), _LONGEST_WAIT_S)
        log.error(
            "plug-in failed",
            plugin=self._source.name,
            error=str(error),
            crashes=self._crashes,
            again="when its file changes" if disabled else f"in {wait:g} s",
        )
        self._say_offline()
        self._news.wait(None if disabled else wait)
        if self._news.is_set():
            self._crashes = 0

    def _things(self, simulators: Mapping[str, Simulator]) -> list[GuestThing]:
        """Give what is played: the site's things of a kind, else what the plug-in brings along."""
        shipped = discover()
        found: list[GuestThing] = []
        rate = 0.0
        for kind, player in simulators.items():
            listed = [] if kind in shipped else [t for t in self._site.things if t.kind == kind]
            some = [self._listed(thing) for thing in listed]
            if not some:
                brought = player.things or (Sited(),)
                some = [self._brought(player, sited, n) for n, sited in enumerate(brought, 1)]
            found += some
            rate += len(some) * sum(1.0 / (stream.period or 1) for stream in player.streams)
            if len(player.streams) > MOST_STREAMS:
                raise GuestError(f"{kind} declares more than {MOST_STREAMS} datastreams")
        if len(found) > MOST_THINGS:
            raise GuestError(f"it declares {len(found)} things; the most are {MOST_THINGS}")
        if rate > MOST_RATE:
            raise GuestError(
                f"it declares {rate:g} observations a second; the most are {MOST_RATE:g}"
            )
        return found

    def _listed(self, thing: ThingLike) -> GuestThing:
        return GuestThing(
            f"{thing.id}",
            thing.kind,
            thing.area,
            thing.name,
            thing.location,
            self._gateway.id,
            thing.limits,
            thing.settings,
        )

    def _brought(self, player: Simulator, sited: Sited, number: int) -> GuestThing:
        place = self._places.get(sited.area)
        if place is None:
            raise GuestError(f"{sited.area!r} is no area of this site")
        where = sited.location or (place if sited.area != PROVINCE else self._gateway.location)
        return GuestThing(
            sited.id or f"{player.kind[:61]}-{number:02d}",
            player.kind,
            sited.area,
            sited.name or player.name,
            where,
            self._gateway.id,
            {},
            sited.settings,
        )

    def _described(self, things: Iterable[GuestThing]) -> None:
        """Take away the things an older version had and this one has not."""
        topics = {self._topic(thing, "about") for thing in [*things, self._gateway]}
        gone = self._topics - topics
        if gone:
            self._retract(gone)
        self._topics = topics

    def _say_offline(self) -> None:
        about = orjson.dumps(gateway_about(self._gateway))
        self._topics.add(self._topic(self._gateway, "about"))
        self._tell([(self._topic(self._gateway, "about"), about), (self._status(), b"offline")])

    def _retract(self, topics: Iterable[str]) -> None:
        self._tell([(topic, b"") for topic in sorted(topics)])

    def _tell(self, told: Iterable[tuple[str, bytes]]) -> None:
        """Publish a little, retained, on a connection for just that."""
        stop = threading.Event()
        given_up = threading.Timer(5.0, stop.set)
        given_up.daemon = True
        given_up.start()
        name = f"{self._site.id}-{self._gateway.id}"
        link = Link(self._pace.url, name, stop=stop, will=Will(self._status(), b"offline"))
        try:
            link.start()
            for topic, payload in told:
                link.publish(topic, payload, retain=True)
            link.drain(2.0)
        except Stopped:
            log.warning("the broker is away: nobody is told", plugin=self._source.name)
        finally:
            given_up.cancel()
            link.close()

    def _status(self) -> str:
        return self._topic(self._gateway, "status")

    def _topic(self, thing: ThingLike, leaf: str) -> str:
        return f"ioc/{self._site.id}/{thing.area}/{thing.id}/{leaf}"


@dataclass(frozen=True, slots=True)
class _Stage:
    """A site of a plug-in's things alone."""

    id: str
    seed: int
    areas: Iterable[AreaLike]
    things: Iterable[ThingLike]


def _files(folder: Path | None) -> dict[str, Source]:
    """List a folder's plug-ins; one that is no folder (yet) has none."""
    found: dict[str, Source] = {}
    try:
        paths = sorted(folder.glob("[!._]*.py")) if folder is not None else []
        for path in paths:
            kept = path.stat()
            name = _slug(path.stem)
            version = (kept.st_mtime_ns, kept.st_size)
            found[name] = Source(name, {"path": str(path.resolve())}, version)
    except OSError:  # a file that went away while we looked; the next look is soon
        return found
    return found


def _slug(name: str) -> str:
    kept = "".join(letter if letter in _SLUG else "-" for letter in name.lower())
    return kept.strip("-")[:56] or "nameless"


_SLUG: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def _environment() -> dict[str, str]:
    """Give a plug-in's whole environment: nothing that leads to a database or a broker."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONUTF8": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


def _column(reads: IO[bytes], count: int) -> np.typing.NDArray[np.float64]:
    data = reads.read(8 * count)
    if len(data) != 8 * count:
        raise ValueError("it ended within an answer")
    return np.frombuffer(data, np.float64)


def _rows(reads: IO[bytes], count: int) -> bytes:
    if not 0 <= count <= _MOST_ROWS:
        raise ValueError(f"{count} bytes of records for a day, more than {_MOST_ROWS >> 20} MiB")
    data = reads.read(count)
    if len(data) != count:
        raise ValueError("it ended within an answer")
    return data


def _step(row: Mapping[str, Any]) -> Step:
    where = row["location"]
    return Step(
        id=str(row["id"]),
        at=int(row["at"]),
        state=str(row["state"]),
        agency=str(row["agency"]),
        due=None if row["due"] is None else int(row["due"]),
        location=None if where is None else (float(where[0]), float(where[1])),
        data=dict(row["data"]),
    )


def _told_subject(thing: Subject) -> dict[str, Any]:
    return {
        "id": thing.id,
        "area": thing.area,
        "place": [thing.place.lon, thing.place.lat],
        "phase": thing.phase,
        "limits": dict(thing.limits),
        "settings": dict(thing.settings),
    }


def _blamed(words: list[str], path: str) -> str:
    """Give the last line of a traceback, with the last line of the plug-in it went through."""
    last, name = words[-1][:300], Path(path).name
    own = [line.partition('", ')[2] for line in words if path and f'File "{path}"' in line]
    return f"{name}, {own[-1].split(',')[0]}: {last}" if own else last
