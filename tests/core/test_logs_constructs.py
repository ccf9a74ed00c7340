"""The SQL constructs give what numpy and the calendar give, on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queries.core.doors.constructs import Bin, BinEdges, Bucket, Missing, Quantile, Quantiles, Rate
from queries.core.times.index import day_index, span_index
from queries.core.times.spans import Span, merged, naive
from queries.sources.files.embedded import engine_over, locked_root
from tests.conftest_postgres import postgres_url

__all__ = ["postgres_url"]

Ask = Callable[..., list[Any]]
FEW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def engines(postgres_url: str) -> Iterator[list[sa.Engine]]:
    """Give an empty DuckDB and a PostgreSQL."""
    root = locked_root({"threads": 1}, [])
    found = [engine_over(root, 1), sa.create_engine(postgres_url)]
    yield found
    for engine in found:
        engine.dispose()
    root.close()


@pytest.fixture
def both(engines: list[sa.Engine]) -> Ask:
    """Compute an expression over a list of values on both engines; they must agree."""

    def ask(make: Callable[[Any], Any], values: list[Any], type_: Any = sa.Double) -> list[Any]:
        rows = sa.values(sa.column("i", sa.Integer), sa.column("x", type_), name="v")
        table = rows.data(list(enumerate(values)))
        x = sa.type_coerce(sa.cast(table.c.x, type_), type_)
        made = make(x)
        select = sa.select(made).select_from(table)
        if not isinstance(made, Quantile | Quantiles | Rate):
            select = select.order_by(table.c.i)
        found = []
        for engine in engines:
            with engine.connect() as connection:
                found.append([row[0] for row in connection.execute(select)])
        for mine, theirs in zip(*found, strict=True):
            close = pytest.approx(theirs, rel=1e-12) if isinstance(theirs, float) else theirs
            assert mine == close
        return found[0]

    return ask


NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60)


@FEW
@given(NUMBERS, st.floats(0, 1))
def test_quantiles_are_exact(both: Ask, values: list[float], q: float) -> None:
    """A quantile is numpy's, interpolated between neighbours."""
    expected = float(np.quantile(values, q))
    assert both(lambda x: Quantile(x, q), values)[0] == pytest.approx(expected, abs=1e-6)


@FEW
@given(NUMBERS, st.floats(-100, 100), st.floats(0.1, 1000), st.integers(1, 30))
def test_bins_are_clamped(
    both: Ask, values: list[float], low: float, width: float, bins: int
) -> None:
    """A number lies in the bin of its distance from the lowest edge; outliers in the end bins."""
    expected = [int(np.clip(np.floor((value - low) / width), 0, bins - 1)) for value in values]
    assert both(lambda x: Bin(x, low, width, bins), values) == expected


@FEW
@given(NUMBERS, st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=25, unique=True))
def test_edges_are_numpys(both: Ask, values: list[float], edges: list[float]) -> None:
    """The index among edges is numpy.digitize's, on an edge too."""
    values = [*values, *edges[:3]]
    expected = np.digitize(values, sorted(edges)).tolist()
    assert both(lambda x: BinEdges(x, sorted(edges)), values) == expected


def test_missing_numbers_have_no_bin(both: Ask) -> None:
    """NULL and NaN have no bin; the infinities lie in the end bins."""
    values = [None, float("nan"), float("inf"), float("-inf"), 5.0]
    assert both(lambda x: Bin(x, 0.0, 2.0, 5), values) == [None, None, 4, 0, 2]
    assert both(lambda x: BinEdges(x, [1.0, 2.0]), values) == [None, None, 2, 0, 2]


def test_missing_is_null_nan_or_nothing(both: Ask) -> None:
    """Missing is NULL, NaN for numbers, and a text with nothing in it."""
    assert both(Missing, [None, float("nan"), 0.0]) == [True, True, False]
    assert both(Missing, [None, "", " ", "a"], sa.String) == [True, True, False, False]


def test_a_rate_is_of_the_known(both: Ask) -> None:
    """Rows of which the condition is not known count neither way; of none there is no rate."""
    assert both(lambda x: Rate(x > 1), [0.0, 2.0, 3.0, None]) == pytest.approx([2 / 3])
    assert both(lambda x: Rate(x > 1), [None]) == [None]


