"""A centre's web edge, whole: real PostgreSQL, real uvicorn, the shipped site."""

import asyncio
import contextlib
import json
import secrets
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import pytest
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as open_socket

from ioc.centre.briefing import BriefDesk, Briefing
from ioc.centre.casedesk import CaseDesk
from ioc.centre.desk import Desk, owing
from ioc.centre.dutydesk import DutyDesk
from ioc.centre.ports import Event, Rows
from ioc.clock import now as real_now
from ioc.core.alerts import Alert
from ioc.core.clock import SiteClock
from ioc.core.words import DAY, MINUTE, Datastream, Instant, Origin, Text, Thing
from ioc.http.app import create_app
from ioc.http.here import Content, Settings
from ioc.http.hub import Hub, Pace
from ioc.http.ports import Ports
from ioc.http.server import make_server
from ioc.printing import Press
from ioc.sites import read_site
from ioc.store.accounts import Accounts
from ioc.store.archive import Archive, Bell
from ioc.store.briefs import Briefs
from ioc.store.casebook import Casebook
from ioc.store.connection import connect
from ioc.store.duty import Rota
from ioc.store.ledger import Ledger
from ioc.store.migrate import prepare_days
from ioc.store.oversight import Oversight
from ioc.store.pool import Pool
from ioc.verbs.briefs import definitions
from ioc.words import read_phrases
from tests.conftest import database_of_ones_own
from tests.samples import an_alert

SITE = "dien-bien"
WORDS = {"vi": "wall-title = Điện Biên\n", "en": "wall-title = Dien Bien\n"}
ROLES = ("operator", "supervisor", "leader", "handler", "developer", "admin")
PASSWORD = "correct horse battery"


the_site = cache(lambda: read_site(SITE))
phrases = cache(read_phrases)
briefs_told = cache(lambda: definitions(the_site()))
"""What ships is read once for all tests; nothing changes it."""


@dataclass
class Told:
    """A bus that remembers."""

    messages: list[tuple[str, bytes]] = field(default_factory=list)

    def publish(self, topic: str, payload: bytes, *, qos: int = 0, retain: bool = False) -> bool:
        self.messages.append((topic, payload))
        return True


def rain_gauge(number: int, area: str = "muong-ang", **changes: Any) -> Thing:
    thing = Thing(
        id=f"rain-test-{number:02}",
        area=area,
        kind="rain-gauge",
        name=Text(f"Trạm mưa {number}", f"Rain gauge {number}"),
        location=(103.25, 21.5),
        origin=Origin.SIMULATED,
        datastreams={"rainfall": Datastream("rainfall", "mm/h", period=600.0)},
    )
    return replace(thing, **changes)


def rain_alert(number: int, at: Instant, area: str = "muong-ang", **changes: Any) -> Alert:
    told: dict[str, Any] = {
        "id": f"{number:020x}",
        "thing": f"rain-test-{number:02}",
        "area": area,
    }
    return an_alert(at, **told | changes)


def indicator_body(id_: str, area: str, at: Instant, value: float | None = 96.63) -> dict[str, Any]:
    from ioc.core.words import rfc3339

    return {
        "id": id_,
        "area": area,
        "name": {"vi": "Hồ sơ đúng hạn", "en": "Dossiers on time"},
        "value": value,
        "unit": "%",
        "target": 95.0,
        "direction": "up",
        "standing": "on-target",
        "previous": 96.2,
        "period": [rfc3339(at - DAY), rfc3339(at)],
        "coverage": 0.98,
        "oldest_input": rfc3339(at - MINUTE),
        "owner": "Văn phòng UBND tỉnh",
        "source": None,
        "origin": "simulated",
    }


