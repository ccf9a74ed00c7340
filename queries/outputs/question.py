"""Did what the model says change enough to act: decisions, predictions, scores, now and before."""

from __future__ import annotations

from queries.core.answer import Answer
from queries.core.filters import Filter
from queries.core.logs import Logs
from queries.core.params import OneOf
from queries.core.question import Question, param
from queries.core.takes import only_where, split_by, which_model, which_time
from queries.core.times.reading import nothing, read
from queries.core.times.when import Window
from queries.core.times.whole import in_whole_hours
from queries.core.topics import Topic
from queries.measures.counting.expressions import Sample
from queries.measures.past.before import AGAINST, before, past_first
from queries.measures.predictions.outputs import outputs
from queries.outputs.answer import answer_words
from queries.outputs.report import output_report
from queries.outputs.told import Told
from queries.wording.asked import Asked
from queries.wording.before import compared_otherwise, than
from queries.wording.no_rows import no_rows


class Outputs(Question):
    """What the model says, and whether that changed."""

    name, title = "outputs", "Did what it says change?"
    about = (
        "Whether decisions, predictions and scores changed enough to act: how far, beyond chance "
        "or not, and in which part."
    )
    asked_as = (
        *("output", "says", "decide", "decided", "decides", "decision", "decisions"),
        *("approve", "approved", "approval", "approvals", "decline", "declined", "declines"),
        *("reject", "rejected", "score", "scores", "prediction", "predictions"),
    )
    topic = Topic.DATA
    rank = 28
    terms = ("enough to act", "no change shown", "stands out", "usual", "shift")
    examples = (
        "outputs {model} last 7 days",
        "outputs {model} last 24 hours",
        "outputs {model} last 7 days against usual",
    )

    model: str = which_model()
    window: Window = which_time("last 7 days")
    by: str | None = split_by()
    against: str | None = param(
        OneOf(AGAINST),
        "Compared with",
        default=None,
        hint="Otherwise the weeks before, where the log reaches back.",
    )
    where: tuple[Filter, ...] = only_where()

    def answer(self, logs: Logs) -> Answer:
        """Compare everything that the model says with what it said before."""
        log = logs.of(self.model)
        # For its refusal, which says what to declare; without samples nothing is read.
        outputs(log, ())
        reading = in_whole_hours(log, read(log, self.window, logs), self.by)
        if empty := nothing(log, reading):
            return empty
        asked = Asked(log.source, reading, self.where)
        now = Sample(spans=reading.spans, where=tuple(log.matches(self.where)))
        was = before(log, reading, self.where, self.against or past_first(log, reading))
        logs.progress("Comparing what the model says", None)
        report = output_report(log, was, now, [self.by] if self.by else log.dimensions)
        if not report.rows:
            return no_rows(log, asked)
        compared = than(was, reading.grain)
        return answer_words(Told(asked, report, compared, self.by, compared_otherwise(was)))
