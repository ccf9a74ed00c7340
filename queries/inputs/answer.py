"""Changed inputs in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Answer, FollowUp, Severity, Table
from queries.core.filters import Filter
from queries.core.source import Visibility
from queries.inputs.changes import Verdict
from queries.inputs.charts import chart
from queries.inputs.findings import findings
from queries.inputs.told import SEVERITY, Told, before_too, happened, moved


def answer_words(told: Told, tables: tuple[Table, ...]) -> Answer:
    """Put the comparison into words, with its tables and its picture."""
    head = headline(told)
    return Answer(
        severity=_severity(told),
        headline=head,
        summary=_summary(told),
        findings=tuple(findings(told))[:5],
        tables=tables,
        chart=chart(told, head),
        caveats=tuple(_caveats(told)),
        follow_ups=_follow_ups(told),
    )


def headline(told: Told) -> str:
    """One sentence: the verdict and the number that carries it."""
    name, than = told.asked.name, told.than
    if not told.changed:
        sayable = len(told.sayable)
        if not sayable:
            return f"{name}: too few values to say whether its inputs changed"
        if sayable == 1:
            return f"{name}: “{told.sayable[0].name}” has not changed enough to matter"
        return f"{name}: none of {words.counted(sayable, 'input')} changed enough to matter"
    worst, others = told.changed[0], len(told.changed) - 1
    said = happened(worst, worst.verdicts[0], than)
    shifted = sum(Verdict.SHIFTED in each.verdicts for each in told.changed)
    if worst.verdicts[0] is Verdict.SHIFTED and shifted > 1:
        total = len(told.sayable)
        most = f"“{worst.name}”: {moved(worst, than)}"
        return f"{name}: {shifted} of {total} inputs have shifted, most of all {most}"
    if before := before_too(worst, worst.verdicts[0], than):
        said += f", {before}"
    more = f"; {words.counted(others, 'other input')} changed too" if others else ""
    return f"{name}: {said}{more}"


def _severity(told: Told) -> Severity:
    found = [SEVERITY[verdict] for each in told.changed for verdict in each.verdicts]
    if found:
        return min(found, key=list(Severity).index)
    return Severity.GOOD if told.sayable else Severity.UNKNOWN


def _summary(told: Told) -> str:
    first = told.changes[0].compared
    return (
        f"{words.counted(first.now.rows, 'request')} {told.asked.reading.text}, compared with "
        f"{words.counted(first.before.rows, 'row')} {told.than}."
    )


def _caveats(told: Told) -> Iterator[str]:
    yield from told.caveats
    silent = [each for each in told.changes if each.why and not each.verdicts]
    for why in dict.fromkeys(each.why for each in silent):
        names = [f"“{each.name}”" for each in silent if each.why == why]
        yield f"{words.listed(names)}: {why}."


def _follow_ups(told: Told) -> tuple[FollowUp, ...]:
    asked, steps = told.asked, []
    worst = told.changed[0] if told.changed else None
    if worst and Verdict.EMPTIED in worst.verdicts and _open(told, worst.name):
        missing = str(Filter(worst.name, "is missing"))
        jump = told.jumps.get(worst.name)
        text = asked.next("find", since=jump.since if jump else None, where=missing)
        steps.append(FollowUp(f"Requests without {worst.name}", text))
    dated = not asked.source.undated
    if dated and {"status", "error"} & set(asked.source.roles):
        steps.append(FollowUp("Do requests fail?", asked.next("errors")))
    if asked.source.outcomes or "outcome" in asked.source.roles:
        steps.append(FollowUp("Is it still good?", asked.next("performance")))
    return tuple(steps)


def _open(told: Told, name: str) -> bool:
    return told.asked.source.visible(name) is Visibility.OPEN
