"""Which outcomes count in how good a model is: those of complete days, as they were known."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from queries.core.answer import Severity
from queries.core.charts import LineChart
from tests.questions.performance.judged import ROLES, TIMELESS, answer, ask, metric, only, table


def test_realised_outcomes_of_complete_days(tmp_path: Path) -> None:
    """Complete days alone are counted; early ones stand apart, in words, table and chart."""
    found = answer(tmp_path)
    assert found.severity is Severity.NOTE
    assert found.headline == "x: right in 94 % of cases"
    assert found.summary == (
        "Of 2,016 requests in the last 7 days, the outcome is in for 1,585 (78.6 %). "
        "Outcomes usually take up to 2 days. Counted are the 1,296 outcomes of complete days; "
        "3 days are left out."
    )
    assert only(found, "early").text == (
        "Days from 21 Nov on are too young to judge and stand apart: not all outcomes are in."
    )
    days = table(found, "By day")
    assert [row["state"] for row in days] == ["mature"] * 5 + ["early"] * 3
    assert [row["rows"] for row in days] == [144, *[288] * 6, 144]
    assert metric(found, "right answers")["n"] == sum(row["n"] for row in days[:5]) == 1296
    assert isinstance(found.chart, LineChart)
    assert [series.label for series in found.chart.series] == ["right answers"]
    assert found.chart.band is not None
    ends = zip(found.chart.band.low[:5], found.chart.band.high[:5], strict=True)
    for (low, high), value in zip(ends, found.chart.series[0].y[:5], strict=True):
        assert (low or 2) < (value or 0) < (high or 0)
    assert found.chart.series[0].y[5:] == (None, None, None)
    assert [mark.label for mark in found.chart.marks] == ["outcomes to come"]
    assert [row["accuracy"] for row in days[5:]] == [None, None, None]


def test_outcomes_after_now_do_not_count_yet(tmp_path: Path) -> None:
    """An outcome that is in the file with a time in the future isn't in."""
    found = answer(tmp_path, happened={"came": "stamp + INTERVAL 30 DAYS"})
    assert found.headline == "x: no outcome is in for the requests in the last 7 days"
    assert found.severity is Severity.UNKNOWN


@pytest.mark.parametrize(
    ("given", "headline", "severity"),
    [
        (
            {
                "text": "performance x last 24 hours",
                "happened": {"came": "stamp + INTERVAL 6 HOURS"},
            },
            "x: too early to say how good it is in the last 24 hours",
            Severity.UNKNOWN,
        ),
        (
            {"kept": "SELECT * FROM ({}) WHERE id IN ('r3', 'r1700')"},
            "x: only 1 outcome in the last 7 days, too few to say how good it is",
            Severity.UNKNOWN,
        ),
        (
            {"kept": "SELECT * FROM ({}) WHERE false"},
            "x: no outcome is in for the requests in the last 7 days",
            Severity.UNKNOWN,
        ),
        (
            {"log": {"prediction": "NULL::INTEGER"}},
            "x: no request with an outcome has a prediction in the last 7 days",
            Severity.UNKNOWN,
        ),
        (
            {
                "kept": "SELECT * FROM ({}) WHERE came < '2026-11-17 12:00' OR id = 'r5400'",
                "days": 24,
            },
            "x: too many outcomes are missing to say how good it is from 17 Nov to 20 Nov 2026 UTC",
            Severity.WARNING,
        ),
    ],
)
def test_when_nothing_can_be_said(
    tmp_path: Path, given: dict[str, Any], headline: str, severity: Severity
) -> None:
    """Too early, too few, none, unpredicted and lost outcomes are told apart in the headline."""
    if "missing to say" in headline:
        given = given | {"text": "performance x 2026-11-17..2026-11-20"}
    found = answer(tmp_path, **given)
    assert found.headline == headline
    assert found.severity is severity


def test_a_day_without_its_outcomes(tmp_path: Path) -> None:
    """A day whose outcomes got lost is said and left out, not averaged in."""
    lost = "came BETWEEN TIMESTAMP '2026-11-19 12:00' AND TIMESTAMP '2026-11-20 12:00'"
    found = answer(tmp_path, kept=f"SELECT * FROM ({{}}) WHERE NOT ({lost})")
    assert only(found, "outcomes missing").text == (
        "Outcomes are missing for 18 Nov: fewer came than older days had by that age."
    )
    assert "4 days are left out" in found.summary
    states = [row["state"] for row in table(found, "By day")]
    assert states == ["mature", "mature", "missing", "mature", "mature", "early", "early", "early"]


