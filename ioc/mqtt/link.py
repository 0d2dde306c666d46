"""The centre's line to the broker: messages arrive in batches and are acknowledged in batches.

paho keeps the connection (handshake, keep-alive, reconnecting, everything outgoing). Only its
reading is replaced: one large ``recv`` and one pass over the buffer instead of one ``recv`` for
each header byte, which is most of paho's cost for a message (docs/decisions/0006).

::

    broker ──▶ network thread (paho) ──bounded queue──▶ take() ─▶ … commit … ─▶ acknowledge()

A message that was taken but not acknowledged comes again, from the broker's session. An
acknowledgement belongs to the connection that delivered: after a reconnect message numbers mean
other messages, so late acknowledgements are dropped.
"""

import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as mqtt
import structlog
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.exception import MalformedPacket

from ioc.centre.ports import Delivery
from ioc.core.wire import Message
from ioc.core.words import Instant

_PUBLISH: Final = 0x30
_PUBACK: Final = 0x40
_QOS: Final = 0x06
_MORE: Final = 0x80
_CHUNK: Final = 1 << 18
_KEEPALIVE_S: Final = 15
_QUEUE_BYTES: Final = 256 << 20
_MOST_BYTES: Final = 4 << 20
"""Of one delivery: a batch of packs stays a matter of a second, and of some megabytes."""

_IN_FLIGHT: Final = 65_535

log = structlog.get_logger("mqtt")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a broker is and as whom to speak to it."""

    host: str
    port: int
    username: str
    password: str

    @classmethod
    def parse(cls, url: str) -> "Address":
        """Read ``mqtt://user:password@host:port``.

        Raises:
            ValueError: it is no such address.
        """
        parts = urlsplit(url)
        if parts.scheme != "mqtt" or not parts.hostname:
            raise ValueError("an MQTT address reads mqtt://user:password@host:port")
        return cls(
            parts.hostname,
            parts.port or 1883,
            unquote(parts.username or ""),
            unquote(parts.password or ""),
        )


class _BatchClient(mqtt.Client):
    """paho's client with another way of reading; see the module."""

    def __init__(self, client_id: str, *, clean: bool, received: Callable[..., None]) -> None:
        super().__init__(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            clean_session=clean,
            protocol=mqtt.MQTTv311,
            manual_ack=True,
        )
        self._received = received
        self._unread = bytearray()

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        sock = self._sock
        if sock is None:
            return MQTTErrorCode.MQTT_ERR_NO_CONN
        try:
            chunk = sock.recv(_CHUNK)
        except BlockingIOError:
            return MQTTErrorCode.MQTT_ERR_SUCCESS
        except OSError:
            chunk = b""
        if not chunk:
            self._unread.clear()
            return self._loop_rc_handle(MQTTErrorCode.MQTT_ERR_CONN_LOST)
        with self._msgtime_mutex:
            self._last_bytes_received = mqtt.time_func()
        self._unread += chunk
        rc = self._frames()
        if rc:
            self._unread.clear()
            return self._loop_rc_handle(rc)
        return MQTTErrorCode.MQTT_ERR_SUCCESS

    def _frames(self) -> MQTTErrorCode:
        """Take every whole frame off the buffer: publications together, the rest to paho."""
        buffer = self._unread
        position = 0
        found: list[tuple[int, bytes, bytes]] = []
        rc = MQTTErrorCode.MQTT_ERR_SUCCESS
        while rc == MQTTErrorCode.MQTT_ERR_SUCCESS:
            start, length = _header(buffer, position)
            end = start + length
            if start == 0 or end > len(buffer):
                break
            command = buffer[position]
            if command & 0xF0 == _PUBLISH:
                if length < 2:
                    rc = MQTTErrorCode.MQTT_ERR_PROTOCOL
                    break
                body = start + 2 + (buffer[start] << 8 | buffer[start + 1])
                if body + 2 * bool(command & _QOS) > end:
                    rc = MQTTErrorCode.MQTT_ERR_PROTOCOL
                    break
                topic = bytes(buffer[start + 2 : body])
                mid = 0
                if command & _QOS:
                    mid = buffer[body] << 8 | buffer[body + 1]
                    body += 2
                found.append((mid, topic, bytes(buffer[body:end])))
            else:
                rc = self._paho(command, bytes(buffer[start:end]))
            position = end
        del buffer[:position]
        if found:
            self._received(found)
        return rc

    def _paho(self, command: int, body: bytes) -> MQTTErrorCode:
        packet = self._in_packet
        packet["command"], packet["packet"] = command, bytearray(body)
        packet["remaining_length"], packet["pos"] = len(body), 0
        try:
            return self._packet_handle()
        except MalformedPacket:
            return MQTTErrorCode.MQTT_ERR_PROTOCOL
        finally:
            packet["command"], packet["packet"] = 0, bytearray()
            packet["remaining_length"] = 0

    def acknowledge(self, mids: Sequence[int]) -> None:
        """Send all PUBACKs in one write."""
        frames = b"".join([struct.pack("!BBH", _PUBACK, 2, mid) for mid in mids])
        self._packet_queue(_PUBACK, frames, 0, 1)


def _header(buffer: bytearray, position: int) -> tuple[int, int]:
    """Read a frame's length: where its body starts (0 while unknown) and how long that is."""
    length = shift = 0
    for place in range(position + 1, min(position + 5, len(buffer))):
        byte = buffer[place]
        length |= (byte & 0x7F) << shift
        if byte < _MORE:
            return place + 1, length
        shift += 7
    return 0, 0


