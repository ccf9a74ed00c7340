"""What came of decisions, asked of logs on disk whose truth is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from queries.core.answer import Answer, Finding, Severity
from queries.core.charts import BarChart, CurveChart
from queries.core.errors import NotAnswerable
from tests.asking import Asking, asking
from tests.conftest_postgres import load_table
from tests.questions.overruled import AT_RANDOM, PARADOX, SOURCE, TURNED, TWO_WAYS, overruled
from tests.questions.same import differences

ASKED = "outcomes x last 30 days"
_LACKS = {role: column for role, column in SOURCE["roles"].items() if role != "override"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the log with a paradox lies."""
    return tmp_path_factory.mktemp("paradox")


@pytest.fixture(scope="module")
def house(folder: Path) -> Iterator[Asking]:
    """Overruled cases turn out better in each region, and worse in all."""
    with overruled(folder, TURNED, PARADOX) as opened:
        yield opened


@pytest.fixture(scope="module")
def answer(house: Asking) -> Answer:
    """What came of it."""
    return house.answer(ASKED)


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """A log whose score is the chance of the outcome."""
    with overruled(tmp_path_factory.mktemp("scored"), AT_RANDOM, TWO_WAYS) as opened:
        yield opened


def only(answer: Answer, kind: str) -> Finding:
    """The one finding of a kind."""
    (finding,) = (each for each in answer.findings if each.kind == kind)
    return finding


def rows(answer: Answer, title: str) -> dict[Any, Mapping[str, Any]]:
    """A table's rows by their first cell."""
    (table,) = (each for each in answer.tables if each.title == title)
    names = [column.name for column in table.columns]
    return {row[0]: dict(zip(names, row, strict=True)) for row in table.rows}


def test_the_whole_says_the_opposite_of_its_parts(answer: Answer) -> None:
    """Worse in all and better in each region: Simpson is named, in the headline as well."""
    assert answer.severity is Severity.WARNING
    assert "in all overruled " in answer.headline
    assert answer.headline.endswith("but the opposite within each region")
    whole = only(answer, "outcome compared").numbers["apart"]
    assert whole.high is not None
    assert whole.high < 0
    opposite = only(answer, "outcome says the opposite")
    assert "(Simpson's paradox)" in opposite.text
    alike = opposite.numbers["alike"]
    assert alike.low is not None
    assert alike.high is not None
    assert alike.low < 0.10 < alike.high
    sides = rows(answer, "Outcome: overruled and followed")
    assert {name for name, row in sides.items() if row["opposite"]} == {
        "region emea",
        "region amer",
        "region apac",
    }
    assert isinstance(answer.chart, BarChart)


def test_value_is_compared_as_well(answer: Answer) -> None:
    """Overruled ones are worth 10 more in each region and less in all, which is told."""
    alike = only(answer, "value says the opposite").numbers["alike"]
    assert alike.low is not None
    assert alike.high is not None
    assert alike.low < 10 < alike.high


def test_it_says_that_this_is_no_experiment(answer: Answer) -> None:
    """Whoever is told of a difference is told that it shows no cause."""
    assert any(each.startswith("This is no experiment: ") for each in answer.caveats)


def test_counts_are_those_by_hand(folder: Path, answer: Answer) -> None:
    """Requests, outcomes, worth by decision, and both sides by region, once more in plain SQL."""
    with duckdb.connect() as duck:
        source = f"'{folder / 'log.parquet'}'"
        by_hand = duck.execute(
            "SELECT decision, count(*), avg(happened), avg(worth), sum(worth) "
            f"FROM {source} GROUP BY decision"
        ).fetchall()
        regions = duck.execute(
            "SELECT region, avg(happened) FILTER (turned) - avg(happened) FILTER (NOT turned) "
            f"FROM {source} GROUP BY region"
        ).fetchall()
    told = rows(answer, "By decision")
    for decision, n, share, worth, total in by_hand:
        assert (told[decision]["requests"], told[decision]["n"]) == (n, n)
        assert told[decision]["outcome"] == pytest.approx(share)
        assert told[decision]["value"] == pytest.approx(worth)
        assert told[decision]["value_total"] == pytest.approx(total)
    sides = rows(answer, "Outcome: overruled and followed")
    for region, apart in regions:
        assert sides[f"region {region}"]["apart"] == pytest.approx(100 * apart)


def test_lift_and_gain_are_those_of_the_score(scored: Asking) -> None:
    """With the chance as score, the top tenth of it has 0.95 of 0.5, which is 1.9 times."""
    answer = scored.answer(ASKED)
    found = only(answer, "lift")
    lift, gain = found.numbers["lift"], found.numbers["gain"]
    assert lift.low is not None
    assert lift.high is not None
    assert lift.low < 1.9 < lift.high
    assert gain.value == pytest.approx(0.19, abs=0.01)
    assert isinstance(answer.chart, CurveChart)
    (curve,) = answer.chart.curves
    assert curve.points[-1].y == 1
    bands = list(rows(answer, "By score band").values())
    assert len(bands) == 10
    assert sum(row["lift"] * row["n"] for row in bands) == pytest.approx(
        sum(row["n"] for row in bands), rel=1e-3
    )


