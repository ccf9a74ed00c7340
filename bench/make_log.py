"""A log of any size, the same at every run: requests, outcomes in files of their own, a reference.

Every value is a hash of its row's number, so that DuckDB makes millions of rows a second on all
cores and the log does not depend on how many of them there are. Like a real log it has ids that
compress badly, scores with few ties, and an incident: in the last 30 hours one input is empty in
one region, and one in seven requests fails there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

DAYS = 90
END = datetime(2026, 11, 23, tzinfo=UTC)
"""When the log ends and, in the benchmark, when the questions are asked."""
BEGIN = END - timedelta(days=DAYS)
INCIDENT = END - timedelta(hours=30)

_MACROS = (
    # A number from 0 to 1 (never 0), and one of a normal distribution, for a row and a purpose.
    "CREATE MACRO u(row, use) AS ((hash(row, use, {seed}) >> 11) + 1) / 9007199254740993.0",
    "CREATE MACRO normal(row, use) AS sqrt(-2 * ln(u(row, use))) * cos(2 * pi() * u(row, use + 1))",
)

# A customer for every forty requests: five million customers would not fit the two gigabytes that
# an ask may use.
_ROWS = """
    WITH drawn AS (
        SELECT
            i,
            TIMESTAMP '{begin}' + to_microseconds(CAST((i + u(i, 1)) * {step} AS BIGINT)) AS ts,
            CASE WHEN u(i, 2) < 0.30 THEN 'EMEA' WHEN u(i, 2) < 0.65 THEN 'AMER'
                 WHEN u(i, 2) < 0.90 THEN 'APAC' ELSE 'LATAM' END AS region,
            CASE WHEN u(i, 3) < 0.55 THEN 'web' WHEN u(i, 3) < 0.85 THEN 'app'
                 ELSE 'branch' END AS channel,
            CASE WHEN u(i, 4) < 0.6 THEN 'personal' WHEN u(i, 4) < 0.9 THEN 'car'
                 ELSE 'home' END AS product,
            exp(10.4 + 0.45 * normal(i, 10)) AS income,
            CASE WHEN u(i, 12) < 0.97
                 THEN 0.1 + 0.5 * u(i, 13) + 0.12 * (i / {rows}) * u(i, 14) END AS debt_ratio,
            -4.5 * ln(u(i, 15)) AS employment_years,
            21.0 + floor(54 * u(i, 16)) AS age,
            floor(9 * u(i, 17) * u(i, 18)) AS credit_lines,
            floor(-1.3 * ln(u(i, 19))) AS late_payments,
            round(1000 + 30000 * u(i, 20) * u(i, 21)) AS loan_amount,
            12.0 * (1 + floor(6 * u(i, 22))) AS loan_term_months,
            CASE WHEN u(i, 23) < 0.5 THEN 'rent' WHEN u(i, 23) < 0.85 THEN 'own'
                 ELSE 'family' END AS home,
            CASE CAST(floor(8 * u(i, 24) * u(i, 25)) AS INTEGER)
                 WHEN 0 THEN 'car' WHEN 1 THEN 'debt' WHEN 2 THEN 'house' WHEN 3 THEN 'medical'
                 WHEN 4 THEN 'education' WHEN 5 THEN 'wedding' WHEN 6 THEN 'travel'
                 ELSE 'other' END AS purpose,
            CAST(hash(i, {seed} + 1) % greatest(1, CAST({rows} AS UBIGINT) // 40) AS INTEGER)
                AS customer
        FROM range({first}, {last}) AS rows(i)
    ), scored AS (
        SELECT
            *,
            region = 'EMEA' AND ts >= TIMESTAMP '{incident}' AS broken,
            1 / (1 + exp(-(
                1.1 + 0.9 * (ln(income) - 10.4) - 2.2 * coalesce(debt_ratio, 0.35)
                + 0.08 * least(employment_years, 12) - 0.25 * late_payments
            ))) AS score
        FROM drawn
    ), served AS (
        SELECT
            *,
            CASE WHEN hash(customer, {seed} + 3) % 100 < 52 THEN 'female' ELSE 'male' END AS sex,
            CASE WHEN age < 30 THEN 'under 30' WHEN age < 50 THEN '30 to 49'
                 ELSE '50 and over' END AS age_group,
            u(i, 34) < CASE channel WHEN 'branch' THEN 0.06 ELSE 0.02 END AS turned,
            (score >= 0.45) <> turned AS granted,
            CASE
                WHEN broken AND u(i, 30) < 0.14 THEN 'feature_missing: income_band'
                WHEN u(i, 31) < 0.008 + 0.004 * sin(i / {rows} * 180) THEN 'timeout'
                WHEN u(i, 32) < 0.004 THEN 'upstream_unavailable'
                WHEN u(i, 33) < 0.002 THEN 'bad_request'
            END AS error
        FROM scored
    )
"""
_LOG = """
    SELECT
        ts,
        CASE WHEN u(i, 40) < least(1, greatest(0, (i / {rows} - 0.6) * 5))
             THEN '2.3' ELSE '2.2' END AS model_version,
        printf('r-%016x', hash(i, {seed})) AS request_id,
        region, channel, product,
        CASE WHEN error IS NULL THEN 200 WHEN error = 'bad_request' THEN 400 ELSE 503 END AS status,
        error,
        exp(3.6 + 0.5 * normal(i, 41)) + CASE WHEN error = 'timeout' THEN 2000 ELSE 0 END
            AS latency_ms,
        income, debt_ratio, employment_years, age, credit_lines, late_payments, loan_amount,
        loan_term_months,
        CASE WHEN broken THEN NULL WHEN income < 20000 THEN 'low' WHEN income < 45000 THEN 'middle'
             ELSE 'high' END AS income_band,
        home, purpose,
        CASE WHEN error IS NULL THEN round(score, 7) END AS score,
        CASE WHEN error IS NOT NULL THEN NULL WHEN score >= 0.6 THEN 'repaid'
             ELSE 'defaulted' END AS prediction,
        CASE WHEN error IS NOT NULL THEN NULL WHEN granted THEN 'approve'
             ELSE 'decline' END AS decision,
        0.45 AS threshold,
        error IS NULL AND turned AS overridden,
        CASE WHEN error IS NOT NULL OR NOT turned THEN NULL WHEN u(i, 35) < 0.4 THEN 'documents'
             WHEN u(i, 35) < 0.8 THEN 'known customer' ELSE 'other' END AS override_reason,
        CASE WHEN error IS NULL AND granted THEN round(loan_amount * (0.2 * score - 0.08), 2) END
            AS expected_profit,
        loan_amount / income AS loan_to_income,
        sex, age_group, customer,
        CASE WHEN hash(customer, {seed} + 2) % 2 = 0 THEN 'without' ELSE 'with' END AS arm
    FROM served ORDER BY i
"""
# Reported within nine days, as the declaration says, and some never.
_OUTCOMES = """
    SELECT
        printf('r-%016x', hash(i, {seed})) AS request_id,
        CASE WHEN u(i, 50) < score THEN 'repaid' ELSE 'defaulted' END AS outcome,
        ts + to_microseconds(CAST(least(9, -1.6 * ln(u(i, 51))) * 86400000000 AS BIGINT))
            AS reported_at
    FROM served WHERE error IS NULL AND granted AND u(i, 52) < 0.96
"""
_REFERENCE = """
    SELECT
        income, debt_ratio, employment_years, age, credit_lines, late_payments, loan_amount,
        loan_term_months,
        CASE WHEN income < 20000 THEN 'low' WHEN income < 45000 THEN 'middle' ELSE 'high' END
            AS income_band,
        home, purpose, round(score, 7) AS score,
        CASE WHEN score >= 0.6 THEN 'repaid' ELSE 'defaulted' END AS prediction,
        CASE WHEN score >= 0.45 THEN 'approve' ELSE 'decline' END AS decision,
        CASE WHEN u(i, 50) < score THEN 'repaid' ELSE 'defaulted' END AS outcome
    FROM scored
"""


DECLARATION = """
[sources.bench]
title = "Generated log"
simulated = true
files = "log/*.parquet"
zone = "UTC"
task = "binary"
positive = "repaid"
decided = ["approve"]
outcome_delay = "9 days"
ok_status = [200]

[sources.bench.matters]
error_rate = 0.005
performance = 0.02
drift = 0.1
missing = 0.01

[sources.bench.roles]
time = "ts"
version = "model_version"
request_id = "request_id"
status = "status"
error = "error"
latency_ms = "latency_ms"
prediction = "prediction"
score = "score"
decision = "decision"
variant = "arm"
dimensions = ["region", "channel", "product"]
features = [
    "income", "debt_ratio", "employment_years", "age", "credit_lines", "late_payments",
    "loan_amount", "loan_term_months", "income_band", "home", "purpose",
]

[sources.bench.experiments.reminders]
split = { without = 1, with = 1 }
unit = "customer"
window = "20 days"

[sources.bench.experiments.reminders.metrics]
granted = { share = "decision", value = "approve" }
lent = { mean = "loan_amount" }
instalment = { ratio = "loan_amount", per = "loan_term_months" }

[sources.bench.outcomes]
files = "outcomes/*.parquet"
request_id = "request_id"
outcome = "outcome"
outcome_time = "reported_at"

[sources.bench.reference]
files = "reference/*.parquet"
outcome = "outcome"

[sources.people]
title = "Generated log, with its people"
simulated = true
files = "log/*.parquet"
zone = "UTC"
task = "binary"
positive = "repaid"
favourable = "approve"
decided = ["approve"]
outcome_delay = "9 days"
ok_status = [200]

[sources.people.matters]
error_rate = 0.005
performance = 0.02

[sources.people.roles]
time = "ts"
version = "model_version"
request_id = "request_id"
entity_id = "customer"
status = "status"
error = "error"
latency_ms = "latency_ms"
score = "score"
threshold = "threshold"
decision = "decision"
override = "overridden"
override_reason = "override_reason"
value = "expected_profit"
dimensions = ["region", "channel", "product"]
protected = ["sex", "age_group"]
features = ["income", "debt_ratio", "employment_years", "age", "loan_amount", "home", "purpose"]

[sources.people.roles.transformed]
loan_to_income = "loan_amount / income"

[sources.people.outcomes]
files = "outcomes/*.parquet"
request_id = "request_id"
outcome = "outcome"
outcome_time = "reported_at"
"""


@dataclass(frozen=True)
class Made:
    """A log on disk, with the file that declares it: where it lies and how large it is."""

    file: Path
    rows: int
    outcomes: int
    bytes: int


def make_log(folder: Path, rows: int = 20_000_000, seed: int = 1) -> Made:
    """Write a log of ``rows`` requests over 90 days: a file a day, and outcomes by report day."""
    for name in ("log", "outcomes", "reference"):
        (folder / name).mkdir(parents=True)
    # In a file: all outcomes are kept there until they are sorted by the day of their report.
    with duckdb.connect(str(folder / "making.duckdb")) as duck:
        for macro in _MACROS:
            duck.execute(macro.format(seed=seed))
        duck.execute("CREATE TABLE told (request_id TEXT, outcome TEXT, reported_at TIMESTAMP)")
        for day in range(DAYS):
            _write_day(duck, folder / "log", day, rows, seed)
        outcomes = _write_outcomes(duck, folder / "outcomes")
        held_out = max(1_000, rows // 40)
        # Numbers beyond the log's, so that no row of the reference set is one of it.
        rest = _filled(rows, seed, rows, rows + held_out)
        _copy(duck, (_ROWS + _REFERENCE).format(**rest), folder / "reference" / "test.parquet")
    (folder / "making.duckdb").unlink()
    size = sum(path.stat().st_size for path in folder.glob("*/*.parquet"))
    file = folder / "plainlogs.toml"
    file.write_text(DECLARATION, encoding="utf-8")
    return Made(file, rows, outcomes, size)


def _write_day(
    duck: duckdb.DuckDBPyConnection, folder: Path, day: int, rows: int, seed: int
) -> None:
    filled = _filled(rows, seed, rows * day // DAYS, rows * (day + 1) // DAYS)
    file = folder / f"{BEGIN + timedelta(days=day):%Y-%m-%d}.parquet"
    _copy(duck, (_ROWS + _LOG).format(**filled), file)
    duck.execute(f"INSERT INTO told {(_ROWS + _OUTCOMES).format(**filled)}")


def _write_outcomes(duck: duckdb.DuckDBPyConnection, folder: Path) -> int:
    """Write what was reported on each day in a file of its own; give how many there are."""
    for day in range(DAYS):
        begin, end = (BEGIN + timedelta(days=each) for each in (day, day + 1))
        told = f"reported_at >= '{begin:%Y-%m-%d}' AND reported_at < '{end:%Y-%m-%d}'"
        query = f"SELECT * FROM told WHERE {told} ORDER BY reported_at, request_id"
        _copy(duck, query, folder / f"{begin:%Y-%m-%d}.parquet")
    found = duck.execute(f"SELECT count(*) FROM told WHERE reported_at < '{END:%Y-%m-%d}'")
    ((count,),) = found.fetchall()
    return int(count)


def _filled(rows: int, seed: int, first: int, last: int) -> dict[str, str | int | float]:
    return {
        "rows": float(rows),
        "seed": seed,
        "first": first,
        "last": last,
        "begin": f"{BEGIN:%Y-%m-%d %H:%M:%S}",
        "incident": f"{INCIDENT:%Y-%m-%d %H:%M:%S}",
        "step": DAYS * 86_400_000_000 / rows,
    }


def _copy(duck: duckdb.DuckDBPyConnection, query: str, file: Path) -> None:
    duck.execute(f"COPY ({query}) TO '{file}' (FORMAT parquet)")
