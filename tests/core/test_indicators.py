"""Indicators: what they compute, and how they say how much they know."""

from dataclasses import replace
from typing import Any

import pytest

from ioc.core.fire_danger import saturation_deficit
from ioc.core.formulas import Hours, compute, fourfold, outcome, score
from ioc.core.indicators import (
    Definition,
    Outcome,
    Summary,
    Window,
    month_before,
    parse_indicator,
    ranks,
    standing,
    window_before,
    window_start,
    year_before,
)
from ioc.core.settings_error import SettingsError
from ioc.core.words import DAY, HOUR, SECOND, instant, rfc3339

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
        ({}, [seen(0, 0, expected=0.3)], [], 0),  # just after midnight nothing was due yet
        ({}, [seen(0, 0, expected=2.0)], [], None),
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


# ------------------------------------------------------------------ ranks, floors, references


def outcome_of(value: float | None, coverage: float = 1.0) -> Outcome:
    return Outcome(value, coverage, NOW)


def test_what_knows_too_little_has_no_standing_and_no_rank():
    held = definition(target=10, floor=0.6)
    assert standing(held, 12.0, 0.59) == "unknown"
    assert standing(held, 12.0, 0.6) == "on-target"
    found = ranks(held, {"a": outcome_of(9), "b": outcome_of(12), "c": outcome_of(99, 0.5)})
    assert found == {"b": 1, "a": 2}


def test_the_direction_says_who_is_first_and_equal_ones_share_a_rank():
    areas = {"a": outcome_of(3), "b": outcome_of(1), "c": outcome_of(3), "d": outcome_of(None)}
    assert ranks(definition(direction="down"), areas) == {"b": 1, "a": 2, "c": 2}
    assert ranks(definition(direction="up"), areas) == {"a": 1, "c": 1, "b": 3}


REFERENCE: dict[str, Any] = {
    "id": "par-index",
    "name": {"vi": "x", "en": "x"},
    "formula": "reference",
    "history": [[2020, 86.55], [2019, 81.42]],
    "rank": [[2020, 25]],
    "derived": [2019],
    "source": "S3",
}


def test_a_reference_is_its_newest_year_and_nothing_live():
    official = parse_indicator(REFERENCE)
    assert [one.year for one in official.history] == [2019, 2020]
    assert outcome(official, {}, NOW) == Outcome(86.55, 1.0, None)
    start, end = official.history[-1].period
    assert rfc3339(start) == "2020-01-01T00:00:00+07:00"
    assert rfc3339(end) == "2020-12-31T23:59:59+07:00"


@pytest.mark.parametrize(
    "changes",
    [
        {"history": []},
        {"history": [[2020]]},
        {"history": [["2020", 1]]},
        {"rank": [[2018, 3]]},
        {"derived": [2018]},
        {"window": "today"},
        {"of": {"kind": "k", "datastream": "a"}},
    ],
)
def test_a_wrong_reference_is_refused(changes: dict[str, Any]):
    with pytest.raises(SettingsError):
        parse_indicator({**REFERENCE, **changes})


LEVELS = [{"vi": word, "en": word} for word in ("I", "II", "III")]


def test_bands_make_a_category_and_keep_what_it_was_made_of():
    held = definition(bands={"above": [100, 200], "levels": LEVELS})
    for total, level in ((100, 0), (100.5, 1), (200, 1), (201, 2)):
        found = compute(held, [seen(1, total)])
        assert (found.value, found.measure) == (level, total)
    assert compute(held, [seen(0, 0)]).value is None


@pytest.mark.parametrize("edges", [[200, 100], [100], [100, 100], ["a", 2]])
def test_wrong_bands_are_refused(edges: list[Any]):
    with pytest.raises(SettingsError):
        definition(bands={"above": edges, "levels": LEVELS})


# ------------------------------------------------------------------ further formulas


def test_a_rate_is_summed_up_for_each_thing_and_the_greatest_counts():
    rain = definition(formula="greatest-total")
    gauges = [
        replace(seen(6, 60.0), rate=1 / 6),  # six times ten minutes at 10 mm/h
        replace(seen(6, 12.0), rate=1 / 6),
        replace(seen(0, 0.0), rate=1 / 6),
    ]
    assert compute(rain, gauges).value == 10


