"""A wall of a thousand tiles and a map of ten thousand points: first paint, frames, memory."""

import dataclasses
import time
from collections.abc import Mapping
from typing import Any, Final

from benchmarks.soak import Watched, watching
from tests.dashboards.served import Served, served
from tests.dashboards.stage import Stage, moment
from tests.end_to_end.conftest import browsing

BATCHES: Final = 40
PAUSE_S: Final = 0.25
CHANGED: Final = 100
"""Values in each batch: the server sends four batches a second at most."""

FRAMES: Final = """() => {
    const seen = { frames: 0, changed: 0, twice: 0, longest: 0 };
    window.__frames = seen;
    let before = performance.now(), written = 0;
    const rows = new WeakMap();
    new MutationObserver((changes) => {
        written += 1;
        for (const { target } of changes) {
            const of = rows.get(target) ?? { frame: -1, times: 0 };
            if (of.frame === seen.frames && of.call !== written) seen.twice += 1;
            rows.set(target, { frame: seen.frames, call: written });
        }
    }).observe(document.querySelector("main"),
        { subtree: true, childList: true, characterData: true });
    const frame = () => {
        const now = performance.now();
        seen.frames += 1;
        if (written) seen.changed += 1;
        written = 0;
        seen.longest = Math.max(seen.longest, now - before);
        before = now;
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
}"""
"""Counts frames, those that changed the board, and nodes written more than once in a frame."""


def tiles(count: int) -> dict[str, Any]:
    """Show so many tiles of single things on one board, and change a hundred values a batch."""
    stage = Stage.of("dien-bien")
    made = _many(stage, count)
    stage.things = made
    columns = 40
    panels = [
        {
            "id": f"tile-{number}",
            "type": "status",
            "kind": f"made-{number}",
            "x": number % columns,
            "y": number // columns,
            "w": 1,
            "h": 1,
            "title": {"vi": f"Ô {number}", "en": f"Tile {number}"},
        }
        for number in range(count)
    ]
    for number, thing in enumerate(made):
        thing["kind"] = f"made-{number}"
    board = {"columns": columns, "rows": -(-count // columns), "panels": panels}
    return _measured(stage, board, ".panel", count)


def points(count: int) -> dict[str, Any]:
    """Show so many things on a map that has the board for itself."""
    stage = Stage.of("dien-bien")
    stage.things = _many(stage, count)
    panel = {"id": "map", "type": "map", "x": 0, "y": 0, "w": 24, "h": 14}
    board = {"columns": 24, "rows": 14, "panels": [{**panel, "title": {"vi": "Bản đồ"}}]}
    return _measured(stage, board, ".map-sheet[data-way=gl]", 1)


def _many(stage: Stage, count: int) -> list[dict[str, Any]]:
    west, south, east, north = stage.site.bbox
    like = next(one for one in stage.things if one["datastreams"] and one["location"])
    found = []
    for number in range(count):
        place = [
            west + (east - west) * ((number * 0.618034) % 1),
            south + (north - south) * ((number * 0.754878) % 1),
        ]
        stream = {**like["datastreams"][0], "last": (float(stage.now), 1.0), "quality": "good"}
        found.append({**like, "id": f"made-{number}", "location": place, "datastreams": [stream]})
    return found


def _measured(stage: Stage, board: Mapping[str, Any], ready: str, count: int) -> dict[str, Any]:
    site = stage.answer("GET", "/site", {})
    site["boards"] = [{**site["boards"][0], **board, "id": "large"}]
    stage.more = {"/site": lambda _: site}
    stage.site = dataclasses.replace(stage.site, boards=())
    with browsing() as browser, served(stage) as wall:
        began = time.perf_counter()
        with watching(browser, wall, "/?board=large") as watched:
            page = watched.page
            page.wait_for_function(
                "([of, n]) => document.querySelectorAll(of).length >= n", arg=[ready, count]
            )
            complete = time.perf_counter() - began
            first = page.evaluate(
                "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
            )
            page.wait_for_timeout(2_000)
            page.evaluate(FRAMES)
            before = watched.metrics()
            took = _change(watched, wall, stage)
            after = watched.metrics()
            frames = page.evaluate("window.__frames")
            return {
                "first_paint_ms": round(first),
                "complete_s": round(complete, 2),
                **frames,
                "batches": BATCHES,
                "task_ms_a_batch": round(
                    (after["TaskDuration"] - before["TaskDuration"]) / BATCHES * 1e3, 1
                ),
                "script_ms_a_batch": round(
                    (after["ScriptDuration"] - before["ScriptDuration"]) / BATCHES * 1e3, 1
                ),
                "busy": round((after["TaskDuration"] - before["TaskDuration"]) / took, 2),
                **watched.weigh(),
            }


def _change(watched: Watched, wall: Served, stage: Stage) -> float:
    began = time.perf_counter()
    things = stage.things
    for batch in range(BATCHES):
        stage.now += 1
        data = {}
        for number in range(CHANGED):
            thing = things[(batch * CHANGED + number) % len(things)]
            name = thing["datastreams"][0]["name"]
            data[f"{thing['id']}/{name}"] = [stage.now, batch + number / 100, "good"]
        wall.say({"kind": "values", "at": moment(stage.now), "data": data})
        if batch % 8 == 0:
            wall.tick()
        time.sleep(PAUSE_S)
    wall.event("indicator", stage.indicators[0])
    watched.settle()
    return time.perf_counter() - began
