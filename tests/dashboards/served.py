"""A stage behind a real port: for what counts bytes, sockets and hours.

`Stage.open` answers inside the browser's own driver, which keeps what it relays; here the page
speaks HTTP and WebSocket to a server of its own, as it does to ours, and resumes by ``seq``.
"""

import asyncio
import json
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.dashboards.stage import Stage, moment

_KEPT: Final = 4_000
_WITHIN_S: Final = 60.0
GONE: Final = 1011


class Served:
    """A running server that says what its stage says.

    Attributes:
        url: where it is.
        seq: of the newest event told.
        opened: how many streams were opened.
        anew: whether who comes back gets a snapshot, as after a long way.
    """

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.seq = 1
        self.opened = 0
        self.anew = False
        self._told: deque[tuple[int, str]] = deque(maxlen=_KEPT)
        self._walls: set[WebSocket] = set()
        self._loop = asyncio.new_event_loop()
        listening = socket.create_server(("127.0.0.1", 0))
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        routes = [
            WebSocketRoute("/api/v1/stream", self._stream),
            Route("/{path:path}", self._answer, methods=["GET", "POST"]),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes),
            lifespan="off",
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            log_level="error",
            log_config=None,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, args=(listening,), daemon=True)
        self._thread.start()
        end = time.monotonic() + _WITHIN_S
        while not self._server.started:
            assert time.monotonic() < end, "the stage's server did not start"
            time.sleep(0.01)

    @property
    def walls(self) -> int:
        """How many streams are open now."""
        return len(self._walls)

    def say(self, *frames: Mapping[str, Any]) -> None:
        """Say frames on every open stream, and wait until they are on their way."""
        self._do(self._say([self._write(frame) for frame in frames]))

    def event(self, kind: str, data: Mapping[str, Any]) -> None:
        """Say an event, and keep it for who resumes."""
        self.seq += 1
        at = moment(self.stage.now)
        text = self._write({"kind": kind, "seq": self.seq, "at": at, "data": data})
        self._told.append((self.seq, text))
        self._do(self._say([text]))

    def tick(self) -> None:
        """Say what the server says every two seconds."""
        self.say(self._tick())

    def cut(self) -> None:
        """Drop every stream, as a dying server does."""
        self._do(self._cut())

    def end(self) -> None:
        """Stop serving."""
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(_WITHIN_S)

    def _run(self, listening: socket.socket) -> None:
        with listening, closing(self._loop):
            self._loop.run_until_complete(self._server.serve(sockets=[listening]))

    def _do(self, saying: Any) -> None:
        asyncio.run_coroutine_threadsafe(saying, self._loop).result(_WITHIN_S)

    async def _say(self, texts: Iterable[str]) -> None:
        for text in texts:
            for wall in tuple(self._walls):
                await _send(wall, text)

    async def _cut(self) -> None:
        walls, self._walls = self._walls, set()
        for wall in walls:
            try:
                await wall.close(GONE)
            except (RuntimeError, WebSocketDisconnect):
                continue  # it went by itself

    def _write(self, frame: Mapping[str, Any]) -> str:
        return json.dumps(frame, ensure_ascii=False)

    def _tick(self) -> dict[str, Any]:
        return {"kind": "tick", "now": moment(self.stage.now), "seq": self.seq, "lag": 0.4}

    async def _answer(self, request: Request) -> Response:
        body, kind = self.stage.file(request.url.path)
        if body is not None:
            return Response(body, media_type=kind)
        answer = self.stage.answer(
            request.method, request.url.path.removeprefix("/api/v1"), request.query_params
        )
        if answer is None:
            return JSONResponse({"title": "unknown"}, 404)
        return JSONResponse(answer)

    async def _stream(self, wall: WebSocket) -> None:
        await wall.accept()
        try:
            asked = json.loads(await wall.receive_text())
            await wall.send_text(self._write(self.stage.hello(self.seq)))
            after = asked.get("after")
            first = self._told[0][0] if self._told else self.seq + 1
            if self.anew or after is None or after < first - 1:
                await wall.send_text(self._write(self.stage.snapshot(self.seq)))
            else:
                for seq, text in tuple(self._told):
                    if seq > after:
                        await wall.send_text(text)
            await wall.send_text(self._write(self._tick()))
            self.opened += 1
            self._walls.add(wall)
            while True:
                await wall.receive_text()
        except (WebSocketDisconnect, RuntimeError):
            return
        finally:
            self._walls.discard(wall)


async def _send(wall: WebSocket, text: str) -> None:
    try:
        await wall.send_text(text)
    except (WebSocketDisconnect, RuntimeError):
        return  # it has gone, and comes back by itself


@contextmanager
def served(stage: Stage) -> Iterator[Served]:
    """Serve a stage."""
    made = Served(stage)
    try:
        yield made
    finally:
        made.end()


HEARD: Final = """(() => {
    const heard = { frames: 0, values: 0, events: 0, seq: 0, sockets: 0, paints: 0 };
    window.__heard = heard;
    const Real = window.WebSocket;
    window.WebSocket = class extends Real {
        constructor(...parts) {
            super(...parts);
            heard.sockets += 1;
            this.addEventListener("message", ({ data }) => {
                const frame = JSON.parse(data);
                heard.frames += 1;
                if (frame.kind === "values") heard.values += Object.keys(frame.data).length;
                else if (frame.kind !== "hello" && frame.kind !== "tick") heard.events += 1;
                if (frame.seq > heard.seq) heard.seq = frame.seq;
            });
        }
    };
})()"""
"""Put before a page's own scripts: counts what comes by its sockets."""


def wait_for(asked: Callable[[], object], what: str) -> None:
    """Ask until it is so."""
    end = time.monotonic() + _WITHIN_S
    while not asked():
        assert time.monotonic() < end, f"not within {_WITHIN_S:g} s: {what}"
        time.sleep(0.02)
