"""What came of a model's decisions, in plain words that claim no cause."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Answer, CannotShow, FollowUp, Population, Severity
from queries.measures.cases.sides import TwoSides
from queries.measures.outcomes.maturity import DayState
from queries.outcomes.charts import chart
from queries.outcomes.findings import findings
from queries.outcomes.lift import Lift
from queries.outcomes.tables import tables
from queries.outcomes.told import Told, amount
from queries.wording.parts import part_name
from queries.wording.performance.population import (
    chosen_alone,
    in_state,
    nothing_known,
    outcomes_in,
)
from queries.wording.performance.steps import how_good_steps

MOST = 5


def answer_words(told: Told) -> Answer:
    """Put a report into words, with its tables and its picture."""
    head, complete = headline(told), told.report.complete
    return Answer(
        severity=_severity(told),
        headline=head,
        summary=outcomes_in(
            told.asked, complete.arrived, complete.counted, complete.states, complete.usual_days
        ),
        findings=tuple(findings(told))[:MOST],
        tables=tables(told),
        chart=chart(told, head),
        caveats=tuple(_caveats(told)),
        follow_ups=_follow_ups(told),
    )


def headline(told: Told) -> str:
    """One sentence: what came of it, and what misleads or what the score finds."""
    return words.shortened(f"{told.asked.name}: {_verdict(told)}", 200)


def _verdict(told: Told) -> str:
    complete, whole = told.report.complete, told.report.whole
    if not told.known:
        what = "what came of it"
        states = complete.states
        return nothing_known(told.asked, complete.arrived, complete.counted, states, what)
    if told.report.share:
        text = f"{told.said(whole.outcome)} turned out {told.positive}"
    else:
        text = f"the outcome was {told.said(whole.outcome)} on average"
    if (versus := told.report.versus) and (turned := _turned_words(versus.outcome)):
        both = told.both(versus.outcome, share=told.report.share)
        return f"{text}; in all {both}, {turned}"
    if told.by and (said := _by_slice(told, told.by)):
        return f"{text}; {said}"
    if told.report.lift:
        return f"{text}; {_found_first(told.report.lift)}"
    if whole.worth.n and told.value:
        return f"{text}; {told.value} was {told.said(whole.worth, share=False)} on average"
    return text


def _by_slice(told: Told, by: str) -> str:
    """Which slice of the column that was asked for lies furthest off, or that none is shown to."""
    if far := told.furthest:
        here, rest = (told.said(each) for each in far.both)
        return f"{part_name(far.dimension, far.value)} {here}, elsewhere {rest}"
    if any(each.q is not None for each in told.report.rests):
        return f"no {by.replace('_', ' ')} is shown to lie apart from the others"
    return ""


def _turned_words(sides: TwoSides) -> str:
    """Where the whole is turned round; nothing where it isn't."""
    if sides.paradoxes:
        return f"but the opposite within each {sides.paradoxes[0].replace('_', ' ')}"
    if sides.turned:
        first = sides.turned[0]
        return f"but the opposite in {part_name(first.dimension, first.value)}"
    return ""


def _found_first(lift: Lift) -> str:
    """“the tenth with the lowest scores holds 34 % of those that did not”."""
    first, sought = lift.bands[0], "those" if lift.positive else "those that did not"
    end = "highest" if lift.positive else "lowest"
    return (
        f"the {words.share(round(first.taken, 2))} with the {end} scores hold "
        f"{amount(first.gain, share=True)} of {sought}"
    )


def _severity(told: Told) -> Severity:
    states = told.report.complete.states
    if not told.known:
        missing = in_state(states, DayState.MISSING)
        return Severity.WARNING if missing else Severity.UNKNOWN
    versus = told.report.versus
    listed = (versus.outcome, versus.worth) if versus else ()
    return (
        Severity.WARNING
        if any(each and (each.turned or each.paradoxes) for each in listed)
        else Severity.NOTE
    )


def _caveats(told: Told) -> Iterator[str]:
    report, source = told.report, told.asked.source
    counted = report.complete.counted
    requests = words.counted(report.whole.rows, "request")
    yield Population(
        f"Counted are {requests} {told.asked.reading.text}"
        f"{', on days whose outcomes are in' if report.complete.states else ''}; the outcome of "
        f"{words.count(counted.outcomes)} is known."
    )
    yield CannotShow(
        "This is no experiment: who got which decision, or was overruled, was chosen for reasons "
        "that may not be in this log. So no difference shows what deciding otherwise would do."
    )
    yield from chosen_alone(source)
    if told.value and report.whole.worth.n:
        yield f"What “{told.value}” means is as the log has it; requests without it don't count."
    if report.lumped:
        names = words.listed([f"“{name.replace('_', ' ')}”" for name in report.lumped])
        has = "has" if len(report.lumped) == 1 else "have"
        yield f"{names} {has} many values: all but the commonest 50 are taken together."
    if told.entities and report.whole.rows:
        yield "People who come back count each time, so ranges may be a little too narrow."


def _follow_ups(told: Told) -> tuple[FollowUp, ...]:
    steps = list(how_good_steps(told.asked, "outcomes", told.by, known=told.known))
    if "override" in told.asked.source.roles:
        step = FollowUp("Where do people overrule it?", told.asked.next("overrides"))
        steps.insert(1, step)
    return tuple(steps[:MOST])
