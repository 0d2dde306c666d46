"""Every board of every site, looked at in a real browser on a stage: nothing clipped or empty."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from ioc.sites import shipped
from tests.dashboards.stage import UNFIT, Stage, alert

SETTLED_MS = 600
STAGES: dict[str, Stage] = {}


def staged(site: str) -> Stage:
    """Set a site's stage once, with a handful of alerts as on a usual morning."""
    if site not in STAGES:
        stage = STAGES[site] = Stage.of(site)
        for severity, about in enumerate(stage.things[::40][:5], 1):
            stage.alerts.append(alert(stage, about["id"], severity))
    STAGES[site].sockets.clear()
    return STAGES[site]


def turn_to(page: Page, board: str) -> None:
    """Show another board on the page that is open, as the browser's way back does."""
    page.evaluate(
        """board => {
            const query = new URLSearchParams(location.search);
            query.set("board", board);
            history.pushState(null, "", `?${query}`);
            dispatchEvent(new PopStateEvent("popstate"));
        }""",
        board,
    )
    page.wait_for_selector(f"[data-board={board}] [data-panel]")


def look(page: Page) -> list[str]:
    """Say what does not fit, once the board has settled."""
    page.wait_for_timeout(SETTLED_MS)
    found: list[str] = page.evaluate(UNFIT)
    return found


@pytest.fixture
def page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Give what opens a page of a size; at the end no script had failed on any."""
    faults: list[str] = []
    contexts = []

    def begin(width: int = 1920, height: int = 1080) -> Page:
        contexts.append(browser.new_context(viewport={"width": width, "height": height}))
        made = contexts[-1].new_page()
        made.on("pageerror", lambda error: faults.append(str(error)))
        return made

    yield begin
    for context in contexts:
        context.close()
    assert faults == []


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("site", shipped())
def test_every_board_holds_its_words_in_both_languages(
    page: Callable[..., Page], site: str, language: str
):
    stage, shown = staged(site), page()
    first, *others = (board.id for board in stage.site.boards)
    stage.open(shown, f"/?board={first}&lang={language}&map=svg")
    unfit = {first: look(shown)}
    for board in others:
        turn_to(shown, board)
        unfit[board] = look(shown)
    assert {board: found for board, found in unfit.items() if found} == {}
    assert stage.foreign == [], "no request leaves the origin"
