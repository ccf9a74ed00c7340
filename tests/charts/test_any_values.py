"""Pictures of whatever there is: nothing, little, hostile texts, infinite and tiny values."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.charts import draw
from bot.charts.legible import legible
from queries.core.charts import Band, Bar, Chart, Curve, Mark, Point, Series
from tests.charts.drawn import (
    HOURS,
    START,
    STATED,
    bars,
    curves,
    lines,
    panel,
    panels,
    pixels,
    shapes,
)

NOTHING: list[Chart] = [
    lines(x=(), series=(), band=None, marks=()),
    lines(series=(Series("all", (None,) * 24),)),
    lines(series=(Series("all", (math.nan,) * 24),)),
    lines(x=HOURS[:1], series=(Series("all", (0.5,)),), band=None),
    bars(),
    bars(Bar("all", None)),
    bars(Bar("a", 0.0), Bar("b", 0.0, 0.0, 0.0)),
    panels(),
    panels(panel(series=())),
    panels(panel(series=(Series("a", (None,) * 24),), band=None)),
    panels(panel(series=(Series("a", (0.5,)),)), x=HOURS[:1]),
    panels(panel(), x=()),
    curves(),
    curves(Curve("a", ())),
    curves(Curve("a", (Point(0.5, math.nan),))),
    curves(Curve("a", (Point(0.5, 0.5),)), diagonal=""),
    curves(STATED),
    shapes(),
    shapes(edges=(), now=(), before=()),
    shapes(edges=(1.0, 1.0), now=(1.0,), before=(1.0,), mark=1.0),
    shapes(now=(math.nan,) * 4, before=(math.nan,) * 4),
]


@pytest.mark.parametrize("chart", NOTHING)
def test_little_or_nothing_to_draw_is_drawn_all_the_same(chart: Chart) -> None:
    """Without values there is still a picture with its title and a word on why it is empty."""
    assert (pixels(draw(chart, (800, 450))) < 128).any()


HOSTILE = [
    "$x^2$",
    "$\\badmath{",
    "100 % of $5",
    "\\frac{1}{2} {} %s {0}",
    "🚀 🇩🇪 👍🏽",
    "東京都",
    "\ud800 \x00 \x1b[31m \u202e \ufeff",
    "עברית العربية हिन्दी",
    "line\nbreak\ttab",
    "W" * 500,
    "word " * 200,
    "",
    " ",
    "<!channel> *bold* `code`",
    "Z̸̢̛͔a̷̧l̵g̶o",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_is_drawn_literally_and_within_the_page(text: str) -> None:
    """Whatever a label holds, nothing is raised, nothing warned, nothing reaches the edge."""
    everywhere = lines(
        title=text,
        y_label=text,
        series=(Series(text, (0.1,) * 24, emphasis=True), Series(text, (0.2,) * 24)),
        band=Band(text, (0.1,) * 24, (0.2,) * 24),
        marks=(Mark(text, HOURS[2]), Mark(text, HOURS[20], HOURS[22])),
    )
    ranked = bars(
        Bar(text, 3.0, emphasis=True),
        Bar(text, -2.0, reference=1.0),
        title=text,
        x_label=text,
        limit=2.0,
        limit_label=text,
        reference_label=text,
    )
    small = panels(
        panel(text, note=text, series=(Series(text, (0.1,) * 24),), marks=everywhere.marks),
        title=text,
        marks=everywhere.marks,
    )
    pair = curves(
        replace(STATED, label=text),
        replace(STATED, label=text, emphasis=True),
        title=text,
        x_label=text,
        y_label=text,
        diagonal=text,
    )
    spread = shapes(
        title=text, x_label=text, now_label=text, before_label=text, mark=15.0, mark_label=text
    )
    for chart in (everywhere, ranked, small, pair, spread):
        picture = pixels(draw(chart, (800, 450)))
        frame = (picture[:3], picture[-3:], picture[:, :3], picture[:, -3:])
        assert all((edge == 255).all() for edge in frame)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("a $x$", "a $x$"),
        ("🚀 up", "(rocket) up"),
        ("👍🏽", "(thumbs up sign)"),
        ("東京", "\\u6771\\u4eac"),
        ("a\n\tb\x00\u202ec", "a bc"),
        ("4.8\u202f%", "4.8\u00a0%"),
        ("Café", "Café"),
    ],
)
def test_what_the_font_lacks_is_spelled(text: str, drawn: str) -> None:
    """Pictographs become their names, foreign letters their code points, controls nothing."""
    assert legible(text) == drawn


values = st.none() | st.floats() | st.sampled_from([0.0, 1.0, 5e-324, 1.7e308, -1e99, 1e15])
units = st.sampled_from(["integer", "number", "share", "points", "milliseconds"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    y=st.lists(values, min_size=1, max_size=6),
    low=st.lists(values, min_size=1, max_size=6),
    unit=units,
    step=st.sampled_from([0.001, 1, 3600, 86_400, 40_000_000]),
)
def test_any_values_are_drawn(
    y: list[float | None], low: list[float | None], unit: str, step: float
) -> None:
    """Infinite, tiny, huge and missing values never raise and never warn."""
    x = tuple(START + timedelta(seconds=n * step) for n in range(len(y)))
    band = Band("usual", tuple(low), tuple(low))
    chart = lines(x=x, series=(Series("a", tuple(y)),), unit=unit, band=band)
    assert draw(chart, (320, 180)).startswith(b"\x89PNG")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(st.tuples(values, values, values, values), max_size=14), limit=values, unit=units
)
def test_any_bars_are_drawn(
    rows: list[tuple[float | None, float | None, float | None, float | None]],
    limit: float | None,
    unit: str,
) -> None:
    """Infinite, tiny, huge and missing bars, intervals and limits never raise and never warn."""
    ranked = tuple(Bar(str(n), *row) for n, row in enumerate(rows))
    chart = bars(*ranked, unit=unit, limit=limit, limit_label="limit", reference_label="usual")
    assert draw(chart, (320, 180)).startswith(b"\x89PNG")


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(st.tuples(values, values, values, values), min_size=1, max_size=8),
    unit=units,
    mark=values,
)
def test_any_panels_curves_and_shapes_are_drawn(
    rows: list[tuple[float | None, float | None, float | None, float | None]],
    unit: str,
    mark: float | None,
) -> None:
    """Infinite, tiny, huge and missing values never raise and never warn in the other charts."""
    columns = [tuple(column) for column in zip(*rows, strict=True)]
    known = [tuple(value if value is not None else 0.0 for value in column) for column in columns]
    band = Band("usual", columns[1], columns[2])
    small = panel(series=(Series("a", columns[0]),), band=band, unit=unit)
    points = tuple(
        Point(x, y, low, high)
        for x, y, (*_, low, high) in zip(known[0], known[1], rows, strict=True)
    )
    every: list[Chart] = [
        panels(small, small, x=HOURS[: len(rows)]),
        curves(Curve("a", points), x_unit=unit, y_unit=unit),
        curves(Curve("a", points), diagonal=""),
        shapes(edges=(*known[0], 1.0), now=known[1], before=known[2], unit=unit, mark=mark),
    ]
    for chart in every:
        assert draw(chart, (320, 180)).startswith(b"\x89PNG")
