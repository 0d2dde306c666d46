"""Logging in and out."""

import concurrent.futures

import pytest

from ioc.clock import now as real_now
from ioc.core.words import DAY, HOUR, instant
from tests.http.conftest import PASSWORD


def log_in(centre, username, password, **more):
    body = {"username": username, "password": password}
    return centre.http.post("/api/v1/session", json=body, **more)


def test_a_login_gives_a_token_and_a_cookie_and_its_end_ends_both(centre):
    centre.accounts.add("lan", "operator", PASSWORD, areas=["muong-ang"], agency="so-tttt")
    answer = log_in(centre, "lan", PASSWORD)
    told = answer.json()
    assert answer.status_code == 200
    assert told["user"] == {
        "username": "lan",
        "role": "operator",
        "areas": ["muong-ang"],
        "agency": "so-tttt",
    }
    assert instant(told["expires_at"]) > real_now() + 11 * HOUR
    cookie = answer.headers["set-cookie"]
    for part in ("HttpOnly", "SameSite=strict", "Path=/"):
        assert part in cookie
    assert told["token"] not in centre.http.get("/metrics").text

    centre.http.cookies.clear()
    bearer = {"authorization": f"Bearer {told['token']}"}
    assert centre.http.get("/api/v1/me").status_code == 401
    assert centre.http.get("/api/v1/me", headers=bearer).json()["username"] == "lan"
    by_cookie = {"cookie": f"ioc_session={told['token']}"}
    assert centre.http.get("/api/v1/me", headers=by_cookie).json()["role"] == "operator"

    assert centre.http.delete("/api/v1/session", headers=bearer).status_code == 204
    assert centre.http.get("/api/v1/me", headers=bearer).status_code == 401
    assert centre.http.get("/api/v1/me", headers=by_cookie).status_code == 401


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(centre):
    centre.accounts.add("lan", "operator", PASSWORD)
    wrong, unknown = log_in(centre, "lan", "not this one"), log_in(centre, "nobody", PASSWORD)
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json()["detail"] == unknown.json()["detail"]
    assert "not this one" not in wrong.text


def test_the_sixth_wrong_password_of_an_account_is_not_even_tried(centre):
    centre.accounts.add("lan", "operator", PASSWORD)
    assert [log_in(centre, "lan", "wrong wrong").status_code for _ in range(6)] == [401] * 5 + [429]
    refused = log_in(centre, "lan", PASSWORD)
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "60"
    centre.accounts.add("minh", "operator", PASSWORD)
    assert log_in(centre, "minh", PASSWORD).status_code == 200


def test_a_hundred_guesses_at_once_are_no_way_around(centre):
    centre.accounts.add("lan", "operator", PASSWORD)
    with concurrent.futures.ThreadPoolExecutor(20) as threads:
        tries = [threads.submit(log_in, centre, "lan", f"guess {n}") for n in range(60)]
        statuses = [one.result().status_code for one in tries]
    assert statuses.count(401) == 5
    assert statuses.count(429) == 55


def test_whoever_knows_the_password_may_log_in_often(centre):
    centre.accounts.add("lan", "operator", PASSWORD)
    assert {log_in(centre, "lan", PASSWORD).status_code for _ in range(8)} == {200}


def test_an_address_that_guesses_at_many_accounts_is_stopped(centre):
    statuses = [log_in(centre, f"name-{n}", "wrong wrong").status_code for n in range(22)]
    assert statuses == [401] * 20 + [429] * 2


def test_tokens_end(centre):
    centre.accounts.add("lan", "operator", PASSWORD)
    expired = centre.accounts.open("lan", "operator", real_now() - 1)
    display = centre.accounts.mint_display()
    centre.accounts.close(display, real_now())
    removed = centre.accounts.open("lan", "operator", real_now() + DAY)
    assert centre.accounts.remove("lan")
    for token in (expired, display, removed, "x" * 300, "khóa", "null"):
        headers = {"authorization": f"Bearer {token}".encode()}
        assert centre.http.get("/api/v1/me", headers=headers).status_code == 401, token


def test_a_new_role_ends_the_old_logins(centre):
    token = centre.token("supervisor")
    centre.accounts.add("supervisor", "operator", PASSWORD)
    headers = {"authorization": f"Bearer {token}"}
    assert centre.http.get("/api/v1/me", headers=headers).status_code == 401


