"""What the centre promises of everything that reaches it."""

import json
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from ioc.centre.desk import Desk, RefusedStepError, StaleVersionError
from ioc.centre.loop import Loop
from ioc.centre.ports import Delivery, StoreAwayError
from ioc.core import own
from ioc.core.alerts import Step
from ioc.core.clock import SiteClock
from ioc.core.wire import Message
from ioc.core.words import HOUR, MINUTE, SECOND, Origin, Thing, rfc3339
from ioc.store.connection import connect
from ioc.store.ledger import LedgerTransaction
from tests.centre.conftest import ABOUT, SITE, START, Room, rule, silence


def at(minutes: float) -> str:
    return rfc3339(START + round(minutes * MINUTE))


def test_an_observation_over_the_limit_is_one_open_alert_with_its_own_time(room: Room) -> None:
    room.now = START + 3 * MINUTE
    room.rain((0, 10), (1, 60), (2, 70))
    (alert,) = room.alerts()
    assert (alert["condition"], alert["state"]) == ("active", "unacknowledged")
    assert (alert["raised_at"], alert["detected_at"]) == (at(1), at(3))
    assert (alert["value"], alert["limit"], alert["unit"]) == (60, 50, "mm/h")
    assert alert["origin"] == "simulated"
    assert alert["history"] is False


def test_an_alert_nobody_saw_stays_open_after_it_clears_and_rises_again_as_the_same(room: Room):
    room.rain((0, 60), (1, 10))
    (alert,) = room.alerts()
    assert (alert["condition"], alert["state"], alert["closed_at"]) == ("cleared", "returned", None)
    room.rain((2, 60))
    (again,) = room.alerts()
    assert (again["id"], again["state"]) == (alert["id"], "unacknowledged")
    assert [step["step"] for step in again["steps"]] == ["raise", "clear", "raise"]


def test_an_acknowledged_alert_closes_when_it_clears_and_the_next_one_is_new(room: Room) -> None:
    room.rain((0, 60))
    desk = Desk("dien-bien", room.ledger, room.bus)
    (alert,) = room.alerts()
    after = desk.step(alert["id"], Step.ACKNOWLEDGE, by="lan", at=START, version=alert["version"])
    assert after["state"] == "acknowledged"
    room.rain((1, 10), (2, 60))
    first, second = room.alerts()
    assert first["closed_at"] is not None
    assert second["state"] == "unacknowledged"


def test_a_step_on_an_old_version_or_against_the_state_changes_nothing(room: Room) -> None:
    room.rain((0, 60))
    desk = Desk("dien-bien", room.ledger, room.bus)
    (alert,) = room.alerts()
    with pytest.raises(StaleVersionError):
        desk.step(alert["id"], Step.ACKNOWLEDGE, by="lan", at=START, version=alert["version"] + 1)
    with pytest.raises(RefusedStepError):
        desk.step(alert["id"], Step.CLOSE, by="lan", at=START, version=alert["version"])
    assert room.alerts() == [alert]


def test_what_was_judged_before_the_centre_watched_is_history_and_does_not_stay_open(room: Room):
    room.restart(SiteClock(START, START))
    room.rain((-60, 60), (-50, 10), (-40, 70))
    past, present = room.alerts()
    assert (past["history"], past["reason"], past["state"]) == (True, "history", "normal")
    assert (present["history"], present["condition"]) == (True, "active")


@pytest.mark.parametrize("cut", [1, 2, 3, 4])
def test_a_restart_between_any_two_batches_gives_the_same_alerts(room: Room, cut: int) -> None:
    story = [(0, 60.0), (1, 10.0), (2, 70.0), (3, 48.0), (4, 20.0)]
    for step, pair in enumerate(story):
        if step == cut:
            room.restart()
        room.rain(pair)
        room.rain(pair)  # and again, as a broker does after a crash
    (alert,) = room.alerts()
    assert [step["at"] for step in alert["steps"]] == [at(0), at(1), at(2), at(4)]
    assert room.rows("select count(*) from observation") == [(5,)]


