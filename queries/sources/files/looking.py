"""A look at a place's files that nobody has to wait for to its end.

It goes on when whoever asked has cancelled, or has waited for as long as a question may take: what
it finds is known to whoever asks next. Several that ask at once wait for the same look.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Lock, Thread

from queries.core.errors import Cancelled, TookTooLong
from queries.sources.files.facts import Facts
from queries.sources.running import Ask

_TICK, _LONG = 0.03, 0.5


class Looking:
    """Looks at one place, one look at a time."""

    def __init__(self, look: Callable[[], list[Facts]]) -> None:
        self._look = look
        self._lock = Lock()
        self._begun = 0
        self._running: Future[list[Facts]] = Future()
        self._running.set_result([])

    def facts(self, ask: Ask, title: str, deadline: float) -> list[Facts]:
        """Give every file's facts as of now. Raises Cancelled, TookTooLong, and what looking does.

        A patient ask waits however long it takes.
        """
        waiting, before = _Waiting(ask, title, deadline), self._begun
        while True:
            number, running = self._joined()
            while not wait((running,), timeout=_TICK).done:
                waiting.check()
            # What came since an earlier look began isn't in it; mostly all else is known by then.
            if number > before:
                return running.result()

    def _joined(self) -> tuple[int, Future[list[Facts]]]:
        """Give the look that is on its way, or else begin one."""
        with self._lock:
            if self._running.done():
                self._begun, self._running = self._begun + 1, Future()
                args = (self._running,)
                Thread(target=self._run, args=args, name="plainlogs-look", daemon=True).start()
            return self._begun, self._running

    def _run(self, future: Future[list[Facts]]) -> None:
        try:
            future.set_result(self._look())
        # Raised again for each that waits.
        except BaseException as error:
            future.set_exception(error)


class _Waiting:
    """One ask that waits for a look: stopped by its asker and its deadline, and told of it."""

    def __init__(self, ask: Ask, title: str, deadline: float) -> None:
        self._ask, self._title, self._deadline = ask, title, deadline
        self._start = self._told = time.monotonic()

    def check(self) -> None:
        """Raise Cancelled or TookTooLong where nobody is to wait any longer."""
        if self._ask.cancelled():
            raise Cancelled("Cancelled.")
        now = time.monotonic()
        if now - self._told > _LONG:
            self._told = now
            self._ask.progress(f"Looking through the files of {self._title}", None)
        if now - self._start > self._deadline and not self._ask.patient:
            raise TookTooLong(
                f"The files of {self._title} are new or have changed, and to look through them "
                f"takes longer than {self._deadline:g} seconds. It goes on by itself: ask again in "
                "a few minutes."
            )
