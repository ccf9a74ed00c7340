"""``plainlogs check``: each declared log with what is wrong with it, and none spoils another."""

from __future__ import annotations

from pathlib import Path

from tests.program.checked import Terminal


def test_an_undated_log_is_fine(terminal: Terminal, tmp_path: Path) -> None:
    """A log that is declared without times is told as such."""
    (tmp_path / "a.csv").write_text("id,status\nr1,200\nr2,500\n")
    terminal.declare(
        m={
            "files": "a.csv",
            "undated": True,
            "roles": {"request_id": "id", "status": "status"},
        }
    )
    _, lines = terminal.check()
    assert lines == ["ok       log of m: undated, 3 columns"]
