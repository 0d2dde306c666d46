"""How a condition moves: levels that must hold to be reached, and hold to be left.

A binding stands on a level, 0 being normal. Observations pull it up when they are over the next
level's limit, and down when they are back behind the limit and the deadband of the one it stands
on. It moves when they have pulled the same way for as long as the hold says, to the level all of
them agreed on.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from ioc.core.engine.columns import NEVER, Column, Floats, Ints, Mask, Table
from ioc.core.rules import Rule
from ioc.core.words import Instant, Severity

Levels = npt.NDArray[np.int8]

MOST_LEVELS: Final = 5


class Turn(IntEnum):
    """Which way a condition changed."""

    RAISE = 1
    CLEAR = 2
    LEVEL = 3
    """It stands on another level than before, graver or milder."""


class Move(IntEnum):
    """Where observations pull a binding."""

    STAY = 0
    UP = 1
    DOWN = -1


HEAD: Final[dict[str, Column]] = {
    "level": ("<i1", 0),
    "move": ("<i1", 0),
    "target": ("<i1", 0),  # the level that is being reached
    "since": ("<i8", 0),  # when the pull began
    "judged": ("<i8", NEVER),  # time up to which observations have been judged
}
"""What is kept of every binding."""


@dataclass(frozen=True, slots=True)
class Change:
    """A rule began, or ceased, to be broken, or is broken more or less gravely.

    Attributes:
        at: the observation's own time; for what did not come, when it was due.
        value: what was held against the limit; for silence, the seconds of grace.
        severity: of the level it stands on now; at a clearing, of the one it stood on.
    """

    turn: Turn
    rule: Rule
    thing: str
    datastream: str
    at: Instant
    value: float
    limit: float
    severity: Severity


@dataclass(frozen=True, slots=True)
class Reached:
    """A binding reached another level."""

    index: int
    at: Instant
    value: float
    before: int
    after: int

    @property
    def turn(self) -> Turn:
        """What this is to the alert."""
        if not self.before:
            return Turn.RAISE
        return Turn.LEVEL if self.after else Turn.CLEAR


@dataclass(frozen=True, slots=True)
class Scored:
    """Observations with what they came to, in runs by binding, each run in order of time.

    Attributes:
        starts: where the runs begin.
        index: binding of each.
        time: of each.
        score: held against the limits.
        value: what is told of it.
        before: time of the observation judged before the first of each run.
        gap: microseconds after which a hold starts anew, by run.
    """

    starts: Ints
    index: Ints
    time: Ints
    score: Floats
    value: Floats
    before: Ints
    gap: Ints


def advance(table: Table, told: Scored) -> list[Reached]:
    """Take bindings through their observations; walks only those that may move."""
    starts = told.starts
    of = told.index[starts]
    up, keep = _standings(table, told.index, told.score)
    level, pulled = table["level"][of], table["move"][of] != Move.STAY
    moving = pulled | (np.maximum.reduceat(up, starts) > level)
    moving |= np.minimum.reduceat(keep, starts) < level
    ends = np.r_[starts[1:], len(told.index)]
    reached: list[Reached] = []
    for place in np.flatnonzero(moving).tolist():
        part = slice(int(starts[place]), int(ends[place]))
        time = told.time[part]
        frozen = np.diff(np.r_[told.before[place], time]) > told.gap[place]
        walk = _Walk(table, int(of[place]), time, told.value[part])
        reached += walk.through(up[part], keep[part], frozen)
    return reached


def _standings(table: Table, index: Ints, score: Floats) -> tuple[Levels, Levels]:
    """Give the level each score is over, and the level it has not yet come back from."""
    limits, bands = table["limit"], table["band"]
    seen = score * table["sign"][index]
    up, keep = np.zeros(len(index), np.int8), np.zeros(len(index), np.int8)
    for level in range(limits.shape[1]):
        up += seen > limits[:, level][index]
        keep += seen > bands[:, level][index]
    return up, keep


class _Walk:
    """One binding on its way through observations, run by run of equal standing."""

    def __init__(self, table: Table, index: int, time: Ints, value: Floats) -> None:
        self.table, self.index, self.time, self.value = table, index, time, value
        self.level = int(table["level"][index])
        self.move = Move(int(table["move"][index]))
        self.target = int(table["target"][index])
        self.since = int(table["since"][index])
        self.holds = {
            Move.UP: int(table["hold"][index]),
            Move.DOWN: int(table["clear_hold"][index]),
        }
        self.reached: list[Reached] = []

    def through(self, up: Levels, keep: Levels, frozen: Mask) -> list[Reached]:
        cuts = np.flatnonzero(
            np.r_[True, (up[1:] != up[:-1]) | (keep[1:] != keep[:-1]) | frozen[1:]]
        )
        ends = [*cuts[1:].tolist(), len(up)]
        for start, end in zip(cuts.tolist(), ends, strict=True):
            self._pulled(int(up[start]), int(keep[start]), (start, end), anew=bool(frozen[start]))
        for name in ("level", "move", "target", "since"):
            self.table[name][self.index] = getattr(self, name)
        self.table.changed[self.index] = True
        return self.reached

    def _pulled(self, up: int, keep: int, part: tuple[int, int], *, anew: bool) -> None:
        """Be pulled by observations that stand alike, maybe over several levels."""
        at, end = part
        while True:
            move = Move.UP if up > self.level else Move.DOWN if keep < self.level else Move.STAY
            if move is Move.STAY:
                self.move = move
                return
            reach = up if move is Move.UP else keep
            if move is not self.move or anew:
                self.move, self.since, self.target = move, int(self.time[at]), reach
            else:
                self.target = (min if move is Move.UP else max)(self.target, reach)
            anew = False
            at += int(np.searchsorted(self.time[at:end], self.since + self.holds[move]))
            if at >= end:
                return
            before, self.level, self.move = self.level, self.target, Move.STAY
            told = Reached(
                self.index, int(self.time[at]), float(self.value[at]), before, self.level
            )
            self.reached.append(told)
