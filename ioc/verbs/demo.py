"""`ioc demo`: everything on one machine, from engines to wall, under one supervisor."""

import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import typer

from ioc import clock as real
from ioc.core.clock import SiteClock
from ioc.core.words import PROVINCE
from ioc.embedded.broker import USERS, Broker
from ioc.embedded.children import ChildSpec
from ioc.embedded.postgres import Postgres
from ioc.embedded.supervisor import Supervisor
from ioc.mqtt.link import Address, Link
from ioc.sites import read_site
from ioc.store.accounts import Accounts
from ioc.store.connection import connect
from ioc.store.ledger import Ledger
from ioc.store.migrate import migrate
from ioc.store.pool import Pool
from ioc.verbs.ingest import site_clock
from ioc.verbs.play import url_of
from ioc.verbs.settings import Environment

PEOPLE: Final = ("operator", "supervisor", "leader", "handler", "developer", "admin")
_LOCAL: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What `ioc demo` was asked for; see its help."""

    site: str
    host: str
    port: int
    mqtt_port: int
    data: Path
    history_s: int
    speed: float
    simulators: bool


def demo(environment: Environment, wanted: Wanted) -> None:
    """Run `ioc demo` until Ctrl-C."""
    site = read_site(wanted.site)  # a wrong site refuses before anything is started
    with Supervisor(wanted.data, say=_say) as supervisor:
        broker = _broker(environment, supervisor, wanted)
        database_url = _database(environment, supervisor)
        port = supervisor.port("http", wanted.host, wanted.port)
        url = f"http://{_reachable(wanted.host)}:{port}"
        with closing(connect(database_url, name="demo")) as connection:
            migrate(connection, environment.retention_days)
        ledger = Ledger(database_url, "demo")
        clock = _clock(ledger, wanted.speed)
        ledger.close()
        users, display = _people(supervisor, database_url)
        facts = {
            "site": site.id,
            "url": url,
            "wall_url": f"{url}/?token={display}",
            "mqtt": broker["developer"],
            "database_url": database_url,
            "display_token": display,
            "users": users,
        }
        supervisor.describe(facts)
        common = {
            **os.environ,
            "IOC_SITE": wanted.site,
            "IOC_DATABASE_URL": database_url,
            "IOC_MQTT_URL": broker["centre"],
        }
        health = _Health(broker["centre"], site.id)
        supervisor.start(_verb("ingest", (), common, ready=health.heard))
        serve = _verb(
            "serve",
            ("--host", wanted.host, "--port", str(port)),
            common,
            ready=lambda: _is_ready(url),
        )
        supervisor.start(serve, *_simulate(wanted, supervisor.data, broker["simulate"], health))
        health.stop()
        supervisor.describe(facts)
        _greet(facts, clock)
        supervisor.watch()


def _simulate(wanted: Wanted, data: Path, url: str, health: "_Health") -> list[ChildSpec]:
    """Describe the simulators, ready when their history is judged; none where none are wanted."""
    if not wanted.simulators:
        return []
    arguments = {
        "--state": data / "simulate.json",
        "--history": f"{wanted.history_s}s",
        "--plugins": data / "plugins",
    }
    return [
        _verb(
            "simulate",
            tuple(str(word) for pair in arguments.items() for word in pair),
            {**os.environ, "IOC_SITE": wanted.site, "IOC_MQTT_URL": url},
            ready=health.live,
        )
    ]


def _broker(environment: Environment, supervisor: Supervisor, wanted: Wanted) -> dict[str, Any]:
    """Start the embedded broker, unless there is one; gives its addresses by user."""
    if environment.mqtt_url is not None:
        address = environment.broker()
        same = url_of(address)
        told = {
            "host": address.host,
            "port": address.port,
            "username": address.username,
            "password": address.password,
        }
        return {"centre": same, "simulate": same, "developer": told}
    port = supervisor.port("mqtt", wanted.host, wanted.mqtt_port)
    passwords = {user: supervisor.secret(f"mqtt {user}") for user in USERS}
    broker = Broker(supervisor.data / "broker", port, passwords, host=wanted.host)
    supervisor.start(broker.child())
    return {
        "centre": broker.url("centre"),
        "simulate": broker.url("simulate"),
        "developer": {
            "host": _reachable(wanted.host),
            "port": port,
            "username": "developer",
            "password": passwords["developer"],
        },
    }


def _database(environment: Environment, supervisor: Supervisor) -> str:
    """Start the embedded PostgreSQL, unless there is one; gives its address."""
    if environment.database_url is not None:
        return environment.database_url
    server = Postgres(
        supervisor.data / "database",
        supervisor.port("database", _LOCAL, 0),
        password=supervisor.secret("database"),
        super_password=supervisor.secret("database superuser"),
    )
    supervisor.start(server.child())
    return server.url()


def _clock(ledger: Ledger, speed: float) -> SiteClock:
    """Give the site's clock; another speed goes on from where it stands."""
    clock = site_clock(ledger, real.now)
    if clock.speed != speed:
        now = real.now()
        clock = SiteClock(clock.at(now), now, speed)
        with ledger.transaction() as tx:
            tx.set("clock", clock.to_json())
    return clock


def _people(supervisor: Supervisor, database_url: str) -> tuple[dict[str, str], str]:
    """Make one account a role and one display, the same ones at every start."""
    accounts = Accounts(Pool(lambda: connect(database_url, name="demo"), size=1))
    users = {role: supervisor.secret(f"user {role}") for role in PEOPLE}
    known = {account.username for account in accounts.all()}
    for role, password in users.items():
        if role not in known:
            # What a handler reaches is named, or it is nothing; here it is everything.
            accounts.add(role, role, password, areas=[PROVINCE] if role == "handler" else [])
    return users, accounts.mint_display(supervisor.secret("display"))


def _verb(
    name: str,
    arguments: tuple[str, ...],
    environ: Mapping[str, str],
    **more: Any,  # noqa: ANN401 - further fields of ChildSpec
) -> ChildSpec:
    return ChildSpec(
        name=name,
        argv=(sys.executable, "-m", "ioc", name, *arguments),
        env=environ,
        ready_within=600.0,
        **more,
    )


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=1) as answer:  # noqa: S310 - our own
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


class _Health:
    """Hears how ingest is, while everything starts."""

    def __init__(self, url: str, site: str) -> None:
        self._link = Link(
            Address.parse(url), "", [(f"ioc/{site}/_centre/health", 0)], now=real.now, clean=True
        )
        self._told: dict[str, Any] = {}
        self._link.start()

    def heard(self) -> bool:
        """Tell whether ingest has spoken: its session is there, and nothing sent is lost."""
        for message in self._link.take(0.05).messages:
            self._told = json.loads(message.payload)
        return bool(self._told)

    def live(self) -> bool:
        """Tell whether the history is judged and what comes in is of now."""
        return self.heard() and bool(self._told["caught_up"]) and self._told["horizon"] is not None

    def stop(self) -> None:
        self._link.stop()


def _reachable(host: str) -> str:
    return {"0.0.0.0": _LOCAL, "::": "[::1]"}.get(host, host)  # noqa: S104 - read, not bound


def _greet(facts: Mapping[str, Any], clock: SiteClock) -> None:
    _say(f"wall      {facts['wall_url']}")
    _say(f"operator  password {facts['users']['operator']}")
    if clock.speed != 1:
        _say(f"clock     {clock.speed:g} times as fast")
    _say(f"ready {facts['url']}")


def _say(line: str) -> None:
    typer.echo(line)
    sys.stdout.flush()
