"""What a maker of sensors has: an MQTT client, topics and JSON. Nothing of ours."""

import json
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from tests.end_to_end.demo import AREA, SITE, WITHIN_S


def topic(thing: str, leaf: str, area: str = AREA) -> str:
    return f"ioc/{SITE}/{area}/{thing}/{leaf}"


def about(
    kind: str,
    datastreams: Mapping[str, Mapping[str, Any]],
    *,
    name: str = "Trạm thử",
    origin: str = "simulated",
    **more: Any,
) -> dict[str, Any]:
    return {
        "kind": kind,
        "name": {"vi": name, "en": "Test station"},
        "location": [103.2541, 21.518],
        "origin": origin,
        "datastreams": datastreams,
        **more,
    }


RAIN_GAUGE = about(
    "rain-gauge", {"rainfall": {"unit": "mm/h", "period": 600, "range": [0, 400]}}, name="Trạm mưa"
)
RIVER_GAUGE = about(
    "river-gauge",
    {"level": {"unit": "m", "period": 600, "range": [-1, 20]}},
    name="Trạm thủy văn",
    limits={"alarm-1": 3.0, "alarm-2": 4.0, "alarm-3": 5.0},
)


class Sensors:
    """One connection to the broker, kept up by paho; what it confirmed is remembered."""

    def __init__(self, at: Mapping[str, Any]) -> None:
        self._confirmed: set[int] = set()
        self._news = threading.Condition()
        self._sent: list[int] = []
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2)
        self._client.username_pw_set(at["username"], at["password"])
        self._client.max_inflight_messages_set(1_000)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_publish = self._note
        self._client.connect(at["host"], at["port"], keepalive=15)
        self._client.loop_start()

    def _note(self, _client: mqtt.Client, _data: Any, mid: int, *_: Any) -> None:
        with self._news:
            self._confirmed.add(mid)
            self._news.notify_all()

    def send(self, topic: str, payload: bytes, *, retain: bool = False) -> int:
        """Hand a message to the network (QoS 1) and give its number; see `confirmed`."""
        mid = self._client.publish(topic, payload, 1, retain).mid
        self._sent.append(mid)
        assert len(self._sent) < 65_000, "numbers would be used again"
        return mid

    def confirmed(self, number: int) -> bool:
        """Tell whether the broker has confirmed a message."""
        return number in self._confirmed

    def settle(self) -> None:
        """Wait until the broker has confirmed everything sent."""
        with self._news:
            assert self._news.wait_for(lambda: self._confirmed.issuperset(self._sent), WITHIN_S), (
                "messages the broker never confirmed"
            )

    def describe(self, thing: str, told: Mapping[str, Any], area: str = AREA) -> None:
        self.send(topic(thing, "about", area), json.dumps(told).encode(), retain=True)
        self.settle()

    def observe(self, thing: str, records: Sequence[Mapping[str, Any]], area: str = AREA) -> None:
        self.send(topic(thing, "data", area), json.dumps(records).encode())
        self.settle()

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def __enter__(self) -> "Sensors":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
