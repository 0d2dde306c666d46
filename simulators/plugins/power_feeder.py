"""Medium-voltage feeders."""

import numpy as np

from ioc.core.calendar import weekday
from ioc.core.words import Text
from simulators.calendar import local_day, local_hour
from simulators.noise import Noise, Times
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

# Load by local hour, of its peak: noon, and lamps and stoves from 18 to 21.
HOURS = np.array([
    .42, .40, .38, .38, .40, .48, .58, .62, .66, .70, .74, .78, .70, .68, .70, .72, .74, .80, .92,
    1., .97, .84, .64, .50, .42,
])  # fmt: skip
TET = 0.75
"""Load of the days of Tết, of the usual (assumed; the central grid told -16 %)."""

OFF, ON = 0.0, 1.0


@simulator(
    kind="power-feeder",
    name=Text("Xuất tuyến trung áp", "Power feeder"),
    streams=(
        stream(
            "status", every=300, levels=("off", "on"),
            vi="Trạng thái", en="Status",
        ),
        stream(
            "load", "MW", every=300, between=(0, 100), resolution=0.01,
            vi="Công suất", en="Load",
        ),
        stream(
            "homes-dark", "1", every=300, between=(0, 200_000), resolution=1,
            vi="Hộ mất điện", en="Homes without power",
        ),
    ),
)  # fmt: skip
def power_feeder(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """A district's feeder: load by hour, heat and cold; off where storms or slides took it.

    Settings: ``peak_mw``, ``homes``.
    """
    away = world.mains_lost(at, thing.place) > 0.0
    warm = world.temperature(at, thing.place, world.climate.elevation)
    weather = 1.0 + 0.03 * np.maximum(warm - 26.0, 0.0) + 0.02 * np.maximum(16.0 - warm, 0.0)
    sunday = np.where(weekday(local_day(at)) == 6, 0.92, 1.0)
    since = world.calendar.from_tet(at)
    feast = np.where((since >= -1) & (since <= 4), TET, 1.0)
    usual = thing.number("peak_mw", 7.0) * np.interp(local_hour(at), np.arange(25.0), HOURS)
    load = usual * weather * sunday * feast * (1.0 + 0.02 * noise.wave(at, "load"))
    dark = thing.number("homes", 14_000.0) * (0.25 + 0.5 * noise.constant("branch"))
    return {
        "status": np.where(away, OFF, ON),
        "load": np.where(away, 0.0, load),
        "homes-dark": np.where(away, dark, 0.0),
    }
