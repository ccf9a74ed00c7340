"""Where a change happened: the slice that carries it, if one does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np

from queries.changes.counts import Stretched, signals_by_slice, signals_over_time
from queries.changes.detection import Searched, search
from queries.core.log import Log
from queries.core.times.spans import Span
from queries.measures.counting.expressions import Condition
from queries.measures.failures.carriers import Carrier, carriers
from queries.measures.failures.foremost import beyond_usual, foremost
from queries.measures.places.place import Place, within
from queries.measures.places.slice import SliceCounts
from queries.statistics.onset import FEWEST_HITS

MOST_OF_IT = 0.5
"""A place that carries less of a change than this is not where it happened."""


def places_of(
    log: Log, found: Sequence[Searched], dimensions: Sequence[str], where: Sequence[Condition]
) -> list[Place | None]:
    """Give the place that carries each change, None where it is everywhere."""
    stretched = [Stretched(each.signal, _stretches(each)) for each in found]
    return [_carrying(slices) for slices in signals_by_slice(log, stretched, dimensions, where)]


def failing_place(
    log: Log,
    failures: Searched,
    dimensions: Sequence[str],
    where: Sequence[Condition],
    rng: np.random.Generator,
) -> tuple[Place, Searched] | None:
    """Find the place whose failures are beyond their usual though all together are as usual.

    It carries the extra ones of the whole time, beyond chance and by what matters, as `incident`
    has it; the change is then searched among its requests alone. None where there is no such place.
    """
    signal, counts = failures.signal, failures.counts
    whole = [Stretched(signal, counts.spans)]
    (slices,) = signals_by_slice(log, whole, dimensions, where)
    carrier = foremost(log, carriers(slices))
    if carrier is None or not beyond_usual(carrier, signal.matters):
        return None
    place = Place(carrier.dimension, carrier.value)
    narrowed = [*where, *within(log, place)]
    there = signals_over_time(log, [signal], counts.spans, narrowed, counts.seconds)
    # Not corrected for the places, as carriers has done that already.
    (found,) = search([signal], there, rng)
    return (place, found) if found.changed else None


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
