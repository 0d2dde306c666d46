"""Who is on duty, how a shift is handed over, and what a leader finds on looking again."""

import pytest

from ioc.core.words import DAY, HOUR, MINUTE, Severity, rfc3339
from tests.http.conftest import rain_alert

LAN = {"name": "Trần Thị Lan", "phone": "0215 3 000 000", "duty": "lead", "email": "lan@example.vn"}


def planned(centre, first, last, **more):
    told = {
        "from": rfc3339(centre.now + first),
        "to": rfc3339(centre.now + last),
        "people": [LAN],
        **more,
    }
    return centre.post("/api/v1/shifts", told, "supervisor")


def test_who_is_on_duty_now_is_told_with_their_telephone_and_nobody_else(centre):
    now = planned(centre, -HOUR, HOUR)
    assert now.status_code == 200, now.text
    planned(centre, HOUR, 2 * HOUR)
    planned(centre, -2 * HOUR, -HOUR)
    duty = centre.get("/api/v1/duty").json()
    assert [one["id"] for one in duty["shifts"]] == [now.json()["id"]]
    assert duty["shifts"][0]["people"][0]["phone"] == LAN["phone"]
    assert centre.get("/api/v1/me").json()["duty"] == duty["shifts"]
    assert centre.get("/api/v1/me", "display").json()["duty"] == []
    assert len(centre.get("/api/v1/shifts").json()["items"]) == 3
    address = f"/api/v1/shifts/{now.json()['id']}"
    header = {"authorization": f"Bearer {centre.token('supervisor')}"}
    assert centre.http.delete(address, headers=header).status_code == 204
    assert centre.http.delete(address, headers=header).status_code == 404
    assert centre.get("/api/v1/duty").json()["shifts"] == []


@pytest.mark.parametrize(
    ("first", "last", "more"),
    [(HOUR, 0, {}), (0, 8 * DAY, {}), (0, HOUR, {"people": []}), (0, HOUR, {"area": "nowhere"})],
)
def test_a_shift_ends_after_it_begins_within_a_week_and_has_somebody(centre, first, last, more):
    assert planned(centre, first, last, **more).status_code == 422


def test_a_shift_is_handed_over_with_what_is_open_and_taken_by_whom_it_is_for(centre):
    centre.raise_alerts(rain_alert(1, centre.now))
    centre.post("/api/v1/incidents", {"title": "x", "area": "muong-ang"})
    centre.token("supervisor")
    told = {"to": "supervisor", "note": "the bridge is closed", "request": "r1"}
    handed = centre.post("/api/v1/shifts/handover", told)
    assert handed.status_code == 200, handed.text
    body = handed.json()
    assert body["open"] == {"alerts": 1, "incidents": 1, "tasks": 0, "late": 0}
    assert (body["from"], body["to"], body["confirmed_at"]) == ("operator", "supervisor", None)
    assert centre.post("/api/v1/shifts/handover", told).json() == body
    address = f"/api/v1/shifts/handover/{body['id']}/confirm"
    assert centre.post(address, {"version": 1}).status_code == 409
    taken = centre.post(address, {"version": 1}, "supervisor")
    assert taken.json()["confirmed_at"] is not None
    assert centre.post(address, {"version": 2}, "supervisor").status_code == 409
    assert centre.get("/api/v1/duty").json()["handover"] == taken.json()
    assert centre.get("/api/v1/handovers").json()["items"] == [taken.json()]
    for wrong, status in (({"to": "operator"}, 422), ({"to": "nobody"}, 404)):
        assert centre.post("/api/v1/shifts/handover", {**told, **wrong}).status_code == status


def test_telephone_numbers_are_kept_changed_and_removed(centre):
    told = {"id": "ubnd-muong-ang", "area": "muong-ang", **LAN}
    assert centre.post("/api/v1/roster", told, "supervisor").status_code == 200
    changed = {**told, "phone": "0215 3 111 111"}
    centre.post("/api/v1/roster", changed, "supervisor")
    (kept,) = centre.get("/api/v1/roster").json()["items"]
    assert (kept["phone"], kept["email"]) == ("0215 3 111 111", "lan@example.vn")
    wrong = {**told, "email": "lan@example.vn?to=x"}
    assert centre.post("/api/v1/roster", wrong, "supervisor").status_code == 422
    assert centre.get("/api/v1/roster", "operator", ["tua-chua"]).json()["items"] == []
    assert centre.get("/api/v1/roster", "display").status_code == 403
    header = {"authorization": f"Bearer {centre.token('supervisor')}"}
    assert centre.http.delete("/api/v1/roster/ubnd-muong-ang", headers=header).status_code == 204
    assert centre.get("/api/v1/roster").json()["items"] == []


