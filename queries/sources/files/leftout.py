"""What of a log could not be read, told in sentences that name the files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from queries.core.catalog import ColumnKind
from queries.core.words import counted

_NAMED = 3

NOT: dict[ColumnKind, str] = {
    "number": "no number",
    "boolean": "neither yes nor no",
    "time": "no time",
    "text": "no text",
}
"""What is said of a value that is not of its column's kind."""


@dataclass
class LeftOut:
    """Collects what was left out; the same reason for many files becomes one sentence."""

    _found: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)

    def add(self, reason: str, file: str, count: int = 0, one: str = "row") -> None:
        """Keep one file's loss.

        ``reason`` may speak of ``{lost}``: how many of ``one`` were lost in all its files.
        """
        # Set and not added: each statement of an ask reads the same files and loses the same rows.
        self._found.setdefault((reason, one), {})[file] = count

    def sentences(self) -> list[str]:
        """Give one sentence for each reason, naming up to three files."""
        return [
            f"{_names(files)}: {reason.format(lost=counted(sum(files.values()), one))}."
            for (reason, one), files in self._found.items()
        ]


def _names(files: Iterable[str]) -> str:
    names = sorted(files)
    if len(names) <= _NAMED:
        return ", ".join(names)
    return f"{len(names)} files ({names[0]} … {names[-1]})"
