"""The Web API as the SDK's client meets it: who may do what, and what comes back."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground import Fault, PlaygroundServer
from tests.playground.conftest import APP, BOT, SteppedClock

ALERTS, RANDOM, ANA, BEN = "C0MLALERTS", "C0RANDOM01", "U0ANA00001", "U0BEN00002"
ANAS_APP = "D0ANA00001"
SCOPES = ["chat:write", "users:read", "channels:read", "im:write", "files:write"]


def scoped(*scopes: str) -> dict[str, Any]:
    """Build a manifest that grants these scopes and Socket Mode."""
    return {
        "oauth_config": {"scopes": {"bot": list(scopes)}},
        "settings": {"socket_mode_enabled": True},
    }


def error_of(call: Any, *args: Any, **kwargs: Any) -> str:
    """Give the name under which a call is refused."""
    with pytest.raises(SlackApiError) as refused:
        call(*args, **kwargs)
    error: str = refused.value.response["error"]
    return error


def test_the_token_is_checked(slack: PlaygroundServer) -> None:
    """No token, a wrong one and one of the wrong kind are told apart."""
    api = slack.api_url
    assert error_of(WebClient(base_url=api).auth_test) == "not_authed"
    assert error_of(WebClient(token=BOT * 2, base_url=api).auth_test) == "invalid_auth"
    assert error_of(WebClient(token=APP, base_url=api).auth_test) == "not_allowed_token_type"
    opened = WebClient(token=BOT, base_url=api).apps_connections_open
    assert error_of(opened, app_token=BOT) == "not_allowed_token_type"
    assert WebClient(token=BOT, base_url=api).auth_test()["bot_id"] == "B0BOT00009"


def test_an_unknown_method_is_refused(web: WebClient, slack: PlaygroundServer) -> None:
    """What this playground does not speak is unknown_method, and written down."""
    assert error_of(web.api_call, "dnd.setSnooze") == "unknown_method"
    assert [(each.what, each.error) for each in slack.refusals] == [
        ("dnd.setSnooze", "unknown_method")
    ]


def test_a_post_is_seen_with_its_ids(web: WebClient, slack: PlaygroundServer) -> None:
    """A message gets a ts by the clock, and blocks get ids."""
    answer = web.chat_postMessage(channel=ALERTS, text="hello", blocks=[{"type": "divider"}])
    assert answer["ts"].startswith("1795444200.")
    (message,) = slack.messages("#ml-alerts")
    assert message["blocks"] == [{"type": "divider", "block_id": "b000000001"}]
    assert slack.refusals == []


REFUSED = {
    "nobody's channel": ({"channel": "C0NOTTHERE", "text": "x"}, "channel_not_found"),
    "a name is no id": ({"channel": "ml-alerts", "text": "x"}, "channel_not_found"),
    "somebody else's messages": (
        {"channel": "D0ANA000010BEN00002", "text": "x"},
        "channel_not_found",
    ),
    "nothing to say": ({"channel": ALERTS, "text": " "}, "no_text"),
    "wrong blocks": (
        {"channel": ALERTS, "text": "x", "blocks": [{"type": "chart"}]},
        "invalid_blocks",
    ),
    "no JSON": ({"channel": ALERTS, "text": "x", "blocks": "[{"}, "invalid_blocks_format"),
    "attachments": (
        {"channel": ALERTS, "text": "x", "attachments": [{"text": "x"}]},
        "invalid_arguments",
    ),
    "no such thread": (
        {"channel": ALERTS, "text": "x", "thread_ts": "1"},
        "cannot_reply_to_message",
    ),
    "metadata without payload": (
        {"channel": ALERTS, "text": "x", "metadata": {"event_type": "a"}},
        "invalid_metadata_format",
    ),
    "a picture that is not there": (
        {
            "channel": ALERTS,
            "text": "x",
            "blocks": [{"type": "image", "alt_text": "x", "slack_file": {"id": "F9"}}],
        },
        "invalid_blocks",
    ),
}


@pytest.mark.parametrize(("args", "error"), REFUSED.values(), ids=REFUSED.keys())
def test_a_post_is_refused_under_slacks_name(
    web: WebClient, slack: PlaygroundServer, args: dict[str, Any], error: str
) -> None:
    """What Slack would not post is not posted."""
    assert error_of(web.api_call, "chat.postMessage", json=args) == error
    assert slack.messages("#ml-alerts") == []
    assert [each.error for each in slack.refusals] == [error]


@pytest.mark.parametrize("manifest", [scoped(*SCOPES)])
def test_a_scope_is_needed(web: WebClient) -> None:
    """A method without its scope is refused, naming it; so is a channel the app is not in."""
    assert error_of(web.files_info, file="F1") == "missing_scope"
    assert error_of(web.conversations_history, channel=ALERTS) == "missing_scope"
    assert error_of(web.chat_postMessage, channel=RANDOM, text="x") == "not_in_channel"
    assert "email" not in web.users_info(user=ANA)["user"]["profile"]
    with pytest.raises(SlackApiError) as refused:
        web.users_lookupByEmail(email="ana@example.com")
    assert refused.value.response["needed"] == "users:read.email"


def test_public_channels_take_posts_from_outside(web: WebClient) -> None:
    """chat:write.public lets the app post where it is not a member, but not whisper there."""
    assert web.chat_postMessage(channel=RANDOM, text="x")["ok"]
    whisper = web.chat_postEphemeral
    assert error_of(whisper, channel=RANDOM, user=ANA, text="x") == "not_in_channel"


def test_a_person_s_id_means_their_messages_with_the_app(
    web: WebClient, slack: PlaygroundServer
) -> None:
    """Posting to a user id opens the direct messages, which conversations.open names too."""
    assert web.chat_postMessage(channel=ANA, text="x")["channel"] == ANAS_APP
    assert web.conversations_open(users=[ANA])["channel"]["id"] == ANAS_APP
    assert len(slack.messages(ANAS_APP)) == 1


def test_an_update_keeps_blocks_until_they_are_emptied(
    web: WebClient, slack: PlaygroundServer
) -> None:
    """chat.update without blocks keeps them, with an empty list removes them; not others' words."""
    slack.as_user("ana").write("#ml-alerts", "mine")
    ts = web.chat_postMessage(channel=ALERTS, text="a", blocks=[{"type": "divider"}])["ts"]
    assert "blocks" in web.chat_update(channel=ALERTS, ts=ts, text="b")["message"]
    assert "blocks" not in web.chat_update(channel=ALERTS, ts=ts, text="c", blocks=[])["message"]
    person, message = slack.messages("#ml-alerts")
    assert (message["text"], message["edited"]["user"]) == ("c", "U0BOT00009")
    refused = error_of(web.chat_update, channel=ALERTS, ts=person["ts"], text="x")
    assert refused == "cant_update_message"
    assert error_of(web.chat_update, channel=ALERTS, ts="1.0", text="x") == "message_not_found"
    assert error_of(web.chat_delete, channel=ALERTS, ts=person["ts"]) == "cant_delete_message"
    web.chat_delete(channel=ALERTS, ts=ts)
    assert slack.messages("#ml-alerts") == [person]


