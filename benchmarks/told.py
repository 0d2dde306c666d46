"""A running demo, seen from outside: how soon it tells, and what a kill -9 costs."""

import json
import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx2

from benchmarks.parts import cuts
from tests.end_to_end.demo import Demo, until
from tests.end_to_end.follower import Follower, Frame
from tests.end_to_end.sensor import RAIN_GAUGE, RIVER_GAUGE, Sensors, about, topic

KILLED: Final = ("ingest", "serve", "broker", "database")


class Timed(Follower):
    """Notes when each frame came."""

    def __init__(self, url: str, token: str, subscribe: Mapping[str, Any]) -> None:
        self.came: list[tuple[float, Frame]] = []
        super().__init__(url, token, subscribe)

    def _keep(self, frame: Frame) -> None:
        self.came.append((time.perf_counter(), frame))
        super()._keep(frame)


@contextmanager
def demo() -> Iterator[Demo]:
    """Run a demo of the simulated province."""
    with tempfile.TemporaryDirectory(prefix="ioc-bench-") as folder:
        made = Demo(Path(folder).resolve() / "data", ("--history", "6h"))
        try:
            made.start()
            yield made
        finally:
            made.end()


def _all(demo: Demo) -> Timed:
    told = demo.told
    asked = {"datastreams": ["*"], "alerts": True, "things": True}
    return Timed(told["url"], told["display_token"], asked)


def alerts(demo: Demo, count: int, pause_s: float) -> dict[str, Any]:
    """Send values over a limit one by one; time each until its alert is on the stream."""
    gauges = [f"river-bench-{no:03}" for no in range(count)]
    sent: dict[str, float] = {}
    with Sensors(demo.told["mqtt"]) as sensors, _all(demo) as stream:
        for gauge in gauges:
            sensors.send(topic(gauge, "about"), json.dumps(RIVER_GAUGE).encode(), retain=True)
        sensors.settle()
        stream.wait(lambda frame: _is_thing(frame, gauges[-1]), "the last gauge")
        for gauge in gauges:
            payload = [{"n": "level", "u": "m", "v": 6.5, "t": round(time.time(), 3)}]
            sent[gauge] = time.perf_counter()
            sensors.send(topic(gauge, "data"), json.dumps(payload).encode())
            time.sleep(pause_s)
        for gauge in gauges:
            stream.wait_for_alert(thing=gauge, rule="river-alarm-3")
        came = {
            frame["data"]["thing"]: at
            for at, frame in reversed(stream.came)
            if frame["kind"] == "alert" and frame["data"]["rule"] == "river-alarm-3"
        }
    return cuts([came[gauge] - sent[gauge] for gauge in gauges])


def _is_thing(frame: Frame, thing: str) -> bool:
    return bool(frame["kind"] == "thing" and frame["data"]["id"] == thing)


def newcomers(demo: Demo, count: int) -> dict[str, Any]:
    """Make things by two publishes; time each until its first value is on the stream."""
    described: list[float] = []
    valued: list[float] = []
    with Sensors(demo.told["mqtt"]) as sensors, _all(demo) as stream:
        for no in range(count):
            gauge = f"rain-bench-new-{no:03}"
            time.sleep(
                0.3
            )  # values are told at once after a quiet moment, else four times a second
            began = time.perf_counter()
            sensors.send(topic(gauge, "about"), json.dumps(RAIN_GAUGE).encode(), retain=True)
            sensors.send(topic(gauge, "data"), b'[{"n":"rainfall","u":"mm/h","v":4.25}]')
            stream.wait_for_value(f"{gauge}/rainfall", 4.25)
            for at, frame in stream.came:
                if _is_thing(frame, gauge):
                    described.append(at - began)
                    break
            valued.append(
                next(
                    at - began
                    for at, frame in stream.came
                    if frame["kind"] == "values" and f"{gauge}/rainfall" in frame["data"]
                )
            )
    return {"thing": cuts(described), "value": cuts(valued)}


class _Count:
    """Publishes 0, 1, 2 … until ended."""

    def __init__(self, sensors: Sensors, thing: str, pause_s: float) -> None:
        self.sent: list[int] = []
        self.start = time.time()
        self._sensors, self._thing, self._pause = sensors, thing, pause_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.wait(self._pause):
            number = len(self.sent)
            at = round(self.start + number / 1000, 3)
            payload = json.dumps([{"n": "count", "t": at, "v": number}]).encode()
            self.sent.append(self._sensors.send(topic(self._thing, "data"), payload))

    def end(self) -> None:
        self._stop.set()
        self._thread.join()
        self._sensors.settle()


def killed(demo: Demo, part: str) -> dict[str, Any]:
    """Kill one process under way; give what is lost and the seconds until values flow again."""
    thing = f"count-bench-{part}"
    key = f"{thing}/count"
    with Sensors(demo.told["mqtt"]) as sensors, _all(demo) as stream:
        sensors.describe(thing, about("counter", {"count": {"unit": "1"}}))
        count = _Count(sensors, thing, 0.005)
        until(lambda: len(count.sent) > 200, "some numbers")
        pid = demo.pids()[part]
        at, number = time.perf_counter(), len(count.sent)
        os.kill(pid, signal.SIGKILL)
        until(lambda: demo.pids()[part] != pid, f"another {part}")
        replaced = time.perf_counter()
        live = _flows_again(stream, key, at, number)
        until(lambda: _is_ready(demo), "all of it ready")
        count.end()
        with demo.visitor() as display:
            wanted = len(count.sent)
            path = f"/things/{thing}/datastreams/count/observations"
            span = {"from": "2000-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z", "limit": 10_000}
            kept: set[float] = set()
            end = time.monotonic() + 60
            while len(kept) < wanted and time.monotonic() < end:
                found = display.sees(path, **span)
                kept = {value for _, value, _ in found["items"]} if found else set()
                time.sleep(0.1)
    return {
        "part": part,
        "acknowledged": wanted,
        "lost": wanted - len(kept),
        "replaced_s": round(replaced - at, 2),
        "live_s": round(live - at, 2),
    }


def _flows_again(stream: Timed, key: str, killed_at: float, number: int) -> float:
    """Wait for a value that was published after the kill; give when it came."""

    def asked() -> float | None:
        for at, frame in reversed(list(stream.came)):
            if at < killed_at:
                return None
            if frame["kind"] == "values" and frame["data"].get(key, (0, -1))[1] > number:
                came = [
                    when
                    for when, other in stream.came
                    if other["kind"] == "values" and other["data"].get(key, (0, -1))[1] > number
                ]
                return came[0]
        return None

    return until(asked, "a number sent after the kill")


def _is_ready(demo: Demo) -> bool:
    try:
        answer = httpx2.get(f"{demo.url}/readyz", timeout=20.0, trust_env=False)
    except httpx2.TransportError:
        return False
    return answer.status_code == 200
