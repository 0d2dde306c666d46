"""Administrators read who did what, from the step itself to the page."""

from ioc.core.alerts import Step
from ioc.core.history import Entry
from ioc.http import shapes
from tests.http.conftest import PASSWORD, rain_alert, rain_gauge


def test_a_step_a_login_and_a_refused_login_are_read_newest_first(centre):
    centre.describe(rain_gauge(1))
    raised = Entry(centre.now, "centre", Step.RAISE)
    (alert,) = centre.raise_alerts(rain_alert(1, centre.now, steps=(raised,)))
    step = {"version": alert.version, "note": "đã gọi <b>xã</b>"}
    assert centre.post(f"/api/v1/alerts/{alert.id}/acknowledge", step).status_code == 200
    right = {"username": "operator", "password": PASSWORD}
    assert centre.http.post("/api/v1/session", json=right).status_code == 200
    wrong = {"username": "operator", "password": "wrong horse"}
    assert centre.http.post("/api/v1/session", json=wrong).status_code == 401

    trail = shapes.AuditTrail.model_validate(centre.get("/api/v1/audit", "admin").json())
    told = {one.action: one for one in trail.items}
    assert [one.seq for one in trail.items] == list(range(len(trail.items), 0, -1))
    assert told["alert.raise"].who == "centre"
    assert told["alert.acknowledge"].who == "operator"
    assert told["alert.acknowledge"].detail["note"] == "đã gọi <b>xã</b>"
    assert told["login.refused"].subject == "operator"
    assert told["login.refused"].detail["address"] == "127.0.0.1"
    assert "wrong horse" not in str(trail)


def test_the_trail_is_narrowed_by_who_action_and_subject_and_pages(centre):
    raised = Entry(centre.now, "centre", Step.RAISE)
    centre.raise_alerts(
        *(rain_alert(number, centre.now, steps=(raised,)) for number in range(1, 6))
    )
    asked = {"action": "alert", "limit": 2}
    first = centre.get("/api/v1/audit", "admin", params=asked).json()
    rest = centre.get("/api/v1/audit", "admin", params={**asked, "cursor": first["next"]}).json()
    assert len({one["seq"] for one in first["items"] + rest["items"]}) == 4
    one = centre.get("/api/v1/audit", "admin", params={"subject": f"{3:020x}"}).json()["items"]
    assert [found["subject"] for found in one] == [f"{3:020x}"]
    assert not centre.get("/api/v1/audit", "admin", params={"who": "nobody"}).json()["items"]
    assert centre.get("/api/v1/audit", "admin", params={"who": "a\x00b"}).status_code == 422


def test_nobody_but_an_administrator_reads_the_trail(centre):
    for role in ("display", "operator", "supervisor", "leader", "handler", "developer"):
        assert centre.get("/api/v1/audit", role).status_code == 403, role
