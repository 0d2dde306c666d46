"""The web edge put together: everything it needs is handed in, nothing is found."""

import contextlib
import time
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ioc.core.indicators import parse_indicator
from ioc.http import shapes
from ioc.http.access import AreaTree
from ioc.http.alerts import add_alerts
from ioc.http.briefs import add_briefs
from ioc.http.cap import add_cap
from ioc.http.cases import add_cases
from ioc.http.duty import add_duty
from ioc.http.gate import Gate, guarded_by
from ioc.http.health import Meters, add_health
from ioc.http.here import API, Api, Content, Here, Settings
from ioc.http.hub import Hub
from ioc.http.indicators import add_indicators
from ioc.http.lists import add_lists, add_site_lists
from ioc.http.maintenance import add_maintenance
from ioc.http.oversight import add_oversight
from ioc.http.past import add_snapshot
from ioc.http.people import add_people
from ioc.http.ports import Ports
from ioc.http.problems import answer_with_problems, problem
from ioc.http.quality import add_quality
from ioc.http.registry import add_registry
from ioc.http.review import add_review
from ioc.http.rows import add_rows
from ioc.http.session import add_session
from ioc.http.stream import stream_route
from ioc.http.throttle import Throttle
from ioc.http.wall import add_wall
from ioc.http.work import Work

MOST_BODY_BYTES: Final = 1 << 20
READERS: Final = 8
"""Threads that ask the database; the pool behind the archive should hold as many connections."""

_WAITING: Final = 128
_HASHERS: Final = 2

_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
_HEADERS: Final = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_HSTS: Final = "max-age=31536000; includeSubDomains"


def create_app(ports: Ports, content: Content, hub: Hub, settings: Settings) -> FastAPI:
    """Make the application.

    Args:
        ports: the rest of the centre.
        content: what the installation shows.
        hub: the stream's middle, to which the wiring also tells what arrives by MQTT. The
            application starts and stops it.
        settings: how the installation is reached.

    Raises:
        ioc.core.settings_error.SettingsError: an indicator's row is wrong.
    """
    tree = AreaTree(content.site.areas)
    reading = Work("reading", READERS, _WAITING)
    definitions = [parse_indicator(row) for row in content.site.indicator_rows]
    here = Here(
        ports=ports,
        content=content,
        settings=settings,
        hub=hub,
        gate=Gate(ports, reading, tree, settings.origins),
        tree=tree,
        definitions={definition.id: definition for definition in definitions},
        reading=reading,
        hashing=Work("hashing", _HASHERS, _WAITING),
        desk=Work("desk", 1, _WAITING),  # the desk takes one caller at a time
    )
    meters, throttle = Meters(), Throttle()

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await hub.start()
        try:
            yield
        finally:
            await hub.stop()
            for work in (here.reading, here.hashing, here.desk):
                work.close()

    app = FastAPI(
        title="IOC",
        version=content.version,
        summary="An operations centre of a province: what it knows, and what people do about it.",
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.router.route_class = guarded_by(here.gate)
    headers = {**_HEADERS, **({"strict-transport-security": _HSTS} if settings.secure else {})}
    answer_with_problems(app, headers)
    api = Api(app)
    add_health(api, app, here, meters, throttle)
    add_session(api, here, throttle)
    add_registry(api, here)
    add_alerts(api, here)
    add_cases(api, here)
    add_maintenance(api, here)
    add_duty(api, here)
    add_people(api, here, throttle)
    add_review(api, here)
    add_indicators(api, here)
    add_quality(api, here)
    add_lists(api, here)
    add_site_lists(api, here)
    add_oversight(api, here)
    add_cap(api, here)
    add_rows(api, here)
    add_briefs(api, here)
    add_snapshot(api, here)
    app.router.routes.append(stream_route(here))
    add_wall(app, here)
    _describe_with_frames(app)
    app.add_middleware(_BodyLimit)
    app.add_middleware(_Surround, meters=meters, headers=headers)
    return app


class _BodyLimit:
    """Refuses bodies over a mebibyte, by what they claim or else while they come."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        claimed = dict(scope["headers"]).get(b"content-length", b"0")
        if not claimed.isdigit() or int(claimed[:20]) > MOST_BODY_BYTES:
            refusal = problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "a body has 1 MiB at most")
            await refusal(scope, receive, send)
            return
        seen = 0

        async def bounded() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > MOST_BODY_BYTES:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "a body has 1 MiB at most")
            return message

        await self._app(scope, bounded, send)


class _Surround:
    """Puts the security headers on every answer, and counts it."""

    def __init__(self, app: ASGIApp, meters: Meters, headers: dict[str, str]) -> None:
        self._app = app
        self._meters = meters
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = int(HTTPStatus.INTERNAL_SERVER_ERROR)

        async def surrounded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith(API):
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        began = time.perf_counter()
        try:
            await self._app(scope, receive, surrounded)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            self._meters.seconds.labels(route).observe(time.perf_counter() - began)
            self._meters.requests.labels(_method(scope["method"]), route, str(status)).inc()


def _method(told: str) -> str:
    """Give a method as a label: anybody can send any word."""
    return told if told in _METHODS else "other"


def _describe_with_frames(app: FastAPI) -> None:
    """Let OpenAPI also describe the stream's frames, so that one generator types both."""
    described: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not described:
            described.update(
                get_openapi(
                    title=app.title, version=app.version, summary=app.summary, routes=app.routes
                )
            )
            _, frames = models_json_schema(
                [(frame, "serialization") for frame in shapes.FRAMES],
                ref_template="#/components/schemas/{model}",
            )
            schemas = described.setdefault("components", {}).setdefault("schemas", {})
            for name, schema in frames.get("$defs", {}).items():
                schemas.setdefault(name, schema)
        return described

    app.openapi = openapi  # type: ignore[method-assign]
