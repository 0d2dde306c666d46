"""What goes wrong in the province: incidents as a pure function of (seed, kind, week).

The programme is data (``data/incidents.toml``). A week is drawn whole, so any instant of any week
finds the same incidents without the ones before it. Simulators never read incidents: they read
the world, which turns them into rain, flow, mains, links and latency.
"""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import numpy as np

from ioc.core.calendar import weekday
from simulators.calendar import OFFSET, month
from simulators.noise import DAY, Noise, Times, Truths, Values

WEEK: Final = 7 * DAY
LONGEST: Final = 4 * DAY
"""No incident lasts longer: how far back a look must reach."""

_MOST: Final = 8
"""Incidents of a kind in a week at the most; the draw is always this wide."""

_HOURS: Final = {
    "any": (0.0, 24.0),
    "office": (8.2, 15.6),
    "opening": (7.0, 8.5),
    "evening": (15.5, 23.5),
    "night": (0.0, 6.0),
}
"""Local hours in which an incident may begin."""
_KM_DEGREE: Final = 111.2


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is, in degrees."""

    lon: float
    lat: float

    def km_to(self, other: "Place") -> float:
        """Give the distance on a flat map, which is near enough inside a province."""
        east = (other.lon - self.lon) * math.cos(math.radians((self.lat + other.lat) / 2))
        return math.hypot(east, other.lat - self.lat) * _KM_DEGREE


@dataclass(frozen=True, slots=True)
class Incident:
    """One thing that goes wrong.

    Attributes:
        start: first second.
        end: the second it is over.
        size: as its kind says.
        luck: a uniform number of its own, for what else is decided about it.
        target: what it strikes when that is no place.
    """

    kind: str
    start: int
    end: int
    place: Place
    radius_km: float
    size: float
    luck: float
    target: str = ""

    def reaches(self, place: Place) -> bool:
        """Tell whether a place lies within its reach."""
        return self.place.km_to(place) <= self.radius_km

    def bell(self, place: Place) -> float:
        """Give how much of a field of this width is felt at a place, 0 to 1."""
        return math.exp(-0.5 * (self.place.km_to(place) / self.radius_km) ** 2)

    def shape(self, at: Times, ramp: float = 0.25) -> Values:
        """Give its course over time: up during ``ramp`` of it, on, and down again; 0 to 1."""
        slope = max((self.end - self.start) * ramp, 1.0)
        return np.clip(np.minimum(at - self.start, self.end - at) / slope, 0.0, 1.0)

    def on(self, at: Times) -> Truths:
        """Tell when it is going on."""
        return (at >= self.start) & (at < self.end)


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of the programme; see the data file."""

    at_least: int
    extra: float
    when: str
    minutes: tuple[float, float]
    size: tuple[float, float]
    radius_km: tuple[float, float]
    months: tuple[float, ...] = (1.0,) * 12
    targets: tuple[str, ...] = ("",)


class Programme:
    """What happens when and where; see the module."""

    def __init__(self, seed: int, places: tuple[Place, ...], kinds: Mapping[str, Kind]) -> None:
        """Draw from ``seed`` for these kinds.

        Args:
            seed: the world's seed.
            places: centres of the areas, in the order of the areas' ids.
            kinds: rows of the programme.
        """
        self._seed = seed
        self._places = places
        self._kinds = kinds
        self._week = lru_cache(maxsize=1_024)(self._drawn)

    def kind(self, name: str) -> Kind:
        """Give a row of the programme."""
        return self._kinds[name]

    def during(self, kind: str, first: int, last: int) -> list[Incident]:
        """Give the incidents of a kind that touch [first, last], in order of the draw."""
        return [
            incident
            # Local days: the first hours of a week lie before its beginning in UTC.
            for week in range((first - LONGEST) // WEEK, (last + OFFSET) // WEEK + 1)
            for incident in self._week(kind, week)
            if incident.end > first and incident.start <= last
        ]

    def _drawn(self, name: str, week: int) -> tuple[Incident, ...]:
        kind = self._kinds[name]
        draw = Noise(self._seed, "world/incidents").block(name, week)
        count = min(kind.at_least + int(draw.poisson(kind.extra)), _MOST)
        found = []
        for row in draw.random((_MOST, 10))[:count]:
            start = _start(kind.when, week, row[0], row[1])
            if row[2] >= kind.months[int(month(np.array([start]))[0])]:
                continue
            centre = self._places[int(row[3] * len(self._places))]
            angle, away = 2.0 * math.pi * row[4], 3.0 * math.sqrt(row[5]) / _KM_DEGREE
            found.append(
                Incident(
                    kind=name,
                    start=start,
                    end=start + round(60.0 * _between_log(kind.minutes, row[6])),
                    place=Place(
                        centre.lon + away * math.cos(angle), centre.lat + away * math.sin(angle)
                    ),
                    radius_km=_between(kind.radius_km, row[7]),
                    size=_between(kind.size, row[7]),
                    luck=float(row[8]),
                    target=kind.targets[int(row[9] * len(kind.targets))],
                )
            )
        return tuple(found)


def read_kinds() -> dict[str, Kind]:
    """Read the programme that ships with the simulators."""
    table = tomllib.loads((files("simulators") / "data" / "incidents.toml").read_text("utf-8"))
    return {name: _kind(row) for name, row in table.items()}


def _kind(row: Mapping[str, Any]) -> Kind:
    tuples = {key: tuple(value) for key, value in row.items() if isinstance(value, list)}
    return Kind(**{**row, **tuples})


def _start(when: str, week: int, day: float, hour: float) -> int:
    first = week * WEEK // DAY
    days = list(range(first, first + 7))
    if when in ("office", "opening"):
        days = [day for day in days if weekday(np.array([day]))[0] < 5]
    earliest, latest = _HOURS[when]
    local = earliest + (latest - earliest) * hour
    return days[int(day * len(days))] * DAY + round(local * 3_600.0) - OFFSET


def _between(span: tuple[float, float], part: float) -> float:
    return span[0] + (span[1] - span[0]) * part


def _between_log(span: tuple[float, float], part: float) -> float:
    return float(span[0] * (span[1] / span[0]) ** part)
