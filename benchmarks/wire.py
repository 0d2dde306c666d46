"""MQTT 3.1.1 over a bare socket, for frames of equal length: too cheap to be what is measured.

Frames are written and read by the hundred as arrays, so that neither sender nor receiver spends
a microsecond on a message. Each runs in a process of its own.
"""

import multiprocessing
import os
import socket
import struct
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Final

import numpy as np
import numpy.typing as npt

WINDOW: Final = 4_000
"""Messages a sender has on their way, unconfirmed."""

_JOINED: Final = 250
_CHUNK: Final = 1 << 20
_PUBLISH: Final = 0x32
_PUBACK: Final = 4
"""Bytes of one."""

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Login:
    """Where a broker is and as whom to speak to it."""

    port: int
    user: str
    password: str
    host: str = "127.0.0.1"


def _field(text: str) -> bytes:
    raw = text.encode()
    return struct.pack(">H", len(raw)) + raw


def _frame(head: int, body: bytes) -> bytes:
    length, left = bytearray(), len(body)
    while True:
        left, low = divmod(left, 128)
        length.append(low | (0x80 if left else 0))
        if not left:
            return bytes([head]) + bytes(length) + body


def connect(login: Login, client_id: str, *, clean: bool) -> socket.socket:
    """Log in.

    Raises:
        ConnectionError: the broker refuses.
    """
    line = socket.create_connection((login.host, login.port), timeout=60)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    body = _field("MQTT") + bytes([4, 0xC2 if clean else 0xC0]) + struct.pack(">H", 0)
    body += _field(client_id) + _field(login.user) + _field(login.password)
    line.sendall(_frame(0x10, body))
    answer = line.recv(4)
    if len(answer) != 4 or answer[3] != 0:
        raise ConnectionError(f"the broker refused {login.user}: {answer!r}")
    return line


def publication(topic: str, payload: bytes) -> bytes:
    """Write a PUBLISH of QoS 1, its number still to be filled in."""
    return _frame(_PUBLISH, _field(topic) + b"\x00\x00" + payload)


def number_at(frame: bytes) -> int:
    """Find where a PUBLISH has its number."""
    start = 1
    while frame[start] & 0x80:
        start += 1
    start += 1
    return start + 2 + int.from_bytes(frame[start : start + 2])


def joined(frames: Sequence[bytes]) -> list[bytes]:
    """Number frames of equal length and join them by the hundred.

    Raises:
        ValueError: they are not of equal length.
    """
    length = len(frames[0])
    if any(len(frame) != length for frame in frames):
        raise ValueError("frames differ in length")
    block = np.frombuffer(b"".join(frames), np.uint8).reshape(-1, length).copy()
    at = number_at(frames[0])
    numbers = (np.arange(len(frames)) % 65_535 + 1).astype(">u2")
    block[:, at : at + 2] = numbers.view(np.uint8).reshape(-1, 2)
    return [block[start : start + _JOINED].tobytes() for start in range(0, len(block), _JOINED)]


def send(line: socket.socket, frames: Sequence[bytes]) -> None:
    """Send everything and return when the broker has confirmed all of it.

    Raises:
        ConnectionError: the broker went away.
    """
    unconfirmed = rest = 0
    for part in joined(frames):
        line.sendall(part)
        unconfirmed += len(part) // len(frames[0])
        while unconfirmed > WINDOW:
            came, rest = _confirmed(line, rest)
            unconfirmed -= came
    while unconfirmed:
        came, rest = _confirmed(line, rest)
        unconfirmed -= came


def _confirmed(line: socket.socket, rest: int) -> tuple[int, int]:
    came = line.recv(_CHUNK)
    if not came:
        raise ConnectionError("the broker closed the connection")
    return divmod(rest + len(came), _PUBACK)


