"""The same log in files and on a PostgreSQL server: every question gives the same answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest_postgres import load_table
from tests.questions.planted import BROKEN, Trip, declared, living, requests, write
from tests.questions.same import differences

QUESTIONS = (
    # First, as an answer by people that comes near to one before is refused.
    "rollout lending by sex over 150ms",
    "compare lending by sex",
    "errors lending last 24 hours by region",
    "errors lending last 24 hours",
    "errors lending yesterday by version",
    "errors lending 2026-11-14..2026-11-18 by sex where region in emea, apac",
    "errors lending 2026-11-20..2026-11-22 where region in emea, apac and income > 2000",
    "errors lending where region = mars",
    "inputs lending last 24 hours against usual",
    "quality lending last 24 hours against usual",
    "outputs lending last 24 hours",
    "outputs lending last 24 hours by version",
    "slices lending last 24 hours",
    "slices lending last 7 days of performance",
    "slices lending last 7 days of decisions where region in emea, apac",
    "slices lending today of slow",
    "performance lending last 30 days by region",
    "outcomes lending last 30 days",
    "outcomes lending last 7 days by sex",
    "overrides lending last 30 days",
    "overrides lending last 7 days where region in emea, apac",
    "compare lending last 7 days emea to apac",
    "compare lending last 7 days against 2026-11-02..2026-11-08",
    "changes lending last 24 hours",
    "changes lending yesterday where region = emea",
    "traffic lending last 24 hours by region",
    "traffic lending last 7 days where region in emea, apac",
    "traffic lending last 20 days",
    "latency lending last 24 hours",
    "latency lending yesterday by version over 200ms",
    "latency lending last 7 days by sex where region = emea",
    "fairness lending last 7 days by sex",
    "fairness lending last 7 days by sex, region cutoff 0.4 date 2026-11-20",
    "fairness lending last 30 days by region of prediction reference emea",
    "health",
    "health lending yesterday",
    "find lending last 24 hours where failed = yes limit 20",
    "find lending today slowest limit 20 where error is missing and score <= 0.5",
    "find lending today order score desc limit 50 where error contains TIME",
    "find lending today order income limit 50",
    "find lending today order error desc limit 50",
    "find lending today order region limit 50 where version contains 2., é",
    "find lending yesterday oldest where version != 2.3 and age not in 20, 21",
    "trace lending r19000",
    "trace lending r20000 last 7 days picture history",
    "trace lending r-1",
    "find lending where income is missing and time >= 2026-11-23T10:00",
)


@pytest.fixture(scope="module")
def both(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str
) -> Iterator[tuple[Trip, Trip]]:
    """The planted log, in Parquet files and as a table."""
    files, table = tmp_path_factory.mktemp("files"), tmp_path_factory.mktemp("table")
    path = files / "lending" / "requests.parquet"
    write(path, requests(broken=BROKEN, every=150))
    load_table(postgres_url, "whole_trips", f"SELECT * FROM '{path}'")
    place = f'url = "{postgres_url}"\ntable = "whole_trips"'
    with living(files) as over_files, living(table, declared(place=place)) as over_table:
        yield over_files, over_table


@pytest.mark.parametrize("text", QUESTIONS)
def test_both_engines_give_the_same_answer(both: tuple[Trip, Trip], text: str) -> None:
    """Words, numbers, tables, chart and every row are the same from files and from a server."""
    ours, theirs = (trip.answer(text) for trip in both)
    assert differences(ours, theirs) == {}
