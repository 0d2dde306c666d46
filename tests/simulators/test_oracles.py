"""What is known beforehand: closed forms and the province's own figures, within their error."""

import math
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.calibration import WET_MONTHS, rain_table
from ioc.core.air_quality import index_of, nowcast
from ioc.core.calendar import weekday
from ioc.sites import read_site
from simulators.calendar import local_day, local_hour, read_calendar
from simulators.incidents import Place, read_kinds
from simulators.noise import (
    DAY,
    Noise,
    binomial,
    exponential,
    gamma,
    lognormal,
    poisson,
    weibull,
)
from simulators.registry import Days
from simulators.world import World

NOVEMBER = 1_793_491_200
"""2026-11-01T00:00:00Z."""


def instant(text):
    return int(np.datetime64(text, "s").astype(np.int64)) - 7 * 3_600


def all_over(days, plugins, world, thing, first):
    """Give the times and the values of each datastream of a thing in some days."""
    keep = Days(world, plugins, 2)
    keep.add(thing)
    parts = defaultdict(list)
    for day in range(first // DAY, first // DAY + days):
        for stream, times, told in keep.between(thing.id, day * DAY - 1, day * DAY + DAY - 1):
            parts[stream.name].append((times, told))
    return {name: tuple(map(np.concatenate, zip(*cut, strict=True))) for name, cut in parts.items()}


def over(days, plugins, world, thing, name, first):
    """Give the times and the values of one datastream of a thing in some days."""
    return all_over(days, plugins, world, thing, first)[name]


def test_draws_have_the_moments_they_claim():
    noise, at = Noise(3, "oracle"), np.arange(0, 400 * DAY, 600)
    normal, uniform = noise.normal(at, "n", 600), noise.uniform(at, "u", 600)
    assert abs(normal.mean()) < 0.02
    assert abs(normal.std() - 1) < 0.02
    assert abs(exponential(uniform, 3.0).mean() - 3.0) < 0.06
    assert abs(weibull(uniform, 0.7, 2.0).mean() - 2.0) < 0.06
    assert abs(gamma(normal, 16.0, 5.0).mean() - 5.0) < 0.05
    assert abs(np.median(lognormal(normal, 4.0, 0.5)) - 4.0) < 0.06
    for mean in (0.3, 4.0, 60.0):
        counts = poisson(uniform, np.full(len(at), mean))
        assert abs(counts.mean() - mean) < 5 * math.sqrt(mean / len(at)) + 1e-3
        assert abs(counts.var() / mean - 1) < 0.05
    of = np.full(len(at), 12.0)
    assert abs(binomial(uniform, of, 0.25).mean() - 3.0) < 0.03


def test_coloured_noise_remembers_minutes_and_forgets_weeks():
    noise, at = Noise(3, "oracle"), np.arange(0, 200 * DAY, 60)
    wave = noise.wave(at, "w")
    assert abs(wave.std() - 1) < 0.1
    assert np.corrcoef(wave[:-1], wave[1:])[0, 1] > 0.97
    week = 7 * 1_440
    assert abs(np.corrcoef(wave[:-week], wave[week:])[0, 1]) < 0.15


def test_two_domains_of_a_stream_are_two_draws():
    noise, at = Noise(3, "oracle"), np.arange(0, 100 * DAY, 600)
    one, other = noise.normal(at, "a", 600), noise.normal(at, "b", 600)
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.03


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        ("2026-11-23", True),  # a Monday
        ("2026-11-22", False),  # a Sunday
        ("2026-02-16", False),  # the eve of Tết
        ("2026-02-20", False),  # its fourth day
        ("2026-02-24", True),
        ("2026-04-26", False),  # Hùng Kings, a Sunday as well
        ("2027-04-16", False),  # Hùng Kings on a Friday
        ("2026-09-02", False),
        ("2026-04-30", False),
    ],
)
def test_offices_are_open_on_working_days_only(day, open_):
    calendar = read_calendar()
    at = np.array([instant(f"{day}T09:00:00")])
    assert bool(calendar.working_day(at)[0]) is open_
    assert bool(calendar.open(at)[0]) is open_
    assert not calendar.open(np.array([instant(f"{day}T12:30:00")]))[0]


def test_an_office_day_has_seven_and_a_half_hours():
    calendar = read_calendar()
    for phase in (0, 137, 899):
        at = instant("2026-11-23T00:00:00") + phase + np.arange(0, DAY, 900)
        assert abs(calendar.open_share(at, 900).sum() * 0.25 - 7.5) < 1e-6


def test_ten_years_have_the_rain_of_the_sources():
    """Half of the shipped gauges; `python -m benchmarks --only calibration` shows all."""
    site = read_site("dien-bien")
    world = World(site.seed, site.areas, site=site.id)
    gauges = [Place(*thing.location) for thing in site.things if thing.kind == "rain-gauge"][::4]
    table = rain_table(world, gauges, 10)
    off = [row["simulated"] / row["target"] - 1 for row in table["months"]]
    assert max(abs(off[month]) for month in WET_MONTHS) < 0.20
    assert max(map(abs, off)) < 0.25
    assert table["annual"]["simulated"] == pytest.approx(table["annual"]["target"], rel=0.05)
    assert 200 <= table["max_day"] <= 330