def test_a_thread_counts_its_replies(web: WebClient, slack: PlaygroundServer) -> None:
    """Replies hang on their parent, are left out of the history, and have none themselves."""
    parent = web.chat_postMessage(channel=ALERTS, text="parent")["ts"]
    reply = web.chat_postMessage(channel=ALERTS, text="reply", thread_ts=parent)["ts"]
    assert [each["text"] for each in web.conversations_history(channel=ALERTS)["messages"]] == [
        "parent"
    ]
    thread = web.conversations_replies(channel=ALERTS, ts=parent)["messages"]
    assert [each["text"] for each in thread] == ["parent", "reply"]
    assert thread[0]["reply_count"] == 1
    post = web.chat_postMessage
    assert error_of(post, channel=ALERTS, text="x", thread_ts=reply) == "cannot_reply_to_message"


def test_a_lost_reply_can_be_looked_for(web: WebClient, slack: PlaygroundServer) -> None:
    """A post whose answer was lost is there, and its metadata says whose it is."""
    slack.fail_next("chat.postMessage", Fault(reply_lost=True))
    mark = {"event_type": "delivery", "event_payload": {"key": "7f3a"}}
    with pytest.raises(SlackApiError):
        web.chat_postMessage(channel=ALERTS, text="digest", metadata=mark)
    plain = web.conversations_history(channel=ALERTS)["messages"]
    assert "metadata" not in plain[0]
    full = web.conversations_history(channel=ALERTS, include_all_metadata=True)["messages"]
    assert full[0]["metadata"] == mark
    assert slack.refusals == []


