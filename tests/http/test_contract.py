"""Answers have the contract's shapes, and filters do what they say."""

from contextlib import closing
from dataclasses import replace

import psycopg2
import pytest
from jsonschema import Draft202012Validator

from ioc.core.alerts import State
from ioc.core.mission import MissionRow
from ioc.core.wire import Record
from ioc.core.words import DAY, HOUR, MINUTE, SECOND, Datastream, Text, instant, rfc3339
from ioc.http import shapes
from ioc.sites import read_site
from tests.http.conftest import indicator_body, rain_alert, rain_gauge

OBSERVATIONS = "/api/v1/things/rain-test-01/datastreams/rainfall/observations"


def ids(answer):
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


def every_page(centre, path, limit, role="operator", **asked):
    """Follow the cursors to the end and give all items and how many pages there were."""
    items, cursor, pages = [], None, 0
    while True:
        query = {**asked, "limit": limit, **({"cursor": cursor} if cursor else {})}
        answer = centre.get(path, role, params=query).json()
        items += answer["items"]
        cursor, pages = answer["next"], pages + 1
        if cursor is None:
            return items, pages


# ------------------------------------------------------------------ site, things, observations


def test_the_site_is_whole(shared):
    site = shared.get("/api/v1/site").json()
    shapes.Site.model_validate(site)
    assert site["id"] == "dien-bien"
    assert {area["id"] for area in site["areas"]} >= {"province", "muong-ang", "tua-chua"}
    assert all(area["geometry"] for area in site["areas"])
    assert [board["id"] for board in site["boards"]][0:1]
    assert site["words"] == {"vi": "/words/vi.ftl", "en": "/words/en.ftl"}
    assert site["clock"]["speed"] == 1.0
    assert {rule["id"] for rule in site["rules"]}


