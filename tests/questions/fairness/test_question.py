"""Are groups treated alike: the gap that opened, who is counted, and what must stay unknown."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import openpyxl
import pytest

from commands.export import export
from queries.core.answer import Answer, CannotShow, Population, Severity
from queries.core.errors import BadQuestion, NotAnswerable
from queries.core.grammar import parse
from tests.asking import Asking, asking, rows
from tests.questions.planted import ANA, write

LOG = {
    "at": "stamp",
    "id": "i",
    "version": "CASE WHEN i < 6000 THEN '2.2' ELSE '2.3' END",
    "sex": "CASE WHEN i % 1000 = 7 THEN 'x' WHEN u < 0.5 THEN 'f' ELSE 'm' END",
    "age": "CASE WHEN i % 900 = 3 THEN '90+' WHEN v < 0.5 THEN 'young' ELSE 'old' END",
    "decision": "CASE WHEN w < 0.6 - CASE WHEN u < 0.5 AND i >= 6000 THEN 0.2 ELSE 0 END "
    "THEN 'approve' ELSE 'decline' END",
    "score": "1 - w",
    "repaid": "CASE WHEN w < 0.6 THEN (v < 0.8)::INTEGER END",
}
DECLARED: dict[str, Any] = {
    "files": "log.parquet",
    "task": "binary",
    "favourable": "approve",
    "decided": ["approve"],
    "roles": {
        "time": "at",
        "version": "version",
        "request_id": "id",
        "decision": "decision",
        "score": "score",
        "outcome": "repaid",
        "protected": ["sex", "age"],
    },
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """Twelve thousand requests in eight days; version 2.3 came half-way, and 12 are of “x”."""
    folder = tmp_path_factory.mktemp("groups")
    write(folder / "log.parquet", rows(12000, LOG))
    sources = {"loans": DECLARED, "open": DECLARED | {"smallest_group": 1}}
    sources["strict"] = DECLARED | {"smallest_group": 20}
    with asking(sources, folder) as opened:
        yield opened


def table(answer: Answer, title: str) -> list[dict[str, Any]]:
    """The rows of a table by its title."""
    (found,) = [each for each in answer.tables if each.title == title]
    names = [column.name for column in found.columns]
    return [dict(zip(names, row, strict=True)) for row in found.rows]


def test_the_gap_opened_with_a_version(house: Asking) -> None:
    """A gap that came with a version is said in the headline, with both versions' gaps."""
    answer = house.answer("fairness loans all by sex")
    assert "a gap opened with version 2.3" in answer.headline
    assert answer.severity is Severity.WARNING
    (opened,) = [each for each in answer.findings if each.kind == "gap opened"]
    before, after = opened.numbers["before"], opened.numbers["after"]
    assert before.low is not None
    assert before.high is not None
    assert before.low < 0 < before.high
    assert after.value == pytest.approx(-0.2, abs=0.03)


def test_a_wider_gap_comes_before_one_that_opened(tmp_path: Path) -> None:
    """The widest gap heads the answer; one that opened with a version, for others, is named too."""
    log = LOG | {
        "sex": "CASE WHEN u < 0.25 THEN 'f' WHEN u < 0.5 THEN 'd' ELSE 'm' END",
        "decision": "CASE WHEN w < 0.6 - CASE WHEN u < 0.25 THEN 0.3 "
        "WHEN u < 0.5 AND i >= 6000 THEN 0.2 ELSE 0 END THEN 'approve' ELSE 'decline' END",
    }
    write(tmp_path / "log.parquet", rows(12000, log))
    with asking({"loans": DECLARED}, tmp_path) as house:
        answer = house.answer("fairness loans all by sex")
    assert " of f and " in answer.headline
    assert answer.headline.endswith("points; another opened with version 2.3, for d")
    assert [each.kind for each in answer.findings[:2]] == ["gap", "gap opened"]


