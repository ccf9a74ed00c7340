"""What makes an answer doubtful stands before what it found: rows that are lost, many values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from queries.core.answer import Answer, Finding, Severity
from queries.core.log import Log

_BEGINS = "Part of the log can't be read – "


def with_doubts(answer: Answer, opened: Iterable[Log]) -> Answer:
    """Tell first what of the logs could not be read, if it is much, and let nothing be green then.

    Rows that can't be placed in time are the one loss, and an alarm; values that can't be read, and
    files that can't, make doubtful what was counted without them.
    """
    logs = tuple(opened)
    doubts = [
        Finding("rows lost", Severity.ALARM, _BEGINS + each) for log in logs for each in log.lost
    ]
    doubts += [
        Finding("unread", Severity.WARNING, _BEGINS + each) for log in logs for each in log.doubtful
    ]
    if not doubts:
        return answer
    worst = min((each.severity for each in doubts), key=list(Severity).index)
    severity = min((answer.severity, worst), key=list(Severity).index)
    return replace(answer, severity=severity, findings=(*doubts, *answer.findings))
