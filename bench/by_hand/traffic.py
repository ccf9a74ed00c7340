"""Are requests as usual: counted every five minutes and by slice, a week against four before it."""

from __future__ import annotations

from datetime import timedelta

from bench.by_hand import Case, Hand, Numbers, Span, covered, table_with, weeks_before
from commands.replies import Answered

TEXT = "traffic bench last 7 days"
WEEKS = 4
DIMENSIONS = ("region", "channel", "product", "model_version")
NAMES = {"model_version": "version"}

_WEEK = "(epoch_us(ts) - epoch_us($begin)) // 604800000000"
_BUCKET = "(epoch_us(ts) - epoch_us($begin)) // 300000000"
COUNTED = f"""
    SELECT {_WEEK} AS week, {_BUCKET} AS bucket, {", ".join(DIMENSIONS)}, count(*)
    FROM read_parquet($log) WHERE ts >= $begin AND ts < $end
    GROUP BY GROUPING SETS ((week, bucket), {", ".join(f"(week, {one})" for one in DIMENSIONS)})
"""


def cases(_hand: Hand) -> list[Case]:
    """Give the one question."""
    return [Case(TEXT, lambda hand, answer: by_hand(hand, covered(answer)), answered)]


def by_hand(hand: Hand, span: Span) -> Numbers:
    """Count all five weeks in one statement; the present's numbers are the answer's."""
    first = weeks_before(span, WEEKS)
    log = hand.log(Span(first.start, span.end))
    found: Numbers = {}
    for week, bucket, *values, n in hand.rows(COUNTED, log=log, begin=first.start, end=span.end):
        # Counted all the same: the answer needs the past, though none of its numbers is compared.
        if week < WEEKS:
            continue
        if bucket is not None:
            time = (first.start + timedelta(minutes=5 * bucket)).isoformat()
            found["time", time, "requests"] = n
            continue
        ((name, value),) = (pair for pair in zip(DIMENSIONS, values, strict=True) if pair[1])
        found[NAMES.get(name, name), value, "requests"] = n
    return found


def answered(answer: Answered) -> Numbers:
    """Read the same from the answer's tables; a slice without requests was counted by nobody."""
    found: Numbers = {}
    for row in table_with(answer, "time", "requests"):
        time = row["time"].replace(tzinfo=None).isoformat()
        found["time", time, "requests"] = row["requests"]
    for name in (NAMES.get(one, one) for one in DIMENSIONS):
        for row in table_with(answer, name, "requests"):
            if row["requests"]:
                found[name, str(row[name]), "requests"] = row["requests"]
    return found
