"""What changed around then: everything in the log by five minutes, against four weeks before it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.by_hand import Case, Hand, Numbers, Span, covered, table_rows, weeks_before
from commands.replies import Answered

TEXT = "changes bench last 3 days"
WEEKS = 4
BUCKET = timedelta(minutes=5)
NUMBERS = (
    "income", "debt_ratio", "employment_years", "age", "credit_lines", "late_payments",
    "loan_amount", "loan_term_months",
)  # fmt: skip
CATEGORIES = ("income_band", "home", "purpose")
TOLD_APART = 3
SLOWER = 1.1
"""Slow is what takes a tenth longer than 19 of 20 requests usually do."""
BROKEN = "EMEA"

_WEEK = "(epoch_us(ts) - epoch_us($begin)) // 604800000000"
# Each week is cut where the last one ends.
_CUT = "(epoch_us(ts) - epoch_us($begin)) % 604800000000 < epoch_us($end) - epoch_us($start)"
_BUCKET = "(epoch_us(ts) - epoch_us($begin)) % 604800000000 // 300000000"
_PAST = f"FROM read_parquet($log) WHERE ts >= $begin AND ts < $start AND {_CUT}"
TYPICAL = f"""
    SELECT quantile_cont(latency_ms, 0.95),
        {", ".join(f"quantile_cont({name}, [0.25, 0.75])" for name in (*NUMBERS, "score"))} {_PAST}
"""
COMMON = f"""
    SELECT {", ".join(CATEGORIES)}, count(*) {_PAST} GROUP BY GROUPING SETS
        ({", ".join(f"({name})" for name in CATEGORIES)})
"""
OVER_TIME = f"""
    SELECT {_WEEK} AS week, {_BUCKET} AS bucket, {{counts}}
    FROM read_parquet($log) WHERE ts >= $begin AND ts < $end AND {_CUT} GROUP BY ALL
"""
BY_SLICE = f"""
    SELECT region, channel, product, model_version, {_WEEK} AS week, count(*),
        count(*) FILTER (status <> 200), count(*) FILTER (income_band IS NULL)
    FROM read_parquet($log) WHERE ts >= $begin AND ts < $end AND {_CUT} GROUP BY ALL
"""
THERE = f"""
    SELECT {_BUCKET} AS bucket, count(*), count(*) FILTER (status <> 200),
        count(*) FILTER (income_band IS NULL)
    FROM read_parquet($log) WHERE ts >= $start AND ts < $end AND region = '{BROKEN}' GROUP BY ALL
"""
KINDS = f"""
    SELECT error, count(*), count(*) FILTER (income_band IS NULL)
    FROM read_parquet($log) WHERE ts >= $start AND ts < $end AND region = '{BROKEN}' GROUP BY ALL
"""
VERSIONS = """
    SELECT model_version, region, channel, product, min(ts), count(*)
    FROM read_parquet($log) WHERE ts >= $earlier AND ts < $end GROUP BY ALL
"""
CAME = """
    SELECT count(*) FROM read_parquet($log) JOIN read_parquet($outcomes) USING (request_id)
    WHERE ts >= $earlier AND ts < $end AND reported_at >= $since AND reported_at <= $end
