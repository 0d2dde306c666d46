"""The stream's middle: one follower of the event log, any number of clients behind it.

::

    event log ─▶ follower ─▶ ring ─┬─▶ channel (clients that ask alike) ─▶ client's queue ─▶ socket
    MQTT values ─▶ live ───────────┘

A frame is encoded once for all clients of a channel. Every client has a bounded queue of its own
and its own sender, so that one that does not read is closed (4008) and nobody else notices.

No event is missed and none comes twice: a client carries the ``seq`` it has been given
(``cursor``). Behind the ring it reads the log itself; inside the ring the rest is handed over and
the client set live in one step of the event loop, between which and the next event nothing fits.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
import structlog

from ioc.centre.ports import StoreAwayError
from ioc.core.clock import SiteClock
from ioc.core.words import SECOND, Instant, rfc3339
from ioc.http.access import Principal
from ioc.http.live import Live, Value
from ioc.http.ports import Archive, Event, Json, Picture, Ports
from ioc.http.privacy import impersonal
from ioc.http.snapshot import snapshot_data
from ioc.http.subscription import Audience
from ioc.http.work import Work

log = structlog.get_logger("stream")

NO_LOGIN: Final = 4401
NO_ROLE: Final = 4403
TOO_SLOW: Final = 4008
POLICY: Final = 1008
TRY_LATER: Final = 1013
RESTART: Final = 1012

_INBOX: Final = 10_000
_SHORT_QUEUE: Final = 4
_BURST: Final = 200


@dataclass(frozen=True, slots=True)
class Pace:
    """The stream's measures. Seconds unless a name says otherwise.

    Attributes:
        quiet: values go at once when none went for this long, else this often.
        tick: between ticks.
        poll: the log is read this often even when no bell rings.
        refresh: newest values are read from the database this often, for those MQTT lost.
        recheck: tokens of open streams are looked up this often.
        slow: how long one frame may wait for a client's socket.
        behind: how long a client may be behind the log once it had caught up.
        queue_bytes: how much may wait for one client; events stop at half of it, and the client
            goes on from the log when there is room.
        ring_events: how many events are kept for clients that join or come back.
        replay_events: further behind than this a snapshot is cheaper.
        batch_events: how many events one reading takes.
        picture: how old a snapshot may be that is given to the next client too.
    """

    quiet: float = 0.25
    tick: float = 2.0
    poll: float = 1.0
    refresh: float = 15.0
    recheck: float = 3.0
    slow: float = 8.0
    behind: float = 30.0
    queue_bytes: int = 4 << 20
    ring_events: int = 4096
    replay_events: int = 20_000
    batch_events: int = 500
    picture: float = 1.0


@dataclass
class Tally:
    """What the stream did and what it let go, for ``/metrics``."""

    clients: int = 0
    frames: dict[str, int] = field(default_factory=dict)
    bytes: int = 0
    closed: dict[int, int] = field(default_factory=dict)
    inbox_dropped: int = 0
    values_merged: int = 0
    log_readings: int = 0
    store_away: int = 0

    def count(self, kind: str, size: int) -> None:
        """Count a frame handed to one client."""
        self.frames[kind] = self.frames.get(kind, 0) + 1
        self.bytes += size


class Told:
    """An event as it goes out: its frame is written when first wanted, then shared.

    Attributes:
        event: as it stands in the log.
        area: where it belongs; for a thing that was removed, where that was.
    """

    __slots__ = ("_full", "_plain", "_view", "area", "event")

    def __init__(self, event: Event, area: str, view: Callable[[Json], Json]) -> None:
        """Take an event; ``view`` completes a thing's body with what is true now."""
        self.event = event
        self.area = area
        self._view = view
        self._full: str | None = None
        self._plain: str | None = None

    def frame(self, *, without_people: bool) -> str:
        """Write the frame."""
        if without_people:
            if self._plain is None:
                self._plain = self._write(impersonal(self.event.kind, self.event.body))
            return self._plain
        if self._full is None:
            self._full = self._write(self.event.body)
        return self._full

    def _write(self, body: Json) -> str:
        event = self.event
        data = self._view(body) if event.kind == "thing" else body
        return encode({"kind": event.kind, "seq": event.seq, "at": rfc3339(event.at), "data": data})


