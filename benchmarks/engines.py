"""A broker and a database of one's own, embedded, and an ingest on them when wanted."""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil
import psycopg2

from ioc.embedded.broker import USERS, Broker
from ioc.embedded.children import Child, running
from ioc.embedded.folder import free_port
from ioc.embedded.postgres import Postgres

LOCAL: Final = "127.0.0.1"
SITE: Final = "dien-bien"
AREA: Final = "muong-ang"
WITHIN_S: Final = 300.0


@dataclass(slots=True)
class Engines:
    """What runs, and how to reach it."""

    folder: Path
    broker: Broker
    database: str
    passwords: dict[str, str]
    pids: dict[str, int] = field(default_factory=dict)

    def processor_s(self) -> dict[str, float]:
        """Give the processor time each part has used, with that of its children."""
        found = {}
        for name, pid in self.pids.items():
            process = psutil.Process(pid)
            spent = 0.0
            for each in (process, *process.children(recursive=True)):
                try:
                    times = each.cpu_times()
                except psutil.NoSuchProcess:
                    continue
                # A backend of PostgreSQL that has ended is in its parent's account.
                spent += times.user + times.system + times.children_user + times.children_system
            found[name] = spent
        return found


@contextmanager
def engines() -> Iterator[Engines]:
    """Start a broker and a database; both are gone at the end."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ioc-bench-")))
        passwords = {user: secrets.token_hex(16) for user in USERS}
        broker = Broker(folder / "broker", free_port(LOCAL), passwords)
        postgres = Postgres(
            folder / "database",
            free_port(LOCAL),
            password=secrets.token_hex(16),
            super_password=secrets.token_hex(16),
        )
        parts: dict[str, Child] = {
            "broker": stack.enter_context(running(broker.child(), folder / "broker.log")),
            "database": stack.enter_context(running(postgres.child(), folder / "database.log")),
        }
        pids = {name: child.pid for name, child in parts.items()}
        yield Engines(folder, broker, postgres.url(), passwords, pids)


@contextmanager
def ingest(engines: Engines) -> Iterator[None]:
    """Run an ingest on the engines; it listens once this begins."""
    log = engines.folder / "ingest.log"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("IOC_")}
    address = f"mqtt://centre:{engines.passwords['centre']}@{LOCAL}:{engines.broker.port}"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "ioc", "ingest"],
            env={
                **environ,
                "IOC_SITE": SITE,
                "IOC_DATABASE_URL": engines.database,
                "IOC_MQTT_URL": address,
            },
            stdout=out,
            stderr=out,
        )
    try:

        def listens() -> bool:
            said = log.read_text(encoding="utf-8", errors="replace")
            if process.poll() is not None:
                raise SystemExit(f"ingest did not start:\n{said}")
            return '"connected"' in said

        wait_until(listens, "ingest on the broker")
        engines.pids["ingest"] = process.pid
        yield
    finally:
        engines.pids.pop("ingest", None)
        process.terminate()
        process.wait(30)


def wait_until(done: Callable[[], bool], what: str, every_s: float = 0.02) -> None:
    """Ask until it is so.

    Raises:
        SystemExit: it never is.
    """
    until = time.monotonic() + WITHIN_S
    while not done():
        if time.monotonic() > until:
            raise SystemExit(f"not within {WITHIN_S:.0f} s: {what}")
        time.sleep(every_s)


def ask(database: str, query: str, *arguments: object) -> list[tuple[int, ...]]:
    """Ask the database."""
    connection = psycopg2.connect(database)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(query, arguments)
            return cursor.fetchall()
    finally:
        connection.close()
