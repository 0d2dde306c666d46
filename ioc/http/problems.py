"""Every refusal is one shape: RFC 9457 ``application/problem+json`` with an id to ask about.

What went wrong inside stands in the log under that id, never in the answer.
"""

import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from ioc.centre.ports import StoreAwayError

MEDIA_TYPE: Final = "application/problem+json"
_RETRY_AFTER_S: Final = "2"
_MOST_ERRORS: Final = 20

log = structlog.get_logger("http")


class Problem(HTTPException):
    """A refusal with members of its own.

    Attributes:
        members: further members of the problem, such as ``current`` of a 409.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        members: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Refuse with a status and what to tell whoever asked."""
        super().__init__(status, detail, headers)
        self.members = members or {}


def unknown(what: str) -> Problem:
    """Refuse because there is no such thing, or none that the caller may see."""
    return Problem(HTTPStatus.NOT_FOUND, f"there is no such {what}")


def invalid(where: str, why: str) -> Problem:
    """Refuse an input."""
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        f"{where} {why}",
        {"errors": [{"where": where, "why": why}]},
    )


def problem(
    status: int,
    detail: str,
    members: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """Write a problem."""
    number = secrets.token_hex(8)
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "id": number,
        **(members or {}),
    }
    return Response(
        orjson.dumps(body),
        status,
        {"x-problem-id": number, "cache-control": "no-store", **(headers or {})},
        MEDIA_TYPE,
    )


def answer_with_problems(app: FastAPI, headers: Mapping[str, str]) -> None:
    """Make every error of an application a problem.

    Args:
        app: that may fail.
        headers: for an answer that is written outside of everything that adds headers.
    """

    async def refused(_: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        members = error.members if isinstance(error, Problem) else None
        told = dict(error.headers) if error.headers else None
        return problem(error.status_code, error.detail, members, told)

    async def not_valid(_: Request, error: Exception) -> Response:
        if not isinstance(error, RequestValidationError):
            raise error
        # What was sent is not echoed: it may be NaN, which is no JSON, or somebody's password.
        errors = [
            {"where": ".".join(str(part) for part in one["loc"]), "why": str(one["msg"])}
            for one in error.errors()[:_MOST_ERRORS]
        ]
        first = errors[0] if errors else {"where": "the request", "why": "is not valid"}
        return problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"{first['where']}: {first['why']}",
            {"errors": errors},
        )

    async def away(request: Request, error: Exception) -> Response:
        log.warning("the store is away", path=request.url.path, error=str(error))
        return problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "the database does not answer; try again",
            headers={"retry-after": _RETRY_AFTER_S},
        )

    async def failed(request: Request, error: Exception) -> Response:
        answer = problem(
            HTTPStatus.INTERNAL_SERVER_ERROR, "something here is broken", headers=dict(headers)
        )
        log.error(
            "a request failed",
            path=request.url.path,
            problem=answer.headers["x-problem-id"],
            error=repr(error),
        )
        return answer

    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, not_valid)
    app.add_exception_handler(StoreAwayError, away)
    app.add_exception_handler(Exception, failed)
