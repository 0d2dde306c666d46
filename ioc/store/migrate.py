"""Bring a database to this version: numbered SQL files, each run once, in order.

The observations are made apart from the files, because their table is a hypertable where the
server has TimescaleDB and daily partitions where it has not; columns and names are the same.
"""

import hashlib
from datetime import date, timedelta
from importlib import resources
from typing import Final

from ioc.core.words import DAY, Instant, rfc3339
from ioc.store.connection import Connection, transaction

_LOCK: Final = 0x10C_0001
COMPRESS_AFTER_DAYS: Final = 8
"""A day beyond the oldest time that is accepted: live data never meets a compressed chunk."""


class SchemaError(Exception):
    """The database was made by something this version does not know."""


def migrate(connection: Connection, retention_days: int) -> list[str]:
    """Apply what is missing and return its names.

    Raises:
        SchemaError: a file that was applied has changed since, or is unknown here.
    """
    applied: list[str] = []
    with transaction(connection), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
        cursor.execute(
            "create table if not exists migration (name text primary key, checksum text not null)"
        )
        cursor.execute("select name, checksum from migration")
        known: dict[str, str] = dict(cursor.fetchall())
        files = {
            entry.name: entry.read_text(encoding="utf-8")
            for entry in resources.files("ioc.store").joinpath("schema").iterdir()
            if entry.name.endswith(".sql")
        }
        for name in sorted(known.keys() - files.keys()):
            raise SchemaError(f"the database has {name}, which this version does not know")
        for name, sql in sorted(files.items()):
            checksum = hashlib.sha256(sql.encode()).hexdigest()
            if name in known:
                if known[name] != checksum:
                    raise SchemaError(f"{name} was changed after the database applied it")
                continue
            cursor.execute(sql)
            cursor.execute("insert into migration values (%s, %s)", (name, checksum))
            applied.append(name)
        _observations(connection, retention_days)
    return applied


def has_timescale(connection: Connection) -> bool:
    """Tell whether ``observation`` lives in TimescaleDB."""
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from pg_extension where extname = 'timescaledb')")
        return bool(cursor.fetchone() == (True,))


def _observations(connection: Connection, retention_days: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('observation') is not null")
        if cursor.fetchone() == (True,):
            return
        columns = """
            create table observation (
                datastream integer not null,
                time timestamptz not null,
                value float8 not null,
                quality smallint not null,
                primary key (datastream, time)
            )"""
        cursor.execute(
            "select exists (select from pg_available_extensions where name = 'timescaledb')"
        )
        if cursor.fetchone() == (True,):
            cursor.execute("create extension if not exists timescaledb")
            cursor.execute(columns)
            cursor.execute(
                "select create_hypertable('observation', by_range('time', interval '1 day'),"
                " create_default_indexes => false)"
            )
            cursor.execute(
                "alter table observation set (timescaledb.compress,"
                " timescaledb.compress_segmentby = 'datastream',"
                " timescaledb.compress_orderby = 'time')"
            )
            cursor.execute(
                "select add_compression_policy('observation', %s * interval '1 day')",
                (COMPRESS_AFTER_DAYS,),
            )
            cursor.execute(
                "select add_retention_policy('observation', %s * interval '1 day')",
                (retention_days,),
            )
        else:
            cursor.execute(columns + " partition by range (time)")


def prepare_days(connection: Connection, first: Instant, last: Instant) -> None:
    """Make the daily partitions that hold ``first`` to ``last``; TimescaleDB makes its own."""
    if has_timescale(connection):
        return
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
        for day in range(first // DAY, last // DAY + 1):
            start = day * DAY
            cursor.execute(
                f"create table if not exists {_partition(start)} partition of observation"
                f" for values from ('{rfc3339(start)}') to ('{rfc3339(start + DAY)}')"
            )
    connection.commit()


def drop_days_before(connection: Connection, oldest: Instant) -> int:
    """Drop the daily partitions that end before ``oldest`` and return how many."""
    if has_timescale(connection):
        return 0
    with transaction(connection), connection.cursor() as cursor:
        cursor.execute(
            "select inhrelid::regclass::text from pg_inherits"
            " where inhparent = 'observation'::regclass"
        )
        old = [name for (name,) in cursor.fetchall() if name < _partition(oldest // DAY * DAY)]
        for name in old:
            cursor.execute(f"drop table {name}")
    return len(old)


def _partition(start: Instant) -> str:
    return f"observation_{date(1970, 1, 1) + timedelta(days=start // DAY):%Y%m%d}"
