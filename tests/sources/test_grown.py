"""Text files that grow: what came is known as if all had been looked at anew, and much faster."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from queries.core.log import Log
from queries.sources.opening import OpenLogs

ROLES = {
    "time": "t",
    "request_id": "id",
    "status": "status",
    "latency_ms": "ms",
    "dimensions": ["region"],
    "features": ["age"],
}
NAMES = ("t", "id", "status", "ms", "region", "age")
Row = tuple[Any, ...]
FIRST: list[Row] = [
    (f"2026-11-20 10:{i % 60:02}:00", f"r{i}", 200, i, "emea", i / 2) for i in range(60)
]


def later(**changed: Any) -> list[Row]:
    """Give rows of the next hour, with some values changed."""
    usual = dict(zip(NAMES, ("2026-11-20 11:{:02}:00", "s{}", 500, 7, "apac", 0.5), strict=True))
    return [
        tuple(str(v).format(i) if isinstance(v, str) else v for v in {**usual, **changed}.values())
        for i in range(20)
    ]


def written(suffix: str, rows: list[Row], *, header: bool) -> str:
    """Write rows as a format has them."""
    if suffix == "jsonl":
        records = (dict(zip(NAMES, row, strict=True)) for row in rows)
        return "".join(json.dumps(each) + "\n" for each in records)
    lines = [",".join("" if v is None else str(v) for v in row) + "\n" for row in rows]
    return "".join([",".join(NAMES) + "\n"] * header + lines)


def seen(log: Log) -> dict[str, Any]:
    """Give what is known and counted of a log."""
    row = log.aggregate(
        {
            "n": sa.func.count(),
            "failed": sa.func.count(sa.case((log.column("failed"), 1))),
            "ms": sa.func.sum(log.column("latency_ms")),
            "age": sa.func.max(log.column("age")),
            "first": sa.func.min(log.column("time")),
            "last": sa.func.max(log.column("time")),
        },
        by={"region": log.column("region"), "status": log.column("status")},
    )
    kinds = [log.kind(name) for name in ("status", "latency_ms", "region", "age")]
    return {"rows": row, "kinds": kinds, "extent": log.extent(), "left out": log.left_out}


CAME: dict[str, list[Row]] = {
    "alike": later(),
    "other kinds": later(status="timeout", region=1.10),
    "not read": later(ms="slow", age="old"),
    "missing": later(ms=None, region=None, age="N/A"),
    "no times": later(t="yesterday"),
    "zoned": later(t="2026-11-20T11:{:02}:00Z"),
    "day first": later(t="21.11.2026 11:{:02}"),
    "longer ids": later(id="9876543210987654321{}"),
}


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
@pytest.mark.parametrize("came", CAME)
def test_what_came_is_known(
    came: str, suffix: str, tmp_path: Path, opening: Callable[..., OpenLogs]
) -> None:
    """Rows of whatever kind that are appended, twice, are known as in a file that lay there so."""
    path = tmp_path / f"log.{suffix}"
    declared = {"files": path.name, "roles": ROLES}
    path.write_text(written(suffix, FIRST, header=True))
    logs = opening(log=declared)
    assert len(seen(logs.logs().of("log"))["rows"]) == 1
    for _ in range(2):
        with path.open("a") as file:
            file.write(written(suffix, CAME[came], header=False))
        now, anew = seen(logs.logs().of("log")), seen(opening(log=declared).logs().of("log"))
        assert now == anew


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
@pytest.mark.parametrize(
    "times",
    ["20.11.2026 {:02}:00", "05/11/2026 {:02}:00", "17954064{:02}", "2026-11-20 10:00:{:02},5"],
)
def test_times_stay_in_their_form(
    times: str, suffix: str, tmp_path: Path, opening: Callable[..., OpenLogs]
) -> None:
    """Times in another form, or that could be read in several, are taken as those before."""
    first = [(times.format(i % 24), f"r{i}", 200, "1,5", "emea", i) for i in range(40)]
    first[0] = (times.replace("05/11", "28/11").format(1), *first[0][1:])
    path = tmp_path / f"log.{suffix}"
    declared = {"files": path.name, "roles": ROLES, "format": suffix}

    def text(rows: list[Row], *, header: bool) -> str:
        found = written(
            "csv", [tuple(str(v).replace(",", "§") for v in r) for r in rows], header=header
        )
        if suffix == "jsonl":
            return written(suffix, rows, header=header)
        return found.replace(",", ";").replace("§", ",")

    path.write_text(text(first, header=True))
    logs = opening(log=declared)
    seen(logs.logs().of("log"))
    with path.open("a") as file:
        file.write(text([(times.format(7), "s1", 500, "2,5", "apac", 1)], header=False))
    now, anew = seen(logs.logs().of("log")), seen(opening(log=declared).logs().of("log"))
    assert now == anew
    assert sum(row["n"] for row in now["rows"]) == 41


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_a_line_that_is_being_written(
    suffix: str, tmp_path: Path, opening: Callable[..., OpenLogs]
) -> None:
    """A line that is cut is known when it is whole, and counted once."""
    path = tmp_path / f"log.{suffix}"
    text = written(suffix, later(), header=False)
    path.write_text(written(suffix, FIRST, header=True) + text[:70])
    logs = opening(log={"files": path.name, "roles": ROLES})
    for end in (70, 95, 150, len(text)):
        path.write_text(written(suffix, FIRST, header=True) + text[:end])
        seen(logs.logs().of("log"))
    anew = seen(opening(log={"files": path.name, "roles": ROLES}).logs().of("log"))
    assert seen(logs.logs().of("log")) == anew
    assert anew["left out"] == []


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_only_what_came_is_looked_at(
    suffix: str, tmp_path: Path, opening: Callable[..., OpenLogs]
) -> None:
    """What lies far behind the end isn't looked at again: a value that was changed there shows."""
    path = tmp_path / f"log.{suffix}"
    many = [(*row[:3], 123456, *row[4:]) for row in FIRST] * 200
    path.write_text(written(suffix, many, header=True))
    logs = opening(log={"files": path.name, "roles": {"time": "t", "latency_ms": "ms"}})
    count = {"n": sa.func.count(), "ms": sa.func.count(sa.column("latency_ms"))}

    def told() -> tuple[dict[str, Any], list[str]]:
        log = logs.logs().of("log")
        return log.aggregate(count)[0], log.left_out

    assert told() == ({"n": 12000, "ms": 12000}, [])
    content = path.read_bytes()
    middle = content.index(b"123456", len(content) // 2)
    came = written(suffix, later(), header=False).encode()
    path.write_bytes(content[:middle] + b"'slow'" + content[middle + 6 :] + came)
    (numbers, said) = told()
    assert numbers["n"] == 12020
    assert said == []


@pytest.mark.parametrize("end", ["begins", "ends"])
def test_a_file_that_is_another_one_is_looked_at_anew(
    end: str, tmp_path: Path, opening: Callable[..., OpenLogs]
) -> None:
    """A longer file that begins otherwise, or held something else at its end, didn't grow."""
    path = tmp_path / "log.csv"
    path.write_text(written("csv", FIRST, header=True))
    logs = opening(log={"files": path.name, "roles": ROLES})
    seen(logs.logs().of("log"))
    other = [(*FIRST[-1][:3], "slow", *FIRST[-1][4:])]
    rows = [*other, *FIRST[1:]] if end == "begins" else [*FIRST[:-1], *other]
    path.write_text(written("csv", [*rows, *later()], header=True))
    said = " ".join(seen(logs.logs().of("log"))["left out"])
    assert "1 of 80 values of “ms” is no number, such as “slow”" in said


def test_packed_files_and_open_quotes_are_looked_at_anew(
    tmp_path: Path, opening: Callable[..., OpenLogs]
) -> None:
    """Where the end alone tells nothing, all is looked at again."""
    packed, quoted = tmp_path / "a.csv.gz", tmp_path / "b.csv"
    text = written("csv", FIRST, header=True)
    packed.write_bytes(gzip.compress(text.encode()))
    quoted.write_text(text)
    logs = opening(
        a={"files": packed.name, "roles": ROLES}, b={"files": quoted.name, "roles": ROLES}
    )
    for name in ("a", "b"):
        seen(logs.logs().of(name))
    more = written("csv", later(region='"two\nlines"'), header=False)
    packed.write_bytes(gzip.compress((text + more).encode()))
    quoted.write_text(text + more)
    for name in ("a", "b"):
        rows = seen(logs.logs().of(name))["rows"]
        assert [(row["region"], row["n"]) for row in rows] == [("emea", 60), ("two\nlines", 20)]
