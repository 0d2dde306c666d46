"""Real centres under a real supervisor, as whoever runs the tests and as an ordinary user."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import psycopg2
import pytest
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

NOBODY = 65534
PROGRAM = Path(__file__).with_name("centre.py")
ROOT = PROGRAM.parents[2]
WITHIN_S = 40.0


def until(true: Callable[[], Any], what: str) -> Any:
    """Wait for something to come true; how long it takes is nobody's promise."""
    end = time.monotonic() + WITHIN_S
    while not (answer := true()):
        assert time.monotonic() < end, f"not within {WITHIN_S:g} s: {what}"
        time.sleep(0.03)
    return answer


@cache
def ordinary_python() -> tuple[str, dict[str, str]] | str:
    """Find a Python that uid 65534 can run with our packages, or say why there is none."""
    if os.geteuid() != 0:
        return "only root can start programs as another user"
    paths = os.pathsep.join([str(ROOT), sysconfig.get_path("purelib")])
    scripts = os.pathsep.join([sysconfig.get_path("scripts"), os.defpath])
    env = {"PYTHONPATH": paths, "PATH": scripts, "PYTHONDONTWRITEBYTECODE": "1"}
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (sys.executable, f"/usr/bin/{name}", f"/usr/local/bin/{name}"):
        with suppress(OSError):
            tried = subprocess.run(
                [candidate, "-c", "import psycopg2, ioc.embedded.supervisor"],
                env=env,
                user=NOBODY,
                group=NOBODY,
                extra_groups=[],
                cwd="/",
                capture_output=True,
                check=False,
            )
            if tried.returncode == 0:
                return candidate, env
    return f"no {name} that uid {NOBODY} may run with our packages"


@dataclass
class Centre:
    """One run of ``centre.py``."""

    data: Path
    popen: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)

    @property
    def demo(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((self.data / "demo.json").read_text(encoding="utf-8"))
        return told

    def wait_ready(self) -> "Centre":
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            self.said.append(line.rstrip("\n"))
            if line == "ready\n":
                return self
        raise AssertionError(f"it ended with {self.popen.wait()}: {self.said}")

    def interrupt(self) -> int:
        """Press Ctrl-C and wait for the end."""
        self.popen.send_signal(signal.SIGINT)
        return self.popen.wait(WITHIN_S)

    def kill(self) -> None:
        self.popen.kill()
        self.popen.wait()

    def left(self) -> list[str]:
        """Give the command lines of living processes that belong to the data folder."""
        found: list[str] = []
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                here = (entry / "cwd").readlink()
                if str(self.data) in line or here.is_relative_to(self.data):
                    found.append(f"{entry.name} {line}")
        return found

    def query(self, text: str) -> list[Any]:
        connection = psycopg2.connect(self.demo["database_url"], connect_timeout=5)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(text)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def client(self, user: str) -> "Client":
        at = self.demo["mqtt"]
        return Client(at["host"], at["port"], user, self.demo["users"][user])


class Client:
    """An MQTT client that keeps what it hears."""

    def __init__(
        self, host: str, port: int, user: str, password: str, will: str = "", session: str = ""
    ) -> None:
        self.heard: list[tuple[str, bytes, bool]] = []
        self.answer: str | None = None
        self.granted: list[int] = []
        self.closed = False
        self._paho = mqtt.Client(
            CallbackAPIVersion.VERSION2, session, not session, reconnect_on_failure=False
        )
        self._paho.username_pw_set(user, password)
        if will:
            self._paho.will_set(will, b"will", qos=1)
        self._paho.on_connect = lambda _c, _u, _f, code, _p: setattr(self, "answer", str(code))
        self._paho.on_message = self._hear
        self._paho.on_disconnect = lambda *_: setattr(self, "closed", True)
        self._paho.on_subscribe = lambda _c, _u, _m, codes, _p: self.granted.extend(
            code.value for code in codes
        )
        self._paho.connect(host, port)
        self._paho.loop_start()
        until(lambda: self.answer is not None, "an answer of the broker")

    def _hear(self, _client: mqtt.Client, _user: object, message: mqtt.MQTTMessage) -> None:
        self.heard.append((message.topic, bytes(message.payload), message.retain))

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        sent = self._paho.publish(topic, payload, qos=1, retain=retain)
        until(lambda: sent.rc != MQTTErrorCode.MQTT_ERR_SUCCESS or sent.is_published(), topic)

    def subscribe(self, topic: str) -> int:
        before = len(self.granted)
        self._paho.subscribe(topic, qos=1)
        until(lambda: len(self.granted) > before, f"an answer for {topic}")
        return self.granted[-1]

    def topics(self) -> list[str]:
        return [topic for topic, _payload, _retained in self.heard]

    def close(self) -> None:
        self._paho.disconnect()
        self._paho.loop_stop()

    def vanish(self) -> None:
        """End without saying goodbye, so that the will is told."""
        line = self._paho.socket()
        assert isinstance(line, socket.socket)
        line.shutdown(socket.SHUT_RDWR)
        self._paho.loop_stop()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@pytest.fixture(scope="session")
def connect() -> type[Client]:
    """Give what logs in at a broker."""
    return Client


@pytest.fixture(scope="session")
def wait_until() -> Callable[[Callable[[], Any], str], Any]:
    """Give what waits for something to come true."""
    return until


@pytest.fixture(params=["this-user", "ordinary-user"], scope="module")
def who(request: pytest.FixtureRequest) -> str:
    """Run everything as whoever runs the tests, then as an ordinary user."""
    if request.param == "ordinary-user":
        found = ordinary_python()
        if isinstance(found, str):
            pytest.skip(found)
    return str(request.param)


def launch(data: Path, who: str, *arguments: str) -> Centre:
    """Start ``centre.py`` on a data folder."""
    python, env = sys.executable, {**os.environ, "PYTHONPATH": str(ROOT)}
    options: dict[str, Any] = {}
    found = ordinary_python() if who == "ordinary-user" else ""
    if not isinstance(found, str):
        python, env = found
        options = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    return Centre(
        data,
        subprocess.Popen(
            [python, str(PROGRAM), str(data), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=env,
            cwd="/",
            **options,
        ),
    )


@pytest.fixture(scope="module")
def start(who: str) -> Iterator[Callable[..., Centre]]:
    """Give what starts centres; all of them are gone after the module, whatever happened."""
    runs: list[Centre] = []

    def begin(data: Path, *arguments: str) -> Centre:
        runs.append(launch(data, who, *arguments))
        return runs[-1]

    yield begin
    for run in runs:
        if run.popen.poll() is None:
            run.interrupt()
        if run.popen.stdout is not None:
            run.popen.stdout.close()


@pytest.fixture(scope="module")
def place(who: str) -> Iterator[Callable[[], Path]]:
    """Give what makes data folders to be: inside a parent that belongs to who runs."""
    parents: list[Path] = []

    def make() -> Path:
        parent = Path(tempfile.mkdtemp(prefix="ioc-test-"))
        parents.append(parent)
        if who == "ordinary-user":
            os.chown(parent, NOBODY, NOBODY)
        return parent.resolve() / "data"

    yield make
    for parent in parents:
        shutil.rmtree(parent)
