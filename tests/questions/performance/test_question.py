"""How good a model is, by slice and within conditions, and what can't be asked of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from queries.core.answer import Severity
from queries.core.charts import BarChart
from queries.core.errors import NotAnswerable
from tests.questions.performance.judged import (
    CONFUSION,
    REFERENCE,
    ROLES,
    TIMELESS,
    WRONG,
    answer,
    metric,
    only,
    table,
)


def test_people_who_come_back_widen_the_ranges(tmp_path: Path) -> None:
    """Ten requests of one person that are right or wrong together tell as much as one."""
    together = "(i // 10 * 7919 % 1000) / 1000.0"
    log = {"u2": together, "person": "'p' || CAST(i // 10 AS INTEGER)"}
    log |= {"prediction": f"CASE WHEN {together} < 0.2 THEN (u < 0.5) ELSE (u > 0.5) END::INTEGER"}
    happened = {"happened": "(u > 0.5)::INTEGER"}
    plain = answer(tmp_path, log=log, happened=happened)
    found = answer(tmp_path, log=log, happened=happened, roles=ROLES | {"entity_id": "person"})
    narrow, wide = metric(plain, "right answers"), metric(found, "right answers")
    assert wide["now"] == narrow["now"]
    times = (wide["now_high"] - wide["now_low"]) / (narrow["now_high"] - narrow["now_low"])
    assert times == pytest.approx(10**0.5, rel=0.1)
    (said,) = [each for each in found.caveats if "comes back" in each]
    assert said.startswith("The same “person” comes back often: the ranges allow for that, and are")
    nobody = answer(
        tmp_path,
        log=log | {"person": "NULL::VARCHAR"},
        happened=happened,
        roles=ROLES | {"entity_id": "person"},
    )
    assert metric(nobody, "right answers")["now_low"] == pytest.approx(narrow["now_low"])


def test_by_slice(tmp_path: Path) -> None:
    """The slice that is worse than the others is named in the headline and stands first."""
    bad = f"CASE WHEN i % 3 = 2 THEN {WRONG} ELSE (u > 0.5)::INTEGER END"
    found = answer(tmp_path, "performance x last 7 days by region", log={"prediction": bad})
    assert found.headline == "x: right in 88 % of cases; least for region apac: 74 %"
    assert found.severity is Severity.WARNING
    assert only(found, "slice").text == (
        "Worst for region apac: right in 74 %; elsewhere right in 95 %."
    )
    assert [row["region"] for row in table(found, "By region")] == ["apac", "amer", "emea"]
    assert isinstance(found.chart, BarChart)
    assert [bar.label for bar in found.chart.bars] == ["apac", "amer", "emea"]


def test_requests_without_the_dimension_are_a_slice(tmp_path: Path) -> None:
    """Requests in which the dimension is empty stand in the table as such."""
    some = {"region": "CASE WHEN i % 5 > 0 THEN 'emea' END"}
    found = answer(tmp_path, "performance x last 7 days by region", log=some)
    assert {row["region"] for row in table(found, "By region")} == {"emea", "(empty)"}


def test_no_slice_stands_out_by_chance(tmp_path: Path) -> None:
    """Of many slices the worst one is always lower; that alone is not called so."""
    roles = ROLES | {"dimensions": ["region", "branch"]}
    found = answer(
        tmp_path,
        "performance x last 7 days by branch",
        log={"branch": "'b' || CAST(floor(w * 25) AS INTEGER)"},
        roles=roles,
    )
    assert len(table(found, "By branch")) == 25
    assert only(found, "slice").severity is Severity.NOTE
    assert only(found, "slice").text.startswith("No branch stands out. The worst is b")
    assert ";" not in found.headline


def test_filters(tmp_path: Path) -> None:
    """Only the requests asked for are counted, in the reference too; a typo names the nearest."""
    skewed = {"prediction": f"CASE WHEN i % 3 = 0 THEN {WRONG} ELSE (u > 0.5)::INTEGER END"}
    text = "performance x last 7 days where region = emea"
    found = answer(tmp_path, text, log=skewed, before=skewed, **REFERENCE)
    assert found.severity is Severity.GOOD
    assert found.headline.startswith("x where region = emea: right in 79 % of cases, no worse")
    assert "Of 672 requests" in found.summary
    typo = answer(tmp_path, "performance x last 7 days where region = emeaa")
    assert typo.summary == "No region in this time is “emeaa”. Did you mean “emea”?"


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"task": "none"}, "Set `task` under [sources.x] to binary, multiclass or regression."),
        ({"outcomes": None}, "x has no column for “outcome”. Declare which one it is in"),
        (
            {"roles": {key: ROLES[key] for key in ("time", "request_id", "score")}},
            "x has no column for “prediction”. Declare which one it is in [sources.x.roles].",
        ),
    ],
)
def test_what_is_not_declared_is_named(tmp_path: Path, declared: dict[str, Any], said: str) -> None:
    """Without a task, outcomes or predictions the answer is what to declare and where."""
    with pytest.raises(NotAnswerable, match=re.escape(said)):
        answer(tmp_path, **declared)


def test_a_positive_that_is_none(tmp_path: Path) -> None:
    """A declared positive that the log can't hold is refused; so is one it never holds."""
    with pytest.raises(NotAnswerable, match=r"“yes”, but its outcome holds numbers\. Correct"):
        answer(tmp_path, positive="yes")
    never = r"`positive` is 2, which never occurs among .*; there are “0” \(\d.*\) and “1” \(\d"
    with pytest.raises(NotAnswerable, match=never):
        answer(tmp_path, positive=2)


def test_an_undated_log(tmp_path: Path) -> None:
    """A log without times counts every outcome and knows no days."""
    roles = {key: each for key, each in ROLES.items() if key != "time"}
    found = answer(tmp_path, "performance x all", undated=True, roles=roles, outcomes=TIMELESS)
    assert found.summary == (
        "Of 3,456 requests in the whole log, the outcome is in for 3,456 (100 %)."
    )
    assert [each.title for each in found.tables] == ["How often", "How far off", CONFUSION]


def test_nothing_in_the_time_asked_for(tmp_path: Path) -> None:
    """A time without requests and an empty log say so."""
    assert answer(tmp_path, "performance x 2026-10-01..2026-10-02").headline == (
        "x: no requests from 1 Oct to 2 Oct 2026 UTC"
    )
    assert answer(tmp_path, days=0).headline == "x: the log is empty"
