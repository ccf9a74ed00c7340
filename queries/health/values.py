"""What goes in and what comes out, in one pass: enough to see whether either left its usual."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from queries.core.log import Log
from queries.core.source import Scalar
from queries.core.times.spans import Span
from queries.core.value import Cell
from queries.measures.columns.declared import is_left_out, never_favourable
from queries.measures.columns.occurring import never_positive
from queries.measures.counting.expressions import Expression, count_where, finite, total
from queries.measures.counting.layout import to_read
from queries.measures.counting.quantiles import quantile_measures, read_quantiles
from queries.measures.pulse.latency_counts import QS
from queries.measures.pulse.milliseconds import milliseconds
from queries.statistics.distances import jensen_shannon
from queries.statistics.estimates import ENOUGH, LEVEL, mean
from queries.statistics.usual import Usual, usual_rate
from queries.statistics.usual_values import usual_value

NORMAL_SHIFT = 2 * math.sqrt(2 * math.log(2))
"""How many standard deviations apart two normal distributions lie for each unit of their
Jensen-Shannon distance (base 2), to second order."""


@dataclass(frozen=True, slots=True)
class Input:
    """An input that left its usual: emptied, or its mean moved."""

    name: str
    what: Literal["emptied", "moved"]
    usual: Usual


@dataclass(frozen=True, slots=True)
class Output:
    """One thing that the model says: the share of a decision or class, or the mean of a number.

    ``moved`` says that it left its usual, by at least what the source calls worth acting on.
    """

    role: Literal["decision", "prediction", "score"]
    value: Cell
    usual: Usual
    moved: bool


@dataclass(frozen=True)
class Values:
    """The latency quantiles, the inputs that left their usual, and every output."""

    latency: Mapping[float, Usual] | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]


@dataclass(frozen=True)
class _Sums:
    """One pass' rows by period, the present first; a period without rows has none."""

    rows: tuple[Mapping[str, Any], ...]

    def rate(self, hits: str, trials: str) -> Usual:
        now, *past = ((row.get(hits, 0), row.get(trials, 0)) for row in self.rows)
        return usual_rate(past, now)

    def mean(self, name: str, level: float = LEVEL) -> Usual:
        now, *past = (
            mean(row.get(f"n {name}", 0), row.get(f"sum {name}", 0), row.get(f"squares {name}", 0))
            for row in self.rows
        )
        return usual_value(past, now, level)

    def deviation(self, name: str) -> float:
        """The standard deviation over all past periods."""
        n, summed, squares = (
            sum(row.get(f"{what} {name}", 0) for row in self.rows[1:])
            for what in ("n", "sum", "squares")
        )
        return math.sqrt(max(0.0, squares / n - (summed / n) ** 2)) if n else 0.0


def vital_values(log: Log, spans: Sequence[Span], timed: Sequence[int]) -> Values:
    """Measure everything in one pass over the present and the comparable past.

    ``timed`` are the latencies of each period, counted before.
    """
    inputs = [name for name in log.source.features if log.has(name)]
    numbers = [name for name in inputs if log.kind(name) == "number"]
    shares, means = _shares(log), _means(log)
    measures: dict[str, Expression] = {"rows": sa.func.count()}
    measures |= {f"missing {name}": count_where(log.missing(name)) for name in inputs}
    for name, column in {**{name: log.column(name) for name in numbers}, **means}.items():
        measures |= _sums(name, column)
    for (role, value), condition in shares.items():
        measures[f"is {role} {value!r}"] = count_where(condition)
        measures[f"has {role}"] = sa.func.count(log.column(role))
    if any(timed):
        measures |= quantile_measures(milliseconds(log), QS, timed)
    rows = log.aggregate(measures, by={"period": log.period(spans)}, spans=to_read(spans))
    by_period = {row["period"]: row for row in rows}
    sums = _Sums(tuple(by_period.get(period, {}) for period in range(len(spans))))
    return Values(
        _latency(sums, timed) if any(timed) else None,
        tuple(_inputs(log, sums, inputs, numbers)),
        tuple(_outputs(log, sums, list(shares), list(means))),
    )


