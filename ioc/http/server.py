"""The HTTP server: uvicorn, and what it must do differently for walls that do not read."""

import asyncio
import logging
import socket
from typing import Any, Final, cast

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from ioc.http.hub import TOO_SLOW

MOST_FRAME_BYTES: Final = 64 << 10
"""Of a client's frame; the largest subscription fits many times."""

_SEND_BUFFER_BYTES: Final = 128 << 10
_LINGER_S: Final = 20.0
_GRACEFUL_S: Final = 5


class WallSocket(WebSocketsSansIOProtocol):
    """A WebSocket that can be ended even when its other side reads nothing.

    uvicorn waits for room in the socket before it sends the closing frame, and then for ever for
    the buffer to drain. Here the closing frame is put behind what is already written, and the
    connection is dropped some time later, whatever was read of it. The kernel's buffer is kept
    small, so that a reader that has stopped is noticed early.
    """

    linger: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Bound what waits in the kernel and in the transport."""
        super().connection_made(transport)
        peer = transport.get_extra_info("socket")
        if peer is not None:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
        cast("asyncio.Transport", transport).set_write_buffer_limits(high=_SEND_BUFFER_BYTES)

    async def send(self, message: Any) -> None:  # noqa: ANN401 - uvicorn's union of messages
        """Send; a closing frame does not wait for room."""
        if message["type"] == "websocket.close":
            self.writable.set()
        await super().send(message)

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """Drop the connection some time after its conversation has ended."""
        super().on_task_complete(task)
        if not self.disconnected:
            self.linger = self.loop.call_later(_LINGER_S, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        if self.linger is not None:
            self.linger.cancel()
        super().connection_lost(exc)

    def keepalive_timeout(self) -> None:
        """Close as too slow whoever does not answer a ping."""
        self.pong_timer = None
        self.pending_ping_payload = None
        if self.close_sent or self.transport.is_closing():
            return
        reason = "no answer to a ping"
        self.queue.put_nowait({"type": "websocket.disconnect", "code": TOO_SLOW, "reason": reason})
        self.conn.send_close(TOO_SLOW, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.writable.set()


class _Quiet(logging.Filter):
    """Keeps out of the log what any client can provoke at will."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Drop the traceback of each frame that is no UTF-8."""
        return "Invalid UTF-8" not in record.getMessage()


def make_server(app: FastAPI, host: str, port: int) -> uvicorn.Server:
    """Make a server; whoever runs it may end it by ``should_exit``."""
    logging.getLogger("uvicorn.error").addFilter(_Quiet())
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            ws=WallSocket,
            ws_per_message_deflate=False,
            ws_max_size=MOST_FRAME_BYTES,
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_config=None,
            log_level="warning",
            timeout_graceful_shutdown=_GRACEFUL_S,
        )
    )


def serve(app: FastAPI, host: str, port: int, sock: socket.socket | None = None) -> None:
    """Serve until a signal says to stop; open requests are answered first.

    Args:
        app: of `ioc.http.app.create_app`.
        host: to listen on.
        port: to listen on.
        sock: already listening, in place of both.
    """
    if sock is not None:
        # asyncio does this only for sockets that name their protocol; without it the second half
        # of an answer waits 40 ms for the first to be acknowledged.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    make_server(app, host, port).run(sockets=None if sock is None else [sock])
