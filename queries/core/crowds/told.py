"""What is counted to know whether something can be told: the rows, and what follows from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from queries.core.crowds.ledger import Population
from queries.core.crowds.selects import Condition, holds, of, within

Pair = tuple[Population, Population]
"""What is to be told, and what nearly the same was told of before."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows as conditions: ``now`` of what is told and what follows from it by itself; ``apart``
    those in which it differs from what was told before, and ``events`` what happened in these.
    """

    now: tuple[Condition, ...]
    apart: tuple[Condition, ...]
    events: tuple[Condition, ...]


def rows_of(
    told: Sequence[Population],
    asked: Sequence[Condition],
    own: Sequence[Condition],
    before: Sequence[Pair],
    event: Callable[[str], Condition | None],
) -> Rows:
    """Give the rows to count people in; ``own`` are conditions that the question itself has."""
    apart, events = [], []
    for one, other in (each for pair in before for each in (pair, pair[::-1])):
        apart.append(sa.and_(of(one), sa.not_(of(other))))
        for name in sorted(one.events & other.events):
            if (happened := event(name)) is not None:
                events += [sa.and_(apart[-1], each) for each in (happened, sa.not_(happened))]
    return Rows((*_now(told, asked, own),), (*apart,), (*events,))


def _now(
    told: Sequence[Population], asked: Sequence[Condition], own: Sequence[Condition]
) -> list[Condition]:
    """Give the rows told of, and those that each condition, or all of them, leave out.

    These follow from the answer without the condition, which may be asked next.
    """
    every = [*map(holds, (*own, *asked))]
    left_out = [sa.and_(*map(holds, own), sa.not_(sa.and_(*map(holds, asked))))] if asked else []
    for at in range(len(asked) if len(asked) > 1 else 0):
        others = (*own, *asked[:at], *asked[at + 1 :])
        left_out.append(sa.and_(*map(holds, others), sa.not_(holds(asked[at]))))
    return [
        sa.and_(within(each.spans), rows)
        for rows in (sa.and_(sa.true(), *every), *left_out)
        for each in told
    ]
