"""The house as its imports show it: which module uses which, worked out from the source."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
Graph = Mapping[str, frozenset[str]]
"""By module, such as ``queries.core.log``: the modules that it imports."""


def nodes(*packages: str) -> Iterator[tuple[str, ast.AST]]:
    """Give every node of the modules in some folders, with the module's path from the root."""
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            where = path.relative_to(ROOT).as_posix()
            yield from ((where, node) for node in _walked(path))


@cache
def _walked(path: Path) -> list[ast.AST]:
    """Every node of a module; kept, as several tests walk all of them."""
    return [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]


@cache
def graph(package: str) -> Graph:
    """Give the modules of a package, each with those of the package that it imports."""
    paths = {_name(path): path for path in (ROOT / package).rglob("*.py")}
    return {name: _imported(path, paths) for name, path in paths.items()}


@cache
def called(package: str) -> Graph:
    """Give the same without names that only stand in annotations: what runs leans on what runs."""
    paths = {_name(path): path for path in (ROOT / package).rglob("*.py")}
    return {name: _imported(path, paths, run=True) for name, path in paths.items()}


def reached(start: str, among: Graph) -> frozenset[str]:
    """Give all that a module imports, directly or through others."""
    seen: set[str] = set()
    todo = set(among[start])
    while todo:
        seen |= todo
        todo = {further for each in todo for further in among[each]} - seen
    return frozenset(seen)


def longest(starts: Collection[str], among: Graph, without: tuple[str, ...]) -> tuple[str, ...]:
    """Give the longest chain of imports that begins at one of these modules."""

    @cache
    def chain(name: str) -> tuple[str, ...]:
        further = [chain(each) for each in among[name] if not each.startswith(without)]
        return (name, *max(further, key=len, default=()))

    return max(map(chain, sorted(starts)), key=len, default=())


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(path: Path, among: Collection[str], *, run: bool = False) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    run_names = _run(tree) if run else None
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for each in node.names:
                whole = f"{node.module}.{each.name}"
                if run_names is None or (each.asname or each.name) in run_names:
                    found.add(whole if whole in among else node.module)
        elif isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
    return frozenset(found & set(among)) - {_name(path)}


def _run(tree: ast.Module) -> set[str]:
    """Names that are used outside of annotations."""
    annotations = {
        inner
        for node in ast.walk(tree)
        for part in (getattr(node, "annotation", None), getattr(node, "returns", None))
        if part is not None
        for inner in ast.walk(part)
    }
    return {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node not in annotations
    }
