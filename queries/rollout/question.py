"""Can the rollout go on: who is served by the new version, and what must not get worse."""

from __future__ import annotations

from queries.core.answer import Answer
from queries.core.errors import NotAnswerable
from queries.core.filters import Filter
from queries.core.kinds.pair import VERSION, Pair
from queries.core.kinds.pairs import Pairs
from queries.core.logs import Logs
from queries.core.params import Duration
from queries.core.question import Question, param
from queries.core.takes import only_where, split_by, which_model, which_time
from queries.core.times.reading import nothing, read
from queries.core.times.when import Window
from queries.core.times.whole import in_whole_hours
from queries.core.topics import Topic
from queries.measures.sides.comparison import comparison
from queries.measures.sides.which import of_values
from queries.rollout.answer import answer_words
from queries.rollout.report import rollout_report
from queries.wording.asked import Asked
from queries.wording.no_rows import no_rows


class Rollout(Question):
    """Whether a new version can be given to more people."""

    name, title = "rollout", "Can the rollout go on?"
    about = (
        "Go on, hold or look: failures, slow requests, outcomes and groups of the new version "
        "against the old one while both serve, readable every day."
    )
    asked_as = ("canary", "release", "released", "deploy", "deployed", "deployment", "safe")
    topic = Topic.GOOD
    rank = 32
    needs = ("time", "version")
    terms = ("guardrail of a rollout", "may be", "weighed alike", "gap between groups")
    examples = (
        "rollout {model}",
        "rollout {model} versions 2.3 to 2.2",
        "rollout {model} over 500ms by region",
    )

    model: str = which_model()
    between: Pair | None = param(
        Pairs(VERSION),
        "New and old version",
        default=None,
        hint="Otherwise the newest one and the one before.",
    )
    window: Window = which_time("last 30 days")
    over: int | None = param(
        Duration(),
        "Too long, in milliseconds",
        default=None,
        hint="Otherwise longer than 95 of 100 requests of the old version take.",
    )
    by: str | None = split_by(
        "Compare within", hint="Otherwise within what the two differ in most, such as the region."
    )
    where: tuple[Filter, ...] = only_where()

    def answer(self, logs: Logs) -> Answer:
        """Hold the new version against the old one where both serve, and say what to do."""
        log = logs.of(self.model)
        # For its refusal: without times nobody knows when both versions served.
        log.column("time")
        reading = in_whole_hours(log, read(log, self.window, logs), self.by)
        if empty := nothing(log, reading):
            return empty
        logs.progress("Comparing the versions", None)
        sides = of_values(log, self.between, reading, self.where)
        if not sides.together or not sides.sample.spans:
            raise NotAnswerable(_NEVER.format(*sides.names, log.source.name))
        found = comparison(log, reading, sides, self.by, self.over)
        asked = Asked(log.source, reading, self.where)
        if not all(found.rows):
            return no_rows(log, asked)
        where = log.matches(self.where)
        return answer_words(asked, rollout_report(log, found, sides.sample.spans[0], where))


_NEVER = (
    "Versions “{}” and “{}” never served at the same time here, so that what else changed "
    "meanwhile can't be told from the rollout. Ask `compare {}` for what differs."
)
