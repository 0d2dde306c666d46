"""What the simulated province has in long years, beside what it should have."""

from typing import Any, Final

import numpy as np

from ioc.sites import read_site
from simulators.epidemic import final_size, outbreak
from simulators.incidents import Place
from simulators.noise import DAY, Noise, Times, Values
from simulators.world import World

FIRST_DAY: Final = 16_801
"""1 January 2016: the first of ten years."""

YEARS: Final = 10
WET_MONTHS: Final = (3, 4, 5, 6, 7, 8)
"""April to September, January nought."""

_OUTBREAKS: Final = 40
_UPTIME_DAYS: Final = 3_650


def calibration(scale: float) -> dict[str, Any]:
    """Compare rain, repairs and epidemics of the shipped site with their targets."""
    site = read_site("dien-bien")
    world = World(site.seed, site.areas, site=site.id)
    gauges = [Place(*thing.location) for thing in site.things if thing.kind == "rain-gauge"]
    years = max(2, round(YEARS * scale))
    return {
        "rain": rain_table(world, gauges, years),
        "oracles": [_availability(world, scale), _final_size(scale), _wave(site.seed)],
    }


def rain_table(world: World, gauges: list[Place], years: int) -> dict[str, Any]:
    """Give the rain of mean months, and what was most on a day.

    Args:
        world: whose rain.
        gauges: where it is measured.
        years: how many, from 2016.

    Returns:
        ``months``: rows of month, target and simulated mm; ``annual``: both sums; ``max_day`` and
        ``wet_days`` (over 1 mm, of a year).
    """
    days, fallen = fallen_by_day(world, gauges, years)
    month = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    mean = [float(fallen[:, month == one].sum()) / len(gauges) / years for one in range(12)]
    rows = [
        {"month": one + 1, "target": target, "simulated": told}
        for one, (target, told) in enumerate(zip(world.climate.rain, mean, strict=True))
    ]
    return {
        "months": rows,
        "annual": {"target": sum(world.climate.rain), "simulated": sum(mean)},
        "max_day": float(fallen.max()),
        "wet_days": float((fallen > 1.0).sum()) / len(gauges) / years,
    }


def fallen_by_day(world: World, gauges: list[Place], years: int) -> tuple[Times, Values]:
    """Give local days and the mm of each at each gauge."""
    until = np.datetime64(f"{2016 + years}-01-01", "D").astype(np.int64)
    days = np.arange(FIRST_DAY, int(until))
    ends = (days + 1) * DAY - 7 * 3_600 - 1
    return days, np.array([world.rain(ends, gauge, DAY) * 24.0 for gauge in gauges])


def _availability(world: World, scale: float) -> dict[str, Any]:
    at = FIRST_DAY * DAY + np.arange(0, round(_UPTIME_DAYS * scale) * DAY, 600)
    parts = np.array_split(at, 60)
    down = np.concatenate([world.down("oracle", one, mtbf_h=720.0, mttr_h=0.75) for one in parts])
    return _oracle("availability, MTBF/(MTBF+MTTR)", 720.0 / 720.75, 1.0 - float(down.mean()))


def _final_size(scale: float) -> dict[str, Any]:
    people = 20_000
    runs = [
        outbreak(Noise(11, "oracle").block("seir", one), people, 20, 365, 2.5)[0].sum() + 20
        for one in range(max(8, round(_OUTBREAKS * scale)))
    ]
    return _oracle("epidemic's reach, z = 1 - exp(-2.5 z)", final_size(2.5), np.mean(runs) / people)


def _wave(seed: int) -> dict[str, Any]:
    """The known wave: 2,905 cases were told on 18 March 2022."""
    world = World(seed, read_site("dien-bien").areas, site="dien-bien")
    ends = np.datetime64("2022-01-01", "s").astype(np.int64) + np.arange(150) * DAY + 12 * 3_600
    return _oracle("cases on the worst day of 2022", 2_905.0, world.epidemic(ends).cases.max())


def _oracle(name: str, target: float, simulated: float) -> dict[str, Any]:
    return {"name": name, "target": target, "simulated": float(simulated)}
