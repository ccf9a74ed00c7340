"""Whether a log's columns can hold the values that its source declares for them."""

from __future__ import annotations

from queries.core.errors import NotAnswerable
from queries.core.experiments import Experiment
from queries.core.log import Log
from queries.core.source import Scalar


def check_task(log: Log) -> None:
    """Refuse a source without a task, as there is nothing to be right about."""
    if log.source.task == "none":
        raise NotAnswerable(
            f"{log.source.title} declares no task, so there is nothing to be right about. "
            f"Set `task` under [sources.{log.source.name}] to binary, multiclass or regression."
        )


def check_judged(log: Log) -> None:
    """Refuse a log in which nothing tells whether an answer was right.

    Raises NotAnswerable for a source without a task, a log without outcomes, and declared values
    that can't occur.
    """
    check_task(log)
    # For its refusal, which says what to declare, before anything is read.
    log.column("outcome")
    check_values(log)


def check_values(log: Log) -> None:
    """Refuse declared values that the log's columns can't hold, such as “yes” among numbers.

    Raises NotAnswerable, naming what to correct.
    """
    source = log.source
    for value in source.decided:
        check_value(log, "decision", value, "decided")
    if source.task == "binary":
        for name in ("outcome", "prediction"):
            check_value(log, name, source.positive, "positive")


def check_arms(log: Log, experiment: Experiment) -> None:
    """Refuse arms, or an experiment's name, that the log's columns can't hold."""
    key = f"experiments.{experiment.name}"
    check_value(log, "experiment", experiment.name, key)
    for arm in experiment.arms:
        check_value(log, "variant", arm, f"{key}.split")


def check_value(log: Log, name: str, value: Scalar, key: str) -> None:
    """Refuse one declared value, as ``check_values`` does; a column that is absent holds any."""
    if not log.has(name):
        return
    try:
        # The log itself judges, as conditions that people type do: one
        # rule for what a column holds.
        log.equals(name, value)
    except ValueError:
        source = log.source
        raise NotAnswerable(
            f"{source.title} declares {key} = “{value}”, but its {name} holds numbers. "
            f"Correct `{key}` under [sources.{source.name}]."
        ) from None
