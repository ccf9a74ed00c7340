"""Is it slow: three quantiles in all, by region and over time, a week against four before it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from bench.by_hand import Case, Hand, Numbers, Span, covered, table_rows, table_with, weeks_before
from commands.replies import Answered
from queries.measures.counting.quantiles import rank_bounds

LIMIT = 90
TEXT = f"latency bench last 7 days by region over {LIMIT}ms"
WEEKS = 4
QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}

_WEEKS = "read_parquet($log) WHERE ts >= $begin AND ts < $end"
_WEEK = "(epoch_us(ts) - epoch_us($begin)) // 604800000000"
_POINT = "(epoch_us(ts) - epoch_us($begin)) // 12600000000"
QUANTILE = f"quantile_cont(latency_ms, $places) FROM {_WEEKS}"
IN_ALL = f"SELECT {_WEEK} AS week, NULL AS region, {QUANTILE} GROUP BY ALL"
BY_REGION = f"SELECT {_WEEK} AS week, region, {QUANTILE} GROUP BY ALL"
OVER_TIME = f"""
    SELECT {_POINT} AS point, count(latency_ms), quantile_cont(latency_ms, [0.5, 0.95])
    FROM {_WEEKS} GROUP BY ALL
"""
OVER = f"""
    SELECT {_WEEK} AS week, region, count(*) FILTER (latency_ms > $limit), count(latency_ms)
    FROM {_WEEKS} GROUP BY ALL
"""


def cases(_hand: Hand) -> list[Case]:
    """Give the one question."""
    return [Case(TEXT, lambda hand, answer: by_hand(hand, covered(answer)), answered)]


def by_hand(hand: Hand, span: Span) -> Numbers:
    """Measure all five weeks in four statements; the present's numbers are the answer's.

    What a week's quantile lies between are the values at two ranks, which follow from its count.
    """
    first = weeks_before(span, WEEKS)
    known = {"begin": first.start, "end": span.end, "log": hand.log(Span(first.start, span.end))}
    counts: Counter[tuple[int, str | None]] = Counter()
    found: Numbers = {}
    for week, region, over, n in hand.rows(OVER, limit=LIMIT, **known):
        counts[week, region] += n
        counts[week, None] += n
        if week == WEEKS:
            found[region, "over"] = over
    for sql in (IN_ALL, BY_REGION):
        groups = [group for group in counts if (group[1] is None) == (sql == IN_ALL)]
        places = sorted({place for group in groups for place in _places(counts[group])})
        for week, region, values in hand.rows(sql, places=places, **known):
            if week == WEEKS:
                at = dict(zip(places, values, strict=True))
                found |= _told(region or "all", counts[week, region], at)
    for point, n, (half, nearly_all) in hand.rows(OVER_TIME, **known):
        time = first.start + timedelta(minutes=210 * point)
        if time >= span.start:
            at_time = time.isoformat()
            found |= {
                (at_time, "requests"): n,
                (at_time, "p50"): half,
                (at_time, "p95"): nearly_all,
            }
    return found


def _places(n: int) -> list[float]:
    """Give where in a group of so many the quantiles lie, each followed by its two bounds."""
    bounds = ((q, rank_bounds(n, q)) for q in QUANTILES.values())
    return [
        place for q, ranks in bounds if ranks for place in (q, *((r - 1) / (n - 1) for r in ranks))
    ]


def _told(name: str, n: int, at: dict[float, float]) -> Numbers:
    keys = (f"{p}{end}" for p in QUANTILES for end in ("", "_low", "_high"))
    places = zip(keys, _places(n), strict=True)
    return {(name, "requests"): n} | {(name, key): at[place] for key, place in places}


def answered(answer: Answered) -> Numbers:
    """Read the same from the answer's tables."""
    found: Numbers = {}
    in_all = next(t for t in answer.answer.tables if t.title == "All requests")
    rows = [
        *((row["region"], row) for row in table_with(answer, "region", "p50")),
        *(("all", row) for row in table_rows(in_all)),
        *(
            (row["time"].replace(tzinfo=None).isoformat(), row)
            for row in table_with(answer, "time", "p50")
        ),
    ]
    for name, row in rows:
        keys = [key for key in row if key == "requests" or key.partition("_")[0] in QUANTILES]
        found |= {(name, key): row[key] for key in keys if "usual" not in key}
    for row in table_with(answer, "region", "over"):
        found[row["region"], "over"] = row["over"]
    return found
