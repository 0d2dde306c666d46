"""Public post: results and papers carried for citizens."""

import numpy as np

from ioc.core.words import Text
from simulators.levels import HOUR, events, office_hour
from simulators.noise import Noise, Times, binomial
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World


@simulator(
    kind="postal-service",
    name=Text("Bưu chính công ích", "Public postal delivery"),
    streams=(
        stream(
            "parcels", "1", every=HOUR, between=(0, 5000), resolution=1,
            vi="Bưu gửi hồ sơ, kết quả", en="Parcels of dossiers and results",
        ),
        stream(
            "parcels-late", "1", every=HOUR, between=(0, 5000), resolution=1,
            vi="Bưu gửi phát chậm", en="Parcels delivered late",
        ),
        stream(
            "delivery-hours", "h", every=HOUR, between=(0, 200), resolution=0.1,
            vi="Thời gian phát trung bình", en="Mean hours to deliver",
        ),
    ),
)  # fmt: skip
def postal_service(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Parcels of dossiers by the working day; roads that are closed make them late.

    Settings: ``share`` (of the province's parcels).
    """
    closed = world.road_closed(at, thing.place)
    means = 90.0 * thing.number("share", 0.1) * office_hour(at, world)
    parcels = events(at, noise, "parcels", means)
    late = np.where(closed, 0.4, 0.025)
    wait = np.where(closed, 46.0, 21.0) + 4.0 * noise.wave(at, "delivery")
    return {
        "parcels": parcels,
        "parcels-late": binomial(noise.uniform(at, "late", HOUR), parcels, late),
        "delivery-hours": np.maximum(wait, 6.0),
    }
