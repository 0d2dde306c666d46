"""Connections to PostgreSQL: one way to make them, so that all of them time out alike."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812 - psycopg2's own name is lower case

__all__ = ["Connection", "connect", "transaction"]


def connect(url: str, *, name: str, statement_timeout_ms: int = 0) -> Connection:
    """Open a connection in UTC.

    Args:
        url: ``postgresql://…``.
        name: what ``pg_stat_activity`` shows.
        statement_timeout_ms: 0 for none.

    Raises:
        psycopg2.OperationalError: the server is away or refuses the password.
    """
    return psycopg2.connect(
        url,
        application_name=f"ioc {name}",
        connect_timeout=5,
        keepalives=1,
        keepalives_idle=5,
        keepalives_interval=2,
        keepalives_count=3,
        options=f"-c timezone=UTC -c statement_timeout={statement_timeout_ms}",
    )


@contextmanager
def transaction(connection: Connection) -> Iterator[Connection]:
    """Commit what happens inside, or roll all of it back."""
    try:
        yield connection
    except BaseException:
        if not connection.closed:
            connection.rollback()
        raise
    connection.commit()
