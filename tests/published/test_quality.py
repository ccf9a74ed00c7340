"""NannyML's missing and unseen values of the Titanic's passengers, as answers give them.

`quality … all` is the question for them; `inputs … all` has them beside its distances.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.published.conftest import Rows

TITANIC = "nannyml_titanic_data_quality"
COLUMNS = (
    *("Pclass", "Name", "Sex", "Age", "SibSp", "Parch", "Ticket", "Fare", "Cabin"),
    "Embarked",
)
LISTS = [("titanic", "reference", 89), ("titanic_later", "analysis", 41)]
ASKED = [("quality", "column"), ("inputs", "input")]

Chunks = Callable[..., Rows]


asked = pytest.mark.parametrize(
    ("question", "input_"), [("quality", "column"), ("inputs", "input")]
)


@asked
@pytest.mark.parametrize(("source", "period", "size"), LISTS)
@pytest.mark.parametrize("name", COLUMNS)
def test_missing(
    name: str,
    source: str,
    period: str,
    size: int,
    question: str,
    input_: str,
    by_chunk: Chunks,
    published: Chunks,
) -> None:
    """The share of missing values of each column is the published one to 6e-7, chunk by chunk."""
    rows = published(TITANIC, "missing_values", period)
    found = by_chunk(f"{question} {source} all", "production", **{input_: name})
    expected = [float(row[f"{name}.value"]) for row in rows]
    assert [row["missing"] for row in found] == pytest.approx(expected, abs=6e-7, rel=0)
    assert [row["rows"] for row in found[:-1]] == [size] * 10


@asked
@pytest.mark.parametrize(("source", "period", "size"), LISTS)
@pytest.mark.parametrize("name", ["Sex", "Ticket", "Cabin", "Embarked"])
def test_unseen(
    name: str,
    source: str,
    period: str,
    size: int,
    question: str,
    input_: str,
    by_chunk: Chunks,
    published: Chunks,
) -> None:
    """The share of rows with a category never seen is the published one to 6e-7, chunk by chunk."""
    rows = published(TITANIC, "unseen_values", period)
    found = by_chunk(f"{question} {source} all", "production", **{input_: name})
    expected = [float(row[f"{name}.value"]) for row in rows]
    assert [row["unseen"] for row in found] == pytest.approx(expected, abs=6e-7, rel=0)
    assert len(found) == 11
