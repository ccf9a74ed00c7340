"""The manifest is what Slack takes, and grants what the bot uses and no more."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

import bot.slack
from bot.playground.webapi import METHODS
from bot.slack.manifest import SCOPES, manifest, manifest_yaml
from bot.slack.rendering.text import Json

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "tests" / "data" / "schemas" / "slack-manifest.schema.2.0.0.json"
SHORTCUTS = ("errors", "find")


@pytest.mark.parametrize("shortcuts", [(), SHORTCUTS])
def test_schema(shortcuts: tuple[str, ...]) -> None:
    """Slack's published schema takes the manifest, with every shortcut and with some."""
    jsonschema.validate(manifest(shortcuts), _schema())


def test_the_shipped_file() -> None:
    """Slack's published schema takes ``manifest.yml`` itself, which people are told to paste."""
    shipped = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    jsonschema.validate(shipped, _schema())
    assert shipped == manifest()


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
    source = "\n".join(path.read_text() for path in folder.rglob("*.py"))
    called = {name for name in METHODS if f".{name.replace('.', '_', 1)}(" in source}
    called |= {"files.getUploadURLExternal", "files.completeUploadExternal"}
    assert {"chat.postMessage", "views.open", "conversations.history"} <= called
    needed = {scope for name in called for scope in METHODS[name].scopes}
    by_kind = {"channels:read", "groups:read", "channels:history", "groups:history", "im:history"}
    profile = {"commands", "users:read", "users:read.email", "im:write"}
    assert needed | by_kind | profile == set(SCOPES)


def test_yaml_says_the_same() -> None:
    """The YAML text holds the manifest and nothing else."""
    assert yaml.safe_load(manifest_yaml(SHORTCUTS)) == manifest(SHORTCUTS)


def _schema() -> Json:
    schema: Json = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return schema
