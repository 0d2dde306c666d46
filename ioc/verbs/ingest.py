"""`ioc ingest`: builds the centre's fold on real edges and runs it until it is asked to stop."""

import hashlib
import json
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Final

import psycopg2
import structlog

from ioc import __version__
from ioc import clock as real
from ioc.centre.ingest import Ingest
from ioc.centre.loop import Loop
from ioc.centre.ports import NotAloneError, StoreAwayError
from ioc.centre.round import Round
from ioc.centre.telling import Telling
from ioc.channels import Mailbag
from ioc.core.clock import SiteClock
from ioc.core.history import CENTRE_NAME
from ioc.core.rules import parse_rule
from ioc.core.site import Site
from ioc.core.words import DAY
from ioc.mqtt.link import Link
from ioc.sites import read_calendar, read_site
from ioc.store.connection import connect
from ioc.store.ledger import Ledger
from ioc.store.migrate import drop_days_before, migrate
from ioc.store.retention import let_go
from ioc.store.trail import head
from ioc.verbs.briefs import definitions, make_briefs
from ioc.verbs.settings import Environment
from ioc.words import read_phrases

DEPTHS: Final = ("+/+", "+/+/+", "+/+/+/+", "+/+/+/+/+")
"""Filters below ``ioc/``: what has too few or too many segments is heard too, to be refused
aloud. Never ``#``: the embedded broker counts it twice (docs/decisions/0008)."""

_ROUND_S: Final = 5.0
_EMPTY_S: Final = 20.0
"""What a centre waits for its first observation before it tells what it knows without any."""

_TELL_S: Final = 1.0
_BEHIND_S: Final = 1.0
"""While some of the past week is still to be looked at."""

_SETTLE_S: Final = 4.0
"""Beyond the embedded broker's ``ack_wait``: by then it has sent again what nobody acknowledged."""

_LOCK: Final = 0x10C_0010
"""Held by the ingest that is active; a second one stands by."""

log = structlog.get_logger("ingest")


def ingest(environment: Environment) -> None:
    """Run `ioc ingest`."""
    site = read_site(environment.site)
    database = environment.database()
    address = environment.broker()
    stop = threading.Event()
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda *_: stop.set())
    prepare(database, environment.retention_days, stop)
    ledger = Ledger(database, f"ingest {site.id}", exclusive=_LOCK)
    clock = _stand_by(ledger, stop)
    if clock is None:
        return
    link = Link(
        address,
        _client_id(ledger, site.id),
        [(f"ioc/{depth}", 1) for depth in DEPTHS],
        now=lambda: clock.at(real.now()),
        settle_s=_SETTLE_S,
    )
    fold = Ingest(
        site.id,
        site.areas,
        [parse_rule(row) for row in site.rule_rows],
        store=ledger,
        bus=link,
        say=read_phrases(),
        clock=clock,
        now=real.now,
        calendar=read_calendar(),
        links=site.graph(),
        routes=site.routes,
    )
    fold.recover()
    with ledger.transaction() as tx:
        tx.audit(CENTRE_NAME, "site.load", site.id, _content(site))
    settled = threading.Event()
    rounds = threading.Thread(
        target=_rounds, args=(site, database, fold, settled, stop), name="indicators", daemon=True
    )
    telling = threading.Thread(
        target=_telling, args=(site, database, environment.channels, fold, stop), name="telling"
    )
    briefs = threading.Thread(
        target=make_briefs,
        args=(site, database, fold, settled.is_set, stop),
        name="briefs",
        daemon=True,
    )
    link.start()
    rounds.start()
    telling.start()
    briefs.start()
    loop = Loop(
        fold,
        link,
        stopped=stop.is_set,
        wait=stop.wait,
        monotonic=time.monotonic,
        connected=lambda: fold.retell(ledger.open_bodies("alert"), ledger.open_bodies("indicator")),
        hourly=lambda: _tidy(ledger, database, environment, clock),
    )
    try:
        loop.run()
    except NotAloneError as error:
        log.error("no longer the active one", why=str(error))  # noqa: TRY400 - no fault of ours
        sys.exit(1)
    finally:
        stop.set()
        link.stop()
    rounds.join(timeout=5)
    telling.join(timeout=15)
    ledger.close()


def _content(site: Site) -> dict[str, object]:
    """Say which rules and indicators the centre judges by from now on."""
    rows = json.dumps([site.rule_rows, site.indicator_rows], sort_keys=True, default=str)
    return {
        "version": __version__,
        "rules": len(site.rule_rows),
        "indicators": len(site.indicator_rows),
        "sha256": hashlib.sha256(rows.encode()).hexdigest(),
    }


