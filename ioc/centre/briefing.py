"""Makes briefs: on schedule, by the site's clock and once each, and when somebody asks.

Whoever makes one, and however often, a scheduled brief is named by what it reports on: the first
one kept stands. So two processes, or one that was restarted, never make it twice.
"""

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Protocol

import structlog

from ioc.centre.desk import Request, once
from ioc.centre.ports import Store
from ioc.core.brief import Found, Making, Subject, compose, instants
from ioc.core.brief_plan import Occasion, Plan, owed
from ioc.core.history import CENTRE_NAME
from ioc.core.indicators import Definition
from ioc.core.site import Site
from ioc.core.words import PROVINCE, Instant

Json = dict[str, Any]

log = structlog.get_logger("briefs")


class Kept(Protocol):
    """What is kept and briefs are made of."""

    def found(
        self,
        stretch: tuple[Instant, Instant],
        since: Instant,
        areas: Collection[str] | None,
        area: str,
        asked: Mapping[str, Sequence[Instant]],
    ) -> Found:
        """Read what is kept of a stretch of time, and of the one before it, from ``since`` on."""

    def made(self) -> Mapping[str, Instant]:
        """Give the end of the newest scheduled brief of each kind."""


class Briefing:
    """Makes the briefs of one site.

    Every method raises `ioc.centre.ports.StoreAwayError` when the store does not answer.
    """

    def __init__(
        self, site: Site, definitions: Mapping[str, Definition], kept: Kept, version: str
    ) -> None:
        """Work for a site.

        Args:
            site: whose plans say when and of what.
            definitions: of its indicators.
            kept: what briefs are made of.
            version: of the program.
        """
        self._site = site
        self._definitions = definitions
        self._kept = kept
        self._version = version
        self.plans = {plan.id: plan for plan in site.plans}

    def go(self, store: Store, now: Instant) -> list[str]:
        """Make the scheduled briefs that are due, and give their ids; none when all are made."""
        made = []
        for occasion in owed(self.plans.values(), self._kept.made(), now):
            body = self.brief(
                occasion, PROVINCE, None, Making(occasion.id, CENTRE_NAME, now, self._version)
            )
            with store.transaction() as tx:
                if tx.save_brief(body, scheduled=True):
                    tx.audit(CENTRE_NAME, "brief.make", occasion.id, {"period": body["period"]})
                    made.append(occasion.id)
        return made

    def asked(
        self, occasion: Occasion, area: str, inside: Collection[str] | None, by: str, now: Instant
    ) -> Json:
        """Make a brief somebody asks for; `keep` keeps it.

        Args:
            occasion: the stretch it reports on.
            area: whose it is.
            inside: that area and all within it; None for the whole site.
            by: who asks.
            now: by the site's clock.
        """
        id_ = f"{occasion.id}-{secrets.token_hex(3)}"
        return self.brief(occasion, area, inside, Making(id_, by, now, self._version))

    def brief(
        self, occasion: Occasion, area: str, inside: Collection[str] | None, making: Making
    ) -> Json:
        """Read what is kept, and compose."""
        plan = self.plans[occasion.plan]
        found = self._kept.found(
            (occasion.start, occasion.end),
            occasion.before[0],
            inside,
            area,
            self._asked(plan, occasion),
        )
        subject = Subject(self._site, area, self._definitions)
        return compose(plan, occasion, subject, found, making)

    def _asked(self, plan: Plan, occasion: Occasion) -> dict[str, list[Instant]]:
        return {
            id_: instants(self._definitions[id_], plan, occasion.end, occasion.start)
            for id_ in plan.indicators
            if id_ in self._definitions
        }


class BriefDesk:
    """Keeps the briefs people ask for; one caller at a time."""

    def __init__(self, store: Store) -> None:
        """Work on one store."""
        self._store = store

    def keep(self, make: Callable[[], Json], request: Request) -> Json:
        """Make a brief and keep it, once a request."""

        def work() -> Json:
            body = make()
            tx.save_brief(body, scheduled=False)
            tx.audit(request.by, "brief.make", body["id"], {"period": body["period"]})
            return body

        with self._store.transaction() as tx:
            body, _ = once(tx, request, work)
        return body
