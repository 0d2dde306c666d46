"""Keyed randomness: a draw depends on (seed, stream, domain, time) and on nothing else.

A day of a stream is a canonical block: it is always drawn whole and then indexed, so that the
same instant gives the same number live, in a back-fill, shuffled or alone. Neighbours, order and
sharding cannot reach it, because the key is made of the stream's name. This module is the only
one that makes numpy generators.

Everything that is not uniform or normal is an inversion of one of the two, element by element: how
much of a stream is used never depends on a parameter.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt

Times = npt.NDArray[np.int64]
"""Whole seconds since 1970 UTC, in any order."""

Values = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

DAY: Final = 86_400
"""Seconds of a canonical block (a UTC day; it begins at 07:00 in Vietnam)."""

_WORD: Final = 2**64
_SLOW: Final = ((300, 0.25), (2_700, 0.35), (21_600, 0.6), (259_200, 0.8))
"""Periods (s) and amplitudes of the octaves of ``wave``."""


@lru_cache(maxsize=65_536)
def _digest(stream: str, domain: str) -> tuple[int, int]:
    """Hash a name to two 64-bit words; the separator keeps ("ab", "c") from ("a", "bc")."""
    digest = blake2b(f"{stream}\x1f{domain}".encode(), digest_size=16).digest()
    return int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")


@dataclass(frozen=True, slots=True)
class Noise:
    """The randomness of one stream.

    Attributes:
        seed: the world's seed.
        stream: whose noise it is: a thing's id, or ``world/…``. Two draws of one stream must
            bear different domains, or they are the same draw.
    """

    seed: int
    stream: str

    def block(self, domain: str, block: int) -> np.random.Generator:
        """Make the generator of one canonical block; what follows must draw the block whole."""
        low, high = _digest(self.stream, domain)
        key = np.array([low ^ (self.seed % _WORD), high], np.uint64)
        counter = np.array([0, 0, 0, block % _WORD], np.uint64)
        return np.random.Generator(np.random.Philox(key=key, counter=counter))

    def uniform(self, at: Times, domain: str, every: int) -> Values:
        """Draw from [0, 1), one number for each ``every`` seconds of a day."""
        return self._drawn(at, domain, every, normal=False)

    def normal(self, at: Times, domain: str, every: int) -> Values:
        """Draw standard normals, one for each ``every`` seconds of a day."""
        return self._drawn(at, domain, every, normal=True)

    def wave(self, at: Times, domain: str, octaves: Sequence[tuple[int, float]] = _SLOW) -> Values:
        """Coloured noise, continuous in time: mean nought, standard deviation about one.

        Smooth interpolation between hashed lattice nodes, summed over octaves: any instant is
        reached without a state and without its neighbours.

        Args:
            at: instants.
            domain: name of this draw within the stream.
            octaves: period in seconds and amplitude of each.
        """
        total = np.zeros(len(at))
        power = 0.0
        for period, amplitude in octaves:
            node = at // period
            part = (at - node * period) / period
            ease = part * part * (3.0 - 2.0 * part)
            left, right = self._nodes(node, f"{domain}/{period}")
            total += amplitude * (left + (right - left) * ease)
            power += amplitude * amplitude * _EASED
        return total / math.sqrt(power)

    def constant(self, domain: str) -> float:
        """Draw one uniform number that holds for all time."""
        low, high = _digest(self.stream, domain)
        mixed = _mix(np.array([low ^ high ^ (self.seed % _WORD)], np.uint64))
        return float(mixed[0] >> np.uint64(11)) * 2.0**-53

    def _nodes(self, node: Times, domain: str) -> tuple[Values, Values]:
        """Give the lattice values at ``node`` and ``node + 1``."""
        if not len(node):
            return np.empty(0), np.empty(0)
        first, last = int(node.min()), int(node.max())
        low, high = _digest(self.stream, domain)
        key = np.uint64(low ^ high ^ (self.seed % _WORD))
        if last - first <= 4 * len(node):  # a lattice node serves many instants: hash it once
            values = _hashed_normal(np.arange(first, last + 2), key)
            return values[node - first], values[node - first + 1]
        return _hashed_normal(node, key), _hashed_normal(node + 1, key)

    def _drawn(self, at: Times, domain: str, every: int, *, normal: bool) -> Values:
        day = at // DAY
        slot = (at - day * DAY) // every
        slots = -(-DAY // every)
        if not len(at):
            return np.empty(0)
        first, last = int(day.min()), int(day.max())
        if first == last:
            return np.asarray(self._whole(domain, first, slots, normal=normal)[slot])
        if (last - first) * slots <= 4 * len(at):  # nearly every slot is asked for
            days = [
                self._whole(domain, one, slots, normal=normal) for one in range(first, last + 1)
            ]
            return np.asarray(np.concatenate(days)[(day - first) * slots + slot])
        drawn = np.empty(len(at))
        for block in np.unique(day).tolist():
            here = day == block
            drawn[here] = self._whole(domain, block, slots, normal=normal)[slot[here]]
        return drawn

    def _whole(self, domain: str, block: int, slots: int, *, normal: bool) -> Values:
        low, high = _digest(self.stream, domain)
        spare = _spare()
        generator = spare.pop() if spare else np.random.Generator(np.random.Philox(key=0))
        _rekey(generator, low ^ (self.seed % _WORD), high, block % _WORD)
        drawn = generator.standard_normal(slots) if normal else generator.random(slots)
        spare.append(generator)
        return drawn


@lru_cache(maxsize=1)
def _spare() -> list[np.random.Generator]:
    """Keep generators to be keyed anew: that gives the same numbers as making one, and sooner."""
    return []


def _rekey(generator: np.random.Generator, low: int, high: int, block: int) -> None:
    """Put a generator to the beginning of a block, as if it were just made for it."""
    generator.bit_generator.state = {
        "bit_generator": "Philox",
        "state": {
            "counter": np.array([0, 0, 0, block], np.uint64),
            "key": np.array([low, high], np.uint64),
        },
        "buffer": _EMPTY_BUFFER,
        "buffer_pos": 4,
        "has_uint32": 0,
        "uinteger": 0,
    }


_EMPTY_BUFFER: Final = np.zeros(4, np.uint64)
_EASED: Final = 26 / 35
"""Mean over a lattice cell of (1-e)² + e² for e = 3x²-2x³: what easing leaves of the variance."""


def _mix(word: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Scramble 64-bit words (the finaliser of splitmix64)."""
    word = word + np.uint64(0x9E3779B97F4A7C15)
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


