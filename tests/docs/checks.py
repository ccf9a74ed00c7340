"""The checks that pages name as what keeps a promise, and whether there are such checks."""

from __future__ import annotations

import ast
import tomllib

from tests.docs.markdown import ROOT

_TOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
_CONTRACTS = {each["name"] for each in _TOOLS["importlinter"]["contracts"]}


def exists(check: str) -> bool:
    """Tell whether there is a check: ``tests/x.py::test_y``, ``lint-imports: …`` or ``ruff: …``."""
    tool, _, name = check.partition(": ")
    if tool == "lint-imports":
        return name in _CONTRACTS
    if tool == "ruff":
        lint = _TOOLS["ruff"]["lint"]
        return name.startswith(tuple(lint["select"])) and name not in lint["ignore"]
    path, _, test = check.partition("::")
    file = ROOT / path
    return file.is_file() and any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == test
        for node in ast.parse(file.read_text(encoding="utf-8")).body
    )
