"""What the engine promises: the same changes however the observations arrive."""

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ioc.core.engine import Change, Engine, Turn
from ioc.core.rules import Rule, parse_rule
from ioc.core.words import MINUTE, Datastream, Origin, Quality, Text, Thing

START = 1_795_305_600 * 1_000_000
WORDS = {"vi": "x", "en": "x"}


def rule(**changes: Any) -> Rule:
    row = {"id": "r", "kind": "gauge", "datastream": "level", "severity": 3}
    return parse_rule({**row, "name": WORDS, "response": WORDS, **changes})


def thing(name: str = "gauge-1", limits: Mapping[str, float] | None = None) -> Thing:
    stream = Datastream("level", unit="m", period=600, span=(-10, 100), levels=("down", "up"))
    return Thing(
        name,
        "muong-ang",
        "gauge",
        Text("a", "a"),
        None,
        Origin.REAL,
        {"level": stream},
        limits=limits or {},
    )


class Judge:
    """One engine over one datastream, fed with (minute, value)."""

    def __init__(self, *rules: Rule, of: Thing | None = None) -> None:
        self.rules = rules
        self.thing = of or thing()
        self.engine = Engine(rules)
        self.engine.attach(self.thing, "level", 7, START)
        self.told: list[Change] = []
        self.kept: dict[int, float] = {}
        self.saved = [self.engine.whole()]

    def feed(self, *pairs: tuple[float, float]) -> list[tuple[str, str, float, float]]:
        for minute, value in pairs:
            if -10 <= value <= 100:
                self.kept.setdefault(START + round(minute * MINUTE), value)
        changes = self.engine.judge(
            np.zeros(len(pairs), np.int64),
            np.array([START + round(m * MINUTE) for m, _ in pairs], np.int64),
            np.array([float(v) for _, v in pairs]),
            START,
        ).changes
        self.told += changes
        self.saved.append(self.engine.drain())
        return [written(change) for change in changes]

    def tick(self, minute: float) -> list[tuple[str, str, float, float]]:
        changes = self.engine.tick(START + round(minute * MINUTE))
        self.told += changes
        self.saved.append(self.engine.drain())
        return [written(one) for one in changes]

    def restart(self) -> None:
        self.engine = Engine(self.rules)
        self.engine.restore(self.saved)
        self.engine.attach(self.thing, "level", 7, START)
        waiting = self.engine.unsettled().get(7, START + 10**15)
        again = [(at, value) for at, value in self.kept.items() if at > waiting]
        self.engine.refill(
            np.zeros(len(again), np.int64),
            np.array([at for at, _ in again], np.int64),
            np.array([value for _, value in again], np.float64),
        )


def written(change: Change) -> tuple[str, str, float, float]:
    return (change.turn.name, change.rule.id, (change.at - START) / MINUTE, change.value)


def test_a_value_over_the_limit_raises_and_one_back_behind_the_deadband_clears():
    judge = Judge(rule(above=50, deadband=5))
    assert judge.feed((0, 50)) == []
    assert judge.feed((10, 51)) == [("RAISE", "r", 10, 51)]
    assert judge.feed((20, 46)) == []
    assert judge.feed((30, 45)) == [("CLEAR", "r", 30, 45)]


def test_below_is_above_upside_down():
    judge = Judge(rule(below=10, deadband=2))
    assert judge.feed((0, 9), (10, 11), (20, 12)) == [("RAISE", "r", 0, 9), ("CLEAR", "r", 20, 12)]


def test_equals_compares_with_the_named_level():
    judge = Judge(rule(equals="down"))
    assert judge.feed((0, 1), (10, 0), (20, 1)) == [("RAISE", "r", 10, 0), ("CLEAR", "r", 20, 1)]


def test_the_limit_may_be_the_thing_s_own():
    judge = Judge(rule(above="alarm-2"), of=thing(limits={"alarm-2": 5.6}))
    assert judge.feed((0, 5.6), (10, 5.7)) == [("RAISE", "r", 10, 5.7)]


def test_a_thing_without_the_named_limit_is_not_judged():
    assert Judge(rule(above="alarm-2")).feed((0, 99)) == []


def test_hold_counts_only_while_observations_show_it():
    judge = Judge(rule(above=50, hold="20m"))
    assert judge.feed((0, 60), (10, 60)) == []
    assert judge.feed((20, 40), (30, 60), (40, 60)) == []
    assert judge.feed((50, 61)) == [("RAISE", "r", 50, 61)]


