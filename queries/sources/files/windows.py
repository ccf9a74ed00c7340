"""Text as Windows writes it (Windows-1252), which the engine has no reader for offline.

Its bytes are read whole and turned into text by the engine itself, then taken apart into lines.
It takes ten times as long as reading UTF-8.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from queries.sources.files.apart import lines_in

Expression = sa.ColumnElement[Any]

_ESCAPED = {r"\x22": '"', r"\x27": "'", r"\x09": "\t", r"\x0A": "\n", r"\x0D": "\r"}
"""What the engine writes for bytes that stand in plain text, beside those beyond ASCII."""

_SIGNS = [byte for byte in range(0x80, 0xA0) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)]
_LETTERS = {"A": "%C2%A", "B": "%C2%B", "C": "%C3%8", "D": "%C3%9", "E": "%C3%A", "F": "%C3%B"}
"""By its first half, how a byte that is the same in Latin-1 begins in UTF-8."""


def lines_of(files: Expression, *, quoted: bool) -> sa.FromClause:
    """Give the lines of files as text, with their number in ``place``; no empty ones.

    ``quoted`` says that a line may go on within quotes, as in CSV.
    """
    whole = sa.func.read_blob(files).table_valued(sa.column("content"), name="whole")
    text: Expression = sa.cast(whole.c.content, sa.String)
    for escaped, plain in _ESCAPED.items():
        text = sa.func.replace(text, escaped, plain)
    split = lines_in(text, whole, quoted=quoted)
    return sa.select(_decoded(split.c.line).label("line"), split.c.place).subquery("lines")


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
