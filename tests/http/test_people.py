"""Accounts and displays, kept by an administrator; and one's own password."""

from tests.http.conftest import PASSWORD

OTHER = "another horse battery"


def delete(centre, path, role="admin"):
    header = {"authorization": f"Bearer {centre.token(role)}"}
    return centre.http.delete(path, headers=header)


def log_in(centre, username, password):
    return centre.http.post("/api/v1/session", json={"username": username, "password": password})


def test_an_account_is_made_logs_in_gets_another_password_and_is_removed(centre):
    told = {
        "username": "lan",
        "role": "handler",
        "password": PASSWORD,
        "areas": ["muong-ang"],
        "agency": "so-gtvt",
    }
    made = centre.post("/api/v1/users", told, "admin")
    assert made.status_code == 200, made.text
    assert PASSWORD not in made.text
    assert centre.post("/api/v1/users", told, "admin").status_code == 409
    user = log_in(centre, "lan", PASSWORD).json()["user"]
    assert user == {key: value for key, value in told.items() if key != "password"}
    assert user in centre.get("/api/v1/users", "admin").json()["items"]
    given = centre.post("/api/v1/users/lan/password", {"password": OTHER}, "admin")
    assert given.status_code == 204
    assert log_in(centre, "lan", PASSWORD).status_code == 401
    assert log_in(centre, "lan", OTHER).status_code == 200
    assert delete(centre, "/api/v1/users/lan").status_code == 204
    assert delete(centre, "/api/v1/users/lan").status_code == 404
    assert log_in(centre, "lan", OTHER).status_code == 401


def test_an_account_of_an_unknown_role_or_area_is_refused_and_nobody_removes_themselves(centre):
    told = {"username": "lan", "role": "operator", "password": PASSWORD}
    for wrong in ({"role": "display"}, {"role": "king"}, {"areas": ["nowhere"]}, {"password": "x"}):
        assert centre.post("/api/v1/users", {**told, **wrong}, "admin").status_code == 422
    assert delete(centre, "/api/v1/users/admin").status_code == 422


def test_ones_own_password_changes_with_the_old_one_and_every_login_ends(centre):
    centre.accounts.add("lan", "operator", PASSWORD)
    token = log_in(centre, "lan", PASSWORD).json()["token"]
    header = {"authorization": f"Bearer {token}"}
    path = "/api/v1/me/password"
    wrong = centre.http.post(path, headers=header, json={"old": "wrong", "new": OTHER})
    assert wrong.status_code == 401
    right = centre.http.post(path, headers=header, json={"old": PASSWORD, "new": OTHER})
    assert right.status_code == 204
    assert centre.http.get("/api/v1/me", headers=header).status_code == 401
    assert log_in(centre, "lan", OTHER).status_code == 200


def test_guessing_the_old_password_is_throttled_like_a_login(centre):
    told = {"old": "wrong", "new": OTHER}
    answers = [centre.post("/api/v1/me/password", told).status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]


def test_a_displays_token_is_shown_once_listed_by_label_and_revoked_alone(centre):
    made = [
        centre.post("/api/v1/tokens", {"label": label}, "admin").json()
        for label in ("sảnh", "phòng họp")
    ]
    headers = [{"authorization": f"Bearer {one['token']}"} for one in made]
    listed = centre.get("/api/v1/tokens", "admin")
    assert {one["label"] for one in listed.json()["items"]} >= {"sảnh", "phòng họp"}
    assert all(one["token"] not in listed.text for one in made)
    (lobby,) = [one for one in listed.json()["items"] if one["label"] == "sảnh"]
    assert delete(centre, f"/api/v1/tokens/{lobby['id']}").status_code == 204
    assert delete(centre, f"/api/v1/tokens/{lobby['id']}").status_code == 404
    assert [centre.http.get("/api/v1/me", headers=one).status_code for one in headers] == [401, 200]
