"""`ioc sim`: what ships passes, what breaks a promise fails at it, and a first file works."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulators.check import Check, Grade, Verdict
from simulators.registry import discover

ROOT = Path(__file__).resolve().parents[2]

SENSOR = """
import numpy as np
from simulators.kit import sensor

@sensor("value", "Cel", every=60, between=(-20, 60), resolution=0.1, {labels})
def thing_of_mine(at, noise, thing, world):
    {docstring}
    {body}
"""
LABELS = 'vi="Nhiệt độ", en="Temperature"'
DOCSTRING = '"""A thermometer in the yard of a school."""'
GOOD = 'return 20 + 5 * noise.wave(at, "slow") + noise.normal(at, "scatter", 60)'


def plugin(folder, body=GOOD, labels=LABELS, docstring=DOCSTRING):
    path = folder / "mine.py"
    path.write_text(SENSOR.format(body=body, labels=labels, docstring=docstring), "utf-8")
    return str(path)


@pytest.fixture(scope="session")
def failed(judged):
    """What gives the grade of a file and the names of the promises it breaks."""

    def judge(path):
        verdict = judged(path)
        return verdict.grade, [check.name for check in verdict.checks if not check.passed]

    return judge


def ioc(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "ioc", "sim", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("kind", sorted(discover()))
def test_every_simulator_that_ships_keeps_every_promise(kind, judged):
    verdict = judged(kind)
    broken = [check for check in verdict.checks if not check.passed and check.name != "fast"]
    assert broken == []
    assert [check.name for check in verdict.checks] == [
        "loads",
        "repeatable",
        "independent",
        "any order",
        "any sharding",
        "in range",
        "on resolution",
        "at its rate",
        *(["records"] if discover()[kind].records else []),
        "labels",
        "fast",
    ]


def test_a_good_one_is_not_faulted(tmp_path, failed):
    grade, broken = failed(plugin(tmp_path))
    assert set(broken) <= {"fast"}
    assert grade in (Grade.GOLD, Grade.SILVER)


@pytest.mark.parametrize(
    ("body", "promise"),
    [
        ("import random; return at * 0 + random.random()", "repeatable"),
        ("return at % 7", "repeatable"),  # no noise: another seed says the same
        ("return [hash((thing.id, str(t))) % 50 for t in at.tolist()]", "repeatable"),
        ("return np.cumsum(noise.normal(at, 'walk', 60)) / 100", "any order"),
        ("return noise.normal(at, 'x', 60) + len(at) % 5", "any order"),
        ("return noise.normal(at, 'x', 60) + at.mean() % 7", "any order"),
        ("return 200 * noise.normal(at, 'x', 60)", "in range"),
        ("return noise.normal(at, 'x', 60) / 0", "in range"),
        ("return 1e-4 * noise.normal(at, 'x', 60)", "on resolution"),
        ("return np.where(noise.uniform(at, 'x', 60) < 0.5, np.nan, 1.0)", "at its rate"),
        ("raise ValueError('mine')", "loads"),
        ("return noise.normal(at, 'x', 60)[:3]", "loads"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_a_broken_promise_is_found_by_its_name(tmp_path, failed, body, promise):
    grade, broken = failed(plugin(tmp_path, body))
    assert grade is Grade.FAIL
    assert promise in broken


def test_what_one_thing_leaves_behind_for_another_is_found(tmp_path, failed):
    body = "SEEN.add(thing.id); return noise.normal(at, 'x', 60) + len(SEEN)"
    path = Path(plugin(tmp_path, body))
    path.write_text("SEEN = set()\n" + path.read_text("utf-8"), "utf-8")
    grade, broken = failed(str(path))
    assert grade is Grade.FAIL
    assert "independent" in broken


@pytest.mark.parametrize(
    "more",
    [
        {"labels": 'vi="Nhiệt độ", en=""'},
        {"labels": 'vi="Same", en="Same"'},
        {"docstring": '"""Short."""'},
    ],
)
def test_one_nobody_can_read_is_bronze(tmp_path, failed, more):
    grade, broken = failed(plugin(tmp_path, **more))
    assert grade is Grade.BRONZE
    assert set(broken) - {"fast"} == {"labels"}


def test_a_slow_one_is_silver():
    kept = tuple(Check(name, passed=True, detail="") for name in ("loads", "labels"))
    slow = Check("fast", passed=False, detail="")
    assert Verdict("x", kept).grade is Grade.GOLD
    assert Verdict("x", (*kept, slow)).grade is Grade.SILVER


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("def f(:", "mine.py, line 1: SyntaxError"),
        ("x = 1", "declares no simulator"),
        ("import nosuchmodule", "mine.py, line 1: ModuleNotFoundError"),
        ("import socket; socket.create_connection(('127.0.0.1', 1))", "has no network"),
        ("import subprocess; subprocess.run(['id'])", "starts no programs"),
        ("open('/dev/shm/mine', 'w')", "writes no files"),
        ("x = [0] * 10**12", "mine.py, line 1: MemoryError"),
        ("import os; os._exit(0)", "ended"),
        ("import os; assert not [n for n in os.environ if n.startswith('IOC')]; x = 1", "no simu"),
    ],
)
def test_what_cannot_be_loaded_says_why(tmp_path, monkeypatch, judged, text, why):
    monkeypatch.setenv("IOC_MQTT_URL", "mqtt://secret@nowhere")
    path = tmp_path / "mine.py"
    path.write_text(text + "\n", "utf-8")
    verdict = judged(str(path))
    assert verdict.grade is Grade.FAIL
    assert why in verdict.checks[0].detail


def test_new_preview_and_check_from_the_command_line(tmp_path):
    made = ioc("new", "pm25", "--plugins", str(tmp_path))
    assert made.returncode == 0, made.stderr
    path = tmp_path / "pm25.py"
    assert path.is_file()
    assert list(tmp_path.iterdir()) == [path]
    again = ioc("new", "pm25", "--plugins", str(tmp_path))
    assert (again.returncode, "is there already" in again.stderr) == (2, True)

    page = tmp_path / "pm25.html"
    drawn = ioc("preview", "pm25", "--plugins", str(tmp_path), "--html", str(page))
    assert drawn.returncode == 0, drawn.stderr
    assert "1440 values" in drawn.stdout
    assert any("⠀" < letter <= "⣿" for letter in drawn.stdout)
    html = page.read_text("utf-8")
    assert "<svg" in html
    assert 'path class="line"' in html
    assert "http" not in html
    assert "<script" not in html

    judged = ioc("check", "pm25", "--plugins", str(tmp_path), "--json")
    assert judged.returncode == 0, judged.stderr
    told = json.loads(judged.stdout)
    assert told["grade"] in ("gold", "silver")
    assert all(set(check) == {"name", "passed", "detail"} for check in told["checks"])


def test_the_command_line_says_what_is_wrong(tmp_path):
    for arguments, why in [
        (("check", "rain-gouge"), "there is no simulator 'rain-gouge': name one of agency-network"),
        (("check", "./nosuch.py"), "there is no file ./nosuch.py"),
        (("new", "Bad Name"), "'Bad Name' is not of a-z"),
        (("new", "rain-gauge"), "rain-gauge comes with the program"),
        (("preview", "rain-gauge", "--day", "tomorrow"), "'tomorrow' is no day"),
    ]:
        done = ioc(*arguments)
        assert done.returncode == 2
        assert why in done.stderr
    done = ioc("check", plugin(tmp_path, "raise ValueError('mine')"), "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["grade"] == "fail"


RECORDED = """
from simulators.kit import DAY, Step, Text, business, simulator, stream

