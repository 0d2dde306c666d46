"""The operator's desk by keyboard alone, in a real browser, on a real centre."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.demo import Demo, Visitor, until
from tests.end_to_end.sensor import RIVER_GAUGE, Sensors


class Keys:
    """Somebody who has a keyboard and no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.pressed += len(text)

    def focused(self, selector: str) -> bool:
        return bool(self.page.evaluate("(s) => document.activeElement?.matches(s)", selector))

    def tab_to(self, selector: str, most: int = 200) -> None:
        for _ in range(most):
            if self.focused(selector):
                return
            self.press("Tab")
        pytest.fail(f"Tab never reaches {selector}")

    def wait(self, selector: str) -> None:
        until(lambda: self.focused(selector), f"the focus on {selector}")

    def choose(self, value: str) -> None:
        """Choose of the list in focus by its arrows."""
        self.press("Home")
        for _ in range(60):
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.press("ArrowDown")
        pytest.fail(f"the list has no {value}")

    def log_in(self, username: str, password: str) -> None:
        self.tab_to(".head-person button.enter")
        self.press("Enter")
        self.wait("dialog[open] input[name=username]")
        self.type(username)
        self.press("Tab")
        self.type(password)
        self.press("Enter")
        expect(self.page.locator(".head-person .person")).to_contain_text(username)

    def to_row(self, alert: str) -> None:
        """Enter the list by Tab and walk its rows until this one has the focus."""
        self.tab_to('[data-panel="alerts"] [role=row]')
        self.press("Home")
        for _ in range(400):
            if self.focused(f'[role=row][data-alert="{alert}"]'):
                return
            self.press("ArrowDown")
        pytest.fail(f"the arrows never reach {alert}")

    def answer(self, deed: str) -> None:
        """Send the question that stands open, and see it go."""
        self.press("Enter")
        expect(self.page.locator(f"dialog[open] form[data-deed={deed}]")).to_have_count(0)


@pytest.fixture
def keys(wall: Page, demo: Demo) -> Keys:
    """Give a keyboard before the operator's board; no mouse is touched."""
    wall.goto(f"{demo.url}/?board=alerts")
    wall.wait_for_selector('[data-panel="alerts"] ioc-panel-console')
    return Keys(wall)


@pytest.fixture
def flood(sensors: Sensors, name: Callable[[str], str], display: Visitor) -> Callable[[], str]:
    """Give what makes a river gauge stand above its alarm level III, and the id of its alert."""

    def rise() -> str:
        gauge = name("river")
        sensors.describe(gauge, RIVER_GAUGE)
        sensors.observe(gauge, [{"n": "level", "u": "m", "v": 6.31, "t": round(time.time(), 3)}])
        return str(display.alert_of(gauge, "river-alarm-3")["id"])

    return rise


def test_an_operator_takes_an_alert_to_the_end_of_its_incident_by_keyboard_alone(
    demo: Demo, keys: Keys, flood: Callable[[], str], as_role: Callable[[str], Visitor]
):
    operator = as_role("operator")
    alert = flood()
    keys.log_in("operator", demo.told["users"]["operator"])

    keys.to_row(alert)
    keys.press("a")
    keys.wait("dialog[open] form[data-deed=acknowledge] textarea")
    keys.type("Đã gọi trực ban huyện")
    keys.answer("acknowledge")
    row = keys.page.locator(f'[role=row][data-alert="{alert}"]')
    expect(row).to_have_attribute("data-state", "acknowledged")
    keys.wait(f'[role=row][data-alert="{alert}"]')

    incident = until(
        lambda: operator.get(f"/alerts/{alert}")["incident"], "the incident it is gathered in"
    )
    expect(row.locator(".desk-case")).not_to_be_empty()
    keys.press("i")
    detail = keys.page.locator("ioc-detail section.detail")
    expect(detail.locator(f'[data-incident="{incident}"]')).to_be_visible()

    def step(key: str, deed: str, *, fill: Callable[[], None] = lambda: None) -> None:
        keys.press(key)
        keys.wait(f"dialog[open] form[data-deed={deed}] :is(textarea, input, select)")
        fill()
        keys.answer(deed)

    def owner_and_due() -> None:
        keys.type("Ban Chỉ huy PCTT huyện")
        keys.press("Tab")
        keys.choose("d:2")
        keys.press("Tab")

    step("v", "verify")
    step("g", "assign", fill=owner_and_due)
    step("b", "start")
    step("p", "progress", fill=lambda: keys.type("Đã di dời 12 hộ"))
    step("d", "done")
    step("x", "close")

    told = operator.get(f"/incidents/{incident}")
    assert told["state"] == "closed"
    assert told["owner"] == "Ban Chỉ huy PCTT huyện"
    assert told["reason"] == "true"
    by_hand = [one["step"] for one in told["steps"] if one["by"] == "operator"]
    assert by_hand == ["verify", "assign", "start", "progress", "done", "close"]
    assert told["due"] is not None
    keys.press("Escape")
    expect(detail).to_have_count(0)
    keys.wait(f'[role=row][data-alert="{alert}"]')


