"""Whether a column is held otherwise than before: as text where it held numbers, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from queries.core.catalog import ColumnKind
from queries.core.doors.rows import Dataset, Stored
from queries.core.log import Log
from queries.core.times.spans import Span
from queries.measures.counting.batches import each_in_batches
from queries.measures.counting.expressions import Sample, count_where
from queries.measures.past.before import Before

Count = tuple[int, int]
"""Hits and rows."""


@dataclass(frozen=True, slots=True)
class Held:
    """How the files or tables of a log hold a column, now and before.

    ``now`` is what it holds where that is none of what it held before, ``was`` what it mostly
    held; ``absent`` says that it isn't there at all. Of these speak ``rows`` and ``since``, which
    is None where it has always been so. ``odd`` counts values that can't be read as what the
    column is taken for, with all rows of the time asked, ``odd_before`` the same before.
    """

    was: ColumnKind | None = None
    now: ColumnKind | None = None
    absent: bool = False
    rows: int = 0
    since: datetime | None = None
    odd: Count = (0, 0)
    odd_before: Count = (0, 0)

    @property
    def changed(self) -> bool:
        """Say whether it holds another type, or is there no more."""
        return self.absent or self.now is not None


def held(log: Log, name: str, before: Before, now: Sample, odd: Count, odd_before: Count) -> Held:
    """Compare how a column is held now with how it was before, by what is known of the files."""
    parts, spans = log.stored(name), now.spans
    current = [one for one in parts if spans is None or _overlaps(one, spans)]
    past = (
        log.stored(name, Dataset.REFERENCE)
        if before.is_reference
        else [one for one in parts if _overlaps(one, before.periods)]
    )
    counted = Held(odd=odd, odd_before=odd_before)
    kinds = {one.kind for one in past if one.kind}
    different = [one for one in current if _differs(one, kinds)]
    if not kinds or not different:
        return counted
    most = max(different, key=lambda one: one.rows)
    return Held(
        # Sorted, so that of two held alike the same one is named each time.
        was=max(sorted(kinds), key=lambda kind: sum(one.rows for one in past if one.kind == kind)),
        now=most.kind,
        absent=not most.there,
        rows=sum(one.rows for one in different),
        since=_since(parts, kinds, current[-1]),
        odd=odd,
        odd_before=odd_before,
    )


def unread(log: Log, names: Sequence[str], sample: Sample) -> dict[str, Count]:
    """Count the values of columns that can't be read, some columns in a pass over the rows."""
    return each_in_batches(names, lambda some: _unread(log, some, sample))


def _unread(log: Log, names: Sequence[str], sample: Sample) -> dict[str, Count]:
    odd = {f"odd{i}": log.unread(name, sample.dataset) for i, name in enumerate(names)}
    (row,) = log.aggregate(
        {"rows": sa.func.count(), **{name: count_where(each) for name, each in odd.items()}},
        spans=sample.spans,
        where=sample.where,
        dataset=sample.dataset,
    )
    return {name: (int(row[f"odd{i}"]), int(row["rows"])) for i, name in enumerate(names)}


def _differs(one: Stored, kinds: set[ColumnKind]) -> bool:
    return not one.there or (one.kind is not None and one.kind not in kinds)


def _since(parts: Sequence[Stored], kinds: set[ColumnKind], last: Stored) -> datetime | None:
    """Walk back from the latest part to the first that is already different."""
    since = None
    for one in reversed(parts[: parts.index(last) + 1]):
        if not _differs(one, kinds):
            return since
        since = one.span.start if one.span else None
    return None


def _overlaps(one: Stored, spans: Sequence[Span]) -> bool:
    held = one.span
    return held is None or any(held.start < span.end and span.start < held.end for span in spans)
