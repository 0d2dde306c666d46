"""Plays a site's things against a broker: their history first, then live at the site's clock.

::

    World ─▶ Days (whole canonical days) ─cut─▶ packs ─QoS 1─▶ broker
                                          ▲
       history: slices of hours, up to now│then live: whatever fell due since

Back-fill and live are the same call over (published until, until]: what a restart or an absence of
the broker left out is simply a longer stretch. ``published_until`` is kept in a file, and moves
only when the broker has acknowledged everything before it.
"""

import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import orjson
import structlog

from ioc.core.clock import SiteClock
from ioc.core.words import PROVINCE, SECOND, Datastream, Instant
from simulators.faults import Fault, FaultPlan
from simulators.link import Link, Stopped, Will
from simulators.noise import Times, Values
from simulators.records import told_steps
from simulators.registry import Days, Simulator, ThingLike, discover
from simulators.shard import WHOLE, Shard
from simulators.site_time import SiteTime
from simulators.world import AreaLike, World

GATEWAY: Final = "gateway-simulators"
"""The thing that speaks for those that name no gateway of their own."""

GATEWAY_KIND: Final = "gateway"
ACCEPTED_S: Final = 7 * 86_400
"""Seconds before the site's clock from which observations are taken."""

MARGIN_S: Final = 600
SLICE_S: Final = 21_600
"""A third of the messages that slices of two hours need, and as many observations in a batch."""
PACK: Final = 720
"""Records of a pack at the most; a longest one stays far below 48 kB."""

_TICK_S: Final = 0.25
_SHORTEST_S: Final = 0.01
_LONGEST_SLEEP_S: Final = 1.0
_SAVE_S: Final = 2.0
_START_MARGIN_S: Final = 10.0
"""Real seconds the first packs of a history may take on their way, at any speed of the clock."""

log = structlog.get_logger("simulators")


class SiteLike(Protocol):
    """What is played of a site; `ioc.core.site.Site` is one."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def seed(self) -> int:
        """What chance is drawn from."""

    @property
    def areas(self) -> Iterable[AreaLike]:
        """Its areas."""

    @property
    def things(self) -> Iterable[ThingLike]:
        """Its things."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How to play.

    Attributes:
        url: ``mqtt://user:password@host:port``.
        state: the file ``published_until`` is kept in.
        history_s: seconds of history before the first start.
        clock: the site's clock until the broker tells one (retained on ``_centre/clock``);
            without either, real time is the site's time.
        seed: another world than the site's.
        slice_s: seconds of history of one thing in one message, as far as they fit.
        faults: what goes wrong with sensors and their messages beside what things' own
            settings say; nothing unless given.
        truth: the file the faults' labels are added to, a line of JSON each. What was running at
            the start is told again after a restart: the same line twice is one fault.
        plugins: a folder of plug-ins, watched; those installed are played too.
        shard: which of the things, where several processes play a site.
    """

    url: str
    state: Path
    history_s: int = ACCEPTED_S
    clock: SiteClock | None = None
    seed: int | None = None
    slice_s: int = SLICE_S
    faults: FaultPlan | None = None
    truth: Path | None = None
    plugins: Path | None = None
    shard: Shard = WHOLE


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays, where it is not the simulators that ship.

    Attributes:
        simulators: by kind.
        gateway: speaks for things that name none.
    """

    simulators: Mapping[str, Simulator]
    gateway: ThingLike


@dataclass(frozen=True, slots=True)
class Progress:
    """What has been published so far, told when the history is done and when the work ends.

    Attributes:
        phase: ``history`` (just finished) or ``stopped``.
        since: the first instant of the history, seconds of the site's clock.
        until: everything up to here is acknowledged.
    """

    phase: str
    since: int
    until: int
    observations: int
    messages: int
    records: int = 0


def simulate(
    site: SiteLike,
    pace: Pace,
    *,
    now: Callable[[], Instant],
    stop: threading.Event,
    told: Callable[[Progress], None] = lambda progress: None,
) -> Progress:
    """Play a site's things until asked to stop.

    Args:
        site: whose things; those of a kind no simulator plays are named in the log and left out.
        pace: how.
        now: real time.
        stop: ends it; everything acknowledged is saved, and the gateway goes offline.
        told: hears of the end of the history, once.

    Returns:
        What was published in all.

    Raises:
        ValueError: the broker's address is none.
        FaultsError: a thing's faults cannot be read.
    """
    player = Player(site, pace, now=now, stop=stop)
    play(player, told)
    return player.progress("stopped")


def play(player: "Player", told: Callable[[Progress], None] = lambda progress: None) -> None:
    """Run a player until it is asked to stop, and close it."""
    try:
        player.start()
        player.history()
        told(player.progress("history"))
        player.live()
    except Stopped:
        pass
    finally:
        player.close()


