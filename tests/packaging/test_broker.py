"""The broker of docker-compose.yml: its own start script, configuration and permissions, for real.

Mosquitto is started from the very files the container mounts, with only the folders moved.
"""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

ROOT = Path(__file__).resolve().parents[2]
PATH = f"{os.environ['PATH']}:/usr/sbin"  # where Debian keeps servers
PASSWORDS = {"centre": "c-secret", "simulate": "s-secret", "developer": "d-secret"}
SENSOR = ("rain-muong-ang-01", "r-secret")

pytestmark = pytest.mark.skipif(
    not (shutil.which("mosquitto", path=PATH) and shutil.which("mosquitto_passwd")),
    reason="Mosquitto is not installed (Debian: apt-get install mosquitto)",
)


@dataclass
class Listener:
    """A client that keeps what it hears."""

    client: Client
    heard: list[tuple[str, bytes]] = field(default_factory=list)

    def expect(self, count: int, within: float = 20.0) -> list[tuple[str, bytes]]:
        until = time.monotonic() + within
        while len(self.heard) < count and time.monotonic() < until:
            time.sleep(0.02)
        return self.heard

    def topics(self) -> set[str]:
        return {topic for topic, _ in self.heard}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[int]:
    """Start the container's own script on a free port; give the port."""
    secrets, run, data = tmp_path / "secrets", tmp_path / "run", tmp_path / "data"
    for folder in (secrets, run, data):
        folder.mkdir()
    for user, password in PASSWORDS.items():
        (secrets / f"mqtt_{user}_password").write_text(password)
    (secrets / "mqtt_things").write_text("# a comment\n" + ":".join(SENSOR) + "\n")
    port = free_port()
    text = (ROOT / "docker/mosquitto.conf").read_text()
    for was, now in (
        ("listener 1883\n", f"listener {port} 127.0.0.1\n"),
        ("/run/broker/passwords", f"{run}/passwords"),
        ("/mosquitto/config/acl", str(ROOT / "docker/mosquitto.acl")),
        ("/mosquitto/data/", f"{data}/"),
    ):
        assert was in text, was
        text = text.replace(was, now)
    if os.geteuid() == 0:
        text += "user root\n"  # else it would give up being root and lose the test's folders
    (tmp_path / "mosquitto.conf").write_text(text)
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            ["/bin/sh", str(ROOT / "docker/broker.sh")],
            env=os.environ
            | {
                "PATH": PATH,
                "SECRETS_DIR": str(secrets),
                "RUN_DIR": str(run),
                "CONFIG": f"{tmp_path}/mosquitto.conf",
            },
            stdout=log,
            stderr=log,
        )
        try:
            wait_for(port, process, tmp_path / "log")
            yield port
        finally:
            process.terminate()
            process.wait(10)


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(400):
        assert process.poll() is None, log.read_text()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"no broker within 20 s: {log.read_text()}")


@contextmanager
def connected(
    port: int, user: str, password: str, *topics: str, name: str = "", qos: int = 1
) -> Iterator[Listener]:
    client = Client(CallbackAPIVersion.VERSION2, client_id=name, clean_session=not name)
    client.username_pw_set(user, password)
    listener = Listener(client)
    ready = threading.Event()

    def note(_: Client, __: object, message: MQTTMessage) -> None:
        listener.heard.append((message.topic, bytes(message.payload)))

    def greet(client: Client, *_: object) -> None:
        if topics:
            client.subscribe([(topic, qos) for topic in topics])
        else:
            ready.set()

    client.on_message = note
    client.on_connect = greet
    client.on_subscribe = lambda *_: ready.set()
    client.connect("127.0.0.1", port)
    client.loop_start()
    try:
        assert ready.wait(10), f"{user} was not let in"
        yield listener
    finally:
        client.disconnect()
        client.loop_stop()


def say(port: int, user: str, password: str, topic: str, payload: bytes = b"x") -> None:
    with connected(port, user, password) as speaker:
        speaker.client.publish(topic, payload, qos=1).wait_for_publish(10)


def test_nobody_without_a_password_is_let_in(broker: int) -> None:
    refused = threading.Event()
    for user, password in (("centre", "wrong"), ("nobody", "x")):
        refused.clear()
        client = Client(CallbackAPIVersion.VERSION2)
        client.username_pw_set(user, password)
        client.on_connect = lambda _, __, ___, code, ____: (
            refused.set() if code.is_failure else None
        )
        client.connect("127.0.0.1", broker)
        client.loop_start()
        assert refused.wait(10)
        client.disconnect()
        client.loop_stop()