class Centre:
    """One running web edge and the store behind it."""

    def __init__(self, url: str, **options: Any) -> None:
        self.database_url = url
        self.start: Instant = real_now()
        with closing(connect(url, name="test")) as connection:
            prepare_days(connection, self.start - 9 * DAY, self.start + DAY)
        self.clock = SiteClock(self.start, self.start)
        self.ledger = Ledger(url, "test")
        self.bus = Told()
        self.pool = Pool(lambda: connect(url, name="serve", statement_timeout_ms=4000))
        self.accounts = Accounts(self.pool)
        self.archive = Archive(self.pool)
        self.desk_ledger = Ledger(url, "desk")
        self.faults: dict[str, str] = {}
        site, briefs = the_site(), Briefs(self.pool)
        desk = Desk(SITE, self.desk_ledger, self.bus, owing(site, real_now))
        self.briefing = Briefing(site, briefs_told(), briefs, "0.1")
        ports = Ports(
            archive=self.archive,
            oversight=Oversight(self.pool),
            accounts=self.accounts,
            cases=Casebook(self.pool),
            desk=desk,
            case_desk=CaseDesk(self.desk_ledger, desk),
            rota=Rota(self.pool),
            duty_desk=DutyDesk(self.desk_ledger),
            briefs=briefs,
            briefing=self.briefing,
            brief_desk=BriefDesk(self.desk_ledger),
            press=Press(phrases()),
            bell=Bell(lambda: connect(url, name="bell")),
            now=real_now,
            checks={"broker": lambda: self.faults.get("broker")},
        )
        self.hub = Hub(ports, SITE, "test", self.clock, options.pop("pace", Pace()))
        content = Content(site=site, words=WORDS, version="0.1", build="test")
        content = replace(content, **options)
        self.app = create_app(ports, content, self.hub, Settings())
        self.tokens: dict[str, str] = {}
        self._serve()

    def _serve(self) -> None:
        listening = socket.create_server(("127.0.0.1", 0))
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.port = listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.server = make_server(self.app, "127.0.0.1", self.port)
        self.thread = threading.Thread(
            target=lambda: asyncio.run(self.server.serve(sockets=[listening]))
        )
        self.thread.start()
        # It speaks plain HTTP: the machine's certificates need not be read for each centre.
        self.http = httpx2.Client(base_url=self.url, timeout=20, verify=False)
        self.wait(lambda: self.http.get("/healthz").status_code == 200)

    def close(self) -> None:
        self.http.close()
        self.server.should_exit = True
        self.thread.join(20)
        assert not self.thread.is_alive(), "the server did not stop"
        self.ledger.close()
        self.desk_ledger.close()
        self.pool.close()

    @property
    def now(self) -> Instant:
        """The site's time."""
        return self.clock.at(real_now())

    def wait(self, true: Callable[[], Any], seconds: float = 15.0) -> None:
        """Wait until something is so."""
        pause = threading.Event()
        for _ in range(int(seconds / 0.02)):
            try:
                if true():
                    return
            except httpx2.TransportError:
                pass
            pause.wait(0.02)
        raise AssertionError("it never came true")

    def token(self, role: str, areas: Sequence[str] = ()) -> str:
        """Give a token of a role, made once."""
        key = f"{role}-{'-'.join(areas)}" if areas else role
        if key not in self.tokens:
            if role == "display":
                self.tokens[key] = self.accounts.mint_display()
            else:
                # A handler's areas are named, or nothing is theirs.
                named = areas or (["province"] if role == "handler" else [])
                self.accounts.add(key, role, PASSWORD, areas=named)
                self.tokens[key] = self.accounts.open(key, role, real_now() + DAY)
        return self.tokens[key]

    def get(self, path: str, role: str = "operator", areas: Sequence[str] = (), **more: Any) -> Any:
        headers = {"authorization": f"Bearer {self.token(role, areas)}"}
        return self.http.get(path, headers=headers, **more)

    def post(
        self, path: str, body: object, role: str = "operator", areas: Sequence[str] = ()
    ) -> Any:
        headers = {"authorization": f"Bearer {self.token(role, areas)}"}
        return self.http.post(path, headers=headers, json=body)

    def describe(self, *things: Thing, status: str = "online") -> None:
        """Describe things, as ingest does."""
        with self.ledger.transaction() as tx:
            for thing in things:
                tx.save_thing(thing, status, self.now)
                tx.datastreams([(thing.id, name) for name in thing.datastreams])
            tx.tell(
                [Event("thing", one.id, one.area, one.to_json(status)) for one in things], self.now
            )

    def observe(self, key: str, *rows: tuple[Instant, float], quality: int = 0) -> None:
        """Keep observations."""
        thing, _, name = key.partition("/")
        times = np.array([at for at, _ in rows], np.int64)
        self.ledger.prepare(int(times.min()), int(times.max()))
        with self.ledger.transaction() as tx:
            (number,) = tx.datastreams([(thing, name)])
            tx.insert(
                Rows(
                    np.full(len(rows), number, np.int32),
                    times,
                    np.array([value for _, value in rows], np.float64),
                    np.full(len(rows), quality, np.int16),
                )
            )
        self.ledger.roll()

    def raise_alerts(self, *alerts: Alert) -> list[Alert]:
        with self.ledger.transaction() as tx:
            return tx.save_alerts(list(alerts), self.now)

    def indicate(self, *bodies: Mapping[str, Any]) -> None:
        with self.ledger.transaction() as tx:
            tx.save_indicators(list(bodies), self.now)
            tx.tell([Event("indicator", one["id"], one["area"], one) for one in bodies], self.now)

    def refresh(self) -> None:
        """Let the hub read newest values now, rather than at its next turn."""
        assert self.hub._loop is not None
        newest = self.archive.newest()
        things = self.archive.things(None, None, "", 10_000)

        done = threading.Event()

        def take() -> None:
            self.hub.live.hear_things(things)
            self.hub._spread(self.hub.live.hear_newest(newest))
            done.set()

        self.hub._loop.call_soon_threadsafe(take)
        assert done.wait(10)

    @contextlib.contextmanager
    def stream(self, role: str | None = "display", **options: Any) -> Iterator["Stream"]:
        query = f"?token={self.token(role)}" if role else ""
        options.setdefault("compression", None)
        options.setdefault("max_size", 64 << 20)
        options.setdefault("max_queue", None)  # the client itself never stops reading
        url = f"ws://127.0.0.1:{self.port}/api/v1/stream{query}"
        with open_socket(url, open_timeout=20, **options) as opened:
            yield Stream(opened)


