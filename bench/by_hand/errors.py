"""What fails, by region: the last week by five minutes against the four weeks before it."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from bench.by_hand import Case, Hand, Numbers, Span, covered, table_with, weeks_before
from commands.replies import Answered
from queries.core.charts import LineChart

TEXT = "errors bench last 7 days by region"
WEEKS = 4
BUCKETS, POINTS = 2016, 48
"""Of five minutes in a week, and how many of the picture's."""
HOUR = np.ones(13)
"""A bucket and half an hour on either side: what its usual rate is taken over."""
BROKEN = "EMEA"
EMPTIED = "income_band"

# Five weeks that follow on each other; all are cut where the last one ends.
_IN_WEEKS = """
    ts >= $begin AND ts < $end
    AND (epoch_us(ts) - epoch_us($begin)) % 604800000000 < epoch_us($end) - epoch_us($start)
"""
_FAILED = "(error <> '' OR status <> 200)"
_WEEK = "(epoch_us(ts) - epoch_us($begin)) // 604800000000"

COUNTED = f"""
    SELECT (epoch_us(ts) - epoch_us($begin)) // 300000000 AS bucket, region,
        count(*) FILTER ({_FAILED}), count(*)
    FROM read_parquet($log) WHERE {_IN_WEEKS} GROUP BY ALL
"""
KINDS = f"""
    SELECT {_WEEK} AS week, error, count(*)
    FROM read_parquet($log) WHERE {_IN_WEEKS} AND region = '{BROKEN}' AND {_FAILED} GROUP BY ALL
"""
EMPTY = f"""
    SELECT {_WEEK} AS week, model_version, min(ts), count(*),
        count(income), count(debt_ratio), count(employment_years), count(age),
        count(credit_lines), count(late_payments), count(loan_amount), count(loan_term_months),
        count(nullif(income_band, '')), count(nullif(home, '')), count(nullif(purpose, ''))
    FROM read_parquet($log) WHERE {_IN_WEEKS} AND region = '{BROKEN}' GROUP BY ALL
"""
INPUTS = (
    "income", "debt_ratio", "employment_years", "age", "credit_lines", "late_payments",
    "loan_amount", "loan_term_months", "income_band", "home", "purpose",
)  # fmt: skip
SINCE = f"""
    SELECT (epoch_us(ts) - epoch_us($start)) // 300000000 AS bucket,
        count(*) - count(nullif({EMPTIED}, '')), count(*)
    FROM read_parquet($log) WHERE ts >= $start AND ts < $end AND region = '{BROKEN}' GROUP BY ALL
"""


def cases(_hand: Hand) -> list[Case]:
    """Give the one question."""
    return [Case(TEXT, lambda hand, answer: by_hand(hand, covered(answer)), answered)]


def by_hand(hand: Hand, span: Span) -> Numbers:
    """Count everything that the answer says, in four statements."""
    first = weeks_before(span, WEEKS)
    all_weeks = Span(first.start, span.end)
    known = {"begin": first.start, "start": span.start, "end": span.end}
    log = hand.log(all_weeks)
    found: Numbers = {}
    _over_time(found, hand.rows(COUNTED, log=log, **known), span)
    kinds: dict[str, list[int]] = {}
    for week, kind, failed in hand.rows(KINDS, log=log, **known):
        kinds.setdefault(kind, [0, 0])[week < WEEKS] += failed
    for kind, (now, past) in kinds.items():
        found["error", kind, "failed"], found["error", kind, "usual"] = now, past / WEEKS
    _missing(found, hand.rows(EMPTY, log=log, **known))
    # Asked for its time alone: what the answer says of it is a matter of statistics.
    hand.rows(SINCE, log=hand.log(span), **known)
    return found


def _over_time(found: Numbers, rows: list[tuple[int, str, int, int]], span: Span) -> None:
    regions = sorted({row[1] for row in rows})
    failed, requests = np.zeros((2, len(regions), WEEKS + 1, BUCKETS))
    for bucket, region, *counted in rows:
        at = regions.index(region), bucket // BUCKETS, bucket % BUCKETS
        failed[at], requests[at] = counted
    for name, of, among in zip(regions, failed, requests, strict=True):
        found["region", name, "failed"] = of[WEEKS].sum()
        found["region", name, "requests"] = among[WEEKS].sum()
        found["region", name, "usual"] = of[:WEEKS].sum() / among[:WEEKS].sum()
        points = (each[WEEKS].reshape(POINTS, -1).sum(axis=1) for each in (of, among))
        for point, rate in enumerate(np.divide(*points)):
            found["picture", name, str(point)] = rate
    in_all, trials = failed.sum(axis=0), requests.sum(axis=0)
    around = (np.convolve(each[:WEEKS].sum(axis=0), HOUR, "same") for each in (in_all, trials))
    for number, usual in enumerate(np.divide(*around)):
        time = (span.start + timedelta(minutes=5 * number)).isoformat()
        found["time", time, "failed"] = in_all[WEEKS, number]
        found["time", time, "requests"] = trials[WEEKS, number]
        found["time", time, "usual"] = usual


def _missing(found: Numbers, rows: list[tuple[int | str, ...]]) -> None:
    held = np.zeros((2, 1 + len(INPUTS)))
    for week, _version, _first, *counts in rows:
        held[int(week == WEEKS)] += counts
    past, now = (1 - each[1:] / each[0] for each in held)
    worst = int((now - past).argmax())
    found["input", INPUTS[worst], "missing"] = now[worst]
    found["input", INPUTS[worst], "usual"] = past[worst]


def answered(answer: Answered) -> Numbers:
    """Read the same from the answer's tables, findings and picture."""
    found: Numbers = {}
    for row in table_with(answer, "region", "failed"):
        for name in ("failed", "requests", "usual"):
            found["region", str(row["region"]), name] = row[name]
    for row in table_with(answer, "kind", "failed"):
        found["error", str(row["kind"]), "failed"] = row["failed"]
        found["error", str(row["kind"]), "usual"] = row["usual"]
    for row in table_with(answer, "time", "failed"):
        time = row["time"].replace(tzinfo=None).isoformat()
        for name in ("failed", "requests", "usual"):
            found["time", time, name] = row[name]
    (empty,) = (each for each in answer.answer.findings if each.kind == "input")
    for name in ("missing", "usual"):
        found["input", empty.text.split("“")[1].split("”")[0], name] = empty.numbers[name].value
    assert isinstance(answer.answer.chart, LineChart)
    for series in answer.answer.chart.series:
        for at, rate in enumerate(series.y):
            found["picture", series.label, str(at)] = rate
    return found
