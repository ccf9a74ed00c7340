"""Who speaks, where, and what commands need from outside: the seams to everything concrete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from queries.core.answer import RowStream
from queries.core.catalog import Catalog
from queries.core.logs import Logs

Clock = Callable[[], datetime]
"""Gives the present moment, timezone-aware, in UTC."""

Progress = Callable[[str, float | None], None]
"""Told what is being done and, where known, which share of it is done."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: a platform's id, a name to show, an IANA zone, an e-mail where known."""

    id: str
    name: str
    zone: str
    email: str = ""

    @property
    def tz(self) -> ZoneInfo:
        """The person's time zone."""
        return ZoneInfo(self.zone)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer is read: a platform and its channel. ``private`` is a direct message."""

    platform: str
    channel: str
    thread: str = ""
    private: bool = False


def never() -> bool:
    """Nobody cancels."""
    return False


def silent(_what: str, _share: float | None) -> None:
    """Nobody listens to progress."""


class OpenLogs(Protocol):
    """Opens the declared logs for one ask."""

    def __call__(
        self,
        *,
        now: datetime,
        zone: ZoneInfo,
        progress: Progress = silent,
        cancelled: Callable[[], bool] = never,
        patient: bool = False,
    ) -> Logs:
        """Give what the ask may touch; ``cancelled`` tells whether the asker has cancelled.

        A ``patient`` one, for which nobody waits, may take as long as looking at files does.
        """
        ...


@dataclass(frozen=True)
class Workbook:
    """A full result for a spreadsheet: its tabs, what it is about, and who shall see it.

    ``one_page`` asks for one printable page instead of tabs, where the format has pages.
    """

    title: str
    run: str
    zone: ZoneInfo
    sheets: tuple[RowStream, ...]
    about: tuple[tuple[str, str], ...]
    people: tuple[str, ...] = ()
    one_page: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A written spreadsheet: an address, or a file's name and content; and what to say of it."""

    note: str
    url: str = ""
    file_name: str = ""
    content: bytes = b""


class WriteSpreadsheet(Protocol):
    """Writes a workbook somewhere a person can open it."""

    def __call__(
        self,
        workbook: Workbook,
        *,
        progress: Progress = silent,
        cancelled: Callable[[], bool] = never,
    ) -> Written:
        """Write it. Raises PlainError where that isn't possible, Cancelled when cancelled."""
        ...


@dataclass(frozen=True)
class Services:
    """Everything concrete that commands use, given once by the wiring."""

    clock: Clock
    catalog: Callable[[], Catalog]
    logs: OpenLogs
    state: sa.Engine
    spreadsheet: WriteSpreadsheet
    new_id: Callable[[], str]
