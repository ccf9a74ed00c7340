"""What one pass over the present and the comparable past counts of a model's requests."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from queries.core.log import Log
from queries.core.times.spans import Span
from queries.measures.counting.expressions import count_where
from queries.measures.counting.layout import origin, to_read
from queries.measures.counting.over_time import OverTime, bucket_seconds, laid_out
from queries.measures.failures.results import Results, known, results_of
from queries.measures.pulse.milliseconds import milliseconds


def over_time(log: Log, spans: Sequence[Span]) -> tuple[OverTime, OverTime, list[int]]:
    """Count requests, failures among known results, and latencies of each period, in one pass."""
    seconds = bucket_seconds(spans[0])
    has = log.has("failed")
    failed = log.column("failed").is_(True) if has else sa.false()
    timed = milliseconds(log) if log.has("latency_ms") else sa.null()
    rows = log.aggregate(
        {
            "hits": count_where(failed),
            "trials": sa.func.count(),
            "known": known() if has else sa.func.count(),
            "timed": sa.func.count(timed),
        },
        by={"period": log.period(spans), "bucket": log.bucket(origin(spans), seconds)},
        spans=to_read(spans),
    )
    within = [row for row in rows if row["period"] is not None]
    found = [0] * len(spans)
    for row in within:
        found[row["period"]] += row["timed"]
    failures = [{**row, "trials": row["known"]} for row in within]
    return (
        laid_out(within, spans, seconds, log.source.zone),
        laid_out(failures, spans, seconds, log.source.zone),
        found,
    )


def known_results(log: Log, timeline: OverTime, failures: OverTime) -> Results:
    """Tell of how many requests it is known whether they failed."""
    periods = range(len(timeline.spans))
    counts = [(failures.total(at)[1], timeline.total(at)[1]) for at in periods]
    return results_of(log, counts, failed=bool(failures.hits.any()))
