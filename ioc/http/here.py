"""What every route stands on, and how a route is put into the application."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import orjson
from fastapi import FastAPI, Response
from pydantic import BaseModel

from ioc.core.calendar import WorkingCalendar
from ioc.core.indicators import Definition
from ioc.core.site import Site
from ioc.core.words import PROVINCE, Instant
from ioc.http import shapes
from ioc.http.access import AreaTree, Permission, Principal
from ioc.http.gate import PERMISSION_KEY, Gate
from ioc.http.hub import Hub
from ioc.http.ports import Areas, Ports
from ioc.http.problems import MEDIA_TYPE
from ioc.http.work import Work

API: Final = "/api/v1"
Endpoint = Callable[..., Awaitable[Response]]

_REFUSALS: Final[Mapping[int, type[BaseModel]]] = {
    HTTPStatus.UNAUTHORIZED: shapes.Problem,
    HTTPStatus.FORBIDDEN: shapes.Problem,
    HTTPStatus.UNPROCESSABLE_ENTITY: shapes.Problem,
    HTTPStatus.SERVICE_UNAVAILABLE: shapes.Problem,
}


@dataclass(frozen=True, slots=True)
class Content:
    """What an installation shows, all of it data.

    Attributes:
        site: the province.
        words: the Fluent text of each locale, e.g. ``{"vi": "…", "en": "…"}``.
        wall: the folder of the built wall; None, or a folder without ``index.html``, shows a page
            that says how to build it.
        version: of the program.
        calendar: of the offices, for what is due.
        stories: how many stories each rule has.
        build: of the wall; walls reload themselves when it changes.
    """

    site: Site
    words: Mapping[str, str]
    wall: Path | None = None
    version: str = "0"
    build: str = "0"
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)
    stories: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settings:
    """How an installation is reached.

    Attributes:
        secure: it is reached by https: cookies are ``Secure`` and browsers are told to stay there.
        origins: foreign origins that may open the stream, e.g. ``https://wall.example.vn``.
        hours: how long a login stands.
    """

    secure: bool = False
    origins: frozenset[str] = field(default_factory=frozenset)
    hours: int = 12


@dataclass(frozen=True, slots=True)
class Here:
    """Everything a route may use."""

    ports: Ports
    content: Content
    settings: Settings
    hub: Hub
    gate: Gate
    tree: AreaTree
    definitions: Mapping[str, Definition]
    reading: Work
    hashing: Work
    desk: Work

    def now(self) -> Instant:
        """Give the site's time."""
        return self.hub.now()

    def areas(self, caller: Principal, asked: str | None) -> Areas:
        """Give the areas a list is narrowed to: those asked for that the caller may see."""
        wanted = None if asked is None else self.tree.within([asked])
        if caller.areas is None:
            return wanted
        return caller.areas if wanted is None else wanted & caller.areas

    def one_area(self, caller: Principal, asked: str | None) -> Areas:
        """Like `areas`, for what belongs to exactly one: the province has indicators of its own."""
        if asked is None:
            return caller.areas
        return frozenset({asked}) if caller.sees(asked) else frozenset()

    def home(self, caller: Principal) -> str:
        """Give the area a caller means when none is named."""
        return caller.home[0] if caller.areas is not None and caller.home else PROVINCE


class Api:
    """Puts routes into an application; none without its permission."""

    def __init__(self, app: FastAPI) -> None:
        """Work on an application whose router has a guarded route class."""
        self._app = app

    def get(
        self, path: str, permission: Permission, shape: type[BaseModel] | None, *refusals: int
    ) -> Callable[[Endpoint], Endpoint]:
        """Put a reading route."""
        return self._put("GET", path, permission, shape, refusals)

    def post(
        self, path: str, permission: Permission, shape: type[BaseModel] | None, *refusals: int
    ) -> Callable[[Endpoint], Endpoint]:
        """Put a writing route."""
        return self._put("POST", path, permission, shape, refusals)

    def delete(
        self, path: str, permission: Permission, shape: type[BaseModel] | None, *refusals: int
    ) -> Callable[[Endpoint], Endpoint]:
        """Put a deleting route."""
        return self._put("DELETE", path, permission, shape, refusals)

    def _put(
        self,
        method: str,
        path: str,
        permission: Permission,
        shape: type[BaseModel] | None,
        refusals: Sequence[int],
    ) -> Callable[[Endpoint], Endpoint]:
        documented: dict[int | str, dict[str, Any]] = {
            status: {"model": model, "content": {MEDIA_TYPE: {}}}
            for status, model in _REFUSALS.items()
            if permission is not Permission.OPEN or status >= HTTPStatus.UNPROCESSABLE_ENTITY
        }
        for status in refusals:
            model = shapes.Conflict if status == HTTPStatus.CONFLICT else shapes.Problem
            documented[status] = {"model": model, "content": {MEDIA_TYPE: {}}}
        success = HTTPStatus.NO_CONTENT if shape is None else HTTPStatus.OK
        if shape is not None:
            documented[success] = {"model": shape}

        def register(endpoint: Endpoint) -> Endpoint:
            self._app.router.add_api_route(
                path,
                endpoint,
                methods=[method],
                status_code=success,
                response_class=Response,
                response_model=None,
                responses=documented,
                openapi_extra={PERMISSION_KEY: permission.value},
                operation_id=f"{method.lower()}_{endpoint.__name__}",
            )
            return endpoint

        return register


def answer(body: object, headers: Mapping[str, str] | None = None) -> Response:
    """Write a body."""
    return Response(orjson.dumps(body), 200, headers, "application/json")
