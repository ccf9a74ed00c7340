"""Parquet files whose footers are good and whose pages are not: named, and left out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pytest
import sqlalchemy as sa

from queries.core.errors import LogUnreadable
from queries.core.log import Log
from queries.sources.opening import EngineSettings, OpenLogs
from tests.duck import session
from tests.sources.written import REQUESTS, WITHOUT_IDS, write

COMPRESSIONS = ("uncompressed", "snappy", "gzip", "zstd", "lz4", "brotli")
GOOD = REQUESTS.format(rows=1000)
ROLES = {**WITHOUT_IDS, "entity_id": "request_id"}
HUGE = b"\xfe\xff\xff\xff\x0f"
"""A length of two gigabytes, as Parquet writes it."""


def packed(path: Path, compression: str) -> Path:
    """Write the requests as Parquet under a compression."""
    path.parent.mkdir(exist_ok=True)
    with session() as duck:
        duck.execute(f"COPY ({GOOD}) TO '{path}' (FORMAT parquet, COMPRESSION {compression})")
    return path


def pages_of(path: Path) -> list[int]:
    """Give where each column's first page begins."""
    with duckdb.connect() as duck:
        rows = duck.execute(
            "SELECT least(coalesce(dictionary_page_offset, data_page_offset), data_page_offset) "
            "FROM parquet_metadata($1)",
            [str(path)],
        ).fetchall()
    return [int(at) for (at,) in rows]


def garble(path: Path, start: int, length: int) -> None:
    """Put chance in the place of some bytes, the same in each run."""
    content = bytearray(path.read_bytes())
    content[start : start + length] = np.random.default_rng(start).bytes(length)
    path.write_bytes(content)


def counted(log: Log) -> int:
    """Count the rows of a statement that has to look at every value of all declared columns."""
    columns = ("time", "entity_id", "region", "error", "latency_ms", "score", "income")
    measures = {name: sa.func.min(log.column(name)) for name in columns}
    return int(log.aggregate({"n": sa.func.count(), **measures})[0]["n"])


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("column", [0, 1, 5, 8])
def test_damaged_pages_are_named(
    column: int, compression: str, tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """A file with a damaged page is left out by name, whatever it is packed with."""
    packed(tmp_path / "log" / "good.parquet", compression)
    bad = packed(tmp_path / "log" / "bad.parquet", compression)
    garble(bad, pages_of(bad)[column], 40)
    log = opened(files="log/*.parquet", roles=ROLES)
    assert counted(log) == 1000
    assert log.left_out == ["log/bad.parquet: left out, as its contents are damaged."]


def test_many_damaged_files_are_all_named(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """Of ten damaged files each is found, though the engine stops at the first."""
    packed(tmp_path / "log" / "good.parquet", "snappy")
    for at in range(10):
        bad = packed(tmp_path / "log" / f"bad{at}.parquet", "snappy")
        garble(bad, pages_of(bad)[at % 3], 40)
    log = opened(files="log/*.parquet", roles=ROLES)
    assert counted(log) == 1000
    assert log.left_out == [
        "10 files (log/bad0.parquet … log/bad9.parquet): left out, as its contents are damaged."
    ]


def test_a_page_that_claims_gigabytes_is_damaged(
    tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """A page that says that it is larger than the memory is no reason to ask for a shorter time."""
    packed(tmp_path / "log" / "good.parquet", "uncompressed")
    bad = packed(tmp_path / "log" / "bad.parquet", "uncompressed")
    content, pages = bytearray(bad.read_bytes()), pages_of(bad)
    for page in pages:
        # Behind the kind of the page stands how long it is, unpacked and packed.
        content[page + 3 : page + 3 + len(HUGE)] = HUGE
    bad.write_bytes(content)
    log = opened(EngineSettings(memory_limit="300MB"), files="log/*.parquet", roles=ROLES)
    assert counted(log) == 1000
    assert log.left_out == ["log/bad.parquet: left out, as its contents are damaged."]


def test_a_log_of_damaged_files_alone_says_so(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """Where every file turns out damaged, that is said, and no number is."""
    bad = packed(tmp_path / "log" / "bad.parquet", "snappy")
    garble(bad, pages_of(bad)[0], 40)
    log = opened(files="log/*.parquet", roles=ROLES)
    with pytest.raises(LogUnreadable, match=r"No file of .* log/bad\.parquet: its contents are"):
        counted(log)


def test_a_doubt_of_the_engine_stops_no_other_log(
    tmp_path: Path, opening: Callable[..., OpenLogs]
) -> None:
    """Files whose footers are damaged in any way leave the other log of the process as it was."""
    good = packed(tmp_path / "other" / "good.parquet", "snappy").read_bytes()
    write(tmp_path / "log" / "good.parquet", GOOD)
    footer = len(good) - 8 - int.from_bytes(good[-8:-4], "little")
    # Here are lengths whose last bit makes them negative, at which the engine gives up.
    for at in range(footer + 200, footer + 340):
        content = bytearray(good)
        content[at] ^= 1
        (tmp_path / "log" / f"bad{at}.parquet").write_bytes(content)
    declared = {"files": "log/*.parquet", "roles": ROLES}
    logs = opening(log=declared, other={"files": "other/*.parquet", "roles": ROLES})
    assert counted(logs.logs().of("log")) >= 1000
    assert counted(logs.logs().of("other")) == 1000
