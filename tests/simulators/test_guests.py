"""A plug-in is there when its file is, and what it does wrong is its own affair."""

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path

import orjson
import psutil
import pytest

from ioc.core.clock import SiteClock
from ioc.core.words import SECOND
from simulators import guests
from simulators.check import Grade
from simulators.faults import FaultKind, FaultPlan
from simulators.guests import CRASHES, Guests
from simulators.pace import GATEWAY_KIND, Pace
from tests.simulators.conftest import SmallSite
from tests.simulators.ear import Ear
from tests.simulators.test_pace import NOON

HEAD = """
from simulators.kit import Sited, sensor

@sensor("value", "Cel", every=60, between=(-20, 60), resolution=0.1, vi="Nhiệt độ", en="Heat"{more})
def {name}(at, noise, thing, world):
    '''A thermometer in the yard of a school.'''
    {body}
"""
GOOD = "return 20 + noise.normal(at, 'scatter', 60)"
BAD = {
    "raises": "raise ValueError('my mistake')",
    "dies": "import os; os._exit(3)",
    "crashes": "import ctypes; ctypes.string_at(0)",
    "hoards": "return [0.0] * 10**10",
    "wrong": "return noise.normal(at, 'x', 60)[:3]",
    "connects": "import socket; socket.create_connection(('127.0.0.1', 1))",
    "writes": "open('/dev/shm/plugin', 'w')",
    "sleeps": "import time; time.sleep(1_000)",
    "spins": "\n    while True: pass",
}


def plugin(name, body=GOOD, more=""):
    return HEAD.format(name=name, body=body, more=more)


class Played:
    """Plug-ins of a folder against a broker, while a test changes its files."""

    def __init__(self, broker, site, ear, folder, **more):
        self.folder = folder / "plugins"
        self.folder.mkdir()
        self.ear, self.site = ear, site
        self.real = [0]
        clock = SiteClock(epoch=NOON * SECOND, start=0)
        self.pace = Pace(
            broker.url("simulate"),
            folder / "simulate.json",
            history_s=3_600,
            clock=clock,
            plugins=self.folder,
            **more,
        )
        self.stop = threading.Event()
        self._guests = Guests(site, self.pace, now=lambda: self.real[0], stop=self.stop)
        self._guests.start()

    def write(self, name, text):
        fresh = self.folder / f".{name}.new"
        fresh.write_text(text, "utf-8")
        fresh.replace(self.folder / f"{name}.py")

    def close(self):
        self.stop.set()
        self._guests.close()

    def told(self, thing, leaf):
        return [told for topic, told in self.ear.leave(leaf) if f"/{thing}/" in topic]

    def status(self, plugin):
        return self.told(f"plugin-{plugin}", "status")

    def values(self, thing):
        found = []
        for pack in self.told(thing, "data"):
            base = 0
            for record in orjson.loads(pack):
                base = record.get("bt", base)
                found.append((base + record["t"], record["v"]))
        return found

    def wait(self, holds):
        self.ear.wait(lambda _: holds())


@pytest.fixture
def site():
    """A site of each run's own: what one test keeps at the broker, another must not hear."""
    return SmallSite(f"guests-{secrets.token_hex(4)}")


@pytest.fixture
def played(broker, site, ear, tmp_path):
    made = Played(broker, site, ear, tmp_path)
    yield made
    made.close()
    alive = [p for p in psutil.Process().children() if p.status() != psutil.STATUS_ZOMBIE]
    assert [p for p in alive if "simulators.guest" in p.cmdline()] == []


def test_a_dropped_file_is_described_with_history_and_goes_on_live(played):
    played.write("yard", plugin("yard"))
    played.wait(lambda: len(played.values("yard-01")) >= 60)
    (about,) = (json.loads(told) for told in played.told("yard-01", "about"))
    assert about["kind"] == "yard"
    assert about["origin"] == "simulated"
    assert about["via"] == "plugin-yard"
    assert about["name"] == {"vi": "Nhiệt độ", "en": "Heat"}
    assert about["datastreams"]["value"]["resolution"] == 0.1
    gateway = json.loads(played.told("plugin-yard", "about")[0])
    assert gateway["kind"] == GATEWAY_KIND
    played.real[0] = 600 * SECOND
    played.wait(lambda: len(played.values("yard-01")) >= 70)
    times = [at for at, _ in played.values("yard-01")]
    assert {later - sooner for sooner, later in pairwise(times)} == {60}
    assert played.status("yard")[-1] == b"online"


