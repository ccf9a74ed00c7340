"""A small catalog that is written down, and strategies for arbitrary ones and for questions."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from queries.core.catalog import Catalog, ColumnKind, SourceCard
from queries.core.filters import Filter, Op
from queries.core.kinds.attributes import Attributes, CutOff, Day, Value
from queries.core.kinds.experiment_names import ExperimentName, MetricName
from queries.core.kinds.kind import Kind, Scope
from queries.core.kinds.ordering import NAMED, InOrder, Order
from queries.core.kinds.pair import Pair
from queries.core.kinds.pairs import Pairs
from queries.core.params import (
    Conditions,
    Dimension,
    Duration,
    Id,
    Model,
    Models,
    OneOf,
    Time,
    Whole,
)
from queries.core.question import Question, Raw, bind, names, parameters, question

BERLIN = ZoneInfo("Europe/Berlin")
ROLES = frozenset({"time", "failed", "status", "outcome", "latency_ms", "variant"})


def card(
    name: str,
    columns: Mapping[str, ColumnKind],
    dimensions: Mapping[str, tuple[str, ...]],
    *,
    undated: bool = False,
) -> SourceCard:
    """A source that has what every question needs."""
    return SourceCard(
        name=name,
        title=name.title(),
        task="binary",
        simulated=False,
        undated=undated,
        roles=ROLES,
        columns=columns,
        dimensions=dimensions,
        protected=tuple(dimensions)[:2],
        experiments=EXPERIMENTS,
    )


EXPERIMENTS: Mapping[str, tuple[str, ...]] = {
    "prices": ("bought", "spent"),
    "by": ("bought", "metric"),
    "yesterday": ("yesterday",),
}
COLUMNS: Mapping[str, ColumnKind] = {
    "time": "time",
    "region": "text",
    "version": "text",
    "status": "number",
    "failed": "boolean",
    "by": "text",
    "note": "text",
}
REGIONS = ("emea", "amer", "apac")
CATALOG = Catalog(
    {
        "lending": card("lending", COLUMNS, {"region": REGIONS, "version": ("2.2", "2.3")}),
        "employment": card("employment", {"status": "number"}, {"sex": ("f", "m")}),
        "order": card("order", {"status": "number"}, {"limit": ("a", "b")}),
        "ages": card("ages", {"status": "number"}, {"region": ("north",)}, undated=True),
    }
)

PHRASES = (
    "last 24 hours",
    "today",
    "yesterday 9-11am",
    "since monday",
    "last week",
    "q3 2026",
    "2026-11-01..2026-11-05",
    "2026-11-23T08:50Z..2026-11-23T09:20Z",
    "all",
)
# Words of the grammar itself, quotes of every kind, and letters whose case is not one to one.
_ODD = (
    "by", "By", "where", "and", "in", "is", "not", "only me", "missing", "today", "last 24 hours",
    "model", "window", "limit", "order", "errors", "a b", 'say "hi"', "“curly”", "it's", "'single'",
    "‘typed’", "a,b", "a=b", "!=", "dim:by", "back\\slash", '\\"', "日本", "İstanbul", "ß",
    "\u00a0", "tab\tted", "two  spaces", "line\nbreak", "!", "2.3", "Q3 2026", "yes",
)  # fmt: skip
_ANY = st.sampled_from(_ODD) | st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), max_size=12
)
NAMES = _ANY.filter(lambda name: bool(name.strip()))
_KINDS: tuple[ColumnKind, ...] = ("text", "number", "boolean", "time")
_VALUES: Mapping[ColumnKind, st.SearchStrategy[str]] = {
    "text": _ANY,
    "number": st.integers().map(str) | st.floats(allow_nan=False).map(str),
    "boolean": st.sampled_from(("yes", "no", "True", "0")),
    "time": st.datetimes().map(str) | st.dates().map(str),
}
FINITE = st.floats(allow_nan=False, allow_infinity=False)
_MANY: tuple[Op, ...] = ("=", "!=", "in", "not in")
_ONE: tuple[Op, ...] = ("<", "<=", ">", ">=")


@st.composite
def cards(draw: st.DrawFn, name: str) -> SourceCard:
    """A source with arbitrary names of columns and dimensions, and arbitrary values seen."""
    columns = draw(st.dictionaries(NAMES, st.sampled_from(_KINDS), min_size=1, max_size=4))
    splits = st.sampled_from(sorted(columns)) | NAMES
    values = st.lists(_ANY, max_size=4, unique=True).map(tuple)
    dimensions = draw(st.dictionaries(splits, values, max_size=3))
    return card(name, columns, dimensions, undated=draw(st.booleans()))


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    """One to three sources with arbitrary names."""
    found = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    return Catalog({name: draw(cards(name)) for name in found})


@st.composite
def filters(draw: st.DrawFn, columns: Mapping[str, ColumnKind]) -> Filter:
    """A condition that fits one of the columns."""
    column = draw(st.sampled_from(sorted(columns)))
    value = _VALUES[columns[column]]
    compared = columns[column] in ("number", "time")
    text: tuple[Op, ...] = ("contains",) if columns[column] == "text" else ()
    ones = _ONE if compared else ()
    op = draw(st.sampled_from((*_MANY, "is missing", "is present", *ones, *text)))
    if op in ("is missing", "is present"):
        return Filter(column, op)
    most = 3 if op in ("in", "not in", "contains") else 1
    return Filter(column, op, tuple(draw(st.lists(value, min_size=1, max_size=most))))


@st.composite
def raw_values(draw: st.DrawFn, kind: Kind[object], known: SourceCard) -> tuple[str, ...]:
    """Raw values that one sort of parameter takes; none leaves it out."""
    match kind:
        case Time() | Day():
            return draw(st.sampled_from(("", *PHRASES)).map(_alone))
        case Attributes() | Dimension() | ExperimentName() | MetricName() | OneOf():
            options = kind.options(Scope(Catalog({known.name: known}), BERLIN, known))
            values = ("", *(option.value for option in options))
            return draw(st.sampled_from(values).map(_alone))
        case InOrder():
            return draw(
                (st.sampled_from(("", *NAMED)) | orders(known.columns).map(str)).map(_alone)
            )
        case Whole() | CutOff():
            number = st.integers(kind.least, kind.most) if isinstance(kind, Whole) else FINITE
            return (str(draw(number)),)
        case Id() | Value():
            return (draw(NAMES.filter(lambda name: bool(name.strip(" \t\r\n`")))),)
        case Models() | Pairs():
            named = st.sampled_from(((), (known.name,)))
            return draw(pairs(known, kind.only) if isinstance(kind, Pairs) else named)
        case Duration():
            return draw(st.just(()) | st.integers(1, kind.most).map(lambda ms: (str(ms),)))
        case Conditions():
            conditions = st.lists(filters(known.columns), max_size=3)
            return tuple(map(str, draw(conditions)))
    raise NotImplementedError(f"say which values {type(kind).__name__} takes")


@st.composite
def pairs(draw: st.DrawFn, known: SourceCard, only: str) -> tuple[str, ...]:
    """Two values of a dimension that may be filtered by, seen or not; nothing where there is none.

    Values are the same whatever their case.
    """
    names = [name for name in known.dimensions if name in known.columns and only in ("", name)]
    if not names:
        return ()
    name = draw(st.sampled_from(names))
    seen = st.sampled_from(known.dimensions[name] or ("2.3",))
    first, second = draw(st.tuples(seen | _ANY, seen | _ANY))
    # A pair of one value is refused, which other tests hold.
    distinct = first.lower() != second.lower()
    return (str(Pair(name, first, second)),) if distinct and draw(st.booleans()) else ()


def orders(columns: Mapping[str, ColumnKind]) -> st.SearchStrategy[Order]:
    """An order by one of the columns."""
    return st.builds(Order, st.sampled_from(sorted(columns)), st.booleans())


def _alone(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


@st.composite
def asked(draw: st.DrawFn) -> tuple[Question, Catalog]:
    """Any declared question, bound to an arbitrary catalog."""
    catalog = draw(catalogs())
    known = draw(st.sampled_from(list(catalog.sources.values())))
    wanted = question(draw(st.sampled_from(names())))
    raw: dict[str, tuple[str, ...]] = {}
    for parameter in parameters(wanted):
        is_model = isinstance(parameter.kind, Model)
        raw[parameter.name] = (known.name,) if is_model else draw(raw_values(parameter.kind, known))
    return bind(wanted, _given(raw), catalog, BERLIN), catalog


def _given(raw: Raw) -> Raw:
    return {name: values for name, values in raw.items() if values}
