"""Forest-fire danger: the index P summed from day to day, and what it is summed of.

P = K · Σ t13·d13 since the last wet day: t13 the temperature at 13:00 (°C), d13 the saturation
deficit at 13:00 (hPa), K = 0 on a day with more than 5 mm of rain, where the sum begins anew
(Nesterov, as Phạm Ngọc Hưng took it over for Vietnam). Which P is which level is each province's
own table, hence data of its site: see ``bands`` of an indicator.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WET_MM: Final = 5.0
"""More rain than this in a day starts the sum again."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day's weather at 13:00.

    Attributes:
        temperature: °C, or None when nobody measured.
        humidity: relative, %.
        rain: mm in the whole day; None counts as dry, which errs towards danger.
    """

    temperature: float | None
    humidity: float | None
    rain: float | None


def saturation_deficit(temperature: float, humidity: float) -> float:
    """Give how much vapour the air still takes, in hPa (Magnus formula).

    Args:
        temperature: °C.
        humidity: relative, %.
    """
    saturated = 6.112 * math.exp(17.62 * temperature / (243.12 + temperature))
    return saturated * (1.0 - min(max(humidity, 0.0), 100.0) / 100.0)


def fire_index(days: Sequence[Day]) -> float | None:
    """Sum P over days, oldest first; None when no day since the last wet one was measured."""
    total, known = 0.0, False
    for day in days:
        if day.rain is not None and day.rain > WET_MM:
            total, known = 0.0, True
        elif day.temperature is not None and day.humidity is not None:
            warmth = max(day.temperature, 0.0)
            total += warmth * saturation_deficit(day.temperature, day.humidity)
            known = True
    return total if known else None
