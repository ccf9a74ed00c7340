"""The clock's hand: one interval job that does what is due. Nothing else is kept in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from commands.ports import Clock

log = structlog.get_logger("plainlogs")

EVERY = timedelta(seconds=15)
JITTER_SECONDS = 5
"""Everyone picks 09:00; this spreads several bots over a few seconds."""


class Scheduler:
    """Calls each piece of work with the present moment, every few seconds, in a thread.

    Work must be safe to do at any moment and in several processes, as ``fire_due`` is; what is
    due is found in the state's tables, so that nothing is lost when this process stops.
    """

    def __init__(
        self,
        clock: Clock,
        *work: Callable[[datetime], object],
        every: timedelta = EVERY,
        jitter: int = JITTER_SECONDS,
    ) -> None:
        self._clock, self._work = clock, work
        self._one_at_a_time = Lock()
        # An interval and no cron of APScheduler's: that skips times at a change of the clocks, and
        # reads the wall clock itself, so that neither demo nor tests could move it.
        self._jobs = BackgroundScheduler(timezone=UTC)
        self._jobs.add_job(
            self._tick_in_background,
            "interval",
            seconds=every.total_seconds(),
            jitter=jitter,
            max_instances=1,
            coalesce=True,
            # Its default of one second would leave a tick out whenever the machine was busy or
            # asleep.
            misfire_grace_time=None,
        )

    def start(self) -> None:
        """Begin; the first work is done after one interval."""
        self._jobs.start()

    def stop(self) -> None:
        """Begin nothing more, and wait until what is under way is done."""
        if self._jobs.running:
            self._jobs.shutdown(wait=True)

    def tick(self) -> None:
        """Do everything that is due now, after what is under way; return when it is done.

        For a clock that somebody moves: the demo's and the tests'. Raises what failed, together.
        """
        failed = self._round()
        if failed:
            raise ExceptionGroup("scheduled work failed", failed)

    def _tick_in_background(self) -> None:
        for error in self._round():
            log.error("scheduled work failed", exc_info=error)

    def _round(self) -> list[Exception]:
        """Do each piece of work once. One that fails does not keep the others from being done."""
        failed = []
        with self._one_at_a_time:
            now = self._clock()
            for each in self._work:
                try:
                    each(now)
                except Exception as error:
                    failed.append(error)
        return failed
