"""The weather: rain, heat, damp, wind."""

import math
from typing import Any, Final

import numpy as np

from simulators.calendar import local_day, local_hour, seasonal
from simulators.incidents import Place
from simulators.noise import Times, Values, standard_uniform
from simulators.rain import Rain
from simulators.world.causes import Causes

_FOEHN: Final = np.array([0, 0, 0.5, 1, 1, 0.8, 0.6, 0.4, 0, 0, 0, 0])
"""How hot the wind from Laos blows, by month."""


class Weather(Causes):
    """Weather over the province."""

    def __init__(self, *args: Any, **parts: Any) -> None:  # noqa: ANN401 - as the causes
        """Make the weather; the arguments are those of the causes."""
        super().__init__(*args, **parts)
        self._rain = Rain(self.seed, self.places, self.climate.rain, self.programme)

    def rain(self, at: Times, place: Place, span: int = 600) -> Values:
        """Give the mean rain in mm/h over the ``span`` seconds before each instant."""
        return self._rain.rate(at, place, span)

    def temperature(self, at: Times, place: Place, elevation: float) -> Values:
        """Give the air's temperature in degrees Celsius at a height in metres."""
        return self._warm(at, self.rain(at, place, 3_600), elevation)

    def humidity(self, at: Times, place: Place, elevation: float) -> Values:
        """Give the relative humidity in per cent."""
        return self.air(at, place, elevation)[1]

    def air(self, at: Times, place: Place, elevation: float) -> tuple[Values, Values]:
        """Give temperature and relative humidity together: the rain of both is summed once."""
        rain = self.rain(at, place, 3_600)
        warm = self._warm(at, rain, elevation)
        coldest = self._mild(at, elevation) - seasonal(at, self._monthly["swing"])
        wet = np.tanh(rain / 3.0)
        damp = 95.0 - 3.2 * (warm - coldest) + 15.0 * wet - 14.0 * self.foehn(at) * (1.0 - wet)
        return warm, np.clip(damp, 20.0, 100.0)

    def foehn(self, at: Times) -> Values:
        """Give how hard the hot dry wind from Laos blows, 0 to 1: a few days at a time, by day."""
        spell = self._noise.wave(at, "foehn", ((172_800, 0.5), (518_400, 1.0)))
        warm = 0.6 + 0.4 * np.cos(2.0 * np.pi * (local_hour(at) - 14.0) / 24.0)
        return np.clip(spell - 0.7, 0.0, 1.0) * seasonal(at, _FOEHN) * warm

    def wind(self, at: Times, place: Place) -> Values:
        """Give the wind's speed in m/s: Weibull over the weeks, stronger in the afternoon."""
        regional = self._noise.wave(at, "wind", ((5_400, 0.5), (43_200, 0.8)))
        calm = -np.log1p(-np.minimum(standard_uniform(regional), 0.9999))
        daily = 1.0 + 0.5 * np.cos(2.0 * np.pi * (local_hour(at) - 14.5) / 24.0)
        gust = 0.08 * self.rain(at, place)
        return 1.34 * calm ** (1 / 1.6) * daily + np.minimum(gust, 6.0)

    def pressure(self, at: Times, elevation: float) -> Values:
        """Give the air's pressure in hPa at a height in metres."""
        seas = 1_010.0 + 6.0 * np.cos(2.0 * np.pi * (local_day(at) - 5) / 365.25)
        tide = 1.3 * np.cos(2.0 * np.pi * (local_hour(at) - 10.0) / 12.0)
        fronts = 2.5 * self._noise.wave(at, "pressure", ((86_400, 0.4), (345_600, 1.0)))
        return np.asarray((seas + tide + fronts) * math.exp(-elevation / 8_400.0))

    def _warm(self, at: Times, rain: Values, elevation: float) -> Values:
        """Give the temperature, knowing the mean rain of the hour before."""
        swing = seasonal(at, self._monthly["swing"])
        daily = np.cos(2.0 * np.pi * (local_hour(at) - 15.0) / 24.0)
        wet = np.tanh(rain / 6.0)
        mild = self._mild(at, elevation) + swing * daily * (1.0 - 0.5 * wet) - 2.5 * wet
        return mild + 5.0 * self.foehn(at) * (1.0 - wet)

    def _mild(self, at: Times, elevation: float) -> Values:
        """Give the temperature without its daily course."""
        base = seasonal(at, self._monthly["temperature"])
        spells = 2.0 * self._noise.wave(at, "temperature", ((86_400, 0.5), (259_200, 1.0)))
        return base + spells - 5.4 * (elevation - self.climate.elevation) / 1_000.0