"""

Counts = npt.NDArray[np.float64]
"""By week (the present last) and five minutes."""


def cases(_hand: Hand) -> list[Case]:
    """Give the one question."""
    return [Case(TEXT, by_hand, answered)]


def by_hand(hand: Hand, answer: Answered) -> Numbers:
    """Count everything over time, and each within the stretch that the answer found odd."""
    span = covered(answer)
    begin = weeks_before(span, WEEKS).start
    known: dict[str, Any] = {"begin": begin, "start": span.start, "end": span.end}
    known["log"] = hand.log(Span(begin, span.end))
    signals = _signals(hand, known)
    conditions = list(dict.fromkeys(each for pair in signals.values() for each in pair))
    counts = ", ".join(f"count(*) FILTER ({each})" for each in conditions)
    buckets = -(-(span.end - span.start) // BUCKET)
    placed = np.zeros((len(conditions), WEEKS + 1, buckets))
    for week, bucket, *row in hand.rows(OVER_TIME.format(counts=counts), **known):
        placed[:, week, bucket] = row
    by_condition = dict(zip(conditions, placed, strict=True))
    _look_closer(hand, known)
    found: Numbers = {}
    for what, stretch in _stretches(answer, span):
        hits, trials = (by_condition[each] for each in signals[what])
        found |= _told(what, hits, trials, stretch, span)
    return found


def _signals(hand: Hand, known: Mapping[str, object]) -> dict[str, tuple[str, str]]:
    """Give for all that is looked at what it is called, what is counted, and of what."""
    ((slow, *quartiles),) = hand.rows(TYPICAL, **known)
    found = {"requests a minute": ("true", "true"), "failures": ("status <> 200", "true")}
    found["requests slower than"] = f"latency_ms > {slow * SLOWER!r}", "latency_ms IS NOT NULL"
    for name, (low, high) in zip((*NUMBERS, "score"), quartiles, strict=True):
        said = "the scores" if name == "score" else f"the input “{name}”"
        there = f"{name} IS NOT NULL"
        found[f"{said} above"] = f"{name} > {high!r}", there
        found[f"{said} below"] = f"{name} < {low!r}", there
        found[f"{said}, missing"] = f"{name} IS NULL", "true"
    values = hand.rows(COMMON, **known)
    for at, name in enumerate(CATEGORIES):
        ranked = sorted((-row[-1], row[at]) for row in values if row[at] is not None)
        listed = ", ".join(f"'{value}'" for _, value in ranked)
        found[f"the input “{name}”, missing"] = f"{name} IS NULL", "true"
        found[f"the input “{name}”, values never seen"] = f"{name} NOT IN ({listed})", "true"
        for _, value in ranked[:TOLD_APART]:
            hit = f"{name} = '{value}'"
            found[f"the input “{name}” “{value}”"] = hit, f"{name} IS NOT NULL"
    found["predictions “repaid”"] = "prediction = 'repaid'", "prediction IS NOT NULL"
    found["decisions “approve”"] = "decision = 'approve'", "decision IS NOT NULL"
    return found


def _stretches(answer: Answered, span: Span) -> Iterator[tuple[str, slice]]:
    """Give each thing looked at, and the five minutes that the answer speaks of."""
    (table,) = [each for each in answer.answer.tables if each.title == "Looked at"]
    for row in table_rows(table):
        ends = (_naive(row[name]) - span.start for name in ("from", "to"))
        first, last = (-(-each // BUCKET) for each in ends)
        yield _named(str(row["what"])), slice(first, last)


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _named(what: str) -> str:
    """Leave the limit out: “the scores above 0.69” is what lies above."""
    return re.sub(r" -?[\d.,]+( ms)?$", "", what)


def _told(what: str, hits: Counts, trials: Counts, stretch: slice, span: Span) -> Numbers:
    now, past = (hits[weeks, stretch].sum() for weeks in (-1, slice(0, -1)))
    if what == "requests a minute":
        start = span.start + stretch.start * BUCKET
        minutes = (min(span.start + stretch.stop * BUCKET, span.end) - start) / timedelta(minutes=1)
        return {(what, "now"): now / minutes, (what, "usual"): past / minutes / WEEKS}
    of_now, of_past = (trials[weeks, stretch].sum() for weeks in (-1, slice(0, -1)))
    return {(what, "now"): now / of_now, (what, "usual"): past / of_past}


def _look_closer(hand: Hand, known: Mapping[str, Any]) -> None:
    """Count by slice, within the region that broke, versions and outcomes.

    What the answer says of these is a matter of statistics, so no number of theirs is compared.
    """
    start, end = known["start"], known["end"]
    hand.rows(BY_SLICE, **known)
    hand.rows(THERE, **known)
    hand.rows(KINDS, **known)
    hand.rows(VERSIONS, **known, earlier=start - timedelta(weeks=2))
    lately = {"since": end - timedelta(days=3), "earlier": end - timedelta(days=12)}
    log = hand.log(Span(lately["earlier"], end))
    hand.rows(CAME, log=log, outcomes=hand.outcomes, end=end, **lately)


def answered(answer: Answered) -> Numbers:
    """Read the same from what was looked at."""
    (table,) = [each for each in answer.answer.tables if each.title == "Looked at"]
    found: Numbers = {}
    for row in table_rows(table):
        what = _named(str(row["what"]))
        found |= {(what, "now"): row["now_value"], (what, "usual"): row["usual_value"]}
    return found
