"""How one model is: requests, failures, latency, inputs, outputs and rightness against usual.

Few and cheap passes, so that all models can be looked at in one go: one by bucket, one for
everything else over the present and the comparable past, one over outcomes where there are any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import numpy as np

from queries.core.log import Log
from queries.core.times.reading import Reading
from queries.core.times.spans import Span
from queries.health.counts import known_results, over_time
from queries.health.overdue import Overdue, overdue
from queries.health.rightness import Rightness, rightness
from queries.health.values import Input, Output, vital_values
from queries.measures.columns.declared import is_left_out, never_ok, wrong_in
from queries.measures.counting.jumps import Jump, jump
from queries.measures.counting.layout import lasting
from queries.measures.counting.over_time import OverTime, usual_by_bucket
from queries.measures.failures.results import Results
from queries.measures.past.periods import comparable
from queries.measures.pulse.latency_verdict import JUDGED, slower
from queries.measures.pulse.silence import (
    LEAST,
    Gap,
    Pace,
    Pause,
    gaps,
    heard,
    since_the_last,
    unevenness,
)
from queries.measures.pulse.traffic import MATTERS
from queries.measures.pulse.traffic_usual import part_nearby, profile
from queries.statistics.onset import FEWEST_HITS, find_shift
from queries.statistics.usual import Usual, usual_count, usual_rate


class Concern(StrEnum):
    """What about a model asks to be looked at, the worst first."""

    SILENT = "silent"
    """No data has come for improbably long."""
    ERRORS = "errors"
    RESULTS = "results"
    """Of too many requests it isn't known whether they failed."""
    TRAFFIC = "traffic"
    LATENCY = "latency"
    INPUTS = "inputs"
    PERFORMANCE = "performance"
    OUTCOMES = "outcomes"
    """Outcomes that should be in are not."""
    OUTPUTS = "outputs"
    DECLARED = "declared"
    """What is declared isn't so in the log."""


@dataclass(frozen=True)
class Vitals:
    """One model's line. What the log lacks is None; ``concerns`` are the worst first.

    ``timeline`` counts requests; ``failures`` those of which it is known whether they failed, with
    failures as hits, and ``results`` how many of all that are. ``silence`` is judged where nothing
    came lately, ``errors_jump`` looked for where too little past says what is usual. ``wrong`` says
    what is declared otherwise than the log is.
    """

    reading: Reading
    silence: Gap | None = None
    timeline: OverTime | None = None
    failures: OverTime | None = None
    results: Results | None = None
    requests: Usual | None = None
    errors: Usual | None = None
    errors_since: datetime | None = None
    errors_jump: Jump | None = None
    latency: Mapping[float, Usual] | None = None
    inputs: tuple[Input, ...] = ()
    outputs: tuple[Output, ...] = ()
    right: Rightness | None = None
    overdue: Overdue | None = None
    wrong: tuple[str, ...] = ()
    concerns: tuple[Concern, ...] = ()

    @property
    def slowest(self) -> Usual | None:
        """The judged latency quantile that grew most, one beyond chance if any is."""
        if self.latency is None:
            return None
        judged = [self.latency[q] for q in JUDGED]
        unusual = [each for each in judged if each.unusual and each.higher]
        return max(unusual or judged[-1:], key=lambda each: each.times.value or 0.0)

    @property
    def judged(self) -> bool:
        """Say whether there was past enough to call anything unusual."""
        return self.requests is not None and self.requests.unusual is not None


def vitals(log: Log, reading: Reading) -> Vitals:
    """Look at one model. A log without times, or without rows in the time, has few vitals."""
    if reading.span is None:
        return Vitals(reading)
    if reading.covered is None:
        gap = since_the_last(log, reading)
        silent = bool(gap and gap.improbable)
        return Vitals(reading, gap, concerns=(Concern.SILENT,) if silent else ())
    past = comparable(
        reading.asked_span, reading.grain, reading.data_through, reading.zone, reading.first
    )
    spans = (reading.covered, *past)
    timeline, failures, timed = over_time(log, spans)
    totals = [failures.total(period) for period in range(len(spans))]
    told = log.has("failed") and not is_left_out(log, never_ok(log))
    results = known_results(log, timeline, failures) if told else None
    errors = usual_rate(totals[1:], totals[0]) if results and not results.none else None
    unknown = errors is not None and errors.unusual is None
    since = _jump(failures) if errors else None
    jumped = _lasting(log, reading) if unknown else None
    values = vital_values(log, spans, timed)
    right = rightness(log, reading)
    found = Vitals(
        reading,
        silence=_silence(log, reading, timeline),
        timeline=timeline,
        failures=failures,
        results=results,
        requests=_requests(timeline),
        errors=errors,
        errors_since=jumped.since if jumped else since,
        errors_jump=jumped,
        latency=values.latency,
        inputs=values.inputs,
        outputs=values.outputs,
        right=right,
        wrong=wrong_in(log),
        overdue=overdue(log, reading) if right is None else None,
    )
    return replace(found, concerns=tuple(_concerns(log, found)))


