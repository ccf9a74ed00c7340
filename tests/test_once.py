"""What is written once for a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.once import written_once


def test_only_the_first_writes(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Who asks again, in this process or another, gets what was written, and nothing is redone."""
    written: list[Path] = []

    def write(folder: Path) -> None:
        written.append(folder)
        (folder / "file").write_text("whole")

    # A run keeps its folders, and so does another worker of it.
    name = f"once {id(written)}"
    first = written_once(tmp_path_factory, name, write)
    assert written_once(tmp_path_factory, name, write) == first
    assert written == [first]
    assert (first / "file").read_text() == "whole"
