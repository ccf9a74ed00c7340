"""Changed inputs as tables: one line an input, and one a chunk."""

from __future__ import annotations

from collections.abc import Sequence

from queries.core import words
from queries.core.answer import Column, Table
from queries.core.value import Cell
from queries.inputs.changes import InputChange
from queries.inputs.chunks import InputChunk
from queries.inputs.told import Told
from queries.measures.columns.comparisons import Looks
from queries.statistics.rates import wilson

_COLUMNS = (
    Column("input", "input", "text"),
    Column("verdict", "verdict", "text"),
    Column("method", "compared by", "text"),
    Column("shift", "shift", "number"),
    Column("shift_by_chance", "shift by chance, up to", "number"),
    Column("q", "p, corrected", "number"),
    Column("before", "before", "text"),
    Column("now", "now", "text"),
    Column("missing_before", "missing before", "share"),
    Column("missing", "missing now", "share"),
    Column("missing_low", "missing now, low", "share"),
    Column("missing_high", "missing now, high", "share"),
    Column("infinite", "infinite now", "share"),
    Column("new_values", "new values, in", "share"),
    Column("new_named", "new values", "text"),
    Column("vanished", "values gone", "text"),
)

_DISTANCES = (
    Column("input", "input", "text"),
    Column("method", "compared by", "text"),
    Column("jensen_shannon", "Jensen-Shannon", "number"),
    Column("hellinger", "Hellinger", "number"),
    Column("psi", "PSI", "number"),
    Column("psi_floored", "PSI, empty bins floored", "integer"),
    Column("l_infinity", "L-infinity", "number"),
    Column("chi_square", "chi-square", "number"),
    Column("df", "degrees of freedom", "integer"),
    Column("p", "p, uncorrected", "number"),
)

_CHUNKS = (
    Column("input", "input", "text"),
    Column("dataset", "data", "text"),
    Column("chunk", "chunk", "integer"),
    Column("first", "from", "time"),
    Column("last", "to", "time"),
    Column("rows", "rows", "integer"),
    Column("shift", "shift", "number"),
    Column("usual_high", "usual, up to", "number"),
    Column("unusual", "unusual", "boolean"),
    Column("statistic", "KS or chi-square", "number"),
    Column("missing", "missing", "share"),
    Column("missing_low", "missing, low", "share"),
    Column("missing_high", "missing, high", "share"),
    Column("unseen", "never seen", "share"),
    Column("mean", "average", "number"),
    Column("deviation", "standard deviation", "number"),
    Column("median", "median", "number"),
    Column("total", "sum", "number"),
)


def tables(told: Told, chunks: Sequence[InputChunk]) -> tuple[Table, ...]:
    """Every input, worst first; every chunk where the source declares chunks; every distance."""
    every = Table(
        "Inputs",
        _COLUMNS,
        tuple(_row(each) for each in told.changes),
        channel=("input", "verdict", "before", "now", "missing_before", "missing"),
    )
    apart = Table("Distances", _DISTANCES, tuple(map(_distances, told.changes)))
    if not chunks:
        return (every, apart)
    return (every, Table("By chunk", _CHUNKS, tuple(map(_chunk, chunks))), apart)


def _row(each: InputChange) -> tuple[Cell, ...]:
    missing, compared = each.missing, each.compared
    category = compared.kind == "category"
    infinite = None if category else wilson(compared.now.infinite, compared.now.rows).value
    return (
        each.name,
        _verdict(each),
        _method(each),
        compared.effect,
        compared.chance.high,
        each.q,
        _looks(compared.before),
        _looks(compared.now),
        each.missing_before.value,
        missing.value,
        missing.low,
        missing.high,
        infinite,
        each.unseen_share if category else None,
        ", ".join(value for value, _ in compared.unseen),
        ", ".join(value for value, _ in compared.vanished[:20]),
    )


def _method(each: InputChange) -> str:
    """Name the method that an input's shift is measured by, which its type decides."""
    compared = each.compared
    if compared.distances is None:
        return ""
    over = "bins" if compared.kind == "number" else "categories"
    return f"Jensen-Shannon distance, {compared.bins} {over}"


def _distances(each: InputChange) -> tuple[Cell, ...]:
    found = each.compared.distances
    if found is None:
        return (each.name, *[None] * (len(_DISTANCES) - 1))
    return (
        each.name,
        _method(each),
        found.jensen_shannon,
        found.hellinger,
        found.psi.value,
        found.psi.floored,
        found.l_infinity,
        found.chi_square.statistic,
        found.chi_square.df,
        found.chi_square.p,
    )


def _verdict(each: InputChange) -> str:
    if each.verdicts:
        return words.listed([verdict.value for verdict in each.verdicts])
    return each.why or "no change that matters"


def _looks(looks: Looks) -> str:
    if looks.share is not None and looks.commonest is not None:
        return f"{words.shortened(looks.commonest, 40)} {words.share(looks.share)}"
    return "" if looks.mean is None else f"average {words.number(looks.mean)}"


def _chunk(each: InputChunk) -> tuple[Cell, ...]:
    return (
        each.name,
        each.dataset.value,
        each.chunk,
        *each.times,
        each.rows,
        each.effect,
        each.usual.high,
        each.unusual,
        each.statistic,
        each.missing.value,
        each.missing.low,
        each.missing.high,
        each.unseen,
        each.summary.mean,
        each.summary.deviation,
        each.summary.median,
        each.summary.total,
    )
