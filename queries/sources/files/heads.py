"""The first lines of a text file: how it is packed, how its signs are written, and what it says."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

import duckdb

from queries.core.source import Format
from queries.sources.files.kinds import GZIP, ZSTD, instead, kind_by, text_kind

_MOST = 1 << 18
_BLOCK = 1 << 20
_FEW = 0.01
# Its bytes are read whole: of 30 MB that took 2 GB and 25 seconds a question.
_MOST_WINDOWS = 1 << 24
WINDOWS = (
    "its text is written as Windows does (Windows-1252), which is read of files up to 16 MB that "
    "aren't packed; save it as UTF-8"
)
UTF8, LATIN1, UTF16, WINDOWS1252 = "utf-8", "latin-1", "utf-16", "windows-1252"
Option = tuple[str, str | int | bool]
"""An option of the engine's reading functions."""

LINES: tuple[Option, ...] = (
    # No quotes, and a delimiter that no line of text holds: each line is one value.
    *(("delim", "\x01"), ("quote", ""), ("escape", ""), ("header", False)),
    *(("auto_detect", False), ("strict_mode", False), ("max_line_size", 16_777_216)),
)


class Unfit(Exception):
    """A file that can't be read, with the reason in plain words."""


@dataclass(frozen=True, slots=True)
class Head:
    """How a text file begins: its first signs, and what the engine must know to read it."""

    text: str
    encoding: str
    marked: bool
    options: tuple[Option, ...]


def read_head(duck: duckdb.DuckDBPyConnection, path: str, declared: Format) -> Head:
    """Read how a file begins. Raises Unfit where it is no text, or in no encoding that is read."""
    with Path(path).open("rb") as file:
        sign = file.read(64)
    kind, packed = kind_by(sign), path.endswith(".gz")
    options: tuple[Option, ...] = ()
    if kind == ZSTD and path.endswith(".zst"):
        return Head(_unpacked(duck, path), UTF8, marked=False, options=())
    if kind == GZIP and not packed:
        options = (("compression", "gzip"),)
    elif packed and kind != GZIP and sign:
        options = (("compression", "none"),)
    if kind and kind != GZIP:
        raise Unfit(instead(kind, declared))
    with _opened(path, packed=kind == GZIP) as file:
        start = file.read(_MOST)
    if kind == GZIP and (inner := kind_by(start)):
        raise Unfit(instead(inner, declared))
    encoding = _encoding(start, path)
    if encoding in (LATIN1, UTF16):
        options += (("encoding", encoding),)
    text = start.decode("utf-8-sig" if encoding == UTF8 else encoding, errors="replace")
    if what := text_kind(text):
        fits = what == "JSON" and declared == "jsonl"
        if not fits:
            raise Unfit(instead(what, declared))
    marked = start.startswith((b"\xef\xbb\xbf", b"\xff\xfe"))
    return Head(text.lstrip("\ufeff"), encoding, marked, options)


def recoded(head: Head, encoding: str) -> Head:
    """Give the same head of a file that turned out to be encoded otherwise."""
    options = (("encoding", encoding),) if encoding == LATIN1 else ()
    return replace(head, encoding=encoding, options=(*head.options, *options))


def in_bytes(path: str) -> str:
    """Tell whether a whole file is text in Latin-1 or as Windows writes it, or in neither.

    It is where no line has signs of UTF-8, and those that stand in some are letters; Windows' own
    signs, such as “€”, tell these two apart. Raises Unfit where more than a few lines have such in
    a file that can't be read so; a few are passed over and counted.
    """
    with Path(path).open("rb") as file:
        packed = kind_by(file.read(64)) == GZIP
    total = odd = windows = 0
    with _opened(path, packed=packed) as file:
        while lines := file.readlines(_BLOCK):
            total += len(lines)
            for line in _beyond_ascii(lines):
                if _is_utf8(line) or any(byte in _NO_LETTERS for byte in line):
                    return ""
                odd, windows = odd + 1, windows + any(0x80 <= byte < 0xA0 for byte in line)
    if windows and not packed and Path(path).stat().st_size <= _MOST_WINDOWS:
        return WINDOWS1252
    if windows and odd > _FEW * total:
        raise Unfit(WINDOWS)
    return LATIN1 if odd and not windows else ""


# What stands in no word: signs that control, and those that Windows leaves open.
_NO_LETTERS = frozenset((*range(9), *range(14, 32), 0x7F, 0x81, 0x8D, 0x8F, 0x90, 0x9D, 0xFF))


def _beyond_ascii(lines: list[bytes]) -> Iterator[bytes]:
    if not b"".join(lines).isascii():
        yield from (line for line in lines if not line.isascii())


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode(UTF8)
    except UnicodeDecodeError:
        return False
    return True


def _encoding(start: bytes, path: str) -> str:
    if start.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise Unfit("its text is UTF-32; save it as UTF-8")
    if start.startswith(b"\xfe\xff") or _is_wide(start, high=0):
        raise Unfit("its text is UTF-16 with the high byte first; save it as UTF-8")
    if start.startswith(b"\xff\xfe") or _is_wide(start, high=1):
        return UTF16
    # A sign may be cut in two at the end.
    whole = start[: start.rfind(b"\n") + 1] or start
    return UTF8 if _is_utf8(whole) else in_bytes(path) or UTF8


def _is_wide(start: bytes, high: int) -> bool:
    """Tell whether every second byte is zero, as in UTF-16 of plain letters."""
    highs, lows = start[high:1000:2], start[1 - high : 1000 : 2]
    return len(highs) > 8 and highs.count(0) > 0.9 * len(highs) and lows.count(0) == 0


def _opened(path: str, *, packed: bool) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path, "rb") if packed else Path(path).open("rb"))


def _unpacked(duck: duckdb.DuckDBPyConnection, path: str) -> str:
    """Have the engine unpack the first lines where Python can't."""
    names = ", ".join(f"{name} = ${place}" for place, (name, _) in enumerate(LINES, 2))
    sql = f"SELECT line FROM read_csv($1, columns = {{'line': 'VARCHAR'}}, {names}) LIMIT 20"  # noqa: S608 - only our own options
    rows = duck.execute(sql, [[path], *(value for _, value in LINES)]).fetchall()
    return "".join(f"{line or ''}\n" for (line,) in rows)


UNREADABLE = (duckdb.Error, OSError, EOFError, UnicodeError, zlib.error)
