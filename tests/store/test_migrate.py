"""Bringing a database to this version: once, whole, and only one that this version knows."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from importlib import resources
from pathlib import Path

import psycopg2
import pytest

from ioc.core.words import DAY
from ioc.embedded.children import running
from ioc.embedded.folder import free_port
from ioc.embedded.postgres import Postgres
from ioc.store.connection import Connection, connect
from ioc.store.migrate import SchemaError, drop_days_before, migrate, prepare_days
from tests.store.conftest import RETENTION_DAYS, START, Store, rows, together

LOCAL = "127.0.0.1"


@pytest.fixture
def connection(url: str) -> Iterator[Connection]:
    with closing(connect(url, name="migrate")) as made:
        yield made


def ask(connection: Connection, sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found = cursor.fetchall()
    connection.commit()
    return found


def change(connection: Connection, sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
    connection.commit()


def days(connection: Connection) -> list[str]:
    """Give the daily partitions."""
    found = ask(
        connection,
        "select inhrelid::regclass::text from pg_inherits"
        " where inhparent = 'observation'::regclass order by 1",
    )
    return [str(name) for (name,) in found]


# ------------------------------------------------------------------ what was applied


def test_the_files_are_numbered_from_one_without_a_gap_or_a_twin() -> None:
    folder = resources.files("ioc.store").joinpath("schema")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    assert [int(name.partition("_")[0]) for name in names] == list(range(1, len(names) + 1))


def test_every_file_is_applied_once_and_in_order(connection: Connection) -> None:
    shipped = sorted(
        entry.name
        for entry in resources.files("ioc.store").joinpath("schema").iterdir()
        if entry.name.endswith(".sql")
    )
    assert migrate(connection, RETENTION_DAYS) == shipped
    assert migrate(connection, RETENTION_DAYS) == []
    assert [name for (name,) in ask(connection, "select name from migration order by name")] == (
        shipped
    )


def test_processes_that_start_together_do_not_get_into_each_others_way(url: str) -> None:
    def start() -> list[str]:
        with closing(connect(url, name="migrate")) as connection:
            return migrate(connection, RETENTION_DAYS)

    found = together(*[start] * 4)
    assert sorted(map(bool, found)) == [False, False, False, True], found


def test_a_file_that_was_changed_after_it_was_applied_is_refused(connection: Connection) -> None:
    migrate(connection, RETENTION_DAYS)
    change(connection, "update migration set checksum = 'of another text'")
    with pytest.raises(SchemaError, match=r"0001_centre\.sql was changed"):
        migrate(connection, RETENTION_DAYS)


def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(
    connection: Connection,
) -> None:
    migrate(connection, RETENTION_DAYS)
    change(connection, "insert into migration values ('9999_of_tomorrow.sql', 'x')")
    before = ask(connection, "select * from migration order by name")
    with pytest.raises(SchemaError, match=r"9999_of_tomorrow\.sql"):
        migrate(connection, RETENTION_DAYS)
    assert ask(connection, "select * from migration order by name") == before


def test_a_migration_that_fails_leaves_nothing_behind(connection: Connection) -> None:
    change(connection, "create table alert (not_ours integer)")
    with pytest.raises(psycopg2.errors.DuplicateTable):
        migrate(connection, RETENTION_DAYS)
    assert ask(connection, "select to_regclass('thing'), to_regclass('migration')") == [
        (None, None)
    ]


# ------------------------------------------------------------------ whose database it is


def test_a_role_that_may_not_make_tables_is_told_so_by_name(database_url: str) -> None:
    with closing(connect(database_url, name="migrate")) as connection:
        change(connection, "revoke create on schema public from pg_database_owner")
        with pytest.raises(SchemaError, match=rf"'{connection.info.user}' may not change"):
            migrate(connection, RETENTION_DAYS)


def test_with_nothing_to_apply_no_right_to_make_tables_is_needed(database_url: str) -> None:
    with closing(connect(database_url, name="migrate")) as connection:
        migrate(connection, RETENTION_DAYS)
        change(connection, "revoke create on schema public from pg_database_owner")
        assert migrate(connection, RETENTION_DAYS) == []


def installed_extension() -> tempfile.TemporaryDirectory[str]:
    """Make a folder with an extension that cannot be made, where any user's server can read it."""
    share = tempfile.TemporaryDirectory()
    extension = Path(share.name) / "extension"
    extension.mkdir()
    Path(share.name).chmod(0o755)
    (extension / "timescaledb.control").write_text("default_version = '2.28'\ntrusted = true\n")
    (extension / "timescaledb--2.28.sql").write_text(
        "do $$ begin raise exception 'it must be loaded'; end $$;\n"
    )
    return share


