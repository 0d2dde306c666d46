"""What all fields of the world stand on: seed, places, calendar, and what goes wrong when."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, Protocol

import numpy as np

from ioc.core.words import PROVINCE
from simulators.calendar import Calendar, read_calendar
from simulators.incidents import Incident, Kind, Place, Programme, read_kinds
from simulators.noise import DAY, Noise, Times, Truths

_LONGEST_SPELL_DAYS: Final = 3


class AreaLike(Protocol):
    """What the world must know of an area."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def location(self) -> tuple[float, float]:
        """Longitude and latitude of its centre."""

    @property
    def parent(self) -> str | None:
        """The area it lies in."""

    @property
    def population(self) -> int | None:
        """Its inhabitants, where they are known."""


@dataclass(frozen=True, slots=True)
class Climate:
    """Monthly means, January first; see ``data/climate.toml``."""

    rain: tuple[float, ...]
    temperature: tuple[float, ...]
    swing: tuple[float, ...]
    dust: tuple[float, ...]
    elevation: float


@dataclass(frozen=True, slots=True)
class Festival:
    """A feast of the province, every year; see ``data/society.toml``.

    Attributes:
        first: month and day it begins, ``03-13``.
        days: how many it lasts.
        visitors: factor on the visitors who arrive.
        opening: day of it (from nought) with an evening on the square, or -1.
        evening: local hours of that evening.
        crowd: factor on what moves and calls around the square then.
    """

    first: str
    days: int
    visitors: float
    opening: int = -1
    evening: tuple[float, float] = (19.5, 21.75)
    crowd: float = 1.0


@dataclass(frozen=True, slots=True)
class Society:
    """The people of a province; see ``data/society.toml``.

    Attributes:
        people: inhabitants.
        arrivals: visitors who arrive on a usual day.
        stay_days: how long they stay.
        months: factor on arrivals by month, January first.
        burning: hot-spots a day on which everybody burns and nobody forbids it.
        burning_months: the part of them by month, January first.
        festivals: its feasts.
        waves: epidemics that are known: year and month they begin, and the part of the people
            they can reach.
    """

    people: float
    arrivals: float
    stay_days: int
    months: tuple[float, ...]
    burning: float
    burning_months: tuple[float, ...]
    festivals: tuple[Festival, ...]
    waves: Mapping[str, float]