def test_a_level_is_kept_as_its_number_and_one_that_is_none_is_refused(room: Room) -> None:
    streams = {"state": {"levels": ["up", "down"]}}
    room.send(
        ("tua-chua/door-1/about", {**ABOUT, "datastreams": streams}),
        ("tua-chua/door-1/data", [{"n": "state", "vs": "down", "t": n} for n in (-3, -2)]),
        ("tua-chua/door-1/data", [{"n": "state", "vs": "ajar"}]),
    )
    kept = "select value from observation o join datastream d on d.id = o.datastream"
    assert room.rows(f"{kept} where d.thing = 'door-1'") == [(1.0,), (1.0,)]
    assert room.ingest.tally.refused == {"shape": 1}


def test_the_first_value_of_a_time_stands_and_another_is_a_conflict(room: Room) -> None:
    room.rain((0, 1), (1, 2), (2, 3))
    room.rain((0, 1))  # late and equal
    room.rain((1, 9))  # late and different
    room.rain((2, 9))  # newest and different
    assert room.rows("select value from observation order by time") == [(1,), (2,), (3,)]
    assert room.rows("select reason, count(*) from refused group by 1") == [("conflict", 2)]
    assert room.ingest.tally.duplicates == 1


def test_late_data_is_kept_and_raises_nothing(room: Room) -> None:
    room.rain((10, 1))
    room.rain((5, 99))
    assert room.rows("select count(*) from observation") == [(2,)]
    assert room.alerts() == []


def test_a_value_outside_the_described_range_is_kept_as_bad_and_not_judged(room: Room) -> None:
    room.rain((0, 500))
    assert room.rows("select value, quality from observation") == [(500, 2)]
    assert room.alerts() == []


def test_silence_is_raised_three_periods_after_the_last_observation_to_the_second(room: Room):
    room.rain((0, 1))
    room.now = START + 30 * MINUTE
    room.ingest.tick()
    assert room.alerts() == []
    room.now += 1
    room.ingest.tick()
    (alert,) = room.alerts()
    assert (alert["rule"], alert["raised_at"]) == ("silence", at(30))
    room.rain((40, 1))
    (alert,) = room.alerts()
    assert (alert["condition"], alert["cleared_at"]) == ("cleared", at(40))


def test_a_gap_neither_clears_nor_raises_a_measuring_rule(room: Room) -> None:
    room.rain((0, 60))
    room.now = START + 5 * HOUR
    room.ingest.tick()
    measuring = [alert for alert in room.alerts() if alert["rule"] == "heavy-rain"]
    assert [alert["condition"] for alert in measuring] == ["active"]


