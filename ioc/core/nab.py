"""The score of the Numenta Anomaly Benchmark, exactly, for detectors of single series.

A detection is a row whose score reaches the threshold. In a labelled window only the earliest
counts, the more the earlier; outside, every row costs, less where it only follows a window.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]
Window = tuple[int, int]
"""First and last row, both inside."""

PROBATION: Final = 0.15
MOST_PROBATION: Final = 750
_STEEPNESS: Final = 5.0
_FAR: Final = 3.0


@dataclass(frozen=True, slots=True)
class Profile:
    """What hits, misses and false alarms weigh."""

    hit: float
    miss: float
    false: float


PROFILES: Final[Mapping[str, Profile]] = MappingProxyType(
    {
        "standard": Profile(1.0, 1.0, 0.11),
        "reward_low_FP_rate": Profile(1.0, 1.0, 0.22),
        "reward_low_FN_rate": Profile(1.0, 2.0, 0.11),
    }
)


@dataclass(frozen=True, slots=True)
class Series:
    """One file: how many rows, and its labelled windows in order."""

    rows: int
    windows: Sequence[Window]

    @property
    def probation(self) -> int:
        """The first rows, in which nothing counts."""
        return min(int(PROBATION * self.rows), MOST_PROBATION)


def scaled(position: Scores) -> Scores:
    """Give NAB's sigmoid of a position relative to a window: near 1 at its start, 0 at its end."""
    return np.where(
        position > _FAR, -1.0, 2.0 / (1.0 + np.exp(_STEEPNESS * np.minimum(position, _FAR))) - 1.0
    )


def raw_score(series: Series, detected: Rows, profile: Profile) -> float:
    """Score one file.

    Args:
        series: its length and windows.
        detected: rows at which something was detected.
        profile: the weights.
    """
    rows = np.unique(detected[detected >= series.probation])
    total, inside = 0.0, np.zeros(len(rows), np.bool_)
    best = float(scaled(np.array([-1.0]))[0])
    for first, last in series.windows:
        within = (rows >= first) & (rows <= last)
        inside |= within
        if not within.any():
            total -= profile.miss
            continue
        position = np.asarray(-(last - rows[within] + 1.0) / (last - first + 1.0), np.float64)
        total += profile.hit * float(scaled(position).max()) / best
    return total + profile.false * float(_outside(series, rows[~inside]).sum())


def _outside(series: Series, rows: Rows) -> Scores:
    """Give what each false alarm costs: -1 far from any window, less right behind one."""
    cost = np.full(len(rows), -1.0)
    for first, last in series.windows:
        behind = rows > last
        if last > first:
            cost[behind] = scaled(np.asarray((rows[behind] - last) / (last - first), np.float64))
    return cost


def normalised(raw: float, windows: int, profile: Profile) -> float:
    """Give the score on NAB's scale: 0 says nothing at all, 100 is perfect."""
    nothing = -profile.miss * windows
    return 100.0 * (raw - nothing) / (profile.hit * windows - nothing)
