"""Every question about every odd log: it answers soundly or refuses plainly, on both engines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.charts import draw
from commands.ask import ask
from commands.replies import Answered
from queries.core.answer import Answer, Severity
from queries.core.catalog import Catalog
from queries.core.charts import Chart
from queries.core.errors import PlainError
from queries.core.grammar import parse
from queries.core.logs import Logs
from queries.core.params import Dimension, Id, Model, Time
from queries.core.question import names, parameters, question
from tests.asking import HERE, Asking, asking, check_words
from tests.conftest_postgres import load_table
from tests.questions.contract import (
    check_buttons,
    check_careful,
    check_chart,
    check_definitions,
    check_numbers,
    check_said,
    check_tables,
)
from tests.questions.edges import EDGES
from tests.questions.planted import ANA, BEN, write
from tests.questions.same import differences

Told = Answered | PlainError

EVERY = pytest.mark.parametrize(("name", "edge"), [(n, e) for n in names() for e in EDGES])
"""Each question about each odd log."""

_INSIDE = re.compile(
    r"Traceback|Exception|\w+Error\b|\b(NoneType|None|NaN|NULL|SELECT|sqlalchemy|psycopg|duckdb)\b"
)
_TO_DO = re.compile(
    r"\b(declare|add|list|set|ask|choose|try|check|correct|did you mean|can be split)\b", re.I
)


@dataclass(frozen=True)
class House:
    """All odd logs on one engine; each is asked as if there were no other."""

    asking: Asking
    told: dict[tuple[str, str], Told] = field(default_factory=dict)
    drawn: set[str] = field(default_factory=set)
    statements: dict[str, str] = field(default_factory=dict)

    def catalog(self, edge: str) -> Catalog:
        """What is known where this log is the only one."""
        return Catalog({edge: self.asking.services.catalog().sources[edge]})

    def ask(self, text: str, edge: str) -> Told:
        """Ask once of each log, and give the answer or the plain refusal, else it is a defect.

        The log is part of what was asked: `health` is written alike for each.
        """
        if (edge, text) not in self.told:
            self.told[edge, text] = self._ask(text, edge)
        return self.told[edge, text]

    def _ask(self, text: str, edge: str) -> Told:
        def logs(**given: Any) -> Logs:
            return replace(services.logs(**given), models=(edge,))

        services, catalog = self.asking.services, self.catalog(edge)
        alone = replace(services, clock=lambda: EDGES[edge].now, catalog=lambda: catalog, logs=logs)
        try:
            return ask(parse(text, catalog, ANA.tz), ANA, HERE, alone)
        except PlainError as refused:
            return refused

    def draw(self, chart: Chart | None) -> None:
        """Draw a chart, unless one of the same outline, with other numbers, was drawn before."""
        if chart is None:
            return
        numbers = re.sub(r"\d[\d.e-]*", "#", repr(replace(chart, title="", alt="")))
        outline = re.sub(r"((?:datetime\.datetime\([^)]*\)\)|#|None), )(\1)+", r"\1", numbers)
        if outline not in self.drawn:
            assert draw(chart).startswith(b"\x89PNG")
        self.drawn.add(outline)


def texts(name: str, edge: str) -> tuple[str, ...]:
    """The question's first example, and split where that is what is odd; about ids that it has."""
    kinds = {type(each.kind): each.name for each in parameters(question(name))}
    first = question(name).examples[0].format(model=edge)
    of = f"{name} {edge}" if Model in kinds else name
    window, by = EDGES[edge].window, EDGES[edge].by
    asked = [f"{of} {window}" if window and Time in kinds else first]
    if Id in kinds:
        when = window or "all"
        asked = [f"{of} {when} id {each}" for each in EDGES[edge].ids]
    if by and Dimension in kinds:
        asked.append(f"{of} by {by}")
    return tuple(asked)


def told(house: House, name: str, edge: str) -> dict[str, Told]:
    """Ask what is to be asked; nothing where all that is odd is a column that is never read."""
    column = EDGES[edge].only
    if column and column not in _read(house, name):
        return {}
    return {text: house.ask(text, edge) for text in texts(name, edge)}


