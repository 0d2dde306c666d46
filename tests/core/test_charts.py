"""Charts are well-formed pictures that hold their numbers and none of anybody's markup."""

from xml.etree import ElementTree

import pytest

from ioc.core.charts import Bar, columns, rows, spark, ticks

HOSTILE = '<script>alert("1")</script>&'


def drawn(svg, tag):
    return ElementTree.fromstring(svg).findall(f".//{{http://www.w3.org/2000/svg}}{tag}")


def test_every_part_of_a_bar_is_drawn_and_nothing_for_none():
    bars = [Bar("07", [1, 0, 2, 0, 0]), Bar("", [0] * 5)]
    assert len(drawn(columns(bars, 300, 100, "t"), "rect")) == 2
    assert len(drawn(rows(bars, 300, "t"), "rect")) == 2
    first, second = (
        float(one.get("height")) for one in drawn(columns(bars, 300, 100, "t"), "rect")
    )
    assert second == pytest.approx(2 * first, abs=0.2)


def test_names_are_text_whatever_they_hold():
    for svg in (
        columns([Bar(HOSTILE, [1, 0, 0, 0, 0])], 300, 100, HOSTILE),
        rows([Bar(HOSTILE, [1, 0, 0, 0, 0])], 300, HOSTILE),
        spark([(0.0, 1.0)], None, 90, 30, HOSTILE),
    ):
        assert HOSTILE in {one.text for one in ElementTree.fromstring(svg).iter()}
        assert "<script" not in svg


def test_a_line_that_does_not_move_and_one_without_points_are_drawn():
    assert drawn(spark([(0.0, 5.0), (1.0, 5.0)], None, 90, 30, "t"), "polyline")
    assert not drawn(spark([], 3.0, 90, 30, "t"), "polyline")
    assert len(drawn(spark([(0.0, 1.0), (1.0, 2.0)], 3.0, 90, 30, "t"), "line")) == 1


@pytest.mark.parametrize(("most", "top", "step"), [(0, 1, 1), (1, 1, 1), (7, 8, 2), (37, 40, 10)])
def test_an_axis_ends_on_a_round_number(most, top, step):
    assert ticks(most) == (top, step)
