"""The economy as an operations centre sees it: the e-commerce exchange, the business registry."""

import numpy as np

from ioc.core.words import Text
from simulators.calendar import local_hour
from simulators.noise import DAY, Noise, Times, gamma, lognormal, poisson
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

HOUR = 3_600
SELLERS_A_YEAR = 0.18
"""How much the exchange grows. All sizes here are illustrative: the sources give none."""

LAUNCH = 1_577_836_800
"""The growth counts from 2020."""


@simulator(
    kind="e-commerce",
    name=Text("Sàn thương mại điện tử", "E-commerce exchange"),
    streams=(
        stream(
            "orders", "1", every=HOUR, between=(0, 50_000), resolution=1,
            vi="Đơn hàng", en="Orders",
        ),
        stream(
            "sellers", "1", every=HOUR, between=(0, 100_000), resolution=1,
            vi="Gian hàng hoạt động", en="Active sellers",
        ),
    ),
)  # fmt: skip
def e_commerce(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Orders of the hour, most in the evening; a little fewer while officials are at work.

    Settings: ``orders_a_day``, ``sellers`` (of 2020).
    """
    hour = local_hour(at - 1)
    noon = 0.5 * np.exp(-0.5 * ((hour - 11.5) / 2.0) ** 2)
    evening = np.exp(-0.5 * ((hour - 20.5) / 2.2) ** 2) + noon
    years = (at - LAUNCH) / (365.25 * DAY)
    growth = 1.0 + SELLERS_A_YEAR * years
    daily = thing.number("orders_a_day", 400.0) * growth
    up = world.bus("lgsp", at).up
    rate = daily * evening / 8.0 * gamma(noise.normal(at, "day", DAY), 30.0, 1.0)
    return {
        "orders": poisson(noise.uniform(at, "orders", HOUR), rate * np.where(up, 1.0, 0.6)),
        "sellers": thing.number("sellers", 300.0) * growth + 3.0 * noise.wave(at, "sellers"),
    }


@simulator(
    kind="business-registry",
    name=Text("Đăng ký kinh doanh", "Business registry"),
    streams=(
        stream(
            "new-firms", "1", every=HOUR, between=(0, 1000), resolution=1,
            vi="Doanh nghiệp thành lập mới", en="New firms",
        ),
        stream(
            "capital", "G{VND}", every=HOUR, between=(0, 100_000), resolution=0.1,
            vi="Vốn đăng ký", en="Registered capital",
        ),
        stream(
            "lead-time", "d", every=HOUR, between=(0, 60), resolution=0.1,
            vi="Thời gian giải quyết", en="Lead time",
        ),
    ),
)  # fmt: skip
def business_registry(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Firms registered in the hour that ends at the time, in office hours, and how long it took.

    Settings: ``firms_a_year``, ``legal_days``.
    """
    office = world.calendar.open_share(at, HOUR)
    rate = thing.number("firms_a_year", 180.0) / (250.0 * 8.0) * office
    firms = poisson(noise.uniform(at, "firms", HOUR), rate)
    each = lognormal(noise.normal(at, "capital", HOUR), 4.0, 0.9)
    slow = world.bus("lgsp", at).slow ** 0.3
    legal = thing.number("legal_days", 3.0)
    return {
        "new-firms": firms,
        "capital": firms * each,
        "lead-time": legal * (0.62 + 0.05 * noise.wave(at, "lead")) * slow,
    }
