"""The same province in every run, in any sharding, after any restart, and with another numpy."""

import json
import os
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

from ioc.sites import read_site
from simulators.noise import DAY
from simulators.registry import Days
from simulators.shard import WHOLE, Shard, read_shard
from simulators.world import World
from tests.simulators.test_golden import KINDS, spoken

FIRST = 20_651 * DAY - 1
"""Just before Friday 17 July 2026, UTC."""

LAST = FIRST + DAY // 2
OTHER = os.environ.get("IOC_TEST_OTHER_NUMPY", "")


@pytest.fixture(scope="module")
def province():
    return read_site("dien-bien")


def days_of(province, plugins):
    return Days(World(province.seed, province.areas, site=province.id), plugins, 60)


def played(province, plugins, shard=WHOLE, cuts=(FIRST, LAST), each=7):
    """Give what every seventh thing of a shard says, by thing and datastream, as bytes."""
    things = [thing for thing in province.things[::each] if thing.kind in plugins]
    mine = [thing for thing in things if shard.takes(thing.id)]
    found: dict[tuple[str, str], list[bytes]] = {}
    for first, last in pairwise(cuts):
        days = days_of(province, plugins)  # nothing is remembered: a restart
        for thing in mine:
            days.add(thing)
            for stream, at, values in days.between(thing.id, first, last):
                told = found.setdefault((thing.id, stream.name), [])
                told += [one.tobytes() + two.tobytes() for one, two in zip(at, values, strict=True)]
    return found


@pytest.fixture(scope="module")
def whole(province, plugins):
    return played(province, plugins)


def test_two_runs_say_the_same_bit_by_bit(province, plugins, whole):
    assert played(province, plugins) == whole
    assert sum(map(len, whole.values())) > 10_000


def test_four_shards_together_say_what_one_process_says(province, plugins, whole):
    shards = [played(province, plugins, Shard(part, 4)) for part in (1, 2, 3, 4)]
    assert all(shards)
    assert sum(map(len, shards)) == len(whole)
    assert {name: told for shard in shards for name, told in shard.items()} == whole


def test_a_restart_in_the_middle_changes_nothing(province, plugins, whole):
    assert played(province, plugins, cuts=(FIRST, FIRST + 20_011, LAST)) == whole


def test_every_thing_belongs_to_one_shard_and_shards_are_about_equal(province):
    takers = [
        [part for part in (1, 2, 3, 4) if Shard(part, 4).takes(thing.id)]
        for thing in province.things
    ]
    assert all(len(one) == 1 for one in takers)
    sizes = np.bincount([one[0] for one in takers])[1:]
    assert sizes.min() > 0.6 * len(takers) / 4


def test_a_part_speaks_through_a_gateway_of_its_own():
    assert Shard(1, 4).named("gateway-simulators") == "gateway-simulators"
    assert Shard(3, 4).named("gateway-simulators") == "gateway-simulators-3"


@pytest.mark.parametrize("told", ["0/4", "5/4", "4", "a/b", "1/0", "-1/2", ""])
def test_what_is_no_shard_is_refused_with_its_value(told):
    with pytest.raises(ValueError, match=repr(told)):
        read_shard(told)
    assert read_shard("2/4") == Shard(2, 4)


@pytest.mark.skipif(not OTHER, reason="IOC_TEST_OTHER_NUMPY names no folder with another numpy")
def test_another_numpy_says_the_same_after_rounding():
    asked = (
        "import json, numpy; from tests.simulators.test_golden import KINDS, spoken;"
        "print(json.dumps([numpy.__version__, {kind: spoken(kind) for kind in KINDS}]))"
    )
    environment = {**os.environ, "PYTHONPATH": OTHER}
    told = subprocess.run(
        [sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True
    )
    version, there = json.loads(told.stdout)
    assert version != np.__version__
    differ = {kind for kind in KINDS if there[kind] != spoken(kind)}
    assert differ == set()
