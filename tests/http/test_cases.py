"""Incidents, tasks, maintenance and alerts raised by hand, as people meet them at the interface."""

import pytest

from ioc.core.wire import Record
from ioc.core.words import DAY, HOUR, MINUTE, instant, rfc3339
from tests.http.conftest import PASSWORD, rain_alert, rain_gauge


def bound(centre, agency, areas=()):
    """Give the headers of a handler bound to an agency."""
    name = f"handler-{agency or 'unbound'}"
    centre.accounts.add(name, "handler", PASSWORD, agency=agency, areas=areas)
    token = centre.accounts.open(name, "handler", centre.start + DAY)
    return {"authorization": f"Bearer {token}"}


def opened(centre, **more):
    told = {"title": "Ngập cầu", "area": "muong-ang", "severity": 3, **more}
    answer = centre.post("/api/v1/incidents", told)
    assert answer.status_code == 200, answer.text
    return answer.json()


def step(centre, body, name, role="operator", kind="incidents", **more):
    return centre.post(
        f"/api/v1/{kind}/{body['id']}/{name}", {"version": body["version"], **more}, role
    )


def test_an_incident_goes_from_its_report_to_its_end_and_every_step_says_who(centre):
    body = opened(centre)
    due = rfc3339(centre.now + 4 * HOUR)
    told = [
        ("verify", "operator", {"note": "called the commune"}, "verified"),
        ("assign", "supervisor", {"owner": "so-gtvt", "due": due}, "assigned"),
        ("start", "handler", {}, "in-progress"),
        ("progress", "handler", {"note": "two lorries on the way"}, "in-progress"),
        ("done", "handler", {}, "done"),
        ("return", "operator", {"note": "the water is still there"}, "in-progress"),
        ("done", "handler", {}, "done"),
        ("close", "operator", {"reason": "true"}, "closed"),
    ]
    for name, role, more, state in told:
        answer = step(centre, body, name, role, **more)
        assert answer.status_code == 200, answer.text
        assert answer.json()["version"] == body["version"] + 1
        body = answer.json()
        assert body["state"] == state
    assert [(one["step"], one["by"]) for one in body["steps"]] == [
        ("receive", "operator"),
        *((name, role) for name, role, _, _ in told),
    ]
    assert (body["owner"], body["due"], body["reason"]) == ("so-gtvt", due, "true")
    assert centre.get("/api/v1/incidents?state=open").json()["items"] == []
    assert centre.get(f"/api/v1/incidents/{body['id']}").json() == body


def test_who_saw_an_older_version_is_told_how_it_is_and_so_is_who_skips_a_step(centre):
    body = opened(centre)
    step(centre, body, "verify")
    stale = step(centre, body, "verify")
    assert (stale.status_code, stale.json()["current"]["state"]) == (409, "verified")
    early = step(centre, stale.json()["current"], "done")
    assert (early.status_code, early.json()["current"]["state"]) == (409, "verified")


def test_the_same_request_twice_is_one_incident_and_one_step(centre):
    body = opened(centre, request="r1")
    assert opened(centre, request="r1") == body
    first = step(centre, body, "verify", request="r2").json()
    assert step(centre, body, "verify", request="r2").json() == first
    assert len(centre.get("/api/v1/incidents").json()["items"]) == 1


def test_alerts_are_linked_split_and_merged_and_each_is_in_one_incident(centre):
    centre.describe(rain_gauge(1), rain_gauge(2))
    one, two = centre.raise_alerts(rain_alert(1, centre.now), rain_alert(2, centre.now))
    body = opened(centre, alerts=[one.id])
    assert body["root"] == {"alert": one.id, "thing": one.thing}
    body = step(centre, body, "link", alerts=[two.id]).json()
    assert body["alerts"] == [one.id, two.id]
    new = step(centre, body, "split", alerts=[two.id]).json()
    assert new["alerts"] == [two.id]
    assert centre.get(f"/api/v1/alerts/{two.id}").json()["incident"] == new["id"]
    closed = step(centre, new, "merge", into=body["id"]).json()
    assert (closed["state"], closed["reason"]) == ("closed", "duplicate")
    assert centre.get(f"/api/v1/incidents/{body['id']}").json()["alerts"] == [one.id, two.id]
    assert centre.get(f"/api/v1/alerts/{two.id}").json()["incident"] == body["id"]
    assert step(centre, body, "link", alerts=["none"]).status_code == 404


