"""Whether it was only good in the laboratory, asked of logs on disk with a known truth."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from queries.core.answer import Answer, Severity
from queries.core.charts import BarChart, LineChart
from queries.core.errors import NotAnswerable
from tests.questions.performance.judged import (
    DECLARED,
    REFERENCE,
    ROLES,
    WRONG,
    ask,
    metric,
    only,
    table,
)

ASKED = "gap x last 14 days"
DECISIONS = {"decision": "CASE WHEN u > 0.4 THEN 'approve' ELSE 'decline' END"}
DECIDED: dict[str, Any] = {"roles": ROLES | {"decision": "decision"}, "decided": ["approve"]}


def answer(folder: Path, text: str = ASKED, **given: Any) -> Answer:
    """Ask about 20 days against a reference set in which 94 % of answers are right."""
    return ask(folder, text, **({"days": 20, **REFERENCE} | given)).answer


def test_as_good_as_in_the_laboratory(tmp_path: Path) -> None:
    """A model that holds is told so, with both values, and how large a gap could be missed."""
    found = answer(tmp_path)
    assert found.severity is Severity.GOOD
    assert found.headline == (
        "x: no worse than in the laboratory: right in 94.2 % of cases, 93.9 % in the reference set"
    )
    assert re.fullmatch(
        r"No difference is shown: production lies between [\d.]+ points? below and [\d.]+ points "
        r"above the reference set\.",
        only(found, "gap").text,
    )


def test_only_good_in_the_laboratory(tmp_path: Path) -> None:
    """A model that is right less often in production is an alarm, with the gap's interval."""
    found = answer(tmp_path, log={"prediction": WRONG})
    assert found.severity is Severity.ALARM
    assert re.match(
        r"x: worse than in the laboratory: right in 7\d % of cases, 94 % in the", found.headline
    )
    row = metric(found, "right answers")
    assert row["gap"] == pytest.approx(100 * (row["production"] - row["reference"]))
    assert row["gap_low"] < -17 < row["gap_high"] < 0
    assert row["worse"] is True
    finding = only(found, "gap")
    assert re.match(r"By 17\.\d points less often right than in the reference set", finding.text)
    assert only(found, "worse").text.startswith("Worse by enough: right answers 7")


def test_over_time_beside_the_reference(tmp_path: Path) -> None:
    """The chart shows days of production with their ranges, and the reference set as a line."""
    found = answer(tmp_path)
    assert isinstance(found.chart, LineChart)
    assert found.chart.band is not None
    assert found.chart.band.label == "range by chance"
    assert [each.label for each in found.chart.series][1] == "the reference set"
    assert found.chart.series[0].y[-3:] == (None, None, None)
    early = only(found, "early").text
    assert early.startswith("Days from 21 Nov on are too young to judge and stand apart")


def test_better_than_in_the_laboratory(tmp_path: Path) -> None:
    """A model that does better in production is told so, and nobody is alarmed."""
    found = answer(tmp_path, before={"prediction": WRONG})
    assert found.severity is Severity.GOOD
    assert found.headline.startswith("x: better than in the laboratory: right in 94")


def test_each_slice_against_its_own(tmp_path: Path) -> None:
    """A slice is held against the same slice of the reference, where that has enough of it."""
    bad = f"CASE WHEN i % 3 = 2 THEN {WRONG} ELSE (u > 0.5)::INTEGER END"
    found = answer(tmp_path, f"{ASKED} by region", log={"prediction": bad})
    assert re.search(r"; the gap is largest for region apac: \d+(\.\d)? points$", found.headline)
    parts = table(found, "By region")
    assert [row["region"] for row in parts][:1] == ["apac"]
    assert [row["worse"] for row in parts] == [True, False, False]
    assert isinstance(found.chart, BarChart)
    assert [bar.reference for bar in found.chart.bars] == [row["reference"] for row in parts]
    usual = answer(
        tmp_path, f"{ASKED} by region", log={"prediction": bad}, before={"prediction": bad}
    )
    assert usual.severity is Severity.GOOD


def test_a_slice_that_the_reference_lacks(tmp_path: Path) -> None:
    """A slice that is new since is held against the whole reference set, and that is said."""
    log = {"region": "CASE WHEN i % 2 = 0 THEN 'emea' ELSE 'mars' END"}
    found = answer(tmp_path, f"{ASKED} by region", log=log)
    own = {row["region"]: row["own"] for row in table(found, "By region")}
    assert own == {"emea": True, "mars": False}
    assert "The reference set has too little of “mars”: held against all of it." in found.caveats


AGEING = {
    "version": "CASE WHEN stamp >= TIMESTAMP '2026-11-04 00:00' THEN '2' ELSE '1' END",
    "prediction": f"CASE WHEN stamp >= TIMESTAMP '2026-11-13 00:00' THEN {WRONG} "
    "ELSE (u > 0.5)::INTEGER END",
}


def test_by_time_since_release(tmp_path: Path) -> None:
    """A version's weeks count from its first row; that it has become worse since is said."""
    found = answer(
        tmp_path,
        "gap x last 21 days",
        log=AGEING,
        days=30,
        roles=ROLES | {"version": "version"},
    )
    ages = [(row["version"], row["week"]) for row in table(found, "By age of the version")]
    assert ages == [("1", 2), ("2", 1), ("2", 2), ("2", 3)]
    finding = only(found, "age")
    assert finding.severity is Severity.WARNING
    assert re.fullmatch(
        r"Version 2 since it was first seen: right in 9\d.* in week 1, 7\d.* in week 3\. It has "
        r"become worse\.",
        finding.text,
    )


