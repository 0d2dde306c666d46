"""No cell of an export is ever run by a spreadsheet."""

import pytest

from ioc.core.csv_cells import cell


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_a_text_that_begins_like_a_formula_is_only_text(start):
    assert cell(f"{start}cmd|' /C calc'!A0").startswith(f"'{start}")


def test_numbers_stay_numbers_and_nothing_stays_nothing():
    assert [cell(value) for value in (-12.5, 3, None, True, "Nậm Rốm")] == [
        "-12.5",
        "3",
        "",
        "true",
        "Nậm Rốm",
    ]
