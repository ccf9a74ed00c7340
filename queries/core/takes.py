"""The parameters that most questions take, each declared in one place.

A question still writes which of them it takes in its own class, where a reader looks for them.
"""

from __future__ import annotations

from queries.core.filters import Filter
from queries.core.params import Conditions, Dimension, Model, Time
from queries.core.question import param
from queries.core.times.when import Window


def which_model() -> str:
    """Take one model."""
    return param(Model(), "Which model")


def which_time(default: str) -> Window:
    """Take a time, as people write it; ``default`` is one."""
    return param(Time(), "Which time", default=default)


def split_by(label: str = "Split by", *, hint: str = "") -> str | None:
    """Take a column to split by, or none; ``hint`` says what happens without one."""
    return param(Dimension(), label, default=None, hint=hint)


def only_where() -> tuple[Filter, ...]:
    """Take conditions that a request must meet; none by default."""
    return param(Conditions(), "Only requests where", default="")
