"""Forests: what is lost of them by the year, and the rangers' devices."""

import numpy as np

from ioc.core.words import Text
from simulators.calendar import OFFSET, local_day, local_hour
from simulators.noise import DAY, Noise, Times, exponential, poisson
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

HOUR = 3_600
PERIOD = 600
CLEARED_YEARLY = 60.0
"""Patches cleared without leave in the province a year (assumed)."""

PATCH_HA = 0.35
REPORTS = 12.0
"""Reports of the province's rangers in an hour of work (assumed)."""

YEAR_DAYS = 365.0
SPENT = 62.0
"""Per cent of a battery a day in the forest takes."""


@simulator(
    kind="forest-change",
    name=Text("Theo dõi diễn biến rừng", "Forest-change monitor"),
    streams=(
        stream(
            "lost-area", "har", every=HOUR, between=(0, 100_000), resolution=0.01,
            vi="Rừng bị mất từ đầu năm", en="Forest lost this year",
        ),
        stream(
            "open-cases", "1", every=HOUR, between=(0, 500), resolution=1,
            vi="Vụ việc đang xác minh", en="Cases being verified",
        ),
        stream(
            "reports", "1", every=HOUR, between=(0, 500), resolution=1,
            vi="Phiếu cập nhật của kiểm lâm", en="Rangers' reports",
        ),
    ),
)  # fmt: skip
def forest_change(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Hectares lost since New Year, to fires and to clearing, and the cases of the last days.

    Settings: ``share`` (of the province's forest).
    """
    first = local_day(at).astype("datetime64[D]").astype("datetime64[Y]").astype("datetime64[D]")
    start = first.astype(np.int64)
    lost, cases = np.zeros(len(at)), np.zeros(len(at))
    for new_year in np.unique(start).tolist():
        here = start == new_year
        days = np.arange(new_year, int(local_day(at[here]).max()) + 1)
        told = days * DAY - OFFSET + DAY - 1
        mean = np.full(len(days), CLEARED_YEARLY / YEAR_DAYS * thing.number("share", 0.1))
        patches = poisson(noise.uniform(told, "patches", DAY), mean)
        taken = patches * exponential(noise.uniform(told, "size", DAY), PATCH_HA)
        row = local_day(at[here]) - new_year
        lost[here] = np.concatenate(([0.0], np.cumsum(taken)))[row]
        recent = np.concatenate(([0.0], np.cumsum(patches)))
        cases[here] = recent[row] - recent[np.maximum(row - 5, 0)]
    told_mean = REPORTS * thing.number("share", 0.1) * world.calendar.open_share(at, HOUR)
    return {
        "lost-area": lost + world.burnt_forest(at, thing.place),
        "open-cases": cases,
        "reports": poisson(noise.uniform(at, "reports", HOUR), told_mean),
    }


@simulator(
    kind="forest-patrol",
    name=Text("Thiết bị tuần tra rừng", "Forest-patrol device"),
    gaps=0.01,
    streams=(
        stream(
            "battery", "%", every=PERIOD, between=(0, 100), resolution=1,
            vi="Pin", en="Battery",
        ),
        stream(
            "position-age", "min", every=PERIOD, between=(0, 1440), resolution=1,
            vi="Tuổi của vị trí", en="Age of the position",
        ),
        stream(
            "distance", "km", every=PERIOD, between=(0, 60), resolution=0.1,
            vi="Quãng đường hôm nay", en="Way of today",
        ),
        stream(
            "status", every=PERIOD, levels=("silent", "resting", "patrolling"),
            vi="Trạng thái", en="Status",
        ),
    ),
)  # fmt: skip
def forest_patrol(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """A tablet with GPS: out by day, further when fire threatens, silent without signal."""
    hour = local_hour(at)
    danger = np.minimum(world.fire_index(at, thing.place) / 10_000.0, 1.0)
    rain = world.rain(at, thing.place, HOUR)
    part = np.clip((hour - 7.0) / 9.5, 0.0, 1.0)
    out = (part > 0.0) & (part < 1.0) & (rain < 8.0)
    shadow = world.down(f"shadow/{thing.id}", at, mtbf_h=30.0, mttr_h=0.5)
    silent = shadow | (world.fibre_lost(at, thing.place) > 0.0) & (noise.constant("relay") < 0.5)
    age = np.where(silent, 30.0 + 90.0 * noise.uniform(at, "age", PERIOD), 2.0)
    charge = np.where(hour < 7.0, np.minimum(38.0 + 14.0 * (hour + 2.5), 100.0), 100.0)
    left = np.where(hour > 16.5, 38.0 + 14.0 * np.maximum(hour - 21.5, 0.0), charge - SPENT * part)
    return {
        "battery": 0.93 * left + 2.0 * noise.wave(at, "battery"),
        "position-age": age + 2.0 * noise.uniform(at, "fix", PERIOD),
        "distance": part * (7.0 + 6.0 * danger) * (0.8 + 0.4 * noise.constant("pace")),
        "status": np.where(silent, 0.0, np.where(out, 2.0, 1.0)),
    }
