"""Is the data broken: missing, unreadable, infinite, out of range, never seen, constant."""

from __future__ import annotations

from queries.core.answer import Answer
from queries.core.errors import NotAnswerable
from queries.core.filters import Filter
from queries.core.log import Log
from queries.core.logs import Logs
from queries.core.params import OneOf
from queries.core.question import Question, param
from queries.core.takes import only_where, which_model, which_time
from queries.core.times.reading import nothing, read
from queries.core.times.when import Window
from queries.core.topics import Topic
from queries.measures.columns.declared import is_left_out
from queries.measures.columns.occurring import never
from queries.measures.counting.expressions import Sample
from queries.measures.past.before import AGAINST, before, on_both_sides, reference_first
from queries.quality.answer import answer_words
from queries.quality.broken import broken_columns
from queries.quality.chunks import quality_chunks
from queries.quality.repeated import repeated_requests
from queries.quality.statuses import untold_statuses
from queries.quality.times import fault_times, with_jumps
from queries.quality.told import Told
from queries.wording.asked import Asked
from queries.wording.before import compared_otherwise, than
from queries.wording.no_rows import no_rows


class Quality(Question):
    """Which columns are broken."""

    name, title = "quality", "Is the data broken?"
    about = (
        "What is missing, unreadable, out of range, never seen or stuck on one value, against "
        "the reference or the weeks before, and since when."
    )
    asked_as = ("data", "missing", "empty", "null", "nulls", "corrupt", "unreadable")
    topic = Topic.DATA
    rank = 25
    terms = ("broken", "missing values", "out of range", "never seen", "constant", "since about")
    examples = (
        "quality {model} last 24 hours",
        "quality {model} last 7 days against usual",
        "quality {model} yesterday",
    )

    model: str = which_model()
    window: Window = which_time("last 24 hours")
    against: str | None = param(
        OneOf(AGAINST),
        "Compared with",
        default=None,
        hint="Otherwise the reference set, where the model has one.",
    )
    where: tuple[Filter, ...] = only_where()

    def answer(self, logs: Logs) -> Answer:
        """Judge every column against what it was, and say since when it is broken."""
        log = logs.of(self.model)
        declared = _declared(log)
        reading = read(log, self.window, logs)
        if empty := nothing(log, reading):
            return empty
        asked = Asked(log.source, reading, self.where)
        now = Sample(spans=reading.spans, where=tuple(log.matches(self.where)))
        was = before(log, reading, self.where, self.against or reference_first(log))
        names, not_compared = on_both_sides(log, declared, was.sample.dataset)
        is_left_out(log, never(log, ("status",), log.source.ok_status, "ok_status", least=1))
        logs.progress("Looking at every column", None)
        columns = broken_columns(log, names, was, now)
        if not any(each.column.rows for each in columns):
            return no_rows(log, asked)
        times = fault_times(log, columns, reading.covered, now.where) if reading.covered else ()
        # What emptied an hour ago hardly shows in a day's share: the jump
        # itself says that it broke.
        columns = with_jumps(columns, times)
        told = Told(
            asked=asked,
            columns=columns,
            than=than(was, reading.grain),
            times=times,
            repeated=repeated_requests(log, now),
            untold=untold_statuses(log, was.sample, now),
            caveats=(*compared_otherwise(was), *not_compared),
        )
        chunks = quality_chunks(log, columns, was, now) if log.source.chunks else ()
        return answer_words(told, chunks)


def _declared(log: Log) -> tuple[str, ...]:
    """The columns to look at: features, what is made of them, and metrics beside them."""
    source = log.source
    names = tuple(dict.fromkeys((*source.features, *source.transformed, *source.metrics)))
    if not names:
        raise NotAnswerable(
            f"{log.source.title} declares neither features nor metrics to look at. "
            f"List them as `features` or `metrics` under [sources.{log.source.name}.roles]."
        )
    return names
