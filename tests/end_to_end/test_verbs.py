"""The verbs beside a running demo: recordings played again, accounts, and a site's files."""

import json
import re
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import httpx2
from playwright.sync_api import Page, expect

from tests.end_to_end.demo import API, ROOT, SITE, Demo, Visitor, ioc, until
from tests.end_to_end.follower import Follower

RECORDING = Path(__file__).parent / "recordings" / "pump-load.csv"


def test_a_recording_is_a_thing_of_origin_replay_judged_and_visible(
    demo: Demo, wall: Page, display: Visitor, follow: Callable[..., Follower]
):
    stream = follow(datastreams=["*"], things=True)
    played = ioc("replay", str(RECORDING), "--speed", "20", "--data", str(demo.data))
    assert played.returncode == 0, played.stderr
    assert "published 5 observations of 1 recordings" in played.stdout
    assert "pump-load.csv:5" in played.stderr, "the row that cannot be read is named"
    assert stream.wait_for_value("pump-load/value", 21.0)[2] == "good"

    thing = display.thing("pump-load")
    assert (thing["origin"], thing["kind"]) == ("replay", "recording")
    rows = until(
        lambda: len(rows := display.observed("pump-load", "value")) == 5 and rows, "five rows"
    )
    assert [value for _, value, _ in rows] == [10.5, 11.25, 12.75, 19.5, 21.0]
    assert {quality for *_, quality in rows} == {"good"}
    steps = [round(late[0] - early[0], 3) for early, late in pairwise(rows)]
    assert steps == [0.5, 0.5, 1.0, 0.5], "moved to the site's clock, and as fast as asked"

    shown = wall.locator('[data-thing="pump-load"]').first
    expect(shown).to_be_visible()
    expect(shown.locator('[data-origin="replay"]')).to_have_text(re.compile("phát lại", re.I))
    expect(shown).to_contain_text("21")


def test_an_account_is_made_used_and_taken_away(demo: Demo):
    data = ("--data", str(demo.data))
    made = ioc("user", "add", "thao", "--role", "operator", *data, said="nậm rốm đêm mưa lớn\n")
    assert made.returncode == 0, made.stderr
    assert "thao\toperator" in ioc("user", "list", *data).stdout
    with Visitor.log_in(demo.url, "thao", "nậm rốm đêm mưa lớn") as thao:
        assert thao.get("/me")["role"] == "operator"
        assert ioc("user", "remove", "thao", *data).returncode == 0
        until(lambda: thao.ask("/me").status_code == 401, "the end of their login")
    again = httpx2.post(
        f"{demo.url}{API}/session",
        json={"username": "thao", "password": "nậm rốm đêm mưa lớn"},
        trust_env=False,
    )
    assert again.status_code == 401


def test_the_audit_trail_of_a_running_centre_holds_and_names_its_start(demo: Demo, tmp_path: Path):
    data = ("--data", str(demo.data))
    anchor = ioc("audit", "anchor", *data)
    assert anchor.returncode == 0, anchor.stderr
    kept = tmp_path / "anchors.jsonl"
    kept.write_text(anchor.stdout, encoding="utf-8")
    verified = ioc("audit", "verify", "--anchor", str(kept), "--json", *data)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    found = json.loads(verified.stdout)
    assert found["problems"] == []
    assert found["rows"] >= json.loads(anchor.stdout)["seq"] > 0


def test_what_is_kept_is_exported_with_its_origin_and_the_trail_says_so(demo: Demo):
    data = ("--data", str(demo.data))
    for what in ("alerts", "indicators", "audit"):
        written = ioc("export", what, *data)
        assert written.returncode == 0, written.stderr
        head, *rows = written.stdout.splitlines()
        assert "origin" in head.split(",")
        assert f"{what}: {len(rows)} rows" in written.stderr
    assert ",export,indicators," in written.stdout
    feed = ioc("export", "cap", *data)
    assert feed.returncode == 0, feed.stderr
    assert "<status>Actual</status>" not in feed.stdout
    assert ioc("export", "secrets", *data).returncode == 2


def test_a_folder_without_a_demo_is_said_plainly(tmp_path: Path):
    asked = ioc("user", "list", "--data", str(tmp_path))
    assert asked.returncode == 2
    assert "ioc demo" in asked.stderr
    assert "Traceback" not in asked.stderr


def test_the_shipped_site_has_nothing_wrong():
    checked = ioc("check", SITE)
    assert checked.returncode == 0, checked.stderr


def test_what_is_wrong_with_a_site_is_named_with_its_place(tmp_path: Path):
    folder = tmp_path / "my-site"
    shutil.copytree(ROOT / "ioc" / "sites" / SITE, folder)
    shared = ROOT / "ioc" / "sites" / "common" / "rules" / "hazards.toml"
    text = shared.read_text(encoding="utf-8")
    (folder / "rules").mkdir()
    (folder / "rules" / "own.toml").write_text(
        text.replace("severity = 2", "severity = 9", 1), encoding="utf-8"
    )
    line = text[: text.index("severity = 2")].count("\n") + 1
    checked = ioc("check", str(folder))
    assert checked.returncode == 2
    assert f"rules/own.toml:{line}" in checked.stderr
    assert "severity" in checked.stderr
    assert "Traceback" not in checked.stderr
