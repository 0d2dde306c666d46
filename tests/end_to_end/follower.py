"""A client of the WebSocket that never gives up: it comes back behind the last `seq` it saw."""

import json
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final, Self

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tests.end_to_end.demo import API, until

DURABLE: Final = ("alert", "indicator", "incident", "task", "thing", "record", "drill")
Frame = dict[str, Any]


class Follower:
    """Keeps every frame it was sent, over any number of connections."""

    def __init__(
        self, url: str, token: str, subscribe: Mapping[str, Any], after: int | None = None
    ) -> None:
        self.frames: list[Frame] = []
        self.connections = 0
        self.seq = after
        self._url = f"{url.replace('http', 'ws', 1)}{API}/stream"
        self._token = token
        self._subscribe = dict(subscribe)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()
        self.wait(lambda frame: frame["kind"] in ("snapshot", "tick"), "the stream's first word")

    def _follow(self) -> None:
        while not self._stop.wait(0.1):
            try:
                with connect(self._url, proxy=None, max_size=None) as line:
                    said: Frame = {"token": self._token, "subscribe": self._subscribe}
                    if self.seq is not None:
                        said["after"] = self.seq
                    line.send(json.dumps(said))
                    self.connections += 1
                    while not self._stop.is_set():
                        try:
                            self._keep(json.loads(line.recv(timeout=0.2)))
                        except TimeoutError:
                            continue
            except (OSError, WebSocketException):
                continue  # the server is away; so does any client of it wait and try again

    def _keep(self, frame: Frame) -> None:
        self.frames.append(frame)
        if frame["kind"] in ("snapshot", "tick", *DURABLE):
            self.seq = frame["seq"]

    def events(self, kind: str | None = None) -> list[Frame]:
        """Give the durable events, in the order they came."""
        wanted = DURABLE if kind is None else (kind,)
        return [frame for frame in list(self.frames) if frame["kind"] in wanted]

    def wait(self, chosen: Callable[[Frame], Any], what: str) -> Frame:
        """Wait for a frame."""

        def found() -> Frame | None:
            return next((frame for frame in list(self.frames) if chosen(frame)), None)

        frame = until(found, what)
        assert frame is not None
        return frame

    def wait_for_alert(self, **like: Any) -> dict[str, Any]:
        """Wait for an alert with these fields."""
        frame = self.wait(
            lambda frame: (
                frame["kind"] == "alert"
                and all(frame["data"][name] == value for name, value in like.items())
            ),
            f"an alert {like}",
        )
        return dict(frame["data"])

    def wait_for_value(self, datastream: str, value: float) -> list[Any]:
        """Wait for a newest value and give [time, value, quality]."""
        frame = self.wait(
            lambda frame: (
                frame["kind"] == "values" and frame["data"].get(datastream, [0, None])[1] == value
            ),
            f"{value} of {datastream}",
        )
        return list(frame["data"][datastream])

    def wait_for_seq(self, seq: int) -> None:
        """Wait until everything up to ``seq`` was sent."""
        until(lambda: self.seq is not None and self.seq >= seq, f"event {seq}")

    def close(self) -> None:
        self._stop.set()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
