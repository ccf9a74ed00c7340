"""What a question reads: the range of time it covers, cut to what the log holds."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from queries.core import words
from queries.core.answer import Answer, Severity
from queries.core.errors import NotAnswerable
from queries.core.log import Log
from queries.core.logs import Logs
from queries.core.times.phrases import ALL
from queries.core.times.rolling import rolling
from queries.core.times.spans import Span
from queries.core.times.units import unit
from queries.core.times.untimed import no_time
from queries.core.times.wall import Grain
from queries.core.times.when import Window

_UNIT = re.compile(r"(?:this|last) (?:week|month|quarter|year)")

_DAY_AND_HOUR = timedelta(hours=25)
"""The longest day there is: the one on which clocks are set back."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The span that was asked for, the part of it that the log covers, and what kind it is.

    ``span`` is None for an undated log, which is read whole, and ``covered`` is None where the
    log holds nothing in the span.
    """

    window: Window
    span: Span | None
    covered: Span | None
    grain: Grain
    data_through: datetime | None
    first: datetime | None
    now: datetime
    zone: ZoneInfo

    @property
    def asked_span(self) -> Span:
        """The span that was asked for. Raises NotAnswerable where the log has no times."""
        return _dated(self.span)

    @property
    def covered_span(self) -> Span:
        """The covered span. Raises NotAnswerable where the log has no times."""
        return _dated(self.covered)

    @property
    def begun_span(self) -> Span:
        """The covered span from the minute on in which the log begins.

        The time before is none without failures, and hides among its buckets since when they are.
        Raises NotAnswerable where the log has no times.
        """
        covered = self.covered_span
        if self.first is None:
            return covered
        return Span(max(covered.start, self.first.replace(second=0, microsecond=0)), covered.end)

    @property
    def spans(self) -> tuple[Span, ...] | None:
        """The covered span for a log's doors; None reads an undated log whole."""
        return None if self.covered is None else (self.covered,)

    @property
    def text(self) -> str:
        """The range as a phrase within a sentence: “in the last 24 hours”."""
        phrase = self.window.text
        if self.span is None or phrase in ALL:
            return "in the whole log"
        if self.grain == "rolling" and (length := rolling(phrase)):
            return f"in the {length.said}"
        if self._is_usual(phrase, self.span):
            return phrase
        if phrase.startswith("since ") and self.span.end == self.now:
            return f"since {self._edge(self.span.start)}"
        said = words.time_range(self.span.start, self.span.end, self.zone, self.now)
        return f"from {said}" if " to " in said else f"on {said}"

    def _is_usual(self, phrase: str, span: Span) -> bool:
        """Whether a phrase is one of those that nobody reads otherwise, as of today."""
        today, first = self.now.astimezone(self.zone).date(), span.start.astimezone(self.zone)
        if phrase in ("today", "yesterday"):
            return first.date() == today - (phrase == "yesterday") * timedelta(days=1)
        named = unit(phrase, today) if _UNIT.fullmatch(phrase) else None
        return named is not None and named[0].date() == first.date()

    def _edge(self, at: datetime) -> str:
        """Since when: a day by its name, where the time begins with it."""
        local = at.astimezone(self.zone)
        if local.time() != time():
            return words.moment(at, self.zone, self.now)
        year = "" if local.year == self.now.astimezone(self.zone).year else f" {local.year}"
        return f"{local:%A} {local.day} {local:%b}{year}"

    def moment(self, at: datetime) -> str:
        """A moment in the asker's zone: today's by its clock time, others with their day.

        Where more than a day was asked for, the day is always named: a clock time alone could be
        that of any of them, and the answer may be read tomorrow.
        """
        dated = self.span is not None and self.span.end - self.span.start > _DAY_AND_HOUR
        return words.moment(at, self.zone, self.now, dated=dated)


def read(log: Log, window: Window, logs: Logs) -> Reading:
    """Resolve a window against the asker's clock and cut it to the log's latest row.

    Raises BadQuestion where the phrase is no time or lies in the future.
    """
    asked = Reading(
        window=window,
        span=None,
        covered=None,
        grain="all",
        data_through=None,
        first=None,
        now=logs.now,
        zone=logs.zone,
    )
    if log.source.undated:
        return replace(asked, window=Window("all"))
    resolved = window.resolve(logs.now, logs.zone)
    asked = replace(asked, span=resolved.span, grain=resolved.grain)
    extent = log.extent()
    if extent is None:
        if why := no_time(log):
            raise NotAnswerable(why)
        return asked
    through = log.data_through()
    span = resolved.span or extent
    covered = None
    if through is not None and span.start <= through and extent.start < span.end:
        # Up to the log's last request: the rest of the time is not quiet but not there yet.
        covered = Span(span.start, min(span.end, through + timedelta(microseconds=1)))
    if window in log.cuts:
        span, covered = log.cuts[window]
    return replace(asked, span=span, covered=covered, data_through=through, first=extent.start)


def nothing(log: Log, reading: Reading) -> Answer | None:
    """Give the answer for a time in which the log holds nothing, or None where it holds some."""
    if reading.covered is not None or log.source.undated:
        return None
    name = log.source.name
    if reading.data_through is None and reading.first:
        first = words.moment(reading.first, reading.zone, reading.now)
        return Answer(
            Severity.WARNING,
            f"{name}: no requests {reading.text}",
            f"The first request in the log is of {first}, which is still to come. Look at the "
            "clock that logs, and at the zone that is declared.",
        )
    if reading.data_through is None:
        return Answer(
            Severity.UNKNOWN,
            f"{name}: the log is empty",
            "No request has been logged so far. Check where the log lies with `plainlogs check`.",
        )
    headline = f"{name}: no requests {reading.text}"
    if reading.first and reading.span and reading.span.end <= reading.first:
        first = words.moment(reading.first, reading.zone, reading.now)
        return Answer(Severity.UNKNOWN, headline, f"The log begins only at {first}.")
    last = words.moment(reading.data_through, reading.zone, reading.now)
    return Answer(
        Severity.WARNING,
        headline,
        f"The last request in the log is from {last}. Either nothing was asked of the model, "
        "or its log no longer arrives.",
    )


def begins(log: Log, reading: Reading) -> str:
    """Say where a log begins only within the time that was asked for; nothing otherwise."""
    if reading.covered is None or reading.first is None:
        return ""
    if reading.first < reading.covered.start + timedelta(minutes=1):
        return ""
    first = words.moment(reading.first, reading.zone, reading.now)
    return f"The log of {log.source.name} begins at {first}; what was before isn't known."


def _dated(span: Span | None) -> Span:
    if span is None:
        raise NotAnswerable(
            "This log has no times, and the question is about time. "
            "Declare which column is the `time` under its roles in plainlogs.toml."
        )
    return span
