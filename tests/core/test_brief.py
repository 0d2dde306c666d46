"""The brief says how a stretch of time was at its end, and no more."""

from dataclasses import replace

from ioc.core.brief import Found
from ioc.core.brief_plan import Occasion
from ioc.core.history import Entry
from ioc.core.sheet import lay_out
from ioc.core.words import DAY, HOUR, MINUTE, Origin, Text
from ioc.words import read_phrases
from tests.core.brief_day import (
    DAY_BEFORE,
    SEVEN,
    acknowledged,
    alert,
    brief_of,
    incident,
    reading,
    task,
    written_day,
)

RAINED = SEVEN - 20 * HOUR


def test_alerts_are_counted_by_severity_and_against_the_period_before():
    alerts = brief_of(written_day())["alerts"]
    assert (alerts["raised"], alerts["before"], alerts["history"]) == (2, 1, 1)
    assert alerts["severities"] == [0, 0, 1, 1, 0]
    assert alerts["severities_before"] == [0, 1, 0, 0, 0]
    assert [one["area"] for one in alerts["areas"]] == ["muong-ang", "tua-chua"]
    assert sum(sum(one["severities"]) for one in alerts["load"]) == 2
    assert len(alerts["load"]) == 24, "a column an hour"


def test_what_came_after_the_end_is_left_out_so_a_late_brief_says_the_same():
    later = acknowledged(alert(1, RAINED), SEVEN + MINUTE)
    closed = replace(alert(2, RAINED), closed_at=SEVEN + HOUR)
    found = brief_of(Found(alerts=(later, closed, alert(3, SEVEN))))["alerts"]
    assert (found["raised"], found["open"], found["unanswered"]) == (2, 2, 2)
    assert all(one["acknowledged_at"] is None for one in found["worst"])


def test_an_alert_that_rose_again_after_it_was_acknowledged_is_unanswered_again():
    again = acknowledged(alert(1, RAINED), RAINED + HOUR)
    again = replace(again, steps=(*again.steps, Entry(RAINED + 2 * HOUR, "centre", "raise")))
    assert brief_of(Found(alerts=(again,)))["alerts"]["unanswered"] == 1


def test_the_gravest_come_first_and_of_those_the_ones_still_open():
    alerts = (
        alert(1, RAINED, 3),
        alert(2, RAINED, 5, closed_at=RAINED + HOUR),
        alert(3, RAINED - DAY, 5),
        alert(4, RAINED - DAY, 2),
    )
    worst = brief_of(Found(alerts=alerts))["alerts"]["worst"]
    assert [one["id"] for one in worst] == ["a003", "a002", "a001"]


def test_an_incident_has_its_times_from_raised_to_done():
    cases = brief_of(written_day())["incidents"]
    [one] = cases["items"]
    assert one["seconds"] == {"acknowledged": 360, "assigned": 900, "done": 8100}
    assert cases["response_s"] == {"acknowledged": 360, "assigned": 900, "done": 8100}
    assert (cases["received"], cases["done"], cases["open"], cases["late"]) == (1, 1, 1, 0)


def test_an_incident_is_late_until_it_is_given_anew_or_done():
    late = Entry(RAINED + 5 * HOUR, "centre", "late")
    given = Entry(RAINED + 6 * HOUR, "lan", "assign")
    for steps, expected in (((late,), 1), ((late, given), 0), ((given, late), 1)):
        found = Found(incidents=(incident(("a1",), RAINED, *steps),))
        assert brief_of(found)["incidents"]["late"] == expected


def test_a_late_task_is_listed_with_how_late_and_a_done_one_is_not():
    tasks = brief_of(written_day())["tasks"]
    [one] = tasks["late_items"]
    assert (one["over_s"], one["owner"]) == (3 * 3600, "UBND huyện Mường Ảng")
    late = Entry(SEVEN - 3 * HOUR, "centre", "late")
    done = task(RAINED, SEVEN - 3 * HOUR, late, Entry(SEVEN - HOUR, "tu", "done"))
    found = brief_of(Found(tasks=(done,)))["tasks"]
    assert (found["done"], found["late"], found["open"]) == (1, 0, 0)


def test_an_indicator_is_held_against_its_target_and_the_one_before():
    [section] = brief_of(written_day())["sections"]
    on_time, received = section["items"]
    assert (on_time["value"], on_time["previous"], on_time["change"]) == (91.25, 95.0, "worse")
    assert on_time["standing"] == "at-risk"
    assert on_time["as_of"] == "2026-11-24T07:00:00+07:00"
    assert received["as_of"] == "2026-11-23T23:59:59+07:00", "what counts a day is of a whole day"
    assert received["source"] is None
    assert len(on_time["trend"]) == 28


def test_the_target_of_a_level_is_told_by_its_word():
    levels = [{"vi": "Không", "en": "None"}, {"vi": "Cao", "en": "High"}]
    told = {"dossiers-on-time": reading("dossiers-on-time", 1.0, 0.0, levels=levels)}
    [section] = brief_of(replace(written_day(), readings=told))["sections"]
    assert section["items"][0]["word"] == levels[1]
    assert section["items"][0]["target_word"] is None, "95 is none of two levels"
    assert section["items"][0]["previous_word"] == levels[0]


def test_the_origin_of_every_part_is_told_and_of_none_that_of_the_site():
    assert brief_of(written_day())["origin"] == ["simulated"]
    drill = Found(alerts=(alert(1, RAINED, origin=Origin.EXERCISE), alert(2, RAINED)))
    assert brief_of(drill)["origin"] == ["simulated", "exercise"]
    assert brief_of(Found())["origin"] == ["simulated"]


def test_a_sheet_says_on_top_that_it_is_not_real_and_only_then():
    say = read_phrases()
    drill = lay_out(brief_of(written_day(), origin=["exercise", "real"]), say, "vi")
    assert drill.badge == "DIỄN TẬP"
    assert "một phần" in drill.warning
    real = lay_out(brief_of(written_day(), origin=["real"]), say, "vi")
    assert (real.badge, real.warning) == ("", "")


def test_a_sheet_marks_a_drill_among_the_rest_and_a_figure_without_source():
    message = Text("Cháy rừng", "Forest fire")
    found = replace(
        written_day(), alerts=(alert(1, RAINED, origin=Origin.EXERCISE, message=message),)
    )
    told = str(lay_out(brief_of(found), read_phrases(), "vi").to_json())
    assert "[DIỄN TẬP] Cháy rừng" in told
    assert "Văn phòng UBND tỉnh · minh họa" in told


def test_a_sheet_has_every_word_in_both_languages():
    for language in ("vi", "en"):
        for found in (written_day(), Found()):
            told = str(lay_out(brief_of(found), read_phrases(), language).to_json())
            assert "{" not in told.replace("{'", "").replace("{}", ""), "an argument was missing"
            assert read_phrases()("brief-unknown", "none", {}).vi not in told


def test_the_stretch_before_is_as_long():
    assert Occasion("x", SEVEN - 8 * HOUR, SEVEN).before == (SEVEN - 16 * HOUR, SEVEN - 8 * HOUR)
    assert DAY_BEFORE.id == "daily-20261124-0700"
