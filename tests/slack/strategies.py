"""Every reply with hostile content of any size."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

from hypothesis import strategies as st

from commands.replies import (
    Action,
    Answered,
    Button,
    Choice,
    Field,
    Form,
    Link,
    Note,
    Refused,
    Verb,
    Working,
)
from queries.core.answer import Answer, Column, Fact, Finding, Severity, Table
from queries.core.kinds.kind import Option
from queries.core.provenance import Provenance
from tests.slack.samples import CHART

HOSTILE = (
    "<!channel> <@U0ANA00001> @here #general https://evil.example/x?a=1&b=2 &amp; &lt;b&gt;",
    "*bold* _it_ ~no~ `code` ``` > quote",
    "\u202eright to left\u0000\u0007 \ud800 \ufeff",
    "👩‍👩‍👧‍👦" * 400,
    "x" * 20_000,
    "a b\n" * 3_000,
    "\u200b\u2060",
    " \n\t ",
    "",
)
words = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=80), st.text(min_size=1, max_size=9))
short = st.text("abcdefgh<>&*_`😀\n ", max_size=30)
moments = st.datetimes(timezones=st.just(UTC))
numbers = st.one_of(st.none(), st.integers(-(10**320), 10**320), st.floats())
types = st.sampled_from(
    ("text", "integer", "number", "share", "points", "time", "milliseconds", "boolean")
)
cells = st.one_of(words, numbers, st.booleans(), moments)
buttons = st.builds(
    Button,
    words,
    st.builds(Action, st.sampled_from(Verb), words),
    st.sampled_from(("plain", "primary", "danger")),
    words,
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A table of any size, its cells not minding their column's type."""
    columns = draw(st.lists(st.builds(Column, short, words, types, short), min_size=1, max_size=30))
    row = draw(st.tuples(*(cells for _ in columns)))
    rows = (row,) * draw(st.integers(0, 300))
    shown = tuple(draw(st.lists(st.sampled_from([c.name for c in columns]), max_size=9)))
    return Table(draw(words), tuple(columns), rows, shown, draw(st.integers(0, 300)), draw(words))


answers = st.builds(
    Answer,
    st.sampled_from(Severity),
    words,
    words,
    st.lists(st.builds(Finding, short, st.sampled_from(Severity), words), max_size=9).map(tuple),
    st.lists(tables(), max_size=2).map(tuple),
    st.one_of(st.none(), st.builds(replace, st.just(CHART), alt=words)),
    st.lists(words, max_size=12).map(tuple),
    facts=st.lists(st.builds(Fact, short, short, st.just("text"), short), max_size=12).map(tuple),
)
origins = st.builds(
    Provenance,
    run=words,
    question=words,
    source=words,
    simulated=st.booleans(),
    asker=words,
    asked_at=moments,
    zone=st.sampled_from(("Europe/Berlin", "UTC", "America/New_York", "nowhere")),
    start=st.one_of(st.none(), moments),
    end=st.one_of(st.none(), moments),
    data_through=st.one_of(st.none(), moments),
    rows_read=st.integers(0, 10**18),
    statements=st.just(()),
    left_out=st.lists(words, max_size=9).map(tuple),
)
answered = st.builds(
    Answered,
    words,
    answers,
    origins,
    st.lists(buttons, max_size=6).map(tuple),
    st.lists(buttons, max_size=30).map(tuple),
    st.booleans(),
    words,
)
notes = st.builds(Note, words, words, words, st.lists(buttons, max_size=30).map(tuple))
refusals = st.builds(
    Refused,
    words,
    words,
    st.dictionaries(short, words, max_size=4),
    st.lists(buttons, max_size=12).map(tuple),
    words,
)
links = st.builds(Link, words, words, st.sampled_from(("", "https://x.example/" + "y" * 4_000)))
workings = st.builds(Working, words, st.text("0123456789abcdef", min_size=1, max_size=16))


@st.composite
def choices(draw: st.DrawFn) -> Choice:
    """A choice in which some buttons are described."""
    offered = tuple(draw(st.lists(buttons, max_size=60)))
    described = {each.label: draw(words) for each in offered if draw(st.booleans())}
    headings = {each.label: draw(words) for each in offered if draw(st.booleans())}
    return Choice(draw(words), offered, described, draw(words), headings)


options = st.builds(Option, words, words, st.one_of(st.just(""), words))
CONTROLS = (
    *("choice", "time", "conditions", "number", "text"),
    *("audience", "clock", "zone", "days"),
)


class Many(tuple[Option, ...]):
    """More options than Slack shows, which a failing test need not list."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{len(self)} options"


MANY = Many(
    Option(f"region = r{at} {'😀' * (at % 60)}", f"region is r{at}", f"group {at % 7}")
    for at in range(1_500)
)


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """A form of any fields; their names come from code, so they are plain."""
    names = draw(st.lists(st.from_regex(r"[a-z_]{1,20}", fullmatch=True), max_size=9, unique=True))
    offered = st.one_of(st.lists(options, max_size=12).map(tuple), st.just(MANY))
    fields = tuple(
        Field(
            name,
            draw(words),
            draw(st.sampled_from(CONTROLS)),
            draw(offered),
            tuple(draw(st.lists(words, max_size=4))),
            draw(st.booleans()),
            draw(words),
            draw(words),
            draw(st.booleans()),
            draw(words),
        )
        for name in names
    )
    return Form(
        draw(st.sampled_from(Verb)), draw(short), draw(words), draw(words), fields, draw(words)
    )
