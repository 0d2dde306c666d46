"""Gives every new alert its incident, in the transaction that raises it.

What is chosen from stands in the store: the incidents that are open and have an alert near in time.
So a restart, or a batch folded a second time, gathers the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ioc.centre.ports import Gathered, Transaction
from ioc.core.alerts import MANUAL, Alert, Step
from ioc.core.grouping import Bounds, Group, Grouping, Member
from ioc.core.history import CENTRE_NAME, Said
from ioc.core.incidents import Incident, IncidentState, incident_id, linked, received
from ioc.core.links import Links, Node, explained
from ioc.core.words import Instant, Text, Thing


@dataclass(frozen=True, slots=True)
class _Told:
    """What an incident takes from its root."""

    area: str
    message: Text


class Gathering:
    """Gathers alerts along the graph of what depends on what. One thread calls it."""

    def __init__(self, links: Links | None = None, bounds: Bounds | None = None) -> None:
        """Gather along a site's graph, which learns the things that come."""
        self._links = links or Links(())
        self._grouping = Grouping(self._links, bounds)

    def learn(self, thing: Thing) -> None:
        """Take in a thing as it is described now; its settings are the site's."""
        settings = self._links.settings(thing.id)
        self._links.learn(
            Node(thing.id, thing.kind, thing.area, thing.location, thing.via, settings)
        )

    def forget(self, thing: str) -> None:
        """Take a thing away."""
        self._links.forget(thing)

    def explain(self, thing: str, down: Mapping[str, str]) -> str | None:
        """Give the alert that explains a thing's own, of the alerts of what is down."""
        return explained(thing, down, self._links)

    def gather(
        self, tx: Transaction, alerts: Sequence[Alert], now: Instant
    ) -> tuple[list[Alert], list[Incident]]:
        """Give alerts with their incidents, and the incidents that are new or have changed.

        Args:
            tx: of the batch; the incidents are locked in it.
            alerts: as they are to be kept; those that are new, and of now, are gathered.
            now: the site's time.
        """
        new = sorted(filter(_gathers, alerts), key=lambda one: (one.raised_at, one.id))
        if not new:
            return list(alerts), []
        first, last = new[0].raised_at, new[-1].raised_at
        window = self._grouping.window
        found = tx.gathered(first - window, last + window)
        incidents = {one.incident.id: one.incident for one in found}
        groups = {one.incident.id: _group(one) for one in found}
        told = {one.alert: _Told(one.area, one.message) for group in found for one in group.members}
        changed: dict[str, Incident] = {}
        of: dict[str, str] = {}
        for alert in new:
            told[alert.id] = _Told(alert.area, alert.message)
            member = Member(alert.id, alert.thing, alert.raised_at)
            chosen = self._grouping.choose(member, groups.values())
            if chosen is None:
                incident = _opened(alert, now)
            else:
                said = Said(CENTRE_NAME, now)
                incident = linked(changed.get(chosen, incidents[chosen]), [alert.id], said)
            known = groups.get(incident.id, Group(incident.id, ()))
            groups[incident.id] = replace(known, members=(*known.members, member))
            changed[incident.id] = incidents[incident.id] = replace(
                incident, severity=max(incident.severity, alert.severity)
            )
            of[alert.id] = incident.id
        for id_, incident in changed.items():
            root = self._grouping.root(groups[id_].members)
            changed[id_] = replace(
                incident,
                root=(root.alert, root.thing),
                title=told[root.alert].message,
                area=told[root.alert].area,
            )
        return _with(alerts, of), list(changed.values())


def _gathers(alert: Alert) -> bool:
    """Tell whether one wants an incident: of now, and new, by hand, or back from maintenance."""
    if alert.incident is not None or alert.history or alert.maintenance is not None:
        return False
    new = alert.seq == 0 or alert.rule == MANUAL
    return new or alert.steps[-1].step == Step.IN_SERVICE


def _group(found: Gathered) -> Group:
    return Group(
        found.incident.id,
        tuple(Member(one.alert, one.thing, one.raised_at) for one in found.members),
    )


def _opened(alert: Alert, now: Instant) -> Incident:
    made = Incident(
        id=incident_id("alert", alert.id),
        version=1,
        seq=0,
        state=IncidentState.RECEIVED,
        severity=alert.severity,
        area=alert.area,
        origin=alert.origin,
        title=alert.message,
        received_at=now,
        alerts=(alert.id,),
    )
    return received(made, CENTRE_NAME)


def _with(alerts: Iterable[Alert], of: dict[str, str]) -> list[Alert]:
    return [replace(alert, incident=of[alert.id]) if alert.id in of else alert for alert in alerts]
