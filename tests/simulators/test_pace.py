"""Against the real embedded broker: described, told in time order, once more after a restart."""

import json
import threading
from collections import defaultdict
from itertools import pairwise

import orjson
import pytest

from ioc.core.clock import SiteClock
from ioc.core.wire import Leaf, Message, Reader
from ioc.core.words import SECOND, Area, Text
from simulators.pace import GATEWAY, PACK, SLICE_S, Pace, Player, packs, simulate
from simulators.registry import Days
from simulators.world import World
from tests.simulators.ear import Ear

NOON = 1_795_300_000
"""A second of 22 November 2026."""


@pytest.fixture
def stopped_clock():
    """A site's clock that stands still, and real time to go with it."""
    return SiteClock(epoch=NOON * SECOND, start=0, paused=True), lambda: 0


def pace_of(broker, tmp_path, **more):
    return Pace(broker.url("simulate"), tmp_path / "simulate.json", **more)


def observations(ear):
    found = defaultdict(list)
    for topic, payload in ear.leave("data"):
        thing = topic.split("/")[3]
        base, name = 0, ""
        for record in orjson.loads(payload):
            base, name = record.get("bt", base), record.get("bn", name)
            value = record.get("v", record.get("vs"))
            found[thing, name].append((base + record["t"], value))
    return found


def expected(site, plugins, first, last):
    days = Days(World(site.seed, site.areas, site=site.id), plugins, 20)
    found: dict[tuple[str, str], list[tuple[int, float | str]]] = {}
    for thing in site.things:
        days.add(thing)
        for stream, at, values in days.between(thing.id, first, last):
            told = [stream.levels[int(v)] for v in values] if stream.levels else values.tolist()
            found.setdefault((thing.id, stream.name), []).extend(
                zip(at.tolist(), told, strict=True)
            )
    return found


def play(site, pace, now):
    """Run a player through its history, and stop it there."""
    stop = threading.Event()
    told = []

    def done(progress):
        told.append(progress)
        stop.set()

    simulate(site, pace, now=now, stop=stop, told=done)
    return told[0]


def test_history_is_all_there_and_each_thing_in_order(
    broker, site, ear, plugins, tmp_path, stopped_clock
):
    clock, now = stopped_clock
    done = play(site, pace_of(broker, tmp_path, clock=clock, history_s=30 * 3_600), now)
    wanted = expected(site, plugins, NOON - 30 * 3_600, done.until)
    ear.wait(lambda _: sum(map(len, observations(ear).values())) >= done.observations)
    found = observations(ear)
    assert found == wanted
    assert done.observations == sum(map(len, wanted.values()))
    assert NOON - done.until < 900
    ends = [orjson.loads(told)[0]["bt"] for _, told in ear.leave("data")]
    assert all(later - sooner > -SLICE_S for sooner, later in pairwise(ends))


def test_things_are_described_and_the_centre_reads_what_is_told(
    broker, site, ear, tmp_path, stopped_clock
):
    clock, now = stopped_clock
    done = play(site, pace_of(broker, tmp_path, clock=clock, history_s=4 * 3_600), now)
    ear.wait(lambda _: sum(map(len, observations(ear).values())) >= done.observations)
    ear.wait(lambda _: any(told == b"offline" for _, told in ear.leave(Leaf.STATUS)))
    reader = Reader(
        site.id,
        [Area(area.id, "", Text(area.id, ""), "district", None, (103, 21)) for area in site.areas],
    )
    heard = reader.read([Message(topic, told, NOON * SECOND) for topic, told, _ in ear.messages])
    assert heard.refusals == []
    described = {about.topic.thing: about.thing for about in heard.abouts if about.thing}
    assert set(described) == {thing.id for thing in site.things} | {GATEWAY}
    assert described["river-nam-ang-01"].limits == {"alarm-1": 3.0}
    assert all(described[thing.id].via == GATEWAY for thing in site.things)
    assert len(heard.columns) == done.observations
    for source in reader.sources:
        assert source.unit in ("", described[source.thing].datastreams[source.name].unit)
    statuses = [told for topic, told in ear.leave(Leaf.STATUS) if f"/{GATEWAY}/" in topic]
    assert statuses == [b"online", b"offline"]


def test_a_restart_fills_the_gap_and_tells_nothing_twice(
    broker, site, ear, plugins, tmp_path, stopped_clock
):
    clock, now = stopped_clock
    pace = pace_of(broker, tmp_path, clock=clock, history_s=6 * 3_600)
    first = play(site, pace, now)
    kept = json.loads(pace.state.read_text())
    assert kept["published_until"] == first.until
    later = SiteClock(epoch=(NOON + 9 * 3_600) * SECOND, start=0, paused=True)
    second = play(site, pace_of(broker, tmp_path, clock=later, history_s=6 * 3_600), now)
    assert second.since == first.until
    total = first.observations + second.observations
    ear.wait(lambda _: sum(map(len, observations(ear).values())) >= total)
    assert observations(ear) == expected(site, plugins, NOON - 6 * 3_600, second.until)


