"""Files damaged and deformed by chance: each is read or named, and none harms what lies beside it.

The files are made from small good ones. Beside them lies one good file, whose rows have to be
counted whatever the others hold.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import sqlalchemy as sa

from commands.ask import ask
from commands.ports import Person
from commands.understand import Ask, understand
from queries.core.errors import PlainError
from queries.core.log import Log
from queries.core.source import Format
from queries.sources.opening import EngineSettings
from tests.asking import HERE, NOW, Asking, asking, rows
from tests.duck import session

SEED = int(os.environ.get("FUZZ_SEED", "20261123"))
FILES = int(os.environ.get("FUZZ_FILES", "125"))
"""So many files a log, of which there are 16: two thousand in all."""

ROLES = {
    "time": "t",
    "request_id": "id",
    "status": "status",
    "latency_ms": "ms",
    "score": "score",
    "prediction": "label",
    "dimensions": ["region"],
    "features": ["age"],
}
COLUMNS = {
    "id": "'{name}-' || i",
    "t": "stamp",
    "status": "CASE WHEN i % 9 = 0 THEN 500 ELSE 200 END",
    "ms": "20 + i * 7919 % 1000 / 8.0",
    "score": "u",
    "label": "CASE WHEN u > 0.5 THEN 'yes' ELSE 'no' END",
    "region": "['emea', 'amer', 'apac'][1 + i % 3]",
    "age": "18 + i % 60",
}
GOOD, SMALL = 200, 12
DEFORMED: Sequence[dict[str, str]] = (
    {},
    {"t": "stamp::VARCHAR"},
    {"t": "epoch_ms(stamp)"},
    {"t": "TIMESTAMP '0001-01-01 00:00:00'"},
    {"t": "CASE WHEN i = 3 THEN TIMESTAMP '9999-12-31 23:59:59' ELSE stamp END"},
    {"t": "CASE WHEN i = 3 THEN TIMESTAMP '99999-12-31 23:59:59' ELSE stamp END"},
    {"t": "'yesterday'"},
    {"t": "NULL::TIMESTAMP"},
    {"t": "i * 1e300"},
    {"t": "stamp::DATE"},
    {"ms": "CASE WHEN i % 2 = 0 THEN 'inf'::DOUBLE ELSE '-inf'::DOUBLE END"},
    {"ms": "'nan'::DOUBLE", "score": "'nan'::DOUBLE"},
    {"ms": "'fast'", "age": "'old'"},
    {"ms": "1e308 * u", "age": "170141183460469231731687303715884105727::HUGEINT"},
    {"ms": "(i || ',5')", "score": "('0,' || i)"},
    {"status": "{'code': 200, 'text': 'OK'}", "region": "['emea', 'amer']"},
    {"age": "MAP {'years': i}", "score": "[u, u]"},
    {"status": "i % 2 = 0", "label": "i"},
    {"region": "NULL", "age": "NULL", "status": "NULL"},
    {"region": "'a\"b,c' || chr(10) || 'd;e|f'", "label": "''"},
    {"region": "repeat('x', 100000)"},
    {"id": "i", "status": "'timeout'"},
    {"id": "NULL", "label": "u"},
    {"note": "'x'", "ID": "'X'"},
)
"""What stands in the place of a column, or beside it."""

COMPRESSIONS = ("uncompressed", "snappy", "gzip", "zstd", "lz4", "brotli")
OPTIONS: dict[Format, Sequence[str]] = {
    "parquet": [f"FORMAT parquet, COMPRESSION {each}" for each in COMPRESSIONS],
    "csv": ["FORMAT csv, HEADER true", "FORMAT csv, HEADER true, DELIMITER ';'"],
    "jsonl": ["FORMAT json", "FORMAT json, ARRAY true"],
}


def written(path: Path, count: int, name: str, options: str, changed: dict[str, str]) -> bytes:
    """Write requests of the last hours in a format, and give the bytes."""
    columns = {**COLUMNS, **changed}
    columns["id"] = columns["id"].format(name=name)
    with session() as duck:
        duck.execute(f"COPY ({rows(count, columns)}) TO '{path}' ({options})")
    content = path.read_bytes()
    path.unlink()
    return content


def renamed(columns: list[str], rng: np.random.Generator) -> dict[str, str]:
    """Give a change that leaves a column out, or calls it something else."""
    column = str(rng.choice(columns))
    return {column: COLUMNS[column], f"{column}2": COLUMNS[column]}


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> dict[Format, list[bytes]]:
    """Give small files of each format: good ones, and with columns deformed, dropped, reordered."""
    folder = tmp_path_factory.mktemp("bases")
    found: dict[Format, list[bytes]] = {}
    for form, all_options in OPTIONS.items():
        contents = []
        for at, changed in enumerate(DEFORMED):
            options = all_options[at % len(all_options)]
            contents.append(written(folder / "a", SMALL, "f", options, changed))
        contents += [written(folder / "a", SMALL, "f", each, {}) for each in all_options]
        contents += [without(folder / "a", gone, all_options[0]) for gone in COLUMNS]
        found[form] = contents
    return found


def without(path: Path, gone: str, options: str) -> bytes:
    """Write requests without one column, the others turned round, and one under another name."""
    names = [name for name in reversed(COLUMNS) if name != gone]
    listed = ", ".join([*names[:-1], f'{names[-1]} AS "{names[-1].upper()} "'])
    columns = {**COLUMNS, "id": "'f-' || i"}
    with session() as duck:
        sql = f"SELECT {listed} FROM ({rows(SMALL, columns)})"
        duck.execute(f"COPY ({sql}) TO '{path}' ({options})")
    content = path.read_bytes()
    path.unlink()
    return content


def flipped(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """Change a few bytes."""
    changed = bytearray(content)
    for at in rng.integers(0, max(1, len(content)), rng.integers(1, 12)):
        changed[at : at + 1] = bytes([rng.integers(256)])
    return bytes(changed)


def one_bit(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """Turn one bit, mostly where a footer would be."""
    changed = bytearray(content)
    at = max(0, len(content) - 1 - int(rng.integers(0, min(len(content), 2500))))
    changed[at] ^= 1 << int(rng.integers(8))
    return bytes(changed)


def cut(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """End too early."""
    return content[: rng.integers(0, len(content))]


def scratched(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """Put chance in the place of a stretch."""
    start, length = int(rng.integers(0, len(content))), int(rng.integers(4, 400))
    return content[:start] + rng.bytes(length) + content[start + length :]


def joined(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """Put another format before, or behind."""
    return content + other if rng.integers(2) else other + content


def inserted(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """Put signs in that mean something to some format."""
    signs = [b'"', b"\n", b"\r\n", b"\r", b"\x00", b"\xef\xbb\xbf", b"{", b"]", b"\xe4", b"\\"]
    at = int(rng.integers(0, len(content)))
    return content[:at] + signs[rng.integers(len(signs))] + content[at:]


def long_line(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """Put a line in that is longer than engines like."""
    return (
        content + b'{"id": "' + b"x" * int(rng.choice([1000, 300_000, 2_100_000])) + b"\n" + other
    )


def kept(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """Leave it as it was deformed."""
    return content


def swapped(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """Give another format under this one's name."""
    return other


