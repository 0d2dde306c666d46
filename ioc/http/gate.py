"""The gate every request passes before anything of it is read: who is it, and may they."""

import asyncio
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.requests import HTTPConnection

from ioc.http.access import AreaTree, Permission, Principal, principal
from ioc.http.ports import Ports
from ioc.http.problems import Problem
from ioc.http.work import Work

LOGIN_COOKIE: Final = "ioc_session"
DISPLAY_COOKIE: Final = "ioc_display"
"""A display keeps its own, so that the wall goes on when somebody's login at it has ended."""
PERMISSION_KEY: Final = "x-permission"
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip")
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_REMEMBERED_S: Final = 2.0
_MOST_REMEMBERED: Final = 4096
_LONGEST_TOKEN: Final = 256


class Gate:
    """Tells who asks. An answer is remembered for two seconds, so a revoked token ends soon."""

    def __init__(self, ports: Ports, work: Work, tree: AreaTree, origins: frozenset[str]) -> None:
        """Stand before one application.

        Args:
            ports: the rest of the centre.
            work: where the database is asked.
            tree: of the site's areas.
            origins: foreign origins that may nevertheless speak to us, e.g. ``https://a.vn``.
        """
        self._ports = ports
        self._work = work
        self._tree = tree
        self._origins = origins
        self._remembered: dict[str, tuple[float, Principal | None]] = {}

    async def who(self, token: str | None) -> Principal | None:
        """Tell whom a token stands for.

        Raises:
            StoreAwayError: the database is away and the token was not seen a moment ago.
        """
        if not token or len(token) > _LONGEST_TOKEN or not token.isascii():
            return None
        now = asyncio.get_running_loop().time()
        known = self._remembered.get(token)
        if known is not None and now - known[0] < _REMEMBERED_S:
            return known[1]
        visitor = await self._work(self._ports.accounts.visitor, token, self._ports.now())
        found = None if visitor is None else principal(visitor, token, self._tree)
        if len(self._remembered) >= _MOST_REMEMBERED:
            self._remembered.clear()
        self._remembered[token] = (now, found)
        return found

    async def caller(self, connection: HTTPConnection) -> tuple[Principal | None, bool]:
        """Tell who asks, and whether a cookie said so.

        Of a browser's two cookies the login wins while it stands; then it is the display again.

        Raises:
            StoreAwayError: the database is away and the token was not seen a moment ago.
        """
        token = bearer(connection)
        if token is not None:
            return await self.who(token), False
        for cookie in (LOGIN_COOKIE, DISPLAY_COOKIE):
            found = await self.who(connection.cookies.get(cookie))
            if found is not None:
                return found, True
        return None, True

    def forget(self, token: str) -> None:
        """Ask anew about a token that has just been revoked."""
        self._remembered.pop(token, None)

    async def admit(self, request: Request, permission: Permission) -> Principal | None:
        """Let a request in, or refuse it; gives who asks where a login was needed.

        Raises:
            Problem: 401 without a login, 403 without the role or from a foreign page.
        """
        if permission is Permission.OPEN:
            return None
        if permission is Permission.LOOPBACK:
            if is_local(request):
                return None
            permission = Permission.INTERNALS
        found, by_cookie = await self.caller(request)
        if found is None:
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                "log in first",
                headers={"www-authenticate": "Bearer"},
            )
        if by_cookie and request.method not in _SAFE and not self.is_own(request):
            raise Problem(HTTPStatus.FORBIDDEN, "a page of another origin may not do that")
        if not found.may(permission):
            raise Problem(
                HTTPStatus.FORBIDDEN, f"the role {found.role.value} has no {permission.value}"
            )
        return found

    def is_own(self, connection: HTTPConnection) -> bool:
        """Tell whether a request comes from our own page, or from no page at all."""
        origin = connection.headers.get("origin")
        if origin is None or origin in self._origins:
            return True
        try:
            return urlsplit(origin).netloc == connection.headers.get("host")
        except ValueError:
            return False


def bearer(connection: HTTPConnection) -> str | None:
    """Give the token of the ``Authorization`` header; None where there is no such header."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def is_local(request: Request) -> bool:
    """Tell whether a request comes from this machine, and not through a proxy on it."""
    host = request.client.host if request.client else ""
    return host in _LOOPBACK and not any(name in request.headers for name in _FORWARDED)


def guarded_by(gate: Gate) -> type[APIRoute]:
    """Make the route class of an application: each route asks the gate before it reads anything."""

    class GuardedRoute(APIRoute):
        """A route that names the permission it asks for in ``x-permission``."""

        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            permission = Permission((self.openapi_extra or {})[PERMISSION_KEY])
            handle = super().get_route_handler()

            async def admitted(request: Request) -> Response:
                request.state.principal = await gate.admit(request, permission)
                return await handle(request)

            return admitted

    return GuardedRoute