def test_showers_are_part_of_the_months_rain_not_beside_it():
    with_, without_ = (
        rain_table(World(5, AREAS_SPREAD, site="dien-bien", kinds=kinds), [Place(103.0, 21.6)], 4)
        for kinds in (read_kinds(), without("shower"))
    )
    ratio = with_["annual"]["simulated"] / without_["annual"]["simulated"]
    assert ratio == pytest.approx(1, abs=0.2)


def test_rain_is_the_same_however_it_is_cut(world):
    place = Place(103.2, 21.5)
    start = instant("2026-07-10T07:00:00")
    ends = start + np.arange(600, DAY + 1, 600)
    by_slot = world.rain(ends - 1, place, 600).mean()
    whole = world.rain(np.array([start + DAY - 1]), place, DAY)[0]
    assert by_slot == pytest.approx(whole, rel=1e-9)


def test_rain_lifts_the_river_within_hours(world):
    place = Place(103.23, 21.515)
    days = np.arange(instant("2026-06-01T07:00:00"), instant("2026-09-01T07:00:00"), 600)
    fallen, flow = world.rain(days, place, 3_600), world.flow(days, place, 40.0)
    lags = [np.corrcoef(fallen[:-18], flow[k : len(flow) - 18 + k])[0, 1] for k in (0, 6, 18)]
    assert lags[1] > 0.4
    assert lags[1] > lags[0]


def test_dossiers_come_finish_and_are_on_time_as_the_province_said(plugins, site):
    world = World(1954, site.areas, kinds=without("busy-counters"))
    shops = [thing for thing in site.things if thing.kind == "one-stop-shop"]
    days = 91
    sums = dict.fromkeys(("received", "finished", "on-time", "online"), 0.0)
    for shop in shops:
        told = all_over(days, plugins, world, shop, NOVEMBER)
        for name in sums:
            sums[name] += told[name][1].sum()
    at = np.arange(NOVEMBER, NOVEMBER + days * DAY, DAY) + 3_600
    working = int(world.calendar.working_day(at).sum())
    assert sums["received"] / working == pytest.approx(390, rel=0.06)
    assert sums["finished"] / sums["received"] == pytest.approx(1, abs=0.07)
    assert 100 * sums["on-time"] / sums["finished"] == pytest.approx(96.63, abs=0.6)
    assert 100 * sums["online"] / sums["received"] == pytest.approx(25, abs=1.5)


def test_dossiers_never_exceed_what_they_are_part_of(plugins, world, site):
    shop = next(thing for thing in site.things if thing.kind == "one-stop-shop")
    told = {
        name: values for name, (_, values) in all_over(14, plugins, world, shop, NOVEMBER).items()
    }
    assert (told["on-time"] <= told["finished"]).all()
    assert (told["online"] <= told["received"]).all()
    assert told["overdue"].max() > 0


def test_overdue_falls_only_as_late_ones_are_finished(plugins, world, site):
    shop = next(thing for thing in site.things if thing.kind == "one-stop-shop")
    told = all_over(20, plugins, world, shop, NOVEMBER)
    late = (told["finished"][1] - told["on-time"][1])[1:]
    assert (-np.diff(told["overdue"][1]) <= late).all()


def test_nobody_works_at_the_weekend(plugins, world, site):
    shop = next(thing for thing in site.things if thing.kind == "one-stop-shop")
    at, finished = over(28, plugins, world, shop, "finished", NOVEMBER)
    assert finished[weekday(local_day(at - 900)) >= 5].sum() == 0
    hour = local_hour(at - 1)
    assert finished[(hour > 18) | (hour < 7)].sum() == 0


def test_nearly_all_documents_are_signed(plugins, world, site):
    agency = next(thing for thing in site.things if thing.kind == "document-exchange")
    told = all_over(91, plugins, world, agency, NOVEMBER)
    outgoing, signed = told["outgoing"][1], told["signed"][1]
    assert (signed <= outgoing).all()
    assert 94.5 < 100 * signed.sum() / outgoing.sum() < 97.5


def test_the_lgsp_is_there_nine_hundred_and_ninety_nine_of_a_thousand(world):
    at = np.arange(NOVEMBER, NOVEMBER + 3 * 365 * DAY, 120)
    up = np.concatenate([world.bus("lgsp", part).up for part in np.array_split(at, 157)])
    assert 0.997 < up.mean() < 0.9998


