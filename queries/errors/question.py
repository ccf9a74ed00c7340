"""What fails: the rate over time against its usual, since when, of which kind, and where."""

from __future__ import annotations

from collections.abc import Mapping

from queries.core.answer import Answer
from queries.core.filters import Filter
from queries.core.logs import Logs
from queries.core.question import Question
from queries.core.takes import only_where, split_by, which_model, which_time
from queries.core.times.reading import nothing, read
from queries.core.times.when import Window
from queries.core.times.whole import in_whole_hours
from queries.core.topics import Topic
from queries.core.value import Cell
from queries.errors.answer import answer_words
from queries.measures.columns.declared import check_ok_status
from queries.measures.counting.over_time import OverTime, over_time_by
from queries.measures.failures.examples import shown_of_failures
from queries.measures.failures.incident import Verdict, investigate
from queries.measures.failures.results import is_known, results
from queries.measures.past.periods import comparable
from queries.wording.asked import Asked
from queries.wording.buckets import chart_seconds
from queries.wording.no_rows import no_rows
from queries.wording.unknown_results import unknowable


class Errors(Question):
    """Which requests failed."""

    name, title = "errors", "What fails?"
    about = "How many requests fail against usual, since when, of which kind, and where."
    asked_as = (
        *("fail", "fails", "failing", "failed", "failure", "failures", "error", "broken"),
        *("crash", "down", "outage"),
    )
    topic = Topic.WRONG
    rank = 10
    needs = ("failed",)
    terms = ("failed", "usual", "unusual", "since about", "extra failures", "rate")
    examples = (
        "errors {model} last 24 hours",
        "errors {model} last 24 hours by version",
        "errors {model} yesterday 9-11am",
    )

    model: str = which_model()
    window: Window = which_time("last 24 hours")
    by: str | None = split_by()
    where: tuple[Filter, ...] = only_where()

    def answer(self, logs: Logs) -> Answer:
        """Say whether failures are unusual, since when, and what carries them."""
        log = logs.of(self.model)
        # For its refusal, which says what to declare, before anything is read.
        log.column("failed")
        check_ok_status(log)
        reading = in_whole_hours(log, read(log, self.window, logs), self.by)
        if empty := nothing(log, reading):
            return empty
        past = comparable(
            reading.asked_span, reading.grain, reading.data_through, reading.zone, reading.first
        )
        logs.progress("Counting failures", None)
        where = log.matches(self.where)
        spans = (reading.begun_span, *past)
        asked = Asked(log.source, reading, self.where)
        known = results(log, spans, where)
        if known.none:
            return unknowable(asked, known)
        if known.some_unknown:
            where = [*where, is_known()]
        incident = investigate(log, spans, where, [self.by] if self.by else log.dimensions)
        if incident.verdict is Verdict.NONE:
            return no_rows(log, asked)
        split = self.by or (incident.carrier.dimension if incident.carrier else None)
        parts: Mapping[Cell, OverTime] = {}
        if split:
            seconds = chart_seconds(incident.timeline)
            failed = log.column("failed").is_(True)
            parts = over_time_by(log, split, failed, spans[0], where, seconds)
        return answer_words(incident, asked, known, split, shown_of_failures(log), parts)
