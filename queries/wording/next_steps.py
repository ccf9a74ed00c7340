"""What to ask next, chosen by what was found."""

from __future__ import annotations

from queries.core import words
from queries.core.answer import FollowUp
from queries.core.filters import Filter
from queries.measures.incident import Incident
from queries.wording.asked import Asked


def after_failures(incident: Incident, asked: Asked) -> tuple[FollowUp, ...]:
    """Look at a failed request, at the inputs of the part that fails, at its versions."""
    carrier, since = incident.carrier, incident.since
    part = ""
    if carrier and carrier.value is not None:
        part = str(Filter(carrier.dimension, "=", (str(carrier.value),)))
    steps = []
    failed, _ = incident.timeline.total(0)
    if failed:
        where = " and ".join(filter(None, ["failed = yes", part]))
        text = asked.next("find", since=since, where=where)
        steps.append(FollowUp("See the failed requests", text))
    if since and asked.source.features:
        label = f"Did inputs change at {asked.moment(since)}?"
        steps.append(FollowUp(label, asked.next("inputs", since=since, where=part)))
    if carrier and carrier.dimension != "version" and "version" in asked.source.splits:
        label = f"Versions in {words.value(carrier.value)}"
        steps.append(FollowUp(label, asked.next("errors", by="version", where=part)))
    return tuple(steps)
