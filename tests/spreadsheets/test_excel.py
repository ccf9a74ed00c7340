"""Excel workbooks, opened again with another program's reader."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.spreadsheets import excel, write_excel
from queries.core.answer import Column, RowStream
from queries.core.errors import Cancelled
from queries.core.value import Cell
from tests.spreadsheets.books import BERLIN, COLUMNS, ROWS, sheet, texts, workbook


def reopened(path: Path) -> Any:
    """The workbook as openpyxl reads it, formulas as their text."""
    return openpyxl.load_workbook(path)


def column_a(path: Path) -> list[object]:
    """The values below the header in the first table's first column."""
    rows = reopened(path).worksheets[1].iter_rows(min_row=2, max_col=1, values_only=True)
    return [value for (value,) in rows]


def test_values_types_and_formats_survive(tmp_path: Path) -> None:
    """Every cell comes back with its value and type, and is shown in its column's format."""
    path = tmp_path / "a.xlsx"
    assert write_excel(workbook(sheet()), path) == ()
    tab = reopened(path)["Errors by region"]
    local = datetime(2026, 11, 23, 12, 0, 0, 250_000)  # noqa: DTZ001 (Excel knows no zones)
    assert [cell.value for cell in tab[1]] == [
        "Time (Europe/Berlin)", "Region", "Requests", "Failed", "Median (ms)", "Score", "Approved",
    ]  # fmt: skip
    assert [cell.value for cell in tab[2]] == [local, "EMEA", 12_310, 0.048, 241.5, 0.83, True]
    assert [cell.value for cell in tab[3]] == [local, "=1+1", 0, 0, None, -0.5, False]
    assert [cell.value for cell in tab[4]] == [None] * 7
    assert [cell.value for cell in tab[5]][1:6] == ["@SUM(A1)", str(2**60), 1, 0, "NaN"]
    assert [cell.value for cell in tab[6]][1:6] == [
        "https://example.org", -3, 0.5, 1e9, "-infinity",
    ]  # fmt: skip
    assert [cell.number_format for cell in tab[2]][:5] == [
        "yyyy-mm-dd hh:mm:ss", "General", "#,##0", "0.0 %", "#,##0.0",
    ]  # fmt: skip


def test_nothing_is_a_formula_or_a_link(tmp_path: Path) -> None:
    """Texts that look like formulas or addresses are texts, in the About tab too."""
    path = tmp_path / "a.xlsx"
    write_excel(workbook(sheet()), path)
    cells = [cell for tab in reopened(path) for row in tab.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b", "inlineStr"}
    assert not any(cell.hyperlink for cell in cells)


def test_the_header_is_bold_frozen_filtered_and_wide_enough(tmp_path: Path) -> None:
    """A reader can scroll and filter at once, and sees whole titles and times."""
    path = tmp_path / "a.xlsx"
    write_excel(workbook(sheet()), path)
    tab = reopened(path)["Errors by region"]
    assert all(cell.font.bold for cell in tab[1])
    assert tab.freeze_panes == "A2"
    assert tab.auto_filter.ref == "A1:G6"
    assert tab.column_dimensions["A"].width >= 20
    assert tab.column_dimensions["C"].width >= len("Requests")


def test_the_about_tab_says_what_the_answer_rests_on(tmp_path: Path) -> None:
    """The first tab holds what was asked, label by label."""
    path = tmp_path / "a.xlsx"
    book = workbook(sheet())
    write_excel(book, path)
    assert reopened(path).sheetnames == ["About", "Errors by region"]
    rows = [*reopened(path)["About"].iter_rows(values_only=True)]
    assert rows == [*book.about]


def test_long_texts_are_cut_and_that_is_said(tmp_path: Path) -> None:
    """Excel holds 32,767 characters a cell, emoji counting twice; the rest is cut and counted."""
    path = tmp_path / "a.xlsx"
    said = write_excel(workbook(texts("x" * 32_767, "y" * 40_000, "🚀" * 20_000)), path)
    exact, long, wide = (str(text) for text in column_a(path))
    assert exact == "x" * 32_767
    assert long == "y" * 32_766 + "…"
    assert wide == "🚀" * 16_383 + "…"
    assert said == ("“Errors by region”: 2 texts longer than 32,767 characters cut.",)
    assert [*reopened(path)["About"].iter_rows(values_only=True)][-1] == ("Left out", said[0])


def test_rows_past_the_limit_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that the sheet has no room for are left out, and their number is said."""
    monkeypatch.setattr(excel, "_MOST_ROWS", 4)
    path = tmp_path / "a.xlsx"
    said = write_excel(workbook(texts("a", "b", "c", "d", "e")), path)
    assert column_a(path) == ["a", "b", "c"]
    assert said == ("“Errors by region”: 2 rows more than the 4 that an Excel sheet holds.",)


HOSTILE = [
    "<r><t>mark-up</t></r>",
    "<r></r>",
    "</t></is></c>",
    "_x0041_",
    "\x00\x01\x1f\x7f",
    "\ud800",
    "\ufffe\uffff",
    "a\r\nb\tc",
    "  spaces  ",
    "'quoted",
    "{=1}",
    "-1",
    "007",
    "1e5",
    "TRUE",
    "&amp;<![CDATA[",
    "\u202e🚀東京",
    " ",
]
ALLOWED = st.text(st.characters(codec="utf-8", exclude_characters="\ufffe\uffff"), max_size=30)


def unescaped(text: object) -> str:
    """A text with Excel's own escapes undone, which openpyxl leaves in in-line texts."""
    return str(openpyxl.utils.escape.unescape(str(text if text is not None else "")))


def test_known_hostile_texts_come_back_as_they_were(tmp_path: Path) -> None:
    """Mark-up, escapes, controls and half characters neither break the file nor change others."""
    path = tmp_path / "a.xlsx"
    write_excel(workbook(texts(*HOSTILE)), path)
    expected = [text.replace("\ud800", "\ufffd") for text in HOSTILE]
    expected[HOSTILE.index("\ufffe\uffff")] = "\ufffd\ufffd"
    assert [unescaped(text) for text in column_a(path)] == expected


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(ALLOWED, min_size=1, max_size=8))
def test_any_text_comes_back_as_it_was(tmp_path: Path, found: list[str]) -> None:
    """Whatever a log holds, Excel shows that and nothing else."""
    path = tmp_path / "a.xlsx"
    write_excel(workbook(texts(*found)), path)
    values = [*column_a(path), *[None] * len(found)][: len(found)]
    assert [unescaped(text) for text in values] == found


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    titles=st.lists(st.text(max_size=40), min_size=1, max_size=5),
    value=st.integers() | st.floats() | st.booleans(),
)
def test_any_title_and_number_is_accepted(
    tmp_path: Path, titles: list[str], value: int | float | bool
) -> None:
    """Tabs are named whatever the tables are called, and no number is refused."""
    path = tmp_path / "a.xlsx"
    sheets = [sheet([(value,)], (COLUMNS[2],), title=title) for title in titles]
    write_excel(workbook(*sheets), path)
    names = reopened(path).sheetnames
    assert len({name.casefold() for name in names}) == len(titles) + 1
    assert all(1 <= len(name) <= 31 for name in names)


