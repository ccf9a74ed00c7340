"""What of one decision could not be traced, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from queries.core.formulas.tree import columns
from queries.core.log import Log
from queries.core.source import Visibility
from queries.measures.columns.open import is_open
from queries.trace.facts import no_outcome
from queries.trace.formula_values import Cannot
from queries.trace.places import LEAST
from queries.trace.report import Traced
from queries.trace.transformations import Step, Verdict
from queries.wording.asked import Asked
from queries.wording.not_shown import not_shown


@dataclass(frozen=True, slots=True)
class Untold:
    """One thing that could not be traced, and the reason as a sentence."""

    what: str
    why: str


def untold(found: Traced, log: Log, asked: Asked) -> tuple[Untold, ...]:
    """Give everything that could not be traced."""
    return tuple(_untold(found, log, asked))


def _untold(found: Traced, log: Log, asked: Asked) -> Iterator[Untold]:
    yield from _inputs(found, log)
    yield from _steps(found, log)
    roles = f"[sources.{log.source.name}.roles]"
    if not found.attributions:
        why = (
            "No attribution is logged for this request."
            if log.source.attributions
            else f"The log has no attributions. Declare `attributions` in {roles}."
        )
        yield Untold("what weighed most", why)
    if found.row.get("score") is not None:
        why = "The model itself isn't in the log, so its score is taken as logged."
        yield Untold("from inputs to score", why)
    if not is_open(log, "threshold") and is_open(log, "score"):
        why = f"The log has none that may be shown. Declare `threshold` in {roles}."
        yield Untold("threshold and margin", why)
    if not is_open(log, "outcome"):
        yield Untold("outcome", "The log has none that may be shown for a single person.")
    elif found.row.get("outcome") in (None, ""):
        why = no_outcome(found, asked)
        yield Untold("outcome", f"{why[0].upper()}{why[1:]}.")
    yield from _others(found, log, roles)
    yield from _similar(found, log)
    for sentence in not_shown(log.source):
        yield Untold("columns left out", sentence)


def _inputs(found: Traced, log: Log) -> Iterator[Untold]:
    source = log.source
    if not source.features:
        why = f"The log declares none. List them as `features` in [sources.{source.name}.roles]."
        yield Untold("inputs", why)
    for name in source.features:
        if name not in found.inputs and not is_open(log, name):
            yield Untold(name, _why_closed(log, name))
    few = [name for name in found.inputs if found.places.of[name].n < LEAST]
    if few:
        why = f"Fewer than {LEAST} requests around it have a value, too few to say what is usual."
        yield Untold(f"the place of {', '.join(few)}", why)


def _why_closed(log: Log, name: str) -> str:
    match log.visibility(name):
        case Visibility.HIDDEN:
            return "It is hidden."
        case Visibility.GROUPED:
            return "It is not shown for single people, only in groups."
    return "The log has no such column."


def _steps(found: Traced, log: Log) -> Iterator[Untold]:
    for step in found.steps:
        if step.verdict is Verdict.NOT_SHOWN:
            yield Untold(step.name, _closed_step(step, log))
        elif step.verdict is Verdict.CANNOT and isinstance(step.value, Cannot):
            yield Untold(step.name, f"It can't be computed: {step.value.why}.")
    if not found.steps:
        table = f"[sources.{log.source.name}.roles.transformed]"
        why = f"No transformation is declared. Write their expressions in {table}."
        yield Untold("transformations", why)


def _closed_step(step: Step, log: Log) -> str:
    closed = [n for n in (step.name, *columns(step.formula)) if not is_open(log, n)]
    return f"It is made with “{closed[0]}”. {_why_closed(log, closed[0])}"


def _others(found: Traced, log: Log, roles: str) -> Iterator[Untold]:
    if not is_open(log, "entity_id"):
        yield Untold(
            "other decisions about the same person or thing",
            f"The log has no `entity_id` in {roles} that may be shown.",
        )
    elif found.row.get("entity_id") in (None, ""):
        yield Untold("other decisions about the same person or thing", "This request names none.")


def _similar(found: Traced, log: Log) -> Iterator[Untold]:
    if found.comparable:
        return
    what = "similar requests decided otherwise"
    if found.row.get("decision") in (None, ""):
        yield Untold(what, "This request has no decision that may be shown.")
    elif not found.inputs:
        yield Untold(what, "No input may be compared.")
    else:
        version = " by the same version" if is_open(log, "version") else ""
        yield Untold(what, f"In the days around it none was decided otherwise{version}.")
