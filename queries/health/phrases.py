"""How one model is put into words."""

from __future__ import annotations

from queries.core.answer import Severity
from queries.health.concerns import concern_words
from queries.health.fleet import Line
from queries.health.vitals import Concern, Vitals

SHOWN = 5
"""So many models at most are told of one by one; the table has them all."""


ALARMING = (Concern.SILENT, Concern.ERRORS)


def line_severity(line: Line) -> Severity:
    """How much one model asks."""
    if line.problem:
        return Severity.WARNING
    if line.vitals and line.vitals.concerns:
        fewer = line.vitals.requests is not None and line.vitals.requests.higher is False
        # More requests than usual harm less than fewer.
        dropped = Concern.TRAFFIC in line.vitals.concerns and fewer
        alarming = dropped or any(each in ALARMING for each in line.vitals.concerns)
        return Severity.ALARM if alarming else Severity.WARNING
    fine = line.vitals and (line.vitals.judged or quiet(line.vitals))
    return Severity.GOOD if fine else Severity.UNKNOWN


def quiet(found: Vitals) -> bool:
    """Say whether nothing came at a time that often has nothing."""
    chance = found.silence.chance if found.silence else None
    return found.requests is None and chance is not None and chance >= 1


def state(line: Line) -> str:
    """What to say of a model in a few words, as the rest of a sentence after its name."""
    if line.vitals is None:
        return "can't be read"
    if line.concern:
        return concern_words(line.concern, line)
    return _calm(line.vitals)


def _calm(found: Vitals) -> str:
    if found.reading.span is None:
        return "has no times to be judged by"
    if found.judged:
        return "is as usual"
    if quiet(found):
        return f"has no requests {found.reading.text}, as usual"
    if found.requests is None:
        return f"has no requests {found.reading.text}"
    return "has too little past to say"
