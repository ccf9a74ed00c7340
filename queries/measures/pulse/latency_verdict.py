"""What is called slow: beyond chance, and by as much as the source says matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from queries.measures.pulse.latency_counts import LatencySlice
from queries.statistics.onset import SURELY, Shift
from queries.statistics.usual import Usual

JUDGED = (0.5, 0.95)
"""The quantiles by which a model is called slower; rarer ones vary too much."""


class Verdict(StrEnum):
    """What latency does, against its usual and within the time itself."""

    NONE = "none"
    """No request has a latency."""
    SLOWER = "slower"
    JUMPED = "jumped"
    """A clear jump within the time, whatever the whole of it says."""
    PART = "part"
    """As fast as usual overall, but one part is slower."""
    SLIGHTLY = "slightly"
    """Slower than usual beyond chance, by less than what matters."""
    FASTER = "faster"
    USUAL = "usual"
    UNKNOWN = "unknown"


def slower(usual: Usual, matters: float) -> bool:
    """Say whether a quantile is longer than usual, beyond chance and by enough to matter."""
    return bool(usual.unusual and usual.higher) and (usual.times.value or 0.0) >= 1 + matters


def more_slow(over: Usual | None, usual: Mapping[float, Usual], matters: float) -> bool:
    """Say whether clearly more requests than usual take longer than the usual p95.

    A share has a narrow band where the quantiles of few requests have a wide one. It must at
    least double, as a jump must, and p95 be longer by enough to matter.
    """
    if over is None or not (over.unusual and over.higher):
        return False
    doubled = (over.now.value or 0.0) >= 2 * (over.usual.value or 0.0)
    return doubled and (usual[0.95].times.value or 0.0) >= 1 + matters


def vague(usual: Mapping[float, Usual]) -> bool:
    """Say whether p95 varies so much in such times that even twice as long would be usual."""
    p95 = usual[0.95].usual
    return p95.high is not None and p95.high >= 2 * (p95.value or 0.0)


def judge(
    usual: Mapping[float, Usual],
    over: Usual | None,
    shift: Shift | None,
    part: LatencySlice | None,
    matters: float,
) -> Verdict:
    """Sum up: the quantiles against usual, the largest jump, the part that carries it.

    ``over`` is the share of requests over the usual p95; None where that is unknown.
    """
    judged = [usual[q] for q in JUDGED]
    if any(slower(each, matters) for each in judged):
        return Verdict.SLOWER
    # Before the share of slow ones, as a jump tells also since when.
    if shift and _jumped(shift, judged):
        return Verdict.JUMPED
    if more_slow(over, usual, matters):
        return Verdict.SLOWER
    if part:
        return Verdict.PART
    if all(each.unusual is None for each in judged):
        return Verdict.UNKNOWN
    unusual = [each for each in judged if each.unusual]
    if any(each.higher for each in unusual):
        return Verdict.SLIGHTLY
    # A gain is told only where it matters, a slight loss also where it doesn't yet.
    faster = [each for each in unusual if (each.times.value or 1.0) <= 1 / (1 + matters)]
    return Verdict.FASTER if faster else Verdict.USUAL


def _jumped(shift: Shift, judged: Sequence[Usual]) -> bool:
    """Say whether the share over the limit at least doubled within the time, hardly by chance."""
    before, during = shift.before.value or 0.0, shift.during.value or 0.0
    if not shift.began or during < 2 * before:
        return False
    return all(each.unusual is None for each in judged) or (shift.p or 1.0) <= SURELY
