"""Pairs of questions over small groups: no person's group follows from both answers together.

Each count that an answer tells of a group is an equation over the people it counts. What both
answers tell is put together, and solved for every set of fewer people than may be told of.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import duckdb
import numpy as np
import pytest

from commands.replies import Answered
from queries.core.crowds.refusals import OTHERS, TooFew
from tests.asking import asking, rows
from tests.questions.planted import write

PAIRS = int(os.environ.get("PAIRS", "40"))
LEAST = 10
LOG = {
    "ts": "stamp",
    "id": "'r' || i",
    "region": "['emea', 'apac', 'amer', 'fax'][1 + CASE WHEN i % 97 = 5 THEN 3 ELSE i % 3 END]",
    "version": "CASE WHEN i < 900 THEN '1.0' ELSE '1.1' END",
    "status": "CASE WHEN w < 0.06 THEN 500 ELSE 200 END",
    "amount": "i % 50",
    "decision": "CASE WHEN v < 0.5 THEN 'approve' ELSE 'decline' END",
    "grp": "CASE WHEN u < 0.01 THEN 'x' WHEN u < 0.05 THEN 'y' WHEN u < 0.5 THEN 'f' ELSE 'm' END",
}
DECLARED = {
    "files": "log.parquet",
    "favourable": "approve",
    "smallest_group": LEAST,
    "roles": {
        "time": "ts",
        "request_id": "id",
        "version": "version",
        "status": "status",
        "decision": "decision",
        "dimensions": ["region"],
        "protected": ["grp"],
        "features": ["amount"],
    },
}
VERBS = {
    "traffic": ("by grp", {"requests": "TRUE"}),
    "errors": ("by grp", {"requests": "TRUE", "failed": "status = 500"}),
    "fairness": ("by grp", {"n": "TRUE", "favourable": "decision = 'approve'"}),
    "slices": ("of errors", {"n": "TRUE", "hits": "status = 500"}),
}
"""How each question is asked, and what its tables' columns count, in SQL."""

CONDITIONS = {
    "": "TRUE",
    " where region = emea": "region = 'emea'",
    " where region != fax": "region != 'fax'",
    " where region in emea, apac": "region IN ('emea', 'apac')",
    " where region in emea, apac, fax": "region IN ('emea', 'apac', 'fax')",
    " where version = 1.1": "version = '1.1'",
    " where amount > 3": "amount > 3",
    " where amount > 4 and region != fax": "amount > 4 AND region != 'fax'",
    " where request_id != r700": "id != 'r700'",
}
Equation = tuple[frozenset[int], str, int]
"""Of these people so many are of a group."""


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write 1,500 requests, ten minutes apart."""
    folder = tmp_path_factory.mktemp("few")
    write(folder / "log.parquet", rows(1500, LOG, every=600))
    return folder


@dataclass(frozen=True)
class Asked:
    """A question over this log: its verb, its time and its condition."""

    verb: str
    window: str
    condition: str

    @property
    def text(self) -> str:
        """Give it as it is typed."""
        return f"{self.verb} m {self.window} {VERBS[self.verb][0]}{self.condition}"


def window(draw: random.Random) -> str:
    """Draw a time: rolling, or between two minutes."""
    begins = draw.choice(["00:00", "00:10", "01:00", "06:30"])
    ends = draw.choice(["11:00", "11:10", "11:50", "12:00"])
    day = draw.choice([17, 20, 21])
    between = f"2026-11-15T{begins}Z..2026-11-{day}T{ends}Z"
    return draw.choice(["all", "last 5 days", "last 120 hours", "last 9 days", between, between])


def pair(draw: random.Random) -> tuple[Asked, Asked]:
    """Draw two questions, mostly such as differ in one thing."""
    one, other = (
        Asked(draw.choice([*VERBS]), window(draw), draw.choice([*CONDITIONS])) for _ in range(2)
    )
    same = draw.choice(["window", "condition", "condition", ""])
    return one, replace(other, **{same: getattr(one, same)}) if same else other


def told(asked: Asked, reply: Answered, folder: Path) -> Iterator[Equation]:
    """Read off what an answer tells of each group, over the people whom it counts."""
    start, end = reply.provenance.start, reply.provenance.end
    assert start is not None
    assert end is not None
    within = f"ts >= '{start:%Y-%m-%d %H:%M:%S.%f}' AND ts < '{end:%Y-%m-%d %H:%M:%S.%f}'"
    rows_of = f"FROM '{folder}/log.parquet' WHERE {within} AND {CONDITIONS[asked.condition]}"
    for table in reply.answer.tables:
        if table.title not in ("By grp", "Groups"):
            continue
        names = [column.name for column in table.columns]
        for name, some in VERBS[asked.verb][1].items():
            people = duckdb.connect().execute(f"SELECT id {rows_of} AND {some}").fetchall()
            counted = frozenset(int(each[0][1:]) for each in people)
            for row in table.rows:
                if row[0] != OTHERS:
                    yield counted, str(row[0]), int(row[names.index(name)])  # type: ignore[arg-type]


def solved(equations: Sequence[Equation]) -> list[tuple[int, str]]:
    """Give the sets of fewer people than may be told of whose number in a group follows."""
    found = []
    for group in sorted({each for _, each, _ in equations}):
        sets = list(dict.fromkeys(people for people, each, _ in equations if each == group))
        atoms: dict[tuple[bool, ...], int] = {}
        for person in frozenset[int]().union(*sets):
            key = tuple(person in people for people in sets)
            atoms[key] = atoms.get(key, 0) + 1
        system = np.array([[float(key[at]) for key in atoms] for at in range(len(sets))])
        rank = np.linalg.matrix_rank(system)
        sizes = [*atoms.values()]
        for width in range(1, min(4, len(sizes)) + 1):
            for chosen in combinations(range(len(sizes)), width):
                people = sum(sizes[at] for at in chosen)
                row = np.array([[float(at in chosen) for at in range(len(sizes))]])
                follows = np.linalg.matrix_rank(np.vstack([system, row])) == rank
                if people < LEAST and follows:
                    found.append((people, group))
    return found


def test_nobody_follows_from_two_answers(log: Path) -> None:
    """Of random pairs of questions none tells of fewer people than may be told of."""
    draw, answered, refused = random.Random(11), 0, 0  # noqa: S311 - drawn, not secret
    for _ in range(PAIRS):
        equations: list[Equation] = []
        both = pair(draw)
        with asking({"m": DECLARED}, log) as house:
            for asked in both:
                try:
                    reply = house.ask(asked.text)
                except TooFew:
                    refused += 1
                    continue
                equations += told(asked, reply, log)
                answered += 1
        assert solved(equations) == [], [each.text for each in both]
    assert answered > PAIRS / 2
    assert refused > PAIRS / 20


def test_the_algebra_finds_them(log: Path) -> None:
    """Where groups of one may be told, the same equations tell of a single person."""
    pair = Asked("traffic", "all", ""), Asked("traffic", "all", " where request_id != r700")
    with asking({"m": DECLARED | {"smallest_group": 1}}, log) as house:
        one = told(pair[0], house.ask(pair[0].text), log)
        with pytest.raises(TooFew, match="chosen by request_id"):
            house.ask(pair[1].text)
    people = frozenset(range(1500)) - {700}
    found = solved([*one, *((people, group, 0) for group in "xyfm")])
    assert found == [(1, group) for group in "fmxy"]
