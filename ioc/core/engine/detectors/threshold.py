"""The value itself, or whether it is the named level."""

import numpy as np

from ioc.core.calendar import WorkingCalendar
from ioc.core.engine.columns import Floats, Ints, Table, fixed
from ioc.core.engine.lanes import NO_COLUMNS, Bound


class Threshold:
    """Scores are values."""

    kept = cells = extra = NO_COLUMNS
    width = 0
    alone = plain = True
    doubts = False

    def bind(self, table: Table, index: int, bound: Bound, calendar: WorkingCalendar) -> None:
        """Nothing beside the limits."""

    def step(self, table: Table, index: Ints, time: Ints, value: Floats) -> Floats:
        """Give the value."""
        return value


class Equality:
    """Scores are 1 where the value is the level, 0 where it is not."""

    kept = cells = NO_COLUMNS
    extra = fixed({"wanted": ("<f8", np.nan)})
    width = 0
    alone = plain = True
    doubts = False

    def bind(self, table: Table, index: int, bound: Bound, calendar: WorkingCalendar) -> None:
        """Note the level."""
        table["wanted"][index] = bound.limits[0]

    def step(self, table: Table, index: Ints, time: Ints, value: Floats) -> Floats:
        """Compare."""
        return np.asarray(value == table["wanted"][index], np.float64)
