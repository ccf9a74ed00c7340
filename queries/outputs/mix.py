"""Whether a share moved in all because requests moved between slices in which it differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from queries.core.number import Number
from queries.core.value import Cell
from queries.measures.places.decomposition import Effect, decompose
from queries.measures.places.subgroups import Subgroup
from queries.measures.predictions.outputs import Output
from queries.outputs.slices import Periods
from queries.outputs.sums import pooled

MOSTLY = 0.5
"""From this part of a change on, requests that moved between slices are what it mostly is."""


@dataclass(frozen=True, slots=True)
class Mix:
    """One dimension between whose values requests moved, told by the value that gained most.

    ``mix`` is the part of ``change`` that this makes, both differences of shares of 1.
    ``share_now`` and ``share_before`` are that value's shares of the requests; ``here`` and
    ``elsewhere`` are the output's share now, with that value and with all others.
    """

    dimension: str
    value: Cell
    share_now: float
    share_before: float
    here: Number
    elsewhere: Number
    change: float
    mix: float


def output_mix(
    output: Output, slices: Mapping[tuple[str, Cell], Periods], least: float
) -> Mix | None:
    """Give the dimension in which such moves make most of the change, where they make most of it.

    Kitagawa's mix effect (``decompose``) must be at least ``least`` and half of the change. None
    for means.
    """
    if output.value is None:
        return None
    dimensions = dict.fromkeys(dimension for dimension, _ in slices)
    found = [_mix(output, name, slices, least) for name in dimensions]
    return max((each for each in found if each), key=lambda each: abs(each.mix), default=None)


def _mix(
    output: Output, dimension: str, slices: Mapping[tuple[str, Cell], Periods], least: float
) -> Mix | None:
    mine = {value: periods for (name, value), periods in slices.items() if name == dimension}
    account = decompose([_subgroup(dimension, *each) for each in mine.items()])
    if account is None or account.change.value is None or account.mix.value is None:
        return None
    change, mix = account.change.value, account.mix.value
    # Moves against the change explain none of it, however large.
    if change * mix <= 0 or abs(mix) < max(least, MOSTLY * abs(change)):
        return None
    gained = max(account.effects, key=_gain)
    rest = [periods[0] for value, periods in mine.items() if value != gained.value]
    return Mix(
        dimension=dimension,
        value=gained.value,
        share_now=gained.share_now,
        share_before=gained.share_before,
        here=mine[gained.value][0].number(output),
        elsewhere=pooled(rest).number(output),
        change=change,
        mix=mix,
    )


def _subgroup(dimension: str, value: Cell, periods: Periods) -> Subgroup:
    now, *past = ((float(each.hits), each.n) for each in periods)
    return Subgroup((dimension,), (value,), now, tuple(past))


def _gain(effect: Effect) -> float:
    return effect.share_now - effect.share_before
