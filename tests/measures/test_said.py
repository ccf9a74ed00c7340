"""What measures say where there is little or nothing to say it from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from queries.core.log import Log
from tests.measures import everything
from tests.measures.conftest import write_parquet
from tests.measures.test_engines import (
    ALL_NEW,
    CONSTANT,
    INFINITE,
    NO_ROWS,
    NULLS,
    ONE_CLASS,
    PLAIN,
    declared,
)

Opener = Callable[[str, str], Log]


@pytest.fixture
def rows(tmp_path: Path, open_log: Callable[[dict[str, Any]], Log]) -> Opener:
    """Open a log and a reference that hold the rows of two queries."""

    def open_(production: str, reference: str) -> Log:
        for name, query in (("production", production), ("reference", reference)):
            write_parquet(query, tmp_path / f"{name}.parquet")
        place = {
            "files": str(tmp_path / "production.parquet"),
            "reference": {"files": str(tmp_path / "reference.parquet")},
        }
        return open_log(declared("binary") | place)

    return open_


def test_no_rows(rows: Opener) -> None:
    """Without rows each metric gives a reason instead of a number."""
    found = everything.binary(rows(NO_ROWS, PLAIN), {})
    metrics = found["metrics"][()]
    assert all(number.value is None and number.why for number in metrics.values())
    assert found["ranks"] == {}
    assert found["commonest"][()].commonest is None
    assert everything.inputs(rows(NO_ROWS, PLAIN), {})["missing"][()]["x"].value is None


def test_one_class(rows: Opener) -> None:
    """With one class there is an accuracy, but neither recall nor AUC."""
    found = everything.binary(rows(ONE_CLASS, PLAIN), {})
    metrics = found["metrics"][()]
    assert metrics["accuracy"].value == 1.0
    assert metrics["recall"].why == "1 never happened"
    assert metrics["precision"].why == "1 was never predicted"
    assert found["ranks"][()][0].why == "only one of the two classes happened"
    assert found["commonest"][()].gain.value == 0.0


def test_all_missing(rows: Opener) -> None:
    """An empty column is 100 % missing, and has no distance from what it was."""
    found = everything.inputs(rows(NULLS, PLAIN), {})
    assert found["missing"][()]["x"].value == found["missing"][()]["c"].value == 1.0
    assert found["profiles"][()]["x"].mean is None
    assert found["numbers"][()]["x"].jensen_shannon is None
    assert found["categories"]["c"][()].jensen_shannon is None
    assert [name for name, _ in found["categories"]["c"][()].turnover.vanished] == []


def test_not_finite(rows: Opener) -> None:
    """NaN counts as missing, infinities and 1e300 apart, and neither moves mean or bins."""
    profile = everything.inputs(rows(INFINITE, PLAIN), {})["profiles"][()]["x"]
    assert (profile.rows, profile.missing, profile.infinite, profile.n) == (200, 40, 120, 40)
    assert profile.high == 199 * 1.5
    scores = everything.binary(rows(INFINITE, PLAIN), {})["counted"][()]
    assert 0 < scores.scored < scores.arrived.outcomes
    assert scores.improbable == 0


def test_constant(rows: Opener) -> None:
    """A constant input is no distance from itself, and all new values are the greatest."""
    same = everything.inputs(rows(CONSTANT, CONSTANT), {})
    assert same["profiles"][()]["x"].constant
    assert same["numbers"][()]["x"].jensen_shannon == 0.0
    assert same["numbers"][()]["x"].kolmogorov_smirnov == 0.0
    new = everything.inputs(rows(ALL_NEW, PLAIN), {})
    assert new["numbers"][()]["x"].jensen_shannon == pytest.approx(1.0)
    assert new["numbers"][()]["x"].wasserstein == pytest.approx(1e6)
    drift = new["categories"]["c"][()]
    assert (drift.unseen_categories, drift.turnover.unseen_rows) == (200, 200)
    assert len(drift.turnover.unseen) == 20
    assert [name for name, _ in drift.turnover.vanished] == ["c0", "c1", "c2"]


def test_scores_that_are_no_probabilities(rows: Opener) -> None:
    """Scores outside 0 to 1 have an AUC, and no Brier score or log loss."""
    found = everything.binary(rows(ALL_NEW, PLAIN), {})
    assert found["ranks"][()][0].value is not None
    assert "no probabilities" in found["probability"][()]["brier"].why
