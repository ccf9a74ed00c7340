"""From simulated numbers to the log's columns, names and words."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from bot.samples.lending.plan import MINUTES_A_DAY
from bot.samples.lending.scoring import THRESHOLD
from bot.samples.lending.serving import NO_ERROR
from bot.samples.lending.simulate import Lot, reported
from bot.samples.lending.words import WORDS

EXPERIMENT = "payment_reminders"

_DAY_MS = MINUTES_A_DAY * 60_000

_LOG = """
SELECT
    make_timestamp(milliseconds * 1000) AS ts,
    printf('%016x', key) AS request_id,
    getvariable('regions')[region + 1] || '-' || printf('%07d', customer) AS customer_id,
    given_name || ' ' || family_name AS applicant,
    lower(given_name || '.' || family_name) || customer || '@example.com' AS email,
    getvariable('regions')[region + 1] AS region,
    getvariable('channels')[channel + 1] AS channel,
    getvariable('products')[product + 1] AS product,
    getvariable('regions')[region + 1] || ' ' || printf('%02d', postcode_area + 1)
        AS postcode_area,
    getvariable('sexes')[sex + 1] AS sex,
    CASE WHEN age <= 25 THEN '18-25' WHEN age <= 40 THEN '26-40' WHEN age <= 60 THEN '41-60'
        ELSE '61+' END AS age_group,
    if(newer, '2.3', '2.2') AS model_version,
    CAST(getvariable('statuses')[error + 1] AS SMALLINT) AS status,
    if(failed, getvariable('errors')[error], NULL) AS error,
    latency_ms,
    queue_ms,
    income,
    if(band_empty, NULL, getvariable('bands')[band + 1]) AS income_band,
    debt_ratio,
    if(employment_empty, NULL, employment_years) AS employment_years,
    CAST(age AS SMALLINT) AS age,
    CAST(credit_lines AS SMALLINT) AS credit_lines,
    CAST(late_payments AS SMALLINT) AS late_payments,
    CAST(career_break_months AS SMALLINT) AS career_break_months,
    loan_amount,
    CAST(loan_term_months AS SMALLINT) AS loan_term_months,
    ln(income + 1) AS income_log,
    loan_amount / income AS loan_to_income,
    (loan_amount / loan_term_months) / if(mislogged, income, income / 12) AS instalment_share,
    if(failed, NULL, score) AS score,
    if(failed, NULL, getvariable('threshold')) AS threshold,
    CASE WHEN failed THEN NULL WHEN score >= getvariable('threshold') THEN 'repaid'
        ELSE 'defaulted' END AS prediction,
    CASE WHEN failed THEN NULL WHEN granted THEN 'approve' ELSE 'decline' END AS decision,
    if(failed, NULL, overridden) AS overridden,
    CASE WHEN failed OR NOT overridden THEN NULL
        WHEN granted THEN getvariable('approve_reasons')[reason + 1]
        ELSE getvariable('decline_reasons')[reason + 1] END AS override_reason,
    if(failed, NULL, round(COLUMNS('^(attribution_.*)$'), 3)) AS '\\1',
    if(granted, round(loan_amount * (interest * loan_term_months / 12 - 0.30 * (1 - score)), 2),
        NULL) AS expected_profit,
    if(enrolled, getvariable('experiment'), NULL) AS experiment,
    CASE WHEN enrolled AND treated THEN 'reminders' WHEN enrolled THEN 'no reminders' END
        AS variant,
    if(enrolled, make_timestamp(milliseconds * 1000 + CAST(latency_ms * 1000 AS BIGINT)), NULL)
        AS exposed_at
FROM (
    SELECT *,
        CASE WHEN sex = 0 OR (sex = 2 AND given_name_number % 2 = 0)
            THEN getvariable('women')[given_name_number % len(getvariable('women')) + 1]
            ELSE getvariable('men')[given_name_number % len(getvariable('men')) + 1]
            END AS given_name,
        if(getvariable('regions')[region + 1] = 'LATAM', 0.042, 0.05) AS interest,
        getvariable('families')[family_name_number % len(getvariable('families')) + 1]
            AS family_name
    FROM lot
)
"""

_REFERENCE = """
SELECT log.* EXCLUDE (experiment, variant, exposed_at, overridden, override_reason),
    if(lot.repaid, 'repaid', 'defaulted') AS loan_outcome
