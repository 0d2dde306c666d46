"""From an MQTT publish to pixels: a running demo, a real browser, one value or alert at a time."""

import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from playwright.sync_api import Page

from benchmarks.parts import cuts
from tests.end_to_end.conftest import browsing
from tests.end_to_end.demo import Demo, until
from tests.end_to_end.sensor import RAIN_GAUGE, Sensors, about, topic

WATCH: Final = """(thing) => {
    const seen = { alerts: {}, values: {} };
    window.__seen = seen;
    const now = () => performance.timeOrigin + performance.now();
    new MutationObserver(() => {
        const alerts = [], texts = [];
        for (const row of document.querySelectorAll("main [data-alert]")) {
            if (!(row.dataset.alert in seen.alerts)) alerts.push(row.dataset.alert);
        }
        for (const row of document.querySelectorAll(`main [data-thing="${thing}"]`)) {
            const found = row.textContent.match(/\\d+,\\d/);
            if (found && !(found[0] in seen.values)) texts.push(found[0]);
        }
        if (!alerts.length && !texts.length) return;
        for (const id of alerts) seen.alerts[id] = 0;
        for (const text of texts) seen.values[text] = 0;
        requestAnimationFrame(() => {
            const at = now();
            for (const id of alerts) seen.alerts[id] = at;
            for (const text of texts) seen.values[text] = at;
        });
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
"""Notes when a row or a number first stood on the page: at the beginning of the frame after the one
it was written in, when that one is on the screen."""


@contextmanager
def _shown(demo: Demo, board: str) -> Iterator[Page]:
    with browsing() as browser:
        context = browser.new_context(
            locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport={"width": 1920, "height": 1080}
        )
        page = context.new_page()
        page.goto(f"{demo.told['wall_url']}&board={board}")
        page.locator("[data-board] [data-panel]").first.wait_for()
        page.locator("main[data-link=live]").first.wait_for()
        page.wait_for_timeout(5_000)
        yield page
        context.close()


def values(demo: Demo, count: int) -> dict[str, float]:
    """Publish values of one meter, at any moment of the server's rhythm; time each to pixels."""
    meter = "snow-pixels"
    chance = random.Random(2)
    sent: dict[str, float] = {}
    with Sensors(demo.told["mqtt"]) as sensors, _shown(demo, "wall") as page:
        sensors.describe(meter, about("snow-meter", {"depth": {"unit": "cm"}}))
        page.locator(f'main [data-thing="{meter}"]').first.wait_for()
        page.evaluate(WATCH, meter)
        for tenths in [some for some in range(31, 1_000) if some % 10][:count]:
            at = time.time()
            text = f"{tenths // 10},{tenths % 10}"
            sent[text] = at * 1e3
            record = [{"n": "depth", "u": "cm", "v": tenths / 10, "t": round(at, 3)}]
            sensors.send(topic(meter, "data"), json.dumps(record).encode())
            # One at a time: a value that another overtakes before the next frame is never drawn.
            page.wait_for_function("(text) => window.__seen.values[text] > 0", arg=text)
            page.wait_for_timeout(chance.uniform(100, 600))
        found: dict[str, float] = page.evaluate("window.__seen.values")
    return cuts([(found[text] - at) / 1e3 for text, at in sent.items()])


def alerts(demo: Demo, count: int) -> dict[str, float]:
    """Publish values over a limit; time each to the pixels of its alert."""
    chance = random.Random(3)
    gauges = [f"rain-pixels-{number:03}" for number in range(count)]
    sent: dict[str, float] = {}
    with Sensors(demo.told["mqtt"]) as sensors, _shown(demo, "alerts") as page:
        for gauge in gauges:
            sensors.send(topic(gauge, "about"), json.dumps(RAIN_GAUGE).encode(), retain=True)
        sensors.settle()
        with demo.visitor() as display:
            until(lambda: display.sees(f"/things/{gauges[-1]}"), "the last gauge")
            page.evaluate(WATCH, "none")
            for number, gauge in enumerate(gauges):
                at = time.time()
                sent[gauge] = at * 1e3
                record = [{"n": "rainfall", "u": "mm/h", "v": CLOUDBURST, "t": round(at, 3)}]
                sensors.send(topic(gauge, "data"), json.dumps(record).encode())
                # One at a time, and the newest on top: a list shows as many as it has room for.
                page.wait_for_function(
                    "(count) => Object.values(window.__seen.alerts).filter(Boolean).length > count",
                    arg=number,
                )
                page.wait_for_timeout(chance.uniform(100, 600))
            raised = until(lambda: _raised(display, gauges), "every alert")
        page.wait_for_timeout(1_000)
        found: dict[str, float] = page.evaluate("window.__seen.alerts")
    return cuts([(found[raised[gauge]] - at) / 1e3 for gauge, at in sent.items()])


CLOUDBURST: Final = 80.0
"""mm/h, an alert at once and of level 3: one of level 4 or 5 would take the screen."""


def _raised(display: Any, gauges: list[str]) -> dict[str, str] | None:  # noqa: ANN401 - a visitor
    of_gauges = display.alerts_of(gauges)
    found = {
        gauge: one["id"]
        for gauge, some in of_gauges.items()
        for one in some
        if one["rule"] == "rain-very-heavy"
    }
    return found if len(found) == len(gauges) else None
