"""A text file that only grew: what was known of it stays, and what came since is looked at alone.

Rows are appended all day; to look through hundreds of megabytes for each new line would take
longer than any answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

import duckdb
import sqlalchemy as sa

from queries.sources.cells.access import quoted
from queries.sources.cells.paths import json_path
from queries.sources.files.apart import columns_of, lines_in, odd_lines
from queries.sources.files.dialect import plain_sql
from queries.sources.files.facts import Ends, Facts, Values
from queries.sources.files.layouts import Layout
from queries.sources.files.listing import FileAt
from queries.sources.files.readers import parted
from queries.sources.files.values import Looked, Text, look

_SEEN = 1 << 16
_MOST = 1 << 24
"""What is longer is looked at with the rest: by the engine's own reader, it goes faster so."""

_TAIL: sa.ColumnElement[str] = sa.literal_column("$1::VARCHAR", sa.String())


@dataclass(frozen=True, slots=True)
class Tail:
    """The whole lines that came since, and where they end."""

    text: str
    ends: Ends


def ends_of(file: FileAt, layout: Layout) -> Ends | None:
    """Take down how a file that was looked at begins and ends; None where that tells nothing.

    So it is of packed files, of other encodings, and of what changed meanwhile.
    """
    if not _is_plain(layout):
        return None
    try:
        path = Path(file.path)
        if path.suffix in (".gz", ".zst") or path.stat().st_size != file.size:
            return None
        with path.open("rb") as held:
            held.seek(max(0, file.size - _SEEN))
            last = held.read(_SEEN)
        known = file.size - len(last) + last.rfind(b"\n") + 1
        return Ends(_mark(file.path, known), known, torn=known < file.size) if known else None
    except OSError:
        return None


def tail_of(before: Facts, file: FileAt) -> Tail | None:
    """Give what came to a file since it was looked at; None where it is to be looked at anew."""
    ends = before.ends
    if ends is None or before.problem or before.open_quote:
        return None
    if not before.file.size < file.size <= ends.known + _MOST:
        return None
    try:
        if _mark(file.path, ends.known) != ends.mark:
            return None
        with Path(file.path).open("rb") as held:
            held.seek(ends.known)
            came = held.read(file.size - ends.known)
        # A line that is still being written is looked at when it is whole.
        whole = came[: came.rfind(b"\n") + 1]
        if _is_open(whole) and before.layout.is_table:
            return None
        known = ends.known + len(whole)
        return Tail(whole.decode(), Ends(_mark(file.path, known), known, torn=False))
    except (OSError, UnicodeDecodeError):
        return None


def joined(
    cursor: duckdb.DuckDBPyConnection, before: Facts, file: FileAt, tail: Tail, text: Text
) -> Facts | None:
    """Look at what came, and add it to what was known; None where the two don't go together.

    ``text`` says how to look at it.
    """
    looked = look(cursor, replace(text, parameters=[tail.text, *text.parameters[1:]]))
    values = _together(before.values, looked)
    if values is None:
        return None
    layout, torn = before.layout, before.ends is not None and before.ends.torn
    bad = _odd(cursor, before, tail.text) if layout.is_table else looked.empty
    rows = looked.rows if layout.is_table else looked.rows - looked.empty
    # The line that was cut then is among those that came, whole.
    cut_row, cut_line = torn and not before.bad_lines, torn and before.bad_lines > 0
    return replace(
        before,
        file=file,
        columns={**before.columns, **{name: held.type for name, held in values.items()}},
        rows=before.rows + rows - cut_row,
        bad_lines=before.bad_lines + bad - cut_line,
        first=_pick(min, before.first, looked.first),
        last=_pick(max, before.last, looked.last),
        values=values,
        ends=tail.ends,
    )


def source_in(before: Facts) -> tuple[str, list[object]]:
    """Give the columns of the lines that came as a source of text, which is the first parameter."""
    layout, names = before.layout, before.header
    lines = lines_in(_TAIL, quoted=layout.is_table)
    if layout.is_table:
        delimiter, _ = parted(layout)
        return f"({plain_sql(columns_of(lines, delimiter, 0, names))})", [""]
    taken = ", ".join(f"r[{place}] AS {quoted(name)}" for place, name in enumerate(names, 1))
    source = (
        # Only names are written into this, quoted; a line that is no JSON gives missing values.
        f"(SELECT {taken} FROM (SELECT TRY(json_extract_string(line, $2)) AS r "  # noqa: S608 - names are quoted, values bound
        f"FROM ({plain_sql(sa.select(lines.c.line))}) AS lines WHERE trim(line) <> ''))"
    )
    return source, ["", [json_path((name,)) for name in names]]


def _odd(cursor: duckdb.DuckDBPyConnection, before: Facts, text: str) -> int:
    delimiter, _ = parted(before.layout)
    lines = lines_in(_TAIL, quoted=True)
    odd = odd_lines(lines, delimiter, 0, len(before.header))
    ((count,),) = cursor.execute(plain_sql(odd), [text]).fetchall()
    return int(count)


def _together(before: Mapping[str, Values], looked: Looked) -> dict[str, Values] | None:
    found = {}
    for name, was in before.items():
        came = looked.values[name]
        both = was.plus(came) if was.present and came.present else was if was.present else came
        if both is None:
            return None
        # Words for nothing are counted whether or not there are values.
        found[name] = replace(both, words=was.words + came.words)
    return found


def _pick(
    which: Callable[[Sequence[datetime]], datetime], *times: datetime | None
) -> datetime | None:
    known = [each for each in times if each is not None]
    return which(known) if known else None


def _is_plain(layout: Layout) -> bool:
    names = {name for name, _ in layout.options}
    if layout.reader == "csv":
        return names <= {"delim", "header", "auto_detect", "skip"}
    return layout.reader == "json" and layout.options == (("format", "newline_delimited"),)


def _mark(path: str, known: int) -> bytes:
    """Tell by its first and its last bytes what a file held up to a place."""
    with Path(path).open("rb") as file:
        digest = blake2b(file.read(min(_SEEN, known)))
        file.seek(max(0, known - _SEEN))
        digest.update(file.read(min(_SEEN, known)))
    return digest.digest()


def _is_open(lines: bytes) -> bool:
    """Tell whether a value in quotes may go over several lines."""
    return b'"' in lines and any(line.count(b'"') % 2 for line in lines.splitlines())
