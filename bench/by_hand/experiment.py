"""Which arm won: every customer once, watched for twenty days from the first request on."""

from __future__ import annotations

from bench.by_hand import Case, Hand, Numbers, Span, covered, table_rows
from commands.replies import Answered

TEXT = "experiment bench"
ARMS = ("without", "with")
DAYS = 20

# In whole seconds since the log's first request, as windows are counted.
_SECOND = "(epoch_us({}) - epoch_us($start::TIMESTAMP)) // 1000000"
CUSTOMERS = f"""
    WITH firsts AS (
        SELECT customer, min(ts) AS first, min(arm) AS arm, count(DISTINCT arm) AS arms
        FROM read_parquet($log) GROUP BY customer
    ), watched AS (
        SELECT customer, first, firsts.arm,
            max(CASE WHEN decision = 'approve' THEN 1 ELSE 0 END) AS granted,
            sum(loan_amount) AS lent, sum(loan_term_months) AS months
        FROM read_parquet($log) JOIN firsts USING (customer)
        WHERE arms = 1 AND first < $end - INTERVAL {DAYS} DAYS
            AND {_SECOND.format("ts")} < {_SECOND.format("first")} + {DAYS} * 86400
        GROUP BY ALL
    )
    SELECT arm, first::DATE AS day, count(*), sum(granted),
        sum(lent), sum(lent * lent), sum(months), sum(months * months), sum(lent * months)
    FROM watched GROUP BY ALL
"""
SEEN = "SELECT arm, count(DISTINCT customer) FROM read_parquet($log) GROUP BY arm"


def cases(_hand: Hand) -> list[Case]:
    """Give the one question."""
    return [Case(TEXT, lambda hand, answer: by_hand(hand, covered(answer)), answered)]


def by_hand(hand: Hand, span: Span) -> Numbers:
    """Sum customers up by arm and day, and compare the arms by all days together."""
    log = hand.log(span)
    rows = hand.rows(CUSTOMERS, log=log, start=span.start, end=span.end)
    found: Numbers = {("exposed", arm): n for arm, n in hand.rows(SEEN, log=log)}
    means = {}
    for arm in ARMS:
        n, granted, lent, _, months, *_ = (
            sum(float(row[at]) for row in rows if row[0] == arm) for at in range(2, 9)
        )
        means[arm] = granted / n, lent / n, lent / months
        found["compared", arm] = round(n)
    for at, metric in enumerate(("granted", "lent", "instalment")):
        without, treated = (means[arm][at] for arm in ARMS)
        scale = 100 if metric == "granted" else 1
        found |= {("value", metric, arm): means[arm][at] for arm in ARMS}
        found["change", metric] = scale * (treated - without)
    return found


def answered(answer: Answered) -> Numbers:
    """Read the same from the answer's tables."""
    found: Numbers = {}
    tables = {table.title: list(table_rows(table)) for table in answer.answer.tables}
    for row in tables["Who takes part"]:
        found["exposed", str(row["arm"])] = row["exposed"]
        found["compared", str(row["arm"])] = row["finished"]
    for row in (*tables["Shares"], *tables["Averages and ratios"]):
        found["value", str(row["metric"]), str(row["arm"])] = row["value"]
        if row["change"] is not None:
            found["change", str(row["metric"])] = row["change"]
    return found
