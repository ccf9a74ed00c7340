"""What a person does in the page, whatever they ask."""

from __future__ import annotations

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
