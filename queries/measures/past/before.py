"""What the present is compared with: the reference set, or the comparable past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queries.core.doors.rows import Dataset
from queries.core.errors import NotAnswerable
from queries.core.filters import Filter
from queries.core.log import Log
from queries.core.source import Source, Visibility
from queries.core.times.reading import Reading
from queries.core.times.spans import Span
from queries.measures.counting.expressions import Sample
from queries.measures.past.periods import comparable
from queries.measures.past.reference import narrowed_reference

REFERENCE, USUAL = "reference", "usual"
AGAINST = ((REFERENCE, "The reference set"), (USUAL, "The weeks before"))
"""What a question offers to compare with."""


@dataclass(frozen=True, eq=False)
class Before:
    """The rows to compare with: those of ``periods``, newest first, or of the reference set.

    ``lacking`` are the columns by which the reference set could not be narrowed.
    """

    sample: Sample
    periods: tuple[Span, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def is_reference(self) -> bool:
        """Say whether it is the reference set."""
        return self.sample.dataset is Dataset.REFERENCE


def reference_first(log: Log) -> str:
    """Choose the reference set where there is one, or where there can be no past."""
    return REFERENCE if log.source.reference or log.source.undated else USUAL


def past_first(log: Log, reading: Reading) -> str:
    """Choose the comparable past where there is one, or where there is no reference set."""
    # Where neither exists the past is chosen, whose refusal says what to ask instead.
    lacking = log.source.reference is None and not log.source.undated
    return USUAL if lacking or (reading.span and _past(reading)) else REFERENCE


def before(log: Log, reading: Reading, where: Sequence[Filter], against: str) -> Before:
    """Find what to compare with. Raises NotAnswerable with what to declare or to ask instead."""
    if against == REFERENCE:
        return _reference(log, where)
    past = _past(reading)
    if not past:
        instead = (
            "`against reference`"
            if log.source.reference
            else f"declare a reference set under [sources.{log.source.name}.reference]"
        )
        raise NotAnswerable(
            f"The log of {log.source.title} has no comparable time before: it begins too late. "
            f"Ask for a shorter time, or {instead}."
        )
    return Before(Sample(spans=past, where=tuple(log.matches(where))), past)


def can_compare(source: Source, reading: Reading) -> bool:
    """Say whether there is anything to compare with: a reference set, or a comparable past."""
    return source.reference is not None or (not source.undated and bool(_past(reading)))


def on_both_sides(
    log: Log, names: Sequence[str], dataset: Dataset
) -> tuple[list[str], tuple[str, ...]]:
    """Give the columns that both sides of a comparison hold, and why others aren't compared.

    Raises NotAnswerable where none is left.
    """
    why = {name: _not_comparable(log, name, dataset) for name in names}
    sentences = tuple(
        f"“{name}” isn't compared: {reason}." for name, reason in why.items() if reason
    )
    both = [name for name, reason in why.items() if not reason]
    if not both:
        raise NotAnswerable(f"{log.source.title}: no input can be compared. {sentences[0]}")
    return both, sentences


def _not_comparable(log: Log, name: str, dataset: Dataset) -> str:
    if log.visibility(name) is Visibility.HIDDEN:
        return "it is hidden"
    if not log.has(name, Dataset.PRODUCTION):
        return "the log has no such column"
    return "" if log.has(name, dataset) else "the reference set has no such column"


def _past(reading: Reading) -> tuple[Span, ...]:
    return comparable(
        reading.asked_span, reading.grain, reading.data_through, reading.zone, reading.first
    )


def _reference(log: Log, where: Sequence[Filter]) -> Before:
    if log.source.reference is None:
        other = "" if log.source.undated else ", or ask with `against usual`"
        raise NotAnswerable(
            f"{log.source.title} declares no reference set to compare with. "
            f"Declare one under [sources.{log.source.name}.reference]{other}."
        )
    narrowed = narrowed_reference(log, where)
    return Before(narrowed.sample, lacking=narrowed.lacking)