class Player:
    """One process's share of a site; see the module.

    Attributes:
        links: the connection of each gateway.
    """

    def __init__(
        self,
        site: SiteLike,
        pace: Pace,
        *,
        now: Callable[[], Instant],
        stop: threading.Event,
        cast: Cast | None = None,
    ) -> None:
        """Prepare; nothing is sent before ``start``.

        Args:
            site: whose things.
            pace: how.
            now: real time.
            stop: ends it.
            cast: who plays; the simulators that ship unless given.

        Raises:
            FaultsError: a thing's faults cannot be read.
        """
        self._site = site.id
        self._pace = pace
        self._now = now
        self._stop = stop
        self._time = SiteTime(site.id, now, pace.clock)
        self._simulators = discover() if cast is None else cast.simulators
        self._gateway_id = GATEWAY if cast is None else cast.gateway.id
        seed = site.seed if pace.seed is None else pace.seed
        self._seed = seed
        self._world = World(seed, site.areas, site=site.id)
        things = list(site.things)
        self._gateways = {thing.id: thing for thing in things if thing.kind == GATEWAY_KIND}
        if cast is not None:
            self._gateways[cast.gateway.id] = cast.gateway
        self._things = tuple(
            thing for thing in _played(things, self._simulators) if pace.shard.takes(thing.id)
        )
        self._days = Days(self._world, self._simulators, len(self._things), pace.faults)
        for thing in self._things:
            self._days.add(thing)
        self.links = self._connections()
        self._observations = self._records = 0
        self._since = self._until = self._labelled = 0
        self._saved: Instant = 0

    def start(self) -> None:
        """Connect, wait for the site's clock, and describe every thing."""
        for link in self.links.values():
            link.start()
        self._time.settle()
        self._until = self._since = self._labelled = self._resumed()
        self._days.foresee(self._time.seconds())
        self._label(lambda thing: self._days.under_way(thing, self._since))
        for thing in self._things:
            via = self._via(thing)
            about = self._simulators[thing.kind].about(thing, via)
            self.links[via].publish(self._topic(thing, "about"), orjson.dumps(about), retain=True)
        self._drain()
        log.info("described", site=self._site, things=len(self._things))

    def history(self) -> None:
        """Publish from where the last run ended, or from the history's start, up to now."""
        self._saved = self._now()
        while self._time.seconds() - self._until > self._pace.slice_s // 8:
            self._catch_up("history")
        self._drain()
        self._save("live")
        log.info(
            "history done",
            site=self._site,
            since=self._since,
            until=self._until,
            observations=self._observations,
            records=self._records,
        )

    def live(self) -> None:
        """Publish whatever falls due, until asked to stop."""
        while not self._stop.is_set():
            self._catch_up("live")
            self._stop.wait(self._sleep())

    def close(self) -> None:
        """Go offline by hand, keep what is acknowledged, and leave."""
        acknowledged = all(link.drain(2.0) for link in self.links.values())
        if acknowledged and self._until:
            self._save("stopped")
        for via, link in self.links.items():
            if link.connected:
                link.say(*self._status(via, b"offline"))
                link.drain(2.0)
            link.close()

    def progress(self, phase: str) -> Progress:
        """Tell what has been published so far."""
        messages = sum(link.sent for link in self.links.values())
        return Progress(
            phase, self._since, self._until, self._observations, messages, self._records
        )

    def _catch_up(self, phase: str) -> None:
        """Publish the next slice up to now; keep the progress now and then."""
        until = min(self._until + self._pace.slice_s, self._time.seconds())
        if until > self._until:
            self._advance(until)
            if self._now() - self._saved > _SAVE_S * SECOND:
                self._drain()
                self._save(phase)

    def _advance(self, until: int) -> None:
        """Publish every thing's observations and records in (published until, until]."""
        first = self._until
        for thing in self._things:
            if self._days.next_due(thing.id, first) > until:
                continue
            link = self.links[self._via(thing)]
            topic = self._topic(thing, "data")
            for pack, count in packs(self._days.between(thing.id, first, until)):
                link.publish(topic, pack)
                self._observations += count
            for told, steps in self._days.steps(thing.id, first, until):
                for pack, count in told_steps(told.type, steps):
                    link.publish(self._topic(thing, "records"), pack)
                    self._records += count
        self._until = until
        if self._stop.is_set():
            raise Stopped

    def _sleep(self) -> float:
        """Give the real seconds until something is due."""
        after = self._until
        due = min((self._days.next_due(thing.id, after) for thing in self._things), default=after)
        least = _TICK_S if self._time.clock.speed > 1 else _SHORTEST_S
        return min(max(self._time.real_until(due * SECOND), least), _LONGEST_SLEEP_S)

    def _resumed(self) -> int:
        """Give the instant from which to publish: kept from the last run, inside the window."""
        now = self._time.seconds()
        margin = MARGIN_S + round(_START_MARGIN_S * self._time.clock.speed)
        earliest = now - min(self._pace.history_s, ACCEPTED_S - margin)
        kept = _read_state(self._pace.state)
        if kept.get("site") != self._site or kept.get("seed") != self._seed:
            return earliest
        until = int(kept.get("published_until", 0))
        if until > now:
            log.warning("the site's clock went back", published_until=until, now=now)
            return earliest
        return max(until, now - (ACCEPTED_S - margin))

    def _save(self, phase: str) -> None:
        """Keep the progress; the file is replaced whole. The truth before it, so none is missed."""
        first, last = self._labelled, self._until
        self._label(lambda thing: self._days.labels(thing, first, last))
        self._labelled = last
        state = {
            "site": self._site,
            "seed": self._seed,
            "published_until": self._until,
            "phase": phase,
        }
        path = self._pace.state
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(path.name + ".new")
        fresh.write_text(json.dumps(state), "utf-8")
        fresh.replace(path)
        self._saved = self._now()

    def _label(self, faults: Callable[[str], list[Fault]]) -> None:
        """Add the labels of every thing's faults to the truth file."""
        path = self._pace.truth
        if path is None:
            return
        lines = [
            orjson.dumps(fault.label()) + b"\n"
            for thing in self._things
            for fault in faults(thing.id)
        ]
        if not lines:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "ab", opener=_for_us_alone) as file:
            file.writelines(lines)

    def _drain(self) -> None:
        for link in self.links.values():
            link.drain()

    def _connections(self) -> dict[str, Link]:
        """Make a connection for each gateway: a last will takes only its own things offline."""
        links: dict[str, Link] = {}
        for via in sorted({self._via(thing) for thing in self._things}) or [
            self._pace.shard.named(self._gateway_id)
        ]:
            topic, offline = self._status(via, b"offline")
            link = Link(
                self._pace.url,
                f"{self._site}-{via}",
                stop=self._stop,
                will=Will(topic, offline),
            )
            link.greet(self._gateway_topic(via, "about"), orjson.dumps(self._gateway(via)))
            link.greet(topic, b"online")
            if not links:
                self._time.follow(link)
            links[via] = link
        return links

    def _via(self, thing: ThingLike) -> str:
        return self._pace.shard.named(thing.via or self._gateway_id)

    def _topic(self, thing: ThingLike, leaf: str) -> str:
        return f"ioc/{self._site}/{thing.area}/{thing.id}/{leaf}"

    def _gateway_topic(self, via: str, leaf: str) -> str:
        listed = self._gateways.get(via)
        return f"ioc/{self._site}/{listed.area if listed else PROVINCE}/{via}/{leaf}"

    def _status(self, via: str, payload: bytes) -> tuple[str, bytes]:
        return self._gateway_topic(via, "status"), payload

    def _gateway(self, via: str) -> dict[str, Any]:
        return gateway_about(self._gateways.get(via))


