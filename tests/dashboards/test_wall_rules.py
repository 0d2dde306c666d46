"""The rules of a wall that only a real browser can show, on a stage: see docs/wall-rules.md."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from ioc.sites import read_site
from tests.dashboards.stage import NOW, ROOT, UNFIT, Stage, alert, incident, moment

WITHIN_S = 5
MOST_INDICATORS = 12
TELEPHONE = 412
TOO_SMALL = """() => {
    const found = [];
    const pressable = "button, a[href], select, input, summary";
    const apart = ".unseen, .map-sheet, .uplot, label, .desk-check";
    for (const e of document.querySelectorAll(`${pressable}, .panel *`)) {
        const box = e.getBoundingClientRect();
        if (!box.width || e.closest(apart)) continue;
        const said = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
        const letters = parseFloat(getComputedStyle(e).fontSize);
        const words = e.textContent.trim();
        if (said && letters < 12) found.push(`${letters} px: ${words}`);
        if (e.matches(pressable) && box.height < 44) found.push(`${box.height} high: ${words}`);
    }
    return found;
}"""
"""What a telephone's user can neither read nor hit: letters under 12 px, targets under 44 px."""
AXE = ROOT / "dashboards" / "node_modules" / "axe-core" / "axe.min.js"
LOOK = """async () => {
    const found = await axe.run(document, { resultTypes: ["violations"] });
    return found.violations.map((one) => [one.id, one.nodes.map((n) => n.html.slice(0, 160))]);
}"""


@pytest.fixture
def stage() -> Stage:
    """Set a quiet stage."""
    return Stage.of("dien-bien")


@pytest.fixture
def wall(browser: Browser, stage: Stage) -> Iterator[Callable[..., Page]]:
    """Give what opens the wall at an address; at the end no script had failed and none went out."""
    faults: list[str] = []
    context = browser.new_context(viewport={"width": 1920, "height": 1080})

    def begin(address: str) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        stage.open(page, address)
        return page

    yield begin
    context.close()
    assert faults == []
    assert stage.foreign == [], "no request leaves the origin"


def _tell(stage: Stage, severity: int) -> str:
    about = next(one["id"] for one in stage.things if one["kind"] == "river-gauge")
    made = alert(stage, about, severity)
    stage.alerts.append(made)
    told = {"kind": "alert", "seq": 10 + len(stage.alerts), "at": moment(NOW), "data": made}
    stage.send(told)
    return str(made["id"])


def test_a_quiet_wall_has_no_saturated_colour_and_nothing_that_moves(
    wall: Callable[..., Page], stage: Stage
):
    for indicator in stage.indicators:
        indicator["standing"] = "on-target"
    page = wall("/?board=wall&map=svg")
    assert page.locator(".blink").count() == 0
    strong = page.evaluate("""() => {
        const strong = (text) => {
            const [r, g, b] = (text.match(/[\\d.]+/g) ?? [0, 0, 0]).map(Number);
            return Math.max(r, g, b) - Math.min(r, g, b) > 110;
        };
        return [...document.querySelectorAll(".panel *")]
            .filter((e) => !e.closest(".legend, .uplot, .chart-lines, .map-svg"))
            .filter((e) => strong(getComputedStyle(e).color))
            .map((e) => e.className + ": " + e.textContent.trim());
    }""")
    assert strong == []


def test_only_what_nobody_answered_blinks(wall: Callable[..., Page], stage: Stage):
    first, second = (one["id"] for one in stage.things[:2])
    stage.alerts.append(alert(stage, first, 3))
    stage.alerts.append(alert(stage, second, 4, state="acknowledged"))
    page = wall("/?board=alerts&map=svg")
    expect(page.locator('[data-alert="a1"] .blink').first).to_be_visible()
    assert page.locator('[data-alert="a2"] .blink').count() == 0


def test_the_worst_alerts_stand_on_every_board(wall: Callable[..., Page], stage: Stage):
    _tell(stage, 4)
    page = wall("/?board=overview&map=svg")
    for board in stage.site.boards:
        page.goto(page.url.split("?")[0] + f"?board={board.id}&map=svg")
        expect(page.locator('.strip [data-alert="a1"]')).to_be_visible()


def test_a_lost_link_is_said_within_five_seconds_and_the_wall_no_longer_looks_alive(
    wall: Callable[..., Page], stage: Stage
):
    page = wall("/?board=wall&map=svg")
    expect(page.locator("main[data-link=live]")).to_be_visible()
    stage.cut()
    expect(page.locator("main[data-link=lost]")).to_be_visible(timeout=WITHIN_S * 1000)
    expect(page.locator(".banner")).to_contain_text("Mất liên lạc")
    page.wait_for_timeout(600)
    assert "grayscale" in page.evaluate("getComputedStyle(document.querySelector('main')).filter")


