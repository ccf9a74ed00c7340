"""What came of a model's decisions, in plain words that claim no cause."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import (
    Answer,
    CannotShow,
    Finding,
    FollowUp,
    Population,
    Severity,
)
from queries.measures.lift import Lift
from queries.measures.maturity import DayState
from queries.measures.outcome_report import Versus
from queries.measures.two_sides import CLEAR, TwoSides, estimate
from queries.wording.how_good_steps import how_good_steps
from queries.wording.outcomes_charts import chart
from queries.wording.outcomes_tables import tables
from queries.wording.outcomes_told import Told, amount, difference_words, slice_words
from queries.wording.population import (
    chosen_alone,
    in_state,
    missing_days,
    nothing_known,
    outcomes_in,
)

MOST = 5
_NAMED = 3


def answer_words(told: Told) -> Answer:
    """Put a report into words, with its tables and its picture."""
    head, complete = headline(told), told.report.complete
    return Answer(
        severity=_severity(told),
        headline=head,
        summary=outcomes_in(
            told.asked, complete.arrived, complete.counted, complete.states, complete.usual_days
        ),
        findings=tuple(_findings(told))[:MOST],
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
    if told.report.lift:
        return f"{text}; {_found_first(told.report.lift)}"
    if whole.worth.n and told.value:
        return f"{text}; {told.value} was {told.said(whole.worth, share=False)} on average"
    return text


def _turned_words(sides: TwoSides) -> str:
    """Where the whole is turned round; nothing where it isn't."""
    if sides.paradoxes:
        return f"but the opposite within each {sides.paradoxes[0].replace('_', ' ')}"
    if sides.turned:
        first = sides.turned[0]
        return f"but the opposite in {slice_words(first.dimension, first.value)}"
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


def _findings(told: Told) -> Iterator[Finding]:
    if lacking := in_state(told.report.complete.states, DayState.MISSING):
        yield missing_days(lacking)
    if not told.known:
        return
    if versus := told.report.versus:
        yield from _versus(told, versus, versus.outcome, share=told.report.share)
        if versus.worth:
            yield from _versus(told, versus, versus.worth, share=False)
    if told.report.lift:
        yield _lift(told, told.report.lift)
    if told.report.whole.worth.n and told.value:
        yield _worth(told)
    if furthest := _furthest(told):
        yield furthest


def _versus(told: Told, versus: Versus, sides: TwoSides, *, share: bool) -> Iterator[Finding]:
    """Both sides as they came; then where that turns round."""
    kind = "outcome" if sides is versus.outcome else "value"
    first, second = (each.n for each in sides.both)
    if sides.apart.value is None:
        if kind == "outcome":
            text = (
                f"Too few to compare: {words.counted(first, 'outcome')} of {told.sides[0]} and "
                f"{words.count(second)} of {told.sides[1]}."
            )
            yield Finding(f"{kind} compared", Severity.UNKNOWN, text, {"apart": sides.apart})
        return
    what = told.came if kind == "outcome" else told.value
    tested = [each for each in sides.slices if each.q is not None]
    text = (
        f"As they came, {what}: {told.both(sides, share=share)} (n = {words.count(first)} "
        f"and {words.count(second)}): {difference_words(sides.apart, share=share)}."
    )
    if not sides.turned and not sides.paradoxes and tested and sides.sign:
        text += f" No slice of {words.count(len(tested))} says the opposite beyond chance."
    yield Finding(f"{kind} compared", Severity.NOTE, text, {"apart": sides.apart})
    if sides.turned or sides.paradoxes:
        yield _opposite(told, sides, kind, share=share)


def _opposite(told: Told, sides: TwoSides, kind: str, *, share: bool) -> Finding:
    numbers, parts = {}, []
    for name in sides.paradoxes[:1]:
        alike = sides.alike[name].number(sides.unit)
        numbers["alike"] = alike
        parts.append(
            f"Within each {name.replace('_', ' ')}, weighed alike, {told.sides[0]} had "
            f"{difference_words(alike, share=share)} than {told.sides[1]}, the opposite of the "
            "whole (Simpson's paradox)."
        )
    named = [
        f"{slice_words(each.dimension, each.value)} ({told.both(each, share=share)})"
        for each in sides.turned[:_NAMED]
    ]
    for each in sides.turned[:_NAMED]:
        numbers[slice_words(each.dimension, each.value)] = each.apart
    if named:
        what = told.came if kind == "outcome" else told.value
        parts.append(f"The sign changes in {words.listed(named)}: {what}.")
    return Finding(f"{kind} says the opposite", Severity.WARNING, " ".join(parts), numbers)


def _lift(told: Told, lift: Lift) -> Finding:
    first = lift.bands[0]
    half = next((each for each in lift.bands if each.taken >= 0.495), lift.bands[-1])
    end = "highest" if lift.positive else "lowest"
    sought = f"all {told.positive}" if lift.positive else f"all that were not {told.positive}"
    part, more = (words.share(round(each.taken, 2)) for each in (first, half))
    text = (
        f"Taken from the {end} scores on, the first {part} of cases hold "
        f"{amount(first.gain, share=True)} of {sought} (n = {words.count(lift.sought)}), "
        f"{words.number(first.lift.value, 0.1)} times their part; the first "
        f"{more} hold {amount(half.gain, share=True)}."
    )
    return Finding("lift", Severity.NOTE, text, {"lift": first.lift, "gain": first.gain})


def _worth(told: Told) -> Finding:
    worth = told.report.whole.worth
    text = (
        f"{told.value[:1].upper()}{told.value[1:]}: {told.said(worth, share=False)} on average "
        f"over {words.counted(worth.n, 'request')} that have one, {words.number(worth.total, 10)} "
        "in all."
    )
    return Finding("value", Severity.NOTE, text, {"value": estimate(worth, share=False)})


def _furthest(told: Told) -> Finding | None:
    """The slice whose outcomes lie furthest from all others', of those beyond chance."""
    clear = [each for each in told.report.rests if each.q is not None and each.q < CLEAR]
    if not clear:
        return None
    far = max(clear, key=lambda each: abs(each.apart.value or 0.0))
    share = told.report.share
    here, rest = (told.said(each) for each in far.both)
    text = (
        f"Furthest from all others lies {slice_words(far.dimension, far.value)}: {here} "
        f"{told.came if share else 'on average'} (n = {words.count(far.both[0].n)}), elsewhere "
        f"{rest}: {difference_words(far.apart, share=share)}."
    )
    return Finding("slice", Severity.NOTE, text, {"apart": far.apart})


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
        yield f"{names} has many values: all but the commonest 50 are taken together."
    if told.entities and report.whole.rows:
        yield "People who come back count each time, so ranges may be a little too narrow."


def _follow_ups(told: Told) -> tuple[FollowUp, ...]:
    steps = list(how_good_steps(told.asked, "outcomes", told.by, known=told.known))
    if "override" in told.asked.source.roles:
        step = FollowUp("Where do people overrule it?", told.asked.next("overrides"))
        steps.insert(1, step)
    return tuple(steps[:MOST])
