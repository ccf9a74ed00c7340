"""What a long ask says of itself in its placeholder, now and then, until its answer is there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from queries.core import words

log = structlog.get_logger("plainlogs.slack")

EVERY = 3.0
"""Seconds between two words of progress: Slack lets a message be changed some 50 times a minute,
and what is done sooner needs no words."""


class Progress:
    """Told from a worker thread what is being done, and shows it from the event loop."""

    def __init__(
        self, show: Callable[[str], Awaitable[object]], seconds: Callable[[], float]
    ) -> None:
        """``show`` puts words where people wait; ``seconds`` gives the seconds that pass."""
        self._show, self._seconds = show, seconds
        self._loop = asyncio.get_running_loop()
        self._shown_at = seconds()
        self._showing: asyncio.Task[None] | None = None
        self._finished = False

    def __call__(self, what: str, share: float | None) -> None:
        """Show what is being done, and which share of it is done, unless it was said just now."""
        now = self._seconds()
        # Looked at here, in the worker's thread, so that the loop is not woken in vain.
        if now - self._shown_at < EVERY:
            return
        self._shown_at = now
        said = (
            f"Asking… {what}." if share is None else f"Asking… {what}, {words.share(share)} done."
        )
        self._loop.call_soon_threadsafe(self._begin, said)

    async def finish(self) -> None:
        """Show nothing more, once what is being shown stands: the answer comes after it."""
        self._finished = True
        if self._showing is not None:
            await self._showing

    def _begin(self, said: str) -> None:
        if not self._finished and (self._showing is None or self._showing.done()):
            self._showing = self._loop.create_task(self._tell(said))

    async def _tell(self, said: str) -> None:
        try:
            await self._show(said)
        except Exception as error:  # the answer comes all the same
            log.warning("progress was not shown", exc_info=error)
