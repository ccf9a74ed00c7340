"""The manifest is what Slack takes, and grants what the bot uses and no more."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

import bot.slack
from bot.playground.webapi import METHODS
from bot.slack.manifest import SCOPES, manifest, manifest_yaml
from bot.slack.text import Json

SHORTCUTS = ("errors", "find")


def test_schema(shared_data: Callable[[str], Path]) -> None:
    """Slack's published schema takes the manifest."""
    schema = shared_data("schemas") / "slack-manifest.schema.2.0.0.json"
    jsonschema.validate(manifest(SHORTCUTS), json.loads(schema.read_text()))


def test_commands_come_from_the_questions() -> None:
    """The menu is one command; each shortcut is described by its question."""
    first, *shortcuts = manifest(SHORTCUTS, "/logs")["features"]["slash_commands"]
    assert first["command"] == "/logs"
    assert [each["command"] for each in shortcuts] == ["/logs-errors", "/logs-find"]
    assert shortcuts[0]["description"].startswith("What fails? How many requests fail")
    assert shortcuts[0]["usage_hint"] == "MODEL last 24 hours"


def test_unknown_shortcut() -> None:
    """A shortcut to a question that does not exist is refused."""
    with pytest.raises(KeyError, match="nonsense"):
        manifest(("nonsense",))


def test_scopes_are_what_is_used() -> None:
    """Every scope is one that a method called in this package needs, and none is missing."""
    folder = Path(bot.slack.__file__).parent
    source = "\n".join(path.read_text() for path in folder.glob("*.py"))
    called = {name for name in METHODS if f".{name.replace('.', '_', 1)}(" in source}
    called |= {"files.getUploadURLExternal", "files.completeUploadExternal"}
    assert {"chat.postMessage", "views.open", "conversations.history"} <= called
    needed = {scope for name in called for scope in METHODS[name].scopes}
    by_kind = {"channels:read", "groups:read", "channels:history", "groups:history", "im:history"}
    profile = {"commands", "users:read", "users:read.email", "im:write"}
    assert needed | by_kind | profile == set(SCOPES)


def test_yaml_says_the_same() -> None:
    """The YAML text holds the manifest and nothing else."""
    assert _read(manifest_yaml(SHORTCUTS).splitlines()) == manifest(SHORTCUTS)


def _read(lines: list[str]) -> Json | list[object]:
    """Read block style: mappings and lists by indentation, scalars as JSON."""
    depth = len(lines[0]) - len(lines[0].lstrip())
    starts = [at for at, line in enumerate(lines) if re.match(rf" {{{depth}}}\S", line)]
    chunks = [lines[a:b] for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]
    if lines[0].lstrip().startswith("- "):
        return [_item(chunk, depth) for chunk in chunks]
    found: Json = {}
    for head, *rest in chunks:
        key, _, value = head.strip().partition(":")
        found[key] = _read(rest) if rest else json.loads(value)
    return found


def _item(chunk: list[str], depth: int) -> object:
    head = chunk[0].strip().removeprefix("- ")
    if re.match(r"\w+:", head):
        return _read([" " * (depth + 2) + head, *chunk[1:]])
    return json.loads(head)
