"""Bring a database to this version: numbered SQL files, each run once, in order.

The observations are made apart from the files, because their table is a hypertable where the
server has TimescaleDB and daily partitions where it has not; columns and names are the same.
"""

import hashlib
from datetime import date, timedelta
from importlib import resources
from typing import Final

import psycopg2
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - psycopg2's own name is lower case

from ioc.core.words import DAY, Instant, rfc3339
from ioc.store.connection import Connection, transaction

_LOCK: Final = 0x10C_0001
_DROP_PATIENCE_MS: Final = 1_000
COMPRESS_AFTER_DAYS: Final = 8
"""A day beyond the oldest time that is accepted: live data never meets a compressed chunk."""


class SchemaError(Exception):
    """The database was made by something this version does not know, or is not ours to change."""


def migrate(connection: Connection, retention_days: int) -> list[str]:
    """Apply what is missing and return its names.

    Raises:
        SchemaError: a file that was applied has changed since, or is unknown here; or the role
            may not make tables in this database.
    """
    try:
        with transaction(connection), connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
            applied = _apply(cursor)
            if not _there(cursor, "observation"):
                _make_observations(cursor, retention_days)
            elif not _is_partitioned(cursor):
                _keep_at_least(cursor, retention_days)
    except psycopg2.errors.InsufficientPrivilege as error:
        info = connection.info
        raise SchemaError(
            f"{info.user!r} may not change the database {info.dbname!r}"
            f" ({str(error).partition(chr(10))[0]}); make it the owner"
        ) from error
    return applied


def _apply(cursor: Cursor) -> list[str]:
    """Run the files that were not run yet and return their names."""
    if not _there(cursor, "migration"):
        cursor.execute("create table migration (name text primary key, checksum text not null)")
    cursor.execute("select name, checksum from migration")
    known: dict[str, str] = dict(cursor.fetchall())
    files = {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in resources.files("ioc.store").joinpath("schema").iterdir()
        if entry.name.endswith(".sql")
    }
    for name in sorted(known.keys() - files.keys()):
        raise SchemaError(f"the database has {name}, which this version does not know")
    applied: list[str] = []
    for name, sql in sorted(files.items()):
        checksum = hashlib.sha256(sql.encode()).hexdigest()
        if name in known:
            if known[name] != checksum:
                raise SchemaError(f"{name} was changed after the database applied it")
            continue
        cursor.execute(sql)
        cursor.execute("insert into migration values (%s, %s)", (name, checksum))
        applied.append(name)
    return applied


def _there(cursor: Cursor, table: str) -> bool:
    cursor.execute("select to_regclass(%s) is not null", (table,))
    return bool(cursor.fetchone() == (True,))


def _is_partitioned(cursor: Cursor) -> bool:
    """Tell whether ``observation`` is daily partitions of ours, and no hypertable."""
    cursor.execute("select relkind = 'p' from pg_class where oid = to_regclass('observation')")
    return bool(cursor.fetchone() == (True,))


def _make_observations(cursor: Cursor, retention_days: int) -> None:
    columns = """
        create table observation (
            datastream integer not null,
            time timestamptz not null,
            value float8 not null,
            quality smallint not null,
            primary key (datastream, time)
        )"""
    if not _make_timescale(cursor):
        cursor.execute(columns + " partition by range (time)")
        return
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
        "select add_retention_policy('observation', %s * interval '1 day')", (retention_days,)
    )


def _make_timescale(cursor: Cursor) -> bool:
    """Make the extension where the server runs it with all it can do; tell whether it is there.

    Its files may be installed on a server that was not told to load it (making the extension then
    ends the connection), and its Apache edition has neither compression nor policies.
    """
    cursor.execute(
        "select exists (select from pg_settings where name = 'timescaledb.max_background_workers')"
        " and exists (select from pg_available_extensions where name = 'timescaledb')"
    )
    if cursor.fetchone() != (True,):
        return False
    cursor.execute("savepoint before_timescale")
    cursor.execute("create extension if not exists timescaledb")
    cursor.execute("select current_setting('timescaledb.license', true)")
    if cursor.fetchone() != ("timescale",):
        cursor.execute("rollback to before_timescale")
        return False
    return True


def _keep_at_least(cursor: Cursor, retention_days: int) -> None:
    """Let TimescaleDB keep observations for longer where that is asked.

    Never for shorter: whoever migrates without the setting would lose what it keeps. A shorter
    time is the business of `drop_days_before`.
    """
    cursor.execute(
        "select alter_job(job_id, config => jsonb_set(config, '{drop_after}', to_jsonb(%s::text)))"
        " from timescaledb_information.jobs"
        " where proc_name = 'policy_retention' and hypertable_name = 'observation'"
        " and (config ->> 'drop_after')::interval < %s::interval",
        (f"{retention_days} days",) * 2,
    )


def prepare_days(connection: Connection, first: Instant, last: Instant) -> None:
    """Make the daily partitions that hold ``first`` to ``last``; TimescaleDB makes its own.

    Each is made beside the table and then attached, which waits for nobody who reads: a backup
    that runs for an hour does not keep the next day from beginning.
    """
    with transaction(connection), connection.cursor() as cursor:
        if not _is_partitioned(cursor):
            return
        cursor.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
        for day in range(first // DAY, last // DAY + 1):
            start = day * DAY
            name = _partition(start)
            if not _there(cursor, name):
                cursor.execute(f"create table {name} (like observation including all)")
                cursor.execute(
                    f"alter table observation attach partition {name}"
                    f" for values from ('{rfc3339(start)}') to ('{rfc3339(start + DAY)}')"
                )


def drop_days_before(connection: Connection, oldest: Instant) -> int:
    """Drop the days that end before ``oldest`` and return how many.

    A day that somebody reads for long is left for the next time: whoever waits to drop it would
    make everybody else wait too.
    """
    dropped = 0
    for statement in _droppings(connection, oldest):
        try:
            with transaction(connection), connection.cursor() as cursor:
                cursor.execute(f"set local lock_timeout = {_DROP_PATIENCE_MS}")
                cursor.execute(statement)
                dropped += max(1, cursor.rowcount)
        except psycopg2.errors.LockNotAvailable:
            break
    return dropped


def _droppings(connection: Connection, oldest: Instant) -> list[str]:
    """Give the statements that drop the days before ``oldest``, oldest first."""
    with transaction(connection), connection.cursor() as cursor:
        if _is_partitioned(cursor):
            cursor.execute(
                "select format('drop table %%s', inhrelid::regclass) from pg_inherits"
                " join pg_class on pg_class.oid = inhrelid"
                " where inhparent = 'observation'::regclass and relname < %s order by relname",
                (_partition(oldest // DAY * DAY),),
            )
        else:
            cursor.execute(
                "select format('select drop_chunks(''observation'', older_than => %%L)', range_end)"
                " from timescaledb_information.chunks"
                " where hypertable_name = 'observation' and range_end <= %s order by range_end",
                (rfc3339(oldest),),
            )
        return [statement for (statement,) in cursor.fetchall()]


def _partition(start: Instant) -> str:
    return f"observation_{date(1970, 1, 1) + timedelta(days=start // DAY):%Y%m%d}"
