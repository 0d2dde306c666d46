"""The real engines that tests lean on: one PostgreSQL and one broker for each worker of a run."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest
from psycopg2 import sql

from ioc.embedded.broker import USERS, Broker
from ioc.embedded.children import running
from ioc.embedded.folder import free_port
from ioc.embedded.postgres import Postgres, of_database
from ioc.store.connection import connect
from ioc.store.migrate import migrate

LOCAL = "127.0.0.1"


@dataclass(frozen=True)
class RunningBroker:
    """A broker that answers, and how to log in at it."""

    host: str
    port: int
    passwords: Mapping[str, str]

    def url(self, user: str) -> str:
        """Give ``mqtt://user:password@host:port``."""
        return f"mqtt://{user}:{self.passwords[user]}@{self.host}:{self.port}"


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a fresh embedded PostgreSQL; gives the address of its first database."""
    folder: Path = tmp_path_factory.mktemp("postgres")
    server = Postgres(
        folder / "database",
        free_port(LOCAL),
        password=secrets.token_urlsafe(),
        super_password=secrets.token_urlsafe(),
        # What a power cut takes from a test run is no loss. A worker of autovacuum would belong
        # to the superuser, and keep its database from being dropped.
        settings={"fsync": "off", "autovacuum": "off"},
    )
    with running(server.child(), folder / "database.log"):
        yield server.url()


@contextmanager
def database_of_ones_own(postgres_url: str, template: str = "template1") -> Iterator[str]:
    """Give the address of a fresh database like the template's, and drop it at the end.

    Its files are copied: with fsync off that takes a fraction of writing every page to the log.
    """
    name = f"test_{secrets.token_hex(6)}"
    with closing(psycopg2.connect(postgres_url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("create database {} template {} strategy file_copy").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
            yield of_database(postgres_url, name)
            cursor.execute(
                sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
            )


@pytest.fixture
def database_url(postgres_url: str) -> Iterator[str]:
    """Give the address of a database of one's own, empty."""
    with database_of_ones_own(postgres_url) as url:
        yield url


@pytest.fixture(scope="session")
def migrated(postgres_url: str) -> Iterator[str]:
    """Give the name of a database that was migrated once, for others to be copied from."""
    with database_of_ones_own(postgres_url) as url:
        with closing(connect(url, name="test")) as connection:
            migrate(connection, retention_days=400)
        yield url.rpartition("/")[2].partition("?")[0]


@pytest.fixture
def migrated_url(postgres_url: str, migrated: str) -> Iterator[str]:
    """Give the address of a database of one's own, with all its tables and nothing in them."""
    with database_of_ones_own(postgres_url, migrated) as url:
        yield url


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBroker]:
    """Start a fresh embedded broker. Tests share it: give each its own site in the topics."""
    folder: Path = tmp_path_factory.mktemp("broker")
    passwords = {user: secrets.token_urlsafe() for user in USERS}
    server = Broker(folder / "broker", free_port(LOCAL), passwords, ack_wait="2s")
    with running(server.child(), folder / "broker.log"):
        yield RunningBroker(LOCAL, server.port, passwords)
