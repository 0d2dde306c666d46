"""The benchmark's score, by hand."""

import numpy as np
import pytest

from ioc.core.nab import PROFILES, Series, normalised, raw_score, scaled

STANDARD = PROFILES["standard"]
SERIES = Series(1_000, [(500, 599)])


def raw(*rows: int) -> float:
    return raw_score(SERIES, np.array(rows, np.int64), STANDARD)


def test_nothing_said_is_nought_and_the_first_row_of_every_window_is_a_hundred():
    assert normalised(raw(), 1, STANDARD) == 0
    assert normalised(raw(500), 1, STANDARD) == pytest.approx(100)


def test_only_the_earliest_of_a_window_counts():
    assert raw(520, 530, 580) == raw(520)
    assert raw(520) > raw(580) > 0


def test_what_is_far_from_any_window_costs_whole_and_what_follows_one_less():
    assert raw(500, 300) == pytest.approx(raw(500) - 0.11)
    assert raw(500) - 0.11 < raw(500, 605) < raw(500)


def test_nothing_counts_in_probation():
    assert SERIES.probation == 150
    assert raw(149) == raw()


def test_the_sigmoid_is_one_before_and_minus_one_far_behind():
    assert scaled(np.array([-1.0, 0.0, 3.1])) == pytest.approx([0.98661, 0.0, -1.0], abs=1e-5)
