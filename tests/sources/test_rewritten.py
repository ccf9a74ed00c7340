"""Files that are rewritten while they are read: an answer, or a plain sentence, and no incident."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from queries.core.errors import LogUnreadable, PlainError
from queries.core.log import Log
from queries.sources.opening import OpenLogs
from tests.sources.written import REQUESTS, write
from tests.sources.written import WITHOUT_IDS as ROLES

SMALL, LARGE = REQUESTS.format(rows=2_000), REQUESTS.format(rows=10_000)
OTHER = f"SELECT * EXCLUDE (score), score::VARCHAR AS score FROM ({SMALL})"
"""The same with a column of another type."""


def replaced(path: Path, content: bytes) -> None:
    """Put a whole new file in the place of an old one at once."""
    fresh = path.with_name(f"tmp_{path.name}")
    fresh.write_bytes(content)
    fresh.replace(path)


def rewritten(path: Path, content: bytes) -> None:
    """Empty a file and write it anew in small steps, as others look on."""
    with path.open("wb", buffering=0) as file:
        for start in range(0, len(content), 4096):
            file.write(content[start : start + 4096])


@contextmanager
def writing(
    path: Path, contents: list[bytes], write_one: Callable[[Path, bytes], None]
) -> Iterator[None]:
    """Write one content after the other into a file, again and again, while the block lasts."""
    done = threading.Event()

    def keep_writing() -> None:
        while not done.is_set():
            for content in contents:
                write_one(path, content)

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        yield
    finally:
        done.set()
        writer.join()


def asked(log: Log) -> int:
    """Count the rows of a statement that looks at several columns."""
    measures = {name: sa.func.max(log.column(name)) for name in ("income", "latency_ms", "time")}
    return int(log.aggregate({"n": sa.func.count(), **measures})[0]["n"])


@pytest.mark.parametrize("suffix", ["parquet", "csv", "jsonl.gz"])
@pytest.mark.parametrize("write_one", [replaced, rewritten])
def test_an_answer_or_a_plain_sentence(
    write_one: Callable[[Path, bytes], None],
    suffix: str,
    tmp_path: Path,
    opening: Callable[..., OpenLogs],
) -> None:
    """While a file is rewritten, each ask counts what stays, and ends in rows or in plain words."""
    write(tmp_path / "log" / f"stays.{suffix}", SMALL)
    target = tmp_path / "log" / f"a.{suffix}"
    contents = [write(target, each).read_bytes() for each in (SMALL, LARGE, OTHER)]
    logs = opening(log={"files": "log", "format": suffix.split(".", maxsplit=1)[0], "roles": ROLES})
    told: Counter[str] = Counter()
    with writing(target, contents, write_one):
        for _ in range(12):
            try:
                assert asked(logs.logs().of("log")) >= 2_000
                told["answered"] += 1
            except PlainError as error:
                told[str(error)] += 1
    assert told["answered"] > 0, told
    for sentence in told:
        plain = ("answered", "kept changing or failing", "were replaced while they were read")
        assert any(words in sentence for words in plain), told


def test_a_file_that_changed_its_columns_is_said(
    tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """Where what is read turned into something else meanwhile, the sentence asks to ask again."""
    target = write(tmp_path / "log" / "a.parquet", SMALL)
    log = opened(files="log/*.parquet", roles=ROLES)
    rows = log.relation({"income": log.column("income")}, spans=None)
    other = write(tmp_path / "other.parquet", f"SELECT * EXCLUDE (income) FROM ({SMALL})")
    replaced(target, other.read_bytes())
    with pytest.raises(LogUnreadable, match=r"were replaced while they were read\. Ask again"):
        log.run(sa.select(sa.func.max(rows.c["income"]).label("most")))


def test_a_file_that_became_another_is_not_dropped(
    tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """Where one of two files turns out to hold another type meanwhile, it isn't left out unsaid."""
    write(tmp_path / "log" / "a.parquet", SMALL)
    target = write(tmp_path / "log" / "b.parquet", SMALL)
    log = opened(files="log/*.parquet", roles=ROLES)
    rows = log.relation({"income": log.column("income")}, spans=None)
    other = f"SELECT * EXCLUDE (income), 'much' AS income FROM ({SMALL})"
    replaced(target, write(tmp_path / "other.parquet", other).read_bytes())
    with pytest.raises(LogUnreadable, match=r"were replaced while they were read\. Ask again"):
        log.run(sa.select(sa.func.max(rows.c["income"]).label("most")))