def test_clearing_holds_too():
    judge = Judge(rule(above=50, clear_hold="10m"))
    assert judge.feed((0, 60), (10, 40), (20, 60), (30, 40)) == [("RAISE", "r", 0, 60)]
    assert judge.feed((40, 40)) == [("CLEAR", "r", 40, 40)]


def test_a_gap_starts_the_hold_anew():
    judge = Judge(rule(above=50, hold="20m"))
    assert judge.feed((0, 60), (120, 60), (130, 60)) == []
    assert judge.feed((140, 60)) == [("RAISE", "r", 140, 60)]


def test_a_value_outside_the_range_is_bad_and_changes_nothing():
    judge = Judge(rule(above=50))
    judged = judge.engine.judge(np.zeros(1, np.int64), np.array([START]), np.array([101.0]), START)
    assert judged.quality.tolist() == [Quality.BAD]
    assert judged.changes == []


def test_silence_is_told_once_and_ends_with_the_next_observation():
    judge = Judge(rule(id="silent", kind="*", datastream="*", silent=True))
    judge.feed((0, 1))
    assert judge.tick(30) == []
    assert judge.tick(31) == [("RAISE", "silent", 30, 1800)]
    assert judge.tick(99) == []
    assert judge.feed((100, 1)) == [("CLEAR", "silent", 100, 1800)]


def test_a_gap_found_later_is_the_same_silence_as_one_seen_live():
    judge = Judge(rule(id="silent", kind="*", datastream="*", silent=True))
    assert judge.feed((0, 1), (100, 1)) == [
        ("RAISE", "silent", 30, 1800),
        ("CLEAR", "silent", 100, 1800),
    ]


def test_the_rule_of_silence_that_names_the_kind_goes_before_the_general_one():
    every = rule(id="every", kind="*", datastream="*", silent=True)
    own = rule(id="own", kind="gauge", datastream="*", silent=True, periods=6)
    judge = Judge(every, own)
    judge.feed((0, 1))
    assert judge.tick(200) == [("RAISE", "own", 60, 3600)]


def test_a_changed_rule_does_not_take_over_the_state_of_the_old_one():
    judge = Judge(rule(above=50))
    judge.feed((0, 60))
    judge.rules = (rule(above=70),)
    judge.restart()
    assert judge.feed((10, 60), (20, 80)) == [("RAISE", "r", 20, 80)]


def test_a_thing_taken_away_clears_what_stood_broken():
    judge = Judge(rule(above=50))
    judge.feed((0, 60))
    assert [one.turn for one in judge.engine.detach("gauge-1", START + MINUTE)] == [Turn.CLEAR]
    assert judge.engine.tick(START + 10_000 * MINUTE) == []


STORIES = st.lists(
    st.tuples(st.integers(1, 45), st.sampled_from([20.0, 44.0, 47.0, 50.0, 55.0, 60.0, 200.0])),
    min_size=1,
    max_size=40,
)
RULES = (
    rule(id="plain", above=50),
    rule(id="band", above=50, deadband=5),
    rule(id="held", above=50, hold="20m", clear_hold="15m", deadband=2),
    rule(id="under", below=45, hold="5m"),
    rule(id="silent", kind="*", datastream="*", silent=True),
    rule(id="patient", above=50, hold="20m", deadband=2, lateness="60m"),
)


def told(pairs: list[tuple[float, float]], cuts: list[int], *, restarts: bool, twice: bool):
    judge = Judge(*RULES)
    places = [0, *sorted({cut % len(pairs) for cut in cuts}), len(pairs)]
    for start, end in itertools.pairwise(places):
        if start == end:
            continue
        judge.feed(*pairs[start:end])
        if twice:
            judge.feed(*pairs[start:end])
        if restarts:
            judge.restart()
    judge.tick(100_000)
    return [written(change) for change in judge.told]


@settings(max_examples=300, deadline=None)
@given(STORIES, st.lists(st.integers(0, 39), max_size=6), st.booleans())
def test_any_cut_into_batches_any_repetition_and_any_restart_give_the_same_changes(
    story: list[tuple[int, float]], cuts: list[int], twice: bool
):
    minutes = np.cumsum([gap for gap, _ in story]).tolist()
    pairs = [(minute, value) for minute, (_, value) in zip(minutes, story, strict=True)]
    expected = told(pairs, [], restarts=False, twice=False)
    cut = told(pairs, cuts, restarts=True, twice=twice)
    assert sorted(cut) == sorted(expected)


