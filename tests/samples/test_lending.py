"""The simulated log looks like a log, and what the docs say was planted is really in it."""

from __future__ import annotations

import duckdb
import pytest

from tests.samples.conftest import one_row


def test_rows_are_about_as_many_as_asked_for(lending: duckdb.DuckDBPyConnection) -> None:
    """Days bring about the asked number of requests, fewer at weekends, no two alike."""
    mean, weekend, weekday, distinct, days = one_row(
        lending,
        """SELECT avg(n), avg(n) FILTER (weekday), avg(n) FILTER (NOT weekday),
               count(DISTINCT n), count(*)
           FROM (SELECT ts::DATE AS day, isodow(ts::DATE) >= 6 AS weekday, count(*) AS n FROM log
                 WHERE ts::DATE < getvariable('until')::DATE GROUP BY ALL)""",
    )
    assert days == 36
    assert mean == pytest.approx(25_000, rel=0.05)
    assert weekend < 0.85 * weekday
    assert distinct > 30


def test_request_ids_are_unique_and_customers_come_back(
    lending: duckdb.DuckDBPyConnection,
) -> None:
    """A request id names one request; a good part of the customers ask more than once."""
    rows, ids, customers = one_row(
        lending, "SELECT count(*), count(DISTINCT request_id), count(DISTINCT customer_id) FROM log"
    )
    assert rows == ids
    assert 1.3 < rows / customers < 3


def test_log_is_in_the_order_of_time_and_ends_before_at(
    lending: duckdb.DuckDBPyConnection,
) -> None:
    """The last request lies in the last minute before the end, none after it."""
    late, last = one_row(
        lending,
        """SELECT count(*) FILTER (ts >= getvariable('until')), getvariable('until') - max(ts)
           FROM log""",
    )
    assert late == 0
    assert last.total_seconds() < 60


def test_usual_days_fail_at_the_usual_rate(lending: duckdb.DuckDBPyConnection) -> None:
    """Before the failure, 1.0 to 1.9 % of a day's requests fail."""
    low, high, spread = one_row(
        lending,
        """SELECT min(rate), max(rate), stddev(rate) / avg(rate) FROM (
               SELECT avg((status <> 200)::INT) AS rate FROM log
               WHERE ts::DATE < getvariable('failure')::DATE GROUP BY ts::DATE)""",
    )
    assert low > 0.0095
    assert high < 0.0195
    assert spread > 0.05


def test_status_error_and_what_follows_agree(lending: duckdb.DuckDBPyConnection) -> None:
    """A failed request has an error and no score, prediction, decision, value or arm."""
    contradictions = one_row(
        lending,
        """SELECT
               count(*) FILTER ((status = 200) <> (error IS NULL)),
               count(*) FILTER (status <> 200 AND coalesce(score::TEXT, prediction, decision,
                   threshold::TEXT, overridden::TEXT, expected_profit::TEXT, variant) NOT NULL),
               count(*) FILTER (status = 200 AND (score IS NULL OR decision IS NULL)),
               count(*) FILTER (error LIKE 'feature_missing%' AND income_band IS NOT NULL)
           FROM log""",
    )
    assert contradictions == (0, 0, 0, 0)


def test_decision_is_the_score_against_the_threshold_unless_overridden(
    lending: duckdb.DuckDBPyConnection,
) -> None:
    """Decisions follow the threshold; overridden ones (1 to 4 %) go the other way, with reason."""
    wrong, unexplained, overridden = one_row(
        lending,
        """SELECT count(*) FILTER ((decision = 'approve') <> ((score >= threshold) <> overridden)),
               count(*) FILTER (overridden <> (override_reason IS NOT NULL)),
               avg(overridden::INT)
           FROM log WHERE status = 200""",
    )
    assert (wrong, unexplained) == (0, 0)
    assert 0.01 < overridden < 0.04


def test_transformed_features_are_what_their_expressions_say(
    lending: duckdb.DuckDBPyConnection,
) -> None:
    """Each logged transformation is its declared expression of the logged features.

    One was logged wrongly for four hours, which is planted.
    """
    off = one_row(
        lending,
        """SELECT max(abs(income_log - ln(income + 1))),
               max(abs(loan_to_income - loan_amount / income)),
               max(abs(instalment_share - (loan_amount / loan_term_months) / (income / 12)))
                   FILTER (NOT (region = 'LATAM' AND model_version = '2.3'
                       AND ts >= getvariable('until') - INTERVAL 30 HOURS
                       AND ts < getvariable('until') - INTERVAL 26 HOURS))
           FROM log""",
    )
    assert max(off) < 1e-12


