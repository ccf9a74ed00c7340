"""Has a category changed: its shares, those never seen before, those gone, those missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from queries.core.log import Log
from queries.measures.columns.categories import (
    MOST_KNOWN,
    Known,
    category_counts,
    ranked_categories,
)
from queries.measures.counting.batches import MOST_TEXTS, each_in_batches
from queries.measures.counting.expressions import Expression, Key, Sample, class_name
from queries.statistics.distances import (
    ChiSquare,
    Stability,
    contingency,
    jensen_shannon,
    l_infinity,
    psi,
)
from queries.statistics.drift import Turnover, turnover

MOST_NEW = 20
"""Categories never seen before that are named, commonest first."""


@dataclass(frozen=True, slots=True)
class CategoryDrift:
    """A column's categories against the reference's; distances None where one side has none.

    ``counts`` holds the reference's categories; ``turnover`` says which are new or gone, with at
    most ``MOST_NEW`` named, while its ``unseen_rows`` counts them all (``unseen_categories`` of
    them). ``compared`` are the counts, before and now, that the distances are of: each known
    category, the rarer ones as one, the new ones as one.
    """

    rows: int
    missing: int
    counts: Mapping[str, int]
    compared: tuple[tuple[int, ...], tuple[int, ...]]
    turnover: Turnover
    unseen_categories: int
    chi_square: ChiSquare
    jensen_shannon: float | None
    l_infinity: float | None
    psi: Stability

    @property
    def n(self) -> int:
        """How many rows have a category."""
        return self.rows - self.missing


def category_drift(
    log: Log,
    name: str,
    known: Known,
    reference: Sample,
    current: Sample,
    by: Mapping[str, Expression] | None = None,
) -> dict[Key, CategoryDrift]:
    """Measure how far a column's categories lie from the reference's, by group.

    Unseen means: in no row of the whole reference, also beyond the categories told apart.
    Chi-square of the 2 × k table, L-infinity and Jensen-Shannon on shares of the rows that have a
    category (as NannyML).
    """
    return drift_of_each(log, {name: known}, reference, current, by)[name]


def drift_of_each(
    log: Log,
    known: Mapping[str, Known],
    reference: Sample,
    current: Sample,
    by: Mapping[str, Expression] | None = None,
) -> dict[str, dict[Key, CategoryDrift]]:
    """Measure ``category_drift`` of several columns, some in one statement.

    Uses relations: the engine joins the two lists of categories.
    """
    if not known:
        return {}
    labelled = {f"g{i}": each for i, each in enumerate((by or {}).values())}

    def drifts(some: Sequence[str]) -> dict[str, dict[Key, CategoryDrift]]:
        return _drifts(log, {name: known[name] for name in some}, reference, current, labelled)

    return each_in_batches([*known], drifts, MOST_TEXTS)


def _drifts(
    log: Log,
    known: Mapping[str, Known],
    reference: Sample,
    current: Sample,
    labelled: Mapping[str, Expression],
) -> dict[str, dict[Key, CategoryDrift]]:
    groups: dict[str, dict[Key, list[Mapping[str, Any]]]] = {name: {} for name in known}
    for row in log.run(_against(log, list(known), reference, current, labelled)):
        into = groups[list(known)[row["which"]]]
        into.setdefault(tuple(row[label] for label in labelled), []).append(row)
    return {
        name: {key: _drift(known[name], rows) for key, rows in found.items()}
        for name, found in groups.items()
    }


def _against(
    log: Log,
    names: Sequence[str],
    reference: Sample,
    current: Sample,
    by: Mapping[str, Expression],
) -> sa.Select[tuple[object, ...]]:
    """Count current rows by group, column, fate (known, rarer, unseen, missing) and category."""
    seen, before = (
        category_counts(log, names, current, by),
        ranked_categories(log, names, reference),
    )
    fate = sa.case(
        (seen.c.value.is_(None), "missing"),
        (before.c.rank.is_(None), "unseen"),
        (before.c.rank <= MOST_KNOWN, "known"),
        else_="rarer",
    )
    keys = [seen.c[key] for key in (*by, "which")]
    # Ties by name, so that the same categories are named each time and on either engine.
    place = sa.func.row_number().over(
        partition_by=[*keys, fate], order_by=(seen.c.n.desc(), seen.c.value)
    )
    same = sa.and_(seen.c.which == before.c.which, seen.c.value == before.c.value)
    judged = (
        sa.select(*keys, seen.c.value, seen.c.n, fate.label("fate"), place.label("place"))
        .select_from(seen.outerjoin(before, same))
        .subquery()
    )
    named = sa.or_(
        judged.c.fate == "known", sa.and_(judged.c.fate == "unseen", judged.c.place <= MOST_NEW)
    )
    keys = [judged.c[key] for key in (*by, "which")]
    value = sa.case((named, judged.c.value)).label("value")
    told = sa.select(*keys, judged.c.fate, value, judged.c.n).subquery()
    keys = [told.c[key] for key in (*by, "which")]
    return sa.select(
        *keys,
        told.c.fate,
        told.c.value,
        sa.func.sum(told.c.n).label("n"),
        sa.func.count().label("categories"),
    ).group_by(*keys, told.c.fate, told.c.value)


def _drift(known: Known, rows: Sequence[Mapping[str, Any]]) -> CategoryDrift:
    total = dict.fromkeys(("known", "rarer", "unseen", "missing"), 0)
    kinds = dict(total)
    named: dict[str, dict[str, int]] = {"known": {}, "unseen": {}}
    for row in rows:
        fate, n = str(row["fate"]), int(row["n"])
        total[fate] += n
        kinds[fate] += int(row["categories"])
        if row["value"] is not None:
            named[fate][class_name(row["value"])] = n
    counts = {value: named["known"].get(value, 0) for value in known.counts}
    # The last place is the new ones: none before, by definition.
    before = (*known.counts.values(), known.rarer, 0)
    after = (*counts.values(), total["rarer"], total["unseen"])
    changed = turnover(known.counts, named["known"] | named["unseen"])
    present = sum(total.values()) - total["missing"]
    return CategoryDrift(
        rows=sum(total.values()),
        missing=total["missing"],
        counts=counts,
        compared=(before, after),
        turnover=Turnover(changed.unseen, changed.vanished, total["unseen"], present),
        unseen_categories=kinds["unseen"],
        chi_square=contingency(before, after),
        jensen_shannon=jensen_shannon(before, after),
        l_infinity=l_infinity(before, after),
        psi=psi(before, after),
    )
