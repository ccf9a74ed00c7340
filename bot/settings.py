"""Every setting, read once from ``plainlogs.toml`` and the environment, and checked whole."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from queries.core.errors import PlainError, Problem
from queries.core.nearest import nearest
from queries.core.question import names
from queries.sources.declaration.declare import BadDeclaration, Source, declare
from queries.sources.declaration.tables import Table
from queries.sources.opening import EngineSettings

FILE = "plainlogs.toml"
SECTIONS = ("sources", "engine", "state", "slack", "spreadsheets")


class BadSettings(PlainError):
    """Settings that cannot be used: every mistake with file, key and the nearest valid name."""

    def __init__(self, file: Path, problems: tuple[Problem, ...]) -> None:
        self.file, self.problems = file, problems
        lines = [f"  {each.parameter or 'file'}: {each.message}" for each in problems]
        super().__init__("\n".join([f"{file} can't be used as it is:", *lines]))


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """How Slack is reached. Tokens come from the environment and are never logged."""

    command: str = "/ml"
    shortcuts: tuple[str, ...] = ()
    bot_token: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    api_url: str = "https://slack.com/api/"


@dataclass(frozen=True, slots=True)
class SheetSettings:
    """Where Google Sheets are created; without credentials an Excel file is made instead."""

    folder: str = ""
    credentials: str = ""


@dataclass(frozen=True)
class Settings:
    """All settings. ``base`` is the folder that relative paths start from.

    The state's address may hold a password, so it is never shown.
    """

    file: Path
    base: Path
    sources: tuple[Source, ...]
    engine: EngineSettings
    state_url: str = field(repr=False)
    slack: SlackSettings
    sheets: SheetSettings


def load(file: Path, environment: Mapping[str, str]) -> Settings:
    """Read and check everything. Raises BadSettings with every mistake at once."""
    raw = _toml(file)
    problems: list[Problem] = []
    for key in raw:
        if key not in SECTIONS:
            near = nearest(key, SECTIONS)
            hint = f"; nearest: {', '.join(near)}" if near else ""
            problems.append(Problem(key, f"is not known here{hint}", near))
    base = file.absolute().parent
    settings = Settings(
        file=file,
        base=base,
        sources=_sources(raw, base, problems),
        engine=_engine(Table("engine", raw.get("engine", {}), problems), base),
        state_url=_state(Table("state", raw.get("state", {}), problems), base, environment),
        slack=_slack(Table("slack", raw.get("slack", {}), problems), environment),
        sheets=_sheets(
            Table("spreadsheets", raw.get("spreadsheets", {}), problems), base, environment
        ),
    )
    if problems:
        raise BadSettings(file, tuple(problems))
    return settings


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        others = [path.name for path in file.absolute().parent.glob("*.toml")]
        close = difflib.get_close_matches(file.name, others, n=1)
        hint = f" Did you mean {close[0]}?" if close else ""
        message = f"is not there.{hint} `plainlogs sample DIR` writes one with sample logs."
        raise BadSettings(file, (Problem(None, message),)) from None
    except OSError as bad:
        raise BadSettings(file, (Problem(None, f"can't be read: {bad.strerror}"),)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as bad:
        raise BadSettings(file, (Problem(None, f"is no valid TOML: {bad}"),)) from None


def _sources(raw: Mapping[str, Any], base: Path, problems: list[Problem]) -> tuple[Source, ...]:
    table = raw.get("sources", {})
    if not isinstance(table, Mapping) or not table:
        problems.append(Problem("sources", "declares no log; add a [sources.NAME] table"))
        return ()
    try:
        return declare(table, base)
    except BadDeclaration as bad:
        problems.extend(bad.problems)
        return ()


def _engine(table: Table, base: Path) -> EngineSettings:
    usual = EngineSettings()
    engine = EngineSettings(
        threads=_whole(table, "threads", usual.threads),
        memory_limit=_size(table, "memory_limit", usual.memory_limit),
        temp_directory=_from(base, table.text("temp_directory", usual.temp_directory)),
        deadline_seconds=_whole(table, "deadline_seconds", round(usual.deadline_seconds)),
        concurrent=_whole(table, "concurrent", usual.concurrent),
    )
    table.close()
    return engine


def _from(base: Path, path: str) -> str:
    """Take a relative path from the folder of plainlogs.toml; nothing stays nothing."""
    return str(base / path) if path else ""


def _size(table: Table, key: str, default: str) -> str:
    value = table.text(key, default)
    if not re.fullmatch(r"\d+(\.\d+)? ?[KMGT]i?B", value):
        table.problem(key, f'{value!r} is no amount of memory; write it like "2GB"')
        return default
    return value


def _whole(table: Table, key: str, default: int) -> int:
    value = table.number(key, default)
    if value < 1 or not value.is_integer():
        table.problem(key, f"must be a whole number of at least 1, not {value:g}")
        return default
    return int(value)


def _state(table: Table, base: Path, environment: Mapping[str, str]) -> str:
    given = environment.get("PLAINLOGS_STATE_URL", "")
    text = given or table.text("url", "sqlite:///plainlogs.db")
    # Where the environment has it the file's own is not read, and would be told as unknown.
    table.taken.add("url")
    table.close()
    try:
        url = make_url(text)
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError):
        # The address itself is not repeated: it may hold a password.
        table.problem("url", "is no database address; write it like sqlite:///plainlogs.db")
        return text
    is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    # A path from the environment starts where the program was started, as in any shell.
    if is_file and not given:
        url = url.set(database=str(base / str(url.database)))
    return url.render_as_string(hide_password=False)


def _slack(table: Table, environment: Mapping[str, str]) -> SlackSettings:
    usual = SlackSettings()
    shortcuts = table.names("shortcuts")
    for name in shortcuts:
        if name not in names():
            table.problem("shortcuts", f"there is no question {name!r}", nearest(name, names()))
    slack = SlackSettings(
        command=table.text("command", usual.command),
        shortcuts=shortcuts,
        bot_token=environment.get("SLACK_BOT_TOKEN", ""),
        app_token=environment.get("SLACK_APP_TOKEN", ""),
        api_url=environment.get("SLACK_API_URL", usual.api_url),
    )
    table.close()
    return slack


def _sheets(table: Table, base: Path, environment: Mapping[str, str]) -> SheetSettings:
    folder = environment.get("PLAINLOGS_SHEETS_FOLDER") or table.text("folder")
    given = environment.get("GOOGLE_APPLICATION_CREDENTIALS", "")
    credentials = given or _from(base, table.text("credentials"))
    table.taken |= {"folder", "credentials"}
    table.close()
    return SheetSettings(folder, credentials)
