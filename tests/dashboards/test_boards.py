"""Every board of every site, looked at in a real browser on a stage: nothing clipped or empty."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from ioc.sites import read_site, shipped
from tests.dashboards.stage import UNFIT, Stage, alert

BOARDS = [(site, board.id) for site in shipped() for board in read_site(site).boards]
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


@pytest.mark.parametrize(("site", "board"), BOARDS)
def test_every_board_holds_its_words_in_both_languages(
    page: Callable[..., Page], site: str, board: str
):
    stage = staged(site)
    for language in ("vi", "en"):
        shown = page()
        stage.open(shown, f"/?board={board}&lang={language}&map=svg")
        shown.wait_for_timeout(SETTLED_MS)
        assert shown.evaluate(UNFIT) == [], language
    assert stage.foreign == [], "no request leaves the origin"
