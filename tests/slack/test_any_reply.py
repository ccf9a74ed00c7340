"""Whatever a reply holds, its rendering is within every limit and does nothing by itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.slack.forms.form import form_view
from bot.slack.forms.opened import Opened
from bot.slack.rendering.answered import NO_PICTURE, Picture, answer_message
from bot.slack.rendering.message import Message
from bot.slack.rendering.notes import (
    choice_message,
    choice_view,
    link_message,
    note_message,
    note_view,
    refused_message,
    refused_view,
    working_message,
)
from commands.replies import (
    Answered,
    Choice,
    Field,
    Form,
    Link,
    Note,
    Refused,
    Verb,
    Working,
)
from queries.core.kinds.kind import Option
from tests.slack import samples, strategies
from tests.slack.judges import accept_message, accept_view, texts, types

few = settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)


pictures = st.sampled_from((NO_PICTURE, Picture("F0PICTURE01"), Picture(missing="none")))


def _inert(payload: Any) -> None:
    assert not types(payload) & {"broadcast", "user", "usergroup", "channel", "link", "markdown"}


@few
@given(strategies.answered, pictures)
def test_every_answer_is_taken(answered: Answered, picture: Picture) -> None:
    """An answer of any content and size renders to a message that every judge takes."""
    message = answer_message(answered, picture, ("I am not a member.",))
    accept_message(message)
    _inert(message.blocks)


@few
@given(
    st.one_of(
        strategies.notes.map(note_message),
        strategies.refusals.map(refused_message),
        strategies.links.map(link_message),
        strategies.choices().map(choice_message),
        strategies.workings.map(working_message),
    )
)
def test_every_message_is_taken(message: Message) -> None:
    """Notes, refusals, links, choices and what is under way render to acceptable messages."""
    accept_message(message)
    _inert(message.blocks)


@few
@given(
    st.one_of(
        strategies.notes.map(note_view),
        strategies.choices().map(choice_view),
        st.builds(refused_view, strategies.refusals, strategies.words),
    )
)
def test_every_view_is_taken(view: dict[str, Any]) -> None:
    """Notes, choices and refusals render to modals that every judge takes."""
    accept_view(view)
    _inert(view["blocks"])


@few
@given(strategies.forms(), st.sampled_from(("", ":words", ":range")))
def test_every_form_is_taken(form: Form, mode: str) -> None:
    """A form of any fields, values and options renders to a modal that every judge takes."""
    modes = {each.name: mode for each in form.fields} if mode else {}
    view = form_view(form, Opened("C1", url="https://hooks.example/1"), modes)
    accept_view(view)
    _inert(view["blocks"])


PING = "<!channel> <@U0ANA00001> <#C0GENERAL1> <https://evil.example|x> @here *b*"


@pytest.mark.parametrize(
    "message",
    [
        answer_message(samples.said(PING, PING)),
        note_message(Note(PING, PING, PING)),
        refused_message(Refused(PING, PING)),
        link_message(Link(PING, PING, "https://x.example")),
        choice_message(Choice(PING, (), {}, PING)),
        working_message(Working(PING, "7f")),
    ],
    ids=["answered", "note", "refused", "link", "choice", "working"],
)
def test_values_never_ping(message: Message) -> None:
    """A value that looks like a mention stands as it is, where Slack reads no mentions."""
    assert "<" not in message.text
    assert "mrkdwn" not in types(message.blocks)
    assert any("<!channel>" in each for each in texts(message.blocks))


def test_values_never_ping_in_descriptions() -> None:
    """Where only a text object is possible, what could format or ping is plain or escaped."""
    button = samples.ANSWERED.buttons[0]
    for words, kind in ((PING, "plain_text"), ("a <!channel> `/ml x`", "mrkdwn")):
        section = choice_message(Choice("Which?", (button,), {button.label: words})).blocks[1]
        assert section["text"]["type"] == kind
        assert kind == "plain_text" or section["text"]["text"] == "a &lt;!channel&gt; `/ml x`"


def test_the_largest_form() -> None:
    """A form whose lists are together too large for a view offers fewer options, and says so."""
    wide = tuple(Option(f"{at}{'é' * 140}", f"{at}{'é' * 70}") for at in range(100))
    fields = tuple(Field(f"f{at}", f"Field {at}", "choice", wide) for at in range(12))
    view = form_view(Form(Verb.ASK, "errors", "What fails?", "Ask", fields), Opened("C1"))
    accept_view(view)
    assert "The list above shows" in str(view["blocks"])


def test_more_fields_than_a_view_holds() -> None:
    """Fields that a view has no room for are named."""
    fields = tuple(Field(f"f{at}", f"Field {at}", "text") for at in range(120))
    view = form_view(Form(Verb.ASK, "errors", "What fails?", "Ask", fields), Opened("C1"))
    accept_view(view)
    assert "There is no room for: Field 9" in str(view["blocks"][-1])
