"""Requests in plain words: how many against usual, since when, of which part, and gaps."""

from __future__ import annotations

from queries.core import words
from queries.core.answer import Answer
from queries.measures.pulse.traffic import Stretch, Traffic, Verdict
from queries.statistics.usual import Usual
from queries.traffic.charts import chart
from queries.traffic.findings import findings
from queries.traffic.phrases import (
    gap_words,
    how_many,
    part_words,
    severity,
    silent_since,
    still_open,
)
from queries.traffic.steps import next_steps
from queries.traffic.tables import tables
from queries.wording.asked import Asked
from queries.wording.odd_time import odd_time


def answer_words(found: Traffic, asked: Asked, split: str | None) -> Answer:
    """Say whether as many requests come as usual."""
    title = headline(found, asked)
    return Answer(
        severity=severity(found),
        headline=title,
        summary=summary(found, asked),
        findings=findings(found, asked),
        tables=tables(found, asked, split),
        chart=chart(found, asked, title),
        caveats=caveats(found, asked),
        follow_ups=next_steps(found, asked),
    )


def headline(found: Traffic, asked: Asked) -> str:
    """One sentence: the verdict and the number that carries it."""
    requests = words.counted(found.timeline.total(0)[1], "request")
    match found.verdict:
        case Verdict.STOPPED:
            said = silent_since(still_open(found), found, asked)
        case Verdict.GAP:
            said = gap_words(found.gaps[0], asked)
        case Verdict.DROPPED | Verdict.RISEN:
            said = how_many(found.usual) + _when(found.stretch, found.usual, asked)
        case Verdict.JUMPED if found.stretch:
            said = how_many(found.stretch.usual) + _lasting(found.stretch, asked)
        case Verdict.PART if found.part:
            said = (
                f"requests are as usual overall, but not in {part_words(found.part)}: "
                f"{how_many(found.part.here)}"
            )
        case Verdict.USUAL:
            count = words.count(found.timeline.total(0)[1])
            said = f"requests are as usual, {count} {asked.reading.text}"
        case Verdict.UNKNOWN:
            said = f"{requests} {asked.reading.text}; too little past to say whether that is usual"
        case Verdict.QUIET:
            said = f"no requests {asked.reading.text}, as usual"
        case _:
            said = f"no requests {asked.reading.text}"
    return f"{asked.name}: {said}"


def summary(found: Traffic, asked: Asked) -> str:
    """The count, and the usual range."""
    count = found.timeline.total(0)[1]
    said = f"{words.counted(count, 'request')} came {asked.reading.text}."
    usual = found.usual.usual
    if usual.low is not None and usual.high is not None:
        said += f" {asked.a_usual} has {words.about(usual.low)} to {words.about(usual.high)}"
        behind = asked.reading.asked_span.end - found.log_ends
        # Of a log that ends earlier than was asked for, the usual range is
        # that until its end as well.
        cut = behind.total_seconds() > 300
        said += f" until {asked.moment(found.log_ends)}." if cut else "."
    elif usual.value is not None:
        said += f" Before, it was {words.about(usual.value)} ({usual.why})."
    return said


def caveats(found: Traffic, asked: Asked) -> tuple[str, ...]:
    """What the reader must know before leaning on the numbers."""
    said = []
    if found.usual.unusual is None and found.usual.usual.why:
        said.append(f"Whether this is usual can't be said: {found.usual.usual.why}.")
    if found.open_pause and found.open_pause.chance is None:
        last = asked.moment(found.open_pause.pause.span.start)
        said.append(f"The last request is from {last}; too little past to say if that is a gap.")
    return (*said, *odd_time(found.usual, found.timeline.spans, asked))


def _when(stretch: Stretch | None, whole: Usual, asked: Asked) -> str:
    """Since when, where the jump goes the way of the whole."""
    if stretch is None or stretch.usual.higher is not whole.higher:
        return ""
    return _lasting(stretch, asked)


def _lasting(stretch: Stretch, asked: Asked) -> str:
    if stretch.until:
        return f", from about {asked.moment(stretch.since)} to {asked.moment(stretch.until)}"
    return f", since about {asked.moment(stretch.since)}"