def test_a_changed_file_is_loaded_again_and_tells_nothing_twice(played):
    played.write("yard", plugin("yard"))
    played.wait(lambda: len(played.values("yard-01")) >= 60)
    played.write("yard", plugin("yard", "return 50 + noise.normal(at, 'scatter', 60)"))
    played.wait(lambda: played.status("yard")[1:] == [b"offline", b"online"])
    played.real[0] = 600 * SECOND
    played.wait(lambda: len(played.values("yard-01")) >= 70)
    values = played.values("yard-01")
    assert len({at for at, _ in values}) == len(values)
    assert values[0][1] < 40 < values[-1][1]


def test_a_thing_the_new_version_lacks_is_taken_away(played):
    played.write("yard", plugin("yard", more=", things=(Sited(id='one'), Sited(id='two'))"))
    played.wait(lambda: played.values("one") and played.values("two"))
    played.write("yard", plugin("yard", more=", things=(Sited(id='two'),)"))
    played.wait(lambda: played.told("one", "about")[-1] == b"")
    assert played.told("two", "about")[-1] != b""


def test_a_file_that_goes_away_takes_its_things_with_it(played):
    played.write("yard", plugin("yard"))
    played.wait(lambda: played.values("yard-01"))
    (played.folder / "yard.py").unlink()
    played.wait(lambda: played.told("yard-01", "about")[-1] == b"")
    played.wait(lambda: played.told("plugin-yard", "about")[-1] == b"")


def test_a_mistake_shows_as_offline_and_its_correction_as_online(played):
    played.write("yard", "def broken(:\n")
    played.wait(lambda: played.status("yard")[-1:] == [b"offline"])
    assert json.loads(played.told("plugin-yard", "about")[0])["kind"] == GATEWAY_KIND
    played.write("yard", plugin("yard"))
    played.wait(lambda: played.values("yard-01"))
    assert played.status("yard")[-1] == b"online"


@pytest.mark.parametrize("bad", sorted(BAD))
def test_one_that_fails_does_not_touch_its_neighbour(played, monkeypatch, bad):
    monkeypatch.setattr(guests, "_ANSWER_S", 3.0)
    played.write("yard", plugin("yard"))
    played.wait(lambda: len(played.values("yard-01")) >= 60)
    played.write(bad, plugin(bad, BAD[bad]))
    played.wait(lambda: b"offline" in played.status(bad))
    played.real[0] = 1_200 * SECOND
    played.wait(lambda: len(played.values("yard-01")) >= 80)
    times = [at for at, _ in played.values("yard-01")]
    assert {later - sooner for sooner, later in pairwise(times)} == {60}
    assert set(played.status("yard")) == {b"online"}
    assert played.values(f"{bad}-01") == []


def test_after_five_crashes_it_waits_for_its_file_to_change(played, monkeypatch):
    monkeypatch.setattr(guests, "_LONGEST_WAIT_S", 0.05)
    played.write("raises", plugin("raises", BAD["raises"]))

    def disabled():
        host = played._guests._hosts.get("raises")
        return host is not None and host._crashes == CRASHES and len(played.status("raises")) >= 15

    played.wait(disabled)
    crashed = len(played.status("raises"))
    played.write("yard", plugin("yard"))
    played.wait(lambda: played.values("yard-01"))
    assert len(played.status("raises")) == crashed
    played.write("raises", plugin("raises"))
    played.wait(lambda: played.values("raises-01"))


def test_what_it_prints_is_counted_and_dropped(played, capfd):
    body = "print('x' * 100_000); import os; os.write(2, b'y' * 1_000); return at * 0.0 + 5"
    played.write("prints", plugin("prints", body))
    played.wait(lambda: played.values("prints-01"))
    guest = played._guests._hosts["prints"]._guest
    played.wait(lambda: guest.printed >= 101_000)
    assert "xxx" not in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (", things=tuple(Sited(id=f'f-{n}') for n in range(51))", "51 things"),
        (", things=tuple(Sited(id=f'f-{n}') for n in range(9_000))", "256 KiB"),
        (", things=(Sited(area='atlantis'),)", "no area"),
        (", things=(Sited(id='bus-lgsp-01'),)", "that of the site"),
        (", things=(Sited(id='../other'),)", "not of a-z"),
    ],
)
def test_one_that_declares_too_much_or_what_is_not_its_own_is_refused(played, capsys, more, why):
    played.write("grabs", plugin("grabs", more=more))
    played.wait(lambda: b"offline" in played.status("grabs"))
    assert why in capsys.readouterr().out
    assert played.told("bus-lgsp-01", "about") == []


