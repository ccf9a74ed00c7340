"""When something happens again: days, a time of day and a zone, as cron and in words.

Runs are computed by cronsim as Debian's cron does: a time that a daylight-saving change skips
runs at the end of the gap, one that comes twice runs once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from zoneinfo import ZoneInfo

from cronsim import CronSim

from queries.core.words import listed

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LAST_DAY = "L"
"""Cron's word for the last day of a month."""

_GROUPS = {frozenset(range(7)): "every day", frozenset(range(5)): "every weekday"}


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Five cron fields, the IANA zone that they are read in, and the same in words.

    ``phrase`` parses back to an equal recurrence (``commands.digests.recurrence_text.parse``).
    """

    cron: str
    zone: str
    phrase: str


def weekly(days: frozenset[int], hour: int, minute: int, zone: str) -> Recurrence:
    """Recur on days of the week, of which 0 is Monday, as in ``datetime.weekday``."""
    # Cron counts from Sunday, ``datetime.weekday`` from Monday.
    week = "*" if len(days) == 7 else ",".join(str((day + 1) % 7) for day in sorted(days))
    words = _GROUPS.get(days) or f"every {listed([WEEKDAYS[day] for day in sorted(days)])}"
    phrase = f"{words} at {_clock(hour, minute)} {zone}"
    return Recurrence(f"{minute} {hour} * * {week}", zone, phrase)


def monthly(day: str, hour: int, minute: int, zone: str) -> Recurrence:
    """Recur on a day of the month: a number that every month has, or ``LAST_DAY``."""
    words = "last day" if day == LAST_DAY else _ordinal(int(day))
    phrase = f"on the {words} of the month at {_clock(hour, minute)} {zone}"
    return Recurrence(f"{minute} {hour} {day} * *", zone, phrase)


def runs_after(recurrence: Recurrence, after: datetime) -> Iterator[datetime]:
    """Give every run later than ``after``, in order, as aware UTC."""
    for run in CronSim(recurrence.cron, after.astimezone(ZoneInfo(recurrence.zone))):
        # cronsim starts from the clock on the wall, which an autumn night shows twice
        if run.astimezone(UTC) > after:
            yield run.astimezone(UTC)


def next_runs(recurrence: Recurrence, after: datetime, n: int) -> tuple[datetime, ...]:
    """Give the next ``n`` runs later than ``after``, as aware UTC."""
    return tuple(islice(runs_after(recurrence, after), n))


def in_words(recurrence: Recurrence) -> str:
    """“Every weekday at 09:00 Europe/Berlin”."""
    return recurrence.phrase[0].upper() + recurrence.phrase[1:]


def run_in_words(run: datetime, zone: str) -> str:
    """“Tue 24 Nov 09:00” on the clocks of a zone."""
    local = run.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def _clock(hour: int, minute: int) -> str:
    return f"{hour:02}:{minute:02}"


def _ordinal(n: int) -> str:
    ending = "th" if 10 < n < 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"
