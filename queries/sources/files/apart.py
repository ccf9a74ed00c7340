"""Text that the engine takes apart itself, into lines and into the values of a CSV file.

For what its own readers don't take: bytes in other encodings, and the end of a file alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

Expression = sa.ColumnElement[Any]

_RECORD = r'((?:[^"\r\n]|"(?:[^"]|"")*")+)'
_LINE = r"([^\r\n]+)"


def lines_in(
    text: Expression, whole: sa.FromClause | None = None, *, quoted: bool
) -> sa.FromClause:
    """Give the lines of a text with their number in ``place``; no empty ones.

    ``quoted`` says that a line may go on within quotes, as in CSV.
    """
    lines: Expression = sa.func.regexp_extract_all(text, _LINE, 1)
    if quoted:
        # Only where there are quotes at all: it takes several times as long.
        records: Expression = sa.func.regexp_extract_all(text, _RECORD, 1)
        lines = sa.case((sa.func.contains(text, '"'), records), else_=lines)
    each = sa.select(
        sa.func.unnest(lines).label("line"),
        sa.func.unnest(sa.func.range(1, sa.func.len(lines) + 1)).label("place"),
    )
    return (each if whole is None else each.select_from(whole)).subquery("split")


def _values(lines: sa.FromClause, delimiter: str, above: int) -> sa.FromClause:
    """Give the values of each line as a list, without so many lines above them."""
    line: Expression = lines.c.line
    apart = re.escape(delimiter)
    pattern = f'{apart}("(?:[^"]|"")*"|[^{apart}]*)'
    quoted: Expression = sa.func.regexp_extract_all(sa.literal(delimiter).concat(line), pattern, 1)
    plain: Expression = sa.func.string_split(line, delimiter)
    listed = sa.case((sa.func.contains(line, '"'), quoted), else_=plain)
    return sa.select(listed.label("r")).where(lines.c.place > above).subquery("taken")


def columns_of(
    lines: sa.FromClause, delimiter: str, above: int, names: Sequence[str]
) -> sa.Select[Any]:
    """Give the columns of a CSV file, of lines that have a value for each."""
    taken = _values(lines, delimiter, above)
    listed = [
        _unquoted(sa.func.list_extract(taken.c.r, place)).label(name)
        for place, name in enumerate(names, 1)
    ]
    return sa.select(*listed).where(sa.func.len(taken.c.r) == len(names))


def odd_lines(lines: sa.FromClause, delimiter: str, above: int, count: int) -> sa.Select[Any]:
    """Count the lines that have another number of values than there are columns."""
    taken = _values(lines, delimiter, above)
    return sa.select(sa.func.count()).where(sa.func.len(taken.c.r) != count)


def _unquoted(value: Expression) -> Expression:
    inside = sa.func.replace(sa.func.substr(value, 2, sa.func.length(value) - 2), '""', '"')
    plain = sa.case((sa.func.starts_with(value, '"'), inside), else_=value)
    return sa.func.nullif(plain, "")