def test_no_slice_is_said_to_turn_where_none_does(scored: Asking) -> None:
    """Where people overrule by chance, no slice is said to turn the whole round."""
    answer = scored.answer(ASKED)
    assert answer.severity is Severity.NOTE
    assert not any("opposite" in each.kind for each in answer.findings)


def test_what_was_asked_to_split_by_comes_first(scored: Asking) -> None:
    """The table, the picture and the headline speak of the regions that were asked for."""
    whole, split = scored.answer(ASKED), scored.answer(f"{ASKED} by region")
    assert whole.tables[0].title == "By decision"
    assert [table.title for table in split.tables[:2]] == ["By region", "By decision"]
    assert sorted(table.title for table in split.tables) == sorted(t.title for t in whole.tables)
    assert isinstance(split.chart, BarChart)
    assert {bar.label for bar in split.chart.bars} == {"region emea", "region amer", "region apac"}
    assert split.headline.endswith("; no region is shown to lie apart from the others")


def test_a_region_that_turns_out_otherwise_is_in_the_headline(tmp_path: Path) -> None:
    """Asked by region, the one furthest from all others is told first, with theirs."""
    with overruled(tmp_path, AT_RANDOM, "v < CASE WHEN region = 'apac' THEN 0.2 ELSE 0.6 END") as x:
        found = x.answer(f"{ASKED} by region")
    assert re.search(r"; region apac (19|20|21)(\.\d+)? %, elsewhere (59|60|61)", found.headline)
    assert found.findings[0].kind == "slice"
    assert isinstance(found.chart, BarChart)
    assert [bar.label for bar in found.chart.bars if bar.emphasis] == ["region apac"]


def test_columns_of_many_values_are_named_in_good_grammar(folder: Path) -> None:
    """One column has many values, two have."""
    many = rows_of(folder, "SELECT *, 'a' || ntile(60) OVER () AS a, 'b' || ntile(60) OVER () AS b")
    roles = SOURCE["roles"] | {"dimensions": ["a", "b"]}
    with asking({"x": SOURCE | {"files": many, "roles": roles}}, folder) as house:
        both, one = house.answer(ASKED), house.answer(f"{ASKED} by a")
    said = "many values: all but the commonest 50 are taken together."
    assert f"“a” and “b” have {said}" in both.caveats
    assert f"“a” has {said}" in one.caveats


def rows_of(folder: Path, select: str) -> str:
    """Write what is selected from the log beside it; give the file's name."""
    with duckdb.connect() as duck:
        path = folder / "many.parquet"
        duck.execute(f"COPY ({select} FROM '{folder / 'log.parquet'}') TO '{path}'")
    return path.name


def test_no_two_columns_of_a_table_are_called_alike(folder: Path) -> None:
    """Without decisions, what all requests together are called is no second “requests”."""
    roles = {role: column for role, column in _LACKS.items() if role != "decision"}
    with asking({"x": SOURCE | {"roles": roles}}, folder) as house:
        found = house.answer(ASKED)
    labels = [column.label for column in found.tables[0].columns]
    assert len(labels) == len(set(labels))


def test_without_overrides_decisions_are_compared(folder: Path) -> None:
    """Where nobody overrules, the favourable decision stands against all others."""
    with asking({"x": SOURCE | {"roles": _LACKS}}, folder) as house:
        answer = house.answer(ASKED)
    assert only(answer, "outcome compared").text.startswith(
        "As they came, turned out “1”: “approve” "
    )


def test_only_decided_cases_can_have_an_outcome(folder: Path) -> None:
    """Refused ones are counted as requests and never as outcomes, and that is said."""
    with asking({"x": SOURCE | {"decided": ["approve"]}}, folder) as house:
        answer = house.answer(ASKED)
    told = rows(answer, "By decision")
    assert told["decline"]["requests"] > 1000
    assert (told["decline"]["n"], told["decline"]["outcome"]) == (0, None)
    assert any("of all others nobody knows" in each for each in answer.caveats)


def test_a_model_that_chooses_between_classes_is_refused(folder: Path) -> None:
    """There is no outcome to count; what to declare instead is said."""
    source = SOURCE | {"task": "multiclass", "classes": [0, 1]}
    with (
        asking({"x": source}, folder) as house,
        pytest.raises(NotAnswerable, match="set `task` under"),
    ):
        house.answer(ASKED)


def test_both_engines_give_the_same_answer(folder: Path, answer: Answer, postgres_url: str) -> None:
    """Words, numbers, tables and chart are the same from a file and from a server."""
    load_table(postgres_url, "overruled", f"SELECT * FROM '{folder / 'log.parquet'}'")
    place = {"url": postgres_url, "table": "overruled"}
    source = {key: value for key, value in SOURCE.items() if key != "files"} | place
    with asking({"x": source}, folder) as house:
        assert differences(house.answer(ASKED), answer) == {}
