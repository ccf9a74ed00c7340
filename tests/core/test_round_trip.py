"""Canonical text: whatever a question asks, its text and its raw values give it back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from commands.form import AUDIENCE, ONLY_ME, question_form
from commands.submit import submit
from commands.understand import Ask, understand
from queries.core.catalog import Catalog
from queries.core.grammar import parse
from queries.core.question import Question, bind, raw
from queries.core.times.spans import Span
from queries.core.times.when import exactly
from queries.core.writing import quote, words
from tests.core.catalogs import BERLIN, NAMES, asked

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
WHOLE = settings(max_examples=60, deadline=None)  # each example draws a catalog


@WHOLE
@given(asked())
def test_canonical_text_parses_back(case: tuple[Question, Catalog]) -> None:
    """The text of any question, over any catalog, parses to an equal question."""
    found, catalog = case
    again = parse(str(found), catalog, BERLIN)
    assert again == found
    assert str(again) == str(found)


@WHOLE
@given(asked())
def test_canonical_text_is_understood_as_typed(case: tuple[Question, Catalog]) -> None:
    """A button that carries canonical text asks that very question, for everyone."""
    found, catalog = case
    assert understand(str(found), catalog, BERLIN) == Ask(found, private=False)


@WHOLE
@given(asked())
def test_raw_values_bind_back(case: tuple[Question, Catalog]) -> None:
    """The raw values that a form is filled with bind to an equal question."""
    found, catalog = case
    assert bind(type(found), raw(found), catalog, BERLIN) == found


@WHOLE
@given(asked(), st.booleans())
def test_a_form_submitted_as_filled_asks_the_same(
    case: tuple[Question, Catalog], private: bool
) -> None:
    """Opening the form of any question and sending it unchanged asks that question."""
    found, catalog = case
    audience = ONLY_ME if private else "everyone"
    form = question_form(found.name, raw(found), catalog, BERLIN, audience=audience)
    entered = {field.name: field.values for field in form.fields}
    again = submit(found.name, entered, catalog, BERLIN)
    assert again == Ask(found, private and AUDIENCE in entered)


@given(st.lists(NAMES | st.just(""), max_size=5))
def test_quoted_words_come_back_as_they_were(texts: list[str]) -> None:
    """Texts written with quotes where needed are cut into the same words again."""
    found = words(", ".join(map(quote, texts)))
    assert [word.text for word in found if not word.is_sign] == texts


@given(st.text(max_size=60))
def test_words_know_where_they_stood(text: str) -> None:
    """Whatever is typed, words lie in order within it and leave out nothing but spaces."""
    end = 0
    for word in words(text):
        assert not text[end : word.start].strip()
        assert end <= word.start <= word.end <= len(text)
        end = word.end
    assert not text[end:].strip()


_ZONES = ("UTC", "Asia/Kathmandu", "Europe/Berlin", "America/New_York")
_MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2026, 11, 22))  # noqa: DTZ001 - made aware
_REPEATED = datetime(2026, 10, 25, 0, 50)  # noqa: DTZ001 - the second 02:50 in Berlin follows
_INSTANT = timedelta.resolution


@given(_MOMENTS, st.timedeltas(_INSTANT, timedelta(days=400)))
@example(_REPEATED, timedelta(minutes=20))
@example(_REPEATED + timedelta(minutes=20), timedelta(minutes=20))
@example(_REPEATED, _INSTANT)
def test_an_exact_span_means_the_same_in_every_zone(start: datetime, length: timedelta) -> None:
    """A span written for a button covers the span, to the minute, whoever clicks."""
    begin = start.replace(tzinfo=UTC)
    span = Span(begin, min(begin + length, NOW))
    written = [exactly(span, ZoneInfo(zone)) for zone in _ZONES]
    found = {each.resolve(NOW, ZoneInfo(zone)) for each in written for zone in _ZONES}
    assert len(found) == 1
    covered = found.pop().span
    assert covered is not None
    assert timedelta() <= span.start - covered.start < timedelta(minutes=1)
    assert timedelta() <= covered.end - span.end < timedelta(minutes=1)
