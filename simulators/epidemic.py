"""An epidemic in a closed population: susceptible, exposed, infectious, recovered, by chance."""

from typing import Final

import numpy as np

from simulators.noise import Times

EXPOSED_DAYS: Final = 3.0
INFECTIOUS_DAYS: Final = 5.0
_STEPS: Final = 4
"""Steps of a day."""


def outbreak(
    draw: np.random.Generator, people: int, infected: int, days: int, reproduction: float
) -> tuple[Times, Times]:
    """Run an outbreak whole, from its first cases.

    Args:
        draw: the generator of the block; what is drawn depends on the course.
        people: who can be reached.
        infected: infectious on the first day.
        days: how long it is followed.
        reproduction: people one infectious person would infect where nobody is immune.

    Returns:
        New infections of each day, and the infectious at its end.
    """
    susceptible, exposed, infectious = people - infected, 0, infected
    onset = -np.expm1(-1.0 / (EXPOSED_DAYS * _STEPS))
    recovery = -np.expm1(-1.0 / (INFECTIOUS_DAYS * _STEPS))
    contact = reproduction * recovery / people  # a step is not nothing: the mean stay is 1/recovery
    new, ill = np.zeros(days, np.int64), np.zeros(days, np.int64)
    for day in range(days):
        for _ in range(_STEPS):
            caught = int(draw.binomial(susceptible, -np.expm1(-contact * infectious)))
            fell = int(draw.binomial(exposed, onset))
            rose = int(draw.binomial(infectious, recovery))
            susceptible -= caught
            exposed += caught - fell
            infectious += fell - rose
            new[day] += caught
        ill[day] = infectious
        if not exposed + infectious:
            break
    return new, ill


def final_size(reproduction: float) -> float:
    """Give the part of the people an epidemic reaches in the end: z = 1 - exp(-R z)."""
    reached = 1.0
    for _ in range(200):
        reached = -float(np.expm1(-reproduction * reached))
    return reached
