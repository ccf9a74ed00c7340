"""Was it only good in the laboratory: the reference set against production."""

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
from queries.gap.answer import answer_words
from queries.gap.report import gap
from queries.gap.told import Told
from queries.measures.columns.declared import check_judged
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

    model: str = which_model()
    window: Window = which_time("last 30 days")
    by: str | None = split_by()
    where: tuple[Filter, ...] = only_where()

    def answer(self, logs: Logs) -> Answer:
        """Hold production against the reference set."""
        log = logs.of(self.model)
        check_judged(log)
        reading = in_whole_hours(log, read(log, self.window, logs), self.by)
        if empty := nothing(log, reading):
            return empty
        asked = Asked(log.source, reading, self.where)
        logs.progress("Comparing production with the reference set", None)
        found = gap(log, reading, self.where, self.by)
        if not found.report.arrived.rows and self.where:
            return no_rows(log, asked)
        return answer_words(Told(asked, found, self.by))
