"""What was predicted against what happened, as tables: in all and by chunk."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core.answer import Column, Table
from queries.core.value import Cell
from queries.measures.performance.report import Report
from queries.statistics.classification import Confusion
from queries.statistics.rates import wilson

MOST_CLASSES = 20
"""With more classes no table of them would be read; the commonest cells are given instead."""
MOST_CELLS = 400

_SHOWN = ("happened", "predicted", "n", "share")
_CELLS = (
    Column("happened", "happened", "text"),
    Column("predicted", "predicted", "text"),
    Column("n", "outcomes", "integer"),
    Column("share", "of all", "share"),
    Column("share_low", "of all, low", "share"),
    Column("share_high", "of all, high", "share"),
)


def confusion_tables(report: Report) -> tuple[Table, ...]:
    """Give the confusion matrix cell by cell; nothing for a model of numbers."""
    found = []
    if report.confusion is not None and report.confusion.n:
        rows = tuple(_cells(report.confusion))
        found.append(Table("Confusion matrix", _CELLS, rows, channel=_SHOWN))
    by_chunk = tuple(_by_chunk(report))
    if by_chunk:
        columns = (Column("dataset", "data", "text"), Column("chunk", "chunk", "integer"), *_CELLS)
        shown = ("dataset", "chunk", *_SHOWN)
        found.append(Table("Confusion matrix by chunk", columns, by_chunk, channel=shown))
    return tuple(found)


def _by_chunk(report: Report) -> Iterator[tuple[Cell, ...]]:
    for each in report.chunks:
        if each.confusion is not None and len(each.confusion.classes) <= MOST_CLASSES:
            for cell in _cells(each.confusion):
                yield (each.dataset.value, each.chunk, *cell)


def _cells(confusion: Confusion) -> Iterator[tuple[Cell, ...]]:
    """Every cell, or where there are too many classes the commonest ones."""
    classes = confusion.classes
    cells = [(happened, predicted) for happened in classes for predicted in classes]
    if len(classes) > MOST_CLASSES:
        cells = sorted(cells, key=lambda cell: -confusion.counts.get(cell, 0))[:MOST_CELLS]
    for happened, predicted in cells:
        count = confusion.counts.get((happened, predicted), 0)
        share = wilson(count, confusion.n)
        yield (happened, predicted, count, share.value, share.low, share.high)