def test_an_operator_raises_an_alert_by_hand_and_shelves_it(
    demo: Demo, keys: Keys, flood: Callable[[], str], as_role: Callable[[str], Visitor]
):
    operator = as_role("operator")
    keys.log_in("operator", demo.told["users"]["operator"])
    keys.to_row(flood())
    keys.press("n")
    keys.wait("dialog[open] form[data-deed=raise] select[name=told]")
    keys.choose("bulletin")
    keys.press("Tab")
    keys.type("12/CĐ-TW")
    keys.press("Tab")
    keys.choose("4")
    keys.press("Tab")
    keys.choose("muong-ang")
    keys.press("Tab")
    words = f"Lũ quét tại bản Co Sản {time.time_ns()}"
    keys.type(words)
    keys.answer("raise")

    def raised() -> list[dict[str, object]]:
        items = operator.get("/alerts", state="open", limit=1000)["items"]
        return [one for one in items if one["message"]["vi"] == words]

    (made,) = until(raised, "the alert raised by hand")
    assert (made["severity"], made["area"], made["rule"]) == (4, "muong-ang", "manual")
    steps = made["steps"]
    assert isinstance(steps, list)
    assert steps[0]["note"] == "Công điện, bản tin: 12/CĐ-TW"

    keys.to_row(str(made["id"]))
    keys.press("h")
    keys.wait("dialog[open] form[data-deed=shelve] select")
    keys.choose("h:2")
    keys.press("Tab")
    keys.press("Enter")
    question = keys.page.locator("dialog[open] form[data-deed=shelve]")
    expect(question.locator(".answer")).to_contain_text("Ghi chú")
    assert operator.get(f"/alerts/{made['id']}")["shelved_until"] is None, "without a reason: no"
    keys.wait("dialog[open] form[data-deed=shelve] textarea")
    keys.type("Đang xác minh với xã")
    keys.answer("shelve")
    shelved = operator.get(f"/alerts/{made['id']}")
    assert shelved["shelved_until"] is not None
    assert shelved["steps"][-1]["note"] == "Đang xác minh với xã"
    held = keys.page.locator(f'[data-panel="held"] [data-alert="{made["id"]}"]')
    expect(held).to_contain_text("Đang xác minh với xã")


def test_two_are_acknowledged_at_once_and_who_comes_late_sees_how_it_stands(
    demo: Demo, keys: Keys, flood: Callable[[], str], as_role: Callable[[str], Visitor]
):
    first, second = flood(), flood()
    keys.log_in("operator", demo.told["users"]["operator"])
    keys.to_row(first)
    keys.press("Space")
    keys.to_row(second)
    keys.press("Space", "a")
    keys.wait("dialog[open] form[data-deed=acknowledge] textarea")
    supervisor = as_role("supervisor")
    seen = supervisor.get(f"/alerts/{second}")["version"]
    done = supervisor.post(f"/alerts/{second}/acknowledge", version=seen, note="tôi đã gọi")
    assert done.status_code == 200
    question = keys.page.locator("dialog[open] form[data-deed=acknowledge]")
    expect(question.locator(".changed")).to_contain_text("tôi đã gọi")
    keys.press("Escape")
    expect(question).to_have_count(0)
    assert supervisor.get(f"/alerts/{first}")["state"] == "unacknowledged", "nothing was sent"


