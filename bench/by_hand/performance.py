"""How good it is: every metric of the last 30 days, of each day, and of the reference set."""

from __future__ import annotations

from datetime import datetime, timedelta

from bench.by_hand import Case, Hand, Numbers, Span, covered, table_rows, table_with
from bench.judged_by_hand import (
    EARLIER,
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

TEXT = "performance bench last 30 days"


def cases(_hand: Hand) -> list[Case]:
    """Give the one question."""
    return [Case(TEXT, lambda hand, answer: by_hand(hand, covered(answer)), answered)]


def by_hand(hand: Hand, span: Span) -> Numbers:
    """Compute every metric of the mature days, of each of them, and of the reference set."""
    known = arrived(hand, span)
    join(hand, span, known.begin)
    sums = {day: rest for day, *rest in hand.rows(SUMS.format(judged="judged"))}
    found: Numbers = {}
    for day in range(EARLIER.days, EARLIER.days + 30):
        rows, outcomes = known.counts[day]
        found["day", _date(known.begin, day), "rows"] = rows
        found["day", _date(known.begin, day), "arrived"] = outcomes / rows
    for day, *ranks in hand.rows(RANKS.format(judged="judged", day="day", days=known.mature)):
        key = "day", _date(known.begin, day)
        found |= _named(key, rates(*sums[day]) | ranking(*ranks))
    ((_, *ranks),) = hand.rows(RANKS.format(judged="judged", day="0", days=known.mature))
    found |= _named(("now",), rates(*total(sums, known.mature)) | ranking(*ranks))
    before = reference_metrics(hand)
    return found | _named(("before",), {name: before[name] for name in before if name in METRICS})


def _date(begin: datetime, day: int) -> str:
    return f"{begin + timedelta(days=day):%Y-%m-%d}"


def _named(key: tuple[str, ...], metrics: dict[str, float]) -> Numbers:
    return {(*key, name): value for name, value in metrics.items()}


def answered(answer: Answered) -> Numbers:
    """Read the same from the answer's tables."""
    found: Numbers = {}
    names = {metric.label: name for name, metric in METRICS.items()}
    for table in answer.answer.tables:
        if table.columns[0].name == "metric":
            for row in table_rows(table):
                name = names[str(row["metric"])]
                found["now", name], found["before", name] = row["now"], row["before"]
                found["now", "n"] = row["n"]
                if name == "roc_auc":
                    found["now", "roc_auc_low"] = row["now_low"]
                    found["now", "roc_auc_high"] = row["now_high"]
    measured = ("n", *names.values(), "roc_auc_low", "roc_auc_high")
    for row in table_with(answer, "day", "state"):
        wanted = ("rows", "arrived", *(measured if row["state"] == "mature" else ()))
        day = f"{row['day']:%Y-%m-%d}"
        found |= {("day", day, name): row[name] for name in wanted if name in row}
    return found
