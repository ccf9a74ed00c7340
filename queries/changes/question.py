"""What changed around then: one time line of an incident, and what is likely to have come first."""

from __future__ import annotations

import numpy as np

from queries.changes.answer import answer_words
from queries.changes.outcome_gap import outcome_gap, outcomes_are_dated
from queries.changes.suspects import suspicion
from queries.changes.timeline import time_line
from queries.changes.told import Told
from queries.core.answer import Answer
from queries.core.filters import Filter
from queries.core.logs import Logs
from queries.core.question import Question
from queries.core.takes import only_where, which_model, which_time
from queries.core.times.reading import nothing, read
from queries.core.times.when import Window
from queries.core.topics import Topic
from queries.measures.past.periods import comparable
from queries.wording.asked import Asked
from queries.wording.no_rows import no_rows


class Changes(Question):
    """What changed, and since when."""

    name, title = "changes", "What changed around then?"
    about = (
        "Versions, traffic, failures, latency, inputs and outputs on one time line, with what is "
        "likely to have come first."
    )
    asked_as = ("change", "changed", "different", "happened", "since")
    topic = Topic.WRONG
    rank = 15
    needs = ("time",)
    terms = ("changed", "likely first cause", "since about", "usual", "emptied", "slow")
    examples = (
        "changes {model} last 24 hours",
        "changes {model} yesterday 6am-6pm",
    )

    model: str = which_model()
    window: Window = which_time("last 24 hours")
    where: tuple[Filter, ...] = only_where()

    def answer(self, logs: Logs) -> Answer:
        """Put everything that changed in order, and weigh what came first."""
        log = logs.of(self.model)
        reading = read(log, self.window, logs)
        if empty := nothing(log, reading):
            return empty
        past = comparable(
            reading.asked_span, reading.grain, reading.data_through, reading.zone, reading.first
        )
        asked, where = Asked(log.source, reading, self.where), log.matches(self.where)
        spans = (reading.begun_span, *past)
        logs.progress("Looking for what changed", None)
        line = time_line(log, spans, where, log.dimensions, np.random.default_rng(0))
        if not line.requests:
            return no_rows(log, asked)
        told = Told(
            asked,
            line,
            suspicion(log, line, where),
            # Outcomes of a part may well stop when its requests do: a stop is one of the whole log.
            None if self.where else outcome_gap(log, spans[0], logs.now, reading.zone),
            outcomes_are_dated(log) and not self.where,
        )
        return answer_words(told)