def test_a_time_before_excels_first_is_a_text(tmp_path: Path) -> None:
    """Excel has no dates before 1900, so such a time is written out."""
    path = tmp_path / "a.xlsx"
    old = datetime(1850, 1, 1, 12, tzinfo=BERLIN)
    write_excel(workbook(sheet([(old,)], (COLUMNS[0],))), path)
    assert column_a(path) == ["1850-01-01 12:00:00"]


def test_cancelling_leaves_no_file(tmp_path: Path) -> None:
    """Cancelled between two batches, the writing ends and the file is gone."""
    path = tmp_path / "a.xlsx"
    answers = iter([False, False, True])
    with pytest.raises(Cancelled):
        write_excel(workbook(sheet()), path, cancelled=lambda: next(answers))
    assert not path.exists()


def test_a_failing_log_leaves_no_file(tmp_path: Path) -> None:
    """An error while rows are read passes through and the begun file is removed."""

    def broken() -> Iterator[Sequence[tuple[Cell, ...]]]:
        yield ROWS
        raise OSError("the disk is gone")

    path = tmp_path / "a.xlsx"
    with pytest.raises(OSError, match="disk"):
        write_excel(workbook(RowStream("a", COLUMNS, 10, broken)), path)
    assert not path.exists()


def test_progress_reaches_one(tmp_path: Path) -> None:
    """The share written is told after each batch and ends at one."""
    told: list[float | None] = []
    write_excel(
        workbook(sheet(), sheet(title="Again")),
        tmp_path / "a.xlsx",
        progress=lambda _, share: told.append(share),
    )
    assert told == [0.2, 0.4, 0.5, 0.7, 0.9, 1.0]


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    """Rows are streamed: five times as many need no more memory."""
    columns = tuple(Column(f"c{n}", f"Column {n}", "text") for n in range(4))

    def peak(rows: int) -> int:
        def batches() -> Iterator[Sequence[tuple[Cell, ...]]]:
            for start in range(0, rows, 500):
                yield [(f"row {start + n}", "a" * 50, "b", "c") for n in range(500)]

        tracemalloc.start()
        write_excel(workbook(RowStream("a", columns, rows, batches)), tmp_path / "a.xlsx")
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(10_000) < peak(2_000) * 1.5
