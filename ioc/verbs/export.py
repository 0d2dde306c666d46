"""`ioc export`: what is kept, as CSV that no spreadsheet runs; or the open alerts as CAP 1.2."""

import csv
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Final

import typer

from ioc import clock as real
from ioc.core.alerts import Alert
from ioc.core.cap import CapWriter
from ioc.core.csv_cells import cell
from ioc.core.words import Instant, instant
from ioc.sites import read_site
from ioc.store.accounts import COMMAND_LINE
from ioc.store.connection import connect
from ioc.store.extract import TABLES, extract
from ioc.store.ledger import Ledger
from ioc.verbs.ingest import site_clock
from ioc.verbs.settings import Environment, SettingError

CAP: Final = "cap"
WHAT: Final = (*TABLES, CAP)


def export(
    environment: Environment, what: str, start: str | None, end: str | None, out: Path | None
) -> None:
    """Write what is asked for to a file, or to standard output; the audit trail keeps who asked."""
    if what not in WHAT:
        raise SettingError(f"{what!r} cannot be exported; there are {', '.join(WHAT)}")
    between = _moment("--from", start), _moment("--to", end)
    ledger = Ledger(environment.database(), "export")
    with closing(ledger):
        with _writing(out) as file:
            rows = (
                _cap(environment, ledger, file)
                if what == CAP
                else _csv(environment, what, between, file)
            )
        with ledger.transaction() as tx:
            tx.audit(
                COMMAND_LINE,
                "export",
                what,
                {"from": start, "to": end, "rows": rows, "file": None if out is None else out.name},
            )
    typer.echo(f"{what}: {rows} rows", err=True)


def _csv(
    environment: Environment,
    what: str,
    between: tuple[Instant | None, Instant | None],
    file: IO[str],
) -> int:
    writer = csv.writer(file)
    written = -1
    with closing(connect(environment.database(), name="export")) as connection:
        for row in extract(connection, what, *between):
            writer.writerow([cell(value) for value in row])
            written += 1
    return written


def _cap(environment: Environment, ledger: Ledger, file: IO[str]) -> int:
    """Write the feed of what is open and announced, newest first."""
    bodies = ledger.open_bodies("alert")
    things = {thing.id: thing.to_json(status) for thing, status, _ in ledger.remember().things}
    alerts = [one for one in map(Alert.from_json, bodies) if one.active and one.announced]
    alerts.sort(key=lambda one: (one.raised_at, one.id), reverse=True)
    now = site_clock(ledger, real.now).at(real.now())
    file.write(CapWriter(read_site(environment.site)).feed(alerts, things, now))
    return len(alerts)


@contextmanager
def _writing(out: Path | None) -> Iterator[IO[str]]:
    """Open where to; a spreadsheet knows UTF-8 by the mark at its beginning."""
    if out is None:
        yield typer.get_text_stream("stdout", encoding="utf-8")
        return
    encoding = "utf-8-sig" if out.suffix == ".csv" else "utf-8"
    try:
        with out.open("w", encoding=encoding, newline="") as file:
            yield file
    except OSError as error:
        raise SettingError(f"{out}: {error.strerror}") from None


def _moment(option: str, text: str | None) -> Instant | None:
    if text is None:
        return None
    try:
        return instant(text)
    except ValueError as error:
        raise SettingError(f"{option} {text!r}: {error}") from None
