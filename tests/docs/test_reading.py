"""Every example of how a log is read, in the page about the configuration, is read so."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from queries.sources.declaration.declare import declare
from queries.sources.opening import EngineSettings, open_logs
from tests.docs.markdown import ROOT

PAGE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
_EXAMPLE = re.compile(
    r"^```toml\n((?:(?!```).)*)^```\n\n```jsonl\n(.*?)^```\n\nis read as\n\n(\|.*?)\n\n",
    re.M | re.S,
)
EXAMPLES = _EXAMPLE.findall(PAGE)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_there_are_examples() -> None:
    """What a value means, paths, patterns, SELECTs and roles' sections each have one."""
    assert len(EXAMPLES) == 5


@pytest.mark.parametrize(("declared", "lines", "table"), EXAMPLES)
def test_a_log_is_read_as_the_page_says(
    declared: str, lines: str, table: str, tmp_path: Path
) -> None:
    """The page's lines, read as its declaration says, give the values of its table."""
    head, _, *listed = [
        [cell.strip() for cell in line.strip().strip("|").split("|")] for line in table.splitlines()
    ]
    (tmp_path / "logs" / "churn").mkdir(parents=True)
    (tmp_path / "logs" / "churn" / "a.jsonl").write_text(lines, encoding="utf-8")
    opened = open_logs(
        declare(tomllib.loads(declared)["sources"], tmp_path), EngineSettings(), lambda: NOW
    )
    try:
        log = opened.logs().of("churn")
        rows = log.records(head, spans=None, order=[log.column("time")], limit=10)
    finally:
        opened.close()
    assert [[_told(row[name]) for name in head] for row in rows] == listed


def _told(value: Any) -> str:
    if isinstance(value, datetime):
        return re.sub(r"000\+00:00$|\+00:00$", "", value.isoformat(" "))
    return "" if value is None else str(value)
