"""By hand, for all questions about outcomes: which days count, their requests, and the metrics.

Requests and outcomes are joined twice: those of ninety days to learn how long outcomes take, and
those of the time asked for into a temporary table that everything else is computed from.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.by_hand import Hand, Span
from queries.measures.outcomes.maturity import DayCounts, DayState, judge

EARLIER = timedelta(days=60)
"""How far before the time older days say how long outcomes take."""
DECLARED = 9.0
"""Days that outcomes take, as the log's declaration has it."""

_DAY = "(epoch_us({}) - epoch_us($begin)) // 86400000000"
DELAYS = f"""
    SELECT {_DAY.format("ts")} AS day,
        greatest({_DAY.format("reported_at")} - {_DAY.format("ts")}, 0) AS delay,
        count(*), count(reported_at)
    FROM (SELECT * FROM read_parquet($log) WHERE decision = 'approve' AND ts < $end)
    LEFT JOIN read_parquet($outcomes) USING (request_id) GROUP BY ALL
"""
JOINED = f"""
    CREATE OR REPLACE TEMP TABLE judged AS
    SELECT {_DAY.format("ts")} AS day, score, prediction = 'repaid' AS said,
        outcome = 'repaid' AS yes{{more}}
    FROM (
        SELECT * FROM read_parquet($log)
        WHERE decision = 'approve' AND ts >= $start AND ts < $end
    ) LEFT JOIN read_parquet($outcomes) USING (request_id)
"""
REFERENCE = """(
    SELECT 0 AS day, score, prediction = 'repaid' AS said, outcome = 'repaid' AS yes
    FROM read_parquet($reference) WHERE decision = 'approve'
)"""
_GIVEN = "CASE WHEN yes THEN score ELSE 1 - score END"
SUMS = f"""
    SELECT day, count(yes), count(*) FILTER (yes AND said),
        count(*) FILTER (NOT yes AND said), count(*) FILTER (yes AND NOT said),
        count(*) FILTER (NOT yes AND NOT said),
        sum((1 - ({_GIVEN})) * (1 - ({_GIVEN}))), -sum(ln({_GIVEN}))
    FROM {{judged}} WHERE yes IS NOT NULL GROUP BY day
"""
# What AUC with its interval and average precision are made of, in one walk down the scores.
RANKS = """
    WITH scores AS (
        SELECT {day} AS day, score, CAST(count(*) FILTER (yes) AS DOUBLE) AS pos,
            CAST(count(*) FILTER (NOT yes) AS DOUBLE) AS neg
        FROM {judged} WHERE yes IS NOT NULL AND day IN {days} GROUP BY ALL
    ), walked AS (
        SELECT *, sum(pos) OVER down AS pos_down, sum(neg) OVER down AS neg_down
        FROM scores WINDOW down AS (PARTITION BY day ORDER BY score DESC)
    )
    SELECT day, sum(pos), sum(neg), sum(pos * (neg_down - neg / 2)),
        sum(pos * (neg_down - neg / 2) * (neg_down - neg / 2)),
        sum(neg * (pos_down - pos / 2)), sum(neg * (pos_down - pos / 2) * (pos_down - pos / 2)),
        sum(pos * pos_down / (pos_down + neg_down))
    FROM walked GROUP BY day
"""


@dataclass(frozen=True)
class Arrived:
    """Days, numbered from ``begin``: their rows and outcomes, and which of the time's count."""

    begin: datetime
    counts: dict[int, tuple[int, int]]
    mature: tuple[int, ...]


def arrived(hand: Hand, span: Span) -> Arrived:
    """Say which days of a time count; judged from the delays, which is no matter of SQL."""
    begin = span.start - EARLIER
    log = hand.log(Span(begin, span.end))
    rows = hand.rows(DELAYS, log=log, outcomes=hand.outcomes, begin=begin, end=span.end)
    counts: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    delays: dict[int, dict[int, int]] = defaultdict(dict)
    for day, delay, n, outcomes in rows:
        counts[day] = counts[day][0] + n, counts[day][1] + outcomes
        if outcomes:
            delays[day][delay] = outcomes
    last = math.ceil((span.end - begin) / timedelta(days=1))
    judged = judge(
        [DayCounts(last - 1 - day, *counts[day], delays[day]) for day in range(last)], DECLARED
    )
    states = enumerate(each.state for each in judged.days)
    asked = [day for day, state in states if day >= EARLIER.days and state is DayState.MATURE]
    return Arrived(begin, dict(counts), tuple(asked))


def join(hand: Hand, span: Span, begin: datetime, *more: str) -> None:
    """Keep the requests that can have an outcome, with further columns, in the table ``judged``."""
    sql = JOINED.format(more="".join(f", {name}" for name in more))
    known = {"begin": begin, "start": span.start, "end": span.end}
    hand.rows(sql, log=hand.log(span), outcomes=hand.outcomes, **known)


def reference_metrics(hand: Hand) -> dict[str, float]:
    """Compute every metric of the reference set."""
    ((_, *sums),) = hand.rows(SUMS.format(judged=REFERENCE), reference=hand.reference)
    walked = RANKS.format(judged=REFERENCE, day="0", days="(0)")
    ((_, *ranks),) = hand.rows(walked, reference=hand.reference)
    return rates(*sums) | ranking(*ranks)


def total(sums: Mapping[int, Sequence[float]], days: Sequence[int]) -> list[float]:
    """Add the sums of several days up."""
    return [sum(each) for each in zip(*(sums[day] for day in days), strict=True)]


def rates(
    n: float, tp: float, fp: float, fn: float, tn: float, brier: float, loss: float
) -> dict[str, float]:
    """Give the metrics that need no order, from sums."""
    return {
        "n": n,
        "accuracy": (tp + tn) / n,
        "precision": tp / (tp + fp),
        "recall": tp / (tp + fn),
        "specificity": tn / (tn + fp),
        "f1": 2 * tp / (2 * tp + fp + fn),
        "brier": brier / n,
        "log_loss": loss / n,
    }


def ranking(
    p: float, n: float, missed: float, squares: float, found: float, found_squares: float, ap: float
) -> dict[str, float]:
    """Give AUC with DeLong's interval, and average precision."""
    auc = 1 - missed / n / p
    s10 = (squares / n**2 - p * (1 - auc) ** 2) / (p - 1)
    below = n - 2 * found / p + found_squares / p**2
    s01 = (below - n * (1 - auc) ** 2) / (n - 1)
    # The normal distribution's quantile at 97.5 %.
    half = 1.959963984540054 * math.sqrt(s10 / p + s01 / n)
    return {
        "roc_auc": auc,
        "roc_auc_low": auc - half,
        "roc_auc_high": auc + half,
        "average_precision": ap / p,
    }
