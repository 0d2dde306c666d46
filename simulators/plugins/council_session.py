"""The people's council in session: papers online, who attends."""

import numpy as np

from ioc.core.words import Text
from simulators.calendar import local_day
from simulators.levels import HOUR, share
from simulators.noise import Noise, Times
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

SESSIONS = (189.0, 343.0)
"""Days of the year on which the two regular sessions open, about."""


@simulator(
    kind="council-session",
    name=Text("Kỳ họp không giấy", "Paperless council session"),
    streams=(
        stream(
            "session-documents", "1", every=HOUR, between=(0, 2000), resolution=1,
            vi="Tài liệu kỳ họp đưa lên mạng", en="Session papers online",
        ),
        stream(
            "attendance", "%", every=HOUR, between=(0, 100), resolution=0.1,
            vi="Đại biểu dự họp", en="Delegates present",
        ),
        stream(
            "paperless-share", "%", every=HOUR, between=(0, 100), resolution=0.1,
            vi="Tài liệu không giấy", en="Papers read on screen",
        ),
    ),
)  # fmt: skip
def council_session(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Papers put online before the sessions of July and December.

    And those present while one is held.
    """
    del world  # a statistic of the desk, not of the weather
    day = local_day(at) % 365.25
    ahead = np.minimum((SESSIONS[0] - day) % 365.25, (SESSIONS[1] - day) % 365.25)
    papers = 86.0 * np.clip(1.0 - ahead / 30.0, 0.0, 1.0)
    return {
        "session-documents": np.rint(papers + 6.0),
        "attendance": share(at, noise, "attendance", 95.0, 3.0),
        "paperless-share": share(at, noise, "paperless", 98.0, 2.0),
    }
