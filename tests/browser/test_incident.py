"""An incident followed by buttons alone, and how good a model really is: two people's way."""

from __future__ import annotations

import re

from tests.browser.conftest import Playing
from tests.browser.steps import answer, pressed, typed


def test_from_all_models_to_the_cause_by_buttons_alone(playing: Playing) -> None:
    """All models, the red one, what fails, what came first, where: no word is typed after this."""
    typed(playing.page, "/ml health")
    health = answer(playing.page, "asked: health")
    assert "lending" in health.inner_text()
    errors = pressed(playing.page, health, "Why does lending fail", "errors lending")
    assert "income_band" in errors.inner_text()
    changes = pressed(playing.page, errors, "What changed at", "changes lending")
    said = changes.inner_text()
    assert "likely first cause" in said
    assert "income_band" in said
    slices = pressed(playing.page, changes, "Where is it worst", "slices lending")
    assert "EMEA" in slices.inner_text()
    slices.get_by_role("button", name=re.compile("See them")).click()
    whisper = playing.page.get_by_text("goes to you alone").last
    whisper.wait_for(timeout=60_000)


def test_from_how_good_to_the_laboratory_by_buttons_alone(playing: Playing) -> None:
    """How good, whether it was only good in the laboratory, and whether its numbers hold."""
    typed(playing.page, "/ml performance employment last 30 days")
    performance = answer(playing.page, "asked: performance employment")
    gap = pressed(playing.page, performance, "in the laboratory", "gap employment")
    assert "reference" in gap.inner_text()
    calibration = pressed(playing.page, gap, "Does 80 % mean 80 %", "calibration employment")
    assert "come true" in calibration.inner_text() or "came true" in calibration.inner_text()
    assert [str(each) for each in playing.server.refusals] == []
    assert playing.page.get_by_test_id("cannot-render").count() == 0
