"""Numbers that stand and drift: how many accounts, which share, how far a plan is.

Statistics of an administration change by the week, not by the minute: a level of the thing's own,
a slow wave around it, and where it is a stock, steady growth.
"""

from typing import Final

import numpy as np

from simulators.calendar import local_day
from simulators.noise import DAY, Noise, Times, Values, poisson
from simulators.world import World

HOUR: Final = 3_600
_SLOW: Final = ((9 * DAY, 0.8), (2 * DAY, 0.5))
_GROWS_FROM: Final = 18_993
"""1 January 2022: the sources' year, from which what grows does."""


def share(at: Times, noise: Noise, name: str, usual: float, spread: float = 2.0) -> Values:
    """Give a percentage: the usual one, each thing's own by ± ``spread``, and a slow wave."""
    own = 2.0 * spread * (noise.constant(name) - 0.5)
    told = usual + own * min(1.0, (100.0 - usual) / spread) + 0.25 * spread * _wave(at, noise, name)
    return np.clip(told, 0.0, 100.0)


def stock(at: Times, noise: Noise, name: str, size: float, yearly: float = 0.0) -> Values:
    """Give a stock that grows by so much of itself a year since 2022, and is counted in whole."""
    years = np.maximum(local_day(at) - _GROWS_FROM, 0) / 365.25
    return np.rint(size * (1.0 + yearly) ** years * (1.0 + 0.004 * _wave(at, noise, name)))


def events(at: Times, noise: Noise, name: str, means: Values) -> Values:
    """Give the events of the hour that ends at each instant, of given means."""
    return poisson(noise.uniform(at, name, HOUR), means)


def office_hour(at: Times, world: World) -> Values:
    """Give the part of a working day's business that falls into the hour before each instant."""
    return np.asarray(world.calendar.open_share(at, HOUR) * HOUR / 27_000.0)


def progress(at: Times, noise: Noise, name: str, years: tuple[float, float]) -> Values:
    """Give how far a plan between two years is, in per cent: an S-curve, a little behind."""
    now = 1_970.0 + local_day(at) / 365.25
    part = np.clip((now - years[0]) / (years[1] - years[0]), 0.0, 1.0)
    behind = 0.05 * noise.constant(f"{name}/behind")
    ease = np.clip(part - behind, 0.0, 1.0)
    return np.asarray(100.0 * ease * ease * (3.0 - 2.0 * ease))


def _wave(at: Times, noise: Noise, name: str) -> Values:
    return noise.wave(at, f"level/{name}", _SLOW)
