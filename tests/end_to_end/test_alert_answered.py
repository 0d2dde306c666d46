"""From a value over its limit to a person's answer: told, shown, acknowledged, and once only."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.demo import Demo, Visitor, until
from tests.end_to_end.follower import Follower
from tests.end_to_end.sensor import RIVER_GAUGE, Sensors


@pytest.fixture
def flood(sensors: Sensors, name: Callable[[str], str]) -> Callable[[], str]:
    """Give what makes a river gauge stand above its alarm level III."""

    def rise() -> str:
        gauge = name("river")
        sensors.describe(gauge, RIVER_GAUGE)
        sensors.observe(gauge, [{"n": "level", "u": "m", "v": 6.31, "t": round(time.time(), 3)}])
        return gauge

    return rise


def test_a_value_over_its_limit_is_an_alert_on_the_stream_and_in_rest(
    flood: Callable[[], str], follow: Callable[..., Follower], display: Visitor
):
    stream = follow(alerts=True)
    gauge = flood()
    told = stream.wait_for_alert(thing=gauge, rule="river-alarm-3")
    assert (told["severity"], told["condition"], told["state"]) == (4, "active", "unacknowledged")
    assert (told["value"], told["limit"], told["unit"]) == (6.31, 5.0, "m")
    assert told["response"]["vi"], "an alert says what is to be done"
    assert "6,31" in told["message"]["vi"]
    assert told["history"] is False
    assert told["origin"] == "simulated"
    kept = display.get(f"/alerts/{told['id']}")
    assert kept["version"] == told["version"] == 1
    assert [step["step"] for step in kept["steps"]] == ["raise"]


def test_an_operator_logs_in_at_the_wall_and_acknowledges_by_mouse(
    demo: Demo,
    wall: Page,
    flood: Callable[[], str],
    follow: Callable[..., Follower],
    display: Visitor,
    as_role: Callable[[str], Visitor],
):
    stream = follow(alerts=True)
    alert = display.alert_of(flood(), "river-alarm-3")
    row = wall.locator(f'[role="row"][data-alert="{alert["id"]}"]')
    expect(row).to_be_visible()
    expect(row).to_have_attribute("data-severity", "4")
    expect(row).to_have_attribute("data-state", "unacknowledged")
    row.locator("button.acknowledge").click()

    login = wall.locator("dialog[open]:has(input[name=password])")  # nobody has said who they are
    login.locator("input[name=username]").fill("operator")
    login.locator("input[name=password]").fill(demo.told["users"]["operator"])
    login.locator("button[type=submit]").click()

    answer = wall.locator("dialog[open]:has(textarea[name=note])")
    expect(answer).to_contain_text(alert["response"]["vi"])
    answer.locator("textarea").fill("Đã gọi trực ban huyện")
    answer.locator("button[type=submit]").click()
    expect(answer).to_have_count(0)
    expect(row).to_have_attribute("data-state", "acknowledged")

    told = stream.wait_for_alert(id=alert["id"], state="acknowledged")
    assert told["version"] == alert["version"] + 1
    step = as_role("operator").get(f"/alerts/{alert['id']}")["steps"][-1]
    assert (step["step"], step["by"], step["note"]) == (
        "acknowledge",
        "operator",
        "Đã gọi trực ban huyện",
    )


def test_an_operator_can_do_all_of_it_by_keyboard(
    demo: Demo, wall: Page, flood: Callable[[], str], display: Visitor
):
    alert = display.alert_of(flood(), "river-alarm-3")
    row = wall.locator(f'[role="row"][data-alert="{alert["id"]}"]')
    expect(row).to_be_visible()

    def focused(selector: str) -> bool:
        return bool(wall.evaluate("chosen => document.activeElement.matches(chosen)", selector))

    def tab_to(selector: str) -> None:
        for _ in range(200):
            if focused(selector):
                return
            wall.keyboard.press("Tab")
        pytest.fail(f"Tab never reaches {selector}")

    tab_to(".head-person button.enter")
    wall.keyboard.press("Enter")
    until(lambda: focused("dialog[open] input[name=username]"), "the login's first field")
    wall.keyboard.type("operator")
    wall.keyboard.press("Tab")
    wall.keyboard.type(demo.told["users"]["operator"])
    wall.keyboard.press("Enter")
    expect(wall.locator(".head-person .person")).to_contain_text("operator")

    tab_to('[data-panel="alerts"] [role="grid"]')
    for arrow in ["ArrowUp"] * 200 + ["ArrowDown"] * 400:
        if row.get_attribute("aria-selected") == "true":
            break
        wall.keyboard.press(arrow)
    expect(row).to_have_attribute("aria-selected", "true")
    wall.keyboard.press("a")
    until(lambda: focused("dialog[open] textarea[name=note]"), "the field for a note")
    wall.keyboard.type("bằng bàn phím")
    wall.keyboard.press("Enter")
    expect(row).to_have_attribute("data-state", "acknowledged")
    kept = display.get(f"/alerts/{alert['id']}")
    assert (kept["state"], kept["version"]) == ("acknowledged", 2)


def test_who_comes_late_gets_the_alert_as_it_stands(
    flood: Callable[[], str], display: Visitor, as_role: Callable[[str], Visitor]
):
    alert = display.alert_of(flood(), "river-alarm-3")
    first, second = as_role("operator"), as_role("supervisor")
    path = f"/alerts/{alert['id']}/acknowledge"
    done = first.post(path, version=alert["version"], note="")
    assert done.status_code == 200
    assert (done.json()["state"], done.json()["version"]) == ("acknowledged", 2)
    late = second.post(path, version=alert["version"], note="")
    assert late.status_code == 409
    assert late.headers["content-type"] == "application/problem+json"
    assert late.json()["current"]["version"] == 2
    assert late.json()["current"]["state"] == "acknowledged"
    active = second.post(f"/alerts/{alert['id']}/close", version=2, reason="x")
    assert active.status_code == 409, "what is still broken cannot be closed"


@pytest.mark.parametrize(
    ("role", "step", "status"),
    [
        ("display", "acknowledge", 403),
        ("handler", "acknowledge", 403),
        ("developer", "acknowledge", 403),
        ("admin", "acknowledge", 403),
        ("leader", "acknowledge", 403),
        ("leader", "comment", 200),
        ("operator", "close", 403),
        ("operator", "acknowledge", 200),
        ("supervisor", "comment", 200),
    ],
)
def test_a_role_does_what_it_may_and_nothing_else(
    flood: Callable[[], str],
    display: Visitor,
    as_role: Callable[[str], Visitor],
    role: str,
    step: str,
    status: int,
):
    alert = display.alert_of(flood(), "river-alarm-3")
    answer = as_role(role).post(f"/alerts/{alert['id']}/{step}", version=1, note="Đã xem")
    assert answer.status_code == status, answer.text
    kept = display.get(f"/alerts/{alert['id']}")
    assert kept["version"] == (2 if status == 200 else 1)


def test_it_clears_by_data_and_stays_listed_until_somebody_has_answered(
    sensors: Sensors,
    name: Callable[[str], str],
    follow: Callable[..., Follower],
    as_role: Callable[[str], Visitor],
):
    stream, shop = follow(alerts=True), name("service")
    slow = {"latency": {"unit": "ms", "period": 30}}
    sensors.describe(
        shop,
        {"kind": "service", "name": {"vi": "Dịch vụ thử"}, "origin": "simulated"}
        | {"datastreams": slow},
    )
    # The rule holds five minutes, and clears after five; the observations say when.
    start = time.time() - 900
    over = [{"n": "latency", "u": "ms", "v": 4000.0, "t": start + 30 * k} for k in range(12)]
    sensors.observe(shop, over)
    raised = stream.wait_for_alert(thing=shop, rule="service-slow")
    assert raised["condition"] == "active"
    under = [{"n": "latency", "u": "ms", "v": 90.0, "t": start + 360 + 30 * k} for k in range(12)]
    sensors.observe(shop, under)
    cleared = stream.wait_for_alert(id=raised["id"], condition="cleared")
    if not cleared["history"]:  # raised before the demo was there, it answers to nobody
        assert cleared["state"] == "returned"
        operator = as_role("operator")
        done = operator.post(
            f"/alerts/{raised['id']}/acknowledge", version=cleared["version"], note=""
        ).json()
        assert done["state"] == "normal"
        assert done["closed_at"] is not None