def test_a_thing_speaks_for_itself_alone_and_only_the_centre_for_the_centre(broker: int) -> None:
    thing, password = SENSOR
    allowed = {
        f"ioc/dien-bien/muong-ang/{thing}/about": SENSOR,
        f"ioc/dien-bien/muong-ang/{thing}/data": SENSOR,
        "ioc/dien-bien/province/portal-01/data": ("simulate", PASSWORDS["simulate"]),
        "ioc/dien-bien/province/survey-01/records": ("developer", PASSWORDS["developer"]),
        "ioc/dien-bien/_centre/alerts/a1": ("centre", PASSWORDS["centre"]),
        "ioc/dien-bien/_centre/clock": ("centre", PASSWORDS["centre"]),
    }
    denied = [
        ("ioc/dien-bien/muong-ang/rain-muong-ang-02/data", SENSOR),
        (f"ioc/dien-bien/muong-ang/{thing}/other", SENSOR),
        ("ioc/dien-bien/_centre/alerts/a1", SENSOR),
        ("ioc/dien-bien/_centre/alerts/a2", ("simulate", PASSWORDS["simulate"])),
        ("ioc/dien-bien/_centre/alerts/data", ("simulate", PASSWORDS["simulate"])),
        ("ioc/dien-bien/_centre/indicators/about", ("developer", PASSWORDS["developer"])),
        ("ioc/dien-bien/_centre/clock", ("developer", PASSWORDS["developer"])),
    ]
    with connected(broker, "centre", PASSWORDS["centre"], "ioc/#") as ears:
        for topic, (user, secret) in denied:
            say(broker, user, secret, topic)
        for topic, (user, secret) in allowed.items():
            say(broker, user, secret, topic)
        ears.expect(len(allowed))
    assert ears.topics() == set(allowed)
    assert password not in str(ears.heard)


def test_a_sensor_hears_nothing_of_the_others(broker: int) -> None:
    data = "ioc/dien-bien/province/portal-01/data"
    with (
        connected(broker, *SENSOR, "#", "ioc/#", data) as sensor,
        connected(broker, "developer", PASSWORDS["developer"], "ioc/#") as developer,
    ):
        say(broker, "simulate", PASSWORDS["simulate"], data)
        developer.expect(1)
    assert developer.topics() == {data}
    assert sensor.heard == []


def test_what_comes_while_the_reader_is_away_waits_for_it(broker: int) -> None:
    """Mosquitto's defaults keep a thousand of these and drop the rest without a word."""
    many, centre = 5_000, ("centre", PASSWORDS["centre"])
    topic = "ioc/dien-bien/province/portal-01/data"
    with connected(broker, *centre, topic, name="ingest"):
        pass
    with connected(broker, "simulate", PASSWORDS["simulate"]) as speaker:
        sent = [speaker.client.publish(topic, str(no).encode(), qos=1) for no in range(many)]
        sent[-1].wait_for_publish(60)
    with connected(broker, *centre, topic, name="ingest") as reader:
        reader.expect(many, within=60)
    assert [int(payload) for _, payload in reader.heard] == list(range(many))


def test_no_password_is_written_down_or_passed_as_an_argument(broker: int, tmp_path: Path) -> None:
    assert broker
    kept = (tmp_path / "run" / "passwords").read_text()
    assert {line.split(":")[0] for line in kept.split()} == {*PASSWORDS, SENSOR[0], "health"}
    arguments = b"".join(
        path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if readable(path)
    )
    for secret in (*PASSWORDS.values(), SENSOR[1]):
        assert secret not in kept
        assert secret.encode() not in arguments


def readable(path: Path) -> bool:
    try:
        path.read_bytes()
    except OSError:  # it ended meanwhile
        return False
    return True


def test_the_health_check_of_ingest_hears_the_ingest_and_fails_without_a_broker(
    broker: int,
) -> None:
    def check(port: int) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(ROOT / "docker/health.py")],
            env={"IOC_MQTT_URL": f"mqtt://centre:{PASSWORDS['centre']}@127.0.0.1:{port}"},
            stderr=subprocess.PIPE,
            text=True,
        )

    waiting = check(broker)
    with connected(broker, "centre", PASSWORDS["centre"]) as ingest:
        while waiting.poll() is None:
            ingest.client.publish("ioc/dien-bien/_centre/health", b"{}")
            time.sleep(0.05)
    assert (waiting.communicate()[1], waiting.returncode) == ("", 0)
    nobody = check(free_port())
    assert "no broker" in nobody.communicate()[1]
    assert nobody.returncode == 1


@pytest.mark.skipif(not shutil.which("mosquitto_sub"), reason="mosquitto_sub is not installed")
def test_the_health_check_of_the_container_passes(broker: int, tmp_path: Path) -> None:
    done = subprocess.run(
        f"mosquitto_sub -h 127.0.0.1 -p {broker} -t $SYS/broker/uptime -C 1 -W 5".split(),
        env=os.environ | {"XDG_CONFIG_HOME": str(tmp_path / "run")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "seconds" in done.stdout) == (0, True), done
