"""Mobile coverage of a district's villages, and the operators' base stations."""

import numpy as np

from ioc.core.words import Text
from simulators.noise import Noise, Times, binomial
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

PERIOD = 600
G2, G4, BROADBAND = 98.6, 94.3, 88.0
"""Per cent of villages with 2G, of residential areas with 3G/4G, of villages with broadband
(Điện Biên, 2022)."""

BATTERY_H = 6.0
ALONE = 0.35
"""Part of a cut-off district's villages that no second operator's ring still reaches."""


@simulator(
    kind="telecom-coverage",
    name=Text("Phủ sóng viễn thông", "Telecom coverage"),
    streams=(
        stream(
            "villages-2g", "%", every=PERIOD, between=(0, 100), resolution=0.1,
            vi="Thôn, bản có sóng 2G", en="Villages with 2G",
        ),
        stream(
            "villages-4g", "%", every=PERIOD, between=(0, 100), resolution=0.1,
            vi="Khu dân cư có sóng 3G/4G", en="Residential areas with 3G/4G",
        ),
        stream(
            "villages-broadband", "%", every=PERIOD, between=(0, 100), resolution=0.1,
            vi="Thôn, bản có băng rộng cố định", en="Villages with fixed broadband",
        ),
        stream(
            "centres-broadband", "%", every=PERIOD, between=(0, 100), resolution=0.1,
            vi="Trung tâm xã có băng rộng", en="Commune centres with broadband",
        ),
        stream(
            "villages-cut-off", "1", every=PERIOD, between=(0, 2000), resolution=1,
            vi="Thôn, bản mất liên lạc", en="Villages cut off",
        ),
    ),
)  # fmt: skip
def telecom_coverage(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """The part of the villages with a live station now: what was built, less what is away.

    Settings: ``villages``, ``percent_2g``, ``percent_4g``, ``percent_broadband``.
    """
    dark = world.mains_lost(at, thing.place)
    cut = np.where(world.fibre_lost(at, thing.place) > 0.0, ALONE, 0.0)
    lost = np.maximum(cut, np.where(dark > BATTERY_H * 3_600.0, 0.6, 0.0))
    flat = np.maximum(cut, np.where(dark > 0.0, 0.5, 0.0))
    usual = 1.0 - 0.003 * (1.0 + 0.5 * noise.wave(at, "repairs"))
    villages = thing.number("villages", 144.0)
    built = thing.number("percent_2g", G2)
    return {
        "villages-2g": built * (1.0 - lost) * usual,
        "villages-4g": thing.number("percent_4g", G4) * (1.0 - np.minimum(1.2 * lost, 1.0)) * usual,
        "villages-broadband": thing.number("percent_broadband", BROADBAND) * (1.0 - flat) * usual,
        "centres-broadband": 100.0 * (1.0 - 0.8 * flat),
        "villages-cut-off": villages * built / 100.0 * lost,
    }


@simulator(
    kind="telecom-operator",
    name=Text("Doanh nghiệp viễn thông", "Telecom operator"),
    streams=(
        stream(
            "stations", "1", every=PERIOD, between=(0, 5000), resolution=1,
            vi="Trạm BTS", en="Base stations",
        ),
        stream(
            "stations-up", "1", every=PERIOD, between=(0, 5000), resolution=1,
            vi="Trạm BTS hoạt động", en="Base stations up",
        ),
        stream(
            "stations-4g-up", "1", every=PERIOD, between=(0, 5000), resolution=1,
            vi="Trạm 4G hoạt động", en="4G stations up",
        ),
        stream(
            "stations-5g-up", "1", every=PERIOD, between=(0, 5000), resolution=1,
            vi="Trạm 5G hoạt động", en="5G stations up",
        ),
    ),
)  # fmt: skip
def telecom_operator(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """An operator's stations in the province: those of dark or cut-off areas are missing.

    Settings: ``stations``, ``stations_4g``, ``stations_5g`` (the province of 2024 has 1,125, 1,087
    and 44 of five operators).
    """
    away = np.zeros(len(at))
    for area in world.areas:
        dark = world.mains_lost(at, area) > BATTERY_H * 3_600.0
        cut = world.fibre_lost(at, area) > 0.0
        away += world.share(area) * np.maximum(0.6 * dark, ALONE * cut)
    away = away + 0.0025
    found = {}
    for name, setting, usual in (
        ("stations-up", "stations", 225.0),
        ("stations-4g-up", "stations_4g", 217.0),
        ("stations-5g-up", "stations_5g", 9.0),
    ):
        built = np.full(len(at), np.rint(thing.number(setting, usual)))
        found[name] = built - binomial(noise.uniform(at, "stations", PERIOD), built, away)
    return {"stations": np.full(len(at), thing.number("stations", 225.0)), **found}
