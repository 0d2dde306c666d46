"""What comes in from outside, made sure of: ids, times, limits, places in a list."""

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Annotated, Any, Final

import orjson
from fastapi import Depends, Query, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from ioc.core.words import DAY, SLUG, Instant, instant
from ioc.http.access import Principal
from ioc.http.ports import Period
from ioc.http.problems import invalid, unknown

DEFAULT_LIMIT: Final = 100
MOST_ITEMS: Final = 10_000
_EARLIEST: Final = 0
_LATEST: Final = 7_258_118_400_000_000  # the year 2200; every offset of it is still a date
_LONGEST_CURSOR: Final = 600
_SPACE_FOR_PLUS: Final = re.compile(r"(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?) (\d\d:?\d\d)$")


def _caller(request: Request) -> Principal:
    principal = request.state.principal
    assert isinstance(principal, Principal)  # noqa: S101 - the gate let nobody else in
    return principal


def _no_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not hold a NUL character")
    return text


Caller = Annotated[Principal, Depends(_caller)]
Limit = Annotated[int, Query(ge=1, le=MOST_ITEMS, description="how many items at most")]
Cursor = Annotated[
    str | None, Query(max_length=_LONGEST_CURSOR, description="`next` of the page before")
]
From = Annotated[str | None, Query(alias="from", max_length=40, description="RFC 3339, included")]
To = Annotated[str | None, Query(max_length=40, description="RFC 3339, included")]
AreaName = Annotated[str | None, Query(pattern=f"^{SLUG.pattern}$", description="an area's id")]
Word = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_.:/-]{1,64}$")]
Name = Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$")]
Line = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_no_nul)]


RequestId = Annotated[
    str | None,
    Field(
        default=None,
        pattern=r"^[A-Za-z0-9_.:-]{1,64}$",
        description="a number of yours: asked again with it, it is done once",
    ),
]


class Body(BaseModel):
    """A body that says what it means: nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


def slug(what: str, text: str) -> str:
    """Give an id of the address, or refuse it as unknown: nothing has such an id."""
    if not SLUG.fullmatch(text):
        raise unknown(what)
    return text


def moment(where: str, text: str | None) -> Instant | None:
    """Read a time.

    A ``+`` that an address bar turned into a space is taken as a plus.

    Raises:
        Problem: 422, it is no time, has no offset, or is before 1970 or after 2200.
    """
    if text is None:
        return None
    try:
        at = instant(_SPACE_FOR_PLUS.sub(r"\1+\2", text))
    except (ValueError, OverflowError) as wrong:
        raise invalid(where, "must be an RFC 3339 time with offset") from wrong
    if not _EARLIEST <= at <= _LATEST:
        raise invalid(where, "must lie between 1970 and 2200")
    return at


def period(start: str | None, end: str | None) -> Period:
    """Read ``from`` and ``to``.

    Raises:
        Problem: 422, one is no time, or they are the wrong way round.
    """
    found = Period(moment("from", start), moment("to", end))
    if found.start is not None and found.end is not None and found.start > found.end:
        raise invalid("from", "must not be after to")
    return found


def bounded(found: Period, now: Instant, default: int, most: int) -> tuple[Instant, Instant]:
    """Give both ends of a period, open ends filled in.

    Args:
        found: as asked.
        now: where an open end is.
        default: how long it is when its start is open.
        most: how long it may be.

    Raises:
        Problem: 422, it is too long.
    """
    end = now if found.end is None else found.end
    start = end - default if found.start is None else found.start
    if start > end:
        raise invalid("from", "must not be after to")
    if end - start > most:
        raise invalid("from", f"must be at most {most // DAY} days before to")
    return start, end


def write_cursor(*place: str | int) -> str:
    """Write a place in a list."""
    return base64.urlsafe_b64encode(orjson.dumps(place)).decode().rstrip("=")


def read_cursor(text: str | None, *kinds: type) -> Any:  # noqa: ANN401 - a tuple of these kinds
    """Read a place in a list; None for its beginning.

    Raises:
        Problem: 422, we never wrote that.
    """
    if text is None:
        return None
    try:
        place = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError) as wrong:
        raise invalid("cursor", "is none of ours") from wrong
    right = (
        isinstance(place, list)
        and len(place) == len(kinds)
        and all(type(part) is kind for part, kind in zip(place, kinds, strict=True))
        and all(_EARLIEST <= part <= _LATEST for part in place if isinstance(part, int))
        and not any("\x00" in part for part in place if isinstance(part, str))
    )
    if not right:
        raise invalid("cursor", "is none of ours")
    return tuple(place)


def page(items: Sequence[Any], limit: int, last: str | None) -> dict[str, Any]:
    """Give one page: ``items`` holds one more than the limit where another page follows.

    Args:
        items: what was found.
        limit: how many to give.
        last: the cursor of the item at ``limit - 1``; used only when another page follows.
    """
    return {"items": list(items[:limit]), "next": last if len(items) > limit else None}
