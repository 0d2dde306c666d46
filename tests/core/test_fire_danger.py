"""Forest-fire danger: the sum, and the rain that ends it."""

import pytest

from ioc.core.fire_danger import Day, fire_index, saturation_deficit


def test_the_deficit_is_magnus_over_water():
    assert saturation_deficit(20.0, 0.0) == pytest.approx(23.33, abs=0.03)
    assert saturation_deficit(30.0, 50.0) == pytest.approx(21.2, abs=0.05)
    assert saturation_deficit(30.0, 100.0) == 0
    assert saturation_deficit(30.0, 104.0) == 0


def test_dry_days_add_up():
    day = Day(32.0, 45.0, 0.0)
    one = 32.0 * saturation_deficit(32.0, 45.0)
    assert fire_index([day] * 10) == pytest.approx(10 * one)


def test_more_than_five_millimetres_start_again_and_five_do_not():
    dry, wet, damp = Day(30, 50, 0), Day(25, 95, 5.1), Day(30, 50, 5.0)
    one = fire_index([dry])
    assert one is not None
    assert fire_index([dry, dry, wet]) == 0
    assert fire_index([dry, wet, dry]) == pytest.approx(one)
    assert fire_index([dry, damp]) == pytest.approx(2 * one)


def test_a_day_nobody_measured_adds_nothing_and_alone_says_nothing():
    gone = Day(None, None, None)
    assert fire_index([gone]) is None
    assert fire_index([]) is None
    assert fire_index([Day(30, 50, None), gone]) == fire_index([Day(30, 50, 0)])
