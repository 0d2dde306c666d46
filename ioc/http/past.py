"""How everything stood at an earlier instant.

The answer has the stream's own shape, so that a wall paints both alike. It says what
is not exact: `past.exact` is false where the event log does not reach and an alert was read off its
own history. Always of today are an indicator's name, target and owner.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Query, Response

from ioc.core.clock import SiteClock
from ioc.core.indicators import standing, window_start
from ioc.core.words import Instant, rfc3339
from ioc.http import shapes
from ioc.http.access import Permission
from ioc.http.here import API, Api, Here, answer
from ioc.http.inputs import Caller, Word, moment
from ioc.http.live import Live
from ioc.http.ports import Json, Past
from ioc.http.problems import invalid
from ioc.http.snapshot import snapshot_data
from ioc.http.subscription import ALL, Audience, SubscribeError, Subscription, read_subscription

_EVERYTHING: Final = Subscription(
    datastreams=frozenset({ALL}),
    kinds=frozenset(),
    indicators=frozenset({ALL}),
    flags=frozenset({"alerts", "things", "incidents", "tasks"}),
)

_NOT_KEPT: Final = frozenset({"oldest_input", "rank", "measure", "grade"})
"""What an indicator says of its newest value alone."""

At = Annotated[str, Query(max_length=40, description="RFC 3339, of the site's clock")]


@dataclass(frozen=True, slots=True)
class _Then:
    """What was open and known, the indicators with their values of then."""

    alerts: Sequence[Json]
    indicators: Sequence[Json]
    incidents: Sequence[Json]
    tasks: Sequence[Json]
    things: Sequence[Json]


def add_snapshot(api: Api, here: Here) -> None:
    """Put the route."""
    boards = here.content.site.boards

    @api.get(f"{API}/snapshot", Permission.STREAM, shapes.PastSnapshot)
    async def snapshot(caller: Caller, at: At, board: Word = None) -> Response:
        """Give how everything stood at an instant, as the stream's snapshot gives it of now.

        With ``board`` it is what that board's wall subscribes to. Asked again it is the same, but
        for what arrived late.
        """
        instant = moment("at", at)
        assert instant is not None  # noqa: S101 - a text was given
        wanted = _EVERYTHING
        if board is not None:
            told = {"board": board, "indicators": [ALL], "tasks": True}
            try:
                wanted = read_subscription(told, boards)
            except SubscribeError as wrong:
                raise invalid("board", str(wrong)) from wrong
        if instant > here.now():
            raise invalid("at", f"is still to come: it is {rfc3339(here.now())} here")
        past = await here.reading(here.ports.archive.past, instant)
        if past is None:
            raise invalid("at", "lies before the first observation that is kept")
        return answer(_of_the_past(here, Audience.of(wanted, caller), past, instant))


def _of_the_past(here: Here, audience: Audience, past: Past, at: Instant) -> dict[str, Any]:
    clock = SiteClock(at, at, paused=True)
    live = Live(clock)
    live.hear_things(past.things)
    live.hear_newest(past.newest)
    values = {key: one for key, one in live.newest.items() if audience.wants_value(key, live)}
    indicators = [_indicator(here, past, body) for body in past.indicators]
    known = [body for body in indicators if body is not None]
    then = _Then(past.alerts, known, past.incidents, past.tasks, past.things)
    data = snapshot_data(audience, live, then, values, at)
    data["clock"] = {**clock.to_json(), "now": rfc3339(at)}
    return {"at": rfc3339(at), "data": data, "past": {"exact": past.exact}}


def _indicator(here: Here, past: Past, body: Json) -> Json | None:
    """Give an indicator with its value of then; None for one that had none.

    An official figure is the one of its year, whenever somebody looks.
    """
    if body.get("reference"):
        return body
    definition = here.definitions.get(body["id"])
    kept = past.values.get((body["id"], body["area"]))
    if definition is None or kept is None:
        return None
    computed, value, coverage = kept
    lost = {key: None for key in body if key.startswith("previous") or key in _NOT_KEPT}
    return {
        **body,
        **lost,
        "value": value,
        "coverage": coverage,
        "standing": standing(definition, value, coverage),
        "period": [rfc3339(window_start(definition.window, computed)), rfc3339(computed)],
    }
