"""Accounts and the tokens of displays, for administrators; and everybody's own password."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Request as HttpRequest
from fastapi import Response
from pydantic import Field, StringConstraints

from ioc.http import shapes
from ioc.http.access import Permission, Role
from ioc.http.cases import name_of
from ioc.http.here import API, Api, Here, answer
from ioc.http.inputs import Body, Caller, Line
from ioc.http.ports import Account, Json
from ioc.http.problems import Problem, invalid, unknown
from ioc.http.throttle import Throttle

_Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")]
_Password = Annotated[Line, StringConstraints(min_length=8, max_length=256)]
_ROLES: Final = tuple(role.value for role in Role if role is not Role.DISPLAY)


class NewUser(Body):
    """An account to make."""

    username: _Slug
    role: Annotated[Line, StringConstraints(max_length=32)]
    password: _Password
    areas: Annotated[list[_Slug], Field(max_length=1000)] = Field(default_factory=list)
    agency: Annotated[Line, StringConstraints(max_length=120)] | None = None


class NewPassword(Body):
    """A password an administrator gives."""

    password: _Password


class OwnPassword(Body):
    """One's own new password, and the old one."""

    old: Annotated[Line, StringConstraints(min_length=1, max_length=256)]
    new: _Password


class NewToken(Body):
    """A screen that shall show the wall."""

    label: Annotated[Line, StringConstraints(min_length=1, max_length=120)]


def add_people(api: Api, here: Here, throttle: Throttle) -> None:
    """Put the routes."""
    _add_users(api, here)
    _add_tokens(api, here)
    accounts = here.ports.accounts

    @api.post(f"{API}/me/password", Permission.LOGIN, None, 401, 429)
    async def change_password(request: HttpRequest, caller: Caller, told: OwnPassword) -> Response:
        """Change one's own password; every login of the account ends, this one too."""
        if caller.username is None:
            raise Problem(HTTPStatus.FORBIDDEN, "a display has no password")
        address = request.client.host if request.client else ""
        with throttle.attempt(caller.username, address) as attempt:
            account = await here.reading(accounts.account, caller.username)
            hashed = None if account is None else account.password_hash
            attempt.failed = not await here.hashing(accounts.matches, hashed, told.old)
        if attempt.failed:
            raise Problem(HTTPStatus.UNAUTHORIZED, "the old password is wrong")
        await here.hashing(accounts.set_password, caller.username, told.new, by=caller.username)
        here.gate.forget(caller.token)
        return Response(status_code=HTTPStatus.NO_CONTENT)


def _add_users(api: Api, here: Here) -> None:
    accounts = here.ports.accounts

    @api.get(f"{API}/users", Permission.USERS, shapes.Users)
    async def users(_: Caller) -> Response:
        """Give the accounts, by name."""
        found = await here.reading(accounts.all)
        return answer({"items": [_user(one) for one in found], "next": None})

    @api.post(f"{API}/users", Permission.USERS, shapes.User, 409)
    async def add_user(caller: Caller, told: NewUser) -> Response:
        """Make an account."""
        _check_user(here, told)
        known = await here.reading(accounts.account, told.username)
        if known is not None:
            raise Problem(
                HTTPStatus.CONFLICT, "there is such an account", {"current": _user(known)}
            )
        await here.hashing(
            accounts.add,
            told.username,
            told.role,
            told.password,
            areas=told.areas,
            agency=told.agency,
            by=name_of(caller),
        )
        return answer(
            {
                "username": told.username,
                "role": told.role,
                "areas": sorted(told.areas),
                "agency": told.agency,
            }
        )

    _add_user_steps(api, here)


def _check_user(here: Here, told: NewUser) -> None:
    if told.role not in _ROLES:
        raise invalid("role", f"must be one of {', '.join(_ROLES)}")
    for area in told.areas:
        if area not in here.tree:
            raise invalid("areas", f"holds {area}, which is none of the site's")


def _add_user_steps(api: Api, here: Here) -> None:
    accounts = here.ports.accounts

    @api.post(f"{API}/users/{{username}}/password", Permission.USERS, None, 404)
    async def give_password(caller: Caller, username: str, told: NewPassword) -> Response:
        """Give an account another password, and end its logins."""
        done = await here.hashing(
            accounts.set_password, username, told.password, by=name_of(caller)
        )
        if not done:
            raise unknown("user")
        return Response(status_code=HTTPStatus.NO_CONTENT)

    @api.delete(f"{API}/users/{{username}}", Permission.USERS, None, 404)
    async def remove_user(caller: Caller, username: str) -> Response:
        """Remove an account, and end its logins."""
        if username == caller.username:
            raise invalid("username", "is yourself")
        if not await here.reading(accounts.remove, username, by=name_of(caller)):
            raise unknown("user")
        return Response(status_code=HTTPStatus.NO_CONTENT)


def _add_tokens(api: Api, here: Here) -> None:
    accounts = here.ports.accounts

    @api.get(f"{API}/tokens", Permission.USERS, shapes.Tokens)
    async def tokens(_: Caller) -> Response:
        """Give the displays that may show the wall; a token itself is shown once, when made."""
        return answer({"items": await here.reading(accounts.displays), "next": None})

    @api.post(f"{API}/tokens", Permission.USERS, shapes.Token)
    async def make_token(caller: Caller, told: NewToken) -> Response:
        """Make a display's token; it stands until it is revoked."""
        made = await here.reading(
            accounts.mint_display, label=told.label, now=here.ports.now(), by=name_of(caller)
        )
        return answer({"label": told.label, "token": made, "path": f"/?token={made}"})

    @api.delete(f"{API}/tokens/{{id}}", Permission.USERS, None, 404)
    async def revoke_token(caller: Caller, id: str) -> Response:
        """Revoke a display's token; its wall goes dark within seconds."""
        done = await here.reading(accounts.revoke_display, id, here.ports.now(), by=name_of(caller))
        if not done:
            raise unknown("token")
        return Response(status_code=HTTPStatus.NO_CONTENT)


def _user(account: Account) -> Json:
    return {
        "username": account.username,
        "role": account.role,
        "areas": list(account.areas),
        "agency": account.agency,
    }
