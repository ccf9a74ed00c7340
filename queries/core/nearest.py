"""The known names most like a misspelt one."""

from __future__ import annotations

from collections.abc import Collection

from rapidfuzz import fuzz, process


def nearest(
    word: str, known: Collection[str], most: int = 3, *, alike: float = 60
) -> tuple[str, ...]:
    """Give known names close to a word, whatever their case, best first; none that are far off.

    ``alike`` is how much of the letters, of 100, two names must share.
    """
    # Sorted, so that names that are as close come in the same order each time.
    folded = {name: name.lower() for name in sorted(known)}
    found = process.extract(word.lower(), folded, scorer=fuzz.ratio, limit=most, score_cutoff=alike)
    return tuple(name for _, _, name in found)
