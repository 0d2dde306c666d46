"""kill -9 of any one process, under way: what was acknowledged is kept, told once, and goes on."""

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.demo import Demo, Visitor, until
from tests.end_to_end.follower import Follower
from tests.end_to_end.sensor import RAIN_GAUGE, Sensors, about, topic

GAUGES = 60
"""Each of these is heard once, over its limit."""

EVERY = 10
"""One gauge is heard every so many numbers."""


@dataclass
class Numbers:
    """Publishes 0, 1, 2 … from a thing, and between them one alert after another."""

    sensors: Sensors
    thing: str
    gauges: list[str]
    sent: dict[int, int] = field(default_factory=dict)
    raised: dict[str, int] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)
    start: float = field(default_factory=lambda: round(time.time(), 3))

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._count, daemon=True)
        self.thread.start()

    def _count(self) -> None:
        while not self.stop.wait(0.01):
            number = len(self.sent)
            payload = [{"n": "count", "t": round(self.start + number / 1000, 3), "v": number}]
            self.sent[number] = self.sensors.send(
                topic(self.thing, "data"), json.dumps(payload).encode()
            )
            gauge, rest = divmod(number, EVERY)
            if rest == 0 and gauge < len(self.gauges):
                rain = [{"n": "rainfall", "u": "mm/h", "v": 80.0, "t": payload[0]["t"]}]
                name = self.gauges[gauge]
                self.raised[name] = self.sensors.send(
                    topic(name, "data"), json.dumps(rain).encode()
                )

    def wait_for(self, more: int) -> None:
        """Wait until that many more numbers were sent and confirmed."""
        wanted = len(self.sent) + more
        until(
            lambda: len(self.sent) > wanted and self.sensors.confirmed(self.sent[wanted]),
            f"number {wanted}",
        )

    def end(self) -> None:
        self.stop.set()
        self.thread.join()
        self.sensors.settle()


@pytest.fixture
def counting(
    demo: Demo, display: Visitor, sensors: Sensors, name: Callable[[str], str]
) -> Iterator[Numbers]:
    """Give a count under way, its things described."""
    counter, gauges = name("count"), [f"{name('rain')}-{no:02}" for no in range(GAUGES)]
    sensors.describe(counter, about("counter", {"count": {"unit": "1"}}))
    for gauge in gauges:
        sensors.send(topic(gauge, "about"), json.dumps(RAIN_GAUGE).encode(), retain=True)
    sensors.settle()
    until(lambda: display.sees(f"/things/{gauges[-1]}"), "the things")
    numbers = Numbers(sensors, counter, gauges)
    yield numbers
    numbers.end()


def is_ready(demo: Demo) -> bool:
    try:
        answer = httpx2.get(f"{demo.url}/readyz", timeout=20.0, trust_env=False)
    except httpx2.TransportError:
        return False
    return answer.status_code == 200


