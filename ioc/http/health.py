"""Whether the centre lives, for those who watch it: health, readiness, version, figures."""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from ioc.centre.ports import StoreAwayError
from ioc.core.words import SECOND
from ioc.http import shapes
from ioc.http.access import Permission
from ioc.http.here import Api, Here, answer
from ioc.http.oversight import AlarmFigures
from ioc.http.throttle import Throttle

_HEALTH_LATE_S: Final = 10.0
_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Meters:
    """What is counted of requests; on a registry of its own, so that applications do not mix."""

    def __init__(self) -> None:
        """Begin at nought."""
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "ioc_http_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "ioc_http_request_seconds",
            "Time from a request to its answer.",
            ("route",),
            buckets=_BUCKETS,
            registry=self.registry,
        )


def add_health(api: Api, app: FastAPI, here: Here, meters: Meters, throttle: Throttle) -> None:
    """Put the routes."""
    meters.registry.register(_Present(here, throttle))
    alarms = AlarmFigures(here)
    meters.registry.register(alarms)

    @api.get("/healthz", Permission.OPEN, shapes.Alive)
    async def healthz() -> Response:
        """Tell that the process answers."""
        return answer({"status": "ok"})

    @api.get("/readyz", Permission.OPEN, shapes.Ready)
    async def readyz() -> Response:
        """Tell of each dependency whether it is there; 503 when one is not."""
        checks = {"database": await _database(here), "ingest": _ingest(here)}
        for name, check in here.ports.checks.items():
            fault = check()
            checks[name] = {"ok": fault is None, "detail": fault or "answers"}
        ready = all(check["ok"] for check in checks.values())
        response = answer({"status": "ready" if ready else "not ready", "checks": checks})
        response.status_code = 200 if ready else 503
        return response

    @api.get("/version", Permission.OPEN, shapes.Version)
    async def version() -> Response:
        """Tell which program this is."""
        content = here.content
        return answer({"name": "ioc", "version": content.version, "build": content.build})

    @api.get("/metrics", Permission.LOOPBACK, None)
    async def metrics(request: Request) -> Response:
        """Give figures to Prometheus; without login on this machine only."""
        with contextlib.suppress(StoreAwayError):
            await alarms.refresh()
        encode, media_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(meters.registry), 200, {"content-type": media_type})

    @api.get("/openapi.json", Permission.LOOPBACK, None)
    async def openapi() -> Response:
        """Describe all this; without login on this machine only."""
        return answer(app.openapi())


async def _database(here: Here) -> dict[str, Any]:
    try:
        await here.reading(here.ports.archive.ping)
    except StoreAwayError as away:
        return {"ok": False, "detail": str(away)}
    if here.hub.store_fault is not None:
        return {"ok": False, "detail": f"the event log is not followed: {here.hub.store_fault}"}
    return {"ok": True, "detail": "answers"}


def _ingest(here: Here) -> dict[str, Any]:
    told = here.hub.live.health
    if told is None:
        return {"ok": False, "detail": "ingest has not spoken yet, or the broker is away"}
    silence = (here.ports.now() - told[0]) / SECOND
    if silence > _HEALTH_LATE_S:
        return {"ok": False, "detail": f"ingest or the broker has been silent for {silence:.0f} s"}
    return {"ok": True, "detail": f"spoke {silence:.1f} s ago, lag {here.hub.lag():g} s"}


class _Present(Collector):
    """Figures that are read off when asked for."""

    def __init__(self, here: Here, throttle: Throttle) -> None:
        self._here = here
        self._throttle = throttle

    def collect(self) -> Iterator[Metric]:
        """Give every figure."""
        here, hub = self._here, self._here.hub
        tally, live = hub.tally, hub.live
        yield _gauge("ioc_stream_clients", "Open streams.", tally.clients)
        yield _gauge("ioc_event_seq", "Newest event handed to streams.", hub.seq)
        yield _gauge("ioc_lag_seconds", "How far judging is behind sending.", hub.lag())
        yield _gauge("ioc_things", "Things known.", len(live.things))
        yield _gauge("ioc_datastreams", "Datastreams with a value.", len(live.newest))
        yield _counts("ioc_stream_frames", "Frames given to streams.", "kind", tally.frames)
        yield _count("ioc_stream_bytes", "Characters given to streams.", tally.bytes)
        closed = {str(code): number for code, number in tally.closed.items()}
        yield _counts("ioc_stream_closed", "Streams closed by us.", "code", closed)
        yield _count(
            "ioc_stream_values_merged", "Frames merged for slow readers.", tally.values_merged
        )
        yield _count("ioc_store_away", "Failed readings of the event log.", tally.store_away)
        dropped = {
            "inbox": tally.inbox_dropped,
            "values-malformed": live.tally.values_malformed,
            "values-older": live.tally.values_older,
            "work": here.reading.refused + here.hashing.refused + here.desk.refused,
            "logins": self._throttle.refused,
        }
        yield _counts("ioc_serve_refused", "What was let go here.", "reason", dropped)
        yield from _of_ingest(live.health[1] if live.health else {})


def _of_ingest(health: Mapping[str, Any]) -> Iterator[Metric]:
    """Pass on what ingest counts of itself."""
    counters = health.get("counters")
    if not isinstance(counters, Mapping):
        return
    for name, value in counters.items():
        if isinstance(value, Mapping):
            yield _counts(f"ioc_ingest_{name}", f"Ingest: {name}, by reason.", "reason", value)
        elif isinstance(value, int | float):
            yield _count(f"ioc_ingest_{name}", f"Ingest: {name}.", value)


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(name, told, value)


def _count(name: str, told: str, value: float) -> Metric:
    return CounterMetricFamily(name, told, value)


def _counts(name: str, told: str, label: str, values: Mapping[str, Any]) -> Metric:
    family = CounterMetricFamily(name, told, labels=(label,))
    for key, value in values.items():
        if isinstance(value, int | float):
            family.add_metric((str(key),), value)
    return family