def test_a_display_token_leaves_the_address_for_a_cookie(centre):
    token = centre.token("display")
    answer = centre.http.get("/", params={"board": "hazards", "token": token})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/?board=hazards"
    assert token in answer.headers["set-cookie"]
    assert "HttpOnly" in answer.headers["set-cookie"]
    centre.http.cookies.clear()
    cookie = {"cookie": f"ioc_display={token}"}
    assert centre.http.get("/api/v1/me", headers=cookie).json()["role"] == "display"


def who(centre):
    """Tell who the browser's cookies stand for."""
    return centre.http.get("/api/v1/me").json().get("role")


def test_a_logout_at_a_display_leaves_the_display(centre):
    centre.http.get("/", params={"token": centre.token("display")})
    centre.accounts.add("lan", "operator", PASSWORD)
    assert who(centre) == "display"
    log_in(centre, "lan", PASSWORD)
    assert who(centre) == "operator"
    assert centre.http.delete("/api/v1/session").status_code == 204
    assert who(centre) == "display"
    assert "ioc_session" not in centre.http.cookies


@pytest.mark.parametrize("end", ["expired", "revoked", "unheard of"])
def test_a_login_that_is_over_gives_way_to_the_display_it_was_made_at(centre, end):
    centre.accounts.add("lan", "operator", PASSWORD)
    expires = real_now() - 1 if end == "expired" else real_now() + HOUR
    login = centre.accounts.open("lan", "operator", expires)
    if end == "revoked":
        centre.accounts.close(login, real_now())
    login = login if end != "unheard of" else "x" * 43
    display = centre.token("display")
    cookies = {"cookie": f"ioc_session={login}; ioc_display={display}", "origin": centre.url}
    assert centre.http.get("/api/v1/me", headers=cookies).json()["role"] == "display"
    # Whoever presses "log out" a moment too late does not take the display away.
    assert centre.http.delete("/api/v1/session", headers=cookies).status_code == 204
    assert centre.http.get("/api/v1/me", headers=cookies).json()["role"] == "display"
    with centre.stream(role=None, additional_headers=cookies) as stream:
        stream.say({"subscribe": {"board": "wall"}})
        assert stream.next("snapshot")["data"]["things"] == []


def test_a_foreign_page_cannot_act_with_a_displays_cookie_either(centre):
    cookies = {"cookie": f"ioc_display={centre.token('display')}", "origin": "https://evil.example"}
    assert centre.http.delete("/api/v1/session", headers=cookies).status_code == 403


def test_a_display_that_shows_its_own_token_may_end_it(centre):
    header = {"authorization": f"Bearer {centre.token('display')}"}
    assert centre.http.delete("/api/v1/session", headers=header).status_code == 204
    assert centre.http.get("/api/v1/me", headers=header).status_code == 401


def test_a_wrong_token_leaves_the_address_too_and_leaves_no_cookie(centre):
    answer = centre.http.get("/", params={"token": "wrong"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "set-cookie" not in answer.headers


def test_a_foreign_page_cannot_act_with_somebodys_cookie(centre):
    token = centre.token("operator")
    foreign = {"cookie": f"ioc_session={token}", "origin": "https://evil.example"}
    own = {"cookie": f"ioc_session={token}", "origin": centre.url}
    path, body = f"/api/v1/alerts/{'f' * 20}/acknowledge", {"version": 1}
    assert centre.http.post(path, headers=foreign, json=body).status_code == 403
    assert centre.http.post(path, headers=own, json=body).status_code == 404
    assert centre.http.delete("/api/v1/session", headers=foreign).status_code == 403
    assert log_in(centre, "operator", PASSWORD, headers=foreign).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {"username": "lan"},
        {"username": "lan", "password": PASSWORD, "role": "admin"},
        {"username": "lan", "password": 12345678},
        {"username": "lan\x00", "password": PASSWORD},
        {"username": "lan", "password": "x" * 300},
        {"username": ["lan"], "password": PASSWORD},
        [],
        None,
    ],
)
def test_a_login_says_just_two_words(centre, body):
    assert centre.http.post("/api/v1/session", json=body).status_code == 422
