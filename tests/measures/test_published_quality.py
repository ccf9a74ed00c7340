"""NannyML's published tables of missing and unseen values, on the Titanic's passengers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from queries.core.doors.rows import Dataset
from queries.core.log import Log
from queries.measures.columns.categories import known_of_each
from queries.measures.columns.category_drift import category_drift
from queries.measures.columns.missing import missing_shares
from queries.measures.counting.expressions import EVERYTHING, Sample
from tests.measures.declared import titanic

Opener = Callable[[dict[str, Any]], Log]
Published = Callable[..., list[dict[str, str]]]

CHUNKS = [("reference", 89), ("analysis", 41)]


@pytest.mark.parametrize(("period", "rows"), CHUNKS)
def test_missing(
    period: str,
    rows: int,
    published_data: Callable[[str], Path],
    open_log: Opener,
    published: Published,
) -> None:
    """The share of missing values of ten columns in each of eleven chunks to 6e-7."""
    folder = published_data("nannyml_titanic_data_quality")
    log = open_log(titanic(folder, period, rows))
    names = list(log.source.features)
    found = missing_shares(log, names, by={"chunk": log.column("chunk")})
    table = published(folder / "published_tables/missing_values.csv", period)
    assert len(table) == len(found) == 11
    for chunk, row in enumerate(table):
        values = [found[(chunk,)][name].value for name in names]
        expected = [float(row[f"{name}.value"]) for name in names]
        assert values == pytest.approx(expected, abs=6e-7)


@pytest.mark.parametrize("name", ["Sex", "Ticket", "Cabin", "Embarked"])
@pytest.mark.parametrize(("period", "rows"), CHUNKS)
def test_unseen(
    period: str,
    rows: int,
    name: str,
    published_data: Callable[[str], Path],
    open_log: Opener,
    published: Published,
) -> None:
    """The share of rows with a category absent from the whole reference, in each chunk to 6e-7."""
    folder = published_data("nannyml_titanic_data_quality")
    log = open_log(titanic(folder, period, rows))
    reference = Sample(Dataset.REFERENCE)
    known = known_of_each(log, [name], reference)[name]
    by = {"chunk": log.column("chunk")}
    found = category_drift(log, name, known, reference, EVERYTHING, by)
    for chunk, row in enumerate(published(folder / "published_tables/unseen_values.csv", period)):
        drift = found[(chunk,)]
        share = drift.turnover.unseen_rows / drift.rows
        assert share == pytest.approx(float(row[f"{name}.value"]), abs=6e-7)
        assert drift.unseen_categories >= len(drift.turnover.unseen)
