"""Whether one version, slice or time does better than another, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from queries.compare.charts import chart
from queries.compare.findings import findings
from queries.compare.steps import next_steps
from queries.core import words
from queries.core.answer import Answer, CannotShow, Severity
from queries.measures.sides.comparison import Comparison
from queries.measures.sides.judged import Verdict
from queries.wording.asked import Asked
from queries.wording.performance.population import chosen_alone
from queries.wording.sides.names import group_fact, size, what
from queries.wording.sides.tables import tables
from queries.wording.sides.told import (
    Told,
    never_together,
    population,
    told_fact,
)

MOST = 5


def answer_words(asked: Asked, found: Comparison, other: Asked | None) -> Answer:
    """Put a comparison into words, with its tables and its picture."""
    told = Told(asked, found, other)
    head = headline(told)
    return Answer(
        severity=_severity(told),
        headline=head,
        summary=_summary(told),
        findings=tuple(findings(told))[:MOST],
        tables=tables(told),
        chart=chart(told, head),
        caveats=tuple(_caveats(told)),
        follow_ups=next_steps(told),
    )


def headline(told: Told) -> str:
    """One sentence: the verdict and the number that carries it."""
    return words.shortened(f"{told.asked.name}: {_verdict(told)}", 200)


def _verdict(told: Told) -> str:
    names, metric = told.names, told.found.favourable
    if worse := told.of(Verdict.WORSE):
        return f"{names.against('worse')}: {told_fact(told, worse[0])}"
    if told.wider and metric:
        opens = f"{_first(told)} opens a gap between groups"
        return f"{opens}: {group_fact(told.wider, metric, names.than)}"
    if better := told.of(Verdict.BETTER):
        return f"{names.against('better')}: {told_fact(told, better[0])}"
    if different := told.of(Verdict.DIFFERENT):
        return f"{_first(told)} says other things: {told_fact(told, different[0])}"
    return _nothing_stands_out(told)


def _nothing_stands_out(told: Told) -> str:
    if known := told.of(Verdict.NONE, Verdict.LESS):
        lead = known[0]
        if lead.verdict is Verdict.NONE and lead.seen is not None:
            seen = f"one of {size(lead.metric, lead.seen)} ({what(lead.metric)})"
            return f"no difference shown between {_both(told)}; {seen} would have been seen"
        return f"no difference that matters between {_both(told)}: {told_fact(told, lead)}"
    if unjudged := told.of(Verdict.UNJUDGED):
        return f"{told_fact(told, unjudged[0])}; too few days to say whether days differ so anyway"
    if apart := never_together(told):
        return f"{_both(told)} {apart}"
    if told.found.compared:
        return f"too few requests to tell {_both(told)} apart"
    return f"nothing but traffic is logged that tells {_both(told)} apart"


def _first(told: Told) -> str:
    names = told.names
    return f"the model {names.first}" if names.are_times else names.first


def _both(told: Told) -> str:
    names = told.names
    return "the two times" if names.are_times else f"{names.first} and {names.second}"


def _severity(told: Told) -> Severity:
    if told.of(Verdict.WORSE) or told.wider:
        return Severity.WARNING
    if told.of(Verdict.DIFFERENT, Verdict.LESS):
        return Severity.NOTE
    return Severity.GOOD if told.of(Verdict.BETTER, Verdict.NONE) else Severity.UNKNOWN


def _summary(told: Told) -> str:
    names, (first, second) = told.names, told.found.rows
    text = f"{words.counted(first, 'request')} "
    if names.are_times:
        text += f"{names.first}, {words.count(second)} {names.second}"
    else:
        text += f"of {names.first} and {words.count(second)} of {names.second}{_since(told)}"
    compared = sum(told.found.counted.cells.matched)
    if told.within:
        text += f", compared {told.within}: {words.count(compared)} have a counterpart there"
    return f"{text}."


def _since(told: Told) -> str:
    """From when to when, where that is the time in which both served."""
    spans = told.found.sides.sample.spans
    if not told.found.sides.together or not spans:
        return f" {told.asked.reading.text}" if spans else ""
    reading = told.asked.reading
    when = words.time_range(spans[0].start, spans[0].end, reading.zone, reading.now)
    return f", from {when}, when both served"


def _caveats(told: Told) -> Iterator[str]:
    found, source, names = told.found, told.asked.source, told.names
    yield population(told)
    yield _no_experiment(told)
    if not found.sides.together and not names.are_times and not source.undated:
        yield (
            "The two never served at the same time, so that what else changed meanwhile can't be "
            "told from the difference."
        )
    if any(each.metric.name == "right" and each.number.n for each in found.compared):
        yield from chosen_alone(source)
        if not source.undated:
            yield "Whether answers turned out right is told of days whose outcomes are in."
    if found.left_out:
        listed = words.listed([f"“{name.replace('_', ' ')}”" for name in found.left_out])
        has = "has" if len(found.left_out) == 1 else "have"
        yield f"{listed} {has} too many values to compare within."
    if too_few := told.of(Verdict.FEW):
        yield f"Too few to say: {words.listed([what(each.metric) for each in too_few])}."


def _no_experiment(told: Told) -> CannotShow:
    if told.names.are_times:
        return CannotShow("This is no experiment: whatever else changed meanwhile is in it.")
    return CannotShow(
        "This is no experiment, unless chance decided who got which: it can't show whether "
        "something else about their requests makes the difference."
    )
