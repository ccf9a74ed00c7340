"""Asking in a channel: placeholder, answer, picture, and what may go wrong on the way."""

from __future__ import annotations

from bot.slack.rendering.text import Json
from queries.core.errors import NotAnswerable
from tests.slack.conftest import Trip
from tests.slack.judges import types

ASK = "/ml errors lending last 24 hours by region"


def _kinds(message: Json) -> list[str]:
    return [block["type"] for block in message["blocks"]]


def test_answer_with_picture(trip: Trip) -> None:
    """An ask is answered in the channel, where everybody sees text, picture, table and buttons."""
    trip.ask(ASK)
    message = trip.until(
        lambda: next(
            (m for m in trip.slack.messages("#lending") if "image" in types(m.get("blocks"))), None
        )
    )
    assert len(trip.slack.messages("#lending")) == 1
    assert message["metadata"]["event_payload"] == {"run": "run1"}
    assert _kinds(message).index("header") < _kinds(message).index("image")
    assert _kinds(message).index("image") < _kinds(message).index("table")
    assert _kinds(message)[-2:] == ["actions", "actions"]
    question, asker, place, private = trip.core.asks[0]
    assert str(question) == "errors lending last 24 hours by region"
    assert (asker.name, asker.zone, asker.email) == ("ana", "Europe/Berlin", "ana@example.com")
    assert (place.channel, place.private, private) == ("C0LENDING1", False, False)


def test_shortcut_and_escaped_signs(trip: Trip) -> None:
    """``/ml-errors`` stands for ``/ml errors``, and what Slack escapes is read as it was typed."""
    trip.slack.as_user("ana").slash("#lending", "/ml-errors lending where status &gt;= 500")
    trip.message("Alarm")
    assert str(trip.core.asks[0][0]) == "errors lending last 24 hours where status >= 500"


def test_placeholder_then_cancel(trip: Trip) -> None:
    """While an ask is under way its asker alone can cancel it, and no answer comes after."""
    trip.core.let_answer.clear()
    trip.ask(ASK)
    placeholder = trip.message("Asking…")
    assert "ana asked: errors lending last 24 hours by region" in str(placeholder)
    trip.slack.as_user("ben").click(placeholder, "do:cancel:0")
    trip.whisper("Only ana", who="ben")
    trip.slack.as_user("ana").click(placeholder, "do:cancel:0")
    cancelled = trip.message("Cancelled by ana")
    trip.core.let_answer.set()
    trip.slack.as_user("ana").click(cancelled, "do:ask:0")
    trip.message("Alarm")
    assert len(trip.core.asks) == 2
    assert "Cancelled by ana" in str(trip.slack.messages("#lending")[0])


def test_queue_is_told(trip: Trip) -> None:
    """An ask that has to wait says how many are before it."""
    trip.core.let_answer.clear()
    for _ in range(4):
        trip.ask(ASK)
    trip.message("1 question before it")
    trip.message("it is next")
    trip.core.let_answer.set()
    trip.until(lambda: all("Alarm" in str(m) for m in trip.slack.messages("#lending")) or None)
    assert len(trip.core.asks) == 4


def test_redelivered_once(trip: Trip) -> None:
    """A request that Slack delivers again is answered once."""
    trip.ask(ASK)
    trip.message("Alarm")
    trip.slack.redeliver(trip.slack.deliveries[0])
    trip.ask("/ml help")
    trip.whisper("How to ask")
    assert len(trip.core.asks) == 1
    assert len(trip.slack.messages("#lending")) == 1


def test_not_answerable(trip: Trip) -> None:
    """What can't be answered is said to the asker alone, and no placeholder stays behind."""
    trip.core.error = NotAnswerable("“lending” has no outcomes.")
    trip.ask(ASK)
    trip.whisper("has no outcomes")
    assert trip.slack.messages("#lending") == []


def test_incident(trip: Trip) -> None:
    """A defect of ours is an incident's id, never a stack trace."""
    trip.core.error = ZeroDivisionError("division by zero")
    trip.ask(ASK)
    said = trip.whisper("incident1")
    assert "division" not in str(said)
    assert trip.slack.messages("#lending") == []


def test_picture_fails(trip: Trip) -> None:
    """If the picture fails the words stay, and say so."""
    trip.core.drawing_error = ValueError("no font")
    trip.ask(ASK)
    message = trip.message("The picture could not be shown")
    assert "Alarm" in str(message)
    assert "image" not in types(message["blocks"])


def test_not_a_member(trip: Trip) -> None:
    """Where the bot is no member the words come by response_url, with a hint to invite it."""
    trip.ask(ASK, "#random-no-bot")
    message = trip.message("Alarm", "#random-no-bot")
    assert "/invite @plainlogs" in str(message)
    assert "image" not in types(message["blocks"])
    trip.slack.refusals[:] = [
        each for each in trip.slack.refusals if each.error != "not_in_channel"
    ]


def test_only_me(trip: Trip) -> None:
    """A private answer goes to the direct messages, with a pointer, and can be shared later."""
    trip.ask(f"{ASK} only me")
    trip.whisper("to you alone")
    message = trip.message("Only you can see this", trip.direct())
    assert trip.slack.messages("#lending") == []
    assert trip.core.asks[0][3]
    trip.slack.as_user("ana").click(message, "do:share:3")
    trip.message("Alarm")
    trip.whisper("Shared")


def test_private_question(trip: Trip) -> None:
    """Records of single people go to the asker alone, whoever asked for what."""
    trip.ask("/ml find lending last 24 hours")
    trip.message("Only you can see this", trip.direct())
    assert trip.slack.messages("#lending") == []


def test_misspelt(trip: Trip) -> None:
    """A misspelling is answered with the nearest texts as buttons, which ask."""
    trip.ask("/ml erors lending")
    choice = trip.whisper("There is no question")
    trip.slack.as_user("ana").click(choice, "do:ask:0")
    trip.message("Alarm")
    assert not trip.slack.as_user("ana").whispers()


def test_help_and_digests(trip: Trip) -> None:
    """Help and the list of digests are said to one person; a digest is deleted from the list."""
    trip.ask("/ml help errors")
    trip.whisper("What fails?")
    trip.ask("/ml digests")
    listed = trip.whisper("errors lending, every day")
    trip.slack.as_user("ana").click(listed, "do:unschedule:0")
    trip.whisper("Deleted.")
    trip.whisper("Nothing arrives by itself yet")
    assert trip.core.deleted == ["d1"]
