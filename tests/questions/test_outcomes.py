"""What came of decisions, asked of logs on disk whose truth is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from queries.core.answer import Answer, BarChart, CurveChart, Finding, Severity
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
