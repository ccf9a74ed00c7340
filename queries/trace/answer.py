"""Why one request was decided as it was, in words: what stands out, and what can't be told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from queries.core import words
from queries.core.answer import Answer, CannotShow, FollowUp, Population, Severity
from queries.core.filters import Filter
from queries.core.log import Log
from queries.measures.cases.overruled import was_overridden
from queries.measures.columns.open import is_open
from queries.trace.charts import HISTORY, chart
from queries.trace.facts import facts
from queries.trace.findings import findings
from queries.trace.phrases import empty, failure, is_named, said, scores, week
from queries.trace.report import Traced
from queries.trace.request import IDS
from queries.trace.tables import tables
from queries.trace.untold import Untold, untold
from queries.wording.asked import Asked

_SHOWN_ID = 40
_AROUND = timedelta(hours=3)


def answer_words(found: Traced, log: Log, asked: Asked, picture: str | None) -> Answer:
    """Lay out everything that was found of one request."""
    left = untold(found, log, asked)
    return Answer(
        severity=_severity(found),
        headline=_headline(found, asked),
        summary=_summary(found, asked),
        findings=findings(found, asked),
        tables=tables(found, log, left),
        chart=chart(found, asked, picture),
        caveats=tuple(_caveats(found, left)),
        follow_ups=tuple(_follow_ups(found, asked, picture)),
        facts=facts(found, log, asked),
    )


def not_found(log: Log, asked: Asked, wanted: str) -> Answer:
    """Say that nothing has the id, and what to try next."""
    roles = [role.replace("_", " ") for role in IDS if is_open(log, role)]
    id_ = words.echoed(words.shortened(wanted, _SHOWN_ID))
    text = [f"No {words.listed(roles, last='or')} {asked.reading.text} is {id_}."]
    text.append("Ids are compared sign by sign, capitals too.")
    steps = []
    if asked.reading.window.text != "all" and asked.reading.span is not None:
        text.append("It may lie at another time.")
        steps.append(FollowUp("Look in the whole log", asked.anytime("trace", id=wanted)))
    part = next((r for r in IDS if is_open(log, r) and log.kind(r) == "text"), None)
    if part:
        where = str(Filter(part, "contains", (wanted,)))
        label = f"{part.replace('_', ' ').capitalize()}s that contain it"
        steps.append(FollowUp(label, asked.anytime("find", where=where)))
    return Answer(
        Severity.UNKNOWN,
        f"{asked.source.name}: no requests {asked.reading.text} have the id {id_}",
        " ".join(text),
        follow_ups=tuple(steps),
    )


def _severity(found: Traced) -> Severity:
    """A step that is off, or an empty input that the error names, is worth looking into."""
    named = any(is_named(found, one) for one in empty(found))
    return Severity.WARNING if found.first_off or named else Severity.NOTE


def _headline(found: Traced, asked: Asked) -> str:
    """What was decided, and the number that carries it."""
    row = found.row
    which = words.shortened(str(row.get(found.found.by)), _SHOWN_ID)
    name = f"{asked.source.name}: {which}"
    decision = said(row)
    if decision is None:
        error = failure(row)
        failed = f"failed with {words.echoed(_short(error))}" if error is not None else ""
        return f"{name} {failed or 'has no decision'}"
    decided = f"{name} got “{_short(decision)}”"
    score, threshold = row.get("score"), row.get("threshold")
    if not isinstance(score, int | float):
        return decided
    by = "although its" if was_overridden(row.get("override")) else "as its"
    if not isinstance(threshold, int | float):
        return f"{decided} with the score {words.number(score, 0.01)}"
    one, other, margin = scores(float(score), float(threshold))
    side = "above" if score > threshold else "below" if score < threshold else ""
    if not side:
        return f"{decided}, {by} score {one} is just at the threshold"
    return f"{decided}, {by} score {one} is {margin} {side} the threshold {other}"


def _short(value: object) -> str:
    return words.shortened(words.value(value), 40)


def _summary(found: Traced, asked: Asked) -> str:
    """When, whose, and what it is compared with."""
    row, parts = found.row, []
    if found.found.time is not None:
        version, at = row.get("version"), asked.moment(found.found.time)
        if said(row) is not None:
            by = f" by version {_short(version)}" if version else ""
            parts.append(f"It was answered at {at}{by}.")
        else:
            did = "came" if failure(row) is None else "failed"
            on = f", on version {_short(version)}" if version else ""
            parts.append(f"It {did} at {at}{on}.")
    if found.found.by == "entity_id":
        others = found.found.others_in_all
        more = f", of {words.counted(others + 1, 'request')}"
        newest = "the newest" if found.found.time else "a"
        what = "request" if said(row) is None else "decision"
        parts.append(f"This is {newest} {what} with that entity id{more if others else ''}.")
    if found.found.copies > 1:
        times = words.counted(found.found.copies, "time")
        parts.append(f"Its request id was logged {times}; this is the latest of them.")
    return " ".join(parts)


def _caveats(found: Traced, left: Sequence[Untold]) -> Iterator[str]:
    rows = words.counted(found.places.rows, "request")
    yield Population(
        f"One request is told of, held against {rows} {week(found)}, itself among them; for each "
        "input those without a value are left out."
    )
    yield CannotShow(
        "A place among usual values says how common an input was, not that it decided anything; "
        "of many inputs a few are always far out."
    )
    if found.attributions:
        yield CannotShow("Attributions say how the model weighed inputs, not why the world is so.")
    if found.comparable:
        yield CannotShow(
            "Similar requests show what else was decided, not what would have changed this "
            "decision; whose they are isn't shown."
        )
    if named := [each.what for each in left if each.what != "columns left out"]:
        yield (
            f"Could not be traced: {words.listed(list(dict.fromkeys(named)))}. "
            "The spreadsheet says why."
        )
    yield from (each.why for each in left if each.what == "columns left out")


def _follow_ups(found: Traced, asked: Asked, picture: str | None) -> Iterator[FollowUp]:
    source, row = asked.source, found.row
    wanted = str(row.get(found.found.by))
    off = found.first_off
    times = found.off.get(off.name) if off else None
    if times and times.since:
        label = f"What changed at {asked.moment(times.since)}?"
        since, until = times.since - _AROUND, times.since + _AROUND
        yield FollowUp(label, asked.next("changes", since=since, until=until))
    if found.found.others and picture != HISTORY and found.found.time:
        yield FollowUp(
            "Its decisions over time", asked.anytime("trace", id=wanted, picture=HISTORY)
        )
    where = str(Filter(found.found.by, "=", (wanted,)))
    yield FollowUp("As it was logged", asked.next("find", where=where))
    if found.found.time and source.features:
        # Inputs of one moment can't be compared: the day before it has enough of them.
        day = found.found.time - timedelta(days=1)
        text = asked.next("inputs", since=day, until=found.found.time + timedelta(minutes=1))
        yield FollowUp("Were inputs unusual that day?", text)
