"""The layout that everything else relies on."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import queries
from queries.core.question import names

FOLDER = Path(queries.__path__[0])


@pytest.mark.parametrize("name", names())
def test_one_question_never_imports_another(name: str) -> None:
    """A question shares what it shares through measures and wording, never through another one."""
    tree = ast.parse((FOLDER / f"{name}.py").read_text())
    nodes = list(ast.walk(tree))
    imported = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    imported |= {each.name for node in nodes if isinstance(node, ast.Import) for each in node.names}
    others = {f"queries.{other}" for other in names() if other != name}
    assert not imported & others
