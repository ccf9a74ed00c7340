"""What predictions did to the business: what came of them, by decision, score and slice."""

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
from queries.measures.columns.declared import check_values
from queries.outcomes.answer import answer_words
from queries.outcomes.report import outcome_report
from queries.outcomes.told import Told
from queries.wording.asked import Asked
from queries.wording.no_rows import no_rows


class Outcomes(Question):
    """What came of what the model said, and what that was worth."""

    name, title = "outcomes", "What did predictions do to the business?"
    about = (
        "How cases turned out and what they were worth, by decision, score band and slice; what "
        "the score finds (lift and gain); followed decisions beside overruled ones."
    )
    asked_as = (
        *("outcome", "repaid", "default", "defaults", "worth", "money", "result", "results"),
        *("lift", "gain"),
    )
    topic = Topic.GOOD
    rank = 38
    needs = ("outcome",)
    terms = ("outcome", "mature day", "score band", "lift", "gain", "says the opposite")
    examples = (
        "outcomes {model} last 30 days",
        "outcomes {model} last 30 days by version",
    )

    model: str = which_model()
    window: Window = which_time("last 30 days")
    by: str | None = split_by(hint="Otherwise by the version and all dimensions.")
    where: tuple[Filter, ...] = only_where()

    def answer(self, logs: Logs) -> Answer:
        """Count what came of the requests of complete days."""
        log = logs.of(self.model)
        # For its refusal, which says what to declare, before anything is read.
        log.column("outcome")
        _check(log)
        reading = in_whole_hours(log, read(log, self.window, logs), self.by)
        if empty := nothing(log, reading):
            return empty
        logs.progress("Counting what came of it", None)
        dimensions = [self.by] if self.by else log.dimensions
        found = outcome_report(log, reading, self.where, dimensions)
        asked = Asked(log.source, reading, self.where)
        if not found.complete.arrived.rows and self.where:
            return no_rows(log, asked)
        return answer_words(Told(asked, found, self.by, log.has("entity_id")))


def _check(log: Log) -> None:
    """Refuse a model whose outcomes neither count nor average. Raises NotAnswerable."""
    source = log.source
    if source.task not in ("binary", "regression"):
        raise NotAnswerable(
            f"{source.title} has no outcome to count: its task is {source.task}. If one outcome "
            f"is what matters, set `task` under [sources.{source.name}] to binary and `positive` "
            "to that outcome."
        )
    check_values(log)
