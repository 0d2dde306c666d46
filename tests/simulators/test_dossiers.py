"""Dossiers are what the province reported, and never what the law does not know."""

from collections import Counter

import numpy as np
import pytest

from ioc.core.calendar import WORKDAY, weekday
from ioc.core.words import SECOND
from ioc.core.words import instant as instant_of
from ioc.sites import read_site
from simulators import dossiers
from simulators.calendar import local_day, local_hour, read_calendar
from simulators.cases import NEVER, WEEK
from simulators.dossiers import CODES, FOLLOWS, MOMENTS, PROCEDURES, by_turns, filed_in
from simulators.noise import DAY
from simulators.records import illegal
from simulators.registry import Days
from simulators.world import World, read_climate
from tests.simulators.conftest import SmallSite

MONDAY = 20_773
SITE = SmallSite("dossiers")


@pytest.fixture(scope="module")
def shops(plugins):
    player = plugins["one-stop-shop"]
    things = [thing for thing in SITE.things if thing.kind == "one-stop-shop"]
    return [(thing, player.subject(SITE.seed, thing)) for thing in things]


@pytest.fixture(scope="module")
def year(shops, world):
    """All dossiers filed in the weeks of a year."""
    first = seconds("2020-01-01")
    weeks = range(first // WEEK, (seconds("2021-01-01") - 1) // WEEK + 1)
    parts = [filed_in(week, subject, world)[0] for _, subject in shops for week in weeks]
    return dossiers.Dossiers(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def seconds(day):
    return instant_of(f"{day}T00:00:00+07:00") // SECOND


def test_the_states_have_the_national_codes_and_only_legal_transitions():
    legal = {1: {2, 3, 7}, 2: {4, 7}, 4: {5, 6, 7, 8, 9}, 5: {4, 7, 8}, 6: {4, 8}, 9: {10}}
    assert sorted(CODES.values()) == list(range(1, 11))
    table = {
        CODES[state]: {CODES[after] for after in follows}
        for state, follows in FOLLOWS.items()
        if follows
    }
    assert table == legal


def test_the_year_2020_and_the_count_to_april_2022_are_those_of_the_sources(plugins):
    site = read_site("dien-bien")
    world = World(site.seed, site.areas, climate=read_climate(site.id))
    player = plugins["one-stop-shop"]
    shops = [player.subject(site.seed, thing) for thing in site.things if thing.kind == player.kind]
    first, last = seconds("2020-01-01"), seconds("2022-05-01")
    accepted = np.concatenate([
        filed_in(week, shop, world)[0].accepted
        for week in range(first // WEEK - 1, last // WEEK + 1)
        for shop in shops
    ])  # fmt: skip
    by_day = np.bincount(local_day(accepted[accepted < last]), minlength=19_113)
    working = by_day[seconds("2020-03-02") // DAY + 1 : 19_113]
    working = working[working > 0]
    error = 3 * np.std(working, ddof=1) / np.mean(working) / np.sqrt(252)
    turn = local_day(np.array([seconds("2021-01-01")]))[0]
    assert by_day[local_day(np.array([first]))[0] : turn].sum() == pytest.approx(96_000, rel=error)
    assert by_day[turn:].sum() == pytest.approx(133_370, rel=error)


def test_on_time_and_online_are_the_shares_of_the_source_within_three_standard_errors(year):
    finished = year.finished < NEVER
    on_time = year.on_time[finished].mean()
    assert on_time == pytest.approx(0.9663, abs=3 * np.sqrt(0.9663 * 0.0337 / finished.sum()))
    accepted = year.accepted < NEVER
    online = (year.channel[accepted] == dossiers.ONLINE_CHANNEL).mean()
    assert online == pytest.approx(0.25, abs=0.01)


def test_limits_have_the_shares_they_should(year):
    wanted = {0.5: 0.22, 1: 0.2, 3: 0.18, 5: 0.12, 7: 0.08, 10: 0.08, 15: 0.07, 20: 0.03, 30: 0.02}
    days = np.array([one.days for one in PROCEDURES])[year.procedure]
    for limit, share in wanted.items():
        slack = 4 * np.sqrt(share * (1 - share) / len(days))
        assert (days == limit).mean() == pytest.approx(share, abs=slack)


def test_nothing_is_done_outside_office_hours_but_filing_online(year):
    for column, _ in MOMENTS[1:]:
        moments = getattr(year, column)
        at = moments[moments < NEVER] - 1  # the last second of the hour belongs to it
        assert (weekday(local_day(at)) < 5).all(), column
        hour = local_hour(at)
        assert (((hour >= 7.49) & (hour < 11.5)) | ((hour >= 13.49) & (hour < 17))).all(), column


def test_deadlines_are_working_days_after_acceptance_and_stand_still_while_papers_are_owed(year):
    clock = read_calendar()
    kept = year.accepted < NEVER
    days = np.array([one.days for one in PROCEDURES])[year.procedure]
    given = clock.worked(year.first_due[kept]) - clock.worked(year.accepted[kept])
    assert (given == (days[kept] * WORKDAY).astype(int)).all()
    owing = year.asked < NEVER
    assert owing.sum() > 500
    still = clock.worked(year.supplied[owing]) - clock.worked(year.asked[owing])
    more = clock.worked(year.due[owing]) - clock.worked(year.first_due[owing])
    assert (more == still).all()
    assert (year.due[kept & ~owing] == year.first_due[kept & ~owing]).all()


def test_steps_follow_one_another_through_legal_states_only(plugins, world, shops):
    player = plugins["one-stop-shop"]
    for _, subject in shops:
        days = [player.steps(day, subject, world)[0][1] for day in range(MONDAY - 40, MONDAY)]
        steps = [step for day in days for step in day]
        assert illegal(FOLLOWS, steps) == ""
        assert {step.state for step in steps} == set(FOLLOWS)
        assert all(step.data["code"] == CODES[step.state] for step in steps)


def test_the_counters_say_what_the_records_say(plugins, world, shops):
    for thing, subject in shops:
        days = Days(world, plugins, 2)
        days.add(thing)
        first = MONDAY * DAY + subject.phase
        last = first + 4 * DAY
        steps = [step for _, some in days.steps(thing.id, first, last) for step in some]
        sums = Counter[str]()
        for stream, _, values in days.between(thing.id, first, last):
            sums[stream.name] += int(values.sum())
        accepted = [step for step in steps if step.state == "accepted"]
        finished = [step for step in steps if step.state == "finished"]
        assert sums["received"] == len(accepted)
        assert sums["finished"] == len(finished)
        assert sums["on-time"] == sum(step.data["outcome"] != "late" for step in finished)
        assert sums["online"] == sum(step.data["channel"] == 2 for step in accepted)
        assert sums["with-fee"] == sum(step.data["fee"] for step in accepted)
        assert sums["filed"] == sum(step.state == "registered" for step in steps)


class Struck(World):
    """A world whose LGSP never answers."""

    def bus(self, name, at):
        return super().bus(name, at)._replace(up=np.zeros(len(at), bool))


def test_an_outage_of_the_lgsp_makes_dossiers_late(shops):
    week, (_, subject) = MONDAY * DAY // WEEK, shops[0]
    calm, struck = (
        kind(SITE.seed, SITE.areas, climate=read_climate("dien-bien")) for kind in (World, Struck)
    )
    late = [1 - filed_in(week, subject, one)[0].on_time[:200].mean() for one in (calm, struck)]
    assert late[1] > 5 * late[0]


def test_working_time_and_its_inverse_are_one_another_and_no_deadline_falls_on_a_day_off():
    clock = read_calendar()
    start = seconds("2021-01-01")
    worked = clock.worked(np.array([start])) + np.arange(1, 9_000_000, 997)
    reached = clock.reached(worked)
    assert (clock.worked(reached) == worked).all()
    assert (weekday(local_day(reached - 1)) < 5).all()
    assert clock.worked(np.array([seconds("2021-02-13")])) == clock.worked(
        np.array([seconds("2021-02-16")])
    )


def erlang_wait(servers, load):
    """Erlang's C: the chance to wait, times the mean wait in service times."""
    terms = np.cumprod([1.0, *(load / k for k in range(1, servers))])
    last = terms[-1] * load / servers * servers / (servers - load)
    return last / (terms.sum() + last) / (servers - load)


@pytest.mark.parametrize(("servers", "busy"), [(3, 0.7), (8, 0.8), (10, 0.8)])
def test_the_counters_queue_waits_as_erlang_says(servers, busy):
    draw = np.random.Generator(np.random.Philox(key=servers))
    runs = []
    for _ in range(20):
        came = np.cumsum(draw.exponential(600_000 / (servers * busy), 20_000)).astype(np.int64)
        lasts = draw.exponential(600_000, 20_000).astype(np.int64)
        turns = by_turns(came, lasts, np.full(20_000, NEVER), servers)
        runs.append((turns - came)[2_000:].mean() / 600_000)
    error = np.std(runs, ddof=1) / np.sqrt(len(runs))
    assert np.mean(runs) == pytest.approx(erlang_wait(servers, servers * busy), abs=3.5 * error)


def test_those_without_patience_turn_away():
    came, lasts = np.array([0, 1, 2, 3]), np.full(4, 100)
    turns = by_turns(came, lasts, np.array([0, 50, 150, 500]), 1)
    assert turns.tolist() == [0, -1, 100, 200]
