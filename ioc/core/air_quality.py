"""VN_AQI, the Vietnamese air-quality index, by the hour and by the day.

Breakpoints, Nowcast and rounding are those of QĐ 1459/QĐ-TCMT (12/11/2019). One of its examples is
off by one (NO2 118.7 µg/m³ is 59.35, printed as 60); the formula stands here, not the slip.
Concentrations are µg/m³; a missing one is NaN.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

SOURCE: Final = "QĐ 1459/QĐ-TCMT, 12/11/2019"
INDEX: Final = np.array([0.0, 50.0, 100.0, 150.0, 200.0, 300.0, 400.0, 500.0])
BREAKPOINTS: Final[Mapping[str, Values]] = MappingProxyType(
    {
        "pm25": np.array([0.0, 25.0, 50.0, 80.0, 150.0, 250.0, 350.0, 500.0]),
        "pm10": np.array([0.0, 50.0, 150.0, 250.0, 350.0, 420.0, 500.0, 600.0]),
        "o3": np.array([0.0, 160.0, 200.0, 300.0, 400.0, 800.0, 1_000.0, 1_200.0]),
        "o3-8h": np.array([0.0, 100.0, 120.0, 170.0, 210.0, 400.0]),
        "no2": np.array([0.0, 100.0, 200.0, 700.0, 1_200.0, 2_350.0, 3_100.0, 3_850.0]),
        "so2": np.array([0.0, 125.0, 350.0, 550.0, 800.0, 1_600.0, 2_100.0, 2_630.0]),
        "co": np.array([0.0, 10_000.0, 30_000.0, 45_000.0, 60_000.0, 90_000.0, 120_000.0, 150e3]),
    }
)  # fmt: skip
"""µg/m³ at each index; O3 by its mean of one hour and, under ``o3-8h``, of eight (up to 400)."""

NOWCAST_HOURS: Final = 12
DUST: Final = ("pm25", "pm10")
GASES: Final = ("o3", "no2", "so2", "co")
_DAY_HOURS: Final = 24
_OZONE_HOURS: Final = 8
_OZONE_8H_MOST: Final = 400.0
_LEAST_WEIGHT: Final = 0.5


def index_of(pollutant: str, concentration: Values | float) -> Values:
    """Give the index of one pollutant's concentration, not rounded; NaN stays NaN."""
    points = BREAKPOINTS[pollutant]
    return np.asarray(np.interp(concentration, points, INDEX[: len(points)]), np.float64)


def rounded(index: Values) -> Values:
    """Round to whole points, a half upwards, as the Decision's examples do."""
    return np.asarray(np.floor(index + 0.5), np.float64)


def nowcast(hourly: Values) -> Values:
    """Weigh twelve hourly means by how much they differ.

    Args:
        hourly: shape (…, 12), the newest hour first; a missing hour is NaN and weighs nothing.

    Returns:
        Shape (…); NaN where fewer than two of the three newest hours are there.
    """
    there = np.isfinite(hourly)
    known = np.where(there, hourly, 0.0)
    greatest = np.where(there, hourly, -np.inf).max(axis=-1)
    least = np.where(there, hourly, np.inf).min(axis=-1)
    steady = np.where(greatest > 0, least / np.where(greatest > 0, greatest, 1.0), 1.0)
    steps = np.arange(hourly.shape[-1])
    weight = np.maximum(steady, _LEAST_WEIGHT)[..., None] ** steps * there
    # With w = ½ the Decision sums (½)^i·c_i from i = 1 and divides by nothing: the weights of an
    # endless series sum to one. A missing hour simply adds nothing.
    halving = (known * _LEAST_WEIGHT ** (steps + 1)).sum(axis=-1)
    total = weight.sum(axis=-1)
    weighed = (known * weight).sum(axis=-1) / np.where(total > 0, total, 1.0)
    found = np.where(steady > _LEAST_WEIGHT, weighed, halving)
    return np.asarray(np.where(there[..., :3].sum(axis=-1) >= 2, found, np.nan), np.float64)


def hourly_index(means: Mapping[str, Values]) -> Values:
    """Give the VN_AQI of an hour.

    Args:
        means: hourly means by pollutant, shape (…, 12), the newest hour first. Dust goes through
            Nowcast; of a gas the newest hour counts.

    Returns:
        Shape (…), whole points; NaN where neither PM2.5 nor PM10 is known.
    """
    parts = {name: index_of(name, nowcast(means[name])) for name in DUST if name in means}
    gases = {name: index_of(name, means[name][..., 0]) for name in GASES if name in means}
    return _greatest(parts, gases)


def daily_index(means: Mapping[str, Values]) -> Values:
    """Give the VN_AQI of a day.

    Args:
        means: hourly means by pollutant, shape (…, 24), oldest first.

    Returns:
        Shape (…), whole points; NaN where dust has not 18 of the 24 hours.
    """
    dust = {name: index_of(name, _day_mean(means[name])) for name in DUST if name in means}
    gases = {name: index_of(name, _day_max(means[name])) for name in GASES if name in means}
    if "o3" in means:
        gases["o3-8h"] = _ozone_8h(means["o3"])
    return _greatest(dust, gases)


def _greatest(dust: Mapping[str, Values], gases: Mapping[str, Values]) -> Values:
    if not dust:
        return np.asarray(np.nan, np.float64)
    of_dust = np.fmax.reduce(np.array(list(dust.values())), axis=0)
    everything = np.fmax.reduce(np.array([*dust.values(), *gases.values()]), axis=0)
    return rounded(np.asarray(np.where(np.isfinite(of_dust), everything, np.nan), np.float64))


def _day_mean(hourly: Values) -> Values:
    there = np.isfinite(hourly)
    count = there.sum(axis=-1)
    mean = np.where(there, hourly, 0.0).sum(axis=-1) / np.maximum(count, 1)
    return np.asarray(np.where(count >= 0.75 * _DAY_HOURS, mean, np.nan), np.float64)


def _day_max(hourly: Values) -> Values:
    there = np.isfinite(hourly)
    greatest = np.where(there, hourly, -np.inf).max(axis=-1)
    return np.asarray(np.where(there.any(axis=-1), greatest, np.nan), np.float64)


def _ozone_8h(hourly: Values) -> Values:
    """Give the index of the greatest mean of eight hours; one above 400 µg/m³ is left out."""
    spans = np.lib.stride_tricks.sliding_window_view(hourly, _OZONE_HOURS, axis=-1)
    there = np.isfinite(spans)
    count = there.sum(axis=-1)
    means = np.where(there, spans, 0.0).sum(axis=-1) / np.maximum(count, 1)
    means = np.where(count >= 0.75 * _OZONE_HOURS, means, np.nan)
    greatest = _day_max(np.asarray(means, np.float64))
    greatest = np.where(greatest > _OZONE_8H_MOST, np.nan, greatest)
    return index_of("o3-8h", np.asarray(greatest, np.float64))
