"""What the supervisor promises of a centre's processes and of its data folder."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg2
import pytest

Start = Callable[..., Any]
Place = Callable[[], Path]
Wait = Callable[[Callable[[], Any], str], Any]


@pytest.fixture(scope="module")
def centre(start: Start, place: Place) -> Any:
    return start(place(), "sleeper").wait_ready()


@pytest.fixture(scope="module")
def used(place: Place) -> Path:
    """One data folder for all tests that start, end and start again; making a cluster is slow."""
    return place()


def keep(centre: Any, word: str) -> None:
    centre.query("create table if not exists kept (word text)")
    centre.query(f"insert into kept values ('{word}')")


def kept(centre: Any, word: str) -> bool:
    return bool(centre.query(f"select word from kept where word = '{word}'"))


def modes(folder: Path) -> dict[str, int]:
    return {str(parent): parent.stat().st_mode for parent in folder.parents}


def test_only_its_own_user_can_read_what_it_keeps(centre: Any):
    assert centre.data.stat().st_mode & 0o777 == 0o700
    private = [*centre.data.glob("*.json"), centre.data / "lock", *centre.data.glob("log/*")]
    private.append(centre.data / "broker" / "nats.conf")
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in private} == {
        path.name: "0o600" for path in private
    }
    assert (centre.data / "database").stat().st_mode & 0o077 == 0
    assert (centre.data / "broker").stat().st_mode & 0o077 == 0


def test_no_secret_stands_on_a_command_line(centre: Any):
    secrets = json.loads((centre.data / "secrets.json").read_text(encoding="utf-8")).values()
    lines = "".join(centre.left())
    assert not [secret for secret in secrets if secret in lines]
    logs = "".join(log.read_text(encoding="utf-8") for log in centre.data.glob("log/*"))
    assert not [secret for secret in secrets if secret in logs]


def test_the_database_takes_its_own_password_only(centre: Any):
    url = centre.demo["database_url"]
    assert centre.query("select current_user, current_setting('is_superuser')") == [("ioc", "off")]
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(url.replace(url.split(":")[2].split("@")[0], "wrong"))


def test_the_broker_takes_its_own_passwords_only(centre: Any, connect: Any):
    at = centre.demo["mqtt"]
    with centre.client("developer") as client:
        assert client.answer == "Success"
    with connect(at["host"], at["port"], "developer", "wrong") as refused:
        assert refused.answer != "Success"


def test_a_folder_in_use_is_refused_and_the_holder_named(centre: Any, start: Start):
    second = start(centre.data)
    assert second.popen.wait() != 0
    assert f"in use by process {centre.popen.pid}" in second.popen.stdout.read()
    assert centre.demo["pid"] == centre.popen.pid


@pytest.mark.parametrize("engine", ["broker", "database"])
def test_an_engine_that_was_killed_comes_back_with_what_it_kept(
    centre: Any, wait_until: Wait, engine: str
):
    topic = f"ioc/test/province/{engine}/about"
    with centre.client("developer") as client:
        client.publish(topic, b"kept", retain=True)
    centre.query(f"create table kept_{engine} (word text)")
    centre.query(f"insert into kept_{engine} values ('kept')")
    before = centre.demo["processes"]

    os.kill(before[engine], signal.SIGKILL)

    wait_until(lambda: centre.demo["processes"][engine] != before[engine], "demo.json rewritten")
    others = {name: pid for name, pid in centre.demo["processes"].items() if name != engine}
    assert others == {name: pid for name, pid in before.items() if name != engine}
    assert any(
        "is back" in line for line in iter(centre.popen.stdout.readline, "") if engine in line
    )
    assert centre.query(f"select word from kept_{engine}") == [("kept",)]
    with centre.client("developer") as client:
        client.subscribe(topic)
        wait_until(lambda: client.heard, "the retained message")
        assert client.heard == [(topic, b"kept", True)]


def test_a_program_that_was_killed_comes_back(centre: Any, wait_until: Wait):
    (before,) = centre.demo["processes"]["sleeper"]
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: centre.demo["processes"]["sleeper"] not in ([], [before]), "another one")


def test_a_guardian_that_was_killed_comes_back(centre: Any, wait_until: Wait):
    def guardians() -> list[str]:
        return [line for line in centre.left() if "guardian" in line]

    (before,) = guardians()
    os.kill(int(before.split()[0]), signal.SIGKILL)
    wait_until(lambda: guardians() not in ([], [before]), "another guardian")


def test_the_next_start_continues_where_the_last_one_ended(
    start: Start, used: Path, wait_until: Wait
):
    data = used
    users, open_before = Path("/etc/passwd").read_bytes(), modes(data)
    first = start(data).wait_ready()
    keep(first, "continues")
    with first.client("developer") as client:
        client.publish("ioc/test/province/it/about", b"kept", retain=True)
    told = first.demo
    assert first.interrupt() == 0
    assert first.left() == []
    assert not (data / "demo.json").exists()

    second = start(data).wait_ready()
    assert {k: second.demo[k] for k in ("mqtt", "users", "database_url")} == {
        k: told[k] for k in ("mqtt", "users", "database_url")
    }
    assert kept(second, "continues")
    with second.client("developer") as client:
        client.subscribe("ioc/test/province/it/about")
        wait_until(lambda: client.heard, "the retained message")
        assert client.heard == [("ioc/test/province/it/about", b"kept", True)]
    assert second.interrupt() == 0
    assert Path("/etc/passwd").read_bytes() == users
    assert modes(data) == open_before


def test_nothing_outlives_a_supervisor_that_was_killed(start: Start, used: Path, wait_until: Wait):
    data = used
    first = start(data, "family", "stubborn").wait_ready()
    keep(first, "outlives")
    busy = psycopg2.connect(first.demo["database_url"])
    first.kill()
    wait_until(lambda: not first.left(), "the end of everything it started")
    busy.close()

    second = start(data).wait_ready()
    assert kept(second, "outlives")
    assert second.interrupt() == 0


def test_the_next_start_ends_what_survived_even_the_guardian(
    start: Start, used: Path, wait_until: Wait
):
    data = used
    first = start(data, "stubborn").wait_ready()
    (stubborn,) = first.demo["processes"]["stubborn"]
    (guardian,) = [line for line in first.left() if "guardian" in line]
    first.popen.send_signal(signal.SIGSTOP)  # it must not replace the guardian
    os.kill(int(guardian.split()[0]), signal.SIGKILL)
    first.kill()
    # The kernel has told the engines to end; the stubborn one does not listen.
    wait_until(lambda: len(first.left()) == 1, "the end of the engines")
    assert first.left()[0].startswith(f"{stubborn} ")

    second = start(data).wait_ready()
    assert not [line for line in second.left() if line.startswith(f"{stubborn} ")]
    assert any("of an earlier run" in line for line in second.said)
    assert second.interrupt() == 0


def test_a_process_that_only_has_the_same_number_is_left_alone(start: Start, used: Path):
    data = used
    first = start(data, "sleeper", "no-database").wait_ready()
    roster = json.loads((data / "processes.json").read_text(encoding="utf-8"))
    assert first.interrupt() == 0
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as innocent:
        for process in roster["processes"]:
            process["pid"] = innocent.pid
        roster["supervisor"]["pid"] = innocent.pid
        owner = data.stat()
        (data / "processes.json").write_text(json.dumps(roster), encoding="utf-8")
        os.chown(data / "processes.json", owner.st_uid, owner.st_gid)
        second = start(data, "no-database").wait_ready()
        assert innocent.poll() is None
        assert second.interrupt() == 0
        assert innocent.poll() is None
        innocent.communicate(b"\n")


def test_a_second_ctrl_c_hurries_a_child_that_will_not_end(start: Start, used: Path):
    centre = start(used, "stubborn", "no-database").wait_ready()
    centre.popen.send_signal(signal.SIGINT)
    centre.popen.send_signal(signal.SIGINT)  # what comes within a second counts as the same
    time.sleep(1.5)
    assert centre.popen.poll() is None
    assert centre.interrupt() == 0  # two minutes before the child would have been killed
    assert centre.left() == []
