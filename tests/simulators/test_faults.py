"""Faults are asked for, labelled, and the same from wherever one looks."""

import json
import stat
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from ioc.core.clock import SiteClock
from ioc.core.words import SECOND, Datastream, Text
from simulators.faults import (
    OF_A_MESSAGE,
    OF_A_STREAM,
    OF_A_THING,
    RATES,
    Ailing,
    Fault,
    FaultKind,
    FaultPlan,
    FaultsError,
    read_plan,
    read_words,
)
from simulators.noise import DAY, Times, Values
from simulators.pace import Pace
from simulators.registry import Days, on_step
from simulators.world import World
from tests.simulators.test_pace import NOON, observations, play

FIRST = 20_773 * DAY
LAST = FIRST + 4 * DAY
NOISY = dict.fromkeys((*OF_A_STREAM, *OF_A_THING), 0.3)
"""Rates that leave no day in peace."""

LEVEL = Datastream("level", "m", Text("Mực nước", "Level"), 600, (-1.0, 20.0), 0.01)


@pytest.fixture(scope="module")
def days_with(world, plugins, example):
    """Make days of the example's things under a plan."""

    def made(plan=None, of=world):
        days = Days(of, plugins, len(example), plan)
        for thing in example.values():
            days.add(thing)
        return days

    return made


def told(days, thing, first=FIRST, last=LAST):
    return {
        stream.name: list(zip(at.tolist(), values.tolist(), strict=True))
        for stream, at, values in merged(days.between(thing, first, last))
    }


def merged(parts):
    found: dict[str, tuple[Datastream, Times, Values]] = {}
    for stream, at, values in parts:
        if stream.name in found:
            _, before, old = found[stream.name]
            at, values = np.concatenate((before, at)), np.concatenate((old, values))
        found[stream.name] = (stream, at, values)
    return found.values()


def scripted(kind, *, datastream="level", hours=6, size=0.05):
    name = "" if kind in OF_A_THING else datastream
    start = FIRST + DAY
    return Fault("river-nam-ang-01", name, kind, start, start + hours * 3_600, size, 0.65)


def ill(days_with, fault):
    """The level with and without one scripted fault, and where it is on."""
    sick = told(days_with(FaultPlan(script=(fault,))), fault.thing)["level"]
    well = told(days_with(), fault.thing)["level"]
    return sick, well, range(fault.start, fault.end)


def test_nothing_goes_wrong_unless_it_is_asked_for(days_with, example):
    for thing in example.values():
        assert told(days_with(FaultPlan()), thing.id) == told(days_with(), thing.id)
        assert days_with().next_due(thing.id, FIRST) == days_with(FaultPlan()).next_due(
            thing.id, FIRST
        )


def test_a_stuck_sensor_repeats_what_it_said_last(days_with):
    sick, well, on = ill(days_with, scripted(FaultKind.STUCK))
    before = [value for at, value in well if at < on.start][-1]
    assert {value for at, value in sick if at in on} == {before}
    assert [pair for pair in sick if pair[0] not in on] == [
        pair for pair in well if pair[0] not in on
    ]


def test_a_biased_sensor_is_off_by_the_same_all_along(days_with):
    sick, well, on = ill(days_with, scripted(FaultKind.BIAS, size=0.05))
    off = {round(s[1] - w[1], 6) for s, w in zip(sick, well, strict=True) if s[0] in on}
    assert off == {1.05}  # a twentieth of the 21 m from -1 to 20


def test_a_drifting_sensor_leaves_slowly_and_is_put_right(days_with):
    sick, well, on = ill(days_with, scripted(FaultKind.DRIFT, hours=48, size=0.1))
    off = [s[1] - w[1] for s, w in zip(sick, well, strict=True) if s[0] in on]
    assert all(later >= sooner - 0.011 for sooner, later in pairwise(off))
    assert off[0] < 0.02
    assert off[-1] > 2.0
    assert sick[-1] == well[-1]


def test_a_spike_is_one_observation(days_with):
    sick, well, on = ill(days_with, scripted(FaultKind.SPIKE, size=0.1))
    unlike = [s[0] for s, w in zip(sick, well, strict=True) if s != w]
    assert len(unlike) == 1
    assert unlike[0] in on


