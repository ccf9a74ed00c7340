"""Which slices carry it: the extra failures of each slice against its own usual rate.

A slice is one value of one dimension. Its failures are held against the rest of its dimension:
when everything fails more, no slice carries it; when one does, slices of other dimensions that
merely contain some of it stand out less. Slices of several dimensions overlap.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from queries.core.number import Number
from queries.core.value import Cell
from queries.measures.places.slice import SliceCounts
from queries.statistics.estimates import LEVEL, cannot_say, two_sided, z_quantile
from queries.statistics.multiplicity import benjamini_hochberg, benjamini_yekutieli, picked_level
from queries.statistics.rates import Count
from queries.statistics.usual import Usual, usual_rate


@dataclass(frozen=True, slots=True)
class Carrier:
    """What one slice has to do with the change.

    ``here`` and ``elsewhere`` compare the slice and the rest of its dimension with their pasts.
    ``extra`` are its hits beyond what its usual rate makes expected, ``share`` their part of all
    extra hits (may pass 1 where others fell), ``traffic`` its share of the trials. ``apart`` is
    how many times as much its rate rose as the rest's, or without a past, its rate over the
    rest's. ``q`` is ``p`` corrected for the number of slices. ``carries`` says that it stands
    apart in the direction of the overall change, beyond chance.
    """

    dimension: str
    value: Cell
    here: Usual
    elsewhere: Usual
    extra: Number
    share: Number
    traffic: float
    apart: Number
    p: float | None
    q: float | None
    carries: bool


def carriers(slices: Sequence[SliceCounts], alpha: float = 0.05) -> tuple[Carrier, ...]:
    """Rank slices by how clearly they carry the change of the rate, clearest first.

    The test is on the log ratio of ratios ln(rate/usual here) - ln(rate/usual elsewhere), by the
    delta method on counts with 0.5 added, times a dispersion from how the slices' parts varied
    between comparable periods: the largest of 1, the dimension's own and that of all dimensions.
    Corrected by Benjamini-Hochberg within one dimension, by Benjamini-Yekutieli over several,
    since these overlap; intervals of the slices picked are at the false-coverage level, those of
    the others at 95 %.
    """
    weighed = _weigh_all(_by_dimension(slices))
    several = len({weigh.counts.dimension for weigh in weighed}) > 1
    adjust = benjamini_yekutieli if several else benjamini_hochberg
    adjusted = adjust([weigh.p for weigh in weighed])
    picked = [_stands_out(weigh, q, alpha) for weigh, q in zip(weighed, adjusted, strict=True)]
    level = picked_level(sum(picked), len(weighed), alpha, overlapping=several)
    ranked = sorted(
        zip(weighed, adjusted, picked, strict=True),
        # By how sure, not by how large: tiny slices have the largest ratios by chance.
        key=lambda each: (not each[2], -each[0].clarity),
    )
    return tuple(_carrier(weigh, q, pick, level if pick else LEVEL) for weigh, q, pick in ranked)


@dataclass(frozen=True, slots=True)
class _Weighed:
    counts: SliceCounts
    rest: SliceCounts
    theta: float
    error: float
    p: float | None
    total_extra: float

    @property
    def clarity(self) -> float:
        return abs(self.theta) / self.error if self.error else -1.0


def _by_dimension(slices: Sequence[SliceCounts]) -> list[list[SliceCounts]]:
    groups: dict[str, list[SliceCounts]] = defaultdict(list)
    for each in slices:
        groups[each.dimension].append(each)
    return list(groups.values())


def _weigh_all(groups: Sequence[Sequence[SliceCounts]]) -> list[_Weighed]:
    paired = [_with_rests(group) for group in groups]
    spreads = [_pooled(_spread(*pair) for pair in pairs) for pairs in paired]
    chi2, df = _pooled(spreads)
    # Once a dimension: of thousands of values each one's own sum would take the square of them.
    totals = [sum(_extra(*pair) for pair in pairs) for pairs in paired]
    return [
        _weigh(
            each,
            rest,
            max(1.0, own / own_df if own_df else 1.0, chi2 / df if df else 1.0),
            df,
            total,
        )
        for pairs, (own, own_df), total in zip(paired, spreads, totals, strict=True)
        for each, rest in pairs
    ]


def _pooled(spreads: Iterable[tuple[float, int]]) -> tuple[float, int]:
    listed = list(spreads)
    return sum(chi2 for chi2, _ in listed), sum(df for _, df in listed)


def _with_rests(group: Sequence[SliceCounts]) -> list[tuple[SliceCounts, SliceCounts]]:
    """Pair each slice with all others together: all in all, less its own."""
    now = _sum([each.now for each in group])
    past = [_sum(column) for column in zip(*(each.past for each in group), strict=True)]
    return [
        (
            each,
            SliceCounts(
                each.dimension,
                "elsewhere",
                _less(now, each.now),
                # Of a slice alone there are no others, and no past of them.
                tuple(map(_less, past, each.past)) if len(group) > 1 else (),
            ),
        )
        for each in group
    ]


def _less(whole: Count, part: Count) -> Count:
    return whole[0] - part[0], whole[1] - part[1]


def _sum(counts: Sequence[Count]) -> Count:
    return sum(k for k, _ in counts), sum(n for _, n in counts)


def _log_rate(count: Count) -> tuple[float, float]:
    """Give the log of a rate and its variance, with half a hit added."""
    # Half a hit and half a miss (Haldane and Anscombe 1956): no hits have a logarithm too.
    k, n = count[0] + 0.5, count[1] + 1
    return math.log(k / n), max(0.0, 1 / k - 1 / n)


def _weigh(each: SliceCounts, rest: SliceCounts, phi: float, df: int, total: float) -> _Weighed:
    if not each.now[1] or not rest.now[1]:
        return _Weighed(counts=each, rest=rest, theta=0.0, error=0.0, p=None, total_extra=total)
    (here, v1), (there, v2) = _log_rate(each.now), _log_rate(rest.now)
    theta, variance = here - there, v1 + v2
    before, before_rest = _sum(each.past), _sum(rest.past)
    if before[1] and before_rest[1]:
        (past, v3), (past_rest, v4) = _log_rate(before), _log_rate(before_rest)
        theta, variance = theta - past + past_rest, variance + v3 + v4
    error = math.sqrt(phi * variance)
    # The dispersion is estimated from the past, so t; without a past there are no degrees: normal.
    p = two_sided(theta / error, df) if error else None
    return _Weighed(counts=each, rest=rest, theta=theta, error=error, p=p, total_extra=total)


def _spread(each: SliceCounts, rest: SliceCounts) -> tuple[float, int]:
    """Give Pearson's χ² and df of the slice's part of all hits over the comparable periods."""
    (k, n), (k_rest, n_rest) = _sum(each.past), _sum(rest.past)
    if not k or not k_rest:
        return 0.0, 0
    chi2, periods = 0.0, 0
    for here, there in zip(each.past, rest.past, strict=True):
        # Parts of the period's own hits: what all slices do together in a
        # bad week says nothing of one.
        expected = here[1] * k / n
        both = expected + there[1] * k_rest / n_rest
        hits = here[0] + there[0]
        if 0 < expected < both and hits:
            part = expected / both
            chi2 += (here[0] - hits * part) ** 2 / (hits * part * (1 - part))
            periods += 1
    return chi2, max(0, periods - 1)


def _usual_share(each: SliceCounts, rest: SliceCounts) -> Count:
    """Give the hits and trials that say what is expected: its own past, else the rest's."""
    own, others = _sum(each.past), _sum(rest.past)
    if own[1]:
        return own
    return others if others[1] else rest.now


