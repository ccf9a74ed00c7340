"""How good is it probably, before outcomes arrive: performance estimated from scores."""

from __future__ import annotations

from queries.core.answer import Answer
from queries.core.errors import NotAnswerable
from queries.core.filters import Filter
from queries.core.log import Log
from queries.core.logs import Logs
from queries.core.question import Question
from queries.core.takes import only_where, split_by, which_model, which_time
from queries.core.times.reading import nothing, read
from queries.core.times.when import Window
from queries.core.times.whole import in_whole_hours
from queries.core.topics import Topic
from queries.estimate.answer import answer_words
from queries.estimate.report import estimates
from queries.estimate.told import Told
from queries.measures.columns.declared import check_values
from queries.wording.asked import Asked
from queries.wording.no_rows import no_rows


class Estimate(Question):
    """How good the model probably is where outcomes are still to come."""

    name, title = "estimate", "How good is it probably?"
    about = "How good it should turn out before outcomes arrive, and how that turned out earlier."
    asked_as = ("estimated", "expected", "probably")
    topic = Topic.GOOD
    rank = 32
    needs = ("score",)
    terms = ("estimated", "band", "reference set", "outcome", "mature day", "calibration error")
    examples = (
        "estimate {model} last 7 days",
        "estimate {model} last 30 days",
        "estimate {model} last 30 days by version",
    )

    model: str = which_model()
    window: Window = which_time("last 30 days")
    by: str | None = split_by()
    where: tuple[Filter, ...] = only_where()

    def answer(self, logs: Logs) -> Answer:
        """Estimate from the scores, by what they meant in the reference set."""
        log = logs.of(self.model)
        _check_task(log)
        check_values(log)
        reading = in_whole_hours(log, read(log, self.window, logs), self.by)
        if empty := nothing(log, reading):
            return empty
        asked = Asked(log.source, reading, self.where)
        logs.progress("Reading scores by what they meant in the reference set", None)
        found = estimates(log, reading, self.where, self.by)
        if not found.requests + found.unscored and self.where:
            return no_rows(log, asked)
        return answer_words(Told(asked, found, self.by))


def _check_task(log: Log) -> None:
    """Refuse tasks for which no estimate is built yet."""
    source = log.source
    if source.task == "binary":
        return
    what = {
        "none": "It declares no task",
        "multiclass": "It chooses among several classes",
        "regression": "It predicts numbers",
    }[source.task]
    raise NotAnswerable(
        f"How good {source.title} probably is can't be estimated. {what}; estimates are made from "
        "the score of a yes-or-no model (task = “binary”). Once outcomes are in, ask “performance”."
    )
