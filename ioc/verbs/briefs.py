"""The briefs of a running centre: a thread of `ioc ingest` makes those that are due."""

import threading
import time
from collections.abc import Callable
from typing import Final

import structlog

from ioc import __version__
from ioc.centre.briefing import Briefing
from ioc.centre.ingest import Ingest
from ioc.centre.ports import StoreAwayError
from ioc.core.indicators import Definition, parse_indicator
from ioc.core.site import Site
from ioc.store.briefs import Briefs
from ioc.store.connection import connect
from ioc.store.ledger import Ledger
from ioc.store.pool import Pool

_LOOK_S: Final = 5.0
_PATIENCE_S: Final = 600.0
"""How long the first brief waits for the indicators' past; then it is made of what there is."""

log = structlog.get_logger("briefs")


def definitions(site: Site) -> dict[str, Definition]:
    """Give a site's indicators by id."""
    return {found.id: found for found in map(parse_indicator, site.indicator_rows)}


def make_briefs(
    site: Site, database: str, fold: Ingest, settled: Callable[[], bool], stop: threading.Event
) -> None:
    """Make what is due until asked to stop.

    Args:
        site: whose plans they are.
        database: its address; the connections are this thread's own.
        fold: knows the site's clock, and whether what comes in is of now.
        settled: whether the indicators have made up for the past.
        stop: asks to end.
    """
    pool = Pool(lambda: connect(database, name="briefs"), size=1, deadline_s=60.0)
    ledger = Ledger(database, f"briefs {site.id}", deadline_s=10.0)
    briefing = Briefing(site, definitions(site), Briefs(pool), __version__)
    since: float | None = None
    while not stop.wait(_LOOK_S):
        if not fold.caught_up():
            continue
        since = time.monotonic() if since is None else since
        if not settled() and time.monotonic() - since < _PATIENCE_S:
            continue
        try:
            for id_ in briefing.go(ledger, fold.site_now()):
                log.info("made a brief", brief=id_)
        except StoreAwayError as error:
            log.warning("the store is away; briefs wait", error=str(error))
        except Exception:  # a fault here must not end the briefs for good, unseen
            log.exception("a brief stumbled")
            fold.tally.dropped["briefs"] += 1
    ledger.close()
    pool.close()