@settings(max_examples=100, deadline=None)
@given(STORIES)
def test_raises_and_clears_take_turns(story: list[tuple[int, float]]):
    minutes = np.cumsum([gap for gap, _ in story]).tolist()
    judge = Judge(*RULES)
    judge.feed(*zip(minutes, [value for _, value in story], strict=True))
    for one in RULES:
        turns = [change.turn for change in judge.told if change.rule is one]
        assert turns == [
            Turn.RAISE if place % 2 == 0 else Turn.CLEAR for place in range(len(turns))
        ]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_order_inside_a_batch_does_not_matter(order: tuple[int, int]):
    pairs = [(0.0, 60.0), (10.0, 40.0)]
    judge = Judge(rule(above=50))
    assert judge.feed(*[pairs[place] for place in order]) == [
        ("RAISE", "r", 0, 60),
        ("CLEAR", "r", 10, 40),
    ]


def test_what_is_kept_already_is_told_from_what_contradicts_it_and_what_is_new():
    judge = Judge()
    judge.feed((10, 1))
    judged = judge.engine.judge(
        np.zeros(5, np.int64),
        START + np.array([10, 10, 5, 20, 20]) * MINUTE,
        np.array([1.0, 2.0, 1.0, 3.0, 3.0]),
        START,
    )
    assert judged.fresh.tolist() == [False, False, False, True, False]
    assert judged.repeated.tolist() == [True, False, False, False, True]
    assert judged.conflicting.tolist() == [False, True, False, False, False]


PATIENT = (
    rule(id="patient", above=50, lateness="60m"),
    rule(id="patient-held", above=50, hold="20m", clear_hold="15m", deadband=2, lateness="60m"),
)


@settings(max_examples=300, deadline=None)
@given(STORIES, st.lists(st.floats(0, 59), min_size=40, max_size=40), st.integers(1, 7), st.data())
def test_any_order_within_the_lateness_and_any_restart_give_the_same_changes(
    story: list[tuple[int, float]], delays: list[float], size: int, data: st.DataObject
):
    minutes = np.cumsum([gap for gap, _ in story]).tolist()
    pairs = [(minute, value) for minute, (_, value) in zip(minutes, story, strict=True)]
    expected, shuffled = Judge(*PATIENT), Judge(*PATIENT)
    expected.feed(*pairs)
    late = sorted(zip(delays, pairs, strict=False), key=lambda one: one[0] + one[1][0])
    arriving = [pair for _, pair in late]
    for start in range(0, len(arriving), size):
        shuffled.feed(*arriving[start : start + size])
        if data.draw(st.booleans()):
            shuffled.restart()
    for judge in (expected, shuffled):
        judge.tick(100_000)
    assert sorted(map(written, shuffled.told)) == sorted(map(written, expected.told))


def test_what_waits_takes_no_more_room_however_often_it_is_told_again():
    together = {"neighbours": {"above": 5, "at_least": 1, "within_km": 1}, "lateness": "1h"}
    judge = Judge(rule(**together), rule(id="alone", above=5, lateness="1h"))
    judge.feed((10, 6), (20, 7), (30, 8))
    waiting = judge.engine.waiting
    for _ in range(5):
        judge.feed((10, 6), (20, 7.5), (30, 8))
    assert judge.engine.waiting == waiting > 3


def test_a_patient_rule_judges_when_nothing_can_come_before_any_more():
    judge = Judge(rule(above=50, lateness="30m"))
    assert judge.feed((20, 60)) == []
    assert judge.feed((0, 60)) == []
    assert judge.feed((30, 40)) == [("RAISE", "r", 0, 60)]
    assert judge.feed((60, 40)) == [("CLEAR", "r", 30, 40)]
    assert judge.feed((10, 99)) == []


def test_a_patient_rule_does_not_wait_for_ever_for_what_does_not_come():
    judge = Judge(rule(above=50, lateness="30m"))
    judge.feed((0, 60))
    assert judge.tick(29) == []
    assert judge.tick(30) == [("RAISE", "r", 0, 60)]


def test_a_table_kept_in_another_layout_begins_anew_and_the_others_are_as_they_were():
    judge = Judge(rule(above=50, deadband=5))
    judge.feed((0, 60))
    again = Engine(judge.rules)
    assert again.restore([_in_another_layout(blob) for blob in judge.saved]) == {"Threshold"}
    row = again.attach(judge.thing, "level", 7, START)
    assert again.newest(row) == (START, 60.0)
    assert again.standing() == set()


def _in_another_layout(blob: bytes) -> bytes:
    name = b"Threshold" + (4).to_bytes(4, "little")
    before, _, after = blob.partition(name)
    return before + name + bytes(4) + after[4:]


def test_a_checkpoint_of_another_form_is_left_out_and_named():
    engine = Engine([rule(above=50, deadband=5)])
    assert engine.restore([b"ioc1 and whatever", b""]) == {"streams", "watches", "Threshold"}
