"""What each detector promises, held against what theory says of it."""

from typing import Any

import numpy as np
import pytest

from ioc.core.calendar import WorkingCalendar
from ioc.core.condition_keys import cusum_arl, cusum_limit
from ioc.core.engine import Change, Engine, Turn
from ioc.core.engine.gatherings import hydrograph
from ioc.core.rules import Rule, parse_rule
from ioc.core.settings_error import SettingsError
from ioc.core.words import DAY, HOUR, MINUTE, SECOND, Datastream, Origin, Severity, Text, Thing
from ioc.sites import read_calendar

MONDAY = 1_795_366_800 * SECOND
"""2026-11-23T00:00+07:00."""

WORDS = {"vi": "x", "en": "x"}


def test_the_week_begins_on_monday_at_midnight_in_vietnam():
    assert WorkingCalendar().hour_of_week(np.array([MONDAY - 1, MONDAY])).tolist() == [167, 0]


def rule(**settings_of: Any) -> Rule:
    row = {"id": "r", "kind": "gauge", "datastream": "level", "severity": 3}
    if "levels" in settings_of:
        del row["severity"]
    return parse_rule({**row, "name": WORDS, "response": WORDS, **settings_of})


class Watch:
    """One engine over one datastream, fed with (seconds, value)."""

    def __init__(self, one: Rule, *, period: float = 30, calendar: WorkingCalendar | None = None):
        stream = Datastream("level", unit="m", period=period, span=(-1e6, 1e6), resolution=0.01)
        thing = Thing(
            "g", "here", "gauge", Text("a", "a"), (103.0, 21.0), Origin.REAL, {"level": stream},
            limits={"alarm-1": 4.0, "alarm-2": 5.0, "alarm-3": 6.0},
        )  # fmt: skip
        self.engine = Engine([one], calendar)
        self.engine.attach(thing, "level", 1, MONDAY)
        self.last = 0.0

    def feed(self, *pairs: tuple[float, float]) -> list[tuple[str, float]]:
        self.last = max(at for at, _ in pairs)
        times = np.array([MONDAY + round(at * SECOND) for at, _ in pairs], np.int64)
        judged = self.engine.judge(
            np.zeros(len(pairs), np.int64), times, np.array([v for _, v in pairs]), int(times.max())
        )
        return [written(change) for change in judged.changes]

    def tick(self, seconds: float) -> list[tuple[str, float]]:
        return [written(c) for c in self.engine.tick(MONDAY + round(seconds * SECOND))]


def written(change: Change) -> tuple[str, float]:
    return change.turn.name, (change.at - MONDAY) / SECOND


def every(step: float, values: list[float], start: float = 0.0) -> list[tuple[float, float]]:
    return [(start + place * step, value) for place, value in enumerate(values)]


# ---------------------------------------------------------------- levels
LEVELS = [
    {"above": "alarm-1", "severity": 2},
    {"above": "alarm-2", "severity": 3},
    {"above": "alarm-3", "severity": 4},
]


def test_severity_rises_and_falls_inside_one_alert():
    watch = Watch(rule(levels=LEVELS, deadband=0.1))
    changes: list[Change] = []
    for at, value in every(600, [3.9, 4.2, 6.5, 5.95, 5.5, 3.95, 3.8]):
        time = np.array([MONDAY + round(at) * SECOND])
        changes += watch.engine.judge(np.zeros(1, np.int64), time, np.array([value]), 0).changes
    assert [(c.turn, c.severity, c.limit) for c in changes] == [
        (Turn.RAISE, Severity.MODERATE, 4.0),
        (Turn.LEVEL, Severity.VERY_HIGH, 6.0),
        (Turn.LEVEL, Severity.HIGH, 5.0),
        (Turn.LEVEL, Severity.MODERATE, 4.0),
        (Turn.CLEAR, Severity.MODERATE, 4.0),
    ]


def test_a_level_is_reached_only_when_all_of_the_hold_was_over_it():
    watch = Watch(rule(levels=LEVELS, hold="20m"), period=600)
    assert watch.feed(*every(600, [6.5, 4.5, 6.5])) == [("RAISE", 1200.0)]
    assert watch.feed(*every(600, [6.5, 6.5], start=1800)) == [("LEVEL", 2400.0)]