class Causes:
    """The seed, the places, the calendar and the programme of incidents; see the module.

    Attributes:
        places: centres of the province and of the areas directly below it, in the order of ids.
        seat: where the province is governed from.
        areas: centres of the areas directly below the province, likewise.
    """

    def __init__(  # noqa: PLR0913 - each may be given where a test wants another than the site's
        self,
        seed: int,
        areas: Iterable[AreaLike],
        *,
        site: str = "",
        climate: Climate | None = None,
        society: Society | None = None,
        kinds: Mapping[str, Kind] | None = None,
        calendar: Calendar | None = None,
    ) -> None:
        """Make the world of a seed.

        Args:
            seed: whole number; the same seed is the same world.
            areas: the site's areas; incidents happen around their centres.
            site: whose climate and society, where those are not given; an unknown site has those
                of the first one listed.
            climate: monthly means.
            society: its people.
            kinds: the programme of incidents; that of the data file unless given.
            calendar: holidays; those of the data file unless given.

        Raises:
            ValueError: there are no areas.
        """
        self.seed = seed
        self.climate = climate or read_climate(site)
        self.society = society or read_society(site)
        self.calendar = calendar or read_calendar()
        known = sorted(
            (area.id, area.location, area.population)
            for area in areas
            if area.parent in (None, PROVINCE)
        )
        if not known:
            raise ValueError("a world needs at least one area")
        self.places = tuple(Place(*location) for _, location, _ in known)
        middle = np.array([(place.lon, place.lat) for place in self.places]).mean(axis=0)
        middle_place = Place(float(middle[0]), float(middle[1]))
        self.seat = next((Place(*at) for area, at, _ in known if area == PROVINCE), middle_place)
        below = [(Place(*at), people) for area, at, people in known if area != PROVINCE]
        self._shares = _shares(below or [(self.seat, None)])
        self.areas = tuple(self._shares)
        self.programme = Programme(seed, self.places, read_kinds() if kinds is None else kinds)
        self._noise = Noise(seed, "world")
        self._monthly = {
            field.name: np.array(getattr(self.climate, field.name))
            for field in fields(self.climate)
            if field.name != "elevation"
        }
        self._spells = lru_cache(maxsize=8_192)(self._drawn_spells)
        self._area_of = lru_cache(maxsize=4_096)(self._nearest)

    def area(self, place: Place) -> Place:
        """Give the centre of the area a place lies in: the nearest one below the province."""
        return self._area_of(place)

    def share(self, place: Place) -> float:
        """Give the part of the province's people who live in the area a place lies in."""
        return self._shares[self.area(place)]

    def _nearest(self, place: Place) -> Place:
        return min(self._shares, key=place.km_to)

    def down(self, name: str, at: Times, *, mtbf_h: float, mttr_h: float) -> Truths:
        """Tell when something that fails by itself is down: availability MTBF/(MTBF+MTTR).

        Args:
            name: whose failures; another name fails at other times.
            at: instants.
            mtbf_h: mean hours between failures.
            mttr_h: mean hours of a repair (lognormal, median about two thirds of it).
        """
        down = np.zeros(len(at), np.bool_)
        if not len(at):
            return down
        first, last = int(at.min()), int(at.max())
        for day in range(first // DAY - _LONGEST_SPELL_DAYS, last // DAY + 1):
            for start, end in self._spells(name, mtbf_h, mttr_h, day):
                if end > first and start <= last:
                    down |= (at >= start) & (at < end)
        return down

    def _drawn_spells(
        self, name: str, mtbf_h: float, mttr_h: float, day: int
    ) -> tuple[tuple[int, int], ...]:
        draw = Noise(self.seed, f"world/down/{name}").block("spells", day)
        count = int(draw.poisson(24.0 / mtbf_h))
        if not count:
            return ()
        starts = day * DAY + draw.integers(0, DAY, count)
        sigma = 0.9
        lengths = mttr_h * 3_600.0 * np.exp(sigma * draw.standard_normal(count) - sigma**2 / 2)
        lengths = np.minimum(lengths, (_LONGEST_SPELL_DAYS - 1) * DAY)
        return tuple(
            zip(starts.tolist(), (starts + lengths.astype(np.int64)).tolist(), strict=True)
        )

    def _during(self, kind: str, at: Times, before: int = 0) -> list[Incident]:
        if not len(at):
            return []
        return self.programme.during(kind, int(at.min()) - before, int(at.max()))


def _shares(areas: list[tuple[Place, int | None]]) -> dict[Place, float]:
    """Give each area its part of the people; those of unknown size have the mean of the others."""
    told = [people for _, people in areas if people]
    usual = sum(told) / len(told) if told else 1.0
    sizes = {place: float(people or usual) for place, people in areas}
    total = sum(sizes.values())
    return {place: size / total for place, size in sizes.items()}


def read_climate(site: str) -> Climate:
    """Read the climate of a site; an unknown site has that of the first one listed."""
    row = _of_site("climate.toml", site)
    return Climate(
        rain=tuple(row["rain"]),
        temperature=tuple(row["temperature"]),
        swing=tuple(row["swing"]),
        dust=tuple(row["dust"]),
        elevation=float(row["elevation"]),
    )


def read_society(site: str) -> Society:
    """Read the society of a site; an unknown site has that of the first one listed."""
    table = _of_site("society.toml", site)
    return Society(
        people=float(table["people"]),
        arrivals=float(table["arrivals"]),
        stay_days=int(table["stay_days"]),
        months=tuple(table["months"]),
        burning=float(table["burning"]),
        burning_months=tuple(table["burning_months"]),
        festivals=tuple(_festival(row) for row in table["festival"]),
        waves=dict(table["waves"]),
    )


def _festival(row: Mapping[str, Any]) -> Festival:
    tuples = {key: tuple(value) for key, value in row.items() if isinstance(value, list)}
    return Festival(**{**row, **tuples})


def _of_site(name: str, site: str) -> Mapping[str, Any]:
    table = tomllib.loads((files("simulators") / "data" / name).read_text("utf-8"))
    row: Mapping[str, Any] = table.get(site) or next(iter(table.values()))
    return row
