"""A log that can't be read is its own trouble: it is named, and every other one answers."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.asking import rows
from tests.conftest_postgres import postgres_url  # noqa: F401 - a fixture
from tests.program.checked import Terminal
from tests.sources.written import write

ROLES = {"time": "ts", "request_id": "id", "status": "status"}
COLUMNS = {"ts": "stamp", "id": "'r' || i", "status": "CASE WHEN u < 0.02 THEN 500 ELSE 200 END"}
NOBODY = "postgresql+psycopg://reader:secret@127.0.0.1:1/logs"


def good(folder: Path) -> dict[str, Any]:
    """Write five weeks of a log that can be read, and declare it."""
    write(folder / "good.parquet", rows(5 * 7 * 144, COLUMNS, every=600))
    return {"files": "good.parquet", "roles": ROLES}


def nothing(folder: Path) -> dict[str, Any]:
    """A log of which there is no file."""
    return {"files": str(folder / "none" / "*.parquet")}


def damaged(folder: Path) -> dict[str, Any]:
    """A log of which every file is damaged."""
    (folder / "bad").mkdir()
    for name in "ab":
        (folder / "bad" / f"{name}.parquet").write_bytes(b"PAR1 and no more")
    return {"files": "bad/*.parquet"}


def cut(folder: Path) -> dict[str, Any]:
    """A log whose compression ends too early."""
    lines = [json.dumps({"ts": f"2026-11-22 {i:05}", "id": f"r{i}"}) for i in range(9000)]
    (folder / "cut.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode())[:-3000])
    return {"files": "cut.jsonl.gz"}


def unreached(_folder: Path) -> dict[str, Any]:
    """A table behind a server that isn't there."""
    return {"url": NOBODY, "table": "requests"}


def driverless(_folder: Path) -> dict[str, Any]:
    """A table that needs a driver which isn't installed."""
    return {"url": "postgresql+pg8000://reader@127.0.0.1:1/logs", "table": "requests"}


BROKEN = [
    (nothing, "No file matches"),
    (damaged, "is no complete Parquet file"),
    (cut, "its compression ends too early"),
    (unreached, "does not answer as it should"),
    (driverless, "install the driver that it names"),
]


@pytest.mark.parametrize(("broken", "why"), BROKEN)
def test_one_that_cannot_be_read_spoils_no_other(
    terminal: Terminal, tmp_path: Path, broken: Callable[[Path], dict[str, Any]], why: str
) -> None:
    """It is a line of ``check`` and of ``health`` with the reason; others are checked and told."""
    bad = broken(tmp_path) | {"roles": ROLES}
    terminal.declare(bad=bad, good=good(tmp_path))
    code, lines = terminal.check()
    assert code == 1
    assert lines[0].startswith("missing  log of bad: ")
    assert why in lines[0]
    assert lines[1].startswith("ok       log of good: data through 2026-11-23")
    code, out = terminal.ask("health")
    assert code == 0
    assert "1 of 2 models needs a look: bad can't be read" in out
    assert why in out
    assert "As usual: good." in out
    code, out = terminal.ask("errors good yesterday")
    assert code == 0
    assert "good: failures are as usual" in out
    code, out = terminal.ask("errors bad yesterday")
    assert code == 1
    assert why in out
    assert "Traceback" not in out
    assert "secret" not in out


@pytest.mark.parametrize(
    ("changed", "table", "why"),
    [
        ({"password": "wrong", "username": "nobody"}, "requests", "does not answer as it should"),
        ({"database": "elsewhere"}, "requests", "does not answer as it should"),
        ({}, "requets", "There is no table requets in"),
    ],
)
def test_a_database_that_refuses(
    terminal: Terminal,
    tmp_path: Path,
    postgres_url: str,  # noqa: F811 - the fixture
    changed: dict[str, Any],
    table: str,
    why: str,
) -> None:
    """A wrong user, a database or a table that isn't there: named with what to correct."""
    url = sa.engine.make_url(postgres_url).set(**changed)
    where = url.render_as_string(hide_password=False)
    bad = {"url": where, "table": table, "roles": ROLES}
    terminal.declare(bad=bad, good=good(tmp_path))
    code, lines = terminal.check()
    assert code == 1
    assert why in lines[0]
    assert "plainlogs.toml" in lines[0]
    assert lines[1].startswith("ok       log of good")
    _, out = terminal.ask("health")
    assert why in out
    assert "As usual: good." in out


def test_a_folder_without_the_right(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that may not be read is named, and no other log suffers."""
    closed = str(tmp_path / "closed")
    scan, stat = os.scandir, os.stat

    def refusing(path: Any, *given: Any, **more: Any) -> Any:
        if str(path).startswith(closed):
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, *given, **more)

    def refused(path: Any = ".") -> Any:
        if str(path).startswith(closed):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    terminal.declare(bad={"files": "closed/*.csv", "roles": ROLES}, good=good(tmp_path))
    # Root may read everything, so that the refusal is put in its way.
    monkeypatch.setattr(os, "scandir", refused)
    monkeypatch.setattr(os, "stat", refusing)
    code, lines = terminal.check()
    assert code == 1
    assert "closed may not be read; give the program the right to read it" in lines[0]
    assert lines[1].startswith("ok       log of good")


def test_a_reason_that_nobody_thought_of(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even a defect in reading one log is a line of its own, and leaves the others alone."""

    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by zero")

    (tmp_path / "bad.csv").write_text("ts,id,status\n2026-11-22,r1,200\n")
    terminal.declare(bad={"files": "bad.csv", "roles": ROLES}, good=good(tmp_path))
    monkeypatch.setattr("queries.sources.files.textfiles.inspect_csv", fails)
    code, lines = terminal.check()
    assert code == 1
    assert "a reason that plainlogs doesn't know (ZeroDivisionError: by zero)" in lines[0]
    assert lines[1].startswith("ok       log of good")
    code, out = terminal.ask("health")
    assert code == 0
    assert "As usual: good." in out
    code, out = terminal.ask("errors bad yesterday")
    assert code == 1
    assert "Something went wrong on our side: ZeroDivisionError: by zero" in out


def test_a_state_that_cannot_be_reached(terminal: Terminal, tmp_path: Path) -> None:
    """A database for what plainlogs remembers that isn't there is a sentence without password."""
    terminal.declare(state=NOBODY, good=good(tmp_path))
    code, lines = terminal.check()
    assert code == 2
    assert lines[0].startswith(
        "The database for what plainlogs remembers, postgresql+psycopg://reader:***@127.0.0.1:1/"
    )
    assert "secret" not in " ".join(lines)
