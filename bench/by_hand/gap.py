"""Was it only good in the laboratory: 30 days beside the reference set, and by version's age."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bench.by_hand import Case, Hand, Numbers, Span, covered, table_rows
from bench.judged_by_hand import (
    RANKS,
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

TEXT = "gap bench last 30 days"

FIRSTS = "SELECT model_version, min(ts) FROM read_parquet($log) GROUP BY model_version"
AGES = """
    SELECT model_version, (epoch_us(ts) - epoch_us(first)) // 604800000000 AS week,
        count(*) FILTER (yes = said), count(*)
    FROM judged JOIN (SELECT unnest($versions) AS model_version, unnest($firsts) AS first)
        USING (model_version)
    WHERE yes IS NOT NULL AND day IN {days} GROUP BY ALL
"""


def cases(_hand: Hand) -> list[Case]:
    """Give the one question."""
    return [Case(TEXT, lambda hand, answer: by_hand(hand, covered(answer)), answered)]


def by_hand(hand: Hand, span: Span) -> Numbers:
    """Compute every metric of the mature days and of the reference set, and rightness by age."""
    known = arrived(hand, span)
    join(hand, span, known.begin, "model_version", "ts")
    sums = {day: rest for day, *rest in hand.rows(SUMS.format(judged="judged"))}
    ((_, *ranks),) = hand.rows(RANKS.format(judged="judged", day="0", days=known.mature))
    now = rates(*total(sums, known.mature)) | ranking(*ranks)
    before = reference_metrics(hand)
    found: Numbers = {}
    for name in METRICS.keys() & now.keys():
        found[name, "production"], found[name, "reference"] = now[name], before[name]
        scale = 100 if METRICS[name].unit == "share" else 1
        found[name, "gap"] = scale * (now[name] - before[name])
    found["n", "production"], found["n", "reference"] = now["n"], before["n"]
    whole = hand.log(Span(known.begin, span.end))
    versions, firsts = zip(*hand.rows(FIRSTS, log=whole), strict=True)
    return found | _ages(hand, versions, firsts, known.mature)


def _ages(
    hand: Hand, versions: Sequence[str], firsts: Sequence[datetime], days: Sequence[int]
) -> Numbers:
    known = {"versions": list(versions), "firsts": list(firsts)}
    found: Numbers = {}
    for version, week, right, n in hand.rows(AGES.format(days=tuple(days)), **known):
        found["age", version, str(week + 1), "accuracy"] = right / n
        found["age", version, str(week + 1), "n"] = n
    return found


def answered(answer: Answered) -> Numbers:
    """Read the same from the answer's tables."""
    names = {metric.label: name for name, metric in METRICS.items()}
    *metrics, ages = (list(table_rows(table)) for table in answer.answer.tables)
    found: Numbers = {}
    for row in (row for table in metrics for row in table):
        name = names[str(row["metric"])]
        found |= {(name, side): row[side] for side in ("production", "reference", "gap")}
        if name == "accuracy":
            found["n", "production"], found["n", "reference"] = row["n"], row["n_reference"]
    for row in ages:
        key = "age", str(row["version"]), str(row["week"])
        found |= {(*key, name): row[name] for name in ("accuracy", "n")}
    return found