def test_levels_go_from_the_mildest_to_the_gravest():
    with pytest.raises(SettingsError, match="mildest"):
        rule(levels=[{"above": 5, "severity": 2}, {"above": 4, "severity": 3}])


# ---------------------------------------------------------------- change and doubt
def test_a_rise_within_the_time_raises_and_a_slow_one_does_not():
    quick = Watch(rule(rising=0.5, over="30m"))
    assert quick.feed(*every(600, [2.0, 2.2, 2.6])) == [("RAISE", 1200.0)]
    slow = Watch(rule(rising=0.5, over="30m"))
    assert slow.feed(*every(600, [2.0 + 0.1 * n for n in range(40)])) == []


def test_a_rise_counts_only_where_its_gate_is_open():
    watch = Watch(rule(rising=0.5, over="30m", only_above="alarm-1"))
    assert watch.feed(*every(600, [2.0, 3.0])) == []
    assert watch.feed(*every(600, [3.5, 4.1], start=1200)) == [("RAISE", 1800.0)]


def test_what_does_not_move_is_stuck_unless_it_may_stand():
    assert Watch(rule(doubtful={"stuck": "1h"})).feed(*every(600, [3.0] * 9)) == [("RAISE", 4200.0)]
    dry = Watch(rule(doubtful={"stuck": "1h", "except": 0}))
    assert dry.feed(*every(600, [0.0] * 90)) == []


