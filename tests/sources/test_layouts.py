"""Text files as programs lay them out: read rightly, or left out with the reason in plain words."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from queries.core.errors import LogUnreadable
from queries.core.log import Log

ROLES = {
    "time": "t",
    "request_id": "id",
    "status": "status",
    "latency_ms": "ms",
    "dimensions": ["region"],
}
NAMES = ("id", "t", "status", "ms", "region")
REGIONS = ("Köln", "Zürich", "NA")
ROWS = [
    (f"r{i}", f"2026-11-20 10:{i % 60:02}:00", 500 if i % 3 == 0 else 200, i, REGIONS[i % 3])
    for i in range(30)
]
"""Of which ten failed, all of them in Köln; the latencies are 435 in all."""

RIGHT = {"n": 30, "failed": 10, "ms": 435, "in": 10}
TEXT = "\n".join(",".join(map(str, row)) for row in [NAMES, *ROWS]) + "\n"
OBJECTS = [dict(zip(NAMES, row, strict=True)) for row in ROWS]
WINDOWS = TEXT.replace("ü", "€")
"""With a sign that Windows-1252 has, and Latin-1 has not."""
LINES = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in OBJECTS)


def told(log: Log) -> dict[str, Any]:
    """Count the requests, the failed ones, those in Köln, and add the latencies."""
    (row,) = log.aggregate(
        {
            "n": sa.func.count(),
            "failed": sa.func.count(sa.case((log.column("failed"), 1))),
            "ms": sa.func.sum(log.column("latency_ms")),
            "in": sa.func.count(sa.case((log.column("region") == "Köln", 1))),
        }
    )
    assert log.column("time") is not None
    return row


@pytest.fixture
def reading(tmp_path: Path, opened: Callable[..., Log]) -> Callable[[str, bytes], Log]:
    """Write one file and open it as a log."""

    def log(name: str, content: bytes) -> Log:
        (tmp_path / "log").mkdir(exist_ok=True)
        (tmp_path / "log" / name).write_bytes(content)
        return opened(files="log/*", format=Path(name).suffixes[0].lstrip("."), roles=ROLES)

    return log


def piped(text: str) -> str:
    """Quote every name of the header, and part the columns by bars."""
    header, rest = text.replace(",", "|").split("\n", 1)
    return "|".join(f'"{name}"' for name in header.split("|")) + "\n" + rest


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", TEXT.encode()),
        ("a.csv", TEXT.encode("utf-8-sig")),
        ("a.csv", TEXT.encode("utf-16")),
        ("a.csv", TEXT.encode("utf-16-le")),
        ("a.csv", TEXT.encode("latin-1")),
        ("a.csv.gz", gzip.compress(TEXT.encode("latin-1"))),
        ("a.csv.gz", gzip.compress(TEXT.encode("utf-16"))),
        ("a.csv", gzip.compress(TEXT.encode())),
        ("a.csv.gz", TEXT.encode()),
        ("a.csv", WINDOWS.encode("cp1252")),
        ("a.csv", WINDOWS.replace("\n", "\r\n").encode("cp1252")),
        ("a.csv", WINDOWS.replace("\n", "\r").encode("cp1252")),
        ("a.csv", WINDOWS.replace(",", ";").encode("cp1252")),
        ("a.csv", piped(WINDOWS).encode("cp1252")),
        ("a.csv", WINDOWS.replace(",", "\t").encode("cp1252")),
        ("a.csv", ('"Requests, by hour"\n\n# of 20 November\n' + WINDOWS).encode("cp1252")),
        ("a.jsonl", LINES.replace("ü", "€").encode("cp1252")),
        ("a.jsonl", LINES.replace("ü", "€").replace("\n", "\r\n").encode("cp1252")),
        ("a.csv", TEXT.replace("\n", "\r\n").encode()),
        ("a.csv", TEXT.replace("\n", "\r").encode()),
        ("a.csv", TEXT.replace("\n", "\r\n").encode("utf-16")),
        ("a.csv", TEXT.replace(",", ";").encode()),
        ("a.csv", TEXT.replace(",", "\t").encode()),
        ("a.csv", piped(TEXT).encode()),
        ("a.csv", ("# export\n" + TEXT).encode()),
        ("a.csv", ("sep=,\n" + TEXT).encode()),
        ("a.csv", ('"Requests, by hour"\n\n# of 20 November\n' + TEXT).encode("utf-8-sig")),
        ("a.csv", ("# export\n" + TEXT).replace("\n", "\r").encode()),
        ("a.csv", ("# " + TEXT).encode()),
        ("a.csv", ("," + TEXT.replace("\n", "\n0,").removesuffix("0,")).encode()),
        ("a.jsonl", LINES.encode()),
        ("a.jsonl", LINES.encode("utf-8-sig")),
        ("a.jsonl", LINES.encode("utf-16")),
        ("a.jsonl", LINES.encode("latin-1")),
        ("a.jsonl.gz", gzip.compress(LINES.encode("latin-1"))),
        ("a.jsonl", gzip.compress(LINES.encode())),
        ("a.jsonl.gz", LINES.encode()),
        ("a.jsonl", LINES.replace("\n", "\r\n").encode()),
        ("a.jsonl", LINES.replace("\n", "\r").encode()),
        ("a.jsonl", json.dumps(OBJECTS).encode()),
        ("a.jsonl", json.dumps(OBJECTS, indent=2).encode()),
        ("a.jsonl", json.dumps(OBJECTS, indent=2).encode("utf-8-sig")),
        ("a.json.gz", gzip.compress(json.dumps(OBJECTS).encode())),
        ("a.json", "\n".join(json.dumps(each, indent=2) for each in OBJECTS).encode()),
    ],
)
def test_a_layout_is_read(name: str, content: bytes, reading: Callable[[str, bytes], Log]) -> None:
    """Whatever its encoding, line ends, delimiter, remarks or packing: the same numbers."""
    log = reading(name, content)
    assert told(log) == RIGHT
    assert log.left_out == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", ("\ufeff" + TEXT).encode("utf-16-be"), "UTF-16 with the high byte first"),
        ("a.csv", TEXT.encode("utf-32"), "UTF-32; save it as UTF-8"),
        (
            "a.csv.gz",
            gzip.compress(TEXT.replace("ü", "€").encode("cp1252")),
            "as Windows does (Windows-1252)",
        ),
        ("a.csv", TEXT.replace("\n", "\r\n", 9).encode(), "its lines end in different ways"),
        ("a.csv", TEXT.replace("region", "id").encode(), "its header names “id” twice"),
        ("a.csv", TEXT.split("\n", 1)[1].encode(), "its first lines name none of the columns"),
        ("a.csv", ('id,t\n"' + TEXT).encode(), "a quote that opens in line 2 never closes"),
        ("a.csv", ("id,t\n" + TEXT).encode(), "none of its lines has as many values as its header"),
        ("a.csv", LINES.encode(), "it is JSON, and not CSV as this log is declared"),
        ("a.csv", b"<!DOCTYPE html><html>", "it is a web page, and not CSV"),
        ("a.jsonl", TEXT.encode(), "none of its lines is a JSON record"),
        ("a.jsonl", json.dumps(OBJECTS)[:-9].encode(), "its JSON is broken or cut off"),
        ("a.jsonl", b'[{"a": 1}]\n[{"a": 2}]\n', "none of its lines is a JSON record"),
    ],
)
def test_what_is_not_read_is_said(
    name: str, content: bytes, said: str, reading: Callable[[str, bytes], Log]
) -> None:
    """A file that can't be read beside one that can is left out, with what to do about it."""
    good = (TEXT if ".csv" in name else LINES).encode()
    reading(name.replace("a.", "good."), good)
    log = reading(name, content)
    assert told(log) == RIGHT
    assert len(log.left_out) == 1
    assert log.left_out[0].startswith(f"log/{name}: left out, as ")
    assert said in log.left_out[0]


