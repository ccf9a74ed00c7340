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


def answer_words(compared: Told, tables: tuple[Table, ...]) -> Answer:
    """Put the comparison into words, with its tables and its picture."""
    head = headline(compared)
    return Answer(
        severity=_severity(compared),
        headline=head,
        summary=_summary(compared),
        findings=tuple(findings(compared))[:5],
        tables=tables,
        chart=chart(compared, head),
        caveats=tuple(_caveats(compared)),
        follow_ups=_follow_ups(compared),
    )


def headline(compared: Told) -> str:
    """One sentence: the verdict and the number that carries it."""
    name, than = compared.asked.name, compared.than
    if not compared.changed:
        sayable = len(compared.sayable)
        if not sayable:
            return f"{name}: too few values to say whether its inputs changed"
        if sayable == 1:
            return f"{name}: “{compared.sayable[0].name}” has not changed enough to matter"
        return f"{name}: none of {words.counted(sayable, 'input')} changed enough to matter"
    worst, others = compared.changed[0], len(compared.changed) - 1
    said = happened(worst, worst.verdicts[0], than)
    shifted = sum(Verdict.SHIFTED in each.verdicts for each in compared.changed)
    if worst.verdicts[0] is Verdict.SHIFTED and shifted > 1:
        total = len(compared.sayable)
        most = f"“{worst.name}”: {moved(worst, than)}"
        return f"{name}: {shifted} of {total} inputs have shifted, most of all {most}"
    if before := before_too(worst, worst.verdicts[0], than):
        said += f", {before}"
    more = f"; {words.counted(others, 'other input')} changed too" if others else ""
    return f"{name}: {said}{more}"


def _severity(compared: Told) -> Severity:
    found = [SEVERITY[verdict] for each in compared.changed for verdict in each.verdicts]
    if found:
        return min(found, key=list(Severity).index)
    return Severity.GOOD if compared.sayable else Severity.UNKNOWN


def _summary(compared: Told) -> str:
    first = compared.changes[0].compared
    return (
        f"{words.counted(first.now.rows, 'request')} {compared.asked.reading.text}, compared with "
        f"{words.counted(first.before.rows, 'row')} {compared.than}."
    )


def _caveats(compared: Told) -> Iterator[str]:
    yield from compared.caveats
    silent = [each for each in compared.changes if each.why and not each.verdicts]
    for why in dict.fromkeys(each.why for each in silent):
        names = [f"“{each.name}”" for each in silent if each.why == why]
        yield f"{words.listed(names)}: {why}."


def _follow_ups(compared: Told) -> tuple[FollowUp, ...]:
    asked, steps = compared.asked, []
    worst = compared.changed[0] if compared.changed else None
    if worst and Verdict.EMPTIED in worst.verdicts and _open(compared, worst.name):
        missing = str(Filter(worst.name, "is missing"))
        jump = compared.jumps.get(worst.name)
        text = asked.next("find", since=jump.since if jump else None, where=missing)
        steps.append(FollowUp(f"Requests without {worst.name}", text))
    dated = not asked.source.undated
    if dated and {"status", "error"} & set(asked.source.roles):
        steps.append(FollowUp("Do requests fail?", asked.next("errors")))
    if asked.source.outcomes or "outcome" in asked.source.roles:
        steps.append(FollowUp("Is it still good?", asked.next("performance")))
    return tuple(steps)


def _open(compared: Told, name: str) -> bool:
    return compared.asked.source.visible(name) is Visibility.OPEN
