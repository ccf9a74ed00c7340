"""Time as people write it: a phrase is kept as written and resolved against a clock and zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from queries.core.errors import BadQuestion, Problem
from queries.core.times.phrases import ISO, Grain, Now, read_phrase
from queries.core.times.spans import Span
from queries.core.words import echoed
from queries.core.writing import Word

EXAMPLES = ("last 24 hours", "yesterday", "since Monday", "last week", "2026-11-01..2026-11-05")
LONGEST = 8
"""So many words at most make a time."""

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
        local_now = now.astimezone(zone).replace(tzinfo=None)
        found = read_phrase(self.text.lower(), Now(local_now, zone))
        if found is None:
            raise BadQuestion(Problem("window", unknown_time(self.text)))
        start, end, grain = found
        if grain == "all":
            return Resolved(None, grain)
        if grain == "rolling":
            # In real hours: 24 of them stay 24 where the clocks change between.
            return Resolved(Span(now - (local_now - start), now), grain)
        span = Span(_absolute(start, zone), _absolute(end, zone))
        if span.end <= span.start:
            raise BadQuestion(Problem("window", f"{echoed(self.text)} ends before it starts."))
        if span.start >= now:
            raise BadQuestion(Problem("window", f"{echoed(self.text)} lies in the future."))
        return Resolved(Span(span.start, min(span.end, now)), grain)


def window(text: str) -> Window:
    """Normalise a phrase; whether it is a time is found by ``is_time``."""
    plain = " ".join(text.lower().replace("–", "-").split())
    return Window(ISO.sub(lambda moment: moment[0].upper(), plain))


def is_time(text: str) -> bool:
    """Say whether the whole phrase is a time that people write."""
    # A fixed one in the middle of a week and year: what is a time may not
    # depend on the day of asking.
    noon = datetime(2026, 6, 17, 12)  # noqa: DTZ001 - the local clock of nobody in particular
    return read_phrase(window(text).text.lower(), Now(noon, ZoneInfo("UTC"))) is not None


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
    """The sentence that refuses a phrase and shows some that work."""
    return f"{echoed(text)} is no time that I understand. Try: {', '.join(EXAMPLES)}."


def exactly(span: Span) -> Window:
    """Write an absolute span, to whole minutes, so that it means the same in every zone."""
    until = span.end + timedelta(minutes=1) - timedelta.resolution
    start, end = (f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}" for at in (span.start, until))
    return window(f"{start}..{end}")


def _absolute(local: datetime, zone: ZoneInfo) -> datetime:
    return local.replace(tzinfo=zone).astimezone(UTC)
