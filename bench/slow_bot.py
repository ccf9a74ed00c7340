"""The bot as ``plainlogs serve`` runs it, but for one thing: every ask takes its time first.

Started by ``bench.acknowledge`` as a process of its own. An ask waits in its worker thread before
it is given its logs: asleep, as while a warehouse computes; or computing on all threads of a
DuckDB that all asks share, as while large logs are read here.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb

from bench.make_log import END
from bot.logging import log_lines
from bot.running import connect, scheduled
from bot.settings import load
from bot.wiring import house
from commands.ports import OpenLogs
from queries.core.logs import Logs

ASLEEP, COMPUTING = "asleep", "computing"
Wait = Callable[[], None]


def main() -> None:
    """Serve until a signal ends it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("config", type=Path)
    options.add_argument("kind", choices=(ASLEEP, COMPUTING))
    options.add_argument("seconds", type=float)
    given = options.parse_args()
    log_lines()
    with suppress(asyncio.CancelledError):
        asyncio.run(_serve(given.config, given.kind, given.seconds))


async def _serve(config: Path, kind: str, seconds: float) -> None:
    settings, started = load(config, os.environ), datetime.now(END.tzinfo)

    def clock() -> datetime:
        """Give the time as it goes on from the end of the generated log."""
        # The log ends at END, and “last 24 hours” has to find it.
        return END + (datetime.now(END.tzinfo) - started)

    wait = _asleep(seconds) if kind == ASLEEP else _computing(seconds, settings.engine.threads)
    _cancel_on(signal.SIGTERM)
    with house(settings, clock) as rooms:
        await asyncio.to_thread(rooms.known.refresh)
        slow = replace(rooms, services=replace(rooms.services, logs=slowed(rooms, wait)))
        bot = await connect(slow, settings.slack, settings.engine.concurrent)
        try:
            async with scheduled(slow, bot):
                await asyncio.Event().wait()
        finally:
            await bot.stop()


def slowed(rooms: Any, wait: Wait) -> OpenLogs:
    """Give logs as they are, after a while."""

    def logs(**asked: Any) -> Logs:
        wait()
        found: Logs = rooms.services.logs(**asked)
        return found

    return logs


def _asleep(seconds: float) -> Wait:
    return lambda: time.sleep(seconds)


def _computing(seconds: float, threads: int) -> Wait:
    """Count hashes on every thread until interrupted, each ask on a cursor of one DuckDB."""
    root = duckdb.connect(config={"threads": threads})

    def compute() -> None:
        with root.cursor() as cursor:
            # Ended by the clock, so that each takes as long on any machine.
            Timer(seconds, cursor.interrupt).start()
            with suppress(duckdb.InterruptException):
                cursor.execute("SELECT count(*) FROM range(1000000000000) t(i) WHERE hash(i) = 1")

    return compute


def _cancel_on(name: signal.Signals) -> None:
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(name, task.cancel)


if __name__ == "__main__":
    main()
