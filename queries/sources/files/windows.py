"""Text as Windows writes it (Windows-1252), which the engine has no reader for offline.

Its bytes are read whole and turned into text by the engine itself, then taken apart into lines,
and those of a CSV file into values. It takes ten times as long as reading UTF-8.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

Expression = sa.ColumnElement[Any]

_ESCAPED = {r"\x22": '"', r"\x27": "'", r"\x09": "\t", r"\x0A": "\n", r"\x0D": "\r"}
"""What the engine writes for bytes that stand in plain text, beside those beyond ASCII."""

_SIGNS = [byte for byte in range(0x80, 0xA0) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)]
_LETTERS = {"A": "%C2%A", "B": "%C2%B", "C": "%C3%8", "D": "%C3%9", "E": "%C3%A", "F": "%C3%B"}
"""By its first half, how a byte that is the same in Latin-1 begins in UTF-8."""

_RECORD = r'((?:[^"\r\n]|"(?:[^"]|"")*")+)'
_LINE = r"([^\r\n]+)"


def lines_of(files: Expression, *, quoted: bool) -> sa.FromClause:
    """Give the lines of files as text, with their number in ``place``; no empty ones.

    ``quoted`` says that a line may go on within quotes, as in CSV.
    """
    whole = sa.func.read_blob(files).table_valued(sa.column("content"), name="whole")
    text: Expression = sa.cast(whole.c.content, sa.String)
    for escaped, plain in _ESCAPED.items():
        text = sa.func.replace(text, escaped, plain)
    lines: Expression = sa.func.regexp_extract_all(text, _LINE, 1)
    if quoted:
        # Only where there are quotes at all: it takes several times as long.
        records = sa.func.regexp_extract_all(text, _RECORD, 1)
        lines = sa.case((sa.func.contains(text, '"'), records), else_=lines)
    each = sa.select(
        sa.func.unnest(lines).label("line"),
        sa.func.unnest(sa.func.range(1, sa.func.len(lines) + 1)).label("place"),
    ).select_from(whole)
    split = each.subquery("split")
    line = _decoded(split.c.line)
    return sa.select(line.label("line"), split.c.place).subquery("lines")


def _decoded(line: Expression) -> Expression:
    """Turn escaped bytes into the signs that they are on Windows; most lines have none."""
    coded: Expression = sa.func.replace(line, "%", "%25")
    signs: Expression = coded
    for byte in _SIGNS:
        utf8 = bytes([byte]).decode("cp1252").encode()
        signs = sa.func.replace(signs, f"\\x{byte:02X}", "".join(f"%{one:02X}" for one in utf8))
    own = sa.or_(sa.func.contains(line, "\\x8"), sa.func.contains(line, "\\x9"))
    coded = sa.case((own, signs), else_=coded)
    for high, utf8_high in _LETTERS.items():
        coded = sa.func.replace(coded, f"\\x{high}", utf8_high)
    coded = sa.func.url_decode(sa.func.replace(coded, "\\x", "%"))
    return sa.case((sa.func.contains(line, "\\x"), coded), else_=line)


def values_of(files: Expression, delimiter: str, skip: int) -> sa.FromClause:
    """Give the values of each line of CSV files as a list, without the header and what is above."""
    lines = lines_of(files, quoted=True)
    line: Expression = lines.c.line
    apart = re.escape(delimiter)
    pattern = f'{apart}("(?:[^"]|"")*"|[^{apart}]*)'
    quoted: Expression = sa.func.regexp_extract_all(sa.literal(delimiter).concat(line), pattern, 1)
    plain: Expression = sa.func.string_split(line, delimiter)
    listed = sa.case((sa.func.contains(line, '"'), quoted), else_=plain)
    return sa.select(listed.label("r")).where(lines.c.place > skip + 1).subquery("taken")


def columns_of(
    files: Expression, delimiter: str, skip: int, names: Sequence[str]
) -> sa.Select[Any]:
    """Give the columns of CSV files, of lines that have a value for each."""
    taken = values_of(files, delimiter, skip)
    listed = [
        _unquoted(sa.func.list_extract(taken.c.r, place)).label(name)
        for place, name in enumerate(names, 1)
    ]
    return sa.select(*listed).where(sa.func.len(taken.c.r) == len(names))


def odd_lines(files: Expression, delimiter: str, skip: int, count: int) -> sa.Select[Any]:
    """Count the lines that have another number of values than there are columns."""
    taken = values_of(files, delimiter, skip)
    return sa.select(sa.func.count()).where(sa.func.len(taken.c.r) != count)


def _unquoted(value: Expression) -> Expression:
    inside = sa.func.replace(sa.func.substr(value, 2, sa.func.length(value) - 2), '""', '"')
    plain = sa.case((sa.func.starts_with(value, '"'), inside), else_=value)
    return sa.func.nullif(plain, "")
