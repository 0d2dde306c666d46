"""Logging in and out."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Request, Response
from pydantic import StringConstraints

from ioc.core.words import HOUR, SECOND, rfc3339
from ioc.http import shapes
from ioc.http.access import GRANTED, Permission, Role
from ioc.http.duty import on_duty
from ioc.http.gate import DISPLAY_COOKIE, LOGIN_COOKIE, bearer
from ioc.http.here import API, Api, Here, answer
from ioc.http.inputs import Body, Caller, Line
from ioc.http.problems import Problem
from ioc.http.throttle import Throttle

_DISPLAY_COOKIE_S: Final = 400 * 24 * 3600
"""As long as browsers keep any cookie."""


class Login(Body):
    """A name and a password."""

    username: Annotated[Line, StringConstraints(min_length=1, max_length=64)]
    password: Annotated[Line, StringConstraints(min_length=1, max_length=256)]


def add_session(api: Api, here: Here, throttle: Throttle) -> None:
    """Put the routes of a login."""
    ports = here.ports

    @api.post(f"{API}/session", Permission.OPEN, shapes.Session, 401, 429)
    async def log_in(request: Request, login: Login) -> Response:
        """Log in: a cookie for browsers and a bearer token for programs."""
        address = request.client.host if request.client else ""
        if not here.gate.is_own(request):
            raise Problem(HTTPStatus.FORBIDDEN, "a page of another origin may not do that")
        with throttle.attempt(login.username, address) as attempt:
            account = await here.reading(ports.accounts.account, login.username)
            hashed = None if account is None else account.password_hash
            right = await here.hashing(ports.accounts.matches, hashed, login.password)
            attempt.failed = not right
            if not right:
                await here.reading(ports.accounts.refuse, login.username, address)
        if account is None or not right:
            raise Problem(HTTPStatus.UNAUTHORIZED, "the name or the password is wrong")
        expires = ports.now() + here.settings.hours * HOUR
        token = await here.reading(
            ports.accounts.open, account.username, account.role, expires, address
        )
        response = answer(
            {
                "token": token,
                "expires_at": rfc3339(expires),
                "user": {
                    "username": account.username,
                    "role": account.role,
                    "areas": list(account.areas),
                    "agency": account.agency,
                },
            }
        )
        seconds = (expires - ports.now()) // SECOND
        set_cookie(response, LOGIN_COOKIE, token, seconds, secure=here.settings.secure)
        return response

    @api.delete(f"{API}/session", Permission.LOGIN, None)
    async def log_out(request: Request, caller: Caller) -> Response:
        """Revoke the token that is shown; a display's cookie outlives the logins made at it."""
        # Somebody whose login has just expired is the display by now: that one must go on.
        if caller.role is not Role.DISPLAY or bearer(request) is not None:
            await here.reading(
                ports.accounts.close, caller.token, ports.now(), caller.username or ""
            )
            here.gate.forget(caller.token)
        response = Response(status_code=HTTPStatus.NO_CONTENT)
        set_cookie(response, LOGIN_COOKIE, "", 0, secure=here.settings.secure)
        return response

    @api.get(f"{API}/me", Permission.LOGIN, shapes.Me)
    async def me(caller: Caller) -> Response:
        """Tell who is logged in and what they may do."""
        shifts = await on_duty(here, caller) if caller.may(Permission.DUTY) else []
        return answer(
            {
                "username": caller.username or caller.role.value,
                "role": caller.role.value,
                "areas": list(caller.home),
                "agency": caller.agency,
                "permissions": sorted(GRANTED[caller.role]),
                "duty": shifts,
            }
        )


def set_display_cookie(response: Response, token: str, *, secure: bool) -> None:
    """Give a display its token, beside that of whoever logs in at it, and for good."""
    set_cookie(response, DISPLAY_COOKIE, token, _DISPLAY_COOKIE_S, secure=secure)


def set_cookie(response: Response, name: str, token: str, seconds: int, *, secure: bool) -> None:
    """Give a browser its token where no script can read it and no other site can send it.

    Args:
        response: that carries it.
        name: the cookie's.
        token: empty to take it away.
        seconds: how long.
        secure: whether it goes by https only.
    """
    response.set_cookie(
        name,
        token,
        max_age=seconds,
        path="/",
        secure=secure,
        httponly=True,
        samesite="strict",
    )
