"""The catalogue of procedures, what is published of it, and the boards people look it up on."""

import numpy as np

from ioc.core.words import Text
from simulators.calendar import local_day, local_hour
from simulators.noise import DAY, Noise, Times, poisson
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

HOUR = 3_600
QUARTER = 900
FOR_REVIEW = 40.0
"""Days a changed procedure waits at the most; illustrative, as all sizes here."""


@simulator(
    kind="procedure-catalogue",
    name=Text("Danh mục thủ tục hành chính", "Catalogue of procedures"),
    streams=(
        stream(
            "procedures", "1", every=HOUR, between=(0, 10_000), resolution=1,
            vi="Thủ tục", en="Procedures",
        ),
        stream(
            "full-online", "1", every=HOUR, between=(0, 10_000), resolution=1,
            vi="Thủ tục toàn trình", en="Procedures fully online",
        ),
        stream(
            "eligible", "1", every=HOUR, between=(0, 10_000), resolution=1,
            vi="Thủ tục đủ điều kiện toàn trình", en="Procedures eligible to be fully online",
        ),
        stream(
            "published-on-time", "%", every=HOUR, between=(0, 100), resolution=0.1,
            vi="Công bố, công khai đúng hạn", en="Published on time",
        ),
        stream(
            "simplified", "1", every=HOUR, between=(0, 10_000), resolution=1,
            vi="Thủ tục đã đơn giản hóa trong năm", en="Procedures simplified this year",
        ),
    ),
)  # fmt: skip
def procedure_catalogue(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Changes by the day: a few procedures wait to be put online or published, some are cut.

    Settings: ``procedures``, ``eligible``.
    """
    day_start = (at // DAY) * DAY
    eligible = thing.number("eligible", 700.0)
    waiting = np.clip(1.2 + 1.5 * noise.wave(day_start, "waiting"), 0.0, FOR_REVIEW)
    late = np.clip(1.0 + 0.8 * noise.wave(day_start, "late"), 0.0, 10.0)
    year = local_day(at) - _new_year(at)
    listed = thing.number("procedures", 1_900.0) + np.floor(4.0 * noise.wave(day_start, "all"))
    return {
        "procedures": listed,
        "full-online": eligible - np.floor(waiting),
        "eligible": np.full(len(at), eligible),
        "published-on-time": 100.0 - late,
        "simplified": np.floor(0.11 * year * (0.9 + 0.2 * noise.constant("cut"))),
    }


def _new_year(at: Times) -> Times:
    """Give the local day each instant's year began on."""
    days = local_day(at).astype("datetime64[D]")
    return days.astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)


@simulator(
    kind="kiosk",
    name=Text("Bảng điện tử tra cứu", "Look-up board"),
    gaps=0.003,
    streams=(
        stream(
            "status", "", every=QUARTER, levels=("offline", "online"),
            vi="Trạng thái", en="Status",
        ),
        stream(
            "lookups", "1", every=QUARTER, between=(0, 10_000), resolution=1,
            vi="Lượt tra cứu", en="Look-ups",
        ),
    ),
)  # fmt: skip
def kiosk(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """A board in a public hall, or the portal's search: used while the hall is open.

    Settings: ``lookups_a_day``, ``always`` (1: at any hour, as the portal's search).
    """
    hour = local_hour(at)
    ends = thing.number("always", 0.0) * 0.3 * np.exp(-0.5 * ((hour - 20.0) / 2.0) ** 2)
    use = world.calendar.open_share(at, QUARTER) + ends
    dark = world.mains_lost(at, thing.place) > 0
    rate = thing.number("lookups_a_day", 120.0) / 32.0 * use
    counted = poisson(noise.uniform(at, "lookups", QUARTER), rate)
    return {"status": (~dark).astype(np.float64), "lookups": np.where(dark, 0.0, counted)}