def test_the_review_says_what_is_owed_by_whom_what_is_late_and_how_many_people_it_concerns(centre):
    centre.raise_alerts(rain_alert(1, centre.now - MINUTE))
    grave = {"title": "Ngập", "area": "tua-chua", "severity": 4}
    body = centre.post("/api/v1/incidents", grave).json()
    body = centre.post(f"/api/v1/incidents/{body['id']}/verify", {"version": 1}).json()
    due = rfc3339(centre.now + HOUR)
    told = {"version": 2, "owner": "so-gtvt", "due": due}
    centre.post(f"/api/v1/incidents/{body['id']}/assign", told)
    task = {"title": "Báo cáo", "owner": "so-gtvt", "days": 1}
    centre.post("/api/v1/tasks", task, "leader")
    found = centre.get("/api/v1/review", "leader").json()
    assert found["counts"] == {
        "raised": 1,
        "cleared": 0,
        "assigned": 2,
        "late": 0,
        "open": 1,
        "owed": 2,
    }
    assert found["owners"] == {"so-gtvt": 2}
    assert {one["id"] for one in found["areas"]} == {"muong-ang", "tua-chua"}
    assert found["people"] == sum(one["population"] for one in found["areas"]) > 0


def test_what_is_minor_concerns_nobody_and_a_province_is_not_counted_twice(centre):
    low = rain_alert(1, centre.now, severity=Severity.LOW)
    centre.raise_alerts(low)
    assert centre.get("/api/v1/review", "leader").json()["people"] == 0
    for area in ("province", "tua-chua"):
        centre.post("/api/v1/incidents", {"title": "x", "area": area, "severity": 5})
    found = centre.get("/api/v1/review", "leader").json()
    whole = [area for area in centre.get("/api/v1/site").json()["areas"] if not area["parent"]]
    assert [one["id"] for one in found["areas"]] == [area["id"] for area in whole]


def test_the_review_begins_where_its_reader_last_looked_and_nobody_elses_does(centre):
    centre.raise_alerts(rain_alert(1, centre.now - MINUTE))
    seen = centre.post("/api/v1/review/seen", {}, "leader")
    assert seen.status_code == 200, seen.text
    found = centre.get("/api/v1/review", "leader").json()
    assert (found["since"], found["counts"]["raised"]) == (seen.json()["looked_at"], 0)
    assert centre.get("/api/v1/review", "supervisor").json()["counts"]["raised"] == 1
    centre.post("/api/v1/review/seen", {"at": rfc3339(centre.now - DAY)}, "leader")
    assert centre.get("/api/v1/review", "leader").json()["since"] == found["since"]
    ahead = {"at": rfc3339(centre.now + DAY)}
    assert centre.post("/api/v1/review/seen", ahead, "leader").status_code == 422


def test_nobody_overwrites_or_reads_what_is_kept_of_another_area(centre):
    told = {"id": "ubnd", "area": "muong-ang", **LAN}
    assert centre.post("/api/v1/roster", told, "supervisor").status_code == 200
    mine = {**told, "area": "tua-chua", "phone": "0215 3 999 999"}
    assert centre.post("/api/v1/roster", mine, "supervisor", ["tua-chua"]).status_code == 404
    (kept,) = centre.get("/api/v1/roster").json()["items"]
    assert (kept["area"], kept["phone"]) == ("muong-ang", LAN["phone"])
    centre.token("supervisor")
    handed = {"to": "supervisor", "note": "her number is 0912", "area": "muong-ang"}
    assert centre.post("/api/v1/shifts/handover", handed).status_code == 200
    assert len(centre.get("/api/v1/handovers").json()["items"]) == 1
    assert centre.get("/api/v1/handovers", "operator", ["tua-chua"]).json()["items"] == []
    assert centre.get("/api/v1/duty", "operator", ["tua-chua"]).json()["handover"] is None
