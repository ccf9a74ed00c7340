"""How a text file is laid out: where its header is, what parts its columns, how its JSON lies."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from queries.sources.files.heads import LINES, UTF8, WINDOWS1252, Head, Option, Unfit

_DELIMITERS = ",;\t|"
_FIRST = 20
_ENDS = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Layout:
    """How the engine reads a text file: a function of its, and that one's options.

    ``lines`` reads each line as one text, and takes JSON apart afterwards. ``windows`` reads CSV
    that is encoded so, ``windows lines`` such JSON.
    """

    reader: Literal["csv", "json", "lines", "windows", "windows lines"] = "csv"
    options: tuple[Option, ...] = ()

    @property
    def is_table(self) -> bool:
        """Say whether its columns stand in a header."""
        return self.reader in ("csv", "windows")


@dataclass(frozen=True, slots=True)
class Table:
    """The names of a CSV file's columns, each once, and its layout."""

    header: tuple[str, ...]
    layout: Layout


def csv_layout(head: Head, wanted: Collection[str]) -> Table:
    """Find the header of a CSV file, which may stand below a title or remarks.

    ``wanted`` are declared columns: below the first line, only a line that names them is a header.
    Raises Unfit where it names one of these twice.
    """
    lines = _ENDS.split(head.text, maxsplit=_FIRST)[:_FIRST]
    read = [_names(line, wanted) for line in lines]
    found = [len(set(wanted).intersection(names)) for names, _ in read]
    least = min(2, len(set(wanted)))
    skip = 0
    if not found[0]:
        skip = next((at for at, count in enumerate(found) if 0 < least <= count), 0)
    names, delimiter = read[skip]
    if not skip and lines[0].count('"') % 2:
        # A name of more than one line.
        names = _split(head.text, delimiter)
    header = _each_once(names, wanted)
    options: list[Option] = [("delim", delimiter), ("header", True), ("auto_detect", False)]
    if skip:
        options.append(("skip", skip))
    if head.encoding == WINDOWS1252:
        # Empty lines above it aren't counted there.
        above = sum(bool(line) for line in lines[:skip])
        return Table(header, Layout("windows", (("delim", delimiter), ("skip", above))))
    return Table(header, Layout("csv", (*options, *head.options)))


def _names(line: str, wanted: Collection[str]) -> tuple[tuple[str, ...], str]:
    """Split a line by what gives most declared names, or else by what stands in it most often."""
    # Some programs write a header as a remark.
    bare = line.removeprefix("#").lstrip() if line.startswith("#") else line
    splits = [(_split(bare, delimiter), delimiter) for delimiter in _DELIMITERS]
    return max(splits, key=lambda one: (len(set(wanted).intersection(one[0])), len(one[0])))


def _split(text: str, delimiter: str) -> tuple[str, ...]:
    try:
        names = next(csv.reader(text.splitlines(keepends=True), delimiter=delimiter), [])
    except csv.Error as error:
        raise Unfit("its first line is no list of columns") from error
    return tuple(name.strip() for name in names)


def _each_once(names: Sequence[str], wanted: Collection[str]) -> tuple[str, ...]:
    """Give each column a name of its own, as the engine doesn't tell capitals from small letters.

    A declared column keeps its name.
    """
    twice = [name for name, count in Counter(names).items() if count > 1 and name in wanted]
    if twice:
        raise Unfit(f"its header names “{twice[0]}” twice")
    taken = {name.lower() for name in names if name in wanted}
    header = []
    for place, name in enumerate(names, 1):
        one = name
        if name not in wanted:
            while one.lower() in taken:
                one = f"{one} {place}"
            taken.add(one.lower())
        header.append(one)
    return tuple(header)


def json_layout(head: Head) -> Layout:
    """Find out how records lie in a JSON file: a line each, in one list, or over several lines."""
    text = head.text.lstrip()
    plain = tuple(option for option in head.options if option[0] == "compression")
    body = text.rstrip()
    if head.encoding != UTF8 or ("\r" in body and "\n" not in body):
        return as_lines(head)
    if re.match(r"\[\s*[{\]]", text) and not _is_line(text):
        return Layout("json", (("format", "array"), *plain))
    if _spans_lines(text):
        return Layout("json", (("format", "unstructured"), *plain))
    # The engine loses a first line with a mark before it.
    return (
        as_lines(head) if head.marked else Layout("json", (("format", "newline_delimited"), *plain))
    )


def as_lines(head: Head) -> Layout:
    """Read a file's lines one by one, where the engine's own way fails at its encoding."""
    if head.encoding == WINDOWS1252:
        return Layout("windows lines")
    return Layout("lines", (*LINES, *head.options))


def _is_line(text: str) -> bool:
    """Tell whether lists stand in lines of their own, one after the other."""
    first, _, rest = text.partition("\n")
    return rest.lstrip().startswith("[") and first.rstrip().endswith("]")


def _spans_lines(text: str) -> bool:
    """Tell whether the first record goes over more than one line."""
    first = text.partition("\n")[0].rstrip()
    if not text.startswith("{") or first.endswith("}"):
        return False
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except ValueError:
        # A record that is longer than what was read; a line that is cut is none.
        return first in ("{", "{}") or first.endswith((",", "{", "["))
    return "\n" in text[:end]
