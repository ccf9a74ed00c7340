"""Have the inputs changed: every feature against the reference or the comparable past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queries.core.answer import Answer
from queries.core.errors import NotAnswerable
from queries.core.filters import Filter
from queries.core.logs import Dataset, Log, Logs
from queries.core.params import Conditions, Model, OneOf, Time
from queries.core.question import Question, param
from queries.core.reading import Reading, nothing, read
from queries.core.source import Visibility
from queries.core.topics import Topic
from queries.core.when import Window
from queries.measures.expressions import Sample
from queries.measures.failures import jump
from queries.measures.input_changes import InputChange, Verdict, input_changes
from queries.measures.input_chunks import input_chunks
from queries.measures.input_comparisons import baseline
from queries.measures.periods import COMPARABLE, comparable
from queries.measures.reference import narrowed_reference
from queries.wording.asked import Asked
from queries.wording.before import IN_REFERENCE, few_periods, in_past, whole_reference
from queries.wording.input_tables import tables
from queries.wording.input_words import Compared
from queries.wording.inputs import MOST_NAMED, answer_words
from queries.wording.no_rows import no_rows

REFERENCE, USUAL = "reference", "usual"


class Inputs(Question):
    """Which inputs changed."""

    name, title = "inputs", "Have the inputs changed?"
    about = (
        "What the model is fed, against its reference or the weeks before: shifted, emptied, new."
    )
    topic = Topic.DATA
    rank = 20
    terms = ("shift", "shifted", "missing", "new values")
    examples = (
        "inputs {model} last 24 hours",
        "inputs {model} last 7 days against usual",
        "inputs {model} last week where version = 2.3",
    )

    model: str = param(Model(), "Which model")
    window: Window = param(Time(), "Which time", default="last 24 hours")
    against: str | None = param(
        OneOf(((REFERENCE, "The reference set"), (USUAL, "The weeks before"))),
        "Compared with",
        default=None,
        hint="Otherwise the reference set, where the model has one.",
    )
    where: tuple[Filter, ...] = param(Conditions(), "Only requests where", default="")

    def answer(self, logs: Logs) -> Answer:
        """Rank every input by how far it moved; what emptied comes first."""
        log = logs.of(self.model)
        if not log.source.features:
            raise NotAnswerable(
                f"{log.source.title} declares no features. "
                f"List them as `features` under [sources.{log.source.name}.roles]."
            )
        reading = read(log, self.window, logs)
        if empty := nothing(log, reading):
            return empty
        asked = Asked(log.source, reading, self.where)
        now = Sample(spans=reading.spans, where=tuple(log.matches(self.where)))
        before = self._before(log, reading, now)
        names, not_compared = _inputs(log, before.sample.dataset)
        logs.progress("Comparing inputs", None)
        base = baseline(log, names, before.sample)
        changes = input_changes(log, base, now)
        if not changes[0].compared.now.rows:
            return no_rows(log, asked)
        compared = Compared(
            asked,
            changes,
            before.than,
            {each.name: _since(log, each, reading, now) for each in changes[:MOST_NAMED]},
            (*before.caveats, *not_compared),
        )
        chunks = input_chunks(log, base, now) if log.source.chunks else ()
        return answer_words(compared, tables(compared, chunks))

    def _before(self, log: Log, reading: Reading, now: Sample) -> _Before:
        """What to compare with, and the words for it."""
        against = self.against or (
            REFERENCE if log.source.reference or log.source.undated else USUAL
        )
        if against == REFERENCE:
            return _reference(log, self.where)
        past = comparable(
            reading.asked_span, reading.grain, reading.data_through, reading.zone, reading.first
        )
        if not past:
            instead = (
                "`against reference`"
                if log.source.reference
                else _declare_reference(log).replace("one", "a reference set")
            )
            raise NotAnswerable(
                f"The log of {log.source.title} has no comparable time before: it begins too late. "
                f"Ask for a shorter time, or {instead}."
            )
        caveats = (few_periods(len(past)),) if len(past) < COMPARABLE else ()
        return _Before(Sample(spans=past, where=now.where), in_past(reading.grain), caveats)


@dataclass(frozen=True, eq=False)
class _Before:
    sample: Sample
    than: str
    caveats: tuple[str, ...] = ()


def _reference(log: Log, where: tuple[Filter, ...]) -> _Before:
    if log.source.reference is None:
        other = "" if log.source.undated else ", or ask with `against usual`"
        raise NotAnswerable(
            f"{log.source.title} declares no reference set to compare with. "
            f"{_declare_reference(log).capitalize()}{other}."
        )
    narrowed = narrowed_reference(log, where)
    caveats = (whole_reference(narrowed.lacking),) if narrowed.lacking else ()
    return _Before(narrowed.sample, IN_REFERENCE, caveats)


def _declare_reference(log: Log) -> str:
    return f"declare one under [sources.{log.source.name}.reference]"


def _inputs(log: Log, dataset: Dataset) -> tuple[list[str], tuple[str, ...]]:
    """The features that both sides of the comparison hold, and why others aren't compared."""
    why = {name: _not_comparable(log, name, dataset) for name in log.source.features}
    names = [name for name, reason in why.items() if not reason]
    sentences = tuple(
        f"“{name}” isn't compared: {reason}." for name, reason in why.items() if reason
    )
    if not names:
        raise NotAnswerable(f"{log.source.title}: no input can be compared. {sentences[0]}")
    return names, sentences


def _not_comparable(log: Log, name: str, dataset: Dataset) -> str:
    if log.visibility(name) is Visibility.HIDDEN:
        return "it is hidden"
    if not log.has(name, Dataset.PRODUCTION):
        return "the log has no such column"
    return "" if log.has(name, dataset) else "the reference set has no such column"


def _since(log: Log, change: InputChange, reading: Reading, now: Sample) -> datetime | None:
    """When an input emptied, within the time asked for."""
    if Verdict.EMPTIED not in change.verdicts or reading.covered is None:
        return None
    return jump(log, log.missing(change.name), reading.covered, now.where)
