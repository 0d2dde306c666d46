"""River gauges of a delta, where the sea is felt."""

import numpy as np

from ioc.core.words import Text
from simulators.noise import DAY, Noise, Times, Values
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

CONSTITUENTS = ((86_164.0, 0.55), (92_950.0, 0.35), (44_714.0, 0.10))
"""K1, O1 and M2: periods in seconds and parts of the tide. The Gulf of Tonkin's is mainly diurnal
(the parts are illustrative); K1 against O1 makes springs and neaps of a fortnight."""

WAVE_DAYS = 10
"""Days of rain a flood wave of the great river remembers."""

PEAK_DAYS = 3.0
"""From the rain upstream to the crest: two to four days (domain facts, section 3.4)."""


@simulator(
    kind="tidal-gauge",
    name=Text("Trạm thủy văn vùng triều", "Tidal river gauge"),
    gaps=0.004,
    streams=(
        stream(
            "level", "m", every=600, between=(-3, 15), resolution=0.01,
            vi="Mực nước", en="Water level",
        ),
    ),
)  # fmt: skip
def tidal_gauge(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Tide inside the gauge's usual range, on the back of the flood wave from upstream.

    Settings: ``low_m`` and ``high_m`` (the usual range), ``late_s`` (how much later than at the
    river's mouth the tide is), ``wave_m`` (what 100 mm a day upstream add; illustrative).
    """
    low, high = thing.number("low_m", -0.4), thing.number("high_m", 1.8)
    late = thing.number("late_s", 0.0)
    tide = sum(part * np.cos(2.0 * np.pi * (at - late) / period) for period, part in CONSTITUENTS)
    level = (low + high) / 2 + (high - low) / 2 * tide
    wave = _wave(at, thing, world) * thing.number("wave_m", 2.0)
    damped = np.exp(-wave)  # a flood drowns the tide
    ripple = 0.01 * noise.normal(at, "ripple", 600)
    return {"level": level * damped + (low + high) / 2 * (1.0 - damped) + wave + ripple}


def _wave(at: Times, thing: Subject, world: World) -> Values:
    """Give the flood wave: 1 is the crest that a day of 100 mm upstream makes."""
    first, last = int(at.min() // DAY), int(at.max() // DAY) + 2
    ends = (np.arange(first - WAVE_DAYS, last + 1) + 1) * DAY
    heavy = np.clip(24.0 * world.rain(ends, thing.place, DAY) - 15.0, 0.0, None) / 85.0
    lags = np.arange(WAVE_DAYS) + 0.5
    shape = (lags / PEAK_DAYS) ** 3 * np.exp(3.0 * (1.0 - lags / PEAK_DAYS))
    windows = np.lib.stride_tricks.sliding_window_view(heavy, WAVE_DAYS)[:, ::-1]
    crests = (windows * shape).sum(axis=1)
    middles = (np.arange(len(crests)) + first) * DAY  # the wave at the start of each day
    return np.asarray(np.interp(at, middles, crests))
