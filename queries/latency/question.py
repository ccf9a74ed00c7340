"""Is it slow: quantiles against usual, over time and by slice, and the share over a limit."""

from __future__ import annotations

from queries.core.answer import Answer
from queries.core.filters import Filter
from queries.core.logs import Logs
from queries.core.params import Duration
from queries.core.question import Question, param
from queries.core.takes import only_where, split_by, which_model, which_time
from queries.core.times.reading import nothing, read
from queries.core.times.when import Window
from queries.core.times.whole import in_whole_hours
from queries.core.topics import Topic
from queries.latency.answer import answer_words
from queries.latency.report import latency
from queries.measures.past.periods import comparable
from queries.measures.pulse.latency_verdict import Verdict
from queries.wording.asked import Asked
from queries.wording.no_rows import no_rows


class Latency(Question):
    """How long requests take, at the median and at the slow end."""

    name, title = "latency", "Is it slow?"
    about = "How long requests take against usual, since when longer, where, and how many too long."
    asked_as = (
        "slow",
        "slower",
        "speed",
        "fast",
        "long",
        "wait",
        "waiting",
        "timeout",
        "timeouts",
    )
    topic = Topic.WRONG
    rank = 14
    needs = ("latency_ms",)
    terms = ("half within, 95 of 100 within", "slower", "usual", "unusual", "since about")
    examples = (
        "latency {model} last 24 hours",
        "latency {model} last 7 days by version",
        "latency {model} yesterday over 500ms",
    )

    model: str = which_model()
    window: Window = which_time("last 24 hours")
    by: str | None = split_by()
    over: int | None = param(
        Duration(), "Too long, in milliseconds", default=None, hint="The share that takes longer."
    )
    where: tuple[Filter, ...] = only_where()

    def answer(self, logs: Logs) -> Answer:
        """Say whether requests take longer than usual, since when, and which part does."""
        log = logs.of(self.model)
        # For its refusal, which says what to declare, before anything is read.
        log.column("latency_ms")
        reading = in_whole_hours(log, read(log, self.window, logs), self.by)
        if empty := nothing(log, reading):
            return empty
        past = comparable(
            reading.asked_span, reading.grain, reading.data_through, reading.zone, reading.first
        )
        logs.progress("Measuring latencies", None)
        dimensions = [self.by] if self.by else log.dimensions
        spans = (reading.begun_span, *past)
        found = latency(log, spans, log.matches(self.where), dimensions, self.over, self.by)
        asked = Asked(log.source, reading, self.where)
        if found.verdict is Verdict.NONE and not found.timeline.rows[0].any():
            return no_rows(log, asked)
        carried = found.carrier.dimension if found.carrier else None
        return answer_words(found, asked, self.by or carried)