def test_a_handler_finds_what_its_agency_owes_and_nothing_else(centre):
    ours, theirs = opened(centre), opened(centre, title="Cháy")
    for body, owner in ((ours, "so-gtvt"), (theirs, "so-nnmt")):
        seen = step(centre, body, "verify").json()
        step(centre, seen, "assign", owner=owner)
    task = centre.post("/api/v1/tasks", {"title": "x", "owner": "so-gtvt", "days": 1}, "leader")
    other = centre.post("/api/v1/tasks", {"title": "y", "owner": "so-nnmt", "days": 1}, "leader")
    headers = bound(centre, "so-gtvt")

    def ids(path):
        return [one["id"] for one in centre.http.get(path, headers=headers).json()["items"]]

    assert ids("/api/v1/incidents") == [ours["id"]]
    assert ids("/api/v1/tasks") == [task.json()["id"]]
    for path, body in (("incidents", theirs), ("tasks", other.json())):
        address = f"/api/v1/{path}/{body['id']}"
        assert centre.http.get(address, headers=headers).status_code == 404
        move = "start" if path == "incidents" else "accept"
        answer = centre.http.post(f"{address}/{move}", headers=headers, json={"version": 3})
        assert answer.status_code == 404


def test_a_handler_without_agency_or_area_finds_nothing_and_one_of_the_province_finds_all(centre):
    centre.describe(rain_gauge(1))
    centre.raise_alerts(rain_alert(1, centre.now))
    ours = opened(centre, area="muong-ang")
    due = rfc3339(centre.now + DAY)
    centre.post("/api/v1/tasks", {"title": "x", "owner": "so-gtvt", "due": due}, "leader")
    nobodys = bound(centre, None)
    for path in ("incidents", "tasks", "alerts", "things", "indicators"):
        answer = centre.http.get(f"/api/v1/{path}", headers=nobodys)
        assert (answer.status_code, answer.json()["items"]) == (200, []), path
    address = f"/api/v1/incidents/{ours['id']}"
    assert centre.http.get(address, headers=nobodys).status_code == 404
    step_ = centre.http.post(f"{address}/comment", headers=nobodys, json={"version": 1})
    assert step_.status_code == 403
    step_ = centre.http.post(f"{address}/start", headers=nobodys, json={"version": 1})
    assert step_.status_code == 404
    with centre.stream(None) as stream:
        stream.say({"token": nobodys["authorization"].removeprefix("Bearer ")})
        stream.say({"subscribe": {"things": True, "incidents": True, "alerts": True}})
        shown = stream.next("snapshot")["data"]
        assert not any(shown.get(kind) for kind in ("things", "incidents", "alerts"))
    found = centre.get("/api/v1/incidents", "handler", ["province"]).json()["items"]
    assert [one["id"] for one in found] == [ours["id"]]


def test_a_citizens_report_becomes_an_incident_with_the_times_of_the_law(centre):
    at = instant("2026-11-20T09:00:00+07:00")  # a Friday
    told = [("pakn-1", "service-request", "received"), ("m-1", "meeting", "held")]
    with centre.ledger.transaction() as tx:
        tx.save_records(
            [
                Record(id_, kind, at, state, "muong-ang", "desk-01", "", None, None, {})
                for id_, kind, state in told
            ]
        )
    body = opened(centre, record="pakn-1", title=None, area=None)
    assert body["area"] == "muong-ang"
    assert body["limits"] == {
        "refuse": "2026-11-24T17:00:00+07:00",
        "supplement": "2026-11-27T17:00:00+07:00",
        "handle": "2026-12-11T17:00:00+07:00",
    }
    assert body["reported_at"] == "2026-11-20T09:00:00+07:00"
    body = step(centre, body, "verify").json()
    body = step(centre, body, "supplement", note="a picture, please").json()
    assert body["state"] == "verified"
    body = step(centre, body, "assign", owner="so-gtvt").json()
    assert body["due"] >= body["limits"]["handle"][:10]
    wrong = centre.post("/api/v1/incidents", {"record": "m-1"})
    assert wrong.status_code == 422


