"""Whether a cut-off lies within the scores that it is held against."""

from __future__ import annotations

import sqlalchemy as sa

from queries.core import words
from queries.core.errors import BadQuestion, Problem
from queries.core.log import Log
from queries.core.source import Visibility
from queries.core.times.reading import Reading
from queries.measures.counting.expressions import finite


def check_cut_off(log: Log, reading: Reading, cutoff: float) -> None:
    """Refuse a cut-off that no score of the time reaches, or that all do.

    It names the range of all scores of the time, narrowed by nothing, where these may be listed.
    """
    score = finite(log.column("score"))
    ends = {"low": sa.func.min(score), "high": sa.func.max(score)}
    # Narrowed by nothing: the range of a few requests would show the score of a person.
    row = log.aggregate(ends, spans=reading.spans)[0]
    if row["low"] is None:
        return
    low, high = float(row["low"]), float(row["high"])
    higher = log.source.score_direction == "higher"
    none, every = (cutoff > high, cutoff <= low) if higher else (cutoff < low, cutoff >= high)
    if not (none or every):
        return
    which = "No score reaches" if none else "Every score reaches"
    message = f"{which} {cutoff:g}, so that all groups are alike by it."
    if log.visibility("score") is Visibility.OPEN:
        message += f" Scores run from {words.number(low)} to {words.number(high)} in this time."
    raise BadQuestion(Problem("cutoff", f"{message} Choose a cut-off within them."))
