"""A rollout that is stopped, by buttons alone: a product manager's way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.browser.conftest import Playing
from tests.browser.steps import answer, pressed, typed

if TYPE_CHECKING:
    from playwright.sync_api import Locator


def _asked(playing: Playing) -> Locator:
    """Open the menu, choose the rollout, and ask as the form stands."""
    typed(playing.page, "/ml")
    menu = playing.page.get_by_test_id("modal")
    menu.get_by_role("button", name="Can the rollout go on?").click()
    form = playing.page.get_by_test_id("modal").filter(has_text="New and old version")
    form.wait_for(timeout=30_000)
    playing.page.get_by_test_id("modal-submit").click()
    return answer(playing.page, "asked: rollout lending")


def test_from_the_menu_to_the_reason_by_buttons_alone(playing: Playing) -> None:
    """The rollout is held for a gap between groups, and the new version is innocent of failures."""
    said = _asked(playing).inner_text()
    assert "hold the rollout of 2.3" in said
    assert re.search(r"female gets “approve” \d\.\d points less often", said), said
    assert re.search(r"in region EMEA, both fail alike", said), said
    assert "Their traffic isn't comparable" in said


def test_both_versions_side_by_side(playing: Playing) -> None:
    """What all requests together would have said stands beside what is so within regions."""
    rollout = answer(playing.page, "asked: rollout lending")
    compare = pressed(playing.page, rollout, "Both side by side", "compare lending")
    said = compare.inner_text()
    assert "opens a gap between groups" in said
    assert "within each region, hour by hour" in said
    assert "This is no experiment" in said
    outputs = pressed(playing.page, compare, "Did what it says change", "outputs lending")
    assert "2.3" in outputs.inner_text()
    assert [str(each) for each in playing.server.refusals] == []
    assert playing.page.get_by_test_id("cannot-render").count() == 0
