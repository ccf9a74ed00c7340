"""Whether stated probabilities hold, asked of logs on disk with a known truth."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from queries.core.answer import Answer, Severity
from queries.core.charts import BarChart, CurveChart
from queries.core.errors import NotAnswerable
from queries.core.number import Number
from queries.wording.differences import typically_off
from tests.questions.performance.judged import DECLARED, REFERENCE, ROLES, ask, only, table

HONEST = {"happened": "(v < u)::INTEGER"}
"""What is said comes true: with the score ``u``, a share ``u`` happens."""
PROUD = {"happened": "(v < 0.5 + 0.6 * (u - 0.5))::INTEGER"}
"""Too sure of itself: what is called 90 % comes true in 74 %."""
ASKED = "calibration x last 30 days"


def answer(folder: Path, text: str = ASKED, **given: Any) -> Answer:
    """Ask about 40 days, honest unless said otherwise."""
    usual: dict[str, Any] = {"happened": HONEST, "days": 40}
    return ask(folder, text, **usual | given).answer


def test_what_is_said_comes_true(tmp_path: Path) -> None:
    """A model whose probabilities hold is told so by what about 80 % meant, and by chance."""
    found = answer(tmp_path)
    assert found.severity is Severity.GOOD
    match = re.fullmatch(
        r"x: when it says (7\d|8\d) %, (7\d|8\d) % come true; typically off by [\d.]+ points, no "
        "more than chance makes of it",
        found.headline,
    )
    assert match, found.headline
    assert "outcomes of complete days" in found.summary
    (row,) = table(found, "How far off")
    assert row["error"] < row["plain"]
    assert row["plain"] < row["chance_high"]
    assert row["brier"] == pytest.approx(1 / 6, abs=0.01)


def test_bins_hold_equally_many_cases(tmp_path: Path) -> None:
    """Bins are cut at exact quantiles of the scores, and lie on the diagonal."""
    found = answer(tmp_path)
    bins = table(found, "What it said and what came true")
    assert len(bins) == 15
    assert max(row["n"] for row in bins) - min(row["n"] for row in bins) <= 1
    assert all(row["low"] - 0.03 < row["said"] < row["high"] + 0.03 for row in bins)
    assert isinstance(found.chart, CurveChart)
    assert [curve.label for curve in found.chart.curves] == ["now"]
    assert [point.x for point in found.chart.curves[0].points] == [row["said"] for row in bins]


def test_too_sure_of_itself(tmp_path: Path) -> None:
    """A model that overstates both ends is off by as much as was planted, and that alarms."""
    found = answer(tmp_path, happened=PROUD)
    assert found.severity is Severity.ALARM
    assert re.match(
        r"x: (\d+) % doesn't mean \1 %: then \d+ % come true; typically", found.headline
    )
    (row,) = table(found, "How far off")
    truth = 0.4 * (1 / 12) ** 0.5
    assert row["error_low"] < truth < row["error_high"]
    assert row["error"] == pytest.approx(truth, abs=0.012)


def test_a_lower_score_can_mean_more(tmp_path: Path) -> None:
    """Where a lower score means more, one minus the score is what was said."""
    turned = {"score": "1 - u"}
    found = answer(tmp_path, log=turned, score_direction="lower")
    assert found.severity is Severity.GOOD
    wrong = answer(tmp_path, log=turned)
    assert wrong.severity is Severity.ALARM


def test_against_the_reference(tmp_path: Path) -> None:
    """Where it held in the reference set and no longer does, the change is said and drawn."""
    found = answer(tmp_path, happened=PROUD, before=HONEST, **REFERENCE)
    finding = only(found, "reference")
    assert finding.severity is Severity.WARNING
    assert finding.text.endswith("That has changed.")
    assert isinstance(found.chart, CurveChart)
    assert [curve.label for curve in found.chart.curves] == ["now", "reference set"]
    both = answer(tmp_path, happened=PROUD, before=PROUD, **REFERENCE)
    assert only(both, "reference").text.startswith("It was off in the reference set already")


def test_one_slice_is_off(tmp_path: Path) -> None:
    """The slice that promises too much is named, although the others make up for it in all."""
    bad = "(v < CASE WHEN i % 3 = 2 THEN 0.8 * u ELSE u END)::INTEGER"
    found = answer(tmp_path, f"{ASKED} by region", happened={"happened": bad})
    finding = only(found, "slice")
    assert finding.severity is Severity.WARNING
    assert re.match(r"Off in region apac: typically by .* points too much there\.", finding.text)
    assert table(found, "By region")[0]["region"] == "apac"
    assert isinstance(found.chart, BarChart)
    assert [bar.label for bar in found.chart.bars if bar.emphasis] == ["apac"]
    hidden = answer(
        tmp_path, f"{ASKED} by region", happened={"happened": bad}, matters={"performance": 0.07}
    )
    assert hidden.severity is Severity.WARNING
    assert re.search(r"; but off for region apac, typically by [\d.]+ points$", hidden.headline)
    even = answer(tmp_path, f"{ASKED} by region")
    assert only(even, "slice").text == "No region is off beyond chance and by enough."


def test_scores_with_ties_stay_together(tmp_path: Path) -> None:
    """Equal scores are one bin, however many there are of them."""
    found = answer(
        tmp_path,
        log={"score": "CASE WHEN u < 0.6 THEN 0.5 ELSE 0.9 END"},
        happened={"happened": "(v < CASE WHEN u < 0.6 THEN 0.5 ELSE 0.9 END)::INTEGER"},
    )
    bins = table(found, "What it said and what came true")
    assert [row["said"] for row in bins] == pytest.approx([0.5, 0.9])
    assert found.severity is Severity.GOOD


@pytest.mark.parametrize(
    ("log", "happened", "headline"),
    [
        (
            {"score": "10 * u - 5"},
            HONEST,
            r"x: its scores are no probabilities: (89|90)\.?\d* % of them lie outside 0 to 1",
        ),
        (
            {"score": "CASE WHEN i < 0 THEN u END"},
            HONEST,
            "x: no request with an outcome has a score in the last 30 days",
        ),
        (
            {},
            {"came": "stamp + INTERVAL 90 DAYS"},
            "x: no outcome is in for the requests in the last 30 days",
        ),
        ({"score": "0.5"}, HONEST, r"x: when it says [\d.]+ %, .*"),
        ({}, {"happened": "1"}, r"x: .* doesn't mean .*: then 100 % come true; typically off .*"),
        (
            {"score": "CASE i % 4 WHEN 0 THEN 'NaN'::DOUBLE WHEN 1 THEN 'inf'::DOUBLE ELSE u END"},
            HONEST,
            r"x: when it says .* no more than chance makes of it",
        ),
    ],
)
def test_edges(
    tmp_path: Path, log: dict[str, str], happened: dict[str, str], headline: str
) -> None:
    """Scores that are none, no outcomes, one class and a constant score are each told plainly."""
    found = answer(tmp_path, log=log, happened=happened)
    assert re.fullmatch(headline, found.headline), found.headline


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    """Requests without a score, and scores that can be no probability, are counted and said."""
    log = {"score": "CASE WHEN i % 9 = 0 THEN NULL WHEN i % 200 = 1 THEN 1.5 ELSE u END"}
    found = answer(tmp_path, log=log)
    assert re.match(r"[\d,]+ requests with an outcome have no score and don't", found.caveats[0])
    assert re.match(r"[\d,]+ scores lie outside 0 to 1", found.caveats[1])


def test_only_decided_requests_count(tmp_path: Path) -> None:
    """The population is named where outcomes exist for some decisions alone."""
    found = answer(
        tmp_path,
        log={"decision": "CASE WHEN u > 0.4 THEN 'approve' ELSE 'decline' END"},
        roles=ROLES | {"decision": "decision"},
        decided=["approve"],
    )
    assert found.caveats[0].startswith("This speaks of requests with the decision “approve” alone")
    assert all(row["said"] > 0.4 for row in table(found, "What it said and what came true"))


CLASSES: dict[str, Any] = {
    "task": "multiclass",
    "roles": {
        **{key: ROLES[key] for key in ("time", "request_id", "dimensions")},
        "prediction": "prediction",
        "scores": {"a": "p_a", "b": "p_b"},
    },
}


def test_several_classes(tmp_path: Path) -> None:
    """Of several classes, each against the others, the worst is told and all are in the table."""
    happened = {"happened": "CASE WHEN v < u THEN 'a' ELSE 'b' END"}
    log = {
        "p_a": "u",
        "p_b": "(1 - u) / 2",
        "prediction": "CASE WHEN u > 0.5 THEN 'a' ELSE 'b' END",
    }
    found = answer(tmp_path, log=log, happened=happened, **CLASSES)
    assert found.severity is Severity.ALARM
    assert found.headline.startswith("x: for “b”, ")
    assert {row["class"] for row in table(found, "What it said and what came true")} == {"a", "b"}


def test_an_undated_log_in_chunks(tmp_path: Path) -> None:
    """Without times all outcomes count, and declared chunks have a table of their own."""
    roles = {key: each for key, each in ROLES.items() if key != "time"}
    outcomes = {key: each for key, each in DECLARED["outcomes"].items() if key != "outcome_time"}
    found = answer(
        tmp_path,
        "calibration x all",
        log={"n": "i"},
        roles=roles,
        undated=True,
        outcomes=outcomes,
        chunks={"rows": 4000, "order": "n"},
    )
    assert [row["n"] for row in table(found, "By chunk")] == [4000, 4000, 3520]


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"task": "regression"}, "x states no probabilities: its task is regression."),
        ({"task": "none"}, "x states no probabilities: its task is none."),
        ({"outcomes": None}, "x has no column for “outcome”. Declare which one it is in"),
        (
            {"roles": {key: each for key, each in ROLES.items() if key != "score"}},
            "x has no column for “score”. Declare which one it is in [sources.x.roles].",
        ),
        (
            {"task": "multiclass", "classes": ["0", "1"]},
            "x has no score for any class. Declare which columns they are in "
            "[sources.x.roles.scores].",
        ),
    ],
)
def test_what_is_not_declared_is_named(tmp_path: Path, declared: dict[str, Any], said: str) -> None:
    """Without scores, outcomes or classes the answer is what to declare and where."""
    with pytest.raises(NotAnswerable, match=re.escape(said)):
        answer(tmp_path, **declared)


def test_an_error_of_nothing_is_told_without_a_number() -> None:
    """What is left beyond chance is told in points, unless it would read as 0 points."""
    assert typically_off(Number(0.021, 900)) == "typically off by 2.1 points"
    assert typically_off(Number(0.0, 900)) == "off by no more than chance makes of it"
