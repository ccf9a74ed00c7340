"""Is the new version better: two versions, slices or times held against each other."""

from __future__ import annotations

from queries.compare.answer import answer_words
from queries.core.answer import Answer
from queries.core.errors import BadQuestion, Problem
from queries.core.filters import Filter
from queries.core.kinds.pair import Pair
from queries.core.kinds.pairs import OtherTime, Pairs
from queries.core.logs import Logs
from queries.core.question import Question, param
from queries.core.takes import only_where, split_by, which_model, which_time
from queries.core.times.reading import nothing, read
from queries.core.times.when import Window
from queries.core.times.whole import in_whole_hours
from queries.core.topics import Topic
from queries.measures.sides.comparison import comparison
from queries.measures.sides.which import of_times, of_values
from queries.wording.asked import Asked
from queries.wording.no_rows import no_rows


class Compare(Question):
    """Whether the new version does better, or one part, or another time."""

    name, title = "compare", "Is the new version better?"
    about = (
        "Two versions, parts or times side by side: traffic, failures, latency, answers, outcomes "
        "and groups, as they came and weighed alike."
    )
    asked_as = (
        *("compared", "comparison", "version", "versions", "versus", "better", "worse"),
        "newer",
    )
    topic = Topic.GOOD
    rank = 30
    terms = (
        *("weighed alike", "traffic isn't comparable", "Simpson's paradox", "enough to act"),
        *("no difference shown", "gap between groups"),
    )
    examples = (
        "compare {model}",
        "compare {model} versions 2.3 to 2.2",
        "compare {model} last 7 days region emea to apac",
        "compare {model} last 7 days against 2026-11-02..2026-11-08",
    )

    model: str = which_model()
    between: Pair | None = param(
        Pairs(),
        "What with what",
        default=None,
        hint="Otherwise the newest version and the one before, while both served.",
    )
    window: Window = which_time("last 30 days")
    against: Window | None = param(
        OtherTime(), "Against which other time", default=None, hint="To compare two times instead."
    )
    by: str | None = split_by(
        "Compare within", hint="Otherwise within what the two differ in most, such as the region."
    )
    where: tuple[Filter, ...] = only_where()

    def answer(self, logs: Logs) -> Answer:
        """Hold two sides against each other by everything that the log tells."""
        if self.between and self.against:
            message = "Compare either two values or two times: leave one of them out."
            raise BadQuestion(Problem("against", message))
        log = logs.of(self.model)
        reading = in_whole_hours(log, read(log, self.window, logs), self.by)
        if empty := nothing(log, reading):
            return empty
        asked, other = Asked(log.source, reading, self.where), None
        logs.progress("Comparing", None)
        if self.against:
            past = in_whole_hours(log, read(log, self.against, logs), self.by)
            sides = of_times(log, reading, past, self.where)
            other = Asked(log.source, past, self.where)
        else:
            sides = of_values(log, self.between, reading, self.where, _OTHERWISE)
        others = [other.reading] if other else []
        found = comparison(log, reading, sides, self.by, None, others)
        return answer_words(asked, found, other) if all(found.rows) else no_rows(log, asked)


_OTHERWISE = (
    ", or ask what else to compare: two values, as in `region emea to apac`, or `against` a time"
)
