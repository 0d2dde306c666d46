"""What docker-compose.yml tells each process is what its verb reads: no more, and no less.

The very commands of the services run here, without containers: on an embedded broker and an
embedded PostgreSQL, each with the environment of its service and nothing else but a search path.
"""

import os
import re
import secrets
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import yaml

from ioc.embedded.broker import USERS, Broker
from ioc.embedded.children import running
from ioc.embedded.folder import free_port

ROOT = Path(__file__).resolve().parents[2]
LOCAL = "127.0.0.1"
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())[
    "services"
]
OURS = sorted(name for name, service in SERVICES.items() if "build" in service)


def environment(name: str, secrets_folder: Path) -> dict[str, str]:
    """Give a service's environment as compose makes it, its secrets in another folder."""
    given: dict[str, str] = {}
    for variable, value in SERVICES[name]["environment"].items():
        default = re.sub(r"\$\{\w+:-(.*?)\}", r"\1", str(value))
        given[variable] = default.replace("/run/secrets", str(secrets_folder))
    return given


def start(name: str, given: dict[str, str], **moved: str) -> subprocess.Popen[str]:
    """Start a service's command; ``moved`` replaces the values of its options."""
    command = [str(word) for word in SERVICES[name]["command"]]
    for option, value in moved.items():
        command[command.index(f"--{option}") + 1] = value
    return subprocess.Popen(
        [sys.executable, "-m", "ioc", *command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **given},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """End a process afterwards as compose does, and hold it to ending by itself."""
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise


@pytest.fixture
def mounted(tmp_path: Path, database_url: str) -> Iterator[Path]:
    """Give the folder of the secrets of running engines, a broker of one's own among them."""
    folder = tmp_path / "secrets"
    folder.mkdir()
    broker = Broker(
        tmp_path / "broker", free_port(LOCAL), {user: secrets.token_urlsafe() for user in USERS}
    )
    (folder / "database_url").write_text(database_url)
    (folder / "channels").write_text("")
    for user in ("centre", "simulate"):
        (folder / f"mqtt_{user}_url").write_text(broker.url(user) + "\n")
    with running(broker.child(), tmp_path / "broker.log"):
        yield folder


def eventually(true: Callable[[], object], *processes: subprocess.Popen[str]) -> None:
    """Wait until something is so, as long as everything runs."""
    pause = threading.Event()
    for _ in range(1200):
        if true():
            return
        for process in processes:
            assert process.poll() is None, process.communicate()[1]
        pause.wait(0.05)
    raise AssertionError("it never came true")


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def test_with_what_it_is_told_and_nothing_else_it_is_a_working_centre(
    mounted: Path, tmp_path: Path, database_url: str
) -> None:
    migrate = start("migrate", environment("migrate", mounted))
    said, wrong = migrate.communicate(timeout=60)
    assert (migrate.returncode, wrong) == (0, "")
    assert "0001_centre.sql" in said

    def described() -> bool:
        with closing(psycopg2.connect(database_url)) as connection:
            cursor = connection.cursor()
            cursor.execute("select count(*) > 100 from thing where described")
            return cursor.fetchone() == (True,)

    port = str(free_port(LOCAL))
    told = environment("ingest", mounted)
    with (
        ended(start("ingest", told)) as ingest,
        ended(start("serve", environment("serve", mounted), host=LOCAL, port=port)) as serve,
    ):
        eventually(lambda: answers(f"http://{LOCAL}:{port}/readyz"), ingest, serve)
        subprocess.run(
            [sys.executable, str(ROOT / "docker/health.py")],
            env={"PATH": os.environ["PATH"], **told},
            check=True,
        )
        simulated = environment("simulate", mounted)
        with ended(start("simulate", simulated, state=str(tmp_path / "state.json"))) as simulate:
            eventually(described, ingest, serve, simulate)


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        (name, variable)
        for name in OURS
        for variable in SERVICES[name]["environment"]
        if variable != "IOC_CHANNELS_FILE"  # without channels a centre tells nobody, and runs
    ],
)
def test_every_setting_a_service_is_given_is_one_its_verb_reads(
    name: str, variable: str, tmp_path: Path
) -> None:
    for secret in SERVICES[name]["secrets"]:
        what = "postgresql://ioc@127.0.0.1:1/ioc" if "database" in secret else "mqtt://127.0.0.1:1"
        (tmp_path / secret).write_text("" if secret == "channels" else what)
    given = environment(name, tmp_path)
    if variable == "IOC_SITE":
        given[variable] = "Not A Site"  # it has a default, so it is not missed when it is not there
    else:
        del given[variable]
    process = start(name, given)
    _, wrong = process.communicate(timeout=60)
    assert process.returncode == 2, wrong
    assert variable.removesuffix("_FILE") in wrong
    assert len(wrong.splitlines()) == 1, wrong