def test_a_second_plugin_cannot_take_the_things_of_the_first(played):
    played.write("first", plugin("same"))
    played.wait(lambda: played.values("same-01"))
    played.write("second", plugin("same"))
    played.wait(lambda: played.status("second")[-1:] == [b"offline"])
    assert set(played.status("first")) == {b"online"}


def test_faults_and_their_labels_are_for_plugins_too(broker, site, ear, tmp_path):
    plan = FaultPlan(every={FaultKind.STUCK: 1.0})
    truth = tmp_path / "truth.ndjson"
    made = Played(broker, site, ear, tmp_path, faults=plan, truth=truth)
    try:
        made.write("yard", plugin("yard"))
        made.wait(lambda: len(made.values("yard-01")) >= 60)
    finally:
        made.close()
    lines = [json.loads(line) for line in truth.read_text("utf-8").splitlines()]
    assert {line["stream"] for line in lines} == {"yard-01/value"}
    assert {line["kind"] for line in lines} == {"stuck"}


def test_a_plugin_sees_no_secret_of_its_surroundings(played, monkeypatch):
    monkeypatch.setenv("IOC_DATABASE_URL", "postgresql://secret@nowhere/x")
    body = "import os; return at * 0.0 + sum('IOC' in name for name in os.environ)"
    played.write("peeks", plugin("peeks", body))
    played.wait(lambda: played.values("peeks-01"))
    assert os.environ["IOC_DATABASE_URL"]
    assert {value for _, value in played.values("peeks-01")} == {0.0}


def test_an_installed_package_names_its_plugins_as_entry_points(
    broker, site, ear, tmp_path, monkeypatch, judged
):
    installed = tmp_path / "installed"
    told = installed / "far_away-1.0.dist-info"
    told.mkdir(parents=True)
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: far-away\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text("[ioc.simulators]\nfar-away = far_away\n")
    (installed / "far_away.py").write_text(plugin("far_away"), "utf-8")
    monkeypatch.syspath_prepend(str(installed))
    made = Played(broker, site, ear, tmp_path)
    try:
        made.wait(lambda: made.values("far-away-01"))
    finally:
        made.close()
    verdict = judged("far-away", tmp_path)
    assert verdict.grade in (Grade.GOLD, Grade.SILVER)


def test_a_running_simulate_takes_a_plugin_up_and_is_the_same_process_after(broker, tmp_path):
    """`ioc sim new` beside a running `ioc simulate`: a value of it, and no restart of anything."""
    folder = tmp_path / "plugins"
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "IOC_MQTT_URL": broker.url("simulate"),
        "IOC_SITE": "dien-bien",
    }
    program = [sys.executable, "-m", "ioc"]
    listener = Ear(broker, "dien-bien")
    simulate = subprocess.Popen(
        [*program, "simulate", "--state", str(tmp_path / "s.json"), "--plugins", str(folder)],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        listener.wait(lambda _: listener.leave("data"))
        made = [*program, "sim", "new", "pm25", "--plugins", str(folder)]
        subprocess.run(made, env=environment, check=True, capture_output=True, timeout=60)
        listener.wait(lambda _: any("/pm25-01/" in topic for topic, _ in listener.leave("data")))
        assert simulate.poll() is None
        names = {topic.split("/")[3] for topic, told in listener.leave("status") if told}
        assert {"gateway-simulators", "plugin-pm25"} & names
        simulate.send_signal(signal.SIGTERM)
        assert simulate.wait(30) == 0
        last = dict(listener.leave("status"))
        assert last["ioc/dien-bien/province/plugin-pm25/status"] == b"offline"
    finally:
        if simulate.poll() is None:
            simulate.kill()
            simulate.wait()
        for topic in {
            topic for topic, _, _ in listener.messages if topic.endswith(("about", "us"))
        }:
            listener.publish(topic, b"")
        listener.close()
