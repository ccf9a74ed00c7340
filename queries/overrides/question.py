"""Where people overrule a model: how often, where, why, and whether they were right."""

from __future__ import annotations

from queries.core.answer import Answer
from queries.core.filters import Filter
from queries.core.logs import Logs
from queries.core.question import Question
from queries.core.takes import only_where, split_by, which_model, which_time
from queries.core.times.reading import nothing, read
from queries.core.times.when import Window
from queries.core.times.whole import in_whole_hours
from queries.core.topics import Topic
from queries.measures.columns.declared import check_values
from queries.overrides.answer import answer_words
from queries.overrides.report import override_report
from queries.overrides.told import Told
from queries.wording.asked import Asked
from queries.wording.no_rows import no_rows


class Overrides(Question):
    """How often people turn the model's decision round, and how that turns out."""

    name, title = "overrides", "Where do people overrule it?"
    about = (
        "How often people turn its decisions round: over time, by slice, reason and score; and "
        "whether they were right more often than cases with the same score."
    )
    asked_as = (
        *("override", "overrule", "overruled", "overruling", "reviewer", "reviewers"),
        "people",
    )
    topic = Topic.CLOSER
    rank = 64
    needs = ("override",)
    terms = (
        *("overruled", "right by the score", "right more often", "score band", "stands out"),
        "mature day",
    )
    examples = (
        "overrides {model} last 30 days",
        "overrides {model} last 30 days by version",
    )

    model: str = which_model()
    window: Window = which_time("last 30 days")
    by: str | None = split_by(hint="Otherwise by the version and all dimensions.")
    where: tuple[Filter, ...] = only_where()

    def answer(self, logs: Logs) -> Answer:
        """Count what people overruled, and hold it against cases with the same score."""
        log = logs.of(self.model)
        # For its refusal, which says what to declare, before anything is read.
        log.column("override")
        check_values(log)
        reading = in_whole_hours(log, read(log, self.window, logs), self.by)
        if empty := nothing(log, reading):
            return empty
        logs.progress("Counting what people overruled", None)
        dimensions = [self.by] if self.by else log.dimensions
        found = override_report(log, reading, self.where, dimensions)
        asked = Asked(log.source, reading, self.where)
        if not found.rate.n:
            return no_rows(log, asked)
        return answer_words(Told(asked, found, self.by, log.has("entity_id")))
