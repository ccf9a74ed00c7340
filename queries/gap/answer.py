"""Production against the reference set in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Answer, Finding, Severity
from queries.core.number import Number
from queries.gap.tables import chart, tables
from queries.gap.told import Ageing, GapTold, distance, worst_parts
from queries.measures.outcomes.maturity import DayState
from queries.measures.performance.metrics import METRICS, meaning
from queries.wording.before import IN_REFERENCE, whole_reference
from queries.wording.parts import part_name
from queries.wording.performance.population import (
    chosen,
    chosen_alone,
    early_days,
    in_state,
    missing_days,
    nothing_known,
    outcomes_in,
)
from queries.wording.performance.steps import how_good_steps
from queries.wording.performance.told import amount

_LABORATORY = "in the laboratory"


def answer_words(told: GapTold) -> Answer:
    """Put a gap into words, with its tables and its picture."""
    report, task = told.report, told.asked.source.task
    head = f"{told.asked.name}: {_headline(told)}"
    return Answer(
        severity=_severity(told),
        headline=head,
        summary=outcomes_in(
            told.asked, report.arrived, report.counted, told.states, report.usual_days
        ),
        findings=tuple(_findings(told))[:5],
        tables=tables(told),
        chart=chart(told, head),
        caveats=tuple(_caveats(told)),
        follow_ups=how_good_steps(
            told.asked, "gap", told.by, known=told.now is not None, leave_out=("estimate",)
        ),
        definitions={METRICS[name].label: meaning(name, task) for name in report.metrics},
    )


def _headline(told: GapTold) -> str:
    if told.now is None:
        report, what = told.report, "whether it was only good in the laboratory"
        return nothing_known(told.asked, report.arrived, report.counted, told.states, what)
    if told.was is None:
        return f"{_good(told, told.now)}; too few cases in the reference set to compare"
    vague = max(told.now, told.was, key=lambda each: (each.high or 0.0) - (each.low or 0.0))
    said = _good(told, told.now, vague)
    both = f"{said}, {amount(told.was, told.metric, vague)} {IN_REFERENCE}"
    worst = worst_parts(told.gap.parts)
    if worst:
        by = part_name(str(told.by), worst[0].value)
        size = distance(worst[0].gap.value or 0.0, worst[0].gap, told)
        both += f"; the gap is largest for {by}: {size}"
    if others := told.other_worse:
        both += f"; but {told.told.other_words(others[0])}"
    return f"{_verdict(told)} {both}"


def _verdict(told: GapTold) -> str:
    if told.worse(told.metric):
        return f"worse than {_LABORATORY}:"
    if told.worse("roc_auc"):
        return f"it ranks cases worse than {_LABORATORY}, though"
    if told.better:
        return f"better than {_LABORATORY}:"
    if told.worse(told.metric, 0.0):
        return f"a little worse than {_LABORATORY}, too little to matter:"
    return f"no worse than {_LABORATORY}:"


def _good(told: GapTold, number: Number, vague: Number | None = None) -> str:
    said = amount(number, told.metric, vague)
    return f"off by {said} on average" if told.metric == "mae" else f"right in {said} of cases"


def _severity(told: GapTold) -> Severity:
    if told.now is None or told.was is None:
        missing = in_state(told.states, DayState.MISSING)
        return Severity.WARNING if missing else Severity.UNKNOWN
    if told.worse(told.metric) or told.worse("roc_auc"):
        return Severity.ALARM
    worse = told.other_worse or worst_parts(told.gap.parts)
    return Severity.WARNING if worse or any(each.worse for each in told.ageing) else Severity.GOOD


def _findings(told: GapTold) -> Iterator[Finding]:
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


def _size(told: GapTold) -> Finding:
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


def _others(told: GapTold, names: list[str]) -> Finding:
    """Name the metrics that are worse, each with both values."""
    said = []
    for name in names[:4]:
        now, was = told.report.metrics[name], told.gap.before.metrics[name]
        said.append(f"{METRICS[name].label} {amount(now, name)} instead of {amount(was, name)}")
    numbers = {name: told.report.metrics[name] for name in names}
    level = Severity.WARNING if told.other_worse else Severity.ALARM
    return Finding("worse", level, f"Worse by enough: {words.listed(said)}.", numbers)


def _slices(told: GapTold) -> Finding:
    by, worse = str(told.by).replace("_", " "), worst_parts(told.gap.parts)
    if not worse:
        text = f"No {by} is worse than {IN_REFERENCE} beyond chance and by enough."
        return Finding("slice", Severity.NOTE, text)
    part = worse[0]
    now, was = part.now[told.metric], part.before[told.metric]
    text = (
        f"Largest gap for {by} {words.value(part.value)}: {_good(told, now)}, "
        f"{amount(was, told.metric)} {IN_REFERENCE}"
    )
    if len(worse) > 1:
        text += f"; {words.count(len(worse))} of {len(told.gap.parts)} are worse"
    return Finding("slice", Severity.WARNING, f"{text}.", {"now": now, "before": was})


def _age(told: GapTold, found: Ageing) -> Finding:
    """Say how a version did as it grew older."""
    first, last = found.first.metrics[told.metric], found.last.metrics[told.metric]
    weeks = f"week {found.first.week}", f"week {found.last.week}"
    said = f"{amount(first, told.metric)} in {weeks[0]}, {amount(last, told.metric)} in {weeks[1]}"
    version = f"Version {words.value(found.version)} since it was first seen: "
    word = "right" if told.metric == "accuracy" else "off by"
    numbers = {"first": first, "last": last, "change": found.change}
    if found.worse:
        text = f"{version}{word} {said}. It has become worse."
        return Finding("age", Severity.WARNING, text.replace("right ", "right in "), numbers)
    text = f"{version}{word} {said}: no change that matters is shown."
    return Finding("age", Severity.NOTE, text.replace("right ", "right in "), numbers)


def _caveats(told: GapTold) -> Iterator[str]:
    gap, source = told.gap, told.asked.source
    yield from chosen_alone(source)
    if source.decided and gap.decisions:
        yield f"In the reference set, too, cases with the decision {chosen(source)} alone count."
    elif source.decided:
        yield (
            "The reference set has no decisions, so that all of its outcomes count: part of the "
            "gap may come from that alone."
        )
    if lost := told.report.arrived.outcomes - told.report.arrived.judged:
        one = "doesn't count: its request has" if lost == 1 else "don't count: their requests have"
        yield f"{words.counted(lost, 'outcome')} {one} no prediction."
    if gap.before.lacking:
        yield whole_reference(gap.before.lacking)
    foreign = [words.value(part.value) for part in gap.parts if not part.own]
    if foreign:
        named = words.listed([f"“{name}”" for name in foreign[:5]], last="or")
        yield f"The reference set has too little of {named}: held against all of it."
    if told.now is not None and told.was is not None:
        yield (
            "The reference set may hold other kinds of cases than production: a gap can come from "
            "them as well as from the model."
        )
