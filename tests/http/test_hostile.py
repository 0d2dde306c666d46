"""Hostile requests: each is refused with a problem, none breaks anything."""

import socket

import pytest

from tests.http.conftest import rain_alert

PROBLEM = "application/problem+json"


def post(shared, body, content_type="application/json", headers=None):
    told = {
        "authorization": f"Bearer {shared.token('operator')}",
        "content-type": content_type,
        **(headers or {}),
    }
    return shared.http.post("/api/v1/alerts/f0/comment", content=body, headers=told)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"version": NaN, "note": ""}', 422),
        (b'{"version": 1e999, "note": ""}', 422),
        (b'{"version": -1e999}', 422),
        (b'{"version": 1.0}', 422),
        (b'{"version": "1"}', 422),
        (b'{"version": true}', 422),
        (b'{"version": -1}', 422),
        (b'{"version": 99999999999999999999}', 422),
        (b'{"version": ' + b"9" * 5000 + b"}", 400),
        (b'{"version": 1, "note": null}', 422),
        (b'{"version": 1, "note": ["x"]}', 422),
        (b'{"version": 1, "note": "\\u0000"}', 422),
        (b'{"version": 1, "note": "\\ud800"}', 422),
        (b'{"version": 1, "role": "admin"}', 422),
        (b'{"version": 1, "note": "' + b"x" * 3000 + b'"}', 422),
        (b'{"version": 1, "until": "tomorrow"}', 422),
        (b'{"version": 1, "until": "2026-11-22T07:00:00"}', 422),
        (b'{"version": 1, "until": "9999-12-31T23:59:59-23:59"}', 422),
        (b'{"version": 1, "until": "0001-01-01T00:00:00+23:59"}', 422),
        (b"[" * 100_000, 400),
        (b'{"note":' * 50_000, 400),
        (b"\xc3\x28", 400),
        (b"{", 422),
        (b"", 422),
        (b"\xff\xfe", 422),
        (b"[]", 422),
        (b"null", 422),
        (b'"x"', 422),
        (b'{"version": 1}', 404),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_hostile_body_is_refused(shared, body, status):
    answer = post(shared, body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == PROBLEM
    assert answer.json()["id"] == answer.headers["x-problem-id"]


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_a_body_that_a_foreign_form_could_send_is_refused(shared, content_type):
    answer = post(shared, b'{"version": 1}', content_type)
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)


def test_a_body_over_a_mebibyte_is_refused_claimed_or_not(shared):
    claimed = post(shared, b"x" * ((1 << 20) + 1))
    assert (claimed.status_code, claimed.headers["content-type"]) == (413, PROBLEM)

    def parts():
        for _ in range(40):
            yield b"x" * (1 << 16)

    streamed = post(shared, parts())
    assert (streamed.status_code, streamed.headers["content-type"]) == (413, PROBLEM)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/things?limit=10001", 422),
        ("/api/v1/things?limit=1000000000", 422),
        ("/api/v1/things?limit=0", 422),
        ("/api/v1/things?limit=-1", 422),
        ("/api/v1/things?limit=ten", 422),
        ("/api/v1/things?cursor=%00", 422),
        ("/api/v1/things?cursor=abc", 422),
        ("/api/v1/things?cursor=WzFd", 422),
        ("/api/v1/things?area=' or 1=1 --", 422),
        ("/api/v1/things?area=%00", 422),
        ("/api/v1/things?kind='%3B drop table thing", 422),
        ("/api/v1/things?status=happy", 422),
        ("/api/v1/things?unknown=ignored", 200),
        ("/api/v1/things/..%2f..%2fetc", 404),
        ("/api/v1/things/%00", 404),
        ("/api/v1/things/X", 404),
        ("/api/v1/things/" + "x" * 5000, 404),
        ("/api/v1/alerts?severity=6", 422),
        ("/api/v1/alerts?severity=high", 422),
        ("/api/v1/alerts?state=on-fire", 422),
        ("/api/v1/alerts?from=2026-11-22T00:00:00Z&to=2026-11-21T00:00:00Z", 422),
        ("/api/v1/alerts?from=yesterday", 422),
        ("/api/v1/alerts?from=2026-11-22", 422),
        ("/api/v1/alerts?cursor=WzEsIlx1MDAwMCJd", 422),
        ("/api/v1/alerts/%00", 404),
        ("/api/v1/alerts/' or 1=1", 404),
        ("/api/v1/indicators/%27", 404),
        ("/api/v1/review?since=2199-01-01T00:00:00Z", 422),
        ("/api/v1/review?since=x", 422),
        ("/words/..%2fvi.ftl", 404),
        ("/words/xx.ftl", 404),
        ("/..%2f..%2fetc/passwd", 404),
        ("/%00", 404),
        ("/assets/%00", 404),
        ("/api/v2/things", 404),
    ],
)
def test_a_hostile_address_is_refused(shared, path, status):
    answer = shared.get(path)
    assert answer.status_code == status
    if status >= 400:
        assert answer.headers["content-type"] == PROBLEM


