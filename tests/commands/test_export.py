"""Open as spreadsheet: the full result over the recorded range."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace

import openpyxl
import pytest

from commands.export import export
from commands.ports import Progress, Workbook, Written, never, silent
from commands.replies import Link
from queries.core.errors import Cancelled, NotAnswerable
from tests.questions.planted import ANA, BEN, Trip, small

TEXT = "errors lending last 24 hours by region"


@pytest.fixture(scope="module")
def trip(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trip]:
    """A plainlogs over a small log."""
    with small(tmp_path_factory.mktemp("small")) as found:
        yield found


def opened(link: Link) -> openpyxl.Workbook:
    """The written file, read by somebody else's program."""
    return openpyxl.load_workbook(io.BytesIO(link.content))


def test_every_table_is_a_tab_with_every_row(trip: Trip) -> None:
    """The spreadsheet has a tab for each table, whole, and one about them."""
    reply = trip.ask(TEXT)
    link = export(reply.provenance.run, ANA, trip.house.services)
    assert link.file_name.endswith(".xlsx")
    assert reply.provenance.run in link.file_name
    assert not link.private
    book = opened(link)
    tables = reply.answer.tables
    assert book.sheetnames == ["About", *(table.title for table in tables)]
    for tab, table in zip(book.worksheets[1:], tables, strict=False):
        assert tab.max_row == len(table.rows) + 1
        assert tab.max_column == len(table.columns)


def test_about_says_what_it_is(trip: Trip) -> None:
    """The tab about it has question, answer, range, run, asker, reader and every definition."""
    reply = trip.ask(TEXT)
    book = opened(export(reply.provenance.run, BEN, trip.house.services))
    about = {str(row[0]): str(row[1]) for row in book["About"].iter_rows(values_only=True)}
    assert about["Question"] == TEXT
    assert about["Answer"] == reply.answer.headline
    assert about["Log"] == "Lending decisions (simulated data)"
    assert about["Time covered"] == "22 Nov 15:30 to 23 Nov 2026 15:28 Europe/Berlin"
    assert about["Latest row"] == "2026-11-23 15:28 Europe/Berlin"
    assert about["Asked at"] == "2026-11-23 15:30 Europe/Berlin"
    assert (about["Asked by"], about["Opened for"]) == ("ana", "ben")
    assert about["Run"] == reply.provenance.run
    for word, meaning in reply.answer.definitions.items():
        assert about[f"What “{word}” means"] == meaning


def test_records_are_all_there_and_not_only_the_page_shown(trip: Trip) -> None:
    """Of records the spreadsheet has every one that matched, for the asker alone."""
    reply = trip.ask("find lending last 7 days limit 5")
    link = export(reply.provenance.run, ANA, trip.house.services)
    assert link.private
    assert opened(link)["Records"].max_row == 7 * 24 * 30 + 1
    with pytest.raises(NotAnswerable, match="Only the person who asked"):
        export(reply.provenance.run, BEN, trip.house.services)


def test_it_is_written_for_whoever_opens_it(trip: Trip) -> None:
    """A spreadsheet elsewhere is shared with who clicked, over the zone and run of the ask."""
    seen: list[Workbook] = []

    def elsewhere(
        workbook: Workbook,
        *,
        progress: Progress = silent,
        cancelled: Callable[[], bool] = never,
    ) -> Written:
        seen.append(workbook)
        return Written("Here it is.", url="https://sheets.example/1")

    services = replace(trip.house.services, spreadsheet=elsewhere)
    run = trip.ask(TEXT).provenance.run
    link = export(run, BEN, services)
    assert (link.text, link.url, link.content) == ("Here it is.", "https://sheets.example/1", b"")
    assert seen[0].people == ("ben@example.com",)
    assert (seen[0].zone.key, seen[0].run) == ("Europe/Berlin", run)
    assert seen[0].title == "errors lending 2026-11-23 15.30"
    export(run, replace(BEN, email=""), services)
    assert seen[1].people == ()


def test_a_cancelled_export_stops(trip: Trip) -> None:
    """Whoever cancels gets no file."""
    run = trip.ask(TEXT).provenance.run
    with pytest.raises(Cancelled):
        export(run, ANA, trip.house.services, cancelled=lambda: True)
