"""Every type of rule: the same alerts however the observations arrive, and none where none is due.

One small province of three things is told the same story in many ways; each way must come to the
same changes.
"""

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ioc.core.engine import Change, Engine
from ioc.core.rules import Rule, parse_rule
from ioc.core.words import MINUTE, Datastream, Origin, Text, Thing

START = 1_795_305_600 * 1_000_000
WORDS = {"vi": "x", "en": "x"}
PERIOD = 10


def rule(name: str, **settings_of: Any) -> Rule:
    row = {"id": name, "kind": "gauge", "datastream": "level", "severity": 3}
    if "levels" in settings_of:
        del row["severity"]
    return parse_rule({**row, "name": WORDS, "response": WORDS, **settings_of})


def every_rule(lateness: str = "0s") -> tuple[Rule, ...]:
    """One rule of each type, all over the same datastream, with the same lateness."""
    late: dict[str, Any] = {} if lateness == "0s" else {"lateness": lateness}
    waiting = (
        rule("threshold", above=50, hold="20m", deadband=5, **late),
        rule(
            "levels",
            levels=[
                {"above": 40, "severity": 1},
                {"above": 50, "severity": 2},
                {"above": 58, "severity": 4},
            ],
            hold="10m",
            clear_hold="10m",
            deadband=2,
            **late,
        ),
        rule("rising", rising=15, over="40m", **late),
        rule("falling", falling=20, over="30m", only_above=30, **late),
        rule("baseline", baseline=3, season="day", warm=2, **late),
        rule("ewma", ewma=2.5, mean=44, sigma=6, **late),
        rule("cusum", cusum=4, mean=44, sigma=6, **late),
        rule("burn", burn={"slo": 99, "above": 50}, **late),
        rule("forecast", forecast={"above": 62, "ahead": "30m"}, only_above=40, **late),
        rule("likelihood", likelihood=2.4, half_life=50, **late),
        rule(
            "neighbours",
            neighbours={"above": 48, "at_least": 2, "within_km": 30, "within": "30m"},
            **(late or {"lateness": "60m"}),
        ),
        rule(
            "all",
            all=[
                {"datastream": "level", "above": 40},
                {"datastream": "level", "above": 55, "where": "area", "at_least": 1},
                {"datastream": "level", "below": 25, "where": "near", "not": True},
            ],
            **(late or {"lateness": "60m"}),
        ),
        rule(
            "routed",
            routed={"above": 4, "kind": "gauge", "datastream": "level", "ahead": "30m"},
            **(late or {"lateness": "60m"}),
        ),
    )
    at_once = (
        rule("doubtful", doubtful={"stuck": "50m", "spike": 20, "except": 20}),
        rule("silent", silent=True),
        rule("deadline", deadline="17:00", days="all"),
    )
    return waiting if late else (*waiting, *at_once)


def thing(number: int) -> Thing:
    stream = Datastream("level", unit="m", period=600, span=(-10, 100))
    place = (103.0 + number / 20, 21.4)
    return Thing(
        f"gauge-{number}", "here", "gauge", Text("a", "a"), place, Origin.REAL, {"level": stream}
    )


THINGS = tuple(thing(number) for number in range(3))
Told = tuple[int, float, float]
"""Thing, minute and value."""