@pytest.mark.parametrize(
    ("topic", "payload", "reason"),
    [
        ("muong-ang/rain-01/data", b"not json", "json"),
        ("muong-ang/rain-01/data", b'[{"n":"rainfall","v":NaN}]', "json"),
        ("muong-ang/rain-01/data", b'[{"n":"rainfall","v":1e999}]', "shape"),
        ("muong-ang/rain-01/data", b'[{"n":"rainfall","v":"12"}]', "shape"),
        ("muong-ang/rain-01/data", b'[{"n":"rainfall","v":true}]', "shape"),
        ("muong-ang/rain-01/data", b'[{"n":"rainfall","v":1,"v":2}]', "json"),
        ("muong-ang/rain-01/data", b'[{"n":"rainfall"}]', "shape"),
        ("muong-ang/rain-01/data", b'[{"n":"rain\\u0000fall","v":1}]', "shape"),
        ("muong-ang/rain-01/data", b'{"n":"rainfall","v":1}', "shape"),
        ("muong-ang/rain-01/data", b'[{"n":"rainfall","v":1}] x', "json"),
        ("muong-ang/rain-01/data", b"\xff\xfe[", "utf8"),
        ("muong-ang/rain-01/data", b'\xef\xbb\xbf[{"n":"rainfall","v":1}]', "json"),
        ("muong-ang/rain-01/data", b"", "json"),
        ("muong-ang/rain-01/data", b'[{"q":' + b"[" * 50_000, "shape"),
        ("muong-ang/rain-01/data", b" " * 65_537, "size"),
        ("muong-ang/rain-01/data", b'[{"n":"rainfall","u":"in/h","v":1}]', "unit"),
        ("muong-ang/rain-01/data", b'[{"n":"rain-02/rainfall","v":1}]', "identity"),
        ("muong-ang/rain-01/data", b'[{"n":"rainfall","v":1,"t":1795305600000}]', "time"),
        ("muong-ang/rain-01/data", b'[{"n":"rainfall","v":1,"t":1794000000}]', "time"),
        ("muong-ang/rain-01/data", b'[{"n":"rainfall","vs":"wet"}]', "shape"),
        ("tua-chua/rain-01/data", b'[{"n":"rainfall","v":1}]', "identity"),
        ("tua-chua/rain-01/about", ABOUT, "identity"),
        ("nowhere/rain-01/data", b'[{"n":"rainfall","v":1}]', "topic"),
        ("muong-ang/Rain 01/data", b'[{"n":"rainfall","v":1}]', "topic"),
        ("muong-ang/rain-01", b"[]", "topic"),
        ("ioc/another/muong-ang/rain-01/data", b"[]", "topic"),
        ("muong-ang/rain-09/about", b'{"kind":"x"}', "shape"),
        ("muong-ang/rain-09/about", {**ABOUT, "origin": "true"}, "shape"),
        ("muong-ang/rain-01/status", b"asleep", "shape"),
    ],
)
def test_refused_input_is_counted_and_kept_with_its_reason_and_the_rest_goes_on(
    room: Room, topic: str, payload: object, reason: str
) -> None:
    good = ("muong-ang/rain-01/data", [{"n": "rainfall", "v": 1, "t": START / 1e6}])
    room.send((topic, payload), good)
    assert room.rows("select reason from refused") == [(reason,)]
    assert room.ingest.tally.refused == {reason: 1}
    assert room.rows("select value from observation") == [(1,)]


def test_a_thing_nobody_described_is_kept_and_shown_as_undescribed(room: Room) -> None:
    room.send(("tua-chua/box-1/data", [{"n": "level", "v": 2.5}]))
    assert room.rows("select described, area from thing where id = 'box-1'") == [
        (False, "tua-chua")
    ]
    assert room.rows("select value from observation") == [(2.5,)]


def test_an_empty_about_removes_the_thing_and_clears_what_stood_broken(room: Room) -> None:
    room.rain((0, 60))
    room.send(("muong-ang/rain-01/about", b""))
    assert room.rows("select count(*) from thing") == [(0,)]
    told = "select area from event where kind = 'thing' order by seq desc limit 1"
    assert room.rows(told) == [("muong-ang",)], "it is told to those it was shown to"
    assert [alert["condition"] for alert in room.alerts()] == ["cleared"]


def test_real_data_is_refused_while_the_clock_runs_fast(room: Room) -> None:
    room.restart(SiteClock(START, START, speed=60))
    room.send(("muong-ang/real-1/about", {**ABOUT, "origin": "real"}))
    room.send(("muong-ang/real-1/data", [{"n": "rainfall", "v": 1}]))
    assert room.ingest.tally.refused == {"clock": 1}


def test_a_record_told_twice_is_one_record(room: Room) -> None:
    step = {"id": "pa-1", "type": "service-request", "at": at(0), "state": "received"}
    room.send(("muong-ang/desk-1/records", [step, step]))
    room.send(("muong-ang/desk-1/records", [step, {**step, "state": "closed", "at": at(5)}]))
    assert room.rows("select id, state from record order by at") == [
        ("pa-1", "received"),
        ("pa-1", "closed"),
    ]


