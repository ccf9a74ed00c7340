"""The kinds of parameters that name a model's experiment, or a metric of one."""

from __future__ import annotations

from collections.abc import Sequence

from queries.core.kinds.kind import BadValue, Kind, Option, Scope, same
from queries.core.nearest import nearest
from queries.core.params import Time
from queries.core.words import echoed, listed
from queries.core.writing import Word


class ExperimentName(Kind[str]):
    """One of the model's declared experiments."""

    def claim(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """A bare word that is the name of an experiment, and no time."""
        return _claimed(words, _experiments(scope), scope)

    def read(self, raw: tuple[str, ...], scope: Scope) -> str:
        """Find the experiment by name, whatever its case."""
        return _declared(raw[0], _experiments(scope), "experiment", scope)

    def options(self, scope: Scope) -> tuple[Option, ...]:
        """The experiments of the model."""
        return tuple(Option(name, name.replace("_", " ")) for name in _experiments(scope))

    def described(self) -> str:
        """What may be typed."""
        return "an experiment that the model declares"


class MetricName(Kind[str]):
    """One of the metrics of the model's experiments."""

    def claim(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """A bare word that is the name of a metric, and no time."""
        return _claimed(words, _metrics(scope), scope)

    def read(self, raw: tuple[str, ...], scope: Scope) -> str:
        """Find the metric by name, whatever its case."""
        return _declared(raw[0], _metrics(scope), "metric", scope)

    def options(self, scope: Scope) -> tuple[Option, ...]:
        """The metrics of the model's experiments, each once."""
        return tuple(Option(name, name.replace("_", " ")) for name in _metrics(scope))

    def described(self) -> str:
        """What may be typed."""
        return "a metric that the experiment declares"


def _experiments(scope: Scope) -> tuple[str, ...]:
    return tuple(scope.card.experiments) if scope.card else ()


def _metrics(scope: Scope) -> tuple[str, ...]:
    every = scope.card.experiments.values() if scope.card else ()
    return tuple(dict.fromkeys(name for names in every for name in names))


def _claimed(words: Sequence[Word], known: tuple[str, ...], scope: Scope) -> tuple[int, str]:
    found = same(words[0].text, known)
    return (1, found) if found and not Time().claim(words, scope)[0] else (0, "")


def _declared(word: str, known: tuple[str, ...], what: str, scope: Scope) -> str:
    """Find a name among those that the model declares. Raises BadValue."""
    if scope.card is None:
        return word
    found = same(word, known)
    if found is None:
        names = listed([f"“{name}”" for name in known], last="or")
        has = f"It declares {names}." if known else f"It declares no {what}."
        message = f"“{scope.card.name}” has no {what} {echoed(word)}. {has}"
        raise BadValue(message, nearest(word, known), word)
    return found
