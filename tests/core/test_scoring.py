"""Scores of parts; and the shipped table of QĐ 766 against what is known of it."""

import tomllib
from importlib.resources import files
from typing import Any

import pytest

from ioc.core.scoring import ScoreTable, evaluate, parse_table
from ioc.core.settings_error import SettingsError

SHIPPED = files("ioc.sites") / "common" / "scores" / "766-observed-2026.toml"


@pytest.fixture(scope="module")
def table() -> ScoreTable:
    return parse_table(tomllib.loads(SHIPPED.read_text(encoding="utf-8")))


def points(table: ScoreTable, group: str, **told: float) -> float:
    """Score quantities (``in_time=…``) and give the points of one group."""
    known = {name.replace("_", "-"): value for name, value in told.items()}
    narrowed = ScoreTable(
        table.id, table.name, None, table.groups,
        tuple(part for part in table.parts if part.group == group), (),
    )  # fmt: skip
    found = evaluate(narrowed, known).value
    assert found is not None
    return found


def test_the_groups_are_those_of_the_portal(table: ScoreTable):
    assert [group.max for group in table.groups] == [18, 20, 12, 10, 22, 18]
    assert table.max == 100
    for group in table.groups:
        worth = sum(part.max for part in table.parts if part.group == group.code)
        assert worth == group.max, group.code


def test_progress_of_9663_in_10000_is_19_326(table: ScoreTable):
    assert points(table, "progress", in_time=9663, handled=10_000) == pytest.approx(19.326)


@pytest.mark.parametrize(("rate", "expected"), [(0.90, 6.0), (0.72, 4.8), (1.0, 6.0)])
def test_receiving_satisfaction_is_full_at_nine_in_ten(
    table: ScoreTable, rate: float, expected: float
):
    bad = 1000 * (1 - rate)
    told = {"handled": 1000.0, "overdue": bad / 2, "disliked": bad / 2}
    assert _part(table, "DOSSIER_RECEIVING_SATISFACTION", told) == pytest.approx(expected)


def test_without_petitions_both_parts_are_full_and_without_dossiers_there_is_nothing(
    table: ScoreTable,
):
    empty = {"petitions": 0.0, "handled": 0.0, "overdue": 0.0, "disliked": 0.0}
    assert _part(table, "PETITION_PROCESSING_ON_TIME", empty) == 6
    assert _part(table, "PETITION_HANDLING_SATISFACTION", empty) == 6
    assert _part(table, "DOSSIER_RECEIVING_SATISFACTION", empty) == 0


def test_reuse_of_40_percent_is_one_point(table: ScoreTable):
    told = {"reused": 40.0, "reusable": 100.0}
    assert _part(table, "REUSED_DIGITIZED_DATA", told) == pytest.approx(1.0)


def test_payment_of_half_two_fifths_and_a_fifth_is_4_5(table: ScoreTable):
    told = {
        "paid_online": 50, "with_fee": 100, "procedures_payable": 40, "procedures_paid": 20,
        "procedures_with_fee": 100,
    }  # fmt: skip
    assert points(table, "payment", **told) == pytest.approx(3 + 1 + 0.5)


def test_payment_of_all_is_clamped_to_ten(table: ScoreTable):
    told = dict.fromkeys(
        ["paid_online", "with_fee", "procedures_payable", "procedures_paid", "procedures_with_fee"],
        7.0,
    )
    assert points(table, "payment", **told) == 10


def test_the_denominator_of_synchronised_dossiers_is_the_larger(table: ScoreTable):
    told = {"synced": 50.0, "reported": 100.0, "on-portal": 80.0}
    assert _part(table, "DOSSIER_SYNC", told) == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("score", "grade"),
    [(95, "Xuất sắc"), (83.8, "Tốt"), (74.7, "Khá"), (60, "Trung bình"), (49.9, "Yếu")],
)
def test_grades(table: ScoreTable, score: float, grade: str):
    found = table.grade(score)
    assert found is not None
    assert found.name.vi == grade


def test_only_sourced_grades_claim_a_source(table: ScoreTable):
    assert {grade.name.en for grade in table.grades if grade.source} == {"Excellent", "Weak"}


def test_what_is_not_known_gives_no_points_and_says_so(table: ScoreTable):
    nothing = evaluate(table, {})
    assert (nothing.value, nothing.known) == (None, 0)
    some = evaluate(table, {"in-time": 10.0, "handled": 10.0})
    assert some.value == 20
    assert some.known == pytest.approx(0.20)
    assert {one.part.code for one in some.parts if one.value is not None} == {"PROGRESS"}


def test_null_is_not_nought(table: ScoreTable):
    assert _part(table, "PROGRESS", {"in-time": None, "handled": 10.0}) is None
    assert _part(table, "PROGRESS", {"in-time": 0.0, "handled": 10.0}) == 0


@pytest.mark.parametrize(
    "change",
    [{"status": "law"}, {"group": "none"}, {"cap": 0}, {"colour": 1}, {"numerator": 5}],
)
def test_a_wrong_part_is_refused(change: dict[str, Any]):
    part = {
        "code": "A", "group": "g", "name": {"vi": "a", "en": "a"}, "max": 5,
        "numerator": "n", "denominator": "d", "status": "fit",
    }  # fmt: skip
    group = {"code": "g", "name": {"vi": "g", "en": "g"}, "max": 5}
    whole = {"id": "t", "name": {"vi": "t", "en": "t"}, "group": [group]}
    assert parse_table({**whole, "part": [part]}).max == 5
    with pytest.raises(SettingsError):
        parse_table({**whole, "part": [{**part, **change}]})


def _part(table: ScoreTable, code: str, told: dict[str, Any]) -> float | None:
    (found,) = [one for one in evaluate(table, told).parts if one.part.code == code]
    return found.value
