"""The graph of causes: what happens in the province follows from what caused it."""

import numpy as np
import pytest

from ioc.sites import read_site
from simulators.calendar import local_day, local_hour
from simulators.epidemic import final_size, outbreak
from simulators.incidents import Place
from simulators.noise import DAY, Noise
from simulators.world import World
from simulators.world.fire import BAN_AFTER, BANNED, LEVELS


@pytest.fixture(scope="module")
def province():
    site = read_site("dien-bien")
    return World(site.seed, site.areas, site=site.id)


def instant(local):
    return int(np.datetime64(local, "s").astype(np.int64)) - 7 * 3_600


def daily(first, days, hour=12):
    return instant(f"{first}T00:00:00") + hour * 3_600 + np.arange(days) * DAY


def test_an_epidemic_reaches_whom_the_equation_says():
    sizes = []
    for block in range(24):
        new, _ = outbreak(Noise(11, "oracle").block("seir", block), 20_000, 20, 365, 2.5)
        sizes.append((new.sum() + 20) / 20_000)
    error = np.std(sizes) / np.sqrt(len(sizes))
    assert abs(np.mean(sizes) - final_size(2.5)) < 3 * error + 0.002
    assert final_size(2.5) == pytest.approx(0.8926, abs=1e-4)


def test_the_wave_of_2022_peaks_in_march_with_about_three_thousand_cases_a_day(province):
    wave = province.epidemic(daily("2022-01-01", 150, 17))
    peak = int(wave.cases.argmax())
    assert 2_500 < wave.cases[peak] < 3_400
    assert 70 <= peak <= 85
    assert wave.cases[peak + 14] < 0.75 * wave.cases[peak]
    assert 45_000 < wave.cases.sum() < 100_000


def test_other_seasons_are_small_and_those_who_are_ill_stay_at_home(province):
    calm, wave = daily("2025-10-01", 200, 17), daily("2022-03-14", 5, 9)
    assert province.epidemic(calm).cases.max() < 400
    ordinary = province.staff(daily("2021-11-15", 5, 9), province.seat)
    assert np.median(province.staff(wave, province.seat)) < np.median(ordinary) - 0.08


def test_cases_are_told_at_four_in_the_afternoon(province):
    before, after = instant("2022-03-10T15:59:59"), instant("2022-03-10T16:00:00")
    told = province.epidemic(np.array([before, after])).cases
    yesterday = province.epidemic(np.array([instant("2022-03-09T20:00:00")])).cases
    assert told[0] == yesterday[0]
    assert told[1] != told[0]


def test_hoa_ban_brings_eighty_thousand_visitors_and_a_full_square_on_its_evening(province):
    arrived = province.arrivals(local_day(daily("2026-03-13", 4)))
    assert 60_000 < arrived.sum() < 110_000
    quiet = province.arrivals(local_day(daily("2026-11-02", 28)))
    assert quiet.mean() == pytest.approx(0.9 * 5_068, rel=0.2)
    evening = instant("2026-03-16T12:00:00") + np.arange(0, 12 * 3_600, 600)
    factor = province.gathering(evening, province.seat)
    hour = local_hour(evening)
    assert factor.max() == pytest.approx(3.5)
    assert (factor[(hour > 19.5) & (hour < 21.75)] > 3.4).all()
    assert (factor[hour < 17] == 1).all()
    assert (province.gathering(evening, Place(102.45, 22.23)) < 1.01).all()


def test_fewer_are_at_work_around_tet(province):
    before, usual = daily("2026-02-11", 2, 9), daily("2026-03-10", 2, 9)
    assert province.staff(before, province.seat).max() < province.staff(usual, province.seat).min()