def test_another_seed_or_site_does_not_resume(broker, site, tmp_path, stopped_clock):
    clock, now = stopped_clock
    pace = pace_of(broker, tmp_path, clock=clock, history_s=3_600)
    pace.state.write_text(json.dumps({"site": site.id, "seed": 1, "published_until": NOON - 60}))
    assert play(site, pace, now).since == NOON - 3_600


def test_an_unreadable_progress_file_means_a_fresh_start(broker, site, tmp_path, stopped_clock):
    clock, now = stopped_clock
    pace = pace_of(broker, tmp_path, clock=clock, history_s=3_600)
    pace.state.write_text("{")
    assert play(site, pace, now).since == NOON - 3_600


def test_history_stays_inside_the_accepted_window(broker, site, tmp_path, stopped_clock):
    _, now = stopped_clock
    fast = SiteClock(epoch=NOON * SECOND, start=0, speed=1.0, paused=True)
    stop = threading.Event()
    player = Player(site, pace_of(broker, tmp_path, clock=fast), now=now, stop=stop)
    player.start()
    try:
        assert player.progress("history").since == NOON - 7 * 86_400 + 610
    finally:
        player.close()


def test_live_goes_on_where_history_ended_at_the_clock_the_centre_tells(
    broker, site, ear, plugins, tmp_path
):
    real = [0]
    clock = SiteClock(epoch=NOON * SECOND, start=0, speed=60.0)
    ear.publish(f"ioc/{site.id}/_centre/clock", orjson.dumps(clock.to_json()))
    stop, live = threading.Event(), threading.Event()
    outcome = []

    def run():
        outcome.append(
            simulate(
                site,
                pace_of(broker, tmp_path, history_s=3_600),
                now=lambda: real[0],
                stop=stop,
                told=lambda _: live.set(),
            )
        )

    player = threading.Thread(target=run)
    player.start()
    try:
        assert live.wait(60)
        real[0] = 10 * SECOND  # ten real seconds are ten minutes of the site
        wanted = expected(site, plugins, NOON - 3_600, NOON + 600)
        count = sum(map(len, wanted.values()))
        ear.wait(lambda _: sum(map(len, observations(ear).values())) >= count)
        assert observations(ear) == wanted
    finally:
        stop.set()
        player.join(30)
        ear.publish(f"ioc/{site.id}/_centre/clock", b"")
    assert outcome[0].until == NOON + 600


def test_packs_are_small_and_lose_nothing(plugins, world, example):
    for thing in example.values():
        days = Days(world, plugins, 1)
        days.add(thing)
        told = days.between(thing.id, NOON - 86_400, NOON)
        wanted = sum(len(at) for _, at, _ in told)
        found = list(packs(told))
        assert sum(count for _, count in found) == wanted
        assert all(len(pack) < 48_000 for pack, _ in found)
        assert all(count <= PACK for _, count in found)
        for pack, _ in found:
            first = orjson.loads(pack)[0]
            assert first["bn"] in {stream.name for stream, _, _ in told}
            assert first["bt"] > 0


def test_a_broker_that_goes_away_costs_nothing(tmp_path, site, plugins, lonely_broker):
    """The broker dies while the simulators speak, comes back, and gets everything."""
    real = [0]
    stop, live = threading.Event(), threading.Event()
    lonely_broker.start()
    ear = Ear(lonely_broker, site.id, lasting=True)
    clock = SiteClock(epoch=NOON * SECOND, start=0, speed=60.0)
    pace = Pace(lonely_broker.url, tmp_path / "state.json", history_s=3_600, clock=clock)
    done = []

    def run():
        done.append(simulate(site, pace, now=lambda: real[0], stop=stop, told=lambda _: live.set()))

    player = threading.Thread(target=run)
    player.start()
    try:
        assert live.wait(60)
        lonely_broker.stop()
        real[0] = 60 * SECOND
        lonely_broker.start()
        real[0] = 120 * SECOND
        wanted = expected(site, plugins, NOON - 3_600, NOON + 7_200)
        ear.wait(
            lambda _: (
                {key: set(told) for key, told in observations(ear).items()}
                == {key: set(told) for key, told in wanted.items()}
            )
        )
    finally:
        stop.set()
        player.join(30)
        ear.close()
    assert done[0].until == NOON + 7_200
    assert json.loads(pace.state.read_text())["published_until"] == done[0].until


def test_a_lost_connection_shows_on_the_wall_until_it_is_back(
    broker, site, ear, tmp_path, stopped_clock
):
    clock, now = stopped_clock
    pace = pace_of(broker, tmp_path, clock=clock, history_s=600)
    player = Player(site, pace, now=now, stop=threading.Event())

    def said():
        return [told for topic, told in ear.leave("status") if f"/{GATEWAY}/" in topic]

    player.start()
    try:
        ear.wait(lambda _: said() == [b"online"])
        player.links[GATEWAY].cut()
        ear.wait(lambda _: said() == [b"online", b"offline", b"online"])
    finally:
        player.close()
    ear.wait(lambda _: said()[-1] == b"offline")