def test_the_alarm_level_is_the_worst_thing_s_own():
    level = definition(formula="alarm-level", window="latest")
    alarms = (2.0, 2.8, 3.5)
    gauges = [
        replace(seen(1, 3.0, last=2.8), alarms=alarms),
        replace(seen(1, 3.0, last=9.0)),  # has no alarm levels
        replace(seen(1, 3.0, last=1.9), alarms=alarms),
    ]
    assert compute(level, gauges).value == 2
    assert compute(level, [gauges[1]]).value is None


def test_records_are_counted_by_state_and_share_in_time():
    share = definition(
        formula="share",
        of={"record": "dossier", "state": "finished", "on_time": True},
        over={"record": "dossier", "state": "finished"},
    )
    assert compute(share, [seen(3, 3)], [seen(4, 4)]).value == 75
    assert str(share.of) == "records dossier[finished] on time"


def test_a_count_is_of_the_things_that_sent_something():
    assert compute(definition(formula="count"), [seen(5, 1), seen(0, 0), seen(1, 0)]).value == 2


def hour(count: int) -> int:
    return NOW // HOUR * HOUR - count * HOUR


def test_the_aqi_of_an_area_is_its_worst_station_s():
    index = definition_of("vn-aqi-hour", pm25={"kind": "air", "datastream": "pm25"})
    means = [20.6, 19.6, 22.4, 20.3, 16.5, 19.0, 16.5, 19.5, 23.5, 20.5, 24.7, 26.9]
    told = {hour(back + 1): mean for back, mean in enumerate(means)}
    clean = dict.fromkeys(told, 5.0)
    found = outcome(index, {}, NOW, [Hours("pm25", "a", told, {}), Hours("pm25", "b", clean, {})])
    assert (found.value, found.coverage, found.oldest) == (41, 1.0, hour(0))
    gone = outcome(index, {}, NOW, [Hours("pm25", "a", told, {}), Hours("pm25", "b", {}, {})])
    assert (gone.value, gone.coverage) == (41, 0.5)
    assert outcome(index, {}, NOW, []) == Outcome(None, 0.0, None)


def definition_of(formula: str, **bind: Any) -> Definition:
    row = {key: told for key, told in ROW.items() if key != "of"}
    return parse_indicator({**row, "formula": formula, "window": "24h", "bind": bind})


def weather(days: int, rain: dict[int, float]) -> list[Hours]:
    """Make ``days`` days that end yesterday: 30 °C and 50 % at 13:00, and rain by day back."""
    midnight = window_start(Window.TODAY, NOW)
    noons = [midnight - back * DAY + 13 * HOUR for back in range(1, days + 1)]
    wet = {midnight - back * DAY + 3 * HOUR: mm for back, mm in rain.items()}
    return [
        Hours("temperature", "w", dict.fromkeys(noons, 30.0), {}),
        Hours("humidity", "w", dict.fromkeys(noons, 50.0), {}),
        Hours("rain", "g", wet, {}),
    ]


def test_the_fire_index_sums_the_days_since_the_last_wet_one():
    fire = definition_of("fire-index", temperature=OVER, humidity=OVER, rain=OVER)
    one = 30 * saturation_deficit(30, 50)
    found = outcome(fire, {}, NOW, weather(7, {4: 12.0}))
    assert found.value == pytest.approx(3 * one, abs=0.01)
    assert found.coverage == 1.0
    dry = outcome(fire, {}, NOW, weather(7, {}))
    assert dry.value == pytest.approx(7 * one, abs=0.01)
    assert dry.coverage == pytest.approx(7 / 30, abs=0.001), "what was before may have been dry too"


def test_hot_days_in_a_row_end_today_or_yesterday():
    row = {**ROW, "formula": "run-above", "window": "latest", "level": 35}
    run = parse_indicator(row)
    midnight = window_start(Window.TODAY, NOW)
    hot = {midnight - back * DAY + 14 * HOUR: 36.0 for back in range(1, 5)}
    assert outcome(run, {}, NOW, [Hours("of", "w", {}, hot)]).value == 4
    assert outcome(run, {}, NOW, [Hours("of", "w", {}, {**hot, midnight + HOUR: 37.0})]).value == 5
    cooler = {**hot, midnight - 2 * DAY + 14 * HOUR: 35.0}
    assert outcome(run, {}, NOW, [Hours("of", "w", {}, cooler)]).value == 1


