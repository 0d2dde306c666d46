"""How fast a service spends the failures its objective allows, over pairs of windows.

Each observation stands for the time since the one before it (at most ``_LONGEST``): failed or
not. Running sums are kept at the beginning of each minute, five minutes and half-hour; a window
is the difference of two sums, the older read between two of these marks.
"""

from typing import Final, NamedTuple

import numpy as np

from ioc.core.calendar import WorkingCalendar
from ioc.core.conditions import Burn, Condition
from ioc.core.engine.columns import NEVER, Floats, Ints, Mask, Table, fixed
from ioc.core.engine.lanes import Bound, Run
from ioc.core.rules import resolved
from ioc.core.words import DAY, HOUR, MINUTE

_LONGEST: Final = 15 * MINUTE


class Ring(NamedTuple):
    """Marks of one length, kept at ``first`` and the ``places`` - 1 behind."""

    length: int
    first: int
    places: int


MINUTES: Final = Ring(MINUTE, 0, 63)
FIVES: Final = Ring(5 * MINUTE, 63, 76)
HALVES: Final = Ring(30 * MINUTE, 139, 147)
RINGS: Final = (MINUTES, FIVES, HALVES)
WIDTH: Final = 286


class Pair(NamedTuple):
    """Two windows that must both burn faster than ``factor``."""

    factor: float
    long: int
    long_ring: Ring
    short: int
    short_ring: Ring


PAGES: Final = (
    Pair(14.4, HOUR, MINUTES, 5 * MINUTE, MINUTES),
    Pair(6.0, 6 * HOUR, FIVES, 30 * MINUTE, MINUTES),
)
TICKETS: Final = (
    Pair(3.0, DAY, HALVES, 2 * HOUR, FIVES),
    Pair(1.0, 3 * DAY, HALVES, 6 * HOUR, FIVES),
)


class _Stretch(NamedTuple):
    """What observations stand for: the time since the one before each, failed or not."""

    newest: Ints
    time: Ints
    lasts: Floats
    bad: Mask


class BurnRate:
    """Scores: the burn over the factor of the pair that burns fastest, so that 1 is the limit."""

    kept = fixed(
        {
            "newest": ("<i8", NEVER),
            "failed": ("<f8", 0.0),
            "began": ("<i8", NEVER),
        }
    )
    cells = fixed({"failed_at": ("<f8", 0.0)})
    width = WIDTH
    extra = fixed(
        {
            "allowed": ("<f8", 1.0),
            "wanted": ("<f8", np.nan),
            "over": ("<f8", np.inf),
            "under": ("<f8", -np.inf),
            "page": ("?", True),
        }
    )
    alone = plain = doubts = False

    def bind(self, table: Table, index: int, bound: Bound, calendar: WorkingCalendar) -> None:
        """Set what is a failure and how many are allowed."""
        burn = bound.rule.settings
        assert isinstance(burn, Burn)  # noqa: S101 - for the type checker
        limit = resolved(burn.limit, burn.test, bound.thing, bound.stream)
        limit = np.nan if limit is None else limit
        table["allowed"][index], table["page"][index] = burn.allowed, burn.page
        table["wanted"][index] = limit if burn.test is Condition.EQUALS else np.nan
        table["over"][index] = limit if burn.test is Condition.ABOVE else np.inf
        table["under"][index] = limit if burn.test is Condition.BELOW else -np.inf

    def rest(self, table: Table, starts: Ints, told: Run) -> Mask:
        """Take in the runs of services that have never failed: every sum of theirs is nought."""
        failed = np.logical_or.reduceat(self._bad(table, told.index, told.value), starts)
        index = told.index[starts]
        resting = ~failed & (table["failed"][index] == 0.0)
        lasts = np.r_[starts[1:], len(told.time)] - 1
        of, first = index[resting], told.time[starts][resting]
        new = table["newest"][of] == NEVER
        table["began"][of] = np.where(new, first, table["began"][of])
        table["newest"][of] = told.time[lasts][resting]
        return np.asarray(resting)

    @staticmethod
    def _bad(table: Table, index: Ints, value: Floats) -> Mask:
        bad = value == table["wanted"][index]
        bad |= value > table["over"][index]
        bad |= value < table["under"][index]
        return np.asarray(bad)

    def step(self, table: Table, index: Ints, time: Ints, value: Floats) -> Floats:
        """Take the time since the last observation in, and give the fastest burn."""
        bad = self._bad(table, index, value)
        newest = table["newest"][index]
        first = newest == NEVER
        lasts = np.where(first, 0, np.minimum(time - newest, _LONGEST)).astype(np.float64)
        began = time - lasts.astype(np.int64)
        since = np.where(first, time, newest)
        for ring in RINGS:
            self._mark(table, index, ring, _Stretch(since, time, lasts, bad))
        failed = table["failed"][index] + np.where(bad, lasts, 0.0)
        table["failed"][index] = failed
        table["newest"][index] = time
        table["began"][index] = np.where(first, began, table["began"][index])
        page = table["page"][index]
        fast = self._fastest(table, index, time, PAGES) if page.any() else np.zeros(len(index))
        slow = np.zeros(len(index)) if page.all() else self._fastest(table, index, time, TICKETS)
        return np.asarray(np.where(page, fast, slow) / table["allowed"][index])

    @staticmethod
    def _mark(table: Table, index: Ints, ring: Ring, told: "_Stretch") -> None:
        """Write the sum as it was at each mark passed since the last observation."""
        newest_mark = told.time // ring.length
        behind = np.minimum(newest_mark - told.newest // ring.length, ring.places)
        for step in range(int(behind.max(initial=0))):
            passed = behind > step
            of, mark = index[passed], newest_mark[passed] - step
            began = told.time[passed] - told.lasts[passed]
            part = np.clip(mark * ring.length - began, 0.0, told.lasts[passed])
            place = ring.first + mark % ring.places
            table["failed_at"][of, place] = table["failed"][of] + np.where(
                told.bad[passed], part, 0.0
            )
            table.touch(of, place)

    def _fastest(self, table: Table, index: Ints, time: Ints, pairs: tuple[Pair, ...]) -> Floats:
        fastest = np.zeros(len(index))
        for pair in pairs:
            long = self._share(table, index, time, (pair.long, pair.long_ring))
            short = self._share(table, index, time, (pair.short, pair.short_ring))
            fastest = np.maximum(fastest, np.minimum(long, short) / pair.factor)
        return fastest

    @staticmethod
    def _share(table: Table, index: Ints, time: Ints, window: tuple[int, Ring]) -> Floats:
        """Give the share of a window's whole length that failed.

        What was before the first observation counts as time in which nothing failed.
        """
        length, ring = window
        since = time - length
        mark = since // ring.length
        places = ring.first + mark % ring.places, ring.first + (mark + 1) % ring.places
        older, newer = (table["failed_at"][index, place] for place in places)
        part = (since - mark * ring.length) / ring.length
        began = table["began"][index]
        old = np.where((mark + 1) * ring.length <= began, 0.0, older + part * (newer - older))
        return np.asarray((table["failed"][index] - old) / length)