def _read(house: House, name: str) -> str:
    """The statements that a question runs on all logs that don't just differ in one column."""
    if name not in house.statements:
        asked = [(text, at) for at in EDGES if not EDGES[at].only for text in texts(name, at)]
        replies = [house.ask(text, at) for text, at in asked]
        origins = [each.provenance for each in replies if isinstance(each, Answered)]
        ran = {each.sql for origin in origins for each in origin.statements}
        house.statements[name] = "\n".join(sorted(ran))
    return house.statements[name]


@pytest.fixture(scope="module")
def houses(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str
) -> Iterator[tuple[House, House]]:
    """Every odd log in Parquet files and as tables."""
    folder = tmp_path_factory.mktemp("edges")
    queries = dict.fromkeys(query for edge in EDGES.values() for query in edge.queries().values())
    files, tables = {}, {}
    for i, query in enumerate(queries):
        write(folder / f"{i}.parquet", query)
        load_table(postgres_url, f"edge_{i}", f"SELECT * FROM '{folder / str(i)}.parquet'")
        files[query] = {"files": f"{i}.parquet"}
        tables[query] = {"url": postgres_url, "table": f"edge_{i}"}
    with ExitStack() as stack:
        over = [
            stack.enter_context(
                asking({name: edge.source(places) for name, edge in EDGES.items()}, folder)
            )
            for places in (files, tables)
        ]
        yield House(over[0]), House(over[1])


@EVERY
def test_it_answers_or_refuses_plainly(houses: tuple[House, House], name: str, edge: str) -> None:
    """An answer reads well, rests on something and can be drawn; a refusal says what to do."""
    for reply in told(houses[0], name, edge).values():
        if isinstance(reply, Answered):
            check_answered(reply)
            check_careful(name, reply.answer)
            houses[0].draw(reply.answer.chart)
        else:
            check_refused(reply)


def check_answered(reply: Answered) -> None:
    """Hold an answer to everything that holds of answers."""
    answer, origin = reply.answer, reply.provenance
    check_words(answer)
    check_said(answer)
    check_numbers(answer)
    check_tables(answer, records=reply.private)
    check_chart(answer)
    check_definitions(answer)
    check_buttons(reply)
    assert origin.run
    assert origin.zone == ANA.zone
    if answer.tables and not _says_nothing(answer):
        assert origin.statements
        assert origin.rows_read > 0


def _says_nothing(answer: Answer) -> bool:
    """Whether it is not known how things are, or read at all, and the tables only say why."""
    cells = (cell for table in answer.tables for row in table.rows for cell in row)
    words = all(cell is None or isinstance(cell, str) for cell in cells)
    return answer.severity is not Severity.GOOD and words


def check_refused(refusal: PlainError) -> None:
    """Hold a refusal to words for people, with something to do."""
    said = str(refusal)
    assert not _INSIDE.search(said), said
    assert _TO_DO.search(said), said
    assert said[-1] in ".?", said
    assert len(said) < 600, said


@EVERY
def test_both_engines_tell_the_same(houses: tuple[House, House], name: str, edge: str) -> None:
    """Words, numbers, tables, chart and every row are the same from files and from a server."""
    for text, ours in told(houses[0], name, edge).items():
        theirs = houses[1].ask(text, edge)
        if isinstance(ours, Answered) and isinstance(theirs, Answered):
            assert differences(ours.answer, theirs.answer) == {}
        else:
            assert (type(ours), str(ours)) == (type(theirs), str(theirs))


@EVERY
def test_its_next_questions_can_be_asked(houses: tuple[House, House], name: str, edge: str) -> None:
    """Whatever it offers to ask next is understood, of this log and in every zone."""
    for reply in told(houses[0], name, edge).values():
        for step in reply.answer.follow_ups if isinstance(reply, Answered) else ():
            for person in (ANA, BEN):
                parse(step.text, houses[0].catalog(edge), person.tz)
