"""A sender too cheap to be what is measured: MQTT 3.1.1, QoS 1, many frames in one write."""

import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

_WINDOW: Final = 4_000
_JOINED: Final = 200
_PUBACK: Final = 0x40


def _length(number: int) -> bytes:
    """Write MQTT's variable length."""
    out = bytearray()
    while True:
        number, low = divmod(number, 128)
        out.append(low | (0x80 if number else 0))
        if not number:
            return bytes(out)


def _field(text: str) -> bytes:
    raw = text.encode()
    return struct.pack(">H", len(raw)) + raw


@dataclass(slots=True)
class Sender:
    """One connection; see `send`."""

    line: socket.socket
    numbered: int = 0
    unconfirmed: int = 0
    rest: bytes = b""

    @classmethod
    def connect(cls, host: str, port: int, user: str, password: str) -> "Sender":
        """Log in.

        Raises:
            ConnectionError: the broker refuses.
        """
        line = socket.create_connection((host, port), timeout=60)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        body = _field("MQTT") + bytes([4, 0xC2]) + struct.pack(">H", 0)
        body += _field("bench-sender") + _field(user) + _field(password)
        line.sendall(b"\x10" + _length(len(body)) + body)
        answer = line.recv(4)
        if len(answer) != 4 or answer[3] != 0:
            raise ConnectionError(f"the broker refused {user}: {answer!r}")
        return cls(line)

    def publish(self, topic: str, payload: bytes) -> bytes:
        """Give the frame of one message, numbered."""
        self.numbered = self.numbered % 65_535 + 1
        body = _field(topic) + struct.pack(">H", self.numbered) + payload
        return b"\x32" + _length(len(body)) + body

    def settle(self, most: int) -> None:
        """Wait until no more than ``most`` messages are unconfirmed.

        Raises:
            ConnectionError: the broker went away.
        """
        while self.unconfirmed > most:
            came = self.line.recv(65_536)
            if not came:
                raise ConnectionError("the broker closed the connection")
            came = self.rest + came
            whole = len(came) // 4  # nothing but PUBACKs of four bytes comes here
            if any(came[at] != _PUBACK for at in range(0, whole * 4, 4)):
                raise ConnectionError(f"not a PUBACK: {came[:8]!r}")
            self.unconfirmed -= whole
            self.rest = came[whole * 4 :]

    def close(self) -> None:
        """Say goodbye."""
        self.line.sendall(b"\xe0\x00")
        self.line.close()


def send(sender: Sender, messages: Iterator[tuple[str, bytes]]) -> None:
    """Send everything and return when the broker has confirmed all of it."""
    while joined := [sender.publish(*message) for message in islice(messages, _JOINED)]:
        sender.line.sendall(b"".join(joined))
        sender.unconfirmed += len(joined)
        sender.settle(_WINDOW)
    sender.settle(0)