OBSERVATIONS = "/api/v1/things/rain-test-01/datastreams/rainfall/observations"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("points=0", 422),
        ("points=10001", 422),
        ("points=-5", 422),
        ("points=10&from=2010-01-01T00:00:00Z", 422),
        ("points=10&from=2199-01-01T00:00:00Z", 422),
        ("points=10&from=2026-11-22T00:00:00Z&to=2026-11-22T00:00:00Z", 200),
        ("from=2026-11-22T00:00:00Z&to=2026-11-22T00:00:00Z", 200),
        ("from=2010-01-01T00:00:00Z", 200),
        ("from=2026-11-22T00:00:01Z&to=2026-11-22T00:00:00Z", 422),
        ("from=2026-11-22T07:00:00+07:00", 200),
        ("limit=10000", 200),
        ("limit=10001", 422),
    ],
)
def test_a_question_for_observations_is_bounded(shared, query, status):
    assert shared.get(f"{OBSERVATIONS}?{query}").status_code == status


def test_every_kind_of_refusal_is_a_problem(shared):
    shared.raise_alerts(rain_alert(1, shared.now))
    post_things = shared.http.post("/api/v1/things", json={})
    answers = {
        401: shared.http.get("/api/v1/things"),
        403: shared.get("/api/v1/refused"),
        404: shared.get("/api/v1/things/none"),
        405: shared.http.put("/api/v1/things", json={}),
        422: shared.get("/api/v1/things?limit=x"),
    }
    assert post_things.status_code == 405
    for status, answer in answers.items():
        told = answer.json()
        assert answer.status_code == told["status"] == status
        assert answer.headers["content-type"] == PROBLEM
        assert {"type", "title", "detail", "id"} <= told.keys()
    assert answers[401].headers["www-authenticate"] == "Bearer"
    assert answers[422].json()["errors"][0]["where"] == "query.limit"


def test_what_breaks_inside_is_told_by_a_number_only(centre):
    def break_() -> None:
        raise LookupError("secret canary")

    centre.archive.ping = break_
    answer = centre.http.get("/readyz")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == PROBLEM
    assert "canary" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.json()["id"]


def test_every_answer_carries_the_security_headers(shared):
    for path in ("/", "/assets/wall-1a2b.js", "/api/v1/site", "/api/v1/none", "/healthz"):
        headers = shared.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "server" not in headers
        assert "access-control-allow-origin" not in headers
    assert shared.get("/api/v1/site").headers["cache-control"] == "no-store"


def test_a_range_of_ten_thousand_parts_is_answered_at_once(shared):
    many = "bytes=" + ",".join(f"{n}-{n}" for n in range(0, 2000, 2))
    answer = shared.http.get("/assets/wall-1a2b.js", headers={"range": many})
    assert answer.status_code in (200, 206, 400, 416)


def test_a_request_that_never_ends_keeps_nobody_waiting(shared):
    with socket.create_connection(("127.0.0.1", shared.port)) as slow:
        slow.sendall(b"POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{")
        assert shared.http.get("/healthz").status_code == 200
