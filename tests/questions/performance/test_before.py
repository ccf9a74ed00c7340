"""How good a model is beside its reference set and the weeks before."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from queries.core.answer import Severity
from tests.questions.performance.judged import (
    LOG,
    REFERENCE,
    SINCE_MONDAY,
    WRONG,
    answer,
    metric,
    only,
)


def test_worse_than_the_reference_is_an_alarm(tmp_path: Path) -> None:
    """A model that is right less often than on its reference set is called worse, with both."""
    found = answer(tmp_path, log={"prediction": WRONG}, **REFERENCE)
    assert found.severity is Severity.ALARM
    assert found.headline == (
        "x: worse than in the reference set: right in 76 % of cases instead of 94 %"
    )
    change = metric(found, "right answers")
    assert change["change"] == pytest.approx(100 * (change["now"] - change["before"]))
    assert change["change_high"] < 0


def test_as_good_as_the_reference(tmp_path: Path) -> None:
    """A model that holds is said to be no worse, and what that means."""
    found = answer(tmp_path, **REFERENCE)
    assert found.severity is Severity.GOOD
    assert found.headline == (
        "x: right in 94 % of cases, no worse than in the reference set (94 %)"
    )
    assert found.caveats == (
        "“No worse” means: a change for the worse that is large enough to matter would show.",
    )


def test_too_few_to_say_that_it_is_no_worse(tmp_path: Path) -> None:
    """Where a change that matters could go unseen, none is shown, and it isn't called no worse."""
    found = answer(tmp_path, matters={"performance": 0.001}, **REFERENCE)
    assert found.severity is Severity.NOTE
    assert found.headline == (
        "x: right in 94 % of cases, 94 % in the reference set: no change shown"
    )
    assert "could go unseen" in found.caveats[-1]


def test_slightly_worse_than_the_reference(tmp_path: Path) -> None:
    """What is worse beyond chance, but too little to act on, is called slightly worse."""
    wrong = "CASE WHEN v < 0.03 THEN (u < 0.5) ELSE (u > 0.5) END::INTEGER"
    found = answer(
        tmp_path, log={"prediction": wrong}, matters={"performance": 0.1}, days=12, **REFERENCE
    )
    assert found.severity is Severity.NOTE
    assert found.headline == (
        "x: right in 91 % of cases, slightly less often than in the reference set (94 %)"
    )
    assert found.caveats[0].startswith("“Slightly” means: beyond chance,")


def test_ranking_worse_while_as_often_right(tmp_path: Path) -> None:
    """A score that ranks worse is an alarm though the answers are as often right."""
    found = answer(tmp_path, log={"score": "CASE WHEN v < 0.3 THEN 1 - u ELSE u END"}, **REFERENCE)
    assert found.severity is Severity.ALARM
    assert found.headline == (
        "x: it ranks cases worse than in the reference set, though right in 94 % of cases"
    )
    assert only(found, "ranking").severity is Severity.ALARM


def test_another_metric_that_is_worse(tmp_path: Path) -> None:
    """As often right, but finding fewer of the positives, asks to be looked at, in plain words."""
    given = {
        "log": {"prediction": "(u > 0.58)::INTEGER"},
        "before": {"prediction": "(u > 0.42)::INTEGER"},
        **REFERENCE,
    }
    found = answer(tmp_path, days=20, text="performance x last 14 days", **given)
    assert found.severity is Severity.WARNING
    assert "; but it finds 8" in found.headline
    assert re.search(r"it finds 8\d(\.\d)? % of “1” \(9\d", only(found, "worse").text)
    beside = answer(tmp_path, days=20, text="gap x last 14 days", **given)
    assert beside.severity is Severity.WARNING
    assert ": it finds 8" in beside.headline


@pytest.mark.parametrize(
    ("when", "said", "severity"),
    [
        ("<= TIMESTAMP '2026-11-09 00:00'", "until 8 Nov", Severity.NOTE),
        (">= TIMESTAMP '2026-11-17 00:00'", "since 17 Nov", Severity.WARNING),
    ],
)
def test_days_that_were_worse(tmp_path: Path, when: str, said: str, severity: Severity) -> None:
    """A stretch of worse days that the whole hides is told with its days."""
    worse = f"CASE WHEN stamp {when} AND v < 0.1 THEN (u < 0.5) ELSE (u > 0.5) END::INTEGER"
    found = answer(
        tmp_path,
        days=20,
        text="performance x last 19 days",
        log={"prediction": worse},
        before={"prediction": WRONG},
        **REFERENCE,
    )
    assert f"; worst {said}: 8" in found.headline, found.headline
    assert found.severity is severity
    assert re.match(
        rf"{said.capitalize()[:5]}.* it was right in 8\d(\.\d)? % of cases \(n = [\d,]+\), ",
        only(found, "stretch").text,
    )


def test_a_reference_that_cannot_be_compared_gives_way_to_the_past(tmp_path: Path) -> None:
    """A training set without predictions isn't compared with; the weeks before are."""
    found = answer(tmp_path, before={"prediction": "NULL::INTEGER"}, days=45, **REFERENCE)
    assert "no worse than in the weeks before" in found.headline


def test_worse_than_the_weeks_before(tmp_path: Path) -> None:
    """A drop beyond how four weeks varied is an alarm."""
    drop = {"prediction": SINCE_MONDAY.format(WRONG, LOG["prediction"])}
    found = answer(tmp_path, log=drop, days=45)
    assert found.severity is Severity.ALARM
    assert found.headline == (
        "x: worse than in the weeks before: right in 78 % of cases instead of 94 %"
    )


def test_no_further_off_than_weeks_vary_is_not_worse(tmp_path: Path) -> None:
    """Where weeks vary by many points anyway, a week at the lower end is no alarm."""
    week = (
        "CAST(floor((epoch(TIMESTAMP '2026-11-23 12:00') - epoch(stamp) - 1) / 604800) AS INTEGER)"
    )
    share = f"[0.2, 0, 0.2, 0.1, 0.05, 0, 0][1 + {week}]"
    unsteady = f"CASE WHEN v < {share} THEN (u < 0.5) ELSE (u > 0.5) END::INTEGER"
    found = answer(tmp_path, log={"prediction": unsteady}, days=45)
    row = metric(found, "right answers")
    assert row["now"] < row["before"] - 0.05
    assert row["change_high"] < 0
    assert found.severity is Severity.NOTE
    assert found.headline.endswith("in the weeks before: no more than that varies anyway")


def test_too_few_weeks_to_call_it_worse(tmp_path: Path) -> None:
    """With fewer than four weeks before both numbers stand there, and nothing is called worse."""
    drop = {"prediction": SINCE_MONDAY.format(WRONG, LOG["prediction"])}
    found = answer(tmp_path, log=drop, days=24)
    assert found.severity is Severity.NOTE
    assert found.headline == "x: right in 77 % of cases, 94 % in the weeks before"
    assert found.caveats[0].startswith("Only 2 comparable times lie before:")


def test_the_past_counts_complete_days_alone(tmp_path: Path) -> None:
    """Early outcomes of a past that is itself still young aren't held against the present."""
    late = "INTERVAL 1 DAY * CASE WHEN v < 0.2 THEN 1 ELSE 9 END"
    found = answer(
        tmp_path,
        "performance x 2026-11-02..2026-11-08",
        happened={"came": f"stamp + {late}"},
        log={"prediction": WRONG},
        days=45,
    )
    row = metric(found, "right answers")
    assert row["now"] == pytest.approx(row["before"], abs=0.03)
