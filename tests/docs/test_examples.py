"""The documentation's examples work as they are written there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.__main__ import main
from bot.settings import load
from bot.slack.manifest import manifest
from commands.form import question_form
from commands.help import help_note
from commands.menu import menu
from commands.understand import Ask, understand
from docs.generate import INDEX, generated
from queries.core.question import question
from tests.asking import Asking
from tests.docs.conftest import CONNECT, CONTRIBUTING, NOW, write_churn
from tests.docs.markdown import ROOT, blocks, example

UTC = ZoneInfo("UTC")
Terminal = Callable[[str], Any]


@pytest.fixture
def terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Ask the declared log as a terminal does: the page's own words declare it."""
    write_churn(tmp_path)
    config = tmp_path / "plainlogs.toml"
    config.write_text(example(CONNECT, "declare"), encoding="utf-8")
    options = ["--config", str(config), "--at", NOW.isoformat(), "--zone", "UTC", "--json"]

    def ask(text: str) -> Any:
        assert main(["ask", text, *options]) == 0
        return json.loads(capsys.readouterr().out)

    return ask


def test_the_declared_log_is_asked_what_fails(terminal: Terminal) -> None:
    """“errors churn last 24 hours” over the declared log names the country that began to fail."""
    answer = terminal("errors churn last 24 hours")
    assert "churn" in answer["headline"]
    assert "as usual, since about 11:3" in answer["headline"]
    assert any("country fr" in finding["text"].lower() for finding in answer["findings"])
    shares = {row["country"]: row["rate"] for row in _table(answer, "country")}
    assert shares["FR"] == pytest.approx(34 / 241)
    assert shares["DE"] < 0.03
    assert answer["provenance"]["source"] == "Churn warnings"


def test_the_declared_log_shows_its_records(terminal: Terminal) -> None:
    """`find` lists the failed requests under their roles, and never what is only to split by."""
    answer = terminal("find churn last 24 hours where status >= 500 limit 100")
    (table,) = answer["tables"]
    assert {row["error"] for row in table["rows"]} == {"timeout"}
    listed = {column["name"] for column in table["columns"]}
    assert {"request_id", "time", "country", "logins", "outcome"} <= listed
    assert "plan" not in listed


def _table(answer: Any, column: str) -> Any:
    return next(
        table["rows"]
        for table in answer["tables"]
        if column in {each["name"] for each in table["columns"]}
    )


def test_the_other_settings_shown_are_settings(tmp_path: Path) -> None:
    """Every TOML block of the page can stand in one file with the declared log."""
    shown = blocks(CONNECT, "toml")
    assert len(shown) > 1
    file = tmp_path / "plainlogs.toml"
    file.write_text("\n".join(shown), encoding="utf-8")
    settings = load(file, {})
    assert settings.sheets.folder
    assert [source.name for source in settings.sources] == ["churn"]


def test_the_example_question_answers(pace: None, logs: Asking) -> None:
    """It counts what the log holds, whole and narrowed, and says so plainly of no requests."""
    counted = {
        row["region"]: row["requests"]
        for row in _rows(logs.tables("errors lending last 24 hours by region"))
    }
    whole = logs.answer("pace lending last 24 hours")
    assert whole.headline == f"lending: {sum(counted.values())} requests in the last 24 hours"
    assert re.fullmatch(r"That is 0\.\d+ a minute\.", whole.summary)
    part = logs.answer("pace lending last 24 hours region=EMEA")
    assert part.headline.startswith(f"lending: {counted['EMEA']} requests")
    assert "no requests" in logs.answer("pace lending 2020-01-01..2020-01-02").headline


def test_the_example_question_passes_what_every_question_must(tmp_path: Path) -> None:
    """With its file among the others, the tests of every question run for it too, and pass."""
    (tmp_path / "laid").mkdir()
    (tmp_path / "laid" / "pace.py").write_text(example(CONTRIBUTING, "question"), encoding="utf-8")
    lay = f"import queries\n\nqueries.__path__.append({str(tmp_path / 'laid')!r})\n"
    (tmp_path / "lay.py").write_text(lay, encoding="utf-8")
    contract = "tests/questions/test_contract.py"
    ran = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-m", "pytest", "-p", "lay", "-k", "pace", contract],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(tmp_path), "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    assert int(re.findall(r"(\d+) passed", ran.stdout)[0]) >= 10


def _rows(tables: Any) -> Any:
    return next(rows for rows in tables.values() if rows and "region" in rows[0])


def test_the_example_question_is_everywhere(pace: None, logs: Asking) -> None:
    """One file is enough for menu, help, form, grammar, manifest, docs page and list."""
    catalog = logs.services.catalog()
    text = "pace lending yesterday where region = EMEA"
    understood = understand(text, catalog, UTC)
    assert isinstance(understood, Ask)
    assert str(understood.question) == text
    asked = question("pace")
    assert asked.title in {button.label for button in menu(catalog).buttons}
    assert "pace lending last 24 hours" in help_note("pace", catalog).text
    fields = question_form("pace", {}, catalog, UTC).fields
    assert [each.name for each in fields] == ["model", "window", "where", "audience"]
    commands = manifest()["features"]["slash_commands"]
    assert "/ml-pace" in {each["command"] for each in commands}
    files = generated((ROOT / INDEX).read_text(encoding="utf-8"))
    assert asked.about in files[INDEX.with_name("pace.md")]
    assert asked.title in files[INDEX]
