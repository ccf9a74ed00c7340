"""The kind of parameter that narrows a question: conditions that a record must meet."""

from __future__ import annotations

from collections.abc import Sequence

from queries.core.filters import Filter, parse_condition
from queries.core.kinds.kind import BadValue, Kind, Option, Scope, same
from queries.core.kinds.known_column import known_column
from queries.core.writing import Word, quote

_EXAMPLES = ("status >= 500", "score >= 0.5", "latency_ms > 200")


class Conditions(Kind[tuple[Filter, ...]]):
    """Conditions that a record must meet, all of them."""

    control = "conditions"

    def claim(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """A bare word that is a value of exactly one dimension, or of no more than one version."""
        if scope.card is None:
            return 0, ""
        places = [
            (name, value)
            for name, values in scope.card.dimensions.items()
            if name in scope.card.columns and (value := same(words[0].text, values)) is not None
        ]
        # Of several columns with the value, none is guessed.
        return (1, str(Filter(places[0][0], "=", (places[0][1],)))) if len(places) == 1 else (0, "")

    def read(self, raw: tuple[str, ...], scope: Scope) -> tuple[Filter, ...]:
        """Read each condition and check its column and its values' type against the source."""
        conditions = [parse_condition(text) for text in raw if text.strip()]
        return merged([_checked(condition, scope) for condition in conditions])

    def write(self, name: str, value: tuple[Filter, ...]) -> str:
        """``where a = b and c in d, e``, or nothing."""
        return "where " + " and ".join(map(str, value)) if value else ""

    def raw(self, value: tuple[Filter, ...]) -> tuple[str, ...]:
        """One text a condition."""
        return tuple(map(str, value))

    def options(self, scope: Scope) -> tuple[Option, ...]:
        """Every value seen lately of every dimension, grouped by dimension."""
        if scope.card is None:
            return ()
        return tuple(
            Option(str(Filter(name, "=", (value,))), f"{name} is {value}", name)
            for name, values in scope.card.dimensions.items()
            if name in scope.card.columns
            for value in values
        )

    def example(self, scope: Scope) -> str:
        """A condition on a number that the model's log has."""
        columns = scope.card.columns if scope.card else {}
        numbers = [name for name, kind in columns.items() if kind == "number"]
        usual = [each for each in _EXAMPLES if each.split()[0] in numbers]
        return next(iter([*usual, *(f"{quote(name)} > 10" for name in numbers)]), "")

    def described(self) -> str:
        """What may be typed."""
        return (
            "conditions, such as `where region in emea, apac and status >= 500` or "
            "`where error contains timeout`"
        )


def narrowed(conditions: Sequence[Filter], more: Sequence[Filter]) -> tuple[Filter, ...]:
    """Conditions of which all hold: a column that both name has the values that both name.

    Where they name none in common, the further condition alone is kept of that column.
    """
    kept = list(conditions)
    for further in more:
        if further.op not in ("=", "in"):
            kept.append(further)
            continue
        same_column = [each for each in kept if each.column == further.column]
        named = [each for each in same_column if each.op in ("=", "in")]
        both = [value for value in further.values if all(value in each.values for each in named)]
        kept = [each for each in kept if each not in named]
        kept.append(either(further.column, both or further.values))
    return tuple(kept)


def either(column: str, values: Sequence[str]) -> Filter:
    """The condition that a column has one of some values."""
    return Filter(column, "=" if len(values) == 1 else "in", tuple(values))


def merged(conditions: Sequence[Filter]) -> tuple[Filter, ...]:
    """Join equalities on one column into one ``in``: region = a, region = b means either."""
    values: dict[str, list[str]] = {}
    others: list[Filter] = []
    for condition in conditions:
        if condition.op in ("=", "in"):
            seen = values.setdefault(condition.column, [])
            seen.extend(value for value in condition.values if value not in seen)
        elif condition not in others:
            others.append(condition)
    joined = [either(column, found) for column, found in values.items()]
    return (*joined, *others)


def _checked(condition: Filter, scope: Scope) -> Filter:
    # What columns there are isn't known yet; the log says so when it is asked.
    if scope.card is None or scope.card.unread:
        return condition
    column = known_column(condition.column, scope.card)
    checked = Filter(column, condition.op, condition.values)
    if problem := checked.misfit(scope.card.columns[column]):
        raise BadValue(problem)
    seen = scope.card.dimensions.get(column, ())
    values = tuple(same(value, seen) or value for value in checked.values)
    return Filter(column, checked.op, values)
