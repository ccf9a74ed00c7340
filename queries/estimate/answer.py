"""Estimated performance in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Answer, Severity
from queries.core.number import Number
from queries.estimate.charts import chart
from queries.estimate.findings import findings
from queries.estimate.tables import tables
from queries.estimate.told import Miss, Told
from queries.measures.performance.metrics import METRICS, meaning
from queries.wording.before import IN_REFERENCE, whole_reference
from queries.wording.performance.population import chosen, chosen_alone
from queries.wording.performance.steps import how_good_steps
from queries.wording.performance.told import Held, amount, held_meaning, held_words

ASSUMES = (
    "It assumes that the relation between inputs and outcome has not changed since the reference "
    "set; a change there cannot be seen without outcomes."
)

_SHOULD = "of them should turn out right"


def answer_words(told: Told) -> Answer:
    """Put a report into words, with its tables and its picture."""
    head, task = f"{told.asked.name}: {_headline(told)}", told.asked.source.task
    return Answer(
        severity=_severity(told),
        headline=head,
        summary=_summary(told),
        findings=tuple(findings(told))[:5],
        tables=tables(told),
        chart=chart(told, head),
        caveats=tuple(_caveats(told)),
        follow_ups=how_good_steps(
            told.asked,
            "estimate",
            told.by,
            known=told.now is not None,
            leave_out=() if told.report.checked else ("performance", "gap", "calibration"),
        ),
        definitions={METRICS[name].label: meaning(name, task) for name in told.report.estimated},
    )


def _headline(told: Told) -> str:
    if told.now is None:
        return _cannot(told)
    said = _against_reference(told, told.now)
    miss = told.miss
    if miss is None or not told.report.pending:
        return f"{said}; {_turned_out(told, miss)}" if miss else said
    if not miss.left:
        return said
    but = "but " if abs(miss.by) >= told.matters else ""
    return f"{said}; {but}where outcomes are in, {_turned_out(told, miss)}"


def _cannot(told: Told) -> str:
    requests, when = told.report.requests, told.asked.reading.text
    if requests:
        count = words.counted(requests, "request")
        return f"only {count} {when}, too few to estimate how good it is"
    if told.report.unscored:
        return f"no request has a score {when}"
    decided = told.asked.source.decided
    return (
        f"no requests{f' with the decision {chosen(told.asked.source)}' if decided else ''} {when}"
    )


def _against_reference(told: Told, now: Number) -> str:
    if told.was is None:
        return f"probably {_good(told, now)}"
    vague = max(now, told.was, key=lambda each: (each.high or 0.0) - (each.low or 0.0))
    said, was = _good(told, now, vague), amount(told.was, told.metric, vague)
    if told.is_worse(told.metric):
        return f"probably worse than {IN_REFERENCE}: {said} instead of {was}"
    if told.is_worse("roc_auc"):
        return f"it probably ranks cases worse than {IN_REFERENCE}, though {said}"
    if told.held is None:
        return f"probably {said}, {was} {IN_REFERENCE}"
    return f"probably {said}{held_words(told.held, told.metric, IN_REFERENCE, was)}"


def _good(told: Told, number: Number, vague: Number | None = None) -> str:
    said = amount(number, told.metric, vague)
    return (
        f"right in {said} of cases"
        if told.metric == "accuracy"
        else f"ranking {said} of pairs rightly"
    )


def _turned_out(told: Told, miss: Miss) -> str:
    turned = amount(miss.realised, told.metric, miss.estimated)
    if not miss.left:
        return f"it turned out {turned}, as estimated"
    estimated = amount(miss.estimated, told.metric)
    better = "better" if miss.by > 0 else "worse"
    return f"it turned out {better} than estimated: {turned} instead of {estimated}"


def _severity(told: Told) -> Severity:
    if told.now is None:
        return Severity.UNKNOWN
    if told.is_worse(told.metric) or told.is_worse("roc_auc"):
        return Severity.ALARM
    miss = told.miss
    if miss and miss.left and miss.by <= -told.matters:
        return Severity.ALARM
    if told.is_unfamiliar or (miss and miss.left and miss.by >= told.matters):
        return Severity.WARNING
    return Severity.GOOD if told.held is Held.WELL else Severity.NOTE


def _summary(told: Told) -> str:
    report, asked = told.report, told.asked
    if told.now is None or told.now.low is None or told.now.high is None:
        return ""
    who = f" with the decision {chosen(asked.source)}" if asked.source.decided else ""
    band = words.share_range(told.now.low, told.now.high)
    requests = f"{words.counted(report.requests, 'request')}{who} {asked.reading.text}"
    if not report.pending:
        return (
            f"Outcomes are in for all {requests} that can be judged. The estimate, made without "
            f"them: {band}."
        )
    state = "have no outcome yet"
    if report.checked and report.days:
        state = "belong to days whose outcomes are not complete"
    means = "of pairs should be ranked rightly" if told.metric == "roc_auc" else _SHOULD
    return f"{requests} {state}. By what such scores meant {IN_REFERENCE}, {band} {means}."


def _caveats(told: Told) -> Iterator[str]:
    report, source = told.report, told.asked.source
    yield ASSUMES
    yield from chosen_alone(source)
    if not told.is_worse("roc_auc"):
        yield from held_meaning(told.held)
    if report.unscored:
        one = "has no score and is" if report.unscored == 1 else "have no score and are"
        yield f"{words.counted(report.unscored, 'request')} {one} left out."
    if told.metric == "roc_auc" and told.now is not None:
        yield (
            "How often it is right can't be estimated: the log has neither prediction nor "
            "threshold."
        )
    if told.asked.where or told.by:
        part = "this part" if told.asked.where else f"each {str(told.by).replace('_', ' ')}"
        yield (
            f"What scores mean is taken from the whole reference set, also for {part}, where they "
            "may mean something else: ask “calibration” by it."
        )
    if report.reference and report.reference.lacking:
        yield whole_reference(report.reference.lacking)
    if report.unfamiliar and report.unfamiliar.unchecked:
        named = words.listed([f"“{name}”" for name in report.unfamiliar.unchecked[:5]])
        yield f"Inputs without a range or list of values to be held against: {named}."