def steps(day, noise, thing, world):
    at = day * DAY + int(noise.block("x", day).integers(0, 40_000))
    {body}

@simulator(
    kind="desk", name=Text("Quầy", "Desk"),
    streams=(stream("n", every=900, between=(-9, 9), resolution=0.1, vi="Người", en="People"),),
    records=(business("call", vi="Cuộc gọi", en="Call", steps=steps,
                      follows={{"received": ("closed",), "closed": ()}}),),
)
def desk(at, noise, thing, world):
    '''A desk that is called once a day, and answers.'''
    return {{"n": noise.normal(at, "people", 900)}}
"""


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("yield Step(f'c-{day}', at, 'received'); yield Step(f'c-{day}', at + 60, 'closed')", ""),
        (
            "yield Step(f'c-{day}', at, 'closed'); yield Step(f'c-{day}', at + 9, 'received')",
            "after",
        ),
        ("yield Step(f'c-{day}', at, 'received'); yield Step(f'c-{day}', at, 'closed')", "after"),
        ("yield Step(f'c-{day}', at + DAY, 'received')", "not of day"),
        ("yield Step(f'c-{day}', at, 'lost')", "no state"),
        ("yield Step(f'c-{day}', at, 'received', data={'phone': '1'})", "person"),
        ("import time; yield Step(f'c-{day}-{time.time()}', at, 'received')", "another run"),
        ("return []", "no record"),
    ],
)
def test_records_of_a_plugin_are_judged_too(tmp_path, judged, body, why):
    path = tmp_path / "desk.py"
    path.write_text(RECORDED.format(body=body), "utf-8")
    verdict = judged(str(path))
    broken = [check for check in verdict.checks if not check.passed and check.name != "fast"]
    assert {check.name for check in broken} <= {"records", "loads"}
    assert bool(broken) == bool(why)
    assert not why or why in broken[0].detail
