"""One DuckDB for the files that tests write: to open one takes as long as to write a small file."""

from __future__ import annotations

import atexit
from functools import cache

import duckdb


def session() -> duckdb.DuckDBPyConnection:
    """Give a session of its own on the one DuckDB of this process, to be closed by ``with``."""
    return _engine().cursor()


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    atexit.register(_engine.cache_clear)  # what is open at the very end is reported as leaked
    return duckdb.connect()
