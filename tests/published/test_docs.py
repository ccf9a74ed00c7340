"""docs/published-numbers.md leaves nothing published out, and no data are without a notice."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from tests import published_data
from tests.published_data import PUBLISHED, SHIPPED

DOCS = Path(__file__).parents[2] / "docs" / "published-numbers.md"
SETS = sorted(each.name for each in PUBLISHED.iterdir())


def test_every_published_table_is_named() -> None:
    """Each table of each data set is said to match, or why it doesn't."""
    told = DOCS.read_text(encoding="utf-8")
    tables = [path.stem for path in PUBLISHED.glob("*/published_tables/*.csv")]
    assert len(tables) >= 20
    assert [name for name in tables if f"`{name}`" not in told] == []


def test_every_data_set_is_named() -> None:
    """Each folder with published numbers is in the list, also where no question covers it yet."""
    told = DOCS.read_text(encoding="utf-8")
    assert len(SETS) >= 10
    assert [name for name in SETS if f"`{name}`" not in told] == []


@pytest.mark.parametrize("name", SETS)
def test_every_data_set_has_a_notice(name: str) -> None:
    """Its own page says where it comes from and under which licence; MIT's text lies beside it."""
    notice = (PUBLISHED / name / "README.md").read_text(encoding="utf-8")
    listed = (PUBLISHED.parent / "README.md").read_text(encoding="utf-8")
    assert "**Origin:**" in notice
    assert any(each in notice for each in ("MIT", "Apache License", "CC BY 4.0"))
    assert ("MIT" in notice) == (PUBLISHED / name / "LICENSE").is_file()
    assert f"| `{name}`" in listed


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_not_installed_is_skipped_with_what_brings_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the package that ships a large data set, the reason is the command to type."""

    def missing(package: str) -> None:
        raise PackageNotFoundError(package)

    monkeypatch.setattr(published_data, "distribution", missing)
    with pytest.raises(pytest.skip.Exception, match=f"{name} is not installed: make published"):
        published_data.locate(name, tmp_path)
