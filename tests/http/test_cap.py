"""Alerts leave as CAP 1.2, one by one and as a feed, to those who may see them."""

from xml.etree import ElementTree as Xml

from ioc.core.cap import ATOM, NAMESPACE
from tests.core.cap_rules import faults
from tests.http.conftest import rain_alert, rain_gauge


def test_an_alert_is_a_sound_message_with_the_place_of_its_thing(centre):
    centre.describe(rain_gauge(1))
    (alert,) = centre.raise_alerts(rain_alert(1, centre.now))
    found = centre.get(f"/api/v1/alerts/{alert.id}/cap", "display")
    assert found.headers["content-type"] == "application/cap+xml"
    assert faults(found.text) == []
    assert "<status>Exercise</status>" in found.text
    assert "<circle>21.50000,103.25000 1</circle>" in found.text
    assert centre.get(f"/api/v1/alerts/{alert.id}/cap", "operator", ["tua-chua"]).status_code == 404
    assert centre.get("/api/v1/alerts/unknown/cap").status_code == 404


def test_the_feed_has_what_is_open_and_announced_in_the_callers_areas(centre):
    centre.describe(rain_gauge(1))
    now = centre.now
    centre.raise_alerts(
        rain_alert(1, now),
        rain_alert(2, now, area="tua-chua"),
        rain_alert(3, now, history=True),
        rain_alert(4, now, suppressed_by="other"),
        rain_alert(5, now, closed_at=now, active=False),
    )

    def entries(*areas: str) -> list[Xml.Element]:
        feed = Xml.fromstring(centre.get("/api/v1/cap", "operator", areas).text)
        return feed.findall(f"{{{ATOM}}}entry")

    assert len(entries()) == 2
    (entry,) = entries("muong-ang")
    message = entry.find(f"{{{ATOM}}}content/{{{NAMESPACE}}}alert")
    assert message is not None
    assert faults(Xml.tostring(message, encoding="unicode")) == []
