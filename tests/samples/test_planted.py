"""What docs/samples.md tells the reader to find is in the log, at the time and of the size told."""

from __future__ import annotations

import duckdb
import pytest

from tests.samples.conftest import one_row


def test_income_band_is_empty_in_emea_from_the_failure_on(
    lending: duckdb.DuckDBPyConnection,
) -> None:
    """From six hours before the end every EMEA request lacks the input; elsewhere hardly any."""
    before, since, elsewhere = one_row(
        lending,
        """SELECT avg((income_band IS NULL)::INT)
                   FILTER (region = 'EMEA' AND ts < getvariable('failure')),
               avg((income_band IS NULL)::INT)
                   FILTER (region = 'EMEA' AND ts >= getvariable('failure')),
               avg((income_band IS NULL)::INT) FILTER (region <> 'EMEA')
           FROM log""",
    )
    assert since == 1
    assert 0 < before < 0.01
    assert 0 < elsewhere < 0.01


def test_errors_follow_when_the_cache_has_run_out(lending: duckdb.DuckDBPyConnection) -> None:
    """Two minutes after the failure, a third of EMEA's requests begin to fail for that input."""
    cached, after = one_row(
        lending,
        """SELECT count(*) FILTER (error LIKE 'feature_missing%' AND region = 'EMEA'
                   AND ts BETWEEN getvariable('failure')
                   AND getvariable('failure') + INTERVAL 2 MINUTES),
               avg((coalesce(error, '') = 'feature_missing: income_band')::INT)
                   FILTER (region = 'EMEA' AND ts >= getvariable('failure') + INTERVAL 2 MINUTES)
           FROM log""",
    )
    assert cached == 0
    assert after == pytest.approx(0.33, abs=0.04)


def test_the_last_day_stands_out_and_emea_carries_it(lending: duckdb.DuckDBPyConnection) -> None:
    """In the last 24 hours 4 to 6 % fail, 11 to 17 % in EMEA, elsewhere as usual."""
    overall, emea, elsewhere, usual = one_row(
        lending,
        """SELECT avg((status <> 200)::INT) FILTER (recent),
               avg((status <> 200)::INT) FILTER (recent AND region = 'EMEA'),
               avg((status <> 200)::INT) FILTER (recent AND region <> 'EMEA'),
               avg((status <> 200)::INT) FILTER (NOT recent)
           FROM (SELECT *, ts >= getvariable('until') - INTERVAL 24 HOURS AS recent FROM log)""",
    )
    assert 0.04 < overall < 0.06
    assert 0.11 < emea < 0.17
    assert elsewhere == pytest.approx(usual, abs=0.004)


def test_the_new_version_reaches_emea_minutes_before_and_is_not_to_blame(
    lending: duckdb.DuckDBPyConnection,
) -> None:
    """Version 2.3 is first seen in EMEA ten minutes before; both versions fail alike there."""
    (reached,) = one_row(
        lending,
        """SELECT getvariable('failure') - min(ts) FROM log
           WHERE region = 'EMEA' AND model_version = '2.3'""",
    )
    assert 8 * 60 < reached.total_seconds() <= 10 * 60
    newer, older, share = one_row(
        lending,
        """SELECT avg((status <> 200)::INT) FILTER (model_version = '2.3'),
               avg((status <> 200)::INT) FILTER (model_version = '2.2'),
               avg((model_version = '2.3')::INT)
           FROM log WHERE region = 'EMEA'
               AND ts >= getvariable('failure') + INTERVAL 2 MINUTES""",
    )
    assert newer == pytest.approx(older, abs=0.06)
    assert share == pytest.approx(0.3, abs=0.04)


def test_latency_follows_in_emea_alone(lending: duckdb.DuckDBPyConnection) -> None:
    """The median latency in EMEA rises from about 85 ms to over 300, elsewhere not at all."""
    before, since, elsewhere = one_row(
        lending,
        """SELECT median(latency_ms) FILTER (region = 'EMEA' AND ts < getvariable('failure')),
               median(latency_ms) FILTER (region = 'EMEA'
                   AND ts >= getvariable('failure') + INTERVAL 2 MINUTES),
               median(latency_ms) FILTER (region <> 'EMEA' AND ts >= getvariable('failure'))
           FROM log""",
    )
    assert before == pytest.approx(84, abs=4)
    assert 300 < since < 500
    assert elsewhere == pytest.approx(86, abs=5)