def test_a_gap_that_grew_by_little_did_not_open(tmp_path: Path) -> None:
    """A gap that crosses what matters by growing less than what matters is none that opened."""
    log = LOG | {
        "sex": "CASE WHEN u < 0.5 THEN 'f' ELSE 'm' END",
        "decision": "CASE WHEN w < 0.6 - CASE WHEN u < 0.5 THEN "
        "CASE WHEN i >= 60000 THEN 0.06 ELSE 0.035 END ELSE 0 END THEN 'approve' ELSE 'no' END",
        "version": "CASE WHEN i < 60000 THEN '2.2' ELSE '2.3' END",
    }
    write(tmp_path / "log.parquet", rows(120000, log, every=6))
    declared = DECLARED | {"matters": {"decision_rate": 0.045}}
    with asking({"loans": declared}, tmp_path) as house:
        answer = house.answer("fairness loans all by sex")
    found = [row["difference"] for row in table(answer, "By version")]
    less, more = sorted(abs(each) for each in found if each is not None and abs(each) > 1)
    assert less < 4.5 < more < less + 4.5
    assert [each for each in answer.findings if each.kind == "gap opened"] == []


def test_the_older_version_comes_first_also_where_it_is_seen_second(tmp_path: Path) -> None:
    """A gap is laid to the version that is newer in the log, whichever begins the time asked."""
    new = "i >= 6000 AND i % 5 > 0"
    mixed = LOG | {
        "sex": "CASE WHEN u < 0.5 THEN 'f' ELSE 'm' END",
        "version": f"CASE WHEN {new} THEN '2.3' ELSE '2.2' END",
        "decision": f"CASE WHEN w < 0.6 - CASE WHEN u < 0.5 AND {new} THEN 0.2 ELSE 0 END "
        "THEN 'approve' ELSE 'decline' END",
    }
    write(tmp_path / "log.parquet", rows(12000, mixed))
    with asking({"loans": DECLARED}, tmp_path) as house:
        answer = house.answer("fairness loans 2026-11-19T08:01Z..2026-11-23T12:00Z by sex")
    versions = [row["version"] for row in table(answer, "By version")]
    assert list(dict.fromkeys(versions)) == ["2.2", "2.3"]
    assert "a gap opened with version 2.3" in answer.headline


def test_before_and_after_a_date(house: Asking) -> None:
    """A date parts the time in two, and each group's requests are all on one side or the other."""
    answer = house.answer("fairness loans all by sex date 2026-11-20")
    sides = table(answer, "Before and after")
    for row in table(answer, "Groups"):
        mine = [each["n"] for each in sides if each["group"] == row["group"]]
        assert (len(mine), sum(mine)) == ((0, 0) if row["group"] == "x" else (2, row["n"]))
    with pytest.raises(BadQuestion, match="Choose another day"):
        house.answer("fairness loans all by sex date 2024-01-01")


def test_who_is_measured_is_said(house: Asking) -> None:
    """What counts as favourable, over how many, and that declined ones have no outcome."""
    answer = house.answer("fairness loans all by sex")
    (who,) = [each for each in answer.caveats if isinstance(each, Population)]
    assert "the final decision" in who
    assert "12,000 requests" in who
    assert any("error rates" in each for each in answer.caveats if isinstance(each, CannotShow))
    assert {row["metric"] for row in table(answer, "Metrics by group")} == {"prev"}


def test_a_cut_off_makes_error_rates(house: Asking) -> None:
    """With a cut-off the score is measured, and error rates speak of those with an outcome."""
    answer = house.answer("fairness open all by sex cutoff 0.7")
    assert "a score from 0.7 up" in answer.headline
    found = {(row["group"], row["metric"]): row for row in table(answer, "Metrics by group")}
    assert len({metric for _, metric in found}) == 12
    assert 0 < found["f", "tpr"]["value"] < 1


@pytest.mark.parametrize(("cutoff", "which"), [("7", "No score"), ("-0.5", "Every score")])
def test_a_cut_off_beyond_all_scores_is_refused(house: Asking, cutoff: str, which: str) -> None:
    """A cut-off that parts nobody from nobody says so, with the range of the scores."""
    said = rf"{which} reaches {cutoff}, .* Scores run from \d.* to \d.* Choose a cut-off within"
    with pytest.raises(BadQuestion, match=said):
        house.answer(f"fairness open all by sex cutoff {cutoff}")


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("by sex and age", "fairness loans last 30 days by sex, age"),
        ("by sex, age", "fairness loans last 30 days by sex, age"),
        ("by sex and version", "fairness loans last 30 days by sex, version"),
        ("by sex and version = 2.3", "fairness loans last 30 days by sex where version = 2.3"),
        ("by sex and version in 2.2, 2.3", "by sex where version in 2.2, 2.3"),
    ],
)
def test_two_columns_are_named_as_people_name_them(house: Asking, typed: str, asked: str) -> None:
    """An “and” ties a second column to the first, unless it begins a condition."""
    question = parse(f"fairness loans {typed}", house.services.catalog(), ZoneInfo("UTC"))
    assert str(question).endswith(asked)


