"""What to ask next of failures, chosen by what was found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from queries.core import words
from queries.core.answer import FollowUp
from queries.core.filters import Filter
from queries.measures.failures.incident import Incident, Verdict
from queries.wording.asked import Asked

BEFORE, AFTER = timedelta(hours=6), timedelta(hours=2)
"""How far around an onset what changed is looked for."""

MOST = 5


def next_steps(incident: Incident, asked: Asked) -> tuple[FollowUp, ...]:
    """Look at what changed then, at a failed request, at the inputs and versions of the part."""
    return tuple(_steps(incident, asked))[:MOST]


def _steps(incident: Incident, asked: Asked) -> Iterator[FollowUp]:
    carrier, since = incident.carrier, incident.since
    part = ""
    if carrier and carrier.value is not None:
        part = str(Filter(carrier.dimension, "=", (str(carrier.value),)))
    if since:
        # All parts together, so that one can be told from another, but where only one fails more.
        where = part if incident.verdict is Verdict.PART else ""
        text = asked.next("changes", since=since - BEFORE, until=_after(since, asked), where=where)
        yield FollowUp(f"What changed at {asked.moment(since)}?", text)
    failed, _ = incident.timeline.total(0)
    if failed:
        where = " and ".join(filter(None, ["failed = yes", part]))
        yield FollowUp("See the failed requests", asked.next("find", since=since, where=where))
    if since and asked.source.features:
        label = f"Did inputs change at {asked.moment(since)}?"
        yield FollowUp(label, asked.next("inputs", since=since, where=part))
    if carrier and carrier.dimension != "version" and "version" in asked.source.splits:
        text = asked.next("errors", by="version", where=part)
        yield FollowUp(f"Versions in {words.value(carrier.value)}", text)
    if since:
        yield FollowUp("Where is it worst?", asked.next("slices", since=since))


def _after(since: datetime, asked: Asked) -> datetime | None:
    """Give a while after an onset, where the log goes on for longer than that."""
    covered = asked.reading.covered
    return since + AFTER if covered and since + AFTER < covered.end else None
