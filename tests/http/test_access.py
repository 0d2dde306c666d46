"""Every route asks for a permission, and gives to each role just what the table says."""

import itertools

import pytest
from fastapi.routing import APIRoute

from ioc.http.access import GRANTED, Permission, Role
from ioc.http.alerts import STEPS
from ioc.http.gate import PERMISSION_KEY
from tests.http.conftest import rain_alert, rain_gauge

# Written down once more, by hand: the table in the code is what is being tested.
SEES = {
    "display": "login site things alerts indicators incidents stream",
    "operator": "login site things alerts indicators incidents stream tasks records review shelves"
    " maintenance drills rules comment acknowledge shelve raise dispatch handle hand-over duty"
    " briefs",
    "supervisor": "login site things alerts indicators incidents stream tasks records review"
    " shelves maintenance drills rules comment acknowledge shelve shelve-long close raise dispatch"
    " handle hand-over duty maintain shifts performance notifications briefs brief",
    "leader": "login site things alerts indicators incidents stream tasks records review shelves"
    " maintenance drills rules comment refused scores give see duty performance notifications"
    " briefs brief",
    "handler": "login site things alerts indicators incidents stream tasks handle",
    "developer": "login site things alerts indicators incidents stream records drills rules scores"
    " refused internals",
    "admin": "login site internals audit users",
}
PATHS = {
    "/api/v1/things/{thing}": "/api/v1/things/rain-test-01",
    "/api/v1/things/{thing}/datastreams/{name}/observations": "/api/v1/things/rain-test-01"
    "/datastreams/rainfall/observations",
    "/words/{locale}.ftl": "/words/vi.ftl",
    "/{path:path}": "/nothing",
}


def routes(app):
    return [
        (method, route.path, Permission((route.openapi_extra or {})[PERMISSION_KEY]))
        for route in app.routes
        if isinstance(route, APIRoute)
        for method in sorted((route.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def test_every_role_has_what_the_contract_gives_it_and_nothing_more():
    assert {role.value: {one.value for one in granted} for role, granted in GRANTED.items()} == {
        role: set(told.split()) for role, told in SEES.items()
    }


def test_every_route_names_its_permission(centre):
    known = [route for route in centre.app.routes if isinstance(route, APIRoute)]
    streams = [route for route in centre.app.routes if not isinstance(route, APIRoute)]
    assert [route.path for route in streams] == ["/api/v1/stream"]
    assert all(PERMISSION_KEY in (route.openapi_extra or {}) for route in known)
    assert len(known) > 30


def test_every_route_refuses_every_role_that_lacks_its_permission(centre):
    """Routes x roles, and nobody: 401 without a login, 403 without the permission, else neither."""
    centre.describe(rain_gauge(1))
    wrong = []
    for (method, path, permission), role in itertools.product(
        routes(centre.app), [None, *tuple(Role)]
    ):
        if permission in (Permission.OPEN, Permission.LOOPBACK) or path == "/api/v1/session":
            continue
        address = PATHS.get(path, path).format(
            alert="f" * 20, indicator="no-such", id="f" * 20, username="nobody"
        )
        headers = {"authorization": f"Bearer {centre.token(role)}"} if role else {}
        body = {"json": {"version": 1, "until": None}} if method == "POST" else {}
        status = centre.http.request(method, address, headers=headers, **body).status_code
        if role is None:
            right = status == 401
        elif permission.value in SEES[role].split():
            right = status not in (401, 403, 405, 500)
        else:
            right = status == 403
        if not right:
            wrong.append((method, path, role, status))
    assert not wrong


def test_what_is_open_is_open_and_nothing_else_is(centre):
    opened = {path for _, path, permission in routes(centre.app) if permission is Permission.OPEN}
    assert opened == {
        "/",
        "/healthz",
        "/readyz",
        "/version",
        "/api/v1/session",
        "/words/{locale}.ftl",
        "/brief/asset/{name}",
        "/{path:path}",
    }
    for path in ("/healthz", "/version", "/metrics", "/openapi.json", "/", "/words/vi.ftl"):
        assert centre.http.get(path).status_code == 200, path


def test_behind_a_proxy_figures_and_description_need_a_login(centre):
    for path in ("/metrics", "/openapi.json"):
        through = {"x-forwarded-for": "203.0.113.9"}
        assert centre.http.get(path, headers=through).status_code == 401
        bearer = {"authorization": f"Bearer {centre.token('operator')}"}
        assert centre.http.get(path, headers=through | bearer).status_code == 403
        bearer = {"authorization": f"Bearer {centre.token('developer')}"}
        assert centre.http.get(path, headers=through | bearer).status_code == 200


@pytest.mark.parametrize("step", sorted(step.value for step in STEPS))
def test_somebody_bound_to_an_area_finds_nothing_outside_it(centre, step):
    centre.describe(rain_gauge(1, "muong-ang"), rain_gauge(2, "tua-chua"))
    here, there = centre.raise_alerts(
        rain_alert(1, centre.now, "muong-ang"), rain_alert(2, centre.now, "tua-chua")
    )

    def ask(path):
        return centre.get(f"/api/v1{path}", "supervisor", ["muong-ang"])

    assert [one["id"] for one in ask("/things").json()["items"]] == ["rain-test-01"]
    assert ask("/things?area=tua-chua").json()["items"] == []
    assert ask("/things/rain-test-01").status_code == 200
    assert ask("/things/rain-test-02").status_code == 404
    outside = "/things/rain-test-02/datastreams/rainfall/observations"
    assert ask(outside).status_code == 404
    assert [one["id"] for one in ask("/alerts").json()["items"]] == [here.id]
    assert ask(f"/alerts/{there.id}").status_code == 404
    assert ask("/review").json()["counts"]["open"] == 1
    taken = centre.post(
        f"/api/v1/alerts/{there.id}/{step}",
        {"version": 1, "until": "2199-01-01T00:00:00Z", "note": "why"},
        "leader" if step == "seen" else "supervisor",
        ["muong-ang"],
    )
    assert taken.status_code == 404


def test_a_screen_in_a_public_room_is_told_no_names(centre):
    (alert,) = centre.raise_alerts(rain_alert(1, centre.now))
    path = f"/api/v1/alerts/{alert.id}"
    assert centre.post(f"{path}/comment", {"version": 1, "note": "tel. 0912"}).status_code == 200
    assert centre.get(path).json()["steps"][0]["by"] == "operator"
    for shown in (
        centre.get(path, "display").json(),
        centre.get("/api/v1/alerts", "display").json()["items"][0],
    ):
        assert shown["steps"][0]["by"] == ""
        assert shown["steps"][0]["note"] == ""
        assert shown["steps"][0]["step"] == "comment"
