"""Information security, shared databases, and the machines on officials' desks."""

import numpy as np

from ioc.core.words import Text
from simulators.calendar import local_hour
from simulators.noise import DAY, Noise, Times, lognormal, poisson
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

FIVE_MINUTES = 300
QUARTER = 900
HOUR = 3_600
INCIDENT_CHANCE = 0.04
"""Chance that a day has a security incident to be closed by hand (illustrative)."""


@simulator(
    kind="security-centre",
    name=Text("Trung tâm giám sát an toàn thông tin", "Security operations centre"),
    streams=(
        stream(
            "attacks-blocked", "1", every=FIVE_MINUTES, between=(0, 1_000_000), resolution=1,
            vi="Tấn công đã chặn", en="Attacks blocked",
        ),
        stream(
            "incidents-open", "1", every=FIVE_MINUTES, between=(0, 1000), resolution=1,
            vi="Sự cố an toàn thông tin đang mở", en="Security incidents open",
        ),
        stream(
            "infected-machines", "1", every=FIVE_MINUTES, between=(0, 100_000), resolution=1,
            vi="Máy nhiễm mã độc", en="Machines infected",
        ),
    ),
)  # fmt: skip
def security_centre(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """What the sensors at the edge of the province's network stop, and what is left to people.

    Settings: ``attacks_an_hour``, ``machines``. All rates are illustrative.
    """
    storm = np.exp(0.6 * noise.wave(at, "storm"))
    rate = thing.number("attacks_an_hour", 240.0) * storm * FIVE_MINUTES / HOUR
    hour = local_hour(at)
    begins = 24.0 * noise.uniform(at, "begins", DAY)
    struck = noise.uniform(at, "incident", DAY) < INCIDENT_CHANCE
    lasts = 1.0 + 5.0 * noise.uniform(at, "lasts", DAY)
    open_now = struck & (hour > begins) & (hour < begins + lasts)
    sick = thing.number("machines", 2_500.0) * 0.002 * np.exp(0.4 * noise.wave(at, "sick"))
    return {
        "attacks-blocked": poisson(noise.uniform(at, "attacks", FIVE_MINUTES), rate),
        "incidents-open": open_now.astype(np.float64),
        "infected-machines": sick * (0.7 + 0.3 * world.calendar.open_share(at, FIVE_MINUTES)),
    }


@simulator(
    kind="database-sync",
    name=Text("Đồng bộ cơ sở dữ liệu", "Database synchronisation"),
    streams=(
        stream(
            "records-synced", "1", every=QUARTER, between=(0, 1_000_000), resolution=1,
            vi="Bản ghi đồng bộ", en="Records synchronised",
        ),
        stream(
            "lag", "min", every=QUARTER, between=(0, 10_000), resolution=0.1,
            vi="Độ trễ đồng bộ", en="Lag",
        ),
        stream(
            "conflicts", "1", every=QUARTER, between=(0, 10_000), resolution=1,
            vi="Xung đột dữ liệu", en="Conflicts",
        ),
    ),
)  # fmt: skip
def database_sync(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """A shared database and its national one: what is exchanged waits while the platform is slow.

    Settings: ``records_a_day``, ``needs`` (the platform it goes through).
    """
    bus = world.bus(thing.word("needs", "lgsp", "ngsp", "axis", "identity"), at)
    busy = 0.2 + 0.8 * world.calendar.open_share(at, QUARTER)
    rate = thing.number("records_a_day", 3_000.0) / 96.0 * 2.2 * busy
    synced = poisson(noise.uniform(at, "records", QUARTER), rate * np.where(bus.up, 1.0, 0.02))
    usual = lognormal(noise.normal(at, "lag", QUARTER), 6.0, 0.3)
    return {
        "records-synced": synced,
        "lag": usual * np.where(bus.up, bus.slow**0.6, 8.0),
        "conflicts": poisson(noise.uniform(at, "conflicts", QUARTER), 0.0004 * synced),
    }


@simulator(
    kind="it-assets",
    name=Text("Máy tính của cơ quan", "Agencies' computers"),
    streams=(
        stream(
            "computers", "%", every=HOUR, between=(0, 150), resolution=0.1,
            vi="Máy tính trên cán bộ", en="Computers per official",
        ),
        stream(
            "computers-on", "1", every=HOUR, between=(0, 100_000), resolution=1,
            vi="Máy tính đang mở", en="Computers switched on",
        ),
    ),
)  # fmt: skip
def it_assets(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """How many officials have a computer of their own, and how many are at it now.

    Settings: ``officials``, ``coverage`` (part of them with a computer).
    """
    coverage = np.minimum(thing.number("coverage", 0.97) + 0.004 * noise.wave(at, "broken"), 1.0)
    there = thing.number("officials", 800.0) * coverage * world.staff(at, thing.place)
    office = world.calendar.open_share(at, HOUR)
    return {
        "computers": 100.0 * coverage,
        "computers-on": there * (0.03 + 0.85 * office),
    }
