"""The layout that everything else relies on: where a thing lives, and what may lean on what.

Each is worked out from the imports and the definitions, and what fails says the file and where it
belongs. ``ARCHITECTURE.md`` tells why.
"""

from __future__ import annotations

import ast
from functools import cache

import pytest

from queries.core.question import names
from tests.imports import ROOT, called, graph, longest, nodes, reached

QUERIES = graph("queries")
PACKAGES = ("bot", "commands", "queries")
SHARED = ("queries.measures.", "queries.wording.")
MOST_MODULES = 25
LONGEST_CHAIN = 8
MOST_POSITIONS = 5
ROOMS = {
    "answer_words": "answer.py",
    "headline": "answer.py",
    "findings": "findings.py",
    "tables": "tables.py",
    "chart": "charts.py",
    "next_steps": "steps.py",
    "Told": "told.py",
}
"""What each file of a question's folder holds, wherever the question has such a thing."""
OF_SEVERAL = {"queries.wording.glossary": "it tells the words of all questions, and help asks it"}
"""Shared modules that no question imports, each with the reason why."""

TABLES_OF_VALUES = {"bot/slack/rendering/limits.py": "a table of five, its columns named above it"}
"""Where values stand in a table, so that names would hide its columns; each with the reason."""


def own(name: str) -> frozenset[str]:
    """The modules of a question: its file, or all of its folder."""
    return frozenset(
        each for each in QUERIES if each == f"queries.{name}" or each.startswith(f"queries.{name}.")
    )


@cache
def leans_on(name: str) -> frozenset[str]:
    """The modules that a question reaches, directly or through others."""
    return frozenset().union(*(reached(each, QUERIES) for each in own(name)))


@pytest.mark.parametrize("name", names())
def test_one_question_never_imports_another(name: str) -> None:
    """A question shares what it shares through measures and wording, never through another one."""
    others = {each for other in names() if other != name for each in own(other)}
    crossed = {each: sorted(QUERIES[each] & others) for each in own(name) if QUERIES[each] & others}
    assert not crossed, f"move what they share to queries/measures/ or queries/wording/: {crossed}"


@pytest.mark.parametrize("name", names())
def test_a_question_knows_no_source(name: str) -> None:
    """A question sees logs as the core gives them: never an engine, a file or a database."""
    assert not {each for mine in own(name) for each in QUERIES[mine] if "queries.sources" in each}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_folder_is_a_heap(package: str) -> None:
    """No folder holds more modules than a reader can take in; the questions are folders."""
    folders = [ROOT / package, *(path for path in (ROOT / package).rglob("*") if path.is_dir())]
    heaps = {
        str(folder.relative_to(ROOT)): count
        for folder in folders
        if (count := len({*folder.glob("*.py")} - {folder / "__init__.py"})) > MOST_MODULES
    }
    assert not heaps, f"give what belongs together a room of its own: {heaps}"


@pytest.mark.parametrize("module", [each for each in sorted(QUERIES) if each.startswith(SHARED)])
def test_nothing_shared_serves_one_question_alone(module: str) -> None:
    """A piece lives with its question until a second one needs it."""
    path = module.replace(".", "/")
    if (ROOT / path).is_dir() or module in OF_SEVERAL:
        return
    users = [name for name in names() if module in leans_on(name)]
    assert users, f"nothing asks for {path}.py: remove it"
    assert len(users) > 1, f"{path}.py serves one alone: it belongs in queries/{users[0]}/"


@pytest.mark.parametrize("module", [each for each in QUERIES if "queries.statistics." in each])
def test_statistics_know_no_log(module: str) -> None:
    """Arrays in, estimates out: of the core only values and numbers, and no SQL at all."""
    path = module.replace(".", "/") + ".py"
    allowed = ("queries.statistics", "queries.core.number", "queries.core.value")
    strange = sorted(each for each in QUERIES[module] if not each.startswith(allowed))
    assert not strange, f"{path} imports {strange}: it belongs in queries/measures/"
    assert "sqlalchemy" not in (ROOT / path).read_text(encoding="utf-8"), path


@pytest.mark.parametrize("name", names())
def test_no_chain_of_imports_is_long(name: str) -> None:
    """What a question leans on can be read to its ground: at most eight modules one on another.

    The core is the ground on which all stand, and its own chains are as short. Counted through
    the core too, a chain of modules of which each really calls the next is no longer.
    """
    below = {each for mine in own(name) for each in QUERIES[mine]} - own(name)
    above_ground = {each for each in below if not each.startswith("queries.core")}
    chain = longest(above_ground, QUERIES, without=("queries.core",))
    assert len(chain) <= LONGEST_CHAIN, " > ".join(chain)
    runs = called("queries")
    run_below = {each for mine in own(name) for each in runs[mine]} - own(name)
    chain = longest(run_below, runs, without=())
    assert len(chain) <= LONGEST_CHAIN, " > ".join(chain)


def test_the_core_is_no_tower() -> None:
    """Within the core, what a log is made of stands in no more than eight storeys."""
    core = {each for each in called("queries") if each.startswith("queries.core")}
    chain = longest(core, called("queries"), without=())
    assert len(chain) <= LONGEST_CHAIN, " > ".join(chain)


def test_no_two_modules_import_each_other() -> None:
    """Imports go round in no circle, however long."""
    circles = [
        each for each in QUERIES if any(each in reached(to, QUERIES) for to in QUERIES[each])
    ]
    assert not circles


@pytest.mark.parametrize("name", names())
def test_every_question_has_the_same_rooms(name: str) -> None:
    """The same thing stands under the same name in every question's folder."""
    folder = ROOT / "queries" / name
    wrong = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": ROOMS[node.name]
        for path in folder.glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and node.name in ROOMS
        and path.name != ROOMS[node.name]
    }
    assert not wrong, f"each belongs in the file named beside it: {wrong}"


def test_large_values_are_built_by_name() -> None:
    """A value of many fields names them where it is made, so that no two are swapped unseen."""
    every = [*nodes(*PACKAGES)]
    classes = {node.name for _, node in every if isinstance(node, ast.ClassDef)}
    wrong = [
        f"{path}:{node.lineno} {node.func.id}"
        for path, node in every
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in classes
        and len(node.args) > MOST_POSITIONS
        and path not in TABLES_OF_VALUES
    ]
    assert not wrong, wrong