class Link:
    """One client of the broker; see the module.

    Attributes:
        dropped: messages let go because the queue was full; of QoS 1 they come again.
        resent: messages that came again while they still waited here.
        connects: how often a connection was made.
    """

    def __init__(  # noqa: PLR0913 - how a client of a broker is made
        self,
        address: Address,
        client_id: str,
        filters: Sequence[tuple[str, int]],
        *,
        now: Callable[[], Instant],
        clean: bool = False,
        capacity: int = 100_000,
        settle_s: float = 0.0,
    ) -> None:
        """Prepare; nothing is sent before ``start``.

        Args:
            address: the broker.
            client_id: fixed, so that the session is found again; a secret on some brokers.
            filters: topic filter and QoS to subscribe to at each connection.
            now: the site's clock, for the receipt.
            clean: forget the session at each connection (for what may be missed).
            capacity: messages held for ``take``.
            settle_s: how long to gather before the first delivery of a session that goes on: what
                was delivered to our predecessor and not acknowledged comes last, though it was
                first, and one large delivery puts it in its place again.
        """
        self._address = address
        self._filters = list(filters)
        self._now = now
        self._capacity = capacity
        self._queue: deque[tuple[int, Message]] = deque()
        self._ready = threading.Condition()
        self._connection = 0
        self._connected = False
        self._outstanding: set[int] = set()
        self._bytes = 0
        self._settle_s = settle_s
        self._settles_at = 0.0
        self._settled = True
        self.dropped = 0
        self.resent = 0
        self.connects = 0
        self._client = _BatchClient(client_id, clean=clean, received=self._receive)
        self._client.username_pw_set(address.username, address.password)
        self._client.max_inflight_messages_set(_IN_FLIGHT)
        self._client.max_queued_messages_set(_IN_FLIGHT)
        self._client.reconnect_delay_set(1, 5)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect

    @property
    def connected(self) -> bool:
        """Tell whether the broker has accepted us and not gone since."""
        return self._connected

    def start(self) -> None:
        """Connect, and keep connecting, on a thread of its own."""
        self._client.connect_async(self._address.host, self._address.port, _KEEPALIVE_S)
        self._client.loop_start()

    def stop(self) -> None:
        """Say goodbye and end the thread."""
        self._client.disconnect()
        self._client.loop_stop()
        with self._ready:
            self._ready.notify_all()
        log.info("gone", resent=self.resent, dropped=self.dropped)

    def take(self, timeout: float, most: int = 20_000) -> Delivery:
        """Wait for messages at most ``timeout`` seconds and take what is there."""
        with self._ready:
            if not self._queue:
                self._ready.wait(timeout)
            taken: list[tuple[int, Message]] = []
            size = 0
            settling = self._settles_at - time.monotonic()
            if settling > 0:
                self._settled = False
                self._ready.wait(min(timeout, settling))
                return Delivery([], [], self._connection)
            bounded, self._settled = self._settled, True
            while self._queue and not (bounded and (len(taken) >= most or size >= _MOST_BYTES)):
                taken.append(self._queue.popleft())
                size += len(taken[-1][1].payload)
            self._bytes -= size
            connection = self._connection
        return Delivery(
            [message for _, message in taken], [mid for mid, _ in taken if mid], connection
        )

    def waiting(self) -> int:
        """Count the messages not yet taken."""
        return len(self._queue)

    def acknowledge(self, delivery: Delivery) -> None:
        """Tell the broker that these need not come again; call it after the commit."""
        with self._ready:  # a reconnect must not come between the look and the frames
            if delivery.mids and self._connected and delivery.connection == self._connection:
                self._outstanding.difference_update(delivery.mids)
                self._client.acknowledge(delivery.mids)

    def publish(self, topic: str, payload: bytes, *, qos: int = 0, retain: bool = False) -> bool:
        """Hand a message to the network thread; tell whether it was taken."""
        if qos == 0 and not self._connected:
            return False
        return self._client.publish(topic, payload, qos, retain).rc in (
            MQTTErrorCode.MQTT_ERR_SUCCESS,
            MQTTErrorCode.MQTT_ERR_NO_CONN,  # queued by paho until the broker is back
        )

    def _receive(self, found: list[tuple[int, bytes, bytes]]) -> None:
        now = self._now()
        with self._ready:
            for mid, topic, payload in found:
                if mid and mid in self._outstanding:
                    self.resent += 1  # grown impatient, the broker sends again what waits here
                    continue
                if len(self._queue) >= self._capacity or self._bytes >= _QUEUE_BYTES:
                    self.dropped += 1
                    continue
                if mid:
                    self._outstanding.add(mid)
                self._bytes += len(payload)
                self._queue.append((mid, Message(topic.decode(errors="replace"), payload, now)))
            self._ready.notify()

    def _on_connect(self, client: mqtt.Client, *told: Any) -> None:  # noqa: ANN401 - paho's callback
        reason = told[2]
        if reason.is_failure:
            log.error("broker refused us", reason=str(reason), user=self._address.username)
            return
        if told[1].session_present:
            self._settles_at = time.monotonic() + self._settle_s
        self.connects += 1
        if self._filters:
            client.subscribe(self._filters)
        self._connected = True
        log.info("connected", host=self._address.host, port=self._address.port)

    def _on_disconnect(self, *told: Any) -> None:  # noqa: ANN401 - paho's callback
        if self._connected and told[3].is_failure:
            log.warning("broker is away", reason=str(told[3]))
        with self._ready:
            self._connected = False
            self._connection += 1
            self._queue.clear()
            self._outstanding.clear()
            self._bytes = 0
