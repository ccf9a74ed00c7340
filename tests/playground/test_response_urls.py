"""Addresses to respond to: how often and how long they work, where, and what they change."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from slack_sdk import WebClient

from bot.playground import PlaygroundServer
from tests.playground.blocks import actions, button, field, modal, picture
from tests.playground.conftest import SteppedClock
from tests.playground.echo import Echo, opened


def respond(url: str, **body: Any) -> str:
    """Post to a response_url, and give ok or the name of the refusal."""
    data = json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})  # noqa: S310 (this machine)
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310 (this machine)
            return "ok" if json.load(answer)["ok"] else "?"
    except urllib.error.HTTPError as refused:
        error: str = json.load(refused)["error"]
        return error


def test_a_response_url_works_five_times_in_half_an_hour(
    slack: PlaygroundServer, echo: Echo, clock: SteppedClock
) -> None:
    """The sixth use is refused, and any use after 30 minutes."""
    opened(slack)
    from_command, from_press = (each["response_url"] for each in echo.got)
    kinds = [respond(from_command, text=str(each)) for each in range(6)]
    assert kinds == ["ok"] * 5 + ["used_url"]
    clock.step(minutes=31)
    assert respond(from_press, text="late") == "expired_url"


def test_a_response_url_answers_where_the_app_is_not_a_member(
    slack: PlaygroundServer, echo: Echo
) -> None:
    """In a channel without the app, the asker or everybody can be answered, in words only."""
    ana = slack.as_user("ana")
    ana.slash("#random-no-bot", "/echo x")
    slack.wait(lambda: echo.got)
    url = echo.got[0]["response_url"]
    slack.wait(lambda: slack.messages("#random-no-bot"))
    assert respond(url, text="to you") == "ok"
    assert respond(url, text="to all", response_type="in_channel") == "ok"
    assert respond(url, text="once more", replace_original=True) == "ok"
    assert [each["text"] for each in ana.whispers()] == ["to you", "once more"]
    assert slack.messages("#random-no-bot")[-1]["text"] == "to all"
    assert respond(url, text="x", blocks=[picture("F000000001")]) == "invalid_blocks"


def test_a_response_url_changes_what_was_pressed(slack: PlaygroundServer, echo: Echo) -> None:
    """A press's response_url replaces the message, adds to it, or deletes it."""
    opened(slack)
    url = echo.got[-1]["response_url"]
    assert respond(url, text="replaced", replace_original=True) == "ok"
    (message,) = slack.messages("#ml-alerts")
    assert message["text"] == "replaced"
    assert "blocks" not in message
    assert respond(url, text="added", replace_original=False) == "ok"
    assert [each["text"] for each in slack.as_user("ana").whispers()] == ["added"]
    assert respond(url, delete_original=True) == "ok"
    assert slack.messages("#ml-alerts") == []


def test_a_form_may_ask_where_to_answer(
    slack: PlaygroundServer, echo: Echo, web: WebClient
) -> None:
    """A chosen conversation brings a response_url of its own, even where the app is not."""
    opened(slack)
    ana = slack.as_user("ana")
    element = {"type": "conversations_select", "action_id": "to", "response_url_enabled": True}
    view = modal(field(element, block_id="where"), callback_id="form")
    web.views_update(view_id=ana.view["id"], view=view)
    ana.submit(ana.view, {"to": "C0RANDOM01"})
    (place,) = echo.got[-1]["response_urls"]
    assert (place["block_id"], place["channel_id"]) == ("where", "C0RANDOM01")
    assert respond(place["response_url"], text="here", response_type="in_channel") == "ok"
    assert slack.messages("#random-no-bot")[0]["text"] == "here"


def test_a_whisper_is_edited_by_its_response_url_alone(
    slack: PlaygroundServer, echo: Echo, web: WebClient
) -> None:
    """A press on an ephemeral message carries no message, but an address that replaces it."""
    web.chat_postEphemeral(
        channel="C0MLALERTS",
        user="U0ANA00001",
        text="psst",
        blocks=[actions(button(action_id="open", value="1"))],
    )
    ana = slack.as_user("ana")
    ana.click(ana.whispers()[0], "open")
    slack.wait(lambda: ana.views)
    assert "message" not in echo.got[-1]
    assert echo.got[-1]["container"]["is_ephemeral"] is True
    assert respond(echo.got[-1]["response_url"], text="louder", replace_original=True) == "ok"
    assert [each["text"] for each in ana.whispers()] == ["louder"]