def test_a_role_that_may_not_is_told_which_may(demo: Demo, keys: Keys, flood: Callable[[], str]):
    alert = flood()
    keys.log_in("leader", demo.told["users"]["leader"])
    keys.to_row(alert)
    keys.press("a")
    said = keys.page.locator("ioc-question .toast")
    expect(said).to_contain_text("trực ban, trưởng ca")


def test_the_help_names_every_key_and_escape_leads_out(keys: Keys):
    keys.press("?")
    help_ = keys.page.locator("ioc-help dialog[open]")
    expect(help_).to_contain_text("Gác lại")
    keys.press("Escape")
    expect(help_).to_have_count(0)


def test_a_leader_gives_a_task_from_the_review_on_a_telephone_and_says_seen(
    demo: Demo, keys: Keys, as_role: Callable[[str], Visitor]
):
    page = keys.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{demo.url}/?board=review")
    keys.log_in("leader", demo.told["users"]["leader"])
    review = page.locator("[data-panel=review]")
    expect(review.locator("[data-count=open] .number")).to_be_visible()
    review.locator("[data-do=give]").first.click()
    title = f"Kiểm tra kè Nậm Rốm {time.time_ns()}"
    page.locator("dialog[open] input[name=title]").fill(title)
    page.locator("dialog[open] input[name=owner]").fill("Sở Nông nghiệp")
    page.locator("dialog[open] button[type=submit]").click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("[data-panel=tasks]")).to_contain_text(title)
    review.locator("[data-do=looked]").click()
    expect(page.locator("ioc-question .toast")).to_contain_text("đã xem")
    leader = as_role("leader")
    assert title in [one["title"] for one in leader.get("/tasks")["items"]]
    assert leader.get("/review")["looked_at"] is not None


def test_incidents_are_linked_split_and_merged_and_a_screen_without_a_person_asks_nothing(
    demo: Demo, keys: Keys, flood: Callable[[], str], as_role: Callable[[str], Visitor]
):
    operator = as_role("operator")
    first, second = flood(), flood()

    def incident_of(alert: str) -> str:
        return str(until(lambda: operator.get(f"/alerts/{alert}")["incident"], "its incident"))

    keys.to_row(first)
    keys.press("a", "n", "e")
    assert keys.page.locator("dialog[open]").count() == 0, "nobody is asked to log in"
    keys.log_in("operator", demo.told["users"]["operator"])

    def opened() -> str:
        made = operator.post("/incidents", title=f"Ngập {time.time_ns()}", area="muong-ang")
        return str(made.json()["id"])

    incident, other = opened(), opened()

    def begin(key: str, deed: str, of: str) -> None:
        """Put a deed's question on an incident."""
        keys.page.evaluate("(id) => document.querySelector('ioc-wall').open({incident: id})", of)
        expect(keys.page.locator(f'ioc-detail [data-incident="{of}"]')).to_be_visible()
        keys.wait("ioc-detail *")
        keys.press(key)
        expect(keys.page.locator(f"dialog[open] form[data-deed={deed}]")).to_be_visible()

    begin("j", "link", incident)
    for alert in (first, second):
        keys.tab_to(f'dialog[open] input[value="{alert}"]')
        keys.press("Space")
    keys.answer("link")
    assert set(operator.get(f"/incidents/{incident}")["alerts"]) == {first, second}
    begin("z", "split", incident)
    keys.tab_to(f'dialog[open] input[value="{second}"]')
    keys.press("Space")
    keys.answer("split")
    parted = incident_of(second)
    assert parted != incident
    begin("q", "merge", other)
    keys.choose(incident)
    keys.answer("merge")
    assert operator.get(f"/incidents/{other}")["merged_into"] == incident