class Stream:
    """A client of the stream that reads frames one by one."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    def say(self, frame: object) -> None:
        self.socket.send(json.dumps(frame))

    def read(self, timeout: float = 15.0) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(self.socket.recv(timeout))
        return frame

    def next(self, kind: str, timeout: float = 15.0) -> dict[str, Any]:
        """Read on to the next frame of a kind."""
        for _ in range(100_000):
            frame = self.read(timeout)
            if frame["kind"] == kind:
                return frame
        raise AssertionError(f"no {kind}")

    def until(self, last: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
        """Read frames up to and with the one that is told."""
        frames = []
        while True:
            frames.append(self.read())
            if last(frames[-1]):
                return frames


@pytest.fixture
def centre(migrated_url: str) -> Iterator[Centre]:
    running = Centre(migrated_url)
    try:
        running.wait(lambda: running.hub.started)
        yield running
    finally:
        running.close()


@pytest.fixture(scope="module")
def shared(
    postgres_url: str, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Centre]:
    """One centre with a built wall for all tests of a module that leave nothing behind."""
    with database_of_ones_own(postgres_url, migrated) as url:
        running = Centre(url, wall=_wall(tmp_path_factory.mktemp("w")))
        try:
            running.wait(lambda: running.hub.started)
            running.describe(rain_gauge(1), rain_gauge(2, "tua-chua"))
            yield running
        finally:
            running.close()


@pytest.fixture
def make_centre(migrated_url: str) -> Iterator[Callable[..., Centre]]:
    made: list[Centre] = []

    def make(**options: Any) -> Centre:
        made.append(Centre(migrated_url, **options))
        made[-1].wait(lambda: made[-1].hub.started)
        return made[-1]

    yield make
    for running in made:
        running.close()


@pytest.fixture
def built_wall(tmp_path: Path) -> Path:
    return _wall(tmp_path)


def _wall(folder: Path) -> Path:
    (folder / "assets").mkdir()
    (folder / "index.html").write_text("<!doctype html><title>wall</title>")
    (folder / "assets" / "wall-1a2b.js").write_text(f"// {secrets.token_hex(4)}")
    (folder / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    return folder
