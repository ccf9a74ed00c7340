"""Whether a log's columns can hold the values that its source declares for them."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core.errors import NotAnswerable
from queries.core.experiments import Experiment
from queries.core.log import Log
from queries.core.source import Scalar
from queries.measures.columns.never import Never, never_sentence
from queries.measures.columns.occurring import (
    SAID,
    never,
    never_classes,
    never_positive,
    unclear_status,
)


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
    """Refuse declared values that can't be right, as no number that counts them would be.

    They are those that the log's columns can't hold, such as “yes” among numbers, and those that
    never occur. Raises NotAnswerable, naming what to correct.
    """
    source = log.source
    for value in source.decided:
        check_value(log, "decision", value, "decided")
    if source.task == "binary":
        for name in ("outcome", "prediction"):
            check_value(log, name, source.positive, "positive")
    check_occurs(log, never(log, ("decision",), source.decided, "decided"))
    check_occurs(log, never_positive(log))
    _check_classes(log)


def _check_classes(log: Log) -> None:
    """Refuse classes of which none occurs; of a single one that doesn't, nothing is to be told."""
    lacking = [*never_classes(log)]
    if len(lacking) == len(log.source.classes):
        check_occurs(log, never(log, SAID, log.source.classes, "classes"))
    for found in lacking:
        is_left_out(log, found)


def check_favourable(log: Log, name: str = "decision") -> None:
    """Refuse a favourable decision that the column can't hold, or that never occurs in it."""
    favourable = log.source.favourable
    if favourable is None:
        return
    check_value(log, name, favourable, "favourable")
    check_occurs(log, never(log, (name,), (favourable,), "favourable"))


def check_ok_status(log: Log) -> None:
    """Refuse good statuses of which none ever occurs, as by them every request would fail.

    So are statuses of which nobody can tell which are good, where none is declared.
    """
    check_occurs(log, never_ok(log))


def check_occurs(log: Log, found: Never | None) -> None:
    """Refuse declared values that never occur, where there were requests enough for them to."""
    if found is not None and found.enough:
        raise NotAnswerable(f"{log.source.title}: {never_sentence(found)} {correct(log, found)}")


def is_left_out(log: Log, found: Never | None) -> bool:
    """Tell whether nothing is to be told of declared values; the answer then says why."""
    if found is None or not found.enough:
        return False
    said = f"{log.source.name}: {never_sentence(found)}"
    if said not in log.doubts:
        log.doubts.append(said)
    return True


def never_favourable(log: Log) -> Never | None:
    """Look for the favourable decision where decisions are logged."""
    favourable = log.source.favourable
    return None if favourable is None else never(log, ("decision",), (favourable,), "favourable")


def never_ok(log: Log) -> Never | None:
    """Look for the good statuses: those that are declared, else any that says so by itself."""
    return unclear_status(log) or never(
        log, ("status",), log.source.ok_status, "ok_status", least=1
    )


def wrong_in(log: Log) -> tuple[str, ...]:
    """Say what is declared otherwise than the log is: columns that aren't there, values too."""
    found = [each.sentence for each in log.lacking()]
    values = (
        never_positive(log),
        never_favourable(log),
        never(log, ("decision",), log.source.decided, "decided"),
        never_ok(log),
    )
    return (*found, *(never_sentence(each) for each in values if each and each.enough))


def correct(log: Log, found: Never) -> str:
    """Say where a declared value is corrected, or one that is missing is declared."""
    where = f"under [sources.{log.source.name}] in plainlogs.toml"
    if not found.values:
        return f"List the good ones as `{found.key}` {where}."
    return f"Correct `{found.key}` {where}."


def check_arms(log: Log, experiment: Experiment) -> None:
    """Refuse arms, or an experiment's name, that the log's columns can't hold."""
    key = f"experiments.{experiment.name}"
    check_value(log, "experiment", experiment.name, key)
    for arm in experiment.arms:
        check_value(log, "variant", arm, f"{key}.split")
    found = [*never_arms(log, experiment)]
    # Where none occurs at all the answer says by itself that nobody takes part.
    if len(found) < len(experiment.arms):
        for each in found:
            check_occurs(log, each)


def never_arms(log: Log, experiment: Experiment) -> Iterator[Never]:
    """Look for each arm of an experiment among its rows."""
    where = []
    if log.has("experiment"):
        where = [log.equals("experiment", experiment.name)]
    for arm in experiment.arms:
        key = f"experiments.{experiment.name}.split"
        if found := never(log, ("variant",), (arm,), key, where, experiment.arms, least=1):
            yield found


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
