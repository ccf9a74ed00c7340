"""What came of it as a picture: what the score finds, both sides, or slices."""

from __future__ import annotations

from queries.core import words
from queries.core.charts import Bar, BarChart, Chart, Curve, CurveChart, Point
from queries.outcomes.lift import Lift
from queries.outcomes.told import Told, amount
from queries.wording.parts import part_name

BARS = 8


def chart(told: Told, title: str) -> Chart | None:
    """Draw both sides where the whole is turned round, else what was asked for, else the gain."""
    if not told.known:
        return None
    versus = told.report.versus
    if versus and (versus.outcome.turned or versus.outcome.paradoxes):
        return _sides(told, title)
    lift = told.report.lift
    return _gain(told, title, lift) if lift and not told.by else _slices(told, title)


def _gain(told: Told, title: str, lift: Lift) -> CurveChart:
    points = (
        # Of no cases nothing is found: where every gain curve begins.
        Point(0.0, 0.0),
        *(
            Point(each.taken, each.gain.value or 0.0, each.gain.low, each.gain.high)
            for each in lift.bands
        ),
    )
    sought = told.positive if lift.positive else f"not {told.positive}"
    end = "highest" if lift.positive else "lowest"
    listed = words.listed(
        [
            f"{words.share(round(each.taken, 2))} hold {amount(each.gain, share=True)}"
            for each in lift.bands[:: max(1, len(lift.bands) // 4)]
        ]
    )
    x = f"share of cases, {end} scores first"
    alt = f"{title}. A curve over the {x}: {listed} of all that turned out {sought}."
    curve = Curve("by score", points, emphasis=True)
    label = f"share of all {sought} found"
    return CurveChart(
        title=title,
        alt=alt,
        curves=(curve,),
        x_unit="share",
        x_label=x,
        y_unit="share",
        y_label=label,
        diagonal="without the score",
    )


def _sides(told: Told, title: str) -> BarChart | None:
    """Both sides in all, and in the slices of the dimension that turns most round."""
    versus = told.report.versus
    if versus is None:
        return None
    sides = versus.outcome
    name = sides.paradoxes[0] if sides.paradoxes else sides.turned[0].dimension
    turned = {(each.dimension, each.value) for each in sides.turned}
    rows = [("all", sides.both, False)]
    rows += [
        (
            part_name(each.dimension, each.value),
            each.both,
            (each.dimension, each.value) in turned,
        )
        for each in sides.slices
        if each.dimension == name and each.apart.value is not None
    ][: BARS - 1]
    bars = []
    for label, both, emphasis in rows:
        first, second = (told.outcome(each) for each in both)
        shown = words.shortened(label, 40)
        bars.append(Bar(shown, first.value, first.low, first.high, second.value, emphasis=emphasis))
    listed = words.listed(
        [f"{label} {told.said(both[0])}, {told.said(both[1])}" for label, both, _ in rows]
    )
    one, other = told.sides
    alt = f"{title}. Chart of {one}, ticks of {other}: {listed}."
    ranked = tuple(sorted(bars, key=lambda bar: -(bar.value or 0.0)))
    label = f"{told.came}: {one}"
    return BarChart(title, alt, ranked, told.unit, label, reference_label=other)


def _slices(told: Told, title: str) -> BarChart | None:
    far = told.furthest
    furthest = part_name(far.dimension, far.value) if far and told.by else ""
    rows = [
        (part_name(*key), told.outcome(cases.outcome))
        for key, cases in (told.report.slices or {}).items()
    ]
    known = [(label, number) for label, number in rows if number.value is not None]
    known = known or [("all", told.outcome(told.report.whole.outcome))]
    ranked = sorted(known, key=lambda row: (-(row[1].value or 0.0), row[0]))[:BARS]
    bars = tuple(
        Bar(
            words.shortened(label, 40),
            number.value,
            number.low,
            number.high,
            emphasis=label == furthest,
        )
        for label, number in ranked
    )
    share = told.report.share
    listed = words.listed([f"{label} {amount(number, share=share)}" for label, number in ranked])
    alt = f"{title}. Chart of {told.came}: {listed}."
    return BarChart(title, alt, bars, told.unit, told.came)
