"""E-citizens and e-officials in training, and the IT staff there is."""

import numpy as np

from ioc.core.words import Text
from simulators.calendar import local_day
from simulators.levels import HOUR, share
from simulators.noise import Noise, Times
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World


@simulator(
    kind="training",
    name=Text("Đào tạo kỹ năng số", "Digital skills training"),
    streams=(
        stream(
            "learners", "1", every=HOUR, between=(0, 100000), resolution=1,
            vi="Người học kỹ năng số trong năm", en="Learners of the year",
        ),
        stream(
            "pass-rate", "%", every=HOUR, between=(0, 100), resolution=0.1,
            vi="Tỷ lệ đạt", en="Pass rate",
        ),
        stream(
            "officials-trained", "%", every=HOUR, between=(0, 100), resolution=0.1,
            vi="Cán bộ đã qua bồi dưỡng", en="Officials trained",
        ),
        stream(
            "it-staff", "%", every=HOUR, between=(0, 100), resolution=0.1,
            vi="Biên chế CNTT so với nhu cầu", en="IT posts filled",
        ),
    ),
)  # fmt: skip
def training(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Learners of an area, how many pass, and officials in IT posts against those planned.

    Settings: ``learners`` (of a year).
    """
    del world  # a statistic of the desk, not of the weather
    year = (local_day(at) % 365.25) / 365.25
    return {
        "learners": np.rint(thing.number("learners", 2_400.0) * year),
        "pass-rate": share(at, noise, "pass", 88.0, 5.0),
        "officials-trained": share(at, noise, "trained", 74.0, 10.0),
        "it-staff": share(at, noise, "staff", 68.0, 12.0),
    }
