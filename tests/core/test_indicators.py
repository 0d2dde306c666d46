"""Indicators: what they compute, and how they say how much they know."""

from typing import Any

import pytest

from ioc.core.indicators import (
    Definition,
    Summary,
    Window,
    compute,
    parse_indicator,
    standing,
    window_before,
    window_start,
)
from ioc.core.settings_error import SettingsError
from ioc.core.words import DAY, HOUR, instant, rfc3339

NOW = instant("2026-11-22T10:30:00+07:00")
ROW: dict[str, Any] = {
    "id": "x",
    "name": {"vi": "x", "en": "x"},
    "unit": "%",
    "formula": "sum",
    "window": "today",
    "of": {"kind": "k", "datastream": "a"},
    "owner": "o",
}


def definition(**changes: Any) -> Definition:
    return parse_indicator({**ROW, **changes})


def seen(
    count: int, total: float, *, expected: float = 0, last: float = 0, level: float | None = None
):
    return Summary(
        count, expected, total, last, last if count else None, NOW if count else None, level
    )


OVER = {"kind": "k", "datastream": "b"}


@pytest.mark.parametrize(
    ("changes", "of", "over", "value"),
    [
        ({"formula": "share", "over": OVER}, [seen(9, 96.63)], [seen(9, 100)], 96.63),
        ({"formula": "share", "over": OVER}, [seen(9, 1)], [seen(9, 0)], None),
        ({}, [seen(2, 3), seen(1, 4)], [], 7),
        ({}, [seen(0, 0)], [], None),
        ({"formula": "mean"}, [seen(2, 3), seen(2, 5)], [], 2),
        ({"formula": "max"}, [seen(2, 3, last=7), seen(2, 5, last=9)], [], 9),
        ({"window": "latest"}, [seen(12, 36, last=3), seen(12, 24, last=2)], [], 5),
        ({"formula": "latest-mean", "window": "latest"}, [seen(5, 9, last=3), seen(0, 0)], [], 3),
        (
            {"formula": "count-equals", "level": "up", "window": "latest"},
            [seen(1, 2, last=2, level=2), seen(1, 0, last=0, level=2)],
            [],
            50,
        ),
        (
            {"formula": "count-above", "level": "alarm-1", "window": "latest"},
            [seen(1, 3, last=3, level=2.5), seen(1, 2, last=2, level=2.5), seen(1, 9, last=9)],
            [],
            1,
        ),
    ],
)
def test_formulas(changes: dict[str, Any], of: list[Summary], over: list[Summary], value: float):
    assert compute(definition(**changes), of, over).value == value


def test_coverage_is_the_share_of_what_the_periods_promise():
    outcome = compute(definition(), [seen(50, 1, expected=100), seen(0, 0, expected=100)])
    assert (outcome.coverage, outcome.oldest) == (0.25, NOW)


def test_coverage_of_newest_values_is_the_share_of_things_that_have_one():
    outcome = compute(definition(window="latest"), [seen(1, 1), seen(0, 0), seen(0, 0)])
    assert outcome.coverage == pytest.approx(1 / 3, abs=1e-4)


@pytest.mark.parametrize(
    ("direction", "value", "expected"),
    [
        ("up", 95, "on-target"),
        ("up", 94, "at-risk"),
        ("up", 89, "off-target"),
        ("up", None, "unknown"),
        ("down", 95, "on-target"),
        ("down", 96, "at-risk"),
        ("down", 101, "off-target"),
    ],
)
def test_standing(direction: str, value: float | None, expected: str):
    at_risk = 90 if direction == "up" else 100
    held = definition(target=95, at_risk=at_risk, direction=direction)
    assert standing(held, value) == expected


@pytest.mark.parametrize(
    ("window", "start"),
    [
        (Window.TODAY, "2026-11-22T00:00:00+07:00"),
        (Window.DAY, "2026-11-21T10:30:00+07:00"),
        (Window.WEEK, "2026-11-15T10:30:00+07:00"),
        (Window.MONTH, "2026-11-01T00:00:00+07:00"),
    ],
)
def test_windows_begin_by_vietnam_s_days(window: Window, start: str):
    assert rfc3339(window_start(window, NOW)) == start


def test_an_hour_after_midnight_in_vietnam_today_began_an_hour_ago():
    just = instant("2026-12-01T01:00:00+07:00")
    assert just - window_start(Window.TODAY, just) == HOUR
    assert just - window_start(Window.MONTH, just) == HOUR


def test_the_period_before_ends_the_same_time_of_day():
    assert (NOW - window_before(Window.TODAY, NOW)) == DAY


@pytest.mark.parametrize(
    "changes",
    [
        {"formula": "median"},
        {"window": "year"},
        {"over": OVER},
        {"formula": "share"},
        {"level": "up"},
        {"direction": "left"},
        {"areas": "all"},
        {"target": "95"},
        {"of": {"kind": "k"}},
        {"color": "red"},
    ],
)
def test_a_wrong_row_is_refused(changes: dict[str, Any]):
    with pytest.raises(SettingsError):
        definition(**changes)