def test_stuck_may_be_so_many_times_the_usual():
    watch = Watch(rule(doubtful={"usual": 20}))
    steps = [float(n // 2) for n in range(60)]  # each value stands for 20 minutes
    assert watch.feed(*every(600, steps)) == []
    told = watch.feed(*every(600, [100.0] * 60, start=36_000))
    assert [turn for turn, _ in told] == ["RAISE"]
    assert 20 * 1200 * 0.9 < told[0][1] - 36_000 < 20 * 1200 * 1.1 + 600


def test_a_spike_is_told_by_the_value_after_it_and_a_step_is_none():
    spike = Watch(rule(doubtful={"spike": 1}))
    assert spike.feed(*every(600, [2, 2.1, 8.1, 2.0, 2.0])) == [
        ("RAISE", 1800.0),
        ("CLEAR", 2400.0),
    ]
    step = Watch(rule(doubtful={"spike": 1}))
    assert step.feed(*every(600, [2, 2.1, 8.1, 8.2, 8.0])) == []


def test_a_value_outside_its_range_is_doubted_and_judges_nothing_else():
    assert Watch(rule(doubtful=True)).feed((0, 1.0), (600, 2e6), (1200, 1.0)) == [
        ("RAISE", 600.0),
        ("CLEAR", 1200.0),
    ]
    assert Watch(rule(above=5)).feed((0, 1.0), (600, 2e6)) == []


# ---------------------------------------------------------------- charts
@pytest.mark.parametrize(("height", "arl"), [(4.0, 169), (5.0, 466)])
def test_false_alarms_of_cusum_are_as_far_apart_as_siegmund_says(height: float, arl: float):
    assert cusum_arl(height, 0.5) == pytest.approx(arl, rel=0.01)
    assert cusum_limit(cusum_arl(height, 0.5), 0.5) == pytest.approx(height, abs=1e-3)
    runs, length = 1_000, 6_000
    noise = np.random.Generator(np.random.Philox(7)).standard_normal((runs, length))
    engine = Engine([rule(cusum=height, mean=0, sigma=1)])
    stream = Datastream("level")
    rows = [
        engine.attach(
            Thing(f"g{n}", "here", "gauge", Text("a", "a"), None, Origin.REAL, {"level": stream}),
            "level", n, 0,
        )
        for n in range(runs)
    ]  # fmt: skip
    first = np.full(runs, np.inf)
    row = np.array(rows, np.int64)
    for step in range(length):
        time = np.full(runs, (step + 1) * MINUTE)
        for change in engine.judge(row, time, noise[:, step], 0).changes:
            if change.turn is Turn.RAISE:
                number = int(change.thing[1:])
                first[number] = min(first[number], step + 1)
        if np.isfinite(first).all():
            break
    assert first.mean() == pytest.approx(arl, abs=4 * first.std() / runs**0.5)


def test_a_cusum_finds_a_small_lasting_shift_and_a_plain_limit_would_not():
    noise = np.random.Generator(np.random.Philox(3)).standard_normal(400)
    noise[200:] += 1.0
    told = Watch(rule(cusum={"arl": 100_000}, mean=0, sigma=1)).feed(*every(60, noise.tolist()))
    assert [turn for turn, _ in told][:1] == ["RAISE"]
    assert 200 * 60 < told[0][1] < 240 * 60


def test_an_ewma_learns_what_is_usual_and_tells_a_drift():
    noise = 20 + np.random.Generator(np.random.Philox(4)).standard_normal(900)
    noise[700:] += 2.0
    told = Watch(rule(ewma=4.5)).feed(*every(60, noise.tolist()))
    assert [turn for turn, _ in told][:1] == ["RAISE"]
    assert 700 * 60 < told[0][1] < 715 * 60


def test_what_is_usual_at_this_hour_is_quiet_and_the_same_value_at_another_is_not():
    day = [10.0 + 90.0 * (6 <= hour < 9) + (hour % 3) for hour in range(24)]
    usual = [value + 0.5 * (week % 2) for week in range(10) for _ in range(7) for value in day]
    watch = Watch(rule(baseline=6, side="above", warm=6))
    assert watch.feed(*every(3600, usual)) == []
    night = [100.0 if hour == 2 else value for hour, value in enumerate(day)]
    told = watch.feed(*every(3600, night, start=3600.0 * len(usual)))
    assert [at / 3600 - len(usual) for turn, at in told if turn == "RAISE"] == [2.0]


def test_a_holiday_is_a_sunday_to_the_baseline():
    calendar = read_calendar()
    new_year = (np.datetime64("2027-01-01") - np.datetime64("1970-01-01")).astype(int) * DAY
    noon = np.array([new_year + 5 * HOUR])
    assert calendar.hour_of_week(noon).tolist() == [6 * 24 + 12]


# ---------------------------------------------------------------- services
@pytest.mark.parametrize(("slo", "minutes"), [(99.0, 8.64), (99.5, 4.32)])
def test_a_full_outage_is_told_to_the_second_the_budget_says(slo: float, minutes: float):
    watch = Watch(rule(burn={"slo": slo, "below": 1}), period=1)
    assert watch.feed(*every(1, [2.0] * 7200)) == []
    outage = watch.feed(*every(1, [0.0] * 1200, start=7200))
    assert [turn for turn, _ in outage] == ["RAISE"]
    assert outage[0][1] - 7200 + 1 == pytest.approx(minutes * 60, abs=1.5)


def test_a_slow_leak_is_a_matter_for_the_slow_pair_of_windows_alone():
    values = [0.0 if second % 60 == 0 else 2.0 for second in range(0, 6 * 3600, 30)]
    values = [0.0 if place % 25 == 0 else 2.0 for place in range(len(values) * 13)]
    quick = Watch(rule(burn={"slo": 99, "below": 1}))
    slow = Watch(rule(burn={"slo": 99, "below": 1, "speed": "slow"}))
    assert quick.feed(*every(30, values)) == []
    assert [turn for turn, _ in slow.feed(*every(30, values))][:1] == ["RAISE"]


def test_a_service_s_first_failure_counts_alike_however_its_past_was_packed():
    past, outage = every(60, [2.0] * 200), every(60, [0.0] * 60, start=200 * 60 + 540)
    packed, single = (
        Watch(rule(burn={"slo": 99, "below": 1})),
        Watch(rule(burn={"slo": 99, "below": 1})),
    )
    assert packed.feed(*past) == [one for pair in past for one in single.feed(pair)] == []
    told = packed.feed(*outage)
    assert [turn for turn, _ in told] == ["RAISE"]
    assert told == [one for pair in outage for one in single.feed(pair)]


# ---------------------------------------------------------------- looking ahead
def test_a_steady_rise_is_foreseen():
    watch = Watch(rule(forecast={"above": "alarm-2", "ahead": "1h", "trend": 0.5}), period=600)
    told = watch.feed(*every(600, [1 + 0.1 * n for n in range(41)]))
    assert [turn for turn, _ in told] == ["RAISE"]
    assert 41 * 600 - 3600 - 1800 < told[0][1] < 41 * 600 - 3600 + 600


def test_the_hydrograph_peaks_where_a_gamma_does_and_keeps_all_water():
    ordinates = hydrograph(3.0, 0.45, 72)
    assert ordinates.sum() == pytest.approx(1.0, abs=1e-6)
    assert int(ordinates.argmax()) == 5  # (n - 1) k = 54 min: the sixth ten minutes


def test_rain_upstream_raises_before_the_water_is_there():
    told = rule(
        routed={"above": 1.0, "kind": "rain", "datastream": "rainfall", "ahead": "30m"},
        lateness="10m",
    )
    engine = Engine([told])
    rain = Thing(
        "rain", "here", "rain", Text("a", "a"), (103.0, 21.0), Origin.REAL,
        {"rainfall": Datastream("rainfall", "mm/h", period=600)},
    )  # fmt: skip
    river = Thing(
        "river", "here", "gauge", Text("a", "a"), (103.05, 21.0), Origin.REAL,
        {"level": Datastream("level", "m", period=600)},
    )  # fmt: skip
    row = engine.attach(rain, "rainfall", 1, 0)
    engine.attach(river, "level", 2, 0)
    time = MONDAY + np.arange(1, 37) * 10 * MINUTE
    value = np.r_[np.zeros(6), np.full(9, 50.0), np.zeros(21)]
    changes = engine.judge(np.full(36, row), time, value, int(time[-1])).changes
    assert [(c.turn, c.thing) for c in changes] == [(Turn.RAISE, "river"), (Turn.CLEAR, "river")]
    began = (changes[0].at - MONDAY) // (10 * MINUTE)
    assert 6 < began <= 6 + 4  # rain began after the sixth; its flow would pass the limit later


# ---------------------------------------------------------------- what must come
def at_hour(day: int, hour: float) -> float:
    return day * 86_400 + hour * 3600


def test_a_deadline_is_missed_to_the_second_and_only_on_working_days():
    watch = Watch(rule(deadline="17:00"), calendar=WorkingCalendar())
    assert watch.feed((at_hour(3, 9), 1.0)) == []  # Thursday
    assert watch.tick(at_hour(4, 17)) == []
    assert watch.tick(at_hour(4, 17) + 1) == [("RAISE", at_hour(4, 17))]
    assert watch.feed((at_hour(4, 20), 1.0)) == [("CLEAR", at_hour(4, 20))]
    assert watch.tick(at_hour(6, 23)) == []  # the weekend
    assert watch.tick(at_hour(7, 17) + 1) == [("RAISE", at_hour(7, 17))]


def test_a_missed_deadline_found_by_a_later_report_is_the_same():
    watch = Watch(rule(deadline="17:00"), calendar=WorkingCalendar())
    assert watch.feed((at_hour(0, 9), 1.0), (at_hour(3, 9), 1.0)) == [
        ("RAISE", at_hour(1, 17)),
        ("CLEAR", at_hour(3, 9)),
    ]


def test_nothing_is_due_on_a_holiday():
    calendar = read_calendar()
    eve = (np.datetime64("2027-02-04") - np.datetime64("1970-01-01")).astype(int) * DAY
    due = calendar.deadline(int(eve), 17 * 3600, working=True)
    assert due == int(eve) + 6 * DAY + 10 * HOUR  # Tết 2027: Friday 5 to Tuesday 9 February


def test_silence_is_told_to_the_second():
    watch = Watch(rule(silent=True))
    watch.feed((0, 1.0))
    assert watch.tick(90) == []
    assert watch.tick(90.5) == [("RAISE", 90.0)]


def test_what_runs_out_is_told_when_that_little_is_left_and_ends_when_it_is_renewed():
    watch = Watch(rule(expires="60d"), period=86_400)
    assert watch.feed((0, 62.0)) == []
    assert watch.tick(at_hour(2, 0)) == []
    assert watch.tick(at_hour(2, 0) + 1) == [("RAISE", at_hour(2, 0))]
    assert watch.feed((at_hour(3, 0), 59.0)) == []
    assert watch.feed((at_hour(4, 0), 365.0)) == [("CLEAR", at_hour(4, 0))]