@pytest.mark.parametrize("before_the_rest", [True, False])
def test_a_batch_whose_commit_is_unknown_is_folded_again_without_doubling_anything(
    room: Room, monkeypatch: pytest.MonkeyPatch, before_the_rest: bool
) -> None:
    room.rain((0, 60))
    original = LedgerTransaction.checkpoint

    def cut(tx: LedgerTransaction, body: bytes, *, whole: bool) -> None:
        if not before_the_rest:
            original(tx, body, whole=whole)
        room.rows(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name = 'ioc test' and pid <> pg_backend_pid()"
            " and datname = current_database()"
        )

    monkeypatch.setattr(LedgerTransaction, "checkpoint", cut)
    with pytest.raises(StoreAwayError):
        room.rain((1, 70), (2, 10))
    monkeypatch.undo()
    room.ingest.recover()
    room.rain((1, 70), (2, 10))
    room.rain((1, 70), (2, 10))
    (alert,) = room.alerts()
    assert alert["condition"] == "cleared"
    assert room.rows("select count(*) from observation") == [(3,)]


def test_events_are_numbered_in_order_and_speak_of_everything(room: Room) -> None:
    room.rain((0, 60))
    room.rain((1, 10))
    kinds = room.rows("select kind, subject from event order by seq")
    assert kinds[0] == ("thing", "rain-01")
    assert [kind for kind, _ in kinds] == ["thing", "alert", "incident", "alert"]


def test_a_patient_rule_goes_on_waiting_after_a_restart(migrated_url: str) -> None:
    room = Room(migrated_url, rule(lateness="30m"))
    room.send(("muong-ang/rain-01/about", ABOUT))
    room.rain((20, 60))
    room.restart()
    room.rain((0, 60))
    assert room.alerts() == []
    room.restart()
    room.rain((31, 10))
    assert [alert["raised_at"] for alert in room.alerts()] == [at(0)]
    room.ledger.close()


def test_what_a_changed_rule_had_raised_is_cleared_and_can_be_closed(room: Room) -> None:
    room.rain((0, 60))
    room.rules = (rule(above=80), silence())
    room.restart()
    room.ingest.tick()
    (alert,) = room.alerts()
    assert (alert["condition"], alert["state"]) == ("cleared", "returned")
    room.rain((1, 90))
    assert [(one["condition"], one["version"]) for one in room.alerts()] == [("active", 3)]


def test_a_restart_leaves_what_still_stands_broken_alone(room: Room) -> None:
    room.rain((0, 60))
    room.now = START + HOUR
    room.ingest.tick()
    before = room.alerts()
    room.restart()
    room.ingest.tick()
    assert room.alerts() == before
    assert {alert["rule"] for alert in before} == {"heavy-rain", "silence"}


GATEWAY = {"kind": "gateway", "name": {"vi": "Cổng", "en": "Gateway"}, "origin": "simulated"}


def test_a_gateway_that_is_gone_is_one_alert_and_explains_the_silence_behind_it(migrated_url: str):
    gone = rule(id="gateway-offline", kind="gateway", datastream="*", offline=True, hold="30s")
    room = Room(migrated_url, gone, silence())
    room.send(("province/gate/about", GATEWAY), ("province/gate/status", b"online"))
    room.send(("muong-ang/rain-01/about", {**ABOUT, "via": "gate"}))
    room.rain((0, 1))
    room.send(("province/gate/status", b"offline"))
    room.now = START + HOUR
    room.ingest.tick()
    assert [alert["rule"] for alert in room.alerts()] == ["gateway-offline"]
    assert room.alerts()[0]["raised_at"] == at(0.5)
    assert room.rows("select status from thing") == [("offline",), ("offline",)]
    room.restart()
    room.send(("province/gate/status", b"online"))
    room.now += HOUR  # nothing new from behind it: now that is silence
    room.ingest.tick()
    assert [(one["rule"], one["condition"]) for one in room.alerts()] == [
        ("gateway-offline", "cleared"),
        ("silence", "active"),
    ]
    room.ledger.close()


