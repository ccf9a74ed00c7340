"""Roles that name a part of what a column holds: objects, lists, JSON in text, base64 of it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from queries.core.log import Log
from queries.core.times.spans import Span
from queries.sources.cells.paths import read_path
from tests.sources.records import FORMATS, place

RECORDS = [
    {
        "meta": {"time": f"2026-11-20T10:{i:02}:00.123Z", "id": f"r{i}"},
        "request": {"elements": [{"Age": 30 + i, "Region": "emea" if i % 2 else "us"}]},
        "response": json.dumps({"predictions": [i / 50, 1 - i / 50]}),
        "attributes": {"gen_ai.request.model": "1.10" if i % 3 else "1.1"},
        "status": {"code": 200 if i % 10 else 500},
    }
    for i in range(50)
]
ROLES = {
    "time": "meta.time",
    "request_id": "meta.id",
    "version": "attributes.gen_ai.request.model",
    "status": "status.code",
    "score": "response->predictions[0]",
    "features": ["request.elements[0].Age"],
    "dimensions": {"region": "request.elements[0].Region"},
}


@pytest.mark.parametrize("kind", FORMATS)
def test_parts_of_columns_are_read(
    kind: str, tmp_path: Path, postgres_url: str, opened: Callable[..., Log]
) -> None:
    """Times, ids, statuses, scores, inputs and splits may all lie within objects and JSON text."""
    log = opened(**place(kind, tmp_path, postgres_url, RECORDS), roles=ROLES)
    extent = log.extent()
    assert extent is not None
    rows = log.aggregate(
        {
            "n": sa.func.count(),
            "failed": sa.func.count(sa.case((log.column("failed"), 1))),
            "age": sa.func.sum(log.column("Age")),
            "score": sa.func.sum(log.column("score")),
        },
        by={"version": log.column("version"), "region": log.column("region")},
        spans=[Span(extent.start, extent.end)],
    )
    expected: dict[tuple[str, str], list[int]] = {}
    for i in range(50):
        key = ("1.10" if i % 3 else "1.1", "emea" if i % 2 else "us")
        expected.setdefault(key, []).append(i)
    assert [(row["version"], row["region"]) for row in rows] == sorted(expected)
    for row in rows:
        of = expected[row["version"], row["region"]]
        assert row["n"] == len(of)
        assert row["failed"] == sum(i % 10 == 0 for i in of)
        assert row["age"] == sum(30 + i for i in of)
        assert row["score"] == pytest.approx(sum(i / 50 for i in of))
    assert log.left_out == []


@pytest.mark.parametrize("kind", FORMATS)
def test_text_that_is_base64_of_json_is_opened(
    kind: str, tmp_path: Path, postgres_url: str, opened: Callable[..., Log]
) -> None:
    """A payload that a gateway wrote as base64 is read like one that it wrote plainly."""

    def coded(i: int) -> str:
        return base64.b64encode(json.dumps({"inputs": {"age": i}}).encode()).decode()

    records = [{"t": f"2026-11-20T10:{i:02}:00Z", "bytes": coded(i)} for i in range(20)]
    where = place(kind, tmp_path, postgres_url, records)
    log = opened(**where, roles={"time": "t", "features": ["bytes.inputs.age"]})
    assert log.aggregate({"sum": sa.func.sum(log.column("age"))}) == [{"sum": sum(range(20))}]


@pytest.mark.parametrize("kind", FORMATS)
def test_broken_json_is_a_missing_value(
    kind: str, tmp_path: Path, postgres_url: str, opened: Callable[..., Log]
) -> None:
    """A payload that was cut off loses what is in it, and not its request."""
    records = [
        {"t": f"2026-11-20T10:{i:02}:00Z", "payload": '{"age": 7}' if i else '{"age": 7'}
        for i in range(20)
    ]
    log = opened(
        **place(kind, tmp_path, postgres_url, records),
        roles={"time": "t", "features": ["payload.age"]},
    )
    measures = {"n": sa.func.count(), "known": sa.func.count(log.column("age"))}
    assert log.aggregate(measures) == [{"n": 20, "known": 19}]


@pytest.mark.parametrize("kind", FORMATS)
def test_json_within_json_is_opened(
    kind: str, tmp_path: Path, postgres_url: str, opened: Callable[..., Log]
) -> None:
    """Text within JSON may hold JSON in turn, plainly or as base64, and what is neither is missing.

    Base64 of what is no text, and text that only looks like base64, end no ask.
    """

    def coded(content: bytes) -> str:
        return base64.b64encode(content).decode()

    def body(i: int) -> str:
        inner = json.dumps({"user": {"age": i, "name": "Köln €"}}, ensure_ascii=False)
        return json.dumps({"plain": inner, "coded": coded(inner.encode())})

    odd = ("abcd", coded(b"\xff\xfe\x00"), coded(b"plain"), "no base64!", "")
    records: list[dict[str, Any]] = [
        {
            "t": f"2026-11-20T10:{i:02}:00Z",
            "call": {"body": body(i)},
            "gate": coded(body(i).encode()),
        }
        for i in range(20)
    ]
    records += [
        {
            "t": f"2026-11-20T11:{i:02}:00Z",
            "call": {"body": json.dumps({"plain": text, "coded": text})},
            "gate": text,
        }
        for i, text in enumerate(odd)
    ]
    columns = {
        "plain": "call.body.plain.user.age",
        "coded": "call.body.coded.user.age",
        "gate": "gate.coded.user.age",
        "name": "gate.plain.user.name",
    }
    log = opened(
        **place(kind, tmp_path, postgres_url, records), roles={"time": "t", "features": columns}
    )
    sums = {name: sa.func.sum(log.column(name)) for name in ("plain", "coded", "gate")}
    counts = {"n": sa.func.count(), "named": sa.func.count(log.column("name"))}
    assert log.aggregate({**sums, **counts}) == [
        {**dict.fromkeys(sums, sum(range(20))), "n": 25, "named": 20}
    ]
    names = log.aggregate({"n": sa.func.count()}, by={"name": log.column("name")})
    assert [(row["name"], row["n"]) for row in names] == [("Köln €", 20), (None, 5)]


def test_keys_that_come_and_go_are_missing_where_they_are_not(
    tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """Of two files one lacks a key: its requests count, and the value is missing there."""
    first = [{"t": "2026-11-20T10:00:00Z", "usage": {"in": 3}}] * 4
    later = [{"t": "2026-11-21T10:00:00Z", "usage": {"out": 9}}] * 5
    for name, records in (("a", first), ("b", later)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, records)) + "\n")
    log = opened(files="*.jsonl", roles={"time": "t", "metrics": ["usage.in"]})
    measures = {"n": sa.func.count(), "tokens": sa.func.sum(log.column("in"))}
    assert log.aggregate(measures) == [{"n": 9, "tokens": 12}]


def test_a_column_called_like_a_path_is_itself(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """A column whose own name has points in it is meant before a path is."""
    (tmp_path / "a.csv").write_text(
        't,a.b,a\n2026-11-20T10:00:00Z,own,"{""b"": ""inner""}"\n', encoding="utf-8"
    )
    log = opened(files="a.csv", roles={"time": "t", "dimensions": ["a.b"]})
    rows = log.aggregate({"n": sa.func.count()}, by={"b": log.column("b")})
    assert rows == [{"b": "own", "n": 1}]


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_an_object_is_no_status(
    kind: str, tmp_path: Path, postgres_url: str, opened: Callable[..., Log]
) -> None:
    """A column of objects is not taken for a text of which every value is a bad status."""
    log = opened(
        **place(kind, tmp_path, postgres_url, RECORDS),
        roles={"time": "meta.time", "status": "status"},
    )
    assert not log.has("failed")


@pytest.mark.parametrize(
    ("text", "root", "steps"),
    [
        ("a.b", "a", ("b",)),
        ("request.elements[0].Age", "request", ("elements", 0, "Age")),
        ("response->predictions", "response", ("predictions",)),
        ('a."x y".z[3]', "a", ("x y", "z", 3)),
        ("a->b->>c[1]", "a", ("b", "c", 1)),
        ("x.gen-ai.y", "x", ("gen-ai", "y")),
        ('"odd name"[2]', "odd name", (2,)),
    ],
)
def test_a_path_is_read_as_it_is_written(text: str, root: str, steps: tuple[Any, ...]) -> None:
    """Points, arrows, brackets and quotes name keys and places."""
    path = read_path(text)
    assert path is not None
    assert (path.root, path.steps) == (root, steps)


@pytest.mark.parametrize(
    "text", ["a", "age group", "a-b", "a.b - c", "$.a", "end - start", "a.", ""]
)
def test_what_is_no_path_is_a_name(text: str) -> None:
    """A plain name, one with spaces, and an expression are no paths."""
    assert read_path(text) is None
