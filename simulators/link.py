"""The simulators' line to the broker: QoS 1, a bounded window, and no promise before the PUBACK.

`publish` waits while the window is full, so nothing piles up here when the broker is slow or
away; what was sent and not acknowledged is sent again by paho after it reconnects. Sending twice
does no harm: the centre keeps one value for a datastream and a time.
"""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as mqtt
import structlog
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

WINDOW: Final = 256
"""Messages sent and not acknowledged, at the most."""

_KEEPALIVE_S: Final = 15
_ROOM: Final = 65_535

log = structlog.get_logger("simulators")


class Stopped(Exception):  # noqa: N818 - not an error: somebody asked for it
    """The work was asked to stop while it waited for the broker."""


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker says for us when we are gone."""

    topic: str
    payload: bytes


class Link:
    """One connection to the broker; see the module.

    Attributes:
        sent: messages handed to the network.
        connects: how often a connection was made.
    """

    def __init__(
        self, url: str, client_id: str, *, stop: threading.Event, will: Will | None
    ) -> None:
        """Prepare; nothing is sent before ``start``.

        Args:
            url: ``mqtt://user:password@host:port``.
            client_id: unlike that of any other client of the broker.
            stop: ends every waiting with `Stopped`.
            will: published, retained, when we are gone without a goodbye.

        Raises:
            ValueError: the address is no such address.
        """
        parts = urlsplit(url)
        if parts.scheme != "mqtt" or not parts.hostname:
            raise ValueError("an MQTT address reads mqtt://user:password@host:port")
        self._host, self._port = parts.hostname, parts.port or 1883
        self._stop = stop
        self._lock = threading.Condition()
        self._waiting: set[int] = set()
        self._early: set[int] = set()
        self._connected = False
        self._refused = ""
        self._heard: dict[str, Callable[[bytes], None]] = {}
        self._hello: dict[str, bytes] = {}
        self._leaving = False
        self.sent = 0
        self.connects = 0
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=client_id, protocol=mqtt.MQTTv311
        )
        if parts.username is not None:
            client.username_pw_set(unquote(parts.username), unquote(parts.password or ""))
        if will is not None:
            client.will_set(will.topic, will.payload, qos=1, retain=True)
        client.max_inflight_messages_set(_ROOM)
        client.max_queued_messages_set(0)
        client.reconnect_delay_set(1, 5)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        self._client = client

    @property
    def connected(self) -> bool:
        """Tell whether the broker has accepted us and not gone since."""
        return self._connected

    def hear(self, topic: str, told: Callable[[bytes], None]) -> None:
        """Have a topic's messages told, on the network's thread; call it before ``start``."""
        self._heard[topic] = told

    def greet(self, topic: str, payload: bytes) -> None:
        """Publish this retained at every connection: a will may have been told meanwhile."""
        self._hello[topic] = payload

    def start(self) -> None:
        """Connect, and keep connecting, on a thread of its own."""
        self._client.connect_async(self._host, self._port, _KEEPALIVE_S)
        self._client.loop_start()

    def connect(self) -> None:
        """Wait until the broker has accepted us.

        Raises:
            Stopped: asked to stop while waiting.
        """
        with self._lock:
            while not self._connected:
                self._pause()

    def cut(self) -> None:
        """Drop the connection without a goodbye, as a torn cable does; it comes back by itself."""
        sock = self._client.socket()
        if isinstance(sock, socket.socket):
            sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Say goodbye, which the will does not outlive, and end the thread."""
        self._leaving = True
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Send at QoS 1; wait while the window is full or the broker away.

        Raises:
            Stopped: asked to stop while waiting.
        """
        with self._lock:
            while len(self._waiting) >= WINDOW or not self._connected:
                self._pause()
        told = self._client.publish(topic, payload, 1, retain)
        if told.rc not in (MQTTErrorCode.MQTT_ERR_SUCCESS, MQTTErrorCode.MQTT_ERR_NO_CONN):
            raise ValueError(f"{topic}: {mqtt.error_string(told.rc)}")
        self.sent += 1
        with self._lock:
            if told.mid in self._early:
                self._early.discard(told.mid)
            else:
                self._waiting.add(told.mid)

    def say(self, topic: str, payload: bytes) -> None:
        """Send retained without waiting for room, and greet with it from now on."""
        self._hello[topic] = payload
        mid = self._client.publish(topic, payload, 1, retain=True).mid
        with self._lock:
            if mid in self._early:
                self._early.discard(mid)
            else:
                self._waiting.add(mid)

    def drain(self, timeout: float | None = None) -> bool:
        """Wait until everything sent is acknowledged; tell whether it is.

        Raises:
            Stopped: asked to stop while waiting, unless there is a timeout.
        """
        with self._lock:
            if timeout is not None:
                return self._lock.wait_for(lambda: not self._waiting, timeout)
            while self._waiting:
                self._pause()
        return True

    def _pause(self) -> None:
        if self._stop.is_set():
            raise Stopped
        self._lock.wait(0.2)

    def _on_publish(self, _client: mqtt.Client, _data: Any, mid: int, *_: Any) -> None:  # noqa: ANN401
        with self._lock:
            if mid in self._waiting:
                self._waiting.discard(mid)
                if len(self._waiting) in (0, WINDOW - 1, WINDOW // 2):
                    self._lock.notify_all()
            else:
                self._early.add(mid)  # acknowledged before `publish` came back

    def _on_connect(self, client: mqtt.Client, *told: Any) -> None:  # noqa: ANN401
        reason = told[2]
        if reason.is_failure:
            if self._refused != str(reason):
                self._refused = str(reason)
                log.error("broker refused us", reason=self._refused, host=self._host)
            return
        self._refused = ""
        self.connects += 1
        for topic in self._heard:
            client.subscribe(topic, 1)
        with self._lock:
            greeted = [
                client.publish(topic, hello, 1, retain=True).mid
                for topic, hello in self._hello.items()
            ]
            self._waiting.update(greeted)
            self._connected = True
            self._lock.notify_all()
        log.info("connected", host=self._host, port=self._port)

    def _on_disconnect(self, *told: Any) -> None:  # noqa: ANN401
        if self._connected and not self._leaving:
            log.warning("broker is away", reason=str(told[3]))
        self._connected = False

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:  # noqa: ANN401
        told = self._heard.get(message.topic)
        if told is not None:
            told(bytes(message.payload))