def test_extra_noise_scatters_around_what_is_so(days_with):
    sick, well, on = ill(days_with, scripted(FaultKind.NOISE, hours=24, size=0.02))
    off = np.array([s[1] - w[1] for s, w in zip(sick, well, strict=True) if s[0] in on])
    assert 0.3 < off.std() < 0.55
    assert abs(off.mean()) < 0.15


def test_a_dropout_is_silence_of_the_whole_thing(days_with):
    fault = scripted(FaultKind.DROPOUT)
    days = days_with(FaultPlan(script=(fault,)))
    for name, pairs in told(days, fault.thing).items():
        assert not [at for at, _ in pairs if fault.start <= at < fault.end], name


def test_a_burst_tells_everything_late_with_its_own_times(days_with):
    fault = scripted(FaultKind.BURST)
    days = days_with(FaultPlan(script=(fault,)))
    assert told(days, fault.thing, fault.start, fault.end) == {}
    after = told(days, fault.thing, fault.end - 1, fault.end + 60)["level"]
    assert len(after) >= 36
    assert [at for at, _ in after] == sorted(at for at, _ in after)
    assert sorted(told(days, fault.thing)["level"]) == told(days_with(), fault.thing)["level"]


def test_a_skewed_clock_tells_true_values_at_false_times(days_with):
    fault = scripted(FaultKind.SKEW, size=-7 * 3_600)
    sick, well, on = ill(days_with, fault)
    moved = sorted((at - 7 * 3_600 if at in on else at, value) for at, value in well)
    assert sorted(sick) == moved


def test_duplicates_are_told_again_just_as_they_were(days_with, world, example):
    days = days_with(FaultPlan(every={FaultKind.DUPLICATE: 0.2}))
    for thing in example.values():
        well = told(days_with(), thing.id, FIRST, LAST)
        for name, pairs in told(days, thing.id, FIRST, LAST + 200).items():
            counted = Counter(pair for pair in pairs if FIRST < pair[0] <= LAST)
            assert set(well[name]) == set(counted)
            assert set(counted.values()) == {1, 2}


def test_disorder_changes_the_order_and_nothing_else(days_with):
    days = days_with(FaultPlan(every={FaultKind.DISORDER: 0.2}))
    pairs = told(days, "bus-lgsp-01", FIRST, LAST + 100)["latency"]
    times = [at for at, _ in pairs if at <= LAST]
    assert times != sorted(times)
    well = told(days_with(), "bus-lgsp-01")["latency"]
    assert sorted(pair for pair in pairs if pair[0] <= LAST) == well


def test_lateness_is_as_networks_are():
    ailing = Ailing(7, "x", {FaultKind.LATE: 1.0}, ())
    at = np.arange(FIRST, FIRST + 3 * DAY, 30)
    rows, when, arrival = ailing.delivered(at, 30)
    delays = arrival - at[rows]
    assert 0.38 < np.median(delays) < 0.42
    assert 1.1 < np.log(delays).std() < 1.3
    assert np.array_equal(when, at[rows])


@pytest.mark.parametrize("every", [NOISY | dict.fromkeys(OF_A_MESSAGE, 0.2), dict(RATES)])
def test_live_back_fill_and_any_sharding_suffer_the_same(days_with, world, plugins, example, every):
    plan = FaultPlan(every=every)
    whole = days_with(plan)
    for thing in example.values():
        alone = Days(world, plugins, 1, plan)
        alone.add(thing)
        cuts = [FIRST, FIRST + 1, FIRST + 40_000, FIRST + 40_031, LAST - 86_401, LAST - 7, LAST]
        parts = [told(alone, thing.id, *cut) for cut in reversed(list(pairwise(cuts)))][::-1]
        for name, pairs in told(whole, thing.id).items():
            joined = [pair for part in parts for pair in part.get(name, [])]
            assert sorted(pairs) == sorted(joined), (thing.id, name)
        labels = [fault for cut in pairwise(cuts) for fault in alone.labels(thing.id, *cut)]
        assert sorted(labels) == sorted(whole.labels(thing.id, FIRST, LAST))


