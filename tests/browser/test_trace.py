"""One decision explained to a customer: a support person's way, in her own messages."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import openpyxl
from playwright.sync_api import TimeoutError

from tests.browser.conftest import Playing
from tests.browser.steps import answer, pressed, typed


def test_from_the_records_to_one_decision(playing: Playing) -> None:
    """Declined requests are listed to her alone; a button explains the first of them."""
    page = playing.page
    typed(page, "/ml find lending last 24 hours where decision = decline")
    page.get_by_text("goes to you alone").last.wait_for(timeout=30_000)
    page.get_by_test_id("channel:plainlogs").click()
    found = answer(page, "asked: find lending")
    said = pressed(page, found, r"^Why \w+\?$", "trace lending").inner_text()
    assert re.search(
        r"got “decline”, as its score 0\.\d+ is 0\.\d+ below the threshold 0\.80", said
    )
    assert "Attributions say how the model weighed inputs" in said
    assert "never shown: applicant and email" in said


def test_the_page_for_the_file(playing: Playing, tmp_path: Path) -> None:
    """The spreadsheet of a decision is one sheet that prints on one upright page."""
    page = playing.page
    trace = answer(page, "asked: trace lending")
    # The way before has just ended here: a press while its message is redrawn is lost, and a person
    # presses again.
    for _ in range(3):
        trace.get_by_role("button", name="Open as spreadsheet").click()
        with suppress(TimeoutError):
            trace.get_by_test_id("thread-open").click(timeout=20_000)
            break
    with page.expect_download(timeout=60_000) as download:
        page.get_by_test_id("file").first.click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    (sheet,) = openpyxl.load_workbook(path).worksheets
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.orientation == "portrait"
    written = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value}
    assert {"Decision", "Score", "Threshold"} <= written
    assert [str(each) for each in playing.server.refusals] == []
    assert page.get_by_test_id("cannot-render").count() == 0
