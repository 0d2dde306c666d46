"""How single children start, are retried, end, and fill their logs."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from ioc.embedded.children import ChildSpec, StartError, bound, running
from ioc.embedded.launch import PARENT_GONE
from ioc.embedded.restart import LOUD_AFTER, YOUNG_S, Kind, Record, after_death
from ioc.embedded.supervisor import Supervisor


def python(name: str, text: str, **options: Any) -> ChildSpec:
    return ChildSpec(name, (sys.executable, "-c", text), {}, **options)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_child_that_keeps_dying_young_waits_longer_and_is_named(kind: Kind):
    record, waits = Record(), []
    for n in range(20):
        assert record.failing is (n >= LOUD_AFTER)
        record, wait = after_death(record, kind, YOUNG_S - 1)
        waits.append(wait)
    assert waits == sorted(waits)
    assert waits[0] < 1
    assert waits[-1] == {Kind.ENGINE: 5, Kind.PROGRAM: 60}[kind]


@pytest.mark.parametrize("kind", list(Kind))
def test_a_child_that_lived_starts_afresh(kind: Kind):
    assert after_death(Record(LOUD_AFTER + 3), kind, YOUNG_S)[0] == Record(0)


def test_a_program_that_does_not_start_is_shown_with_the_end_of_its_log(tmp_path: Path):
    said: list[str] = []
    with (
        pytest.raises(StartError, match="no such table"),
        Supervisor(tmp_path / "data", say=said.append) as supervisor,
    ):
        supervisor.start(python("ingest", "raise SystemExit('no such table')", ready=lambda: False))
    assert sum("ingest (process" in line for line in said) == LOUD_AFTER


def test_a_program_that_keeps_failing_later_is_named_aloud_and_in_the_file(
    tmp_path: Path, wait_until: Any
):
    said: list[str] = []
    flag = tmp_path / "fail"
    text = f"import pathlib, time\nwhile not pathlib.Path({str(flag)!r}).exists(): time.sleep(.02)"
    data = tmp_path / "data"
    supervisor = Supervisor(data, say=said.append)

    def say(line: str) -> None:
        said.append(line)
        if "HAS FAILED" in line:
            supervisor.stop()

    supervisor._say = say
    with supervisor:
        supervisor.start(python("ingest", text))
        supervisor.start(python("serve", "import time; time.sleep(600)"))
        supervisor.describe({"site": "test"})
        flag.touch()
        supervisor.watch()
        assert supervisor.failing() == ["ingest"]
        assert '"failing": [\n    "ingest"\n  ]' in (data / "demo.json").read_text(encoding="utf-8")
    assert not (data / "demo.json").exists()


def test_signals_are_put_back_as_they_were(tmp_path: Path):
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)
    before = [signal.getsignal(number) for number in numbers]
    with Supervisor(tmp_path / "data") as supervisor:
        os.kill(os.getpid(), signal.SIGTERM)
        supervisor.watch()
        supervisor.start(python("late", "pass"))
    assert supervisor.stopping
    assert [signal.getsignal(number) for number in numbers] == before


def test_children_end_in_reverse_order(tmp_path: Path):
    log = tmp_path / "order"
    text = (
        "import signal, sys, time\n"
        f"def end(*_): open({str(log)!r}, 'a').write(NAME); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end); print('up', flush=True); time.sleep(600)"
    )
    with Supervisor(tmp_path / "data") as supervisor:
        for name in "abc":
            up = supervisor.data / "log" / f"{name}.log"
            supervisor.start(
                python(name, f"NAME = {name!r}\n{text}", ready=lambda up=up: up.stat().st_size > 0)
            )
    assert log.read_text(encoding="utf-8") == "cba"


def test_children_of_one_role_are_listed_together(tmp_path: Path):
    with Supervisor(tmp_path / "data") as supervisor:
        pids = [
            supervisor.start(python(f"ingest-{n}", "import time; time.sleep(600)", role="ingest"))
            for n in (1, 2)
        ]
        engine = supervisor.start(
            python("broker", "import time; time.sleep(600)", kind=Kind.ENGINE)
        )
        assert supervisor.pids() == {"ingest": pids, "broker": engine}


def test_a_child_whose_parent_is_gone_already_does_not_start(tmp_path: Path):
    # Its parent is this process, not process 1.
    launch = Path(sys.modules["ioc.embedded.launch"].__file__ or "")
    spec = ChildSpec(
        "late",
        (sys.executable, str(launch), "1", "15", "own", "/bin/true"),
        {},
        ready=lambda: False,
    )
    with (
        pytest.raises(StartError, match=f"ended with {PARENT_GONE}"),
        running(spec, tmp_path / "log"),
    ):
        pass


def test_a_program_that_is_not_there_says_so(tmp_path: Path):
    spec = ChildSpec("none", ("/nowhere/none",), {}, ready=lambda: False)
    with pytest.raises(StartError, match="/nowhere/none"), running(spec, tmp_path / "log"):
        pass


def test_a_log_never_grows_beyond_its_bound_and_the_newest_is_kept(tmp_path: Path):
    log = tmp_path / "ingest.log"
    text = "import sys, time; print('x' * 999, flush=True); time.sleep(600)"
    with running(
        python("ingest", text, ready=lambda: log.exists() and log.stat().st_size == 1000), log
    ):
        bound(log, most=1000)
        assert log.stat().st_size == 1000
        bound(log, most=999)
        assert log.stat().st_size == 0
    older = log.with_name("ingest.log.1")
    assert older.stat().st_size == 1000
    assert older.stat().st_mode & 0o777 == 0o600
