"""Requests of which nobody knows whether they failed, in plain words."""

from __future__ import annotations

from queries.core import words
from queries.core.answer import Answer, Severity
from queries.core.times.reading import Reading
from queries.measures.failures.results import Results
from queries.wording.asked import Asked

UNKNOWN = "it isn't known whether requests failed"


def unknowable(asked: Asked, found: Results) -> Answer:
    """Say that the result of none of the requests is known; worse where it was known before."""
    return Answer(
        Severity.WARNING if found.last else Severity.UNKNOWN,
        f"{asked.name}: {UNKNOWN} {asked.reading.text}, as {silent(found)}",
        why_unknown(found, asked.reading),
    )


def why_unknown(found: Results, reading: Reading) -> str:
    """“Of 300 requests not one has a value in “status”; the last that has one is of 21 Nov.”"""
    of = words.counted(found.requests, "request")
    what = "value in" if not found.unclear else "value that says how it went in"
    said = f"Of {of} not one has a {what} “{found.column}”"
    if found.last is None:
        return f"{said}, nor had any before."
    return f"{said}; the last that has one is of {reading.moment(found.last)}."


def silent(found: Results) -> str:
    """“status” is empty, or holds what says nothing, such as 0 beside HTTP's 200 and 500."""
    or_unclear = " or says neither that it went well nor that it failed" if found.unclear else ""
    return f"“{found.column}” is empty{or_unclear}"


def unknown_share(found: Results) -> str:
    """“of 40 % of requests it isn't known whether they failed”."""
    unknown = found.unknown
    share = words.share(unknown.value, unknown.low, unknown.high)
    return f"of {share} of requests it isn't known whether they failed"


def left_unknown(found: Results) -> tuple[str, ...]:
    """Tell how many requests are left out of a share of failures, where any is."""
    lost = found.requests - found.known
    if not lost:
        return ()
    of = words.counted(lost, "request")
    they = "it" if lost == 1 else "they"
    return (
        f"Of {of} it isn't known whether {they} failed, as {silent(found)}; "
        "every share of failures is of the others.",
    )
