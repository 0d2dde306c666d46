"""A wall on a stage: the built files in a real browser, and a server played by the test.

What the wall is told comes from a site's own files and from the simulators, at one fixed instant,
so that every board can be looked at in any state (quiet, a flood, stale data, a lost link)
without a broker, a database or waiting. Nothing here knows how a panel draws.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from playwright.sync_api import Page, Route, WebSocketRoute

from ioc.core.site import Site
from ioc.http.site_document import site_document
from ioc.sites import read_site
from ioc.words import catalogue
from simulators.registry import Days, Simulator, discover
from simulators.world import World, read_climate

ROOT: Final = Path(__file__).resolve().parents[2]
BUILT: Final = ROOT / "ioc" / "_wall"
ORIGIN: Final = "http://wall.test"
NOW: Final = 1_795_314_000
"""2026-11-22T09:20:00+07:00, a working morning."""

_TYPES: Final = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


@dataclass
class Stage:
    """What the played server says.

    Attributes:
        site: whose boards and things.
        alerts, incidents, tasks: as the contract has them.
        lag: seconds the newest values are old beyond their period: makes data stale.
        user: whoever is logged in; a display unless told.
        more: answers to further paths under ``/api/v1``, before any other.
    """

    site: Site
    now: int = NOW
    alerts: list[dict[str, Any]] = field(default_factory=list)
    incidents: list[dict[str, Any]] = field(default_factory=list)
    tasks: list[dict[str, Any]] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    lag: int = 0
    user: dict[str, Any] | None = None
    more: Mapping[str, Callable[[Mapping[str, str]], Any]] = field(default_factory=dict)
    sockets: list[WebSocketRoute] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    answering: bool = True

    @classmethod
    def of(cls, name: str, **more: Any) -> "Stage":
        """Set the stage of a site."""
        return cls(read_site(name), **more)

    def open(self, page: Page, address: str = "/?board=wall") -> None:
        """Show the wall in a page and wait for its board."""
        page.route(re.compile(".*"), self._serve)
        page.route_web_socket(re.compile(r".*/api/v1/stream.*"), self._follow)
        page.goto(ORIGIN + address)
        page.wait_for_selector("[data-board] [data-panel]")

    def send(self, *frames: Mapping[str, Any]) -> None:
        """Say something on every open stream."""
        for socket in self.sockets:
            for frame in frames:
                socket.send(json.dumps(frame))

    def tick(self) -> None:
        """Say what the server says every two seconds."""
        self.send({"kind": "tick", "now": moment(self.now), "seq": 1, "lag": 0.4})

    def cut(self) -> None:
        """Take the server away: the streams end and nothing is answered any more."""
        self.answering = False
        for socket in self.sockets:
            socket.close(code=1011, reason="gone")
        self.sockets.clear()

    # ------------------------------------------------------------------ what is known
    @property
    def _days(self) -> Days:
        return _played(self.site.id)

    @cached_property
    def things(self) -> list[dict[str, Any]]:
        """The registry as ``GET /things`` has it, with the newest simulated values."""
        simulators = _simulators()
        found = []
        for thing in self.site.things:
            player = simulators.get(thing.kind)
            if player is None:
                continue
            about = player.about(thing, thing.via)
            newest: dict[str, tuple[float, float]] = {}
            for stream, at, values in self._days.between(thing.id, self.now - 86_400, self.now):
                newest[stream.name] = (float(at[-1]) - self.lag, float(values[-1]))
            found.append(
                {
                    "id": thing.id,
                    "area": thing.area,
                    "kind": thing.kind,
                    "name": about["name"],
                    "location": about["location"],
                    "origin": "simulated",
                    "described": True,
                    "status": "online",
                    "via": thing.via,
                    "limits": about.get("limits", {}),
                    "datastreams": [
                        {
                            "name": name,
                            "unit": told.get("unit", ""),
                            "period": told.get("period"),
                            "levels": told.get("levels") or [],
                            "label": told.get("name"),
                            "resolution": told.get("resolution"),
                            "last": newest.get(name),
                            "quality": "good" if name in newest else "missing",
                        }
                        for name, told in about["datastreams"].items()
                    ],
                }
            )
        return found

    @cached_property
    def indicators(self) -> list[dict[str, Any]]:
        """Every indicator of the site, with values spread about their targets."""
        found = []
        places = [area.id for area in self.site.areas]
        for row in self.site.indicator_rows:
            wide = row.get("areas", "each") == "province"
            for place in ["province"] if wide else places:
                found.append(_indicator(row, place, self.now))
        return found

    def history(self, key: str, start: float, points: int) -> list[Any]:
        """One datastream's past, reduced."""
        thing, _, name = key.rpartition("/")
        try:
            told = self._days.between(thing, int(start), self.now)
        except KeyError:
            return []
        found = [
            (float(t), float(v))
            for stream, at, values in told
            if stream.name == name
            for t, v in zip(at, values, strict=True)
        ]
        step = max(1, len(found) // points)
        return [[t, v, v, v, 1] for t, v in found[::step]]

    # ------------------------------------------------------------------ how it answers
    def _serve(self, route: Route) -> None:
        url = urlsplit(route.request.url)
        if not route.request.url.startswith(ORIGIN):
            if url.scheme not in ("data", "blob"):
                self.foreign.append(route.request.url)
            route.continue_() if url.scheme in ("data", "blob") else route.abort()
            return
        self.asked.append(url.path)
        if not self.answering:
            route.abort("connectionrefused")
        elif url.path.startswith("/api/v1/"):
            query = {key: values[-1] for key, values in parse_qs(url.query).items()}
            body = self.answer(route.request.method, unquote(url.path[7:]), query)
            if body is None:
                route.fulfill(status=HTTPStatus.NOT_FOUND, json={"title": "unknown"})
            else:
                route.fulfill(json=body)
        else:
            content, kind = self.file(url.path)
            if content is None:
                route.fulfill(status=HTTPStatus.NOT_FOUND)
            else:
                route.fulfill(body=content, content_type=kind)

    def file(self, path: str) -> tuple[bytes | None, str]:
        """A file the wall is made of, and its type; None where there is none."""
        if path.endswith(".ftl"):
            return catalogue(path[7:-4]).encode(), "text/plain; charset=utf-8"
        file = BUILT / (path.lstrip("/") or "index.html")
        kind = _TYPES.get(file.suffix, "application/octet-stream")
        return (file.read_bytes() if file.is_file() else None), kind

    def hello(self, seq: int = 1) -> dict[str, Any]:
        """The first frame of a stream."""
        return {
            "kind": "hello",
            "seq": seq,
            "site": self.site.id,
            "build": "stage",
            "now": moment(self.now),
        }

    def snapshot(self, seq: int = 1) -> dict[str, Any]:
        """The frame that says all there is."""
        open_ones = [one for one in self.alerts if one["closed_at"] is None]
        data = {"things": self.things, "alerts": open_ones, "indicators": self.indicators}
        data |= {"incidents": self.incidents, "tasks": self.tasks}
        return {"kind": "snapshot", "seq": seq, "data": data}

    def answer(self, method: str, path: str, query: Mapping[str, str]) -> Any:
        """What a path under ``/api/v1`` gives; None where nobody knows it."""
        if path in self.more:
            return self.more[path](query)
        if method != "GET":
            return None
        if path == "/site":
            clock = {"epoch": moment(self.now), "start": moment(self.now), "speed": 1}
            told = {**clock, "paused": False, "now": moment(self.now)}
            return {**site_document(self.site), "clock": told}
        if path == "/me":
            nobody = {"username": None, "role": "display", "areas": (), "agency": None}
            return self.user or nobody
        if found := re.fullmatch(r"/things/([^/]+)/datastreams/([^/]+)/observations", path):
            start = _seconds(query["from"])
            key = f"{found[1]}/{found[2]}"
            items = self.history(key, start, int(query.get("points", 300)))
            return {"items": items, "next": None}
        if found := re.fullmatch(r"/indicators/([^/]+)(/lineage)?", path):
            return self._indicator(found[1], query.get("area", "province"), bool(found[2]))
        if path == "/review":
            return self._review()
        if found := re.fullmatch(r"/things/([^/]+)", path):
            return next((one for one in self.things if one["id"] == found[1]), None)
        if path == "/alerts":
            closed = query.get("state") == "closed"
            some = [one for one in self.alerts if (one["closed_at"] is not None) == closed]
            if not closed:
                some = [one for one in some if one["state"] == query.get("state", one["state"])]
            return {"items": some, "next": None}
        lists = {"/things": self.things, "/indicators": self.indicators}
        lists |= {"/incidents": self.incidents, "/tasks": self.tasks}
        if path in lists:
            return {"items": lists[path], "next": None}
        if path == "/records":
            some = [one for one in self.records if one["type"] == query.get("type", one["type"])]
            return {"items": some, "next": None}
        return None

    def _indicator(self, name: str, area: str, lineage: bool) -> Any:
        found = next(
            (one for one in self.indicators if (one["id"], one["area"]) == (name, area)), None
        )
        if found is None:
            return None
        if lineage:
            return {**found, "formula": "mean(of)", "window": "7d", "inputs": self._inputs()}
        value = found["value"]
        hours = range(self.now - 7 * 86_400, self.now, 3600)
        trend = [[at, round(value * (1 + math.sin(at / 40_000) / 25), 2), 1.0] for at in hours]
        return {**found, "trend": trend}

    def _inputs(self) -> list[dict[str, Any]]:
        return [
            {
                "thing": thing["id"],
                "datastream": thing["datastreams"][0]["name"],
                "part": "of",
                "newest": moment(self.now - 60),
                "value": 12.5,
                "count": 96,
                "total": 1200.0,
                "contribution": 0.1,
            }
            for thing in self.things[:10]
        ]

    def _review(self) -> dict[str, Any]:
        over = [one for one in self.alerts if one["closed_at"]]
        stand = [one for one in self.alerts if not one["closed_at"]]
        parts = {"raised": self.alerts, "cleared": over, "open": stand, "assigned": [], "late": []}
        counts = {name: len(some) for name, some in parts.items()}
        times = {"since": moment(self.now - 86_400), "until": moment(self.now)}
        return {**times, **parts, "counts": counts}

    def _follow(self, socket: WebSocketRoute) -> None:
        def heard(text: str | bytes) -> None:
            if '"subscribe"' not in str(text):
                return
            self.sockets.append(socket)
            for frame in (
                self.hello(),
                self.snapshot(),
                {"kind": "tick", "now": moment(self.now), "seq": 1, "lag": 0.4},
            ):
                socket.send(json.dumps(frame))

        if not self.answering:
            socket.close(code=1011, reason="gone")
            return
        socket.on_message(heard)


@lru_cache
def _simulators() -> Mapping[str, Simulator]:
    return discover()


@lru_cache
def _played(name: str) -> Days:
    """Play a site's things; once, for looking at a day of all of them takes seconds."""
    site = read_site(name)
    played = [thing for thing in site.things if thing.kind in _simulators()]
    world = World(site.seed, site.areas, climate=read_climate(site.id))
    days = Days(world, _simulators(), len(played))
    for thing in played:
        days.add(thing)
    return days


def moment(time: float) -> str:
    """Write seconds since 1970 UTC as the contract's times are written."""
    return datetime.fromtimestamp(time, UTC).isoformat()


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def alert(stage: Stage, thing: str, severity: int, **change: Any) -> dict[str, Any]:
    """Raise an alert on a thing of the stage, a few minutes ago."""
    about = next(one for one in stage.things if one["id"] == thing)
    stream = about["datastreams"][0]
    number = len(stage.alerts) + 1
    raised = moment(stage.now - 60 * number)
    made = {
        "id": f"a{number}",
        "version": 1,
        "seq": number,
        "rule": "rule",
        "thing": thing,
        "datastream": stream["name"],
        "area": about["area"],
        "severity": severity,
        "condition": "active",
        "state": "unacknowledged",
        "shelved_until": None,
        "suppressed_by": None,
        "origin": "simulated",
        "history": False,
        "raised_at": raised,
        "detected_at": raised,
        "cleared_at": None,
        "closed_at": None,
        "reason": None,
        "value": 52.4,
        "limit": 50,
        "unit": stream["unit"],
        "message": {
            "vi": f"{about['name']['vi']}: vượt ngưỡng cho phép, cần kiểm tra ngay",
            "en": f"{about['name']['en']}: over its limit, to be looked at now",
        },
        "response": {"vi": "Gọi trực ban huyện", "en": "Call the district's duty officer"},
        "incident": None,
        "steps": [{"at": raised, "by": "centre", "step": "raise", "note": ""}],
    }
    return {**made, **change}


def incident(stage: Stage, severity: int, **change: Any) -> dict[str, Any]:
    """Open an incident over the alerts there are, given to somebody an hour ago."""
    number = len(stage.incidents) + 1
    root = stage.alerts[(number - 1) % len(stage.alerts)]
    made = {
        "id": f"i{number}",
        "version": 2,
        "state": "in-progress",
        "severity": severity,
        "area": root["area"],
        "origin": "simulated",
        "title": root["message"],
        "received_at": moment(stage.now - 4000),
        "root": {"alert": root["id"], "thing": root["thing"]},
        "alerts": [one["id"] for one in stage.alerts[: number + 1]],
        "owner": "Ban Chỉ huy PCTT và TKCN huyện",
        "due": moment(stage.now + 1800 * (number - 2)),
        "late": number < 2,
        "reason": None,
        "steps": [{"at": moment(stage.now - 4000), "by": "centre", "step": "receive", "note": ""}],
    }
    return {**made, **change}


def task(stage: Stage, title: str, **change: Any) -> dict[str, Any]:
    """Give somebody a task."""
    number = len(stage.tasks) + 1
    made = {
        "id": f"t{number}",
        "version": 1,
        "incident": "i1",
        "title": title,
        "from": "Phó Chủ tịch UBND tỉnh",
        "owner": "Sở Nông nghiệp và Môi trường",
        "area": "province",
        "origin": "simulated",
        "due": moment(stage.now + 7200 * (number - 1)),
        "state": "assigned",
        "late": number == 1,
        "steps": [],
    }
    return {**made, **change}


def _indicator(row: Mapping[str, Any], area: str, now: int) -> dict[str, Any]:
    target = row.get("target")
    shift = sum(map(ord, row["id"] + area)) % 17 - 6
    base = float(target) if target is not None else 40.0
    value = base * (1 + shift / 60) if base else float(max(0, shift // 4))
    value = round(min(value, 100.0) if row.get("unit") == "%" else value, row.get("decimals", 2))
    up = row.get("direction", "up") == "up"
    fine = target is None or (value >= target if up else value <= target)
    return {
        "id": row["id"],
        "area": area,
        "name": dict(row["name"]) if isinstance(row["name"], Mapping) else row["name"],
        "value": value,
        "unit": row.get("unit", ""),
        "target": target,
        "direction": row.get("direction", "up"),
        "standing": "unknown" if target is None else "on-target" if fine else "off-target",
        "previous": round(value * 0.99, 2),
        "period": [moment(now - 86_400), moment(now)],
        "coverage": 1.0,
        "oldest_input": moment(now - 900),
        "decimals": row.get("decimals"),
        "owner": row.get("owner"),
        "source": row.get("source"),
        "origin": "simulated",
    }


UNFIT: Final = """() => {
    const words = (e) => e.textContent.trim().replace(/\\s+/g, " ").slice(0, 80);
    const found = [];
    for (const e of document.querySelectorAll(".panel *, ioc-header *, ioc-boards *, .strip *")) {
        const style = getComputedStyle(e);
        if (style.visibility === "hidden" || !e.clientWidth) continue;
        if (e.classList.contains("unseen")) continue;
        const speaks = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
        const cuts = style.overflowX === "hidden" || style.overflowY === "hidden";
        const wide = e.scrollWidth - e.clientWidth, high = e.scrollHeight - e.clientHeight;
        if (speaks && cuts && (wide > 1 || high > 2)) found.push(`clipped: ${words(e)}`);
    }
    for (const panel of document.querySelectorAll(".panel")) {
        const id = panel.dataset.panel, edge = panel.getBoundingClientRect();
        if (panel.classList.contains("broken")) found.push(`broken: ${id}: ${words(panel)}`);
        else if (!words(panel.querySelector(".panel-body") ?? panel)) found.push(`empty: ${id}`);
        for (const e of panel.querySelectorAll("*")) {
            if (!e.checkVisibility()) continue;
            if (e.closest(".map-sheet, .newest, .uplot, .rows, .troubled, .unseen")) continue;
            const box = e.getBoundingClientRect();
            if (box.bottom <= edge.bottom + 1 && box.right <= edge.right + 1) continue;
            found.push(`outside ${id}: ${words(e)}`);
            break;
        }
    }
    const range = document.createRange();
    for (const e of document.querySelectorAll(".grid-table th, .status-name")) {
        const texts = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
        while (e.clientWidth && texts.nextNode()) {
            const text = texts.currentNode;
            for (const word of text.data.matchAll(/[^\\s/–-]+/g)) {
                range.setStart(text, word.index);
                range.setEnd(text, word.index + word[0].length);
                const lines = new Set([...range.getClientRects()].map(({ top }) => top));
                if (lines.size > 1) found.push(`within a word: ${word[0]} of ${words(e)}`);
            }
        }
    }
    return found;
}"""
"""What does not fit: clipped or broken words, empty or broken panels, what hangs out of a tile."""
