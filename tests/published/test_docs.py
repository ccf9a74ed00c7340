"""docs/published-numbers.md leaves no published table out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[2] / "docs" / "published-numbers.md"


def test_every_published_table_is_named(
    shared_data: Callable[[str], Path], sources: Mapping[str, Mapping[str, Any]]
) -> None:
    """Each table of each data set that is declared is said to match, or why it doesn't."""
    told = DOCS.read_text(encoding="utf-8")
    folders = {str(source["files"]).split("/")[0] for source in sources.values()}
    tables = [
        path.stem
        for folder in folders
        for path in (shared_data(folder) / "published_tables").glob("*.csv")
    ]
    assert len(tables) >= 20
    assert [name for name in tables if f"`{name}`" not in told] == []


def test_every_data_set_is_named(shared_data: Callable[[str], Path]) -> None:
    """Each folder with published numbers is in the list, also where no question covers it yet."""
    told = DOCS.read_text(encoding="utf-8")
    folders = [each.parent.name for each in shared_data(".").glob("*/checks.json")]
    assert len(folders) >= 10
    assert [name for name in folders if f"`{name}`" not in told] == []
