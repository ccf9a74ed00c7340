"""Of which requests an answer about outcomes speaks, and which stand apart, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from queries.core import words
from queries.core.answer import Finding, Severity
from queries.core.source import Source
from queries.measures.outcomes.maturity import DayState
from queries.measures.outcomes.outcome import Arrived
from queries.wording.asked import Asked

_APART = (DayState.EARLY, DayState.MISSING, DayState.UNKNOWN)


def chosen(source: Source) -> str:
    """The decisions that an outcome needs, “approve” or “refer”; nothing where all do."""
    return words.listed([f"“{value}”" for value in source.decided], last="or")


def in_state(states: Mapping[date, DayState], state: DayState) -> list[str]:
    """The days in a state, as “3 Nov”."""
    return [f"{day.day} {day:%b}" for day, each in states.items() if each is state]


def outcomes_in(
    asked: Asked,
    arrived: Arrived,
    counted: Arrived,
    states: Mapping[date, DayState],
    usual_days: int | None,
) -> str:
    """Say for how many requests the outcome is in, how long that takes, and which of them count."""
    if not arrived.rows:
        return ""
    who = f" with the decision {chosen(asked.source)}" if asked.source.decided else ""
    text = (
        f"Of {words.counted(arrived.rows, 'request')}{who} {asked.reading.text}, "
        f"the outcome is in for {words.count(arrived.outcomes)} "
        f"({words.share(arrived.outcomes / arrived.rows)})"
    )
    if not arrived.outcomes:
        return f"{text}."
    delay = _usual_delay(usual_days, states)
    apart = sum(state in _APART for state in states.values())
    if apart and not counted.rows:
        return f"{text}, and none of these days is complete yet. {delay}".rstrip()
    said = f"{text}. {delay}".rstrip()
    if not apart:
        return said
    number = words.counted(counted.outcomes, "outcome")
    days = f"{words.counted(apart, 'day')} {'is' if apart == 1 else 'are'}"
    return f"{said} Counted are the {number} of complete days; {days} left out."


def _usual_delay(usual_days: int | None, states: Mapping[date, DayState]) -> str:
    """Say how long outcomes usually take; nothing where the log doesn't tell."""
    if usual_days:
        return f"Outcomes usually take up to {words.counted(usual_days, 'day')}."
    early = DayState.EARLY in states.values()
    return "Outcomes usually come on the same day." if early else ""


def nothing_known(
    asked: Asked,
    arrived: Arrived,
    counted: Arrived,
    states: Mapping[date, DayState],
    what: str,
) -> str:
    """Say why nothing can be said of ``what``, such as “how good it is”, from these outcomes."""
    when = asked.reading.text
    if not arrived.rows:
        with_it = f" with the decision {chosen(asked.source)}" if asked.source.decided else ""
        return f"no requests{with_it} {when}"
    if not arrived.outcomes:
        return f"no outcome is in for the requests {when}"
    if not counted.outcomes:
        if in_state(states, DayState.EARLY):
            return f"too early to say {what} {when}"
        return f"too many outcomes are missing to say {what} {when}"
    return f"only {words.counted(counted.judged, 'outcome')} {when}, too few to say {what}"


def chosen_alone(source: Source) -> tuple[str, ...]:
    """The caveat that outcomes exist only for some decisions; none where any can have one."""
    if not source.decided:
        return ()
    return (
        f"This speaks of requests with the decision {chosen(source)} alone: of all others nobody "
        "knows how they would have turned out.",
    )


def missing_days(days: Sequence[str]) -> Finding:
    """Say which days' outcomes never came."""
    on = days[0] if len(days) == 1 else f"{words.counted(len(days), 'day')}, first {days[0]}"
    text = f"Outcomes are missing for {on}: fewer came than older days had by that age."
    return Finding("outcomes missing", Severity.WARNING, text)


def early_days(days: Sequence[str]) -> Finding:
    """Say which days' outcomes are still to come."""
    if len(days) == 1:
        young = f"{days[0]} is too young to judge and stands apart"
    else:
        young = f"Days from {days[0]} on are too young to judge and stand apart"
    return Finding("early", Severity.NOTE, f"{young}: not all outcomes are in.")
