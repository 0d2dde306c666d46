"""Maintenance, suppression and late data through the whole centre, on a real database."""

from typing import Any

from ioc.centre.desk import Call, Desk, Request
from ioc.core.history import Said
from ioc.core.links import Link
from ioc.core.quiet import Window
from ioc.core.rules import Rule
from ioc.core.words import HOUR, MINUTE, Origin, Severity, Text
from tests.centre.conftest import START, Room, rule

WHY = "replacing the gauge"


def window(room: Room, first: float, last: float, **changes: str) -> Window:
    made = Window(
        "w1",
        1,
        changes.get("area"),
        changes.get("thing"),
        changes.get("rule"),
        START + round(first * MINUTE),
        START + round(last * MINUTE),
        "lan",
        WHY,
    )
    Desk("dien-bien", room.ledger, room.bus).begin_maintenance(made, Request("lan", None, 0))
    return made


def tick(room: Room, minutes: float) -> None:
    room.now = START + round(minutes * MINUTE)
    room.ingest.tick()


def steps(alert: dict[str, Any]) -> list[str]:
    return [step["step"] for step in alert["steps"]]


def test_during_maintenance_alerts_are_recorded_silently_and_announced_at_its_end(room: Room):
    room.now = START
    window(room, 0, 30, area="province")
    tick(room, 0)
    room.rain((1, 60))
    (hidden,) = room.alerts()
    assert (hidden["maintenance"], hidden["announced"], hidden["version"]) == ("w1", False, 1)
    tick(room, 29)
    assert room.alerts() == [hidden]
    tick(room, 30)
    (back,) = room.alerts()
    assert (back["maintenance"], back["announced"]) == (None, True)
    assert steps(back) == ["raise", "out-of-service", "in-service"]


def test_maintenance_ended_early_announces_at_once(room: Room):
    room.now = START
    window(room, 0, 60, thing="rain-01")
    tick(room, 0)
    room.rain((1, 60))
    said = Said("lan", START + 2 * MINUTE, "done")
    Desk("dien-bien", room.ledger, room.bus).end_maintenance("w1", 1, said)
    tick(room, 2)
    assert [one["announced"] for one in room.alerts()] == [True]


def test_an_alert_that_stood_before_the_window_is_hidden_in_it_and_remembered(room: Room):
    room.rain((0, 60))
    window(room, 1, 30, rule=room.alerts()[0]["rule"])
    tick(room, 1)
    (hidden,) = room.alerts()
    assert hidden["announced"] is False
    room.rain((2, 10))
    (alert,) = room.alerts()
    assert (alert["state"], alert["reason"]) == ("returned", None)


def test_a_restart_in_the_middle_of_maintenance_changes_nothing(room: Room):
    room.now = START
    window(room, 0, 30)
    tick(room, 0)
    room.rain((1, 60))
    before = room.alerts()
    room.restart()
    tick(room, 2)
    assert room.alerts() == before
    room.restart()
    tick(room, 30)
    assert [one["announced"] for one in room.alerts()] == [True]


def test_a_batch_right_after_a_restart_keeps_what_maintenance_hides_hidden(room: Room):
    room.now = START
    window(room, 0, 30)
    tick(room, 0)
    room.rain((1, 60))
    before = room.alerts()
    room.restart()
    room.rain((2, 60))
    room.rain((3, 60), thing="rain-02")
    assert [one["announced"] for one in room.alerts()] == [False] * len(room.alerts())
    assert room.alerts()[:1] == before
    assert room.incidents() == []


def test_late_data_is_said_beside_the_alert_it_falls_into_and_rewrites_nothing(room: Room):
    room.rain((0, 60), (10, 70))
    (before,) = room.alerts()
    room.rain((5, 1))
    (after,) = room.alerts()
    assert steps(after) == ["raise", "annotate"]
    assert "1 mm/h" in after["steps"][-1]["note"]
    for key in ("state", "condition", "raised_at", "cleared_at", "value", "severity"):
        assert after[key] == before[key]
    room.rain((5, 1))
    assert room.alerts() == [after]


