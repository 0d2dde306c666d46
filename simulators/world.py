"""The world the simulators share: the causes of what they observe, and how these are coupled.

::

    rain ─▶ wetness ─▶ flow ─▶ river level        calendar ─▶ dossiers, documents, traffic, load
      ├──▶ washed-out dust                         mains ─▶ UPS, cooling, video, telecom, counters
      ├──▶ mains (storms) ─┐                       cooling ─▶ room ─▶ buses ─▶ services
      └──▶ slides ─▶ fibre ┴─▶ video, telecom      buses slow or down ─▶ portal, documents, signing

Every method is a pure function of (seed, time, place): simulators read causes here and never one
another. Caches only remember what would be computed again.
"""

import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, NamedTuple, Protocol

import numpy as np

from ioc.core.words import PROVINCE
from simulators.calendar import (
    Calendar,
    local_day,
    local_hour,
    read_calendar,
    seasonal,
)
from simulators.incidents import Incident, Kind, Place, Programme, read_kinds
from simulators.noise import DAY, Noise, Times, Truths, Values, standard_uniform
from simulators.rain import Rain

STEP: Final = 600
"""Seconds of the river's grid."""

_SLOTS: Final = DAY // STEP
_HOURS: Final = 24
_WARM_DAYS: Final = 30
"""Days of rain the wetness and the slow flow remember."""

_KEPT: Final = 0.92
"""Share of the wetness index left after a day."""

_SLOW_H: Final = 240.0
_QUICK_H: Final = 0.45
_TAPS: Final = 72
_DRY_FLOW: Final = 0.004
"""Flow without rain, m³/s for a km²."""

FLOOD_FLOW: Final = 1.7
"""Flow that makes flood alarm level 1, m³/s for a km²."""

ROOM_TROUBLE: Final = 38.0
"""Degrees of the room at which machines protect themselves."""

ROOM_SET: Final = 22.0
_LONGEST_SPELL_DAYS: Final = 3
_GENERATOR_S: Final = 60.0
_GENERATOR_FAILS: Final = 0.04
_HANDS_S: Final = 1_620
"""Seconds until people have a generator or a spare cooler running."""

_COOLS_S: Final = 7_200
"""Seconds after which nothing is left of a room's heat."""