def test_next_due_is_when_something_arrives(days_with):
    days = days_with(FaultPlan(every=NOISY | dict.fromkeys(OF_A_MESSAGE, 0.2)))
    now = FIRST
    heard = 0
    while now < FIRST + 6 * 3_600:
        due = days.next_due("river-nam-ang-01", now)
        assert due > now
        assert told(days, "river-nam-ang-01", now, due - 1) == {}
        heard += sum(map(len, told(days, "river-nam-ang-01", due - 1, due).values()))
        now = due
    assert heard == sum(map(len, told(days, "river-nam-ang-01", FIRST, now).values()))


def test_whatever_is_unlike_the_truth_lies_inside_a_label(days_with, plugins, example):
    days = days_with(FaultPlan(every=dict.fromkeys((*OF_A_STREAM, FaultKind.DROPOUT), 0.3)))
    faulty = 0
    for thing in example.values():
        labels = days.labels(thing.id, FIRST, LAST) + days.under_way(thing.id, FIRST)
        well = told(days_with(), thing.id)
        for name, pairs in told(days, thing.id).items():
            mine = [fault for fault in labels if fault.datastream in ("", name)]
            unlike = {at for at, _ in set(pairs) ^ set(well[name])}
            faulty += len(unlike)
            for at in unlike:
                assert any(fault.start <= at < fault.end for fault in mine), (thing.id, name, at)
    assert faulty > 1_000


def test_what_is_told_stays_in_range_and_on_resolution(days_with, plugins, example):
    days = days_with(FaultPlan(every=NOISY))
    for thing in example.values():
        for stream, _, values in days.between(thing.id, FIRST, LAST):
            if stream.levels:
                assert set(values.tolist()) <= set(range(len(stream.levels)))
            else:
                assert stream.span is not None
                assert stream.span[0] <= values.min() <= values.max() <= stream.span[1]
                assert np.array_equal(values, on_step(values, stream.resolution or 1.0))


def test_faults_come_as_often_as_they_are_asked_for():
    counted: Counter[FaultKind] = Counter()
    none = np.empty(0, np.int64)
    for number in range(200):
        ailing = Ailing(1954, f"thing-{number}", dict.fromkeys(NOISY, 0.02), ())
        labels = ailing.labels([LEVEL], none, FIRST, FIRST + 100 * DAY)
        counted.update(fault.kind for fault in labels)
    for kind in NOISY:
        assert 340 < counted[kind] < 460, kind  # 400 expected, three standard errors are 60


def test_more_faults_keep_the_ones_there_were():
    none = np.empty(0, np.int64)
    few = Ailing(1954, "x", {FaultKind.STUCK: 0.1}, ()).labels([LEVEL], none, FIRST, LAST * 2)
    many = Ailing(1954, "x", {FaultKind.STUCK: 0.4}, ()).labels([LEVEL], none, FIRST, LAST * 2)
    assert few
    assert set(few) < set(many)


def test_silences_a_simulator_has_by_itself_are_labelled_too(days_with, example):
    days, clean = days_with(), 0
    for thing in (thing for thing in example.values() if thing.kind == "rain-gauge"):
        labels = days.labels(thing.id, FIRST - 400 * DAY, FIRST)
        clean += len(labels)
        for fault in labels:
            assert fault.kind is FaultKind.DROPOUT
            assert told(days, thing.id, fault.start - 1, fault.end - 1) == {}
    assert clean


def test_settings_kinds_and_things_add_up():
    plan = read_plan(
        """
        [faults]
        use = "default"
        [faults.kind.rain-gauge]
        spike = 0.5
        [faults.thing.rain-01]
        use = "none"
        stuck = 0.25
        """
    )
    assert plan.every == RATES
    assert plan.by_kind["rain-gauge"] == {FaultKind.SPIKE: 0.5}
    assert plan.ailing(1, "rain-01", "rain-gauge", "none") is None
    assert plan.ailing(1, "rain-01", "rain-gauge", None) is not None
    assert FaultPlan().ailing(1, "rain-01", "rain-gauge", None) is None
    assert FaultPlan().ailing(1, "rain-01", "rain-gauge", "stuck=0.1") is not None
    assert read_words("default, stuck=0.5", "x")[FaultKind.STUCK] == 0.5


