"""Supervisors see how the alert system does, and what people were told."""

from ioc.core.history import Entry
from ioc.core.telling import Notice
from ioc.core.words import HOUR, MINUTE, rfc3339
from ioc.http import shapes
from tests.http.conftest import rain_alert, rain_gauge


def raised(centre, number, **changes):
    at = centre.now - HOUR
    return rain_alert(number, at, steps=(Entry(at, "centre", "raise"),), **changes)


def test_the_figures_of_the_last_day_are_given_and_stand_among_the_metrics(centre):
    centre.describe(rain_gauge(1))
    centre.raise_alerts(raised(centre, 1), raised(centre, 2, area="tua-chua"))
    found = centre.get("/api/v1/alarm-performance", "supervisor").json()
    shapes.AlarmPerformance.model_validate(found)
    assert (found["raises"], found["whole"]) == (2, True)
    bound = centre.get("/api/v1/alarm-performance", "supervisor", ["muong-ang"]).json()
    assert bound["raises"] == 1, "of their own area"
    metrics = centre.http.get("/metrics").text
    assert "ioc_alarm_raises 2.0" in metrics
    assert 'ioc_alarm_priority_percent{priority="medium"} 100.0' in metrics


def test_a_stretch_that_is_none_or_too_long_is_refused(centre):
    now = centre.now
    for start, end in ((now, now), (now - 32 * 24 * HOUR, now)):
        asked = {"from": rfc3339(start), "to": rfc3339(end)}
        answer = centre.get("/api/v1/alarm-performance", "supervisor", params=asked)
        assert answer.status_code == 422


def test_messages_are_listed_newest_first_and_never_with_an_address(centre):
    with centre.ledger.transaction() as tx:
        for number in range(3):
            notice = Notice(
                f"i{number}", "duty", 0, "operator", "duty-operator", centre.now, 5 * MINUTE
            )
            tx.owe([notice, notice], centre.now)
    found = centre.get("/api/v1/notifications?limit=2", "supervisor").json()
    shapes.Notifications.model_validate(found)
    assert [one["incident"] for one in found["items"]] == ["i2", "i1"]
    rest = centre.get(f"/api/v1/notifications?cursor={found['next']}", "leader").json()
    assert [(one["incident"], one["turn"], one["to"]) for one in rest["items"]] == [
        ("i0", 0, "duty-operator")
    ]
    assert centre.get("/api/v1/notifications?state=sent", "supervisor").json()["items"] == []
    assert centre.get("/api/v1/notifications?state=lost", "supervisor").status_code == 422
    assert centre.get("/api/v1/notifications", "operator").status_code == 403


def test_who_shares_the_load_is_taken_from_the_roster_unless_it_is_said(centre):
    for role in ("operator", "supervisor", "leader"):
        centre.token(role)
    people = [
        {"name": role, "phone": "0215 3 000", "username": role}
        for role in ("operator", "supervisor", "leader", "")
    ]
    for first, last, some in ((-24, -10, people), (-10, -4, people[:1]), (-4, 1, [])):
        told = {"from": rfc3339(centre.now + first * HOUR), "to": rfc3339(centre.now + last * HOUR)}
        if some:
            named = [{**one, "name": one["username"] or "Bếp"} for one in some]
            shift = centre.post("/api/v1/shifts", {**told, "people": named}, "supervisor")
            assert shift.status_code == 200, shift.text
    span = {"to": rfc3339(centre.now)}

    def operators(**more):
        path = "/api/v1/alarm-performance"
        found = centre.get(path, "supervisor", params={**span, **more}).json()
        return found["operators"]

    assert operators(**{"from": rfc3339(centre.now - 24 * HOUR)}) == 2, (
        "14 hours of two and ten of one"
    )
    assert operators(**{"from": rfc3339(centre.now - 10 * HOUR)}) == 1
    assert operators(**{"from": rfc3339(centre.now - 24 * HOUR), "operators": 5}) == 5


def test_messages_about_another_area_are_not_shown(centre):
    opened = centre.post("/api/v1/incidents", {"title": "x", "area": "muong-ang"}).json()
    with centre.ledger.transaction() as tx:
        told = Notice(opened["id"], "duty", 0, "operator", "duty-operator", centre.now, MINUTE)
        tx.owe([told], centre.now)
    for area, count in (("muong-ang", 1), ("tua-chua", 0)):
        found = centre.get("/api/v1/notifications", "supervisor", [area]).json()
        assert len(found["items"]) == count
