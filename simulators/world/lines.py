"""Mains, fibre and roads: what storms, slides, floods and people's own troubles do to them."""

import math
from functools import lru_cache
from typing import Any, Final

import numpy as np

from simulators.incidents import Incident, Place
from simulators.noise import DAY, Noise, Times, Truths, Values
from simulators.world.rivers import Rivers

GENERATOR_FAILS: Final = 0.04
"""Part of the power cuts in which a generator does not start."""

SLIDE: Final = "slide"
_TAKES_MAINS: Final = 0.3
"""Part of the slides that take the feeder with them."""

_CLEARING: Final = 3
"""Hours of clearing the road for each hour of mending the fibre."""

_LONGEST_CLEARING_S: Final = 3 * DAY
_FORD: Final = 1.25
"""Height of the stream, of its flood alarm level 1, at which fords are closed."""

_GENERATOR_S: Final = 60.0


class Lines(Rivers):
    """What people and data move along."""

    def __init__(self, *args: Any, **parts: Any) -> None:  # noqa: ANN401 - as the causes
        """Make the lines; the arguments are those of the causes."""
        super().__init__(*args, **parts)
        self._storm_cuts = lru_cache(maxsize=512)(self._drawn_cuts)

    def mains_lost(self, at: Times, place: Place) -> Values:
        """Give for how many seconds the mains have been away; nought where they are there."""
        return self._lost("power-cut", at, place)

    def on_battery(self, at: Times, place: Place) -> Values:
        """Give for how many seconds batteries have carried what has a generator behind them."""
        carried = np.zeros(len(at))
        for cut in self._cuts("power-cut", at, place):
            lost = np.where(cut.on(at), at - cut.start + 1.0, 0.0)
            starts = cut.luck >= GENERATOR_FAILS
            carried = np.maximum(carried, np.minimum(lost, _GENERATOR_S) if starts else lost)
        return carried

    def fibre_lost(self, at: Times, place: Place) -> Values:
        """Give for how many seconds the fibre has been cut; nought where it is whole."""
        return self._lost("fibre-cut", at, place)

    def slides(self, first: int, last: int) -> list[Incident]:
        """Give the slides whose rubble lies somewhere in [first, last]; each tears the fibre."""
        back = first - _LONGEST_CLEARING_S
        return [
            slide
            for slide in self._torn(back, last)
            if slide.kind == SLIDE and slide.start <= last and _cleared(slide) > first
        ]

    def road_closed(self, at: Times, place: Place) -> Truths:
        """Tell when the road at a place is shut: rubble on it, or the ford under water."""
        closed = self.flood(at, place) > _FORD
        if len(at):
            for slide in self.slides(int(at.min()), int(at.max())):
                if slide.reaches(place):
                    closed |= (at >= slide.start) & (at < _cleared(slide))
        return closed

    def capacity_lost(self, at: Times, place: Place) -> Values:
        """Give the part of a road's capacity that a crash takes."""
        lost = np.zeros(len(at))
        for crash in self._during("crash", at):
            if crash.reaches(place):
                lost = np.maximum(lost, crash.size * crash.shape(at, 0.2))
        return lost

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
        for cut in self._torn(first, last):
            slid = cut.kind == SLIDE and (kind == "fibre-cut" or cut.luck < _TAKES_MAINS)
            if slid or cut.kind == kind:
                cuts.append(cut)
        return [cut for cut in cuts if cut.reaches(place)]

    def _torn(self, first: int, last: int) -> list[Incident]:
        days = range(first // DAY - 1, last // DAY + 1)
        return [cut for day in days for cut in self._storm_cuts(day)]

    def _drawn_cuts(self, day: int) -> tuple[Incident, ...]:
        """Draw what the rain of a day does: feeders fail in storms, slopes slide when soaked."""
        many = len(self.places)
        chance = Noise(self.seed, "world/storm-cuts").block("cuts", day).random((many, 2, 6))
        found = []
        for index, centre in enumerate(self.places):
            when = day * DAY + (chance[index, :, 0] * DAY).astype(np.int64)
            hour_mm = self.rain(when, centre, 3_600)
            day_mm = self.rain(when, centre, DAY) * 24.0
            for n, kind in enumerate(("power-cut", SLIDE)):
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


def _cleared(slide: Incident) -> int:
    """Give the second at which the road is open again."""
    return slide.start + min(_CLEARING * (slide.end - slide.start), _LONGEST_CLEARING_S)
