"""The slice in which a rate rose most clearly, and whether it rose enough to be said."""

from __future__ import annotations

from collections.abc import Sequence

from queries.core.log import Log
from queries.core.number import Number
from queries.core.source import Visibility
from queries.measures.failures.carriers import Carrier


def foremost(log: Log, ranked: Sequence[Carrier]) -> Carrier | None:
    """The clearest slice whose rate went up; one with a past of its own, where there is any.

    Only slices that rows may be chosen by: what is said of it is looked up within it. A slice
    that is new, such as a version in its rollout, stands apart from the others for being
    where they failed, and says less than one that was there before.
    """
    up = [
        each
        for each in ranked
        if each.carries and _larger(each) and log.visibility(each.dimension) is Visibility.OPEN
    ]
    known = [each for each in up if each.here.usual.value is not None]
    return next(iter(known or up), None)


def beyond_usual(carrier: Carrier, matters: float) -> bool:
    """Whether a slice is above its own usual, beyond chance and by what ``matters`` (a share)."""
    here = carrier.here
    return here.unusual is True and gain(here.now, here.usual) >= matters


def gain(now: Number, before: Number) -> float:
    """How much higher a share is than before; one that is unknown counts as zero."""
    return (now.value or 0.0) - (before.value or 0.0)


def _larger(carrier: Carrier) -> bool:
    now, past = carrier.here.now.value, carrier.here.usual.value
    return now is not None and (past is None or now > past)