def _extra(each: SliceCounts, rest: SliceCounts) -> float:
    k, n = _usual_share(each, rest)
    return each.now[0] - each.now[1] * k / n if n else 0.0


def _extra_variance(each: SliceCounts, rest: SliceCounts) -> float:
    def binomial(k: float, n: int) -> float:
        # Never zero by want of hits: none seen are none for certain only in endless trials.
        return (k + 0.5) / (n + 1) * (1 - k / n) if n else 0.0

    k, n = _usual_share(each, rest)
    now = each.now[1] * binomial(*each.now)
    return now + (each.now[1] ** 2 * binomial(k, n) / n if n else 0.0)


def _stands_out(weigh: _Weighed, q: float | None, alpha: float) -> bool:
    # Without a past there are no extra ones; then what is higher than the rest is looked for.
    rising = weigh.total_extra >= 0 or not weigh.counts.past
    return q is not None and q <= alpha and (weigh.theta > 0) == rising


def _carrier(weigh: _Weighed, q: float | None, picked: bool, level: float) -> Carrier:
    each, rest = weigh.counts, weigh.rest
    trials = each.now[1] + rest.now[1]
    z = z_quantile(level)
    extra, half = _extra(each, rest), z * math.sqrt(_extra_variance(each, rest))
    apart = cannot_say("there is nothing to compare it with", trials)
    if weigh.p is not None:
        low, middle, high = (math.exp(weigh.theta + z * e * weigh.error) for e in (-1, 0, 1))
        apart = Number(middle, trials, low, high)
    return Carrier(
        dimension=each.dimension,
        value=each.value,
        here=usual_rate(each.past, each.now, level=level),
        elsewhere=usual_rate(rest.past, rest.now),
        extra=Number(extra, each.now[1], extra - half, extra + half),
        share=_share(weigh, level),
        traffic=each.now[1] / trials if trials else 0.0,
        apart=apart,
        p=weigh.p,
        q=q,
        carries=picked,
    )


def _share(weigh: _Weighed, level: float) -> Number:
    """Give the slice's part of all extra hits, by the delta method on two independent parts."""
    each, rest = weigh.counts, weigh.rest
    if not _sum(each.past)[1] and not _sum(rest.past)[1]:
        return cannot_say("no comparable past to call any of them extra", each.now[1], "share")
    here, there = _extra(each, rest), _extra(rest, each)
    both = here + there
    v1, v2 = _extra_variance(each, rest), _extra_variance(rest, each)
    # The delta method divides by all extra ones, which must be clear of zero for that.
    if abs(both) <= 2 * math.sqrt(v1 + v2):
        return cannot_say("too few extra ones to divide up", each.now[1], "share")
    half = z_quantile(level) * math.sqrt(there**2 * v1 + here**2 * v2) / both**2
    return Number(here / both, each.now[1], here / both - half, here / both + half, "share")
