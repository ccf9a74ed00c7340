"""What was found between production and the reference set, one sentence each."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Finding, Severity
from queries.gap.told import Ageing, Told, distance, good_words, worst_parts
from queries.measures.outcomes.maturity import DayState
from queries.measures.performance.metrics import METRICS
from queries.wording.before import IN_REFERENCE
from queries.wording.performance.population import (
    early_days,
    in_state,
    missing_days,
)
from queries.wording.performance.told import amount


def findings(told: Told) -> Iterator[Finding]:
    """Give what stands out, what its outcomes allow first."""
    if lacking := in_state(told.states, DayState.MISSING):
        yield missing_days(lacking)
    if told.now is not None and told.was is not None:
        yield _size(told)
        if told.worse(told.metric) or told.worse("roc_auc") or told.other_worse:
            yield _others(told, told.all_worse)
        if told.by and told.gap.parts:
            yield _slices(told)
        if told.ageing:
            yield _age(told, max(told.ageing, key=lambda each: (bool(each.worse), each.last.week)))
    if early := in_state(told.states, DayState.EARLY):
        yield early_days(early)


def _size(told: Told) -> Finding:
    """Say how large the gap is and how surely."""
    moved = told.moved(told.metric)
    if moved is None or moved.value is None or moved.low is None or moved.high is None:
        return Finding("gap", Severity.NOTE, "The size of the gap can't be told.")
    numbers = {"gap": moved}
    if moved.low <= 0 <= moved.high:
        text = (
            f"No difference is shown: production lies between {distance(moved.low, moved, told)} "
            f"below and {distance(moved.high, moved, told)} above the reference set."
        )
        return Finding("gap", Severity.NOTE, text, numbers)
    way = ("more" if moved.value > 0 else "less") + (
        " off" if told.metric == "mae" else " often right"
    )
    nearer, further = sorted((moved.low, moved.high), key=abs)
    between = f"{distance(nearer, moved, told).removesuffix(' points')} to "
    between += distance(further, moved, told)
    text = f"By {distance(moved.value, moved, told)} {way} than {IN_REFERENCE} ({between})."
    level = Severity.ALARM if told.worse(told.metric) else Severity.NOTE
    return Finding("gap", level, text, numbers)


def _others(told: Told, names: list[str]) -> Finding:
    """Name the metrics that are worse, each with both values."""
    said = []
    for name in names[:4]:
        now, was = told.report.metrics[name], told.gap.before.metrics[name]
        said.append(f"{METRICS[name].label} {amount(now, name)} instead of {amount(was, name)}")
    numbers = {name: told.report.metrics[name] for name in names}
    level = Severity.WARNING if told.other_worse else Severity.ALARM
    return Finding("worse", level, f"Worse by enough: {words.listed(said)}.", numbers)


def _slices(told: Told) -> Finding:
    by, worse = str(told.by).replace("_", " "), worst_parts(told.gap.parts)
    if not worse:
        text = f"No {by} is worse than {IN_REFERENCE} beyond chance and by enough."
        return Finding("slice", Severity.NOTE, text)
    part = worse[0]
    now, was = part.now[told.metric], part.before[told.metric]
    text = (
        f"Largest gap for {by} {words.value(part.value)}: {good_words(told, now)}, "
        f"{amount(was, told.metric)} {IN_REFERENCE}"
    )
    if len(worse) > 1:
        text += f"; {words.count(len(worse))} of {len(told.gap.parts)} are worse"
    return Finding("slice", Severity.WARNING, f"{text}.", {"now": now, "before": was})


def _age(told: Told, found: Ageing) -> Finding:
    """Say how a version did as it grew older."""
    first, last = found.first.metrics[told.metric], found.last.metrics[told.metric]
    weeks = f"week {found.first.week}", f"week {found.last.week}"
    said = f"{amount(first, told.metric)} in {weeks[0]}, {amount(last, told.metric)} in {weeks[1]}"
    version = f"Version {words.value(found.version)} since it was first seen: "
    word = "right in" if told.metric == "accuracy" else "off by"
    numbers = {"first": first, "last": last, "change": found.change}
    if found.worse:
        text = f"{version}{word} {said}. It has become worse."
        return Finding("age", Severity.WARNING, text, numbers)
    text = f"{version}{word} {said}: no change that matters is shown."
    return Finding("age", Severity.NOTE, text, numbers)
