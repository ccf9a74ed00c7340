"""Parquet files, put in place whole: a reader sees the old file or the new one, never a part."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb


def put_parquet(rows: duckdb.DuckDBPyRelation, path: Path) -> None:
    """Write ``rows`` in their order to ``path``, replacing a file of that name at one stroke."""
    path.parent.mkdir(parents=True, exist_ok=True)
    being_written = unfinished(path)
    rows.write_parquet(str(being_written), compression="zstd", use_tmp_file=False)
    being_written.replace(path)


def unfinished(path: Path) -> Path:
    """Give the file beside ``path`` that this process writes, to be renamed when it is whole.

    No listing of logs takes its name: it begins with a dot and does not end in ``.parquet``.
    """
    return path.with_name(f".{path.name}.{os.getpid()}.part")
