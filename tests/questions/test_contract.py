"""What holds of every question, whichever it is: each file in ``queries/`` must pass this."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from bot.charts import draw
from bot.terminal import as_json, print_answer
from commands.export import export
from commands.form import question_form
from commands.help import help_note
from commands.menu import menu
from commands.offers import answering, offers
from commands.replay import replay
from commands.replies import Answered, Form, Verb
from commands.submit import submit
from commands.understand import Ask, understand
from queries.core.catalog import Catalog
from queries.core.grammar import examples, parse
from queries.core.question import Question, names, parameters, question, raw, window_of
from tests.asking import check_words
from tests.questions.contract import (
    check_buttons,
    check_careful,
    check_chart,
    check_definitions,
    check_numbers,
    check_said,
    check_tables,
)
from tests.questions.planted import ANA, BEN, NOW, Trip
from tests.questions.same import differences

EVERY = pytest.mark.parametrize("name", names())


class Answers:
    """The planted log's answers: each text is asked by a person once, when it is looked at."""

    def __init__(self, trip: Trip) -> None:
        self.to = cache(trip.ask)
        self._catalog = catalog_of(trip)

    def __getitem__(self, name: str) -> tuple[Answered, ...]:
        """Give the answers to a question's examples, as they are offered."""
        return tuple(self.to(text, ANA) for text in examples(question(name), self._catalog))


@pytest.fixture(scope="module")
def answered(lending: Trip) -> Answers:
    """What the planted log answers."""
    return Answers(lending)


def catalog_of(trip: Trip) -> Catalog:
    """What is known of the planted log."""
    return trip.house.services.catalog()


def asked(trip: Trip, name: str) -> Iterator[Question]:
    """Each example of a question, understood."""
    for text in examples(question(name), catalog_of(trip)):
        yield parse(text, catalog_of(trip), ANA.tz)


@EVERY
def test_it_says_what_it_is(name: str) -> None:
    """A question has a title that asks, a sentence about it, and examples of itself."""
    found = question(name)
    assert found.name == name
    assert found.title[0].isupper()
    assert len(found.title) <= 40
    assert found.about.endswith(".")
    assert len(found.about) <= 200
    assert found.__doc__
    assert len(found.examples) >= 2
    assert all(text.startswith(_begins(found)) for text in found.examples)
    for parameter in parameters(found):
        assert parameter.label[0].isupper()
        assert parameter.kind.described()


@EVERY
def test_everyday_words_lead_to_it(lending: Trip, name: str) -> None:
    """Whoever asks in one of a question's words is offered it, among what else they mean."""
    found = question(name)
    assert len(found.asked_as) >= 3
    assert len({name, *found.asked_as}) == len(found.asked_as) + 1
    for word in found.asked_as:
        assert re.fullmatch(r"[a-z]+", word)
        assert len(answering([word])) <= 3
        offered = offers(f"please: {word}?", catalog_of(lending), ANA.tz)
        assert name in {text.split()[0] for text in offered}
        assert all(
            isinstance(understand(text, catalog_of(lending), ANA.tz), Ask | Form)
            for text in offered
        )


def _about_one(asked: type[Question]) -> bool:
    """Say whether a question is about one model, which it then has as its parameter."""
    return "model" in {each.name for each in parameters(asked)}


def _begins(asked: type[Question]) -> str:
    """How each text of a question begins: with its name, and the model that it is about."""
    return f"{asked.name} {{model}}" if _about_one(asked) else asked.name


@EVERY
def test_its_examples_can_be_asked(lending: Trip, name: str) -> None:
    """Every declared example is offered for the planted log, and is understood as typed."""
    catalog = catalog_of(lending)
    offered = examples(question(name), catalog)
    assert len(offered) == len(question(name).examples)
    for text in offered:
        assert isinstance(understand(text, catalog, ANA.tz), Ask)


@EVERY
def test_its_text_means_itself(lending: Trip, name: str) -> None:
    """Canonical text of each example parses back to an equal question."""
    for each in asked(lending, name):
        assert parse(str(each), catalog_of(lending), ANA.tz) == each


@EVERY
def test_its_form_submits_back(lending: Trip, name: str) -> None:
    """The form filled with a question's raw values, sent unchanged, asks that question."""
    catalog = catalog_of(lending)
    for each in asked(lending, name):
        form = question_form(name, raw(each), catalog, ANA.tz)
        assert (form.verb, form.subject, form.title) == (Verb.ASK, name, question(name).title)
        entered = {field.name: field.values for field in form.fields}
        assert submit(name, entered, catalog, ANA.tz) == Ask(each)
        for field in form.fields:
            assert field.label
            assert not field.problem
            offered = {option.value for option in field.options}
            if field.control == "choice":
                assert offered.issuperset(field.values)


@EVERY
def test_its_help_names_every_parameter(lending: Trip, name: str) -> None:
    """The help page of a question explains each parameter and gives its examples."""
    text = help_note(name, catalog_of(lending)).text
    for parameter in parameters(question(name)):
        assert f"`{parameter.name}`" in text
    for example in examples(question(name), catalog_of(lending)):
        assert f"/ml {example}`" in text
    assert question(name).title in {button.label for button in menu(catalog_of(lending)).buttons}


