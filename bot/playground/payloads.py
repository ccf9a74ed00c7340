"""What Slack sends an app when a person does something, built from plain facts."""

from __future__ import annotations

from bot.playground.records import Conversation
from bot.playground.state import Slack
from bot.playground.values import HOLDS
from bot.playground.workspace import Json, Person

VERIFICATION = "verification-token-unused-in-socket-mode"
CHANNEL_NAMES = {"im": "directmessage", "app": "directmessage", "private": "privategroup"}


def _shared(slack: Slack, person: Person) -> Json:
    team = slack.workspace
    return {
        "user": {
            "id": person.id,
            "username": person.handle,
            "name": person.handle,
            "team_id": team.team_id,
        },
        "api_app_id": team.bot.app_id,
        "token": VERIFICATION,
        "team": {"id": team.team_id, "domain": team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def channel_name(conversation: Conversation) -> str:
    """Name a conversation as payloads do: direct messages and private ones under one name."""
    return CHANNEL_NAMES.get(conversation.kind, conversation.name)


def slash(
    slack: Slack, person: Person, conversation: Conversation, command: str, text: str
) -> Json:
    """Build a slash command without its trigger_id and response_url."""
    team = slack.workspace
    return {
        "token": VERIFICATION,
        "team_id": team.team_id,
        "team_domain": team.domain,
        "channel_id": conversation.id,
        "channel_name": channel_name(conversation),
        "user_id": person.id,
        "user_name": person.handle,
        "command": command,
        "text": text,
        "api_app_id": team.bot.app_id,
        "is_enterprise_install": "false",
    }


def event(slack: Slack, body: Json) -> Json:
    """Wrap an event as the Events API does."""
    team = slack.workspace
    identity = slack.next_id("Ev")
    return {
        "token": VERIFICATION,
        "team_id": team.team_id,
        "api_app_id": team.bot.app_id,
        "event": body,
        "type": "event_callback",
        "event_id": identity,
        "event_time": int(slack.clock().timestamp()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team.team_id,
                "user_id": team.bot.user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"context-{identity}",
    }


def action(element: Json, block_id: str, value: Json, ts: str) -> Json:
    """Build one entry of ``actions``: the element's identity and what was chosen."""
    holds = element["type"] in HOLDS
    kept = ["placeholder", "confirm", *([] if holds else ["text", "value", "style", "url"])]
    return {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block_id,
        **{name: element[name] for name in kept if name in element},
        **{name: inner for name, inner in value.items() if name != "type"},
        "action_ts": ts,
    }


def on_message(slack: Slack, person: Person, conversation: Conversation, message: Json) -> Json:
    """Build what interactions with a message share; an ephemeral one is not sent along."""
    hidden = bool(message.get("is_ephemeral"))
    container = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": conversation.id,
        "is_ephemeral": hidden,
    }
    if "thread_ts" in message:
        container["thread_ts"] = message["thread_ts"]
    payload = {
        **_shared(slack, person),
        "container": container,
        "channel": {"id": conversation.id, "name": channel_name(conversation)},
    }
    return payload if hidden else {**payload, "message": message}


def on_view(slack: Slack, person: Person, view: Json) -> Json:
    """Build what interactions with a view share."""
    container = {"type": "view", "view_id": view["id"]}
    return {**_shared(slack, person), "container": container, "view": view}


def on_modal(slack: Slack, person: Person, view: Json, kind: str) -> Json:
    """Build a view_submission or view_closed."""
    return {**_shared(slack, person), "type": kind, "view": view}
