"""The synchronous core in worker threads: a few asks at once, short work never behind them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Work:
    """Bounded pools: for what reads logs, for what is done in an instant, and for pictures."""

    def __init__(self, at_once: int = 4) -> None:
        # The pool alone would let asks wait as well, but could not say how many are before one.
        self._slots = asyncio.Semaphore(at_once)
        self._long = ThreadPoolExecutor(at_once, thread_name_prefix="ask")
        self._quick = ThreadPoolExecutor(4, thread_name_prefix="quick")
        self._pictures = ThreadPoolExecutor(1, thread_name_prefix="picture")
        self._waiting = 0

    async def quick(self, work: Callable[..., T], *args: object) -> T:
        """Do something that takes milliseconds."""
        return await asyncio.get_running_loop().run_in_executor(self._quick, work, *args)

    async def picture(self, work: Callable[..., T], *args: object) -> T:
        """Draw; one picture at a time, as the drawing library wants it."""
        return await asyncio.get_running_loop().run_in_executor(self._pictures, work, *args)

    async def long(
        self, work: Callable[[], T], waits: Callable[[int], Awaitable[object]] | None = None
    ) -> T:
        """Do something that reads logs, in turn. ``waits`` is told how many are before it."""
        self._waiting += 1
        try:
            if self._slots.locked() and waits is not None:
                await waits(self._waiting - 1)
            await self._slots.acquire()
        finally:
            self._waiting -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._long, work)
        finally:
            self._slots.release()

    def close(self) -> None:
        """Begin nothing more; what runs is left to its own deadline."""
        for pool in (self._long, self._quick, self._pictures):
            pool.shutdown(wait=False, cancel_futures=True)