def _sums(name: str, column: Expression) -> dict[str, Expression]:
    value = finite(column)
    return {
        f"n {name}": sa.func.count(value),
        f"sum {name}": total(value),
        f"squares {name}": total(value * value),
    }


def _shares(log: Log) -> dict[tuple[Literal["decision", "prediction"], Scalar], Expression]:
    """The decision or classes whose share is looked at; none that the column can't hold."""
    source = log.source
    wanted: list[tuple[Literal["decision", "prediction"], Scalar]] = []
    good = log.has("decision") and not is_left_out(log, never_favourable(log))
    if source.favourable is not None and good:
        wanted.append(("decision", source.favourable))
    if is_left_out(log, never_positive(log)):
        pass  # the model is told as one that needs another declaration
    elif log.has("prediction") and source.task in ("binary", "multiclass"):
        classes = [source.positive] if source.task == "binary" else _classes(log)
        wanted += [("prediction", each) for each in classes]
    found = {}
    for role, value in wanted:
        try:
            found[role, value] = log.equals(role, value)
        except ValueError:
            continue  # declared as what the column can't hold: other questions say so
    return found


def _classes(log: Log) -> list[Scalar]:
    return list(log.source.classes or log.source.scores)


def _means(log: Log) -> dict[str, Expression]:
    """The numbers that the model says."""
    found = {}
    if log.has("score") and log.kind("score") == "number":
        found["score"] = log.column("score")
    regression = log.source.task == "regression" and log.has("prediction")
    if regression and log.kind("prediction") == "number":
        found["prediction"] = log.column("prediction")
    return found


def _latency(sums: _Sums, timed: Sequence[int]) -> Mapping[float, Usual]:
    now, *past = (
        read_quantiles(row, QS, n, "milliseconds") for row, n in zip(sums.rows, timed, strict=True)
    )
    return {q: usual_value([each[q] for each in past], now[q]) for q in QS}


def _inputs(
    log: Log, sums: _Sums, inputs: Sequence[str], numbers: Sequence[str]
) -> Iterator[Input]:
    """The inputs that emptied, most first, and the numbers whose mean moved."""
    # Corrected for the number of inputs: of twenty, one leaves a band of 95 % each time.
    matters, level = log.source.matters, 1 - (1 - LEVEL) / max(1, len(inputs))
    emptied = []
    for name in inputs:
        usual = sums.rate(f"missing {name}", "rows")
        gained = (usual.now.value or 0.0) - (usual.usual.value or 0.0)
        if usual.unusual and usual.higher and gained >= matters.missing:
            emptied.append((gained, Input(name, "emptied", usual)))
    yield from (each for _, each in sorted(emptied, key=lambda each: -each[0]))
    for name in numbers:
        usual = sums.mean(name, level)
        if usual.unusual and _shift(usual, sums.deviation(name)) >= matters.drift:
            yield Input(name, "moved", usual)


def _shift(usual: Usual, deviation: float) -> float:
    """How far a mean moved, as the distance that a normal distribution would have moved by."""
    moved = abs((usual.now.value or 0.0) - (usual.usual.value or 0.0))
    if usual.now.n < ENOUGH or not moved:
        return 0.0
    # A constant that moves has nothing in common with what it was.
    return moved / deviation / NORMAL_SHIFT if deviation else 1.0


def _outputs(
    log: Log,
    sums: _Sums,
    shares: Sequence[tuple[Literal["decision", "prediction"], Scalar]],
    means: Sequence[str],
) -> Iterator[Output]:
    drift = log.source.matters.drift
    found = []
    for role, value in shares:
        usual = sums.rate(f"is {role} {value!r}", f"has {role}")
        now, before = usual.now.value or 0.0, usual.usual.value or 0.0
        far = jensen_shannon([before, 1 - before], [now, 1 - now]) or 0.0
        found.append(Output(role, value, usual, bool(usual.unusual) and far >= drift))
    # Of several classes the commonest stands for all, unless another one moved.
    yield from sorted(
        found, key=lambda each: (each.role, not each.moved, -(each.usual.now.value or 0.0))
    )
    for name in means:
        usual = sums.mean(name)
        moved = bool(usual.unusual) and _shift(usual, sums.deviation(name)) >= drift
        yield Output("score" if name == "score" else "prediction", None, usual, moved)
