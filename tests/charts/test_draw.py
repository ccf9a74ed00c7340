"""Pictures as a reader sees them: size, colours, gaps, and nothing cut off or choked on."""

from __future__ import annotations

import io
import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.charts import draw
from bot.charts.legible import legible
from queries.core.answer import (
    Band,
    Bar,
    BarChart,
    Chart,
    Curve,
    CurveChart,
    LineChart,
    Mark,
    Panel,
    PanelChart,
    Point,
    Series,
    ShapeChart,
)

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 11, 22, 15, 30, tzinfo=BERLIN)
HOURS = tuple(START + timedelta(hours=n) for n in range(24))
VERMILION = (0xBF, 0x4A, 0x00)


def pixels(png: bytes) -> npt.NDArray[np.uint8]:
    """The picture as rows of red, green, blue and opacity."""
    with Image.open(io.BytesIO(png)) as picture:
        return np.asarray(picture.convert("RGBA"))


def coloured(picture: npt.NDArray[np.uint8], colour: tuple[int, int, int]) -> npt.NDArray[np.bool_]:
    """Where the picture has exactly a colour."""
    same: npt.NDArray[np.bool_] = (picture[:, :, :3] == colour).all(axis=2)
    return same


def lines(**changes: object) -> LineChart:
    """A chart of an incident, with any of its fields changed."""
    fields: dict[str, object] = {
        "title": "3.4 times as many requests to lending fail as usual",
        "alt": "",
        "x": HOURS,
        "series": (
            Series("EMEA", tuple(0.015 if n < 18 else 0.14 for n in range(24)), emphasis=True),
            Series("APAC", (0.016,) * 24),
        ),
        "unit": "share",
        "y_label": "Share of requests that failed",
        "band": Band("usual", (0.01,) * 24, (0.019,) * 24),
        "marks": (Mark("Version 2.3 reached EMEA", HOURS[17]),),
    }
    return LineChart(**{**fields, **changes})  # type: ignore[arg-type]  # a test's own shorthand


def bars(*all_bars: Bar, **changes: object) -> BarChart:
    """A chart of the bars given, with any of its fields changed."""
    fields: dict[str, object] = {
        "title": "Two inputs have changed",
        "alt": "",
        "bars": all_bars,
        "unit": "number",
        "x_label": "How different from usual",
    }
    return BarChart(**{**fields, **changes})  # type: ignore[arg-type]  # a test's own shorthand


RANKED = bars(
    Bar("income", 0.41, 0.35, 0.5, reference=0.03, emphasis=True),
    Bar("age", 0.05, 0.04, 0.06, reference=0.03),
    Bar("postcode", None),
    limit=0.1,
    limit_label="matters from 0.1",
    reference_label="usual",
)


def panels(*all_panels: Panel, **changes: object) -> PanelChart:
    """Small multiples of the panels given, with any field changed."""
    fields: dict[str, object] = {"title": "2 models", "alt": "", "x": HOURS, "panels": all_panels}
    return PanelChart(**{**fields, **changes})  # type: ignore[arg-type]  # a test's own shorthand


def curves(*all_curves: Curve, **changes: object) -> CurveChart:
    """A chart of the curves given, with any field changed."""
    fields: dict[str, object] = {
        "title": "When it says 80 %, 78 % come true",
        "alt": "",
        "curves": all_curves,
        "x_unit": "share",
        "x_label": "stated",
        "y_unit": "share",
        "y_label": "what came true",
        "diagonal": "as stated",
    }
    return CurveChart(**{**fields, **changes})  # type: ignore[arg-type]  # a test's own shorthand


def shapes(**changes: object) -> ShapeChart:
    """Two distributions over four bins, with any field changed."""
    fields: dict[str, object] = {
        "title": "Income has shifted",
        "alt": "",
        "edges": (0.0, 10.0, 20.0, 30.0, 50.0),
        "now": (0.1, 0.2, 0.4, 0.3),
        "before": (0.4, 0.3, 0.2, 0.1),
        "now_label": "now",
        "before_label": "before",
        "unit": "number",
        "x_label": "income",
    }
    return ShapeChart(**{**fields, **changes})  # type: ignore[arg-type]  # a test's own shorthand