@EVERY
def test_its_answer_says_something(answered: Answers, name: str) -> None:
    """A headline is one sentence and says of which model or of how many; five findings at most."""
    for reply in answered[name]:
        answer = reply.answer
        assert _says_which(answer.headline, question(name))
        check_said(answer)
        check_words(answer)
        check_careful(name, answer)
        assert answer.tables or "no requests" in answer.headline
        assert reply.private == question(name).private


def _says_which(headline: str, asked: type[Question]) -> bool:
    """A headline begins with its model; about several, it counts them or names the only one."""
    if _about_one(asked):
        return headline.startswith("lending")
    return bool(re.match(r"lending\b|\d+ of \d+ models\b|All \d+ models\b", headline))


@EVERY
def test_its_answer_says_where_it_comes_from(answered: Answers, name: str) -> None:
    """Provenance is attached: run, question, source, asker, range, rows and SQL."""
    for reply in answered[name]:
        origin = reply.provenance
        assert origin.run
        assert origin.question.startswith(_begins(question(name)).format(model="lending"))
        assert origin.source == "Lending decisions"
        assert origin.simulated
        assert (origin.asker, origin.zone, origin.asked_at) == ("ana", "Europe/Berlin", NOW)
        assert origin.start is not None
        assert origin.end is not None
        assert origin.start < origin.end <= NOW + timedelta(microseconds=1)
        assert origin.data_through is not None
        assert origin.data_through <= NOW
        assert origin.rows_read > 0 or not reply.answer.tables
        assert origin.statements
        # What several statements look at may be kept in memory for their time.
        selects = re.compile(r"(CREATE TABLE kept_\d+ AS )?(SELECT|WITH)\b")
        assert all(selects.match(each.sql) for each in origin.statements)


@EVERY
def test_its_numbers_carry_what_they_rest_on(answered: Answers, name: str) -> None:
    """Every number that has a value has an n, and an interval around it or the reason why not."""
    for reply in answered[name]:
        check_numbers(reply.answer)


@EVERY
def test_its_definitions_are_sentences(answered: Answers, name: str) -> None:
    """Each technical word is explained in whole sentences; only records need no explanation."""
    for reply in answered[name]:
        assert reply.answer.definitions or question(name).private
        check_definitions(reply.answer)


@EVERY
def test_its_tables_fit_their_columns(answered: Answers, name: str) -> None:
    """Every row has a cell of the right type for each column; names are unique and known."""
    for reply in answered[name]:
        check_tables(reply.answer, records=reply.private)


@EVERY
def test_its_chart_can_be_drawn_and_read_out(answered: Answers, name: str) -> None:
    """A chart has a title that says the finding, alt text with a number, and can be drawn."""
    for reply in answered[name]:
        check_chart(reply.answer)
        if reply.answer.chart is not None:
            assert draw(reply.answer.chart).startswith(b"\x89PNG")


@EVERY
def test_its_follow_ups_can_be_clicked_by_anybody(
    lending: Trip, answered: Answers, name: str
) -> None:
    """Each next question parses, names the same range to people in all zones, and is answered."""
    catalog = catalog_of(lending)
    for reply in answered[name]:
        check_buttons(reply)
        for step in reply.answer.follow_ups:
            meant = {_span(step.text, catalog, zone) for zone in (ANA.tz, BEN.tz, TOKYO)}
            assert len(meant) == 1
    texts = {step.text for reply in answered[name] for step in reply.answer.follow_ups}
    for text in sorted(texts):
        answered.to(text, BEN)


TOKYO = ZoneInfo("Asia/Tokyo")


def _span(text: str, catalog: Catalog, zone: ZoneInfo) -> object:
    window = window_of(parse(text, catalog, zone))
    return window.resolve(NOW, zone).span if window else None


@EVERY
def test_its_answer_can_be_given_everywhere(lending: Trip, answered: Answers, name: str) -> None:
    """An answer is printed in a terminal, whole as JSON, and opens as a spreadsheet."""
    for reply in answered[name][:1]:
        page = Console(file=io.StringIO(), width=200)
        print_answer(reply, page)
        assert isinstance(page.file, io.StringIO)
        assert reply.answer.headline in page.file.getvalue()
        whole = json.loads(as_json(reply))
        assert whole["headline"] == reply.answer.headline
        assert len(whole["tables"]) == len(reply.answer.tables)
        assert export(reply.provenance.run, ANA, lending.house.services).content.startswith(b"PK")


@EVERY
def test_its_answer_is_the_same_when_asked_again(
    lending: Trip, answered: Answers, name: str
) -> None:
    """Replayed over an unchanged log, a question has the same answer, and nobody is alarmed."""
    for reply in answered[name]:
        again = replay(reply.provenance.run, lending.house.services)
        assert not again.changed
        assert differences(again.computed.answer, reply.answer) == {}
        assert again.computed.provenance.start == reply.provenance.start
