"""Expressions computed: one record in Python and many in an engine come to the same."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings

from queries.core.formulas.text import read_formula
from queries.core.formulas.tree import Formula, written
from queries.core.log import Log
from queries.core.value import Cell
from queries.sources.declaration.declare import declare
from queries.sources.opening import EngineSettings, open_logs
from queries.trace.computed import computed
from queries.trace.formula_values import Cannot, matches, value_of
from tests.conftest_postgres import load_table
from tests.core.formulas import FORMULAS
from tests.measures.conftest import NOW, write_parquet

ROWS: tuple[dict[str, Cell], ...] = tuple(
    {"id": i, "income": income, "loan": loan, "flag": flag, "word": word, "my column": mine}
    for i, (income, loan, flag, word, mine) in enumerate(
        [
            (38_000.0, 12_000.0, True, "web", 1.5),
            (0.0, 12_000.0, False, "it's", -2.0),
            (-1.0, 0.0, None, "", 0.5),
            (None, 3.0, True, None, 2.0),
            (1e69, -1e69, True, "web", 1e-69),
            (math.inf, 1e300, False, "app", math.nan),
            (1e-200, -7.5, True, "web", 3.0),
            (0.5, 2.5, False, "web", -0.5),
        ]
    )
)


def _literal(value: Cell) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return f"'{value}'::DOUBLE"


QUERY = " UNION ALL ".join(
    "SELECT " + ", ".join(f'{_literal(each)} AS "{name}"' for name, each in row.items())
    for row in ROWS
)
QUERY = f'SELECT id::INTEGER AS id, * EXCLUDE (id) FROM ({QUERY}) AS "all"'
DECLARED: Mapping[str, Any] = {
    "undated": True,
    "roles": {"request_id": "id", "features": ["income", "loan", "flag", "word", "my column"]},
}


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> Iterator[list[Log]]:
    """The rows in a file and as a table of a server."""
    folder = tmp_path_factory.mktemp("formulas")
    path = folder / "rows.parquet"
    write_parquet(QUERY, path)
    load_table(postgres_url, "formulas", f"SELECT * FROM '{path}'")
    places = {"files": str(path)}, {"url": postgres_url, "table": "formulas"}
    sources = {f"log{i}": {**DECLARED, **place} for i, place in enumerate(places)}
    opened = open_logs(declare(sources, folder), EngineSettings(), lambda: NOW)
    yield [opened.logs().of(name) for name in sources]
    opened.close()


def in_engine(log: Log, formula: Formula) -> list[float | None]:
    """Compute an expression over all rows in the engine."""
    rows, found = computed(log, {"it": formula}, {"id": log.column("request_id")}, None)
    select = sa.select(rows.c.id, found["it"].label("it")).order_by(rows.c.id)
    return [row["it"] for row in log.run(select)]


def in_python(formula: Formula) -> list[float | None]:
    """Compute it row by row."""
    found = [value_of(formula, row) for row in ROWS]
    return [None if isinstance(each, Cannot) else each for each in found]


def _alike(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(FORMULAS)
def test_both_engines_compute_what_one_record_comes_to(logs: list[Log], formula: Formula) -> None:
    """Any expression over missing, infinite, tiny and negative values: same values, same gaps."""
    ours = in_python(formula)
    for log in logs:
        theirs = in_engine(log, formula)
        off = [pair for pair in zip(ours, theirs, strict=True) if not _alike(*pair)]
        assert off == [], (written(formula), log.source.place.format)


@pytest.mark.parametrize(
    "text",
    [
        "income / loan",
        "ln(income) / log10(income)",
        "sqrt(income) + exp(income / 1000)",
        "income ** 0.5 + loan ** 3 + (0 - 2) ** 3",
        "income ** -1",
        "exp(income) * exp(loan)",
        "round(loan / 7, 2) - round(0 - 2.5)",
        "floor(loan) + ceil(loan) + abs(income)",
        "min(income, loan, 3) - max(income, loan)",
        'coalesce(income / loan, "my column", 7)',
        "if(word = 'web', income, loan)",
        "if(word != 'it''s', 1, 0) + flag",
        "if(income >= loan, flag, -flag)",
        "income * income * income * income * income",
        "word + 1",
        "1e80 + income",
    ],
)
def test_each_function_means_the_same_everywhere(logs: list[Log], text: str) -> None:
    """Every function and operator, on each engine and for one record."""
    formula = read_formula(text)
    ours = in_python(formula)
    for log in logs:
        assert all(map(_alike, ours, in_engine(log, formula))), log.source.place.format


@pytest.mark.parametrize(
    ("text", "row", "value"),
    [
        ("ln(income + 1)", {"income": 38_214}, 10.550983),
        ("loan / income", {"loan": 12_000, "income": 48_000.0}, 0.25),
        ("-2 ** 2", {}, -4.0),
        ("2 ** 3 ** 2", {}, 512.0),
        ("round(2.5) - round(0 - 2.5)", {}, 6.0),
        ("round(x, 2)", {"x": 0.125}, 0.13),
        ("flag * 3", {"flag": True}, 3.0),
        ("coalesce(x, 5)", {"x": None}, 5.0),
        ("if(x > 1, x / 0, 2)", {"x": 1}, 2.0),
        ("exp(-500)", {}, 0.0),
        ("x / 0", {"x": 1}, "nothing can be divided by 0"),
        ("1 / x", {"x": 0}, "“x” is 0, and nothing can be divided by 0"),
        ("1 / (x - 3)", {"x": 3}, "“x - 3” is 0, and nothing can be divided by 0"),
        ("ln(x)", {"x": -2}, "“x” is not above 0, and only numbers above 0 have a logarithm"),
        ("sqrt(x)", {"x": -2}, "“x” is negative and has no square root"),
        ("x ** 0.5", {"x": -2}, "a negative number has only whole powers"),
        ("0 ** -1", {}, "0 has no negative power"),
        ("exp(x)", {"x": 500}, "the number becomes too large"),
        ("x + 1", {"x": None}, "“x” is missing"),
        ("x + 1", {"x": math.nan}, "“x” is missing"),
        ("x + 1", {"x": math.inf}, "“x” is no finite number"),
        ("x + 1", {"x": "12"}, "“x” holds no number"),
        ("x + 1", {}, "“x” is missing"),
        ("if(x = 'a', 1, 0)", {"x": 3}, "“x” holds no text"),
        ("if(x = 'a', 1, 0)", {"x": ""}, "“x” is missing"),
    ],
)
def test_a_value_or_why_there_is_none(text: str, row: dict[str, Cell], value: float | str) -> None:
    """One record's value is what a person computes by hand; else it is said plainly why not."""
    found = value_of(read_formula(text), row)
    if isinstance(value, str):
        assert found == Cannot(value)
    else:
        assert found == pytest.approx(value, abs=1e-6)


def test_values_match_as_far_as_logs_keep_them() -> None:
    """A value rounded to six digits or kept in single precision matches; a part in 1000 doesn't."""
    assert matches(0.333333, 1 / 3)
    assert matches(123_456.79, 123_456.789)
    assert matches(1e-9, 0.0)
    assert not matches(0.3330, 1 / 3)
    assert not matches(10.5, 10.55)