def _hashed_normal(node: Times, key: np.uint64) -> Values:
    """Turn lattice numbers into near-normal numbers (the sum of four 16-bit uniforms)."""
    word = _mix(_mix(node.astype(np.uint64)) ^ key)
    low = np.uint64(0xFFFF)
    total = (
        (word & low)
        + ((word >> np.uint64(16)) & low)
        + ((word >> np.uint64(32)) & low)
        + (word >> np.uint64(48))
    )
    return np.asarray((total.astype(np.float64) - 131_070.0) * _IRWIN_HALL)


_IRWIN_HALL: Final = math.sqrt(3.0) / 65_536


def exponential(uniform: Values, mean: float | Values) -> Values:
    """Turn uniforms into waiting times of a mean."""
    return -np.log1p(-uniform) * mean


def weibull(uniform: Values, shape: float, mean: float | Values) -> Values:
    """Turn uniforms into Weibull numbers of a mean (wind; shape below 1: bursts of rain)."""
    return exponential(uniform, 1.0) ** (1.0 / shape) * (mean / math.gamma(1.0 + 1.0 / shape))


def lognormal(normal: Values, median: float | Values, sigma: float) -> Values:
    """Turn normals into positive numbers of a median."""
    return median * np.exp(sigma * normal)


def gamma(normal: Values, shape: float, mean: float | Values) -> Values:
    """Turn normals into gamma numbers (Wilson and Hilferty's cube; good for shape above 2)."""
    root = 1.0 - 1.0 / (9.0 * shape) + normal / (3.0 * math.sqrt(shape))
    return mean * np.maximum(root, 0.0) ** 3


def standard_uniform(normal: Values) -> Values:
    """Turn normals into uniforms (a logistic curve stands for the normal one; error < 0.01)."""
    return 1.0 / (1.0 + np.exp(-1.702 * normal))


def poisson(uniform: Values, mean: Values) -> Values:
    """Turn uniforms into counts of a mean up to some hundreds, by inverting the distribution."""
    counts = np.zeros(len(uniform))
    busy = mean > 0.0
    if not busy.any():
        return counts
    few = np.where(busy, mean, 0.0)
    highest = float(few.max())
    term = np.exp(-few)
    total = term.copy()
    for k in range(1, math.ceil(highest + 10.0 * math.sqrt(highest) + 10.0)):
        more = uniform >= total
        if not more.any():
            break
        counts += more
        term = term * few / k
        total += term
    return counts


def binomial(uniform: Values, of: Values, share: float | Values) -> Values:
    """Turn uniforms into how many of ``of`` (small whole numbers) there are with a chance."""
    chance = np.clip(np.broadcast_to(share, of.shape), 1e-9, 1.0 - 1e-9)
    odds = chance / (1.0 - chance)
    term = (1.0 - chance) ** of
    total = term.copy()
    counts = np.zeros(len(of))
    for k in range(int(of.max()) if len(of) else 0):
        more = (uniform >= total) & (of > k)
        if not more.any():
            break
        counts += more
        term = term * np.maximum(of - k, 0.0) / (k + 1) * odds
        total += term
    return counts
