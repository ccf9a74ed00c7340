"""What the reader of plainlogs.toml accepts, found by letting it look for everything."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.settings import SECTIONS, BadSettings, load

NAME = "NAME"
"""Stands for a source's name, as it does in the documentation."""

NAMED = {"experiments": "EXPERIMENT", "metrics": "METRIC"}
"""Sections whose keys are names that people give, and what stands for these."""

ROLE = "ROLE"
"""Stands for a role that has a section of its own."""

_READERS = ("environ", "environment")


class Everything(Mapping[str, "Everything"]):
    """A table in which every key is there, as a table of the same kind; it notes what is taken."""

    def __init__(self, key: str, taken: set[str]) -> None:
        self._key, self._taken = key, taken

    def __contains__(self, key: object) -> bool:
        self._taken.add(f"{self._key}.{key}")
        return True

    def __getitem__(self, key: str) -> Everything:
        return Everything(f"{self._key}.{key}", self._taken)

    def __iter__(self) -> Iterator[str]:
        return iter([NAMED[name] for name in (self._key.rpartition(".")[2],) if name in NAMED])

    def __len__(self) -> int:
        return 1


def accepted_keys(folder: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Give every key that is looked for in a configuration, such as ``engine.threads``.

    A section is left out where its keys are given instead.
    """
    taken: set[str] = set()
    whole = {section: Everything(section, taken) for section in SECTIONS}
    raw = whole | {"sources": {NAME: Everything(f"sources.{NAME}", taken)}}
    monkeypatch.setattr(tomllib, "loads", lambda _text: raw)
    file = folder / "plainlogs.toml"
    file.touch()
    # A table stands where texts are wanted: all of it is wrong, after all was looked for.
    with pytest.raises(BadSettings):
        load(file, {})
    roles = f"sources.{NAME}.roles"
    # Each role may be a table of the same keys: they are described once, and the role as a column.
    for key in list(taken):
        match = re.fullmatch(rf"({re.escape(roles)}\.\w+)\.(column|unit|labels)", key)
        if match:
            taken.discard(key)
            taken.add(f"{roles}.{ROLE}.{match[2]}")
    return {key for key in taken if not any(other.startswith(f"{key}.") for other in taken)}


def environment_variables(*folders: Path) -> set[str]:
    """Give the names of all variables that the code in some folders reads."""
    files = [path for folder in folders for path in folder.rglob("*.py")]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    return {name for node in nodes for name in _read(node)}


def _read(node: ast.AST) -> Iterator[str]:
    """``environ.get("X")``, ``environ["X"]``, ``getenv("X")``, whatever environ is called."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "getenv" or (
            node.func.attr == "get" and _called(node.func.value) in _READERS
        ):
            yield from _texts(node.args[0])
    elif isinstance(node, ast.Subscript) and _called(node.value) in _READERS:
        yield from _texts(node.slice)


def _called(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _texts(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
