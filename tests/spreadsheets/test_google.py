"""Google Sheets, against a stand-in that every request is judged by Google's own description."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.spreadsheets.google import (
    TooManyCells,
)
from bot.spreadsheets.google import values as google_values
from commands.ports import Workbook, WriteSpreadsheet
from queries.core.answer import Column
from queries.core.value import Cell
from tests.spreadsheets.books import NOON, ROWS, sheet, texts, workbook
from tests.spreadsheets.connected import ANA, HAPPY, only_grid, sheets
from tests.spreadsheets.drive_stand_in import FOLDER
from tests.spreadsheets.google_stand_in import Google


def test_a_result_arrives_whole_in_the_fewest_requests(google: Google) -> None:
    """Values come back as they were, NULL as an empty text, in five calls for one person."""
    write: WriteSpreadsheet = sheets(google)
    written = write(workbook(sheet(), people=(ANA,)))
    assert written.url == "https://docs.google.com/spreadsheets/d/sheet1/edit"
    assert written.note == "5 rows."
    assert google.ids() == HAPPY
    noon = 46349.5 + 0.25 / 86_400
    table = only_grid(google).tab("Errors by region").table()
    assert table == [
        [
            "Time (Europe/Berlin)",
            "Region",
            "Requests",
            "Failed",
            "Median (ms)",
            "Score",
            "Approved",
        ],
        [pytest.approx(noon, abs=1e-9), "EMEA", 12_310, 0.048, 241.5, 0.83, True],
        [pytest.approx(noon, abs=1e-9), "=1+1", 0, 0.0, "", -0.5, False],
        [""] * 7,
        [pytest.approx(noon, abs=1e-9), "@SUM(A1)", str(2**60), 1.0, 0.0, "NaN", ""],
        [pytest.approx(noon, abs=1e-9), "https://example.org", -3, 0.5, 1e9, "-infinity", ""],
    ]


def test_types_survive(google: Google) -> None:
    """A boolean stays one, a number stays one, and a text of digits stays a text."""
    row: tuple[Cell, ...] = (None, "007", 7, 1.0, 0.5, 0.5, True)
    sheets(google)(workbook(sheet([row])))
    cells = only_grid(google).tab("Errors by region").table()[1]
    assert [type(cell) for cell in cells] == [str, str, int, float, float, float, bool]


def test_the_look_is_set_once(google: Google) -> None:
    """The grid is exact, the header bold and frozen, the columns formatted, filtered and named."""
    sheets(google)(workbook(sheet()))
    grid = only_grid(google)
    tab = grid.tab("Errors by region")
    assert (tab.rows, tab.columns, tab.frozen) == (6, 7, 1)
    assert tab.format_at(0, 3)["textFormat"] == {"bold": True}
    assert tab.format_at(1, 0)["numberFormat"]["type"] == "DATE_TIME"
    assert tab.format_at(5, 3)["numberFormat"] == {"type": "PERCENT", "pattern": "0.0 %"}
    assert "numberFormat" not in tab.format_at(0, 3)
    assert tab.format_at(0, 3)["horizontalAlignment"] == "RIGHT"
    assert "horizontalAlignment" not in tab.format_at(0, 1)
    assert tab.format_at(1, 5)["numberFormat"] == {"type": "NUMBER", "pattern": "#,##0.000"}
    assert tab.filter == {
        "sheetId": 1, "startRowIndex": 0, "endRowIndex": 6,
        "startColumnIndex": 0, "endColumnIndex": 7,
    }  # fmt: skip
    assert grid.names == {"table_1": tab.filter}
    assert set(tab.widths) == set(range(7))
    assert grid.properties == {"locale": "en_GB", "timeZone": "Europe/Berlin"}
    assert grid.metadata == {"plainlogs_run": "7f3a"}


def test_the_about_tab_has_its_rows_and_no_empty_ones(google: Google) -> None:
    """About is the first tab, as long as what it says."""
    book = workbook(sheet(), sheet(title="By type"))
    sheets(google)(book)
    grid = only_grid(google)
    assert [tab.title for tab in grid.tabs.values()] == ["About", "Errors by region", "By type"]
    assert grid.tab("About").table() == [list(row) for row in book.about]


def test_it_is_shared_quietly_with_each_person(google: Google) -> None:
    """Every person gets their own permission to write, and nobody an e-mail."""
    people = (ANA, "ben@example.org")
    sheets(google)(workbook(sheet(), people=people))
    (file,) = google.drive.files.values()
    assert [permission["emailAddress"] for permission in file.permissions] == [*people]
    assert {permission["role"] for permission in file.permissions} == {"writer"}
    assert file.notified == []
    assert file.parents == [FOLDER]
    assert file.app_properties["plainlogs_run"] == "7f3a"


def test_someone_who_cannot_be_shared_with_is_named(google: Google) -> None:
    """A person without a Google account doesn't cost the others their spreadsheet."""
    google.drive.strangers = {"ben@example.org"}
    written = sheets(google)(workbook(sheet(), people=("ben@example.org", ANA)))
    assert written.note == (
        "5 rows. It could not be shared with ben@example.org: There is no Google account with it."
    )
    (file,) = google.drive.files.values()
    assert [permission["emailAddress"] for permission in file.permissions] == [ANA]


def test_without_an_address_it_is_said_that_nobody_was_given_access(google: Google) -> None:
    """Where the asker's e-mail isn't known, the note says so."""
    assert "shared with nobody" in sheets(google)(workbook(sheet())).note


