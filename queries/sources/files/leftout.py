"""What of a log could not be read, told in sentences that name the files.

A row is a request as soon as its time can be read: any other value that can't be read is missing
from what needs it, and from nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from queries.core.catalog import ColumnKind
from queries.core.words import count, counted, echoed

Weight = Literal["lost", "doubtful", "few"]

_NAMED = 3

LOST, UNREAD, FEW = 0.001, 0.05, 3
"""From these shares of rows on, if they are more than a few, what was lost or can't be read makes
numbers doubtful: a torn line at a file's end does not, a twentieth of the latencies does."""

NOT: dict[ColumnKind, str] = {
    "number": "no number",
    "boolean": "neither yes nor no",
    "time": "no time",
    "text": "no text",
}
"""What is said of a value that is not of its column's kind."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Values of a column that can't be read as its kind: how many, out of how many rows.

    ``example`` is one of them, or nothing where none may be shown.
    """

    count: int = 0
    rows: int = 0
    example: str = ""

    def lost(self, column: str) -> str:
        """“left out 3 rows whose “time” is no time, such as “yesterday””"""
        like = f", such as {echoed(self.example)}" if self.example else ""
        return f"left out {counted(self.count, 'row')} whose “{column}” is {NOT['time']}{like}"

    def sentence(self, column: str, kind: ColumnKind) -> str:
        """“4,759 of 60,000 values of “latency” are no number, such as “timeout”.”"""
        like = f", such as {echoed(self.example)}" if self.example else ""
        many = f"{count(self.count)} of {counted(self.rows, 'value')} of “{column}”"
        if self.count == 1:
            return f"{many} is {NOT[kind]}{like}; it counts as missing"
        return f"{many} are {NOT[kind]}{like}; they count as missing"


@dataclass(frozen=True, slots=True)
class Loss:
    """What was lost of one file, out of so many rows; a count of 0 is not known."""

    count: int = 0
    rows: int = 0


_ALL = Loss()


@dataclass
class LeftOut:
    """Collects what was left out; the same reason for many files becomes one sentence."""

    _found: dict[tuple[str, str], dict[str, Loss]] = field(default_factory=dict)
    _unread: dict[tuple[str, ColumnKind], dict[str, Unread]] = field(default_factory=dict)
    _unplaced: dict[str, dict[str, Unread]] = field(default_factory=dict)
    _lacking: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, reason: str, file: str, loss: Loss = _ALL, one: str = "row") -> None:
        """Keep one file's loss.

        ``reason`` may speak of ``{lost}``: how many of ``one`` were lost in all its files.
        """
        # Set and not added: each statement of an ask reads the same files and loses the same rows.
        self._found.setdefault((reason, one), {})[file] = loss

    def lacking(self, column: str, file: str, rows: int) -> None:
        """Keep that a file has no such column, so that it is missing in all its rows."""
        self._lacking.setdefault(column, {})[file] = rows

    def unread(self, column: str, kind: ColumnKind, file: str, found: Unread) -> None:
        """Keep which values of a file's column can't be read."""
        self._unread.setdefault((column, kind), {})[file] = found

    def unplaced(self, column: str, file: str, found: Unread) -> None:
        """Keep how many rows of a file are lost as their time can't be read."""
        self._unplaced.setdefault(column, {})[file] = found

    def unplaced_of(self, column: str) -> Unread:
        """Tell how many rows of all files are lost as the time in a column can't be read."""
        return _together(self._unplaced.get(column, {}).values())

    def sentences(self) -> list[str]:
        """Give one sentence for each reason and column, naming up to three files."""
        return [sentence for sentence, _ in self._told()]

    def lost(self) -> list[str]:
        """Give those of rows that are lost as their time can't be read, if they are many."""
        return [sentence for sentence, weight in self._told() if weight == "lost"]

    def doubtful(self) -> list[str]:
        """Give those that make numbers doubtful: files and lines that are lost, many values."""
        return [sentence for sentence, weight in self._told() if weight == "doubtful"]

    def _told(self) -> Iterator[tuple[str, Weight]]:
        for (reason, one), losses in self._found.items():
            lost = sum(each.count for each in losses.values())
            rows = sum(each.rows for each in losses.values())
            sentence = reason.replace("{lost}", counted(lost, one))
            unknown = any(not each.count for each in losses.values())
            many = unknown or _is_many(lost, rows, LOST)
            yield f"{_names(losses)}: {sentence}.", "doubtful" if many else "few"
        for column, files in self._unplaced.items():
            found = _together(files.values())
            many = _is_many(found.count, found.rows, LOST)
            yield f"{_names(files)}: {found.lost(column)}.", "lost" if many else "few"
        for column, there in self._lacking.items():
            without = counted(sum(there.values()), "row")
            yield f"{_names(there)}: has no column “{column}”; it is missing in {without}.", "few"
        for (column, kind), files in self._unread.items():
            found = _together(files.values())
            many = _is_many(found.count, found.rows, UNREAD)
            sentence = found.sentence(column, kind)
            yield f"{_names(files)}: {sentence}.", "doubtful" if many else "few"


def _is_many(count: int, rows: int, share: float) -> bool:
    return count > FEW and count >= share * rows


def _together(found: Iterable[Unread]) -> Unread:
    each = list(found)
    return Unread(
        sum(one.count for one in each),
        sum(one.rows for one in each),
        next((one.example for one in each if one.example), ""),
    )


def _names(files: Iterable[str]) -> str:
    names = sorted(files)
    if len(names) <= _NAMED:
        return ", ".join(names)
    return f"{len(names)} files ({names[0]} … {names[-1]})"
