"""Did what it says change: decisions, predictions and scores, last week against four before it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from bench.by_hand import Case, Hand, Numbers, Span, covered, table_rows, weeks_before
from commands.replies import Answered
from queries.measures.counting.quantiles import rank_bounds
from queries.outputs.changes import Verdict
from queries.statistics.drift import doane_bins

TEXT = "outputs bench last 7 days"
WEEKS = 4
DIMENSIONS = ("region", "channel", "product")
OTHER = {"approve": "repaid", "repaid": "approve"}
QUANTILES = (0.1, 0.5, 0.9)
WHEN = ("before", "now")

_WEEK = "(epoch_us(ts) - epoch_us($begin)) // 604800000000"
# Each week is cut where the last one ends.
_CUT = "(epoch_us(ts) - epoch_us($begin)) % 604800000000 < epoch_us($end) - epoch_us($start)"
COUNTED = f"""
    SELECT {_WEEK} AS week, {", ".join(DIMENSIONS)}, model_version,
        decision, prediction, count(*), sum(score)
    FROM read_parquet($log)
    WHERE ts >= $begin AND ts < $end AND {_CUT} AND decision IS NOT NULL GROUP BY ALL
"""
_SCORES = "FROM read_parquet($log) WHERE score IS NOT NULL AND ts >= {} AND ts < {}"
PAST = f"{_SCORES.format('$begin', '$start')} AND {_CUT}"
LATELY = _SCORES.format("$start", "$end")
SHAPE = f"SELECT count(*), min(score), max(score), skewness(score) {PAST}"
BINNED = """
    SELECT CASE WHEN score < $low THEN -1 WHEN score > $high THEN $bins
        ELSE least(floor((score - $low) / $width), $bins - 1) END AS bin, count(*)
    {} GROUP BY ALL
"""
PLACES = "SELECT quantile_cont(score, $places) {}"


def cases(_hand: Hand) -> list[Case]:
    """Give the one question."""
    return [
        Case(TEXT, lambda hand, answer: by_hand(hand, covered(answer), _lead(answer)), answered)
    ]


def by_hand(hand: Hand, span: Span, lead: str) -> Numbers:
    """Count both sides in one statement, and look at the scores of each.

    ``lead`` is the output that the answer splits: a decision, or what was predicted.
    """
    first = weeks_before(span, WEEKS)
    log = hand.log(Span(first.start, span.end))
    known = {"log": log, "begin": first.start, "start": span.start, "end": span.end}
    found = _shares(hand.rows(COUNTED, **known), lead)
    ((n_before, low, high, skew),) = hand.rows(SHAPE, **known)
    bins = doane_bins(
        n_before, skew * (n_before - 2) / math.sqrt(n_before * (n_before - 1)), low, high
    )
    width = (bins.high - bins.low) / bins.count
    for rows, when in ((PAST, "before"), (LATELY, "now")):
        cut = {"low": bins.low, "high": bins.high, "width": width, "bins": bins.count}
        counts = dict(hand.rows(BINNED.format(rows), **known, **cut))
        n = sum(counts.values())
        places = _places(n)
        ((values,),) = hand.rows(PLACES.format(rows), places=places, **known)
        keys = ((str(q), f"{when}{end}") for q in QUANTILES for end in ("", "_low", "_high"))
        found |= dict(zip(keys, values, strict=True))
    return found


def _shares(rows: list[tuple[Any, ...]], lead: str) -> Numbers:
    """Give each share of the last week; what was usual is a matter of statistics."""
    n: dict[tuple[Any, ...], float] = defaultdict(float)
    for week, *values, _version, decision, prediction, count, scores in rows:
        for slice_ in (("all", "all"), *zip(DIMENSIONS, values, strict=True)):
            n[week, *slice_] += count
            n[week, *slice_, lead] += count * (lead in (decision, prediction))
        n[week, "all", "all", OTHER[lead]] += count * (OTHER[lead] in (decision, prediction))
        n[week, "all", "all", "score"] += scores
    return {
        (*map(str, key[1:]), "now"): value / n[key[:3]]
        for key, value in n.items()
        if key[0] == WEEKS and len(key) == 4
    }


def _places(n: int) -> list[float]:
    """Give where among so many scores the quantiles lie, each followed by its two bounds."""
    bounds = ((q, rank_bounds(n, q)) for q in QUANTILES)
    return [
        place for q, ranks in bounds if ranks for place in (q, *((r - 1) / (n - 1) for r in ranks))
    ]


def answered(answer: Answered) -> Numbers:
    """Read the same from the answer's tables; the bars of the picture are put together there."""
    found: Numbers = {}
    for table in answer.answer.tables:
        for row in table_rows(table):
            key, told = _of(table.title, row, _lead(answer))
            found |= {(*key, each): row[each] for each in told}
    return found


def _lead(answer: Answered) -> str:
    """Give the share that changed, which the answer splits; the first where none did."""
    shares = table_rows(answer.answer.tables[0])
    changed = (row for row in shares if row["verdict"] != Verdict.NONE)
    return str(next(changed, shares[0])["value"])


def _of(title: str, row: Mapping[str, Any], lead: str) -> tuple[tuple[str, ...], Sequence[str]]:
    """Give the key of a table's row, and which of its numbers are compared."""
    if title in {"Shares", "Averages"}:
        value = "score" if title == "Averages" else str(row["value"])
        return ("all", "all", value), ("now",)
    if title == "Quantiles of score":
        ends = ("", "_low", "_high")
        return (str(row["quantile"]),), [f"{when}{end}" for when in WHEN for end in ends]
    if title.startswith("By ") and title != "By version":
        return (title.removeprefix("By "), str(row["slice"]), lead), ("now",)
    return (), ()
