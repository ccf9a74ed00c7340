"""Change…: the form of a recorded question, filled with what was asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from commands.change import change
from commands.form import AUDIENCE
from commands.replies import Verb
from commands.state.asked import NotRecorded
from commands.submit import submit
from commands.understand import Ask
from queries.core.errors import NotAnswerable
from queries.core.grammar import parse
from tests.questions.planted import ANA, BEN, Trip, small


@pytest.fixture(scope="module")
def trip(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trip]:
    """A plainlogs over a small log."""
    with small(tmp_path_factory.mktemp("small")) as found:
        yield found


@pytest.mark.parametrize(
    ("text", "private"),
    [
        ("errors lending yesterday by region where region in emea, apac and status >= 200", False),
        ("errors lending last 7 days", True),
        ("find lending today where failed = no order slowest limit 20", True),
    ],
)
def test_the_form_is_filled_with_what_was_asked(trip: Trip, text: str, private: bool) -> None:
    """The form opens as the question was asked; sent unchanged it asks the same, as privately."""
    services = trip.house.services
    form = change(trip.ask(text, private=private).provenance.run, ANA, services)
    assert form.verb is Verb.ASK
    entered = {field.name: field.values for field in form.fields}
    again = submit(form.subject, entered, services.catalog(), ANA.tz)
    wish = private and AUDIENCE in entered
    assert again == Ask(parse(text, services.catalog(), ANA.tz), wish)


def test_a_public_question_may_be_changed_by_anybody(trip: Trip) -> None:
    """Whoever reads an answer in a channel may start from its question."""
    run = trip.ask("errors lending yesterday").provenance.run
    assert change(run, BEN, trip.house.services).subject == "errors"


def test_a_private_question_is_shown_to_its_asker_alone(trip: Trip) -> None:
    """What somebody asked for themselves, a person's id perhaps, is shown to nobody else."""
    run = trip.ask("find lending where request_id = r-123").provenance.run
    with pytest.raises(NotAnswerable, match="Only the person who asked"):
        change(run, BEN, trip.house.services)


def test_what_was_never_asked_cannot_be_changed(trip: Trip) -> None:
    """A run that is not on record is refused with what to do."""
    with pytest.raises(NotRecorded, match="Please ask it again"):
        change("nothing", ANA, trip.house.services)