def test_a_long_result_goes_in_chunks(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks stay within the bytes, are streamed, and join to the whole without a gap."""
    monkeypatch.setattr(google_values.bodies, "__defaults__", (20_000,))
    rows: list[tuple[Cell, ...]] = [
        (NOON, f"region “{n}”", n, n / 2000, n * 1.5, None, None) for n in range(2000)
    ]
    sheets(google)(workbook(sheet(rows, batch=130), people=(ANA,)))
    sent = [call for call in google.calls if call.id == "sheets.spreadsheets.values.batchUpdate"]
    assert max(call.size for call in sent) <= 20_000
    assert sum(call.size for call in sent) / len(sent) > 18_000
    table = only_grid(google).tab("Errors by region").table()
    assert [row[1:4] for row in table[1:]] == [[row[1], row[2], row[3]] for row in rows]


def test_thirty_thousand_rows_take_few_calls(google: Google) -> None:
    """30,000 rows of twelve columns and two people: every body is at most 1.9 MB."""
    columns = tuple(Column(f"c{n}", f"Column {n}", "number") for n in range(12))
    rows: list[tuple[Cell, ...]] = [tuple(n + c / 7 for c in range(12)) for n in range(30_000)]
    book = workbook(sheet(rows, columns, batch=10_000), people=(ANA, "ben@example.org"))
    sheets(google)(book)
    assert len(google.calls) <= 10
    assert max(call.size for call in google.calls) <= 1_900_000
    tab = only_grid(google).tab("Errors by region")
    assert tab.rows == 30_001
    assert tab.cells[30_000, 11] == 29_999 + 11 / 7


def test_a_row_larger_than_a_request_is_cut_between_its_cells(google: Google) -> None:
    """Fifty cells of 50,000 characters are more than one request takes, and arrive all the same."""
    columns = tuple(Column(f"c{n}", f"Column {n}", "text") for n in range(50))
    row: tuple[Cell, ...] = tuple(chr(97 + n % 26) * 50_000 for n in range(50))
    sheets(google)(workbook(sheet([row], columns)))
    assert max(call.size for call in google.calls) <= 1_900_000
    assert only_grid(google).tab("Errors by region").table()[1] == [*row]


def test_texts_longer_than_a_cell_are_cut_and_counted(google: Google) -> None:
    """What a cell can't hold is cut, and both the note and the About tab say so."""
    written = sheets(google)(workbook(texts("x" * 50_000, "y" * 50_001, "🚀" * 30_000)))
    said = "2 texts longer than 50,000 characters cut."
    assert said in written.note
    grid = only_grid(google)
    column = [row[0] for row in grid.tab("Errors by region").table()[1:]]
    assert column == ["x" * 50_000, "y" * 49_999 + "…", "🚀" * 24_999 + "…"]
    assert grid.tab("About").table()[-1] == ["Left out", said]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    found=st.lists(st.text(max_size=30), min_size=1, max_size=6),
    title=st.text(max_size=40),
)
def test_any_text_and_title_arrive(google: Google, found: list[str], title: str) -> None:
    """Whatever a log holds is what the cell holds, under whatever title."""
    google.drive.files.clear()
    column = Column("text", title, "text")
    sheets(google)(workbook(sheet([(text,) for text in found], (column,), title=title)))
    tab = only_grid(google).tabs[1]
    clean = [text.translate({0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD}) for text in found]
    assert [row[0] for row in tab.table()[1:]] == clean


def test_fewer_rows_than_promised_leave_no_empty_ones(google: Google) -> None:
    """The grid shrinks to what was written."""
    sheets(google)(workbook(sheet(total=100)))
    assert only_grid(google).tab("Errors by region").rows == 6


def test_more_rows_than_promised_are_counted(google: Google) -> None:
    """Rows that came after the grid was laid out are left out, and that is said."""
    written = sheets(google)(workbook(sheet(total=3)))
    assert written.note.startswith("3 rows. 2 rows came to the log while this was written")
    assert only_grid(google).tab("Errors by region").rows == 4


@pytest.mark.parametrize("rows", [(), ROWS[:1]])
def test_an_empty_or_tiny_result_is_a_spreadsheet(
    google: Google, rows: tuple[tuple[Cell, ...], ...]
) -> None:
    """A header without rows can't be frozen in Google's grid unless a row is left below it."""
    sheets(google)(workbook(sheet(rows)))
    tab = only_grid(google).tab("Errors by region")
    assert tab.table()[0][1] == "Region"
    assert (tab.filter is None) is (not rows)


def test_too_many_cells_are_refused_before_anything_is_sent(google: Google) -> None:
    """Ten million cells are Google's limit; past it no file is begun, and the number is said."""
    with pytest.raises(
        TooManyCells, match=r"10,500,\d+ cells, and a Google spreadsheet holds 10,000,000"
    ):
        sheets(google)(workbook(sheet(total=1_500_000)))
    assert google.calls == []


def test_utc_is_called_as_google_calls_it(google: Google) -> None:
    """Google knows UTC as Etc/UTC."""
    book = workbook(sheet())
    sheets(google)(
        Workbook(book.title, book.run, ZoneInfo("UTC"), book.sheets, book.about, book.people)
    )
    assert only_grid(google).properties["timeZone"] == "Etc/UTC"
