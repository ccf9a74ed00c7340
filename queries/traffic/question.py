"""Are requests as usual: against the same hours of past weeks, since when, where, and gaps."""

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
from queries.measures.pulse.silence import since_the_last
from queries.measures.pulse.traffic import Verdict, traffic
from queries.traffic.answer import answer_words
from queries.traffic.findings import silent
from queries.wording.asked import Asked
from queries.wording.no_rows import no_rows


class Traffic(Question):
    """Whether as many requests come as usual, and whether none came for too long."""

    name, title = "traffic", "Are requests as usual?"
    about = "How many requests come against the same hours of past weeks, and gaps without any."
    asked_as = ("request", "requests", "volume", "calls", "many", "busy", "load")
    topic = Topic.WRONG
    rank = 12
    needs = ("time",)
    terms = ("usual", "unusual", "since about", "times usual", "gap in requests")
    examples = (
        "traffic {model} last 24 hours",
        "traffic {model} last 7 days by version",
        "traffic {model} yesterday",
    )

    model: str = which_model()
    window: Window = which_time("last 24 hours")
    by: str | None = split_by()
    where: tuple[Filter, ...] = only_where()

    def answer(self, logs: Logs) -> Answer:
        """Say whether requests are as usual, since when not, and what carries the change."""
        log = logs.of(self.model)
        reading = in_whole_hours(log, read(log, self.window, logs), self.by)
        asked = Asked(log.source, reading, self.where)
        if empty := nothing(log, reading):
            gap = since_the_last(log, reading)
            return silent(gap, asked) if gap else empty
        logs.progress("Counting requests", None)
        dimensions = [self.by] if self.by else log.dimensions
        found = traffic(log, reading, log.matches(self.where), dimensions)
        if found.verdict is Verdict.NONE:
            return no_rows(log, asked)
        part = found.part.dimension if found.part else None
        return answer_words(found, asked, self.by or part)
