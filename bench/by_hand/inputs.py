"""Have the inputs changed: eleven of them, last week against the reference set."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from bench.by_hand import Case, Hand, Numbers, Span, covered, table_with
from commands.replies import Answered
from queries.core import words
from queries.statistics.drift import Bins, doane_bins

TEXT = "inputs bench last 7 days"
NUMBERS = (
    "income", "debt_ratio", "employment_years", "age",
    "credit_lines", "late_payments", "loan_amount", "loan_term_months",
)  # fmt: skip
CATEGORIES = ("income_band", "home", "purpose")
EMPTIED = "income_band"
OUTSIDE = -1

Counts = Mapping[object, int]

REFERENCE = "read_parquet($reference)"
LATELY = "read_parquet($log) WHERE ts >= $start AND ts < $end"
_FINITE = "CASE WHEN isfinite({x}) THEN {x} END"
_HELD = f"count({{x}}), count(CASE WHEN isnan({{x}}) THEN 1 END), count({_FINITE}), avg({_FINITE})"
_SHAPE = f"{_HELD}, min({_FINITE}), max({_FINITE}), skewness({_FINITE})"
SHAPES = f"SELECT count(*), {', '.join(_SHAPE.format(x=x) for x in NUMBERS)} FROM {REFERENCE}"
MEANS = f"SELECT count(*), {', '.join(_HELD.format(x=x) for x in NUMBERS)} FROM {LATELY}"
_BIN = (
    "CASE WHEN {x} BETWEEN {low} AND {high} "
    # The largest value belongs to the last bin, not to one of its own.
    "THEN least(floor(({x} - {low}) / {width}), {last}) WHEN {x} IS NOT NULL THEN {outside} END"
)
SINCE = f"""
    SELECT (epoch_us(ts) - epoch_us($start)) // 300000000 AS bucket,
        count(*) - count(nullif({EMPTIED}, '')), count(*)
    FROM {LATELY} GROUP BY ALL
"""


def cases(_hand: Hand) -> list[Case]:
    """Give the one question."""
    return [Case(TEXT, lambda hand, answer: by_hand(hand, covered(answer)), answered)]


def by_hand(hand: Hand, span: Span) -> Numbers:
    """Profile the reference, count both sides on its bins, and look when one input emptied."""
    known = {"log": hand.log(span), "start": span.start, "end": span.end}
    ((rows_before, *shapes),) = hand.rows(SHAPES, reference=hand.reference)
    shape = {name: shapes[7 * at : 7 * at + 7] for at, name in enumerate(NUMBERS)}
    bins = {name: _bins(*each) for name, each in shape.items()}
    before = _counts(hand.rows(_counted(bins, REFERENCE), reference=hand.reference))
    ((rows, *held),) = hand.rows(MEANS, **known)
    now = _counts(hand.rows(_counted(bins, LATELY), **known))
    # Asked for its time alone: since when is a matter of statistics.
    hand.rows(SINCE, **known)
    found: Numbers = {}
    for at, name in enumerate(NUMBERS):
        found[name, "shift"] = _distance(before[name], now[name])
        found |= _held(name, "before", rows_before, *shape[name][:4])
        found |= _held(name, "now", rows, *held[4 * at : 4 * at + 4])
    for name in CATEGORIES:
        found[name, "shift"] = _distance(before[name], now[name])
        found |= _commonest(name, "before", before[name]) | _commonest(name, "now", now[name])
        unseen = sum(n for value, n in now[name].items() if value and value not in before[name])
        found[name, "new_values"] = unseen / sum(now[name].values())
    return found


def _bins(n: int, _nan: int, _n: int, _mean: float, low: float, high: float, skew: float) -> Bins:
    """Give Doane's bins; DuckDB's skewness is the sample's, his rule's is the moment's."""
    return doane_bins(n, skew * (n - 2) / math.sqrt(n * (n - 1)), low, high)


def _counted(bins: Mapping[str, Bins], rows: str) -> str:
    """Write the count by bin or category of every column, all in one pass."""
    listed = [
        _BIN.format(
            x=name,
            low=repr(each.low),
            high=repr(each.high),
            width=repr((each.high - each.low) / each.count),
            last=each.count - 1,
            outside=OUTSIDE,
        )
        + f" AS b_{name}"
        for name, each in bins.items()
    ]
    keys = [*(f"b_{name}" for name in NUMBERS), *CATEGORIES]
    which = " ".join(f"WHEN grouping({key}) = 0 THEN {at}" for at, key in enumerate(keys))
    numbers = ", ".join(keys[: len(NUMBERS)])
    return f"""
        SELECT CASE {which} END, coalesce({numbers}), coalesce({", ".join(CATEGORIES)}), count(*)
        FROM (SELECT {", ".join([*listed, *CATEGORIES])} FROM {rows})
        GROUP BY GROUPING SETS ({", ".join(f"({key})" for key in keys)})
    """


def _counts(rows: list[tuple[int, float | None, str | None, int]]) -> dict[str, dict[object, int]]:
    names = (*NUMBERS, *CATEGORIES)
    found: dict[str, dict[object, int]] = {name: {} for name in names}
    for which, bin_, category, n in rows:
        found[names[which]][bin_ if category is None else category] = n
    return found


def _held(name: str, when: str, rows: int, n: int, nan: int, finite: int, mean: float) -> Numbers:
    """Say what a column of numbers holds: how much is missing or infinite, and the average."""
    found: Numbers = {(name, when): f"average {words.number(mean)}"}
    found[name, "missing" if when == "now" else "missing_before"] = (rows - n + nan) / rows
    return found | ({(name, "infinite"): (n - nan - finite) / rows} if when == "now" else {})


def _commonest(name: str, when: str, counts: Counts) -> Numbers:
    """Say what a column of categories holds: how much is missing, and the commonest one."""
    rows, missing = sum(counts.values()), counts.get(None, 0)
    value, n = max((each for each in counts.items() if each[0] is not None), key=lambda one: one[1])
    found: Numbers = {(name, when): f"{value} {words.share(n / (rows - missing))}"}
    found[name, "missing" if when == "now" else "missing_before"] = missing / rows
    return found


def _distance(before: Counts, now: Counts) -> float:
    """Give the Jensen-Shannon distance of what two sides hold, base 2."""
    values = sorted((before.keys() | now.keys()) - {None}, key=str)
    counts = np.array([[side.get(value, 0) for value in values] for side in (before, now)], float)
    shares = counts / counts.sum(axis=1, keepdims=True)
    ratio = np.where(shares > 0, shares, 1) / np.where(shares > 0, shares.mean(axis=0), 1)
    return math.sqrt(max(0.0, float((shares * np.log2(ratio)).sum()) / 2))


def answered(answer: Answered) -> Numbers:
    """Read the same from the answer's table."""
    found: Numbers = {}
    for row in table_with(answer, "input", "shift"):
        name = str(row["input"])
        for key in ("shift", "missing_before", "missing", "before", "now"):
            found[name, key] = row[key]
        kind = "infinite" if name in NUMBERS else "new_values"
        found[name, kind] = row[kind]
    return found
