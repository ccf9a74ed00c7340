"""Whether two answers are the same, numbers to a billionth."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from queries.core.answer import Answer, RowStream


def differences(one: Answer, other: Answer) -> dict[str, tuple[Any, Any]]:
    """Everything in which two answers differ, by where it stands; nothing where they don't."""
    ours, theirs = dict(_leaves(one)), dict(_leaves(other))
    places = dict.fromkeys((*ours, *theirs))
    both = {at: (ours.get(at, "absent"), theirs.get(at, "absent")) for at in places}
    return {at: pair for at, pair in both.items() if not _near(*pair)}


def _leaves(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Every single value in an answer, with where it stands."""
    if isinstance(value, RowStream):
        yield from _leaves([value.columns, value.total, *value.batches()], f"{at}.rows")
    elif is_dataclass(value):
        for each in fields(value):
            yield from _leaves(getattr(value, each.name), f"{at}.{each.name}")
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _leaves(each, f"{at}[{key}]")
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield f"{at}#", len(value)
        for place, each in enumerate(value):
            yield from _leaves(each, f"{at}[{place}]")
    else:
        yield at, value


def _near(one: Any, other: Any) -> bool:
    """Whether two values are the same, numbers to a billionth."""
    if isinstance(one, float) and isinstance(other, float):
        near = math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
        return near or (math.isnan(one) and math.isnan(other))
    return type(one) is type(other) and bool(one == other)
