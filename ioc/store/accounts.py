"""Who may log in, and the tokens of logins and displays.

A token is 256 random bits and only its SHA-256 is kept; a password is kept as argon2id
(OWASP ASVS 5.0, 11.4.2). Hashing takes about 30 ms of a core: callers bound how many run at once.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - psycopg2's own name is lower case

from ioc.core.audit import Entry, entry
from ioc.core.words import SLUG, Instant, rfc3339
from ioc.store.connection import transaction
from ioc.store.pool import Pool
from ioc.store.trail import append

DISPLAY: Final = "display"
ROLES: Final = ("operator", "supervisor", "leader", "handler", "developer", "admin")
"""Roles an account may have; a display has a token and no account."""

COMMAND_LINE: Final = "command line"
"""Who does what the administrator's verbs do."""

LEAST_PASSWORD: Final = 8
MOST_PASSWORD: Final = 256


class AccountError(ValueError):
    """The administrator asked for something that cannot be."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may log in; no areas means all of them (to a handler: none)."""

    username: str
    role: str
    areas: Sequence[str]
    agency: str | None
    password_hash: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whom a token stands for; ``expires_at`` is real time, None for never."""

    username: str | None
    role: str
    areas: Sequence[str]
    agency: str | None
    expires_at: Instant | None


class Accounts:
    """Accounts, logins and display tokens of one centre."""

    def __init__(self, pool: Pool) -> None:
        """Use the pool's database, which has been migrated."""
        self._pool = pool
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._nobody: str | None = None

    def add(  # noqa: PLR0913 - an account's parts, and who makes it
        self,
        username: str,
        role: str,
        password: str,
        *,
        areas: Collection[str] = (),
        agency: str | None = None,
        by: str = COMMAND_LINE,
    ) -> None:
        """Make an account, or give an existing one a new role and password and log it out.

        Raises:
            AccountError: the name is no slug, the role is unknown, the password too short.
        """
        if not SLUG.fullmatch(username):
            raise AccountError(f"{username!r} is no user name; use a-z, 0-9, - and _, at most 64")
        if role not in ROLES:
            raise AccountError(f"{role!r} is no role; known are {', '.join(ROLES)}")
        if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
            raise AccountError(f"a password has {LEAST_PASSWORD} to {MOST_PASSWORD} characters")
        hashed = self._hasher.hash(password)
        detail = {"role": role, "areas": sorted(areas), "agency": agency}
        with self._step(entry(by, "account.save", username, detail)) as cursor:
            cursor.execute(
                """
                with gone as (delete from session where username = %(username)s)
                insert into account (username, role, areas, agency, password_hash)
                values (%(username)s, %(role)s, %(areas)s, %(agency)s, %(hash)s)
                on conflict (username) do update set role = excluded.role, areas = excluded.areas,
                    agency = excluded.agency, password_hash = excluded.password_hash
                """,
                {
                    "username": username,
                    "role": role,
                    "areas": sorted(areas),
                    "agency": agency,
                    "hash": hashed,
                },
            )

    def all(self) -> Sequence[Account]:
        """Give all accounts by name."""
        with self._pool.lease() as connection, connection.cursor() as cursor:
            cursor.execute(
                "select username, role, areas, agency, password_hash from account order by username"
            )
            return [Account(*row) for row in cursor.fetchall()]

    def remove(self, username: str, *, by: str = COMMAND_LINE) -> bool:
        """Remove an account and its logins; tell whether there was one."""
        with self._step(entry(by, "account.remove", username, {})) as cursor:
            cursor.execute(
                """
                with gone as (delete from session where username = %(username)s)
                delete from account where username = %(username)s
                """,
                {"username": username},
            )
            return cursor.rowcount > 0

    def account(self, username: str) -> Account | None:
        """Find an account."""
        with self._pool.lease() as connection, connection.cursor() as cursor:
            cursor.execute(
                "select username, role, areas, agency, password_hash from account"
                " where username = %s",
                (username,),
            )
            row = cursor.fetchone()
        return None if row is None else Account(*row)

    def matches(self, password_hash: str | None, password: str) -> bool:
        """Tell whether the password is right.

        Without a hash a made-up one is tried, so that an unknown name takes as long as a wrong
        password and cannot be told from it.
        """
        if self._nobody is None:
            self._nobody = self._hasher.hash(secrets.token_urlsafe())
        try:
            self._hasher.verify(password_hash or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None

    def open(self, username: str, role: str, expires_at: Instant, address: str = "") -> str:
        """Open a login, come from an address, and give its token."""
        token = secrets.token_urlsafe(32)
        step = entry(username, "login", username, {"role": role, "address": address})
        self._keep(token, username, role, expires_at, step)
        return token

    def refuse(self, username: str, address: str) -> None:
        """Note that somebody tried to log in with a name or password that is wrong."""
        with self._step(entry("", "login.refused", username, {"address": address})):
            pass

    def set_password(self, username: str, password: str, *, by: str = COMMAND_LINE) -> bool:
        """Give an account another password and end its logins; tell whether there is one.

        Raises:
            AccountError: the password is too short or too long.
        """
        if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
            raise AccountError(f"a password has {LEAST_PASSWORD} to {MOST_PASSWORD} characters")
        hashed = self._hasher.hash(password)
        with self._step(entry(by, "account.password", username, {})) as cursor:
            cursor.execute(
                """
                with gone as (delete from session where username = %(username)s)
                update account set password_hash = %(hash)s where username = %(username)s
                """,
                {"username": username, "hash": hashed},
            )
            return cursor.rowcount > 0

    def mint_display(
        self,
        token: str | None = None,
        *,
        label: str = "",
        now: Instant | None = None,
        by: str = COMMAND_LINE,
    ) -> str:
        """Give a display token that stands until it is revoked; ``token`` renews a known one."""
        made = token or secrets.token_urlsafe(32)
        self._keep(made, None, DISPLAY, None, entry(by, "token.save", DISPLAY, _named(made)))
        with self._pool.lease() as connection, connection.cursor() as cursor:
            cursor.execute(
                "update session set label = %s, created_at = %s where token_hash = %s",
                (label, None if now is None else rfc3339(now), _hash(made)),
            )
        return made

    def displays(self) -> Sequence[dict[str, str | None]]:
        """Give the displays that may show the wall: id, label and since when; never the token."""
        with self._pool.lease() as connection, connection.cursor() as cursor:
            cursor.execute(
                "select left(encode(token_hash, 'hex'), 12), label,"
                " (extract(epoch from created_at) * 1000000)::bigint from session"
                " where role = %s and revoked_at is null order by created_at, 1",
                (DISPLAY,),
            )
            return [
                {"id": id_, "label": label, "created_at": None if at is None else rfc3339(at)}
                for id_, label, at in cursor.fetchall()
            ]

    def revoke_display(self, id_: str, now: Instant, *, by: str = COMMAND_LINE) -> bool:
        """Revoke the display of an id that `displays` gave; tell whether there was one."""
        with self._step(entry(by, "token.revoke", DISPLAY, {"token": id_})) as cursor:
            cursor.execute(
                "update session set revoked_at = %s where role = %s and revoked_at is null"
                " and left(encode(token_hash, 'hex'), 12) = %s",
                (rfc3339(now), DISPLAY, id_),
            )
            return cursor.rowcount > 0

    def close(self, token: str, now: Instant, by: str = "") -> None:
        """Revoke a token; an unknown one is no matter."""
        with self._step(entry(by, "logout", by, _named(token))) as cursor:
            cursor.execute(
                "update session set revoked_at = %s where token_hash = %s and revoked_at is null",
                (rfc3339(now), _hash(token)),
            )

    def revoke_displays(self, now: Instant, *, by: str = COMMAND_LINE) -> int:
        """Revoke every display token and give how many there were."""
        with self._step(entry(by, "token.revoke", DISPLAY, {})) as cursor:
            cursor.execute(
                "update session set revoked_at = %s where role = %s and revoked_at is null",
                (rfc3339(now), DISPLAY),
            )
            return cursor.rowcount

    def visitor(self, token: str, now: Instant) -> Visitor | None:
        """Tell whom a token stands for; None when it is unknown, revoked or expired."""
        with self._pool.lease() as connection, connection.cursor() as cursor:
            cursor.execute(
                """
                select s.username, s.role, coalesce(a.areas, '{}'), a.agency,
                       (extract(epoch from s.expires_at) * 1000000)::bigint
                from session s left join account a using (username)
                where s.token_hash = %s and s.revoked_at is null
                  and (s.expires_at is null or s.expires_at > %s)
                  and (s.username is null) = (a.username is null)
                """,
                (_hash(token), rfc3339(now)),
            )
            row = cursor.fetchone()
        return None if row is None else Visitor(*row)

    def valid(self, tokens: Collection[str], now: Instant) -> Collection[str]:
        """Give those of the tokens that still stand."""
        by_hash = {_hash(token): token for token in tokens}
        with self._pool.lease() as connection, connection.cursor() as cursor:
            cursor.execute(
                "select token_hash from session where token_hash = any(%s)"
                " and revoked_at is null and (expires_at is null or expires_at > %s)",
                (list(by_hash), rfc3339(now)),
            )
            return {by_hash[bytes(row[0])] for row in cursor.fetchall()}

    def _keep(
        self,
        token: str,
        username: str | None,
        role: str,
        expires_at: Instant | None,
        step: Entry,
    ) -> None:
        with self._step(step) as cursor:
            cursor.execute(
                "insert into session (token_hash, username, role, expires_at)"
                " values (%s, %s, %s, %s)"
                " on conflict (token_hash) do update set revoked_at = null",
                (
                    _hash(token),
                    username,
                    role,
                    None if expires_at is None else rfc3339(expires_at),
                ),
            )

    @contextmanager
    def _step(self, step: Entry) -> Iterator[Cursor]:
        """Take a step and put it into the audit trail, both or neither."""
        with self._pool.lease() as connection:
            connection.autocommit = False
            with transaction(connection), connection.cursor() as cursor:
                yield cursor
                append(cursor, [step])
            connection.autocommit = True


def _named(token: str) -> dict[str, str]:
    """Name a token by the beginning of its hash, which opens nothing."""
    return {"token": _hash(token).hex()[:12]}


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