def test_data_quality_is_four_shares():
    period = 60 * SECOND / HOUR
    good = Summary(60, 60, 0, 1, 1, NOW, rate=period)
    poor = Summary(20, 60, 0, 1, 1, NOW - HOUR, suspect=4, bad=10, refused=10, rate=period)
    found = fourfold([good, poor], NOW)
    assert found.right == pytest.approx(1 - 14 / 90)
    assert found.complete == pytest.approx(90 / 120)
    assert found.clean == pytest.approx(90 / 100)
    assert found.live == pytest.approx(0.5)
    assert found.score == pytest.approx(100 * sum(part or 0 for part in found.parts) / 4)


def test_more_than_was_promised_does_not_hide_a_gap_elsewhere():
    twice = Summary(120, 60, 0, 1, 1, NOW)
    none = Summary(0, 60, 0, None, None, None)
    assert fourfold([twice, none], NOW).complete == 0.5


def test_nothing_received_is_not_perfect():
    assert fourfold([], NOW).score is None
    silent = Summary(0, 60, 0, None, None, None, rate=1 / 60)
    assert fourfold([silent], NOW).parts == (None, 0.0, None, 0.0)


TABLE: dict[str, Any] = {
    "id": "t",
    "name": {"vi": "t", "en": "t"},
    "group": [{"code": "g", "name": {"vi": "g", "en": "g"}, "max": 10}],
    "part": [
        {
            "code": code, "group": "g", "name": {"vi": "p", "en": "p"}, "max": 5,
            "numerator": f"{code}-good", "denominator": f"{code}-all", "status": "fit",
        }
        for code in ("a", "b")
    ],
}  # fmt: skip


def test_a_score_binds_its_quantities_and_covers_what_it_knows():
    row = {key: told for key, told in ROW.items() if key != "of"}
    bind = {"a-good": OVER, "a-all": {"kind": "k", "datastream": "c"}, "b-all": 8}
    held = parse_indicator({**row, "formula": "score", "table": TABLE, "bind": bind})
    found = outcome(held, {"a-good": [seen(1, 30)], "a-all": [seen(1, 40)]}, NOW)
    assert (found.value, found.coverage) == (7.5, 0.5), "as if the unknown half were like the known"
    assert standing(parse_indicator({**row, "formula": "score", "table": TABLE, "bind": bind,
                                     "target": 1, "floor": 0.6}), found.value,
                    found.coverage) == "unknown"  # fmt: skip


def test_a_quantity_may_be_a_sum_and_a_difference():
    row = {key: told for key, told in ROW.items() if key != "of"}
    bind = {"a-good": [OVER, {**OVER, "take": "newest", "less": True}], "a-all": 10}
    held = parse_indicator({**row, "formula": "score", "table": TABLE, "bind": bind})
    told = {"a-good": [seen(2, 9)], "a-good.2": [seen(1, 50, last=4)]}
    (part, _) = score(held, told).parts
    assert (part.numerator, part.value) == (5, 2.5)
    (part, _) = score(held, {"a-good": [seen(2, 9)], "a-good.2": [seen(0, 0)]}).parts
    assert part.value is None, "half of a sum is no sum"


@pytest.mark.parametrize(
    ("at", "month", "year"),
    [
        ("2026-11-24T10:00:00+07:00", "2026-10-24T10:00:00+07:00", "2025-11-24T10:00:00+07:00"),
        ("2026-03-31T10:00:00+07:00", "2026-02-28T10:00:00+07:00", "2025-03-31T10:00:00+07:00"),
        ("2028-02-29T00:30:00+07:00", "2028-01-29T00:30:00+07:00", "2027-02-28T00:30:00+07:00"),
    ],
)
def test_the_same_day_a_month_and_a_year_before(at: str, month: str, year: str):
    assert rfc3339(month_before(instant(at))) == month
    assert rfc3339(year_before(instant(at))) == year
