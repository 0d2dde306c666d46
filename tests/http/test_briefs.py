"""Briefs are made on schedule and by those who may, once, and read by those who may."""

import threading

from ioc.core.brief_plan import newest
from ioc.core.history import Entry
from ioc.core.words import DAY, HOUR, MINUTE, rfc3339
from ioc.http import shapes
from ioc.store.ledger import Ledger
from tests.http.conftest import indicator_body, rain_alert, rain_gauge


def a_day(centre):
    at = newest(centre.briefing.plans["daily"], centre.now).end - HOUR
    centre.describe(rain_gauge(1))
    centre.raise_alerts(
        rain_alert(1, at, steps=(Entry(at, "centre", "raise"),)),
        rain_alert(2, at, area="tua-chua", steps=(Entry(at, "centre", "raise"),)),
    )
    centre.indicate(indicator_body("dossiers-on-time", "province", at + 50 * MINUTE))
    with centre.ledger.transaction() as tx:
        tx.save_past([("dossiers-on-time", "province", 96.63, 0.98)], at + 50 * MINUTE)
    return at


def test_what_is_due_is_made_once_however_often_it_is_looked_at_and_by_whom(centre):
    a_day(centre)
    now = centre.now
    assert len(centre.briefing.go(centre.ledger, now)) == len(centre.briefing.plans)
    assert centre.briefing.go(centre.ledger, now) == []
    again = Ledger(centre.database_url, "restarted")
    try:
        assert centre.briefing.go(again, now) == [], "a restart makes none anew"
        later = centre.briefing.go(again, now + 3 * DAY)
        assert len(later) == len(centre.briefing.plans), "of three days away one of each"
    finally:
        again.close()
    listed = centre.get("/api/v1/briefs").json()["items"]
    assert len(listed) == 2 * len(centre.briefing.plans)


def test_two_processes_that_make_the_same_one_keep_one(centre):
    made: list[str] = []
    ledgers = [Ledger(centre.database_url, f"p{n}") for n in range(2)]
    now = centre.now
    both = [
        threading.Thread(target=lambda one=one: made.extend(centre.briefing.go(one, now)))
        for one in ledgers
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    for ledger in ledgers:
        ledger.close()
    assert sorted(made) == sorted({*made})
    assert len(made) == len(centre.briefing.plans)


def test_a_brief_is_given_as_document_page_and_pdf(centre):
    a_day(centre)
    centre.briefing.go(centre.ledger, centre.now)
    heads = centre.get("/api/v1/briefs?kind=daily").json()
    shapes.BriefHeads.model_validate(heads)
    [head] = heads["items"]
    assert "alerts" not in head
    brief = centre.get(f"/api/v1/briefs/{head['id']}").json()
    shapes.Brief.model_validate(brief)
    assert brief["alerts"]["raised"] == 2
    [on_time] = [
        one for part in brief["sections"] for one in part["items"] if one["value"] is not None
    ]
    assert (on_time["id"], on_time["value"]) == ("dossiers-on-time", 96.63)
    pdf = centre.get(f"/api/v1/briefs/{head['id']}/pdf")
    assert (pdf.headers["content-type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    for path in (f"/brief/{head['id']}", "/brief", "/brief/latest?lang=en"):
        page = centre.get(path)
        assert page.headers["content-type"].startswith("text/html")
        assert "MÔ PHỎNG" in page.text or "SIMULATED" in page.text
    assert centre.get("/api/v1/briefs/daily-19990101-0700").status_code == 404
    assert centre.get(f"/brief/{head['id']}?lang=fr").status_code == 422
    assert centre.http.get("/brief/asset/brief.css").status_code == 200


def test_leaders_and_supervisors_make_one_by_a_button_and_twice_the_same_once(centre):
    at = a_day(centre)
    told = {"from": rfc3339(at - HOUR), "to": rfc3339(at + MINUTE), "request": "r1"}
    first = centre.post("/api/v1/briefs", told, "leader")
    assert first.status_code == 200, first.text
    assert first.json()["alerts"]["raised"] == 2
    assert first.json()["by"] == "leader"
    assert centre.post("/api/v1/briefs", told, "leader").json()["id"] == first.json()["id"]
    usual = centre.post("/api/v1/briefs", {"kind": "shift"}, "supervisor").json()
    assert usual["kind"] == "shift"
    for role in ("operator", "handler", "display", "developer", "admin"):
        assert centre.post("/api/v1/briefs", {}, role).status_code == 403
    for role in ("handler", "display", "developer", "admin"):
        assert centre.get("/api/v1/briefs", role).status_code == 403
    rows = centre.get("/api/v1/audit?action=brief.make", "admin").json()["items"]
    assert {one["who"] for one in rows} == {"leader", "supervisor"}


def test_a_stretch_that_is_none_too_long_or_ahead_is_refused(centre):
    now = centre.now
    for start, end in ((now, now), (now - 32 * DAY, now), (now - HOUR, now + HOUR)):
        told = {"from": rfc3339(start), "to": rfc3339(end)}
        assert centre.post("/api/v1/briefs", told, "leader").status_code == 422
    assert centre.post("/api/v1/briefs", {"kind": "yearly"}, "leader").status_code == 422


def test_somebody_bound_to_an_area_gets_briefs_of_it_alone(centre):
    at = a_day(centre)
    told = {"from": rfc3339(at - HOUR), "to": rfc3339(at + HOUR)}
    own = centre.post("/api/v1/briefs", told, "leader", ["muong-ang"]).json()
    assert (own["area"], own["alerts"]["raised"]) == ("muong-ang", 1)
    whole = centre.post("/api/v1/briefs", told, "leader").json()
    assert centre.get(f"/api/v1/briefs/{whole['id']}", "leader", ["muong-ang"]).status_code == 404
    listed = centre.get("/api/v1/briefs", "leader", ["muong-ang"]).json()["items"]
    assert [one["id"] for one in listed] == [own["id"]]
    assert (
        centre.post("/api/v1/briefs", {"area": "tua-chua"}, "leader", ["muong-ang"]).status_code
        == 403
    )


def test_the_list_pages_newest_first(centre):
    now = centre.now
    for hours in range(1, 4):
        told = {"from": rfc3339(now - 9 * HOUR), "to": rfc3339(now - hours * HOUR)}
        centre.post("/api/v1/briefs", told, "leader")
    first = centre.get("/api/v1/briefs?limit=2").json()
    rest = centre.get(f"/api/v1/briefs?limit=2&cursor={first['next']}").json()
    ends = [one["period"][1] for one in [*first["items"], *rest["items"]]]
    assert ends == sorted(ends, reverse=True)
    assert (len(ends), rest["next"]) == (3, None)
