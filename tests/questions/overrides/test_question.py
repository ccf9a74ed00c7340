"""Where people overrule a model, asked of logs on disk whose truth is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from queries.core.answer import Answer, Severity
from queries.core.charts import BarChart, LineChart
from queries.core.errors import NotAnswerable
from tests.asking import Asking, asking
from tests.conftest_postgres import load_table
from tests.questions.outcomes.test_question import only, rows
from tests.questions.overruled import AT_RANDOM, SOURCE, TWO_WAYS, overruled
from tests.questions.same import differences

ASKED = "overrides x last 30 days"
HONEST = "v < score"
"""The score is the chance of the outcome, whoever decides."""
_DECIDED: Mapping[str, Any] = {
    "decided": ["approve"],
    "reference": {"files": "reference.parquet", "outcome": "happened"},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the log lies."""
    return tmp_path_factory.mktemp("two_ways")


@pytest.fixture(scope="module")
def house(folder: Path) -> Iterator[Asking]:
    """People know better than the score in emea, and worse in apac."""
    with overruled(folder, AT_RANDOM, TWO_WAYS) as opened:
        yield opened


@pytest.fixture(scope="module")
def answer(house: Asking) -> Answer:
    """Where people overrule it."""
    return house.answer(ASKED)


def by_hand(folder: Path, which: str) -> dict[str, float]:
    """How much more often people were right than the score, which is the chance, by region."""
    wrong = "(said <> happened)::INTEGER - CASE WHEN said = 1 THEN 1 - score ELSE score END"
    source = f"'{folder / 'log.parquet'}'"
    with duckdb.connect() as duck:
        found = duck.execute(
            f"SELECT region, avg({wrong}) FROM {source} WHERE turned AND {which} GROUP BY region"
        ).fetchall()
    return dict(found)


def check_both_ways(answer: Answer, truth: Mapping[str, float]) -> None:
    """Emea helps and apac hurts by as much as they do in truth, and amer does neither."""
    assert answer.severity is Severity.WARNING
    helps, hurts = only(answer, "helps").numbers, only(answer, "hurts").numbers
    assert set(helps) == {"region emea"}
    assert set(hurts) == {"region apac"}
    assert helps["region emea"].value == pytest.approx(truth["emea"], abs=0.03)
    assert hurts["region apac"].value == pytest.approx(truth["apac"], abs=0.03)
    told = rows(answer, "How it turned out")
    assert told["region amer"]["overruling"] == "none shown"
    assert told["region emea"]["overruling"] == "right more often"
    assert told["region apac"]["overruling"] == "right less often"
    said = " ".join((answer.headline, *(each.text for each in answer.findings)))
    assert "helps" not in said
    assert "hurts" not in said


def test_it_helps_in_one_slice_and_hurts_in_another(folder: Path, answer: Answer) -> None:
    """Beside cases of the same score that nobody overruled, both slices are told as planted."""
    truth = by_hand(folder, "true")
    assert truth["emea"] == pytest.approx(0.2, abs=0.05)
    check_both_ways(answer, truth)
    assert "; they were right more often than the score in region emea (" in answer.headline
    assert ", less often in region apac (" in answer.headline
    assert only(answer, "helps").text.endswith(
        "beside cases with the same score that nobody overruled."
    )
    assert isinstance(answer.chart, BarChart)
    assert answer.chart.title == (
        "x: people who overruled were right more often than the score in region emea and right "
        "less often than the score in region apac"
    )
    assert [bar.label for bar in answer.chart.bars if bar.emphasis] == [
        "region emea",
        "region apac",
    ]


def test_the_reference_set_stands_in_where_no_followed_case_has_an_outcome(folder: Path) -> None:
    """Where refused cases have no outcome, overruled ones are held against the reference set."""
    with asking({"x": SOURCE | dict(_DECIDED)}, folder) as house:
        answer = house.answer(ASKED)
        alone = {key: each for key, each in _DECIDED.items() if key == "decided"}
    check_both_ways(answer, by_hand(folder, "said = 0"))
    assert "in the reference set" in only(answer, "hurts").text
    assert any("nobody knows" in each for each in answer.caveats)
    with asking({"x": SOURCE | alone}, folder) as house:
        answer = house.answer(ASKED)
    assert not any(each.kind in ("helps", "hurts", "turned out") for each in answer.findings)
    assert any("but too few others of the same score" in each for each in answer.caveats)


def test_nothing_helps_or_hurts_where_people_know_no_more(tmp_path: Path) -> None:
    """Who overrules at random is as right as the score says, and nothing is found."""
    with overruled(tmp_path, AT_RANDOM, HONEST) as house:
        answer = house.answer(ASKED)
    assert answer.severity is Severity.NOTE
    assert not any(each.kind in ("helps", "hurts") for each in answer.findings)
    assert answer.headline.endswith("no difference shown")
    assert only(answer, "score").text.startswith("Between low and high scores no difference")
    assert isinstance(answer.chart, LineChart)


