"""docs/plugins.md teaches what is so: its code is run as it stands."""

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from ioc.core.wire import Message, Reader
from simulators.check import Grade
from simulators.faults import RATES, FaultKind, read_plan
from simulators.kit import template
from tests.simulators.ear import Ear

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")


def fences(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


PLUGINS = {re.findall(r"^def (\w+)", code, re.MULTILINE)[0]: code for code in fences("python")}


@pytest.mark.parametrize("name", sorted(PLUGINS))
def test_each_plugin_of_the_page_keeps_every_promise(name, tmp_path, judged):
    (tmp_path / f"{name}.py").write_text(PLUGINS[name], encoding="utf-8")
    verdict = judged(name, tmp_path)
    assert verdict.grade in (Grade.SILVER, Grade.GOLD), verdict.checks


@pytest.mark.parametrize("code", [PLUGINS["well_meter"], template("well-meter")])
def test_a_new_sensor_takes_at_most_eight_lines(code):
    lines = [line for line in code.splitlines() if line.strip()]
    assert len(lines) <= 8


def test_the_faults_of_the_page_are_read_and_the_table_is_of_all_faults():
    plan = read_plan(next(text for text in fences("toml") if "[faults]" in text))
    assert plan.every == RATES
    assert plan.by_thing["rain-muong-ang-01"][FaultKind.STUCK] == 0.5
    assert plan.script[0].datastream == "level"
    table = PAGE.split("| fault |")[1].split("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == set(FaultKind)


def test_the_two_publishes_of_the_page_put_a_sensor_there(broker, shipped):
    program = shutil.which("mosquitto_pub")
    if program is None:
        pytest.skip("mosquitto_pub is not installed")
    script = next(code for code in fences("sh") if "mosquitto_pub" in code)
    login = f"-h {broker.host} -p {broker.port} -u developer -P {broker.passwords['developer']}"
    ear = Ear(broker, "dien-bien")
    try:
        words = f"BROKER={shlex.quote(login)}\n{script}"
        subprocess.run(["bash", "-eu", "-c", words], check=True, timeout=60)
        ear.wait(lambda _: ear.leave("about") and ear.leave("data"))
    finally:
        ear.publish("ioc/dien-bien/muong-ang/well-muong-ang-77/about", b"")
        ear.close()
    reader = Reader("dien-bien", shipped.areas)
    heard = reader.read(
        [Message(topic, told, 1_795_300_000_000_000) for topic, told, _ in ear.messages]
    )
    assert heard.refusals == []
    assert [about.thing.kind for about in heard.abouts if about.thing] == ["well-meter"]
    assert heard.columns.value.tolist() == [42.0]


def test_the_other_languages_say_what_the_centre_reads(shipped):
    reader = Reader("dien-bien", shipped.areas)
    (c,) = fences("c")
    pack = re.findall(r'sizeof pack, "(.*)", depth', c)[0].replace('\\"', '"').replace("%d", "42")
    topic = re.findall(r'"(ioc/[^"]+/data)"', c)[0]
    heard = reader.read([Message(topic, pack.encode(), 1_795_300_000_000_000)])
    assert heard.refusals == []
    assert heard.columns.value.tolist() == [42.0]
    (js,) = fences("js")
    names = set(re.findall(r"[{ ](\w+):", js)) - {"username", "qos", "retain"}
    shell = next(code for code in fences("sh") if "about" in code)
    about = json.loads(re.findall(r"about -m '(.+?)'", shell, re.DOTALL)[0])
    known = {*about, *about["datastreams"], *about["datastreams"]["depth"], "vi", "n", "t", "v"}
    assert names <= known, names - known