class Client:
    """One open socket's side of the stream: what waits for it, and how far it has come."""

    def __init__(self, principal: Principal, pace: Pace, tally: Tally) -> None:
        """Begin with an empty queue."""
        self.principal = principal
        self.channel: Channel | None = None
        self.cursor: int | None = None
        self.live = False
        self.turn = 0
        self.waiting_bytes = 0
        self.sending_since: float | None = None
        self.behind_since: float | None = None
        self.kicked: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()
        self._pace = pace
        self._tally = tally
        self._queue: deque[tuple[str, str] | None] = deque()
        self._late: dict[str, Value] = {}
        self._late_at = ""
        self._filled = asyncio.Event()
        self._drained = asyncio.Event()
        self._drained.set()

    def put(self, kind: str, frame: str) -> None:
        """Queue a frame; a queue that holds too much ends the client."""
        if self.waiting_bytes > self._pace.queue_bytes:
            self.kick(TOO_SLOW, "too slow")
            return
        self._queue.append((kind, frame))
        self.waiting_bytes += len(frame)
        self._filled.set()
        if self.waiting_bytes > self._pace.queue_bytes // 2:
            self._drained.clear()

    def put_values(self, at: str, values: Mapping[str, Value], frame: Callable[[], str]) -> None:
        """Queue newest values; for a client that lags, older ones still waiting are merged."""
        if not self._late and len(self._queue) < _SHORT_QUEUE:
            self.put("values", frame())
            return
        if not self._late:
            self._queue.append(None)
            self._filled.set()
        self._tally.values_merged += 1
        self._late.update(values)
        self._late_at = at

    def kick(self, code: int, reason: str) -> None:
        """End the client: whoever holds the socket closes it with this code."""
        if not self.kicked.done():
            self.kicked.set_result((code, reason))
            self._queue.clear()
            self.waiting_bytes = 0
            self._drained.set()

    async def take(self) -> str:
        """Wait for the next frame to send."""
        self.sending_since = None
        while not self._queue:
            self._filled.clear()
            await self._filled.wait()
        entry = self._queue.popleft()
        if entry is None:
            values, self._late = self._late, {}
            entry = ("values", values_frame(self._late_at, values))
        else:
            self.waiting_bytes -= len(entry[1])
        if self.waiting_bytes <= self._pace.queue_bytes // 2:
            self._drained.set()
        kind, frame = entry
        self._tally.count(kind, len(frame))
        self.sending_since = asyncio.get_running_loop().time()
        return frame

    @property
    def has_room(self) -> bool:
        """Whether half of the queue is free."""
        return self._drained.is_set()

    async def room(self) -> None:
        """Wait until half of the queue is free."""
        await self._drained.wait()

    def is_too_slow(self, now: float) -> bool:
        """Tell whether a frame waits too long for the socket, or the log has long run ahead."""
        return (self.sending_since is not None and now - self.sending_since > self._pace.slow) or (
            self.behind_since is not None and now - self.behind_since > self._pace.behind
        )


