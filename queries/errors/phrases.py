"""How failures are put into words."""

from __future__ import annotations

from queries.core.answer import Severity
from queries.measures.failures.carriers import Carrier
from queries.measures.failures.incident import Incident, Verdict
from queries.wording.parts import part_name

SEVERITY = {
    Verdict.NONE: Severity.UNKNOWN,
    Verdict.RISEN: Severity.ALARM,
    Verdict.JUMPED: Severity.ALARM,
    Verdict.PART: Severity.WARNING,
    Verdict.CREPT: Severity.WARNING,
    Verdict.SLIGHTLY: Severity.NOTE,
    Verdict.FEWER: Severity.GOOD,
    Verdict.USUAL: Severity.GOOD,
    Verdict.UNKNOWN: Severity.UNKNOWN,
}


UP = (Verdict.RISEN, Verdict.JUMPED, Verdict.PART)


def severity(incident: Incident, *, hidden: bool = False) -> Severity:
    """How much the state of failures asks of the reader; what is over asks less.

    ``hidden`` says that failures could hide where it isn't known whether requests failed.
    """
    if hidden and incident.verdict not in UP:
        return Severity.UNKNOWN
    found = SEVERITY[incident.verdict]
    return Severity.NOTE if found is Severity.ALARM and incident.until else found


def part_words(carrier: Carrier) -> str:
    """“region EMEA”."""
    return part_name(carrier.dimension, carrier.value)