def test_a_gateway_that_came_back_while_the_centre_was_down_is_cleared(migrated_url: str):
    room = Room(migrated_url, rule(id="gone", kind="gateway", datastream="*", offline=True))
    room.send(("province/gate/about", GATEWAY), ("province/gate/status", b"offline"))
    room.ingest.tick()
    room.restart()
    room.ingest.tick()
    assert [alert["condition"] for alert in room.alerts()] == ["active"]
    room.send(("province/gate/status", b"online"))
    room.restart()
    room.ingest.tick()
    assert [alert["condition"] for alert in room.alerts()] == ["cleared"]
    room.ledger.close()


HOSTILE = [
    ("muong-ang/desk-1/records", [{"id": "a", "type": "x", "state": "s", "data": {"a": "\x00"}}]),
    ("muong-ang/desk-1/records", [{"id": "a", "type": "x", "state": "s", "data": {"a": 2**64}}]),
    ("muong-ang/rain-09/data", [{"n": "level", "u": "a\x00b", "v": 1}]),
    ("muong-ang/rain-09/data", [{"n": "level", "u": "x" * 60_000, "v": 1}]),
    ("muong-ang/rain-09/data", [{"n": "level", "v": 1.7e308, "bv": 1.7e308}]),
    ("muong-ang/rain-09/about", {**ABOUT, "datastreams": {"a": {"standard_ref": "\x00"}}}),
    ("muong-ang/rain-01/data", b'[{"n":"x","v":1,"x":{"v":' + b"1" * 5000 + b"}}]"),
    ("muong-ang/rain-01/data", b'[{"n":"x","v":1,"x":{"v":' + b"[" * 5_000 + b"]" * 5_000 + b"}}]"),
]


@pytest.mark.parametrize("place", range(len(HOSTILE)))
def test_what_the_store_could_not_keep_is_refused_at_the_door(room: Room, place: int) -> None:
    topic, payload = HOSTILE[place]
    if isinstance(payload, list) and topic.endswith("records"):
        payload = json.dumps([{**payload[0], "at": at(0)}]).encode()
    good = ("muong-ang/rain-01/data", [{"n": "rainfall", "v": 1, "t": START / 1e6}])
    room.send((topic, payload), good)
    assert [reason for (reason,) in room.rows("select reason from refused")] == ["shape"]
    assert room.rows("select value from observation") == [(1,)]


def test_a_record_of_tomorrow_is_refused_and_does_not_stand_as_the_newest(room: Room) -> None:
    room.now = START
    told = [{"id": "a", "type": "x", "state": "s", "at": at(minute)} for minute in (0, 5, 1440)]
    room.send(("muong-ang/desk-1/records", told))
    assert room.rows("select count(*) from record") == [(2,)]
    [(reason, topic)] = room.rows("select reason, topic from refused")
    assert (reason, topic) == ("time", "ioc/dien-bien/muong-ang/desk-1/records")


def test_no_thing_adds_a_step_to_the_record_of_another(room: Room) -> None:
    def step(state: str, minute: float) -> list[dict[str, object]]:
        return [{"id": "pa-1", "type": "service-request", "at": at(minute), "state": state}]

    room.send(("muong-ang/desk-1/records", step("received", 0)))
    room.send(
        ("muong-ang/desk-2/records", step("closed", 1)),
        ("tua-chua/desk-3/records", step("closed", -1)),
        ("muong-ang/desk-1/records", step("closed", 2)),
    )
    assert room.rows("select thing, state from record order by at") == [
        ("desk-1", "received"),
        ("desk-1", "closed"),
    ]
    assert room.ingest.tally.refused == {"identity": 2}
    assert [reason for (reason,) in room.rows("select reason from refused")] == ["identity"] * 2
    room.send(("muong-ang/desk-4/records", [*step("a", 3), {**step("b", 3)[0], "id": "pa-2"}]))
    assert room.rows("select id from record where thing = 'desk-4'") == [("pa-2",)]


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+07:00"])
def test_a_record_of_no_era_of_ours_is_refused(room: Room, time: str) -> None:
    step = {"id": "a", "type": "x", "state": "s", "at": time}
    room.send(("muong-ang/desk-1/records", [step]))
    assert room.rows("select reason from refused") == [("time",)]


