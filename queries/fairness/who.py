"""Who is counted in an answer about groups, who is left out, and what it can't show."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import CannotShow, Population
from queries.core.crowds.refusals import OTHERS
from queries.fairness.told import Told
from queries.wording.performance.population import chosen

_MEASURED = {
    "decision": "the final decision, after people overruled some,",
    "prediction": "what the model itself said, whatever was decided then,",
    "score": "the score held against the chosen cut-off, whatever was decided,",
    "outcome": "how it turned out, not what was decided,",
}


def population(told: Told) -> Population:
    """Who is counted: requests of which it is known, and those left out."""
    report = told.report
    known = report.rows - report.unknown
    text = (
        f"Measured is {_MEASURED[report.favourable.of]} over {words.counted(known, 'request')}; "
        f"favourable is {told.favourable}"
    )
    if not report.favourable.declared and told.cutoff is None:
        text += ", the positive answer, as the source declares no favourable one"
    if report.unknown:
        text += f". {words.counted(report.unknown, 'request')} without it left out"
    return Population(f"{text}.")


def limits(told: Told) -> Iterator[str]:
    """What the answer can't show, and what its numbers leave out."""
    report, source = told.report, told.asked.source
    yield CannotShow(
        "This can't show why groups differ, nor whether those compared were alike in all else that "
        "the decision rests on."
    )
    if report.outcomes is not None and source.decided:
        yield from _of_decided(told)
    if report.outcomes is not None and report.outcomes.outcomes is not None:
        counted = report.outcomes.outcomes
        if counted:
            yield f"What came of it rests on {words.counted(counted, 'outcome')} of complete days."
        else:
            yield "What came of it is not known yet: no day in this time has all its outcomes in."
    if report.withheld:
        some = any(OTHERS in group for group in report.withheld)
        groups = "Some groups are" if some else words.counted(len(report.withheld), "group")
        yield (
            f"{groups} withheld: fewer than {words.count(source.smallest_group)} requests, or "
            "another such group could be worked out from it. Totals are of the groups shown."
        )
    if told.entities:
        yield "People who ask again count each time, so ranges may be a little too narrow."


def _of_decided(told: Told) -> Iterator[str]:
    who = chosen(told.asked.source)
    if told.report.outcomes and told.report.outcomes.same_answer:
        yield CannotShow(
            f"Outcomes exist only after {who}, so everybody with an outcome had the same answer: "
            "error rates such as TPR and FPR can't be computed, only how it turned out. Give a "
            "“cutoff” to hold the score against."
        )
    else:
        yield CannotShow(
            f"Outcomes exist only after {who}: how all others would have turned out is not known, "
            "so that error rates speak of these alone."
        )
