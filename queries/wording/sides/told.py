"""A comparison with what was asked, and what of it stands out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queries.core import words
from queries.core.answer import Finding, Population, Severity
from queries.core.number import Number
from queries.measures.groups.gaps import GroupChange
from queries.measures.sides.cells import HOUR
from queries.measures.sides.comparison import Comparison, SliceDifference
from queries.measures.sides.judged import FIRM, Compared, Verdict
from queries.measures.sides.mixes import Mix
from queries.wording.asked import Asked
from queries.wording.parts import part_name
from queries.wording.sides.names import (
    Names,
    amount,
    fact,
    group_fact,
    group_name,
    names_of,
    size,
)

LEVELS = {
    Verdict.WORSE: Severity.WARNING,
    Verdict.DIFFERENT: Severity.NOTE,
    Verdict.BETTER: Severity.GOOD,
    Verdict.LESS: Severity.NOTE,
    Verdict.NONE: Severity.GOOD,
    Verdict.UNJUDGED: Severity.UNKNOWN,
    Verdict.FEW: Severity.UNKNOWN,
}


@dataclass(frozen=True)
class Told:
    """A comparison and what was asked; ``other`` is the time compared with, where there is one."""

    asked: Asked
    found: Comparison
    other: Asked | None = None

    @property
    def names(self) -> Names:
        """How both sides are called."""
        return names_of(self.found.sides, self.asked, self.other)

    @property
    def gap(self) -> GroupChange | None:
        """The group that changed most otherwise than its reference, beyond chance and by enough."""
        least = self.asked.source.matters.decision_rate
        clear = [
            each
            for each, q in zip(self.found.groups, self.found.widened, strict=True)
            if q is not None and q < 0.05 and abs(each.value_apart or 0.0) >= least
        ]
        return max(clear, key=lambda each: abs(each.value_apart or 0.0), default=None)

    @property
    def wider(self) -> GroupChange | None:
        """That group, where it and its reference now lie further apart."""
        return self.gap if self.gap and self.gap.widens else None

    @property
    def mix(self) -> Mix | None:
        """The dimension that makes the two sides' requests least comparable, if one does."""
        any_ = self.found.sides.of == "version"
        differing = [e for e in self.found.mixes if e.differs and (e.common or any_)]
        within = self.found.counted.dimension
        return next((e for e in differing if e.dimension == within), next(iter(differing), None))

    def of(self, *verdicts: Verdict) -> list[Compared]:
        """The metrics with some verdicts, the most urgent first."""
        return [each for each in self.found.compared if each.verdict in verdicts]

    @property
    def within(self) -> str:
        """“within each region, hour by hour”; nothing where all requests are one stratum."""
        counted = self.found.counted
        parts = [f"within each {counted.dimension.replace('_', ' ')}"] if counted.dimension else []
        if counted.seconds is not None:
            hours = counted.seconds // HOUR
            parts.append("hour by hour" if hours == 1 else f"every {hours} hours")
        return ", ".join(parts)


def told_fact(told: Told, each: Compared) -> str:
    """A metric on both sides, weighed alike; said to be where its words alone would differ."""
    said = fact(each.metric, *each.inside.means, each.number, told.names.than)
    return f"{said}, weighed alike" if told.within and _is_changed(each) else said


def _is_changed(each: Compared) -> bool:
    """Say whether weighing alike makes a number another one than that of a side's requests."""
    both = zip(each.inside.means, each.sides, strict=True)
    return any(
        side.value is not None
        and amount(each.metric, mean, each.number) != amount(each.metric, side.value, each.number)
        for mean, side in both
    )


def of_metric(told: Told, each: Compared) -> Finding:
    """Tell one metric with its verdict, and what all requests together would have said."""
    text = told_fact(told, each)
    text = f"{text[0].upper()}{text[1:]}: {_said(each)}."
    if each.verdict in FIRM or each.turned:
        text += _as_they_came(told, each)
    numbers = {
        name: number
        for name, number in (("within", each.number), ("overall", each.overall))
        if number.n
    }
    return Finding(f"compared {each.metric.name}", LEVELS[each.verdict], text, numbers)


def _said(each: Compared) -> str:
    match each.verdict:
        case Verdict.NONE if each.seen is not None:
            only = "only " if each.seen > each.least else ""
            return (
                f"no difference shown; {only}one larger than {size(each.metric, each.seen)} would "
                "have been seen"
            )
        case Verdict.LESS:
            return f"differs, but by less than what matters ({size(each.metric, each.least)})"
        case Verdict.UNJUDGED:
            return "too few days to say whether days differ so anyway"
    return each.verdict.value


