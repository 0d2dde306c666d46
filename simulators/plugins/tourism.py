"""Tourism: the A1 hill, the booking platform, and the museum's artefacts."""

import numpy as np

from ioc.core.calendar import WORKDAY
from ioc.core.words import Text
from simulators.calendar import local_day, local_hour
from simulators.noise import DAY, Noise, Times, gamma, lognormal, poisson
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

PERIOD = 900
SEES_IT = 0.35
"""Part of the visitors who come to the hill on a day."""

STAY_H = 1.2
SCAN_DAYS = 900.0
"""Working days in which all but a third is done."""


@simulator(
    kind="heritage-site",
    name=Text("Điểm di tích", "Heritage site"),
    streams=(
        stream(
            "visitors", "1", every=PERIOD, between=(0, 50_000), resolution=1,
            vi="Khách đang tham quan", en="Visitors inside",
        ),
        stream(
            "entries", "1", every=PERIOD, between=(0, 50_000), resolution=1,
            vi="Lượt khách vào", en="Entries",
        ),
        stream(
            "tours-3d", "1", every=PERIOD, between=(0, 5000), resolution=1,
            vi="Lượt xem mô hình 3D", en="3D tours",
        ),
    ),
)  # fmt: skip
def heritage_site(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """The A1 hill: the province's visitors by day, fewer in rain, many at feasts; tours in 3D.

    Settings: ``share`` (of the province's visitors who come on a day).
    """
    hour = local_hour(at)
    by_hour = np.exp(-0.5 * ((hour - 9.3) / 1.2) ** 2) + np.exp(-0.5 * ((hour - 15.3) / 1.3) ** 2)
    by_hour = np.where((hour > 7.0) & (hour < 18.0), by_hour, 0.0) / 6.2
    dry = 1.0 - 0.6 * np.tanh(world.rain(at, thing.place) / 6.0)
    hourly = world.visitors(at) * thing.number("share", SEES_IT) / 3.0 * by_hour * dry
    hourly = hourly * gamma(noise.normal(at, "day", DAY), 30.0, 1.0)
    entries = poisson(noise.uniform(at, "entries", PERIOD), hourly * PERIOD / 3_600.0)
    inside = hourly * STAY_H * (1.0 + 0.05 * noise.normal(at, "inside", PERIOD))
    online = 2.0 + 6.0 * np.exp(-0.5 * ((hour - 20.0) / 2.5) ** 2) + 0.04 * hourly
    return {
        "visitors": np.maximum(inside, 0.0),
        "entries": entries,
        "tours-3d": poisson(noise.uniform(at, "tours", PERIOD), online),
    }


@simulator(
    kind="tourism-booking",
    name=Text("Nền tảng du lịch, đặt dịch vụ", "Tourism booking platform"),
    streams=(
        stream(
            "occupancy", "%", every=PERIOD, between=(0, 100), resolution=0.1,
            vi="Công suất phòng", en="Room occupancy",
        ),
        stream(
            "bookings", "1", every=PERIOD, between=(0, 5000), resolution=1,
            vi="Lượt đặt dịch vụ", en="Bookings",
        ),
        stream(
            "visitors", "1", every=PERIOD, between=(0, 500_000), resolution=1,
            vi="Khách đang ở tỉnh", en="Visitors in the province",
        ),
    ),
)  # fmt: skip
def tourism_booking(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Rooms fill with the visitors; they are booked some days before.

    Settings: ``rooms``, ``guests_per_room``.
    """
    present = world.visitors(at)
    nights = 0.55 * present / thing.number("guests_per_room", 2.0)
    full = nights / thing.number("rooms", 7_000.0)
    hour = local_hour(at)
    noon, night = (
        np.exp(-0.5 * ((hour - 11.0) / 2.5) ** 2),
        np.exp(-0.5 * ((hour - 20.5) / 1.8) ** 2),
    )
    soon = world.arrivals(local_day(at) + 4) / 3.0
    mean = 0.12 * soon * (0.1 + noon + night) / 53.0
    return {
        "occupancy": 100.0 * full / (1.0 + full**6) ** (1.0 / 6.0),
        "bookings": poisson(noise.uniform(at, "bookings", PERIOD), mean),
        "visitors": present * lognormal(noise.normal(at, "told", DAY), 1.0, 0.01),
    }


@simulator(
    kind="museum-collection",
    name=Text("Số hóa hiện vật", "Digitised collection"),
    streams=(
        stream(
            "digitised", "%", every=3600, between=(0, 100), resolution=0.01,
            vi="Hiện vật đã số hóa", en="Artefacts digitised",
        ),
        stream(
            "scanned-today", "1", every=3600, between=(0, 500), resolution=1,
            vi="Hiện vật số hóa hôm nay", en="Artefacts digitised today",
        ),
    ),
)  # fmt: skip
def museum_collection(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Artefacts are scanned in office hours; what is left becomes fewer and slower (assumed).

    Settings: ``artefacts``, ``begun`` (the day, since 1970, on which scanning began).
    """
    total = thing.number("artefacts", 7_000.0)
    begun = np.array([thing.number("begun", 18_993.0) * DAY]).astype(np.int64)
    worked = world.calendar.worked(at) - world.calendar.worked(begun)
    days = np.maximum(worked / WORKDAY, 0.0)
    left = np.exp(-days / SCAN_DAYS)
    today = (local_hour(at) > 7.5) * np.clip((local_hour(at) - 7.5) / 9.5, 0.0, 1.0)
    pace = total * left / SCAN_DAYS * gamma(noise.normal(at, "pace", DAY), 20.0, 1.0)
    return {
        "digitised": 100.0 * (1.0 - left),
        "scanned-today": np.floor(today * pace * world.calendar.working_day(at)),
    }
