"""What a model puts out: decisions, predictions, scores, metrics, as numbers to be averaged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from queries.core.errors import NotAnswerable
from queries.core.log import Log
from queries.core.source import Matters, Scalar
from queries.core.value import ColumnType
from queries.measures.columns.declared import is_left_out, never_favourable
from queries.measures.columns.occurring import never_positive
from queries.measures.counting.expressions import Condition, Sample, class_name, finite
from queries.measures.predictions.scores import predicted_positive

CLASSES = 20
"""Classes that are told apart, the commonest first."""

ROLES = ("decision", "prediction", "score")
"""What models say; a metric is an output where they say nothing else."""


@dataclass(frozen=True, eq=False)
class Output:
    """One thing that a model says of a request.

    ``name`` is the role or metric; ``value`` is the class or decision whose share is looked at,
    None for a number. ``expression`` is 1 or 0, or the number, and NULL where it isn't known.
    """

    name: str
    value: str | None
    expression: sa.ColumnElement[Any]

    @property
    def kind(self) -> str:
        """The role, or “metric”: what outputs are judged together with."""
        return self.name if self.name in ROLES else "metric"

    @property
    def unit(self) -> ColumnType:
        """A share of requests, or a number of its own unit."""
        return "number" if self.value is None else "share"

    def least(self, matters: Matters, before: float) -> float:
        """Give the smallest change worth acting on, in the output's own unit."""
        return matters.output * abs(before) if self.value is None else matters.decision_rate


def outputs(log: Log, samples: Sequence[Sample]) -> tuple[Output, ...]:
    """Find what a model puts out, what is acted on first.

    ``samples`` are the rows in which classes are looked for that aren't declared. Raises
    NotAnswerable where the log has none, naming the roles.
    """
    found = [*_decisions(log, samples), *_predictions(log, samples)]
    if log.has("score"):
        found.append(_number(log, "score"))
    if log.source.task == "none" or not found:
        found += [_number(log, name) for name in log.source.metrics if log.has(name)]
    if not found:
        raise NotAnswerable(
            f"{log.source.title} logs nothing that the model says. Declare its `prediction`, "
            f"`score`, `decision` or `metrics` under [sources.{log.source.name}.roles]."
        )
    return tuple(found)


def _decisions(log: Log, samples: Sequence[Sample]) -> Iterator[Output]:
    if not log.has("decision"):
        return
    favourable = log.source.favourable
    if favourable is not None and not is_left_out(log, never_favourable(log)):
        yield _share(log, "decision", favourable)
        return
    yield from _shares(log, "decision", _values(log, "decision", samples))


def _predictions(log: Log, samples: Sequence[Sample]) -> Iterator[Output]:
    source = log.source
    if source.task == "binary" and (
        log.has("prediction") or (log.has("score") and log.has("threshold"))
    ):
        if not is_left_out(log, never_positive(log)):
            yield _known(predicted_positive(log), "prediction", class_name(source.positive))
        elif log.has("prediction"):
            yield from _shares(log, "prediction", _values(log, "prediction", samples))
    elif not log.has("prediction") or source.task == "binary":
        return
    elif source.task == "regression" or (
        source.task == "none" and log.kind("prediction") == "number"
    ):
        yield _number(log, "prediction")
    else:
        classes = source.classes or tuple(source.scores)
        yield from _shares(log, "prediction", _values(log, "prediction", samples, classes))


def _shares(log: Log, name: str, values: Sequence[Scalar]) -> Iterator[Output]:
    """Give a share for each of some values; of two, the second says nothing more."""
    for value in values[:1] if len(values) == 2 else values[:CLASSES]:
        yield _share(log, name, value)


def _share(log: Log, name: str, value: Scalar) -> Output:
    try:
        condition = log.equals(name, value)
    except ValueError:
        raise NotAnswerable(
            f"{log.source.title} declares “{value}” as one of its {name}s, but that column holds "
            f"numbers. Correct it under [sources.{log.source.name}]."
        ) from None
    there = sa.case((sa.not_(log.missing(name)), condition))
    return _known(there, name, class_name(value))


def _known(condition: Condition, name: str, value: str) -> Output:
    """Count a condition as 1 or 0 where it is known."""
    counted = sa.case((condition, 1.0), (sa.not_(condition), 0.0))
    return Output(name, value, sa.cast(counted, sa.Double))


def _number(log: Log, name: str) -> Output:
    return Output(name, None, finite(log.column(name)))


def _values(
    log: Log, name: str, samples: Sequence[Sample], declared: Sequence[Scalar] = ()
) -> list[Scalar]:
    """Find the commonest values on either side, the declared ones before others."""
    counts: dict[str, int] = dict.fromkeys(map(class_name, declared), 0)
    for sample in samples:
        if not log.has(name, sample.dataset):
            continue
        rows = log.relation(
            {"value": log.column(name)},
            spans=sample.spans,
            where=(*sample.where, sa.not_(log.missing(name))),
            dataset=sample.dataset,
        )
        n = sa.func.count().label("n")
        listed = sa.select(rows.c.value, n).group_by(rows.c.value)
        for row in log.run(listed.order_by(n.desc(), rows.c.value).limit(CLASSES)):
            value = class_name(row["value"])
            counts[value] = counts.get(value, 0) + int(row["n"])
    # Declared ones also where none occurs: a class that the model stopped giving is a change.
    first = list(map(class_name, declared))
    others = sorted(counts.keys() - set(first), key=lambda value: (-counts[value], value))
    return [*first, *others]