def test_burning_days_have_the_hot_spots_of_april_2024_before_and_after_the_ban(province):
    """Where the forest is driest and the season on, the areas together make 319 a day, then 56."""
    areas = province.areas
    free: list[float] = []
    banned: list[float] = []
    for at in np.concatenate([daily(f"{year}-03-20", 25) for year in range(2019, 2027)]):
        day = int(local_day(np.array([at]))[0])
        for area in areas:
            if province._indices(area, day - 1) > LEVELS[2]:
                (banned if province._banned(area, day) else free).append(
                    province._burnt(area, day) * len(areas)
                )
    assert len(free) > 20
    assert np.mean(free) == pytest.approx(319, rel=0.02)
    assert np.mean(banned) == pytest.approx(56, rel=0.02)
    assert pytest.approx(56 / 319) == BANNED


def test_burning_is_forbidden_only_after_days_of_danger(province):
    area = province.areas[0]
    days = local_day(daily("2026-01-01", 365))
    for day in days[province.burning_banned(daily("2026-01-01", 365), area)].tolist():
        assert all(province._indices(area, day - n) > LEVELS[2] for n in range(1, BAN_AFTER + 1))


def test_rain_ends_the_danger_of_fire_and_drought_brings_it(province):
    area = province.areas[0]
    at = daily("2026-01-01", 365, 14)
    index, (warm, missing, fallen) = province.fire_index(at, area), province.noon(at, area)
    assert (index[fallen > 5.0] == 0).all()
    dry = np.flatnonzero(fallen[1:] <= 5.0) + 1
    assert index[dry] == pytest.approx(index[dry - 1] + warm[dry] * missing[dry], rel=1e-6)


def test_smoke_makes_dust(province):
    class Clear(World):
        def smoke(self, at, place):
            return np.zeros(len(at))

    clear = Clear(province.seed, read_site("dien-bien").areas, site="dien-bien")
    at = daily("2024-03-15", 40)
    more = province.dust(at, province.seat) / clear.dust(at, province.seat)
    assert more.min() >= 1.0
    assert more.max() > 1.5
    assert np.corrcoef(more, province.smoke(at, province.seat))[0, 1] > 0.9


def test_soaked_slopes_slide_tear_the_fibre_and_shut_the_road(province):
    year = (instant("2026-01-01T00:00:00"), instant("2026-12-31T00:00:00"))
    slides = province.slides(*year)
    assert 5 < len(slides) < 80
    for slide in slides:
        during = np.array([slide.start, (slide.start + slide.end) // 2])
        assert province.rain(during[:1], slide.place, DAY)[0] * 24 > 5
        assert (province.fibre_lost(during, slide.place) > 0).all()
        assert province.road_closed(during, slide.place).all()
        assert province.affected(during, slide.place).share.min() > 0.3


def test_floods_shut_fords(province):
    at = instant("2026-06-01T00:00:00") + np.arange(0, 120 * DAY, 3_600)
    high = province.flood(at, province.seat) > 1.3
    assert high.any()
    assert province.road_closed(at, province.seat)[high].all()


def test_a_year_of_roads_is_mostly_open(province):
    at = instant("2026-01-01T00:00:00") + np.arange(0, 365 * DAY, 3_600)
    assert 0.0 < province.road_closed(at, province.seat).mean() < 0.03


def test_the_areas_share_the_people(province):
    centres = {area.id: Place(*area.location) for area in read_site("dien-bien").areas}
    total = sum(province.share(place) for place in province.areas)
    assert total == pytest.approx(1)
    assert province.share(centres["muong-lay"]) < province.share(centres["tuan-giao"])


def test_every_cause_is_the_same_asked_alone_or_together(province):
    at = instant("2026-04-05T00:00:00") + np.arange(0, 3 * DAY, 1_800)
    place = Place(103.2, 21.5)
    for ask in (
        lambda when: province.burning(when, place),
        lambda when: province.fire_index(when, place),
        lambda when: province.smoke(when, place),
        lambda when: province.dust(when, place),
        lambda when: province.visitors(when),
        lambda when: province.epidemic(when).ill,
        lambda when: province.staff(when, place),
        lambda when: province.flood(when, place),
        lambda when: province.affected(when, place).share,
        lambda when: province.temperature(when, place, 500.0),
    ):
        whole = ask(at)
        alone = [ask(at[n : n + 1]) for n in range(0, len(at), 7)]
        assert np.array_equal(whole[::7], np.concatenate(alone))
