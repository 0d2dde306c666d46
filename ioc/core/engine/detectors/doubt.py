"""Doubt in an instrument: stuck, a spike nobody shares, or outside what is possible."""

from typing import Final

import numpy as np

from ioc.core.calendar import WorkingCalendar
from ioc.core.conditions import Doubt
from ioc.core.engine.columns import NEVER, Floats, Ints, Table, fixed
from ioc.core.engine.lanes import NO_COLUMNS, Bound

SPIKE: Final = 2.0
OUTSIDE: Final = 3.0
_MOST_STUCK: Final = 1.9
_CHANGES: Final = 10
"""Runs seen before their usual length says anything."""

_USUAL_WEIGHT: Final = 0.1
_HALF: Final = 0.5
_EXEMPT: Final = 4


class Doubtful:
    """Scores: up to 1.9 the run without change as a share of what is allowed; 2 a spike; 3 outside.

    A spike is told by the observation after it, when the median of three shows that it stood
    alone; a step that stays is none.
    """

    kept = fixed(
        {
            "last": ("<f8", np.nan),
            "last2": ("<f8", np.nan),
            "began": ("<i8", NEVER),
            "usual": ("<f8", 0.0),
            "changes": ("<i4", 0),
        }
    )
    cells = NO_COLUMNS
    width = 0
    extra = fixed(
        {
            "stuck": ("<f8", np.inf),
            "times": ("<f8", np.inf),
            "spike": ("<f8", np.inf),
            "step": ("<f8", 0.0),
            "low": ("<f8", -np.inf),
            "high": ("<f8", np.inf),
            **{f"exempt{n}": ("<f8", np.nan) for n in range(_EXEMPT)},
        }
    )
    alone = plain = False
    doubts = True

    def bind(self, table: Table, index: int, bound: Bound, calendar: WorkingCalendar) -> None:
        """Set what is allowed; a category neither sticks nor spikes."""
        doubt, stream = bound.rule.settings, bound.stream
        assert isinstance(doubt, Doubt)  # noqa: S101 - for the type checker
        number = not stream.levels
        table["stuck"][index] = doubt.stuck if doubt.stuck and number else np.inf
        table["times"][index] = doubt.usual if doubt.usual and number else np.inf
        table["spike"][index] = doubt.spike if doubt.spike and number else np.inf
        table["step"][index] = (stream.resolution or 0.0) * _HALF
        low, high = stream.span or (-np.inf, np.inf)
        table["low"][index], table["high"][index] = low, high
        for place, value in enumerate(doubt.exempt[:_EXEMPT]):
            table[f"exempt{place}"][index] = value

    def step(self, table: Table, index: Ints, time: Ints, value: Floats) -> Floats:
        """Give the gravest doubt."""
        outside = (value < table["low"][index]) | (value > table["high"][index])
        last, before = table["last"][index], table["last2"][index]
        same = np.abs(value - last) <= table["step"][index]
        stuck = self._stuck(table, index[~outside], time[~outside], same[~outside])
        score = np.full(len(index), OUTSIDE)
        score[~outside] = stuck
        middle = np.fmax(np.fmin(value, before), np.fmin(np.fmax(value, before), last))
        alone = np.abs(last - middle) > table["spike"][index]
        score[alone & ~outside & ~np.isnan(before)] = SPIKE
        exempt = np.zeros(len(index), np.bool_)
        for place in range(_EXEMPT):
            exempt |= value == table[f"exempt{place}"][index]
        table["began"][index[exempt]] = time[exempt]
        score[exempt & (score <= _MOST_STUCK)] = 0.0
        good = ~outside
        table["last2"][index[good]] = last[good]
        table["last"][index[good]] = value[good]
        return score

    def _stuck(self, table: Table, index: Ints, time: Ints, same: np.ndarray) -> Floats:
        began = table["began"][index]
        run = np.where(began == NEVER, 0.0, (time - began).astype(np.float64))
        usual, changes = table["usual"][index], table["changes"][index]
        ended = ~same & (began != NEVER)
        weight = np.where(changes, _USUAL_WEIGHT, 1.0)
        table["usual"][index] = np.where(ended, usual + weight * (run - usual), usual)
        table["changes"][index] = changes + ended
        table["began"][index] = np.where(same, began, time)
        known = (changes >= _CHANGES) & (usual > 0)
        most = np.where(known, table["times"][index] * np.where(known, usual, 1.0), np.inf)
        return np.where(
            same, np.minimum(run / np.minimum(table["stuck"][index], most), _MOST_STUCK), 0.0
        )