def gateway_about(listed: ThingLike | None) -> dict[str, Any]:
    """Give the retained description of a gateway; of the simulators' own, without one."""
    name = {"vi": "Cổng kết nối bộ mô phỏng", "en": "Simulators' gateway"}
    if listed is not None:
        name = {"vi": listed.name.vi, "en": listed.name.en}
    about: dict[str, Any] = {
        "kind": GATEWAY_KIND,
        "name": name,
        "origin": "simulated",
        "datastreams": {},
    }
    if listed is not None:
        about["location"] = list(listed.location)
    return about


def packs(
    observed: list[tuple[Datastream, Times, Values]], most: int = PACK
) -> Iterator[tuple[bytes, int]]:
    """Write a thing's observations as SenML packs (RFC 8428), each with its count of records.

    The first record of a datastream in a pack sets its base name and base unit, and the others
    say neither; a bare number comes before those that have a unit, because a base unit holds until
    another is told.
    """
    records: list[dict[str, Any]] = []
    base = 0
    for stream, at, values in sorted(observed, key=lambda told: bool(told[0].unit)):
        start = 0
        while start < len(at):
            if not records:
                base = int(at[start])
            end = start + most - len(records)
            times = (at[start:end] - base).tolist()
            head = len(records)
            if stream.levels:
                levels = stream.levels
                records += [
                    {"t": t, "vs": levels[v]}
                    for t, v in zip(times, values[start:end].astype(int).tolist(), strict=True)
                ]
            else:
                records += [
                    {"t": t, "v": v} for t, v in zip(times, values[start:end].tolist(), strict=True)
                ]
            unit = {"bu": stream.unit} if stream.unit else {}
            records[head] = {"bn": stream.name, **unit, **records[head]}
            start = end
            if len(records) >= most:
                yield _encoded(records, base), len(records)
                records = []
    if records:
        yield _encoded(records, base), len(records)


def _encoded(records: list[dict[str, Any]], base: int) -> bytes:
    records[0] = {"bt": base, **records[0]}
    return orjson.dumps(records)


def _played(
    things: Iterable[ThingLike], simulators: Mapping[str, Simulator]
) -> tuple[ThingLike, ...]:
    played = []
    for thing in things:
        if thing.kind in simulators:
            played.append(thing)
        elif thing.kind != GATEWAY_KIND:
            log.warning("no simulator plays this kind", thing=thing.id, kind=thing.kind)
    return tuple(played)


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _read_state(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        log.warning(
            "progress file is unreadable, starting afresh", path=str(path), error=str(error)
        )
        return {}
    return kept if isinstance(kept, dict) else {}
