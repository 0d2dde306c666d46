"""Sixty times as fast as life; stopped, and started again on the same folder."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from tests.end_to_end.conftest import running
from tests.end_to_end.demo import Demo, until
from tests.end_to_end.sensor import RIVER_GAUGE, Sensors, topic

SPEED = 60
PERIOD_S = 30.0


def site_now(demo: Demo) -> float:
    with demo.visitor() as display:
        return datetime.fromisoformat(display.get("/site")["clock"]["now"]).timestamp()


@pytest.fixture(scope="module")
def fast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Give a demo whose clock runs sixty times as fast."""
    folder = tmp_path_factory.mktemp("fast") / "data"
    yield from running(Demo(folder, ("--history", "1h", "--speed", str(SPEED))))


def test_the_clock_of_the_site_runs_ahead_and_everybody_reads_the_same(fast: Demo):
    with fast.visitor() as display:
        clock = display.get("/site")["clock"]
    assert (clock["speed"], clock["paused"]) == (SPEED, False)
    real, site = time.time(), site_now(fast)
    until(lambda: time.time() - real > 1.0, "a second")
    went, passed = time.time() - real, site_now(fast) - site
    assert passed > SPEED * 0.5 * went, "no promise of precision, only that it runs"
    with fast.visitor() as display:
        newest = until(
            lambda: display.sees("/things/dc-dien-bien-phu-01")["datastreams"][0].get("last"),
            "a value",
        )
    assert newest[0] > real, "what is observed belongs to the site's time, ahead of ours"


def test_real_data_are_refused_while_the_clock_does_not_keep_time(fast: Demo):
    gauge = "river-e2e-real"
    with Sensors(fast.told["mqtt"]) as sensors, fast.visitor("developer") as developer:
        sensors.describe(gauge, RIVER_GAUGE | {"origin": "real"})
        sensors.observe(gauge, [{"n": "level", "u": "m", "v": 1.0, "t": site_now(fast)}])

        def asked() -> list[dict[str, Any]]:
            items = developer.get("/refused", limit=1000)["items"]
            return [one for one in items if one["topic"] == topic(gauge, "data")]

        (entry,) = until(asked, "the refusal")
    assert entry["reason"] == "clock"


@dataclass(frozen=True)
class Before:
    """What stood there when the demo was stopped."""

    things: set[str]
    open: dict[str, Any]
    answered: str
    stopped_at: float
    token: str


@pytest.fixture(scope="module")
def before(fast: Demo) -> Before:
    """Raise two alerts, answer one, and stop and start the demo."""
    gauges = ("river-e2e-answered", "river-e2e-open")
    with Sensors(fast.told["mqtt"]) as sensors, fast.visitor("operator") as operator:
        for gauge in gauges:
            sensors.describe(gauge, RIVER_GAUGE)
            sensors.observe(gauge, [{"n": "level", "u": "m", "v": 6.0, "t": site_now(fast)}])
        answered, left = (operator.alert_of(gauge, "river-alarm-3") for gauge in gauges)
        done = operator.post(f"/alerts/{answered['id']}/acknowledge", version=1, note="đã rõ")
        assert done.status_code == 200
        things = {thing["id"] for thing in operator.all("/things")}
        stopped_at = site_now(fast)
        assert fast.interrupt() == 0
        assert fast.left() == [], "Ctrl-C leaves no process behind"
        fast.start()
        return Before(things, left, str(answered["id"]), stopped_at, operator.token)


def test_a_restart_keeps_things_alerts_and_answers(fast: Demo, before: Before):
    with fast.visitor("operator") as operator:
        assert before.things <= {thing["id"] for thing in operator.all("/things")}
        answered = operator.get(f"/alerts/{before.answered}")
        assert (answered["state"], answered["version"]) == ("acknowledged", 2)
        assert [step["step"] for step in answered["steps"]] == ["raise", "acknowledge"]
        assert answered["steps"][1]["note"] == "đã rõ"
        left = operator.get(f"/alerts/{before.open['id']}")
        assert left == before.open
        assert len(operator.alerts_of([left["thing"]])[left["thing"]]) == len(
            {alert["rule"] for alert in operator.alerts_of([left["thing"]])[left["thing"]]}
        ), "judged again, it is the same alert"


def test_a_restart_fills_the_gap(fast: Demo, before: Before):
    room = "dc-dien-bien-phu-01"
    with fast.visitor() as display:

        def reaches_now() -> list[float] | None:
            times = [at for at, *_ in display.observed(room, "temperature")]
            return times if times[-1] > before.stopped_at + 4 * PERIOD_S else None

        times = until(reaches_now, "observations of after the restart")
    around = [at for at in times if before.stopped_at - 600 < at]
    steps = {round(late - early, 3) for early, late in pairwise(around)}
    assert steps == {PERIOD_S}, "the simulated site was never away"


def test_the_clock_goes_on_where_it_would_be(fast: Demo, before: Before):
    assert site_now(fast) > before.stopped_at
    with fast.visitor() as display:
        assert display.get("/site")["clock"]["speed"] == SPEED
