"""How rarely as many new values lie beyond all old ones, when nothing changed."""

from __future__ import annotations

import math


def exceedance_p(before: int, now: int, below: int, above: int) -> float | None:
    """Give the p value of so many new values outside of the range of the old ones.

    The chance that the ``k`` largest of all ``before + now`` values are all new ones is
    now!/(now - k)! · (before + now - k)!/(before + now)! (Rosenbaum 1954), whatever the values'
    distribution; the smaller chance of both ends counts twice. Ties make it cautious. None where
    one side holds nothing.
    """
    if before < 1 or now < 1:
        return None
    return min(1.0, 2 * min(_one_end(before, now, k) for k in (below, above)))


def _one_end(before: int, now: int, k: int) -> float:
    # Log gammas: factorials of a million rows overflow long before their quotient is taken.
    log_p = math.lgamma(now + 1) - math.lgamma(now - k + 1)
    log_p += math.lgamma(before + now - k + 1) - math.lgamma(before + now + 1)
    return min(1.0, math.exp(log_p))
