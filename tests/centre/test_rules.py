"""Rules in shadow, rules over records and levels, in a centre on a real database."""

from ioc.core.rules import parse_rule
from ioc.core.words import DAY, HOUR, rfc3339
from ioc.store.archive import Archive
from ioc.store.connection import connect
from ioc.store.pool import Pool
from tests.centre.conftest import ABOUT, START, Room, rule

OFFICE = {
    "kind": "office",
    "name": {"vi": "Văn phòng", "en": "Office"},
    "location": [103.0, 21.4],
    "origin": "simulated",
    "datastreams": {},
}


def test_a_rule_in_shadow_is_counted_once_and_raises_nothing(migrated_url: str):
    room = Room(migrated_url, rule(id="shy", shadow=True), rule())
    room.send(("muong-ang/rain-01/about", ABOUT))
    room.rain((0, 60), (10, 0), (20, 70))
    room.restart()
    room.rain((0, 60), (10, 0), (20, 70))
    assert {alert["rule"] for alert in room.alerts()} == {"heavy-rain"}
    assert room.rows("select rule, thing, count(*) from shadow group by 1, 2") == [
        ("shy", "rain-01", 2)
    ]
    archive = Archive(Pool(lambda: connect(migrated_url, name="test"), size=1))
    counts = archive.rule_counts(START + HOUR)
    assert counts["shy"]["shadow_last_day"] == 2
    assert counts["heavy-rain"] == {"last_day": 1, "last_week": 1}
    room.ledger.close()


def test_a_report_that_has_not_come_by_five_is_missed_and_its_coming_clears(migrated_url: str):
    deadline = rule(id="report-due", kind="office", severity=2, deadline="17:00", records="report")
    room = Room(migrated_url, deadline)
    room.send(("muong-ang/office-1/about", OFFICE))
    monday_five = START + DAY + 10 * HOUR  # 2026-11-23T17:00+07:00
    report = {"id": "r1", "type": "report", "at": rfc3339(START + HOUR), "state": "sent"}
    room.now = START + HOUR
    room.send(("muong-ang/office-1/records", [report]))
    other = {**report, "id": "o1", "type": "other", "at": rfc3339(monday_five - HOUR)}
    room.now = monday_five
    room.send(("muong-ang/office-1/records", [other]))
    room.ingest.tick()
    assert room.alerts() == []
    room.restart()
    room.now = monday_five + 61 * 1_000_000
    room.ingest.tick()
    room.ingest.tick()
    [alert] = room.alerts()
    assert (alert["rule"], alert["condition"]) == ("report-due", "active")
    assert alert["raised_at"] == rfc3339(monday_five)
    late = {**report, "id": "r2", "at": rfc3339(monday_five + 30 * 1_000_000)}
    room.send(("muong-ang/office-1/records", [late]), ("muong-ang/office-1/records", [late]))
    assert [one["condition"] for one in room.alerts()] == ["cleared"]
    room.ledger.close()


def test_severity_rises_inside_one_alert_and_stands_in_its_history(migrated_url: str):
    levels = [{"above": 25, "severity": 2}, {"above": 50, "severity": 3}]
    row = {"levels": levels, "deadband": 5}
    levelled = rule_of_levels(row)
    room = Room(migrated_url, levelled)
    room.send(("muong-ang/rain-01/about", ABOUT))
    room.rain((0, 30), (10, 60), (20, 40))
    [alert] = room.alerts()
    assert alert["severity"] == 2
    assert [(step["step"], step["note"]) for step in alert["steps"]] == [
        ("raise", ""),
        ("level", "2 -> 3"),
        ("level", "3 -> 2"),
    ]
    room.ledger.close()


def rule_of_levels(row):
    words = {"vi": "x", "en": "x"}
    base = {"id": "rain", "kind": "rain-gauge", "datastream": "rainfall"}
    return parse_rule({**base, "name": words, "response": words, **row})
