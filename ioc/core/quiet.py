"""What is recorded and not announced: suppressed by design, or out of service.

An alert that says a thing does not work is explained by the one that says the same of what the
thing depends on: it is kept and hidden while that one stands. What a thing measures is never
hidden so: a flood is no less a flood because a line is down. Maintenance hides whatever lies in
its window. What is still active when its cover goes is announced again.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ioc.core.alerts import Alert, Step
from ioc.core.history import CENTRE_NAME, Entry, NotAllowedError, Said
from ioc.core.words import PROVINCE, Instant, instant, rfc3339

Explain = Callable[[str, Mapping[str, str]], str | None]
"""A thing, and the alert of each thing that does not work -> the alert that explains the thing's
own: that of the nearest thing it depends on."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time in which an area, a thing or a rule is out of service.

    Attributes:
        area: with everything inside it; None for everywhere.
        thing: None for every thing.
        rule: None for every rule.
        ends: as planned, or when somebody ended it.
        cancelled: it was taken back before it began.
    """

    id: str
    version: int
    area: str | None
    thing: str | None
    rule: str | None
    starts: Instant
    ends: Instant
    by: str
    note: str
    cancelled: bool = False

    def to_json(self) -> dict[str, Any]:
        """Give it as the interface does."""
        return {
            "id": self.id,
            "version": self.version,
            "area": self.area,
            "thing": self.thing,
            "rule": self.rule,
            "from": rfc3339(self.starts),
            "to": rfc3339(self.ends),
            "by": self.by,
            "note": self.note,
            "cancelled": self.cancelled,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Window":
        """Read back what `to_json` gave."""
        return cls(
            id=body["id"],
            version=body["version"],
            area=body["area"],
            thing=body["thing"],
            rule=body["rule"],
            starts=instant(body["from"]),
            ends=instant(body["to"]),
            by=body["by"],
            note=body["note"],
            cancelled=body["cancelled"],
        )

    def open_at(self, now: Instant) -> bool:
        """Tell whether it hides anything now."""
        return not self.cancelled and self.starts <= now < self.ends


def ended(window: Window, said: Said) -> Window:
    """End a window now, or take back one that has not begun.

    Raises:
        NotAllowedError: it is over.
    """
    if window.cancelled or window.ends <= said.at:
        raise NotAllowedError("the maintenance is over")
    begun = window.starts <= said.at
    ends = said.at if begun else window.ends
    return replace(window, version=window.version + 1, ends=ends, cancelled=not begun)


@dataclass(frozen=True, slots=True)
class Quiet:
    """What hides alerts at some moment.

    Attributes:
        windows: that are open.
        parents: the area each area lies in.
        down: the alert of each thing that does not work.
        absences: ids of the rules that say a thing does not work.
        explain: the dependencies of things.
    """

    windows: Sequence[Window]
    parents: Mapping[str, str | None]
    down: Mapping[str, str]
    absences: Collection[str]
    explain: Explain

    def maintenance(self, alert: Alert) -> str | None:
        """Give the window an alert lies in."""
        for window in self.windows:
            if self._covers(window, alert):
                return window.id
        return None

    def suppressed_by(self, alert: Alert) -> str | None:
        """Give the alert that explains one; only an active one wants an explanation."""
        if not alert.active or alert.rule not in self.absences:
            return None
        found = self.explain(alert.thing, self.down)
        return None if found == alert.id else found

    def over(self, alert: Alert, now: Instant) -> Alert:
        """Put over an open alert what hides it now, and take away what does no longer.

        An alert that is not kept yet is hidden from its first version on.
        """
        if alert.closed_at is not None:
            return alert
        causes = (
            (alert.suppressed_by, self.suppressed_by(alert), Step.SUPPRESS, Step.UNSUPPRESS),
            (alert.maintenance, self.maintenance(alert), Step.OUT_OF_SERVICE, Step.IN_SERVICE),
        )
        entries = [
            Entry(now, CENTRE_NAME, begin if after else end, after or before or "")
            for before, after, begin, end in causes
            if before != after
        ]
        if not entries:
            return alert
        return replace(
            alert,
            version=alert.version + (alert.seq > 0),
            suppressed_by=causes[0][1],
            maintenance=causes[1][1],
            steps=(*alert.steps, *entries),
        )

    def _covers(self, window: Window, alert: Alert) -> bool:
        return (
            (window.thing is None or window.thing == alert.thing)
            and (window.rule is None or window.rule == alert.rule)
            and (window.area is None or self._inside(alert.area, window.area))
        )

    def _inside(self, area: str, outer: str) -> bool:
        at: str | None = area
        while at is not None:
            if at == outer:
                return True
            at = self.parents.get(at)
        return outer == PROVINCE