def test_the_same_population_on_both_sides(tmp_path: Path) -> None:
    """The reference is narrowed to decisions that can have an outcome, or that it can't be said."""
    both = answer(tmp_path, log=DECISIONS, before=DECISIONS, **DECIDED)
    assert both.caveats[0].startswith("This speaks of requests with the decision “approve” alone")
    assert both.caveats[1] == (
        "In the reference set, too, cases with the decision “approve” alone count."
    )
    assert metric(both, "right answers")["n_reference"] == pytest.approx(1800, abs=100)


def test_a_reference_without_decisions(tmp_path: Path) -> None:
    """A reference that knows no decisions counts whole, and that it may make the gap is said."""
    found = answer(tmp_path, log=DECISIONS, **DECIDED)
    assert found.caveats[1].startswith("The reference set has no decisions, so that all of its")
    assert metric(found, "right answers")["n_reference"] == 3000


def test_numbers(tmp_path: Path) -> None:
    """A model that predicts numbers is held against its reference by how far it is off."""
    number = {"prediction": "100 * u", "happened": "100 * u + 20 * (v - 0.5)"}
    far = number | {"happened": "100 * u + 40 * (v - 0.5)"}
    found = answer(tmp_path, log=number, happened=far, before=number, task="regression")
    assert found.severity is Severity.ALARM
    assert re.match(
        r"x: worse than in the laboratory: off by 10\.\d* on average, 5\.\d", found.headline
    )
    assert re.match(r"By 5\.\d+ more off than in the reference set", only(found, "gap").text)


def test_several_classes(tmp_path: Path) -> None:
    """Of several classes the means over them are compared."""
    log = {"prediction": "['a', 'b', 'c'][1 + CAST(floor(3 * u) AS INTEGER)]"}
    happened = {"happened": "['a', 'b', 'c'][1 + CAST(floor(3 * (0.8 * u + 0.2 * v)) AS INTEGER)]"}
    worse = {"happened": "['a', 'b', 'c'][1 + CAST(floor(3 * (0.4 * u + 0.6 * v)) AS INTEGER)]"}
    declared: dict[str, Any] = {"task": "multiclass", "classes": ["a", "b", "c"]}
    declared["roles"] = {key: each for key, each in ROLES.items() if key != "score"}
    found = answer(tmp_path, log=log, happened=worse, before=log | happened, **declared)
    assert found.severity is Severity.ALARM
    assert metric(found, "recall")["worse"] is True


def test_an_undated_log_in_chunks(tmp_path: Path) -> None:
    """Without times all outcomes count; chunks of both sides stand in a table of their own."""
    roles = {key: each for key, each in ROLES.items() if key != "time"}
    outcomes = {key: each for key, each in DECLARED["outcomes"].items() if key != "outcome_time"}
    given = {"roles": roles, "undated": True, "outcomes": outcomes}
    chunks = {"rows": 2000, "order": "n"}
    found = answer(tmp_path, "gap x all", log={"n": "i"}, before={"n": "i"}, chunks=chunks, **given)
    sides = [row["dataset"] for row in table(found, "By chunk")]
    assert sides == ["reference"] * 2 + ["production"] * 3


@pytest.mark.parametrize(
    ("given", "headline"),
    [
        (
            {"happened": {"came": "stamp + INTERVAL 30 DAYS"}},
            "x: no outcome is in for the requests in the last 14 days",
        ),
        (
            {"kept": "SELECT * FROM ({}) WHERE id IN ('r3', 'r2700')"},
            "x: only 1 outcome in the last 14 days, too few to say whether it was only good in the "
            "laboratory",
        ),
        (
            {"before": {"prediction": "NULL::INTEGER"}},
            "x: right in 94.2 % of cases; too few cases in the reference set to compare",
        ),
        ({"happened": {"happened": "1"}}, r"x: worse than in the laboratory: right in .*"),
        (
            {"text": "gap x last 14 days where region = emeaa"},
            "x where region = emeaa: no requests in the last 14 days",
        ),
    ],
)
def test_edges(tmp_path: Path, given: dict[str, Any], headline: str) -> None:
    """No outcomes, too few, one class and a condition that nothing meets are told plainly."""
    found = answer(tmp_path, **given)
    assert re.fullmatch(headline, found.headline), found.headline


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"task": "none"}, "Set `task` under [sources.x] to binary, multiclass or regression."),
        ({"outcomes": None}, "The log of x has no “outcome”; only its reference set has. Declare"),
        ({"reference": None}, "x has no reference set to compare production with."),
        (
            {"reference": {"files": "reference.parquet"}},
            "The reference set of x lacks outcomes or predictions. Declare its `outcome` under",
        ),
    ],
)
def test_what_is_not_declared_is_named(tmp_path: Path, given: dict[str, Any], said: str) -> None:
    """Without a task, outcomes or a reference set the answer is what to declare and where."""
    with pytest.raises(NotAnswerable, match=re.escape(said)):
        answer(tmp_path, **given)
