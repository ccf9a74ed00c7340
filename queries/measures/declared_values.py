"""Whether a log's columns can hold the values that its source declares for them."""

from __future__ import annotations

from queries.core.errors import NotAnswerable
from queries.core.logs import Log


def check_task(log: Log) -> None:
    """Refuse a source without a task, as there is nothing to be right about."""
    if log.source.task == "none":
        raise NotAnswerable(
            f"{log.source.title} declares no task, so there is nothing to be right about. "
            f"Set `task` under [sources.{log.source.name}] to binary, multiclass or regression."
        )


def check_values(log: Log) -> None:
    """Refuse declared values that the log's columns can't hold, such as “yes” among numbers."""
    source = log.source
    declared = [("decision", value, "decided") for value in source.decided]
    if source.task == "binary":
        declared += [(name, source.positive, "positive") for name in ("outcome", "prediction")]
    for name, value, key in declared:
        if not log.has(name):
            continue
        try:
            log.equals(name, value)
        except ValueError:
            raise NotAnswerable(
                f"{source.title} declares {key} = “{value}”, but its {name} holds numbers. "
                f"Correct `{key}` under [sources.{source.name}]."
            ) from None
