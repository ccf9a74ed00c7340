"""Take the pictures of the documentation: the demo at a fixed time, in Chromium.

``python -m docs.photograph`` does it anew; it needs Chromium, the test extra and a
font with coloured pictographs.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Locator, Page, async_playwright

from bot.playground import PlaygroundServer
from bot.program.demo import DemoClock, demo, prepare
from docs.gallery import small

INCIDENT = ("Why does lending fail", "What changed at", "Where is it worst")
LABORATORY = ("in the laboratory", "Does 80 % mean 80 %")
ROLLOUT = ("Both side by side", "Did what it says change")
REVIEW = ("What the model itself said",)
DECISION = (r"^Why \w+\?$",)
"""The buttons that the stories press, in order."""
PICTURES = Path(__file__).parent / "pictures"
START = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
CHROMIUM = "/usr/bin/chromium"
# No sandbox, which a container does not let it have; nothing that calls home.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


async def photograph() -> None:
    """Ask as a person would, and take a picture of what is seen at each step."""
    async with running() as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page(
            viewport={"width": 1080, "height": 2600}, device_scale_factor=1.5
        )
        await page.goto(url)
        await menu(page)
        message = await asked(page, "/ml errors lending last 24 hours by region")
        await message.screenshot(path=PICTURES / "answer.png")
        await story(page, "incident", await asked(page, "/ml health"), INCIDENT)
        laboratory = await asked(page, "/ml performance employment last 30 days")
        await story(page, "laboratory", laboratory, LABORATORY)
        await story(page, "rollout", await chosen(page, "Can the rollout go on?"), ROLLOUT)
        review = await asked(page, "/ml fairness lending last 30 days by sex")
        await story(page, "review", review, REVIEW)
        await form(page, message)
        await schedule(page, message)
        await decision(page)
        await browser.close()
    for picture in PICTURES.glob("*.png"):
        picture.write_bytes(small(picture.read_bytes(), 200))


@asynccontextmanager
async def running() -> AsyncIterator[str]:
    """Run the demo over fresh samples that end at START, and give its address."""
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder), START)
        ready: asyncio.Future[PlaygroundServer] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(demo(Path(folder), DemoClock(START), ready.set_result))
        try:
            yield (await ready).url
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def asked(page: Page, text: str) -> Locator:
    """Type a question and wait for its answer, picture and all."""
    before = await page.get_by_test_id("message").count()
    await typed(page, text)
    return await answered(page, before)


async def chosen(page: Page, title: str) -> Locator:
    """Choose a question from the menu, ask it as its form stands, and wait for the answer."""
    before = await page.get_by_test_id("message").count()
    await typed(page, "/ml")
    await page.get_by_test_id("modal").get_by_role("button", name=title).click()
    submit = page.get_by_test_id("modal-submit")
    await submit.wait_for(timeout=60_000)
    await submit.click()
    return await answered(page, before)


async def answered(page: Page, before: int) -> Locator:
    """Wait for the answer that comes after so many messages, picture and all."""
    newest = page.get_by_test_id("message").nth(before)
    await newest.get_by_test_id("picture").locator("img").wait_for(timeout=120_000)
    await newest.get_by_role("button", name="Change…").wait_for(timeout=60_000)
    # Away from the button that was pressed, or it would be seen as hovered.
    await page.mouse.move(0, 0)
    return page.locator(f'[data-ts="{await newest.get_attribute("data-ts")}"]')


async def decision(page: Page) -> None:
    """Go from declined requests to why one was declined, in one's own messages."""
    await page.get_by_test_id("modal").get_by_role("button", name="Close").first.click()
    await typed(page, "/ml find lending last 24 hours where decision = decline")
    await page.get_by_text("goes to you alone").last.wait_for(timeout=30_000)
    await page.get_by_test_id("channel:plainlogs").click()
    found = page.get_by_test_id("message").filter(has_text="asked: find lending").last
    await found.get_by_role("button", name="Change…").wait_for(timeout=60_000)
    await story(page, "decision", found, DECISION)


async def story(page: Page, name: str, message: Locator, buttons: tuple[str, ...]) -> None:
    """Press one button after the other; take a picture of each answer, the first included."""
    for number, button in enumerate((*buttons, ""), 1):
        await message.screenshot(path=PICTURES / f"{name}-{number}.png")
        if button:
            pressed = message.get_by_role("button", name=re.compile(button)).first
            before = await page.get_by_test_id("message").count()
            await pressed.click()
            message = await answered(page, before)


async def typed(page: Page, text: str) -> None:
    """Type into the composer and send."""
    composer = page.get_by_test_id("composer")
    await composer.click()
    await composer.fill(text)
    # Closes the list of commands that a slash opens.
    await page.keyboard.press("Escape")
    await page.get_by_test_id("send").click()


async def menu(page: Page) -> None:
    """What `/ml` alone opens."""
    await typed(page, "/ml")
    await modal_picture(page, "Have the inputs changed?", "menu.png")
    await page.get_by_test_id("modal-close").click()


async def form(page: Page, message: Locator) -> None:
    """What “Change…” opens, filled with what was asked."""
    await message.get_by_role("button", name="Change…").click()
    await modal_picture(page, "Split by", "form.png")
    await page.get_by_test_id("modal-close").click()


async def schedule(page: Page, message: Locator) -> None:
    """What “Every morning…” echoes before it is saved."""
    await message.get_by_role("button", name="Every morning…").click()
    await page.get_by_test_id("modal-submit").click()
    await modal_picture(page, "Next:", "schedule.png")


async def modal_picture(page: Page, holding: str, name: str) -> None:
    """Wait until a modal holds a text, and take its picture."""
    modal = page.get_by_test_id("modal")
    await modal.get_by_text(holding).first.wait_for(timeout=60_000)
    await modal.screenshot(path=PICTURES / name)


if __name__ == "__main__":
    asyncio.run(photograph())
