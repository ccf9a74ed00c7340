"""How values are spread now and before, as a picture: a number's shape, categories' shares."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from queries.core import words
from queries.core.charts import Bar, BarChart, ShapeChart
from queries.measures.columns.rare_categories import Moved
from queries.measures.columns.spreads import Spread
from queries.statistics.rates import wilson

_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Shown:
    """What a picture is of: its title, the column, and what it is compared with."""

    title: str
    name: str
    than: str

    @property
    def before(self) -> str:
        """What is compared with, as a label: “reference set”."""
        return self.than.removeprefix("in ").removeprefix("the ")


def shape(
    shown: Shown, spread: Spread, mark: float | None = None, mark_label: str = ""
) -> ShapeChart:
    """Draw how a number is spread now against before."""
    most = max(range(len(spread.now)), key=lambda at: abs(spread.now[at] - spread.before[at]))
    edges = _rounded(spread.edges)
    low, high = (words.number(edge) for edge in edges[most : most + 2])
    now, before = words.share(spread.now[most]), words.share(spread.before[most])
    alt = (
        f"{shown.title}. Two shapes of how {shown.name} is spread, now and {shown.than}. They "
        f"differ most from {low} to {high}: {now} of values now, {before} {shown.than}."
    )
    return ShapeChart(
        title=shown.title,
        alt=alt,
        edges=edges,
        now=spread.now,
        before=spread.before,
        now_label="now",
        before_label=shown.before,
        unit="number",
        x_label=shown.name,
        mark=mark,
        mark_label=mark_label,
    )


def _rounded(edges: Sequence[float]) -> tuple[float, ...]:
    """Round edges so that they can be read, by far less than the narrowest bin is wide."""
    narrowest = min(high - low for low, high in pairwise(edges))
    if not narrowest > 0:
        return tuple(edges)
    # An eighth of the narrowest bin moves no edge by more than is seen.
    digits = -math.floor(math.log10(narrowest / 8))
    rounded = tuple(round(edge, digits) for edge in edges)
    return rounded if rounded[0] < rounded[-1] else tuple(edges)


def shares(shown: Shown, found: Sequence[Moved], n: int) -> BarChart:
    """Draw each category's share of ``n`` present values, with its share before as a tick."""
    most = max(found, key=lambda each: abs(each.now - each.before))
    bars = tuple(_bar(each, n, emphasis=each is most) for each in found)
    listed = words.listed([f"{bar.label} {words.share(bar.value)}" for bar in bars])
    alt = (
        f"{shown.title}. Chart of the share of each value of {shown.name}: {listed}. "
        f"{words.shortened(str(most.value), _LONGEST)} had {words.share(most.before)} {shown.than}."
    )
    label = f"share of the values of {shown.name}"
    return BarChart(shown.title, alt, bars, "share", label, reference_label=shown.before)


def _bar(each: Moved, n: int, *, emphasis: bool) -> Bar:
    now = wilson(round(each.now * n), n)
    label = words.shortened(str(each.value), _LONGEST)
    return Bar(label, now.value, now.low, now.high, reference=each.before, emphasis=emphasis)
