"""In which order records come, as text: read, written and offered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.core.kinds.kind import BadValue, Scope
from queries.core.kinds.ordering import NAMED, InOrder, Order
from queries.core.writing import words
from tests.core.catalogs import BERLIN, CATALOG, NAMES, orders

ANYWHERE = Scope(CATALOG, BERLIN)
LENDING = Scope(CATALOG, BERLIN, CATALOG.source("lending"))
ODD = NAMES | st.sampled_from(("newest", "Oldest", "-score", "desc", "score desc", "-", '"'))


@given(ODD, st.booleans())
def test_an_order_reads_back(column: str, falling: bool) -> None:
    """The text of any order reads back to it, and is taken whole from what follows its name."""
    order = Order(column, falling)
    assert InOrder().read((str(order),), ANYWHERE) == order
    found = words(f"{order} where a = b")
    length, raw = InOrder().take(found, ANYWHERE)
    assert InOrder().read((raw,), ANYWHERE) == order
    assert found[length].text == "where"


@given(orders({"score": "number", "time": "time", "latency_ms": "number"}))
def test_named_orders_have_their_word(order: Order) -> None:
    """Newest, oldest and slowest are written so, and stored texts with them still parse."""
    assert (str(order) in NAMED) == (order in NAMED.values())


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("slowest", Order("latency_ms", True)),
        ("-status", Order("status", True)),
        ("STATUS descending", Order("status", True)),
        ("status lowest", Order("status")),
        ("time", Order("time")),
    ],
)
def test_what_people_write(text: str, order: Order) -> None:
    """A column is found whatever its case, and falls with a minus or a word for it."""
    assert InOrder().read((text,), LENDING) == order


@pytest.mark.parametrize("text", ["statis", "-statis", "statis desc", "two words", "sex"])
def test_a_column_that_is_not_there(text: str) -> None:
    """A column that the log lacks, or doesn't show, is refused with the nearest that it has."""
    with pytest.raises(BadValue, match="has no column"):
        InOrder().read((text,), LENDING)


def test_what_is_offered_reads_back() -> None:
    """Every offered order is different, has words of its own, and is read as offered."""
    offered = InOrder().options(LENDING)
    read = [InOrder().read((each.value,), LENDING) for each in offered]
    assert len(set(read)) == len({each.label for each in offered}) == len(offered)
    assert [each.value for each in offered[:3]] == ["newest", "oldest", "slowest"]
    assert "status, highest first" in {each.label for each in offered}
