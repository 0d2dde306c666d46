"""Letting go of what is settled for long, kind by kind; on plain PostgreSQL and TimescaleDB alike.

How long each kind stays is data (``retention.toml``). What is open stays however old it is, an
incident keeps its alerts and tasks, and the audit trail is never touched: it only grows. Rows go in
small bites, each a transaction of its own, so that nobody waits for a year that goes at once.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

from ioc.core.settings_error import SettingsError
from ioc.core.words import DAY, Instant, rfc3339
from ioc.store.connection import Connection, transaction

MINUTE: Final = "rollup_minute"
"""Minutes go with the observations they are of."""

_BITE: Final = 5_000
_MOST_BITES: Final = 200
"""Of a kind in one sweep; what is left then waits for the next."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """What of a kind may go.

    Attributes:
        old: the condition on a row ``t``; ``%(before)s`` is the time before which it is old.
        along: a table to go along where the key of ``t`` does not begin with the time, as a whole
            scan would take long; such a kind goes in one go, being an hour's worth of old rows.
        meets: how the two belong together.
        real: its times are real times, not the site's.
    """

    old: str
    along: str = ""
    meets: str = ""
    real: bool = False


_BY_STREAM: Final = Sweep("t.time < %(before)s", "datastream", "d.id = t.datastream")

SWEEPS: Final[Mapping[str, Sweep]] = MappingProxyType(
    {
        "incident": Sweep(
            "t.received_at < %(before)s and t.closed_at < %(before)s and not exists (select"
            " from task where incident = t.id and coalesce(closed_at, 'infinity') >= %(before)s)"
        ),
        "task": Sweep(
            "t.given_at < %(before)s and t.closed_at < %(before)s"
            " and not exists (select from incident where id = t.incident)"
        ),
        "alert": Sweep(
            "t.raised_at < %(before)s and t.closed_at < %(before)s"
            " and not exists (select from incident where id = t.body ->> 'incident')"
        ),
        "maintenance": Sweep("t.ends < %(before)s"),
        "handover": Sweep("t.at < %(before)s"),
        "shift": Sweep("t.ends < %(before)s"),
        "brief": Sweep("t.ends < %(before)s"),
        "record": Sweep(
            "t.at < %(before)s"
            " and not exists (select from record where id = t.id and at >= %(before)s)"
        ),
        "notification": Sweep("t.settled_at < %(before)s", real=True),
        "indicator_value": Sweep(
            "t.at < %(before)s", "indicator", "(d.id, d.area) = (t.id, t.area)"
        ),
        "rollup_day": _BY_STREAM,
        "rollup_hour": _BY_STREAM,
        MINUTE: _BY_STREAM,
        "shadow": Sweep("t.at < %(before)s"),
    }
)
"""In this order: an incident first, then what it no longer holds."""


def periods(told: Mapping[str, Any]) -> dict[str, int]:
    """Give the days each kind stays: as shipped, but for what an installation says otherwise.

    Raises:
        SettingsError: no such kind, or it is to stay for too short.
    """
    shipped = resources.files("ioc.store").joinpath("retention.toml").read_text(encoding="utf-8")
    table = tomllib.loads(shipped)
    days = {kind: int(row["days"]) for kind, row in table.items()}
    for kind, asked in told.items():
        if kind not in table:
            raise SettingsError(f"is no kind; known are {', '.join(table)}", key=kind)
        least = table[kind]["least"]
        if isinstance(asked, bool) or not isinstance(asked, int) or asked < least:
            raise SettingsError(f"must be {least} days or more", key=kind, value=asked)
        days[kind] = asked
    return days


def let_go(
    connection: Connection, days: Mapping[str, int], now: Instant, real: Instant
) -> dict[str, int]:
    """Delete what is older than its days and settled.

    Args:
        connection: of its own; each bite is a transaction on it.
        days: by kind, see `periods`; a kind that is not in it stays.
        now: the site's clock.
        real: the real time.

    Returns:
        How many rows went, of each kind of which any did.
    """
    gone: dict[str, int] = {}
    for kind, sweep in SWEEPS.items():
        if kind not in days:
            continue
        before = {"before": rfc3339((real if sweep.real else now) - days[kind] * DAY)}
        if count := _sweep(connection, kind, sweep, before):
            gone[kind] = count
    return gone


def _sweep(connection: Connection, kind: str, sweep: Sweep, before: Mapping[str, str]) -> int:
    if sweep.along:
        return _delete(
            connection,
            f"delete from {kind} t using {sweep.along} d where {sweep.meets} and {sweep.old}",  # noqa: S608 - our own words
            before,
        )
    bite = (
        f"delete from {kind} where ctid = any(array("  # noqa: S608 - our own words
        f"select t.ctid from {kind} t where {sweep.old} limit {_BITE}))"
    )
    gone = 0
    for _ in range(_MOST_BITES):
        bitten = _delete(connection, bite, before)
        gone += bitten
        if bitten < _BITE:
            break
    return gone


def _delete(connection: Connection, asked: str, before: Mapping[str, str]) -> int:
    with transaction(connection), connection.cursor() as cursor:
        cursor.execute(asked, before)
        return cursor.rowcount