def test_what_is_stale_says_its_age_and_is_hatched(wall: Callable[..., Page], stage: Stage):
    stage.lag = 2 * 3600
    page = wall("/?board=hazards&map=svg")
    level = page.locator(".level[data-quality=stale]").first
    expect(level).to_contain_text("cũ 2 giờ")
    image = level.evaluate("(e) => getComputedStyle(e).backgroundImage")
    assert "repeating-linear-gradient" in image


def test_a_screen_shows_its_boards_in_turn_and_stops_at_a_key(
    wall: Callable[..., Page], stage: Stage
):
    page = wall("/?board=overview&screen=main&map=svg")
    expect(page.locator(".turn")).to_contain_text("1/")
    page.keyboard.press("ArrowRight")
    expect(page.locator("ioc-board[data-board=wall]")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.locator(".turn")).to_contain_text("tạm dừng")


def test_a_new_severe_alert_takes_the_screen_and_opens(wall: Callable[..., Page], stage: Stage):
    page = wall("/?board=overview&screen=main&kiosk&map=svg")
    expect(page.locator("ioc-board[data-board=overview]")).to_be_visible()
    assert page.locator("ioc-boards").is_hidden(), "a kiosk has nothing to press"
    _tell(stage, 3)
    expect(page.locator('.strip [data-alert="a1"]')).to_be_visible()
    assert page.locator("ioc-board[data-board=overview]").is_visible(), "level 3 takes no screen"
    _tell(stage, 4)
    expect(page.locator("ioc-board[data-board=hazards]")).to_be_visible()
    expect(page.locator('ioc-detail [data-alert="a2"]').first).to_be_visible()


def test_a_desk_where_somebody_works_is_not_taken(wall: Callable[..., Page], stage: Stage):
    page = wall("/?board=services&map=svg")
    expect(page.locator("main[data-link=live]")).to_be_visible()
    _tell(stage, 5)
    expect(page.locator('.strip [data-alert="a1"]')).to_be_visible()
    assert page.locator("ioc-board[data-board=services]").is_visible()


def test_from_any_indicator_a_thing_is_two_steps_away(wall: Callable[..., Page]):
    page = wall("/?board=overview&map=svg")
    page.locator("[data-panel=dossiers-on-time] button.indicator").click()
    page.locator("ioc-detail .detail-things [data-thing]").first.click()
    expect(page.locator("ioc-detail .detail-values [data-datastream]").first).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (3840, 2160)])
def test_letters_grow_with_the_screen_so_that_both_show_the_same_board(
    wall: Callable[..., Page], width: int, height: int
):
    page = wall("/?board=overview&map=svg")
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(200)
    root = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    assert root == pytest.approx(width / 120)


@pytest.mark.parametrize("board", [board.id for board in read_site("dien-bien").boards])
def test_axe_finds_nothing_on_any_board(wall: Callable[..., Page], stage: Stage, board: str):
    if not AXE.is_file():
        pytest.skip("axe-core is not there: npm ci in dashboards")
    for severity, about in enumerate(stage.things[::40][:5], 1):
        stage.alerts.append(alert(stage, about["id"], severity))
    stage.user = {"username": "lan", "role": "supervisor", "areas": ["province"], "agency": None}
    page = wall(f"/?board={board}&theme=dark&map=svg")
    page.add_script_tag(path=AXE)
    for theme in ("dark", "light"):
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        page.wait_for_timeout(300)
        assert page.evaluate(LOOK) == [], theme


def test_the_leaders_board_has_at_most_twelve_indicators(stage: Stage):
    board = next(one for one in stage.site.boards if one.id == "overview")
    tiles = [panel for panel in board.panels if panel.type == "indicator"]
    assert 0 < len(tiles) <= MOST_INDICATORS


def test_a_page_is_printed_in_light_colours_and_the_screen_stays_dark(wall: Callable[..., Page]):
    page = wall("/?board=overview&map=svg&theme=dark")
    printed = page.pdf()
    assert printed.startswith(b"%PDF")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


