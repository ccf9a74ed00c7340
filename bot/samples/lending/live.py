"""The lending sample goes on: a further minute of requests every minute."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.samples.lending.files import (
    PLAN,
    Block,
    blocks,
    logged_until,
    newest_block,
    newest_outcomes,
    put_log,
    put_outcomes,
)
from bot.samples.lending.plan import MINUTES_A_DAY, Plan, minute_of, moment_of
from bot.samples.lending.table import connect


class Live:
    """Continues the simulation in a folder that ``write_samples`` wrote.

    What is added depends on the plan in the folder and on the minute alone, so that a restart, a
    gap of days or a second process at the same work end in the same rows (of two processes, the
    slower may take back the newest minute, until either comes by again). The planted events stay
    where the plan put them in absolute time.
    """

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        """``folder`` is the one given to ``write_samples``; raises OSError without a sample."""
        self._folder = folder / "lending"
        self._clock = clock
        self._plan = Plan.load(self._folder / PLAN)

    def catch_up(self) -> datetime:
        """Add every whole minute that has passed, and the outcomes of every day that is over.

        Gives the moment (UTC) up to which the log now runs. A clock that stands still or goes
        back adds nothing. ``files`` says what somebody who reads meanwhile can see.
        """
        end = minute_of(self._clock())
        newest = newest_block(self._folder)
        seen = newest_outcomes(self._folder)
        unseen = self._plan.first // MINUTES_A_DAY if seen is None else seen + 1
        with connect() as engine:
            if newest is not None and (logged := logged_until(engine, self._folder, newest)) >= end:
                return moment_of(logged)
            for block in self._missing(newest, end):
                put_log(engine, self._plan, self._folder, block)
            put_outcomes(engine, self._plan, self._folder, unseen, end // MINUTES_A_DAY)
        return moment_of(end)

    def _missing(self, newest: Block | None, end: int) -> list[Block]:
        if newest is None:
            return list(blocks(self._plan.first, end, self._plan.first))
        first = newest.end if newest.whole_day else newest.first
        next_midnight = -(-newest.end // MINUTES_A_DAY) * MINUTES_A_DAY
        return list(blocks(first, end, next_midnight))