def test_an_alert_that_comes_back_and_clears_in_the_same_moment_is_saved_once(migrated_url: str):
    room = Room(migrated_url, rule(id="gone", kind="gateway", datastream="*", offline=True))
    room.send(("province/gate/about", GATEWAY), ("province/gate/status", b"offline"))
    room.ingest.tick()
    desk = Desk("dien-bien", room.ledger, room.bus)
    (alert,) = room.alerts()
    desk.step(alert["id"], Step.SHELVE, by="lan", at=room.now, until=room.now + HOUR)
    room.now += 2 * HOUR
    room.send(("province/gate/status", b"online"))
    room.ingest.tick()
    (alert,) = room.alerts()
    assert (alert["condition"], alert["shelved_until"]) == ("cleared", None)
    room.ledger.close()


def test_a_thing_removed_while_its_data_wait_is_forgotten_whole(migrated_url: str) -> None:
    room = Room(migrated_url, rule(lateness="30m"))
    room.send(("muong-ang/rain-01/about", ABOUT))
    room.rain((0, 60))
    room.send(("muong-ang/rain-01/about", b""))
    room.now += HOUR
    room.ingest.tick()
    assert room.alerts() == []
    room.ledger.close()


def test_a_described_thing_that_never_sends_is_missed(room: Room) -> None:
    room.send(("muong-ang/rain-02/about", ABOUT))
    room.now = START + 31 * MINUTE
    room.ingest.tick()
    assert ("silence", "rain-02") in [(alert["rule"], alert["thing"]) for alert in room.alerts()]


def test_a_gap_that_was_explained_is_no_silence_when_data_come_again(migrated_url: str) -> None:
    room = Room(migrated_url, silence())
    room.send(("province/gate/about", GATEWAY), ("province/gate/status", b"online"))
    room.send(("muong-ang/rain-01/about", {**ABOUT, "via": "gate"}))
    room.rain((0, 1))
    room.send(("province/gate/status", b"offline"))
    room.now = START + 2 * HOUR
    room.ingest.tick()
    room.send(("province/gate/status", b"online"))
    room.rain((120, 1))
    room.ingest.tick()
    assert room.alerts() == []
    room.ledger.close()


def test_a_removed_gateway_s_alert_is_cleared(migrated_url: str) -> None:
    room = Room(migrated_url, rule(id="gone", kind="gateway", datastream="*", offline=True))
    room.send(("province/gate/about", GATEWAY), ("province/gate/status", b"offline"))
    room.ingest.tick()
    room.send(("province/gate/about", b""))
    assert [alert["condition"] for alert in room.alerts()] == ["cleared"]
    room.ledger.close()


def test_a_thing_described_as_another_kind_is_no_longer_held_to_the_old_rules(room: Room) -> None:
    room.rain((0, 60))
    room.send(("muong-ang/rain-01/about", {**ABOUT, "kind": "snow-gauge"}))
    room.ingest.tick()
    (alert,) = room.alerts()
    assert alert["condition"] == "cleared"


