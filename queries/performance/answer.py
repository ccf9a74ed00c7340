"""Performance in plain words."""

from __future__ import annotations

import math
from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Answer, FollowUp, Severity
from queries.core.number import Number
from queries.measures.outcomes.maturity import DayState
from queries.measures.performance.metrics import METRICS, meaning
from queries.performance.charts import chart
from queries.performance.findings import findings, stretch_days
from queries.performance.tables import tables
from queries.statistics.usual import COMPARABLE
from queries.wording.before import few_periods, whole_reference
from queries.wording.parts import part_name
from queries.wording.performance.population import chosen_alone, nothing_known, outcomes_in
from queries.wording.performance.steps import how_good_steps
from queries.wording.performance.told import Held, Told, amount, held_meaning, held_words

LONGEST = 200
"""Letters that a headline may have."""

NOTEWORTHY = 1.1
"""A variance factor of people who come back from which on it is said."""


def answer_words(told: Told) -> Answer:
    """Put a report into words, with its tables and its picture."""
    head, task = headline(told), told.asked.source.task
    used = {METRICS[name].label: meaning(name, task) for name in told.report.metrics}
    return Answer(
        severity=_severity(told),
        headline=head,
        summary=outcomes_in(
            told.asked,
            told.report.arrived,
            told.report.counted,
            told.states,
            told.report.usual_days,
        ),
        findings=tuple(findings(told))[:5],
        tables=tables(told),
        chart=chart(told, head),
        caveats=tuple(_caveats(told)),
        follow_ups=_follow_ups(told),
        definitions=used,
    )


def headline(told: Told) -> str:
    """One sentence: how good, and whether that is as before."""
    name = told.asked.name
    if told.now is None:
        return f"{name}: {_cannot(told)}"
    said = f"{name}: {_against_before(told, told.now)}"
    for more in _beside(told):
        if len(said) + len(more) + 2 <= LONGEST:
            said += f"; {more}"
    return said


def _beside(told: Told) -> Iterator[str]:
    """What the headline adds where it has room, the most important first."""
    if others := told.others_worse:
        yield f"but {told.other_words(others[0])}"
    if found := told.report.stretch:
        yield f"worst {stretch_days(found)}: {amount(found.during, told.metric)}"
    if told.always:
        yield f"always giving the same answer would be {told.always}"
    worst = told.worst
    if worst and worst.clear:
        least = "least" if METRICS[told.metric].better == "higher" else "most"
        where = part_name(str(told.by), worst.value)
        yield f"{least} for {where}: {amount(worst.here, told.metric)}"


def _against_before(told: Told, now: Number) -> str:
    """Say how good it is beside how good it was, both with the digits that the vaguer one has."""
    if told.was is None:
        return _good(now, told.metric)
    vague = max(now, told.was, key=_width)
    said, was = _good(now, told.metric, vague), amount(told.was, told.metric, vague)
    worse = told.is_worse(told.metric)
    if worse:
        return f"worse than {told.than}: {said} instead of {was}"
    if told.is_worse("roc_auc"):
        return f"it ranks cases worse than {told.than}, though {said}"
    if told.held is None:
        return f"{said}, {was} {told.than}"
    return f"{said}{held_words(told.held, told.metric, told.than, was)}"


def _width(number: Number) -> float:
    return (number.high or 0.0) - (number.low or 0.0)


def _good(now: Number, metric: str, vague: Number | None = None) -> str:
    said = amount(now, metric, vague)
    if metric == "mae":
        return f"its answers are off by {said} on average"
    return f"right in {said} of cases"


def _cannot(told: Told) -> str:
    """Say why nothing can be said of how good it is."""
    report = told.report
    if report.counted.outcomes and not report.arrived.judged:
        return f"no request with an outcome has a prediction {told.asked.reading.text}"
    what = "how good it is"
    return nothing_known(told.asked, report.arrived, report.counted, told.states, what)


def _severity(told: Told) -> Severity:
    if told.now is None:
        return Severity.WARNING if told.days(DayState.MISSING) else Severity.UNKNOWN
    worse = told.is_worse(told.metric)
    if worse or told.is_worse("roc_auc"):
        return Severity.ALARM
    stretch, worst = told.report.stretch, told.worst
    part = (stretch and stretch.lasts) or (worst and worst.clear)
    if told.always or told.others_worse or part:
        return Severity.WARNING
    return Severity.GOOD if told.held is Held.WELL and not stretch else Severity.NOTE


def _caveats(told: Told) -> Iterator[str]:
    report = told.report
    before, arrived = report.before, report.arrived
    yield from chosen_alone(told.asked.source)
    if lost := arrived.outcomes - arrived.judged:
        one = "doesn't count: its request has" if lost == 1 else "don't count: their requests have"
        yield f"{words.counted(lost, 'outcome')} {one} no prediction."
    if _never_positive(told):
        yield (
            f"“{told.asked.source.positive}” was neither predicted nor happened. Is it the right "
            f"`positive` under [sources.{told.asked.source.name}]?"
        )
    if report.effect >= NOTEWORTHY:
        column = told.asked.source.roles["entity_id"]
        yield (
            f"The same “{column}” comes back often: the ranges allow for that, and are "
            f"{words.times(math.sqrt(report.effect))} as wide."
        )
    if before and before.lacking:
        yield whole_reference(before.lacking)
    if before and not before.reference and before.periods < COMPARABLE:
        yield few_periods(before.periods)
    if not told.is_worse("roc_auc"):
        yield from held_meaning(told.held)


def _never_positive(told: Told) -> bool:
    of_it = [told.report.metrics.get(name) for name in ("precision", "recall")]
    binary = told.asked.source.task == "binary" and told.now is not None
    return binary and all(number is not None and not number.n for number in of_it)


def _follow_ups(told: Told) -> tuple[FollowUp, ...]:
    """Split and look where it is worst; then the further questions about outcomes and inputs."""
    asked, known = told.asked, told.now is not None
    # An estimate tells something only of what has no outcome yet.
    left = () if told.days(DayState.EARLY) or not known else ("estimate",)
    steps = list(how_good_steps(asked, "performance", told.by, known=known, leave_out=left))
    if known and asked.source.splits and asked.source.task != "regression":
        text = asked.next("slices", of="performance")
        steps.insert(1, FollowUp("Where is it worst?", text))
    return tuple(steps[:5])
