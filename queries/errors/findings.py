"""What was found of failures: since when, of which kind, which part carries them."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Finding, Severity
from queries.errors.phrases import UP, part_words, severity
from queries.measures.counting.entities import Entities
from queries.measures.failures.carriers import Carrier
from queries.measures.failures.incident import Arrival, Emptied, Incident
from queries.statistics.rates import wilson
from queries.wording.asked import Asked
from queries.wording.jumped import since_then


def findings(incident: Incident, asked: Asked) -> tuple[Finding, ...]:
    """What was found, the most telling first."""
    return tuple(_findings(incident, asked))[:5]


def _findings(incident: Incident, asked: Asked) -> Iterator[Finding]:
    up = incident.verdict in UP
    level = severity(incident) if up else Severity.NOTE
    if incident.carrier:
        yield _carried(incident, incident.carrier, level)
    if incident.kinds and incident.kinds[0][1]:
        yield _kinds(incident, level)
    if incident.entities and incident.entities.one_stands_out:
        yield _one_entity(incident.entities, asked)
    for each in incident.inputs[:1]:
        yield _emptied(each, incident, asked)
    for arrival in incident.arrivals[-1:]:
        yield _arrived(arrival, incident, asked)
    if up and incident.since and incident.until:
        since, until = asked.moment(incident.since), asked.moment(incident.until)
        text = f"It lasted from about {since} to {until}; since then failures are down again."
        yield Finding("ended", Severity.GOOD, text)


def _begun(carrier: Carrier) -> str:
    """The part's name where a sentence begins with it."""
    name = part_words(carrier)
    return name[:1].upper() + name[1:]


def _carried(incident: Incident, carrier: Carrier, level: Severity) -> Finding:
    here, there = carrier.here.now, carrier.elsewhere.now
    share = carrier.share.value
    text = f"{_begun(carrier)} stands out: "
    if share is not None and share > 0:
        part = words.share(share, carrier.share.low, carrier.share.high) if share < 0.995 else "all"
        text = f"{_begun(carrier)} carries {part} of the extra failures: "
    text += f"{words.share(here.value, here.low, here.high)} of its requests fail. "
    # A new part was held against the others only since it was there, and so is it told.
    new = incident.usual.usual.value is not None and carrier.here.usual.value is None
    text += "Elsewhere, since it was first there, " if new else "Elsewhere "
    text += f"{words.share(there.value, there.low, there.high)}"
    text += _elsewhere(carrier)
    numbers = {"here": here, "elsewhere": there, "share_of_extra": carrier.share}
    return Finding("slice", level, text, numbers)


def _elsewhere(carrier: Carrier) -> str:
    if carrier.elsewhere.unusual is None:
        return "."
    if not carrier.elsewhere.unusual:
        return ": no difference from usual shown."
    return ", also more than usual." if carrier.elsewhere.higher else ", less than usual."


def _kinds(incident: Incident, level: Severity) -> Finding:
    kind, now, _ = incident.kinds[0]
    share = wilson(now, sum(each[1] for each in incident.kinds))
    what = "no error text" if kind is None else f"“{words.shortened(str(kind), 80)}”"
    part = words.share(share.value, share.low, share.high)
    where = " there" if incident.carrier else ""
    return Finding("kind", level, f"{part} of the failures{where} say {what}.", {"share": share})


def _one_entity(entities: Entities, asked: Asked) -> Finding:
    """As a share, never by its id."""
    who = asked.source.roles.get("entity_id", "entity").replace("_", " ")
    hits, requests = entities.hits, entities.requests
    text = (
        f"{words.share(hits.value, hits.low, hits.high)} of the failures have one and the same "
        f"{who}, which makes {words.share(requests.value, requests.low, requests.high)} of the "
        "requests."
    )
    return Finding("entity", Severity.NOTE, text, {"hits": hits, "requests": requests})


def _emptied(each: Emptied, incident: Incident, asked: Asked) -> Finding:
    now, usual = each.missing.now, each.missing.usual
    where = f" in {part_words(incident.carrier)}" if incident.carrier else ""
    text = (
        f"The input “{each.name}” is missing in {words.share(now.value, now.low, now.high)} of "
        f"requests{where}"
    )
    numbers = {"missing": now, "usual": usual}
    if each.jump:
        text += f", {since_then(each.jump, asked)}"
        numbers["during"] = each.jump.during
    text += "." if usual.value is None else f"; usually {words.share(usual.value)}."
    return Finding("input", Severity.WARNING, text, numbers)


def _arrived(arrival: Arrival, incident: Incident, asked: Asked) -> Finding:
    where = f" in {part_words(incident.carrier)}" if incident.carrier else ""
    version, at = words.value(arrival.version), asked.moment(arrival.at)
    text = (
        f"Version {version} was first seen{where} at {at}, "
        "shortly before. That fits in time; it need not be the cause."
    )
    return Finding("version", Severity.NOTE, text)
