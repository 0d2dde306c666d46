"""`ioc serve`: builds the web edge and runs it until it is asked to stop."""

import hashlib
import signal
import threading
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any, Final

import orjson
import structlog

from ioc import __version__
from ioc import clock as real
from ioc.centre.briefing import BriefDesk, Briefing
from ioc.centre.casedesk import CaseDesk
from ioc.centre.desk import Desk, owing
from ioc.centre.dutydesk import DutyDesk
from ioc.core import own
from ioc.core.clock import SiteClock
from ioc.http.app import READERS, create_app
from ioc.http.here import Content, Settings
from ioc.http.hub import Hub, Pace
from ioc.http.ports import Ports
from ioc.http.server import serve as serve_http
from ioc.mqtt.link import Link
from ioc.printing import Press
from ioc.sites import read_calendar, read_site
from ioc.store.accounts import Accounts
from ioc.store.archive import Archive, Bell
from ioc.store.briefs import Briefs
from ioc.store.casebook import Casebook
from ioc.store.connection import connect
from ioc.store.duty import Rota
from ioc.store.ledger import Ledger
from ioc.store.oversight import Oversight
from ioc.store.pool import Pool
from ioc.verbs.briefs import definitions
from ioc.verbs.ingest import prepare, site_clock
from ioc.verbs.rules import story_counts
from ioc.verbs.settings import Environment
from ioc.words import LANGUAGES, catalogue, read_phrases

_TELLS: Final = ("values", "health", "clock")
_STATEMENT_MS: Final = 5_000

log = structlog.get_logger("serve")


def serve(environment: Environment, host: str, port: int) -> None:
    """Run `ioc serve`."""
    site = read_site(environment.site)
    database = environment.database()
    address = environment.broker()
    prepare(database, environment.retention_days, threading.Event())
    ledger = Ledger(database, f"desk {site.id}", deadline_s=6.0)
    clock = site_clock(ledger, real.now)
    link = Link(
        address,
        "",
        [(f"ioc/{site.id}/_centre/{tell}", 0) for tell in _TELLS],
        now=real.now,
        clean=True,
    )

    def connection(name: str) -> Callable[[], Any]:
        return lambda: connect(database, name=name, statement_timeout_ms=_STATEMENT_MS)

    pool = Pool(connection("serve"), size=READERS)
    desk = Desk(site.id, ledger, link, owing(site, real.now))
    briefs = Briefs(pool)
    ports = Ports(
        archive=Archive(pool),
        oversight=Oversight(pool),
        accounts=Accounts(Pool(connection("accounts"), size=READERS)),
        cases=Casebook(pool),
        desk=desk,
        case_desk=CaseDesk(ledger, desk),
        rota=Rota(pool),
        duty_desk=DutyDesk(ledger),
        briefs=briefs,
        briefing=Briefing(site, definitions(site), briefs, __version__),
        brief_desk=BriefDesk(ledger),
        press=Press(read_phrases()),
        bell=Bell(connection("bell")),
        now=real.now,
        checks={"broker": lambda: None if link.connected else "the broker is away"},
    )
    wall = built_wall()
    content = Content(
        site=site,
        words={language: catalogue(language) for language in LANGUAGES},
        wall=wall,
        version=__version__,
        calendar=read_calendar(),
        build=_build(wall),
        stories=story_counts(environment.site, site),
    )
    hub = Hub(ports, site.id, content.build, clock, Pace())
    # The server then stops as when asked to, and whoever watches over it starts another.
    hub.broken = partial(signal.raise_signal, signal.SIGTERM)
    listener = threading.Thread(
        target=_listen, args=(link, hub, site.id), name="listen", daemon=True
    )
    link.start()
    listener.start()
    serve_http(create_app(ports, content, hub, Settings()), host, port)
    link.stop()


def built_wall() -> Path:
    """Give the folder of the built wall, whether it is built or not."""
    return Path(str(resources.files("ioc") / "_wall"))


def _build(wall: Path) -> str:
    """Name the build of the wall: another one makes walls reload themselves."""
    page = wall / "index.html"
    told = page.read_bytes() if page.is_file() else b""
    return f"{__version__}-{hashlib.sha256(told).hexdigest()[:12]}"


def _listen(link: Link, hub: Hub, site: str) -> None:
    """Pass on to the stream what the centre tells, and tell it how many follow."""
    told = float("-inf")
    while True:
        if time.monotonic() - told >= own.EVERY_S and own.KIND in hub.live.things:
            told = time.monotonic()
            link.publish(own.topic(site, "data"), own.pack({own.CLIENTS: hub.tally.clients}))
        for message in link.take(1.0).messages:
            try:
                _pass_on(hub, message.topic.rpartition("/")[2], orjson.loads(message.payload))
            except (ValueError, KeyError, TypeError) as error:
                log.warning("the centre told nonsense", topic=message.topic, error=str(error))


def _pass_on(hub: Hub, tell: str, told: dict[str, Any]) -> None:
    if tell == "values":
        hub.values(told)
    elif tell == "health":
        hub.health(told)
    else:
        hub.clock(SiteClock.from_json(told))


def centre_accounts(environment: Environment) -> Accounts:
    """Give the accounts of a centre, for the administrator's verbs."""
    database = environment.database()
    with closing(connect(database, name="accounts")):
        pass  # a wrong address is said here, plainly, before anything is asked
    return Accounts(Pool(lambda: connect(database, name="accounts"), size=1))
