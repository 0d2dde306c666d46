"""The shipped province, judged by the shipped rules: neither dull nor more than one can answer."""

from collections import Counter

import numpy as np
import pytest

from ioc.core.engine import Engine, Turn
from ioc.core.rules import parse_rule
from ioc.core.words import SECOND, Origin, Thing
from ioc.sites import read_site
from simulators.noise import DAY
from simulators.registry import Days
from simulators.world import World

HOUR = 3_600
WEEK = 7 * DAY
SUNDAY = 1_795_305_600
"""2026-11-22T00:00:00Z, in the dry months."""


@pytest.fixture(scope="module")
def raised(plugins):
    """Every raise of two weeks, as the engine finds them hour by hour."""
    site = read_site("dien-bien")
    days = Days(World(site.seed, site.areas, site=site.id), plugins, 250)
    engine = Engine([parse_rule(row) for row in site.rule_rows])
    first = SUNDAY - WEEK
    rows: dict[tuple[str, str], int] = {}
    for listed in site.things:
        if listed.kind not in plugins:
            continue
        days.add(listed)
        streams = {stream.name: stream for stream in plugins[listed.kind].streams}
        thing = Thing(
            listed.id,
            listed.area,
            listed.kind,
            listed.name,
            listed.location,
            Origin.SIMULATED,
            streams,
            limits=listed.limits,
        )
        for name in streams:
            rows[listed.id, name] = engine.attach(thing, name, len(rows), first * SECOND)
    things = sorted({thing for thing, _ in rows})
    found = []
    for start in range(first, SUNDAY + WEEK, HOUR):
        told = [
            (rows[thing, stream.name], at, values)
            for thing in things
            for stream, at, values in days.between(thing, start, start + HOUR)
        ]
        judged = engine.judge(
            np.concatenate([np.full(len(at), row) for row, at, _ in told]),
            np.concatenate([at for _, at, _ in told]) * SECOND,
            np.concatenate([values for _, _, values in told]),
            (start + HOUR) * SECOND,
        )
        assert judged.fresh.all()
        assert not judged.quality.any()
        found += [*judged.changes, *engine.tick((start + HOUR) * SECOND)]
    return [change for change in found if change.turn is Turn.RAISE]


def test_every_field_of_work_has_something_to_answer(raised):
    rules = {change.rule.id for change in raised}
    assert {"rain-heavy", "river-alarm-1", "air-bad", "video-offline", "onestop-waiting"} <= rules
    assert {"bus-slow", "bus-errors", "bus-down"} & rules
    assert {"service-down", "service-degraded"} & rules


def test_one_operator_can_answer_all_of_it(raised):
    assert 40 <= len(raised) <= 2 * 7 * 30
    by_ten_minutes = Counter(change.at // (600 * SECOND) for change in raised)
    assert max(by_ten_minutes.values()) <= 15
    crowded = sum(count > 10 for count in by_ten_minutes.values())
    assert crowded <= 2


def test_no_gauge_repeats_itself_all_week(raised):
    by_source = Counter((change.rule.id, change.thing, change.datastream) for change in raised)
    assert by_source.most_common(1)[0][1] <= 8
