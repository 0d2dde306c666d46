"""The audit trail's table: written at its end only, in the transaction of the step itself."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from psycopg2.extensions import cursor as Cursor  # noqa: N812 - psycopg2's own name is lower case
from psycopg2.extras import execute_values

from ioc.core.audit import FIRST, Anchor, Entry, Row, chained
from ioc.core.words import rfc3339
from ioc.store.connection import Connection, transaction

EVENT_LOCK: Final = 0x10C_0002
"""Held from the first event or audit row of a transaction to its commit (docs/decisions/0004)."""

_MICROS: Final = "(extract(epoch from {}) * 1000000)::bigint"
_BATCH: Final = 5_000


def append(cursor: Cursor, entries: Sequence[Entry]) -> None:
    """Put entries at the end of the chain, within the cursor's open transaction.

    Rows of other tables are locked before this is called, or two transactions may deadlock.
    """
    if not entries:
        return
    cursor.execute("select pg_advisory_xact_lock(%s)", (EVENT_LOCK,))
    cursor.execute(
        f"select {_MICROS.format('clock_timestamp()')},"  # noqa: S608 - our own words
        " (select seq from audit order by seq desc limit 1),"
        " (select hash from audit order by seq desc limit 1)"
    )
    ((at, seq, head),) = cursor.fetchall()
    seq, before = seq or 0, FIRST if head is None else bytes(head)
    rows: list[tuple[Any, ...]] = []
    for made in entries:
        seq += 1
        row = chained(seq, at, made, before)
        before = row.hash
        rows.append((seq, rfc3339(at), made.who, made.action, made.subject, made.detail, before))
    execute_values(
        cursor,
        "insert into audit (seq, at, who, action, subject, detail, hash) values %s",
        rows,
    )


def read_trail(connection: Connection) -> Iterator[Row]:
    """Read the whole chain from its beginning, a few thousand rows at a time."""
    with transaction(connection), connection.cursor("trail") as cursor:
        cursor.itersize = _BATCH
        cursor.execute(
            f"select seq, {_MICROS.format('at')}, who, action, subject, detail, hash"  # noqa: S608
            " from audit order by seq"
        )
        for seq, at, who, action, subject, detail, digest in cursor:
            yield Row(seq, at, Entry(who, action, subject, detail), bytes(digest))


def head(connection: Connection) -> Anchor:
    """Give the newest row's place and hash; 0 and zeros before the first."""
    with transaction(connection), connection.cursor() as cursor:
        cursor.execute("select seq, hash from audit order by seq desc limit 1")
        found = cursor.fetchone()
    return Anchor(0, FIRST) if found is None else Anchor(found[0], bytes(found[1]))
