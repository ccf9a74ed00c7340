"""A column that somebody typed, found in a log's card, or why it can't be used."""

from __future__ import annotations

from collections.abc import Sequence

from queries.core.catalog import SourceCard
from queries.core.kinds.kind import BadValue, same
from queries.core.nearest import nearest
from queries.core.words import echoed, listed
from queries.core.writing import quote


def known_column(typed: str, card: SourceCard, others: Sequence[str] = (), use: str = "") -> str:
    """Find an open column by name, whatever its case.

    ``others`` are further words that may be meant; ``use`` is what the column was to serve, such
    as “to order by”.

    Raises:
        BadValue: there is none; it is closed, called otherwise here, or nowhere in the log.
    """
    known = tuple(card.columns)
    found = same(typed, known)
    if found is not None:
        return found
    if closed := same(typed, tuple(card.closed)):
        raise BadValue(_why_closed(closed, card))
    column = same(typed, tuple(card.called))
    if column is not None and card.called[column] in known:
        role = card.called[column]
        raise BadValue(f"{echoed(column)} is called “{role}” here.", (role,), typed)
    close = nearest(typed, (*others, *known))
    names = listed([f"“{name}”" for name in close or others or known[:8]], last="or")
    lacks = f"“{card.name}” has no column {echoed(typed)}{use and f' {use}'}."
    raise BadValue(f"{lacks} Did you mean {names}?", close, typed)


def _why_closed(column: str, card: SourceCard) -> str:
    if card.closed[column] == "hidden":
        return f"{echoed(column)} is hidden in “{card.name}”: no question can use it."
    why = f"{echoed(column)} is only shown in groups: nobody can be picked out by it."
    if column not in card.dimensions:
        return why
    return f"{why} Other questions can be split by it, with `by {quote(column)}`."
