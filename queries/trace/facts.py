"""The facts of one request, as a card: what was decided, of what score, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Fact
from queries.core.log import Log
from queries.measures.cases.overruled import was_overridden
from queries.measures.columns.open import is_open
from queries.trace.phrases import exact, place, scores
from queries.trace.report import Traced
from queries.wording.asked import Asked
from queries.wording.performance.population import chosen

MOST = 10


def facts(found: Traced, log: Log, asked: Asked) -> tuple[Fact, ...]:
    """Give what a person reads first of a request; what is not logged is left out."""
    return tuple(_facts(found, log, asked))[:MOST]


def _facts(found: Traced, log: Log, asked: Asked) -> Iterator[Fact]:
    row = found.row
    for name in ("request_id", "entity_id"):
        if row.get(name) not in (None, ""):
            yield Fact(name.replace("_", " ").capitalize(), str(row[name]))
    if found.found.time is not None:
        yield Fact("Time", found.found.time, "time")
    if row.get("version") not in (None, ""):
        yield Fact("Version", exact(row["version"]))
    if row.get("error") not in (None, ""):
        yield Fact("Error", exact(row["error"]))
    yield from _decided(found)
    yield from _scored(found)
    if (outcome := outcome_fact(found, log, asked)) is not None:
        yield outcome


def _decided(found: Traced) -> Iterator[Fact]:
    row = found.row
    if row.get("decision") not in (None, ""):
        yield Fact("Decision", exact(row["decision"]), note=override(found))
    elif row.get("prediction") not in (None, ""):
        yield Fact("Prediction", exact(row["prediction"]))


def override(found: Traced) -> str:
    """Say that a person turned the decision round, and why; nothing where nobody did."""
    if not was_overridden(found.row.get("override")):
        return ""
    reason = found.row.get("override_reason")
    said = f": {words.value(reason)}" if reason not in (None, "") else ", without a reason"
    return f"a person turned it round{said}"


def _scored(found: Traced) -> Iterator[Fact]:
    score, threshold = found.row.get("score"), found.row.get("threshold")
    if not isinstance(score, int | float):
        return
    note = place(found.places.of["score"]) if "score" in found.places.of else ""
    yield Fact("Score", exact(score), note=note)
    if isinstance(threshold, int | float):
        _, _, margin = scores(float(score), float(threshold))
        side = "above" if score > threshold else "below"
        said = f"the score is {margin} {side}" if score != threshold else "the score is just that"
        yield Fact("Threshold", exact(threshold), note=said)


def outcome_fact(found: Traced, log: Log, asked: Asked) -> Fact | None:
    """What came of it, or why that isn't known; None where no outcome may be shown."""
    if not is_open(log, "outcome"):
        return None
    value = found.row.get("outcome")
    if value not in (None, ""):
        return Fact("Outcome", exact(value))
    return Fact("Outcome", "not known", note=no_outcome(found, asked))


def no_outcome(found: Traced, asked: Asked) -> str:
    """Say why there is no outcome."""
    source, decision = asked.source, found.row.get("decision")
    if source.decided and decision not in source.decided:
        return f"only the decision {chosen(source)} can have one"
    at, delay = found.found.time, source.outcome_delay
    if at is not None and delay and asked.reading.now - at < delay:
        return f"not in yet: it takes up to {words.lasting(delay)}"
    return "none was reported"