def packed(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """Pack it, and sometimes spoil that."""
    whole = gzip.compress(content, mtime=0)
    return flipped(whole, other, rng) if rng.integers(2) else whole


Ruin = Callable[[bytes, bytes, np.random.Generator], bytes]
RUINS: Sequence[Ruin] = (
    *(flipped, flipped, one_bit, one_bit, cut, scratched, scratched, joined, inserted),
    *(long_line, kept, kept, kept, swapped, packed),
)
SUFFIXES: dict[Format, Sequence[str]] = {
    "parquet": ("parquet",),
    "csv": ("csv", "csv", "csv.gz"),
    "jsonl": ("jsonl", "jsonl", "json", "jsonl.gz"),
}


def fill(
    folder: Path, form: Format, bases: dict[Format, list[bytes]], rng: np.random.Generator
) -> None:
    """Write one good file and many that are not."""
    folder.mkdir()
    good = written(folder / "a", GOOD, "good", OPTIONS[form][-1], {})
    (folder / f"good.{SUFFIXES[form][0]}").write_bytes(good)
    for at in range(FILES):
        others = bases[sorted(OPTIONS)[rng.integers(3)]]
        content = bases[form][rng.integers(len(bases[form]))]
        other = others[rng.integers(len(others))]
        ruin = RUINS[int(rng.integers(len(RUINS)))]
        ruined = ruin(content, other, rng)
        suffix = SUFFIXES[form][int(rng.integers(len(SUFFIXES[form])))]
        if suffix.endswith(".gz") and ruin is not packed:
            ruined = gzip.compress(ruined, 1, mtime=0)
        (folder / f"{ruin.__name__}{at:03}.{suffix}").write_bytes(ruined)


# Files so small are read faster by one.
ENGINE = EngineSettings(threads=1)
BATCHES = [
    (form, at) for form, count in (("parquet", 6), ("csv", 5), ("jsonl", 5)) for at in range(count)
]
QUESTIONS = (
    "errors log last 24 hours by region",
    "quality log last 24 hours",
    "performance log last 24 hours",
    "traffic log last 24 hours",
    "find log last 24 hours",
)
"""The first makes the most statements, and is dear where each file is read in its own way."""


def good_rows(log: Log) -> dict[str, Any]:
    """Count the good file's rows by a statement that looks at every declared column."""
    measures: dict[str, Any] = {
        name: sa.func.max(log.column(name))
        for name in ("time", "status", "latency_ms", "score", "prediction", "region", "age")
    }
    where = [log.column("request_id").like("good-%")]
    return log.aggregate({"n": sa.func.count(), **measures}, where=where)[0]


def put(asking_: Asking, text: str) -> None:
    """Ask a question, without looking at words that repeat what damaged files hold."""
    person = Person("ana", "ana", "UTC")
    understood = understand(text, asking_.services.catalog(), person.tz)
    assert isinstance(understood, Ask), understood
    assert ask(understood.question, person, HERE, asking_.services).answer.headline


@pytest.mark.parametrize(("form", "at"), BATCHES)
def test_no_file_harms_what_lies_beside_it(
    form: Format,
    at: int,
    tmp_path: Path,
    bases: dict[Format, list[bytes]],
) -> None:
    """The good file's rows are counted, and each question ends in an answer or in plain words."""
    rng = np.random.default_rng([SEED, BATCHES.index((form, at))])
    # A name with a capital: sentences begin with it.
    fill(tmp_path / "Log", form, bases, rng)
    declared = {"files": "Log", "format": form, "roles": ROLES}
    try:
        with asking({"log": declared}, tmp_path, now=NOW, engine=ENGINE) as opened:
            assert (
                good_rows(opened.services.logs(now=NOW, zone=ZoneInfo("UTC")).of("log"))["n"]
                == GOOD
            )
            # In plain words is well, too.
            with suppress(PlainError):
                put(opened, QUESTIONS[at % len(QUESTIONS)])
    except Exception as error:
        error.add_note(f"Run it again with FUZZ_SEED={SEED}.")
        raise