def receive(line: socket.socket, filters: str, count: int, told: Connection) -> None:
    """Subscribe, say so, then acknowledge ``count`` publications of one length as they come.

    Raises:
        ConnectionError: the broker went away, or refuses the subscription.
        ValueError: something else came.
    """
    line.sendall(_frame(0x82, b"\x00\x01" + _field(filters) + b"\x01"))
    answer = line.recv(5)
    if answer[:1] != b"\x90" or answer[4] != 1:
        raise ConnectionError(f"the broker refused {filters}: {answer!r}")
    told.send("subscribed")
    buffer = bytearray()
    length = at = heard = 0
    while heard < count:
        chunk = line.recv(_CHUNK)
        if not chunk:
            raise ConnectionError("the broker closed the connection")
        buffer += chunk
        if not length:
            if len(buffer) < 512:
                continue
            at = number_at(bytes(buffer[:512]))
            length = _length(buffer)
        whole = len(buffer) // length
        if not whole:
            continue
        block = np.frombuffer(bytes(buffer[: whole * length]), np.uint8).reshape(whole, length)
        if not ((block[:, 0] & 0xF7) == _PUBLISH).all():
            raise ValueError("frames of another kind or length came")
        answers = np.empty((whole, _PUBACK), np.uint8)
        answers[:, 0], answers[:, 1] = 0x40, 2
        answers[:, 2:] = block[:, at : at + 2]
        line.sendall(answers.tobytes())
        del buffer[: whole * length]
        heard += whole


def _length(buffer: bytearray) -> int:
    length = shift = 0
    for place in range(1, 5):
        length |= (buffer[place] & 0x7F) << shift
        if buffer[place] < 0x80:
            return place + 1 + length
        shift += 7
    raise ValueError("no frame")


@dataclass(slots=True)
class Aside:
    """A sender or receiver in a process of its own."""

    process: Any
    pipe: Connection

    def wait(self) -> Any:  # noqa: ANN401 - whatever it says
        """Wait for its next word.

        Raises:
            RuntimeError: it has failed.
        """
        while not self.pipe.poll(1.0):
            if not self.process.is_alive() and not self.pipe.poll():
                raise RuntimeError("it ended without a word")
        said = self.pipe.recv()
        if isinstance(said, Exception):
            raise RuntimeError(str(said)) from said  # noqa: TRY004 - it is what was said
        return said

    def processor_s(self) -> float:
        """Give the processor time it says it used."""
        return float(self.wait())

    def go(self) -> None:
        """Let it begin."""
        self.pipe.send("go")


def _sender(pipe: Connection, login: Login, name: str, frames: Sequence[bytes]) -> None:
    try:
        line = connect(login, name, clean=True)
        pipe.send("ready")
        pipe.recv()
        began = time.process_time()
        send(line, frames)
        pipe.send(time.process_time() - began)
        line.sendall(b"\xe0\x00")
    except (OSError, ValueError) as error:
        pipe.send(error)


def _receiver(pipe: Connection, login: Login, name: str, filters: str, count: int) -> None:
    try:
        line = connect(login, name, clean=False)
        began = time.process_time()
        receive(line, filters, count, pipe)
        pipe.send(time.process_time() - began)
        line.sendall(b"\xe0\x00")
        line.close()
        connect(login, name, clean=True).sendall(b"\xe0\x00")  # its session ends here
        pipe.send("forgotten")
    except (OSError, ValueError) as error:
        pipe.send(error)


@contextmanager
def aside(target: Any, *arguments: Any) -> Iterator[Aside]:  # noqa: ANN401 - a process's function
    """Run a sender or receiver beside us."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=target, args=(theirs, *arguments), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Aside(process, ours)
        process.join(30)
    finally:
        process.kill()
        process.join()
        ours.close()


def sending(login: Login, frames: Sequence[bytes]) -> Any:  # noqa: ANN401 - a context of `Aside`
    """Prepare a sender; it says ``ready``, waits for `go`, and says its processor seconds."""
    return aside(_sender, login, f"bench-send-{os.urandom(4).hex()}", list(frames))


def receiving(login: Login, filters: str, count: int) -> Any:  # noqa: ANN401 - as above
    """Prepare a receiver; it says ``subscribed``, its processor seconds, and ``forgotten``."""
    return aside(_receiver, login, f"bench-hear-{os.urandom(4).hex()}", filters, count)
