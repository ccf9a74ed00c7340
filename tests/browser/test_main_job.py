"""Ask, see, change, open, schedule, and see it arrive: one person's morning, in order."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import openpyxl

from tests.browser.conftest import START, Playing
from tests.browser.steps import answer, typed

if TYPE_CHECKING:
    from playwright.sync_api import Page

BERLIN = ZoneInfo("Europe/Berlin")
FAILED_AT = (START - timedelta(hours=6)).astimezone(BERLIN)


def _choose(page: Page, label: str, option: str) -> None:
    modal = page.get_by_test_id("modal")
    modal.get_by_role("combobox", name=label).click()
    modal.get_by_role("option", name=option, exact=True).click()


def test_completion_offers_the_command(playing: Playing) -> None:
    """A slash typed into the composer offers the bot's commands with what they are for."""
    composer = playing.page.get_by_test_id("composer")
    composer.click()
    composer.press_sequentially("/ml-e")
    offered = playing.page.get_by_test_id("command:/ml-errors")
    offered.wait_for(timeout=10_000)
    assert "What fails?" in offered.inner_text()
    composer.fill("")


def test_a_typed_question_names_what_broke(playing: Playing) -> None:
    """The answer names the region, the moment and the input that were planted, with a picture."""
    typed(playing.page, "/ml errors lending last 24 hours by region")
    message = answer(playing.page, "as many requests fail as usual")
    said = message.inner_text()
    assert "EMEA" in said
    assert "income_band" in said
    assert "simulated" in said
    found = re.search(r"since about (\d\d):(\d\d)", said)
    assert found, said
    onset = FAILED_AT.replace(hour=int(found[1]), minute=int(found[2]))
    assert abs(onset - FAILED_AT) <= timedelta(minutes=10)
    picture = message.get_by_test_id("picture").locator("img")
    picture.wait_for(timeout=60_000)
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") >= 1000
    assert "EMEA" in said
    assert "requests fail as usual" in (picture.get_attribute("alt") or "")
    assert message.get_by_test_id("table").get_by_role("row").count() == 5


def test_the_form_changes_the_question(playing: Playing) -> None:
    """“Change…” opens the form filled in; another time and split give another answer."""
    page = playing.page
    answer(page, "as many requests fail as usual").get_by_role("button", name="Change…").click()
    page.get_by_test_id("modal").get_by_text("What fails?").wait_for()
    split = page.get_by_test_id("modal").get_by_role("combobox", name="Split by")
    assert split.input_value() == "region"
    _choose(page, "Which time", "Last 7 days")
    _choose(page, "Split by", "channel")
    page.get_by_test_id("modal-submit").click()
    said = answer(page, "in the last 7 days").inner_text()
    assert "partner" in said


def test_the_spreadsheet_opens(playing: Playing, tmp_path: Path) -> None:
    """“Open as spreadsheet” gives a workbook of the whole result that says what it is."""
    page = playing.page
    message = answer(page, "in the last 24 hours")
    message.get_by_role("button", name="Open as spreadsheet").click()
    message.get_by_test_id("thread-open").click(timeout=60_000)
    with page.expect_download(timeout=60_000) as download:
        page.get_by_test_id("file").first.click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    book = openpyxl.load_workbook(path)
    regions = [row[0] for row in book["By region"].iter_rows(min_row=2, values_only=True)]
    assert sorted(str(region) for region in regions) == ["AMER", "APAC", "EMEA", "LATAM"]
    about = {str(row[0]): str(row[1]) for row in book["About"].iter_rows(values_only=True)}
    assert about["Question"] == "errors lending last 24 hours by region"
    assert "Europe/Berlin" in about["Time covered"]
    assert "simulated" in about["Log"]


def test_it_arrives_every_morning(playing: Playing) -> None:
    """A scheduled question says its next runs, and arrives by itself when its time has come."""
    page = playing.page
    message = answer(page, "in the last 24 hours")
    message.get_by_role("button", name="Every morning…").click()
    page.get_by_test_id("modal-submit").click()
    echo = page.get_by_test_id("modal").get_by_text("Next:")
    echo.wait_for()
    tomorrow = START.astimezone(BERLIN) + timedelta(days=1)
    assert f"{tomorrow:%a} {tomorrow.day} {tomorrow:%b} 09:00" in echo.inner_text()
    page.get_by_test_id("modal-submit").click()
    page.get_by_test_id("modal").wait_for(state="detached")
    assert page.get_by_text("set up by").count() == 0
    page.get_by_test_id("clock-advance-morning").click()
    arrived = answer(page, "set up by")
    said = arrived.inner_text()
    assert "errors lending last 24 hours by region" in said
    assert f"to {tomorrow.day} {tomorrow:%b} 08:59 Europe/Berlin" in said
    assert page.get_by_text("set up by").count() == 1


def test_slack_refused_nothing(playing: Playing) -> None:
    """Not one call of all this was refused by the strict local Slack, and the page drew it all."""
    assert [str(each) for each in playing.server.refusals] == []
    assert playing.page.get_by_test_id("cannot-render").count() == 0
