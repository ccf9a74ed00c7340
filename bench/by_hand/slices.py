"""Where is it worst: failures by every column and pair of columns, against four weeks before."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from bench.by_hand import Case, Hand, Numbers, Span, covered, table_rows, weeks_before
from commands.replies import Answered

TEXT = "slices bench last 7 days"
WEEKS = 4
DIMENSIONS = ("version", "region", "channel", "product")

_WEEK = "(epoch_us(ts) - epoch_us($begin)) // 604800000000"
COUNTED = f"""
    SELECT {", ".join(DIMENSIONS)}, {_WEEK} AS week,
        count(*) FILTER (error <> '' OR status <> 200), count(*)
    FROM (SELECT *, model_version AS version FROM read_parquet($log))
    WHERE ts >= $begin AND ts < $end GROUP BY ALL
"""


def cases(_hand: Hand) -> list[Case]:
    """Give the one question."""
    return [Case(TEXT, lambda hand, answer: by_hand(hand, covered(answer)), answered)]


def by_hand(hand: Hand, span: Span) -> Numbers:
    """Count all combinations of all five weeks in one statement, and sum the present's up.

    All of the present is one version, so nothing is told by version.
    """
    first = weeks_before(span, WEEKS)
    log = hand.log(Span(first.start, span.end))
    counts: Counter[tuple[str, ...]] = Counter()
    for *values, week, hits, n in hand.rows(COUNTED, log=log, begin=first.start, end=span.end):
        # Counted all the same: the answer needs the past, though none of its numbers is compared.
        if week < WEEKS:
            continue
        columns = [f"{name} {value}" for name, value in zip(DIMENSIONS, values, strict=True)][1:]
        for slice_ in (*columns, *map(" with ".join, combinations(columns, 2))):
            counts[slice_, "hits"] += hits
            counts[slice_, "n"] += n
    return dict(counts)


def answered(answer: Answered) -> Numbers:
    """Read the same from the tables of single columns and of pairs."""
    found: Numbers = {}
    for table in answer.answer.tables:
        column = table.title.removeprefix("By ")
        if table.title != "Pairs" and column == table.title:
            continue
        for row in table_rows(table):
            slice_ = row["slice"] if table.title == "Pairs" else f"{column} {row['value']}"
            found |= {(slice_, name): row[name] for name in ("hits", "n")}
    return found