def test_outcomes_without_a_time_mature_by_the_declared_delay(tmp_path: Path) -> None:
    """Where nothing says when outcomes came, a day counts once the declared delay has passed."""
    found = answer(tmp_path, outcome_delay="2 days", outcomes=TIMELESS)
    assert found.summary.endswith("of complete days; 3 days are left out.")
    at_once = answer(tmp_path, outcomes=TIMELESS)
    assert "left out" not in at_once.summary


def test_the_latest_of_several_outcomes_counts(tmp_path: Path) -> None:
    """A corrected outcome replaces the first one, and how many were corrected is said."""
    twice = (
        "SELECT * FROM ({0}) UNION ALL SELECT id, 1 - happened, came - INTERVAL 1 HOUR FROM ({0}) "
        "WHERE id LIKE '%7'"
    )
    once, corrected = ask(tmp_path / "once"), ask(tmp_path / "twice", kept=twice)
    assert corrected.answer.headline == once.answer.headline
    assert corrected.answer.tables[0].rows == once.answer.tables[0].rows
    (said,) = corrected.provenance.left_out
    assert said == (
        "345 outcomes were reported again later; of each request the latest one by the time of "
        "asking counts."
    )


def test_what_is_corrected_later_counts_as_it_was_known(tmp_path: Path) -> None:
    """An answer as of its time rests on the outcomes of then, whatever has been corrected since."""
    since = (
        "SELECT * FROM ({0}) UNION ALL SELECT id, 1 - happened, TIMESTAMP '2026-11-24' FROM ({0}) "
        "WHERE id LIKE '%7'"
    )
    once, corrected = ask(tmp_path / "once"), ask(tmp_path / "since", kept=since)
    assert corrected.answer == once.answer


def test_only_decided_requests_can_have_an_outcome(tmp_path: Path) -> None:
    """The population is named, in the summary and in a caveat, and others aren't counted."""
    found = answer(
        tmp_path,
        log={"decision": "CASE WHEN u > 0.4 THEN 'approve' ELSE 'decline' END"},
        roles=ROLES | {"decision": "decision"},
        decided=["approve"],
    )
    assert "requests with the decision “approve” in the last 7 days" in found.summary
    assert found.caveats[0] == (
        "This speaks of requests with the decision “approve” alone: of all others nobody knows how "
        "they would have turned out."
    )
    n = metric(found, "right answers")["n"]
    assert n == pytest.approx(0.6 * 1296, abs=60)
    assert only(found, "ranking").text.startswith(
        "Of two cases, one that turned out “1” and one that didn't, it ranks the right one first in"
    )
    easy = answer(
        tmp_path,
        log={"decision": "CASE WHEN u > 0.55 THEN 'approve' ELSE 'decline' END"},
        roles=ROLES | {"decision": "decision"},
        decided=["approve"],
    )
    assert only(easy, "constant").text.endswith(
        "here: doubtful cases don't get “approve”, so that nearly all of these turn out alike, "
        "whoever decides."
    )
    none = answer(
        tmp_path,
        log={"decision": "'decline'"},
        roles=ROLES | {"decision": "decision"},
        decided=["approve", "refer"],
    )
    assert none.headline == (
        "x: no requests with the decision “approve” or “refer” in the last 7 days"
    )


def test_outcomes_without_a_prediction_are_counted_out(tmp_path: Path) -> None:
    """How many outcomes can't be judged, for want of a prediction, is said."""
    found = answer(tmp_path, log={"prediction": "CASE WHEN v >= 0.1 THEN (u > 0.5)::INTEGER END"})
    (caveat,) = found.caveats
    assert re.fullmatch(
        r"1\d\d outcomes don't count: their requests have no prediction\.", caveat
    ), caveat


def test_outcomes_of_the_same_day(tmp_path: Path) -> None:
    """How long outcomes take is said, also where they come within the day or where all are in."""
    found = answer(tmp_path, happened={"came": "stamp + INTERVAL 1 MINUTE"})
    assert "Outcomes usually come on the same day." in found.summary
    late = answer(
        tmp_path,
        "performance x 2026-11-13..2026-11-15",
        happened={"came": "stamp + INTERVAL 3 DAY"},
    )
    assert late.summary.endswith("(100 %). Outcomes usually take up to 3 days.")
