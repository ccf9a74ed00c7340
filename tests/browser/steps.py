"""What a person does in the page, whatever they ask."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


def typed(page: Page, text: str) -> None:
    """Type into the composer and send."""
    composer = page.get_by_test_id("composer")
    composer.click()
    composer.fill(text)
    page.keyboard.press("Escape")
    page.get_by_test_id("send").click()


def answer(page: Page, holding: str) -> Locator:
    """The newest message that holds a text, once it is complete with its buttons."""
    message = page.get_by_test_id("message").filter(has_text=holding).last
    message.get_by_role("button", name="Change…").wait_for(timeout=60_000)
    return message


def pressed(page: Page, message: Locator, button: str, asks: str) -> Locator:
    """Press a button of an answer, and give the answer to what it asks."""
    message.get_by_role("button", name=re.compile(button)).first.click()
    return answer(page, f"asked: {asks}")