@pytest.mark.parametrize("killed", ["ingest", "serve", "broker", "database"])
def test_nothing_acknowledged_is_lost_and_nothing_is_told_twice(
    demo: Demo,
    display: Visitor,
    follow: Callable[..., Follower],
    counting: Numbers,
    killed: str,
):
    stream = follow(alerts=True, things=True, datastreams=[f"{counting.thing}/count"])
    first = stream.frames[1]["seq"]  # of the snapshot, which comes after the hello
    counting.wait_for(50)
    before = demo.pids()
    os.kill(before[killed], signal.SIGKILL)

    after = until(
        lambda: (now := demo.pids())[killed] != before[killed] and now, "demo.json tells anew"
    )
    assert {part for part in after if after[part] != before[part]} == {killed}
    counting.wait_for(100)
    until(lambda: is_ready(demo), "all of it ready again")
    counting.wait_for(GAUGES * EVERY - len(counting.sent) if len(counting.sent) < 600 else 50)
    counting.end()

    def kept() -> list[float] | None:
        asked = f"/things/{counting.thing}/datastreams/count/observations"
        span = {"from": "2000-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z", "limit": 10_000}
        found = display.sees(asked, **span)
        values = [] if found is None else [value for _, value, _ in found["items"]]
        return values if set(counting.sent) <= set(values) else None

    assert until(kept, "every acknowledged number") == list(map(float, counting.sent))
    assert len(counting.raised) == GAUGES

    def raised() -> dict[str, list[dict[str, Any]]] | None:
        found = display.alerts_of(counting.gauges)
        return found if all(found.values()) else None

    alerts = until(raised, "every alert")
    told = {gauge: [alert["rule"] for alert in found] for gauge, found in alerts.items()}
    assert told == {gauge: ["rain-very-heavy"] for gauge in counting.gauges}
    assert {alert["version"] for found in alerts.values() for alert in found} == {1}

    last = max(alert["seq"] for found in alerts.values() for alert in found)
    stream.wait_for_seq(last)
    seqs = [event["seq"] for event in stream.events()]
    assert seqs == sorted(set(seqs)), "in order, each once"
    again = follow(first, alerts=True, things=True)  # the log, read in one go
    again.wait_for_seq(seqs[-1])
    assert seqs == [event["seq"] for event in again.events() if event["seq"] <= seqs[-1]]
    assert (stream.connections > 1) == (killed == "serve")
    assert [frame["kind"] for frame in stream.frames].count("snapshot") == 1


def test_a_wall_says_that_it_is_cut_off_and_goes_on_by_itself(
    demo: Demo, wall: Page, sensors: Sensors, name: Callable[[str], str]
):
    link = wall.locator(".head-trust [data-link]")
    expect(link).to_have_attribute("data-link", "live")
    # What is in a wall's first picture is not new to it: that has to be there before the cut.
    wall.wait_for_selector("[data-thing]")
    serve = demo.pids()["serve"]
    os.kill(serve, signal.SIGSTOP)  # it holds its connections and says nothing more
    expect(link).to_have_attribute("data-link", "lost")
    os.kill(serve, signal.SIGKILL)
    meter = name("snow")
    sensors.describe(meter, about("snow-meter", {"depth": {"unit": "cm"}}))
    sensors.observe(meter, [{"n": "depth", "u": "cm", "v": 3.5}])
    expect(link).to_have_attribute("data-link", "live")
    expect(wall.locator(f'[data-datastream="{meter}/depth"]').first).to_contain_text("3,5")


def test_killed_between_raising_and_telling_it_is_raised_once_and_told_at_least_once(
    demo: Demo, display: Visitor, sensors: Sensors, name: Callable[[str], str]
):
    gauge, apart = name("rain-told"), "muong-nhe"  # far from the others: an incident of its own
    sensors.describe(gauge, {**RAIN_GAUGE, "location": [102.3, 22.35]}, apart)
    sensors.observe(gauge, [{"n": "rainfall", "u": "mm/h", "v": 80.0}], apart)
    alert = display.alert_of(gauge, "rain-very-heavy")
    before = demo.pids()
    with demo.visitor("supervisor") as supervisor:

        def messages() -> list[dict[str, Any]]:
            found = supervisor.sees("/notifications", incident=alert["incident"])
            return [] if found is None else found["items"]

        def told() -> list[dict[str, Any]]:  # others may stand in the same incident
            of_it = [one for one in messages() if alert["id"] in one["alerts"]]
            return [one for one in of_it if one["state"] == "recorded"]

        assert "waiting" in {one["state"] for one in messages()}, "owed"
        assert told() == [], "and not told yet"
        os.kill(before["ingest"], signal.SIGKILL)
        until(lambda: demo.pids()["ingest"] != before["ingest"], "another ingest")
        message = until(told, "its message")[-1]
    assert message["title"]["vi"].startswith("[MÔ PHỎNG] ")
    assert len(display.alerts_of([gauge])[gauge]) == 1