def test_an_unknown_group_is_refused(house: Asking) -> None:
    """A reference group that is not there is answered with those that are; small ones are not."""
    with pytest.raises(NotAnswerable, match="Choose as reference “f”"):
        house.answer("fairness loans all by sex reference fe")
    with pytest.raises(NotAnswerable, match="too small to be shown"):
        house.answer("fairness strict all by sex reference x")


@pytest.mark.parametrize(
    "text",
    [
        "by sex",
        "by sex, age",
        "by sex cutoff 0.7",
        "by age date 2026-11-20",
        "by sex, age cutoff 0.5",
        "by sex, version",
    ],
)
@pytest.mark.parametrize("source", ["loans", "strict"])
def test_small_groups_cannot_be_solved_for(house: Asking, source: str, text: str) -> None:
    """From all counts that an answer shows together, no withheld count of a small group follows.

    Every cell of group, version and time is unknown; each count shown in any table, and the total,
    is one equation.
    """
    whole, answer = (
        house.answer(f"fairness open all {text}"),
        house.answer(f"fairness {source} all {text}"),
    )
    least = {"loans": 10, "strict": 20}[source]
    equations = _counts(answer) | {("Total",): 12000}
    everything = _counts(whole) | {("Total",): 12000}
    assert equations.items() <= everything.items()
    small = {key for key, n in everything.items() if 0 < n < least}
    assert source == "loans" or small
    assert not small & equations.keys()
    assert not small & _solvable(equations, everything, small)


COUNTS = {
    "Groups": ("group", "n"),
    "By sex": ("group", "n"),
    "By age": ("group", "n"),
    "By version": ("group", "version", "n"),
    "Over time": ("group", "from", "n"),
    "Before and after": ("group", "side", "n"),
    "Outcomes by group": ("group", "n"),
}


def _counts(answer: Answer) -> dict[tuple[Any, ...], int]:
    """Every count of requests that is shown, by its table and what it counts."""
    found = {}
    for title in (each.title for each in answer.tables if each.title in COUNTS):
        *named, n = COUNTS[title]
        for row in table(answer, title):
            keys = [key for key in named if key in row]
            found[(title, *(row[key] for key in keys))] = int(row[n])
    return found


def _solvable(
    equations: dict[tuple[Any, ...], int],
    everything: dict[tuple[Any, ...], int],
    wanted: set[tuple[Any, ...]],
) -> set[tuple[Any, ...]]:
    groups = sorted({key[1] for key in everything if key[0] == "Groups"})
    axes = {
        title: sorted({key[2] for key in everything if key[0] == title and len(key) > 2}, key=str)
        for title in ("By version", "Over time", "Before and after")
    }
    # Each axis parts the groups anew; nothing but the groups' totals ties them together.
    cells: list[tuple[Any, ...]] = [("Groups", group) for group in groups]
    cells += [
        (title, group, at)
        for title, columns in axes.items()
        for group, at in product(groups, columns)
    ]
    cells += [("Outcomes by group", group) for group in groups]

    def row(key: tuple[Any, ...]) -> list[float]:
        if key == ("Total",):
            return [float(cell[0] == "Groups") for cell in cells]
        if key[0].startswith("By ") and len(key) == 2:
            at = 0 if key[0] == "By sex" else 1
            return [
                float(cell[0] == "Groups" and cell[1].split(", ")[at] == key[1]) for cell in cells
            ]
        return [float(cell == key) for cell in cells]

    matrix = [row(key) for key in equations]
    for title, columns in axes.items():
        for group in groups if columns else ():
            parts = [float(cell[:2] == (title, group)) for cell in cells]
            matrix.append([a - b for a, b in zip(parts, row(("Groups", group)), strict=True)])
    known = np.array(matrix)
    rank = np.linalg.matrix_rank(known)
    return {key for key in wanted if np.linalg.matrix_rank(np.vstack([known, row(key)])) == rank}


def test_a_spreadsheet_holds_no_more_than_the_answer(house: Asking) -> None:
    """A withheld group's name stands nowhere in the exported file's cells."""
    reply = house.ask("fairness strict all by sex")
    content = export(reply.provenance.run, ANA, house.services).content
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = {str(cell.value) for sheet in book for line in sheet.iter_rows() for cell in line}
    assert "x" not in cells
    assert "12" not in cells
