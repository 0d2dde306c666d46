"""The WebSocket ``/api/v1/stream``: who may open it, what it hears, how it ends."""

import asyncio
import contextlib
from typing import Any, Final

import orjson
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from ioc.centre.ports import StoreAwayError
from ioc.http.access import Permission, Principal
from ioc.http.here import API, Here
from ioc.http.hub import NO_LOGIN, NO_ROLE, POLICY, TRY_LATER, Client, encode
from ioc.http.subscription import Audience, SubscribeError, read_subscription

PATH: Final = f"{API}/stream"
_LOGIN_S: Final = 5.0
_BURST: Final = 20
_PER_S: Final = 5.0


class _Closed(Exception):  # noqa: N818 - no error: the way out of a conversation
    """The stream is to be closed with a code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def stream_route(here: Here) -> WebSocketRoute:
    """Make the route."""

    async def stream(websocket: WebSocket) -> None:
        if not here.gate.is_own(websocket):
            await websocket.close()  # before it was accepted: the handshake is answered with 403
            return
        await websocket.accept()
        try:
            await _converse(here, websocket)
        except _Closed as end:
            here.hub.closed(end.code)
            with contextlib.suppress(RuntimeError, WebSocketDisconnect, OSError):
                await websocket.close(end.code, end.reason)
        except (WebSocketDisconnect, OSError):
            return  # the client has gone; it knows where to resume

    return WebSocketRoute(PATH, stream, name="stream")


async def _converse(here: Here, websocket: WebSocket) -> None:
    principal, first = await _log_in(here, websocket)
    if not principal.may(Permission.STREAM):
        raise _Closed(NO_ROLE, f"the role {principal.role.value} has no stream")
    if not here.hub.started:
        raise _Closed(TRY_LATER, "the database is away")
    await websocket.send_text(here.hub.hello())
    client = here.hub.join(principal)
    tasks = [
        asyncio.create_task(_listen(here, websocket, client, first)),
        asyncio.create_task(_speak(websocket, client)),
    ]
    try:
        ends: list[asyncio.Future[Any]] = [*tasks, client.kicked]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        if client.kicked.done():
            raise _Closed(*client.kicked.result())
        for task in tasks:
            if task.done():
                task.result()
    finally:
        here.hub.leave(client)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _log_in(here: Here, websocket: WebSocket) -> tuple[Principal, dict[str, Any] | None]:
    """Tell who opened the stream: by header or cookie, by address, else by the first frame.

    Gives also the rest of that first frame.
    """
    shown = websocket.query_params.get("token")
    principal = await _who(here, websocket if shown is None else shown)
    rest: dict[str, Any] | None = None
    if principal is None and shown is None:
        # A stale cookie does not keep out who has a token to say.
        try:
            async with asyncio.timeout(_LOGIN_S):
                rest = _read(await _heard(websocket))
        except TimeoutError as late:
            raise _Closed(NO_LOGIN, "no login") from late
        except SubscribeError as wrong:
            raise _Closed(NO_LOGIN, "no login") from wrong
        token = rest.pop("token", None)
        principal = await _who(here, token) if isinstance(token, str) else None
    if principal is None:
        raise _Closed(NO_LOGIN, "no login")
    return principal, rest


async def _who(here: Here, shown: WebSocket | str) -> Principal | None:
    try:
        if isinstance(shown, str):
            return await here.gate.who(shown)
        return (await here.gate.caller(shown))[0]
    except StoreAwayError as away:
        raise _Closed(TRY_LATER, "the database is away") from away


async def _listen(
    here: Here, websocket: WebSocket, client: Client, first: dict[str, Any] | None
) -> None:
    """Take the client's frames. A flood of them ends it; a wrong one is answered and counted."""
    loop = asyncio.get_running_loop()
    allowance, asked_at = float(_BURST), loop.time()
    if first:
        await _obey(here, client, first)
    while True:
        try:
            frame = _read(await _heard(websocket))
        except SubscribeError as wrong:
            frame = {}
            client.put("error", encode({"kind": "error", "detail": str(wrong)}))
        now = loop.time()
        allowance = min(_BURST, allowance + (now - asked_at) * _PER_S) - 1
        asked_at = now
        if allowance < 0:
            raise _Closed(POLICY, "too many frames")
        if frame:
            await _obey(here, client, frame)


async def _obey(here: Here, client: Client, frame: dict[str, Any]) -> None:
    if "subscribe" not in frame:
        if "token" not in frame:  # said again by a client that had a cookie: no matter
            fault = 'say {"subscribe": …}'
            client.put("error", encode({"kind": "error", "detail": fault}))
        return
    try:
        subscription = read_subscription(frame["subscribe"], here.content.site.boards)
    except SubscribeError as wrong:
        client.put("error", encode({"kind": "error", "detail": str(wrong)}))
        return
    try:
        audience = Audience.of(subscription, client.principal)
        await here.hub.subscribe(client, audience, frame.get("after"))
    except StoreAwayError as away:
        raise _Closed(TRY_LATER, "the database is away") from away


async def _speak(websocket: WebSocket, client: Client) -> None:
    while True:
        await websocket.send_text(await client.take())


async def _heard(websocket: WebSocket) -> str:
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1006))
    text = message.get("text")
    if not isinstance(text, str):
        raise SubscribeError("frames are JSON text")
    return text


def _read(text: str) -> dict[str, Any]:
    try:
        frame = orjson.loads(text)
    except orjson.JSONDecodeError as wrong:
        raise SubscribeError("that is no JSON") from wrong
    if not isinstance(frame, dict):
        raise SubscribeError("a frame is an object")
    return frame
