"""For supervisors: how the alert system does, and what people were told."""

from collections.abc import Iterator
from typing import Annotated, Any, Final

from fastapi import Query, Response
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ioc.core.alarm_performance import performance
from ioc.core.duty import Shift, operators_on_duty
from ioc.core.telling import Fate
from ioc.core.words import DAY, MINUTE, Instant
from ioc.http import shapes
from ioc.http.access import Permission
from ioc.http.here import API, Api, Here, answer
from ioc.http.inputs import (
    DEFAULT_LIMIT,
    Caller,
    Cursor,
    From,
    Limit,
    Name,
    To,
    moment,
    page,
    read_cursor,
    write_cursor,
)
from ioc.http.ports import Areas
from ioc.http.problems import invalid

_MOST_ALERTS: Final = 50_000
_MOST_SHIFTS: Final = 10_000
_LONGEST: Final = 31 * DAY
_ANEW: Final = MINUTE

Operators = Annotated[
    int | None, Query(ge=1, le=100, description="who share the load; else those on duty")
]


def add_oversight(api: Api, here: Here) -> None:
    """Put the routes."""
    oversight = here.ports.oversight

    @api.get(f"{API}/alarm-performance", Permission.PERFORMANCE, shapes.AlarmPerformance)
    async def alarm_performance(
        caller: Caller, start: From = None, to: To = None, operators: Operators = None
    ) -> Response:
        """Give the indicators of ISA-18.2 for a stretch of time, else for the last day."""
        end = moment("to", to) or here.now()
        begin = moment("from", start)
        begin = end - DAY if begin is None else begin
        if not 0 < end - begin <= _LONGEST:
            raise invalid("from", "must lie before `to`, by 31 days at the most")
        alerts = await here.reading(oversight.alerts_within, begin, end, caller.areas, _MOST_ALERTS)
        if operators is None:
            operators = await _on_duty(here, begin, end, caller.areas)
        found = performance(alerts, begin, end, operators)
        return answer({**found, "whole": len(alerts) < _MOST_ALERTS})

    @api.get(f"{API}/notifications", Permission.NOTIFICATIONS, shapes.Notifications)
    async def notifications(
        caller: Caller,
        state: Annotated[Fate | None, Query()] = None,
        incident: Name = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """Give what people were told, or are owed, newest first; times are real times."""
        place = read_cursor(cursor, int)
        found = await here.reading(
            oversight.notifications,
            caller.areas,
            None if state is None else state.value,
            incident,
            place[0] if place else None,
            limit + 1,
        )
        last = write_cursor(int(found[limit - 1]["id"])) if len(found) > limit else None
        return answer(page(found, limit, last))


async def _on_duty(here: Here, start: Instant, end: Instant, areas: Areas) -> int:
    """Take from the roster how many operators shared the load."""
    shifts = await here.reading(here.ports.rota.shifts, start, end, areas, _MOST_SHIFTS)
    accounts = await here.reading(here.ports.accounts.all)
    roles = {account.username: account.role for account in accounts}
    return operators_on_duty([Shift.from_json(body) for body in shifts], roles, start, end)


class AlarmFigures(Collector):
    """The same figures of the last day for Prometheus, worked out once a minute at the most."""

    def __init__(self, here: Here) -> None:
        """Read through the application's ports."""
        self._here = here
        self._at: Instant | None = None
        self._found: dict[str, Any] = {}

    async def refresh(self) -> None:
        """Work the figures out again when they are old; away with the store they stay old."""
        now = self._here.ports.now()
        if self._at is not None and now - self._at < _ANEW:
            return
        self._at = now
        end = self._here.now()
        alerts = await self._here.reading(
            self._here.ports.oversight.alerts_within, end - DAY, end, None, _MOST_ALERTS
        )
        operators = await _on_duty(self._here, end - DAY, end, None)
        self._found = performance(alerts, end - DAY, end, operators)

    def collect(self) -> Iterator[Metric]:
        """Give every figure."""
        found = self._found
        if not found:
            return
        rate, flood = found["per_10_min"], found["flood"]
        for name, told, value in (
            ("raises", "Alerts raised in the last day.", found["raises"]),
            ("per_10_min_mean", "Raises per 10 minutes, mean of the last day.", rate["mean"]),
            ("per_10_min_most", "Raises per 10 minutes, most of the last day.", rate["most"]),
            ("flood_percent", "Share of the last day in flood.", flood["percent"]),
            ("stale", "Alerts active for more than a day.", len(found["stale"])),
            ("chattering", "Alerts that rose thrice in 60 s.", len(found["chattering"])),
            ("top_ten_percent", "Share of the ten most frequent.", found["top_ten"]["percent"]),
            (
                "acknowledge_seconds_median",
                "From shown to acknowledged.",
                found["acknowledge_s"]["median"] or 0.0,
            ),
        ):
            yield GaugeMetricFamily(f"ioc_alarm_{name}", told, value)
        split = GaugeMetricFamily(
            "ioc_alarm_priority_percent", "Share of raises by priority.", labels=("priority",)
        )
        for name, part in found["priorities"].items():
            split.add_metric((name,), part["percent"])
        yield split
