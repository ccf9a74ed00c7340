"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

from pathlib import Path

from queries.core.source import Format

_PARQUET = "Parquet"
_SIGNS = (
    (b"PAR1", _PARQUET),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"PK\x03\x04", "a zip archive, as Excel's files are"),
    (b"\xd0\xcf\x11\xe0", "a file of an older Excel"),
    (b"ORC", "an ORC file"),
    (b"Obj\x01", "an Avro file"),
    (b"ARROW1", "an Arrow file"),
    (b"FEA1", "a Feather file"),
    (b"\x89HDF", "an HDF5 file"),
    (b"BZh", "packed with bzip2"),
    (b"\xfd7zXZ", "packed with xz"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x28\xb5\x2f\xfd", "packed with Zstandard"),
    (b"\x04\x22\x4d\x18", "packed with LZ4"),
    (b"\xff\x06\x00\x00sNaPpY", "packed with Snappy"),
    (b"\x1f\x8b", "packed with gzip"),
    (b"%PDF", "a PDF"),
    (b"\x80\x04\x95", "a pickle of Python"),
)
_WORDS: dict[Format, str] = {"parquet": "Parquet", "csv": "CSV", "jsonl": "JSON lines"}
GZIP, ZSTD = "packed with gzip", "packed with Zstandard"


def kind_by(head: bytes) -> str:
    """Say what a file is by its first bytes; nothing where they are text or not known."""
    if head[8:12] == b"DUCK":
        return "a DuckDB database"
    return next((kind for sign, kind in _SIGNS if head.startswith(sign)), "")


def text_kind(text: str) -> str:
    """Say what a text is by how it begins."""
    start = text.lstrip("\ufeff \t\r\n")[:200].lower()
    if start.startswith(("<!doctype", "<html")):
        return "a web page"
    if start.startswith("<?xml"):
        return "XML"
    if start.startswith(('{"', "{}", '[{"', "[{}", "{\n", "[\n", "{\r\n", "[\r\n")):
        return "JSON"
    return ""


def instead(kind: str, declared: Format) -> str:
    """Say that a file is something else than its log is declared to be."""
    return f"it is {kind}, and not {_WORDS[declared]} as this log is declared"


def not_parquet(path: str) -> str:
    """Say what a file is that the engine doesn't take for Parquet; nothing where it may be that."""
    try:
        with Path(path).open("rb") as file:
            head = file.read(4096)
    except OSError:
        return ""
    kind = kind_by(head)
    if kind == _PARQUET:
        return ""
    if not kind:
        # Cut at the end of a line, as a sign may be cut in two.
        text = (head[: head.rfind(b"\n") + 1] or head).decode("utf-8-sig", errors="replace")
        if "\ufffd" not in text and not any(ord(sign) < 9 for sign in text):
            kind = text_kind(text) or "a text such as CSV"
    return instead(kind, "parquet") if kind else ""
