"""The wall's files and words, served from this origin alone."""

import hashlib
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlencode

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.staticfiles import StaticFiles

from ioc.http.access import Permission
from ioc.http.gate import PERMISSION_KEY
from ioc.http.here import Here
from ioc.http.problems import Problem, unknown
from ioc.http.session import set_display_cookie

_ALL_METHODS: Final = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_READING: Final = ("GET", "HEAD")
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ASK_FIRST: Final = "no-cache"
_NOT_BUILT: Final = """<!doctype html>
<html lang="vi">
<meta charset="utf-8">
<title>IOC</title>
<h1>Màn hình chưa được dựng · The wall has not been built</h1>
<p>Chạy <code>make wall</code> (cần Node.js 20 trở lên) rồi tải lại trang này.</p>
<p>Run <code>make wall</code> (needs Node.js 20 or later), then reload this page.</p>
<p>REST: <a href="/version">/version</a>, <a href="/readyz">/readyz</a>,
<a href="/openapi.json">/openapi.json</a></p>
</html>
"""


class _Wall:
    """The routes' functions, over what does not change while the program runs."""

    def __init__(self, here: Here) -> None:
        folder = here.content.wall
        is_built = folder is not None and (folder / "index.html").is_file()
        self._here = here
        self._files = StaticFiles(directory=folder) if is_built else None
        self._words = {
            locale: (text.encode(), f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"')
            for locale, text in here.content.words.items()
        }

    async def words(self, request: Request, locale: str) -> Response:
        """Give the words of a language, in Fluent."""
        if locale not in self._words:
            raise unknown("locale")
        text, tag = self._words[locale]
        headers = {"etag": tag, "cache-control": _ASK_FIRST}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(text, headers=headers, media_type="text/plain; charset=utf-8")

    async def front(self, request: Request) -> Response:
        """Give the wall; a display token in the address becomes a cookie and leaves it."""
        if "token" in request.query_params:
            return await _swap(self._here, request)
        if self._files is None:
            headers = {"cache-control": _ASK_FIRST}
            return Response(_NOT_BUILT, headers=headers, media_type="text/html")
        return await _file(self._files, "index.html", request)

    async def file(self, request: Request, path: str) -> Response:
        """Give one of the wall's files; what no other route took ends here too."""
        methods = _methods_here(request)
        if methods:
            allow = {"allow": ", ".join(methods)}
            raise Problem(HTTPStatus.METHOD_NOT_ALLOWED, "not with this method", headers=allow)
        if path.startswith("api/"):
            raise unknown("route")
        if request.method not in _READING:
            allow = {"allow": ", ".join(_READING)}
            raise Problem(HTTPStatus.METHOD_NOT_ALLOWED, "only GET and HEAD", headers=allow)
        if self._files is None or "\x00" in path:
            raise unknown("file")
        return await _file(self._files, self._files.get_path(request.scope), request)


def add_wall(app: FastAPI, here: Here) -> None:
    """Put the words, and below everything else the wall's files."""
    wall = _Wall(here)
    for path, endpoint, methods in (
        ("/words/{locale}.ftl", wall.words, list(_READING)),
        ("/", wall.front, list(_READING)),
        ("/{path:path}", wall.file, _ALL_METHODS),
    ):
        app.router.add_api_route(
            path,
            endpoint,
            methods=methods,
            response_class=Response,
            response_model=None,
            include_in_schema=False,
            openapi_extra={PERMISSION_KEY: Permission.OPEN.value},
        )


def _methods_here(request: Request) -> list[str]:
    """Give the methods of the routes that know this path, but not with this method."""
    found: set[str] = set()
    for route in request.app.routes:
        if isinstance(route, APIRoute) and route.matches(request.scope)[0] is Match.PARTIAL:
            found.update(route.methods or ())
    return sorted(found)


async def _file(files: StaticFiles, path: str, request: Request) -> Response:
    response = await files.get_response(path, request.scope)
    # Vite names what is in assets/ after its content; the rest is asked for anew each time.
    hashed = Path(path).parts[:1] == ("assets",)
    response.headers["cache-control"] = _FOR_EVER if hashed else _ASK_FIRST
    return response


async def _swap(here: Here, request: Request) -> Response:
    token = request.query_params["token"]
    rest = urlencode([pair for pair in parse_qsl(request.url.query) if pair[0] != "token"])
    response = Response(
        status_code=HTTPStatus.SEE_OTHER,
        headers={"location": f"/?{rest}" if rest else "/", "cache-control": "no-store"},
    )
    if await here.gate.who(token) is not None:
        set_display_cookie(response, token, secure=here.settings.secure)
    return response
