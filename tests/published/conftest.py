"""Each declared data set is asked once a session; published tables are read as printed."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.asking import asking
from tests.published_data import PUBLISHED

Row = Mapping[str, Any]
Rows = list[Row]

DECLARED = Path(__file__).with_name("plainlogs.toml")


@pytest.fixture(scope="session")
def sources() -> Mapping[str, Mapping[str, Any]]:
    """Give the declared sources by name."""
    declared: Mapping[str, Mapping[str, Any]] = tomllib.loads(DECLARED.read_text())["sources"]
    return declared


@pytest.fixture(scope="session")
def answered(
    published_data: Callable[[str], Path], sources: Mapping[str, Mapping[str, Any]]
) -> Callable[[str], Mapping[str, Rows]]:
    """Ask a canonical text and give the rows of each table of its answer, by the table's title."""

    @cache
    def ask(text: str) -> Mapping[str, Rows]:
        name = text.split()[1]
        folder = published_data(sources[name]["files"].split("/")[0])
        with asking({name: sources[name]}, folder.parent) as services:
            return {title: list(rows) for title, rows in services.tables(text).items()}

    return ask


@pytest.fixture(scope="session")
def published() -> Callable[..., Rows]:
    """Read a published table by its data set and name, of one period where it has both."""

    def read(dataset: str, table: str, period: str | None = None) -> Rows:
        path = PUBLISHED / dataset / "published_tables" / f"{table}.csv"
        with path.open(newline="") as file:
            rows: Rows = list(csv.DictReader(file))
        kept = [row for row in rows if period is None or row["chunk.period"] == period]
        assert kept, f"{table} has no rows of {period}"
        return kept

    return read


@pytest.fixture(scope="session")
def by_chunk(answered: Callable[[str], Mapping[str, Rows]]) -> Callable[..., Rows]:
    """Give an answer's rows of one data set in the order of their chunks."""

    def chunks(text: str, dataset: str, **where: Any) -> Rows:
        rows = [
            row
            for row in answered(text)["By chunk"]
            if row["dataset"] == dataset and all(row[key] == each for key, each in where.items())
        ]
        assert [row["chunk"] for row in rows] == list(range(len(rows)))
        return rows

    return chunks
