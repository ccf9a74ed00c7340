"""Is the data broken: eleven columns, last week against the reference set, and over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bench.by_hand import Case, Hand, Numbers, Span, covered, table_with
from commands.replies import Answered
from queries.core import words

TEXT = "quality bench last 7 days"
NUMBERS = (
    "income", "debt_ratio", "employment_years", "age",
    "credit_lines", "late_payments", "loan_amount", "loan_term_months",
)  # fmt: skip
CATEGORIES = ("income_band", "home", "purpose")
FIRST = 5 * len(NUMBERS)
"""Where what is counted of categories begins."""
OF_NUMBERS = ("nan", "infinite", "outside", "range", "range_before")
BUCKETS = 42
"""Of five minutes, in a point of the picture."""

LATELY = "read_parquet($log) WHERE ts >= $start AND ts < $end"
_FINITE = "CASE WHEN isfinite({x}) THEN {x} END"
_COUNTED = (
    "count({x}), count(CASE WHEN isnan({x}) THEN 1 END), "
    f"count({_FINITE}), min({_FINITE}), max({_FINITE})"
)
BEFORE = f"""
    SELECT count(*), {", ".join(_COUNTED.format(x=x) for x in NUMBERS)},
        {", ".join(f"list(DISTINCT {x}), count(nullif({x}, ''))" for x in CATEGORIES)}
    FROM read_parquet($reference)
"""
_OUTSIDE = f"count(CASE WHEN {_FINITE} NOT BETWEEN {{low}} AND {{high}} THEN 1 END)"
NOW = f"""
    SELECT count(*), {", ".join(_COUNTED.format(x=x) for x in NUMBERS)}, {{outside}}
    FROM {LATELY}
"""
KINDS = f"""
    SELECT coalesce({", ".join(CATEGORIES)}), {", ".join(f"grouping({x})" for x in CATEGORIES)},
        count(*)
    FROM {LATELY} GROUP BY GROUPING SETS ({", ".join(f"({x})" for x in CATEGORIES)})
"""
OVER_TIME = f"""
    SELECT (epoch_us(ts) - epoch_us($start)) // 300000000 AS bucket, count(*),
        {", ".join(f"count({x}) - count(CASE WHEN isnan({x}) THEN 1 END)" for x in NUMBERS)},
        {", ".join(f"count(nullif({x}, ''))" for x in CATEGORIES)}
    FROM {LATELY} GROUP BY ALL
"""
TWICE = f"SELECT count(request_id) - count(DISTINCT request_id) FROM {LATELY}"


def cases(_hand: Hand) -> list[Case]:
    """Give the one question."""
    return [Case(TEXT, lambda hand, answer: by_hand(hand, covered(answer)), answered)]


def by_hand(hand: Hand, span: Span) -> Numbers:
    """Profile the reference, count all columns of the week, and what is missing over time."""
    ((rows, *before),) = hand.rows(BEFORE, reference=hand.reference)
    known = {"log": hand.log(span), "start": span.start, "end": span.end}
    ((n, *now),) = hand.rows(_now(before), **known)
    kinds = hand.rows(KINDS, **known)
    over_time = hand.rows(OVER_TIME, **known)
    # Asked for its time alone: no id stands there twice.
    hand.rows(TWICE, **known)
    found: Numbers = {}
    for at, name in enumerate((*NUMBERS, *CATEGORIES)):
        by_time = [(row[0], row[1] - row[2 + at], row[1]) for row in over_time]
        missing = sum(hits for _, hits, _ in by_time)
        found |= _over_time(name, span, by_time)
        if name in NUMBERS:
            held, nan, _, low, high = before[5 * at : 5 * at + 5]
            was = rows - held + nan
            there, nan, finite, *reached = now[5 * at : 5 * at + 5]
            found |= {(name, "nan"): nan, (name, "infinite"): (there - nan - finite) / n}
            found |= {(name, "range_before"): _range(low, high), (name, "range"): _range(*reached)}
            found[name, "outside"] = now[FIRST + at] / n
        else:
            place = at - len(NUMBERS)
            values, held = before[FIRST + 2 * place :][:2]
            was = rows - held
            mine = [(value, k) for value, *grouped, k in kinds if not grouped[place]]
            found[name, "unseen"] = sum(k for value, k in mine if value and value not in values) / n
        shares = {"missing": missing / n, "missing_before": was / rows}
        found |= {(name, what): value for what, value in shares.items()}
        found[name, "change"] = 100 * (shares["missing"] - shares["missing_before"])
    return found


def _now(before: Sequence[Any]) -> str:
    """Write the count of the week, which holds each column against what it was before."""
    outside = (
        _OUTSIDE.format(x=x, low=repr(before[5 * at + 3]), high=repr(before[5 * at + 4]))
        for at, x in enumerate(NUMBERS)
    )
    return NOW.format(outside=", ".join(outside))


def _range(low: float, high: float) -> str:
    return f"{words.number(low)} to {words.number(high)}"


def _over_time(name: str, span: Span, missing: Sequence[tuple[int, int, int]]) -> Numbers:
    """Sum the five minutes up to the picture's points."""
    hits: Counter[int] = Counter()
    trials: Counter[int] = Counter()
    for bucket, some, n in missing:
        hits[bucket // BUCKETS] += some
        trials[bucket // BUCKETS] += n
    found: Numbers = {}
    for point, n in trials.items():
        time = (span.start + point * BUCKETS * timedelta(minutes=5)).isoformat()
        found |= {(name, time, "hits"): hits[point], (name, time, "requests"): n}
    return found


def answered(answer: Answered) -> Numbers:
    """Read the same from the answer's tables."""
    found: Numbers = {}
    for row in table_with(answer, "column", "verdict"):
        name = str(row["column"])
        own = ("unseen",) if name in CATEGORIES else OF_NUMBERS
        names = ("missing", "missing_before", "change", *own)
        found |= {(name, what): row[what] for what in names}
    for row in table_with(answer, "time", "column", "hits"):
        time = row["time"].replace(tzinfo=None).isoformat()
        found |= {(str(row["column"]), time, what): row[what] for what in ("hits", "requests")}
    return found
