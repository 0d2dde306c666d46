"""Two publishes from any language put a sensor on the wall: nobody asked, nothing restarted."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.demo import AREA, Demo, Visitor, until
from tests.end_to_end.follower import Follower
from tests.end_to_end.sensor import RAIN_GAUGE, Sensors, about, topic


def test_two_publishes_are_in_rest_and_on_the_stream(
    sensors: Sensors,
    follow: Callable[..., Follower],
    display: Visitor,
    name: Callable[[str], str],
):
    gauge = name("rain")
    stream = follow(datastreams=["*"], things=True)
    at = round(time.time(), 3)
    sensors.describe(gauge, RAIN_GAUGE)
    sensors.observe(gauge, [{"n": "rainfall", "u": "mm/h", "v": 12.4, "t": at}])
    told = stream.wait(
        lambda frame: frame["kind"] == "thing" and frame["data"]["id"] == gauge, "the thing"
    )
    assert told["data"]["kind"] == "rain-gauge"
    assert told["data"]["name"]["vi"] == "Trạm mưa"
    assert stream.wait_for_value(f"{gauge}/rainfall", 12.4) == [at, 12.4, "good"]

    kept = until(
        lambda: (thing := display.thing(gauge))["datastreams"][0].get("last") and thing,
        "a value in the registry",
    )
    assert (kept["area"], kept["origin"], kept["described"]) == (AREA, "simulated", True)
    assert kept["location"] == [103.2541, 21.518]
    assert kept["status"] == "online"
    assert kept["datastreams"][0]["last"] == [at, 12.4]
    assert kept["datastreams"][0]["quality"] == "good"
    assert display.observed(gauge, "rainfall") == [[at, 12.4, "good"]]


def test_a_kind_nobody_thought_of_is_on_the_wall_with_its_value_and_origin(
    sensors: Sensors, wall: Page, name: Callable[[str], str]
):
    meter = name("snow")
    depth = {"depth": {"unit": "cm"}}
    sensors.describe(meter, about("snow-meter", depth, name="Trạm tuyết", origin="exercise"))
    sensors.observe(meter, [{"n": "depth", "u": "cm", "v": 7.25}])
    thing = wall.locator(f'[data-thing="{meter}"]').first
    expect(thing).to_be_visible()
    expect(thing).to_contain_text("Trạm tuyết")
    expect(thing.locator('[data-origin="exercise"]')).to_have_text(re.compile("diễn tập", re.I))
    value = wall.locator(f'[data-datastream="{meter}/depth"]').first
    expect(value).to_be_visible()
    expect(value).to_contain_text("7,25")


def test_the_wall_always_says_where_its_data_come_from(wall: Page):
    badge = wall.locator("header [data-origin], ioc-header [data-origin]").first
    expect(badge).to_be_visible()
    assert badge.get_attribute("data-origin") == "simulated"
    assert badge.inner_text().casefold() == "mô phỏng"
    assert "token" not in wall.url, "a display's token leaves the address"


def test_a_thing_nobody_described_is_kept_and_shown_as_such(
    sensors: Sensors, display: Visitor, name: Callable[[str], str]
):
    unknown = name("box")
    sensors.observe(unknown, [{"n": "level", "u": "m", "v": 1.5, "t": 0}])
    thing = display.thing(unknown)
    assert thing["described"] is False
    (kept,) = until(lambda: display.observed(unknown, "level"), "its observation")
    assert kept[1:] == [1.5, "good"]


def test_a_thing_taken_away_is_gone_and_its_observations_stay(
    sensors: Sensors,
    follow: Callable[..., Follower],
    display: Visitor,
    name: Callable[[str], str],
):
    gauge = name("rain")
    sensors.describe(gauge, RAIN_GAUGE)
    sensors.observe(gauge, [{"n": "rainfall", "u": "mm/h", "v": 1.0}])
    until(lambda: display.sees(f"/things/{gauge}"), "the thing")
    stream = follow(things=True)
    sensors.send(topic(gauge, "about"), b"", retain=True)
    stream.wait(
        lambda frame: (
            frame["kind"] == "thing"
            and frame["data"]["id"] == gauge
            and frame["data"].get("removed")
        ),
        "its removal",
    )
    until(lambda: display.ask(f"/things/{gauge}").status_code == 404, "a registry without it")


def test_a_shell_and_mosquitto_pub_are_enough(
    demo: Demo, display: Visitor, name: Callable[[str], str]
):
    program = shutil.which("mosquitto_pub")
    if program is None:
        pytest.skip("mosquitto_pub is not installed")
    gauge, at = name("rain"), demo.told["mqtt"]

    def publish(leaf: str, told: Any, *more: str) -> None:
        subprocess.run(
            [
                *(program, "-h", at["host"], "-p", str(at["port"])),
                *("-u", at["username"], "-P", at["password"]),
                *("-q", "1", "-t", topic(gauge, leaf), *more, "-m", json.dumps(told)),
            ],
            check=True,
            timeout=60,
        )

    publish("about", RAIN_GAUGE, "-r")
    publish("data", [{"n": "rainfall", "u": "mm/h", "v": 3.2}])
    thing = until(
        lambda: (found := display.thing(gauge))["datastreams"][0].get("last") and found, "a value"
    )
    assert thing["datastreams"][0]["last"][1] == 3.2
