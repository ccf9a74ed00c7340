"""Changed inputs against the weeks before, and chunk by chunk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from queries.core.answer import Severity
from queries.core.errors import NotAnswerable
from tests.asking import Asking, asking, rows
from tests.questions.inputs.test_question import LOG, ROLES, cell, only
from tests.questions.planted import write

EVERY = 300
WEEKS = 7 * 288
"""Rows of a week, one every five minutes."""

YESTERDAY = "stamp >= TIMESTAMP '2026-11-22 12:00'"


def ask(folder: Path, text: str, weeks: float, columns: dict[str, str] | None = None) -> Any:
    """Write a log of some weeks without a reference, and ask it."""
    write(folder / "log.parquet", rows(round(weeks * WEEKS), LOG | (columns or {}), every=EVERY))
    with asking({"x": {"files": "log.parquet", "roles": ROLES}}, folder) as house:
        return house.answer(text)


def test_a_shift_against_the_weeks_before(tmp_path: Path) -> None:
    """The last day is compared with the same day of four weeks, and a shift is found."""
    columns = {"age": f"CASE WHEN {YESTERDAY} THEN 30 ELSE 18 END + floor(50 * v)"}
    answer = ask(tmp_path, "inputs x last 24 hours against usual", 6, columns)
    assert answer.severity is Severity.WARNING
    assert answer.headline == "x: “age” shifted: 52.2 on average, 42.3 in the weeks before"
    assert answer.summary == (
        "288 requests in the last 24 hours, compared with 1,152 rows in the weeks before."
    )
    assert answer.caveats == ()


def test_without_a_reference_the_weeks_before_are_usual(tmp_path: Path) -> None:
    """A source without a reference set is compared with its past unasked, and may be quiet."""
    answer = ask(tmp_path, "inputs x last 24 hours", 6)
    assert answer.headline == "x: none of 4 inputs changed enough to matter"
    assert "in the weeks before" in answer.summary


def test_too_little_past_is_said(tmp_path: Path) -> None:
    """With fewer than four comparable times the comparison says so; with none, what to do."""
    answer = ask(tmp_path, "inputs x last 24 hours", 3)
    (caveat,) = answer.caveats
    assert caveat.startswith("Only 2 comparable times lie before:")
    with pytest.raises(NotAnswerable, match=r"begins too late\. Ask for a shorter time, or"):
        ask(tmp_path, "inputs x last 7 days", 1)


def test_a_name_is_never_taken_for_a_word(tmp_path: Path) -> None:
    """What to declare is told with the source's own name, also where that holds a word of ours."""
    write(tmp_path / "log.parquet", rows(WEEKS, LOG, every=EVERY))
    with asking({"Phone": {"files": "log.parquet", "roles": ROLES}}, tmp_path) as house:
        for text in ("inputs Phone last 7 days", "inputs Phone last 24 hours against reference"):
            with pytest.raises(NotAnswerable, match=r"under \[sources\.Phone\.reference\]"):
                house.answer(text)


def test_the_month_before(tmp_path: Path) -> None:
    """A month is compared with the month before, in those words."""
    columns = {"age": "CASE WHEN month(stamp) = 10 THEN 30 ELSE 18 END + floor(50 * v)"}
    answer = ask(tmp_path, "inputs x last month", 13, columns)
    assert answer.headline.endswith("42.1 in the month before")


def test_a_share_that_always_varies_is_not_called_emptied(tmp_path: Path) -> None:
    """Missing values that come and go by the day are no alarm until beyond how they varied."""
    noisy = "dayofyear(stamp - INTERVAL 12 HOUR) * 37 % 100 / 400.0"
    share = f"CASE WHEN {YESTERDAY} THEN {{}} ELSE {noisy} END"
    usual = {"income": f"CASE WHEN u < {share.format(0.2)} THEN NULL ELSE 3000 END"}
    answer = ask(tmp_path, "inputs x last 24 hours", 6, usual)
    assert cell(answer, "income", "missing") > 0.15
    assert answer.severity is Severity.GOOD
    beyond = {"income": f"CASE WHEN u < {share.format(0.9)} THEN NULL ELSE 3000 END"}
    assert ask(tmp_path, "inputs x last 24 hours", 6, beyond).severity is Severity.ALARM


def test_reference_or_past_as_asked(tmp_path: Path) -> None:
    """`against` chooses what is compared with where there are both."""
    write(tmp_path / "log.parquet", rows(6 * WEEKS, LOG, every=EVERY))
    before = LOG | {"age": "40 + floor(20 * v)"}
    write(tmp_path / "reference.parquet", rows(5000, before, salt="before"))
    source = {"files": "log.parquet", "roles": ROLES, "reference": {"files": "reference.parquet"}}
    with asking({"x": source}, tmp_path) as house:
        usual = house.answer("inputs x last 24 hours against usual")
        reference = house.answer("inputs x last 24 hours against reference")
        default = house.answer("inputs x last 24 hours")
    assert usual.severity is Severity.GOOD
    assert only(reference, "shifted").text.startswith("“age” shifted")
    assert default.headline == reference.headline


@pytest.fixture(scope="module")
def chunked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """Twelve chunks of 500 requests, the last two shifted; a reference of twelve others."""
    folder = tmp_path_factory.mktemp("chunked")
    columns = LOG | {"n": "i", "age": "CASE WHEN i >= 5000 THEN 60 ELSE 18 + floor(50 * v) END"}
    write(folder / "log.parquet", rows(6000, columns))
    before = LOG | {"n": "i"}
    write(folder / "reference.parquet", rows(6100, before, salt="before"))
    source = {
        "files": "log.parquet",
        "roles": ROLES,
        "chunks": {"rows": 500, "order": "n"},
        "reference": {"files": "reference.parquet"},
    }
    with asking({"x": source}, folder) as house:
        yield house


def chunks(house: Asking, text: str, name: str, dataset: str = "production") -> list[Any]:
    """The rows of one input in the table of chunks."""
    rows_ = house.tables(text)["By chunk"]
    return [row for row in rows_ if row["input"] == name and row["dataset"] == dataset]


def test_chunks_outside_the_band_of_the_reference(chunked: Asking) -> None:
    """The two shifted chunks of that input are unusual, by more than the band, and no others."""
    found = chunks(chunked, "inputs x all", "age")
    assert [row["chunk"] for row in found if row["unusual"]] == [10, 11]
    assert all(row["rows"] == 500 for row in found)
    assert not any(row["unusual"] for row in chunks(chunked, "inputs x all", "income"))


def test_a_last_chunk_that_is_small_is_given_more_room(chunked: Asking) -> None:
    """The reference's last chunk of 100 rows has a wider band, and none is called unusual."""
    found = chunks(chunked, "inputs x all", "channel", "reference")
    assert [row["rows"] for row in found] == [500] * 12 + [100]
    assert found[-1]["usual_high"] > 1.5 * found[0]["usual_high"]
    assert not any(row["unusual"] for row in found)


def test_chunks_of_the_time_and_conditions_asked_for(chunked: Asking) -> None:
    """Chunks keep their number in the whole log, and hold only what was asked for."""
    found = chunks(chunked, "inputs x last 24 hours where region = emea", "age")
    assert [row["chunk"] for row in found] == [9, 10, 11]
    assert [row["rows"] for row in found] == [147, 167, 166]
    assert re.match(r"2026-11-22T12:0\d", found[0]["first"])
    assert re.match(r"2026-11-23T11:5\d", found[-1]["last"])
