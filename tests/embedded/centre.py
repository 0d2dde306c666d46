"""A small centre for the tests: both engines and two programs under a real supervisor.

Run as ``python centre.py DATA [PROGRAM…]``; says what happens, and ``ready`` once it is.
A PROGRAM is ``sleeper``; ``stubborn``, which does not listen to SIGTERM; or ``family``, which has
such a child; ``no-database`` leaves the database out.
"""

import os
import sys
from pathlib import Path

from ioc.embedded.broker import USERS, Broker
from ioc.embedded.children import ChildSpec, EngineError, StartError
from ioc.embedded.folder import DataFolderError
from ioc.embedded.postgres import Postgres
from ioc.embedded.supervisor import Supervisor

LOCAL = "127.0.0.1"
SLEEPER = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"
FAMILY = (
    f"import subprocess, sys; subprocess.run([sys.executable, '-c', {STUBBORN!r}, sys.argv[1]])"
)
PROGRAMS = {"sleeper": SLEEPER, "stubborn": STUBBORN, "family": FAMILY}


def say(line: str) -> None:
    print(line, flush=True)


def program(name: str, data: Path) -> ChildSpec:
    """A Python program that names the data folder on its command line, so that it can be found."""
    argv = (sys.executable, "-c", PROGRAMS[name], str(data))
    log = data / "log" / f"{name}.log"
    return ChildSpec(
        name,
        argv,
        dict(os.environ),
        before=lambda: log.unlink(missing_ok=True),
        ready=lambda: log.stat().st_size > 0,
        stop_within=120.0,
    )


def main(data: Path, names: list[str]) -> None:
    with Supervisor(data, say=say, patience=1.0) as supervisor:
        broker = Broker(
            supervisor.data / "broker",
            supervisor.port("mqtt", LOCAL, 0),
            {user: supervisor.secret(f"mqtt-{user}") for user in USERS},
        )
        database = Postgres(
            supervisor.data / "database",
            supervisor.port("database", LOCAL, 0),
            password=supervisor.secret("database"),
            super_password=supervisor.secret("database-superuser"),
        )
        supervisor.start(broker.child())
        if "no-database" not in names:
            supervisor.start(database.child())
        for name in PROGRAMS.keys() & names:
            supervisor.start(program(name, supervisor.data))
        supervisor.describe(
            {
                "mqtt": {"host": LOCAL, "port": broker.port},
                "users": {user: broker.passwords[user] for user in USERS},
                "database_url": database.url(),
            }
        )
        say("ready")
        supervisor.watch()


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), sys.argv[2:])
    except (DataFolderError, EngineError, StartError) as refused:
        sys.exit(str(refused))
