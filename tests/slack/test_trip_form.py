"""The guided form and an answer's buttons, as a person uses them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.slack.forms.times import FROM_TO, OWN_WORDS
from bot.slack.rendering.text import Json
from commands.replies import Link
from queries.core.question import ordered
from tests.slack.conftest import Trip

ASK = "/ml errors lending last 24 hours by region"


def _answer(trip: Trip) -> Json:
    trip.ask(ASK)
    return trip.until(
        lambda: next((m for m in trip.slack.messages("#lending") if "slack_file" in str(m)), None)
    )


def test_menu_to_answer(trip: Trip) -> None:
    """``/ml`` alone opens the menu; a click shows the form there; submitting it asks."""
    trip.ask("/ml")
    menu = trip.view("What would you like")
    at = [each.name for each in ordered()].index("errors")
    trip.slack.as_user("ana").click(menu, f"do:form:{at}")
    form = trip.view("Which model")
    assert form["id"] == menu["id"]
    person = trip.slack.as_user("ana")
    errors = person.submit(form, {"reload:model:picked": "lending", "enter:by:picked": "region"})
    assert errors == {}
    trip.message("Alarm")
    assert person.views == []
    assert str(trip.core.asks[0][0]) == "errors lending last 24 hours by region"


def test_missing_model_opens_the_form(trip: Trip) -> None:
    """A missing parameter opens the form, with what was understood filled in."""
    trip.ask("/ml errors yesterday")
    form = trip.view("Which model")
    state = form["state"]["values"]
    preset = next(v for name, v in state.items() if name.startswith("window|preset"))
    assert preset["reload:window:preset"]["selected_option"]["value"] == "yesterday"


def test_model_changes_what_is_offered(trip: Trip) -> None:
    """Choosing another model changes what depends on it, and keeps what was entered."""
    trip.ask("/ml errors where status >= 500")
    person, form = trip.slack.as_user("ana"), trip.view("Which model")
    person.click(form, "reload:model:picked", "hiring")
    form = trip.view("region is north")
    assert "status >= 500" in str(form["state"]["values"])
    assert "region is emea" not in str(form["blocks"])
    person.submit(form, {"enter:where:several": ["region = north"]})
    trip.message("Alarm")
    assert (
        str(trip.core.asks[0][0])
        == "errors hiring last 24 hours where region = north and status >= 500"
    )


def test_time_in_own_words(trip: Trip) -> None:
    """A time may be typed; what is no time is said on the field, inside the acknowledgement."""
    trip.ask("/ml errors")
    person, form = trip.slack.as_user("ana"), trip.view("Which model")
    person.click(form, "reload:model:picked", "lending")
    person.click(form, "reload:window:preset", OWN_WORDS)
    form = trip.view("in your own words")
    errors = person.submit(form, {"enter:window:words": "someday"})
    assert [*errors] == ["window|words|"]
    assert "“someday” is no time" in errors["window|words|"]
    assert person.submit(form, {"enter:window:words": "yesterday 9-11am"}) == {}
    trip.message("Alarm")
    assert "yesterday 9-11am" in str(trip.core.asks[0][0])


def test_time_from_to(trip: Trip) -> None:
    """A time may be given from one moment to another; both days are needed."""
    trip.ask("/ml errors")
    person, form = trip.slack.as_user("ana"), trip.view("Which model")
    person.click(form, "reload:model:picked", "lending")
    person.click(form, "reload:window:preset", FROM_TO)
    form = trip.view("From, time of day")
    assert person.submit(form, {"enter:window:from_day": "2026-11-01"}) == {
        "window|from_day|": "Please choose both days."
    }
    days = {"enter:window:from_time": "09:30", "enter:window:to_day": "2026-11-05"}
    assert person.submit(form, days) == {}
    trip.message("Alarm")
    assert "2026-11-01 09:30..2026-11-05" in str(trip.core.asks[0][0])


def test_submitted_before_the_words_field_came(trip: Trip) -> None:
    """Who submits before the field for own words came is asked for them, not given a default."""
    trip.ask("/ml errors")
    person, form = trip.slack.as_user("ana"), trip.view("Which model")
    values = {"reload:model:picked": "lending", "reload:window:preset": OWN_WORDS}
    person.submit(form, values)
    again = trip.view("in your own words")
    assert trip.core.asks == []
    person.submit(again, {"enter:window:words": "today"})
    trip.message("Alarm")


def test_only_me_in_the_form(trip: Trip) -> None:
    """Who sees the answer is chosen in the form."""
    trip.ask("/ml errors")
    form = trip.view("Who sees the answer")
    values = {"reload:model:picked": "lending", "enter:audience:picked": "me"}
    trip.slack.as_user("ana").submit(form, values)
    trip.message("Only you can see this", trip.direct())


def test_change(trip: Trip) -> None:
    """“Change…” opens the form of what was asked, and asks anew."""
    person, message = trip.slack.as_user("ana"), _answer(trip)
    person.click(message, "do:change:1")
    form = trip.view("Which model")
    person.submit(form, {"enter:by:picked": None, "reload:window:preset": "yesterday"})
    trip.until(lambda: len(trip.slack.messages("#lending")) > 1)
    trip.until(lambda: len(trip.core.asks) > 1)
    assert str(trip.core.asks[1][0]) == "errors lending yesterday"


def test_explain(trip: Trip) -> None:
    """“How was this computed?” opens at once and is filled in."""
    trip.slack.as_user("ben").click(_answer(trip), "do:explain:2")
    view = trip.view("select 1", who="ben")
    assert view["title"]["text"] == "How was this computed?"


@pytest.mark.parametrize("private", [False, True])
def test_spreadsheet_file(trip: Trip, private: bool) -> None:
    """The spreadsheet comes as a file in the answer's thread; a private one to its asker alone."""
    trip.core.link = replace(trip.core.link, private=private)
    message = _answer(trip)
    trip.slack.as_user("ana").click(message, "do:export:0")
    channel = trip.direct() if private else "#lending"
    posted = trip.message("e.xlsx", channel)
    assert posted["text"] == "All rows."
    assert posted.get("thread_ts") == (None if private else message["ts"])
    assert (trip.core.link.content,) == tuple(
        each.content for each in trip.slack.files.values() if each.name == "e.xlsx"
    )[-1:]