class Judge:
    """One engine over three things; what is kept stands for the store."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        self.kept: dict[tuple[int, int], float] = {}
        self.told: list[Change] = []
        self.engine = Engine(rules)
        self.attach()
        self.saved = [self.engine.whole()]

    def attach(self) -> None:
        self.rows = [
            self.engine.attach(one, "level", 70 + number, START)
            for number, one in enumerate(THINGS)
        ]

    def feed(self, story: Sequence[Told]) -> None:
        if not story:
            return
        rows = np.array([self.rows[number] for number, _, _ in story], np.int64)
        times = np.array([START + round(minute * MINUTE) for _, minute, _ in story], np.int64)
        values = np.array([value for _, _, value in story])
        for (number, _, value), at in zip(story, times.tolist(), strict=True):
            if -10 <= value <= 100:
                self.kept.setdefault((number, at), value)
        judged = self.engine.judge(rows, times, values, int(times.max()))
        self.told += judged.changes
        self.saved.append(self.engine.drain())

    def restart(self) -> None:
        self.engine = Engine(self.rules)
        self.engine.restore(self.saved)
        self.attach()
        self.saved = [*self.saved, self.engine.drain()]
        waiting = self.engine.unsettled()
        again = [
            (self.rows[number], at, value)
            for (number, at), value in self.kept.items()
            if at > waiting.get(70 + number, 2**62)
        ]
        if again:
            rows, times, values = zip(*again, strict=True)
            self.engine.refill(
                np.array(rows, np.int64), np.array(times, np.int64), np.array(values, np.float64)
            )

    def end(self) -> list[tuple[Any, ...]]:
        self.told += self.engine.tick(START + 100_000 * MINUTE)
        return sorted(
            (c.rule.id, c.thing, c.at, c.turn.name, round(c.value, 9), c.limit, c.severity)
            for c in self.told
        )


VALUES = st.sampled_from([20.0, 38.0, 44.0, 47.0, 50.5, 55.0, 60.0, 75.0, 200.0])
STORIES = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from([0, 3, 10, 10, 10, 25, 50, 700]), VALUES),
    min_size=1,
    max_size=90,
)


def written(story: Sequence[tuple[int, int, float]]) -> list[Told]:
    """Give each thing at most one value a minute."""
    minutes = np.cumsum([gap for _, gap, _ in story]).tolist()
    told: dict[tuple[int, float], float] = {}
    for (number, _, value), minute in zip(story, minutes, strict=True):
        told.setdefault((number, minute), value)
    return [(number, minute, value) for (number, minute), value in told.items()]


def of_one_time_together(story: Sequence[Told], cuts: Sequence[int]) -> list[list[Told]]:
    places = [0, *sorted({cut % len(story) for cut in cuts}), len(story)]
    return [list(story[start:end]) for start, end in itertools.pairwise(places) if start < end]


@settings(max_examples=60, deadline=None)
@given(STORIES, st.lists(st.integers(0, 89), max_size=6), st.booleans())
def test_any_cut_into_batches_any_repetition_and_any_restart_give_the_same_alerts(
    story: list[tuple[int, int, float]], cuts: list[int], twice: bool
):
    pairs = written(story)
    expected, cut = Judge(every_rule()), Judge(every_rule())
    expected.feed(pairs)
    for part in of_one_time_together(pairs, cuts):
        cut.feed(part)
        if twice:
            cut.feed(part)
        cut.restart()
    assert cut.end() == expected.end()


@settings(max_examples=60, deadline=None)
@given(
    STORIES,
    st.lists(st.integers(0, 59), min_size=90, max_size=90),
    st.integers(1, 9),
    st.sets(st.integers(0, 89), max_size=9),
)
def test_any_order_within_the_lateness_gives_the_same_alerts(
    story: list[tuple[int, int, float]],
    delays: list[int],
    size: int,
    restarts: set[int],
):
    pairs = written(story)
    rules = every_rule("60m")
    expected, shuffled = Judge(rules), Judge(rules)
    expected.feed(pairs)
    arriving = [
        one for _, one in sorted(zip(delays, pairs, strict=False), key=lambda p: p[0] + p[1][1])
    ]
    for start in range(0, len(arriving), size):
        shuffled.feed(arriving[start : start + size])
        if restarts.intersection(range(start, start + size)):
            shuffled.restart()
    assert shuffled.end() == expected.end()


@settings(max_examples=30, deadline=None)
@given(STORIES)
def test_a_whole_state_is_as_good_as_all_the_changes_to_it(story: list[tuple[int, int, float]]):
    pairs = written(story)
    half = len(pairs) // 2
    one, other = Judge(every_rule()), Judge(every_rule())
    for judge in (one, other):
        judge.feed(pairs[:half])
    other.saved = [other.engine.whole()]
    other.restart()
    for judge in (one, other):
        judge.feed(pairs[half:])
    assert other.end() == one.end()
