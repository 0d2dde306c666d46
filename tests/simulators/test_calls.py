"""Calls and reports: how many calls bring, and what the troubles of a place bring."""

import numpy as np
import pytest

from simulators.cases import WEEK
from simulators.desks import clustered
from simulators.noise import DAY
from simulators.plugins.call_line import BETWEEN_S, DESKS, EACH
from simulators.plugins.service_requests import DESK
from simulators.registry import discover
from simulators.world import World, read_climate
from tests.simulators.conftest import SmallSite

RUNS, FIRST = 2_000, 40.0
MONDAY = 20_773


def test_calls_that_bring_calls_are_as_many_as_the_theory_of_hawkes_says():
    draw = np.random.Generator(np.random.Philox(1))
    totals = np.array([
        len(clustered(np.zeros(draw.poisson(FIRST), np.int64), EACH, BETWEEN_S, draw))
        for _ in range(RUNS)
    ])  # fmt: skip
    error = totals.std(ddof=1) / RUNS**0.5
    assert abs(totals.mean() - FIRST / (1.0 - EACH)) < 3.0 * error
    assert totals.var(ddof=1) == pytest.approx(FIRST / (1.0 - EACH) ** 3, rel=0.12)


def test_a_call_comes_after_the_one_that_brought_it_by_the_mean_it_is_given():
    draw = np.random.Generator(np.random.Philox(2))
    first = np.zeros(20_000, np.int64)
    children = clustered(first, 1e-9, BETWEEN_S, draw)
    assert len(children) == len(first)
    found = clustered(first, EACH, BETWEEN_S, draw)[len(first) :]
    assert found.min() >= 1
    generations = 1.0 / (1.0 - EACH)  # of those brought: the mean depth of a child
    assert found.mean() == pytest.approx(BETWEEN_S * generations, rel=0.03)


def shut_roads(at, place):
    return np.ones(len(at), np.bool_)


def failed_feeders(at, place):
    return np.full(len(at), 3_600.0)


def high_water(at, place):
    return np.full(len(at), 2.5)


TROUBLES = {"road_closed": shut_roads, "mains_lost": failed_feeders, "flood": high_water}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_roads_that_close_feeders_that_fail_and_floods_bring_calls_and_reports(trouble):
    site = SmallSite("calls")
    calm, struck = (
        World(site.seed, site.areas, climate=read_climate("dien-bien")) for _ in range(2)
    )
    setattr(struck, trouble, TROUBLES[trouble])
    plugins = discover()
    week = MONDAY * DAY // WEEK
    for kind, desks in (("call-line", DESKS.values()), ("service-requests", [DESK])):
        thing = next(thing for thing in site.things if thing.kind == kind)
        subject = plugins[kind].subject(site.seed, thing)
        came = [
            sum(
                int((desk.of_week(week, subject, world).week == week).sum())
                for desk in desks
            )
            for world in (calm, struck)
        ]  # fmt: skip
        assert came[1] > 2 * came[0], kind
