"""Settings: read once, checked whole, and never telling what is secret."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.settings import BadSettings, Settings, load

SOURCE = """
[sources.lending]
files = "log/*.parquet"
[sources.lending.roles]
time = "ts"
error = "error"
"""
NOTHING: Mapping[str, str] = {}


def read(folder: Path, text: str, environment: Mapping[str, str] = NOTHING) -> Settings:
    """Load a configuration from a file with this text."""
    file = folder / "plainlogs.toml"
    file.write_text(text, encoding="utf-8")
    return load(file, environment)


def mistakes(folder: Path, text: str) -> dict[str | None, str]:
    """What is said about a configuration, by key."""
    with pytest.raises(BadSettings) as refused:
        read(folder, text)
    return {each.parameter: each.message for each in refused.value.problems}


def test_a_source_is_all_that_is_needed(tmp_path: Path) -> None:
    """Everything but a source has a default that works on one machine."""
    found = read(tmp_path, SOURCE)
    assert [source.name for source in found.sources] == ["lending"]
    assert found.state_url == f"sqlite:///{tmp_path / 'plainlogs.db'}"
    assert found.slack.command == "/ml"
    assert found.slack.api_url == "https://slack.com/api/"
    assert (found.sheets.folder, found.sheets.credentials) == ("", "")


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    """Each mistake in any section is listed with its key and the nearest valid name."""
    found = mistakes(
        tmp_path,
        """
        slak = 1
        [sources.lending]
        files = "log/*.parquet"
        tite = "Lending"
        [sources.lending.roles]
        time = "ts"
        eror = "error"
        [engine]
        threads = 0
        memory_limit = "lots"
        deadline_seconds = inf
        concurrent = 1.5
        [state]
        url = "nonsense://me:secret@example"
        [slack]
        shortcuts = ["errors", "fnd"]
        comand = "/x"
        [spreadsheets]
        foldr = "x"
        """,
    )
    assert {key: message.rpartition("nearest: ")[2] for key, message in found.items()} == {
        "slak": "slack",
        "sources.lending.tite": "title",
        "sources.lending.roles.eror": "error",
        "engine.threads": "must be a whole number of at least 1, not 0",
        "engine.memory_limit": "'lots' is no amount of memory; write it like \"2GB\"",
        "engine.deadline_seconds": "must be a whole number of at least 1, not inf",
        "engine.concurrent": "must be a whole number of at least 1, not 1.5",
        "state.url": "is no database address; write it like sqlite:///plainlogs.db",
        "slack.shortcuts": "find",
        "slack.comand": "command",
        "spreadsheets.foldr": "folder",
    }


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("", "sources", "declares no log; add a [sources.NAME] table"),
        ("sources = 3", "sources", "declares no log"),
        (SOURCE + "engine = 3", "sources.lending.roles.engine", "is not known here"),
        ("engine = 3" + SOURCE, "engine", "must be a table of its own"),
        (SOURCE + "[engine]\nthreads = true", "engine.threads", "must be a number"),
        (SOURCE + "[engine]\nthreads = nan", "engine.threads", "must be a whole number"),
        (SOURCE + "[slack]\nshortcuts = 'errrs'", "slack.shortcuts", "nearest: errors"),
        ("[[", None, "is no valid TOML"),
    ],
)
def test_a_mistake_is_told_by_its_key(
    tmp_path: Path, text: str, key: str | None, said: str
) -> None:
    """What is wrong is said of the key that is wrong."""
    found = mistakes(tmp_path, text)
    assert list(found) == [key]
    assert said in found[key]


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    """Where there is no such file, the nearest one is named, and what writes one."""
    (tmp_path / "plainlogs.toml").touch()
    with pytest.raises(BadSettings, match=r"Did you mean plainlogs\.toml\?.*plainlogs sample DIR"):
        load(tmp_path / "plainlog.toml", {})
    with pytest.raises(BadSettings, match="can't be read"):
        load(tmp_path, {})


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """A file of another kind is refused in words."""
    file = tmp_path / "plainlogs.toml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSettings, match="is no valid TOML"):
        load(file, {})


def test_secrets_come_from_the_environment_and_are_never_shown(tmp_path: Path) -> None:
    """Tokens and the state's password are used, and in no text that may reach a log."""
    found = read(
        tmp_path,
        SOURCE,
        {
            "SLACK_BOT_TOKEN": "xoxb-hush",
            "SLACK_APP_TOKEN": "xapp-hush",
            "SLACK_API_URL": "http://127.0.0.1:8000/api/",
            "PLAINLOGS_STATE_URL": "postgresql+psycopg://me:hush@db/state",
        },
    )
    assert (found.slack.bot_token, found.slack.app_token) == ("xoxb-hush", "xapp-hush")
    assert found.slack.api_url == "http://127.0.0.1:8000/api/"
    assert "hush" in found.state_url
    assert "hush" not in repr(found) + str(found)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """What is set in both is taken from the environment."""
    text = SOURCE + "[spreadsheets]\nfolder = 'a'\ncredentials = 'b'\n[state]\nurl = 'sqlite://'"
    found = read(tmp_path, text, {"PLAINLOGS_SHEETS_FOLDER": "c"})
    assert (found.sheets.folder, found.sheets.credentials) == ("c", str(tmp_path / "b"))
    assert found.state_url == "sqlite://"
    moved = read(tmp_path, text, {"PLAINLOGS_STATE_URL": "sqlite:///x.db"})
    assert moved.state_url == "sqlite:///x.db"


def test_relative_paths_start_beside_the_file(tmp_path: Path) -> None:
    """A relative path is one from the folder of plainlogs.toml, wherever the program runs."""
    text = SOURCE + "[state]\nurl = 'sqlite:///kept/state.db'\n[engine]\ntemp_directory = 'spill'"
    found = read(tmp_path, text, {})
    assert found.state_url == f"sqlite:///{tmp_path / 'kept' / 'state.db'}"
    assert found.engine.temp_directory == str(tmp_path / "spill")