def test_the_score_is_calibrated_and_ranks_on_the_reference(
    lending: duckdb.DuckDBPyConnection,
) -> None:
    """In every tenth of the reference the mean score is the share repaid; the AUC is useful."""
    bins = lending.sql(
        """SELECT avg(score), avg((loan_outcome = 'repaid')::INT), count(*)
           FROM (SELECT *, ntile(10) OVER (ORDER BY score) AS tenth FROM reference)
           GROUP BY tenth"""
    ).fetchall()
    for score, repaid, n in bins:
        assert repaid == pytest.approx(score, abs=4 * (score * (1 - score) / n) ** 0.5)
    (auc,) = one_row(
        lending,
        """SELECT (sum(place) FILTER (good) - p * (p + 1) / 2) / (p * (any_value(n) - p))
           FROM (SELECT loan_outcome = 'repaid' AS good, rank() OVER (ORDER BY score)
                     + (count(*) OVER (PARTITION BY score) - 1) / 2 AS place,
                     count(*) OVER () AS n, count(*) FILTER (good) OVER () AS p
                 FROM reference) GROUP BY p""",
    )
    assert 0.76 < auc < 0.82


def test_outcomes_come_days_later_and_for_granted_loans_alone(
    lending: duckdb.DuckDBPyConnection,
) -> None:
    """One outcome a granted loan, 2 to 9 days later, all in after 10 days, none of today."""
    (orphans,) = one_row(
        lending,
        """SELECT count(*) FROM outcomes o LEFT JOIN log USING (request_id)
           WHERE decision IS NULL OR decision <> 'approve'""",
    )
    doubled, earliest, latest, today = one_row(
        lending,
        """SELECT count(*) - count(DISTINCT request_id), min(reported_at - ts),
               max(reported_at - ts), max(reported_at) >= getvariable('until')::DATE
           FROM outcomes JOIN log USING (request_id)""",
    )
    (missing,) = one_row(
        lending,
        """SELECT count(*) FROM log LEFT JOIN outcomes USING (request_id)
           WHERE decision = 'approve' AND loan_outcome IS NULL
               AND ts < getvariable('until') - INTERVAL 10 DAYS""",
    )
    assert (orphans, doubled, missing, today) == (0, 0, 0, False)
    assert earliest.days == 2
    assert latest.days in {8, 9}


def test_defaults_are_reported_first(lending: duckdb.DuckDBPyConnection) -> None:
    """Outcomes that come early are worse than the full set."""
    early, whole = one_row(
        lending,
        """SELECT avg((loan_outcome = 'defaulted')::INT)
                   FILTER (reported_at < ts + INTERVAL 5 DAYS),
               avg((loan_outcome = 'defaulted')::INT)
           FROM log JOIN outcomes USING (request_id)
           WHERE ts < getvariable('until') - INTERVAL 10 DAYS""",
    )
    assert 0.05 < whole < 0.15
    assert early > 1.5 * whole


def test_attributions_sum_to_the_score(lending: duckdb.DuckDBPyConnection) -> None:
    """What each input added, and 2.75, are the log-odds of the score, under both versions."""
    off, failed = one_row(
        lending,
        """SELECT max(abs(ln(score / (1 - score)) - 2.75 - attribution_income
                   - attribution_income_band - attribution_debt_ratio
                   - attribution_employment_years - attribution_instalment_share
                   - attribution_credit_lines - attribution_late_payments
                   - attribution_career_break_months)) FILTER (score BETWEEN 0.01 AND 0.99),
               count(attribution_income) FILTER (status <> 200)
           FROM log""",
    )
    assert off < 8 * 0.0005 + 1e-3
    assert failed == 0


def test_nearly_every_customer_stays_in_one_arm_and_arms_are_of_equal_size(
    lending: duckdb.DuckDBPyConnection,
) -> None:
    """About 1 % are seen in both arms; the split is even; exposure follows the request."""
    both, share, before = one_row(
        lending,
        """SELECT avg((arms > 1)::INT), avg((arm = 'reminders')::INT) FILTER (arms = 1),
               bool_or(early)
           FROM (SELECT customer_id, count(DISTINCT variant) AS arms, any_value(variant) AS arm,
                     bool_or(exposed_at < ts) AS early
                 FROM log WHERE variant IS NOT NULL GROUP BY customer_id)""",
    )
    assert both == pytest.approx(0.011, abs=0.002)
    assert not before
    assert share == pytest.approx(0.5, abs=0.01)
