"""How was this computed?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from commands.explain import explain
from queries.core.errors import NotAnswerable
from tests.questions.planted import ANA, BEN, Trip, small

TEXT = "errors lending last 24 hours by region where region in emea, apac"


@pytest.fixture(scope="module")
def trip(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trip]:
    """A plainlogs over a small log."""
    with small(tmp_path_factory.mktemp("small")) as found:
        yield found


def test_an_explanation_says_what_was_asked_and_read(trip: Trip) -> None:
    """The question, the log, the absolute range, the latest row and the rows read are told."""
    reply = trip.ask(TEXT)
    text = explain(reply.provenance.run, ANA, trip.house.services).text
    assert f"`{TEXT}`" in text
    assert "Lending decisions" in text
    assert "22 Nov 15:30 to 23 Nov 15:28 Europe/Berlin" in text
    assert "*Latest row in the log:* 15:28" in text
    assert f"{reply.provenance.rows_read:,} rows" in text


def test_every_technical_word_is_explained(trip: Trip) -> None:
    """Each definition of the answer stands in its explanation."""
    reply = trip.ask(TEXT)
    text = explain(reply.provenance.run, ANA, trip.house.services).text
    for word, meaning in reply.answer.definitions.items():
        assert f"*{word}:* {meaning}" in text


def test_the_sql_is_shown_with_its_parameters(trip: Trip) -> None:
    """Every statement is shown, its values beside it as parameters and never within it."""
    note = explain(trip.ask(TEXT).provenance.run, ANA, trip.house.services)
    statements = note.code.split("\n\n")
    asked = 0
    for statement in statements:
        sql, _, parameters = statement.partition("\n-- with ")
        assert sql.startswith("SELECT")
        assert "emea" not in sql
        asked += "= emea" in parameters and "= apac" in parameters
    # One more looks at which values a column has at all, whatever was asked.
    assert asked >= 3


def test_a_private_answer_is_explained_to_its_asker_alone(trip: Trip) -> None:
    """What is for one person is explained to that person, and anybody's to anybody."""
    services = trip.house.services
    private = trip.ask("find lending where request_id = r1").provenance.run
    assert "find lending" in explain(private, ANA, services).text
    with pytest.raises(NotAnswerable, match="Only the person who asked"):
        explain(private, BEN, services)
    assert explain(trip.ask(TEXT).provenance.run, BEN, services).text
