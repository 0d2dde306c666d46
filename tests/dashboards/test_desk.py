"""The desk on a stage, as each of those who work at it sees it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dashboards.stage import NOW, Stage, alert, incident, moment, task
from tests.dashboards.test_wall_rules import AXE, LOOK

PERSON = {"name": "Lò Văn An", "phone": "0215 3825 111", "duty": "Trưởng ca"}
PEOPLE = [{**PERSON, "username": "operator", "agency": "Văn phòng UBND tỉnh"}]
HANDOVER = {
    "id": "h1",
    "version": 1,
    "area": "province",
    "from": "supervisor",
    "to": "operator",
    "at": moment(NOW - 3600),
    "note": "Nậm Rốm đang lên",
    "open": {"alerts": 12, "incidents": 3, "tasks": 1, "late": 1},
    "confirmed_at": None,
}
SHIFT = {
    "id": "s1",
    "area": "province",
    "from": moment(NOW - 9000),
    "to": moment(NOW + 9000),
    "people": PEOPLE,
    "note": "",
}
NEXT_SHIFT = {**SHIFT, "id": "s2", "from": SHIFT["to"], "to": moment(NOW + 40_000)}
NOTICE = {
    "id": "n1",
    "incident": None,
    "task": "t1",
    "mark": "late",
    "people": [PERSON["name"]],
    "route": "overdue",
    "role": "supervisor",
    "to": "duty-supervisor",
    "state": "sent",
    "tries": 1,
    "error": None,
    "created_at": moment(NOW - 60),
    "settled_at": moment(NOW - 60),
    "title": {"vi": "Quá hạn: Kiểm tra kè", "en": "Overdue: check the dyke"},
}
WINDOW = {
    "id": "w1",
    "version": 1,
    "area": "muong-ang",
    "thing": None,
    "rule": None,
    "from": moment(NOW - 3600),
    "to": moment(NOW + 3600),
    "by": "supervisor",
    "note": "Thay ắc quy",
    "cancelled": False,
}
PERFORMANCE = {
    "from": moment(NOW - 86_400),
    "to": moment(NOW),
    "operators": 1,
    "raises": 143,
    "per_10_min": {"mean": 0.993, "p99": 9, "most": 14},
    "flood": {"percent": 1.4, "floods": 2},
    "stale": [],
    "chattering": [],
    "top_ten": {"percent": 38.1, "items": [{"rule": "service-slow", "thing": "", "raises": 30}]},
    "priorities": {
        "low": {"raises": 90, "percent": 63},
        "medium": {"raises": 40, "percent": 28},
        "high": {"raises": 13, "percent": 9},
    },
    "acknowledge_s": {"answered": 90, "median": 142.0, "p90": 600},
    "targets": {"mean_per_10_min": 1.0, "most_per_10_min": 2.0, "flood_percent": 1.0},
    "whole": True,
}


@pytest.fixture
def stage() -> Stage:
    """Set a busy stage."""
    stage = Stage.of("dien-bien")
    for number, thing in enumerate(stage.things[::60][:9]):
        stage.alerts.append(alert(stage, thing["id"], 1 + number % 5))
    stage.alerts[2]["shelved_until"] = moment(NOW + 7200)
    stage.incidents.append(incident(stage, 4))
    review = stage._review()
    owed = [{**one, "kind": "incident"} for one in stage.incidents]
    stage.more = {
        "/duty": lambda _: {"now": moment(NOW), "shifts": [SHIFT], "handover": HANDOVER},
        "/roster": lambda _: {"items": [{**PEOPLE[0], "id": "an", "area": "province"}]},
        "/shifts": lambda _: {"items": [SHIFT, NEXT_SHIFT], "next": None},
        "/maintenance": lambda _: {"items": [WINDOW]},
        "/alarm-performance": lambda _: PERFORMANCE,
        "/notifications": lambda _: {"items": [NOTICE], "next": None},
        "/refused": lambda _: {"items": []},
        "/review": lambda _: {
            **review,
            "late": owed,
            "owed": owed,
            "owners": {"Công an tỉnh": 3},
            "areas": [{"id": "muong-ang", "population": 47_000, "population_source": None}],
            "people": 47_000,
        },
    }
    return stage


@pytest.fixture
def desk(browser: Browser, stage: Stage) -> Iterator[Callable[..., Page]]:
    """Give what opens a board as somebody; at the end no script had failed."""
    faults: list[str] = []
    contexts = []

    def begin(role: str, board: str, width: int = 1920, height: int = 1080) -> Page:
        stage.user = {"username": role, "role": role, "areas": [], "agency": None}
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        stage.open(page, f"/?board={board}&map=svg")
        expect(page.locator(".head-person")).to_contain_text(role)
        return page

    yield begin
    for context in contexts:
        context.close()
    assert faults == []


@pytest.mark.parametrize(
    ("role", "board"), [("operator", "alerts"), ("supervisor", "supervision"), ("leader", "review")]
)
def test_axe_finds_nothing_where_people_work(desk: Callable[..., Page], role: str, board: str):
    if not AXE.is_file():
        pytest.skip("axe-core is not there: npm ci in dashboards")
    page = desk(role, board)
    page.wait_for_timeout(500)
    page.add_script_tag(path=AXE)
    for theme in ("dark", "light"):
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        page.wait_for_timeout(300)
        assert page.evaluate(LOOK) == [], theme
    if role == "operator":
        page.keyboard.press("n")
        expect(page.locator("dialog[open] form[data-deed=raise]")).to_be_visible()
        assert page.evaluate(LOOK) == [], "the question"


@pytest.mark.parametrize("board", ["alerts", "supervision", "review"])
def test_a_telephone_scrolls_down_only(desk: Callable[..., Page], board: str):
    role = "leader" if board == "review" else "supervisor"
    page = desk(role, board, 390, 844)
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_filters_narrow_the_list_and_say_so(desk: Callable[..., Page]):
    page = desk("operator", "alerts")
    rows = page.locator("[data-panel=alerts] [role=row]")
    expect(rows).to_have_count(8)
    page.keyboard.press("f")
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.matches('[data-areas]')")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("[data-areas]")).to_have_text("1 địa bàn")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('[data-areas]')"), "Escape leads out"
    page.locator("[data-panel=alerts] [data-level='4']").click()
    for row in rows.all():
        expect(row).to_have_attribute("data-severity", "4")
    page.locator("[data-stand=shelved]").click()
    page.get_by_role("button", name="Bỏ lọc").click()
    expect(rows).to_have_count(8)


def test_only_what_a_role_may_is_offered(desk: Callable[..., Page]):
    page = desk("leader", "alerts")
    bar = page.locator("[data-panel=alerts] .console-bar")
    expect(bar.locator("[data-do=comment]")).to_be_visible()
    assert bar.locator("[data-do=acknowledge], [data-do=shelve], [data-do=raise]").count() == 0
    page = desk("supervisor", "alerts")
    expect(page.locator("[data-panel=held] [data-do=end]")).to_be_visible()
    expect(page.locator("[data-panel=held] [data-do=maintain]")).to_be_visible()


def test_who_is_handed_the_shift_takes_it_and_calls_are_one_touch_away(desk: Callable[..., Page]):
    page = desk("operator", "alerts")
    duty = page.locator("[data-panel=duty]")
    expect(duty.locator("a[href='tel:02153825111']").first).to_be_visible()
    expect(duty.locator("[data-do=confirm]")).to_be_visible()
    page = desk("supervisor", "supervision")
    expect(page.locator("[data-panel=duty] [data-handover]")).to_be_visible()
    assert page.locator("[data-panel=duty] [data-do=confirm]").count() == 0
    duty = page.locator("[data-panel=duty]")
    expect(duty.locator("[data-shift]")).to_have_count(2)
    expect(duty.locator("[data-do=drop-shift]")).to_have_count(2)
    for deed in ("plan", "drop-contact"):
        expect(duty.locator(f"[data-do={deed}]")).to_have_count(1)
    told = page.locator("ioc-panel-notifications li button")
    expect(told).to_contain_text("Lò Văn An · overdue")
    expect(told).to_be_enabled()
    duty.locator("[data-contact=an] [data-do=contact]").click()
    filled = page.locator("dialog[open] form[data-deed=contact]")
    expect(filled.locator("[name=name]")).to_have_value(PERSON["name"])
    expect(filled.locator("[name=id]")).to_have_value("an")


def test_a_leader_sees_who_has_what_and_gives_a_task_from_there(desk: Callable[..., Page]):
    page = desk("leader", "review", 390, 844)
    review = page.locator("[data-panel=review]")
    expect(review.locator(".review-people")).to_contain_text("47.000")
    expect(review.locator(".review-people")).to_contain_text("minh họa")
    expect(review.locator(".review-owners")).to_contain_text("Công an tỉnh")
    review.locator(".review-case [data-do=give]").first.click()
    expect(page.locator("dialog[open] form[data-deed=give] .asked")).to_be_visible()


HOSTILE = '"><img src=x onerror="hit=1"><script>hit=2</script>\u202e javascript:hit=3'
WORDS = {"vi", "en", "unit", "note", "by", "owner", "title", "duty", "agency", "source", "error"}
RUNS = """() => [
        ...document.querySelectorAll("img, iframe, script:not([src]), [href^='javascript:']"),
    ]
    .map((e) => e.outerHTML)
    .concat([...document.querySelectorAll(".panel.broken")].map((e) => e.textContent))
    .concat(window.hit === undefined ? [] : ["a script ran"])"""


def _poisoned(told: Any) -> Any:
    """Put hostile words in the place of all that people and sensors may name."""
    if isinstance(told, Mapping):
        return {
            key: HOSTILE if key in WORDS and isinstance(one, str) else _poisoned(one)
            for key, one in told.items()
        }
    return [_poisoned(one) for one in told] if isinstance(told, list) else told


def _poisoning(answer: Callable[[Mapping[str, str]], Any]) -> Callable[[Mapping[str, str]], Any]:
    return lambda query: _poisoned(answer(query))


def test_names_from_outside_are_only_words_in_every_panel_and_detail_and_on_a_telephone(
    desk: Callable[..., Page], stage: Stage
):
    gauge = next(one["id"] for one in stage.things if one["kind"] == "river-gauge")
    stage.alerts.append(alert(stage, gauge, 5))
    stage.tasks.append(task(stage, HOSTILE, owner=HOSTILE))
    report = {"type": "service-request", "id": "r1", "at": moment(NOW), "due": None}
    place = {"area": "muong-ang", "agency": None, "location": [103.1, 21.6]}
    stage.records.append({**report, **place, "state": HOSTILE, "data": {"field": HOSTILE}})
    for name in ("things", "indicators", "alerts", "incidents", "tasks"):
        setattr(stage, name, _poisoned(getattr(stage, name)))
    stage.more = {path: _poisoning(answer) for path, answer in stage.more.items()}
    page = desk("supervisor", "overview")
    seen: set[str] = set()
    for board in stage.site.boards:
        types = {panel.type for panel in board.panels}
        if types <= seen:
            continue
        seen |= types
        page.locator(f"ioc-boards a[href*='board={board.id}&']").click()
        expect(page.locator(f"[data-board={board.id}] [data-panel]").first).to_be_visible()
        page.wait_for_timeout(80)
        assert page.evaluate(RUNS) == [], board.id
        assert "<img src=x" in page.locator(".strip").inner_text()
    row = stage.indicators[0]
    for subject in (
        {"alert": stage.alerts[-1]["id"]},
        {"incident": "i1"},
        {"task": "t1"},
        {"thing": gauge},
        {"area": "muong-ang"},
        {"indicator": row["id"], "area": row["area"]},
        {"record": "r1"},
    ):
        page.evaluate("(one) => document.querySelector('ioc-wall').open(one)", subject)
        expect(page.locator("ioc-detail")).to_contain_text("<img src=x")
        assert page.evaluate(RUNS) == [], subject
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 390, "height": 844})
    for id_ in ("overview", "review", "alerts"):
        page.locator(f"ioc-boards a[href*='board={id_}&']").click()
        expect(page.locator(f"[data-board={id_}] [data-panel]").first).to_be_visible()
        page.wait_for_timeout(80)
        assert page.evaluate(RUNS) == [], id_
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, id_
    page.locator("[data-panel=alerts] [role=row]").first.focus()
    page.keyboard.press("a")
    expect(page.locator("dialog[open]")).to_contain_text("<img src=x")
    assert page.evaluate(RUNS) == []
