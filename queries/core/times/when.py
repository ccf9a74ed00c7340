"""Time as people write it: a phrase is kept as written and resolved against a clock and zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from queries.core.errors import BadQuestion, Problem
from queries.core.nearest import nearest
from queries.core.times.moments import ISO
from queries.core.times.phrases import read_phrase
from queries.core.times.refused import before
from queries.core.times.spans import Span, absolute
from queries.core.times.wall import Grain, Now, Range, Unclear, UnclearNow
from queries.core.words import echoed, listed
from queries.core.writing import Word

EXAMPLES = ("last 24 hours", "yesterday", "since Monday", "last week", "2026-11-01..2026-11-05")
LONGEST = 12
"""So many words at most make a time."""

BEGINNINGS = ("last", "past", "previous", "since", "yesterday", "between", "tomorrow", "next")
"""Words that begin a time and hardly anything else."""

PRESETS = (
    "last hour",
    "last 6 hours",
    "last 24 hours",
    "today",
    "yesterday",
    "last 7 days",
    "last week",
    "last 30 days",
    "last month",
    "all",
)

KNOWN = (
    *PRESETS,
    *EXAMPLES,
    *("last 20 minutes", "last 2 hours", "last half hour", "last 2 weeks", "past fortnight"),
    *("this morning", "this afternoon", "this evening", "yesterday morning", "last night"),
    *("yesterday 9-11am", "12:00-13:30 today", "since 22:00", "since lunch", "since yesterday"),
    *("yesterday to today", "this hour"),
    *("friday", "on friday", "last friday", "mon to wed", "the 3rd", "3 nov", "nov 1-5"),
    *("this week", "this month", "this quarter", "last quarter", "this year", "last year"),
    *("last weekend", "over the weekend", "since the weekend", "week 47", "q3 2026", "2026"),
    *("last 3 months", "november", "since november", "3 days ago", "week of nov 2"),
)
"""What is offered for what isn't understood, the nearest of it."""

_ALIKE = 70
_SIGNS = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-") | {"…": "..", "’": "'"}
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """The absolute half-open range that a phrase meant, and what kind of range it is.

    ``span`` is None for "all": the whole log, which needs no clock.
    """

    span: Span | None
    grain: Grain


@dataclass(frozen=True, slots=True)
class Window:
    """A time phrase as written, in lower case with single spaces."""

    text: str

    def __str__(self) -> str:
        return self.text

    def resolve(self, now: datetime, zone: ZoneInfo) -> Resolved:
        """Give the absolute range, cut at ``now``.

        Raises:
            BadQuestion: the phrase is no time, is empty, or lies wholly in the future.
        """
        found = self._read(now, zone)
        asked = now
        if found[2] != "all" and absolute(found[0], zone) == now:
            # As a day begins, “today” is the one that ends: a digest of midnight asks so.
            asked = now - timedelta.resolution
            found = self._read(asked, zone)
        start, end, grain = found
        if grain == "all":
            return Resolved(None, grain)
        if grain == "rolling":
            # In real hours: 24 of them stay 24 where the clocks change between.
            return Resolved(Span(now - (end - start), now), grain)
        until = absolute(end, zone)
        span = Span(absolute(start, zone), now if until == asked else until)
        if why := self._refused(span, now, swallowed=end > start):
            raise BadQuestion(Problem("window", f"{echoed(self.text)} {why}"))
        return Resolved(Span(span.start, min(span.end, now)), grain)

    def _refused(self, span: Span, now: datetime, *, swallowed: bool) -> str:
        """Why a log can't hold anything of a span; nothing where it can."""
        if span.start >= now:
            return f"lies in the future. Try: {before(self.text)}."
        if span.end <= span.start and swallowed:
            return "is a time that there wasn't: clocks were set forward."
        return "ends before it starts." if span.end <= span.start else ""

    def _read(self, now: datetime, zone: ZoneInfo) -> Range:
        local = now.astimezone(zone).replace(tzinfo=None)
        try:
            found = read_phrase(self.text.lower(), Now(local, zone))
        except Unclear as unclear:
            raise BadQuestion(Problem("window", _unclear(self.text, unclear))) from None
        if found is None:
            raise BadQuestion(Problem("window", unknown_time(self.text)))
        return found


def window(text: str) -> Window:
    """Normalise a phrase; whether it is a time is found by ``is_time``."""
    plain = " ".join(text.lower().translate(_SIGNS).split())
    # A comma is a word of its own in what is typed.
    plain = plain.replace(" ,", ",").replace(",", "")
    return Window(ISO.sub(lambda moment: moment[0].upper(), plain))


def is_time(text: str) -> bool:
    """Say whether the whole phrase is a time that people write."""
    try:
        return _at_noon(text) is not None
    except UnclearNow:
        return True
    except Unclear:
        return False


def is_meant(text: str) -> bool:
    """Say whether the whole phrase is a time, or surely meant as one that can't be read."""
    try:
        return is_time(text) or _at_noon(text) is not None
    except Unclear:
        return True


def _at_noon(text: str) -> Range | None:
    # A fixed one in the middle of a week and year: what is a time may not
    # depend on the day of asking.
    noon = datetime(2026, 6, 17, 12)  # noqa: DTZ001 - the local clock of nobody in particular
    return read_phrase(window(text).text.lower(), Now(noon, ZoneInfo("UTC")))


def begins(words: Sequence[Word]) -> bool:
    """Say whether some words begin with a time, as a question would read them."""
    for length in range(1, min(LONGEST, len(words)) + 1):
        run = words[:length]
        if any(word.quoted or word.is_sign for word in run):
            return False
        if is_time(" ".join(word.text for word in run)):
            return True
    return False


def unknown_time(text: str) -> str:
    """The sentence that refuses a phrase, with the nearest that works and some others."""
    try:
        _at_noon(text)
    except Unclear as unclear:
        return _unclear(text, unclear)
    close = nearest_times(text)
    tried = ", ".join(dict.fromkeys((*close, *EXAMPLES)))
    return f"{echoed(text)} is no time that I understand. Try: {tried}."


def nearest_times(text: str) -> tuple[str, ...]:
    """The phrases most like one that isn't understood, all of which are."""
    try:
        _at_noon(text)
    except Unclear as unclear:
        return unclear.nearest
    return nearest(text, KNOWN, most=2, alike=_ALIKE)


def _unclear(text: str, unclear: Unclear) -> str:
    tried = f" Try: {listed(unclear.nearest, last='or')}." if unclear.nearest else ""
    return f"{echoed(text)} isn't clear. {unclear.why}{tried}"


def exactly(span: Span, zone: ZoneInfo) -> Window:
    """Write an absolute span, to whole minutes, on a zone's clock.

    With the offset, so that it means the same in every other zone.
    """
    until = span.end + timedelta(minutes=1) - timedelta.resolution
    start, end = (_written(at.astimezone(zone)) for at in (span.start, until))
    return window(f"{start}..{end}")


def _written(at: datetime) -> str:
    minutes = round((at.utcoffset() or timedelta()).total_seconds() / 60)
    if not minutes:
        return f"{at:%Y-%m-%dT%H:%MZ}"
    hours, rest = divmod(abs(minutes), 60)
    return f"{at:%Y-%m-%dT%H:%M}{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"