def _requests(timeline: OverTime) -> Usual:
    counts = [
        (timeline.total(period)[1], lasting(span, timeline.spans[0]))
        for period, span in enumerate(timeline.spans)
    ]
    return usual_count(counts[1:], counts[0])


def _silence(log: Log, reading: Reading, timeline: OverTime) -> Gap | None:
    """Judge the time since the last request, where it is long enough to be looked at."""
    end, last = reading.asked_span.end, reading.covered_span.end
    if end - last < LEAST:
        return None
    span = Span(last, end)
    nearby = part_nearby(span, timeline, profile(timeline))
    pause = heard(Pause(span, ended=False, nearby=nearby), log.source.zone)
    if pause is None:
        return None
    pace = Pace(float(timeline.trials[0].sum()), unevenness(timeline.trials))
    return gaps(log, [pause], pace, (), reading.zone, reading.first)[0]


SHUFFLES = 39
"""Few, since the hour has said already that there is a jump; it is its moment that is wanted."""

FAR = 2.0
"""An hour so many half widths of its band above usual is worth looking for a jump."""


def _jump(timeline: OverTime) -> datetime | None:
    """Since when more requests fail, where they still do; looked for only where an hour says so."""
    hours = timeline.coarser(max(1, 3600 // timeline.seconds))
    usual = usual_by_bucket(hours)
    if usual is None or timeline.hits[0].sum() < FEWEST_HITS:
        return None
    centre, _, high = usual
    rates = hours.hits[0] / np.maximum(hours.trials[0], 1)
    # Permuting takes longer than all else that is asked of a model, and
    # mostly nothing has happened.
    if not (rates > centre + FAR * (high - centre)).any():
        return None
    rng = np.random.default_rng(0)
    shift = find_shift(timeline.hits[0], timeline.trials[0], rng, permutations=SHUFFLES)
    up = (shift.during.value or 0.0) > (shift.before.value or 0.0)
    return timeline.at(shift.began.at) if shift.began and up and not shift.ended else None


def _lasting(log: Log, reading: Reading) -> Jump | None:
    """Give the jump of failures since the log begins, where it lasts to the end."""
    failed, least = log.column("failed").is_(True), log.source.matters.error_rate
    found = jump(log, failed, reading.begun_span, (), least)
    return found if found and found.until is None else None


def _concerns(log: Log, found: Vitals) -> Iterator[Concern]:
    matters = log.source.matters
    if found.silence and found.silence.improbable:
        yield Concern.SILENT
    risen = found.errors is not None and _risen(found.errors, matters.error_rate)
    if risen or found.errors_jump:
        yield Concern.ERRORS
    if found.results and found.results.hide(matters.error_rate):
        yield Concern.RESULTS
    if found.requests and found.requests.unusual and _far(found.requests):
        yield Concern.TRAFFIC
    if found.latency and any(slower(found.latency[q], matters.latency) for q in JUDGED):
        yield Concern.LATENCY
    if found.inputs:
        yield Concern.INPUTS
    yield from _said_concerns(found)


def _said_concerns(found: Vitals) -> Iterator[Concern]:
    """What is wrong with what it says, and with what is known of that."""
    if found.right and found.right.worse:
        yield Concern.PERFORMANCE
    if found.overdue:
        yield Concern.OUTCOMES
    if any(each.moved for each in found.outputs):
        yield Concern.OUTPUTS
    if found.wrong:
        yield Concern.DECLARED


def _risen(usual: Usual, matters: float) -> bool:
    gained = (usual.now.value or 0.0) - (usual.usual.value or 0.0)
    return bool(usual.unusual and usual.higher) and gained >= matters


def _far(usual: Usual) -> bool:
    times = usual.times.value
    return times is None or not 1 - MATTERS < times < 1 / (1 - MATTERS)