def test_an_alert_raised_by_hand_outlives_a_restart(room: Room):
    room.now = START
    call = Call(
        "hand-1", "muong-ang", Severity.HIGH, Origin.SIMULATED, Text("Cháy", "Fire"), Text("", "")
    )
    desk = Desk("dien-bien", room.ledger, room.bus)
    raised = desk.raise_by_hand(call, Said("lan", START, "call"), Request("lan", "r1", START))
    again = desk.raise_by_hand(call, Said("lan", START, "call"), Request("lan", "r1", START + HOUR))
    assert again == raised
    room.restart()
    tick(room, 1)
    (kept,) = room.alerts()
    touched = ("seq", "version", "incident", "steps")
    assert {**kept, **dict.fromkeys(touched)} == {**raised, **dict.fromkeys(touched)}
    tick(room, 2)
    assert room.alerts() == [kept]


def test_a_station_behind_a_feeder_that_is_gone_is_kept_silently_until_only_it_is_gone(
    migrated_url: str,
):
    about = {"kind": "gateway", "name": {"vi": "x"}, "origin": "simulated", "datastreams": {}}
    room = Room(migrated_url, rule(id="gone", kind="gateway", datastream="*", offline=True))
    room.links = (Link(chain=("feeder", "station")),)
    room.restart()
    room.send(*((f"muong-ang/{name}/about", about) for name in ("feeder", "station")))
    room.now = START
    room.send(("muong-ang/station/status", b"offline"))
    tick(room, 1)
    (station,) = room.alerts()
    assert (station["suppressed_by"], station["announced"]) == (None, True)
    room.send(("muong-ang/feeder/status", b"offline"))
    tick(room, 2)

    def standing() -> dict[str, dict[str, Any]]:
        return {one["thing"]: one for one in room.alerts()}

    assert standing()["station"]["suppressed_by"] == standing()["feeder"]["id"]
    assert standing()["feeder"]["announced"] is True
    room.restart()
    tick(room, 3)
    assert standing()["station"]["announced"] is False
    room.send(("muong-ang/feeder/status", b"online"))
    tick(room, 4)
    assert standing()["station"]["announced"] is True
    assert steps(standing()["station"]) == ["raise", "suppress", "unsuppress"]


def test_a_station_down_behind_a_feeder_that_says_it_is_off_is_explained_by_it(migrated_url: str):
    def outage(kind: str) -> Rule:
        parts = {"kind": kind, "datastream": "state", "equals": "off", "outage": True}
        return rule(id=f"{kind}-off", above=None, deadband=None, **parts)

    room = Room(migrated_url, outage("feeder"), outage("station"))
    room.links = (Link(chain=("feeder", "station")),)
    room.restart()
    state = {"state": {"period": 60, "levels": ["on", "off"]}}
    for name in ("feeder", "station"):
        told = {"kind": name, "name": {"vi": "x"}, "origin": "simulated", "datastreams": state}
        room.send((f"muong-ang/{name}/about", told))
    room.now = START
    room.send(("muong-ang/station/data", [{"n": "state", "vs": "off"}]))
    room.now = START + MINUTE
    room.send(("muong-ang/feeder/data", [{"n": "state", "vs": "off"}]))
    alerts = {alert["thing"]: alert for alert in room.alerts()}
    assert alerts["station"]["suppressed_by"] == alerts["feeder"]["id"]
    assert alerts["feeder"]["announced"] is True
    room.now = START + 2 * MINUTE
    room.send(("muong-ang/feeder/data", [{"n": "state", "vs": "on"}]))
    alerts = {alert["thing"]: alert for alert in room.alerts()}
    assert (alerts["station"]["suppressed_by"], alerts["station"]["announced"]) == (None, True)
