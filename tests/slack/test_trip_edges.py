"""Where Slack says no, or time has run out: nobody is left without a reply."""

from __future__ import annotations

from bot.playground import Fault
from tests.slack.conftest import Trip
from tests.slack.judges import types


def test_too_late_for_a_form(trip: Trip) -> None:
    """Where the trigger of a form has expired the person is told, with a button to go on."""
    trip.slack.fail_next("views.open", Fault(error="expired_trigger_id"))
    trip.ask("/ml errors")
    told = trip.whisper("within 3 seconds")
    trip.slack.as_user("ana").click(told, "do:menu:0")
    trip.view("What would you like")


def test_form_where_the_bot_is_no_member(trip: Trip) -> None:
    """A form filled in where the bot is no member is answered there, in words."""
    trip.ask("/ml errors", "#random-no-bot")
    form = trip.view("Which model")
    trip.slack.as_user("ana").submit(form, {"reload:model:picked": "lending"})
    message = trip.message("Alarm", "#random-no-bot")
    assert "image" not in types(message["blocks"])
    assert {each.error for each in trip.slack.refusals} == {"not_in_channel"}
    trip.slack.refusals.clear()


def test_response_url_used_up(trip: Trip) -> None:
    """Where the response_url can't be used any more the answer comes by direct message."""
    trip.core.let_answer.clear()
    trip.ask("/ml errors lending", "#random-no-bot")
    trip.whisper("Asking…")
    for url in trip.slack.slack.response_urls.values():
        url.used = 5
    trip.core.let_answer.set()
    trip.message("Alarm", trip.direct())
    assert trip.slack.messages("#random-no-bot") == []
    trip.slack.refusals.clear()


def test_person_unknown_to_slack(trip: Trip) -> None:
    """Whom Slack tells nothing about is answered all the same, in UTC."""
    trip.slack.fail_next("users.info", Fault(error="internal_error"))
    trip.ask("/ml errors lending")
    trip.message("Alarm")
    assert trip.core.asks[0][1].zone == "UTC"


def test_answer_can_not_be_shown(trip: Trip) -> None:
    """Where Slack fails as the answer is shown the asker is told, and no placeholder stays."""
    trip.slack.fail_next("chat.update", Fault(error="internal_error"))
    trip.ask("/ml errors lending")
    trip.whisper("incident1")
    assert trip.slack.messages("#lending") == []


def test_placeholder_deleted_meanwhile(trip: Trip) -> None:
    """Where somebody has deleted the placeholder the answer is posted anew."""
    trip.slack.fail_next("chat.update", Fault(error="message_not_found"))
    trip.ask("/ml errors lending")
    message = trip.message("Alarm")
    assert len(trip.slack.messages("#lending")) == 2
    assert "Asking…" not in str(message)


def test_nothing_cached_survives_a_reconnect(trip: Trip) -> None:
    """After Slack asked for new sockets, commands are still answered, once each."""
    trip.slack.refresh_sockets()
    trip.ask("/ml errors lending")
    trip.message("Alarm")
    assert len(trip.core.asks) == 1


def test_link_and_unknown_clicks_are_acknowledged(trip: Trip) -> None:
    """Every click is acknowledged, whether anything comes of it or not."""
    trip.ask("/ml help")
    note = trip.whisper("How to ask")
    button = {"type": "button", "action_id": "do:dance:0", "text": {"text": "x"}, "value": ""}
    note["blocks"].append({"type": "actions", "block_id": "odd", "elements": [button]})
    trip.slack.as_user("ana").click(note, "do:dance:0")
    trip.slack.as_user("ana").click(note, "do:menu:0")
    trip.view("What would you like")
    assert all(each.ack is not None and not each.late for each in trip.slack.deliveries)


def test_defect_in_a_submission(trip: Trip) -> None:
    """A defect while a form is judged is an incident in the modal, which does not hang."""
    trip.ask("/ml errors")
    form = trip.view("Which model")
    trip.core.submit_error = ZeroDivisionError("division by zero")
    trip.slack.as_user("ana").submit(form, {"reload:model:picked": "lending"})
    assert "division" not in str(trip.view("incident1"))
