"""Where it is worst, and what explains the change: all dimensions and pairs of them."""

from __future__ import annotations

from queries.core.answer import Answer
from queries.core.errors import NotAnswerable
from queries.core.filters import Filter
from queries.core.log import Log
from queries.core.logs import Logs
from queries.core.params import OneOf
from queries.core.question import Question, param
from queries.core.takes import only_where, which_model, which_time
from queries.core.times.reading import nothing, read
from queries.core.times.when import Window
from queries.core.times.whole import with_crowds
from queries.core.topics import Topic
from queries.measures.failures.results import results
from queries.measures.places.subjects import SUBJECTS, Of, default_subject
from queries.slices.answer import answer_words
from queries.slices.report import slice_report
from queries.slices.told import Told
from queries.wording.asked import Asked
from queries.wording.no_rows import no_rows
from queries.wording.unknown_results import unknowable

_OF = (
    ("errors", "Requests that fail"),
    ("performance", "Answers that turned out right"),
    ("decisions", "Favourable decisions, or positive predictions"),
    ("slow", "Requests slower than usual"),
)


class Slices(Question):
    """Where it is worst."""

    name, title = "slices", "Where is it worst, and why?"
    about = (
        "Which parts of the requests stand out for the worse, by every column and pair of columns, "
        "and what explains the change of the whole."
    )
    asked_as = ("slice", "segment", "segments", "subgroup", "subgroups", "where", "worst")
    topic = Topic.WRONG
    rank = 40
    terms = (
        *("slice", "slice that stands out", "usual", "unusual", "changed within", "moved between"),
        "Simpson's paradox",
    )
    examples = (
        "slices {model} last 24 hours",
        "slices {model} last 7 days of slow",
        "slices {model} last 30 days of performance",
    )

    model: str = which_model()
    window: Window = which_time("last 7 days")
    of: str | None = param(
        OneOf(_OF),
        "Worst by what",
        default=None,
        hint="Failed requests where they are logged, unless you choose.",
    )
    where: tuple[Filter, ...] = only_where()

    def answer(self, logs: Logs) -> Answer:
        """Name the worst slices, and divide the change among the slices of each dimension."""
        log = logs.of(self.model)
        of = _chosen(self.of) or default_subject(log)
        dimensions = _dimensions(log)
        reading, dimensions = with_crowds(log, read(log, self.window, logs), dimensions)
        if empty := nothing(log, reading):
            return empty
        logs.progress("Counting every slice", None)
        found = slice_report(log, reading, self.where, of, dimensions)
        asked = Asked(log.source, reading, self.where)
        if not found.counted.total.now[1] and of == "errors":
            known = results(log, reading.spans or (), log.matches(self.where))
            return unknowable(asked, known) if known.none else no_rows(log, asked)
        if not found.counted.total.now[1] and of != "performance":
            return no_rows(log, asked)
        return answer_words(Told(asked, found))


def _chosen(of: str | None) -> Of | None:
    return next((each for each in SUBJECTS if each == of), None)


def _dimensions(log: Log) -> list[str]:
    source = log.source
    names = ("version", *source.dimensions, *source.protected)
    found = [name for name in dict.fromkeys(names) if log.has(name)]
    if not found:
        raise NotAnswerable(
            f"{source.title} declares no columns to split by. "
            f"Set `dimensions` under [sources.{source.name}.roles]."
        )
    return found