def test_a_task_is_given_accepted_done_returned_and_closed(centre):
    due = rfc3339(centre.now + DAY)
    body = centre.post(
        "/api/v1/tasks", {"title": "Báo cáo", "owner": "so-gtvt", "due": due}, "leader"
    ).json()
    assert (body["state"], body["from"], body["late"]) == ("assigned", "leader", False)
    for name, role, state in (
        ("accept", "handler", "accepted"),
        ("progress", "handler", "accepted"),
        ("done", "handler", "done"),
        ("return", "leader", "returned"),
        ("accept", "handler", "accepted"),
        ("done", "handler", "done"),
        ("close", "leader", "closed"),
    ):
        answer = step(centre, body, name, role, "tasks")
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert body["state"] == state
    assert step(centre, body, "close", "operator", "tasks").status_code == 403
    late = {"title": "x", "owner": "y", "due": rfc3339(centre.now - HOUR)}
    assert centre.post("/api/v1/tasks", late, "leader").status_code == 422


def test_a_screen_reads_incidents_without_people_and_no_tasks(centre):
    body = opened(centre, note="Mrs Lan, tel. 0912")
    shown = centre.get(f"/api/v1/incidents/{body['id']}", "display").json()
    assert shown["title"]["vi"] == "Ngập cầu"
    assert [(one["by"], one["note"]) for one in shown["steps"]] == [("", "")]
    assert centre.get("/api/v1/tasks", "display").status_code == 403


def test_the_stream_begins_with_what_is_open_and_goes_on_with_each_step(centre):
    body = opened(centre)
    with centre.stream("operator") as stream:
        stream.say({"subscribe": {"incidents": True, "tasks": True}})
        assert stream.next("snapshot")["data"]["incidents"] == [body]
        after = step(centre, body, "verify").json()
        told = stream.next("incident")
        assert (told["seq"], told["data"]) == (after["seq"], after)
        task = centre.post(
            "/api/v1/tasks", {"title": "x", "owner": "so-gtvt", "days": 2}, "leader"
        ).json()
        assert stream.next("task")["data"] == task


def test_a_handlers_stream_holds_what_its_agency_owes_and_nothing_else(centre):
    headers = bound(centre, "so-gtvt")
    theirs = opened(centre)
    ours = step(centre, opened(centre), "verify").json()
    ours = step(centre, ours, "assign", owner="so-gtvt").json()
    token = headers["authorization"].removeprefix("Bearer ")
    with centre.stream(None) as stream:
        stream.say({"token": token})
        stream.say({"subscribe": {"incidents": True}})
        assert [one["id"] for one in stream.next("snapshot")["data"]["incidents"]] == [ours["id"]]
        step(centre, theirs, "verify")
        after = step(centre, ours, "comment", note="x").json()
        assert stream.next("incident")["data"] == after


def test_an_operator_raises_an_alert_by_hand_and_closes_it_and_no_other(centre):
    told = {
        "area": "muong-ang",
        "severity": 4,
        "message": {"vi": "Sạt lở quốc lộ 279", "en": "Landslide on road 279"},
        "note": "call of 09:12",
    }
    answer = centre.post("/api/v1/alerts", told)
    assert answer.status_code == 200, answer.text
    alert = answer.json()
    assert (alert["rule"], alert["origin"], alert["state"]) == (
        "manual",
        "simulated",
        "unacknowledged",
    )
    assert alert["message"]["vi"] == "Sạt lở quốc lộ 279"
    address = f"/api/v1/alerts/{alert['id']}/close"
    closed = centre.post(address, {"version": 1, "reason": "true"})
    assert (closed.status_code, closed.json()["state"]) == (200, "normal")
    (of_data,) = centre.raise_alerts(rain_alert(1, centre.now))
    address = f"/api/v1/alerts/{of_data.id}/close"
    assert centre.post(address, {"version": 1}).status_code == 403
    assert centre.post(address, {"version": 1}, "supervisor").status_code == 409
    wrong = {**told, "area": "nowhere"}
    assert centre.post("/api/v1/alerts", wrong).status_code == 422
    assert centre.post("/api/v1/alerts", told, "leader").status_code == 403


