"""An alert as CAP 1.2 is sound, says what is not real, and refers to what went before."""

from dataclasses import replace
from xml.etree import ElementTree as Xml

import pytest

from ioc.core.cap import ATOM, CapWriter, Place, cap_alert, cap_feed, category
from ioc.core.history import Entry
from ioc.core.rules import parse_rule
from ioc.core.words import HOUR, MINUTE, Origin, Severity, Text, instant
from ioc.sites import read_site
from tests.core.cap_rules import CAP, faults
from tests.core.test_alerts import OPEN

AT = instant("2026-11-22T01:02:03.456789+07:00")
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[103.0, 21.0], [103.1, 21.0], [103.1, 21.1], [103.0, 21.0]]],
}
PLACE = Place(Text("Huyện Mường Ảng", "Muong Ang District"), "102", SQUARE)
RAISED = replace(
    OPEN,
    id="a1",
    raised_at=AT,
    detected_at=AT + MINUTE,
    message=Text("Lũ trên Nậm Rốm", "Flood of the Nam Rom"),
    steps=(Entry(AT, "centre", "raise"),),
)
CLEARED = replace(
    RAISED,
    active=False,
    cleared_at=AT + HOUR,
    steps=(*RAISED.steps, Entry(AT + HOUR, "centre", "clear")),
)


def written(alert, place=PLACE, kind="river-gauge") -> str:
    return cap_alert(
        alert, site="dien-bien", sender_name=Text("Điện Biên", "Dien Bien"), kind=kind, place=place
    )


def said(document: str, path: str) -> list[str | None]:
    steps = "/".join(f"{CAP}{name}" for name in path.split("/"))
    return [found.text for found in Xml.fromstring(document).findall(steps)]


@pytest.mark.parametrize("origin", list(Origin))
@pytest.mark.parametrize("severity", list(Severity))
def test_every_origin_and_severity_is_sound_and_only_the_real_is_actual(origin, severity):
    for alert in (RAISED, CLEARED, replace(CLEARED, closed_at=AT + HOUR, reason="false")):
        document = written(replace(alert, origin=origin, severity=severity))
        assert faults(document) == []
        real = origin is Origin.REAL
        assert said(document, "status") == ["Actual" if real else "Exercise"]
        assert bool(said(document, "note")) is not real
        for headline in said(document, "info/headline"):
            assert (headline or "").startswith("[") is not real


def test_both_languages_are_said_with_the_place_and_its_code():
    document = written(RAISED)
    assert said(document, "info/language") == ["vi-VN", "en-US"]
    assert said(document, "info/areaDesc") == []
    assert said(document, "info/area/areaDesc") == ["Huyện Mường Ảng", "Muong Ang District"]
    assert said(document, "info/area/geocode/value") == ["102", "102"]
    polygon = "21.00000,103.00000 21.00000,103.10000 21.10000,103.10000 21.00000,103.00000"
    assert said(document, "info/area/polygon") == [polygon, polygon]
    assert said(document, "sent") == ["2026-11-22T01:03:03+07:00"]
    assert said(document, "info/category") == ["Met", "Met"]


def test_a_thing_with_a_place_is_a_circle_around_it():
    document = written(RAISED, replace(PLACE, point=(103.02, 21.39)))
    assert said(document, "info/area/circle") == ["21.39000,103.02000 1"] * 2
    assert said(document, "info/area/polygon") == []
    assert faults(document) == []


def test_the_end_refers_to_the_beginning_and_rising_again_to_the_end():
    first, end = written(RAISED), written(CLEARED)
    assert said(first, "msgType") == ["Alert"]
    assert said(first, "references") == []
    assert said(end, "msgType") == ["Update"]
    assert said(end, "info/responseType") == ["AllClear"] * 2
    begun = ["urn:ioc:dien-bien,dien-bien-a1-1,2026-11-22T01:03:03+07:00"]
    assert said(end, "references") == begun
    steps = (*CLEARED.steps, Entry(AT + 2 * HOUR, "centre", "raise"))
    again = written(replace(CLEARED, active=True, steps=steps))
    assert said(again, "msgType") == ["Update"]
    assert said(again, "identifier") == ["dien-bien-a1-3"]
    ended = ["urn:ioc:dien-bien,dien-bien-a1-2,2026-11-22T02:02:03+07:00"]
    assert said(again, "references") == ended


def test_another_level_is_an_update_and_a_forecast_is_likely():
    steps = (*RAISED.steps, Entry(AT + HOUR, "centre", "level", "3 -> 4"))
    risen = written(replace(RAISED, severity=Severity.VERY_HIGH, steps=steps))
    assert said(risen, "msgType") == ["Update"]
    begun = ["urn:ioc:dien-bien,dien-bien-a1-1,2026-11-22T01:03:03+07:00"]
    assert said(risen, "references") == begun
    assert said(risen, "info/certainty") == ["Observed"] * 2
    writer = CapWriter(read_site("dien-bien"))
    rules = [parse_rule(row) for row in read_site("dien-bien").rule_rows]
    ahead = next(one.id for one in rules if one.condition in ("forecast", "routed"))
    forecast = writer.message(replace(RAISED, rule=ahead), None)
    assert said(forecast, "info/certainty") == ["Likely"] * 2
    assert faults(forecast) == []


def test_what_was_false_is_cancelled():
    document = written(replace(CLEARED, closed_at=AT + HOUR, reason="false"))
    assert said(document, "msgType") == ["Cancel"]


def test_hostile_words_stay_words():
    hostile = Text("<b>&amp;\x00\x1b]]>", "<script>alert(1)</script>")
    document = written(replace(RAISED, message=hostile, thing="a\x0bb"))
    assert faults(document) == []
    assert "<script>" not in document
    assert said(document, "info/headline")[1] == "[SIMULATED] <script>alert(1)</script>"


def test_a_kind_nobody_thought_of_is_other():
    assert category("submarine") == "Other"
    assert category("integration-bus") == "Infra"
    assert category("hotspot-satellite") == "Fire"


def test_a_feed_holds_sound_messages():
    documents = [(one, written(one)) for one in (RAISED, replace(RAISED, id="a2"))]
    feed = Xml.fromstring(cap_feed(documents, site="dien-bien", title=Text("x", "y"), at=AT))
    entries = feed.findall(f"{{{ATOM}}}entry")
    assert len(entries) == 2
    for entry in entries:
        (message,) = list(entry.find(f"{{{ATOM}}}content") or ())
        assert faults(Xml.tostring(message, encoding="unicode")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("+07:00</sent>", "Z</sent>"),
        ("<urgency>Expected</urgency>", ""),
        ("<status>Exercise</status>", "<status>Play</status>"),
        (
            "<severity>Severe</severity><certainty>Observed</certainty>",
            "<certainty>Observed</certainty><severity>Severe</severity>",
        ),
        ("21.00000,103.00000</polygon>", "21.00000,103.00001</polygon>"),
        ("<restriction>", "<colour>red</colour><restriction>"),
    ],
)
def test_the_rules_of_these_tests_notice_what_is_unsound(old, new):
    document = written(RAISED)
    assert old in document
    assert faults(document.replace(old, new, 1))
