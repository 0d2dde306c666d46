"""The province's exchange for its products."""

import numpy as np

from ioc.core.words import Text
from simulators.calendar import local_hour
from simulators.levels import HOUR, events, stock
from simulators.noise import Noise, Times, lognormal
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World


@simulator(
    kind="e-commerce",
    name=Text("Sàn thương mại điện tử", "E-commerce exchange"),
    streams=(
        stream(
            "orders", "1", every=HOUR, between=(0, 10000), resolution=1,
            vi="Đơn hàng", en="Orders",
        ),
        stream(
            "sellers", "1", every=HOUR, between=(0, 10000), resolution=1,
            vi="Gian hàng", en="Sellers",
        ),
        stream(
            "sales", "MVND", every=HOUR, between=(0, 100000), resolution=0.1,
            vi="Doanh số", en="Sales",
        ),
    ),
)  # fmt: skip
def e_commerce(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Orders by the evening, sellers on it, and what they come to.

    Settings: ``orders`` (an hour), ``sellers``.
    """
    evening = 0.4 + 1.2 * np.exp(-(((local_hour(at) - 20.5) / 3.5) ** 2))
    fresh = 1.0 + 1.5 * np.clip(1.0 - np.abs(world.calendar.from_tet(at) + 12.0) / 14.0, 0.0, 1.0)
    orders = events(at, noise, "orders", thing.number("orders", 11.0) * evening * fresh)
    return {
        "orders": orders,
        "sellers": stock(at, noise, "sellers", thing.number("sellers", 320.0), 0.08),
        "sales": orders * lognormal(noise.normal(at, "basket", HOUR), 0.28, 0.4),
    }
