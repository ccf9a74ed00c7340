"""Does 80 % mean 80 %: stated probabilities against what happened."""

from __future__ import annotations

from queries.calibration.answer import answer_words
from queries.calibration.report import calibrations
from queries.calibration.told import Told
from queries.core.answer import Answer
from queries.core.errors import NotAnswerable
from queries.core.filters import Filter
from queries.core.logs import Logs
from queries.core.question import Question
from queries.core.takes import only_where, split_by, which_model, which_time
from queries.core.times.reading import nothing, read
from queries.core.times.when import Window
from queries.core.times.whole import in_whole_hours
from queries.core.topics import Topic
from queries.measures.columns.declared import check_values
from queries.wording.asked import Asked
from queries.wording.no_rows import no_rows


class Calibration(Question):
    """Whether the model's probabilities can be taken at their word."""

    name, title = "calibration", "Does 80 % mean 80 %?"
    about = "Whether things happen as often as the model says, once outcomes are in."
    asked_as = ("calibrated", "probability", "probabilities", "chance", "trust")
    topic = Topic.GOOD
    rank = 36
    needs = ("score", "outcome")
    terms = ("calibration error", "chance", "Brier score", "outcome", "mature day")
    examples = (
        "calibration {model} last 30 days",
        "calibration {model} last 30 days by version",
        "calibration {model} last month",
    )

    model: str = which_model()
    window: Window = which_time("last 30 days")
    by: str | None = split_by()
    where: tuple[Filter, ...] = only_where()

    def answer(self, logs: Logs) -> Answer:
        """Hold each stated probability against what happened."""
        log = logs.of(self.model)
        if log.source.task not in ("binary", "multiclass"):
            raise NotAnswerable(
                f"{log.source.title} states no probabilities: its task is {log.source.task}. If it "
                f"chooses between classes, set `task` under [sources.{log.source.name}] to binary "
                "or multiclass."
            )
        # For its refusal, which says what to declare, before anything is read.
        log.column("outcome")
        check_values(log)
        reading = in_whole_hours(log, read(log, self.window, logs), self.by)
        if empty := nothing(log, reading):
            return empty
        asked = Asked(log.source, reading, self.where)
        logs.progress("Comparing probabilities with outcomes", None)
        found = calibrations(log, reading, self.where, self.by)
        if not found.complete.arrived.rows and self.where:
            return no_rows(log, asked)
        return answer_words(Told(asked, found, self.by))
