"""What ``ARCHITECTURE.md`` promises is kept: its checks exist, and what it calls absent is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from queries.core.question import names
from tests.docs.checks import exists
from tests.docs.markdown import ROOT, rows
from tests.imports import nodes

MAP = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
INVARIANTS = [*rows(MAP.partition("## What must hold")[2])]
PACKAGES = ("bot", "commands", "queries")

WRITES_SQL = ("queries/sources/", "commands/state/", "bot/samples/")
"""Engines and their logs; the state's own settings of SQLite; what writes the sample logs."""
SHOWS_ROWS = {
    "queries/find/question.py",
    "queries/trace/request.py",
    "queries/trace/comparable.py",
    "queries/measures/failures/examples.py",
}
"""Where people asked to see requests, or are shown a few of them."""
TAKES_CHANCE = {"bot/wiring.py", "bot/slack/asking/flow.py"}
"""Ids that nobody may guess, and uneven waits."""
REACHES_OUT = {
    *("aiohttp", "asyncio", "logging", "os", "requests", "slack_bolt", "slack_sdk", "socket"),
    *("sqlalchemy", "structlog", "subprocess", "tempfile", "time", "urllib"),
}


def calls(*packages: str) -> Iterator[tuple[str, str, ast.Call]]:
    """Give every call with the last word of what is called, as written."""
    for path, node in nodes(*packages):
        if isinstance(node, ast.Call):
            # Its last word: taken from the node, as writing every call out takes long.
            last = getattr(node.func, "attr", getattr(node.func, "id", ""))
            yield path, last, node


def imports(*packages: str) -> Iterator[tuple[str, str]]:
    """Give every module that is imported, by the path of who imports it."""
    for path, node in nodes(*packages):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield path, node.module
        elif isinstance(node, ast.Import):
            yield from ((path, each.name) for each in node.names)


@pytest.mark.parametrize("row", INVARIANTS, ids=lambda row: row[0][:40])
def test_each_invariant_names_what_keeps_it(row: tuple[str, ...]) -> None:
    """A reason, and checks that exist: tests, import contracts, rules of the linter, or review."""
    _, why, kept = row
    assert why.endswith(".")
    checks = re.findall(r"`([^`]+)`", kept)
    assert checks or kept == "kept by review"
    assert [each for each in checks if not exists(each)] == []


def test_a_check_that_is_not_there_is_noticed() -> None:
    """Neither a test that is gone nor an unknown contract or rule passes for a check."""
    assert exists(f"tests/docs/{Path(__file__).name}::test_a_check_that_is_not_there_is_noticed")
    for gone in ("tests/test_layout.py::test_gone", "lint-imports: anything goes", "ruff: XYZ"):
        assert not exists(gone)


def test_no_sql_is_written_as_text() -> None:
    """Outside the engines no statement stands in a string; questions build expressions."""
    begins = re.compile(r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE|CREATE|COPY|ATTACH|DROP)\s\S")
    found = [
        f"{path}:{node.lineno}"
        for path, node in nodes(*PACKAGES)
        if isinstance(node, ast.Constant) and begins.match(str(node.value))
    ]
    found += [
        f"{path}:{call.lineno}" for path, name, call in calls(*PACKAGES) if _is_sql(name, call)
    ]
    assert [each for each in found if not each.startswith(WRITES_SQL)] == []


def _is_sql(name: str, call: ast.Call) -> bool:
    """Whether a call takes SQL as text: what is executed, SQLAlchemy's text, a literal column."""
    given = call.args[0] if call.args else None
    if name in ("execute", "exec_driver_sql"):
        return isinstance(given, ast.Constant | ast.JoinedStr)
    if name == "literal_column":
        return not re.fullmatch(r"'\d+'|str\(\w+\)", ast.unparse(given) if given else "")
    return ast.unparse(call.func) in ("sa.text", "sqlalchemy.text", "sa.TextClause")


def test_rows_are_fetched_only_where_they_are_shown() -> None:
    """Everything else is counted in the engine: nobody lists rows to count them in Python."""
    listing = {path for path, name, _ in calls("queries") if name in ("records", "stream")}
    inside = ("queries/core/", "queries/sources/")  # the doors themselves, and the engines' rows
    assert {path for path in listing if not path.startswith(inside)} == SHOWS_ROWS


def test_provenance_is_made_in_one_place() -> None:
    """The ask attaches it, so that no question can forget it or say something else."""
    assert {path for path, name, _ in calls(*PACKAGES) if name == "Provenance"} == {
        "commands/ask.py"
    }


def test_the_clock_is_read_where_a_program_starts() -> None:
    """Everything below is given its present moment, so that any answer can be had again."""
    now = re.compile(r"(datetime|date)\.(now|today|utcnow)|time\.time")
    reads = {path for path, _, call in calls(*PACKAGES) if now.fullmatch(ast.unparse(call.func))}
    assert [path for path in reads if not path.startswith("bot/program/")] == []


def test_chance_is_seeded_or_passed_in() -> None:
    """The same log gives the same answer: what is drawn for it begins with a written seed."""
    unseeded = {
        path for path, name, call in calls(*PACKAGES) if name == "default_rng" and not call.args
    }
    unseeded |= {path for path, name in imports(*PACKAGES) if name in ("random", "secrets", "uuid")}
    assert unseeded == TAKES_CHANCE
    drawn = {path for path, name, _ in calls("queries/statistics") if name == "default_rng"}
    assert not drawn, "statistics are given their chance"


def test_the_wiring_alone_opens_what_is_concrete() -> None:
    """Logs and state are opened in one place; everything else is given them."""
    opens = {"open_logs", "migrate", "write_file"}
    named = {
        (path, each.name)
        for path, node in nodes("bot", "commands")
        if isinstance(node, ast.ImportFrom)
        for each in node.names
        if each.name in opens and path != "bot/spreadsheets/__init__.py"
    }
    assert named == {("bot/wiring.py", each) for each in opens}


def test_a_platform_knows_no_engine() -> None:
    """Slack is given the commands, and knows neither logs nor state nor how pictures are made."""
    closed = ("queries.sources", "queries.measures", "commands.state", "bot.charts", "bot.wiring")
    assert [each for each in imports("bot/slack") if each[1].startswith(closed)] == []


def test_nobody_imports_a_question() -> None:
    """Questions are found by their place; what they need follows from what they declare."""
    crossed = [
        (path, module)
        for path, module in imports("bot", "commands")
        if module.startswith("queries.") and module.split(".")[1] in names()
    ]
    assert crossed == []


@pytest.mark.parametrize("folder", ["bot/slack/rendering", "bot/charts"])
def test_renderers_reach_nothing(folder: str) -> None:
    """A reply or a chart goes in and a payload or a picture comes out: no call, clock or file."""
    house = (folder.replace("/", "."), "queries.core", "commands.replies")
    for path, name in imports(folder):
        assert name.split(".")[0] not in REACHES_OUT, path
        assert name.startswith(house) or name.split(".")[0] not in PACKAGES, path


def test_every_listener_acknowledges_first() -> None:
    """Whatever Slack sends is acknowledged before anything else is waited for."""
    listeners = [
        node
        for _, node in nodes("bot/slack")
        if isinstance(node, ast.AsyncFunctionDef)
        and any(each.arg == "ack" for each in node.args.args)
    ]
    assert len(listeners) >= 5
    for each in listeners:
        waits = sorted(
            (node for node in ast.walk(each) if isinstance(node, ast.Await)),
            key=lambda node: node.lineno,
        )
        assert ast.unparse(waits[0].value).startswith("ack("), each.name
