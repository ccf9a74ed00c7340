"""Refuse in plain words. A defect of ours is never shown raw: an incident id, and the log."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from commands.replies import Refused
from queries.core.errors import BadQuestion, Cancelled, PlainError, TookTooLong

log = structlog.get_logger("plainlogs")


def refused(error: Exception, new_id: Callable[[], str]) -> Refused:
    """Turn any error into words for the person who asked."""
    match error:
        # All of these are PlainErrors: the more special ones have to come first.
        case BadQuestion():
            fields = {each.parameter: each.message for each in error.problems if each.parameter}
            return Refused(str(error), problems=fields)
        case Cancelled():
            return Refused("Cancelled. Nothing was posted.")
        case TookTooLong():
            return Refused(str(error), hint="A shorter time or a condition makes it quicker.")
        case PlainError():
            return Refused(str(error))
    incident = new_id()
    log.error("incident", incident=incident, exc_info=error)
    return Refused(
        "Something went wrong on our side. Your question is not lost.",
        hint=f"Try again, or tell whoever runs plainlogs: incident {incident}.",
        incident=incident,
    )
