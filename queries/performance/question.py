"""How good is it: the task's metrics, realised outcomes only, over time and by slice."""

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
from queries.measures.columns.declared import check_judged
from queries.measures.performance.report import report
from queries.performance.answer import answer_words
from queries.wording.asked import Asked
from queries.wording.no_rows import no_rows
from queries.wording.performance.told import Told


class Performance(Question):
    """How good the model's answers turned out."""

    name, title = "performance", "How good is it?"
    about = "How often the model turned out right, once outcomes are in; against before and chance."
    asked_as = ("good", "bad", "accurate", "accuracy", "precision", "recall", "right", "wrong")
    topic = Topic.GOOD
    rank = 30
    needs = ("outcome",)
    terms = (
        *("outcome", "mature day", "worse", "always the same answer", "range by chance"),
        "confusion matrix",
    )
    examples = (
        "performance {model} last 30 days",
        "performance {model} last month by version",
        "performance {model} last 7 days",
    )

    model: str = which_model()
    window: Window = which_time("last 30 days")
    by: str | None = split_by()
    where: tuple[Filter, ...] = only_where()

    def answer(self, logs: Logs) -> Answer:
        """Say how good the answers were where outcomes are in, and against what."""
        log = logs.of(self.model)
        check_judged(log)
        reading = in_whole_hours(log, read(log, self.window, logs), self.by)
        if empty := nothing(log, reading):
            return empty
        asked = Asked(log.source, reading, self.where)
        logs.progress("Comparing answers with outcomes", None)
        found = report(log, reading, self.where, self.by)
        if not found.arrived.rows and self.where:
            return no_rows(log, asked)
        return answer_words(Told(asked, found, self.by))
