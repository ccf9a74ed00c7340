"""How good a model of each task is: yes or no, one of several classes, a number."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from queries.core.answer import Severity
from tests.questions.performance.judged import (
    CONFUSION,
    ROLES,
    SINCE_MONDAY,
    answer,
    metric,
    only,
    table,
)


def test_the_confusion_matrix(tmp_path: Path) -> None:
    """How many of each kind were predicted as which adds up to the outcomes that count."""
    cells = {(r["happened"], r["predicted"]): r["n"] for r in table(answer(tmp_path), CONFUSION)}
    assert set(cells) == {(a, p) for a in ("1", "not 1") for p in ("1", "not 1")}
    assert sum(cells.values()) == 1296
    right = cells["1", "1"] + cells["not 1", "not 1"]
    assert right / 1296 == pytest.approx(metric(answer(tmp_path), "right answers")["now"])


def test_what_a_model_gains_is_compared_row_by_row(tmp_path: Path) -> None:
    """Where both are far off on the same rows, a small gain on the mean is still sure."""
    found = answer(
        tmp_path,
        task="regression",
        log={"prediction": "CASE WHEN u < 0.5 THEN 495 ELSE 505 END"},
        happened={"happened": "1000 * u"},
    )
    gain = only(found, "constant").numbers["gain"]
    assert gain.value == pytest.approx(5, abs=1)
    assert gain.low is not None
    assert gain.low > 3.5
    assert only(found, "constant").severity is Severity.GOOD


def test_always_the_same_answer(tmp_path: Path) -> None:
    """What one constant answer would reach is said: beaten, as good, or better."""
    beaten = only(answer(tmp_path), "constant")
    assert beaten.severity is Severity.GOOD
    assert beaten.text.endswith("would be right in 52 %: the model is better.")
    coin = answer(tmp_path, log={"prediction": "i % 2"})
    assert coin.severity is Severity.WARNING
    assert coin.headline.endswith("; always giving the same answer would be as good")
    assert "no difference from the model shown" in only(coin, "constant").text
    rare = answer(tmp_path, happened={"happened": "(u > 0.97)::INTEGER"})
    assert rare.headline.endswith("; always giving the same answer would be better")
    assert only(rare, "constant").text.endswith(
        "by this count the model is worse. It does rank cases better than chance."
    )


def test_one_class(tmp_path: Path) -> None:
    """Where one class alone happened, what can't be said is left empty and says why."""
    found = answer(tmp_path, happened={"happened": "1"})
    assert metric(found, "ranking (AUC)")["now"] is None
    assert metric(found, "ranking (AUC)")["why"] == "only one of the two classes happened"
    assert metric(found, "specificity")["now"] is None
    assert metric(found, "recall")["now"] == pytest.approx(0.5, abs=0.05)
    assert [each.kind for each in found.findings] == ["constant", "early"]


def test_score_and_threshold_stand_for_a_prediction(tmp_path: Path) -> None:
    """Where no prediction is logged, a score at or beyond its threshold is a positive one."""
    roles = {key: each for key, each in ROLES.items() if key != "prediction"}
    found = answer(tmp_path, log={"cut": "0.5"}, roles=roles | {"threshold": "cut"})
    assert found.headline == answer(tmp_path).headline


def test_several_classes(tmp_path: Path) -> None:
    """A model of several classes is told by its right answers, and means are said to be means."""
    classes = "['a', 'b', 'c'][1 + CAST(floor(3 * {}) AS INTEGER)]"
    found = answer(
        tmp_path,
        task="multiclass",
        classes=["a", "b", "c"],
        log={"prediction": classes.format("u")},
        happened={"happened": classes.format("(0.8 * u + 0.2 * v)")},
    )
    assert re.fullmatch(r"x: right in 8\d(\.\d)? % of cases", found.headline)
    assert "Always answering “b” would be right in" in only(found, "constant").text
    assert metric(found, "recall")["meaning"].endswith("the mean over the classes.")


def test_numbers(tmp_path: Path) -> None:
    """A model of numbers is told by how far it is off, against the mean and the weeks before."""
    given: dict[str, Any] = {"task": "regression", "log": {"prediction": "1000 * u"}, "days": 45}
    wide = SINCE_MONDAY.format("200", "100")
    found = answer(tmp_path, happened={"happened": f"1000 * u + {wide} * (v - 0.5)"}, **given)
    assert found.severity is Severity.ALARM
    assert found.headline == (
        "x: worse than in the weeks before: its answers are off by 49 on average instead of 25"
    )
    assert only(found, "constant").text == (
        "Always answering 492 would be off by 251: the model is better."
    )
    assert metric(found, "RMSE", "How far off")["now"] > 50
    steady = answer(tmp_path, happened={"happened": "1000 * u + 100 * (v - 0.5)"}, **given)
    assert steady.headline == (
        "x: its answers are off by 24.6 on average, no worse than in the weeks before (25.2)"
    )
    worse = "1000 * u + CASE WHEN i % 3 = 0 THEN 200 ELSE 100 END * (v - 0.5)"
    split = answer(
        tmp_path, "performance x last 7 days by region", happened={"happened": worse}, **given
    )
    assert split.headline.endswith("; most for region emea: 50")
    assert table(split, "By region")[0]["region"] == "emea"


def test_infinite_predictions_are_left_out(tmp_path: Path) -> None:
    """A prediction divided by zero spoils no average."""
    broken = "CASE WHEN v < 0.1 THEN 'inf'::DOUBLE ELSE 1000 * u END"
    found = answer(
        tmp_path,
        task="regression",
        log={"prediction": broken},
        happened={"happened": "1000 * u + 100 * (v - 0.5)"},
    )
    assert metric(found, "average error", "How far off")["now"] == pytest.approx(22.5, abs=1)
