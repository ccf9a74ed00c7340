"""Randomness that depends on a row's key alone, not on what was drawn before it.

A generator that is advanced draw by draw would make a minute's rows depend on where the writing
began. Here every number is a hash of (key, name of the draw): a minute comes out the same in a
history of sixty days, in one appended minute and after a restart. The hash is SplitMix64's
finaliser (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014).
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

Keys = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

_WORD = 2**64
_GOLDEN = 0x9E3779B97F4A7C15


def keys(seed: int, name: str, *parts: Integers) -> Keys:
    """Give one key for each position of ``parts``, which are broadcast against each other."""
    broadcast = np.broadcast_arrays(*parts)
    # crc32, as Python's own hash of a text differs from process to process.
    mixed = np.full(broadcast[0].shape, (seed * _GOLDEN + crc32(name.encode())) % _WORD, np.uint64)
    for part in broadcast:
        mixed = _mixed(mixed ^ part.astype(np.uint64) * np.uint64(_GOLDEN))
    return mixed


def uniform(key: Keys, draw: str) -> Floats:
    """Draw from the open interval (0, 1), one number a key."""
    stream = np.uint64(crc32(draw.encode()) * _GOLDEN % _WORD)
    # The upper 53 bits are what a double holds; half a step more keeps it off 0 and 1.
    drawn: Floats = ((_mixed(key + stream) >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    return drawn


def normal(key: Keys, draw: str) -> Floats:
    """Draw from the standard normal distribution, one number a key."""
    drawn: Floats = ndtri(uniform(key, draw))
    return drawn


def choice(key: Keys, draw: str, shares: Sequence[float]) -> Integers:
    """Draw an index of ``shares`` (which sum to 1) with these probabilities, one a key."""
    limits = np.cumsum(shares)[:-1]
    return np.searchsorted(limits, uniform(key, draw), side="right").astype(np.int64)


def poisson(key: Keys, draw: str, mean: Floats) -> Integers:
    """Draw counts with the given means (below 700), one a key, by inverting the distribution."""
    drawn = uniform(key, draw)
    term = np.exp(-mean)
    reached = term.copy()
    count = np.zeros(drawn.shape, np.int64)
    highest = float(mean.max(initial=0.0))
    # Twelve standard deviations, beyond which no draw of 53 bits can lie.
    for value in range(1, int(highest + 12 * highest**0.5) + 20):
        higher = drawn > reached
        if not higher.any():
            break
        count[higher] = value
        term = term * mean / value
        reached += term
    return count


def _mixed(word: Keys) -> Keys:
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))
