"""Fifty walls over a kill -9 of their server, while alerts are raised: who misses what."""

import asyncio
import json
import os
import random
import signal
import statistics
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Final

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from tests.end_to_end.demo import API, Demo, until
from tests.end_to_end.follower import DURABLE, Follower
from tests.end_to_end.sensor import RAIN_GAUGE, Sensors, topic

ASKED: Final = {"board": "wall", "indicators": ["*"], "tasks": True}
"""What the browser's wall asks for."""
_FIRST_S: Final = 0.5
_LONGEST_S: Final = 15.0


@dataclass
class Wall:
    """One client that comes back as the browser's does: with a delay that doubles and is spread."""

    url: str
    token: str
    chance: random.Random
    seq: int | None = None
    began: int = 0
    snapshots: int = 0
    connections: int = 0
    seqs: list[int] = field(default_factory=list)
    heard: list[float] = field(default_factory=list)
    """When each connection had its first word behind the hello."""

    async def live(self) -> None:
        """Follow the stream until cancelled."""
        attempt = 0
        while True:
            try:
                async with connect(self.url, proxy=None, max_size=None) as line:
                    said: dict[str, Any] = {"token": self.token, "subscribe": ASKED}
                    if self.seq is not None:
                        said["after"] = self.seq
                    await line.send(json.dumps(said))
                    new = True
                    async for text in line:
                        attempt = 0
                        frame = json.loads(text)
                        if new and frame["kind"] != "hello":
                            new = False
                            self.connections += 1
                            self.heard.append(time.perf_counter())
                        self._keep(frame)
            except (OSError, WebSocketException):
                pass  # the server is away
            attempt += 1
            full = min(_LONGEST_S, _FIRST_S * 2 ** (attempt - 1))
            await asyncio.sleep(full / 2 + self.chance.random() * full / 2)

    def _keep(self, frame: dict[str, Any]) -> None:
        kind = frame["kind"]
        if kind == "snapshot":
            self.snapshots += 1
            self.began = frame["seq"]
        elif kind in DURABLE:
            self.seqs.append(frame["seq"])
        if kind in ("snapshot", "tick", *DURABLE):
            self.seq = frame["seq"]


class Crowd:
    """Walls on an event loop of their own."""

    def __init__(self, demo: Demo, count: int) -> None:
        told = demo.told
        url = f"{told['url'].replace('http', 'ws', 1)}{API}/stream"
        self.walls = [
            Wall(url, told["display_token"], random.Random(number)) for number in range(count)
        ]
        self._loop = asyncio.new_event_loop()
        self._tasks: list[asyncio.Task[None]] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        self._tasks = [self._loop.create_task(wall.live()) for wall in self.walls]
        self._loop.run_until_complete(asyncio.gather(*self._tasks, return_exceptions=True))

    def end(self) -> None:
        """Let all go."""
        for task in self._tasks:
            self._loop.call_soon_threadsafe(task.cancel)
        self._thread.join()


class Rain:
    """Raises one alert after another."""

    def __init__(self, sensors: Sensors, gauges: list[str], pause_s: float) -> None:
        self.raised = 0
        self._sensors, self._gauges, self._pause = sensors, gauges, pause_s
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        for gauge in self._gauges:
            payload = [{"n": "rainfall", "u": "mm/h", "v": 80.0, "t": round(time.time(), 3)}]
            self._sensors.send(topic(gauge, "data"), json.dumps(payload).encode())
            self.raised += 1
            time.sleep(self._pause)

    def wait_for(self, count: int) -> None:
        """Wait until so many were raised."""
        until(lambda: self.raised >= count, f"{count} alerts")


def restarted(demo: Demo, count: int, alerts: int) -> dict[str, Any]:
    """Kill the server of many walls once; give gaps, doubles, and seconds until each was back."""
    gauges = [f"rain-walls-{number:03}" for number in range(alerts)]
    with Sensors(demo.told["mqtt"]) as sensors:
        for gauge in gauges:
            sensors.send(topic(gauge, "about"), json.dumps(RAIN_GAUGE).encode(), retain=True)
        sensors.settle()
        crowd = Crowd(demo, count)
        try:
            until(lambda: all(one.snapshots for one in crowd.walls), "every wall's snapshot")
            rain = Rain(sensors, gauges, 0.05)
            rain.wait_for(alerts // 4)
            pid = demo.pids()["serve"]
            killed = time.perf_counter()
            os.kill(pid, signal.SIGKILL)
            until(lambda: demo.pids()["serve"] != pid, "another server")
            until(lambda: all(one.connections > 1 for one in crowd.walls), "every wall back")
            rain.wait_for(alerts)
            sensors.settle()
            with demo.visitor() as display:
                until(lambda: all(display.alerts_of(gauges).values()), "every alert")
            told = demo.told
            first = min(one.began for one in crowd.walls)
            with Follower(told["url"], told["display_token"], ASKED, first) as log:
                log.wait_for_seq(1 + max(one.seq or 0 for one in crowd.walls))
                last = log.events()[-1]["seq"]
                until(lambda: all((one.seq or 0) >= last for one in crowd.walls), "all told")
                logged = [event["seq"] for event in log.events() if event["seq"] <= last]
        finally:
            crowd.end()
    return _judged(crowd.walls, logged, last, killed)


def _judged(walls: list[Wall], logged: list[int], last: int, killed: float) -> dict[str, Any]:
    missing = doubled = 0
    for wall in walls:
        wanted = [seq for seq in logged if seq > wall.began]
        heard = [seq for seq in wall.seqs if seq <= last]
        missing += len(set(wanted) - set(heard))
        doubled += len(heard) - len(set(heard))
    back = sorted(next(at for at in wall.heard if at > killed) - killed for wall in walls)
    return {
        "walls": len(walls),
        "events_each": len(logged),
        "missing": missing,
        "doubled": doubled,
        "snapshots_again": sum(wall.snapshots - 1 for wall in walls),
        "first_back_s": round(back[0], 2),
        "median_back_s": round(statistics.median(back), 2),
        "last_back_s": round(back[-1], 2),
    }
