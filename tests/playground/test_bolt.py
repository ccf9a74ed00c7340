"""A real Bolt app over Socket Mode: commands, presses, suggestions, pictures and events arrive."""

from __future__ import annotations

import pytest

from bot.playground import PlaygroundServer
from tests.playground.echo import Echo, asked, opened


def test_the_whole_way_is_never_refused(slack: PlaygroundServer, echo: Echo) -> None:
    """Command, message with picture, button, modal, suggestion, update, submission."""
    view = opened(slack)
    ana = slack.as_user("ana")
    assert [each["value"] for each in ana.suggest(view, "region", "em")] == ["emea"]
    ana.click(view, "region", "emea")
    slack.wait(lambda: len(ana.view["blocks"]) == 3)
    assert ana.submit(ana.view, {"name": "employment"}) == {}
    assert ana.views == []
    values = echo.got[-1]["view"]["state"]["values"]
    assert values["name"]["name"]["value"] == "employment"
    assert values["region"]["region"]["selected_option"]["value"] == "emea"
    assert slack.refusals == []
    assert all(each.ack is not None and not each.late for each in slack.deliveries)


def test_a_command_arrives_as_slack_sends_it(slack: PlaygroundServer, echo: Echo) -> None:
    """A slash command carries who, where, what, and where to answer."""
    asked(slack, "a <b> & c")
    (body,) = echo.got
    assert body["text"] == "a <b> & c"
    assert body["channel_name"] == "ml-alerts"
    assert body["user_id"] == "U0ANA00001"
    assert body["response_url"].startswith(slack.url)


def test_a_press_arrives_as_slack_sends_it(slack: PlaygroundServer, echo: Echo) -> None:
    """A button's press carries the message, the state around it and a response_url."""
    opened(slack)
    body = echo.got[-1]
    assert body["container"]["channel_id"] == body["channel"]["id"] == "C0MLALERTS"
    assert body["message"]["ts"] == body["container"]["message_ts"]
    assert body["actions"][0]["type"] == "button"
    assert body["state"] == {"values": {}}


def test_events_arrive(slack: PlaygroundServer, echo: Echo) -> None:
    """Messages, mentions, an opened Home and an invitation come as events."""
    ana = slack.as_user("ana")
    ana.write("@plainlogs", "hello")
    ana.write("#lending", "hey <@U0BOT00009>, <b>?")
    ana.open_home()
    ana.write("#random-no-bot", "not heard")
    ana.write("#random-no-bot", "/invite @plainlogs")
    slack.wait(lambda: len(echo.got) == 5)
    events = [each["event"] for each in echo.got]
    assert [(each["type"], each.get("channel_type")) for each in events] == [
        ("message", "im"),
        ("message", "channel"),
        ("app_mention", None),
        ("app_home_opened", None),
        ("member_joined_channel", None),
    ]
    assert events[1]["text"] == "hey <@U0BOT00009>, &lt;b&gt;?"
    assert slack.refusals == []


def test_a_thread_takes_no_commands(slack: PlaygroundServer, echo: Echo) -> None:
    """Slack has no slash commands in threads."""
    ana = slack.as_user("ana")
    ana.write("#ml-alerts", "/echo x", thread=asked(slack)["ts"])
    assert "not supported in threads" in ana.whispers()[0]["text"]
    assert len(echo.got) == 1


MANIFEST = {
    "features": {"slash_commands": [{"command": "/echo", "description": "Repeat"}]},
    "settings": {"socket_mode_enabled": True, "interactivity": {"is_enabled": True}},
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write", "files:write", "files:read"]}},
}


@pytest.mark.parametrize("manifest", [MANIFEST])
def test_only_what_the_manifest_declares_arrives(slack: PlaygroundServer, echo: Echo) -> None:
    """Undeclared commands are not valid, undeclared events are not sent."""
    ana = slack.as_user("ana")
    ana.slash("#ml-alerts", "/other x")
    ana.write("@plainlogs", "hello")
    assert "not a valid command" in ana.whispers()[0]["text"]
    assert slack.deliveries == []
    asked(slack)
    assert slack.refusals == []


def test_what_is_not_there_cannot_be_pressed(slack: PlaygroundServer, echo: Echo) -> None:
    """A test that presses what nobody sees fails, naming what there is."""
    with pytest.raises(LookupError, match="open"):
        slack.as_user("ana").click(asked(slack), "close")


def test_ids_follow_from_the_order_of_calls(slack: PlaygroundServer, echo: Echo) -> None:
    """The same acts give the same ids and stamps, run after run."""
    view = opened(slack)
    assert view["id"] == "V000000001"
    assert list(slack.files) == ["F000000001"]
    assert slack.messages("#ml-alerts")[0]["ts"] == "1795444200.000001"