def test_a_message_the_centre_stumbles_over_stands_alone_and_the_rest_is_kept(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = LedgerTransaction.save_thing

    def stumble(tx: LedgerTransaction, thing: Thing, *rest: Any) -> None:
        if thing.id == "poison":
            raise TypeError("a fault of ours")
        original(tx, thing, *rest)

    monkeypatch.setattr(LedgerTransaction, "save_thing", stumble)
    source = Deliveries(
        [
            Message(f"ioc/dien-bien/muong-ang/{thing}/about", orjson.dumps(ABOUT), START)
            for thing in ("rain-07", "poison", "rain-08")
        ]
    )
    Loop(
        room.ingest,
        source,
        stopped=lambda: source.acknowledged > 0,
        wait=lambda seconds: None,
        monotonic=lambda: 0.0,
        connected=lambda: None,
        hourly=lambda: None,
    ).run()
    assert {thing for (thing,) in room.rows("select id from thing")} == {
        "rain-01",
        "rain-07",
        "rain-08",
    }
    assert room.rows("select reason, topic from refused") == [
        ("fault", "ioc/dien-bien/muong-ang/poison/about")
    ]


@dataclass
class Deliveries:
    """A source with one delivery in it."""

    messages: list[Message]
    acknowledged: int = 0
    dropped: int = 0
    connects: int = 0

    def take(self, timeout: float, most: int = 20_000) -> Delivery:
        return Delivery(self.messages, [], 1)

    def acknowledge(self, delivery: Delivery) -> None:
        self.acknowledged += 1

    def waiting(self) -> int:
        return 0


def test_while_a_history_comes_in_nobody_is_silent_and_the_centre_has_not_caught_up(
    migrated_url: str,
):
    room = Room(migrated_url, silence())
    assert room.ingest.caught_up()  # with what is known so far, which is nothing
    room.send(("muong-ang/rain-01/about", ABOUT))
    assert not room.ingest.caught_up()
    for hours in (48, 46):  # slices of the past, with more time between them than the grace
        past = (START - hours * HOUR) / SECOND
        room.send(("muong-ang/rain-01/data", [{"n": "rainfall", "u": "mm/h", "t": past, "v": 1}]))
        room.now += 50 * SECOND
        room.ingest.tick()
    assert room.alerts() == []
    assert not room.ingest.caught_up()
    now = room.now / SECOND
    room.send(("muong-ang/rain-01/data", [{"n": "rainfall", "u": "mm/h", "t": now, "v": 1}]))
    assert room.ingest.caught_up()
    room.now += HOUR
    room.ingest.tick()
    assert [alert["rule"] for alert in room.alerts() if alert["closed_at"] is None] == ["silence"]


def test_the_centre_speaks_of_itself_as_a_sensor_does_and_only_of_now(migrated_url: str):
    room = Room(migrated_url)
    room.ingest.tell_own(0.0, 0.0)
    room.ingest.tell_own(0.0, 60.0)
    assert not [topic for topic, _ in room.bus.messages if own.KIND in topic], "not caught up"
    now = room.now / SECOND
    room.send(("muong-ang/rain-01/about", ABOUT))
    room.send(("muong-ang/rain-01/data", [{"n": "rainfall", "u": "mm/h", "t": now, "v": 1}] * 2))
    assert room.ingest.caught_up()
    room.ingest.tell_own(0.25, 70.0)
    told = [
        Message(topic, body, room.now) for topic, body in room.bus.messages if own.KIND in topic
    ]
    assert [one.topic for one in told] == [own.topic(SITE, "about"), own.topic(SITE, "data")]
    room.ingest.batch(told)
    (thing,) = [one for one in room.ingest.registry()[0] if one.kind == own.KIND]
    assert thing.origin is Origin.REAL
    kept = room.rows(
        "select name, value from observation o join datastream d on d.id = o.datastream"
        f" where thing = '{own.KIND}' order by name"
    )
    assert kept == [(own.RATE, 0.2), (own.LAG, 0.25)]
    room.restart(SiteClock(room.now, room.now, speed=60)).tell_own(0.0, 80.0)
    room.bus.messages.clear()
    room.ingest.tell_own(0.0, 90.0)
    assert room.bus.messages == [(own.topic(SITE, "about"), b"")], "nothing real at a fast clock"


def test_a_checkpoint_of_another_version_neither_stops_a_start_nor_makes_what_is_kept_new(
    room: Room,
):
    room.rain((0, 10), (10, 60))
    with closing(connect(room.url, name="test")) as connection, connection.cursor() as cursor:
        cursor.execute("update checkpoint set body = 'of another version'")
        connection.commit()
    room.restart()
    room.rain((10, 60))
    room.rain((20, 70))
    assert room.rows("select count(*) from observation") == [(3,)]
    assert [one["condition"] for one in room.alerts() if one["closed_at"] is None] == ["active"]