ODD = {
    "plain": "plain",
    "euro": "5 € – “fine”, ‘so’ … Ž",
    "quoted": 'said "no", then “yes”',
    "lines": "first €\nsecond",
    "signs": "100 % \\x41 %41 \\ 'a' + b ß",
    "empty": "",
}


@pytest.mark.parametrize("first", [0, 400_000], ids=["at once", "far down"])
@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_the_signs_of_windows(
    suffix: str, first: int, tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """Each sign is what it is on Windows, wherever the first stands, within quotes as well."""
    plain = [{"t": "2026-11-20 10:00:00", "k": "p", "v": "x" * 99}] * (first // 99)
    rows = [*plain, *({"t": "2026-11-20 11:00:00", "k": k, "v": v} for k, v in ODD.items())]
    path = tmp_path / f"a.{suffix}"
    if suffix == "csv":
        with path.open("w", encoding="cp1252", newline="") as file:
            writer = csv.DictWriter(file, ["t", "k", "v"])
            writer.writeheader()
            writer.writerows(rows)
    else:
        text = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in rows)
        path.write_text(text, encoding="cp1252")
    log = opened(files=path.name, roles={"time": "t", "dimensions": ["k", "v"]})
    found = log.records(["k", "v"], spans=None, where=[log.column("k") != "p"], limit=20)
    assert {row["k"]: row["v"] or "" for row in found} == ODD
    assert log.aggregate({"n": sa.func.count()}) == [{"n": len(rows)}]
    assert log.left_out == []


def test_odd_lines_of_windows_are_counted(reading: Callable[[str, bytes], Log]) -> None:
    """A line with too few or too many values is left out and told, as of any CSV file."""
    log = reading("a.csv", (WINDOWS + "r31,2026-11-20\nr32,,,,,,\n").encode("cp1252"))
    assert told(log) == RIGHT
    assert log.left_out == ["log/a.csv: left out 2 unreadable lines."]


def test_layouts_lie_side_by_side(reading: Callable[[str, bytes], Log]) -> None:
    """Each file of a log is read as it is laid out itself."""
    # Each with requests of its own, as one that is logged again would count once.
    first, second, third, last = (TEXT.replace("\nr", f"\n{at}r") for at in range(4))
    contents = [
        first.encode("latin-1"),
        second.replace(",", ";").encode("utf-16"),
        ("# export\n" + third.replace("ü", "€")).encode("cp1252"),
        last.replace("\n", "\r").encode("utf-8-sig"),
    ]
    for at, content in enumerate(contents):
        log = reading(f"a{at}.csv", content)
    assert told(log) == {name: 4 * value for name, value in RIGHT.items()}
    assert log.left_out == []


def test_a_header_alone_is_a_log_of_no_row(reading: Callable[[str, bytes], Log]) -> None:
    """A file of a header alone loses nothing, and says nothing."""
    reading("good.csv", TEXT.encode())
    log = reading("a.csv", TEXT.split("\n", 1)[0].encode())
    assert told(log) == RIGHT
    assert log.left_out == []


@pytest.mark.parametrize(
    ("before", "lost"),
    [
        (["garbage here", "", "[1, 2]", "5", " ", '{"id": "half'], 4),
        (['"text"', "null", '{"other": 1}'], 3),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_lines_that_are_no_records_are_counted(
    encoding: str, before: Sequence[str], lost: int, reading: Callable[[str, bytes], Log]
) -> None:
    """Among garbage each record is read, and each line that is none is counted."""
    lines = LINES.splitlines()
    mixed = "\n".join([lines[0], *before, *lines[1:]]) + "\n"
    log = reading("a.jsonl", mixed.encode(encoding))
    assert told(log) == RIGHT
    assert log.left_out == [f"log/a.jsonl: left out {lost} unreadable lines."]


def test_columns_that_nobody_asks_for_may_have_one_name(
    reading: Callable[[str, bytes], Log],
) -> None:
    """Two columns of one name, or of one but for capitals, matter only where they are declared."""
    header, *rest = TEXT.splitlines()
    text = "\n".join([f"{header},x,x,ID,,", *(f"{line},1,2,3,4,5" for line in rest)]) + "\n"
    log = reading("a.csv", text.encode())
    assert told(log) == RIGHT
    assert log.left_out == []


def test_line_ends_within_quotes_are_part_of_a_value(reading: Callable[[str, bytes], Log]) -> None:
    """A text of several lines, typed on Windows, spoils no other line."""
    header, *rest = TEXT.splitlines()
    lines = [f"{header},note", *(f'{line},"one\r\ntwo, ""three"""' for line in rest)]
    log = reading("a.csv", ("\n".join(lines) + "\n").encode())
    assert told(log) == RIGHT
    assert log.left_out == []


def test_an_open_quote_loses_what_follows_and_says_so(reading: Callable[[str, bytes], Log]) -> None:
    """What stands before a quote that never closes is counted, and the loss is told."""
    log = reading("a.csv", (TEXT + 'r30,2026-11-20 11:00:00,200,"1,NA\n' + TEXT).encode())
    assert told(log) == RIGHT
    assert log.left_out == ["log/a.csv: left out all after line 32, where a quote never closes."]


def test_a_log_of_one_wrong_file_says_what_it_is(reading: Callable[[str, bytes], Log]) -> None:
    """Where no file can be read, the error says of one what it is."""
    log = reading("a.csv", LINES.encode())
    with pytest.raises(LogUnreadable, match=r"a\.csv: it is JSON, and not CSV as this log is"):
        told(log)
