"""Have the inputs changed: every feature against the reference or the comparable past."""

from __future__ import annotations

from queries.core.answer import Answer
from queries.core.errors import NotAnswerable
from queries.core.filters import Filter
from queries.core.log import Log
from queries.core.logs import Logs
from queries.core.params import OneOf
from queries.core.question import Question, param
from queries.core.takes import only_where, which_model, which_time
from queries.core.times.reading import Reading, nothing, read
from queries.core.times.when import Window
from queries.core.topics import Topic
from queries.inputs.answer import answer_words
from queries.inputs.changes import InputChange, Verdict, input_changes
from queries.inputs.chunks import input_chunks
from queries.inputs.findings import MOST_NAMED
from queries.inputs.tables import tables
from queries.inputs.told import Told
from queries.measures.columns.comparisons import Baseline, baseline
from queries.measures.columns.spreads import Spread, spread
from queries.measures.counting.expressions import Sample
from queries.measures.counting.jumps import Jump, jump
from queries.measures.past.before import AGAINST, before, on_both_sides, reference_first
from queries.wording.asked import Asked
from queries.wording.before import compared_otherwise, than
from queries.wording.no_rows import no_rows


class Inputs(Question):
    """Which inputs changed."""

    name, title = "inputs", "Have the inputs changed?"
    about = (
        "What the model is fed, against its reference or the weeks before: shifted, emptied, new."
    )
    asked_as = ("input", "feature", "features", "fed", "drift", "drifted", "drifting")
    topic = Topic.DATA
    rank = 20
    terms = ("shift", "shifted", "missing", "new values")
    examples = (
        "inputs {model} last 24 hours",
        "inputs {model} last 7 days against usual",
        "inputs {model} last week where version = 2.3",
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
        """Rank every input by how far it moved; what emptied comes first."""
        log = logs.of(self.model)
        if not log.source.features:
            raise NotAnswerable(
                f"{log.source.title} declares no features. "
                f"List them as `features` under [sources.{log.source.name}.roles]."
            )
        reading = read(log, self.window, logs)
        if empty := nothing(log, reading):
            return empty
        asked = Asked(log.source, reading, self.where)
        now = Sample(spans=reading.spans, where=tuple(log.matches(self.where)))
        was = before(log, reading, self.where, self.against or reference_first(log))
        names, not_compared = on_both_sides(log, log.source.features, was.sample.dataset)
        logs.progress("Comparing inputs", None)
        base = baseline(log, names, was.sample)
        changes = input_changes(log, base, now)
        if not changes[0].compared.now.rows:
            return no_rows(log, asked)
        told = Told(
            asked=asked,
            changes=changes,
            than=than(was, reading.grain),
            # Only of those that are named: each look for a jump is a pass over the time.
            jumps={each.name: _jump(log, each, reading, now) for each in changes[:MOST_NAMED]},
            caveats=(*compared_otherwise(was), *not_compared),
            spread=_spread(log, changes[0], base, now),
        )
        chunks = input_chunks(log, base, now) if log.source.chunks else ()
        return answer_words(told, tables(told, chunks))


def _jump(log: Log, change: InputChange, reading: Reading, now: Sample) -> Jump | None:
    """When an input emptied within the time asked for, and in how much since then."""
    if Verdict.EMPTIED not in change.verdicts or reading.covered is None:
        return None
    least = log.source.matters.missing
    return jump(log, log.missing(change.name), reading.covered, now.where, least)


def _spread(log: Log, worst: InputChange, base: Baseline, now: Sample) -> Spread | None:
    """How the worst input is spread, where it is a number that shifted."""
    low, high = worst.compared.now.low, worst.compared.now.high
    shifted = worst.verdicts[:1] == (Verdict.SHIFTED,)
    if not shifted or worst.name not in base.bins or low is None or high is None:
        return None
    return spread(log, worst.name, base.bins[worst.name], now, (low, high))
