"""The employment sample: real rows, unchanged, in words, with times by the stated rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from bot.samples.census import PRODUCTION_SPAN, SURVEY, write_employment
from bot.samples.census_codes import CODED_COLUMNS, CodedColumn
from tests.published_data import EMPLOYMENT, shipped

AT = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
PARTS = {"requests": "analysis", "outcomes": "analysis_target", "reference": "reference"}


@pytest.fixture(scope="module")
def employment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give the written sample as views, and the survey's own files beside them."""
    folder = tmp_path_factory.mktemp("employment")
    write_employment(folder, AT)
    with duckdb.connect() as engine:
        for name, part in PARTS.items():
            engine.read_parquet(str(folder / f"{name}.parquet")).create_view(name)
            survey = engine.read_parquet(str(SURVEY / f"employment_MA_{part}.parquet"))
            survey.create_view(f"survey_{name}")
        yield engine


@pytest.mark.parametrize("part", PARTS.values())
def test_committed_files_are_the_published_ones(part: str) -> None:
    """Each file holds the published rows, values and types, in the published order."""
    ours = duckdb.read_parquet(str(SURVEY / f"employment_MA_{part}.parquet"))
    published = duckdb.read_parquet(str(shipped(f"employment_MA_{part}.pq", EMPLOYMENT)))
    assert ours.types == published.types
    assert ours.columns == published.columns
    assert ours.fetchall() == published.fetchall()


@pytest.mark.parametrize("coded", CODED_COLUMNS, ids=lambda coded: coded.name)
@pytest.mark.parametrize("name", ["requests", "reference"])
def test_every_code_has_its_own_word(
    name: str, coded: CodedColumn, employment: duckdb.DuckDBPyConnection
) -> None:
    """Words and codes stand for each other one to one, row by row, and none is missing."""
    pairs = employment.sql(
        f"SELECT DISTINCT s.{coded.survey_name}, w.{coded.name} "
        f"FROM {name} w JOIN survey_{name} s ON s.id = w.person_id"
    ).fetchall()
    assert dict(pairs).items() <= coded.words.items()
    assert len({word for _, word in pairs}) == len(pairs)


@pytest.mark.parametrize(
    ("column", "word", "survey_says"),
    [
        ("military_service", "under 17 years old", "AGEP < 17"),
        ("education", "under 3 years old", "AGEP < 3"),
        ("moved", "under 1 year old", "AGEP < 1"),
        ("cognitive_difficulty", "under 5 years old", "AGEP < 5"),
        ("nativity", "foreign born", "CIT IN ('4', '5')"),
    ],
)
def test_words_agree_with_what_else_the_survey_says(
    column: str, word: str, survey_says: str, employment: duckdb.DuckDBPyConnection
) -> None:
    """A word that tells an age or a birthplace stands exactly where the survey has the same."""
    disagreeing = employment.sql(
        f"SELECT count(*) FROM requests w JOIN survey_requests s ON s.id = w.person_id "
        f"WHERE (w.{column} = '{word}') <> ({survey_says})"
    ).fetchall()
    assert disagreeing == [(0,)]


def test_numbers_are_not_touched(employment: duckdb.DuckDBPyConnection) -> None:
    """Age, year, prediction, score and outcome are the published ones, person by person."""
    for name, more in {"requests": "", "reference": "AND w.employed = s.employed"}.items():
        same, total = employment.sql(
            f"SELECT count(*) FILTER (w.age = s.AGEP AND w.survey_year = s.year "
            f"AND w.predicted_employed = s.prediction "
            f"AND w.probability_employed = s.predicted_probability {more}), count(*) "
            f"FROM {name} w FULL JOIN survey_{name} s ON s.id = w.person_id"
        ).fetchall()[0]
        assert same == total
    changed = "SELECT * FROM outcomes EXCEPT SELECT id, employed FROM survey_outcomes"
    assert employment.sql(changed).fetchall() == []


def test_request_times_follow_the_rule(employment: duckdb.DuckDBPyConnection) -> None:
    """Row k of n, in the order of the id, is 12 weeks x (n - k + 1) / n before the end."""
    rows = employment.sql("SELECT requested_at FROM requests ORDER BY person_id").fetchall()
    end, n = AT.replace(tzinfo=None), len(rows)
    for k in (1, 2, 1_000, n // 2, n - 1, n):
        exact = end - PRODUCTION_SPAN * (n - k + 1) / n
        assert timedelta(0) <= exact - rows[k - 1][0] < timedelta(seconds=1, milliseconds=1)
    assert max(rows)[0] < end
    assert max(rows)[0] == rows[-1][0]


def test_reference_lies_before_production(employment: duckdb.DuckDBPyConnection) -> None:
    """The last person of 2015 comes before the first of 2016, at the same pace."""
    last, first = employment.sql(
        "SELECT max(r.requested_at), (SELECT min(requested_at) FROM requests) FROM reference r"
    ).fetchall()[0]
    assert timedelta(0) < first - last < timedelta(seconds=36)
