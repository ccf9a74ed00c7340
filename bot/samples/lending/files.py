"""The lending sample's folder: which file holds which minutes, and how files come into place.

The log has one file a whole day and, for the day that is not over, one file an hour. A minute that
has passed is added by putting the whole hour anew in place of the hour's file, at one stroke. So a
row is at no time in two files that are both to be seen, and at no time in none: a reader that
lists the folder at any moment finds each minute once. What a reader may meet is a file that was
replaced between its listing and its reading; it then reads the old rows, or fails and lists again.
A day that was begun in hours stays in hours: merging 24 files into one could not be done at one
stroke.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from bot.samples.lending.plan import MINUTES_A_DAY, Plan, minute_of, moment_of
from bot.samples.lending.simulate import LONGEST_DELAY_DAYS, Lot, simulate
from bot.samples.lending.table import log_rows, outcome_rows
from bot.samples.parquet import put_parquet

LOG = "log"
OUTCOMES = "outcomes"
PLAN = "simulation.json"

_DAY_NAME = "%Y-%m-%d"
_HOUR_NAME = "%Y-%m-%dT%H"


@dataclass(frozen=True, slots=True)
class Block:
    """The minutes of one file of the log: ``first`` included, ``end`` excluded."""

    name: str
    first: int
    end: int

    @property
    def whole_day(self) -> bool:
        """Say whether the file is a day's; otherwise it is an hour's."""
        return self.end - self.first == MINUTES_A_DAY


def blocks(first: int, end: int, whole_days_from: int) -> Iterator[Block]:
    """Cut the minutes into files: whole days where they begin there or later, else hours."""
    while first < end:
        day_ends = first + MINUTES_A_DAY
        whole_day = first % MINUTES_A_DAY == 0 and whole_days_from <= first and day_ends <= end
        block_end = day_ends if whole_day else min(first - first % 60 + 60, end)
        name = moment_of(first).strftime(_DAY_NAME if whole_day else _HOUR_NAME)
        yield Block(f"{name}.parquet", first, block_end)
        first = block_end


def put_log(engine: duckdb.DuckDBPyConnection, plan: Plan, folder: Path, block: Block) -> None:
    """Put one file of the log into the sample's folder."""
    lot = simulate(plan, block.first, block.end)
    put_parquet(log_rows(engine, lot), folder / LOG / block.name)


def put_outcomes(
    engine: duckdb.DuckDBPyConnection, plan: Plan, folder: Path, first_day: int, end_day: int
) -> None:
    """Put the files of the outcomes reported on these days (since 1970; the last excluded).

    A day's file holds what was reported between its midnights, UTC, on requests of the log.
    """
    if first_day >= end_day:
        return
    # Older days have told all of theirs: no outcome takes longer.
    lots: deque[Lot] = deque(maxlen=LONGEST_DELAY_DAYS + 1)
    earliest = max(first_day - LONGEST_DELAY_DAYS, plan.first // MINUTES_A_DAY)
    for day in range(earliest, end_day):
        lots.append(simulate(plan, day * MINUTES_A_DAY, (day + 1) * MINUTES_A_DAY))
        if day >= first_day:
            name = moment_of(day * MINUTES_A_DAY).strftime(_DAY_NAME)
            put_parquet(
                outcome_rows(engine, list(lots), day), folder / OUTCOMES / f"{name}.parquet"
            )


def newest_block(folder: Path) -> Block | None:
    """Give what the newest file of the log is there for (whole), or None without a log."""
    names = [path.name for path in (folder / LOG).glob("[0-9]*.parquet")]
    return max(map(_block, names), key=lambda block: block.end, default=None)


def logged_until(engine: duckdb.DuckDBPyConnection, folder: Path, newest: Block) -> int:
    """Give the first minute after the last row of the log's newest file."""
    rows = engine.read_parquet(str(folder / LOG / newest.name))
    (latest,) = rows.max("epoch_ms(ts)").fetchall()[0]
    return newest.first if latest is None else latest // 60_000 + 1


def newest_outcomes(folder: Path) -> int | None:
    """Give the newest day (since 1970) whose outcomes are there, or None without any."""
    names = [path.name for path in (folder / OUTCOMES).glob("[0-9]*.parquet")]
    return max((_block(name).first // MINUTES_A_DAY for name in names), default=None)


def _block(name: str) -> Block:
    stem = name.removesuffix(".parquet")
    begins = minute_of(datetime.fromisoformat(stem + ":00" * ("T" in stem)).replace(tzinfo=UTC))
    return Block(name, begins, begins + (60 if "T" in stem else MINUTES_A_DAY))