class Channel:
    """The clients that ask alike and may see alike."""

    def __init__(
        self,
        audience: Audience,
        live: Live,
        pace: Pace,
        now: Callable[[], str],
        fall_behind: Callable[[Client, "Channel"], None],
    ) -> None:
        """Begin without clients; ``fall_behind`` takes over a client without room."""
        self.audience = audience
        self.clients: set[Client] = set()
        self._live = live
        self._pace = pace
        self._now = now
        self._fall_behind = fall_behind
        self._wanted: dict[str, bool] = {}
        self._pending: dict[str, Value] = {}
        self._sent_at = float("-inf")
        self._timer: asyncio.TimerHandle | None = None
        self._picture: Picture | None = None
        self._snapshot = ""
        self._since: dict[str, Value] = {}

    def forget_wanted(self) -> None:
        """Ask again which values are wanted: a thing has changed."""
        self._wanted.clear()

    def wants(self, key: str) -> bool:
        """Tell whether a datastream is wanted here."""
        wanted = self._wanted.get(key)
        if wanted is None:
            wanted = self._wanted[key] = self.audience.wants_value(key, self._live)
        return wanted

    def event(self, told: Told) -> None:
        """Hand an event to the clients that are up to date."""
        event = told.event
        wanted = self.audience.wants_event(event.kind, told.area, event.body)
        for client in tuple(self.clients):
            if not client.live or client.cursor is None or event.seq <= client.cursor:
                continue
            if wanted and not client.has_room:
                self._fall_behind(client, self)
            else:
                client.cursor = event.seq
                if wanted:
                    client.put(event.kind, told.frame(without_people=self.audience.impersonal))

    def replay(self, client: Client, told: Told) -> None:
        """Hand an event of the past to one client."""
        event = told.event
        client.cursor = event.seq
        if self.audience.wants_event(event.kind, told.area, event.body):
            client.put(event.kind, told.frame(without_people=self.audience.impersonal))

    def values(self, news: Mapping[str, Value]) -> None:
        """Hand on newest values: at once after a quiet moment, else with the next batch."""
        mine = {key: value for key, value in news.items() if self.wants(key)}
        if not mine:
            return
        self._since.update(mine)
        self._pending.update(mine)
        if self._timer is not None:
            return
        loop = asyncio.get_running_loop()
        wait = self._sent_at + self._pace.quiet - loop.time()
        if wait <= 0:
            self._flush()
        else:
            self._timer = loop.call_later(wait, self._flush)

    def close(self) -> None:
        """Send nothing more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def snapshot(self, picture: Picture, clock: SiteClock, now: Instant) -> str:
        """Write the snapshot frame of a picture; the next client gets the same one."""
        if picture is not self._picture:
            self._picture = picture
            self._since = {}
            self._snapshot = self._write(picture, clock, now)
        return self._snapshot

    def since_snapshot(self) -> dict[str, Value]:
        """Give the values that are newer than the last snapshot written."""
        return self._since

    def all_values(self) -> dict[str, Value]:
        """Give the newest values of all that is wanted."""
        return {key: value for key, value in self._live.newest.items() if self.wants(key)}

    def _write(self, picture: Picture, clock: SiteClock, now: Instant) -> str:
        data = snapshot_data(self.audience, self._live, picture, self.all_values(), now)
        data["clock"] = {**clock.to_json(), "now": rfc3339(now)}
        return encode({"kind": "snapshot", "seq": picture.seq, "data": data})

    def _flush(self) -> None:
        self._timer = None
        self._sent_at = asyncio.get_running_loop().time()
        values, self._pending = self._pending, {}
        at = self._now()
        written: list[str] = []

        def frame() -> str:
            if not written:
                written.append(values_frame(at, values))
            return written[0]

        for client in tuple(self.clients):
            client.put_values(at, values, frame)


class Hub:
    """Everything the stream's clients share.

    Attributes:
        broken: called when a part of the stream has ended by a fault of ours. Walls would still
            get ticks and look alive, so whoever runs this is to end and begin anew.
    """

    def __init__(self, ports: Ports, site: str, build: str, clock: SiteClock, pace: Pace) -> None:
        """Prepare; `start` begins.

        Args:
            ports: the rest of the centre.
            site: the site's id, for ``hello``.
            build: the wall's build, for ``hello``: a wall of another build reloads itself.
            clock: the site's clock until `hear_clock` tells better.
            pace: the measures.
        """
        self.live = Live(clock)
        self.pace = pace
        self.tally = Tally()
        self.seq = 0
        self.started = False
        self.store_fault: str | None = "not yet asked"
        self._ports = ports
        self._site = site
        self._build = build
        self.broken: Callable[[], None] = lambda: None
        self._told_up_to = 0
        self._clients: set[Client] = set()
        self._channels: dict[Audience, Channel] = {}
        self._ring: deque[Told] = deque()
        self._floor = 0
        self._inbox: deque[tuple[Callable[[Any], None], Any]] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._catching_up: set[asyncio.Task[None]] = set()
        self._follower: ThreadPoolExecutor | None = None
        self._work: Work | None = None
        self._picture: tuple[Picture, float] | None = None
        self._picture_lock = asyncio.Lock()
        self._began = ports.now()

    # What other edges tell; from any thread, before or after the start.

    def values(self, payload: Mapping[str, Any]) -> None:
        """Take the payload of ``_centre/values``: ``{"data": {key: [t, value, quality]}}``."""
        self._hear(self._hear_values, payload)

    def clock(self, clock: SiteClock) -> None:
        """Take the site's clock, as ``_centre/clock`` tells it."""
        self._hear(self._hear_clock, clock)

    def health(self, payload: Mapping[str, Any]) -> None:
        """Take the payload of ``_centre/health``."""
        self._hear(self._hear_health, (self._ports.now(), payload))

    # What the web edge asks, on the event loop.

    def now(self) -> Instant:
        """Give the site's time."""
        return self.live.clock.at(self._ports.now())

    async def start(self) -> None:
        """Begin to follow the log and to tick."""
        self._loop = asyncio.get_running_loop()
        self._follower = ThreadPoolExecutor(1, thread_name_prefix="follower")
        self._work = Work("stream", threads=2, waiting=256)
        self._drain_inbox()
        self._tasks = [
            asyncio.create_task(self._follow(), name="follow"),
            asyncio.create_task(self._tick(), name="tick"),
            asyncio.create_task(self._refresh(), name="refresh"),
            asyncio.create_task(self._recheck(), name="recheck"),
            asyncio.create_task(self._watch_slow(), name="watch slow"),
        ]
        for task in self._tasks:
            task.add_done_callback(self._ended)

    async def stop(self) -> None:
        """End everything."""
        self._loop = None
        for task in (*self._tasks, *self._catching_up):
            task.cancel()
        self._ports.bell.wake()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for client in tuple(self._clients):
            client.kick(RESTART, "the server stops")
        for channel in self._channels.values():
            channel.close()
        if self._work is not None:
            self._work.close()
        if self._follower is not None:
            self._follower.shutdown(wait=True)
        self._ports.bell.close()

    def hello(self) -> str:
        """Write the first frame of a stream."""
        return encode(
            {
                "kind": "hello",
                "seq": self.seq,
                "now": rfc3339(self.now()),
                "site": self._site,
                "build": self._build,
            }
        )

    def lag(self) -> float:
        """Give by how many seconds what is judged is behind what was sent.

        While ingest says nothing it grows from the last word, so that silence never looks well.
        """
        now = self._ports.now()
        if self.live.health is None:
            return round((now - self._began) / SECOND, 3)
        heard, health = self.live.health
        told = health.get("lag")
        lag = float(told) if isinstance(told, int | float) else 0.0
        silence = (now - heard) / SECOND
        return round(lag if silence < 2 * self.pace.tick + 1 else lag + silence, 3)

    def join(self, principal: Principal) -> Client:
        """Take in a client, which gets ticks until it subscribes."""
        client = Client(principal, self.pace, self.tally)
        self._clients.add(client)
        self.tally.clients = len(self._clients)
        return client

    def leave(self, client: Client) -> None:
        """Let a client go."""
        self._clients.discard(client)
        self.tally.clients = len(self._clients)
        self._leave_channel(client)

    def closed(self, code: int) -> None:
        """Count a stream closed by us."""
        self.tally.closed[code] = self.tally.closed.get(code, 0) + 1

    async def subscribe(self, client: Client, audience: Audience, after: object) -> None:
        """Give a client a snapshot, or what came after an event it knows, and all that follows.

        Raises:
            StoreAwayError: the database is away; the client is to come again.
        """
        self._leave_channel(client)
        client.turn += 1  # whatever still reads the log for the subscription before gives up
        client.live = False
        client.cursor = None
        client.behind_since = None
        resumed = await self._resume_point(after)
        picture = None if resumed is not None else await self._fresh_picture()
        channel = self._channels.get(audience)
        if channel is None:
            channel = Channel(
                audience, self.live, self.pace, lambda: rfc3339(self.now()), self._fall_behind
            )
            self._channels[audience] = channel
        channel.clients.add(client)
        client.channel = channel
        now = self.now()
        if picture is None:
            client.cursor = resumed
            # Values are not in the log: what flowed while the client was away is sent whole.
            missed = channel.all_values()
        else:
            client.put("snapshot", channel.snapshot(picture, self.live.clock, now))
            client.cursor = picture.seq
            missed = channel.since_snapshot()
        if missed:
            client.put("values", values_frame(rfc3339(now), missed))
        await self._catch_up(client, channel)

    # The inside.

    def _ended(self, task: asyncio.Task[None]) -> None:
        if task.cancelled():
            return
        self.store_fault = f"{task.get_name()} has ended: {task.exception()!r}"
        log.critical("a part of the stream has ended", part=task.get_name(), exc_info=task)
        self.broken()

    def _hear(self, hear: Callable[[Any], None], told: Any) -> None:  # noqa: ANN401 - per kind
        if len(self._inbox) >= _INBOX:
            self.tally.inbox_dropped += 1
            return
        self._inbox.append((hear, told))
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile: nobody listens
                loop.call_soon_threadsafe(self._drain_inbox)

    def _drain_inbox(self) -> None:
        while self._inbox:
            hear, told = self._inbox.popleft()
            hear(told)

    def _hear_values(self, payload: Mapping[str, Any]) -> None:
        self._spread(self.live.hear_values(payload))

    def _hear_clock(self, clock: SiteClock) -> None:
        self.live.clock = clock

    def _hear_health(self, told: tuple[Instant, Mapping[str, Any]]) -> None:
        self.live.health = told

    def _spread(self, news: Mapping[str, Value]) -> None:
        if news:
            for channel in self._channels.values():
                channel.values(news)

    async def _on_follower(self, function: Callable[..., Any], *args: object) -> Any:  # noqa: ANN401
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._follower, function, *args)

    async def _follow(self) -> None:
        archive, batch = self._ports.archive, self.pace.batch_events
        while True:
            try:
                if self.store_fault is not None:
                    await self._begin(archive)
                events = await self._on_follower(archive.events, self.seq, batch)
                self.tally.log_readings += 1
                if not events and await self._went_back(archive):
                    self.store_fault = "the event log went back"
                    continue
            except StoreAwayError as away:
                if self.store_fault is None:
                    log.warning("the store is away", error=str(away))
                self.store_fault = str(away) or "away"
                self.tally.store_away += 1
                await asyncio.sleep(self.pace.poll / 2)
                continue
            for event in events:
                self._publish(event)
            if len(events) < batch:
                await self._on_follower(self._ports.bell.wait, self.pace.poll)
            else:
                await asyncio.sleep(0)

    async def _went_back(self, archive: Archive) -> bool:
        """Tell whether the log ends before what any wall was told, be it ahead of the follower."""
        told = self._told_up_to
        return bool((await self._on_follower(archive.bounds))[1] < told)

    async def _begin(self, archive: Archive) -> None:
        """Read the present: at the start, and again when the database was away."""
        if not self.started or await self._went_back(archive):
            picture = await self._on_follower(archive.picture)
            if self.started:
                # Another database, or an older state of this one: what clients know is not in it.
                log.warning("the event log went back", had=self._told_up_to, has=picture.seq)
                for client in tuple(self._clients):
                    client.kick(RESTART, "the event log went back")
            self.seq = self._floor = self._told_up_to = picture.seq
            self._ring.clear()
            self._picture = None
            self.live.hear_things(picture.things)
        self._spread(self.live.hear_newest(await self._on_follower(archive.newest)))
        self.started = True
        self.store_fault = None

    def _publish(self, event: Event) -> None:
        told = self._told(event)
        if event.kind == "thing":
            self.live.hear_thing(event.body, event.at)
            for channel in self._channels.values():
                channel.forget_wanted()
        self._ring.append(told)
        if len(self._ring) > self.pace.ring_events:
            self._floor = self._ring.popleft().event.seq
        self.seq = event.seq
        self._told_up_to = max(self._told_up_to, event.seq)
        for channel in tuple(self._channels.values()):
            channel.event(told)

    def _told(self, event: Event) -> Told:
        area = event.area
        if event.kind == "thing" and event.body.get("removed"):
            known = self.live.things.get(event.body.get("id", event.subject))
            area = area if known is None else known.area
        return Told(event, area, lambda body: self.live.view(body, self.now()))

    async def _resume_point(self, after: object) -> int | None:
        """Tell whether the log can be resumed behind ``after``; None asks for a snapshot."""
        if isinstance(after, bool) or not isinstance(after, int) or after < 0:
            return None
        if self._floor <= after <= self.seq:
            return after
        if self.seq - after > self.pace.replay_events:
            return None
        oldest, newest = await self._asked(self._ports.archive.bounds)
        if not oldest - 1 <= after <= newest:
            return None
        self._told_up_to = max(self._told_up_to, after)
        return after

    async def _fresh_picture(self) -> Picture:
        async with self._picture_lock:
            now = asyncio.get_running_loop().time()
            if self._picture is not None and now - self._picture[1] < self.pace.picture:
                return self._picture[0]
            picture: Picture = await self._asked(self._ports.archive.picture)
            self._picture = (picture, asyncio.get_running_loop().time())
            self._told_up_to = max(self._told_up_to, picture.seq)
            return picture

    async def _catch_up(self, client: Client, channel: Channel) -> None:
        turn = client.turn
        while client.cursor is not None and client.channel is channel:
            if client.cursor >= self._floor:
                if self._join_ring(client, channel, client.cursor):
                    return
            else:
                events = await self._asked(
                    self._ports.archive.events, client.cursor, self.pace.batch_events
                )
                if client.turn != turn:
                    return
                for event in events:
                    channel.replay(client, self._told(event))
                if not events:
                    client.cursor = self._floor
            await client.room()
            if client.turn != turn:
                return

    def _join_ring(self, client: Client, channel: Channel, cursor: int) -> bool:
        """Hand over what the ring has behind a place; tell whether that was all of it.

        There is no await in here, so no event can fall between the last of the ring and the next.
        """
        rest = [told for told in self._ring if told.event.seq > cursor]
        for told in rest[:_BURST]:
            channel.replay(client, told)
        if len(rest) > _BURST:
            return False
        client.live = True
        client.behind_since = None
        return True

    def _fall_behind(self, client: Client, channel: Channel) -> None:
        """Give a client that has no room its events from the log, at its own pace."""
        client.live = False
        if client.behind_since is None:
            client.behind_since = asyncio.get_running_loop().time()

        turn = client.turn

        async def go_on() -> None:
            try:
                await client.room()
                if client.turn == turn:
                    await self._catch_up(client, channel)
            except StoreAwayError:
                client.kick(TRY_LATER, "the database is away")

        task = asyncio.create_task(go_on(), name="catch up")
        self._catching_up.add(task)
        task.add_done_callback(self._catching_up.discard)

    async def _asked(self, function: Callable[..., Any], *args: object) -> Any:  # noqa: ANN401
        if self._work is None or not self.started:
            raise StoreAwayError("the stream has not started")
        return await self._work(function, *args)

    def _leave_channel(self, client: Client) -> None:
        channel, client.channel = client.channel, None
        if channel is None:
            return
        channel.clients.discard(client)
        if not channel.clients:
            channel.close()
            self._channels.pop(channel.audience, None)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(self.pace.tick)
            now, lag = rfc3339(self.now()), self.lag()
            shared = tick_frame(now, self.seq, lag)
            for client in tuple(self._clients):
                if client.live or client.channel is None:
                    client.put("tick", shared)
                elif client.cursor is not None:
                    client.put("tick", tick_frame(now, client.cursor, lag))

    async def _refresh(self) -> None:
        """Read newest values and things again: MQTT tells values once and may lose them."""
        archive = self._ports.archive
        while True:
            await asyncio.sleep(self.pace.refresh)
            if not self.started:
                continue
            with contextlib.suppress(StoreAwayError):
                self._spread(self.live.hear_newest(await self._asked(archive.newest)))

    async def _recheck(self) -> None:
        """Close the streams whose token was revoked or has expired; nobody while we cannot ask."""
        accounts = self._ports.accounts
        while True:
            await asyncio.sleep(self.pace.recheck)
            tokens = {client.principal.token for client in self._clients}
            if not tokens or not self.started:
                continue
            with contextlib.suppress(StoreAwayError):
                valid = await self._asked(accounts.valid, tokens, self._ports.now())
                for client in tuple(self._clients):
                    if client.principal.token in tokens and client.principal.token not in valid:
                        client.kick(NO_LOGIN, "the login has ended")

    async def _watch_slow(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(min(1.0, self.pace.slow / 2))
            now = loop.time()
            for client in tuple(self._clients):
                if client.is_too_slow(now):
                    client.kick(TOO_SLOW, "too slow")


def encode(frame: Mapping[str, Any]) -> str:
    """Write a frame."""
    return orjson.dumps(frame, option=orjson.OPT_NON_STR_KEYS).decode()


def values_frame(at: str, values: Mapping[str, Value]) -> str:
    """Write newest values."""
    return encode({"kind": "values", "at": at, "data": values})


def tick_frame(now: str, seq: int, lag: float) -> str:
    """Write a tick."""
    return encode({"kind": "tick", "now": now, "seq": seq, "lag": lag})
