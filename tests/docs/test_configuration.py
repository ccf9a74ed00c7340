"""Every key and variable that is read is described, and every example works."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.settings import BadSettings, Settings, load
from queries.core.errors import Problem
from tests.docs.accepted import NAME, NAMED, ROLE, accepted_keys, environment_variables
from tests.docs.markdown import ROOT, blocks, rows

PAGE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Described:
    """One row of the page: a key with its section, or a variable, and what is said of it."""

    section: str
    key: str
    cells: tuple[str, ...]

    @property
    def name(self) -> str:
        """The key as a problem would name it."""
        return f"{self.section}.{self.key}"


def _described() -> list[Described]:
    parts = re.split(r"^## (.+)$", PAGE, flags=re.MULTILINE)
    return [
        Described(title.strip("`[]"), cells[0].strip("`"), cells)
        for title, text in zip(parts[1::2], parts[2::2], strict=True)
        for cells in rows(text)
        # The page's other tables show what of a log is read.
        if cells[0].startswith("`")
    ]


EXPERIMENTED = {
    "request_id": "id",
    "outcome": "happened",
    "value": "euros",
    "metrics": ["orders", "sessions"],
}
"""Columns that the examples of experiments name."""

ROWS = _described()
KEYS = [each for each in ROWS if each.section != "Environment"]
WITH_DEFAULTS = [each for each in KEYS if re.fullmatch(r"`[^`]+`", each.cells[3])]


def test_every_key_is_described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page describes the keys that the reader looks for, each once, and no others."""
    described = [each.name for each in KEYS]
    described += [  # a section whose keys are the log's own columns
        title
        for title in re.findall(r"^## `\[(.+)\]`$", PAGE, re.MULTILINE)
        if not any(each.section == title for each in KEYS)
    ]
    assert sorted(described) == sorted(accepted_keys(tmp_path, monkeypatch))


def test_every_variable_is_described() -> None:
    """The page describes the environment variables that the code reads, and no others."""
    described = [each.key for each in ROWS if each.section == "Environment"]
    read = environment_variables(*(ROOT / ring for ring in ("bot", "commands", "queries")))
    assert sorted(described) == sorted(read)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_description_is_complete(row: Described) -> None:
    """Each row says what the key means, what may stand there, its default, and an example."""
    assert len(row.cells) == 5
    assert all(row.cells)
    assert re.match(rf"`{row.key} ?=", row.cells[4])


@pytest.mark.parametrize("row", KEYS, ids=lambda row: row.name)
def test_every_example_of_a_key_is_accepted(row: Described, tmp_path: Path) -> None:
    """No example of a key is refused, wherever its section stands."""
    refused = {each.parameter for each in _problems(_with(row, row.cells[4]), tmp_path)}
    assert not [name for name in refused if (name or "").startswith(_named(row.name))]


@pytest.mark.parametrize("row", WITH_DEFAULTS, ids=lambda row: row.name)
def test_every_default_is_what_is_taken(row: Described, tmp_path: Path) -> None:
    """Writing a default down changes nothing."""
    written = _with(row, f"`{row.key} = {row.cells[3].strip('`')}`")
    assert _loaded(written, tmp_path) == _loaded(_around(row), tmp_path)


@pytest.mark.parametrize("example", blocks(PAGE, "toml"))
def test_every_block_is_a_configuration(example: str, tmp_path: Path) -> None:
    """Each block can be loaded; what it leaves to others is the least that works."""
    raw = tomllib.loads(example)
    for source in raw.get("sources", {}).values():
        if not source.get("undated"):
            source.setdefault("roles", {"time": "at"})
    assert _loaded(_least() | raw, tmp_path).sources


def _least() -> dict[str, Any]:
    return {"sources": {"churn": {"files": "logs/*.csv", "roles": {"time": "at"}}}}


def _around(row: Described) -> dict[str, Any]:
    """The least that works with a key's section; a role's says at least which column it is."""
    raw = _least()
    if row.section.endswith(".ROLE"):
        raw["sources"]["churn"]["roles"]["latency_ms"] = {"column": "took"}
    return raw


def _with(row: Described, example: str) -> dict[str, Any]:
    """The least that works, and one key in its section."""
    raw = _around(row)
    if "experiments" in row.section:
        raw["sources"]["churn"]["roles"] |= EXPERIMENTED
    if row.key == "transformed":
        raw["sources"]["churn"]["roles"]["features"] = ["logins"]
    table: dict[str, Any] = raw
    for part in _named(row.section).split("."):
        table = table.setdefault(part, {})
    table.update(tomllib.loads(example.strip("`")))
    return raw


def _named(key: str) -> str:
    for name in (NAME, *NAMED.values()):
        key = key.replace(name, "churn")
    return key.replace(f".{ROLE}", ".latency_ms")


def _loaded(raw: Mapping[str, Any], folder: Path) -> Settings:
    file = folder / "plainlogs.toml"
    file.write_text("\n".join(_written(raw)), encoding="utf-8")
    return load(file, {})


def _problems(raw: Mapping[str, Any], folder: Path) -> tuple[Problem, ...]:
    try:
        _loaded(raw, folder)
    except BadSettings as bad:
        return bad.problems
    return ()


def _written(raw: Mapping[str, Any], path: str = "") -> list[str]:
    """Write nested tables as TOML."""
    lines = [f"[{path}]"] if path else []
    lines += [f"{key} = {_value(each)}" for key, each in raw.items() if not isinstance(each, dict)]
    for key, each in raw.items():
        if isinstance(each, dict):
            lines += _written(each, f"{path}.{key}".lstrip("."))
    return lines


def _value(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    # JSON's escapes are TOML's.
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
