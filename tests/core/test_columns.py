"""Which column a typed name means, or why none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from queries.core.kinds.kind import BadValue
from queries.core.kinds.known_column import known_column
from tests.core.catalogs import COLUMNS, card

CARD = replace(
    card("lending", {**COLUMNS, "entity_id": "text"}, {"sex": ("f", "m")}),
    closed={"email": "hidden", "sex": "grouped", "visitor": "grouped", "secret": "hidden"},
    called={"customer_id": "entity_id", "secret": "value"},
)


def test_a_column_is_found_whatever_its_case() -> None:
    """An open column is found by its name."""
    assert known_column("Region", CARD) == "region"


@pytest.mark.parametrize(
    ("typed", "said", "near"),
    [
        ("Email", "“email” is hidden in “lending”: no question can use it.", ()),
        ("secret", "“secret” is hidden in “lending”: no question can use it.", ()),
        ("sex", "“sex” is only shown in groups: nobody can be picked out by it. "
         "Other questions can be split by it, with `by sex`.", ()),
        ("visitor", "“visitor” is only shown in groups: nobody can be picked out by it.", ()),
        ("customer_id", "“customer_id” is called “entity_id” here.", ("entity_id",)),
        ("regon", "“lending” has no column “regon” to order by. Did you mean “region”?",
         ("region",)),
    ],
)  # fmt: skip
def test_what_stands_in_the_way_is_said(typed: str, said: str, near: tuple[str, ...]) -> None:
    """A closed column is said to be closed, one with a role's name is given that name."""
    with pytest.raises(BadValue) as raised:
        known_column(typed, CARD, use="to order by")
    assert raised.value.message == said
    assert raised.value.nearest == near
