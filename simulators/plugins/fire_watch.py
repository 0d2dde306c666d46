"""Fire watch: forest stations that measure the danger, and the hot-spots satellites see."""

import numpy as np

from ioc.core.words import Text
from simulators.noise import Noise, Times, binomial, poisson
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

HOUR = 3_600
IN_FOREST = 0.02
"""Part of the hot-spots that lie in forest (2 of 104 on 15 April 2024)."""

CLUSTER = 3.0
"""Hot-spots that are one fire: of 2 km and 6 hours together."""

STRAY = 0.06
"""Warm roofs and kilns an hour that satellites take for fire."""

VERIFIED_MIN = 25.0
"""Mean minutes until rangers have looked at what burns in the forest."""


@simulator(
    kind="forest-station",
    name=Text("Trạm dự báo cháy rừng", "Forest-fire danger station"),
    gaps=0.006,
    streams=(
        stream(
            "temperature-13h", "Cel", every=HOUR, between=(-10, 50), resolution=0.1,
            vi="Nhiệt độ lúc 13 giờ", en="Temperature at 13:00",
        ),
        stream(
            "deficit-13h", "hPa", every=HOUR, between=(0, 80), resolution=0.1,
            vi="Độ chênh lệch bão hòa lúc 13 giờ", en="Saturation deficit at 13:00",
        ),
        stream(
            "rainfall-24h", "mm", every=HOUR, between=(0, 600), resolution=0.1,
            vi="Mưa 24 giờ trước 13 giờ", en="Rain of the 24 hours before 13:00",
        ),
        stream(
            "p-index", "", every=HOUR, between=(0, 200_000), resolution=1,
            vi="Chỉ số khô hạn P", en="Fire-danger index P",
        ),
    ),
)  # fmt: skip
def forest_station(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """What the last 13:00 measured, and the P index summed from it since the last wet day."""
    warm, missing, fallen = world.noon(at, thing.place)
    own = 1.0 + 0.01 * (noise.constant("instrument") - 0.5)
    return {
        "temperature-13h": warm * own,
        "deficit-13h": missing * own,
        "rainfall-24h": fallen,
        "p-index": world.fire_index(at, thing.place) * own,
    }


@simulator(
    kind="fire-hotspots",
    name=Text("Điểm nóng vệ tinh", "Satellite hot-spots"),
    streams=(
        stream(
            "hotspots", "1", every=HOUR, between=(0, 2000), resolution=1,
            vi="Điểm nóng trong giờ", en="Hot-spots of the hour",
        ),
        stream(
            "clusters", "1", every=HOUR, between=(0, 2000), resolution=1,
            vi="Cụm điểm nóng (2 km, 6 giờ)", en="Clusters of hot-spots (2 km, 6 h)",
        ),
        stream(
            "in-forest", "1", every=HOUR, between=(0, 200), resolution=1,
            vi="Điểm nóng trong rừng", en="Hot-spots in forest",
        ),
        stream(
            "unverified", "min", every=600, between=(0, 1440), resolution=1,
            vi="Thời gian điểm cháy chưa xác minh", en="Fire not verified for",
        ),
    ),
)  # fmt: skip
def fire_hotspots(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """What satellites see in a district; nearly all of it is burnt fields, so it is no alarm.

    In the season 319 a day in the province and 56 after burning is forbidden: what calls for
    people is the fire in the forest nobody has looked at yet.
    """
    mean = world.burning(at - HOUR // 2, thing.place) + STRAY
    seen = poisson(noise.uniform(at, "hotspots", HOUR), mean)
    waits = np.zeros(len(at))
    burning = np.zeros(len(at))
    area = world.area(thing.place)
    for fire in world.forest_fires(int(at.min()), int(at.max())) if len(at) else ():
        if world.area(fire.place) == area:
            found = fire.start + 60.0 * VERIFIED_MIN * -np.log1p(-min(fire.luck, 0.99))
            open_ = fire.on(at) & (at < found)
            waits = np.maximum(waits, np.where(open_, (at - fire.start) / 60.0, 0.0))
            burning += fire.on(at)
    stray = binomial(noise.uniform(at, "in forest", HOUR), seen, IN_FOREST)
    return {
        "hotspots": seen + burning,
        "clusters": np.ceil(seen / CLUSTER) + burning,
        "in-forest": stray + burning,
        "unverified": waits,
    }
