"""How one model is put into words."""

from __future__ import annotations

from queries.core.answer import Severity
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