def test_spreadsheet_at_an_address(trip: Trip) -> None:
    """A spreadsheet elsewhere comes as a link; somebody who waits is told that it is written."""
    trip.core.link = Link("All rows.", "Open the spreadsheet", "https://sheets.example/1")
    message = _answer(trip)
    trip.core.let_answer.clear()
    trip.slack.as_user("ana").click(message, "do:export:0")
    trip.whisper("Writing the spreadsheet")
    trip.core.let_answer.set()
    posted = trip.message("https://sheets.example/1")
    assert posted["thread_ts"] == message["ts"]
    trip.slack.as_user("ana").click(posted, "link")


def test_schedule(trip: Trip) -> None:
    """“Every morning…” says the next runs back before anything is set up."""
    person, message = trip.slack.as_user("ana"), _answer(trip)
    person.click(message, "do:schedule:3")
    form = trip.view("At what time")
    assert person.submit(form, {"enter:days:several": []})
    assert trip.core.digests == []
    person.submit(form, {"enter:days:several": ["Monday"], "enter:time:clock": "08:15"})
    confirm = trip.view("Next: tomorrow.")
    assert "At 08:15 Europe/Berlin" in str(confirm)
    assert trip.core.digests == []
    person.submit(confirm)
    trip.whisper("It will be posted in #lending")
    (run, raw, owner, place, called) = trip.core.digests[0]
    assert (run, raw["days"], owner.name, called) == ("run1", ("Monday",), "ana", "#lending")
    assert (place.channel, place.private) == ("C0LENDING1", False)
    assert person.views == []


def test_schedule_where_the_bot_is_no_member(trip: Trip) -> None:
    """A digest is refused when it is set up where the bot can't post."""
    trip.ask(ASK, "#random-no-bot")
    message = trip.message("Alarm", "#random-no-bot")
    trip.slack.as_user("ana").click(message, "do:schedule:3")
    trip.view("I am not a member of #random-no-bot")
    trip.slack.refusals[:] = [
        each for each in trip.slack.refusals if each.error != "not_in_channel"
    ]
