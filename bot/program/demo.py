"""Try everything on this machine: a local Slack with the bot connected to it, over sample logs."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console

from bot.logging import log_lines
from bot.playground import SAMPLE, Controls, PlaygroundServer, playground
from bot.program.options import parser
from bot.running import connect, scheduled, until_stopped
from bot.samples.lending.live import Live
from bot.samples.write import write_samples
from bot.settings import FILE, load
from bot.slack.manifest import manifest
from bot.wiring import house

BOT_TOKEN, APP_TOKEN = "xoxb-playground", "xapp-playground"
FRESH = timedelta(hours=12)
"""Older samples are written anew, so that the planted incident is always of today."""


class DemoClock:
    """The real clock, which the page can put forward; then what became due is done."""

    def __init__(self, start: datetime | None = None) -> None:
        """``start`` is the moment at which it begins, otherwise now."""
        self._ahead = start - datetime.now(UTC) if start else timedelta()
        self.do_due: Callable[[], None] = lambda: None

    def __call__(self) -> datetime:
        """Give the present moment of the demo."""
        return datetime.now(UTC) + self._ahead

    def advance(self, target: datetime) -> None:
        """Put the clock forward to a moment, never back, and do what is due by then."""
        self._ahead = max(self._ahead, target - datetime.now(UTC))
        self.do_due()


def run(argv: Sequence[str]) -> int:
    """Serve the demo until a signal ends it."""
    options = parser("demo", __doc__ or "")
    options.add_argument("--port", type=int, default=8000)
    options.add_argument("--host", default="127.0.0.1", help="to listen on (default: loopback)")
    options.add_argument("--folder", type=Path, default=Path(".demo"), help="for its data")
    arguments = options.parse_args(argv)
    log_lines()
    console, clock = Console(highlight=False), DemoClock()
    with console.status("Writing sample logs…"):
        prepare(arguments.folder, clock())

    def ready(server: PlaygroundServer) -> None:
        console.print(welcome(server.url))
        _stop_on_signals()

    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(demo(arguments.folder, clock, ready, arguments.host, arguments.port))
    return 0


async def demo(
    folder: Path,
    clock: DemoClock,
    ready: Callable[[PlaygroundServer], None],
    host: str = "127.0.0.1",
    port: int = 0,
) -> None:
    """Run the local Slack and the bot over the samples in a folder, until cancelled."""
    settings = load(folder / FILE, {})
    live = Live(folder, clock)
    with house(settings, clock) as rooms:
        rooms.known.refresh()
        rooms.known.prepare()
        app = playground(
            clock,
            bot_token=BOT_TOKEN,
            app_token=APP_TOKEN,
            manifest=manifest(settings.slack.shortcuts, settings.slack.command),
            workspace=SAMPLE,
            controls=Controls(clock.advance),
        )
        with PlaygroundServer(app, host=host, port=port) as server:
            slack = replace(
                settings.slack, api_url=server.api_url, bot_token=BOT_TOKEN, app_token=APP_TOKEN
            )
            bot = await connect(rooms, slack, settings.engine.concurrent)
            try:
                async with scheduled(rooms, bot, lambda _now: live.catch_up()) as scheduler:
                    clock.do_due = scheduler.tick
                    ready(server)
                    await asyncio.to_thread(rooms.known.warn)
                    await until_stopped()
            finally:
                await bot.stop()


def prepare(folder: Path, now: datetime) -> None:
    """Write the samples, unless they are there and of today."""
    written = folder / FILE
    if written.exists():
        age = now.timestamp() - written.stat().st_mtime
        if age < FRESH.total_seconds():
            return
    write_samples(folder, now, 1, lambda _what, _share: None)


def welcome(url: str) -> str:
    """What a person sees first: the address and three things to try."""
    return "\n".join(
        [
            "",
            f"[bold]plainlogs is ready: {url}[/]",
            "",
            "Three things to try there:",
            "  1. Type [bold]/ml errors lending last 24 hours by region[/]: something broke today.",
            "  2. Type [bold]/ml[/] alone and choose a question from the menu.",
            "  3. Under an answer press [bold]Open as spreadsheet[/], or [bold]Every morning…[/]"
            " and then put the clock forward.",
            "",
            "The logs are samples: lending and llm are simulated, employment is the US Census. "
            "Stop with Ctrl-C.",
        ]
    )


def _stop_on_signals() -> None:
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    if task is not None:
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, task.cancel)
