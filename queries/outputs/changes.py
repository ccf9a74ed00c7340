"""Whether what a model says changed, beyond chance and by enough to act."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from queries.core.number import Number
from queries.core.source import Matters
from queries.measures.columns.rates import BEYOND_CHANCE
from queries.measures.predictions.outputs import Output
from queries.outputs.sums import Sums, pooled
from queries.statistics.estimates import ENOUGH, LEVEL, cannot_say, t_quantile, two_sided
from queries.statistics.multiplicity import benjamini_hochberg
from queries.statistics.rates import difference, two_proportions
from queries.statistics.trend import moves_one_way
from queries.statistics.usual import usual_rate
from queries.statistics.usual_values import usual_value


class Verdict(StrEnum):
    """What may be said of an output's change, what asks most first."""

    GONE = "said no more"
    ENOUGH = "changed enough to act"
    STEADY = "kept falling or rising"
    LESS = "changed, but less than what matters"
    NONE = "no change shown"
    UNKNOWN = "too little past to say"
    FEW = "too few to say"


@dataclass(frozen=True, slots=True)
class OutputChange:
    """One output now and before.

    ``before`` is the pooled past with the band in which the present would usually lie, or the
    reference's value with its interval. ``change`` is now less before: a change outside of its
    interval would have been seen, so that ``seen`` is the largest that may be hidden. ``least``
    is the smallest worth acting on, in the output's unit. ``q`` is the p value corrected for the
    number of outputs; None where the past's own variation judges. ``path`` holds the value at each
    comparable time, the oldest first, and the present last; it is empty against the reference.
    """

    output: Output
    now: Number
    before: Number
    change: Number
    least: float
    q: float | None
    verdict: Verdict
    path: tuple[Number, ...] = ()

    @property
    def seen(self) -> float | None:
        """How large a change would have been seen; None without an interval."""
        if self.change.low is None or self.change.high is None:
            return None
        return max(abs(self.change.low), abs(self.change.high))

    @property
    def hidden(self) -> bool:
        """Say whether a change that matters may hide behind no change shown."""
        seen = self.seen
        return self.verdict is Verdict.NONE and seen is not None and seen > self.least

    @property
    def size(self) -> float:
        """The change as a multiple of what matters."""
        moved = abs(self.change.value or 0.0)
        return moved / self.least if self.least else math.inf if moved else 0.0


def against_past(
    outputs: Sequence[Output],
    now: Sequence[Sums],
    past: Sequence[Sequence[Sums]],
    matters: Matters,
) -> tuple[OutputChange, ...]:
    """Judge outputs by how much they vary between comparable periods: ``past`` by period.

    The level of the bands is corrected for the number of outputs of a kind (Bonferroni): classes
    of one role, or metrics. Decision, prediction and score say the same thing in different words.
    """
    kinds = Counter(each.kind for each in outputs)
    return tuple(
        _against_past(
            output,
            now[i],
            [period[i] for period in past],
            matters,
            1 - (1 - LEVEL) / kinds[output.kind],
        )
        for i, output in enumerate(outputs)
    )


def _against_past(
    output: Output, now: Sums, past: Sequence[Sums], matters: Matters, level: float
) -> OutputChange:
    number = now.number(output)
    if output.value is not None:
        counts = [(each.hits, each.n) for each in past]
        usual = usual_rate(counts, (now.hits, now.n), level=level)
    else:
        usual = usual_value([each.number(output) for each in past], number, level)
    before = usual.usual if usual.usual.value is not None else pooled(past).number(output)
    change, least = _beyond(usual.now, before), output.least(matters, before.value or 0.0)
    verdict = _few(now, pooled(past)) or _verdict(usual.unusual, change, least)
    # Only where nothing worse was found: a trend is looked for because it widens the usual range.
    if verdict in (Verdict.NONE, Verdict.LESS) and _steady([*reversed(past), now], least, level):
        verdict = Verdict.STEADY
    path = (*(each.number(output) for each in reversed(past)), number)
    return OutputChange(
        output=output,
        now=number,
        before=before,
        change=change,
        least=least,
        q=None,
        verdict=verdict,
        path=path,
    )


def _steady(path: Sequence[Sums], least: float, level: float) -> bool:
    """Say whether a value moved one way all the time, and by what matters from first to last."""
    means = [each.mean for each in path]
    enough = min(each.n for each in path) >= ENOUGH and abs(means[-1] - means[0]) >= least
    return enough and moves_one_way(means, level)


def against_reference(
    outputs: Sequence[Output], now: Sequence[Sums], reference: Sequence[Sums], matters: Matters
) -> tuple[OutputChange, ...]:
    """Judge outputs by chance alone, against a fixed set (Benjamini-Hochberg over outputs)."""
    compared = [compare(output, now[i], reference[i]) for i, output in enumerate(outputs)]
    found = []
    for i, q in enumerate(benjamini_hochberg([p for _, p in compared])):
        before, change = reference[i].number(outputs[i]), compared[i][0]
        least = outputs[i].least(matters, before.value or 0.0)
        moved = None if q is None else q <= BEYOND_CHANCE
        verdict = _few(now[i], reference[i]) or _verdict(moved, change, least)
        number = now[i].number(outputs[i])
        found.append(
            OutputChange(
                output=outputs[i],
                now=number,
                before=before,
                change=change,
                least=least,
                q=q,
                verdict=verdict,
            )
        )
    return tuple(found)


def compare(output: Output, now: Sums, before: Sums) -> tuple[Number, float | None]:
    """Give the difference of two shares (Newcombe) or means (Welch), and its p value."""
    if output.value is not None:
        counts = now.hits, now.n, before.hits, before.n
        return difference(*counts), two_proportions(*counts).p
    n = now.n + before.n
    if now.n < 2 or before.n < 2:
        return cannot_say("too few values on one side", n), None
    value, error = now.mean - before.mean, math.hypot(now.error, before.error)
    if not error:
        return Number(value, n, value, value), 1.0 if value == 0 else 0.0
    parts = now.error**4 / (now.n - 1) + before.error**4 / (before.n - 1)
    df = error**4 / parts
    half = t_quantile(df) * error
    return Number(value, n, value - half, value + half), two_sided(value / error, df)


def _beyond(now: Number, usual: Number) -> Number:
    """Give how far the present lies from the past, with the band's width as its interval."""
    n = now.n + usual.n
    if now.value is None or usual.value is None:
        return cannot_say(now.why or usual.why, n, now.unit)
    value = now.value - usual.value
    if usual.low is None or usual.high is None:
        return Number(value, n, unit=now.unit, why=usual.why)
    # Turned round: the change is least against the band's upper end.
    return Number(value, n, now.value - usual.high, now.value - usual.low, now.unit)


def _few(now: Sums, before: Sums) -> Verdict | None:
    """Say that a side has too few values to compare, or that the present has none any more."""
    # Requests come, but nothing is said of any: that is no want of data.
    if not now.n and min(now.rows, before.n) >= ENOUGH:
        return Verdict.GONE
    return Verdict.FEW if min(now.n, before.n) < ENOUGH else None


def _verdict(moved: bool | None, change: Number, least: float) -> Verdict:
    if moved is None:
        return Verdict.UNKNOWN
    if not moved:
        return Verdict.NONE
    return Verdict.ENOUGH if abs(change.value or 0.0) >= least else Verdict.LESS
