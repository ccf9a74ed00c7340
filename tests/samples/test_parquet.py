"""A file comes into place whole, and what is unfinished is not taken for a log."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from bot.samples.parquet import put_parquet, unfinished
from queries.core.source import Place
from queries.sources.files.listing import listed


@pytest.mark.parametrize("pattern", ["*.parquet", "**/*.parquet", "**/*", "*", "."])
def test_what_a_killed_writer_left_is_not_listed(pattern: str, tmp_path: Path) -> None:
    """However the log is declared, an unfinished file beside the whole one is not read."""
    path = tmp_path / "2026-11-23T14.parquet"
    with duckdb.connect() as engine:
        put_parquet(engine.sql("SELECT 1 AS a"), path)
    unfinished(path).write_bytes(b"PAR1 half a file")
    assert [Path(file.path) for file in listed(Place(files=(str(tmp_path / pattern),)))] == [path]


def test_a_new_version_replaces_the_old_one(tmp_path: Path) -> None:
    """After a write there is one file, with the new rows in their order."""
    path = tmp_path / "deep" / "2026-11-23T14.parquet"
    with duckdb.connect() as engine:
        put_parquet(engine.sql("SELECT 1 AS a"), path)
        put_parquet(engine.sql("SELECT range AS a FROM range(3, 0, -1)"), path)
        assert engine.read_parquet(str(path)).fetchall() == [(3,), (2,), (1,)]
    assert list(path.parent.iterdir()) == [path]


def test_the_old_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    """While rows are still being computed, the old rows are what is read."""
    path = tmp_path / "2026-11-23T14.parquet"
    seen: list[object] = []

    def look(a: int) -> int:
        if not seen:
            seen.append(duckdb.read_parquet(str(path)).fetchall())
        return a

    with duckdb.connect() as engine:
        put_parquet(engine.sql("SELECT 1 AS a"), path)
        engine.create_function("look", look, ["BIGINT"], "BIGINT", side_effects=True)
        put_parquet(engine.sql("SELECT look(range) AS a FROM range(2, 4)"), path)
        assert engine.read_parquet(str(path)).fetchall() == [(2,), (3,)]
    assert seen == [[(1,)]]
