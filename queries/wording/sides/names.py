"""Two sides and what they are compared by, in words."""

from __future__ import annotations

from dataclasses import dataclass

from queries.core import words
from queries.core.kinds.pair import VERSION, Pair
from queries.core.number import Number
from queries.core.source import Visibility
from queries.measures.groups.gaps import GroupChange
from queries.measures.sides.metric import Metric
from queries.measures.sides.which import Sides
from queries.wording.asked import Asked
from queries.wording.parts import part_name

AS_OFTEN = "as often"


@dataclass(frozen=True, slots=True)
class Names:
    """How two sides are called: “version 2.3” and “2.2”, or by their times.

    ``than`` ends a sentence about the second: “with 2.2”. ``columns`` head a table's columns,
    ``keys`` name both in a picture: “version 2.3”, “version 2.2”.
    """

    first: str
    second: str
    than: str
    columns: tuple[str, str]
    keys: tuple[str, str]
    are_times: bool = False

    def against(self, how: str) -> str:
        """“version 2.3 does worse than 2.2”, “worse in the last 7 days than last week”."""
        if self.are_times:
            return f"{how} {self.first} than {self.second}"
        return f"{self.first} does {how} than {self.second}"


def names_of(sides: Sides, asked: Asked, other: Asked | None) -> Names:
    """Name both sides of a comparison; ``other`` is the time compared with, where there is one."""
    if other is not None:
        zone = f" {asked.reading.zone.key}"
        now, then = (each.reading.text.removesuffix(zone) for each in (asked, other))
        columns = ("this time", "then")
        return Names(now, then, "then", columns, columns, are_times=True)
    first, second = (words.shortened(each, 30) for each in sides.names)
    dimension = sides.dimension.replace("_", " ")
    than = "with" if sides.dimension == VERSION else "for"
    keys = (f"{dimension} {first}", f"{dimension} {second}")
    return Names(keys[0], second, f"{than} {second}", (first, second), keys)


def fact(metric: Metric, first: float, second: float, like: Number, than: str) -> str:
    """“3.2 % of requests fail, 1.4 % with 2.2”, with the digits that the difference supports."""
    now, before = amount(metric, first, like), amount(metric, second, like)
    match metric.name:
        case "errors":
            return f"{now} of requests fail, {before} {than}"
        case "slow":
            limit = words.duration_ms(float(metric.value))
            return f"{now} of requests take over {limit}, {before} {than}"
        case "right":
            return f"{now} of answers turned out right, {before} {than}"
        case "off":
            return f"predictions are off by {now} on average, {before} {than}"
    named = _named(metric)
    if not metric.share:
        return f"{named} {now} on average, {before} {than}"
    return f"“{words.shortened(str(metric.value), 30)}” in {now} of {named}s, {before} {than}"


def what(metric: Metric) -> str:
    """What a metric is, as a table's row and in a list: “failed”, “over 200 ms”, “right”."""
    match metric.name:
        case "errors":
            return "failed"
        case "slow":
            return f"over {words.duration_ms(float(metric.value))}"
        case "right":
            return "turned out right"
        case "off":
            return "off by"
    named = _named(metric)
    return f"{named} “{words.shortened(str(metric.value), 40)}”" if metric.share else named


def _named(metric: Metric) -> str:
    """The role or the column in words."""
    name = str(metric.value) if metric.name == "value" else metric.name
    return words.shortened(name.replace("_", " "), 40)


def amount(metric: Metric, value: float, like: Number) -> str:
    """A share, or a number, with the digits that an interval supports."""
    if metric.share:
        return words.share(min(1.0, max(0.0, value)), like.low, like.high)
    width = None if like.low is None or like.high is None else like.high - like.low
    return words.number(value, width)


def size(metric: Metric, value: float) -> str:
    """How large a difference is, in points or in the metric's own unit."""
    return words.points(value) if metric.share else words.number(abs(value))


def oftener(value: float) -> str:
    """“8.5 points less often”, “as often”."""
    if abs(value) < 0.0005:
        return AS_OFTEN
    points = words.points(value).replace("percentage ", "")
    return f"{points} {'more' if value > 0 else 'less'} often"


def group_fact(change: GroupChange, metric: Metric, than: str) -> str:
    """“sex female gets “approve” 8.5 points less often than with 2.2, male 1.4 more often”.

    The one that lost more comes first, whichever is the reference.
    """
    if change.there is None or change.here.value is None or change.there.value is None:
        return ""
    answer = f"“{words.shortened(str(metric.value), 30)}”"
    told = [(change.here.value, change.value), (change.there.value, change.reference)]
    (moved, group), (other, reference) = sorted(told, key=lambda each: each[0])
    named = part_name(change.attribute, group)
    then = "as" if oftener(moved) == AS_OFTEN else "than"
    here = f"{named} gets {answer} {oftener(moved)} {then} {than}"
    return f"{here}, {words.value(reference)} {oftener(other)}"


def group_name(change: GroupChange) -> str:
    """“sex female”."""
    return part_name(change.attribute, change.value)


def both(asked: Asked, sides: Sides) -> str:
    """Both values as a parameter; nothing of a column whose values nobody may choose."""
    column = asked.source.columns.get(sides.dimension, "")
    if not column or asked.source.visible(column) is not Visibility.OPEN:
        return ""
    return str(Pair(sides.dimension, *sides.names))
