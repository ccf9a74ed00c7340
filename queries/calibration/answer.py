"""Calibration in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from queries.calibration.charts import chart
from queries.calibration.findings import findings
from queries.calibration.tables import tables
from queries.calibration.told import Told, error_words, said_and_came
from queries.core import words
from queries.core.answer import Answer, Severity
from queries.measures.outcomes.maturity import DayState
from queries.wording.before import whole_reference
from queries.wording.differences import off_by
from queries.wording.parts import part_name
from queries.wording.performance.population import (
    chosen_alone,
    in_state,
    nothing_known,
    outcomes_in,
)
from queries.wording.performance.steps import how_good_steps


def answer_words(told: Told) -> Answer:
    """Put a report into words, with its tables and its picture."""
    head, complete = f"{told.asked.name}: {_headline(told)}", told.report.complete
    return Answer(
        severity=_severity(told),
        headline=head,
        summary=outcomes_in(
            told.asked, complete.arrived, complete.counted, complete.states, complete.usual_days
        ),
        findings=tuple(findings(told))[:5],
        tables=tables(told),
        chart=chart(told, head),
        caveats=tuple(_caveats(told)),
        follow_ups=how_good_steps(
            told.asked,
            "calibration",
            told.by,
            known=told.is_off is not None,
            leave_out=("estimate",),
        ),
    )


def _headline(told: Told) -> str:
    if told.is_off is None:
        return _cannot(told)
    said = _in_all(told)
    off = [each for each in told.worst.slices if each.is_off]
    if told.is_off or not off:
        return said
    name = part_name(str(told.by), off[0].value)
    return f"{said}; but off for {name}, typically by {error_words(off[0].found.error)}"


def _in_all(told: Told) -> str:
    said, came = said_and_came(told.shown)
    if told.is_off:
        promise = f"{said} doesn't mean {said}: then {came} come true"
        return f"{told.of_class}{promise}; typically off by {error_words(told.now.error)}"
    example = f"{told.of_class}when it says {said}, {came} come true"
    if told.beyond_chance:
        return f"{example}; typically off by {error_words(told.now.error)}, too little to matter"
    return f"{example}; typically off by {off_by(told.now.plain)}, no more than chance makes of it"


def _cannot(told: Told) -> str:
    rows, complete = told.worst.rows, told.report.complete
    if not rows.are_probabilities:
        share = words.share(rows.improbable_share)
        return f"its scores are no probabilities: {share} of them lie outside 0 to 1"
    if complete.counted.outcomes and not rows.n:
        return f"no request with an outcome has a score {told.asked.reading.text}"
    what = "whether its probabilities hold"
    return nothing_known(told.asked, complete.arrived, complete.counted, told.states, what)


def _severity(told: Told) -> Severity:
    if told.is_off is None:
        return Severity.WARNING if in_state(told.states, DayState.MISSING) else Severity.UNKNOWN
    if told.is_off:
        return Severity.ALARM
    slices = any(each.is_off for each in told.worst.slices)
    return Severity.WARNING if slices else Severity.GOOD


def _caveats(told: Told) -> Iterator[str]:
    rows = told.worst.rows
    yield from chosen_alone(told.asked.source)
    if rows.unscored:
        one = "has no score and doesn't" if rows.unscored == 1 else "have no score and don't"
        yield f"{words.counted(rows.unscored, 'request')} with an outcome {one} count."
    if rows.improbable and told.is_off is not None:
        lies = "lies" if rows.improbable == 1 else "lie"
        yield (
            f"{words.counted(rows.improbable, 'score')} {lies} outside 0 to 1 and can be no "
            "probability; such requests are left out."
        )
    if told.report.lacking and told.worst.before is not None:
        yield whole_reference(told.report.lacking)
    if told.is_off is False:
        yield "“Typically off” is the root of the mean squared gap, large gaps weighing more."
