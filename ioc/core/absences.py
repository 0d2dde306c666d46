"""What is missed while a thing is gone: judged by what was told of it, not by silence."""

from collections.abc import Callable, Iterable, Mapping

from ioc.core.engine import Change, Turn
from ioc.core.rules import Rule
from ioc.core.words import Instant


class Absences:
    """The things that told they are gone, and the rules that have missed them.

    Attributes:
        since: the site's time at which each thing was told to be gone.
    """

    def __init__(self, of: Callable[[str], Iterable[Rule]]) -> None:
        """Miss nothing.

        Args:
            of: gives the rules that miss a thing.
        """
        self._of = of
        self.since: dict[str, Instant] = {}
        self._missed: set[tuple[str, str]] = set()
        self._back: set[str] = set()

    def recall(self, since: Mapping[str, Instant], back: Iterable[str]) -> None:
        """Begin anew after a restart.

        Args:
            since: of the things that are gone.
            back: the others: what was missed before may have come back, and is cleared once more.
        """
        self.since = dict(since)
        self._missed.clear()
        self._back = set(back)

    def gone(self, thing: str, at: Instant) -> None:
        """Take a thing's word that it is gone."""
        self.since[thing] = at
        self._back.discard(thing)

    def back(self, thing: str) -> None:
        """Take a thing's word that it is there."""
        self.since.pop(thing, None)
        self._back.add(thing)

    def forget(self, thing: str) -> None:
        """Let go of a thing that was taken away."""
        self.since.pop(thing, None)

    def due(self, now: Instant) -> list[Change]:
        """Find the things that have been gone for as long as a rule holds, or are back."""
        changes: list[Change] = []
        for thing, since in self.since.items():
            for rule in self._of(thing):
                if (rule.id, thing) not in self._missed and now - since >= rule.hold:
                    self._missed.add((rule.id, thing))
                    changes.append(absence(Turn.RAISE, rule, thing, since + rule.hold))
        for thing in self._back:
            for rule in self._of(thing):
                self._missed.discard((rule.id, thing))
                changes.append(absence(Turn.CLEAR, rule, thing, now))
        self._back.clear()
        return changes


def absence(turn: Turn, rule: Rule, thing: str, at: Instant) -> Change:
    """Write that a rule misses a thing, or no longer does."""
    return Change(turn, rule, thing, "", at, 0.0, 0.0, rule.severity)
