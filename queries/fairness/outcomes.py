"""What came of it by group, of days whose outcomes are in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from queries.core.crowds.refusals import TooFew
from queries.core.crowds.suppression import Entry
from queries.core.filters import Filter
from queries.core.log import Log
from queries.core.times.reading import Reading
from queries.fairness.favourable import Favourable
from queries.fairness.groups import is_shown, shown_groups
from queries.fairness.metrics import (
    MEANINGS,
    OF_OUTCOMES,
    Between,
    Counts,
    Measured,
    between,
    measured,
    outcome_counts,
)
from queries.measures.counting.expressions import Expression, Key, Sample
from queries.measures.outcomes.delays import judged_days


@dataclass(frozen=True)
class OutcomesBy:
    """What came of it by group, of complete days; ``same_answer`` says that all were given one.

    ``outcomes`` is how many there are of these days; None where the log has no times.
    """

    outcomes: int | None
    counts: Mapping[Key, Counts]
    metrics: tuple[Measured, ...]
    between: tuple[Between, ...]
    same_answer: bool
    withheld: int


def outcomes_by(
    log: Log,
    reading: Reading,
    where: Sequence[Filter],
    counted: Favourable,
    columns: Mapping[str, Expression],
    kept_back: frozenset[Entry],
    reference: Key | None,
) -> OutcomesBy | None:
    """Measure what came of it, where the log knows it; None where it doesn't."""
    if log.source.task != "binary" or not log.has("outcome") or counted.positive is None:
        return None
    asked = Sample(where=tuple(log.matches(where)))
    days = judged_days(log, reading, asked)
    rows = asked if days is None else Sample(spans=days.mature, where=asked.where)
    restricted = bool(log.source.decided) and log.has("decision")
    # Only who was decided for has an outcome: among these all have one answer, and rates of right
    # and wrong ones would compare nothing. A cut-off still tells them apart.
    same = restricted and counted.of != "score"
    said = None if same else counted.positive
    try:
        raw, came = outcome_counts(log, columns, said, rows, reading.now)
    except TooFew:
        log.withheld.append(
            "What came of it isn't told by group: of some results there are so few that they "
            "could tell of single people."
        )
        return None
    sizes = {group: each.n for group, each in raw.items() if each.n}
    # By the sizes here too: of a large group few may have an outcome.
    hidden = kept_back | shown_groups(sizes, log.source.smallest_group)
    counts = {group: raw[group] for group in sizes if is_shown(group, hidden)}
    metrics = OF_OUTCOMES if same else tuple(MEANINGS)
    return OutcomesBy(
        outcomes=came if days is not None and days.dates else None,
        counts=counts,
        metrics=measured(counts, reference, metrics) if reference else (),
        between=between(counts, metrics),
        same_answer=same,
        withheld=len(sizes) - len(counts),
    )
