"""Are groups treated alike: favourable decisions and what came of them, group by group."""

from __future__ import annotations

from datetime import datetime

from queries.core.answer import Answer
from queries.core.errors import BadQuestion, NotAnswerable, Problem
from queries.core.filters import Filter
from queries.core.kinds.attributes import Attributes, CutOff, Day, Value
from queries.core.log import Log
from queries.core.logs import Logs
from queries.core.params import OneOf
from queries.core.question import Question, param
from queries.core.takes import only_where, which_model, which_time
from queries.core.times.reading import Reading, nothing, read
from queries.core.times.when import Window
from queries.core.times.whole import in_whole_days
from queries.core.topics import Topic
from queries.fairness.answer import answer_words
from queries.fairness.cut_off import check_cut_off
from queries.fairness.favourable import favourable
from queries.fairness.report import fairness_report
from queries.fairness.told import Told
from queries.wording.asked import Asked
from queries.wording.no_rows import no_rows

_OF = (
    ("decision", "The final decision, after people overruled"),
    ("prediction", "What the model itself said"),
    ("outcome", "How it turned out"),
)


class Fairness(Question):
    """Whether groups of people are treated alike."""

    name, title = "fairness", "Are groups treated alike?"
    about = (
        "How often each group gets the favourable decision and how right the model is about it, "
        "against a reference group, by version and over time."
    )
    asked_as = (
        *("fair", "unfair", "bias", "biased", "treated", "equally", "discriminate"),
        *("discrimination", "gender", "women", "men"),
    )
    topic = Topic.GOOD
    rank = 60
    terms = (
        *("favourable", "reference group", "four-fifths rule", "disparate impact"),
        *("mean difference", "metrics of a group", "withheld group", "gap opened"),
    )
    examples = (
        "fairness {model} last 30 days",
        "fairness {model} last 30 days by sex",
        "fairness {model} last 7 days by sex of prediction",
    )

    model: str = which_model()
    window: Window = which_time("last 30 days")
    by: tuple[str, ...] | None = param(
        Attributes(), "Groups by", default=None, hint="The first protected attribute otherwise."
    )
    of: str | None = param(
        OneOf(_OF), "Favourable by what", default=None, hint="The decision where it is logged."
    )
    reference: str | None = param(
        Value(), "Compared with the group", default=None, hint="The largest group otherwise."
    )
    cutoff: float | None = param(
        CutOff(), "Score against a cut-off", default=None, hint="Instead of what was decided."
    )
    date: Window | None = param(
        Day(),
        "Before and after",
        default=None,
        hint="A day, such as 2026-11-02: whether gaps grew or shrank since.",
    )
    where: tuple[Filter, ...] = only_where()

    def answer(self, logs: Logs) -> Answer:
        """Compare the groups' favourable rates, and their outcomes where they are known."""
        log = logs.of(self.model)
        by = self.by or _protected(log)
        for name in by:
            log.column(name)
        counted = favourable(log, self.of, self.cutoff, logs.now)
        reading = in_whole_days(log, read(log, self.window, logs), *by)
        if empty := nothing(log, reading):
            return empty
        if self.cutoff is not None:
            check_cut_off(log, reading, self.cutoff)
        turn = _turn(self.date, reading) if self.date else None
        logs.progress("Counting every group", None)
        found = fairness_report(log, reading, self.where, counted, by, self.reference, turn)
        asked = Asked(log.source, reading, self.where)
        if not found.rows:
            return no_rows(log, asked)
        return answer_words(Told(asked, found, self.cutoff, turn, log.has("entity_id")))


def _protected(log: Log) -> tuple[str, ...]:
    """The first protected attribute. Raises NotAnswerable without any."""
    names = [name for name in log.source.protected if log.has(name)]
    if not names:
        raise NotAnswerable(
            f"{log.source.title} declares no attributes of people to compare groups by. Set "
            f"`protected` under [sources.{log.source.name}.roles], or choose a column with `by`."
        )
    return (names[0],)


def _turn(date: Window, reading: Reading) -> datetime:
    """The moment to compare before and after. Raises where it is not within the time."""
    span = date.resolve(reading.now, reading.zone).span
    covered = reading.covered
    if span is None or covered is None or not covered.start < span.start < covered.end:
        message = f"“{date.text}” does not begin within the time asked about. Choose another day."
        if covered is None:
            raise NotAnswerable("This log has no times. Ask without a date.")
        raise BadQuestion(Problem("date", message))
    return span.start
