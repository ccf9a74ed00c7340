"""The ``employment`` sample: real people of the US census, the predictions of a real model."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
from duckdb import CaseExpression, ColumnExpression, ConstantExpression, Expression

from bot.samples.census_codes import CODED_COLUMNS, CodedColumn
from bot.samples.parquet import put_parquet

SURVEY = Path(__file__).parent / "employment"
PRODUCTION_SPAN = timedelta(weeks=12)

_SPREAD_EVENLY = """
SELECT *, date_trunc('second', $until - to_microseconds(CAST(
    $span_us * (count(*) OVER () - row_number() OVER (ORDER BY id) + 1) // $production_rows
AS BIGINT))) AS requested_at
FROM survey
ORDER BY id
"""


def write_employment(folder: Path, at: datetime) -> None:
    """Write ``requests``, ``outcomes`` and ``reference.parquet`` into ``folder``.

    Request times follow one rule: production rows, in the order of their id, are spread evenly
    over the twelve weeks that end at ``at`` (timezone-aware), the last of them one step before
    it; the reference rows lie before these at the same step. Whole seconds, naive UTC.
    """
    until = at.astimezone(UTC).replace(tzinfo=None)
    with duckdb.connect() as engine:
        production = _survey(engine, "analysis")
        step = {
            "span_us": PRODUCTION_SPAN // timedelta(microseconds=1),
            "production_rows": len(production),
        }
        production.create_view("survey")
        requests = engine.sql(_SPREAD_EVENLY, params={"until": until, **step})
        put_parquet(requests.select(*_columns()), folder / "requests.parquet")

        _survey(engine, "reference").create_view("survey", replace=True)
        reference = engine.sql(_SPREAD_EVENLY, params={"until": until - PRODUCTION_SPAN, **step})
        put_parquet(
            reference.select(*_columns(), ColumnExpression("employed")),
            folder / "reference.parquet",
        )

        outcomes = _survey(engine, "analysis_target").order("id")
        put_parquet(
            outcomes.select(_renamed("id", "person_id"), ColumnExpression("employed")),
            folder / "outcomes.parquet",
        )


def _survey(engine: duckdb.DuckDBPyConnection, part: str) -> duckdb.DuckDBPyRelation:
    return engine.read_parquet(str(SURVEY / f"employment_MA_{part}.parquet"))


def _columns() -> tuple[Expression, ...]:
    return (
        _renamed("id", "person_id"),
        ColumnExpression("requested_at"),
        _renamed("year", "survey_year"),
        _renamed("AGEP", "age"),
        *(_in_words(coded) for coded in CODED_COLUMNS),
        _renamed("prediction", "predicted_employed"),
        _renamed("predicted_probability", "probability_employed"),
    )


def _renamed(survey_name: str, name: str) -> Expression:
    return ColumnExpression(survey_name).alias(name)


def _in_words(coded: CodedColumn) -> Expression:
    code = ColumnExpression(coded.survey_name)
    (first, first_word), *others = coded.words.items()
    # Built from the table of codes: an unknown code becomes NULL instead of a wrong word.
    words = CaseExpression(code == ConstantExpression(first), ConstantExpression(first_word))
    for value, word in others:
        words = words.when(code == ConstantExpression(value), ConstantExpression(word))
    return words.alias(coded.name)
