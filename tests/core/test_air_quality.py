"""VN_AQI: the Decision's worked examples, and what is done where hours are missing."""

import numpy as np
import pytest

from ioc.core.air_quality import daily_index, hourly_index, index_of, nowcast, rounded

NEWEST_FIRST = [20.6, 19.6, 22.4, 20.3, 16.5, 19.0, 16.5, 19.5, 23.5, 20.5, 24.7, 26.9]


def test_the_decision_s_nowcast_is_20_2658_and_its_index_41():
    found = nowcast(np.array(NEWEST_FIRST))
    assert found == pytest.approx(20.2658, abs=5e-5)
    assert rounded(index_of("pm25", found)) == 41


def test_a_steep_series_halves_the_weight_each_hour():
    assert nowcast(np.array([100.0] + [10.0] * 11)) == pytest.approx(54.9976, abs=5e-5)


@pytest.mark.parametrize(
    ("pollutant", "concentration", "index"),
    [
        ("o3", 136.1, 43),
        ("o3-8h", 89.3, 45),
        ("o3", 114.6, 36),
        ("no2", 130.8, 65),
        ("pm25", 55.7, 110),  # 109.5: a half goes up
    ],
)
def test_the_decision_s_other_examples(pollutant: str, concentration: float, index: int):
    assert rounded(index_of(pollutant, concentration)) == index


def test_the_decision_s_slip_is_not_repeated():
    """It prints 60 for NO2 118.7 µg/m³; its own formula gives 59.35."""
    found = index_of("no2", 118.7)
    assert found == pytest.approx(59.35)
    assert rounded(found) == 59


def test_a_half_is_rounded_up_where_python_would_round_to_even():
    assert rounded(np.array([108.5, 109.5, 0.5])).tolist() == [109, 110, 1]


def test_the_index_ends_at_500():
    assert index_of("pm25", 5_000.0) == 500


def test_two_of_the_three_newest_hours_must_be_there():
    one_gone = np.array([np.nan, 20.0, 20.0, *[20.0] * 9])
    two_gone = np.array([np.nan, np.nan, 20.0, *[20.0] * 9])
    assert nowcast(one_gone) == pytest.approx(20.0)
    assert np.isnan(nowcast(two_gone))


def test_a_missing_hour_weighs_nothing():
    whole = np.array([30.0, 25.0, 28.0, *[26.0] * 9])
    gap = whole.copy()
    gap[5] = np.nan
    weight = (25 / 30) ** np.arange(12)
    weight[5] = 0
    assert nowcast(gap) == pytest.approx((whole * weight).sum() / weight.sum())


def test_clean_air_of_nought_is_nought_and_no_division_by_it():
    assert nowcast(np.zeros(12)) == 0


def test_an_hour_without_dust_has_no_index_and_gases_may_lead():
    gases = {"no2": np.full(12, 130.8)}
    assert np.isnan(hourly_index(gases))
    assert np.isnan(hourly_index({**gases, "pm25": np.full(12, np.nan)}))
    assert hourly_index({**gases, "pm25": np.full(12, 10.0)}) == 65


def test_many_stations_at_once_are_each_as_alone():
    two = np.array([NEWEST_FIRST, [100.0] + [10.0] * 11])
    assert hourly_index({"pm25": two}).tolist() == [
        float(hourly_index({"pm25": row})) for row in two
    ]


def test_a_day_takes_the_mean_of_dust_and_the_worst_hour_of_a_gas():
    dust = np.array([10.0] * 12 + [40.0] * 12)  # mean 25: index 50
    no2 = np.full(24, 50.0)
    assert daily_index({"pm25": dust, "no2": no2}) == 50
    no2[7] = 200.0
    assert daily_index({"pm25": dust, "no2": no2}) == 100


def test_a_day_s_ozone_is_the_worse_of_one_hour_and_eight():
    dust = np.full(24, 1.0)
    o3 = np.full(24, 20.0)
    o3[8:16] = 120.0  # eight hours at 120: index 100; one hour of 120 is 38
    assert daily_index({"pm25": dust, "o3": o3}) == 100


def test_a_day_s_eight_hours_above_400_are_left_out():
    o3 = np.full(24, 500.0)
    assert daily_index({"pm25": np.full(24, 1.0), "o3": o3}) == rounded(index_of("o3", 500.0))


def test_a_day_needs_three_quarters_of_its_dust():
    dust = np.full(24, 25.0)
    dust[:6] = np.nan
    assert daily_index({"pm25": dust}) == 50
    dust[6] = np.nan
    assert np.isnan(daily_index({"pm25": dust}))
