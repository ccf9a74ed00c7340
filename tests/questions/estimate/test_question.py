"""How good a model probably is before outcomes arrive, asked of logs on disk with a known truth."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from queries.core.answer import Answer, Severity
from queries.core.charts import BarChart, LineChart
from queries.core.errors import NotAnswerable
from tests.questions.performance.judged import DECLARED, REFERENCE, ROLES, ask, metric, only, table

HONEST = {"happened": "(v < u)::INTEGER"}
"""What is said comes true, so that answers are right in 75 % of cases."""
SINCE = "CASE WHEN stamp >= TIMESTAMP '2026-11-16 12:00' THEN {} ELSE {} END"
HALF_AS_SURE = SINCE.format("0.25 + u / 2", "u")
"""Scores nearer to a half since a week; what happens follows, so that 62 to 63 % are right."""
ASKED = "estimate x last 14 days"
TITLE = "How often, estimated"


def answer(folder: Path, text: str = ASKED, **given: Any) -> Answer:
    """Ask about 20 days whose outcomes take a day and a half, against an honest reference."""
    given = {"happened": HONEST, "before": HONEST, "days": 20, **REFERENCE} | given
    return ask(folder, text, **given).answer


def test_before_outcomes_arrive(tmp_path: Path) -> None:
    """The days without outcomes are estimated, near the truth, with band and assumption."""
    found = answer(tmp_path)
    assert found.severity is Severity.NOTE
    said = r"x: probably right in 7\d % of cases, 7[\d.]+ % in the reference set: no change shown"
    assert re.fullmatch(said, found.headline), found.headline
    assert any("could go unseen" in each for each in found.caveats)
    row = metric(found, "right answers", TITLE)
    assert row["estimated_low"] < 0.75 < row["estimated_high"]
    assert row["estimated_high"] - row["estimated_low"] < 0.1
    assert found.caveats[0] == (
        "It assumes that the relation between inputs and outcome has not changed since the "
        "reference set; a change there cannot be seen without outcomes."
    )
    assert found.summary.startswith("720 requests in the last 14 days belong to days whose")


def test_slightly_worse_and_no_worse(tmp_path: Path) -> None:
    """A range that lies below the reference is slightly worse; no worse rules out what matters."""
    said = r"x: probably right in \d\d(\.\d)? % of cases, "
    less = {"score": "CASE WHEN i % 4 = 0 THEN 0.55 ELSE u END"}
    worse = answer(tmp_path, log=less, matters={"performance": 0.3})
    assert re.match(f"{said}slightly less often than in the reference", worse.headline)
    assert worse.severity is Severity.NOTE
    same = answer(tmp_path, matters={"performance": 0.2})
    assert re.match(f"{said}no worse than in the reference set", same.headline), same.headline
    assert same.severity is Severity.GOOD


def test_estimated_and_realised_stay_apart(tmp_path: Path) -> None:
    """Estimates are one line with its band; realised values another, of mature days alone."""
    found = answer(tmp_path)
    assert isinstance(found.chart, LineChart)
    estimated, realised = found.chart.series
    assert (estimated.label, realised.label) == ("estimated", "realised")
    assert None not in estimated.y
    assert realised.y[-3:] == (None, None, None)
    assert None not in realised.y[:-3]
    days = table(found, "By day")
    assert [row["realised"] for row in days] == list(realised.y)
    assert sum(row["n"] for row in days) == 14 * 288


def test_it_turned_out_as_estimated(tmp_path: Path) -> None:
    """Where outcomes are in, the realised value lies in the band of its estimate."""
    found = answer(tmp_path)
    finding = only(found, "turned out")
    assert finding.severity is Severity.GOOD
    assert "inside the band of their estimate" in finding.text
    row = metric(found, "right answers", TITLE)
    assert row["then_low"] < row["realised"] < row["then_high"]


def test_what_scores_mean_has_changed(tmp_path: Path) -> None:
    """A changed relation is seen once outcomes are in: the realised value left the band."""
    coin = "(v < 0.5 + 0.3 * (u - 0.5))::INTEGER"
    found = answer(tmp_path, happened={"happened": coin})
    assert found.severity is Severity.ALARM
    assert re.search(
        r"; but where outcomes are in, it turned out worse than estimated: 5\d % instead of 7\d %$",
        found.headline,
    )
    finding = only(found, "turned out")
    assert finding.severity is Severity.ALARM
    assert "what scores mean has changed by 1" in finding.text


def test_less_sure_scores_are_estimated_worse(tmp_path: Path) -> None:
    """Where scores move towards a half, the model is probably worse, before any outcome."""
    found = answer(
        tmp_path,
        "estimate x last 24 hours",
        log={"score": HALF_AS_SURE},
        happened={"happened": f"(v < {HALF_AS_SURE})::INTEGER"},
    )
    assert found.severity is Severity.ALARM
    assert found.headline.startswith("x: probably worse than in the reference set: right in 6")
    row = metric(found, "right answers", TITLE)
    assert row["estimated_low"] < 0.625 < row["estimated_high"]


def test_scores_need_be_no_probabilities(tmp_path: Path) -> None:
    """What a score means is read from the reference set, whatever its scale or direction."""
    as_said = metric(answer(tmp_path), "right answers", TITLE)
    logit = {"score": "-ln(greatest(u, 1e-6) / greatest(1 - u, 1e-6))"}
    found = answer(tmp_path, log=logit, before=HONEST | logit, score_direction="lower")
    assert metric(found, "right answers", TITLE) == as_said
    assert only(found, "reference scores").text.startswith("The scores are no probabilities")


def test_a_badly_calibrated_reference_is_a_warning(tmp_path: Path) -> None:
    """That the scores were off in the reference set already is said, with by how much."""
    proud = {"happened": "(v < 0.5 + 0.5 * (u - 0.5))::INTEGER"}
    found = answer(tmp_path, happened=proud, before=proud)
    finding = only(found, "reference scores")
    assert finding.severity is Severity.WARNING
    assert finding.text.startswith("In the reference set the scores themselves were typically off")
    assert only(found, "turned out").severity is Severity.GOOD


def test_inputs_that_the_reference_never_held(tmp_path: Path) -> None:
    """Numbers out of range, new categories and sudden gaps are counted once a request."""
    log = {
        "x": SINCE.format("CASE WHEN i % 10 = 0 THEN 5 WHEN i % 10 = 1 THEN NULL ELSE v END", "v"),
        "kind": "CASE WHEN i % 10 = 0 THEN 'new' ELSE 'old' END",
        "ok": "true",
    }
    found = answer(
        tmp_path,
        "estimate x last 24 hours",
        log=log,
        before=HONEST | {"x": "v", "kind": "'old'", "ok": "true"},
        roles=ROLES | {"features": ["x", "kind", "ok"]},
    )
    finding = only(found, "unfamiliar inputs")
    assert found.severity is Severity.WARNING
    share = finding.numbers["share"]
    assert share.value == pytest.approx(0.2, abs=0.02)
    assert "most often “x” and “kind”" in finding.text
    familiar = answer(tmp_path)
    assert "unfamiliar inputs" not in [each.kind for each in familiar.findings]


def test_what_nobody_will_know_the_outcome_of_is_not_unfamiliar(tmp_path: Path) -> None:
    """Requests that can't have an outcome don't count, however strange their inputs."""
    log = {"x": SINCE.format("CASE WHEN i % 10 = 0 THEN 5 ELSE v END", "v")}
    found = answer(
        tmp_path,
        "estimate x last 24 hours",
        log=log | {"done": "CASE WHEN i % 10 = 0 THEN 'no' ELSE 'yes' END"},
        before=HONEST | {"x": "v", "done": "'yes'"},
        roles=ROLES | {"features": ["x"], "decision": "done"},
        decided=["yes"],
    )
    assert "unfamiliar inputs" not in [each.kind for each in found.findings]


def test_by_slice(tmp_path: Path) -> None:
    """Split by a dimension, each slice has its estimate, the worst first."""
    bad = "CASE WHEN i % 3 = 2 THEN 0.25 + u / 2 ELSE u END"
    found = answer(
        tmp_path,
        f"{ASKED} by region",
        log={"score": bad},
        happened={"happened": f"(v < {bad})::INTEGER"},
    )
    assert table(found, "By region")[0]["region"] == "apac"
    finding = only(found, "slice")
    assert finding.severity is Severity.WARNING
    assert re.match(r"Lowest for region apac: probably 6\d", finding.text)
    assert isinstance(found.chart, BarChart)
    assert len(found.chart.bars) == 3


def test_without_outcomes_in_production(tmp_path: Path) -> None:
    """A source whose outcomes never arrive is estimated all the same, and nothing is realised."""
    found = answer(tmp_path, outcomes=None)
    assert found.summary.startswith("4,032 requests in the last 14 days have no outcome yet.")
    assert "turned out" not in [each.kind for each in found.findings]
    assert isinstance(found.chart, LineChart)
    assert [series.label for series in found.chart.series] == ["estimated"]


def test_without_predictions_ranking_alone(tmp_path: Path) -> None:
    """Without prediction or threshold the ranking is estimated, and what is lacking is said."""
    roles = {key: each for key, each in ROLES.items() if key != "prediction"}
    found = answer(tmp_path, roles=roles, outcomes=None)
    assert re.fullmatch(r"x: probably ranking 8\d % of pairs rightly", found.headline), (
        found.headline
    )
    assert any("neither prediction nor threshold" in caveat for caveat in found.caveats)


def test_an_undated_log_in_chunks(tmp_path: Path) -> None:
    """Without times everything is estimated; declared chunks have both values each."""
    roles = {key: each for key, each in ROLES.items() if key != "time"}
    outcomes = {key: each for key, each in DECLARED["outcomes"].items() if key != "outcome_time"}
    found = answer(
        tmp_path,
        "estimate x all",
        log={"n": "i"},
        before=HONEST | {"n": "i"},
        roles=roles,
        undated=True,
        outcomes=outcomes,
        chunks={"rows": 2000, "order": "n"},
    )
    assert found.headline.endswith(", as estimated")
    chunks = table(found, "By chunk")
    assert [(row["dataset"], row["n"]) for row in chunks] == [
        ("reference", 2000),
        ("reference", 1000),
        *[("production", 2000)] * 2,
        ("production", 1760),
    ]
    assert all(row["realised_accuracy"] is not None for row in chunks)


def test_an_undated_log_with_some_outcomes(tmp_path: Path) -> None:
    """Without times, requests with an outcome check the estimate; the others are estimated."""
    found = answer(
        tmp_path,
        "estimate x all",
        roles={key: each for key, each in ROLES.items() if key != "time"},
        undated=True,
        outcomes={key: each for key, each in DECLARED["outcomes"].items() if key != "outcome_time"},
        kept="SELECT * FROM ({}) WHERE id LIKE '%7'",
    )
    assert found.summary.startswith("5,184 requests in the whole log have no outcome yet.")
    assert only(found, "turned out").text.startswith("Of the 576 requests whose outcomes count")


@pytest.mark.parametrize(
    ("given", "headline"),
    [
        (
            {"log": {"score": "CASE WHEN i < 0 THEN u END"}},
            "x: no request has a score in the last 14 days",
        ),
        (
            {"text": "estimate x last 1 hour"},
            "x: only 12 requests in the last 1 hour, too few to estimate how good it is",
        ),
        ({"log": {"score": "0.5"}}, r"x: probably .* 5\d %.*"),
        ({"log": {"score": "u + 3"}}, r"x: .*"),
        ({"happened": {"happened": "1"}}, r"x: .* it turned out worse than estimated.*"),
        ({"days": 1}, r"x: probably right in 7\d % of cases, .* reference set: no change shown"),
    ],
)
def test_edges(tmp_path: Path, given: dict[str, Any], headline: str) -> None:
    """No scores, too few requests, a constant score and one class are each told plainly."""
    found = answer(tmp_path, **given)
    assert re.fullmatch(headline, found.headline), found.headline


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"task": "regression"}, "x probably is can't be estimated. It predicts numbers;"),
        ({"task": "none"}, "x probably is can't be estimated. It declares no task;"),
        ({"reference": None}, "Declare a training or validation set with its outcomes under"),
        (
            {"reference": {"files": "reference.parquet"}},
            "The reference set of x has no outcome, which it needs to tell what scores mean.",
        ),
        (
            {"before": {"happened": "1"}},
            "of 3,000 scored cases with an outcome, 3,000 are “1”. At least 30 of either kind",
        ),
        (
            {"roles": {key: each for key, each in ROLES.items() if key != "score"}},
            "x has no column for “score”. Declare which one it is in [sources.x.roles].",
        ),
    ],
)
def test_what_is_not_declared_is_named(tmp_path: Path, given: dict[str, Any], said: str) -> None:
    """Without score, reference or both outcomes the answer is what to declare and where."""
    with pytest.raises(NotAnswerable, match=re.escape(said)):
        answer(tmp_path, **given)
