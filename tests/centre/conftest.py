"""A centre on a real PostgreSQL, driven message by message at an injected time."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest

from ioc.centre.ingest import Ingest
from ioc.core.clock import SiteClock
from ioc.core.links import Link, Links
from ioc.core.rules import Rule, parse_rule
from ioc.core.telling import Route
from ioc.core.wire import Message
from ioc.core.words import DAY, MINUTE, SECOND, Area, Instant, Text
from ioc.store.connection import connect
from ioc.store.ledger import Ledger

SITE = "dien-bien"
START: Instant = 1_795_305_600 * SECOND  # 2026-11-22T00:00:00Z
AREAS = (
    Area("province", "11", Text("Điện Biên", "Dien Bien"), "province", None, (103.0, 21.4)),
    Area(
        "muong-ang", "102", Text("Mường Ảng", "Muong Ang"), "district", "province", (103.25, 21.5)
    ),
    Area("tua-chua", "98", Text("Tủa Chùa", "Tua Chua"), "district", "province", (103.37, 21.97)),
)
ABOUT = {
    "kind": "rain-gauge",
    "name": {"vi": "Trạm mưa Mường Ảng", "en": "Muong Ang rain gauge"},
    "location": [103.2541, 21.518],
    "origin": "simulated",
    "datastreams": {"rainfall": {"unit": "mm/h", "period": 600, "range": [0, 400]}},
}


def rule(**changes: Any) -> Rule:
    """Make a rule of heavy rain, changed where a test needs it."""
    row: dict[str, Any] = {
        "id": "heavy-rain",
        "kind": "rain-gauge",
        "datastream": "rainfall",
        "above": 50,
        "deadband": 5,
        "severity": 3,
        "name": {"vi": "Mưa to", "en": "Heavy rain"},
        "response": {"vi": "Gọi xã", "en": "Call the commune"},
    }
    if {"offline", "deadline"} & changes.keys():
        del row["above"]
    if "records" in changes:
        del row["datastream"]
    row.update(changes)
    return parse_rule({key: told for key, told in row.items() if told is not None})


def silence(**changes: Any) -> Rule:
    """Make a rule of silence over everything."""
    row: dict[str, Any] = {
        "id": "silence",
        "kind": "*",
        "datastream": "*",
        "silent": True,
        "severity": 1,
        "name": {"vi": "Mất tín hiệu", "en": "Silent"},
        "response": {"vi": "Kiểm tra", "en": "Check"},
    }
    row.update(changes)
    return parse_rule(row)


@dataclass
class Told:
    """A bus that remembers."""

    messages: list[tuple[str, bytes]] = field(default_factory=list)

    def publish(self, topic: str, payload: bytes, *, qos: int = 0, retain: bool = False) -> bool:
        self.messages.append((topic, payload))
        return True


def say(message: str, fallback: str, args: Mapping[str, Any]) -> Text:
    """Say nothing but which message it is."""
    return Text(message, fallback)


class Room:
    """One centre, its store, and the time in it."""

    def __init__(self, url: str, *rules: Rule, links: Sequence[Link] = ()) -> None:
        self.url = url
        self.routes: Sequence[Route] = ()
        self.links = tuple(links)
        self.rules = rules
        self.now: Instant = START
        self.bus = Told()
        self.ledger = Ledger(url, "test")
        self.ingest = self.restart()

    def restart(self, clock: SiteClock | None = None) -> Ingest:
        """Start the centre (again) from nothing but its store."""
        self.ingest = Ingest(
            SITE,
            AREAS,
            self.rules,
            store=self.ledger,
            bus=self.bus,
            say=say,
            clock=clock or SiteClock(START - DAY, START - DAY),
            now=lambda: self.now,
            links=Links(self.links),
            routes=self.routes,
        )
        self.ingest.recover()
        return self.ingest

    def send(self, *messages: tuple[str, Any]) -> None:
        """Send (area/thing/leaf, payload) in one batch."""
        self.ingest.batch(
            [
                Message(
                    rest if rest.startswith("ioc") else f"ioc/{SITE}/{rest}",
                    payload if isinstance(payload, bytes) else orjson.dumps(payload),
                    self.now,
                )
                for rest, payload in messages
            ]
        )

    def rain(self, *pairs: tuple[float, float], thing: str = "rain-01") -> None:
        """Send rainfall as (minutes since the start, mm/h) in one pack, once it is time."""
        self.now = max(self.now, *(START + round(m * MINUTE) for m, _ in pairs), START)
        self.send(
            (
                f"muong-ang/{thing}/data",
                [
                    {"n": "rainfall", "u": "mm/h", "t": (START + m * MINUTE) / SECOND, "v": v}
                    for m, v in pairs
                ],
            )
        )

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the store."""
        with closing(connect(self.url, name="test")) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def alerts(self) -> list[dict[str, Any]]:
        """Give all alerts, oldest first."""
        return [body for (body,) in self.rows("select body from alert order by raised_at, id")]

    def incidents(self) -> list[dict[str, Any]]:
        """Give all incidents, oldest first."""
        return [body for (body,) in self.rows("select body from incident order by seq")]


@pytest.fixture
def room(migrated_url: str) -> Iterator[Room]:
    """A room with rules of heavy rain and of silence."""
    made = Room(migrated_url, rule(), silence())
    made.send(("muong-ang/rain-01/about", ABOUT))
    yield made
    made.ledger.close()
