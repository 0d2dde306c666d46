"""Bounds what the broker keeps for sessions that nobody comes back to.

A QoS 1 session that was left behind keeps every message it asked for. Once the broker's store is
full nobody can publish, and no session can be opened to drain it (seen with 2.15.1). So the stream
that holds messages is told to let go of its oldest before that: those older than the centre would
take, or beyond its share of the store.

The broker has no setting for this, so its native protocol is spoken here: three lines of text, on
the listener at 127.0.0.1, by a user who may ask for nothing else.
"""

import json
import secrets
import socket
from typing import Any, BinaryIO, Final

STREAM: Final = "$MQTT_msgs"
USER: Final = "launcher"

_API: Final = "$JS.API.STREAM"
_TIMEOUT_S: Final = 2.0
_SECOND_NS: Final = 1_000_000_000


class BacklogError(Exception):
    """The broker refused the bound; the text holds its words."""


def permissions() -> str:
    """Give what ``USER`` may do, as the broker's configuration has it."""
    return (
        f'publish: {{ allow: ["{_API}.INFO.{STREAM}", "{_API}.UPDATE.{STREAM}"] }}, '
        'subscribe: { allow: ["_INBOX.>"] }'
    )


def bound_backlog(port: int, password: str, *, most_bytes: int, most_seconds: int) -> None:
    """Tell a broker at 127.0.0.1 how much it may keep for sessions that are away.

    Args:
        port: of its native protocol.
        password: of ``USER``.
        most_bytes: of all such messages together.
        most_seconds: how long one may wait.

    Raises:
        OSError: it does not answer.
        BacklogError: it refuses.
    """
    wanted = {
        "max_bytes": most_bytes,
        "max_age": most_seconds * _SECOND_NS,
        "discard": "old",
    }
    with socket.create_connection(("127.0.0.1", port), timeout=_TIMEOUT_S) as line:
        told = line.makefile("rb")
        told.readline()  # INFO
        login = {"user": USER, "pass": password, "verbose": False, "pedantic": False}
        line.sendall(f"CONNECT {json.dumps(login)}\r\n".encode())
        config = _ask(line, told, f"{_API}.INFO.{STREAM}", None)["config"]
        # A message the broker saw twice within the window is one; it may not outlast the messages.
        window = min(int(config.get("duplicate_window", 0)), most_seconds * _SECOND_NS)
        if any(config.get(name) != value for name, value in wanted.items()):
            config = {**config, **wanted, "duplicate_window": window}
            _ask(line, told, f"{_API}.UPDATE.{STREAM}", config)


def _ask(line: socket.socket, told: BinaryIO, subject: str, body: object) -> dict[str, Any]:
    payload = b"" if body is None else json.dumps(body).encode()
    mark = secrets.token_hex(8)  # of this request alone: a number used twice subscribes once
    inbox = f"_INBOX.{mark}"
    line.sendall(f"SUB {inbox} {mark}\r\nPUB {subject} {inbox} {len(payload)}\r\n".encode())
    line.sendall(payload + b"\r\n")
    while True:
        said = told.readline()
        if not said:
            raise ConnectionResetError("the broker closed the connection")
        if said.startswith(b"PING"):
            line.sendall(b"PONG\r\n")
        elif said.startswith(b"-ERR"):
            raise BacklogError(said.decode("utf-8", "replace").strip())
        elif said.startswith(b"MSG "):
            answer: dict[str, Any] = json.loads(told.read(int(said.split()[-1]) + 2))
            if "error" in answer:
                raise BacklogError(f"{subject}: {answer['error']}")
            return answer
