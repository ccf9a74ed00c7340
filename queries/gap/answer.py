"""Production against the reference set in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Answer, Severity
from queries.gap.charts import chart
from queries.gap.findings import findings
from queries.gap.tables import tables
from queries.gap.told import Told, distance, good_words, worst_parts
from queries.measures.outcomes.maturity import DayState
from queries.measures.performance.metrics import METRICS, meaning
from queries.wording.before import IN_REFERENCE, whole_reference
from queries.wording.parts import part_name
from queries.wording.performance.population import (
    chosen,
    chosen_alone,
    in_state,
    nothing_known,
    outcomes_in,
)
from queries.wording.performance.steps import how_good_steps
from queries.wording.performance.told import amount

_LABORATORY = "in the laboratory"


def answer_words(told: Told) -> Answer:
    """Put a gap into words, with its tables and its picture."""
    report, task = told.report, told.asked.source.task
    head = f"{told.asked.name}: {_headline(told)}"
    return Answer(
        severity=_severity(told),
        headline=head,
        summary=outcomes_in(
            told.asked, report.arrived, report.counted, told.states, report.usual_days
        ),
        findings=tuple(findings(told))[:5],
        tables=tables(told),
        chart=chart(told, head),
        caveats=tuple(_caveats(told)),
        follow_ups=how_good_steps(
            told.asked, "gap", told.by, known=told.now is not None, leave_out=("estimate",)
        ),
        definitions={METRICS[name].label: meaning(name, task) for name in report.metrics},
    )


def _headline(told: Told) -> str:
    if told.now is None:
        report, what = told.report, "whether it was only good in the laboratory"
        return nothing_known(told.asked, report.arrived, report.counted, told.states, what)
    if told.was is None:
        return f"{good_words(told, told.now)}; too few cases in the reference set to compare"
    vague = max(told.now, told.was, key=lambda each: (each.high or 0.0) - (each.low or 0.0))
    said = good_words(told, told.now, vague)
    both = f"{said}, {amount(told.was, told.metric, vague)} {IN_REFERENCE}"
    worst = worst_parts(told.gap.parts)
    if worst:
        by = part_name(str(told.by), worst[0].value)
        size = distance(worst[0].gap.value or 0.0, worst[0].gap, told)
        both += f"; the gap is largest for {by}: {size}"
    if others := told.other_worse:
        worse = f"worse than {_LABORATORY}: {told.told.other_words(others[0])}"
        return f"{worse}; it is {both}" + ("" if told.ruled_out else ", no difference shown")
    return f"{_verdict(told)} {both}"


def _verdict(told: Told) -> str:
    if told.worse(told.metric):
        return f"worse than {_LABORATORY}:"
    if told.worse("roc_auc"):
        return f"it ranks cases worse than {_LABORATORY}, though"
    if told.better:
        return f"better than {_LABORATORY}:"
    if told.worse(told.metric, 0.0):
        return f"a little worse than {_LABORATORY}, too little to matter:"
    if told.ruled_out:
        return f"no worse than {_LABORATORY}:"
    return "no difference to the laboratory is shown:"


def _severity(told: Told) -> Severity:
    if told.now is None or told.was is None:
        missing = in_state(told.states, DayState.MISSING)
        return Severity.WARNING if missing else Severity.UNKNOWN
    if told.worse(told.metric) or told.worse("roc_auc"):
        return Severity.ALARM
    worse = told.other_worse or worst_parts(told.gap.parts)
    if worse or any(each.worse for each in told.ageing):
        return Severity.WARNING
    # Good is what can't be worse by enough; of so few cases nobody knows.
    return Severity.GOOD if told.better or told.ruled_out else Severity.UNKNOWN


def _caveats(told: Told) -> Iterator[str]:
    gap, source = told.gap, told.asked.source
    yield from chosen_alone(source)
    if source.decided and gap.decisions:
        yield f"In the reference set, too, cases with the decision {chosen(source)} alone count."
    elif source.decided:
        yield (
            "The reference set has no decisions, so that all of its outcomes count: part of the "
            "gap may come from that alone."
        )
    if lost := told.report.arrived.outcomes - told.report.arrived.judged:
        one = "doesn't count: its request has" if lost == 1 else "don't count: their requests have"
        yield f"{words.counted(lost, 'outcome')} {one} no prediction."
    if gap.before.lacking:
        yield whole_reference(gap.before.lacking)
    foreign = [words.value(part.value) for part in gap.parts if not part.own]
    if foreign:
        named = words.listed([f"“{name}”" for name in foreign[:5]], last="or")
        yield f"The reference set has too little of {named}: held against all of it."
    if told.now is not None and told.was is not None:
        yield (
            "The reference set may hold other kinds of cases than production: a gap can come from "
            "them as well as from the model."
        )
