"""The demo as `make demo` runs it, over a smaller sample, and a page in Chromium."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.playground import PlaygroundServer
from bot.program.demo import DemoClock, demo
from bot.samples.write import write_samples
from tests.once import written_once

if TYPE_CHECKING:
    from playwright.sync_api import Page

START = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
# No sandbox, which a container does not let it have; nothing that calls home.
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Running:
    """The demo in a thread of its own, from its start until it is stopped."""

    def __init__(self, folder: Path) -> None:
        self.server: PlaygroundServer
        self._ready, self._folder = threading.Event(), folder
        self._failed: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="demo")
        self._thread.start()
        assert self._ready.wait(60), "the demo did not start"
        # Raised here, in the thread of the tests, which would else wait for a page in vain.
        if self._failed:
            raise self._failed

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except asyncio.CancelledError:
            pass
        except BaseException as error:
            self._failed = error
            self._ready.set()
            raise

    async def _serve(self) -> None:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        await demo(self._folder, DemoClock(START), self._started)

    def _started(self, server: PlaygroundServer) -> None:
        self.server = server
        self._ready.set()

    def stop(self) -> None:
        """Stop as a signal would, and wait until it is done."""
        if self._task is not None:
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(30)
        assert not self._thread.is_alive()


@dataclass(frozen=True)
class Playing:
    """A page on the running demo, and the server behind it."""

    page: Page
    server: PlaygroundServer


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples as of START, a fifth as many requests."""

    def write(folder: Path) -> None:
        write_samples(folder, START, 1, lambda _what, _share: None, rows_per_day=6_000)

    return written_once(tmp_path_factory, "browser sample", write)


@pytest.fixture(scope="module")
def sample(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the samples, as the demo goes on writing them."""
    return shutil.copytree(written, tmp_path_factory.mktemp("demo") / "sample")


@pytest.fixture(scope="module")
def playing(sample: Path) -> Iterator[Playing]:
    """Open the demo in Chromium, or skip where there is none."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed (apt-get install chromium)")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only with a browser

    running = Running(sample)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(running.server.url)
            page.get_by_test_id("channel:ml-alerts").wait_for()
            yield Playing(page, running.server)
            browser.close()
    finally:
        running.stop()
