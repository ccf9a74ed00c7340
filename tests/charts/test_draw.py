"""Pictures as a reader sees them: size, colours, gaps, dots, marks and the reader's clock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC

import numpy as np
import pytest

from bot.charts import draw
from bot.charts.page import Page
from bot.charts.style import HEADLINE
from queries.core.charts import Bar, Chart, Mark, Series
from tests.charts.drawn import (
    HOURS,
    RANKED,
    VERMILION,
    bars,
    coloured,
    lines,
    panel,
    panels,
    pixels,
    shapes,
)


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


def test_a_value_is_not_written_where_an_interval_ends() -> None:
    """Values stand before all bars, where none reads as the end of an interval."""
    rows = [(0.4, 0.2, 0.8), (0.1, 0.05, 0.3)]
    once, twice = (
        pixels(draw(bars(*(Bar("a", at * n, low * n, high * n) for at, low, high in rows))))
        for n in (1, 2)
    )
    written = np.flatnonzero((once != twice).any(axis=(0, 2)))
    drawn = np.flatnonzero(coloured(once, (0x00, 0x67, 0xA6)).any(axis=0))
    assert written.size
    assert written.max() < drawn.min()


@pytest.mark.parametrize("width", [300.0, 333.0, 400.0, 512.0])
def test_a_long_title_is_cut_between_words(width: float) -> None:
    """What doesn't fit ends with a whole word before the sign that there is more."""
    title = "lending: no change shown in what it says, though one that large would have been seen"
    lines_ = Page((800, 450)).wrap(title, width, HEADLINE, 3)
    kept = " ".join(lines_).removesuffix(" …")
    assert kept != title
    assert title.startswith(f"{kept} ")


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


def test_bins_about_as_wide_are_drawn_to_scale() -> None:
    """A last bin that is cut short takes as little room as it is wide, with a round axis below."""
    brown = (0x7A, 0x4D, 0x00)
    edges = (0.0, 0.3, 0.6, 0.9, 1.0)
    places = []
    for value in (0.1, 0.5, 0.9):
        inked = coloured(pixels(draw(shapes(edges=edges, mark=value))), brown)
        places.append(np.flatnonzero(inked.any(axis=0)).mean())
    assert places[1] - places[0] == pytest.approx(places[2] - places[1], rel=0.02)
    even = draw(shapes(edges=(0.0, 0.25, 0.5, 0.75, 1.0)))
    assert (pixels(draw(shapes(edges=edges)))[-120:] == pixels(even)[-120:]).all()


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
