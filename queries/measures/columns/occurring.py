"""Whether a declared value ever occurs in its column, as of what the log holds.

A value that is misspelt never occurs, and every number that counts it is 0 or 100 %. One that is
only rare may not have occurred yet, and is told apart by what does occur (``Never.enough``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

from queries.core import statuses
from queries.core.doors.rows import Dataset
from queries.core.filters import as_typed
from queries.core.log import Log
from queries.core.source import Scalar, Visibility
from queries.core.times.spans import Span
from queries.measures.columns.never import Never
from queries.measures.counting.expressions import Condition

LATELY = timedelta(days=14)
"""Looked at first, as mostly the value is there; only where it isn't, everything is."""

MOST_VALUES = 1000

SAID = ("prediction", "outcome")
"""What the model says, and what happened: the same things."""


def never(
    log: Log,
    names: Sequence[str],
    values: Sequence[Scalar],
    key: str,
    where: Sequence[Condition] = (),
    known: Sequence[Scalar] = (),
    least: int = 2,
) -> Never | None:
    """Look for declared values in columns; None where one occurs in any, or nothing is there.

    ``known`` are values that are declared beside them, and no others.
    """
    there = [name for name in names if log.has(name, Dataset.PRODUCTION)]
    counts = {name: counted(log, name, values, key, where) for name in there}
    held = {name: each for name, each in counts.items() if each is not None}
    if not values or not any(held.values()) or any(_occurs(each, values) for each in held.values()):
        return None
    return _never(log, held, values, key, known, least)


def never_positive(log: Log) -> Never | None:
    """Look for the positive class of a binary model in what it says and in what happened.

    It need not occur in both, as a model may never say it; but words that the other column never
    has are no rare class, they are other words.
    """
    source, value = log.source, (log.source.positive,)
    if source.task != "binary":
        return None
    found = never(log, SAID, value, "positive")
    if found is not None:
        return found
    names = [each for each in SAID if log.has(each, Dataset.PRODUCTION)]
    seen = {name: counted(log, name, value, "positive") for name in names}
    counts = {name: each for name, each in seen.items() if each is not None}
    for name, held in counts.items():
        others = {each for other, all_ in counts.items() if other != name for each in all_}
        if held and others and not others & held.keys():
            lacking = {at: each for at, each in counts.items() if not _occurs(each, value)}
            return _never(log, lacking, value, "positive") if lacking else None
    return None


def never_classes(log: Log) -> Iterator[Never]:
    """Look for each class of a model of several in what it says and in what happened."""
    source = log.source
    if source.task != "multiclass":
        return
    there = [name for name in SAID if log.has(name, Dataset.PRODUCTION)]
    seen = {name: counted(log, name, source.classes, "classes", each=True) for name in there}
    held = {name: counts for name, counts in seen.items() if counts}
    # Where one has too many values to be looked through, any may be among them.
    if not held or len(seen) > sum(counts is not None for counts in seen.values()):
        return
    for each in source.classes:
        if not any(_occurs(counts, (each,)) for counts in held.values()):
            yield _never(log, held, (each,), "classes", source.classes, least=1)


def _never(
    log: Log,
    held: Mapping[str, Mapping[str, int]],
    values: Sequence[Scalar],
    key: str,
    known: Sequence[Scalar] = (),
    least: int = 2,
) -> Never:
    named = set(map(as_typed, known))
    together: dict[str, int] = {}
    for each in held.values():
        for value, n in each.items():
            if value not in named:
                together[value] = together.get(value, 0) + n
    ranked = sorted(together.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = all(log.visibility(name) is Visibility.OPEN for name in held)
    return Never(
        key=key,
        values=tuple(values),
        columns=tuple(name for name, each in held.items() if each),
        rows=max(sum(each.values()) for each in held.values()),
        others=tuple(ranked) if shown else (),
        strange=len(ranked),
        least=least,
    )


def _occurs(held: Mapping[str, int], values: Sequence[Scalar]) -> bool:
    return any(as_typed(value) in held for value in values)


def counted(
    log: Log,
    name: str,
    values: Sequence[Scalar],
    key: str,
    where: Sequence[Condition] = (),
    *,
    each: bool = False,
) -> Mapping[str, int] | None:
    """Count the values of a column: of the newest days, and of all where none wanted is among them.

    With ``each``, where not all that are wanted are. None where there are too many to be looked
    through.
    """
    called = _called(log, name, values)
    about = (key, name, *map(as_typed, values))

    def occurs(held: Collection[str]) -> bool:
        return called.keys() <= {*held} if each else not called.keys().isdisjoint(held)

    found = _looked_for(log, name, about, occurs, where)
    return None if found is None else {called.get(value, value): n for value, n in found.items()}


def unclear_status(log: Log) -> Never | None:
    """Look for statuses that say by themselves that a request went well; None where one does.

    So it is where the good ones are declared, where there are too many to be looked through, and
    where all there are plainly say that requests failed.
    """
    told_by_words = log.has("status", Dataset.PRODUCTION) and log.kind("status") != "boolean"
    if log.source.ok_status or not told_by_words:
        return None
    found = _looked_for(log, "status", ("ok_status", "status"), _any_good) or {}
    held = {each: n for each, n in found.items() if each.strip().lower() not in statuses.NONE}
    if _any_good(held) or all(statuses.good(each) is False for each in held):
        return None
    return _never(log, {"status": held}, (), "ok_status", least=1)


def _any_good(held: Collection[str]) -> bool:
    return any(map(statuses.good, held))


def _looked_for(
    log: Log,
    name: str,
    about: tuple[str, ...],
    occurs: Callable[[Collection[str]], bool],
    where: Sequence[Condition] = (),
) -> Mapping[str, int] | None:
    if (seen := log.occurring.get(about) or log.looked.get(about)) is not None:
        return seen
    found = _filled(log.values(name, MOST_VALUES, lately_in(log), where))
    if not occurs(found.keys()):
        found = _filled(log.values(name, MOST_VALUES, None, where))
    if len(found) >= MOST_VALUES:
        return None
    # That a value occurs stays so; that it doesn't is looked at anew by the next ask.
    (log.occurring if occurs(found.keys()) else log.looked)[about] = found
    return found


def _called(log: Log, name: str, values: Sequence[Scalar]) -> dict[str, str]:
    """Give how a column writes declared values, each with how it is declared (“1” for true)."""
    found = {}
    for value in values:
        # What it can't hold, such as a word among numbers, occurs in it for certain never.
        with suppress(ValueError):
            found[as_typed(log.fitted(name, value))] = as_typed(value)
    return found


def lately_in(log: Log) -> list[Span] | None:
    """Give the newest days of a log; None for one without times."""
    extent = log.extent()
    if extent is None or log.source.undated:
        return None
    return [Span(max(extent.start, extent.end - LATELY), extent.end)]


def _filled(values: Mapping[str, int]) -> dict[str, int]:
    return {value: n for value, n in values.items() if value.strip()}
