"""The administrator's verbs: `ioc check`, `ioc user`, `ioc db`."""

from collections.abc import Sequence
from contextlib import closing

import typer

from ioc.core.settings_error import SettingsError
from ioc.sites import check_folder
from ioc.store.connection import connect
from ioc.store.migrate import migrate
from ioc.verbs.serve import centre_accounts
from ioc.verbs.settings import Environment


def check(site: str) -> int:
    """Say everything that is wrong with a site's files; 0 when nothing is."""
    try:
        problems: Sequence[SettingsError] = check_folder(site)
    except SettingsError as error:
        problems = [error]
    for problem in problems:
        typer.echo(str(problem), err=True)
    if not problems:
        typer.echo(f"{site}: nothing wrong")
    return 2 if problems else 0


def add_user(  # noqa: PLR0913 - an account's parts
    environment: Environment,
    username: str,
    role: str,
    password: str,
    areas: Sequence[str],
    agency: str | None,
) -> None:
    """Make an account, or give one a new password."""
    centre_accounts(environment).add(username, role, password, areas=areas, agency=agency)
    typer.echo(f"{username} is {role}")
    if role == "handler" and not areas and not agency:
        typer.echo("a handler without --agency or --area reaches nothing", err=True)


def list_users(environment: Environment) -> None:
    """List the accounts."""
    for account in centre_accounts(environment).all():
        bounds = ", ".join([*account.areas, account.agency or ""]).strip(", ")
        typer.echo(f"{account.username}\t{account.role}\t{bounds}".rstrip())


def remove_user(environment: Environment, username: str) -> int:
    """Remove an account; 2 when there is none."""
    if centre_accounts(environment).remove(username):
        typer.echo(f"{username} is removed")
        return 0
    typer.echo(f"there is no account {username!r}", err=True)
    return 2


def migrate_database(environment: Environment) -> None:
    """Bring the database to this version."""
    with closing(connect(environment.database(), name="migrate")) as connection:
        applied = migrate(connection, environment.retention_days)
    typer.echo("\n".join(applied) or "nothing to apply")
