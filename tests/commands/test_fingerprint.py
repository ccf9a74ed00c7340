"""What stands for an answer's numbers is the same whenever the log is."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from commands.fingerprint import fingerprint
from queries.core.answer import Answer, Column, Severity, Table


def answered(*amounts: float) -> Answer:
    """An answer with some amounts in its table."""
    rows = tuple((each,) for each in amounts)
    table = Table("Amounts", (Column("amount", "amount", "number"),), rows)
    return Answer(Severity.NOTE, "amounts", tables=(table,))


@given(st.integers(-(10**12), 10**12), st.sampled_from([1, 10, 100]))
def test_another_order_of_adding_up_is_no_change(cents: int, parts: int) -> None:
    """An amount of few decimals is the same whatever became of its last digits."""
    amount = cents / parts
    near = math.nextafter(math.nextafter(amount, math.inf), math.inf)
    assert fingerprint(answered(amount)) == fingerprint(answered(near))


def test_another_amount_is_a_change() -> None:
    """A millionth more, another order or a row less is told."""
    first = fingerprint(answered(47_159_985.35, 2.0))
    for other in ((47_160_032.51, 2.0), (2.0, 47_159_985.35), (47_159_985.35,)):
        assert fingerprint(answered(*other)) != first