def test_several_quantiles_are_one_list(both: Ask) -> None:
    """Quantiles of one expression come as a list in the order asked for."""
    values = [float(i) for i in range(11)]
    assert both(lambda x: Quantiles(x, [0.5, 0.05, 1.0]), values) == [[5.0, 0.5, 10.0]]


MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1))  # noqa: DTZ001 - naive UTC


@FEW
@given(st.lists(MOMENTS, min_size=1, max_size=30), MOMENTS, st.integers(1, 10_000_000))
def test_buckets_count_from_their_origin(
    both: Ask, moments: list[datetime], origin: datetime, seconds: int
) -> None:
    """A bucket's index is the floor of the time since the origin, before it too."""
    expected = [(moment - origin) // timedelta(seconds=seconds) for moment in moments]
    assert both(lambda x: Bucket(x, origin, seconds), moments, sa.DateTime) == expected


ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC")


@FEW
@given(
    st.sampled_from(ZONES),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(0, 400),
    st.data(),
)
def test_days_are_the_zones(
    both: Ask, zone: str, first: date, days: int, data: st.DataObject
) -> None:
    """A time's day is the date that the zone's clock shows, whatever that clock does."""
    place, last = ZoneInfo(zone), first + timedelta(days=days)
    start = datetime.combine(first, time(), UTC) - timedelta(days=2)
    minutes = data.draw(st.lists(st.integers(0, (days + 4) * 1440), min_size=1, max_size=20))
    moments = [start + timedelta(minutes=minute) for minute in minutes]
    shown = [(moment.astimezone(place).date() - first).days for moment in moments]
    expected = [day if 0 <= day <= days else None for day in shown]
    naive_moments = [naive(moment) for moment in moments]
    found = both(lambda x: day_index(x, first, last, place), naive_moments, sa.DateTime)
    assert found == expected


def test_periods_are_half_open(both: Ask) -> None:
    """A time on a border belongs to the span that it begins; outside all spans it has none."""
    hours = [datetime(2026, 1, 1, hour, tzinfo=UTC) for hour in range(6)]
    spans = [Span(hours[1], hours[2]), Span(hours[2], hours[4])]
    found = both(lambda x: span_index(x, spans), [naive(hour) for hour in hours], sa.DateTime)
    assert found == [None, 0, 1, 1, None, None]
    assert both(lambda x: span_index(x, []), [naive(hours[0])], sa.DateTime) == [None]


def test_merged_spans_have_no_overlap() -> None:
    """Spans that touch or overlap become one; empty ones go."""
    hours = [datetime(2026, 1, 1, hour, tzinfo=UTC) for hour in range(9)]
    spans = [Span(hours[5], hours[6]), Span(hours[0], hours[2]), Span(hours[1], hours[3]),
             Span(hours[3], hours[4]), Span(hours[8], hours[8])]  # fmt: skip
    assert merged(spans) == [Span(hours[0], hours[4]), Span(hours[5], hours[6])]


@pytest.mark.parametrize(
    ("make", "arguments"),
    [
        (Quantile, [(0.1,), (0.9,)]),
        (Quantiles, [([0.1, 0.2],), ([0.5, 0.6],), ([0.1, 0.2, 0.3],)]),
        (Bin, [(0.0, 1.0, 5), (0.0, 2.0, 5), (1.0, 2.0, 5), (1.0, 2.0, 3)]),
        (BinEdges, [([1.0],), ([2.0],), ([1.0, 2.0],)]),
    ],
)
def test_the_compile_cache_keeps_constructs_apart(
    make: Callable[..., Any], arguments: list[tuple[Any, ...]], engines: list[sa.Engine]
) -> None:
    """The same select with other parameters is another statement, though compiled once."""
    rows = [(float(i),) for i in range(10)]
    numbers = sa.values(sa.column("x", sa.Double), name="v").data(rows)
    for engine in engines:
        found = []
        with engine.connect() as connection:
            for given_ in arguments:
                select = sa.select(make(numbers.c.x, *given_)).select_from(numbers)
                found.append(str(connection.execute(select).fetchall()))
        assert len(set(found)) == len(arguments)