def test_timescale_that_is_installed_but_not_loaded_is_left_alone(tmp_path: Path) -> None:
    """As on a server where only the package was installed: making it would end the connection."""
    share = installed_extension()
    server = Postgres(
        tmp_path / "database",
        free_port(LOCAL),
        password="own",
        super_password="super",
        settings={"fsync": "off", "extension_control_path": f"$system:{share.name}"},
    )
    with (
        share,
        running(server.child(), tmp_path / "database.log"),
        closing(connect(server.url(), name="migrate")) as connection,
    ):
        available = "select name from pg_available_extensions where name = 'timescaledb'"
        assert ask(connection, available) == [("timescaledb",)]
        assert migrate(connection, RETENTION_DAYS)
        prepare_days(connection, START, START)
        assert days(connection) == ["observation_20261122"]


# ------------------------------------------------------------------ days on plain PostgreSQL


@pytest.fixture
def plain(migrated_url: str) -> Iterator[Connection]:
    with closing(connect(migrated_url, name="plain")) as made:
        yield made


def test_a_day_is_made_where_none_is_and_holds_exactly_its_day(plain: Connection) -> None:
    prepare_days(plain, START - DAY, START)
    prepare_days(plain, START - DAY, START + DAY - 1)
    assert days(plain) == ["observation_20261121", "observation_20261122"]
    for second in ("2026-11-21 00:00:00", "2026-11-21 23:59:59.999999", "2026-11-22 00:00:00"):
        change(plain, f"insert into observation values (1, '{second}Z', 1, 0)")
    assert ask(plain, "select tableoid::regclass::text from observation order by time") == [
        ("observation_20261121",),
        ("observation_20261121",),
        ("observation_20261122",),
    ]
    with pytest.raises(psycopg2.errors.CheckViolation):
        change(plain, "insert into observation values (1, '2026-11-23 00:00:00Z', 1, 0)")


def test_days_before_1970_are_days_like_others(plain: Connection) -> None:
    prepare_days(plain, -DAY - 1, -1)
    assert days(plain) == ["observation_19691230", "observation_19691231"]
    change(plain, "insert into observation values (1, '1969-12-31 23:59:59.999999Z', 1, 0)")


def test_a_time_and_datastream_are_unique_in_every_day(plain: Connection) -> None:
    prepare_days(plain, START, START)
    change(plain, "insert into observation values (1, '2026-11-22 01:00:00Z', 1, 0)")
    with pytest.raises(psycopg2.errors.UniqueViolation):
        change(plain, "insert into observation values (1, '2026-11-22 01:00:00Z', 2, 0)")


def test_several_may_make_the_same_days_at_once(plain: Connection, migrated_url: str) -> None:
    def make() -> None:
        with closing(connect(migrated_url, name="plain")) as connection:
            prepare_days(connection, START, START + 9 * DAY)

    assert together(*[make] * 4) == [None] * 4
    assert len(days(plain)) == 10


def test_a_backup_that_reads_for_long_does_not_keep_a_new_day_from_beginning(
    plain: Connection, migrated_url: str
) -> None:
    prepare_days(plain, START, START)
    with closing(psycopg2.connect(migrated_url)) as backup, backup.cursor() as cursor:
        cursor.execute("select count(*) from observation")  # holds its lock until it ends
        change(plain, "set lock_timeout = '5s'")
        prepare_days(plain, START + DAY, START + DAY)
    assert days(plain) == ["observation_20261122", "observation_20261123"]


def test_a_day_that_is_being_read_is_dropped_the_next_time(
    plain: Connection, migrated_url: str
) -> None:
    prepare_days(plain, START - 2 * DAY, START)
    with closing(psycopg2.connect(migrated_url)) as backup, backup.cursor() as cursor:
        cursor.execute("select count(*) from observation_20261120")
        assert drop_days_before(plain, START) == 0
    assert drop_days_before(plain, START) == 2
    assert days(plain) == ["observation_20261122"]


# ------------------------------------------------------------------ retention, on both


def test_whole_days_before_the_retention_go_and_no_other(store: Store) -> None:
    kept = rows(*[(number, START + day * DAY, 1.0) for day in range(-5, 1) for number in (1, 2)])
    store.keep(kept)
    with closing(connect(store.url, name="tidy")) as connection:
        assert drop_days_before(connection, START - 5 * DAY) == 0
        assert drop_days_before(connection, START - 2 * DAY + 1) == 3
        assert drop_days_before(connection, START - 2 * DAY + 1) == 0
    assert sorted({at for _, at, _, _ in store.observations()}) == [
        START - 2 * DAY,
        START - DAY,
        START,
    ]


def test_ingest_goes_on_while_days_are_dropped(store: Store) -> None:
    store.keep(rows(*[(1, START + day * DAY, 1.0) for day in range(-9, 1)]))
    done = threading.Event()

    def drop() -> int:
        with closing(connect(store.url, name="tidy")) as connection:
            dropped = drop_days_before(connection, START - 2 * DAY)
        done.set()
        return dropped

    def write() -> int:
        count = 0
        while not done.is_set() or count < 20:
            count += 1
            store.keep(rows((2, START + count, float(count))))
        return count

    dropped, count = together(drop, write)
    assert dropped == 7
    assert [at for number, at, _, _ in store.observations() if number == 2] == [
        START + place + 1 for place in range(int(str(count)))
    ]
