"""What hides alerts, kept up to date: maintenance windows, and things that do not work.

A few alerts change with each batch; all open ones are looked at only when a window opens or ends,
or when a thing fails or works again.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from ioc.centre.ports import Transaction
from ioc.core.alerts import Alert
from ioc.core.quiet import Explain, Quiet, Window
from ioc.core.rules import Condition, Rule
from ioc.core.words import Area, Instant

_ABSENCES: Final = frozenset({Condition.OFFLINE, Condition.SILENT, Condition.DEADLINE})


class Hiding:
    """Puts over alerts what hides them, in the transaction that keeps them."""

    def __init__(self, areas: Iterable[Area], rules: Iterable[Rule], explain: Explain) -> None:
        """Know nothing yet of windows and of what is down; `forget` says the same again."""
        self._parents = {area.id: area.parent for area in areas}
        listed = tuple(rules)
        self._outages = frozenset(
            rule.id for rule in listed if rule.outage or rule.condition is Condition.OFFLINE
        )
        self._absences = self._outages | frozenset(
            rule.id for rule in listed if rule.condition in _ABSENCES
        )
        self._explain = explain
        self._windows: Sequence[Window] | None = None
        self._down: dict[str, str] | None = None
        self._looked_with: tuple[Sequence[Window], dict[str, str]] | None = None

    def forget(self) -> None:
        """Look at everything anew: the store is what we know."""
        self._windows = None
        self._down = None
        self._looked_with = None

    def look(self, tx: Transaction, now: Instant) -> None:
        """Read the windows that are not over."""
        self._windows = tx.windows(now)

    def over(self, tx: Transaction, turned: Sequence[Alert], now: Instant) -> list[Alert]:
        """Give the alerts that are to be kept: those that turned, and those whose cover changed."""
        found = {alert.id: alert for alert in turned}
        if self._down is None:
            self._down = self._noted({}, tx.active_alerts())
        self._down = self._noted(self._down, turned)
        if self._windows is None:  # a batch may come before the first tick
            self._windows = tx.windows(now)
        windows = [window for window in self._windows if window.open_at(now)]
        quiet = Quiet(windows, self._parents, self._down, self._absences, self._explain)
        if self._looked_with != (windows, self._down):
            for alert in tx.every_open_alert():
                found.setdefault(alert.id, alert)
        self._looked_with = (windows, self._down)
        covered = {id_: quiet.over(alert, now) for id_, alert in found.items()}
        known = {alert.id for alert in turned}
        return [alert for id_, alert in covered.items() if id_ in known or alert is not found[id_]]

    def _noted(self, down: dict[str, str], alerts: Iterable[Alert]) -> dict[str, str]:
        after = dict(down)
        for alert in alerts:
            if alert.rule not in self._outages:
                continue
            if alert.active and alert.closed_at is None:
                after[alert.thing] = alert.id
            elif after.get(alert.thing) == alert.id:
                del after[alert.thing]
        return after