@pytest.mark.parametrize("board", ["overview", "review", "alerts"])
def test_a_telephone_shows_one_column_of_whole_rows_for_a_finger(
    wall: Callable[..., Page], stage: Stage, board: str
):
    stage.user = {"username": "lan", "role": "supervisor", "areas": ["province"], "agency": None}
    for severity, about in enumerate(stage.things[:60:3]):
        stage.alerts.append(alert(stage, about["id"], 1 + severity % 5))
    for number in range(9):
        stage.incidents.append(incident(stage, 1 + number % 5))
    page = wall(f"/?board={board}&map=svg")
    page.set_viewport_size({"width": TELEPHONE, "height": 900})
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE
    assert page.evaluate(UNFIT) == []
    assert page.evaluate(TOO_SMALL) == []
    if board != "alerts":
        more = page.locator("[data-panel=incidents] button.more")
        more.click()
        expect(page.locator("[data-panel=incidents] [data-incident]")).to_have_count(9)
        expect(more).to_have_count(0)
    wide = page.evaluate(
        "[...document.querySelectorAll('.panel')].filter("
        "(e) => e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.dataset.panel)"
    )
    assert wide == []


def test_a_maps_areas_can_be_shaded_by_an_indicator_and_a_river_is_drawn_from_gauge_to_gauge(
    wall: Callable[..., Page],
):
    page = wall("/?board=telecom&map=svg")
    expect(page.locator(".map-area[data-deep]").first).to_be_visible()
    assert page.locator(".map-line[data-as=chain]").count() > 0
    page.locator(".map-choices select").select_option("")
    expect(page.locator(".map-area[data-deep]")).to_have_count(0)


def test_a_citizens_report_stands_on_the_map_and_its_words_are_only_words(
    wall: Callable[..., Page], stage: Stage
):
    hostile = "<img src=x onerror=alert(1)>"
    for id_, state in ((hostile, "received"), ("answered", "published")):
        report = {
            "type": "service-request",
            "id": id_,
            "at": moment(NOW),
            "state": state,
            "due": None,
        }
        place = {"area": stage.things[0]["area"], "agency": None, "location": [103.1, 21.6]}
        stage.records.append({**report, **place, "data": {"field": hostile}})
    stage.user = {"username": "lan", "role": "operator", "areas": ["province"], "agency": None}
    page = wall("/?board=society&map=svg")
    expect(page.locator(".map-report")).to_have_count(1)
    page.locator(".map-report").dispatch_event("click")
    expect(page.locator("ioc-detail h2")).to_have_text(hostile)
    page.keyboard.press("Escape")
    page.locator("[data-layer=reports]").click()
    expect(page.locator(".map-report")).to_have_count(0)


def test_a_map_says_which_years_units_it_draws_and_what_came_after(
    wall: Callable[..., Page], stage: Stage
):
    note = wall("/?board=wall&map=svg").locator(".map-note")
    assert note.inner_text() == stage.site.tree_note.vi
    assert "2022" in note.inner_text()
    assert "1/7/2025" in note.inner_text()


def test_a_wall_of_the_past_cannot_be_taken_for_one_of_now(wall: Callable[..., Page], stage: Stage):
    asked: list[str] = []

    def snapshot(query: Mapping[str, str]) -> dict[str, Any]:
        asked.append(query["at"])
        things = [alert(stage, stage.things[0]["id"], 4)]
        data = {"things": stage.things, "alerts": things, "indicators": stage.indicators}
        return {"at": query["at"], "data": data, "past": {"exact": False}}

    stage.more = {**stage.more, "/snapshot": snapshot}
    page = wall("/?board=alerts&at=2026-11-22T14:00:00%2B07:00&map=svg")
    expect(page.locator(".past-word")).to_have_text("QUÁ KHỨ")
    expect(page.locator(".past-moment")).to_contain_text("14:00:00")
    expect(page.locator(".past-note")).to_contain_text("gần đúng")
    frame = page.evaluate("getComputedStyle(document.querySelector('ioc-wall'), '::after').border")
    assert frame == "8px solid rgb(255, 176, 0)"
    expect(page.locator('.strip [data-alert="a1"]')).to_be_visible()
    expect(page.locator("[data-panel=duty] .note")).to_be_visible()
    assert page.evaluate(UNFIT) == []
    if AXE.is_file():
        page.add_script_tag(path=AXE)
        assert page.evaluate(LOOK) == []
    page.locator('.strip [data-alert="a1"]').click()
    expect(page.locator("ioc-detail .detail-state")).to_be_visible()
    assert page.locator(".acknowledge:visible, .deed:visible, [data-do]:visible").count() == 0
    page.keyboard.press("Escape")
    page.keyboard.press(",")
    expect(page.locator(".past-moment")).to_contain_text("13:59:00")
    assert asked[:2] == ["2026-11-22T07:00:00.000Z", "2026-11-22T06:59:00.000Z"]
    assert stage.sockets == [], "a wall of the past hears nothing of now"
    page.keyboard.press("Escape")
    expect(page.locator("main[data-link=live]")).to_be_visible()
    assert page.locator(".past-bar").count() == 0
