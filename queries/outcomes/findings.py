"""What was found of a model's outcomes: sides compared, what the score finds, a slice far off."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Finding, Severity
from queries.measures.cases.sides import SliceSides, TwoSides, estimate
from queries.measures.outcomes.maturity import DayState
from queries.outcomes.lift import Lift
from queries.outcomes.report import Versus
from queries.outcomes.told import Told, amount, difference_words
from queries.wording.parts import part_name
from queries.wording.performance.population import in_state, missing_days

_NAMED = 3


def findings(told: Told) -> Iterator[Finding]:
    """What was found, the most telling first; lost outcomes alone where none can be judged."""
    if lacking := in_state(told.report.complete.states, DayState.MISSING):
        yield missing_days(lacking)
    if not told.known:
        return
    if told.furthest and told.by:
        yield _furthest(told, told.furthest)
    if versus := told.report.versus:
        yield from _versus(told, versus, versus.outcome, share=told.report.share)
        if versus.worth:
            yield from _versus(told, versus, versus.worth, share=False)
    if told.report.lift:
        yield _lift(told, told.report.lift)
    if told.report.whole.worth.n and told.value:
        yield _worth(told)
    if told.furthest and not told.by:
        yield _furthest(told, told.furthest)


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
        f"{part_name(each.dimension, each.value)} ({told.both(each, share=share)})"
        for each in sides.turned[:_NAMED]
    ]
    for each in sides.turned[:_NAMED]:
        numbers[part_name(each.dimension, each.value)] = each.apart
    if named:
        what = told.came if kind == "outcome" else told.value
        parts.append(f"The sign changes in {words.listed(named)}: {what}.")
    return Finding(f"{kind} says the opposite", Severity.WARNING, " ".join(parts), numbers)


def _lift(told: Told, lift: Lift) -> Finding:
    first = lift.bands[0]
    # Bands are nearly equal, so that five of ten may hold a little less than half.
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


def _furthest(told: Told, far: SliceSides) -> Finding:
    share = told.report.share
    here, rest = (told.said(each) for each in far.both)
    text = (
        f"Furthest from all others lies {part_name(far.dimension, far.value)}: {here} "
        f"{told.came if share else 'on average'} (n = {words.count(far.both[0].n)}), elsewhere "
        f"{rest}: {difference_words(far.apart, share=share)}."
    )
    return Finding("slice", Severity.NOTE, text, {"apart": far.apart})
