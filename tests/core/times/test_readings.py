"""What times mean as people say them: the range that is read, and what an answer says of it."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.core.errors import BadQuestion
from queries.core.times.reading import Reading
from queries.core.times.when import KNOWN, Window, is_meant, is_time, nearest_times, window
from tests.core.times.readings import READINGS, REFUSALS, Clock

READ = [(clock, *row) for clock, rows in READINGS.items() for row in rows]
REFUSED = [(clock, *row) for clock, rows in REFUSALS.items() for row in rows]
CLOCKS = list(READINGS)
WORDS = sorted({word for each in KNOWN for word in each.split()})


def _ids(rows: list[tuple[Clock, str, str]] | list[tuple[Clock, str, str, str]]) -> list[str]:
    return [f"{row[0].local}-{row[1]}" for row in rows]


def _local(at: datetime, clock: Clock) -> str:
    shown = at.astimezone(clock.tz)
    return f"{shown:%Y-%m-%d %H:%M}{'*' if shown.fold else ''}"


@pytest.mark.parametrize(("clock", "phrase", "start", "end"), READ, ids=_ids(READ))
def test_a_phrase_means_what_people_mean(clock: Clock, phrase: str, start: str, end: str) -> None:
    """A phrase gives the nearest past in which it makes sense, on the asker's clock."""
    span = window(phrase).resolve(clock.now, clock.tz).span
    assert span is not None
    assert (_local(span.start, clock), _local(span.end, clock)) == (start, end)
    assert is_time(phrase)


@pytest.mark.parametrize(("clock", "phrase", "start", "end"), READ, ids=_ids(READ))
def test_what_an_answer_says_is_what_was_read(
    clock: Clock, phrase: str, start: str, end: str
) -> None:
    """The words for a time, asked again at the same moment, mean the range that was read."""
    said = _said(clock, phrase)
    span = window(said).resolve(clock.now, clock.tz).span
    assert span is not None
    assert (_local(span.start, clock), _local(span.end, clock)) == (start, end), said


@pytest.mark.parametrize(("clock", "phrase", "why"), REFUSED, ids=_ids(REFUSED))
def test_what_is_not_read_is_refused(clock: Clock, phrase: str, why: str) -> None:
    """What is no time, several or still to come is refused in words, with the nearest that is."""
    with pytest.raises(BadQuestion) as refused:
        window(phrase).resolve(clock.now, clock.tz)
    assert why in str(refused.value)
    assert str(refused.value).startswith(f"“{window(phrase)}” ")
    for near in nearest_times(phrase):
        assert is_time(near), near


@pytest.mark.parametrize("clock", CLOCKS, ids=[clock.local for clock in CLOCKS])
@pytest.mark.parametrize("phrase", KNOWN)
def test_what_is_offered_is_understood(clock: Clock, phrase: str) -> None:
    """Every phrase that is offered is a time, whenever it is chosen, if it isn't still to come."""
    assert is_time(phrase)
    refused = _refusal(window(phrase), clock)
    assert not refused or "lies in the future" in refused


SAID = [
    ("this morning", "from 26 Nov 06:00 to 12:00 Europe/Berlin"),
    ("last night", "from 25 Nov 18:00 to 26 Nov 06:00 Europe/Berlin"),
    ("since lunch", "since 12:00"),
    ("since 22:00", "since 22:00 on 25 Nov"),
    ("since Monday", "since Monday 23 Nov"),
    ("since december", "since Monday 1 Dec 2025"),
    ("since the weekend", "since Saturday 21 Nov"),
    ("over the weekend", "from 21 Nov to 22 Nov 2026 Europe/Berlin"),
    ("last 20m", "in the last 20 minutes"),
    ("last 4 hrs", "in the last 4 hours"),
    ("last hr", "in the last hour"),
    ("last half hour", "in the last 30 minutes"),
    ("past fortnight", "in the last 14 days"),
    ("last 1 hours", "in the last 1 hour"),
    ("the 3rd", "on 3 Nov 2026 Europe/Berlin"),
    ("on friday", "on 20 Nov 2026 Europe/Berlin"),
    ("today", "today"),
    ("yesterday", "yesterday"),
    ("this week", "this week"),
    ("last month", "last month"),
    ("last 3 months", "from 1 Aug to 31 Oct 2026 Europe/Berlin"),
]


@pytest.mark.parametrize(("phrase", "said"), SAID, ids=[phrase for phrase, _ in SAID])
def test_an_answer_names_the_range(phrase: str, said: str) -> None:
    """A sentence names the days and hours, unless nobody would read the phrase otherwise."""
    assert _said(CLOCKS[0], phrase) == said


def test_a_day_that_just_ended_is_not_called_today() -> None:
    """A digest of midnight that asks for today is about the day before, and says so."""
    midnight = next(clock for clock in CLOCKS if clock.local.endswith("00:00"))
    assert _said(midnight, "today") == "on 24 Nov 2026 Europe/Berlin"
    assert _said(midnight, "yesterday") == "yesterday"


@given(st.sampled_from(KNOWN), st.sampled_from("‐‑‒–—−-"))
def test_any_dash_is_one(phrase: str, dash: str) -> None:
    """A dash is read whichever a phone or a word processor makes of it."""
    assert window(phrase.replace("-", dash)) == window(phrase)


@given(st.text("0123456789:-.ap mthdy/", max_size=14))
def test_no_figures_crash_the_reading(text: str) -> None:
    """Whatever figures are typed, they are a time or none."""
    assert is_time(text) in (True, False)
    assert is_meant(text) or not is_time(text)


@given(st.lists(st.sampled_from(WORDS), max_size=5))
def test_no_words_crash_the_reading(words: list[str]) -> None:
    """Whatever words of times are typed, they resolve or are refused in a sentence."""
    refused = _refusal(Window(" ".join(words)), CLOCKS[0])
    assert not refused or refused.endswith(".")


def _refusal(asked: Window, clock: Clock) -> str:
    try:
        asked.resolve(clock.now, clock.tz)
    except BadQuestion as refused:
        return str(refused)
    return ""


def _said(clock: Clock, phrase: str) -> str:
    resolved = window(phrase).resolve(clock.now, clock.tz)
    return Reading(
        window=window(phrase),
        span=resolved.span,
        covered=resolved.span,
        grain=resolved.grain,
        data_through=clock.now,
        first=None,
        now=clock.now,
        zone=clock.tz,
    ).text