def test_many_are_acknowledged_at_once_and_each_has_its_own_outcome(centre):
    alerts = centre.raise_alerts(*(rain_alert(no, centre.now) for no in range(1, 6)))
    elsewhere, *_ = centre.raise_alerts(rain_alert(9, centre.now, "tua-chua"))
    ids = [{"id": one.id, "version": 1} for one in alerts]
    ids[0]["version"] = 7
    ids += [{"id": "none", "version": 1}, {"id": elsewhere.id, "version": 1}]
    answer = centre.post(
        "/api/v1/alerts/acknowledge", {"ids": ids, "note": "x"}, "operator", ["muong-ang"]
    )
    assert answer.status_code == 200, answer.text
    outcomes = [one["outcome"] for one in answer.json()["items"]]
    assert outcomes == ["stale", "taken", "taken", "taken", "taken", "unknown", "unknown"]
    states = {one["id"]: one["state"] for one in centre.get("/api/v1/alerts").json()["items"]}
    assert states[alerts[0].id] == states[elsewhere.id] == "unacknowledged"
    assert {states[one.id] for one in alerts[1:]} == {"acknowledged"}


def test_shelving_says_until_when_and_why(centre):
    (alert,) = centre.raise_alerts(rain_alert(1, centre.now))
    until = rfc3339(centre.now + HOUR)
    path = f"/api/v1/alerts/{alert.id}/shelve"
    assert centre.post(path, {"version": 1, "until": until}).status_code == 422
    told = {"alert": alert.id, "version": 1, "until": until, "note": "gauge in repair"}
    shelved = centre.post("/api/v1/shelves", told)
    assert shelved.status_code == 200, shelved.text
    assert (shelved.json()["shelved_until"], shelved.json()["announced"]) == (until, False)
    assert [one["id"] for one in centre.get("/api/v1/shelves").json()["items"]] == [alert.id]
    far = {**told, "version": 2, "until": rfc3339(centre.now + 9 * HOUR)}
    assert centre.post("/api/v1/shelves", far).status_code == 403
    assert centre.post("/api/v1/shelves", far, "supervisor").status_code == 200


def test_maintenance_is_planned_listed_and_ended_by_the_supervisor(centre):
    centre.describe(rain_gauge(1))
    told = {"thing": "rain-test-01", "to": rfc3339(centre.now + HOUR), "note": "new battery"}
    assert centre.post("/api/v1/maintenance", told).status_code == 403
    answer = centre.post("/api/v1/maintenance", told, "supervisor")
    assert answer.status_code == 200, answer.text
    window = answer.json()
    assert (window["area"], window["thing"], window["by"]) == (
        "muong-ang",
        "rain-test-01",
        "supervisor",
    )
    assert centre.get("/api/v1/maintenance").json()["items"] == [window]
    address = f"/api/v1/maintenance/{window['id']}/end"
    ended = centre.post(address, {"version": 1}, "supervisor")
    assert ended.status_code == 200, ended.text
    assert centre.post(address, {"version": 1}, "supervisor").status_code == 409
    assert centre.get("/api/v1/maintenance").json()["items"] == []
    assert len(centre.get("/api/v1/maintenance?all=true").json()["items"]) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": "2199-01-01T00:00:00Z", "note": "x"},
        {"area": "muong-ang", "to": "2000-01-01T00:00:00Z", "note": "x"},
        {"area": "muong-ang", "to": "2190-01-01T00:00:00Z", "note": "x"},
        {"area": "muong-ang", "note": "x"},
        {"area": "nowhere", "to": None, "note": "x"},
    ],
)
def test_maintenance_without_an_end_ahead_or_a_subject_is_refused(centre, wrong):
    if wrong.get("area") == "nowhere":
        wrong = {**wrong, "to": rfc3339(centre.now + MINUTE)}
    assert centre.post("/api/v1/maintenance", wrong, "supervisor").status_code == 422


def test_maintenance_is_listed_to_whom_it_concerns(centre):
    until = rfc3339(centre.now + HOUR)
    for area in ("muong-ang", "province"):
        told = {"area": area, "to": until, "note": "battery"}
        assert centre.post("/api/v1/maintenance", told, "supervisor").status_code == 200
    elsewhere = centre.get("/api/v1/maintenance", "operator", ["tua-chua"]).json()["items"]
    assert [one["area"] for one in elsewhere] == ["province"]
    here = centre.get("/api/v1/maintenance", "operator", ["muong-ang"]).json()["items"]
    assert len(here) == 2