def test_a_shift_is_planned_and_handed_over_and_maintenance_is_set_and_ended(
    demo: Demo, keys: Keys, flood: Callable[[], str], as_role: Callable[[str], Visitor]
):
    page = keys.page
    supervisor = as_role("supervisor")
    name = f"Lò Văn An {time.time_ns()}"
    duty = page.locator("[data-panel=duty]")
    keys.log_in("supervisor", demo.told["users"]["supervisor"])

    keys.tab_to("[data-panel=duty] p.console-bar [data-do=contact]", most=400)
    keys.press("Enter")
    keys.wait("dialog[open] form[data-deed=contact] input[name=name]")
    keys.type(name)
    keys.press("Tab")
    keys.type("0215 3825 111")
    keys.answer("contact")
    expect(duty.locator(".people li").filter(has_text=name)).to_be_visible()

    keys.tab_to("[data-panel=duty] [data-do=plan]", most=400)
    keys.press("Enter")
    keys.wait("dialog[open] form[data-deed=plan] select")
    chosen = page.locator("dialog[open] .several label").filter(has_text=name).locator("input")
    value = str(chosen.get_attribute("value"))
    for _ in range(60):
        if page.evaluate("(v) => document.activeElement.value === v", value):
            break
        keys.press("Tab")
    keys.press("Space")
    keys.answer("plan")
    planned = duty.locator("h3[data-shift]")
    expect(duty.locator(".people li").filter(has_text=name)).to_have_count(2)
    (shift,) = [
        one for one in supervisor.get("/duty")["shifts"] if one["people"][0]["name"] == name
    ]
    assert shift["people"][0]["phone"] == "0215 3825 111"

    alert = flood()
    keys.to_row(alert)
    keys.press("e")
    keys.wait("dialog[open] form[data-deed=maintain] :is(select, input)")
    keys.tab_to("dialog[open] textarea[name=note]")
    keys.type("Thay cảm biến")
    keys.answer("maintain")
    held = page.locator("[data-panel=held] [data-window]").filter(has_text="Thay cảm biến")
    expect(held).to_be_visible()
    until(lambda: supervisor.get(f"/alerts/{alert}")["maintenance"], "the alert out of service")
    held.locator("[data-do=end]").focus()
    keys.press("Enter")
    keys.wait("dialog[open] form[data-deed=end] textarea")
    keys.answer("end")
    until(
        lambda: supervisor.get(f"/alerts/{alert}")["maintenance"] is None,
        "the alert back in service",
    )

    keys.press("y")
    keys.wait("dialog[open] form[data-deed=hand-over] input[name=to]")
    keys.type("operator")
    keys.tab_to("dialog[open] textarea[name=note]")
    keys.type("Nậm Rốm đang lên")
    keys.answer("hand-over")
    expect(duty.locator("[data-handover]")).to_contain_text("chờ người nhận xác nhận")
    keys.tab_to(f'[data-shift="{shift["id"]}"] [data-do=drop-shift]', most=400)
    keys.press("Enter")
    keys.answer("drop-shift")
    expect(planned.and_(page.locator(f'[data-shift="{shift["id"]}"]'))).to_have_count(0)

    with page.expect_navigation():
        page.locator(".head-person button.leave").press("Enter")
    page.wait_for_selector("[data-panel=duty]")
    keys.log_in("operator", demo.told["users"]["operator"])
    confirm = duty.locator("[data-handover] [data-do=confirm]")
    confirm.press("Enter")
    expect(page.locator("dialog[open] form[data-deed=confirm]")).to_be_visible()
    keys.answer("confirm")
    expect(duty.locator("[data-handover]")).to_contain_text("đã nhận")
    assert supervisor.get("/duty")["handover"]["confirmed_at"] is not None