def _as_they_came(told: Told, each: Compared) -> str:
    """What the totals say, where that is something else."""
    first, second = (number.value for number in each.sides)
    if first is None or second is None or not told.within:
        return ""
    if each.turned:
        whole = fact(each.metric, first, second, each.overall, told.names.than)
        return f" All requests together say the opposite (Simpson's paradox): {whole}."
    # A total that differs by less is not worth a sentence.
    if abs((each.overall.value or 0.0) - (each.number.value or 0.0)) >= each.least:
        whole = f"{amount(each.metric, first, each.overall)} and "
        return f" All requests together would have shown {whole}" + (
            f"{amount(each.metric, second, each.overall)}."
        )
    return ""


def alike_where_worst(slices: Sequence[SliceDifference], each: Compared) -> str:
    """Say that both sides fail alike in the slice in which most requests fail."""
    known = [one for one in slices if one.number.value is not None and one.number.low is not None]
    if len(known) < 2:
        return ""
    worst = max(known, key=lambda one: one.inside.means[1])
    others = each.inside.means[1]
    number = worst.number
    alike = number.low is not None and number.high is not None and number.low <= 0 <= number.high
    if worst.inside.means[1] < 2 * others or not alike:
        return ""
    first, second = (amount(each.metric, mean, number) for mean in worst.inside.means)
    both = f"{first} and {second}" if first != second else first
    where = part_name(worst.dimension, worst.value)
    return f" Where most fail, in {where}, both fail alike ({both})."


def of_gap(told: Told, change: GroupChange) -> Finding | None:
    """Tell that a group's share changed otherwise than that of the largest group."""
    metric = told.found.favourable
    if metric is None:
        return None
    said = group_fact(change, metric, told.names.than)
    wide = change.widens
    text = f"{said[0].upper()}{said[1:]}: the gap between them {'opened' if wide else 'closed'} by "
    text += f"{words.points(change.value_apart or 0.0)}."
    level = Severity.WARNING if wide else Severity.GOOD
    return Finding("group gap", level, text, {"apart": change.apart()})


def of_mix(told: Told, mix: Mix) -> Finding:
    """Warn that the two sides' requests are not the same kind of requests."""
    first, second = (words.share(mix.share(mix.most, side)) for side in (0, 1))
    name = part_name(mix.dimension, mix.most)
    text = (
        f"Their traffic isn't comparable: {name} is {first} of the requests "
        f"{_side(told, 0)} and {second} {_side(told, 1)}."
    )
    dimension = told.found.counted.dimension
    if dimension == mix.dimension:
        text += f" The differences told here are {told.within}."
    elif dimension:
        inside, name = (each.replace("_", " ") for each in (dimension, mix.dimension))
        text += f" The differences told here are within each {inside}, not within each {name}."
    why = "compared with what chance makes of it"
    number = Number(mix.apart, sum(map(sum, mix.counts.values())), unit="share", why=why)
    return Finding("mix", Severity.NOTE, text, {"apart": number})


def _side(told: Told, side: int) -> str:
    names = told.names
    if names.are_times:
        return (names.first, names.second)[side]
    return f"{names.than.split()[0]} {names.columns[side]}"


def group_label(change: GroupChange) -> str:
    """The group's name, for tables and bars."""
    return group_name(change)


def never_together(told: Told) -> str:
    """Say that the two never served the same part at the same time; nothing where they did."""
    counted = told.found.counted
    if any(counted.cells.matched) or not counted.dimension:
        return ""
    when = " at the same time" if told.found.sides.together else ""
    part = counted.dimension.replace("_", " ")
    return f"never served the same {part}{when}, so that they can't be told apart from it"


def population(told: Told) -> Population:
    """Of how many requests the differences speak, and how many have no counterpart."""
    rows, matched = sum(told.found.rows), sum(told.found.counted.cells.matched)
    if not told.within or matched == rows:
        return Population(f"Counted are all {words.counted(rows, 'request')} of both.")
    left = f"{words.count(rows - matched)} ({words.share(1 - matched / rows)})"
    return Population(
        f"The differences speak of the {words.counted(matched, 'request')} that have a counterpart "
        f"{told.within}; {left} have none and are left out."
    )
