"""Was it only good in the laboratory: the reference set against production."""

from __future__ import annotations

from queries.core.answer import Answer
from queries.core.filters import Filter
from queries.core.logs import Logs
from queries.core.params import Conditions, Dimension, Model, Time
from queries.core.question import Question, param
from queries.core.times.reading import nothing, read
from queries.core.times.when import Window
from queries.core.topics import Topic
from queries.gap.answer import answer_words
from queries.gap.report import gap
from queries.gap.told import Told
from queries.measures.columns.declared import check_task, check_values
from queries.wording.asked import Asked
from queries.wording.no_rows import no_rows


class Gap(Question):
    """How production compares with what was measured before release."""

    name, title = "gap", "Was it only good in the laboratory?"
    about = "Production against the reference set, by the same metrics, once outcomes are in."
    asked_as = ("training", "trained", "skew", "laboratory")
    topic = Topic.GOOD
    rank = 34
    needs = ("outcome",)
    terms = (
        *("laboratory", "gap", "worse", "outcome", "mature day", "first seen"),
        "range by chance",
    )
    examples = (
        "gap {model} last 30 days",
        "gap {model} last 30 days by version",
        "gap {model} last month",
    )

    model: str = param(Model(), "Which model")
    window: Window = param(Time(), "Which time", default="last 30 days")
    by: str | None = param(Dimension(), "Split by", default=None)
    where: tuple[Filter, ...] = param(Conditions(), "Only requests where", default="")

    def answer(self, logs: Logs) -> Answer:
        """Hold production against the reference set."""
        log = logs.of(self.model)
        check_task(log)
        # For its refusal, which says what to declare, before anything is read.
        log.column("outcome")
        check_values(log)
        reading = read(log, self.window, logs)
        if empty := nothing(log, reading):
            return empty
        asked = Asked(log.source, reading, self.where)
        logs.progress("Comparing production with the reference set", None)
        found = gap(log, reading, self.where, self.by)
        if not found.report.arrived.rows and self.where:
            return no_rows(log, asked)
        return answer_words(Told(asked, found, self.by))