def test_debt_ratio_creeps_up_and_no_other_number_does(
    lending: duckdb.DuckDBPyConnection,
) -> None:
    """The mean debt ratio rises week by week to 0.42; the other inputs stay where they were."""
    weeks = lending.sql(
        """SELECT avg(debt_ratio) FROM log GROUP BY date_trunc('week', ts)
           ORDER BY date_trunc('week', ts)"""
    ).fetchall()
    means = [mean for (mean,) in weeks]
    assert means == sorted(means)
    assert means[0] == pytest.approx(0.335, abs=0.01)
    assert means[-1] == pytest.approx(0.42, abs=0.01)
    steady = (
        "income employment_years age credit_lines late_payments career_break_months "
        "loan_amount loan_term_months"
    )
    for feature in steady.split():
        (moved,) = one_row(
            lending,
            f"""SELECT abs(avg({feature}) FILTER (recent) - avg({feature}) FILTER (NOT recent))
                    / stddev({feature})
                FROM (SELECT *, ts >= getvariable('until')::DATE - INTERVAL 14 DAYS AS recent
                      FROM log WHERE ts < getvariable('until')::DATE)""",
        )
        assert moved < 0.03, feature


def test_version_2_3_treats_women_worse(lending: duckdb.DuckDBPyConnection) -> None:
    """Under 2.2 women and men are approved alike; under 2.3 women 6 to 13 points less often."""
    gaps = dict(
        lending.sql(
            """SELECT model_version, avg((decision = 'approve')::INT) FILTER (sex = 'male')
                   - avg((decision = 'approve')::INT) FILTER (sex = 'female')
               FROM log GROUP BY model_version"""
        ).fetchall()
    )
    assert abs(gaps["2.2"]) < 0.01
    assert 0.06 < gaps["2.3"] < 0.13


def test_what_2_3_holds_against_women_has_nothing_to_do_with_repayment(
    lending: duckdb.DuckDBPyConnection,
) -> None:
    """In the reference, people with and without a career break repay alike; women have more."""
    difference, women, men = one_row(
        lending,
        """SELECT avg((loan_outcome = 'repaid')::INT) FILTER (career_break_months > 0)
                   - avg((loan_outcome = 'repaid')::INT) FILTER (career_break_months = 0),
               avg((career_break_months > 0)::INT) FILTER (sex = 'female'),
               avg((career_break_months > 0)::INT) FILTER (sex = 'male')
           FROM reference""",
    )
    assert abs(difference) < 0.02
    assert women == pytest.approx(0.36, abs=0.02)
    assert men == pytest.approx(0.05, abs=0.02)


def test_reminders_help(lending: duckdb.DuckDBPyConnection) -> None:
    """In the experiment 0.5 to 2.5 points more of the reminded loans are repaid."""
    (effect,) = one_row(
        lending,
        """SELECT avg((loan_outcome = 'repaid')::INT) FILTER (variant = 'reminders')
               - avg((loan_outcome = 'repaid')::INT) FILTER (variant = 'no reminders')
           FROM log JOIN outcomes USING (request_id)
           WHERE ts < getvariable('until') - INTERVAL 10 DAYS""",
    )
    assert 0.005 < effect < 0.025


def test_an_instalment_share_is_logged_twelve_times_too_small(
    lending: duckdb.DuckDBPyConnection,
) -> None:
    """Version 2.3 in LATAM logs it by the year's income for four hours of the day before."""
    versions, regions, first, last, factor = one_row(
        lending,
        """SELECT list(DISTINCT model_version), list(DISTINCT region),
               getvariable('until') - min(ts), getvariable('until') - max(ts),
               avg((loan_amount / loan_term_months) / (income / 12) / instalment_share)
           FROM log WHERE abs(instalment_share * income * loan_term_months
               / (12 * loan_amount) - 1) > 1e-9""",
    )
    assert (versions, regions) == (["2.3"], ["LATAM"])
    assert 29.8 < first.total_seconds() / 3600 <= 30
    assert 26 <= last.total_seconds() / 3600 < 26.2
    assert factor == pytest.approx(12)


def test_overrides_help_in_branches_and_hurt_at_partners(
    lending: duckdb.DuckDBPyConnection,
) -> None:
    """Loans that people approved against the model: repaid more, less or just as it said."""
    beyond = dict(
        lending.sql(
            """SELECT channel, avg((loan_outcome = 'repaid')::INT - score)
               FROM log JOIN outcomes USING (request_id) WHERE overridden GROUP BY channel"""
        ).fetchall()
    )
    assert beyond["branch"] > 0.10
    assert beyond["partner"] < -0.15
    assert abs(beyond["web"]) < 0.04
    assert abs(beyond["app"]) < 0.04


def test_a_loan_earns_less_under_2_3_and_more_in_every_region(
    lending: duckdb.DuckDBPyConnection,
) -> None:
    """Simpson's paradox: the whole says the opposite of each region that 2.3 has settled in."""
    earned = {
        (region, version): value
        for region, version, value in lending.sql(
            """SELECT coalesce(region, 'all'), model_version, avg(expected_profit)
               FROM log WHERE ts >= getvariable('until') - INTERVAL 21 DAYS
               GROUP BY GROUPING SETS ((region, model_version), (model_version))"""
        ).fetchall()
    }
    assert earned["all", "2.3"] < earned["all", "2.2"] - 100
    for region in ("LATAM", "APAC", "AMER"):
        assert earned[region, "2.3"] > earned[region, "2.2"]
