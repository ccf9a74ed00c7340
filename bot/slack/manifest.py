"""The Slack app's manifest, derived from the questions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bot.slack.rendering.text import Json, cut, one_line
from queries.core.question import Question, names, ordered, question

COMMANDS = 50
DESCRIPTION = 140
"""Slack's limits on slash commands, and on the words of one."""

# Without chat:write.public: where nobody invited it, the bot answers at the response_url alone.
SCOPES = (
    "commands",
    "chat:write",
    "files:write",
    "files:read",
    "im:write",
    "users:read",
    "users:read.email",
    "channels:read",
    "groups:read",
    "channels:history",
    "groups:history",
    "im:history",
)
"""What the bot calls needs: to be asked, to answer, to show pictures and files once they are
ready, to write to people, to know their zone and e-mail, to know whether it is a member of a
channel, and to find its own message again after a send whose reply was lost."""


_SETTINGS: Json = {
    "interactivity": {"is_enabled": True},
    "org_deploy_enabled": False,
    "socket_mode_enabled": True,
    "token_rotation_enabled": False,
}


def manifest(shortcuts: Sequence[str] = (), command: str = "/ml") -> Json:
    """Give the manifest. ``shortcuts`` are questions with a command of their own; none means all.

    Raises KeyError for a question that does not exist.
    """
    wanted = {question(name) for name in shortcuts or names()}
    asked = [each for each in ordered() if each in wanted][: COMMANDS - 1]
    return {
        "_metadata": {"major_version": 2, "minor_version": 0},
        "display_information": {
            "name": "plainlogs",
            "description": "Ask production machine-learning logs in plain words.",
            "background_color": "#1d3557",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "plainlogs", "always_online": True},
            "slash_commands": [_menu(command), *(_shortcut(each, command) for each in asked)],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": _SETTINGS,
    }


def manifest_yaml(shortcuts: Sequence[str] = (), command: str = "/ml") -> str:
    """Write the manifest as YAML, as Slack's page for new apps takes it."""
    return "\n".join(_yaml(manifest(shortcuts, command), 0)) + "\n"


def _menu(command: str) -> Json:
    return {
        "command": command,
        "description": "Ask the logs of your models in plain words.",
        "usage_hint": "nothing for a menu, help, digests, or a question",
        "should_escape": False,
    }


def _shortcut(asked: type[Question], command: str) -> Json:
    words = asked.examples[0].format(model="MODEL").partition(" ")[2]
    title = asked.title if asked.title.endswith("?") else f"{asked.title}."
    hint = {"usage_hint": cut(one_line(words), DESCRIPTION)} if words else {}
    return {
        "command": f"{command}-{asked.name}",
        "description": cut(one_line(f"{title} {asked.about}"), DESCRIPTION),
        **hint,  # Slack refuses an empty one
        # Names come as typed, not as <@U…> or <#C…>, which no question could be read from.
        "should_escape": False,
    }


# By hand, as nothing else of the program needs a YAML library.
def _yaml(value: Any, depth: int) -> list[str]:
    """Block style for mappings and lists; every text in quotes, as JSON writes it."""
    pad = "  " * depth
    lines: list[str] = []
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, dict | list):
                lines += [f"{pad}{key}:", *_yaml(inner, depth + 1)]
            else:
                lines.append(f"{pad}{key}: {json.dumps(inner, ensure_ascii=False)}")
        return lines
    for inner in value:
        if isinstance(inner, dict):
            first, *rest = _yaml(inner, depth + 1)
            lines += [f"{pad}- {first.lstrip()}", *rest]
        else:
            lines.append(f"{pad}- {json.dumps(inner, ensure_ascii=False)}")
    return lines
