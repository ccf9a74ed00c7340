"""Run the program on a declaration, as a person does in a terminal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main


class Terminal:
    """What the program prints for one declaration, and what it gives back."""

    def __init__(
        self, base: Path, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch
    ) -> None:
        self._base, self._capsys = base, capsys
        self._file = base / "plainlogs.toml"
        # As wide as no sentence is long, so that none is broken.
        patch.setenv("COLUMNS", "2000")

    def declare(self, *, state: str = "", **sources: Mapping[str, Any]) -> None:
        """Write the declaration; ``state`` is the address of what plainlogs remembers."""
        where = f"state = {_toml({'url': state})}\n" if state else ""
        self._file.write_text(f"{where}sources = {_toml(sources)}\n", encoding="utf-8")

    def check(self) -> tuple[int, list[str]]:
        """Run ``plainlogs check``. Gives its code and the lines about logs and of its end."""
        code = main(["check", "--offline", "--config", str(self._file)])
        out, err = self._capsys.readouterr()
        return code, [line for line in out.splitlines() if "log of" in line] + err.splitlines()

    def ask(self, text: str, at: str = "2026-11-23T12:00") -> tuple[int, str]:
        """Run ``plainlogs ask``. Gives its code and what it prints, on both streams."""
        asked = [text, "--at", at, "--zone", "UTC", "--config", str(self._file)]
        code = main(["ask", *asked])
        out, err = self._capsys.readouterr()
        return code, out + err


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        inside = ", ".join(f"{json.dumps(key)} = {_toml(each)}" for key, each in value.items())
        return "{" + inside + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
