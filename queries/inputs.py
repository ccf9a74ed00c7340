"""Have the inputs changed: every feature against the reference or the comparable past."""

from __future__ import annotations

from queries.core.answer import Answer
from queries.core.errors import NotAnswerable
from queries.core.filters import Filter
from queries.core.logs import Dataset, Log, Logs
from queries.core.params import Conditions, Model, OneOf, Time
from queries.core.question import Question, param
from queries.core.reading import Reading, nothing, read
from queries.core.when import Window
from queries.measures.expressions import Sample
from queries.measures.failures import jump
from queries.measures.input_changes import input_changes
from queries.measures.input_chunks import input_chunks
from queries.measures.periods import comparable
from queries.wording.asked import Asked
from queries.wording.input_tables import tables
from queries.wording.inputs import Compared, answer_words
from queries.wording.no_rows import no_rows

REFERENCE, USUAL = "reference", "usual"


class Inputs(Question):
    """Which inputs changed."""

    name, title = "inputs", "Have the inputs changed?"
    about = (
        "What the model is fed, against its reference or the weeks before: shifted, emptied, new."
    )
    rank = 20
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
        reading = read(log, self.window, logs)
        if empty := nothing(log, reading):
            return empty
        asked = Asked(log.source, reading, self.where)
        where = tuple(log.matches(self.where))
        now = Sample(spans=reading.spans, where=where)
        before, said = self._before(log, reading, now)
        names = _inputs(log, before.dataset)
        logs.progress("Comparing inputs", None)
        changes = input_changes(log, names, before, now)
        if not changes or not changes[0].now.rows:
            return no_rows(log, asked)
        since = {
            each.name: jump(log, log.missing(each.name), span, where)
            for each in changes[:3]
            if each.emptied and (span := reading.covered)
        }
        chunks = input_chunks(log, names, before) if log.source.chunks else ()
        compared = Compared(asked, changes, said, since)
        return answer_words(compared, tables(compared, chunks))

    def _before(self, log: Log, reading: Reading, now: Sample) -> tuple[Sample, str]:
        """What to compare with, and the words for it."""
        against = self.against or (REFERENCE if log.source.reference else USUAL)
        if against == REFERENCE:
            if log.source.reference is None:
                raise NotAnswerable(
                    f"{log.source.title} declares no reference set. Declare one under "
                    f"[sources.{log.source.name}.reference], or ask with `against usual`."
                )
            return Sample(Dataset.REFERENCE), "in the reference set"
        past = comparable(
            reading.asked_span, reading.grain, reading.data_through, reading.zone, reading.first
        )
        if not past:
            raise NotAnswerable(
                f"The log of {log.source.title} has no comparable time before: it begins too late. "
                "Ask for a shorter time"
                + (", or `against reference`." if log.source.reference else ".")
            )
        return Sample(spans=past, where=now.where), "in the weeks before"


def _inputs(log: Log, dataset: Dataset) -> list[str]:
    """The features that both sides of the comparison hold."""
    held = [name for name in log.source.features if log.has(name, Dataset.PRODUCTION)]
    names = [name for name in held if log.has(name, dataset)]
    if not names:
        raise NotAnswerable(
            f"{log.source.title} declares no features. "
            f"List them as `features` under [sources.{log.source.name}.roles]."
        )
    return names