class AreaLike(Protocol):
    """What the world must know of an area."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def location(self) -> tuple[float, float]:
        """Longitude and latitude of its centre."""


@dataclass(frozen=True, slots=True)
class Climate:
    """Monthly means, January first; see ``data/climate.toml``."""

    rain: tuple[float, ...]
    temperature: tuple[float, ...]
    swing: tuple[float, ...]
    dust: tuple[float, ...]
    elevation: float


class BusState(NamedTuple):
    """How a bus of the data centre does: up or not, factor on latency, share of errors."""

    up: Truths
    slow: Values
    errors: Values


class World:
    """The causes; see the module."""

    def __init__(
        self,
        seed: int,
        areas: Iterable[AreaLike],
        *,
        climate: Climate | None = None,
        kinds: Mapping[str, Kind] | None = None,
        calendar: Calendar | None = None,
    ) -> None:
        """Make the world of a seed.

        Args:
            seed: whole number; the same seed is the same world.
            areas: the site's areas; incidents happen around their centres.
            climate: monthly means; the first of the data file unless given.
            kinds: the programme of incidents; that of the data file unless given.
            calendar: holidays; those of the data file unless given.
        """
        self.seed = seed
        self.climate = climate or read_climate("")
        self.calendar = calendar or read_calendar()
        centres = sorted((area.id, area.location) for area in areas)
        self.places = tuple(Place(*location) for _, location in centres)
        if not self.places:
            raise ValueError("a world needs at least one area")
        middle = np.array([(place.lon, place.lat) for place in self.places]).mean(axis=0)
        middle_place = Place(float(middle[0]), float(middle[1]))
        self.seat = next((Place(*at) for area, at in centres if area == PROVINCE), middle_place)
        self.programme = Programme(seed, self.places, read_kinds() if kinds is None else kinds)
        self._rain = Rain(seed, self.places, self.climate.rain, self.programme)
        self._noise = Noise(seed, "world")
        self._monthly = {
            field.name: np.array(getattr(self.climate, field.name))
            for field in fields(self.climate)
            if field.name != "elevation"
        }
        self._rain_day = lru_cache(maxsize=4_096)(self._rained)
        self._wetness = lru_cache(maxsize=4_096)(self._wet)
        self._hourly = lru_cache(maxsize=4_096)(self._rained_hourly)
        self._spells = lru_cache(maxsize=8_192)(self._drawn_spells)
        self._storm_cuts = lru_cache(maxsize=64)(self._drawn_cuts)

    # -- weather -------------------------------------------------------------------------------

    def rain(self, at: Times, place: Place, span: int = 600) -> Values:
        """Give the mean rain in mm/h over the ``span`` seconds before each instant."""
        return self._rain.rate(at, place, span)

    def temperature(self, at: Times, place: Place, elevation: float) -> Values:
        """Give the air's temperature in degrees Celsius at a height in metres."""
        swing = seasonal(at, self._monthly["swing"])
        daily = np.cos(2.0 * np.pi * (local_hour(at) - 15.0) / 24.0)
        wet = np.tanh(self.rain(at, place, 3_600) / 6.0)
        return self._mild(at, elevation) + swing * daily * (1.0 - 0.5 * wet) - 2.5 * wet

    def humidity(self, at: Times, place: Place, elevation: float) -> Values:
        """Give the relative humidity in per cent."""
        coldest = self._mild(at, elevation) - seasonal(at, self._monthly["swing"])
        wet = np.tanh(self.rain(at, place, 3_600) / 3.0)
        above = self.temperature(at, place, elevation) - coldest
        return np.clip(95.0 - 3.2 * above + 15.0 * wet, 20.0, 100.0)

    def wind(self, at: Times, place: Place) -> Values:
        """Give the wind's speed in m/s: Weibull over the weeks, stronger in the afternoon."""
        regional = self._noise.wave(at, "wind", ((5_400, 0.5), (43_200, 0.8)))
        calm = -np.log1p(-np.minimum(standard_uniform(regional), 0.9999))
        daily = 1.0 + 0.5 * np.cos(2.0 * np.pi * (local_hour(at) - 14.5) / 24.0)
        gust = 0.08 * self.rain(at, place)
        return 1.34 * calm ** (1 / 1.6) * daily + np.minimum(gust, 6.0)

    def pressure(self, at: Times, elevation: float) -> Values:
        """Give the air's pressure in hPa at a height in metres."""
        seas = 1_010.0 + 6.0 * np.cos(2.0 * np.pi * (local_day(at) - 5) / 365.25)
        tide = 1.3 * np.cos(2.0 * np.pi * (local_hour(at) - 10.0) / 12.0)
        fronts = 2.5 * self._noise.wave(at, "pressure", ((86_400, 0.4), (345_600, 1.0)))
        return np.asarray((seas + tide + fronts) * math.exp(-elevation / 8_400.0))

    def dust(self, at: Times, place: Place) -> Values:
        """Give fine dust (PM2.5) in µg/m³: season, rush and stoves, smoke, and what rain left."""
        hour = local_hour(at)
        rush = np.exp(-((hour - 7.5) ** 2) / 4.5) + np.exp(-((hour - 19.5) ** 2) / 6.0)
        log = np.log(seasonal(at, self._monthly["dust"])) + 0.35 * (rush - 0.4)
        log += 0.38 * self._noise.wave(at, "dust")
        log -= self.rain(at, place, 10_800) * (3.0 / 15.0)
        for smoke in self._during("smoke", at):
            log += smoke.size * smoke.bell(place) * smoke.shape(at, 0.3)
        return np.exp(log)

    def _mild(self, at: Times, elevation: float) -> Values:
        """Give the temperature without its daily course."""
        base = seasonal(at, self._monthly["temperature"])
        spells = 2.0 * self._noise.wave(at, "temperature", ((86_400, 0.5), (259_200, 1.0)))
        return base + spells - 5.4 * (elevation - self.climate.elevation) / 1_000.0

    # -- rivers --------------------------------------------------------------------------------

    def flow(self, at: Times, place: Place, km2: float) -> Values:
        """Give a river's flow in m³/s: wet ground, unit hydrograph, slow water, dam releases.

        Args:
            at: instants.
            place: where the gauge stands; the rain of its valley is the rain there.
            km2: area of the catchment.
        """
        flow = np.empty(len(at))
        day = at // DAY
        for block in np.unique(day).tolist():
            here = day == block
            grid, routed = self._routed(place, block)
            flow[here] = np.interp(at[here], grid, routed)
        flow = km2 * (flow + _DRY_FLOW)
        for release in self._during("release", at, before=9_000):
            if release.reaches(place):
                late = release.start + round(90.0 * release.place.km_to(place))
                length = release.end - release.start
                rise = np.clip((at - late) / 1_200.0, 0.0, 1.0)
                fall = np.clip((late + length + 3_600 - at) / 3_600.0, 0.0, 1.0)
                flow += FLOOD_FLOW * km2 * release.size * np.minimum(rise, fall)
        return flow

    def _routed(self, place: Place, day: int) -> tuple[Values, Values]:
        """Give one day's flow for a km², on the grid from its first instant to its last."""
        quick = np.concatenate([self._running(place, day - 1)[-_TAPS:], self._running(place, day)])
        lags = (np.arange(_TAPS) + 0.5) * STEP / 3_600.0
        unit = lags**2 * np.exp(-lags / _QUICK_H)
        routed = np.convolve(quick, unit / unit.sum(), "valid")
        soaked = np.concatenate(
            [
                self._hourly(place, block) * (1.0 - self._wetness(place, block))
                for block in range(day - _WARM_DAYS, day + 1)
            ]
        )
        hours = np.arange(_WARM_DAYS * _HOURS)
        drain = 0.45 / _SLOW_H * np.exp(-hours / _SLOW_H) * (1.0 - hours / len(hours))
        slow = np.convolve(soaked, drain, "valid")
        grid = day * DAY + np.arange(_SLOTS + 1) * STEP
        by_hour = day * DAY + np.arange(len(slow)) * 3_600
        return grid.astype(np.float64), (routed + np.interp(grid, by_hour, slow)) / 3.6

    def _running(self, place: Place, day: int) -> Values:
        """Give the rain that runs off, mm/h by slot."""
        return self._rain_day(place, day) * np.repeat(self._wetness(place, day), 6)

    def _wet(self, place: Place, day: int) -> Values:
        """Give the part of the rain that runs off, by hour, from the wetness of 30 days."""
        fallen = np.concatenate(
            [self._hourly(place, block) for block in range(day - _WARM_DAYS, day + 1)]
        )
        hours = np.arange(_WARM_DAYS * _HOURS)
        index = np.convolve(fallen, _KEPT ** (hours / _HOURS), "valid")[-_HOURS:]
        return np.asarray(0.08 + 0.52 / (1.0 + np.exp(-(index - 90.0) / 22.0)))

    def _rained_hourly(self, place: Place, day: int) -> Values:
        return np.asarray(self._rain_day(place, day).reshape(_HOURS, -1).mean(axis=1))

    def _rained(self, place: Place, day: int) -> Values:
        ends = day * DAY + (np.arange(_SLOTS) + 1) * STEP
        return self.rain(ends - 1, place, STEP)

    # -- mains, fibre, roads -------------------------------------------------------------------

    def mains_lost(self, at: Times, place: Place) -> Values:
        """Give for how many seconds the mains have been away; nought where they are there."""
        return self._lost("power-cut", at, place)

    def on_battery(self, at: Times, place: Place) -> Values:
        """Give for how many seconds batteries have carried what has a generator behind them."""
        carried = np.zeros(len(at))
        for cut in self._cuts("power-cut", at, place):
            lost = np.where(cut.on(at), at - cut.start + 1.0, 0.0)
            starts = cut.luck >= _GENERATOR_FAILS
            carried = np.maximum(carried, np.minimum(lost, _GENERATOR_S) if starts else lost)
        return carried

    def fibre_lost(self, at: Times, place: Place) -> Values:
        """Give for how many seconds the fibre has been cut; nought where it is whole."""
        return self._lost("fibre-cut", at, place)

    def capacity_lost(self, at: Times, place: Place) -> Values:
        """Give the part of a road's capacity that a crash takes."""
        lost = np.zeros(len(at))
        for crash in self._during("crash", at):
            if crash.reaches(place):
                lost = np.maximum(lost, crash.size * crash.shape(at, 0.2))
        return lost

    def crowd(self, at: Times, place: Place) -> Values:
        """Give the factor on the people who come to the counters."""
        factor = np.ones(len(at))
        for busy in self._during("busy-counters", at):
            if busy.reaches(place):
                factor += (busy.size - 1.0) * busy.shape(at, 0.15)
        return factor

    def unsigned(self, at: Times) -> Values:
        """Give the part of documents that cannot be signed because the certificates are away."""
        lost = np.zeros(len(at))
        for trouble in self._during("signing", at):
            lost = np.maximum(lost, trouble.size * trouble.shape(at, 0.1))
        return np.maximum(lost, np.where(self.bus("identity", at).up, 0.0, 0.9))

    def _lost(self, kind: str, at: Times, place: Place) -> Values:
        lost = np.zeros(len(at))
        for cut in self._cuts(kind, at, place):
            lost = np.maximum(lost, np.where(cut.on(at), at - cut.start + 1.0, 0.0))
        return lost

    def _cuts(self, kind: str, at: Times, place: Place, before: int = 0) -> list[Incident]:
        """Give the cuts that reach a place, of the programme and of the rain."""
        if not len(at):
            return []
        first, last = int(at.min()) - before, int(at.max())
        cuts = self.programme.during(kind, first, last)
        for day in range(first // DAY - 1, last // DAY + 1):
            cuts.extend(cut for cut in self._storm_cuts(day) if cut.kind == kind)
        return [cut for cut in cuts if cut.reaches(place)]

    def _drawn_cuts(self, day: int) -> tuple[Incident, ...]:
        """Draw what the rain of a day tears down: feeders in storms, fibre where slopes slide."""
        chance = Noise(self.seed, "world/storm-cuts").block("cuts", day).random((12, 2, 6))
        found = []
        for index, centre in enumerate(self.places[:12]):
            when = day * DAY + (chance[index, :, 0] * DAY).astype(np.int64)
            hour_mm = self.rain(when, centre, 3_600)
            day_mm = self.rain(when, centre, DAY) * 24.0
            for n, kind in enumerate(("power-cut", "fibre-cut")):
                _, threshold, long, near, luck, turn = chance[index, n].tolist()
                fallen, least, spread, hours = (
                    (hour_mm[n], 6.0, 30.0, 2.0)
                    if kind == "power-cut"
                    else (day_mm[n], 45.0, 90.0, 5.0)
                )
                if fallen <= least + spread * threshold:
                    continue
                start = int(when[n])
                length = round(3_600.0 * hours * math.exp(1.2 * (long - 0.5)))
                place = Place(
                    centre.lon + 0.04 * math.cos(2 * math.pi * turn),
                    centre.lat + 0.04 * math.sin(2 * math.pi * turn),
                )
                reach = 6.0 + 6.0 * near
                found.append(Incident(kind, start, start + length, place, reach, 1.0, luck))
        return tuple(found)

    # -- data centre, buses, services ----------------------------------------------------------

    def room_rise(self, at: Times, room: str) -> Values:
        """Give by how many degrees a room is above its setting: two masses without cooling."""
        rise = np.zeros(len(at))
        losses = [
            (loss.start, loss.end)
            for loss in self._during("cooling", at, before=_COOLS_S)
            if loss.target == room
        ]
        losses += [
            (cut.start, min(cut.end, cut.start + _HANDS_S))
            for cut in self._cuts("power-cut", at, self.seat, before=_COOLS_S)
            if cut.luck < _GENERATOR_FAILS
        ]
        for start, end in losses:
            lost = np.clip(at - start, 0.0, end - start)
            heat = 2.6 * (1.0 - np.exp(-lost / 100.0)) + 0.554 * lost / 60.0
            rise = np.maximum(rise, heat * np.exp(-np.maximum(at - end, 0.0) / 600.0))
        return rise

    def room_up(self, at: Times, room: str = "primary") -> Truths:
        """Tell when a room's machines run: not while it is too hot."""
        return ROOM_SET + self.room_rise(at, room) < ROOM_TROUBLE

    def bus(self, name: str, at: Times) -> BusState:
        """Give how a bus does: ``lgsp``, ``ngsp``, ``axis`` or ``identity``."""
        up = self.room_up(at) & ~self.down(f"bus/{name}", at, mtbf_h=1_440.0, mttr_h=0.75)
        slow = np.ones(len(at))
        errors = np.where(self.down(f"burst/{name}", at, mtbf_h=110.0, mttr_h=0.1), 0.15, 0.001)
        for trouble in self._during("bus-slow", at):
            if trouble.target == name:
                course = trouble.shape(at, 0.35)
                slow = slow + (trouble.size - 1.0) * course
                errors = errors + 0.02 * course
                if trouble.luck < 0.3:
                    up = up & ~((at >= trouble.end - 480) & (at < trouble.end))
        return BusState(up, slow, np.where(up, errors, 1.0))

    def overload(self, at: Times, service: str) -> Values:
        """Give the factor on the requests a service gets."""
        factor = np.ones(len(at))
        for rush in self._during("overload", at):
            if rush.target == service:
                factor = factor + (rush.size - 1.0) * rush.shape(at, 0.3)
        return factor

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


def read_climate(site: str) -> Climate:
    """Read the climate of a site; an unknown site has that of the first one listed."""
    table = tomllib.loads((files("simulators") / "data" / "climate.toml").read_text("utf-8"))
    row: Mapping[str, Any] = table.get(site) or next(iter(table.values()))
    return Climate(
        rain=tuple(row["rain"]),
        temperature=tuple(row["temperature"]),
        swing=tuple(row["swing"]),
        dust=tuple(row["dust"]),
        elevation=float(row["elevation"]),
    )
