"""A wall's months in minutes: a real browser that is told, turned, cut off and robbed of its WebGL.

Every round goes once through all boards of the site, ends where it began and is then measured,
after a forced collection: what grows from round to round would, over months, end the wall.
"""

import dataclasses
import itertools
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import psutil
from playwright.sync_api import Browser, CDPSession, Page

from tests.dashboards.served import HEARD, Served, served, wait_for
from tests.dashboards.stage import Stage, alert, incident, moment, task
from tests.end_to_end.conftest import browsing

SCREEN: Final = "soak"
VALUES: Final = 4
"""Newest values in a frame."""
STANDING: Final = 24
"""Open alerts at any time."""
KEPT: Final = 2_000
"""A wall keeps so many records; of all else less (`model.ts`)."""
_HOUR: Final = 3600


@dataclass
class Day:
    """What a province says: an endless course of frames, the same for a seed.

    Attributes:
        second: how far the site's clock goes with each frame.
    """

    wall: Served
    second: float = 1.0
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    told: int = 0

    def __post_init__(self) -> None:
        stage = self.wall.stage
        self._streams = [
            (thing, stream)
            for thing in stage.things
            for stream in thing["datastreams"]
            if stream["last"] is not None
        ]
        self._number = itertools.count(1)
        self._start = stage.now

    def fill(self) -> None:
        """Fill what a wall keeps up to its bounds: records, things that went, closed alerts."""
        for _ in range(KEPT):
            self._record()
        for _ in range(KEPT // 2):
            self._thing()
        for _ in range(KEPT // 40):
            self._raise(1)
        self.settle()

    def go_on(self, frames: int) -> None:
        """Say so many frames of values, with what happens between them."""
        stage = self.wall.stage
        for _ in range(frames):
            self.told += 1
            stage.now = int(self._start + self.told * self.second)
            self.wall.say(self._values())
            if self.told % 2 == 0:
                self.wall.tick()
            if self.told % 7 == 0:
                self._alert()
            if self.told % 10 == 0:
                self._indicator()
            if self.told % 25 == 0:
                self._case()
            if self.told % 40 == 0:
                self._thing()

    def settle(self) -> None:
        """Close every alert and case there is, so that each round ends alike."""
        for one in self.wall.stage.alerts:
            self._close(one)
        self.wall.stage.alerts.clear()
        for kind, cases in (
            ("incident", self.wall.stage.incidents),
            ("task", self.wall.stage.tasks),
        ):
            for case in cases:
                self.wall.event(kind, {**case, "version": 9, "state": "closed"})
            cases.clear()

    def severe(self) -> str:
        """Raise an alert that takes the screen."""
        return str(self._raise(5)["id"])

    def _values(self) -> dict[str, Any]:
        at = self.wall.stage.now
        data = {}
        for thing, stream in self.chance.sample(self._streams, VALUES):
            value = round(stream["last"][1] * self.chance.uniform(0.98, 1.02) + 0.01, 2)
            stream["last"] = (at, value)
            data[f"{thing['id']}/{stream['name']}"] = [at, value, "good"]
        return {"kind": "values", "at": moment(at), "data": data}

    def _raise(self, severity: int) -> dict[str, Any]:
        stage = self.wall.stage
        about = self.chance.choice([one for one in stage.things if one["datastreams"]])
        made = alert(stage, about["id"], severity, id=f"soak-{next(self._number)}")
        made["raised_at"] = made["detected_at"] = moment(stage.now)
        stage.alerts.append(made)
        self.wall.event("alert", made)
        return made

    def _alert(self) -> None:
        alerts = self.wall.stage.alerts
        self._raise(self.chance.choice([1, 2, 3]))
        if len(alerts) > STANDING:
            answered = self.chance.choice(alerts[-5:])
            answered |= {"version": answered["version"] + 1, "state": "acknowledged"}
            self.wall.event("alert", answered)
            self._close(alerts.pop(0))

    def _close(self, one: dict[str, Any]) -> None:
        at = moment(self.wall.stage.now)
        over = {"version": one["version"] + 1, "state": "normal", "condition": "cleared"}
        self.wall.event("alert", {**one, **over, "cleared_at": at, "closed_at": at})

    def _indicator(self) -> None:
        one = self.chance.choice(self.wall.stage.indicators)
        one["value"] = round(one["value"] * self.chance.uniform(0.99, 1.01), 2)
        self.wall.event("indicator", one)

    def _case(self) -> None:
        stage = self.wall.stage
        number = next(self._number)
        if stage.alerts:
            opened = incident(stage, 2, id=f"soak-{number}")
            stage.incidents.append(opened)
            self.wall.event("incident", opened)
        given = task(stage, f"Việc {number}", id=f"soak-{number}")
        stage.tasks.append(given)
        self.wall.event("task", given)
        for kind, cases in (("incident", stage.incidents), ("task", stage.tasks)):
            if len(cases) > 6:
                self.wall.event(kind, {**cases.pop(0), "version": 9, "state": "closed"})
        self._record()

    def _record(self) -> None:
        record = {"type": "dossier", "id": f"soak-{next(self._number)}", "agency": None}
        at = moment(self.wall.stage.now)
        self.wall.event(
            "record", {**record, "state": "received", "at": at, "area": "province", "due": at}
        )

    def _thing(self) -> None:
        number = next(self._number)
        like = self.chance.choice(self.wall.stage.things)
        self.wall.event("thing", {**like, "id": f"soak-{number}"})
        self.wall.event("thing", {"id": f"soak-{number}", "removed": True})


class Watched:
    """A page on a wall, and what it weighs."""

    def __init__(self, page: Page, wall: Served) -> None:
        self.page = page
        self.wall = wall
        self.devtools: CDPSession = page.context.new_cdp_session(page)
        self.devtools.send("Performance.enable")
        self.devtools.send("HeapProfiler.enable")

    def heard(self) -> dict[str, int]:
        """Give what came by the sockets so far."""
        found: dict[str, int] = self.page.evaluate("window.__heard")
        return found

    def is_back(self) -> None:
        """Wait until it has a stream again."""
        wait_for(lambda: self.wall.walls, "the wall's coming back")

    def settle(self) -> None:
        """Wait until the page has heard and painted all that was told."""
        seq = self.wall.seq
        wait_for(lambda: self.heard()["seq"] >= seq, f"event {seq} in the page")
        self.page.evaluate("new Promise((r) => requestAnimationFrame(() => setTimeout(r)))")

    def drawn(self) -> None:
        """Wait until its map is drawn by WebGL. By no handle, for that would hold what it found."""
        self.page.locator(".map-sheet[data-way=gl]").first.wait_for()

    def metrics(self) -> dict[str, float]:
        """Give the browser's own figures."""
        told = self.devtools.send("Performance.getMetrics")["metrics"]
        return {one["name"]: one["value"] for one in told}

    def weigh(self) -> dict[str, float]:
        """Collect what nobody holds any more and give what is left."""
        for _ in range(3):
            self.devtools.send("HeapProfiler.collectGarbage")
            self.page.wait_for_timeout(100)
        told = self.metrics()
        return {
            "heap_mb": told["JSHeapUsedSize"] / 1e6,
            "nodes": told["Nodes"],
            "listeners": told["JSEventListeners"],
            "documents": told["Documents"],
            "renderer_mb": _resident("--type=renderer") / 1e6,
            "gpu_mb": _resident("--type=gpu-process") / 1e6,
        }


def _resident(kind: str) -> int:
    """Give the memory of this program's largest browser process of a kind."""
    found = [0]
    for process in psutil.Process().children(recursive=True):
        try:
            if kind in process.cmdline():
                found.append(process.memory_info().rss)
        except psutil.Error:
            continue
    return max(found)


@contextmanager
def watching(browser: Browser, wall: Served, address: str) -> Iterator[Watched]:
    """Open a page on a served stage."""
    context = browser.new_context(
        locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport={"width": 1920, "height": 1080}
    )
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.add_init_script(HEARD)
    page.goto(wall.url + address)
    page.locator("[data-board] [data-panel]").first.wait_for()
    yield Watched(page, wall)
    context.close()
    assert faults == []


LOSE: Final = """async () => {
    const canvas = document.querySelector(".maplibregl-canvas");
    canvas.getContext("webgl2").getExtension("WEBGL_lose_context").loseContext();
    const end = performance.now() + 30_000;
    while (canvas.isConnected || !document.querySelector(".map-sheet[data-way=gl]")) {
        if (performance.now() > end) return false;
        await new Promise((r) => setTimeout(r, 20));
    }
    return true;
}"""
"""Take the map's WebGL away, as a graphics card does, and wait until another map stands there."""


@dataclass
class Life:
    """What a wall goes through, and how often it did.

    Attributes:
        boards: how many take turns.
        frames: frames of values while a board stands.
    """

    watched: Watched
    day: Day
    boards: int
    frames: int
    turns: int = 0
    cuts: int = 0
    lost: int = 0
    severe: int = 0

    def round(self, *, anew: bool) -> None:
        """Go once through all boards, with a cut, both themes and languages, a lost context.

        Args:
            anew: whether the wall that was cut off gets a snapshot, not what it missed.
        """
        for step in range(self.boards):
            self._turn()
            self.day.go_on(self.frames)
            if step == 3:
                self._cut(anew=anew)
            if step in (5, 9):
                self.watched.page.keyboard.press("l")
                self.watched.page.keyboard.press("t")
            self.watched.settle()
        self.day.settle()
        self.watched.settle()
        self.watched.drawn()
        assert self.watched.page.evaluate(LOSE), "a lost map is drawn again"
        self.lost += 1
        self._severe()
        self.day.settle()
        for _ in range(self.boards):
            if self.watched.page.locator("ioc-board[data-board=wall]").count():
                break
            self._turn()
        self.watched.drawn()

    def _turn(self) -> None:
        opened = self.day.wall.opened
        self.watched.page.keyboard.press("ArrowRight")  # a turned wall opens its stream anew
        wait_for(lambda: self.day.wall.opened > opened, "another board's stream")
        self.turns += 1

    def _cut(self, *, anew: bool) -> None:
        self.day.wall.anew = anew
        self.day.wall.cut()
        self.watched.is_back()
        self.day.wall.anew = False
        self.cuts += 1

    def _severe(self) -> None:
        page, found = self.watched.page, self.day.severe()
        page.locator(f'ioc-detail [data-alert="{found}"]').first.wait_for()
        page.keyboard.press("Escape")
        self.severe += 1


def soak(updates: int, rounds: int) -> dict[str, Any]:
    """Let a wall live; give what it weighed after each round.

    Args:
        updates: values and events to be heard at least.
        rounds: how often it goes through all boards.
    """
    stage = Stage.of("dien-bien")
    boards = tuple(
        dataclasses.replace(one, screens=(SCREEN,), seconds=_HOUR) for one in stage.site.boards
    )
    stage.site = dataclasses.replace(stage.site, boards=boards)
    frames = round(updates / rounds / len(boards) / (VALUES + 0.5)) + 1
    weights: list[dict[str, float]] = []
    began = time.perf_counter()
    address = f"/?board=wall&screen={SCREEN}&kiosk"
    with (
        browsing() as browser,
        served(stage) as wall,
        watching(browser, wall, address) as watched,
    ):
        life = Life(watched, Day(wall), len(boards), frames)
        life.day.fill()
        for number in range(rounds + 1):
            if number:
                life.round(anew=number % 2 == 0)
            watched.settle()
            weights.append({"updates": _updates(watched), **watched.weigh()})
        heard = watched.heard()
    return {
        "seconds": round(time.perf_counter() - began),
        "frames": heard["frames"],
        "values": heard["values"],
        "events": heard["events"],
        "sockets": heard["sockets"],
        "site_hours": round(life.day.told * life.day.second / _HOUR, 1),
        "turns": life.turns,
        "cuts": life.cuts,
        "lost": life.lost,
        "severe": life.severe,
        "weights": weights,
        "slopes": {name: slope(weights, name) for name in ("heap_mb", "nodes", "listeners")},
    }


def _updates(watched: Watched) -> int:
    heard = watched.heard()
    return heard["values"] + heard["events"]


def slope(weights: list[dict[str, float]], name: str) -> dict[str, float]:
    """Give growth for 100,000 updates by least squares, without the first quarter: warming up."""
    some = weights[len(weights) // 4 :]
    x = np.array([one["updates"] for one in some]) / 100_000
    y = np.array([one[name] for one in some])
    a, b = np.polyfit(x, y, 1)
    return {
        "first": float(y[0]),
        "last": float(y[-1]),
        "per_100k": float(a),
        "share": float(a * (x[-1] - x[0]) / max(1e-9, b + a * x[0])),
    }
