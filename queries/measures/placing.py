"""Where a change happened: the slice that carries it, if one does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from queries.core.logs import Log
from queries.core.spans import Span
from queries.measures.detection import Searched
from queries.measures.expressions import Condition
from queries.measures.onset import FEWEST_HITS
from queries.measures.places import Place
from queries.measures.signal_counts import Stretched, signals_by_slice
from queries.measures.slices import Carrier, SliceCounts, carriers

MOST_OF_IT = 0.5
"""A place that carries less of a change than this is not where it happened."""


def places_of(
    log: Log, found: Sequence[Searched], dimensions: Sequence[str], where: Sequence[Condition]
) -> list[Place | None]:
    """Give the place that carries each change, None where it is everywhere."""
    stretched = [Stretched(each.signal, _stretches(each)) for each in found]
    return [_carrying(slices) for slices in signals_by_slice(log, stretched, dimensions, where)]


def _stretches(each: Searched) -> tuple[Span, ...]:
    """Give the stretch in every period; without a past, what was before it takes its place."""
    width, stretch = timedelta(seconds=each.counts.seconds), each.stretch
    spans = [
        Span(span.start + stretch.start * width, min(span.end, span.start + stretch.stop * width))
        for span in each.counts.spans
    ]
    if len(spans) == 1 and stretch.start:
        spans.append(Span(each.counts.spans[0].start, spans[0].start))
    return tuple(span for span in spans if span.start < span.end)


def _carrying(slices: Sequence[SliceCounts]) -> Place | None:
    """Give the slice that carries a change most clearly; one with a past, where there is any.

    A slice that is new, such as a version in its rollout, stands out for being where it happened.
    A past that hardly ever had such a thing says nothing of how slices differ in it: then they
    are held against each other alone.
    """
    before = {(each.dimension, each.value): sum(n for _, n in each.past) for each in slices}
    rare = sum(k for each in slices for k, _ in each.past) < FEWEST_HITS
    judged = [replace(each, past=()) for each in slices] if rare else slices
    found = [each for each in carriers(judged) if each.carries and _part_of_it(each) >= MOST_OF_IT]
    known = [each for each in found if before[each.dimension, each.value]]
    return next((Place(each.dimension, each.value) for each in known or found), None)


def _part_of_it(carrier: Carrier) -> float:
    """Give a slice's part of a change: of what is extra, or of all where there was none before."""
    if carrier.share.value is not None:
        return carrier.share.value
    here, there = (
        (each.now.value or 0.0) * each.now.n for each in (carrier.here, carrier.elsewhere)
    )
    return here / (here + there) if here + there else 0.0
