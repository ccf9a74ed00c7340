"""How good it is: every metric of the last 30 days and of each of them, and of the reference set.

Requests and outcomes are joined twice: all of them to learn how long outcomes take, and those of
the 30 days into a temporary table that everything else is computed from.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bench.by_hand import Case, Hand, Numbers, Span, covered, table_rows, table_with
from commands.replies import Answered
from queries.measures.metrics import METRICS

TEXT = "performance bench last 30 days"
EARLIER = timedelta(days=60)
"""How far before the time older days say how long outcomes take."""

_DAY = "(epoch_us({}) - epoch_us($begin)) // 86400000000"
DELAYS = f"""
    SELECT {_DAY.format("ts")} AS day,
        greatest({_DAY.format("reported_at")} - {_DAY.format("ts")}, 0) AS delay,
        count(*), count(reported_at)
    FROM (SELECT * FROM read_parquet($log) WHERE decision = 'approve' AND ts < $end)
    LEFT JOIN read_parquet($outcomes) USING (request_id) GROUP BY ALL
"""
JOINED = f"""
    CREATE OR REPLACE TEMP TABLE judged AS
    SELECT {_DAY.format("ts")} AS day, score, prediction = 'repaid' AS said,
        outcome = 'repaid' AS yes
    FROM (
        SELECT * FROM read_parquet($log)
        WHERE decision = 'approve' AND ts >= $start AND ts < $end
    ) LEFT JOIN read_parquet($outcomes) USING (request_id)
"""
REFERENCE = """(
    SELECT 0 AS day, score, prediction = 'repaid' AS said, outcome = 'repaid' AS yes
    FROM read_parquet($reference) WHERE decision = 'approve'
)"""
_GIVEN = "CASE WHEN yes THEN score ELSE 1 - score END"
SUMS = f"""
    SELECT day, count(yes), count(*) FILTER (yes AND said),
        count(*) FILTER (NOT yes AND said), count(*) FILTER (yes AND NOT said),
        count(*) FILTER (NOT yes AND NOT said),
        sum((1 - ({_GIVEN})) * (1 - ({_GIVEN}))), -sum(ln({_GIVEN}))
    FROM {{judged}} WHERE yes IS NOT NULL GROUP BY day
"""
# What AUC with its interval and average precision are made of, in one walk down the scores.
RANKS = """
    WITH scores AS (
        SELECT {day} AS day, score, CAST(count(*) FILTER (yes) AS DOUBLE) AS pos,
            CAST(count(*) FILTER (NOT yes) AS DOUBLE) AS neg
        FROM {judged} WHERE yes IS NOT NULL AND day IN {days} GROUP BY ALL
    ), walked AS (
        SELECT *, sum(pos) OVER down AS pos_down, sum(neg) OVER down AS neg_down
        FROM scores WINDOW down AS (PARTITION BY day ORDER BY score DESC)
    )
    SELECT day, sum(pos), sum(neg), sum(pos * (neg_down - neg / 2)),
        sum(pos * (neg_down - neg / 2) * (neg_down - neg / 2)),
        sum(neg * (pos_down - pos / 2)), sum(neg * (pos_down - pos / 2) * (pos_down - pos / 2)),
        sum(pos * pos_down / (pos_down + neg_down))
    FROM walked GROUP BY day
"""


def cases(_hand: Hand) -> list[Case]:
    """Give the one question."""

    def both(hand: Hand, answer: Answered) -> Numbers:
        return by_hand(hand, covered(answer), mature_days(answer))

    return [Case(TEXT, both, answered)]


def by_hand(hand: Hand, span: Span, mature: Collection[datetime]) -> Numbers:
    """Compute every metric of the mature days, together and one by one, and of the reference set.

    Which days are mature is judged from the delays: that is statistics, and not asked of SQL.
    """
    begin = span.start - EARLIER
    known = {"begin": begin, "start": span.start, "end": span.end, "outcomes": hand.outcomes}
    arrived: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for day, _, rows, outcomes in hand.rows(DELAYS, log=hand.log(Span(begin, span.end)), **known):
        arrived[day][0] += rows
        arrived[day][1] += outcomes
    hand.rows(JOINED, log=hand.log(span), **known)
    kept = tuple((each - begin).days for each in mature)
    sums = {day: rest for day, *rest in hand.rows(SUMS.format(judged="judged"))}
    found: Numbers = {}
    for day in range(EARLIER.days, EARLIER.days + 30):
        found["day", _date(begin, day), "rows"] = arrived[day][0]
        found["day", _date(begin, day), "arrived"] = arrived[day][1] / arrived[day][0]
    for day, *ranks in hand.rows(RANKS.format(judged="judged", day="day", days=kept)):
        found |= _named(("day", _date(begin, day)), sums[day], ranks)
    ((_, *ranks),) = hand.rows(RANKS.format(judged="judged", day="0", days=kept))
    found |= _named(("now",), [sum(each) for each in zip(*map(sums.get, kept), strict=True)], ranks)
    ((_, *before),) = hand.rows(SUMS.format(judged=REFERENCE), reference=hand.reference)
    walked = RANKS.format(judged=REFERENCE, day="0", days="(0)")
    ((_, *ranks),) = hand.rows(walked, reference=hand.reference)
    return found | _named(("before",), before, ranks)


def _date(begin: datetime, day: int) -> str:
    return f"{begin + timedelta(days=day):%Y-%m-%d}"


def _named(key: tuple[str, ...], sums: Sequence[float], ranks: Sequence[float]) -> Numbers:
    found = _rates(*sums) | _ranking(*ranks)
    if key == ("before",):
        found = {name: value for name, value in found.items() if name in METRICS}
    return {(*key, name): value for name, value in found.items()}


def _rates(
    n: float, tp: float, fp: float, fn: float, tn: float, brier: float, loss: float
) -> dict[str, float]:
    return {
        "n": n,
        "accuracy": (tp + tn) / n,
        "precision": tp / (tp + fp),
        "recall": tp / (tp + fn),
        "specificity": tn / (tn + fp),
        "f1": 2 * tp / (2 * tp + fp + fn),
        "brier": brier / n,
        "log_loss": loss / n,
    }


def _ranking(
    p: float, n: float, missed: float, squares: float, found: float, found_squares: float, ap: float
) -> dict[str, float]:
    """Give AUC with DeLong's interval, and average precision."""
    auc = 1 - missed / n / p
    s10 = (squares / n**2 - p * (1 - auc) ** 2) / (p - 1)
    below = n - 2 * found / p + found_squares / p**2
    s01 = (below - n * (1 - auc) ** 2) / (n - 1)
    half = 1.959963984540054 * math.sqrt(s10 / p + s01 / n)
    return {
        "roc_auc": auc,
        "roc_auc_low": auc - half,
        "roc_auc_high": auc + half,
        "average_precision": ap / p,
    }


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


def mature_days(answer: Answered) -> list[datetime]:
    """Give the days that the answer counts."""
    rows = table_with(answer, "day", "state")
    return [row["day"].replace(tzinfo=None) for row in rows if row["state"] == "mature"]
