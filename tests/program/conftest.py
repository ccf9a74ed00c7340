"""A terminal for tests of the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.program.checked import Terminal


@pytest.fixture
def terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    """A terminal in an empty folder."""
    return Terminal(tmp_path, capsys, monkeypatch)