def test_words_are_served_and_asked_for_anew_only_when_they_changed(shared):
    answer = shared.http.get("/words/vi.ftl")
    assert answer.text == "wall-title = Điện Biên\n"
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    again = shared.http.get("/words/vi.ftl", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_walls_files_are_kept_for_ever_and_its_page_never(shared):
    page, asset = shared.http.get("/"), shared.http.get("/assets/wall-1a2b.js")
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-cache")
    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "javascript" in asset.headers["content-type"]
    assert shared.http.get("/icon.svg").headers["cache-control"] == "no-cache"
    assert shared.http.head("/").status_code == 200


def test_without_a_built_wall_the_page_says_how_to_build_it(centre):
    answer = centre.http.get("/")
    assert answer.status_code == 200
    assert "make" in answer.text


def test_things_are_listed_filtered_and_paged(centre):
    centre.describe(
        *(rain_gauge(n) for n in range(1, 8)),
        rain_gauge(8, "tua-chua"),
        rain_gauge(9, kind="river-gauge"),
        rain_gauge(10, "province"),
    )
    items, pages = every_page(centre, "/api/v1/things", 3)
    assert [one["id"] for one in items] == [f"rain-test-{n:02}" for n in range(1, 11)]
    assert pages == 4
    for one in items:
        shapes.Thing.model_validate(one)
    assert ids(centre.get("/api/v1/things?area=tua-chua")) == ["rain-test-08"]
    assert len(ids(centre.get("/api/v1/things?area=province"))) == 10
    assert ids(centre.get("/api/v1/things?kind=river-gauge")) == ["rain-test-09"]
    assert ids(centre.get("/api/v1/things?area=nowhere")) == []
    assert centre.get("/api/v1/things/rain-test-99").status_code == 404


def test_freshness_and_status_are_read_off_the_sites_clock(centre):
    period = {"rainfall": Datastream("rainfall", "mm/h", period=60.0)}
    centre.describe(*(rain_gauge(n, datastreams=period) for n in range(1, 5)))
    centre.describe(rain_gauge(5, datastreams=period), status="offline")
    centre.describe(rain_gauge(6, datastreams=period, via="rain-test-05"))
    now = centre.now
    centre.observe("rain-test-01/rainfall", (now - 2 * MINUTE, 1.0))
    centre.observe("rain-test-02/rainfall", (now - 4 * MINUTE, 1.0))
    centre.observe("rain-test-03/rainfall", (now - MINUTE, 999.0), quality=2)
    centre.observe("rain-test-05/rainfall", (now - MINUTE, 1.0))
    centre.observe("rain-test-06/rainfall", (now - MINUTE, 1.0))
    centre.refresh()
    told = {
        one["id"]: (one["status"], one["datastreams"][0]["quality"])
        for one in centre.get("/api/v1/things").json()["items"]
    }
    assert told == {
        "rain-test-01": ("online", "good"),
        "rain-test-02": ("silent", "stale"),
        "rain-test-03": ("online", "bad"),
        "rain-test-04": ("silent", "missing"),
        "rain-test-05": ("offline", "good"),
        "rain-test-06": ("offline", "good"),
    }
    assert ids(centre.get("/api/v1/things?status=silent")) == ["rain-test-02", "rain-test-04"]
    silent, pages = every_page(centre, "/api/v1/things", 1, status="silent")
    assert ([one["id"] for one in silent], pages) == (["rain-test-02", "rain-test-04"], 2)


def test_a_thing_nobody_described_shows_what_it_sends(centre):
    centre.describe(rain_gauge(1, described=False, datastreams={}, kind="unknown"))
    centre.observe("rain-test-01/whatever", (centre.now, 4.0))
    centre.refresh()
    thing = centre.get("/api/v1/things/rain-test-01").json()
    shapes.Thing.model_validate(thing)
    assert thing["described"] is False
    assert [(one["name"], one["last"][1]) for one in thing["datastreams"]] == [("whatever", 4.0)]


def test_observations_come_oldest_first_with_both_ends_and_page_by_page(centre):
    centre.describe(rain_gauge(1))
    start = (centre.now - 2 * DAY) // SECOND * SECOND
    rows = [(start + n * MINUTE, float(n)) for n in range(250)]
    centre.observe("rain-test-01/rainfall", *rows)
    items, pages = every_page(centre, OBSERVATIONS, 100)
    assert items == [[at / SECOND, value, "good"] for at, value in rows]
    assert pages == 3
    ends = {"from": rfc3339(rows[10][0]), "to": rfc3339(rows[20][0])}
    inside = centre.get(OBSERVATIONS, params=ends).json()
    assert [one[1] for one in inside["items"]] == [float(n) for n in range(10, 21)]
    assert inside["next"] is None
    shapes.Observations.model_validate(inside)
    assert len(centre.get(OBSERVATIONS).json()["items"]) == 100
    # A plus that an address bar made a space of.
    spaced = f"{OBSERVATIONS}?from={rfc3339(rows[240][0])}"
    assert len(centre.http.get(spaced, headers=bearer(centre)).json()["items"]) == 10
    assert centre.get(OBSERVATIONS.replace("rainfall", "snow")).status_code == 404
    assert centre.get(OBSERVATIONS.replace("test-01", "test-99")).status_code == 404


def bearer(centre):
    return {"authorization": f"Bearer {centre.token('operator')}"}


def test_a_chart_gets_at_most_the_points_it_asks_for_and_no_bad_values(centre):
    centre.describe(rain_gauge(1))
    start = (centre.now - DAY) // SECOND * SECOND
    rows = [(start + n * MINUTE, float(n % 60)) for n in range(1200)]
    centre.observe("rain-test-01/rainfall", *rows)
    centre.observe("rain-test-01/rainfall", (start + 30 * SECOND, 1e9), quality=2)
    ends = {"from": rfc3339(start), "to": rfc3339(start + 1199 * MINUTE)}
    for points in (1, 7, 20, 1200, 10_000):
        answer = centre.get(OBSERVATIONS, params={**ends, "points": points}).json()
        shapes.Observations.model_validate(answer)
        assert len(answer["items"]) <= points
        assert sum(one[4] for one in answer["items"]) == 1200
        assert (answer["items"][0][0], answer["next"]) == (start / SECOND, None)
        for _, least, mean, greatest, _ in answer["items"]:
            assert 0 <= least <= mean <= greatest <= 59


# ------------------------------------------------------------------ alerts


def test_alerts_are_listed_newest_first_filtered_and_paged(centre):
    now = centre.now
    centre.raise_alerts(
        *(rain_alert(n, now - n * HOUR) for n in range(1, 6)),
        rain_alert(6, now - 6 * HOUR, "tua-chua", severity=4),
        rain_alert(7, now - 7 * HOUR, state=State.NORMAL, active=False, closed_at=now),
        rain_alert(8, now - 8 * HOUR, state=State.RETURNED, active=False, cleared_at=now),
        rain_alert(9, now - 8 * HOUR, shelved_until=now + HOUR),
    )
    listed, pages = every_page(centre, "/api/v1/alerts", 2)
    numbers = [int(one["id"], 16) for one in listed]
    assert (numbers, pages) == ([1, 2, 3, 4, 5, 6, 7, 9, 8], 5)
    for one in listed:
        shapes.Alert.model_validate(one)

    def found(query):
        return sorted(int(id_, 16) for id_ in ids(centre.get(f"/api/v1/alerts?{query}")))

    assert found("state=open") == [1, 2, 3, 4, 5, 6, 8, 9]
    assert found("state=closed") == found("state=normal") == [7]
    assert found("state=returned") == [8]
    assert found("state=cleared") == [7, 8]
    assert found("state=shelved") == [9]
    assert found("severity=4") == [6]
    assert found("severity=3&severity=4&area=tua-chua") == [6]
    assert found("area=province") == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    two_to_four = {"from": rfc3339(now - 4 * HOUR), "to": rfc3339(now - 2 * HOUR)}
    assert ids(centre.get("/api/v1/alerts", params=two_to_four)) == [f"{n:020x}" for n in (2, 3, 4)]
    assert ids(centre.get("/api/v1/shelves")) == [f"{9:020x}"]
    review = centre.get("/api/v1/review", params={"since": rfc3339(now - 3 * HOUR)}).json()
    shapes.Review.model_validate(review)
    assert review["counts"] == {
        "raised": 2,
        "cleared": 1,
        "assigned": 0,
        "late": 0,
        "open": 8,
        "owed": 0,
    }


def test_steps_of_an_alert_raise_its_version_and_stand_in_its_history(centre):
    (alert,) = centre.raise_alerts(rain_alert(1, centre.now))
    path = f"/api/v1/alerts/{alert.id}"
    seen = centre.post(f"{path}/acknowledge", {"version": 1, "note": "Đã gọi xã"})
    assert seen.status_code == 200
    assert (seen.json()["version"], seen.json()["state"]) == (2, "acknowledged")
    stale = centre.post(f"{path}/comment", {"version": 1, "note": "late"})
    assert (stale.status_code, stale.json()["current"]["version"]) == (409, 2)
    shapes.Conflict.model_validate(stale.json())
    again = centre.post(f"{path}/acknowledge", {"version": 2})
    assert (again.status_code, again.json()["current"]["state"]) == (409, "acknowledged")
    active = centre.post(f"{path}/close", {"version": 2}, "supervisor")
    assert (active.status_code, active.json()["current"]["condition"]) == (409, "active")
    said = centre.post(f"{path}/comment", {"version": 2, "note": "Đang theo dõi"}, "leader")
    assert said.status_code == 200
    told = centre.get(path).json()
    assert [(one["by"], one["step"], one["note"]) for one in told["steps"]] == [
        ("operator", "acknowledge", "Đã gọi xã"),
        ("leader", "comment", "Đang theo dõi"),
    ]
    assert centre.bus.messages[-1][0] == f"ioc/dien-bien/_centre/alerts/{alert.id}"


def test_an_operator_shelves_for_eight_hours_a_supervisor_for_longer(centre):
    (alert,) = centre.raise_alerts(rain_alert(1, centre.now, incident="i1"))
    path = f"/api/v1/alerts/{alert.id}"

    def shelve(hours, role, version):
        until = rfc3339(centre.now + int(hours * HOUR))
        body = {"version": version, "until": until, "reason": "sửa chữa"}
        return centre.post(f"{path}/shelve", body, role)

    assert shelve(8.5, "operator", 1).status_code == 403
    assert shelve(-1, "operator", 1).status_code == 422
    assert centre.post(f"{path}/shelve", {"version": 1}).status_code == 422
    assert shelve(7.9, "operator", 1).status_code == 200
    assert ids(centre.get("/api/v1/shelves")) == [alert.id]
    assert centre.post(f"{path}/unshelve", {"version": 2}).status_code == 200
    assert centre.post(f"{path}/unshelve", {"version": 3}).status_code == 409
    [owed] = centre.get("/api/v1/notifications?state=waiting", "supervisor").json()["items"][-1:]
    assert owed["incident"] == "i1", "who brings an alert back has it told"
    assert shelve(48, "supervisor", 3).json()["shelved_until"] is not None


def test_a_cleared_alert_can_be_closed_with_a_reason(centre):
    returned = rain_alert(1, centre.now, state=State.RETURNED, active=False, cleared_at=centre.now)
    (alert,) = centre.raise_alerts(returned)
    path = f"/api/v1/alerts/{alert.id}/close"
    assert centre.post(path, {"version": 1, "reason": "x"}).status_code == 403
    closed = centre.post(path, {"version": 1, "reason": "đã kiểm tra"}, "supervisor").json()
    assert (closed["state"], closed["reason"]) == ("normal", "đã kiểm tra")
    assert closed["closed_at"] is not None


# ------------------------------------------------------------------ indicators and lists


def test_an_indicator_tells_its_past_and_what_it_is_made_of(centre):
    on_time = {
        name: Datastream(name, "1", period=900.0) for name in ("on-time", "finished", "received")
    }
    for number, (kept, finished) in enumerate([(9.0, 10.0), (1.0, 10.0)], start=1):
        thing = rain_gauge(number, kind="one-stop-shop", datastreams=on_time)
        centre.describe(thing)
        centre.observe(f"{thing.id}/on-time", (centre.now - HOUR, kept))
        centre.observe(f"{thing.id}/finished", (centre.now - HOUR, finished))
    centre.describe(rain_gauge(3, "tua-chua", kind="one-stop-shop", datastreams=on_time))
    for value in (95.0, 96.0, 97.0):
        centre.indicate(indicator_body("dossiers-on-time", "province", centre.now, value))
    centre.indicate(
        indicator_body("dossiers-on-time", "muong-ang", centre.now),
        indicator_body("services-up", "province", centre.now),
    )
    listed, pages = every_page(centre, "/api/v1/indicators", 2)
    assert [(one["id"], one["area"]) for one in listed] == [
        ("dossiers-on-time", "muong-ang"),
        ("dossiers-on-time", "province"),
        ("services-up", "province"),
    ]
    assert pages == 2
    for one in listed:
        shapes.Indicator.model_validate(one)
    assert len(ids(centre.get("/api/v1/indicators?area=province"))) == 2
    one = centre.get("/api/v1/indicators/dossiers-on-time").json()
    shapes.IndicatorHistory.model_validate(one)
    assert [value for _, value, _ in one["trend"]] == [95.0, 96.0, 97.0]
    lineage = centre.get("/api/v1/indicators/dossiers-on-time/lineage").json()
    shapes.Lineage.model_validate(lineage)
    assert lineage["formula"].startswith("100 * sum(one-stop-shop/on-time) / sum(")
    of = {
        one["thing"]: (one["value"], one["contribution"])
        for one in lineage["inputs"]
        if one["part"] == "of"
    }
    assert of == {
        "rain-test-01": (9.0, 0.9),
        "rain-test-02": (1.0, 0.1),
        "rain-test-03": (None, None),
    }
    assert len(lineage["inputs"]) == 6
    assert instant(lineage["inputs"][0]["newest"]) < centre.now
    inside = centre.get("/api/v1/indicators/dossiers-on-time/lineage?area=muong-ang").json()
    assert len(inside["inputs"]) == 4
    assert centre.get("/api/v1/indicators/dossiers-on-time?area=tua-chua").status_code == 404


def test_records_stand_as_they_moved_last_and_refused_input_newest_first(centre):
    now = centre.now
    with closing(psycopg2.connect(centre.database_url)) as connection, connection:
        cursor = connection.cursor()
        for number, (id_, state, age) in enumerate(
            [("d-1", "received", 3), ("d-1", "done", 1), ("d-2", "received", 2)]
        ):
            at = rfc3339(now - age * HOUR)
            body: dict[str, object] = {
                "id": id_,
                "type": "dossier",
                "at": at,
                "state": state,
                "area": "muong-ang",
                "agency": "",
                "due": None,
                "location": None,
                "data": {},
            }
            cursor.execute(
                "insert into record values (%s, %s, %s, 'dossier', 'shop', 'muong-ang', %s)",
                (id_, at, state, psycopg2.extras.Json(body)),
            )
            cursor.execute(
                "insert into refused (at, topic, reason, bytes, head) values (%s, %s, %s, 9, '{')",
                (at, "ioc/dien-bien/muong-ang/x/data", ["json", "time", "json"][number]),
            )
    records, _ = every_page(centre, "/api/v1/records", 1)
    assert [(one["id"], one["state"]) for one in records] == [("d-1", "done"), ("d-2", "received")]
    for one in records:
        shapes.Record.model_validate(one)
    assert ids(centre.get("/api/v1/records?state=received&type=dossier")) == ["d-2"]
    assert ids(centre.get("/api/v1/records?type=meeting")) == []
    assert centre.get("/api/v1/records/counts").json()["items"] == [
        {"type": "dossier", "state": "done", "count": 1},
        {"type": "dossier", "state": "received", "count": 1},
    ]
    refused, pages = every_page(centre, "/api/v1/refused", 2, "developer")
    assert ([one["id"] for one in refused], pages) == (["3", "2", "1"], 2)
    for one in refused:
        shapes.Refused.model_validate(one)
    assert ids(centre.get("/api/v1/refused?reason=time", "developer")) == ["2"]
    outside = centre.get("/api/v1/refused", "developer", ["tua-chua"])
    assert ids(outside) == []


@pytest.mark.parametrize("name", ["incidents", "tasks", "maintenance", "drills"])
def test_what_there_is_none_of_is_an_empty_list(shared, name):
    assert shared.get(f"/api/v1/{name}").json() == {"items": [], "next": None}


def test_a_row_lives_while_every_part_of_it_has_a_fresh_value(make_centre):
    row = MissionRow(
        id=11,
        title=Text("Lượng mưa", "Rainfall"),
        source="S2",
        year="2022",
        figure=Text("96,63 %", "96.63 %"),
        inputs=("rain-gauge/rainfall",),
        records=("call",),
        indicators=("rain-highest",),
        rules=("rain-heavy",),
        board="wall",
        panel="rain",
    )
    centre = make_centre(site=replace(read_site("dien-bien"), mission=(row,)))
    centre.describe(*(rain_gauge(number) for number in range(1, 6)))
    centre.refresh()

    def told():
        (one,) = centre.get("/api/v1/rows").json()["items"]
        shapes.Row.model_validate(one)
        return one

    def missing():
        return {(one["part"], one["why"]) for one in told()["missing"]}

    def call(name, at):
        step = Record(name, "call", at, "received", "province", "desk", "", None, None, {})
        with centre.ledger.transaction() as tx:
            tx.save_records([step])

    keys = [f"rain-test-0{number}/rainfall" for number in range(1, 6)]
    assert told()["things"] == [key.partition("/")[0] for key in keys]
    assert told()["datastreams"] == keys
    no_record, no_value = ("record", "no record of the last days"), ("indicator", "no value")
    assert missing() == {("input", "0 of 5 fresh"), no_record, no_value}
    for key in keys[:3]:
        centre.observe(key, (centre.now - MINUTE, 1.0))
    centre.refresh()
    assert missing() == {("input", "3 of 5 fresh"), no_record, no_value}
    centre.observe(keys[3], (centre.now - MINUTE, 1.0))
    centre.refresh()
    assert missing() == {no_record, no_value}
    centre.indicate(indicator_body("rain-highest", "province", centre.now))
    call("call-1", centre.now - 8 * DAY)
    assert missing() == {no_record}
    assert told()["live"] is False
    call("call-2", centre.now - 6 * DAY)
    assert told()["live"] is True
    assert told()["site"] == "dien-bien"
    assert (told()["illustrative"], told()["figure"]["vi"]) == (False, "96,63 %")


# ------------------------------------------------------------------ description


def test_the_description_names_every_route_and_its_refusals(shared):
    told = shared.http.get("/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    operations = [
        (path, method, operation)
        for path, methods in told["paths"].items()
        for method, operation in methods.items()
    ]
    assert len({one["operationId"] for _, _, one in operations}) == len(operations)
    for path, method, operation in operations:
        assert operation["x-permission"], path
        assert operation["description"], path
        if operation["x-permission"] not in ("open", "loopback"):
            assert {"401", "403", "422", "503"} <= operation["responses"].keys(), (path, method)
    schemas = told["components"]["schemas"]
    assert {"Hello", "Snapshot", "EventFrame", "Values", "Tick", "Alert", "Thing"} <= schemas.keys()
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)


def test_prometheus_can_read_the_figures(shared):
    text = shared.http.get("/metrics").text
    names = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")}
    assert {"ioc_http_requests_total", "ioc_stream_clients", "ioc_lag_seconds"} <= names
    helped = {line.split()[2] for line in text.splitlines() if line.startswith("# HELP")}
    assert names == helped
    accept = {"accept": "application/openmetrics-text; version=1.0.0"}
    assert shared.http.get("/metrics", headers=accept).text.endswith("# EOF\n")


def test_rules_say_how_they_do(shared):
    items = shared.get("/api/v1/rules").json()["items"]
    assert items
    for one in items:
        assert {"condition", "budget", "shadow", "stories", "alerts", "over_budget"} <= one.keys()
        assert one["alerts"].keys() == {"last_day", "last_week"} == one["shadow_alerts"].keys()
