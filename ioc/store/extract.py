"""Whole tables on their way out, a few thousand rows at a time, each row with its origin."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from ioc.core.words import Instant, rfc3339
from ioc.store.connection import Connection, transaction

_BATCH: Final = 5_000
_TIME: Final = (
    "to_char({} at time zone 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"+07:00\"')"
)


@dataclass(frozen=True, slots=True)
class _Table:
    """Columns by name, each as SQL; where they come from; and the time that is asked for."""

    columns: Mapping[str, str]
    source: str
    time: str


def _at(column: str) -> str:
    return _TIME.format(column)


_QUALITY: Final = "(array['good','suspect','bad'])[o.quality + 1]"

TABLES: Final[Mapping[str, _Table]] = MappingProxyType(
    {
        "observations": _Table(
            {
                "time": _at("o.time"),
                "area": "t.area",
                "thing": "d.thing",
                "datastream": "d.name",
                "value": "o.value",
                "unit": "t.body -> 'datastreams' -> d.name ->> 'unit'",
                "quality": _QUALITY,
                "origin": "coalesce(t.origin, 'unknown')",
            },
            "observation o join datastream d on d.id = o.datastream"
            " left join thing t on t.id = d.thing",
            "o.time",
        ),
        "alerts": _Table(
            {
                "raised_at": _at("raised_at"),
                "closed_at": _at("closed_at"),
                "id": "id",
                "rule": "rule",
                "thing": "thing",
                "datastream": "datastream",
                "area": "area",
                "severity": "severity",
                "condition": "condition",
                "state": "state",
                "reason": "body ->> 'reason'",
                "value": "(body ->> 'value')::float8",
                "limit": "(body ->> 'limit')::float8",
                "unit": "body ->> 'unit'",
                "message": "body -> 'message' ->> 'vi'",
                "incident": "body ->> 'incident'",
                "history": "(body ->> 'history')::boolean",
                "origin": "body ->> 'origin'",
            },
            "alert",
            "raised_at",
        ),
        "incidents": _Table(
            {
                "received_at": _at("received_at"),
                "closed_at": _at("closed_at"),
                "id": "id",
                "area": "area",
                "severity": "severity",
                "state": "state",
                "owner": "owner",
                "due": _at("due"),
                "reason": "body ->> 'reason'",
                "root": "body -> 'root' ->> 'thing'",
                "alerts": "jsonb_array_length(body -> 'alerts')",
                "title": "body -> 'title' ->> 'vi'",
                "origin": "body ->> 'origin'",
            },
            "incident",
            "received_at",
        ),
        "indicators": _Table(
            {
                "at": _at("v.at"),
                "id": "v.id",
                "area": "v.area",
                "value": "v.value",
                "unit": "i.body ->> 'unit'",
                "coverage": "v.coverage",
                "origin": "coalesce(i.body ->> 'origin', 'unknown')",
            },
            "indicator_value v left join indicator i on i.id = v.id and i.area = v.area",
            "v.at",
        ),
        "audit": _Table(
            {
                "seq": "seq",
                "at": _at("at"),
                "who": "who",
                "action": "action",
                "subject": "subject",
                "detail": "detail",
                "hash": "encode(hash, 'hex')",
                "origin": "'real'",
            },
            "audit",
            "at",
        ),
    }
)
"""What may be taken out. A person's step in the audit trail is real whatever it was taken on."""


def extract(
    connection: Connection, what: str, start: Instant | None, end: Instant | None
) -> Iterator[Sequence[Any]]:
    """Give the names of the columns, then row after row, oldest first.

    Args:
        connection: nothing else uses it meanwhile.
        what: of `TABLES`.
        start: inclusive; None from the beginning.
        end: exclusive; None to the end.
    """
    table = TABLES[what]
    yield list(table.columns)
    columns = ", ".join(f'{sql} as "{name}"' for name, sql in table.columns.items())
    with transaction(connection), connection.cursor("extract") as cursor:
        cursor.itersize = _BATCH
        cursor.execute(
            f"select {columns} from {table.source}"  # noqa: S608 - our own words
            f" where (%(start)s::timestamptz is null or {table.time} >= %(start)s::timestamptz)"
            f" and (%(end)s::timestamptz is null or {table.time} < %(end)s::timestamptz)"
            f" order by {table.time}, 2",
            {
                "start": None if start is None else rfc3339(start),
                "end": None if end is None else rfc3339(end),
            },
        )
        yield from cursor