def test_a_difference_below_what_matters_is_told_alike_in_words_and_table(folder: Path) -> None:
    """What is beyond chance and yet small is called so in headline, finding and table."""
    source = SOURCE | {"matters": {"performance": 0.5}}
    with asking({"x": source}, folder) as house:
        answer = house.answer(f"{ASKED} where region = emea")
    assert answer.headline.endswith("), less than what matters (50 points)")
    assert only(answer, "turned out").text.endswith("), less than what matters (50 points).")
    assert rows(answer, "How it turned out")["all"]["overruling"] == "less than matters"


def test_where_at_which_scores_and_why(folder: Path, answer: Answer) -> None:
    """Rates by region, band, reason and day are those of plain SQL; the planted region is told."""
    with duckdb.connect() as duck:
        source = f"'{folder / 'log.parquet'}'"

        def plain(sql: str) -> dict[Any, float]:
            return dict(duck.execute(sql.format(source=source)).fetchall())

        regions = plain("SELECT region, avg(turned::INT) FROM {source} GROUP BY region")
        reasons = plain(
            "SELECT reason, count(*) / sum(count(*)) OVER () FROM {source} WHERE turned GROUP BY 1"
        )
        days = plain("SELECT ts::DATE, avg(turned::INT) FROM {source} GROUP BY 1 ORDER BY 1")
        bands = plain(
            "SELECT ntile, avg(turned::INT) FROM "
            "(SELECT ntile(10) OVER (ORDER BY score) AS ntile, turned FROM {source}) GROUP BY 1"
        )
    told = rows(answer, "By slice")
    for region, rate in regions.items():
        assert told[f"region {region}"]["rate"] == pytest.approx(rate)
    assert only(answer, "slice").text.startswith("People overrule most in region apac (20")
    assert {name: row["rate"] for name, row in rows(answer, "By reason").items()} == pytest.approx(
        reasons
    )
    by_day = [row["rate"] for row in rows(answer, "By day").values()]
    assert by_day == pytest.approx(list(days.values()))
    by_band = [row["rate"] for row in rows(answer, "By score band").values()]
    assert by_band == pytest.approx([bands[at] for at in range(1, 11)], abs=0.002)
    assert "“manager” 75" in only(answer, "score").text


def test_rare_reasons_are_taken_together(tmp_path: Path) -> None:
    """A reason given to fewer than the smallest group is not shown: it may tell of one person."""
    odd = "w < 0.1 AND (x >= 0.25 OR x < 0.002)"
    with overruled(tmp_path, odd, HONEST) as house:
        answer = house.answer(ASKED)
    assert set(rows(answer, "By reason")) == {"manager", "(all others)"}


def test_a_mark_is_read_however_it_is_logged(folder: Path, answer: Answer) -> None:
    """Yes and no, 1 and 0, and nothing at all are the same as true and false."""
    with duckdb.connect() as duck:
        for name, sql in _MARKS.items():
            duck.execute(
                f"COPY (SELECT * REPLACE ({sql} AS turned) FROM '{folder / 'log.parquet'}') "
                f"TO '{folder / name}.parquet'"
            )
    sources = {name: SOURCE | {"files": f"{name}.parquet"} for name in _MARKS}
    expected = rows(answer, "By slice")["all"]
    with asking(sources, folder) as house:
        for name in _MARKS:
            found = house.answer(f"overrides {name} last 30 days")
            assert rows(found, "By slice")["all"] == expected
            unmarked = any("without an entry" in each for each in found.caveats)
            assert unmarked == (name == "nothing")


_MARKS = {
    "words": "CASE WHEN turned THEN 'Yes' ELSE 'No' END",
    "numbers": "turned::INTEGER",
    "nothing": "CASE WHEN turned THEN true END",
}


def test_without_the_role_it_says_what_to_declare(folder: Path) -> None:
    """A log that doesn't tell who overruled is refused, naming the role."""
    roles = {role: column for role, column in SOURCE["roles"].items() if role != "override"}
    with (
        asking({"x": SOURCE | {"roles": roles}}, folder) as house,
        pytest.raises(NotAnswerable, match="no column for “override”"),
    ):
        house.answer(ASKED)


def test_both_engines_give_the_same_answer(folder: Path, answer: Answer, postgres_url: str) -> None:
    """Words, numbers, tables and chart are the same from a file and from a server."""
    load_table(postgres_url, "overrides", f"SELECT * FROM '{folder / 'log.parquet'}'")
    place = {"url": postgres_url, "table": "overrides"}
    source = {key: value for key, value in SOURCE.items() if key != "files"} | place
    with asking({"x": source}, folder) as house:
        assert differences(house.answer(ASKED), answer) == {}
