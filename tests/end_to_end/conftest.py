"""One demo for the whole folder, and what looks at it from outside."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.end_to_end.demo import ROOT, WITHIN_S, Demo, Visitor
from tests.end_to_end.follower import Follower
from tests.end_to_end.sensor import Sensors

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def running(demo: Demo) -> Iterator[Demo]:
    """Start a demo; at the end press Ctrl-C and find nothing left of it."""
    try:
        demo.start()
        yield demo
        assert demo.interrupt() == 0, "Ctrl-C is a good end"
        assert demo.left() == []
    finally:
        demo.end()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Give a running demo of the simulated province."""
    yield from running(Demo(tmp_path_factory.mktemp("demo") / "data", ("--history", "6h")))


@pytest.fixture
def as_role(demo: Demo) -> Iterator[Callable[[str], Visitor]]:
    """Give what logs in; the tokens last for the test."""
    visitors: list[Visitor] = []

    def log_in(role: str) -> Visitor:
        visitors.append(demo.visitor(role))
        return visitors[-1]

    yield log_in
    for visitor in visitors:
        visitor.close()


@pytest.fixture
def display(as_role: Callable[[str], Visitor]) -> Visitor:
    """Give the display, asking by REST."""
    return as_role("display")


@pytest.fixture
def sensors(demo: Demo) -> Iterator[Sensors]:
    """Give a connection to the demo's broker."""
    with Sensors(demo.told["mqtt"]) as made:
        yield made


@pytest.fixture
def follow(demo: Demo) -> Iterator[Callable[..., Follower]]:
    """Give what opens a stream of what is named, as the display."""
    opened: list[Follower] = []

    def begin(after: int | None = None, **subscribe: Any) -> Follower:
        told = demo.told
        opened.append(Follower(told["url"], told["display_token"], subscribe, after))
        return opened[-1]

    yield begin
    for follower in opened:
        follower.close()


@pytest.fixture
def name() -> Callable[[str], str]:
    """Give what makes a thing's id that nobody has."""
    return lambda kind: f"{kind}-e2e-{secrets.token_hex(4)}"


@contextmanager
def browsing() -> Iterator[Browser]:
    """Give a real browser, or say why there is none."""
    if not (ROOT / "ioc" / "_wall" / "index.html").is_file():
        pytest.skip("the wall is not built: make wall")
    kept = ROOT / ".uv" / "chromium" / "chromium"
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None and kept.exists():
        program = str(kept)
    if not program or not Path(program).exists():
        pytest.skip("no Chromium: set CHROMIUM to its path, or apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            chromium_sandbox=False,
            args=["--enable-unsafe-swiftshader"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give a real browser, or say why there is none."""
    with browsing() as opened:
        yield opened


@pytest.fixture
def wall(browser: Browser, demo: Demo) -> Iterator[Page]:
    """Give the wall as a display in an operations room has it, in Vietnamese at 1080p."""
    context = browser.new_context(
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        viewport={"width": 1920, "height": 1080},
    )
    page = context.new_page()
    page.set_default_timeout(WITHIN_S * 1000)
    expect.set_options(timeout=WITHIN_S * 1000)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(demo.told["wall_url"])
    page.wait_for_selector("[data-board] [data-panel]")
    yield page
    context.close()
    assert faults == []
    foreign = [one for one in requests if not one.startswith((demo.url, "data:", "blob:"))]
    assert foreign == [], "no request leaves the origin"
