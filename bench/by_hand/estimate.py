"""How good is it probably: the last 30 days by what a score meant in the reference set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from bench.bins_by_hand import bins, error, place
from bench.by_hand import Case, Hand, Numbers, Span, covered, table_with
from bench.judged_by_hand import (
    RANKS,
    REFERENCE,
    SUMS,
    arrived,
    join,
    ranking,
    rates,
    reference_metrics,
    total,
)
from commands.replies import Answered
from queries.measures.performance.metrics import METRICS
from queries.statistics.isotonic import Step, edges, isotonic

TEXT = "estimate bench last 30 days"
# As many as ``estimate`` cuts.
CELLS = 1000
ESTIMATED = ("accuracy", "roc_auc", "precision", "recall", "specificity", "f1")
NUMBERS = (
    "income", "debt_ratio", "employment_years", "age",
    "credit_lines", "late_payments", "loan_amount", "loan_term_months",
)  # fmt: skip
CATEGORIES = ("income_band", "home", "purpose")

Counts = npt.NDArray[np.float64]
"""Requests by step, and by whether the model said yes or no."""

STEPS = f"""
    WITH scores AS (
        SELECT score, count(*) AS n, count(*) FILTER (yes) AS hits
        FROM {REFERENCE} WHERE yes IS NOT NULL GROUP BY score
    ), placed AS (
        SELECT *, (sum(n) OVER (ORDER BY score) - n / 2) / sum(n) OVER () AS place FROM scores
    )
    SELECT min(score), max(score), sum(n)::BIGINT, sum(hits)::BIGINT
    FROM placed GROUP BY floor(place * {CELLS}) ORDER BY 1
"""
COUNTED = """
    SELECT day, yes IS NOT NULL, {step}, said, count(*) FROM judged GROUP BY ALL
"""
_HELD = "min({x}), max({x}), count({x}) = count(*)"
KNOWN = f"""
    SELECT {", ".join(_HELD.format(x=name) for name in NUMBERS)},
        {", ".join(f"list(DISTINCT {x}), count({x}) = count(*)" for x in CATEGORIES)}
    FROM read_parquet($reference)
"""
UNFAMILIAR = """
    SELECT count(*) FILTER ({strange}), count(*)
    FROM read_parquet($log) WHERE ts >= $start AND ts < $end AND decision = 'approve'
"""


def cases(_hand: Hand) -> list[Case]:
    """Give the one question."""
    return [Case(TEXT, lambda hand, answer: by_hand(hand, covered(answer)), answered)]


def by_hand(hand: Hand, span: Span) -> Numbers:
    """Count each day's requests by step, and read off what that step came to be before."""
    steps = isotonic([Step(*row) for row in hand.rows(STEPS, reference=hand.reference)])
    known = arrived(hand, span)
    join(hand, span, known.begin)
    days: dict[int, Counts] = defaultdict(lambda: np.zeros((len(steps), 2)))
    sql = COUNTED.format(step=place("score", edges(steps)))
    for day, came, step, said, n in hand.rows(sql):
        if came or day not in known.mature:
            days[day][step, 0 if said else 1] += n
    sums = {day: rest for day, *rest in hand.rows(SUMS.format(judged="judged"))}
    ((_, *ranks),) = hand.rows(RANKS.format(judged="judged", day="0", days=known.mature))
    young = [day for day in days if day not in known.mature]
    told = {
        "estimated": _estimated(steps, _together(days, young)),
        "then": _estimated(steps, _together(days, known.mature)),
        "realised": rates(*total(sums, known.mature)) | ranking(*ranks),
        "reference": reference_metrics(hand),
    }
    found: Numbers = {(name, what): told[what][name] for what in told for name in ESTIMATED}
    for day, counts in days.items():
        date = f"{known.begin + timedelta(days=day):%Y-%m-%d}"
        found[date, "n"] = counts.sum()
        found[date, "accuracy"] = _estimated(steps, counts)["accuracy"]
        found[date, "realised"] = rates(*sums[day])["accuracy"] if day in known.mature else None
    found["reference", "error"] = error(bins(hand, f"{REFERENCE} WHERE yes IS NOT NULL"))
    pending = Span(known.begin + timedelta(days=min(young)), span.end)
    found["unfamiliar", "share"] = _unfamiliar(hand, pending)
    return found


def _together(days: Mapping[int, Counts], some: Sequence[int]) -> Counts:
    found: Counts = np.sum([days[day] for day in some], axis=0)
    return found


def _estimated(steps: Sequence[Step], counts: Counts) -> dict[str, float]:
    """Give what the metrics should be if every step comes true as often as before."""
    share = np.array([each.hits / each.n for each in steps])
    (tp, fn), (fp, tn) = share @ counts, (1 - share) @ counts
    every = counts.sum(axis=1)
    hits, misses = every * share, every * (1 - share)
    below = np.cumsum(misses) - misses / 2
    auc = (hits * below).sum() / (hits.sum() * misses.sum())
    found = rates(every.sum(), tp, fp, fn, tn, 0.0, 0.0) | {"roc_auc": float(auc)}
    return {name: found[name] for name in ESTIMATED}


def _unfamiliar(hand: Hand, span: Span) -> float:
    """Count the requests with an input that the reference set never held."""
    (row,) = hand.rows(KNOWN, reference=hand.reference)
    strange = []
    for at, name in enumerate(NUMBERS):
        low, high, complete = row[3 * at : 3 * at + 3]
        missing = [f"{name} IS NULL"] if complete else []
        strange += [f"{name} < {low!r}", f"{name} > {high!r}", *missing]
    for at, name in enumerate(CATEGORIES):
        values, complete = row[3 * len(NUMBERS) + 2 * at :][:2]
        missing = [f"{name} IS NULL"] if complete else []
        strange += [f"{name} NOT IN {tuple(values)}", *missing]
    sql = UNFAMILIAR.format(strange=" OR ".join(strange))
    ((any_, n),) = hand.rows(sql, log=hand.log(span), start=span.start, end=span.end)
    return float(any_ / n)


def answered(answer: Answered) -> Numbers:
    """Read the same from the answer's tables and findings; bands are simulated, not computed."""
    names = {metric.label: name for name, metric in METRICS.items()}
    found: Numbers = {}
    for row in table_with(answer, "metric", "estimated"):
        name = names[str(row["metric"])]
        for what in ("estimated", "then", "realised", "reference"):
            found[name, what] = row[what]
    for row in table_with(answer, "day", "realised"):
        date = f"{row['day']:%Y-%m-%d}"
        found |= {(date, name): row[name] for name in ("n", "accuracy", "realised")}
    said = {each.kind: each.numbers for each in answer.answer.findings}
    found["reference", "error"] = said["reference scores"]["error"].value
    found["unfamiliar", "share"] = said["unfamiliar inputs"]["share"].value
    return found