def prepare(database: str, retention_days: int, stop: threading.Event) -> None:
    """Bring the database to this version, waiting for it as long as it takes."""
    while not stop.is_set():
        try:
            with closing(connect(database, name="migrate")) as connection:
                for name in migrate(connection, retention_days):
                    log.info("applied", migration=name)
        except psycopg2.OperationalError as error:
            log.warning("the database is away", error=str(error).strip())
            stop.wait(1.0)
        else:
            return


def _stand_by(ledger: Ledger, stop: threading.Event) -> SiteClock | None:
    """Wait to be the active one; then give the site's clock, started if it never ran."""
    waiting = False
    while not stop.is_set():
        try:
            return site_clock(ledger, real.now)
        except (StoreAwayError, NotAloneError) as error:
            if not waiting:
                log.info("standing by", why=str(error))
            waiting = True
            stop.wait(1.0)
    return None


def site_clock(ledger: Ledger, now: Callable[[], int]) -> SiteClock:
    """Give the site's clock as it was kept, or start it now."""
    told = ledger.setting("clock")
    if told is not None:
        return SiteClock.from_json(told)
    clock = SiteClock(now(), now())
    with ledger.transaction() as tx:
        tx.set("clock", clock.to_json())
    return clock


def _client_id(ledger: Ledger, site: str) -> str:
    """Give this centre's own, unguessable client id: whoever knows it could take the session."""
    known = ledger.setting("ingest_client_id")
    if known is None:
        known = f"ioc-{site}-{secrets.token_hex(8)}"
        with ledger.transaction() as tx:
            tx.set("ingest_client_id", known)
    return str(known)


def _pause(rounds: Round) -> float:
    """Give the seconds until the next round."""
    if not rounds.made:
        return 0.1
    return _BEHIND_S if rounds.behind else _ROUND_S


def _rounds(
    site: Site, database: str, fold: Ingest, settled: threading.Event, stop: threading.Event
) -> None:
    """Compute the indicators every few seconds, on a connection of their own."""
    ledger = Ledger(database, f"indicators {site.id}")
    rounds = Round(list(definitions(site).values()), ledger, fold.registry)
    patience = time.monotonic() + _EMPTY_S
    while not stop.wait(_pause(rounds)):
        empty = fold.horizon() is None and time.monotonic() < patience
        if empty or not fold.caught_up():
            continue
        try:
            for body in rounds.go(fold.site_now()):
                fold.tell_indicator(body)
            if rounds.made and not rounds.behind:
                settled.set()
        except StoreAwayError as error:
            log.warning("the store is away; the indicators wait", error=str(error))
        except Exception:  # a fault here must not end the indicators for good, unseen
            log.exception("the indicators stumbled")
            fold.tally.dropped["indicator rounds"] += 1
    ledger.close()


def _telling(
    site: Site, database: str, channels: Mapping[str, str], fold: Ingest, stop: threading.Event
) -> None:
    """Deliver what people are to be told, on a connection of its own."""
    ledger = Ledger(database, f"telling {site.id}", deadline_s=10.0)
    telling = Telling(
        site.routes,
        store=ledger,
        post=Mailbag(channels),
        say=read_phrases(),
        now=real.now,
        site_now=fold.site_now,
        parents={area.id: area.parent for area in site.areas},
    )
    while not stop.wait(_TELL_S):
        try:
            while telling.go() and not stop.is_set():
                pass
        except StoreAwayError as error:
            log.warning("the store is away; messages wait", error=str(error))
        except Exception:  # a fault here must not end telling for good, unseen
            log.exception("telling stumbled")
            fold.tally.dropped["telling rounds"] += 1
        fold.tally.told = telling.tally
    ledger.close()


def _tidy(ledger: Ledger, database: str, environment: Environment, clock: SiteClock) -> None:
    """Let go of what is older than the retention."""
    now = clock.at(real.now())
    try:
        with closing(connect(database, name="tidy")) as connection:
            dropped = drop_days_before(connection, now - environment.retention_days * DAY)
            gone = let_go(connection, environment.retention, now, real.now())
            anchor = head(connection)
        ledger.trim()
    except (psycopg2.Error, StoreAwayError) as error:
        log.warning("tidied nothing", error=str(error).strip())
        return
    # The log is often kept elsewhere than the database: there it shows a trail that was cut.
    log.info("audit anchor", **anchor.to_json())
    if dropped:
        log.info("dropped old days", days=dropped)
    if gone:
        log.info("let go of what was settled for long", **gone)
