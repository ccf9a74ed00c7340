"""Two lists of values for one column, joined by “and”: no request has both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queries.core.filters import Filter
from queries.core.kinds.narrowing import either


@dataclass(frozen=True, slots=True)
class Said:
    """A condition, and from where to where it stands in the text."""

    condition: Filter
    start: int
    end: int


def said_twice(text: str, said: Sequence[Said], joint: int) -> tuple[str, str] | None:
    """Say what is wrong with the last condition, which “and” at ``joint`` joins to those before.

    Gives a sentence and the whole text put right, or nothing where all may hold.
    """
    *before, last = said
    first = next((each for each in before if _same_column(each.condition, last.condition)), None)
    if first is None:
        return None
    values = {value.lower() for value in first.condition.values}
    both = [value for value in last.condition.values if value.lower() in values]
    if len(both) == len(values) == len(last.condition.values):
        return None
    column = first.condition.column
    meant = either(column, both or (*first.condition.values, *last.condition.values))
    apart = f"No request has both “{first.condition}” and “{last.condition}”."
    wrong = f"You gave values of “{column}” twice." if both else apart
    right = f"{text[: first.start]}{meant}{text[first.end : joint].rstrip()}{text[last.end :]}"
    return f"{wrong} Did you mean “{meant}”?", right


def _same_column(first: Filter, last: Filter) -> bool:
    both = {first.op, last.op} <= {"=", "in"}
    return both and first.column.lower() == last.column.lower()
