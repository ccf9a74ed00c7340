"""How all models are, in plain words: what is wrong with which, the worst first."""

from __future__ import annotations

from collections.abc import Sequence

from queries.core import words
from queries.core.answer import Answer, Severity
from queries.health.charts import chart
from queries.health.findings import findings
from queries.health.fleet import Line
from queries.health.phrases import SHOWN, line_severity, state
from queries.health.steps import next_steps
from queries.health.tables import tables

NAMED = 8
"""So many models as usual are named."""


def answer_words(lines: Sequence[Line]) -> Answer:
    """Say how all models are, the worst first."""
    title = headline(lines)
    return Answer(
        severity=severity(lines),
        headline=title,
        summary=summary(lines),
        findings=findings(lines),
        tables=tables(lines),
        chart=chart(lines, title),
        caveats=caveats(lines),
        follow_ups=next_steps(lines),
    )


def severity(lines: Sequence[Line]) -> Severity:
    """How much the models ask of the reader: as much as the worst of them."""
    order = list(Severity)
    return min(map(line_severity, lines), key=order.index, default=Severity.UNKNOWN)


def headline(lines: Sequence[Line]) -> str:
    """One sentence: how many models need a look, and what is wrong with the worst."""
    if not lines:
        return "No model is declared yet"
    wrong = [line for line in lines if line.needs_a_look]
    if len(lines) == 1:
        line = lines[0]
        return (
            f"{line.name} needs a look: it {state(line)}" if wrong else f"{line.name} {_is(line)}"
        )
    if wrong:
        many = (
            f"{len(wrong)} of {len(lines)} models {'needs' if len(wrong) == 1 else 'need'} a look"
        )
        return f"{many}: {wrong[0].name} {state(wrong[0])}"
    fine = sum(line_severity(line) is Severity.GOOD for line in lines)
    if fine == len(lines):
        return f"All {fine} models are as usual"
    if not fine:
        return f"Too little is known of all {len(lines)} models to say whether they are as usual"
    are = "is" if fine == 1 else "are"
    others = "the other" if len(lines) - fine == 1 else "the others"
    return f"{fine} of {len(lines)} models {are} as usual; of {others} that can't be said"


def summary(lines: Sequence[Line]) -> str:
    """Which models are as usual, and of which that can't be said."""
    fine = [line.name for line in lines if line_severity(line) is Severity.GOOD]
    more = [f"{len(fine) - NAMED} more"] if len(fine) > NAMED else []
    named = words.listed([*fine[:NAMED], *more])
    told = [f"As usual: {named}."] if fine and len(lines) > 1 else []
    for line in lines:
        if line_severity(line) is Severity.UNKNOWN:
            told.append(f"Of “{line.name}” that can't be said: it {state(line)}.")
    return " ".join(told)


def caveats(lines: Sequence[Line]) -> tuple[str, ...]:
    """What the reader must know: what is left out, and that this is a first look."""
    said = []
    more = sum(line.needs_a_look for line in lines) - SHOWN
    if more > 0:
        few = "1 more model needs" if more == 1 else f"{more} more models need"
        said.append(f"{few} a look; the table has all of them.")
    rights = [line for line in lines if line.vitals and line.vitals.right]
    late = [each.name for each in rights if each.source.outcome_delay]
    if late:
        said.append(
            f"How often {words.listed(late)} turned out right is of older requests, since their "
            "outcomes take time."
        )
    if any(line.vitals and line.vitals.judged for line in lines):
        said.append("This is a first look: slow drifts and parts of the requests are not searched.")
    return tuple(said)


def _is(line: Line) -> str:
    return "is as usual" if state(line) == "is as usual" else state(line)
