"""The audit trail as a chain: what was done to it is found, and where."""

from dataclasses import replace

import pytest

from ioc.core.audit import FIRST, Anchor, Row, Verifier, chained, entry


def chain(length: int = 6) -> list[Row]:
    rows: list[Row] = []
    before = FIRST
    for seq in range(1, length + 1):
        made = entry("lan", "alert.acknowledge", f"alert-{seq}", {"note": "đã gọi xã"})
        rows.append(chained(seq, 1_700_000_000_000_000 + seq, made, before))
        before = rows[-1].hash
    return rows


def problems(rows: list[Row], *anchors: Anchor) -> list[str]:
    verifier = Verifier(anchors)
    return [said for row in rows for said in verifier.read(row)] + list(verifier.end())


def anchor(row: Row) -> Anchor:
    return Anchor.from_json(Anchor(row.seq, row.hash).to_json())


def test_a_chain_nobody_touched_holds_with_all_its_anchors():
    rows = chain()
    assert problems(rows, anchor(rows[2]), anchor(rows[5])) == []


def test_the_canonical_form_is_the_documented_one():
    """Computed by hand once, so that another program can verify the trail too."""
    import hashlib

    row = chained(1, 5, entry("lan", "login", "lan", {"b": 1, "a": "ệ"}), FIRST)
    told = '[1,5,"lan","login","lan","{\\"a\\": \\"ệ\\", \\"b\\": 1}"]'
    assert row.hash == hashlib.sha256(bytes(32) + told.encode()).digest()


@pytest.mark.parametrize("part", ["who", "action", "subject", "detail"])
def test_a_changed_row_is_found_by_its_number(part):
    rows = chain()
    rows[3] = replace(rows[3], entry=replace(rows[3].entry, **{part: "{}"}))
    assert problems(rows) == ["row 4 was changed, or what stands before it"]


def test_a_changed_time_is_found():
    rows = chain()
    rows[0] = replace(rows[0], at=rows[0].at + 1)
    assert problems(rows) == ["row 1 was changed, or what stands before it"]


def test_a_changed_row_with_a_new_hash_breaks_the_row_behind_it():
    rows = chain()
    rows[3] = chained(4, rows[3].at, entry("nobody", "login", "", {}), rows[2].hash)
    assert problems(rows) == ["row 5 was changed, or what stands before it"]


def test_a_row_taken_out_of_the_middle_is_found():
    rows = chain()
    assert problems([*rows[:2], *rows[3:]]) == ["rows 3 to 3 are missing"]


def test_exchanged_rows_are_found():
    rows = chain()
    rows[1], rows[2] = (
        replace(rows[2], seq=2, at=rows[1].at),
        replace(rows[1], seq=3, at=rows[2].at),
    )
    assert len(problems(rows)) == 3


def test_a_tail_cut_off_is_found_by_an_anchor_and_by_nothing_else():
    rows = chain()
    assert problems(rows[:4]) == []
    assert problems(rows[:4], anchor(rows[5])) == [
        "row 6 was anchored and is missing: the chain ends at 4"
    ]


def test_a_chain_written_anew_from_the_beginning_is_found_by_an_anchor():
    rows, forged = chain(), []
    before = FIRST
    for row in rows:
        forged.append(chained(row.seq, row.at, replace(row.entry, who="minh"), before))
        before = forged[-1].hash
    assert problems(forged) == []
    assert problems(forged, anchor(rows[2])) == ["row 3 is not the one that was anchored"]


def test_anchors_that_contradict_one_another_are_said():
    rows = chain()
    assert "the anchors contradict one another" in problems(
        rows, anchor(rows[2]), Anchor(3, bytes(32))
    )


@pytest.mark.parametrize("told", [{}, {"seq": "1", "hash": "00"}, {"seq": 1, "hash": "00"}])
def test_what_is_no_anchor_is_refused(told):
    with pytest.raises(ValueError, match=r"anchor|hash"):
        Anchor.from_json(told)


def test_what_a_database_cannot_hold_is_written_out():
    made = entry("la\x00n\ud800", "login", "", {})
    assert made.who == "la\\x00n\\ud800"
