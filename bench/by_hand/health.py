"""How are our models: one of them, requests to right answers, a week against four before it."""

from __future__ import annotations

from datetime import timedelta

from bench.by_hand import Case, Hand, Numbers, Span, covered, table_with, weeks_before
from commands.replies import Answered
from queries.measures.counting.quantiles import rank_bounds

TEXT = "health bench last 7 days"
WEEKS = 4
OUTCOME_DELAY = timedelta(days=9)
"""After so long outcomes are in, as the log's declaration has it."""
QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
NUMBERS = (
    "income", "debt_ratio", "employment_years", "age",
    "credit_lines", "late_payments", "loan_amount", "loan_term_months", "score",
)  # fmt: skip
CATEGORIES = ("income_band", "home", "purpose")

_WEEK = "(epoch_us(ts) - epoch_us($begin)) // 604800000000"
_WEEKS = "read_parquet($log) WHERE ts >= $begin AND ts < $end"
# Each week is cut where the last one ends.
_CUT = "(epoch_us(ts) - epoch_us($begin)) % 604800000000 < epoch_us($end) - epoch_us($start)"
OVER_TIME = f"""
    SELECT {_WEEK} AS week, (epoch_us(ts) - epoch_us($begin)) // 300000000 AS bucket,
        count(CASE WHEN error <> '' OR status <> 200 THEN 1 END), count(*), count(latency_ms)
    FROM {_WEEKS} AND {_CUT} GROUP BY ALL
"""
VALUES = f"""
    SELECT {_WEEK} AS week, quantile_cont(latency_ms, $places),
        count(prediction), count(CASE WHEN prediction = 'repaid' THEN 1 END), avg(score),
        {", ".join(f"count({x}), sum({x}), sum({x} * {x})" for x in NUMBERS)},
        {", ".join(f"count(nullif({x}, ''))" for x in CATEGORIES)}
    FROM {_WEEKS} AND {_CUT} GROUP BY ALL
"""
RIGHT = f"""
    SELECT {_WEEK} AS week, count(*), count(outcome),
        count(CASE WHEN outcome = prediction THEN 1 END)
    FROM (SELECT * FROM {_WEEKS} AND decision = 'approve')
    LEFT JOIN read_parquet($outcomes) USING (request_id) GROUP BY ALL
"""


def cases(_hand: Hand) -> list[Case]:
    """Give the one question."""
    return [Case(TEXT, lambda hand, answer: by_hand(hand, covered(answer)), answered)]


def by_hand(hand: Hand, span: Span) -> Numbers:
    """Count by time, sum everything up by week, and look up what was right when that is known."""
    first = weeks_before(span, WEEKS)
    log = hand.log(Span(first.start, span.end))
    known = {"begin": first.start, "start": span.start, "end": span.end, "log": log}
    failed, requests, timed = ([0] * (WEEKS + 1) for _ in range(3))
    for week, _, hits, n, with_latency in hand.rows(OVER_TIME, **known):
        failed[week] += hits
        requests[week] += n
        timed[week] += with_latency
    places = sorted({place for n in timed for place in _places(n)})
    values = {week: row for week, *row in hand.rows(VALUES, places=places, **known)}
    latency, said, repaid, score, *_ = values[WEEKS]
    at = dict(zip(places, latency, strict=True))
    past = [values[week] for week in range(WEEKS)]
    return _right(hand, span) | {
        ("requests",): requests[WEEKS],
        ("failed",): failed[WEEKS] / requests[WEEKS],
        ("failed_usual",): sum(failed[:WEEKS]) / sum(requests[:WEEKS]),
        ("p50",): at[QUANTILES["p50"]],
        ("p95",): at[QUANTILES["p95"]],
        ("said_share",): repaid / said,
        ("said_share_usual",): sum(row[2] for row in past) / sum(row[1] for row in past),
        ("score",): score,
    }


def _right(hand: Hand, span: Span) -> Numbers:
    """Count right answers in the latest week whose outcomes are in, and in four before it."""
    end = span.end.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    week = Span(end - OUTCOME_DELAY - timedelta(weeks=1), end - OUTCOME_DELAY)
    begin = weeks_before(week, WEEKS).start
    log = hand.log(Span(begin, week.end))
    rows = hand.rows(RIGHT, log=log, outcomes=hand.outcomes, begin=begin, end=week.end)
    right = {week: (hits, n) for week, _, n, hits in rows}
    now, past = right[WEEKS], [right[week] for week in range(WEEKS)]
    usual = sum(hits for hits, _ in past) / sum(n for _, n in past)
    return {("right",): now[0] / now[1], ("right_usual",): usual}


def _places(n: int) -> list[float]:
    """Give where among so many latencies the quantiles lie, each followed by its two bounds."""
    bounds = ((q, rank_bounds(n, q)) for q in QUANTILES.values())
    return [
        place for q, ranks in bounds if ranks for place in (q, *((r - 1) / (n - 1) for r in ranks))
    ]


def answered(answer: Answered) -> Numbers:
    """Read the same from the answer's only row; bands and onsets are no matter of SQL."""
    (row,) = table_with(answer, "model", "state")
    names = (
        *("requests", "failed", "failed_usual", "p50", "p95", "said_share", "said_share_usual"),
        *("score", "right", "right_usual"),
    )
    return {(name,): row[name] for name in names}
