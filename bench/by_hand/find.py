"""The records that meet a condition: one request by its id, or the newest that failed."""

from __future__ import annotations

from bench.by_hand import Case, Hand, Numbers, Span, covered
from bench.make_log import INCIDENT
from commands.replies import Answered

SHOWN = 10
COLUMNS = """
    ts, request_id, model_version, status, error, latency_ms, prediction, score, decision, outcome,
    reported_at, arm, region, channel, product, income, debt_ratio, employment_years, age,
    credit_lines, late_payments, loan_amount, loan_term_months, income_band, home, purpose
"""

COUNT = """
    SELECT count(*) FROM read_parquet($log) WHERE ts >= $start AND ts < $end AND {condition}
"""
# The ids that are wanted go to the outcomes as a condition, before they are joined.
RECORDS = f"""
    WITH shown AS MATERIALIZED (
        SELECT * FROM read_parquet($log) WHERE ts >= $start AND ts < $end AND {{condition}}
        ORDER BY ts DESC, request_id LIMIT {SHOWN}
    )
    SELECT {COLUMNS}
    FROM shown LEFT JOIN (
        SELECT * FROM read_parquet($outcomes)
        WHERE request_id IN (SELECT request_id FROM shown)
    ) USING (request_id)
    ORDER BY ts DESC, request_id
"""
FAILED = "(error <> '' OR status <> 200)"


def cases(hand: Hand) -> list[Case]:
    """Give two questions: a request that failed in the incident, by its id, and all that failed."""
    query = "SELECT min(request_id) FROM read_parquet($log) WHERE error <> '' AND ts >= $since"
    log = str(hand.folder / "log" / "*.parquet")
    ((request,),) = hand.rows(query, log=log, since=INCIDENT.replace(tzinfo=None))
    return [
        Case(
            f"find bench last 7 days where request_id = {request}",
            lambda hand, answer: one(hand, covered(answer), request),
            answered,
        ),
        Case(
            "find bench last 7 days where failed = yes",
            lambda hand, answer: failed(hand, covered(answer)),
            answered,
        ),
    ]


def one(hand: Hand, span: Span, request: str) -> Numbers:
    """Find one request by its id."""
    return _found(hand, span, "request_id = $request", request=request)


def failed(hand: Hand, span: Span) -> Numbers:
    """Find those that failed, newest first."""
    return _found(hand, span, FAILED)


def _found(hand: Hand, span: Span, condition: str, **parameters: object) -> Numbers:
    parameters |= {"log": hand.log(span), "outcomes": hand.outcomes, "start": span.start}
    parameters |= {"end": span.end}
    ((total,),) = hand.rows(COUNT.format(condition=condition), **parameters)
    found: Numbers = {("total",): total}
    rows = hand.rows(RECORDS.format(condition=condition), **parameters)
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            found["record", str(at), str(column)] = value
    return found


def answered(answer: Answered) -> Numbers:
    """Read the same from the answer's one table."""
    assert answer.answer.every_row is not None
    found: Numbers = {("total",): answer.answer.every_row.total}
    (table,) = answer.answer.tables
    for at, row in enumerate(table.rows):
        for column, value in enumerate(row):
            found["record", str(at), str(column)] = value
    return found
