"""Whether a small group can be worked out from what comparing two versions shows together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import numpy as np
import pytest

from queries.core.answer import Answer, Table
from tests.asking import Asking, asking, rows
from tests.questions.fairness.test_question import DECLARED, LOG
from tests.questions.planted import write

SMALLEST = 20
GROUPS = {"sex": ("f", "m", "d", "x"), "age": ("young", "old", "90+")}
TURNS = LOG | {
    "version": "CASE WHEN i * 7919 % 100 < 50 THEN '2.2' ELSE '2.3' END",
}
SEXES = {
    # Twelve are of “x”: sixteen hours apart, so that hardly one has a counterpart in its hour, or
    # all of them at once, so that all have.
    "apart": "CASE WHEN i % 1000 = 7 THEN 'x' {}",
    "together": "CASE WHEN i >= 9000 AND i < 9012 THEN 'x' {}",
}
OTHERS = "WHEN u < 0.35 THEN 'f' WHEN u < 0.6 THEN 'd' ELSE 'm' END"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """Two versions that take turns for eight days; twelve requests are of “x”, fourteen of 90+."""
    folder = tmp_path_factory.mktemp("small")
    sources = {}
    for name, sex in SEXES.items():
        write(folder / f"{name}.parquet", rows(12000, TURNS | {"sex": sex.format(OTHERS)}))
        sources[name] = DECLARED | {"files": f"{name}.parquet", "smallest_group": SMALLEST}
        sources[f"{name}_open"] = sources[name] | {"smallest_group": 1}
    with asking(sources, folder) as opened:
        yield opened


@pytest.mark.parametrize("verb", ["compare", "rollout"])
@pytest.mark.parametrize("source", SEXES)
def test_small_groups_cannot_be_solved_for(house: Asking, source: str, verb: str) -> None:
    """From no answer about two versions follows how many are in a group that is too small.

    The groups' sizes are unknown; each count shown beside a group, and that of all, is an equation.
    In a rollout that holds at every time for which it tells what was known then.
    """
    answer = house.answer(f"{verb} {source} versions 2.3 to 2.2")
    told = list(_equations(answer))
    assert any(len(equation) < 3 for equations in told for equation in equations)
    for equations in told:
        assert not _solvable(equations) & {("sex", "x"), ("age", "90+")}


@pytest.mark.parametrize("source", SEXES)
def test_the_algebra_sees_a_small_group(house: Asking, source: str) -> None:
    """Where groups of any size may be shown, the small ones are found by the same equations."""
    (equations,) = _equations(house.answer(f"compare {source}_open versions 2.3 to 2.2"))
    assert _solvable(equations) == {(name, each) for name in GROUPS for each in GROUPS[name]}


Group = tuple[str, str]
Equation = frozenset[Group]
"""Groups of one attribute whose sizes together are shown."""


def _equations(answer: Answer) -> Iterator[list[Equation]]:
    """Give what can be read off together: of ``compare`` all, of a rollout all of one time."""
    wholes = [frozenset((name, each) for each in groups) for name, groups in GROUPS.items()]
    if any(table.title == "By group" for table in answer.tables):
        (table,) = [each for each in answer.tables if each.title == "By group"]
        yield [
            *wholes,
            *(frozenset([(row[0], row[1])]) for row in _rows(table, "attribute", "group")),
        ]
        return
    for title in ("Guardrails", "As it was known"):
        (table,) = [each for each in answer.tables if each.title == title]
        names = [column.name for column in table.columns]
        told = _rows(table, "at" if "at" in names else "least", "guardrail")
        for _, together in groupby(told, key=lambda row: row[0] if "at" in names else None):
            found = [tuple(str(row[1]).split(" ", 1)) for row in together]
            yield [*wholes, *(_pair(*each) for each in found if each[0] in GROUPS)]


def _pair(attribute: str, value: str) -> Equation:
    """A rollout tells how many a group and the largest of its attribute are together."""
    largest = {"sex": "m", "age": "young"}[attribute]
    return frozenset([(attribute, value), (attribute, largest)])


def _rows(table: Table, *names: str) -> list[tuple[Any, ...]]:
    at = [[column.name for column in table.columns].index(name) for name in names]
    return [tuple(row[each] for each in at) for row in table.rows]


def _solvable(equations: list[Equation]) -> set[Group]:
    groups = [(name, each) for name in GROUPS for each in GROUPS[name]]
    told = np.array([[float(each in equation) for each in groups] for equation in equations])
    rank = np.linalg.matrix_rank(told)
    units = zip(groups, np.eye(len(groups)), strict=True)
    return {each for each, unit in units if np.linalg.matrix_rank(np.vstack([told, unit])) == rank}
