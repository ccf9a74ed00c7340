"""A question whose time is fixed, made one about the latest: what can be asked each morning."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from commands.replies import Field
from queries.core.kinds.kind import Option
from queries.core.question import Question, Raw, parameters, window_of
from queries.core.times.when import Window, is_time, window

EACH_TIME = "window"
"""The field that says which time is meant each time."""

_LENGTHS = {
    "last hour": timedelta(hours=1),
    "last 6 hours": timedelta(hours=6),
    "last 24 hours": timedelta(hours=24),
    "last 7 days": timedelta(days=7),
    "last 30 days": timedelta(days=30),
}
_OTHERS = ("yesterday", "last week", "last month")


def is_fixed(question: Question, now: datetime, zone: ZoneInfo) -> bool:
    """Whether a question's time means the same range a week later."""
    asked = window_of(question)
    if asked is None:
        return False
    # A week, as “last week” is the same range tomorrow.
    first, later = (asked.resolve(at, zone).span for at in (now, now + timedelta(days=7)))
    return first is not None and first == later


def each_time(question: Question, now: datetime, zone: ZoneInfo) -> Field:
    """Ask which time is meant each time, filled with the one that is about as long."""
    asked = window_of(question)
    span = asked.resolve(now, zone).span if asked else None
    length = span.end - span.start if span else timedelta(days=1)
    nearest = min(_LENGTHS, key=lambda text: abs(math.log(_LENGTHS[text] / length)))
    return Field(
        EACH_TIME,
        "About which time, each time",
        "choice",
        options=tuple(Option(text, text.capitalize()) for text in (*_LENGTHS, *_OTHERS)),
        values=(nearest,),
    )


def as_of_each_time(question: Question, raw: Raw) -> Question:
    """The question about the time that was chosen for each time; itself where none was."""
    chosen = next(iter(raw.get(EACH_TIME, ())), "")
    asked = window_of(question)
    if asked is None or not is_time(chosen):
        return question
    name = next(each.name for each in parameters(type(question)) if _is(question, each.name, asked))
    return replace(question, **{name: window(chosen)})  # type: ignore[type-var]  # a dataclass


def _is(question: Question, name: str, asked: Window) -> bool:
    return getattr(question, name) is asked