SCRIPT = """
[[faults.script]]
thing = "river-01"
datastream = "level"
kind = "{kind}"
from = 2026-11-22T07:00:00+07:00
until = {until}
"""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("faults = 1", "must have a table"),
        ("[fault]\nstuck = 0.1", "must have a table"),
        ("[faults]\nstick = 0.1", "'stick' is no fault; there are bias, drift"),
        ("[faults]\nstuck = 2", "stuck = 2 must be a chance between 0 and 1"),
        ("[faults]\nstuck = true", "stuck = True must be a chance"),
        ('[faults]\nuse = "all"', "use = 'all' must be"),
        ("[faults.kind]\nrain-gauge = 3", "faults.kind.rain-gauge must be a table"),
        ("[faults]\nstuck = = 1", "line 2"),
        (SCRIPT.format(kind="late", until="2026-11-22T09:00:00+07:00"), "must be one of"),
        (SCRIPT.format(kind="burst", until="2026-11-22T09:00:00+07:00"), "the whole thing"),
        (SCRIPT.format(kind="stuck", until="2026-11-22T06:00:00+07:00"), "end after it begins"),
        (SCRIPT.format(kind="stuck", until="2026-11-22T09:00:00"), "a time with an offset"),
        (SCRIPT.format(kind="stuck", until="2027-11-22T09:00:00+07:00"), "longer than 30 days"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(text, why):
    with pytest.raises(FaultsError, match=why):
        read_plan(text, "faults.toml")


@pytest.mark.parametrize(("words", "why"), [("stuck=x", "no number"), (3, "must be a text")])
def test_settings_that_make_no_sense_name_the_thing(words, why):
    with pytest.raises(FaultsError, match=f"rain-01: settings.faults.*{why}"):
        FaultPlan().ailing(1, "rain-01", "rain-gauge", words)


def test_the_truth_is_in_its_file_and_never_on_the_broker(broker, site, ear, plugins, tmp_path):
    clock = SiteClock(epoch=NOON * SECOND, start=0, paused=True)
    plan = FaultPlan(every=NOISY | dict.fromkeys(OF_A_MESSAGE, 0.05))
    truth = tmp_path / "truth" / "faults.ndjson"
    pace = Pace(
        broker.url("simulate"),
        tmp_path / "simulate.json",
        history_s=20 * 3_600,
        clock=clock,
        faults=plan,
        truth=truth,
    )
    done = play(site, pace, lambda: 0)
    ear.wait(lambda _: sum(map(len, observations(ear).values())) >= done.observations)
    days = Days(World(site.seed, site.areas, site=site.id), plugins, 20, plan)
    wanted = []
    for thing in site.things:
        days.add(thing)
        first = NOON - 20 * 3_600
        wanted += days.under_way(thing.id, first) + days.labels(thing.id, first, done.until)
    lines = [json.loads(line) for line in truth.read_text("utf-8").splitlines()]
    assert sorted(map(str, lines)) == sorted(str(fault.label()) for fault in wanted)
    assert {line["kind"] for line in lines} >= set(FaultKind) - {FaultKind.LATE}
    assert stat.S_IMODE(truth.stat().st_mode) == 0o600
    said = b"".join(payload for _, payload, _ in ear.messages)
    assert b"stuck" not in said
    assert b"until" not in said
    heard = {key: sorted(pairs) for key, pairs in observations(ear).items()}
    for thing in site.things:
        for name, pairs in told(days, thing.id, NOON - 20 * 3_600, done.until).items():
            stream = next(s for s in plugins[thing.kind].streams if s.name == name)
            words = [(at, stream.levels[int(v)] if stream.levels else v) for at, v in pairs]
            # At QoS 1 a busy broker may hand a pack over twice, so how often is not compared here.
            assert sorted(set(words)) == sorted(set(heard[thing.id, name]))
