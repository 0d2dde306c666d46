"""Change within a time: how far a value is above the lowest (or below the highest) of late."""

from typing import Final

import numpy as np

from ioc.core.calendar import WorkingCalendar
from ioc.core.conditions import Condition, Rise
from ioc.core.engine.columns import Floats, Ints, Table, fixed
from ioc.core.engine.lanes import NO_COLUMNS, Bound

_PARTS: Final = 8
"""Parts of the time; what is older than it by less than one of them may still count."""


class Change:
    """Keeps the lowest of each eighth of the time, and of the present one."""

    kept = NO_COLUMNS
    cells = fixed({"part": ("<i8", -1), "least": ("<f8", 0.0)})
    width = _PARTS + 1
    extra = fixed({"length": ("<i8", 1), "side": ("<f8", 1), "gate": ("<f8", -np.inf)})
    alone = plain = doubts = False

    def bind(self, table: Table, index: int, bound: Bound, calendar: WorkingCalendar) -> None:
        """Set length, direction and gate."""
        rise = bound.rule.settings
        assert isinstance(rise, Rise)  # noqa: S101 - for the type checker
        table["length"][index] = max(rise.over // _PARTS, 1)
        table["side"][index] = 1.0 if bound.rule.condition is Condition.RISING else -1.0
        gate = bound.thing.limits.get(rise.gate) if isinstance(rise.gate, str) else rise.gate
        table["gate"][index] = -np.inf if gate is None else gate

    def step(self, table: Table, index: Ints, time: Ints, value: Floats) -> Floats:
        """Give the change since the lowest within the time."""
        seen = value * table["side"][index]
        part = time // table["length"][index]
        place = part % self.width
        parts, least = table["part"], table["least"]
        again = parts[index, place] == part
        least[index, place] = np.where(again, np.minimum(least[index, place], seen), seen)
        parts[index, place] = part
        table.touch(index, place)
        age = part[:, None] - parts[index]
        within = (age >= 0) & (age <= _PARTS)
        lowest = np.where(within, least[index], np.inf).min(axis=1)
        return np.where(value >= table["gate"][index], seen - lowest, 0.0)
