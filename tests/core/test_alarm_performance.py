"""The indicators of ISA-18.2 by hand-made days whose figures are known."""

from dataclasses import replace

from ioc.core.alarm_performance import flood, performance
from ioc.core.history import Entry
from ioc.core.words import DAY, HOUR, MINUTE, SECOND, Instant, Severity, instant
from tests.core.test_alerts import OPEN

START: Instant = instant("2026-11-22T00:00:00+07:00")


def alert(number: int, *raised: Instant, **changes):
    steps = tuple(Entry(at, "centre", "raise") for at in raised)
    base = replace(OPEN, id=f"a{number}", rule=f"rule-{number}", raised_at=raised[0], steps=steps)
    return replace(base, **{"detected_at": raised[0], **changes})


def day(*alerts, operators: int = 1):
    return performance(alerts, START, START + DAY, operators)


def test_an_empty_day_is_all_noughts():
    found = day()
    assert (found["raises"], found["per_10_min"]) == (0, {"mean": 0.0, "p99": 0.0, "most": 0.0})
    assert found["flood"] == {"percent": 0.0, "floods": 0}
    assert found["acknowledge_s"] == {"answered": 0, "median": None, "p90": None}


def test_the_rate_counts_every_raise_over_all_of_the_day_and_is_each_operators():
    alerts = [
        alert(number, START + number * HOUR, START + number * HOUR + 60 * SECOND)
        for number in range(24)
    ]
    assert day(*alerts)["raises"] == 48
    assert day(*alerts)["per_10_min"] == {"mean": round(48 / 144, 3), "p99": 2.0, "most": 2.0}
    assert day(*alerts, operators=2)["per_10_min"]["most"] == 1.0


def test_history_and_what_lies_outside_is_no_load():
    assert day(alert(1, START + HOUR, history=True), alert(2, START - 1))["raises"] == 0
    assert day(alert(3, START))["raises"] == 1
    assert day(alert(4, START + DAY))["raises"] == 0


def test_a_flood_begins_above_ten_and_ends_below_five():
    assert flood([10, 11, 6, 5, 4, 11]) == [False, True, True, True, False, True]
    alerts = [alert(number, START + HOUR + number * SECOND) for number in range(11)]
    assert day(*alerts)["flood"] == {"percent": round(100 / 144, 2), "floods": 1}
    assert day(*alerts[:10])["flood"]["floods"] == 0


def test_what_is_active_for_more_than_a_day_is_stale():
    old = alert(1, START - 1)
    assert [one["alert"] for one in day(old)["stale"]] == ["a1"]
    assert day(replace(old, active=False))["stale"] == []
    assert day(alert(2, START))["stale"] == []


def test_three_raises_in_a_minute_chatter():
    quick = alert(1, START, START + 30 * SECOND, START + 60 * SECOND)
    slow = alert(2, START, START + 30 * SECOND, START + 61 * SECOND)
    found = day(quick, slow)["chattering"]
    assert [(one["rule"], one["raises"]) for one in found] == [("rule-1", 3)]


def test_the_ten_most_frequent_and_their_share():
    often = alert(0, *(START + number * HOUR for number in range(10)))
    found = day(often, *(alert(number, START) for number in range(1, 31)))["top_ten"]
    assert found["items"][0] == {"rule": "rule-0", "thing": "t", "raises": 10}
    assert found["percent"] == 100 * 19 / 40


def test_the_priorities_are_three():
    grades = [Severity.LOW] * 6 + [Severity.MODERATE] * 2 + [Severity.HIGH, Severity.DISASTER]
    alerts = [alert(number, START, severity=grade) for number, grade in enumerate(grades)]
    split = {name: part["percent"] for name, part in day(*alerts)["priorities"].items()}
    assert split == {"low": 80.0, "medium": 10.0, "high": 10.0}


def test_the_time_to_acknowledge_counts_from_when_it_was_shown():
    def answered(number: int, after: Instant):
        one = alert(number, START, detected_at=START + MINUTE)
        said = Entry(START + MINUTE + after, "lan", "acknowledge")
        return replace(one, steps=(*one.steps, said))

    found = day(answered(1, 30 * SECOND), answered(2, 90 * SECOND), alert(3, START))
    assert found["acknowledge_s"] == {"answered": 2, "median": 60.0, "p90": 90.0}