FROM log JOIN lot ON log.request_id = printf('%016x', lot.key)
WHERE log.status = 200
ORDER BY log.ts, log.request_id
"""

_OUTCOMES = """
SELECT
    printf('%016x', key) AS request_id,
    if(repaid, 'repaid', 'defaulted') AS loan_outcome,
    make_timestamp(milliseconds * 1000) AS reported_at
FROM lot
ORDER BY milliseconds, key
"""


def connect() -> duckdb.DuckDBPyConnection:
    """Open an engine of its own that knows the words of the log."""
    engine = duckdb.connect()
    for name, words in WORDS.items():
        engine.execute(f"SET VARIABLE {name} = $1", [list(words)])
    engine.execute("SET VARIABLE threshold = $1::DOUBLE", [THRESHOLD])
    engine.execute("SET VARIABLE experiment = $1", [EXPERIMENT])
    return engine


def log_rows(engine: duckdb.DuckDBPyConnection, lot: Lot) -> duckdb.DuckDBPyRelation:
    """Give the log's rows of a lot, one a request, in the order of time."""
    engine.register("lot", _columns(lot))
    return engine.sql(_LOG)


def reference_rows(engine: duckdb.DuckDBPyConnection, lot: Lot) -> duckdb.DuckDBPyRelation:
    """Give a lot as a validation set: those who were served, each with the outcome."""
    log_rows(engine, lot).create_view("log", replace=True)
    return engine.sql(_REFERENCE)


def outcome_rows(
    engine: duckdb.DuckDBPyConnection, lots: list[Lot], day: int
) -> duckdb.DuckDBPyRelation:
    """Give the outcomes of the lots' loans that were reported on one day (days since 1970)."""
    chosen = [(lot, lot.granted & (reported(lot) // _DAY_MS == day)) for lot in lots]
    engine.register(
        "lot",
        {
            "key": np.concatenate([lot.asked.key[these] for lot, these in chosen]),
            "repaid": np.concatenate([lot.repaid[these] for lot, these in chosen]),
            "milliseconds": np.concatenate([reported(lot)[these] for lot, these in chosen]),
        },
    )
    return engine.sql(_OUTCOMES)


def _columns(lot: Lot) -> dict[str, npt.NDArray[Any]]:
    asked, who, given, served = lot.asked, lot.who, lot.given, lot.served
    return {
        "key": asked.key,
        "milliseconds": asked.milliseconds,
        "region": asked.region,
        "customer": who.number,
        "sex": who.sex,
        "age": who.age,
        "given_name_number": who.given_name,
        "family_name_number": who.family_name,
        "postcode_area": who.postcode_area,
        "income": given.income,
        "band": given.band,
        "band_empty": given.band_empty,
        "debt_ratio": given.debt_ratio,
        "employment_years": given.employment_years,
        "employment_empty": given.employment_empty,
        "credit_lines": given.credit_lines,
        "late_payments": given.late_payments,
        "career_break_months": given.career_break_months,
        "loan_amount": given.loan_amount,
        "loan_term_months": given.loan_term_months,
        "mislogged": lot.mislogged,
        "channel": given.channel,
        "product": given.product,
        "score": lot.score,
        **{f"attribution_{name}": part for name, part in lot.attributions.items()},
        "newer": served.newer,
        "error": served.error,
        "failed": served.error != NO_ERROR,
        "latency_ms": served.latency_ms,
        "queue_ms": served.queue_ms,
        "granted": lot.granted,
        "overridden": served.overridden,
        "reason": served.reason,
        # Only whoever got a loan can be reminded of an instalment.
        "enrolled": lot.granted & served.enrolled,
        "treated": served.treated,
        "repaid": lot.repaid,
    }