def panel(label: str = "lending", **changes: object) -> Panel:
    """A panel of one line, with any field changed."""
    fields: dict[str, object] = {"label": label, "series": (Series("", (0.1,) * 24),)}
    fields |= {"unit": "share", "band": Band("usual", (0.05,) * 24, (0.15,) * 24)}
    return Panel(**{**fields, **changes})  # type: ignore[arg-type]  # a test's own shorthand


STATED = Curve("now", tuple(Point(n / 10, n / 10, n / 10 - 0.02, n / 10 + 0.02) for n in range(11)))


@pytest.mark.parametrize("size", [(1600, 900), (800, 450)])
def test_a_line_chart_has_the_size_asked_for_and_is_opaque_white(size: tuple[int, int]) -> None:
    """A picture has the asked size, every pixel is opaque, and its ground is white."""
    picture = pixels(draw(lines(), size))
    assert picture.shape == (size[1], size[0], 4)
    assert (picture[:, :, 3] == 255).all()
    assert (picture[0, 0] == 255).all()


def test_a_chart_of_few_bars_is_less_high() -> None:
    """Bars are not stretched to fill the page: the page ends below them."""
    height, width, _ = pixels(draw(RANKED)).shape
    assert width == 1600
    assert 400 < height < 900


def test_values_far_from_zero_and_near_each_other_are_dots() -> None:
    """Bars that would all look alike become dots whose distance is seen; others begin at zero."""
    blue = (0x00, 0x67, 0xA6)
    ink = {}
    for least in (0.1, 0.89):
        rows = [Bar(str(value), value, value - 0.01, value + 0.01) for value in (least, 0.92)]
        picture = coloured(pixels(draw(bars(*rows, unit="share"))), blue)
        half = len(picture) // 2
        ink[least] = [
            int(np.flatnonzero(rows.any(axis=0)).size) for rows in np.split(picture, [half])
        ]
    assert ink[0.1][1] > 5 * ink[0.1][0]
    assert max(ink[0.89]) < 60
    alone = coloured(pixels(draw(bars(Bar("all", 0.9)))), blue)
    assert np.flatnonzero(alone.any(axis=0)).size > 800


def test_more_bars_than_fit_make_the_picture_higher_until_the_rest_is_counted() -> None:
    """Bars keep the height that leaves their names legible; of very many the first are drawn."""
    six, sixteen, forty = (
        pixels(draw(bars(*[Bar("same", 1.0)] * many), (800, 450))) for many in (6, 16, 40)
    )
    assert len(six) <= 450 < len(sixteen) == pytest.approx(len(forty), abs=30)
    foot = slice(-23, None), slice(0, 150)
    assert (sixteen[foot] == 255).all()
    assert not (forty[foot] == 255).all()


def test_panels_are_as_high_as_they_need() -> None:
    """More panels make a higher picture, until those that are too many are only counted."""
    same = (pixels(draw(panels(*[panel("same")] * many), (800, 450))) for many in (2, 5, 12, 40))
    two, five, twelve, forty = same
    assert len(two) < len(five) < len(twelve) == len(forty)
    foot = slice(-23, None), slice(0, 150)
    assert (twelve[foot] == 255).all()
    assert not (forty[foot] == 255).all()