def test_what_fails_alone_is_available_as_its_times_say(world):
    at = np.arange(NOVEMBER, NOVEMBER + 365 * DAY, 300)
    down = [
        world.down(f"thing-{n}", part, mtbf_h=200.0, mttr_h=2.0).mean()
        for n in range(12)
        for part in np.array_split(at, 52)
    ]
    assert 1 - np.mean(down) == pytest.approx(200 / 202, abs=0.0015)


def test_most_endpoints_are_online(plugins, world, site):
    endpoint = next(thing for thing in site.things if thing.kind == "video-endpoint")
    status = over(120, plugins, world, endpoint, "status", NOVEMBER)[1]
    assert 0.97 < status.mean() < 1.0


def test_the_portal_waits_for_the_lgsp(plugins, site):
    """In a world where only the LGSP fails, the portal is slow exactly then."""
    quiet = World(11, site.areas)
    portal = next(thing for thing in site.things if thing.kind == "service")
    incidents = [
        incident
        for week in range(60)
        for incident in quiet.programme.during(
            "bus-slow", NOVEMBER + week * 7 * DAY, NOVEMBER + (week + 1) * 7 * DAY - 1
        )
        if incident.target == "lgsp"
    ]
    player = plugins["service"]
    subject = player.subject(quiet.seed, portal)
    slower = 0
    for incident in incidents[:20]:
        during = np.arange(incident.start + 600, incident.end - 600, 30) // 30 * 30
        before = during - 7 * DAY
        slow = np.median(player.values(during, subject, quiet)["latency"])
        usual = np.median(player.values(before, subject, quiet)["latency"])
        slower += slow > 1.8 * usual
    assert slower >= 15


def test_a_room_without_cooling_warms_as_two_masses_do():
    world = World(2, AREAS_SPREAD)
    found = [
        loss
        for week in range(40)
        for loss in world.programme.during(
            "cooling", NOVEMBER + week * 7 * DAY, NOVEMBER + (week + 1) * 7 * DAY - 1
        )
        if loss.end - loss.start > 620
    ]
    loss = found[0]
    rise = world.room_rise(np.array([loss.start, loss.start + 600]), loss.target)
    assert rise[0] == 0
    assert rise[1] == pytest.approx(8.1, abs=0.9)


def test_the_index_is_that_of_the_decision():
    series = np.array([20.6, 19.6, 22.4, 20.3, 16.5, 19.0, 16.5, 19.5, 23.5, 20.5, 24.7, 26.9])
    weighed = nowcast(series[None, :])
    assert weighed[0] == pytest.approx(20.2658, abs=1e-4)
    assert np.floor(index_of("pm25", weighed) + 0.5)[0] == 41
    assert nowcast(np.array([[100.0] + [10.0] * 11]))[0] == pytest.approx(54.9976, abs=1e-4)
    assert index_of("no2", np.array([118.7]))[0] == pytest.approx(59.35, abs=0.01)
    assert np.rint(index_of("o3", np.array([136.1])))[0] == 43
    assert index_of("pm25", np.array([55.7]))[0] == pytest.approx(109.5, abs=0.01)


def test_the_published_index_follows_from_the_published_dust(plugins, world, example):
    station = example["air-station"]
    first = NOVEMBER + 15 * DAY
    observed = all_over(3, plugins, world, station, first)
    (dust_at, dust), (index_at, index) = observed["pm25"], observed["aqi"]
    coarse = observed["pm10"][1]
    for at, told in list(zip(index_at.tolist(), index.tolist(), strict=True))[20:60]:
        end = at // 3_600 * 3_600
        hours = [(end - 3_600 * (k + 1), end - 3_600 * k) for k in range(12)]
        masks = [(dust_at >= start) & (dust_at < stop) for start, stop in hours]
        if any(mask.sum() != 12 for mask in masks):
            continue  # a gap of the station
        fine = nowcast(np.array([[dust[mask].mean() for mask in masks]]))
        rough = nowcast(np.array([[coarse[mask].mean() for mask in masks]]))
        lowest = max(index_of("pm25", fine)[0], index_of("pm10", rough)[0])
        assert told >= np.floor(lowest + 0.5) - 1


def test_a_week_is_neither_dull_nor_a_flood():
    world = World(1954, AREAS_SPREAD, site="dien-bien")
    for week in range(8):
        start = NOVEMBER + week * 7 * DAY
        count = sum(
            len(world.programme.during(kind, start, start + 7 * DAY - 1))
            for kind in ("release", "power-cut", "fibre-cut", "bus-slow", "busy-counters", "crash")
        )
        assert 8 <= count <= 40


class _Area:
    def __init__(self, name, lon, lat):
        self.id = name
        self.location = (lon, lat)
        self.parent = self.population = None


AREAS_SPREAD = (
    _Area("province", 103.0, 21.5),
    _Area("north", 102.45, 22.2),
    _Area("east", 103.5, 21.7),
    _Area("south", 103.2, 21.2),
)


def without(name):
    """Give the programme of incidents without one kind."""
    kinds = read_kinds()
    return {**kinds, name: replace(kinds[name], at_least=0, extra=0.0)}