def test_history_is_paged_and_bounded(web: WebClient) -> None:
    """oldest, latest, limit and cursor give the messages between, newest first."""
    stamps = [web.chat_postMessage(channel=ALERTS, text=str(each))["ts"] for each in range(4)]
    page = web.conversations_history(channel=ALERTS, limit=3)
    assert [each["text"] for each in page["messages"]] == ["3", "2", "1"]
    rest = web.conversations_history(
        channel=ALERTS, limit=3, cursor=page["response_metadata"]["next_cursor"]
    )
    assert [each["text"] for each in rest["messages"]] == ["0"]
    later = web.conversations_history(channel=ALERTS, oldest=stamps[2], inclusive=True)
    assert [each["text"] for each in later["messages"]] == ["3", "2"]


def test_only_one_person_sees_a_whisper(web: WebClient, slack: PlaygroundServer) -> None:
    """An ephemeral message is no message: one person sees it, and it cannot be updated."""
    ts = web.chat_postEphemeral(channel=ALERTS, user=ANA, text="psst")["message_ts"]
    assert [each["text"] for each in slack.as_user("ana").sees("#ml-alerts")] == ["psst"]
    assert slack.as_user("ben").sees("#ml-alerts") == slack.messages("#ml-alerts") == []
    assert error_of(web.chat_update, channel=ALERTS, ts=ts, text="x") == "message_not_found"


def test_two_people_live_in_two_zones(web: WebClient, clock: SteppedClock) -> None:
    """users.info tells zone, offset by the clock's date, locale where asked, and e-mail."""
    ana = web.users_info(user=ANA, include_locale=True)["user"]
    assert (ana["tz"], ana["tz_offset"], ana["locale"]) == ("Europe/Berlin", 3600, "en-GB")
    assert ana["profile"]["email"] == "ana@example.com"
    clock.step(days=200)
    assert web.users_info(user=BEN)["user"]["tz_offset"] == -4 * 3600
    assert error_of(web.users_info, user="U1") == "user_not_found"
    assert [each["id"] for each in web.users_list()["members"]] == [ANA, BEN, "U0BOT00009"]


def test_conversations_are_described(web: WebClient) -> None:
    """Members and kinds are told; other people's messages with each other are not."""
    assert web.conversations_info(channel=RANDOM)["channel"]["is_member"] is False
    assert "U0BOT00009" in web.conversations_members(channel=ALERTS)["members"]
    listed = web.conversations_list(types="public_channel,im")["channels"]
    assert [each.get("name") for each in listed][:2] == ["ml-alerts", "lending"]
    assert error_of(web.conversations_info, channel="D0ANA000010BEN00002") == "channel_not_found"


def test_rates_hold_where_they_are_switched_on(
    web: WebClient, slack: PlaygroundServer, clock: SteppedClock
) -> None:
    """A second post to a channel within a second is 429 with Retry-After; later it is taken."""
    slack.limit_rates()
    web.chat_postMessage(channel=ALERTS, text="1")
    with pytest.raises(SlackApiError) as refused:
        web.chat_postMessage(channel=ALERTS, text="2")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "1"
    web.chat_postMessage(channel="C0GENERAL1", text="elsewhere")
    clock.step(seconds=1)
    web.chat_postMessage(channel=ALERTS, text="2")


def test_a_fault_is_met_once_and_is_no_refusal(web: WebClient, slack: PlaygroundServer) -> None:
    """A test's own faults come in order, do nothing, and are not held against the app."""
    slack.fail_next("chat.postMessage", Fault(error="fatal_error"), Fault(retry_after=30))
    assert error_of(web.chat_postMessage, channel=ALERTS, text="x") == "fatal_error"
    with pytest.raises(SlackApiError) as limited:
        web.chat_postMessage(channel=ALERTS, text="x")
    assert limited.value.response.headers["Retry-After"] == "30"
    assert slack.messages("#ml-alerts") == []
    assert web.chat_postMessage(channel=ALERTS, text="x")["ok"]
    assert slack.refusals == []


def test_a_block_that_cannot_be_checked_is_written_down(
    web: WebClient, slack: PlaygroundServer
) -> None:
    """Blocks that Slack has and the playground has not are taken, and reported."""
    web.chat_postMessage(channel=ALERTS, text="x", blocks=[{"type": "video"}])
    assert [each.error for each in slack.refusals] == ["not_rendered_by_the_playground"]