def test_a_panel_that_asks_for_attention_stands_out_without_colour() -> None:
    """Its label and its line are bolder than the others': more ink, also where it is grey."""
    first, second = (
        pixels(draw(panels(panel(emphasis=at == 0), panel(emphasis=at == 1)))) for at in (0, 1)
    )
    upper = slice(0, len(first) // 2)
    ink = [int((picture[upper].min(axis=2) < 128).sum()) for picture in (first, second)]
    assert ink[0] > 1.3 * ink[1]
    for picture in (first, second):
        assert coloured(picture, VERMILION).any()
    assert not coloured(pixels(draw(panels(panel(), panel()))), VERMILION).any()


def test_a_lone_line_of_a_panel_is_named_by_the_panel_alone() -> None:
    """A line's name is written where a panel has several lines, and takes no room elsewhere."""
    named, bare = (panel(series=(Series(name, (0.1,) * 24),)) for name in ("requests", ""))
    assert draw(panels(named)) == draw(panels(bare))
    pair = (Series("emea", (0.1,) * 24), Series("apac", (0.1,) * 24))
    assert draw(panels(panel(series=pair))) != draw(panels(panel(series=pair[::-1])))


def test_the_mark_of_a_shape_lies_where_its_value_does() -> None:
    """A cut-off is drawn within its bin in proportion; one outside of all bins is not drawn."""
    brown = (0x7A, 0x4D, 0x00)
    places = []
    for value in (5.0, 15.0, 40.0):
        inked = coloured(pixels(draw(shapes(mark=value))), brown)
        places.append(np.flatnonzero(inked.any(axis=0)).mean())
    assert places[1] - places[0] == pytest.approx((places[2] - places[1]) / 2, rel=0.02)
    assert not coloured(pixels(draw(shapes(mark=99.0))), brown).any()


def test_the_emphasised_series_alone_is_in_the_strong_colour() -> None:
    """The line that matters stands out by its colour; without it, no pixel has that colour."""
    calm = lines(series=(Series("EMEA", (0.1,) * 24), Series("APAC", (0.2,) * 24, emphasis=True)))
    none = lines(series=(Series("EMEA", (0.1,) * 24),))
    assert coloured(pixels(draw(calm)), VERMILION).any()
    assert not coloured(pixels(draw(none)), VERMILION).any()


def test_a_gap_is_drawn_as_a_gap() -> None:
    """Between the values around a missing stretch there is no ink of the series' colour."""
    y = tuple(None if 8 <= n < 16 else 0.1 for n in range(24))
    inked = coloured(pixels(draw(lines(series=(Series("", y, emphasis=True),)))), VERMILION)
    columns = np.flatnonzero(inked.any(axis=0))
    widest = int(np.diff(columns).max())
    whole = int(columns[-1] - columns[0])
    assert widest > 0.35 * whole * 9 / 23


def test_a_lone_value_between_gaps_is_still_seen() -> None:
    """A value with a gap on both sides has no line to belong to, so it is drawn as a dot."""
    y = tuple(0.1 if n == 12 else None for n in range(24))
    assert coloured(pixels(draw(lines(series=(Series("", y, emphasis=True),)))), VERMILION).any()


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


def test_many_marks_are_counted_where_they_cannot_be_labelled() -> None:
    """Twenty marks on one spot leave a picture, its labels in four rows at most."""
    marks = tuple(Mark(f"something happened {n}", HOURS[12]) for n in range(20))
    few, many = (pixels(draw(lines(marks=some))) for some in (marks[:4], marks))
    foot = slice(-46, None)
    assert (few[foot, :400] == 255).all()
    assert not (many[foot, :400] == 255).all()


def test_drawing_in_threads_gives_the_same_pictures() -> None:
    """Pictures drawn at once in several threads equal those drawn one after another."""
    charts: list[Chart] = [lines(), RANKED] * 3
    with ThreadPoolExecutor(6) as pool:
        at_once = list(pool.map(draw, charts))
    assert at_once == [draw(chart) for chart in charts]


def test_the_axis_is_in_the_readers_zone() -> None:
    """The same moments in another zone give another picture: its ticks follow that clock."""
    elsewhere = tuple(moment.astimezone(UTC) for moment in HOURS)
    assert draw(lines(marks=())) != draw(lines(marks=(), x=elsewhere))
