"""A compliance officer reviews a model, and exports the report."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl

from tests.browser.conftest import Playing
from tests.browser.steps import answer, typed


def test_from_the_gap_to_the_report(playing: Playing, tmp_path: Path) -> None:
    """The gap opened with a version, in the model's own answers too; the report is exported."""
    typed(playing.page, "/ml fairness lending last 30 days by sex")
    fairness = answer(playing.page, "asked: fairness lending")
    said = fairness.inner_text()
    assert "a gap opened with version 2.3" in said
    assert "can't show why" in said
    fairness.get_by_role("button", name=re.compile("What the model itself said")).first.click()
    own = answer(playing.page, "of prediction")
    assert "a gap opened with version 2.3" in own.inner_text()
    own.get_by_role("button", name="Open as spreadsheet").click()
    own.get_by_test_id("thread-open").click(timeout=60_000)
    with playing.page.expect_download(timeout=60_000) as download:
        playing.page.get_by_test_id("file").first.click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    book = openpyxl.load_workbook(path)
    assert {"Groups", "By version", "Over time"} <= {*book.sheetnames}
    about = {str(row[0]): str(row[1]) for row in book["About"].iter_rows(values_only=True)}
    assert "fairness lending" in about["Question"]
    assert [str(each) for each in playing.server.refusals] == []
    assert playing.page.get_by_test_id("cannot-render").count() == 0
