"""Why this decision: one request from its inputs to its outcome, to the asker alone."""

from __future__ import annotations

from queries.core.answer import Answer
from queries.core.logs import Logs
from queries.core.params import Id, OneOf
from queries.core.question import Question, param
from queries.core.takes import which_model, which_time
from queries.core.times.reading import nothing, read
from queries.core.times.when import Window
from queries.trace.answer import answer_words, not_found
from queries.trace.charts import PICTURES
from queries.trace.report import traced
from queries.trace.request import find_request
from queries.wording.asked import Asked


class Trace(Question):
    """Why one request was decided as it was."""

    name, title = "trace", "Why this decision?"
    about = (
        "One request from inputs to outcome: what was unusual, whether each step matches the log, "
        "and what was decided in similar cases; to you alone."
    )
    asked_as = ("explain", "decision", "single", "case", "applicant")
    rank = 95
    private = True
    one_page = True
    needs = ("request_id",)
    terms = ("place", "matches the log", "margin", "similar", "attribution")
    examples = (
        "trace {model} EMEA-0000123",
        "trace {model} r102500",
        "trace {model} EMEA-0000123 last 30 days picture history",
    )

    model: str = which_model()
    id: str = param(
        Id(), "Request or entity id", hint="Of an entity, the newest request is traced."
    )
    window: Window = which_time("all")
    picture: str | None = param(
        OneOf(PICTURES),
        "Which picture",
        default=None,
        hint="Otherwise what weighed most, where that is logged, or where its inputs lie.",
    )

    def answer(self, logs: Logs) -> Answer:
        """Find the request, hold it against those around it, and compute its steps again."""
        log = logs.of(self.model)
        reading = read(log, self.window, logs)
        if empty := nothing(log, reading):
            return empty
        asked = Asked(log.source, reading)
        logs.progress("Looking for the request", None)
        found = find_request(log, self.id, reading.spans)
        if found is None:
            return not_found(log, asked, self.id)
        logs.progress("Comparing it with the requests around it", None)
        return answer_words(traced(log, found, reading), log, asked, self.picture)
