"""The body of a snapshot: what is open and known, as far as an audience may know it."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from ioc.core.words import Instant, rfc3339
from ioc.http.live import Live, Value
from ioc.http.ports import Json
from ioc.http.privacy import impersonal
from ioc.http.subscription import Audience


class Standing(Protocol):
    """What is open and known."""

    @property
    def alerts(self) -> Iterable[Json]:
        """The open alerts."""

    @property
    def indicators(self) -> Iterable[Json]:
        """The indicators."""

    @property
    def incidents(self) -> Iterable[Json]:
        """The open incidents."""

    @property
    def tasks(self) -> Iterable[Json]:
        """The open tasks."""

    @property
    def things(self) -> Iterable[Json]:
        """The things."""


def snapshot_data(
    audience: Audience, live: Live, known: Standing, values: Mapping[str, Value], now: Instant
) -> dict[str, Any]:
    """Give what an audience is to know, as the stream's snapshot has it."""

    def kept(kind: str, bodies: Iterable[Json]) -> list[Json]:
        shown = [body for body in bodies if audience.wants_event(kind, body.get("area", ""), body)]
        return [impersonal(kind, body) for body in shown] if audience.impersonal else shown

    return {
        "now": rfc3339(now),
        "alerts": kept("alert", known.alerts),
        "indicators": kept("indicator", known.indicators),
        "things": [live.view(body, now) for body in kept("thing", known.things)],
        "values": values,
        "incidents": kept("incident", known.incidents),
        "tasks": kept("task", known.tasks),
    }
