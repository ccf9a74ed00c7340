"""Runs one SELECT at a time on an engine: bounded, timed, and stoppable from outside."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore, Event, Thread
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from queries.core.doors.rows import Fetched
from queries.core.errors import Cancelled, TookTooLong

_TICK = 0.03
# A statement shorter than this needs no word about how far it is.
_LONG = 0.5
NO_OPTIONS: Mapping[str, Any] = {}


def never() -> bool:
    """Nobody cancels."""
    return False


@dataclass(frozen=True, slots=True)
class Ask:
    """One ask as the engine sees it: how to tell progress, and whether it was cancelled.

    A ``patient`` one is no person's: it waits for files to be looked through, however long.
    """

    progress: Callable[[str, float | None], None] = lambda _text, _share: None
    cancelled: Callable[[], bool] = never
    patient: bool = False


class Driver(Protocol):
    """What differs between drivers: the engine's own limit, stopping, and progress."""

    @property
    def streaming(self) -> Mapping[str, Any]:
        """Give execution options with which rows come in batches, not collected first."""

    def limit(self, connection: sa.Connection, seconds: float) -> None:
        """Make the engine itself give up after so many seconds; 0 means never."""

    def interrupt(self, connection: sa.Connection) -> None:
        """Stop what the connection runs; called from another thread."""

    def progress(self, connection: sa.Connection) -> float | None:
        """Tell how far the running statement is, from 0 to 1, or None."""

    def gave_up(self, error: DBAPIError) -> bool:
        """Tell whether the engine stopped by its own limit or by an interrupt."""


class Runner:
    """One engine behind a bound on how many statements run at once."""

    def __init__(
        self, engine: sa.Engine, driver: Driver, *, deadline: float, gate: BoundedSemaphore
    ) -> None:
        self.engine = engine
        self._driver = driver
        self.deadline = deadline
        self._gate = gate

    def fetch(
        self, select: sa.Select[Any], ask: Ask, what: str, options: Mapping[str, Any] = NO_OPTIONS
    ) -> Fetched:
        """Run a select to its end, with a dialect's execution options.

        Raises TookTooLong, Cancelled, and the driver's errors.
        """
        # The turn first: whoever waits for one must not hold a connection meanwhile.
        with self._turn(ask), self.engine.connect() as connection:
            start = time.perf_counter()
            # A second later than the watch, which can say why: the engine's
            # own is for when that hangs.
            self._driver.limit(connection, self.deadline + 1)
            with self._watched(connection, ask, what):
                result = connection.execute(select, execution_options=options)
                rows = [tuple(row) for row in result]
            seconds = time.perf_counter() - start
            sql, parameters = _said(result.context)
            return Fetched(tuple(result.keys()), rows, sql, parameters, seconds)

    def stream(self, select: sa.Select[Any], batch: int, ask: Ask, what: str) -> Iterator[Fetched]:
        """Run a select and give its rows in batches; each batch has the deadline for itself."""
        with self._turn(ask), self.engine.connect() as connection:
            # The engine's own limit would count the time that the reader of the rows takes.
            self._driver.limit(connection, 0)
            start = time.perf_counter()
            with self._watched(connection, ask, what):
                result = connection.execute(select, execution_options=self._driver.streaming)
            with closing(result):
                keys, said = tuple(result.keys()), _said(result.context)
                while True:
                    with self._watched(connection, ask, what):
                        rows = [tuple(row) for row in result.fetchmany(batch)]
                    if not rows:
                        return
                    yield Fetched(keys, rows, *said, time.perf_counter() - start)
                    start = time.perf_counter()

    @contextmanager
    def _turn(self, ask: Ask) -> Iterator[None]:
        # In small steps, as somebody may cancel while waiting for a turn.
        while not self._gate.acquire(timeout=_TICK):
            if ask.cancelled():
                raise Cancelled("Cancelled.")
        try:
            yield
        finally:
            self._gate.release()

    @contextmanager
    def _watched(self, connection: sa.Connection, ask: Ask, what: str) -> Iterator[None]:
        """Stop the connection at the deadline or on cancellation, and say which it was."""
        if ask.cancelled():
            raise Cancelled("Cancelled.")
        watch = _Watch(connection, self._driver, ask, what, self.deadline)
        try:
            with watch:
                yield
            if watch.interrupted:  # it was done before; the interrupt must not hit what is next
                connection.invalidate()
        except DBAPIError as error:
            if ask.cancelled() and self._driver.gave_up(error):
                # An interrupt that is still on its way must not hit the next ask's statement.
                connection.invalidate()
                raise Cancelled("Cancelled.") from error
            if self._driver.gave_up(error):
                connection.invalidate()
                raise TookTooLong(
                    f"{what} took longer than {self.deadline:g} seconds and was stopped. "
                    "Ask for a shorter time or fewer splits."
                ) from error
            raise


class _Watch:
    """A thread beside one running statement: interrupts it, and tells progress if it is long."""

    def __init__(
        self, connection: sa.Connection, driver: Driver, ask: Ask, what: str, deadline: float
    ) -> None:
        self._connection, self._driver, self._ask = connection, driver, ask
        self._what, self._deadline = what, deadline
        self.interrupted = False
        self._done = Event()
        self._thread = Thread(target=self._run, name="plainlogs-watch", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        start = time.monotonic()
        told = start
        while not self._done.wait(_TICK):
            now = time.monotonic()
            if self._ask.cancelled() or now - start > self._deadline:
                # Again at each tick: an interrupt before the statement has begun is lost.
                self.interrupted = True
                self._driver.interrupt(self._connection)
            elif now - told > _LONG:
                told = now
                self._ask.progress(self._what, self._driver.progress(self._connection))


def _said(context: Any) -> tuple[str, dict[str, str]]:
    """Give the SQL that ran and its parameters as text, each under its mark in the SQL."""
    values = context.parameters[0]
    marked = values if isinstance(values, dict) else {f"${i}": v for i, v in enumerate(values, 1)}
    return context.statement, {name: _text(value) for name, value in marked.items()}


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, list):
        names = [Path(path).name for path in value]
        return (
            ", ".join(names) if len(names) <= 4 else f"{len(names)} files, {names[0]} … {names[-1]}"
        )
    return "all as text" if isinstance(value, dict) else str(value)
