"""Charts to draw in tests, with any field changed, and their pictures as pixels."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from PIL import Image

from queries.core.charts import (
    Band,
    Bar,
    BarChart,
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
